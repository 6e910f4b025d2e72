import LoginCore

/// Rules about time, devices and tokens: commsease.md §8 to §10.
extension CommsEase {
    static let timeRules = [
        Rule(
            "CE-8-backoff",
            "Automatic attempts follow after 2, 4, 6, 8, 16, 32 and 64 seconds; the header prints dots after the last, "
                + "which the lab repeats for ever.",
            .header, Source.h1),
        Rule(
            "CE-8-reset", "The back-off starts again after a login that worked, a logout, and a new login call.",
            .header, Source.h5),
        Rule(
            "CE-8-unlimited", "Once a login has worked, the SDK reconnects without a limit.", .doc, Source.d2),
        Rule(
            "CE-8-heartbeat", "The next ping follows 30 seconds after the previous answer.", .header,
            Source.h5 + "; " + Source.h6),
        Rule(
            "CE-8-probe",
            "A ping that is not answered is one of five probes of 3 seconds each; when all fail, the link is broken.",
            .header, Source.h5 + "; " + Source.h6),
        Rule(
            "CE-8-network-lost", "When the system says that the network is gone, the link is ended at once.", .header,
            Source.h5 + "; " + Source.h6),
        Rule(
            "CE-8-network-back",
            "When the system says that the network is back, a client that waits logs in at once, and one that is "
                + "online sends a ping with a limit of 3 seconds.",
            .header, Source.h5),
        Rule(
            "CE-8-foreground", "Coming to the foreground does what the network's return does.", .header, Source.h5),
        Rule(
            "CE-8-skipped", "An attempt that falls due while there is no network is not made, and counts.", .header,
            Source.h6),
    ]

    static let deviceRules = [
        Rule(
            "CE-9-417",
            "The server refuses an automatic login with 417 when another device logged in last. A manual login is "
                + "never checked.",
            .header, Source.h1 + "; " + Source.s1),
        Rule(
            "CE-9-force", "A forced automatic login leaves the device check out, which is less safe.", .header,
            Source.h1 + "; " + Source.s1),
        Rule(
            "CE-9-reconnect-unforced",
            "A reconnect after a session is never forced, even when the login that opened the session was.", .header,
            Source.h5 + "; " + Source.h6),
        Rule(
            "CE-9-policy",
            "The device policy is a setting of the console. A change counts for later logins; nobody who is online "
                + "is kicked by it.",
            .doc, Source.d8),
        Rule(
            "CE-9-policy-1", "Policy 1, one terminal: a login kicks every other client of the account.", .doc, Source.d8
        ),
        Rule(
            "CE-9-policy-2",
            "Policy 2, desktop and mobile: one of PC, macOS and Web beside one of Android, iOS and HarmonyOS. That "
                + "macOS counts as desktop is inferred.",
            .doc, Source.d8),
        Rule("CE-9-policy-3", "Policy 3, all may be online: up to 10 devices.", .doc, Source.d8),
        Rule(
            "CE-9-kicked-side",
            "A client that was kicked does not reconnect: reason 1 after another login, 3 after another client's "
                + "command, 2 after the server's.",
            .header, Source.h1 + "; " + Source.d8),
        Rule(
            "CE-9-kick-list", "Who kicks several clients is told only those that were really kicked.", .header,
            Source.h5),
    ]

    static let tokenRules = [
        Rule(
            "CE-10-static", "A static token stays valid until it is replaced; only the latest one is.", .seed,
            Source.s0 + "; " + Source.s2),
        Rule(
            "CE-10-dynamic",
            "A dynamic token is base64 of a JSON object with signature, curTime in milliseconds and ttl in seconds; "
                + "the signature is the SHA-1, in hexadecimal, of app key, account, curTime, ttl and app secret.",
            .seed, Source.s0),
        Rule(
            "CE-10-dynamic-end",
            "A dynamic token is valid until curTime plus ttl; one that has ended or is wrong is refused with 302.",
            .inferred, Source.s0),
        Rule(
            "CE-10-not-enabled", "A login by a kind of token that is not enabled for the app is refused with 403.",
            .doc, Source.d1 + "; " + Source.d2),
        Rule(
            "CE-10-several", "Several kinds of token may be enabled at once; the SDK says which one it uses.", .seed,
            Source.s0),
        Rule(
            "CE-10-callback-open",
            "Where third-party login is enabled and its callback is not, every token is accepted.", .seed, Source.s0),
        Rule(
            "CE-10-callback",
            "A login of type 2 is not checked by the server: it asks the app server with one POST of JSON, eventType "
                + "36, and a refusal becomes 302.",
            .seed, Source.s0 + "; " + Source.d5),
        Rule(
            "CE-10-callback-signature",
            "The question carries AppKey, CurTime in milliseconds, MD5 of the body and CheckSum: SHA-1 of app secret, "
                + "MD5 and CurTime, in hexadecimal.",
            .doc, Source.d5),
        Rule(
            "CE-10-callback-default",
            "The question is asked once and may take 2 seconds, or what the console says (loginCallbackTimeout); "
                + "without an answer the console's default decides (loginCallbackPasses), which lets the login in as "
                + "the older page does.",
            .doc, Source.d5),
        Rule(
            "CE-10-callback-body",
            "An answer with errCode 0 lets the login in, any other number refuses it. The body was not found in the "
                + "sources.",
            .inferred, Source.d5),
        Rule(
            "CE-10-login-ext",
            "The login extension, at most 1,024 characters, is handed on to the app server with the question.", .doc,
            Source.d2 + "; " + Source.d5),
    ]
}
