import LoginCore

/// The V9 code table (commsease.md §7.1), each row with what is done about the code and where that is known from.
extension CommsEase {
    /// `why` follows the meaning and the verdicts in the rule's text; empty when there is nothing to add.
    private static func row(
        _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, automatic: Verdict,
        isReportedWhileRetrying: Bool = false, _ tag: RuleTag, _ source: String, why: String = ""
    ) -> CodeRow {
        let verdict =
            switch automatic {
            case .stop: "An automatic login stops on it."
            case .retry: "An automatic login tries again."
            }
        let rule = LoginPolicy.CodeRule(
            code: code, name: name, meaning: meaning, kind: kind, automatic: automatic,
            isReportedWhileRetrying: isReportedWhileRetrying, rule: RuleID("CE-7.1-\(code)"))
        let addition = "A manual login reports it and stops. \(verdict)"
        return CodeRow(rule, addition: why.isEmpty ? addition : "\(addition) \(why)", tag, source)
    }

    /// The rows that a login can meet; the rest of §7.1 is listed under what is not modelled.
    static let codeRows: [CodeRow] = [
        row(
            201, "client version", "The SDK is of a version that the server does not take; upgrade it.", .version,
            automatic: .stop, .inferred, Source.d4),
        row(
            301, "account or channel banned", "The account, or the channel it came by, is banned.", .banned,
            automatic: .stop, .inferred, Source.d4),
        row(
            302, "wrong account or token",
            "App key, account and token do not match: the token is wrong or not the latest, the account belongs to "
                + "another app, or the app server refused it.",
            .credential, automatic: .stop, .seed, Source.s0 + "; " + Source.s2 + "; " + Source.h7),
        row(
            310, "address blocked", "The address that the client came from is blocked.", .permission,
            automatic: .retry, .ours, Source.h7 + "; " + Source.silentVerdict),
        row(
            315, "IP not allowed", "The client's IP address is not among those allowed.", .permission,
            automatic: .retry, .ours, Source.d4 + "; " + Source.silentVerdict),
        row(
            317, "client version expired", "The client's version has expired or does not match the server's.", .version,
            automatic: .stop, .header, Source.h7),
        row(
            398, "temporarily forbidden", "The server does not take this request for now; look the address up again.",
            .server, automatic: .retry, .header, Source.h3 + "; " + Source.h5),
        row(
            399, "wrong server unit", "The client reached the wrong unit of servers; look the address up again.",
            .server, automatic: .retry, .header, Source.h3 + "; " + Source.h5),
        row(
            403, "no permission", "The login is not permitted, or its kind of token is not switched on for the app.",
            .permission, automatic: .stop, .doc, Source.d1 + "; " + Source.d2),
        row(
            404, "not found", "What the login names does not exist.", .parameter, automatic: .stop, .header, Source.h7,
            why: "A new token would not bring the account into being, so the app does not fetch one."),
        row(
            408, "timeout", "The link was not up, or the login not answered, in time; the client says so itself.",
            .network, automatic: .retry, .doc, Source.d2),
        row(
            414, "bad parameter", "A value of the login is wrong, or the app had no token to give.", .parameter,
            automatic: .stop, .doc, Source.d1),
        row(
            415, "cannot reach the server",
            "The network is broken, or the server cannot be reached; the client says so itself.", .network,
            automatic: .retry, .doc, Source.d2),
        row(
            416, "too frequent", "There were too many requests in a short time.", .server, automatic: .retry,
            isReportedWhileRetrying: true, .inferred, Source.h1 + "; " + Source.h7,
            why: "It is told through onAutoLoginFailed: and is on no list of codes that stop."),
        row(
            417, "not the last device", "Another device logged in last, or this login conflicts with one that is on.",
            .device, automatic: .stop, .header, Source.h1 + "; " + Source.h7,
            why: "A manual login is never checked for this."),
        row(
            422, "account banned", "The account is banned.", .banned, automatic: .stop, .doc,
            Source.d4 + "; " + Source.h7),
        row(
            431, "device not trusted", "The device is not trusted, or the same request came twice.", .server,
            automatic: .retry, .inferred, Source.h7 + "; " + Source.d4),
        row(
            500, "internal error", "The server failed.", .server, automatic: .retry, .header, Source.h7),
        row(
            503, "server busy", "The server is busy.", .server, automatic: .retry, .header, Source.h7),
        row(
            508, "validity exceeded", "The time in which the request was valid has passed.", .server,
            automatic: .retry, .ours, Source.d4 + "; " + Source.silentVerdict),
        row(
            509, "invalid protocol", "The server does not know this protocol.", .server, automatic: .retry, .ours,
            Source.d4 + "; " + Source.silentVerdict),
        row(
            514, "service unavailable", "The service is not available.", .server, automatic: .retry, .header, Source.h7),
        row(
            997, "protocol disabled", "This protocol is switched off.", .server, automatic: .retry, .ours,
            Source.d4 + "; " + Source.silentVerdict),
        row(
            998, "unpacking failed", "What was sent could not be unpacked.", .server, automatic: .retry, .ours,
            Source.d4 + "; " + Source.silentVerdict),
        row(
            999, "packing failed", "The answer could not be packed.", .server, automatic: .retry, .ours,
            Source.d4 + "; " + Source.silentVerdict),
    ]

    /// The row for a code that the table does not have: it may heal, so an automatic login goes on (ours).
    static let unknownCode = LoginPolicy.CodeRule.unknown("OURS-unknown-code")
}
