import LoginCore

/// The V10 code table (commsease.md §7.2), with the list of those that end a login call or a reconnection.
extension CommsEase {
    /// `name` is the text of the SDK's own table; a code is terminal in a call and in a reconnection alike.
    private static func v10(
        _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, _ verdict: Verdict,
        _ tag: RuleTag = .header, _ source: String = Source.h3 + "; " + Source.d9 + "; " + Source.h5
    ) -> CodeRow {
        let what =
            switch verdict {
            case .stop: "It ends a login call and a reconnection at once."
            case .retry: "A login call tries again without a pause, a reconnection after the back-off."
            }
        let rule = LoginPolicy.CodeRule(
            code: code, name: name, meaning: meaning, kind: kind, manual: verdict, automatic: verdict,
            rule: RuleID("CE-7.2-\(code)"))
        return CodeRow(rule, addition: what, tag, source)
    }

    /// A code that is on neither of the SDK's lists.
    private static func unlisted(_ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind) -> CodeRow {
        v10(code, name, meaning, kind, .retry, .ours, Source.h3 + "; not on the SDK's list of codes that stop")
    }

    static let v10CodeRows: [CodeRow] =
        v10ServerRows + v10AppRows + v10AccountRows + v10LocalRows

    private static let v10ServerRows = [
        v10(201, "handshake error", "The link's handshake failed.", .version, .stop),
        v10(204, "need fallback", "Another way to the server is to be used.", .server, .retry),
        v10(302, "wrong account or token", "The server's raw code for 102302.", .credential, .stop),
        v10(317, "client version expired", "The SDK is too old for the server.", .version, .stop),
        v10(
            398, "request temporarily forbidden", "The server does not take the request for now.", .server, .retry),
        v10(399, "server unit error", "The client reached the wrong unit of servers.", .server, .retry),
        v10(403, "forbidden", "The login is not permitted.", .permission, .stop),
        v10(404, "not found", "What the login names does not exist.", .parameter, .stop),
        v10(
            414, "parameter error", "A value of the login is wrong, or the app had no token to give.", .parameter,
            .stop),
        v10(416, "rate limit exceeded", "There were too many requests in a short time.", .server, .retry),
        v10(
            417, "multi login forbidden", "Another device logged in last, or the limit of devices is reached.",
            .device, .stop),
        v10(422, "account banned (raw)", "The server's raw code for 102422.", .banned, .stop),
        v10(449, "need retry", "The server asks for another try.", .server, .retry),
        unlisted(463, "callback forbidden", "The app server refused the login by its callback.", .permission),
        v10(500, "internal server error", "The server failed.", .server, .retry),
        v10(503, "server busy", "The server is busy.", .server, .retry),
        v10(511, "app server unreachable", "The server could not reach the app server.", .server, .retry),
        v10(514, "service unavailable", "The service is not available.", .server, .retry),
    ]

    private static let v10AppRows = [
        v10(101_301, "IM disabled", "Messaging is switched off for the app.", .permission, .stop),
        unlisted(101_302, "service address invalid", "The address of the service is wrong.", .server),
        v10(101_303, "appkey not exist", "There is no app with this key.", .permission, .stop),
        v10(101_304, "bundleid check failed", "The app is not the one that was registered.", .permission, .stop),
        unlisted(101_305, "illegal auth type", "The kind of token is not switched on for the app.", .permission),
        v10(101_403, "appkey blocked", "The app is blocked.", .permission, .stop),
    ]

    private static let v10AccountRows = [
        v10(102_301, "login record not found", "The server has no record of a login.", .server, .retry),
        v10(
            102_302, "invalid token", "Account and token do not match, or the token is not the latest.", .credential,
            .stop),
        v10(102_303, "robot not allowed", "The account is a robot's.", .permission, .stop),
        v10(102_404, "account not exist", "There is no such account.", .parameter, .stop),
        v10(102_405, "account already exists", "The account is there already.", .parameter, .retry),
        v10(102_421, "account chat banned", "The account is muted, which touches no login.", .server, .retry),
        v10(102_422, "account banned", "The account is banned.", .banned, .stop),
        v10(102_434, "account limit", "The app has as many accounts as it may.", .server, .retry),
        v10(
            102_449, "account need retry", "The operation on the account is to be tried again.", .server, .retry),
        v10(103_404, "user profile not exist", "The account has no profile.", .parameter, .stop),
    ]

    private static let v10LocalRows = [
        v10(190_001, "internal error", "The SDK failed.", .server, .retry),
        v10(190_002, "illegal state", "The SDK does not take the call in this state.", .parameter, .retry),
        v10(191_001, "misuse", "The call is not meant to be made so.", .parameter, .retry),
        v10(191_002, "operation cancelled", "Another call took the place of this one.", .parameter, .stop),
        v10(191_003, "callback failed", "A function of the app's threw.", .parameter, .retry),
        v10(191_004, "invalid parameter", "The account or the token is empty.", .parameter, .retry),
        v10(191_005, "timeout", "The login call took longer than its time.", .network, .retry),
        v10(192_001, "connect failed", "The link could not be made.", .network, .retry),
        v10(192_002, "connect timeout", "The link was not up in time.", .network, .retry),
        v10(192_003, "disconnected", "The link broke.", .network, .retry),
        v10(192_004, "protocol timeout", "The server did not answer in time.", .network, .retry),
        v10(192_005, "protocol send failed", "The request could not be sent.", .network, .retry),
        v10(192_006, "request failed", "The request failed.", .network, .retry),
    ]

    /// The row for a code that the table does not have: not on the list of those that stop (ours).
    static let v10UnknownCode = LoginPolicy.CodeRule(
        code: 0, name: "unknown code", meaning: "The reference has no row for this code.", kind: .server,
        manual: .retry, automatic: .retry, rule: "OURS-unknown-code")
}
