import LoginCore

/// The two ways in which the web API speaks.
package enum CommsEaseDialect: Sendable {
    /// Forms in, `{"code":…}` out (commsease.md §11.2).
    case v1
    /// JSON in, `{"code":…,"msg":…,"data":…}` out (commsease.md §11.3).
    case v2

    /// The dialect that a path is answered in.
    package init(path: String) {
        let bare = path.hasPrefix("/nimserver/") ? String(path.dropFirst("/nimserver".count)) : path
        self = bare.hasPrefix("/im/v2/") || bare.hasPrefix("/console/") ? .v2 : .v1
    }

    /// Whether a path is one of CommsEase's, among all that a web API listener serves.
    package static func isPath(_ path: String) -> Bool {
        ["/nimserver/", "/im/v2/", "/console/commsease/"].contains(where: path.hasPrefix)
    }
}

extension CommsEaseCommand {
    /// The method that builds it.
    package var method: String {
        switch self {
        case .consoleSettings, .consoleOverview, .accounts, .account(_, .read): "GET"
        case .account(_, .update), .account(_, .refreshToken), .account(_, .disable): "PATCH"
        case .create, .update, .refreshToken, .block, .unblock, .mute, .muteModules, .onlineStatus,
            .account(_, .create), .kick, .changeConsoleSettings, .consoleCreate:
            "POST"
        }
    }

    /// The path that it is sent to.
    package var path: String {
        switch self {
        case .create: "/nimserver/user/create.action"
        case .update: "/nimserver/user/update.action"
        case .refreshToken: "/nimserver/user/refreshToken.action"
        case .block: "/nimserver/user/block.action"
        case .unblock: "/nimserver/user/unblock.action"
        case .mute: "/nimserver/user/mute.action"
        case .muteModules: "/nimserver/user/muteModule.action"
        case .onlineStatus: "/nimserver/user/userOnlineStatus.action"
        case .account(_, .create), .accounts: Self.accountsPath
        case .account(let account, .update), .account(let account, .read): Self.path(of: account)
        case .account(let account, .refreshToken): Self.path(of: account) + "/actions/refresh_token"
        case .account(let account, .disable): Self.path(of: account) + "/actions/disable"
        case .kick(let account, _, _, _): Self.path(of: account) + "/actions/kick"
        case .consoleSettings, .changeConsoleSettings: Self.consolePath
        case .consoleOverview, .consoleCreate: Self.consoleAccountsPath
        }
    }

    static let consolePath = "/console/commsease/settings"
    static let consoleAccountsPath = "/console/commsease/accounts"
    static let accountsPath = "/im/v2/accounts"

    private static func path(of account: String) -> String {
        "\(accountsPath)/\(FormCoding.encode(account))"
    }

    private var query: String {
        guard case .accounts(let ids) = self else { return "" }
        return FormCoding.encode([("account_ids", ids.joined(separator: ","))])
    }

    /// The signed request; `requestID` goes into the header of its dialect (commsease.md §11.1).
    package func http(credentials: CommsEaseCredentials, requestID: String?, cause: EntryID?) -> HTTPRequestValue {
        let dialect = CommsEaseDialect(path: path)
        var headers = [
            HTTPHeader("AppKey", credentials.appKey), HTTPHeader("Nonce", credentials.nonce),
            HTTPHeader("CurTime", credentials.curTime), HTTPHeader("CheckSum", credentials.checkSum),
        ]
        if let requestID {
            headers.append(HTTPHeader(dialect == .v1 ? "RequestId" : "X-custom-traceid", requestID))
        }
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        var body: [UInt8] = []
        switch dialect {
        case .v1:
            headers.append(HTTPHeader("Content-Type", "application/x-www-form-urlencoded;charset=utf-8"))
            body = Array(FormCoding.encode(form).utf8)
        case .v2:
            if let json {
                headers.append(HTTPHeader("Content-Type", "application/json"))
                body = json.encoded()
            }
        }
        return HTTPRequestValue(method: method, path: path, query: query, headers: headers, body: body)
    }

