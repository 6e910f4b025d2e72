import LoginCore

/// The server's codes: tickets (tencent.md §1.4), accounts and the web API (§5).
extension Tencent {
    /// In the order in which a ticket is checked.
    static let ticketCodes: [CodeRow] = [
        ticket(70002, "UserSig empty", "The UserSig has no length.", .parameter),
        ticket(
            70003, "UserSig unreadable", "The UserSig cannot be read: it is cut off, damaged, or no UserSig at all.",
            .credential),
        ticket(70005, "UserSig incomplete", "A claim of the UserSig is missing or of the wrong type.", .credential),
        ticket(70020, "SDKAppID not found", "There is no app with this SDKAppID.", .permission),
        ticket(70016, "no key", "The app has no key to check UserSigs with.", .permission),
        ticket(
            70014, "another SDKAppID", "The request's SDKAppID is not the one that the UserSig was made for.",
            .credential),
        ticket(
            70013, "another UserID", "The request's UserID is not the one that the UserSig was made for.",
            .credential),
        ticket(
            70009, "UserSig does not fit",
            "The UserSig's signature is wrong; as a rule it was made with another app's key.", .credential),
        ticket(70001, "UserSig expired", "The UserSig has expired; make a new one.", .credential),
        ticket(
            70052, "UserSig void", "The UserSig was made before a kick by the web API; make a new one.", .credential),
        ticket(
            70050, "too many failed checks", "Too many UserSigs were refused; try again after a minute.", .server),
        ticket(70051, "account blacklisted", "The account is on the blacklist.", .banned),
        ticket(70114, "login restricted", "Security restricts the login; do not log in so often.", .banned),
        ticket(70169, "internal timeout", "The server's own time ran out; try again.", .server, automatic: .retry),
        ticket(
            70202, "internal timeout of accounts", "The server's own time ran out; try again.", .server,
            automatic: .retry),
        ticket(70500, "internal error", "The server failed; try again.", .server, automatic: .retry),
    ]

    private static func ticket(
        _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, automatic: Verdict = .stop
    ) -> CodeRow {
        row(
            code, name, meaning, kind, automatic: automatic, section: "1.4", .header,
            Source.codeHeader + "; " + Source.codes)
    }

    static let accountCodes: [CodeRow] = [
        row(
            2801, "domain not allowed", "The web page's domain is not among those allowed.", .permission, .doc,
            Source.codes),
        row(
            20002, "ticket refused by messages", "The message service does not take the UserSig or the ticket.",
            .credential, .header, Source.codeHeader),
        row(
            20004, "message service unreachable", "Not a code of logins: the message service could not be reached.",
            .network, .header, Source.codeHeader),
        row(
            60020, "plan expired", "The app's plan is missing, has expired or is not active yet.", .permission, .doc,
            Source.codes),
        row(
            70398, "too many accounts", "The app has as many accounts as its plan allows: 100 in the free one.",
            .permission, .doc, Source.codes),
        row(
            90101, "already initialised", "The SDK is initialised already; an older SDK's word.", .parameter, .header,
            Source.codeHeader),
        row(
            91101, "too many web pages", "A web page was kicked: there are too many of one account.", .device,
            .header, Source.codeHeader),
    ]

    /// Codes of the web API alone; no login meets them.
    static let restCodes: [CodeRow] = [
        rest(40006, "import failed", "The account could not be imported."),
        rest(40601, "import not allowed", "The import is not allowed."),
        rest(60002, "bad URL", "The HTTP URL cannot be read."),
        rest(60003, "bad JSON", "The body is not JSON."),
        rest(60004, "wrong UserID or UserSig", "The UserID or the UserSig in URL or body is wrong."),
        rest(60005, "wrong UserID or UserSig", "The UserID or the UserSig in URL or body is wrong."),
        rest(60006, "invalid SDKAppID", "The SDKAppID is invalid."),
        rest(60007, "API rate limit", "The API is called too often."),
        rest(60008, "service timeout", "The service took too long, or the HTTP request is wrong."),
        rest(60009, "unknown resource", "The URL names no service and command."),
        rest(60010, "not an admin", "The identifier is not an app admin's."),
        rest(60011, "app rate limit", "The app asks too often."),
        rest(60012, "no SDKAppID", "The SDKAppID is missing."),
        rest(60013, "bad JSON in the answer", "The answer's JSON is wrong."),
        rest(60014, "account exchange timeout", "The exchange of accounts took too long."),
        rest(60015, "UserID not a text", "The UserID in the body is not a text."),
        rest(60016, "app disabled", "The app is disabled."),
        rest(60017, "request disabled", "The request is disabled."),
        rest(60018, "too frequent", "The calls are too frequent."),
        rest(60019, "too frequent", "The calls are too frequent."),
        rest(60021, "source IP not allowed", "The call does not come from an IP address that is allowed."),
        rest(70107, "no such account", "The account does not exist."),
        rest(70399, "deleted too recently", "The account was deleted too recently to be imported again."),
        rest(70402, "invalid parameters", "The parameters are invalid."),
        rest(70403, "admin needed", "Only an app admin may ask for this."),
        rest(71000, "plan forbids deletion", "The app's plan does not allow accounts to be deleted."),
        rest(
            90001, "bad status query",
            "The status query cannot be read, such as an IsNeedDetail that is neither 0 nor 1; no JSON at all is 60003."
        ),
        rest(90003, "no To_Account", "To_Account is missing, or is not a list of texts."),
        rest(90009, "admin needed", "Only an app admin may ask for this."),
        rest(90011, "too many accounts", "More than 500 accounts are asked for."),
        rest(90992, "internal error", "The service of the online status failed."),
        rest(90994, "internal error", "The service of the online status failed."),
        rest(90995, "internal error", "The service of the online status failed."),
        rest(91000, "internal error", "The service of the online status failed."),
        rest(130001, "mute: bad body", "The mute cannot be read; the lab says 60003 for what is no JSON object."),
        rest(130004, "mute: account missing", "The mute names no account, or no time at all."),
        rest(130005, "mute: internal error", "The service of the mutes failed."),
        rest(130008, "mute: bad time", "A time of the mute is out of range."),
        rest(130014, "mute: internal error", "The service of the mutes failed."),
    ]

    private static func rest(_ code: Int, _ name: String, _ meaning: String) -> CodeRow {
        row(
            code, name, meaning, (70169...70500).contains(code) ? .server : .parameter, section: "5", .doc,
            Source.rest + "; " + Source.codes)
    }
}
