import LoginCore

/// The rule book, in the order of easemob.md.
extension Easemob {
    package static let rules = RuleBook(
        rules: [
            tokenRules, tokenErrorRules, bearerRules, nameRules, accountRules, clientRules, callbackRules,
            codeRows.map(\.rule), lifeRules, automaticRules, deviceRules, disagreementRules, ownRules,
        ].flatMap { $0 },
        notModelled: leftOut)

    // MARK: §4, §5

    private static let clientRules = [
        Rule("EM-4-token-login", "A login takes a user ID and a token.", .doc, Source.login4 + "; " + Source.v5),
        Rule(
            "EM-4-same", "A login while the same user is logged in fails with 200, and changes nothing.", .doc,
            Source.errors4),
        Rule(
            "EM-4-another", "A login while another user is logged in fails with 218; log out first.", .doc,
            Source.errors4),
        Rule(
            "EM-4-switch", "To switch users, log out, wait for the end of it, then log in.", .doc,
            Source.login4 + "; " + Source.v5),
        Rule(
            "EM-4-renew",
            "renewToken needs a user who is logged in and a token that is not empty; it is for the warning, and after "
                + "the expiry a login is.", .doc, Source.harmony + "; " + Source.v5),
        Rule(
            "EM-4-two-facts",
            "Connected and logged in are two facts: when the network is cut the user stays logged in while the link is "
                + "down.", .doc, Source.v5),
        Rule(
            "EM-4-states", "A link is connected, 0, or disconnected, 1; there is no state between.", .header,
            Source.headers),
        Rule(
            "EM-4-order",
            "V5 opens the database first, whether or not it can, then logs in, then the link is connected.", .doc,
            Source.v5),
    ]

    private static let callbackRules = [
        Rule(
            "EM-5-connected",
            "connectionStateDidChange, or onConnected, tells of the first connection and of each reconnection.", .doc,
            Source.connection4 + "; " + Source.v5),
        Rule(
            "EM-5-disconnected",
            "connectionStateDidChange, or onDisconnected, tells that the link is lost; this is no logout.", .doc,
            Source.connection4 + "; " + Source.v5),
        Rule(
            "EM-5-auto", "autoLoginDidCompleteWithError ends an automatic login on 4.x for iOS; nothing else has it.",
            .doc, Source.connection4),
        Rule(
            "EM-5-will-expire", "tokenWillExpire with 109, or onTokenWillExpire, is the warning before the expiry.",
            .doc, Source.connection4 + "; " + Source.v5),
        Rule(
            "EM-5-expired", "tokenDidExpire with 108, onTokenExpired or onTokenDidExpire: the SDK logs out.", .doc,
            Source.connection4 + "; " + Source.v5),
        Rule(
            "EM-5-other-device",
            "206 and 220 are told as a login on another device, with its name; a model stands for a name that is not "
                + "set.", .doc, Source.v5 + "; " + Source.headers),
        Rule("EM-5-removed", "207 is told as the user's removal.", .doc, Source.connection4),
        Rule("EM-5-forbidden", "305 is told as forbidden by the server.", .doc, Source.connection4),
        Rule(
            "EM-5-forced",
            "216, 214, 217, 202 and 8 are told as a forced logout with the error; React Native and Flutter have a call "
                + "for each.", .doc, Source.v5 + "; " + Source.wrappers),
        Rule(
            "EM-5-order", "HarmonyOS tells of the lost link first and of the logout after it.", .doc, Source.harmony),
        Rule(
            "EM-5-codes", "On Android, onDisconnected carries the code of the logout that follows.", .header,
            Source.wrappers),
    ]

    // MARK: §7, §8

    private static let lifeRules = [
        Rule(
            "EM-7-warning",
            "The warning comes when 80 % of the token's life is over; before 4.15.0 it was 50 %, and Agora's pages "
                + "still say so.", .doc, Source.login4 + "; " + Source.v5 + "; " + Source.agora),
        Rule(
            "EM-7-example", "A token of 600 seconds is warned of after 480 and expires after 600; one of 0 never.",
            .inferred, Source.login4),
        Rule(
            "EM-7-expiry", "At the expiry the SDK logs out and does not reconnect; a new login is needed.", .doc,
            Source.v5 + "; " + Source.harmony),
        Rule(
            "EM-7-login",
            "A login with an expired token fails with 108, with a malformed one 104, with any other wrong one 202.",
            .doc, Source.harmony),
        Rule(
            "EM-7-auto", "An automatic login works only while the token is valid.", .doc, Source.login4),
        Rule(
            "EM-7-ban", "A banned user's login with a token fails with 305; getting a token fails before that.", .doc,
            Source.login4 + "; " + Source.userToken),
    ]

    private static let automaticRules = [
        Rule(
            "EM-8-window", "The 4.x SDK logs in by itself within 30 days of the last login.", .doc, Source.login4),
        Rule(
            "EM-8-default", "isAutoLogin is on by default in 4.x and can be switched off; V5 has none.", .header,
            Source.headers + "; " + Source.v5),
        Rule(
            "EM-8-reset", "A login that failed for its credentials or a forbidden account ends automatic logins.",
            .header, Source.headers),
        Rule(
            "EM-8-target", "Who is logged in automatically is the last user who logged in and did not log out.", .doc,
            Source.login4),
        Rule(
            "EM-8-stop",
            "The SDK stops reconnecting after a logout, 104, 108, 8, 206, 207, 214 and 216, and as V5 and the Web have "
                + "it 202, 217, 220 and 305.", .doc, Source.connection4 + "; " + Source.v5),
        Rule(
            "EM-8-reconnect", "After the link is lost the SDK reconnects by itself.", .doc, Source.connection4),
        Rule(
            "EM-8-silence", "A client that is silent is offline after up to 5 minutes.", .doc, Source.webhook),
        Rule("EM-8-timeouts", "A login that is not answered in 30 seconds fails with 301.", .header, Source.headers),
    ]

    // MARK: §9

    private static let deviceRules = [
        Rule(
            "EM-9-one", "One device is the rule of the free plan: the newer login pushes the older one out, 206.",
            .doc, Source.devices4 + "; " + Source.webhook),
        Rule(
            "EM-9-several",
            "With several devices switched on, 4 of each platform may be online; the newest pushes out the earliest of "
                + "its platform, and platforms leave each other alone.", .doc, Source.devices4 + "; " + Source.v5),
        Rule(
            "EM-9-custom", "An app's own platforms have numbers from 1 to 100 and 0 to 4 devices each.", .doc,
            Source.v5 + "; " + Source.devices4),
        Rule(
            "EM-9-old",
            "An automatic login of a device that was pushed out pushes out in its turn; on request it is refused, 220 "
                + "where one device is allowed and 214 where several are.", .doc,
            Source.agora + "; " + Source.errors4),
        Rule(
            "EM-9-first", "Where the first device wins, a later one is refused with 213.", .doc, Source.errors4),
        Rule(
            "EM-9-kick", "A client may kick its user's other devices, which are told 217.", .doc,
            Source.devices4 + "; " + Source.v5),
        Rule(
            "EM-9-resource", "A device is called by its resource, its type and an id, in the web API as well.", .doc,
            Source.v5 + "; " + Source.accounts),
    ]
}
