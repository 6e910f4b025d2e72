import LoginCore

/// What can be asked of Tencent's web API, as far as it is played (tencent.md §5).
package enum TencentCommand: Hashable, Sendable {
    case importAccount(TencentImport)
    /// At most 100; the older form has names only.
    case importAccounts([TencentImport], isOlder: Bool)
    case check([String])
    case delete([String])
    case kick(String)
    case onlineStatus([String], isDetailed: Bool)
    /// The older question, which says State instead of Status.
    case queryState([String])
    /// Seconds, 0 for none and 4294967295 for ever; nil leaves a mute as it is.
    case mute(String, c2c: Int?, group: Int?)
    /// The console's settings; ours, the real console is a web page.
    case consoleSettings
    case changeConsoleSettings(TencentConsolePatch)
    /// Puts an account on the blacklist of 70051 or takes it off; ours as well.
    case blacklist(String, isOn: Bool, kicks: Bool)

    /// The part of the URL after `/v4/`, or the whole path of what is ours.
    package var path: String {
        switch self {
        case .importAccount: "/v4/im_open_login_svc/account_import"
        case .importAccounts: "/v4/im_open_login_svc/multiaccount_import"
        case .check: "/v4/im_open_login_svc/account_check"
        case .delete: "/v4/im_open_login_svc/account_delete"
        case .kick: "/v4/im_open_login_svc/kick"
        case .onlineStatus: "/v4/openim/query_online_status"
        case .queryState: "/v4/openim/querystate"
        case .mute: "/v4/openconfigsvr/setnospeaking"
        case .consoleSettings, .changeConsoleSettings: "/console/tencent/settings"
        case .blacklist: "/console/tencent/blacklist"
        }
    }
}

/// An account as it is imported.
package struct TencentImport: Hashable, Sendable {
    package var userID: String
    package var nick: String?
    package var faceURL: String?

    package init(userID: String, nick: String? = nil, faceURL: String? = nil) {
        self.userID = userID
        self.nick = nick
        self.faceURL = faceURL
    }
}

/// Who calls: the query's `sdkappid`, `identifier` and `usersig` (§5), an app admin's.
package struct TencentCredentials: Hashable, Sendable {
    /// In decimal digits.
    package let sdkAppID: String
    package let identifier: String
    package let userSig: Secret

    package init(sdkAppID: String, identifier: String, userSig: Secret) {
        self.sdkAppID = sdkAppID
        self.identifier = identifier
        self.userSig = userSig
    }
}

/// Why the web API does not do what it is asked.
package struct TencentAPIError: Error, Hashable, Sendable {
    package let code: Int
    package let info: String

    package init(_ code: Int, _ info: String) {
        self.code = code
        self.info = info
    }
}

extension TencentCommand {
    /// The request as a client of the real service makes it; `random` is 0 to 4294967295.
    package func http(credentials: TencentCredentials, random: UInt32, cause: EntryID?) -> HTTPRequestValue {
        let query = FormCoding.encode([
            ("sdkappid", credentials.sdkAppID), ("identifier", credentials.identifier),
            ("usersig", credentials.userSig.reveal(for: .wire)), ("random", String(random)), ("contenttype", "json"),
        ])
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        return HTTPRequestValue(method: "POST", path: path, query: query, headers: headers, body: json.encoded())
    }

    private var json: JSONValue {
        switch self {
        case .importAccount(let account): account.json
        case .importAccounts(let accounts, isOlder: true):
            .fields(["Accounts": Self.texts(accounts.map(\.userID))])
        case .importAccounts(let accounts, isOlder: false):
            .fields(["AccountList": .array(accounts.map(\.json))])
        case .check(let users): .fields(["CheckItem": Self.items(users)])
        case .delete(let users): .fields(["DeleteItem": Self.items(users)])
        case .kick(let user): .fields(["UserID": .string(user)])
        case .onlineStatus(let users, let isDetailed):
            .fields(["To_Account": Self.texts(users), "IsNeedDetail": isDetailed ? .integer(1) : nil])
        case .queryState(let users): .fields(["To_Account": Self.texts(users)])
        case .mute(let user, let c2c, let group):
            .fields([
                "Set_Account": .string(user), "C2CmsgNospeakingTime": c2c.map { .integer(Int64($0)) },
                "GroupmsgNospeakingTime": group.map { .integer(Int64($0)) },
            ])
        case .consoleSettings: .object([])
        case .changeConsoleSettings(let patch): patch.fields
        case .blacklist(let user, let isOn, let kicks):
            .fields(["UserID": .string(user), "Blacklisted": .bool(isOn), "Kick": .bool(kicks)])
        }
    }

    private static func texts(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

    private static func items(_ users: [String]) -> JSONValue {
        .array(users.map { .fields(["UserID": .string($0)]) })
    }
}

extension TencentImport {
    fileprivate var json: JSONValue {
        .fields([
            "UserID": .string(userID), "Nick": nick.map { .string($0) }, "FaceUrl": faceURL.map { .string($0) },
        ])
    }
}
