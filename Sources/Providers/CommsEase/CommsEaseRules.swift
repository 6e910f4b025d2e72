import LoginCore

/// The rule book, in the order of commsease.md.
extension CommsEase {
    static let rules = RuleBook(
        rules: clientRules + androidRules + v10Rules + stepRules + loginRules + codeRows.map(\.rule)
            + v10CodeRows.map(\.rule) + timeRules + deviceRules + tokenRules
            + serverRules + accountRules + semanticsRules + defaultRules + ownRules,
        notModelled: leftOut)

    // MARK: §1, §2, §4

    private static let clientRules = [
        Rule(
            "CE-1-order",
            "An account is created by the app server, which keeps its token; the app logs in there first, is handed "
                + "account and token, and then logs in to messaging.",
            .seed, Source.s1),
        Rule(
            "CE-1-owner", "The app server assigns account and token; the person who uses the app makes neither.", .doc,
            Source.d1),
        Rule(
            "CE-1-form-core",
            "A messaging product is logged in only when both the app server and messaging have let it in.", .seed,
            Source.s1),
        Rule(
            "CE-1-form-attached",
            "A product with messaging on the side logs in to its app server first; messaging follows by automatic "
                + "login, preferably forced.",
            .seed, Source.s1),
        Rule(
            "CE-2-auto-failed",
            "onAutoLoginFailed: tells of automatic logins that failed for more than a timeout. Trouble of the network "
                + "is never told there: the SDK keeps reconnecting.",
            .header, Source.h1),
        Rule(
            "CE-2-kickout",
            "onKickout: tells who ended the session, with reason, client type and a text. The app then logs out and "
                + "shows its login screen.",
            .header, Source.h1),
        Rule(
            "CE-2-clients-changed",
            "onMultiLoginClientsChangedWithType: says 1 when others were online already, 2 when one logged in, 3 when "
                + "one logged out; the list leaves out the client itself.",
            .header, Source.h1),
        Rule(
            "CE-2-logout",
            "The local part of a logout always works; an error only says that the server was not told.", .header,
            Source.h1),
        Rule(
            "CE-2-dynamic-token", "The app is asked for a dynamic token at every login and every reconnect.", .header,
            Source.h1),
        Rule(
            "CE-2-background",
            "By default the SDK goes on reconnecting in the background while the process lives; an app may put attempts "
                + "off to the foreground.",
            .header, Source.h1),
        Rule(
            "CE-2-retry-limit", "By default an automatic login is retried without a limit.", .header, Source.h1),
        Rule(
            "CE-4-client-types",
            "Client types are numbers: 1 Android, 2 iOS, 4 PC, 16 Web, 64 macOS, 65 HarmonyOS, 32 the server's API, "
                + "0 unknown.",
            .header, Source.h1 + "; " + Source.h4),
        Rule("CE-4-kick-1", "Kick reason 1: a client logged in that excludes this one.", .header, Source.h1),
        Rule("CE-4-kick-2", "Kick reason 2: the server ended the session.", .header, Source.h1),
        Rule("CE-4-kick-3", "Kick reason 3: another client of the same account asked for it.", .header, Source.h1),
    ]

    // MARK: §5

    private static let stepRules = [
        Rule(
            "CE-5.1-success", "A login that works passes steps 1, 2, 4, 5, 7, 8.", .header,
            Source.h1 + "; " + Source.d2),
        Rule("CE-5.1-link-failure", "A link that does not come up passes steps 1, 3.", .header, Source.h1),
        Rule("CE-5.1-auth-failure", "A login that is refused passes steps 1, 2, 4, 6.", .header, Source.h1),
        Rule(
            "CE-5.1-drop",
            "A link that breaks in use gives step 9, then the back-off, then the steps of a login once more.", .header,
            Source.h1 + "; " + Source.d2),
        Rule(
            "CE-5.1-net-changed",
            "Step 10 says that the network changed; it may come at any time and is no step of the login.", .header,
            Source.h1),
        Rule("CE-5.1-logout", "Step 11 ends a logout.", .inferred, Source.h1),
        Rule(
            "CE-5.3-logout",
            "A logout waits one second for the server, then cleans up whatever the answer. The number is the V10 "
                + "SDK's; V9 only says that it is shorter than for other requests.",
            .header, Source.h5 + "; " + Source.h1),
    ]

    // MARK: §6

    private static let loginRules = [
        Rule(
            "CE-6-manual", "A manual login that fails is reported and ends; the person must log in again.", .seed,
            Source.s1 + "; " + Source.d2),
        Rule(
            "CE-6-automatic",
            "An automatic login is retried until it works, unless the failure is about credentials and the like.",
            .seed, Source.s1 + "; " + Source.d2),
        Rule(
            "CE-6-manual-broken", "A link that breaks during a manual login is not made again.", .header,
            Source.h6 + "; " + Source.h7),
        Rule(
            "CE-6-sdk-owns",
            "Once logged in, or once an automatic login was asked for, reconnecting is the SDK's business and not the "
                + "app's.",
            .seed, Source.s1),
        Rule(
            "CE-6-save",
            "The app may log in automatically only with the account of its last manual login that worked: it saves "
                + "account and token on success and erases them on failure.",
            .doc, Source.d3),
        Rule(
            "CE-6-dead",
            "After a kick, a ban, a refused token or a refused device nothing logs in automatically until a manual "
                + "login has worked.",
            .doc, Source.d3),
    ]
}
