import LoginCore

/// A call whose URL was understood; its body is read once the caller is known to be an admin (tencent.md §5).
package struct TencentCall: Hashable, Sendable {
    /// What the path names.
    enum Route: String, CaseIterable {
        case importAccount = "/v4/im_open_login_svc/account_import"
        case importAccounts = "/v4/im_open_login_svc/multiaccount_import"
        case check = "/v4/im_open_login_svc/account_check"
        case delete = "/v4/im_open_login_svc/account_delete"
        case kick = "/v4/im_open_login_svc/kick"
        case onlineStatus = "/v4/openim/query_online_status"
        case queryState = "/v4/openim/querystate"
        case mute = "/v4/openconfigsvr/setnospeaking"
        case console = "/console/tencent/settings"
        case accounts = "/console/tencent/accounts"
        case blacklist = "/console/tencent/blacklist"
    }

    let route: Route
    package let credentials: TencentCredentials
    private let body: [UInt8]

    /// The path, which carries no name of a person.
    package var path: String { route.rawValue }

    /// Whether a path is of this provider's web API.
    package static func isPath(_ path: String) -> Bool {
        path.hasPrefix("/v4/") || path.hasPrefix("/console/tencent/")
    }

    /// Whether it may be called half as often as the others (§5).
    package var isSlow: Bool { [.importAccounts, .check, .delete].contains(route) }

    /// Whether answers of this call lack ActionStatus, as the sample of setnospeaking does (§5).
    package var lacksActionStatus: Bool { route == .mute }

    /// The most accounts of one call: 100, and 500 of the online status (§5).
    package static let mostAccounts = 100
    package static let mostStatuses = 500

    /// Reads method, path and query; names and values are case-sensitive, and unknown names are passed over, repeated ones too.
    ///
    /// A GET that has a body is read as the POST that it means (TC-own-method); `random` and `contenttype` are not looked at (TC-own-query).
    package static func parse(_ request: HTTPRequestValue) -> Result<TencentCall, TencentAPIError> {
        guard request.method == "POST" || (request.method == "GET" && !request.body.isEmpty) else {
            return .failure(TencentAPIError(60008, "the method must be POST"))
        }
        guard let route = Route(rawValue: request.path) else {
            let isForm = request.path.split(separator: "/", omittingEmptySubsequences: false).count == 4
            return request.path.hasPrefix("/v4/") && isForm
                ? .failure(TencentAPIError(60009, "no such service and command"))
                : .failure(TencentAPIError(60002, "the URL is not /v4/SERVICE/COMMAND"))
        }
        let query: [String: String]
        do {
            query = try FormCoding.decode(Array(request.query.utf8), known: ["sdkappid", "identifier", "usersig"])
        } catch {
            return .failure(TencentAPIError(60002, "the query cannot be read"))
        }
        guard let app = query["sdkappid"], !app.isEmpty else {
            return .failure(TencentAPIError(60012, "sdkappid is missing"))
        }
        guard app.utf8.count <= 20, app.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return .failure(TencentAPIError(60006, "sdkappid is not a number"))
        }
        guard let identifier = query["identifier"], !identifier.isEmpty else {
            return .failure(TencentAPIError(60004, "identifier is missing"))
        }
        guard let userSig = query["usersig"], !userSig.isEmpty else {
            return .failure(TencentAPIError(60005, "usersig is missing"))
        }
        let credentials = TencentCredentials(
            sdkAppID: app, identifier: identifier, userSig: Secret(userSig, kind: .token))
        return .success(TencentCall(route: route, credentials: credentials, body: request.body))
    }

    /// Reads the body; with `acceptsLegacy` off the older forms are not known.
    package func command(acceptsLegacy: Bool) -> Result<TencentCommand, TencentAPIError> {
        guard let value = try? JSONValue(parsing: body), value.members != nil else {
            return .failure(
                TencentAPIError(60003, body.isEmpty ? "the body is empty" : "the body is not a JSON object"))
        }
        do throws(TencentAPIError) {
            return .success(try command(value, acceptsLegacy))
        } catch {
            return .failure(error)
        }
    }

    private func command(_ body: JSONValue, _ acceptsLegacy: Bool) throws(TencentAPIError) -> TencentCommand {
        switch route {
        case .importAccount:
            return .importAccount(
                TencentImport(
                    userID: try Self.userID(body, acceptsLegacy), nick: try Self.text("Nick", in: body),
                    faceURL: try Self.text("FaceUrl", in: body)))
        case .importAccounts: return try Self.imports(body, acceptsLegacy)
        case .check: return .check(try Self.items("CheckItem", in: body))
        case .delete: return .delete(try Self.items("DeleteItem", in: body))
        case .kick: return .kick(try Self.userID(body, acceptsLegacy))
        case .onlineStatus:
            let isDetailed = try Self.flag("IsNeedDetail", in: body)
            for name in ["IsReturnInstid", "IsReturnCustomStatus"] { _ = try Self.flag(name, in: body) }
            return .onlineStatus(try Self.accounts(body), isDetailed: isDetailed)
        case .queryState:
            guard acceptsLegacy else { throw TencentAPIError(60009, "no such service and command") }
            return .queryState(try Self.accounts(body))
        case .mute: return try Self.mute(body)
        case .console:
            guard let fields = JSONFields(body), body.members != [] else { return .consoleSettings }
            do throws(JSONFault) {
                return .changeConsoleSettings(try TencentConsolePatch(fields))
            } catch {
                throw TencentAPIError(70402, error.description)
            }
        case .accounts: return .consoleAccounts
        case .blacklist:
            return .blacklist(
                try Self.userID(body, false), isOn: body["Blacklisted"]?.bool ?? true,
                kicks: body["Kick"]?.bool ?? false)
        }
    }

    // MARK: Accounts

    /// The account of a call about one; older clients call it Identifier (§1.1).
    private static func userID(_ body: JSONValue, _ acceptsLegacy: Bool) throws(TencentAPIError) -> String {
        try checked(body["UserID"] ?? (acceptsLegacy ? body["Identifier"] : nil))
    }

    private static func checked(_ value: JSONValue?) throws(TencentAPIError) -> String {
        guard let value else { throw TencentAPIError(70402, "UserID is missing") }
        guard let text = value.text else { throw TencentAPIError(60015, "UserID is not a text") }
        guard Tencent.isUserID(text) else {
            throw TencentAPIError(70402, "UserID must have 1 to 32 bytes of printable ASCII")
        }
        return text
    }

    private static func items(_ name: String, in body: JSONValue) throws(TencentAPIError) -> [String] {
        guard let items = body[name]?.array, !items.isEmpty else {
            throw TencentAPIError(70402, "\(name) must be a list of objects with UserID")
        }
        guard items.count <= mostAccounts else {
            throw TencentAPIError(70402, "\(name) has more than \(mostAccounts) accounts")
        }
        var users: [String] = []
        for item in items {
            // A name that no account can have is merely not known.
            guard let value = item["UserID"] else { throw TencentAPIError(70402, "UserID is missing") }
            guard let text = value.text else { throw TencentAPIError(60015, "UserID is not a text") }
            users.append(text)
        }
        return users
    }

    private static func imports(
        _ body: JSONValue, _ acceptsLegacy: Bool
    ) throws(TencentAPIError) -> TencentCommand {
        let newer = body["AccountList"]?.array
        guard let items = newer ?? (acceptsLegacy ? body["Accounts"]?.array : nil), !items.isEmpty else {
            throw TencentAPIError(70402, "AccountList must be a list of objects with UserID")
        }
        guard items.count <= mostAccounts else {
            throw TencentAPIError(70402, "there are more than \(mostAccounts) accounts")
        }
        var accounts: [TencentImport] = []
        for item in items {
            let name = newer == nil ? item : item["UserID"]
            guard let name else { throw TencentAPIError(70402, "UserID is missing") }
            guard let text = name.text else { throw TencentAPIError(60015, "UserID is not a text") }
            let nick = try Self.text("Nick", in: item)
            accounts.append(TencentImport(userID: text, nick: nick, faceURL: try Self.text("FaceUrl", in: item)))
        }
        return .importAccounts(accounts, isOlder: newer == nil)
    }

    private static func accounts(_ body: JSONValue) throws(TencentAPIError) -> [String] {
        guard let values = body["To_Account"]?.array, !values.isEmpty else {
            throw TencentAPIError(90003, "To_Account must be a list of texts")
        }
        guard values.count <= mostStatuses else {
            throw TencentAPIError(90011, "To_Account has more than \(mostStatuses) accounts")
        }
        let users = values.compactMap(\.text)
        guard users.count == values.count else { throw TencentAPIError(90003, "To_Account must be a list of texts") }
        return users
    }

    // MARK: Fields

    private static func text(_ name: String, in body: JSONValue) throws(TencentAPIError) -> String? {
        guard let value = body[name], value != .null else { return nil }
        guard let text = value.text, text.utf8.count <= 1024 else {
            throw TencentAPIError(70402, "\(name) must be a text of at most 1024 bytes")
        }
        return text
    }

    /// 0 or 1; absent is 0.
    private static func flag(_ name: String, in body: JSONValue) throws(TencentAPIError) -> Bool {
        guard let value = body[name], value != .null else { return false }
        guard let number = value.int, (0...1).contains(number) else {
            throw TencentAPIError(90001, "\(name) must be 0 or 1")
        }
        return number == 1
    }

    private static func mute(_ body: JSONValue) throws(TencentAPIError) -> TencentCommand {
        guard let user = body["Set_Account"]?.text, Tencent.isUserID(user) else {
            throw TencentAPIError(130_004, "Set_Account must be a UserID")
        }
        var times: [Int?] = []
        for name in ["C2CmsgNospeakingTime", "GroupmsgNospeakingTime"] {
            guard let value = body[name], value != .null else {
                times.append(nil)
                continue
            }
            guard let seconds = value.int, (0...4_294_967_295).contains(seconds) else {
                throw TencentAPIError(130_008, "\(name) must be 0 to 4294967295")
            }
            times.append(seconds)
        }
        guard times.contains(where: { $0 != nil }) else {
            throw TencentAPIError(130_004, "C2CmsgNospeakingTime or GroupmsgNospeakingTime must be there")
        }
        return .mute(user, c2c: times[0], group: times[1])
    }
}
