import LoginCore

/// Rules of the SDKs besides V9 iOS: commsease.md §2 to §9.
extension CommsEase {
    static let androidRules = [
        Rule(
            "CE-2-android",
            "On Android a manual login is a call that is answered; all else is told through observeOnlineStatus, and "
                + "who else is online through observeOtherClients.",
            .doc, Source.d2 + "; " + Source.d3),
        Rule(
            "CE-4-android-status",
            "Android's statuses: UNLOGIN 1, NET_BROKEN 2, CONNECTING 3, LOGINING 4, SYNCING 5, LOGINED 6, KICKOUT 7, "
                + "KICK_BY_OTHER_CLIENT 8, FORBIDDEN 9, VER_ERROR 10, PWD_ERROR 11.",
            .header, Source.h7),
        Rule(
            "CE-5.1-android",
            "On Android a login passes CONNECTING, LOGINING, SYNCING and LOGINED. A link that breaks is NET_BROKEN "
                + "while the system says that there is no network, else UNLOGIN, and CONNECTING follows by itself.",
            .doc, Source.d2),
        Rule(
            "CE-6-android-stops",
            "After KICKOUT, KICK_BY_OTHER_CLIENT, FORBIDDEN, PWD_ERROR and VER_ERROR nothing logs in automatically. "
                + "An old helper leaves VER_ERROR out; the documentation has it.",
            .doc, Source.d3 + "; " + Source.d2),
        Rule(
            "OURS-android-kick", "A kick by the server, reason 2, is FORBIDDEN on Android.", .ours,
            "the sources name no status for it"),
        Rule(
            "OURS-android-time", "Android keeps the back-off of iOS, and the heartbeat of the others.", .ours,
            "no source has its numbers"),
    ]

    static let v10Rules =
        [
            Rule(
                "CE-3-one-call",
                "V10 has one login call and no automatic one: the app keeps what it logs in with and calls again at its "
                    + "next start.",
                .doc, Source.d1),
            Rule(
                "CE-3-retry-count",
                "V10 makes retryCount attempts after the first, 3 unless the app says so and 1 at the least.", .header,
                Source.h5),
            Rule(
                "CE-3-timeout",
                "V10 gives the whole login call timeout, 30 s here and on HarmonyOS; on the web it is 60 s, and iOS has "
                    + "none unless it is set. The device's SDK options hold it.",
                .header, Source.h5 + "; " + Source.h6 + "; " + Source.h2),
            Rule(
                "CE-3-token-provider",
                "V10 asks tokenProvider for a dynamic token at every attempt, once the link is up and before the login is "
                    + "sent, in logins and reconnections.",
                .header, Source.h2 + "; " + Source.h3),
            Rule(
                "CE-3-login-extension-provider",
                "V10 asks loginExtensionProvider at the same moment for a login of type 2, which needs it.", .header,
                Source.h2 + "; " + Source.h3),
            Rule(
                "CE-4-v10-status",
                "V10's login statuses are LOGOUT 0, LOGINED 1, LOGINING 2, UNLOGIN 3; its connect statuses DISCONNECTED 0, "
                    + "CONNECTED 1, CONNECTING 2, WAITING 3.",
                .header, Source.h3),
        ] + v10Events + v10CallRules

    private static let v10Events = [
        event("unchanged", "A status that is as it was is not told again."),
        event("start", "V10 starts as LOGOUT, DISCONNECTED, and tells nothing of it."),
        event("connecting", "Connecting: LOGINING, CONNECTING; onLoginStatus, onConnectStatus."),
        event("connect-success", "The link is up: LOGINING, CONNECTED; onConnectStatus."),
        event(
            "connect-fail",
            "The link does not come up: UNLOGIN, DISCONNECTED; onLoginStatus, onConnectStatus, onConnectFailed."),
        event(
            "login-success",
            "The login is accepted: LOGINED, CONNECTED; onLoginClientChanged with the list, then onLoginStatus."),
        event(
            "login-fail",
            "The login is refused: LOGOUT for a code that stops, else UNLOGIN, and DISCONNECTED; onLoginStatus, "
                + "onConnectStatus, onDisconnected, or onConnectFailed while the link was being made, onLoginFailed."),
        event(
            "broken",
            "The link breaks: UNLOGIN, DISCONNECTED; onLoginStatus, onConnectStatus, onDisconnected with 192003."),
        event("waiting", "Waiting for the next attempt: UNLOGIN, WAITING; onConnectStatus."),
        event("logout", "Logout: LOGOUT, DISCONNECTED; onLoginStatus, onConnectStatus and no onDisconnected."),
        event(
            "kicked",
            "Kicked: LOGOUT, DISCONNECTED; onLoginStatus, onConnectStatus, onDisconnected with 192003, then "
                + "onKickedOffline."),
        event(
            "exited",
            "Given up, because the tries are used up or a code stops: LOGOUT, DISCONNECTED; onLoginStatus, "
                + "onConnectStatus."),
    ]

