import LoginCore

/// What the lab chose where tencent.md is silent or its sources disagree, and what it leaves out.
extension Tencent {
    static let ownRules = [
        own(
            "stored",
            "The lab makes UserSigs in the Node generator's JSON in one stored block, the same bytes "
                + "everywhere; deflate on request.", "the page calls this form fully deterministic"),
        own(
            "strict", "A UserSig with unused bits set or with bytes after its end is unreadable.",
            "one changed character is then never overlooked"),
        own(
            "ticket-size", "A UserSig of more than 8192 bytes, or more than 16384 unpacked, is unreadable.",
            "a small text could unpack to gigabytes"),
        own("version", "TLS.ver must be there and may say anything.", "it is not signed"),
        own(
            "same-second", "A UserSig of the kick's own second is valid, one of the second before is not.",
            "TLS.time counts seconds, and a UserSig made right after the kick must work"),
        own(
            "first-link",
            "A first link that does not come up or ends is not tried again, and after a logout or a stop there is none: the "
                + "next login opens its own.", "reconnection is documented for users who are logged in"),
        own(
            "logged-in-login",
            "A login of the user who is logged in hands the session a newer UserSig and succeeds; one of another user, or "
                + "while the link is down, fails with 7501, and the session goes on.",
            "TUILogin and the web SDK report success, the native header names no code, and the sources disagree on other "
                + "users"),
        own(
            "renewal", "A session lives as long as the newest UserSig that it was handed.",
            "no source says how a session learns of a renewal, and the app renews before the expiry"),
        own("backoff", "Reconnects follow after 1, 2, 4, 8, 16 and 32 seconds; the last repeats.", Source.silentNumber),
        own(
            "timeouts", "A link may take 10 seconds to come up, a login 30 to be answered, a logout 5.",
            Source.silentNumber),
        own("probe", "A heartbeat that is not answered is one of three, 10 seconds each.", Source.silentNumber),
        own(
            "verdicts", "A reconnect that is refused stops, but for trouble of the network or of the servers.",
            Source.silentVerdict),
        own(
            "unknown-code", "A code that the reference does not have is retried by a reconnect.",
            Source.silentVerdict),
        own(
            "automatic",
            "A login that the app makes by itself at its start is a login like any other; while the network is away the lab's app calls it again.",
            "the interface has no automatic login"),
        own(
            "refused-reconnect",
            "A reconnect refused for its UserSig is told as onUserSigExpired, one refused for good otherwise as "
                + "onKickedOffline.", "only the expiry has a source"),
        own(
            "client-types",
            "On the link, client types are 1 iPhone, 2 Android, 3 iPad, 4 Windows, 5 Mac and 6 Web; another number "
                + "counts as Web.", "the sources have names and no numbers"),
        own(
            "kick-reasons", "On the link, a kick's reason is 1 another login, 2 the web API, 4 an expired UserSig.",
            "the provider's link protocol is closed"),
        own("link", "The link's frames are the lab's own.", "the provider's link protocol is closed"),
        own(
            "expiry-check", "The server ends a session in the second after its UserSig's last.",
            "how often expiry is checked online is not told"),
        own(
            "login-order",
            "A login is refused for its UserID, then its UserSig, then the blacklist, then an offline kick.",
            "the server's order is not published"),
        own(
            "failed-checks",
            "Sixty UserSigs of one UserID refused within a minute, or as many as the console's failedChecks says, have its "
                + "logins refused with 70050 for a minute.",
            "the minute is documented, the number is not"),
        own(
            "blacklist",
            "The lab's ban puts an account on the blacklist of 70051, which leaves live sessions alone unless it kicks.",
            "the provider documents the code and no command that bans"),
        own(
            "console", "The console's settings have an address of their own beside the web API.",
            "the provider's console is a web page"),
        own("admin-name", "The first admin is called administrator.", "the console's usual name"),
        own(
            "api-order",
            "A call is checked in this order: URL, admin and UserSig, rate, JSON, command.",
            "the sources name the codes and not their order"),
        own(
            "query",
            "Nothing depends on random and contenttype, or on names that the provider does not have: they may be missing, say "
                + "anything and stand twice.",
            "no source says what a wrong one does"),
        own(
            "method", "A GET with a body is read as a POST, one without a body is refused with 60008.",
            "a published client calls account_check so, and no source says what becomes of it"),
        own(
            "body-size", "A call's body has at most 1048576 bytes; a longer one is refused with 60008.",
            "no source has a size for the web API, and the SDK's packets end at 1 MB"),
        own(
            "immediate", "A change of the console's settings counts at once, for later logins.",
            "5 minutes or 50, the sources disagree, and waiting shows nothing"),
        own(
            "legacy", "The older forms, querystate and texts in multiaccount_import, can be switched off.",
            "the newer pages do not have them"),
        own(
            "deletion",
            "A deletion ends the account's sessions as a kick does; a later login makes the account anew. UserSigs stay as "
                + "they were: what a kick made void stays void.",
            "what becomes of a session is not told"),
        own(
            "web-silence",
            "A page that says nothing is given up 60 seconds after a heartbeat was due, 60 to 180 after its network was "
                + "lost.",
            "the page's own heartbeat is not told; the native one stands in for it"),
        own(
            "reimport", "An account that was deleted can be imported again at once.",
            "the three months of the newer page would make a demonstration end"),
        own(
            "kick-webhook", "A kick by the web API sends Logout/Unregister.",
            "it is documented as a trigger, its Action and Reason are not"),
        own(
            "expiry-webhook", "A session that ends with its UserSig sends Disconnect/LinkClose.",
            "the server closes the link"),
        own(
            "webhook-wait", "The webhook's answer is waited for 2 seconds and not asked for again.",
            "2 seconds are documented for webhooks that come before an event"),
        own(
            "webhook-query", "The webhook's URL may have a query; the provider's parameters follow it.",
            "no source forbids one"),
        own(
            "self-replace", "A login from a device that has a session replaces it in silence.",
            "the new login never kicks itself"),
        own(
            "offline-kick", "An offline kick is told to the device that was away, whether it logs in or reconnects.",
            "the sources name the process that is gone, and a network that was lost looks the same to the server"),
        own(
            "mute-zero", "A mute of 0 seconds lifts it; a mute is kept and decides nothing.",
            "the lab has no messages"),
    ]

