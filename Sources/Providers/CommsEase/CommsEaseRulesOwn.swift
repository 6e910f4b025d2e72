import LoginCore

/// What the lab decided because no source does, and what it leaves out.
extension CommsEase {
    static let ownRules = [
        Rule(
            "OURS-unknown-code",
            "A code that the table does not have ends a manual login; an automatic one tries again.", .ours,
            Source.silentVerdict),
        Rule(
            "OURS-415-408",
            "415 stands for refused, unreachable, closed or reset before the login was answered; 408 for no link in "
                + "10 seconds or no answer to the login in 30.",
            .ours, "the sources name both codes and draw no line between them"),
        Rule(
            "OURS-404-kind",
            "Only 302 counts as trouble with the token: after 404 and 414 the app does not fetch a new one.", .ours,
            "a new token does not mend an account or a parameter that is wrong"),
        Rule(
            "OURS-same-device",
            "A login from a device that still has a session takes its place silently: no kick, no 417.", .ours,
            "a restart after a crash must not kick itself"),
        Rule(
            "OURS-eleventh-device", "Under policy 3 the eleventh device makes the oldest session go, with reason 1.",
            .ours, "the documentation is silent; a public demo's comment says the first is kicked"),
        Rule(
            "OURS-desktop-group", "Under policy 2 a client type that no source names counts as desktop.", .ours,
            "the sources are silent"),
        Rule(
            "OURS-expiry-online", "A live link survives the end of its token.", .ours, "the sources are silent"),
        Rule(
            "OURS-dynamic-clock", "A dynamic token whose curTime lies more than five minutes ahead is refused.", .ours,
            "the sources name no tolerance for dynamic tokens; this is the web API's"),
        Rule(
            "OURS-early-renewal",
            "The app renews a token that ends at 80 % of its life, and again at 90 % and 95 % when that failed.", .ours,
            "how an app renews is the app's affair"),
        Rule(
            "OURS-renew-once",
            "After 302 the app fetches one new token and starts one manual login; refused again, it shows its login "
                + "screen.",
            .ours, "how an app recovers is the app's affair"),
        Rule(
            "OURS-drop-saved", "After 417 the app drops its saved login.", .ours,
            "the sources say that the app logs out and shows its login screen, not what it keeps"),
        Rule(
            "OURS-random-account", "The app server makes account names at random and never from the person's name.",
            .ours, "an account name is seen by others"),
        Rule(
            "OURS-token-visible", "A token that is typed must have no invisible characters.", .ours,
            "in a token that was pasted they are nearly always a slip"),
        Rule(
            "OURS-link", "The link's frames are the lab's own.", .ours, "the provider's link protocol is closed"),
        Rule(
            "OURS-console", "The console's settings have an address of their own beside the web API.", .ours,
            "the provider's console is a web page"),
        Rule(
            "OURS-header-order", "The web API checks app key, CheckSum and CurTime in this order.", .ours,
            "the sources name the answers and not their order"),
        Rule(
            "OURS-future-curtime", "A CurTime more than five minutes ahead is expired as well.", .ours,
            "the sources count from CurTime on and ask for clocks in sync"),
        Rule(
            "OURS-online-status",
            "The status of accounts has those that are online only, each once, with login times in milliseconds; an "
                + "account that is not known is told as it was written.",
            .ours, "the sources show the shape and no account that is offline"),
        Rule(
            "OURS-mute-module",
            "A module that a mute by module leaves out stays as it is, and the mute everywhere "
                + "stands apart from the modules.",
            .ours, "the sources name the parameters and no default"),
        Rule(
            "OURS-empty-gender", "An empty gender counts as left out.", .ours,
            "forms are often sent with every field in them, and nothing is lost by it"),
        Rule(
            "OURS-need-kick",
            "need_kick kicks with every update of an account that has it, and with disable only when that bans.", .ours,
            "the sources name the parameter and not what it hangs on"),
        Rule(
            "OURS-v2-answers",
            "V2 tells an account under configuration, spelt so, with the token after create, update, refresh_token "
                + "and read, and with user_information after create, update and read.",
            .ours, "the documentation shows the answer to create, and a misspelt key in another sample"),
        Rule(
            "OURS-v2-look-up", "A look-up of several accounts takes 100 at most and tells no tokens.", .ours,
            "the sources give no limit"),
        Rule(
            "OURS-routes",
            "A path that the web API does not have is answered 404, another method 405, under status 200.",
            .ours, "the sources are silent"),
        Rule(
            "OURS-lenient-forms",
            "A form's parameters may stand in the query, flags are true and false in any case of letters, and an "
                + "empty flag counts as left out.",
            .ours, "programs in many languages print them so, and nothing is lost by it"),
        Rule(
            "OURS-rate-kinds",
            "Every kind of call has a limit of its own, counted by the second of the clock; the console has none.",
            .ours, "the sources name the number for creation and the code for all"),
        Rule(
            "OURS-kick-text",
            "An SDK that does not say its version counts as new enough for a kick's text, and V2's texts are held to "
                + "the same version.",
            .ours, "the sources have the version beside V1's parameter only"),
        Rule(
            "OURS-callback-types", "Only logins of type 2 are asked about.", .ours,
            "the question has a field for every type, and the sources describe type 2"),
        Rule(
            "OURS-callback-token",
            "The app server's tokens of type 2 end by themselves, and it lets in who has one for an account of its "
                + "own.",
            .ours, "what an app server makes of a question is the app's affair"),
        Rule(
            "OURS-active-day", "The day of the active accounts begins at midnight UTC.", .ours,
            "the sources do not say whose day it is"),
        Rule(
            "OURS-long-life", "A dynamic token with a life of more than 24 hours works, and is noted.", .ours,
            "whoever gets hold of it can use it as long"),
        Rule(
            "OURS-unbind",
            "An account that is taken from its person stays with the provider and keeps its token; who binds it again "
                + "gets a new one.",
            .ours, "accounts cannot be deleted"),
    ]