    private static func event(_ id: String, _ text: String) -> Rule {
        Rule(RuleID("CE-5.2-\(id)"), text, .header, Source.h5)
    }

    private static let v10CallRules = [
        Rule(
            "CE-5.3-attempt",
            "One attempt of V10: link, tokenProvider, loginExtensionProvider, login, record of the last login, sync, "
                + "heartbeat. The attempts of a call follow each other without a pause, until success, a code that "
                + "stops, or 191005.",
            .header, Source.h5),
        Rule(
            "CE-5.3-invalid",
            "A call with an empty account, or of type 0 with an empty token, fails with 191004 before any network is "
                + "used.",
            .header, Source.h5),
        Rule(
            "CE-5.3-provider-failed",
            "A provider function that throws gives 191003; loginExtensionProvider matters to type 2 only.", .header,
            Source.h5),
        Rule(
            "CE-5.3-login-again",
            "A login while LOGINED with the same account, type and, for type 0, token succeeds at once and sends "
                + "nothing; with others it logs out first.",
            .header, Source.h5),
        Rule(
            "CE-5.3-login-meanwhile",
            "A login while LOGINING cancels the earlier call with 191002; the same credentials join the attempt, "
                + "others start again.",
            .header, Source.h5),
        Rule(
            "CE-5.3-logout-v10",
            "A logout tells the server only when LOGINED; while LOGINING or waiting it is local, and when nothing is "
                + "logged in it is refused with 190002. It forgets the last login.",
            .header, Source.h5),
        Rule(
            "CE-5.3-illegal-state", "Any command but login is refused with 190002 unless LOGINED.", .header, Source.h5),
        Rule(
            "CE-7.2-unlimited",
            "On reconnection a code that stops ends in LOGOUT, any other waits for another try, without a limit.",
            .header, Source.h5),
        Rule(
            "CE-8-v10-backoff",
            "V10 waits 1.6, 3.2, 6.4, 12.8 and 16 s, then 16 s for ever, each up to 1 % more or less. The factor of 2 "
                + "is inferred.",
            .header, Source.h5),
        Rule(
            "CE-8-reconnect-delay",
            "An app may set the delay itself. V10 lengthens one under a second by 200 ms and a random 1 to 300 ms.",
            .header, Source.h1 + "; " + Source.h5),
        Rule("CE-8-v10-packet", "V10 waits 60 s for the answer to a packet.", .header, Source.h5),
        Rule(
            "CE-8-empty-provider",
            "A tokenProvider that gives nothing: 414 without a request when the call has no token either; else the "
                + "error is told and the tries go on until a token comes, and these tries do not count.",
            .doc, Source.d1),
        Rule(
            "CE-9-v10-record",
            "V10 sends the automatic flag, which the server checks the device for, only when forceMode is off and the "
                + "record of the last login has this device and this account; else the login goes out as manual.",
            .header, Source.h5),
        Rule(
            "CE-9-v10-force",
            "V10's forceMode wins the conflict: at the limit of devices the login succeeds and another one is kicked; "
                + "without it the login is refused with 417. V9's force only leaves the device check out.",
            .header, Source.h6 + "; " + Source.h1),
        Rule(
            "CE-9-v10-reconnect", "An automatic reconnection of V10 is never forced.", .header,
            Source.h5 + "; " + Source.h6),
        Rule(
            "OURS-v10-record-end",
            "V10's record of the last login ends with a logout, a kick and a code that stops.", .ours,
            "the sources name the logout; after the others the next login is a manual one as well"),
        Rule(
            "OURS-v10-limit",
            "For forceMode the limit of devices is the 10 of policy 3; under policies 1 and 2 a login kicks whom it "
                + "excludes, forced or not.",
            .ours, "the policies' own pages know no refusal of a manual login"),
        Rule(
            "OURS-v10-success", "V10's login call succeeds when the login is accepted; the sync follows.", .ours,
            "the sources put LOGINED there"),
        Rule(
            "OURS-empty-pause", "Tries with a tokenProvider that gives nothing wait for the back-off in a call too.",
            .ours, "without a pause they would follow each other as fast as the machine can"),
    ]
}
