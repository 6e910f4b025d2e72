import LoginCore

/// What can be asked of CommsEase's web API, as far as it is played (commsease.md §11.2, §11.3).
package enum CommsEaseCommand: Hashable, Sendable {
    /// Without a token the server makes one.
    case create(accid: String, token: Secret?, name: String?)
    case update(accid: String, token: Secret?)
    case refreshToken(accid: String)
    case block(accid: String, needKick: Bool, kickNotifyExt: String?)
    case unblock(accid: String)
    /// Type 1 all devices, 2 those listed, 3 all but those listed.
    case kick(accountID: String, type: Int, deviceIDs: [String], notify: String?)
    /// The console's settings; ours, the real console is a web page.
    case consoleSettings
    case changeConsoleSettings(CommsEaseConsolePatch)
}

/// The four headers that sign a call (commsease.md §11.1).
package struct CommsEaseCredentials: Hashable, Sendable {
    package let appKey: String
    /// At most 128 characters.
    package let nonce: String
    /// Seconds since 1970 as decimal digits.
    package let curTime: String
    package let checkSum: String

    package init(appKey: String, nonce: String, curTime: String, checkSum: String) {
        self.appKey = appKey
        self.nonce = nonce
        self.curTime = curTime
        self.checkSum = checkSum
    }
}

/// A call as the server reads it; whether its signature is right is the cloud's to say.
package struct CommsEaseCall: Hashable, Sendable {
    package let command: CommsEaseCommand
    package let credentials: CommsEaseCredentials

    package init(command: CommsEaseCommand, credentials: CommsEaseCredentials) {
        self.command = command
        self.credentials = credentials
    }
}

/// The settings that the provider keeps for an app.
package struct CommsEaseConsoleSettings: Hashable, Sendable {
    /// 1 one terminal, 2 desktop and mobile, 3 all (commsease.md §9).
    package var devicePolicy: Int
    /// The authentication types that are enabled, ascending (commsease.md §10).
    package var authTypes: [Int]

    package init(devicePolicy: Int = 1, authTypes: [Int] = [0, 1]) {
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
    }
}

/// A change of the console's settings; nil leaves one as it is.
package struct CommsEaseConsolePatch: Hashable, Sendable {
    package var devicePolicy: Int?
    package var authTypes: [Int]?

    package init(devicePolicy: Int? = nil, authTypes: [Int]? = nil) {
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
    }
}

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
}

extension CommsEaseCommand {
    /// The method that builds and takes it.
    package var method: String { self == .consoleSettings ? "GET" : "POST" }

    /// The path that it is sent to.
    package var path: String {
        switch self {
        case .create: "/nimserver/user/create.action"
        case .update: "/nimserver/user/update.action"
        case .refreshToken: "/nimserver/user/refreshToken.action"
        case .block: "/nimserver/user/block.action"
        case .unblock: "/nimserver/user/unblock.action"
        case .kick(let account, _, _, _): "/im/v2/accounts/\(FormCoding.encode(account))/actions/kick"
        case .consoleSettings, .changeConsoleSettings: Self.consolePath
        }
    }

    static let consolePath = "/console/commsease/settings"

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
        return HTTPRequestValue(method: method, path: path, headers: headers, body: body)
    }

    private var form: [(String, String)] {
        switch self {
        case .create(let accid, let token, let name):
            [("accid", accid)] + pair("token", token?.reveal(for: .wire)) + pair("name", name)
        case .update(let accid, let token):
            [("accid", accid)] + pair("token", token?.reveal(for: .wire))
        case .refreshToken(let accid), .unblock(let accid):
            [("accid", accid)]
        case .block(let accid, let needKick, let notify):
            [("accid", accid), ("needkick", needKick ? "true" : "false")] + pair("kickNotifyExt", notify)
        case .kick, .consoleSettings, .changeConsoleSettings:
            []
        }
    }

    private var json: JSONValue? {
        switch self {
        case .kick(_, let type, let devices, let notify):
            .fields([
                "type": .integer(Int64(type)),
                "device_id_list": devices.isEmpty ? nil : .array(devices.map { .string($0) }),
                "kick_notify_extension": notify.map { .string($0) },
            ])
        case .changeConsoleSettings(let patch):
            .fields([
                "devicePolicy": patch.devicePolicy.map { .integer(Int64($0)) },
                "authTypes": patch.authTypes.map { .array($0.map { .integer(Int64($0)) }) },
            ])
        case .create, .update, .refreshToken, .block, .unblock, .consoleSettings:
            nil
        }
    }

    private func pair(_ name: String, _ value: String?) -> [(String, String)] {
        value.map { [(name, $0)] } ?? []
    }
}