    private static func own(_ name: String, _ text: String, _ reason: String) -> Rule {
        Rule(RuleID("TC-own-\(name)"), text, .ours, reason)
    }

    static let leftOut = [
        NotModelled(
            "TC-1.2-userbuf-use", "What a userbuf permits.", because: "It is about rooms; a login needs none."),
        NotModelled(
            "TC-1.1-test-helper", "The test helper that makes UserSigs in the app, with 7 days.",
            because: "The key belongs on the app server; a lifetime of 604800 seconds plays it."),
        NotModelled(
            "TC-1.1-advice", "How long a UserSig should live: two months by one page, 24 hours at least by another.",
            because: "It is advice to the app, and the pages disagree; every lifetime can be played."),
        NotModelled(
            "TC-1.2-node-undefined",
            "The Node generator without a lifetime, which signs the text undefined and writes null.",
            because: "It is a slip of its caller; the ticket is refused with 70005 for its missing expiry."),
        NotModelled(
            "TC-1.4-go-quirk", "The Go verifier takes text that is no JSON for an empty ticket of another SDKAppID.",
            because: "It is a slip of one library; the lab's server says 70003, as the codes do."),
        NotModelled(
            "TC-2-local-data", "What may be read before a login has worked.", because: "The lab keeps no messages."),
        NotModelled(
            "TC-2-switch", "A login of another user without a logout, on which the sources disagree.",
            because: "The lab's app always logs out first; what the SDK would answer is TC-own-logged-in-login."),
        NotModelled(
            "TC-2-later-calls", "6014 for whatever is called after a kick.",
            because: "The lab's app calls nothing but login then; the code can be explained."),
        NotModelled(
            "TC-2-self-info",
            "onSelfInfoUpdated, listeners that are added and removed, the older initSDK with a listener, log levels.",
            because: "They do not touch a login."),
        NotModelled(
            "TC-2-init-result", "The Bool that initSDK returns at once.",
            because: "The lab's app initialises with its own SDKAppID, and the link that follows tells more."),
        NotModelled(
            "TC-2-other-calls", "unInitSDK, getVersion and getServerTime.",
            because: "They do not touch a login; the app that is stopped plays the end of the SDK."),
        NotModelled(
            "TC-2-login-user", "getLoginUser, which is empty after a failed login, a kick or an expiry.",
            because: "getLoginStatus tells the same, and the device shows whose account it uses."),
        NotModelled(
            "TC-2-repeated-calls", "That login is not to be called again and again while it is under way or done.",
            because: "It is advice to the app; what such a call meets is played."),
        NotModelled(
            "TC-2-several-accounts", "Several accounts in one process, of which the last login wins.",
            because: "It is not supported; each of the lab's devices is a process of its own."),
        NotModelled(
            "TC-2-logging-out", "LOGOUTING, the fourth login status of the C API.",
            because: "The lab's app speaks V2TIM, which stays at its status until the logout is answered."),
        NotModelled(
            "TC-2-c-api", "The C API's numbers for the network's status and the results of calls.",
            because: "They are the same events in other words."),
        NotModelled(
            "TC-2-web-sdk", "The web SDK's events and its repeated login.",
            because: "A page is a platform here, played with the native SDK's callbacks."),
        NotModelled(
            "TC-2.2-key-ticket",
            "Key and ticket, which the SDK makes from the UserSig and which live no longer than it does.",
            because: "How they are made and when they end sooner is not told; the UserSig's own end stands for theirs."),
        NotModelled(
            "TC-3-web-family", "Mini-programs, uni-app and React Native, which count as Web.",
            because: "They are the platform Web, which is played; they have no number of their own."),
        NotModelled(
            "TC-3-plans", "That more instances than one need the top plan, but for the Web.",
            because: "The lab has no plans."),
        NotModelled(
            "TC-3-change-time", "The 5 minutes, or 50, until a change of policy takes effect.",
            because: "The sources disagree, and a change that counts at once shows the same."),
        NotModelled(
            "TC-4-mini-program", "The times of mini-programs: 5 seconds after leaving, 30 in the background.",
            because: "The lab's device is closed or not; it has no mini-program around it."),
        NotModelled(
            "TC-4-client-status", "What one client sees of another user's status.",
            because: "The lab's clients look at themselves."),
        NotModelled(
            "TC-5-domains", "The domains of the regions and the spare ones.",
            because: "The lab's web API is on this machine."),
        NotModelled(
            "TC-5-network-faults", "A status other than 200 when the network on the way fails, such as 502.",
            because: "Nothing stands between the lab and its web API."),
        NotModelled(
            "TC-5-deletion-limits", "71000, and the three months until a deleted UserID can be imported again.",
            because: "The sources disagree on plans, and the lab has none."),
        NotModelled(
            "TC-5-account-limit", "70398, more than 100 accounts on the free plan.", because: "The lab has no plans."),
        NotModelled(
            "TC-5-backend-timeout", "The 3 seconds of the servers behind the web API.",
            because: "The lab's cloud answers at once."),
        NotModelled(
            "TC-5-keep-alive", "The advice to call over connections that are kept in a pool.",
            because: "It is advice to the caller; the lab's listener keeps connections open and takes any."),
        NotModelled(
            "TC-5-status-extras", "What IsReturnInstid and IsReturnCustomStatus add to the answer.",
            because: "They are read and checked; the lab's clients have no such numbers and texts of their own."),
        NotModelled(
            "TC-6-change-time", "The 2 minutes until a change of the webhook's URL takes effect.",
            because: "A change that counts at once shows the same."),
        NotModelled(
            "TC-6-together", "A login and a logout together, of which only Logout/Unregister is told.",
            because:
                "The lab's server takes one after the other and tells of both; one older page has it, without a time."),
        NotModelled(
            "TC-6-other-platforms", "OptPlatform Unknown, and Linux in KickedDevice.",
            because: "The lab's devices are of the six platforms of the policies."),
        NotModelled(
            "TC-6-older-sdk", "The additional Logout/Unregister for a kicked client of an older SDK.",
            because: "The lab's devices play the present SDK."),
        NotModelled(
            "TC-7-limits", "9506, 9507 and packets of 1 MB.", because: "The lab's devices send a few frames."),
    ]
}
