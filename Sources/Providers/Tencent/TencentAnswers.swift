import LoginCore

/// Whether an account can be reached (tencent.md §4).
package enum TencentStatus: String, Sendable, CaseIterable {
    case online = "Online"
    case pushOnline = "PushOnline"
    case offline = "Offline"
}

/// What one account's status is, and each of its terminals'.
package struct TencentAccountStatus: Hashable, Sendable {
    package struct Terminal: Hashable, Sendable {
        /// As the answer spells it, such as `iPhone` or `PC`.
        package let platform: String
        package let status: TencentStatus

        package init(platform: String, status: TencentStatus) {
            self.platform = platform
            self.status = status
        }
    }

    package let userID: String
    package let status: TencentStatus
    /// Told only when it is asked for.
    package let terminals: [Terminal]

    package init(userID: String, status: TencentStatus, terminals: [Terminal] = []) {
        self.userID = userID
        self.status = status
        self.terminals = terminals
    }
}

/// What became of one account of a call.
package struct TencentItem: Hashable, Sendable {
    package let userID: String
    package let code: Int
    package let info: String
    /// Told by account_check only.
    package let isImported: Bool?

    package init(userID: String, code: Int = 0, info: String = "", isImported: Bool? = nil) {
        self.userID = userID
        self.code = code
        self.info = info
        self.isImported = isImported
    }
}

/// What the web API answers (§5).
package enum TencentAnswer: Hashable, Sendable {
    case ok
    /// The answer to setnospeaking, whose sample lacks ActionStatus.
    case muted
    /// The accounts that could not be imported, in the order given.
    case imported(failed: [String])
    case checked([TencentItem])
    case deleted([TencentItem])
    /// `unknown` are in no list of accounts.
    case statuses([TencentAccountStatus], unknown: [String], isDetailed: Bool)
    case states([TencentAccountStatus], unknown: [String])
    case settings(TencentConsoleSettings)
    case failed(TencentAPIError)

    /// The answer as HTTP: status 200 whatever it says.
    package func http(lacksActionStatus: Bool = false, cause: EntryID?) -> HTTPResponseValue {
        var members: [JSONMember] = []
        let error = error
        if !lacksActionStatus { members.append(JSONMember("ActionStatus", .string(error == nil ? "OK" : "FAIL"))) }
        members.append(JSONMember("ErrorCode", .integer(Int64(error?.code ?? 0))))
        members.append(JSONMember("ErrorInfo", .string(error?.info ?? "")))
        return .json(status: 200, cause: cause, .object(members + own))
    }

    /// Why the whole call counts as failed; a status query does when no account of it could be told.
    private var error: TencentAPIError? {
        switch self {
        case .failed(let error): error
        case .statuses(let found, let unknown, _), .states(let found, let unknown):
            found.isEmpty && !unknown.isEmpty ? TencentAPIError(70107, Self.unknownText) : nil
        case .ok, .muted, .imported, .checked, .deleted, .settings: nil
        }
    }

    /// What account_delete says of an account that it does not know (§5).
    package static let unknownText = "Err_TLS_PT_Open_Login_Account_Not_Exist"

    private var own: [JSONMember] {
        switch self {
        case .ok, .muted, .failed: []
        case .imported(let failed): [JSONMember("FailAccounts", .array(failed.map { .string($0) }))]
        case .checked(let items):
            [
                JSONMember(
                    "ResultItem",
                    .array(
                        items.map { item in
                            .fields([
                                "UserID": .string(item.userID), "ResultCode": .integer(Int64(item.code)),
                                "ResultInfo": .string(item.info),
                                "AccountStatus": .string(item.isImported == true ? "Imported" : "NotImported"),
                            ])
                        }))
            ]
        case .deleted(let items):
            [
                JSONMember(
                    "ResultItem",
                    .array(
                        items.map { item in
                            .fields([
                                "ResultCode": .integer(Int64(item.code)), "ResultInfo": .string(item.info),
                                "UserID": .string(item.userID),
                            ])
                        }))
            ]
        case .statuses(let found, let unknown, let isDetailed):
            Self.results(found.map { Self.json($0, "Status", isDetailed: isDetailed) }, unknown)
        case .states(let found, let unknown):
            Self.results(found.map { Self.json($0, "State", isDetailed: false) }, unknown)
        case .settings(let settings): [JSONMember("Settings", settings.json)]
        }
    }

    private static func results(_ found: [JSONValue], _ unknown: [String]) -> [JSONMember] {
        let errors = unknown.map { user in
            JSONValue.fields(["To_Account": .string(user), "ErrorCode": .integer(70107)])
        }
        let results = [JSONMember("QueryResult", .array(found))]
        return errors.isEmpty ? results : results + [JSONMember("ErrorList", .array(errors))]
    }

    private static func json(_ account: TencentAccountStatus, _ name: String, isDetailed: Bool) -> JSONValue {
        var members = [
            JSONMember("To_Account", .string(account.userID)), JSONMember(name, .string(account.status.rawValue)),
        ]
        if isDetailed {
            let terminals = account.terminals.map { terminal in
                JSONValue.fields([
                    "Platform": .string(terminal.platform), "Status": .string(terminal.status.rawValue),
                ])
            }
            members.append(JSONMember("Detail", .array(terminals)))
        }
        return .object(members)
    }
}

