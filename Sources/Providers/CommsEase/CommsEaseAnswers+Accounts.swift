import LoginCore

/// Answers about accounts, both directions (commsease.md §11.2, §11.3).
extension CommsEaseMute {
    /// A flag for each module.
    static func flags(_ mutes: Set<CommsEaseMute>, _ dialect: CommsEaseDialect) -> [JSONMember] {
        modules.map { JSONMember($0.name(dialect), .bool(mutes.contains($0))) }
    }

    /// The modules whose flag is true.
    static func modules(in value: JSONValue, _ dialect: CommsEaseDialect) -> Set<CommsEaseMute> {
        Set(modules.filter { value[$0.name(dialect)]?.bool == true })
    }
}

extension CommsEaseAccountView {
    var json: JSONValue {
        .fields([
            "account_id": .string(accountID),
            "token": token.map { .string($0.reveal(for: .wire)) },
            "configuration": .object(
                [JSONMember("enabled", .bool(isEnabled))] + CommsEaseMute.flags(mutes, .v2)),
            "user_information": profile.map { .object($0.members(.v2)) },
        ])
    }

    /// Nil without an account; a flag that is missing counts as the default.
    init?(_ value: JSONValue) {
        guard let accountID = value["account_id"]?.text else { return nil }
        let configuration = value["configuration"] ?? .object([])
        self.init(
            accountID: accountID, token: value["token"]?.text.map { Secret($0, kind: .token) },
            isEnabled: configuration["enabled"]?.bool ?? true, mutes: CommsEaseMute.modules(in: configuration, .v2),
            profile: value["user_information"].map { CommsEaseProfile(lenient: $0, .v2) })
    }
}

extension CommsEaseAccountFailure {
    var json: JSONValue {
        .fields([
            "account_id": .string(accountID), "error_code": .integer(Int64(code)), "error_msg": .string(text),
        ])
    }

    init(_ value: JSONValue) {
        self.init(
            accountID: value["account_id"]?.text ?? "", code: value["error_code"]?.int ?? 0,
            text: value["error_msg"]?.text ?? "")
    }
}

extension CommsEaseAnswer {
    static func json(unknown: [String], _ status: [CommsEaseOnlineAccount]) -> JSONValue {
        .fields([
            "invalidAccids": .array(unknown.map { .string($0) }),
            "status": .object(
                status.map { account in
                    let clients = account.clients.map { client in
                        JSONValue.fields([
                            "clientType": .integer(Int64(client.clientType)), "loginTime": .integer(client.loginTime),
                        ])
                    }
                    return JSONMember(account.accid, .array(clients))
                }),
        ])
    }

    static func online(_ data: JSONValue) -> CommsEaseAnswer {
        var status: [CommsEaseOnlineAccount] = []
        if case .object(let members)? = data["status"] {
            status = members.map { member in
                let clients = (member.value.array ?? []).map { client in
                    CommsEaseOnlineAccount.Client(
                        clientType: client["clientType"]?.int ?? 0, loginTime: Int64(client["loginTime"]?.int ?? 0))
                }
                return CommsEaseOnlineAccount(accid: member.name, clients: clients)
            }
        }
        return .online(unknown: (data["invalidAccids"]?.array ?? []).compactMap(\.text), status: status)
    }
}
