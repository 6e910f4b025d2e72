import LoginCore

/// The code tables of tencent.md §1.4, §2.2 and §5, each row with what is done about the code.
extension Tencent {
    /// A login that the app asked for never tries again; `automatic` is what a reconnect does.
    static func row(
        _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, automatic: Verdict = .stop,
        section: String = "2.2", _ tag: RuleTag, _ source: String
    ) -> CodeRow {
        let rule = LoginPolicy.CodeRule(
            code: code, name: name, meaning: meaning, kind: kind, automatic: automatic,
            rule: codeRule(code, section: section))
        return CodeRow(rule, tag, source)
    }

    static let codeRows: [CodeRow] = [
        ticketCodes, clientCodes, networkCodes, ticketPartCodes, accessCodes, accountCodes, restCodes,
    ].flatMap { $0 }

    /// The rule of a code; a negative code is written with an n.
    static func codeRule(_ code: Int, section: String) -> RuleID {
        RuleID("TC-\(section)-\(code < 0 ? "n" : "")\(code.magnitude)")
    }

    /// The short name of a code; "unknown code" for one that the reference does not have.
    package static func codeName(_ code: Int) -> String {
        codeRows.name(of: code)
    }

    /// The row for a code that the table does not have: it may heal, so a reconnect goes on (ours).
    static let unknownCode = LoginPolicy.CodeRule.unknown("TC-own-unknown-code")

    // MARK: §2.2

    static let clientCodes: [CodeRow] = [
        row(
            6001, "packet not understood", "A packet could not be parsed; the SDK's own trouble.", .server, .header,
            Source.codeHeader),
        row(
            6002, "packet not made", "A packet could not be made; the SDK's own trouble.", .server, .header,
            Source.codeHeader),
        row(
            6012, "request timed out", "The request was not answered in time; an older SDK's word for it.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            6013, "not initialised", "The SDK was not initialised before the call.", .parameter, .header,
            Source.codeHeader),
        row(
            6014, "not logged in", "Nobody is logged in, or the user was kicked.", .device, .header,
            Source.codeHeader),
        row(
            6015, "in progress", "The same operation is in progress already.", .parameter, .header, Source.codeHeader),
        row(6017, "invalid parameter", "A parameter is invalid.", .parameter, .header, Source.codeHeader),
        row(
            6018, "core not started", "The SDK's core could not be initialised; an older SDK's word.", .server,
            .header, Source.codeHeader),
        row(
            6019, "local database error", "The local database failed.", .server, .header, Source.codeHeader),
        row(
            6023, "logged out during login", "The user was logged out before the login was finished.", .parameter,
            .header, Source.codeHeader),
        row(
            6026, "never logged in here", "An automatic login of a user who never logged in on this device.",
            .parameter, .header, Source.codeHeader),
        row(
            6206, "UserSig expired", "The UserSig has expired; get a new one and log in again.", .credential, .header,
            Source.codeHeader),
        row(
            6207, "authentication failed", "The account could not be authenticated; an older SDK's word.",
            .credential, .header, Source.codeHeader),
        row(
            6208, "kicked by another terminal",
            "The user was kicked by another terminal while this one was away; log in again.", .device, .header,
            Source.codeHeader),
        row(
            6209, "never connected", "No connection was tried since the program started.", .network, automatic: .retry,
            .header, Source.codeHeader),
        row(
            6223, "too late to revoke", "Not a code of logins: a message is too old to be revoked.", .parameter,
            .header, Source.codeHeader),
        row(
            6226, "local ticket expired", "The ticket that an automatic login had kept has expired.", .credential,
            .header, Source.codeHeader),
        row(
            7003, "invalid UserID", "The UserID is empty, too long or not printable ASCII.", .parameter, .header,
            Source.codeHeader),
        row(
            7008, "called too often", "The call is made too often.", .server, .header, Source.codeHeader),
        row(
            7501, "login in progress", "A login is in progress; wait for its callback.", .parameter, .header,
            Source.codeHeader),
        row(
            7502, "logout in progress", "A logout is in progress; wait for its callback.", .parameter, .header,
            Source.codeHeader),
    ]