    static let leftOut = [
        NotModelled(
            "CE-3-offline-mode", "offlineMode, routeConfig and syncLevel of V10's login options.",
            because: "The lab keeps no messages and has one route; its one sync stands for all levels."),
        NotModelled(
            "CE-3-queries", "V10's reading calls, such as getLoginClients and getDataSync.",
            because: "What they answer stands on the screen."),
        NotModelled(
            "CE-5.3-logout-unlogin", "A logout in UNLOGIN that cleans up and still answers 190002.",
            because: "It looks like a slip of one version; the lab cleans up and succeeds."),
        NotModelled(
            "CE-2-pc", "The V9 calls of Windows, macOS and Linux, and the codes that they stop on.",
            because: "PC is a client type of V10 here; its V9 SDK has statuses of its own that nothing else shares."),
        NotModelled(
            "CE-2-login-ext", "A login extension of the app's own making.",
            because: "The lab's app gives a fixed text, which the link carries to the login callback."),
        NotModelled(
            "CE-2-local-data", "Local data that opens at once with an automatic login, and the team syncs.",
            because: "The lab keeps no messages; its one sync stands for all of them."),
        NotModelled(
            "CE-2-retry-limit-set", "maxAutoLoginRetryTimes above 0 and the error that ends it.",
            because: "The default is no limit, and the number of the error differs between header versions."),
        NotModelled(
            "CE-4-custom-client", "Custom client types, custom tags and the operating system of a client.",
            because: "They are passed through and decide nothing at a login."),
        NotModelled(
            "CE-6-for-ever", "Android's list of states after which not even a restart logs in automatically.",
            because: "It is an old helper; the newer documents know one list, which a restart must not shorten."),
        NotModelled(
            "CE-7.1-local", "Codes of the SDK's own: 1000, 20000 to 20007, and the iOS local errors.",
            because: "The lab's form and menus do not let an operation begin that would raise them."),
        NotModelled(
            "CE-7.1-not-login", "413, 418, 419 and 423.",
            because: "The documents give them to text messages, mutes and quantities, not to logins."),
        NotModelled(
            "CE-8-web-backoff", "The back-off of the V9 web SDK.",
            because: "The web SDK of V9 is not among those that are played."),
        NotModelled(
            "CE-8-lookup", "The look-up of a server address before the link, and its 10 seconds.",
            because: "The link's address comes from the app server."),
        NotModelled(
            "CE-8-45s", "The rule that a manual login without an answer reconnects after 45 seconds.",
            because: "It is at odds with one attempt per manual login, and with the 30 seconds of the defaults."),
        NotModelled(
            "CE-9-policy-4", "Policy 4, custom groups of devices.", because: "No public document describes it."),
        NotModelled(
            "CE-11.2-profile", "What becomes of a card's fields: calls for name cards, friends and checks of texts.",
            because: "The fields are kept and told with the account; they do not touch a login."),
        NotModelled(
            "CE-11.2-push", "Bindings of push tokens, and the push settings of an account.",
            because: "The lab has no push messages."),
        NotModelled(
            "CE-11.3-retry", "102449, an operation on an account that must be tried again.",
            because: "The lab does one call after another, so none gets in another's way."),
    ]
}
