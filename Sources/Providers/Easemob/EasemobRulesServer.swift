import LoginCore

/// The rules of the token endpoint and the web API (easemob.md §1 to §3).
extension Easemob {
    // MARK: §1

    static let tokenRules = [
        Rule(
            "EM-1-client-credentials", "client_credentials with client id and secret gives an app token.", .doc,
            Source.appToken),
        Rule("EM-1-password", "password gives a user token, and needs no other token.", .seed, Source.seed),
        Rule(
            "EM-1-inherit",
            "inherit gives a user token without a password to whoever has an app token; autoCreateUser makes a user "
                + "who is missing.", .seed, Source.seed),
        Rule(
            "EM-1-content-type",
            "The documents ask for application/json; a JSON body is read whatever the content type calls it.",
            .header, Source.phpServer),
        Rule("EM-1-app-key", "An app key is org#app; in a URL the # is a slash.", .doc, Source.errors),
        Rule("EM-1-ttl-text", "ttl may be a number or a text of digits; the answer has a number.", .seed, Source.seed),
        Rule(
            "EM-1-ttl-wrong", "Any other ttl is answered 400 illegal_argument, \"ttl must be a number >= 0\".",
            .inferred, Source.usergrid),
        Rule(
            "EM-1-unit",
            "ttl and expires_in are seconds; on the cluster VIP 5, which is a setting, they are milliseconds.", .seed,
            Source.seed),
        Rule("EM-1-ttl-zero", "A token of ttl 0 never expires.", .seed, Source.seed),
        Rule(
            "EM-1-ttl-default",
            "Without a ttl a token lives for 60 days, or as long as the console says; a ttl overrides the console.",
            .doc, Source.userToken + "; " + Source.seed),
        Rule(
            "EM-1-answer", "A user token comes with expires_in and the user, an app token with the application's UUID.",
            .doc, Source.seed + "; " + Source.appToken),
        Rule("EM-1-case", "A user ID is kept and answered in lower case.", .seed, Source.seed),
        Rule(
            "EM-1-refetch",
            "A token may stop working before its end: after a 401 the app server fetches a new one, once.", .doc,
            Source.appToken),
        Rule("EM-1-text", "Tokens of the endpoint start with YWMt, the base64 of ac-.", .seed, Source.seed),
        Rule(
            "EM-1-dynamic",
            "A signed user token is dt- and a JSON object in URL-safe base64; its signature is the SHA-256, in "
                + "hexadecimal digits, of client id, app key, user ID, curTime, ttl and client secret.", .doc,
            Source.userToken),
    ]

    static let tokenErrorRules = [
        Rule("EM-1.1-password", "A wrong password: 400 invalid_grant, \"invalid password\".", .doc, Source.userToken),
        Rule(
            "EM-1.1-password-2023", "In the older words: 400 invalid_grant, \"invalid username or password\".", .doc,
            Source.errors),
        Rule(
            "EM-1.1-user",
            "An unknown user: 404 invalid_grant, \"user not found\"; for inherit 404 entity_not_found, \"User null not "
                + "found\".", .doc, Source.userToken),
        Rule("EM-1.1-banned", "A banned user: 400 invalid_grant, \"user not activated\".", .doc, Source.userToken),
        Rule(
            "EM-1.1-client",
            "A wrong client: 400 invalid_grant, \"client_id does not match\" or \"client_secret does not match\".",
            .doc, Source.errors),
        Rule(
            "EM-1.1-inherit-expired",
            "inherit with a bad or expired app token: 401 unauthorized, \"Unable to authenticate (OAuth)\".", .doc,
            Source.userToken),
        Rule(
            "EM-1.1-inherit-corrupt",
            "inherit with a user token or another app's token: 401 auth_bad_access_token, \"Unable to authenticate due "
                + "to corrupt access token\".", .doc, Source.userToken),
        Rule(
            "EM-1.1-name",
            "autoCreateUser with an illegal name: 400 illegal_argument, \"username [NAME] is not legal\".", .doc,
            Source.userToken + "; " + Source.recorded),
        Rule(
            "EM-1.1-long", "autoCreateUser with a name that is too long: 400 illegal_argument, \"USERNAME_TOO_LONG\".",
            .doc, Source.userToken),
        Rule(
            "EM-1.1-concurrent",
            "The same new user twice within a second: 409 concurrent_operation_error; a user who was there before is "
                + "no trouble.", .doc, Source.userToken),
        Rule(
            "EM-1.1-limit", "More users than the plan has: 429 resource_limited, with an advice to upgrade.", .doc,
            Source.userToken),
        Rule(
            "EM-1.1-app", "An unknown app: 404 organization_application_not_found, with the URI.", .doc,
            Source.errors),
        Rule(
            "EM-1.1-rate",
            "Too many calls: 429 reach_limit, \"This request has reached api limit\"; some pages end it with a full "
                + "stop.", .doc, Source.errors + "; " + Source.agora),
        Rule("EM-1.1-json", "A body that is no JSON: 400 json_parse, with the parser's words.", .doc, Source.errors),
        Rule(
            "EM-1.1-grant",
            "A missing or unknown grant_type: 400 invalid_grant, \"invalid username or password\".", .inferred,
            Source.usergrid),
        Rule(
            "EM-1.1-media",
            "A wrong media type: 415 web_application, \"Unsupported Media Type\"; not from the token endpoint, which "
                + "takes them all.", .doc, Source.errors),
        Rule(
            "EM-1.2-short", "A failure of credentials at the token endpoint has error and error_description only.",
            .inferred, Source.usergrid),
        Rule(
            "EM-1.2-full",
            "Every other error has error, exception, timestamp, duration and error_description; times are "
                + "milliseconds and duration is 0 mostly.", .recorded, Source.recorded),
    ]

