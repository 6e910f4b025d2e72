import LoginCore

/// What the lab chose where easemob.md is silent or its sources disagree, and what it leaves out.
extension Easemob {
    static let disagreementRules = [
        Rule(
            "EM-11-wording",
            "The console's setting wording chooses between the present words, those of 2023 and those of 2014.", .ours,
            Source.atOdds),
        Rule(
            "EM-11-verb", "A disconnection is taken as GET and as POST, one of a device as DELETE and as GET.", .ours,
            "Easemob's pages, Agora's pages and the Java SDK have different verbs"),
        Rule(
            "EM-11-banned-code", "A banned user's login is answered 305, in V5 as well.", .ours,
            "4.x says so, and V5's page has 305 for a disabled app"),
    ]

    static let ownRules = [
        own("backoff", "Reconnects follow after 1, 2, 4, 8, 16 and 32 seconds; the last repeats.", Source.silentNumber),
        own(
            "timeouts", "A link may take 10 seconds to come up, a logout 5 to be answered.", Source.silentNumber),
        own(
            "heartbeat", "A ping follows 60 seconds after the last answer; three of 10 seconds each may go unanswered.",
            Source.silentNumber),
        own("background", "The SDK reconnects in the background as well.", "no source says anything of it"),
        own(
            "unknown-code", "A code that the reference does not have is retried by a reconnect.",
            "no source says what a reconnect does"),
        own(
            "auto-network", "An automatic login without a network is tried again as a reconnection is.",
            "no source tells the two apart"),
        own(
            "manual-start", "Where there is no automatic login, the lab's app logs in with its saved token at request.",
            "V5's page says that the app has to log in at every start"),
        own(
            "warning-once", "The server gives the warning, once for each token.",
            "who counts and whether it is repeated is not told"),
        own(
            "second-login-code", "A login call before the first one is answered fails with 302.",
            "the header has 302 for any call that is repeated so"),
        own(
            "kick-order", "Every SDK tells of the lost link first and of the logout after it.",
            "only HarmonyOS documents the order"),
        own(
            "android-auto", "Where no call ends an automatic login, one that failed for good is told as a logout.",
            "the app could not learn of it otherwise"),
        own(
            "ttl-zero", "expires_in is 0 for a token that never expires.", "what it contains is not told"),
        own("app-ttl", "An app token lives as long as a user token by default.", "its default is not told"),
        own(
            "dynamic-zero", "A signed token of ttl 0 never expires either.", "only the endpoint's ttl is documented"),
        own(
            "dynamic-strict", "A signed token with bits set that no encoder sets cannot be read.",
            "one changed character is then never overlooked"),
        own(
            "dynamic-order",
            "A signed token is checked in this order: readable, app, user, signature, expiry.",
            "the server's order is not published"),
        own(
            "dynamic-void", "A change of the password voids the signed tokens of the seconds before it.",
            "the page says all user tokens, and this kind is known by its second only"),
        own(
            "void-for-good", "Void tokens stay void when their user is deleted and made anew.",
            "no source says what becomes of them"),
        own(
            "unit", "The lab's app server learns the unit of lifetimes from the console's settings, which it reads.",
            "the documents tell whoever is on the cluster of milliseconds, and no answer names the unit"),
        own(
            "token-form", "Inside a token of the endpoint are a user or an app, its times and a check sum.",
            "the text is opaque"),
        own(
            "client-pair",
            "The app secret is written CLIENT_ID:CLIENT_SECRET; one without a colon is the client secret, and the "
                + "client id is made from the app key.", "one secret file holds both"),
        own(
            "inherit-flag", "inherit without autoCreateUser makes nobody.",
            "it is marked as required, and what happens without it is not told"),
        own(
            "names-first",
            "A registration is refused for a missing name, a wrong name, a missing password, then a duplicate.",
            "the order of the checks is not told"),
        own(
            "api-order",
            "A call is checked in this order: app, rate, disabled app, token, body.",
            "the sources name the errors and not their order"),
        own(
            "offline-user", "Disconnection and status of an unknown user are answered as for one who is offline.",
            "what they answer is not found"),
        own(
            "login-order",
            "A login is refused for the app key, a disabled app, its token, the user, a ban, the number of active "
                + "users, then its device.", "the server's order is not published"),
        own("deleted-code", "A user who is not there is told 204, a reconnection 207.", "no source names the code"),
        own("app-key-code", "A login with another app key is told 100.", "the header has 100 for it"),
        own(
            "client-types",
            "On the link, client types are 1 Android, 2 iOS, 3 Web and 4 HarmonyOS; another number counts as Web, and "
                + "customClientType is the number of a custom platform.", "the sources have names and no numbers"),
        own(
            "kick-reasons", "On the link, a kick's reason is the code of §6 that the SDK tells.",
            "the provider's link protocol is closed"),
        own("link", "The link's frames are the lab's own.", "the provider's link protocol is closed"),
        own(
            "present-device", "Only devices that are online hold a place.",
            "how long a place is kept for a lost link is not told"),
        own(
            "self-replace", "A login from a device that has a session replaces it in silence.",
            "the new login never kicks itself"),
        own(
            "no-other-clients", "A list of devices comes with a login, for the lab's keys; the SDK asks for it.",
            "the real one is a call of its own"),
        own(
            "console", "The console's settings have an address of their own beside the web API.",
            "the provider's console is a web page"),
        own(
            "active", "Active users are those who logged in on the present day, in UTC.",
            "what the ceiling of active users counts in is not told"),
        own(
            "accounts",
            "The lab's app server registers users with a password of its own and fetches tokens with "
                + "inherit.", "this is what the documents recommend"),
        own(
            "replace", "The lab's key that replaces a token changes the password.",
            "the provider keeps no token that could be replaced"),
    ]

