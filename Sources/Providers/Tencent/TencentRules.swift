import LoginCore

/// The rule book, in the order of tencent.md.
extension Tencent {
    package static let rules = RuleBook(
        rules: [
            ticketRules, ticketCodes.map(\.rule), clientRules, situationRules, laterCodes.map(\.rule), deviceRules,
            presenceRules, webAPIRules, restCodes.map(\.rule), webhookRules, ownRules,
        ].flatMap { $0 },
        notModelled: leftOut)

    private static let laterCodes: [CodeRow] = [
        clientCodes, networkCodes, ticketPartCodes, accessCodes, accountCodes,
    ].flatMap { $0 }

    // MARK: §1

    private static let ticketRules = [
        Rule(
            "TC-1.1-userid",
            "A UserID has 1 to 32 bytes of printable ASCII; a-z, A-Z, 0-9, _ and - are recommended. Case counts.", .doc,
            Source.login + "; " + Source.go),
        Rule(
            "TC-1.1-password",
            "The UserSig is the password of its UserID, and the servers trust it fully; the key that makes it stays on "
                + "the app server.", .seed, Source.seed),
        Rule(
            "TC-1.1-validity",
            "A UserSig lives for 180 days, 15552000 seconds, unless another number is given; it counts from TLS.time.",
            .seed, Source.seed + "; " + Source.python + "; " + Source.go),
        Rule("TC-1.1-longest", "A UserSig may live for 50 years at most.", .doc, Source.faq + "; " + Source.codes),
        Rule(
            "TC-1.1-renewal", "A new UserSig is fetched from the app server before the old one expires.", .seed,
            Source.seed),
        Rule(
            "TC-1.1-key", "The key is used as text: the 64 hexadecimal digits that it usually has are not decoded.",
            .header, Source.generators),
        Rule(
            "TC-1.1-admin", "An app admin is named in the console only; calls of the web API need one.", .seed,
            Source.seed),
        Rule(
            "TC-1.2-content",
            "What is signed are the lines TLS.identifier, TLS.sdkappid, TLS.time and TLS.expire, each name:value and a "
                + "line feed, in this order; TLS.userbuf follows only if there is one.", .header, Source.generators),
        Rule(
            "TC-1.2-signature", "TLS.sig is the standard base64 of the HMAC-SHA256 of what is signed.", .header,
            Source.generators),
        Rule(
            "TC-1.2-generators",
            "The generators write the JSON in different orders, with or without spaces, and pack it with different "
                + "kinds of deflate blocks: all of them are read.", .header, Source.generators),
        Rule(
            "TC-1.2-zlib", "The JSON is packed in a zlib container, neither raw deflate nor gzip.", .header,
            Source.generators),
        Rule(
            "TC-1.2-alphabet",
            "The container is written in base64 with * for +, - for / and _ for the padding =, which is kept; this is "
                + "not the URL-safe alphabet.", .header, Source.generators),
        Rule(
            "TC-1.4-order",
            "A UserSig is checked in this order: empty, readable, complete, app known, app has a key, SDKAppID, "
                + "UserID, signature, expiry, kick. The server's own order is not published.", .inferred, Source.go),
        Rule(
            "TC-1.4-last-second", "A UserSig is valid up to and including the second TLS.time plus TLS.expire.",
            .header, Source.go),
        Rule("TC-1.4-future", "Nobody checks that TLS.time lies in the past.", .header, Source.go),
    ]

    // MARK: §2

    private static let clientRules = [
        Rule(
            "TC-2-connects-first",
            "After initSDK the SDK connects by itself, before any login: onConnecting and onConnectSuccess may come first.",
            .doc, Source.initialise),
        Rule(
            "TC-2-listener",
            "onConnecting, onConnectSuccess and onConnectFailed tell of the link, at the first connection and at every "
                + "reconnect.", .header, Source.sdkHeader),
        Rule(
            "TC-2-kicked", "onKickedOffline tells that the user was forced offline; the app asks, then logs in again.",
            .header, Source.sdkHeader),
        Rule(
            "TC-2-expired",
            "onUserSigExpired tells that the UserSig expired while online; the app gets a new one and logs in again.",
            .header, Source.sdkHeader),
        Rule(
            "TC-2-status", "getLoginStatus is 1 logged in, 2 logging in, 3 logged out.", .header, Source.sdkHeader),
        Rule(
            "TC-2-first-login", "The first login creates the account; it need not be imported before.", .doc,
            Source.login),
        Rule(
            "TC-2-daily-active", "A login that works counts its user among the day's active ones.", .doc, Source.login),
        Rule(
            "TC-2-logout", "logout answers success; an app that switches users waits for it.", .header,
            Source.sdkHeader),
        Rule(
            "TC-2-no-asking", "The SDK is handed a UserSig with each login and never asks for one.", .header,
            Source.sdkHeader),
    ]

    private static let situationRules = [
        Rule(
            "TC-2.1-reconnect",
            "When the network is lost the SDK reconnects by itself for as long as the user is logged in; the app does "
                + "not call login.", .doc, Source.login + "; " + Source.electron),
        Rule(
            "TC-2.1-expired-login",
            "A login with an expired UserSig fails with 6206 or 70001; the lab's server says "
                + "70001 unless its settings say 6206, or -10003.", .header, Source.sdkHeader),
        Rule(
            "TC-2.1-expired-online",
            "When the UserSig of a session expires, onUserSigExpired follows and nothing more is served.", .header,
            Source.sdkHeader + "; " + Source.oldIOS),
        Rule(
            "TC-2.1-kicked-offline",
            "A client that was away without a logout while another one took its place is told 6208 once; its next "
                + "login works and kicks the other. The V2TIM notes do not name 6208, so it can be switched off.",
            .doc, Source.oldIOS + "; " + Source.electron),
        Rule(
            "TC-2.1-no-reconnect",
            "After a kick or an expiry the SDK does not reconnect: both notices ask for a login.",
            .inferred, Source.sdkHeader),
        Rule(
            "TC-2.1-rest-kick",
            "A kick by the web API ends the session, and older UserSigs stop working. The native callback is not "
                + "stated; the lab calls onKickedOffline.", .inferred, Source.kick + "; " + Source.webLogin),
        Rule(
            "TC-2.1-ticket-code",
            "-10003 from the server is told as 6206 while logging in and as onUserSigExpired while logged in.",
            .inferred, Source.issueLog),
        Rule(
            "TC-2.1-in-progress",
            "A login during a login fails with 7501, a logout during a logout with 7502; the first one goes on.",
            .header, Source.codeHeader),
        Rule(
            "TC-2.1-logout-during-login", "A login that a logout ends before it has finished fails with 6023.", .header,
            Source.codeHeader),
        Rule(
            "TC-2.1-not-initialised", "A login before initSDK fails with 6013.", .header, Source.codeHeader),
        Rule(
            "TC-2.3-arguments",
            "The SDK itself refuses a UserID that is empty, too long or no printable ASCII with 7003, an empty UserSig "
                + "with 6017.", .inferred, Source.codeHeader),
        Rule(
            "TC-2.3-link-lost", "While the link is down, getLoginStatus stays 1.", .inferred,
            Source.login + "; " + Source.sdkHeader),
        Rule(
            "TC-2.3-failed", "After a failed login, a kick, an expiry or a logout, getLoginStatus is 3.", .inferred,
            Source.sdkHeader),
        Rule(
            "TC-2.3-unreachable",
            "A login fails with 9508 without a network, with 9510 when the link takes too long, with 9520 without a reply.",
            .inferred,
            Source.codeHeader),
    ]
}
