import LoginCore

/// Rules about the server's API and what it means: commsease.md §11, §12, §14.
extension CommsEase {
    static let serverRules = [
        Rule(
            "CE-11.1-checksum",
            "Every call carries AppKey, Nonce (128 characters at most), CurTime (seconds since 1970) and CheckSum: "
                + "SHA-1 of app secret, Nonce and CurTime, in lower-case hexadecimal.",
            .recorded, Source.recorded + "; " + Source.h8),
        Rule(
            "CE-11.1-window", "A CheckSum holds for five minutes, counted from CurTime.", .recorded, Source.recorded),
        Rule(
            "CE-11.1-repeat", "A request id that the server has seen is answered 431.", .inferred,
            Source.h8 + "; " + Source.d4),
        Rule(
            "CE-11.1-status",
            "The body of a V1 call is a form; the answer is JSON under HTTP status 200, failures too.", .header,
            Source.h8),
        Rule(
            "CE-11.2-accid",
            "An account is 1 to 32 letters, digits, _ @ . or -, in any case; the server keeps and returns it in lower "
                + "case, and that is the form to use.",
            .seed, Source.s2),
        Rule(
            "CE-11.2-create", "/user/create.action makes an account and answers with its token.", .seed,
            Source.s2 + "; " + Source.h8),
        Rule(
            "CE-11.2-token", "A token has at most 128 characters; left out at creation, the server makes one.", .seed,
            Source.s2),
        Rule(
            "CE-11.2-token-form", "A token that the server makes is 32 lower-case hexadecimal digits.", .recorded,
            Source.recorded),
        Rule(
            "CE-11.2-parameters",
            "Most characters at creation: name and email 64, token 128, sign 256, birth 16, mobile 32, props, icon "
                + "and ex 1024. The gender is 0, 1 or 2, anything else a parameter error.",
            .seed, Source.s2 + "; " + Source.h8),
        Rule("CE-11.2-update", "/user/update.action replaces the token by the one given.", .seed, Source.s2),
        Rule(
            "CE-11.2-refresh-token", "/user/refreshToken.action replaces the token by a new one and answers with it.",
            .seed, Source.s2),
        Rule(
            "CE-11.2-block",
            "/user/block.action bans an account; with needkick its clients are kicked, and kickNotifyExt (256 "
                + "characters) goes with the kick.",
            .seed, Source.s2 + "; " + Source.d6),
        Rule(
            "CE-11.2-kick-text",
            "An SDK before 7.7.0 is kicked without kickNotifyExt; the console's setting kickTextSince holds the "
                + "version.",
            .doc, Source.d6),
        Rule("CE-11.2-unblock", "/user/unblock.action lifts a ban.", .seed, Source.s2),
        Rule(
            "CE-11.2-unbind-push",
            "A ban takes needUnbindPushToken, false when left out; the lab has no push messages and only shows it.",
            .recorded, Source.recorded),
        Rule(
            "CE-11.2-mute",
            "/user/mute.action mutes an account everywhere or lifts that; it is a ban on messages, not on logins.",
            .header, Source.h8 + "; " + Source.recorded),
        Rule(
            "CE-11.2-mute-module",
            "/user/muteModule.action mutes an account by module, muteP2P, muteTeam, muteRoom and muteQChat, and "
                + "answers with all four.",
            .header, Source.h8),
        Rule(
            "CE-11.2-online-status",
            "/user/userOnlineStatus.action takes a JSON list of 100 accounts at most and answers with those that it "
                + "does not know, and with client type and login time for each client that is online; a list in bad "
                + "format is answered 414.",
            .header, Source.h8 + "; " + Source.recorded),
        Rule(
            "CE-11.2-exists", "Creating an account that exists is answered 414 \"already register\".", .recorded,
            Source.recorded),
        Rule(
            "CE-11.2-unknown", "A call for an account that does not exist is answered 414 \"… not register\".",
            .recorded, Source.recorded),
        Rule(
            "CE-11.2-bad-headers",
            "A wrong CheckSum is answered 414 \"checksum\", an unknown app key 414 \"appkey\", a CurTime outside the "
                + "five minutes 414 \"CurTime is expired\".",
            .recorded, Source.recorded),
        Rule(
            "CE-11.3-kick",
            "POST /im/v2/accounts/{id}/actions/kick kicks all devices, those listed, or all but those listed, and "
                + "answers which were kicked and which were not.",
            .doc, Source.d7 + "; " + Source.h8),
        Rule(
            "CE-11.3-create",
            "POST /im/v2/accounts makes an account from account_id, token, configuration and user_information, and "
                + "answers with all of them; account_id is stored in lower case.",
            .doc, Source.d7 + "; " + Source.h8),
        Rule(
            "CE-11.3-update",
            "PATCH /im/v2/accounts/{id} changes token, configuration and user_information; with need_kick the "
                + "account's clients are kicked.",
            .doc, Source.d7 + "; " + Source.h8),
        Rule(
            "CE-11.3-refresh-token",
            "PATCH /im/v2/accounts/{id}/actions/refresh_token replaces the token by a new one and answers with it.",
            .doc, Source.d7 + "; " + Source.h8),
        Rule(
            "CE-11.3-disable",
            "PATCH /im/v2/accounts/{id}/actions/disable bans with enabled false and lifts the ban with enabled true; "
                + "need_kick and kick_notify_extension (256 characters) are the ban's.",
            .doc, Source.d7 + "; " + Source.h8),
        Rule(
            "CE-11.3-read", "GET /im/v2/accounts/{id} tells one account, GET /im/v2/accounts?account_ids=a,b several.",
            .header, Source.h8),
        Rule(
            "CE-11.3-codes",
            "V2 answers 102404 for an account that does not exist, 102405 for one that exists already, 414 for a "
                + "parameter error.",
            .doc, Source.d7),
        Rule(
            "CE-11.3-rate",
            "An app may create 100 accounts a second; one more is answered 416, and so is every one for 10 seconds. "
                + "The console's setting rateLimit holds the number.",
            .doc, Source.d7),
        Rule(
            "CE-11.3-base", "V2 paths are served with and without /nimserver before them.", .header, Source.h8),
    ]