    static let bearerRules = [
        Rule(
            "EM-1.3-expired", "An invalid or expired token: 401 unauthorized, \"Unable to authenticate (OAuth)\".",
            .recorded, Source.accounts + "; " + Source.recorded),
        Rule(
            "EM-1.3-expired-2023",
            "In the general page's words, an absent one too: \"Unable to authenticate due to expired access token\".",
            .doc, Source.errors),
        Rule(
            "EM-1.3-expired-2014", "In the oldest words, 401 expired_token with the same text.", .doc,
            Source.errors),
        Rule(
            "EM-1.3-corrupt",
            "A malformed one: 401 auth_bad_access_token, \"Unable to authenticate due to corrupt access token\".",
            .recorded, Source.errors + "; " + Source.recorded),
        Rule(
            "EM-1.3-foreign",
            "One of the right form that this server did not issue: 401 auth_bad_access_token, \"Unable to "
                + "authenticate\".", .doc, Source.errors),
        Rule(
            "EM-1.3-registration",
            "A registration without an app token in authorised mode: 401 unauthorized, \"registration is not open, "
                + "please contact the app admin\", or in later words \"Open registration doesn't allow, so register "
                + "user need token,\".", .recorded, Source.errors + "; " + Source.recorded),
        Rule(
            "EM-1.3-forbidden",
            "An app that is disabled: 403 forbidden_service_operation, \"Service operation not allowed\".", .doc,
            Source.accounts),
    ]

    // MARK: §2

    static let nameRules = [
        Rule("EM-2-length", "A user ID has 1 to 64 bytes.", .seed, Source.seed + "; " + Source.limits),
        Rule(
            "EM-2-characters",
            "A user ID is of a-z, A-Z, 0-9, _, - and the dot; the iOS header's expression leaves the dot out.", .seed,
            Source.seed + "; " + Source.limits + "; " + Source.headers),
        Rule(
            "EM-2-case", "Case does not count: Aa and aa are one user.", .doc,
            Source.limits + "; " + Source.accounts),
        Rule(
            "EM-2-password",
            "A password has at most 64 characters; the page that asks for 6 at least has examples with one.", .doc,
            Source.accounts),
        Rule("EM-2-batch", "One call registers 60 users at most.", .doc, Source.limits),
    ]

    // MARK: §3

    static let accountRules = [
        Rule(
            "EM-3-register",
            "POST users registers one or several: with an app token, or without one where registration is open.",
            .recorded, Source.accounts + "; " + Source.recorded),
        Rule(
            "EM-3-register-many",
            "In a list, names that exist are told in data and the others registered; the older page has the whole call "
                + "fail.", .doc, Source.accounts + "; " + Source.errors),
        Rule("EM-3-get", "GET users/NAME shows a user.", .doc, Source.accounts),
        Rule(
            "EM-3-delete", "DELETE users/NAME deletes a user and shows them once more; clients are told 207.", .doc,
            Source.accounts + "; " + Source.errors4),
        Rule(
            "EM-3-password",
            "PUT users/NAME/password sets a password without the old one: online devices are kicked, 216, and the old "
                + "password and all tokens are void; devices that were offline fail at their next login.", .doc,
            Source.accounts),
        Rule(
            "EM-3-ban",
            "POST users/NAME/deactivate bans: live clients are kicked at once, 305, and there is no login until the ban "
                + "is lifted; it never lifts by itself.", .recorded, Source.accounts + "; " + Source.recorded),
        Rule(
            "EM-3-unban", "POST users/NAME/activate lifts a ban; the answer shows no user.", .recorded,
            Source.accounts + "; " + Source.recorded),
        Rule(
            "EM-3-disconnect", "GET users/NAME/disconnect ends the sessions of all devices, 217.", .doc,
            Source.accounts + "; " + Source.v5),
        Rule(
            "EM-3-disconnect-one", "DELETE users/NAME/disconnect/RESOURCE ends one device's session; GET does too.",
            .doc, Source.accounts + "; " + Source.javaServer),
        Rule("EM-3-status", "GET users/NAME/status says online or offline.", .doc, Source.accounts),
        Rule(
            "EM-3-batch-status",
            "POST users/batch/status asks about 100 users at most; unknown ones are offline.", .doc, Source.accounts),
        Rule(
            "EM-3-resources", "GET users/NAME/resources lists the devices that are online.", .doc, Source.accounts),
        Rule(
            "EM-3-duplicate", "A user who exists: 400 duplicate_unique_property_exists, with the app's UUID.",
            .recorded, Source.accounts + "; " + Source.recorded),
        Rule(
            "EM-3-no-password", "No password: 400 illegal_argument, \"password or pin must provided\".", .recorded,
            Source.accounts + "; " + Source.recorded),
        Rule(
            "EM-3-no-name", "No name: 400 illegal_argument, \"Entity user requires a property named username\".", .doc,
            Source.errors),
        Rule(
            "EM-3-no-newpassword", "No newpassword: 400 illegal_argument, \"newpassword is required\".", .doc,
            Source.accounts),
        Rule(
            "EM-3-unknown",
            "An unknown user: 404 service_resource_not_found to get, delete, ban and unban, and 404 entity_not_found, "
                + "\"User null not found\", to the change of a password.", .doc, Source.accounts),
        Rule(
            "EM-3-rate",
            "Per second and app: 300 tokens, 100 registrations, 100 of each other account call, 50 questions about "
                + "many statuses.", .doc, Source.limits),
    ]
}