    private static func own(_ name: String, _ text: String, _ reason: String) -> Rule {
        Rule(RuleID("EM-own-\(name)"), text, .ours, reason)
    }

    static let leftOut = [
        NotModelled(
            "EM-1-agora", "The grant agora and tokens of Agora's product.",
            because:
                "They are AccessToken2, the format of another product, and no source says what becomes of a wrong one."),
        NotModelled(
            "EM-1.1-disabled", "\"user disabled\", which Usergrid has beside \"user not activated\".",
            because: "No document of Easemob's names a way to disable a user besides the ban."),
        NotModelled(
            "EM-1-hammering", "That an account which asks for too many tokens may be blocked.",
            because: "No source says how many are too many; the rate limit is played."),
        NotModelled(
            "EM-2-java", "The stricter names of the Java server SDK.",
            because: "They are checked in that SDK and not by the server."),
        NotModelled(
            "EM-3-management", "The other answer to the deletion of an unknown user, 400 management.",
            because: "The newer page has 404 for it."),
        NotModelled(
            "EM-4-password-login", "A login with the password in the 4.x SDK, and fetchToken.",
            because: "Its password is made by the lab's app server and told to nobody, so no app could log in with it; "
                + "the token endpoint, which such a login asks first, is played."),
        NotModelled(
            "EM-4-push", "That logout(true) may fail because the push token cannot be unbound.",
            because: "The lab has no push."),
        NotModelled(
            "EM-4-extension", "loginExtensionInfo, and the delegate's queue.",
            because: "They do not touch a login."),
        NotModelled(
            "EM-5-sync", "onOfflineMessageSyncStart and Finish.", because: "The lab has no offline messages."),
        NotModelled(
            "EM-6-web", "The Web SDK's own numbers, 1, 16, 27, 28, 39 and 40, and its onReconnecting.",
            because: "A page is a platform here, played with the words of React Native and Flutter."),
        NotModelled(
            "EM-8-web", "The Web SDK's fixed reconnect interval and its heartbeat.",
            because: "They are settings of an old source, for a page only."),
        NotModelled(
            "EM-8-storage", "Where the SDK keeps its token on the device.", because: "No document says it."),
        NotModelled(
            "EM-8-private", "Private servers, and the list of servers that is fetched first.",
            because: "The lab's client is told its one server."),
        NotModelled(
            "EM-9-total", "The older pages' 4 devices in total.", because: "The newer pages count by platform."),
        NotModelled(
            "EM-9-logged-out-kick", "That a client may kick devices without being logged in.",
            because: "The lab's link speaks for a user who is logged in; the web API's disconnection does the same."),
        NotModelled(
            "EM-9-webhook", "The webhook userStatus.",
            because: "The page has its events and not its body; GET users/NAME/status shows the same."),
        NotModelled(
            "EM-10-demo", "The demo's SMS code and the addresses of its app server.",
            because: "The lab's own app server stands in their place, with a contract of its own."),
        NotModelled(
            "EM-11-gaps", "The wire codes of the message server.", because: "No source has them."),
    ]
}