    static let accountRules = [
        Rule(
            "CE-1-first-need", "A user who was there before messaging is given an account at the first need.", .seed,
            Source.s1),
        Rule(
            "CE-1-console",
            "The console lists the accounts that were made in it; those of the web API never show there.", .seed,
            Source.s1),
        Rule(
            "CE-1-banned-count",
            "Accounts cannot be deleted, only banned; a banned one still counts in the total.", .seed,
            Source.s1 + "; " + Source.s2),
        Rule(
            "CE-6-wake-up",
            "A wake-up in the background that logs in automatically makes its account count as active that day, once.",
            .seed, Source.s1),
    ]

    static let semanticsRules = [
        Rule(
            "CE-12.1",
            "A ban without needkick leaves live connections alone and working; only the next login is refused. With "
                + "needkick they are kicked.",
            .seed, Source.s2 + "; " + Source.d6),
        Rule(
            "CE-12.2",
            "A banned account is refused with 422. Lifting the ban makes the next login work; nothing comes back by "
                + "itself.",
            .doc, Source.d4),
        Rule(
            "CE-12.3",
            "When the token was replaced, a login with the old one is refused with 302; that a live connection stays "
                + "is inferred.",
            .seed, Source.s2),
        Rule(
            "CE-12.4", "A change of the device policy counts for later logins only; a mute never touches a login.",
            .doc, Source.d8 + "; " + Source.d4),
        Rule(
            "CE-12.5",
            "An account that exists in another case of letters counts as registered.", .inferred, Source.s2),
        Rule(
            "CE-12.6", "Logged in is not ready: sending is safe only when the data is in sync.", .doc, Source.d1),
    ]

    static let defaultRules = [
        Rule(
            "CE-14.1",
            "One generation per client, V9 iOS: an automatic login stops on 302, 317, 403, 404, 414, 417 and 422, and "
                + "goes on after 408, 415, 416, 500, 503 and a link that fails.",
            .inferred, Source.silentNumber),
        Rule(
            "CE-14.2",
            "A login is checked in this order, the first that fails answers: app key, kind of token, account, ban, "
                + "token, last device.",
            .inferred, Source.silentNumber),
        Rule("CE-14.2-appkey", "A login with an unknown app key is refused with 302.", .inferred, Source.silentNumber),
        Rule(
            "CE-14.2-auth-type", "A login by a kind of token that is not enabled is refused with 403.", .inferred,
            Source.silentNumber),
        Rule(
            "CE-14.2-account", "A login of an account that does not exist is refused with 302.", .inferred,
            Source.silentNumber),
        Rule("CE-14.2-banned", "A login of a banned account is refused with 422.", .inferred, Source.silentNumber),
        Rule(
            "CE-14.2-credential", "A login with a token that is not valid is refused with 302.", .inferred,
            Source.silentNumber),
        Rule(
            "CE-14.2-device",
            "An automatic login that is not forced is refused with 417 when another device logged in last.", .inferred,
            Source.silentNumber),
        Rule(
            "CE-14.2-v10",
            "A V10 client is told 101303, 101305, 102404, 102422 and 102302 where a V9 client is told 302, 403, 302, "
                + "422 and 302.",
            .inferred, Source.h3),
        Rule(
            "CE-13-banned-code",
            "A banned account is refused with 422; sources that say 403 or 301 can be played with the console's "
                + "setting bannedCode.",
            .doc, Source.d4 + "; some sources have 403 or 301"),
        Rule(
            "CE-13-callback-code",
            "A login that its callback refuses is told 302; the 463 of the V10 table can be played with the console's "
                + "setting callbackRefusalCode.",
            .seed, Source.s0 + "; " + Source.h3 + " has 463"),
        Rule(
            "CE-14.2-accepted",
            "A login that is let in kicks those whom the policy excludes, makes its device the last one, is answered "
                + "with the other clients, and is told to them.",
            .inferred, Source.silentNumber),
        Rule(
            "CE-14.3",
            "The last device is kept per account under policy 1, per desktop and mobile under policy 2, and does not "
                + "matter under policy 3. Only a login that works changes it.",
            .inferred, Source.silentNumber),
        Rule(
            "CE-14.4", "A manual login is one attempt; a reconnect is automatic, without a limit, and never forced.",
            .inferred, Source.silentNumber),
        Rule(
            "CE-14.5", "Heartbeat 30 s, five probes of 3 s, login answer 30 s, logout 1 s.", .inferred,
            Source.silentNumber),
        Rule(
            "CE-14.6",
            "A ban with kick: kick with reason 2 and the operator's text, link closed, no reconnect. A ban without: "
                + "nothing is sent, and the next reconnect is refused with 422.",
            .inferred, Source.silentNumber),
        Rule(
            "CE-14.7", "The web API always answers HTTP 200; readers must not count on the order of its keys.",
            .inferred, Source.silentNumber),
    ]
}