/// Reading, as a client does.
extension TencentAnswer {
    /// Reads an answer to `command`; one that cannot be read counts as failed with the HTTP status, or 60013 for 200.
    package static func parse(_ response: HTTPResponseValue, to command: TencentCommand) -> TencentAnswer {
        guard response.status == 200, let value = try? JSONValue(parsing: response.body),
            let code = value["ErrorCode"]?.int
        else {
            let code = response.status == 200 ? 60013 : response.status
            return .failed(TencentAPIError(code, "the answer is not the web API's"))
        }
        // An answer about several accounts says more than its code.
        let isTold = value["QueryResult"] != nil || value["ErrorList"] != nil
        guard code == 0 || isTold else {
            return .failed(TencentAPIError(code, value["ErrorInfo"]?.text ?? ""))
        }
        switch command {
        case .importAccount, .kick, .blacklist: return .ok
        case .mute: return .muted
        case .importAccounts: return .imported(failed: (value["FailAccounts"]?.array ?? []).compactMap(\.text))
        case .check: return .checked(items(in: value, isCheck: true))
        case .delete: return .deleted(items(in: value, isCheck: false))
        case .onlineStatus(_, let isDetailed):
            return .statuses(accounts(in: value, "Status"), unknown: unknown(in: value), isDetailed: isDetailed)
        case .queryState: return .states(accounts(in: value, "State"), unknown: unknown(in: value))
        case .consoleSettings, .changeConsoleSettings:
            var settings = TencentConsoleSettings()
            guard let fields = value["Settings"].flatMap({ JSONFields($0) }), (try? settings.take(fields)) != nil else {
                return .failed(TencentAPIError(60013, "the answer lacks the settings"))
            }
            return .settings(settings)
        }
    }

    private static func items(in value: JSONValue, isCheck: Bool) -> [TencentItem] {
        (value["ResultItem"]?.array ?? []).map { item in
            TencentItem(
                userID: item["UserID"]?.text ?? "", code: item["ResultCode"]?.int ?? 0,
                info: item["ResultInfo"]?.text ?? "",
                isImported: isCheck ? item["AccountStatus"]?.text == "Imported" : nil)
        }
    }

    private static func accounts(in value: JSONValue, _ name: String) -> [TencentAccountStatus] {
        (value["QueryResult"]?.array ?? []).map { account in
            TencentAccountStatus(
                userID: account["To_Account"]?.text ?? "", status: status(account[name]),
                terminals: (account["Detail"]?.array ?? []).map {
                    TencentAccountStatus.Terminal(platform: $0["Platform"]?.text ?? "", status: status($0["Status"]))
                })
        }
    }

    private static func status(_ value: JSONValue?) -> TencentStatus {
        value?.text.flatMap { TencentStatus(rawValue: $0) } ?? .offline
    }

    private static func unknown(in value: JSONValue) -> [String] {
        (value["ErrorList"]?.array ?? []).compactMap { $0["To_Account"]?.text }
    }
}