    private var form: [(String, String)] {
        switch self {
        case .create(let accid, let token, let profile):
            [("accid", accid)] + pair("token", token?.reveal(for: .wire))
                + CommsEaseProfile.texts.flatMap { pair($0.v1, profile[keyPath: $0.path]) }
                + pair("gender", profile.gender.map(String.init))
        case .update(let accid, let token, let props):
            [("accid", accid)] + pair("token", token?.reveal(for: .wire)) + pair("props", props)
        case .refreshToken(let accid), .unblock(let accid):
            [("accid", accid)]
        case .block(let accid, let needKick, let notify, let needUnbindPushToken):
            [("accid", accid), ("needkick", needKick ? "true" : "false")] + pair("kickNotifyExt", notify)
                + (needUnbindPushToken ? [("needUnbindPushToken", "true")] : [])
        case .mute(let accid, let isMuted): [("accid", accid), ("mute", isMuted ? "true" : "false")]
        case .muteModules(let accid, let modules):
            [("accid", accid)]
                + CommsEaseMute.modules.flatMap { pair($0.name(.v1), modules[$0].map { $0 ? "true" : "false" }) }
        case .onlineStatus(let accids):
            [("accids", JSONValue.array(accids.map { .string($0) }).encoded().text)]
        case .account, .accounts, .kick, .consoleSettings, .changeConsoleSettings, .consoleOverview, .consoleCreate:
            []
        }
    }

    private var json: JSONValue? {
        switch self {
        case .account(let account, .create(let patch)):
            .object([JSONMember("account_id", .string(account))] + patch.members)
        case .account(_, .update(let patch, let needKick, let notify)):
            .object(patch.members + Self.kickMembers(needKick, notify))
        case .account(_, .disable(let isEnabled, let needKick, let notify)):
            .object([JSONMember("enabled", .bool(isEnabled))] + Self.kickMembers(needKick, notify))
        case .kick(_, let type, let devices, let notify):
            .fields([
                "type": .integer(Int64(type)),
                "device_id_list": devices.isEmpty ? nil : .array(devices.map { .string($0) }),
                "kick_notify_extension": notify.map { .string($0) },
            ])
        case .changeConsoleSettings(let patch): patch.json
        case .consoleCreate(let accid, let token):
            .fields(["accid": .string(accid), "token": token.map { .string($0.reveal(for: .wire)) }])
        case .create, .update, .refreshToken, .block, .unblock, .mute, .muteModules, .onlineStatus,
            .account(_, .refreshToken), .account(_, .read), .accounts, .consoleSettings, .consoleOverview:
            nil
        }
    }

    private static func kickMembers(_ needKick: Bool, _ notify: String?) -> [JSONMember] {
        [JSONMember("need_kick", .bool(needKick))]
            + (notify.map { [JSONMember("kick_notify_extension", .string($0))] } ?? [])
    }

    private func pair(_ name: String, _ value: String?) -> [(String, String)] {
        value.map { [(name, $0)] } ?? []
    }
}

extension CommsEaseAccountPatch {
    fileprivate var members: [JSONMember] {
        var configuration: [JSONMember] = []
        if let isEnabled { configuration.append(JSONMember("enabled", .bool(isEnabled))) }
        for module in CommsEaseMute.modules {
            if let isMuted = mutes[module] { configuration.append(JSONMember(module.name(.v2), .bool(isMuted))) }
        }
        let card = profile.members(.v2)
        var members: [JSONMember] = []
        if let token { members.append(JSONMember("token", .string(token.reveal(for: .wire)))) }
        if !configuration.isEmpty { members.append(JSONMember("configuration", .object(configuration))) }
        if !card.isEmpty { members.append(JSONMember("user_information", .object(card))) }
        return members
    }
}

extension [UInt8] {
    fileprivate var text: String { String(decoding: self, as: UTF8.self) }
}
