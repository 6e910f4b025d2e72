import LoginCore

/// Rules of the server: tencent.md §3 to §7.
extension Tencent {
    static let deviceRules = [
        Rule(
            "TC-3-single", "Single platform: one of Android, iPhone, iPad, Windows, Mac and Web is online.", .doc,
            Source.presence),
        Rule(
            "TC-3-two", "Two platforms: one of Android, iPhone, iPad, Windows and Mac is online, and the Web.", .doc,
            Source.presence),
        Rule(
            "TC-3-three",
            "Three platforms: one of Android, iPhone and iPad is online, one of Windows and Mac, and the Web.", .doc,
            Source.presence),
        Rule("TC-3-multi", "Multi platform: all platforms are online together.", .doc, Source.presence),
        Rule(
            "TC-3-instances",
            "One instance of each platform is online, whatever the policy, unless its number is raised: up to 3 under "
                + "the multi platform policy, and up to 10 of the Web under every policy.", .doc,
            Source.presence + "; " + Source.functions),
        Rule(
            "TC-3-who", "The new login kicks the one that was first; it never kicks itself.", .doc,
            Source.unityLogin + "; " + Source.webLogin),
        Rule(
            "TC-3-leave", "The logout of one instance leaves the others online.", .doc, Source.webLogin),
        Rule(
            "TC-3-default",
            "Older text: any second terminal kicks the first, the single platform policy; newer text names no default. "
                + "The lab begins with the single platform.", .doc, Source.presence),
    ]

    static let presenceRules = [
        Rule(
            "TC-4-states",
            "Online is a live connection, PushOnline a phone or tablet that went away without a logout, Offline the "
                + "rest.", .doc, Source.presence),
        Rule("TC-4-heartbeat", "The client's heartbeat goes out every 120 seconds.", .doc, Source.presence),
        Rule(
            "TC-4-timeout", "A link that says nothing is given up after 400 seconds; a broken one at once.", .doc,
            Source.presence),
        Rule(
            "TC-4-push", "PushOnline becomes Offline after 7 days without a login; a logout is Offline at once.",
            .doc, Source.presence),
        Rule(
            "TC-4-web",
            "A page that is closed is Offline at once, one whose network is lost after 60 seconds; older pages say 400 "
                + "for both. From when the 60 seconds are counted: TC-own-web-silence.", .doc,
            Source.presence + "; " + Source.webLogin),
    ]

    static let webAPIRules = [
        Rule(
            "TC-5-url",
            "A call is a POST to /v4/SERVICE/COMMAND with sdkappid, identifier, usersig, random and contenttype in the "
                + "query, names and values case-sensitive.", .doc, Source.rest),
        Rule(
            "TC-5-body", "The body is a JSON object and never empty; its Content-Type does not matter.", .doc,
            Source.rest),
        Rule(
            "TC-5-reply",
            "Every answer has status 200 and says ActionStatus OK or FAIL, ErrorCode and ErrorInfo; that of "
                + "setnospeaking has no ActionStatus, as in its sample.", .doc, Source.rest + "; " + Source.mute),
        Rule(
            "TC-5-admin",
            "The identifier is an app admin's, its UserSig of the usual kind and good until it expires; others get "
                + "60010.", .doc,
            Source.rest),
        Rule(
            "TC-5-encoding", "The usersig is read after the query's encoding is undone: %2A and * are the same.",
            .inferred, Source.rest),
        Rule(
            "TC-5-import", "account_import makes an account; importing it again changes nick and picture only.", .doc,
            Source.importAccount),
        Rule(
            "TC-5-multi-import",
            "multiaccount_import takes up to 100 accounts, as texts (older) or as objects (newer), changes those that "
                + "exist, and lists those that failed.", .doc, Source.importAccount),
        Rule(
            "TC-5-check", "account_check tells of up to 100 accounts whether each is imported.", .doc,
            Source.checkAccount),
        Rule(
            "TC-5-delete",
            "account_delete removes up to 100 accounts; one that is not known has the item code 70107.", .doc,
            Source.deleteAccount),
        Rule(
            "TC-5-kick",
            "kick makes every UserSig of one account that was issued before invalid, for good, and ends its sessions; a "
                + "new UserSig works.", .doc, Source.kick),
        Rule(
            "TC-5-status",
            "query_online_status tells of up to 500 accounts their Status and, on request, each platform's; those that "
                + "are not known stand in ErrorList with 70107.", .doc, Source.status),
        Rule(
            "TC-5-status-any",
            "An account is Online when any of its terminals is; the ErrorCode is 0 when at least one "
                + "account could be told.", .doc, Source.status),
        Rule("TC-5-querystate", "The older querystate says State instead of Status.", .doc, Source.status),
        Rule(
            "TC-5-mute", "setnospeaking mutes sending for a time and does not block a login.", .doc, Source.mute),
        Rule(
            "TC-5-rate",
            "200 calls a second are allowed, 100 of multiaccount_import, account_check and account_delete.",
            .doc, Source.limits),
    ]

    static let webhookRules = [
        Rule(
            "TC-6-url",
            "The status change is a POST to the app's URL with SdkAppid, CallbackCommand, contenttype, ClientIP and "
                + "OptPlatform in the query; OptPlatform says IOS in capitals.", .doc,
            Source.webhook + "; " + Source.webhookOverview),
        Rule(
            "TC-6-body",
            "Its body has CallbackCommand, EventTime in milliseconds, and Info with Action, To_Account and Reason.",
            .doc, Source.webhook + "; " + Source.webhookSample),
        Rule("TC-6-login", "A login and a reconnect send Login/Register.", .doc, Source.webhook),
        Rule("TC-6-logout", "A logout sends Logout/Unregister.", .doc, Source.webhook),
        Rule(
            "TC-6-disconnect",
            "A link that breaks sends Disconnect/LinkClose, one that falls silent Disconnect/TimeOut.", .doc,
            Source.webhook),
        Rule(
            "TC-6-no-disconnect",
            "A login that comes before the end of the old link was noticed sends no Disconnect for it.", .doc,
            Source.webhook),
        Rule(
            "TC-6-kicked",
            "A login that kicks sends only its Login/Register, with the kicked platforms in KickedDevice.", .doc,
            Source.webhook + "; " + Source.webhookSample),
        Rule(
            "TC-6-ignored", "The answer is ignored, for the webhook tells of what has happened.", .doc,
            Source.webhook),
    ]
}