    static let networkCodes: [CodeRow] = [
        row(
            6200, "no network for the request", "There was no network when the request was made.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            6201, "no network for the answer", "There was no network when the answer was due.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9503, "not authenticated yet", "The login is not finished.", .parameter, .header, Source.codeHeader),
        row(
            9506, "rate limit", "More than five requests in a second.", .server, automatic: .retry, .header,
            Source.codeHeader),
        row(
            9507, "queue full", "More than 1000 requests are under way.", .server, automatic: .retry, .header,
            Source.codeHeader),
        row(
            9508, "no network", "The connection is broken, or there is no network.", .network, automatic: .retry,
            .header, Source.codeHeader),
        row(
            9509, "already connected", "The connection is there already; the SDK's own affair.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9510, "connect timeout", "The connection did not come up in time.", .network, automatic: .retry, .header,
            Source.codeHeader),
        row(
            9511, "connection refused", "The server refused the connection: there were too many in a short time.",
            .network, automatic: .retry, .header, Source.codeHeader),
        row(
            9512, "network unreachable", "There is no way to the server's network.", .network, automatic: .retry,
            .header, Source.codeHeader),
        row(
            9513, "no socket buffer", "The system has no room for another socket.", .network, automatic: .retry,
            .header, Source.codeHeader),
        row(
            9514, "reset by peer", "The other side reset the connection; the SDK reconnects by itself.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9515, "invalid socket", "The socket is invalid.", .network, automatic: .retry, .header,
            Source.codeHeader),
        row(
            9516, "address look-up failed", "The server's address could not be looked up.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9517, "reset on the way",
            "The server or something on the way reset the connection; the SDK reconnects by itself.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9518, "timeout before the queue", "The request waited too long to enter the send queue.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9519, "timeout before sending", "The request waited too long to be sent.", .network, automatic: .retry,
            .header, Source.codeHeader),
        row(
            9520, "no reply", "The reply did not come in time.", .network, automatic: .retry, .header,
            Source.codeHeader),
        row(
            9521, "timeout while sending", "The rest of the request could not be sent in time.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9522, "packet too large", "The packet is larger than 1 MB.", .parameter, .header, Source.codeHeader),
        row(
            9523, "timeout before sending, no network", "As 9519, with no network to be seen.", .network,
            automatic: .retry, .header, Source.codeHeader),
        row(
            9524, "no reply, no network", "As 9520, with no network to be seen.", .network, automatic: .retry,
            .header, Source.codeHeader),
        row(
            9525, "timeout while sending, no network", "As 9521, with no network to be seen.", .network,
            automatic: .retry, .header, Source.codeHeader),
    ]

    /// The part of the SDK that handles tickets, 7503 to 7508.
    static let ticketPartCodes: [CodeRow] = (7503...7508).map { code in
        let texts = [
            "could not be initialised", "is not initialised", "got a bad packet", "could not decrypt",
            "could not send its request", "got no answer in time",
        ]
        let text = texts[code - 7503]
        return row(
            code, "ticket part \(text)", "The SDK's part for tickets \(text).", code > 7506 ? .network : .server,
            automatic: code > 7506 ? .retry : .stop, .header, Source.codeHeader)
    }

    /// The access layer's codes, below zero; key and ticket are made from the UserSig.
    static let accessCodes: [CodeRow] = [
        access(-302, "too many connections", "There are too many connections.", .server, .retry),
        access(-10001, "key expired", "The key has expired.", .credential, .stop),
        access(
            -10003, "ticket expired", "The ticket has expired; the SDK tells the app so in its own words.",
            .credential, .stop),
        access(-10004, "ticket refused", "The check of the ticket failed, or security blocked it.", .credential, .stop),
        access(-10005, "no key", "The key is empty.", .credential, .stop),
        access(-10006, "key of another account", "Key and account do not match.", .credential, .stop),
        access(-10008, "key and ticket needed", "Both a key and a ticket are needed.", .credential, .stop),
        access(-10106, "too many failed decryptions", "Too many packets could not be decrypted.", .server, .stop),
        access(-10108, "arrears", "The app's bill is not paid.", .permission, .stop),
        access(-10109, "bad packet", "The packet is wrong.", .parameter, .stop),
        access(-10110, "app blacklisted", "The app is on the blacklist.", .permission, .stop),
        access(-10112, "app disabled", "The app is disabled.", .permission, .stop),
        access(-10113, "user rate limit", "The user asks too often.", .server, .retry),
        access(-10114, "overload", "The servers are overloaded.", .server, .retry),
        access(-20009, "client rate limit", "The client asks too often.", .server, .retry),
    ]

    private static func access(
        _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, _ automatic: Verdict
    ) -> CodeRow {
        row(code, name, meaning, kind, automatic: automatic, .header, Source.codeHeader)
    }
}
