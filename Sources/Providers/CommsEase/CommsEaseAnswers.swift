import LoginCore

/// A refusal of the web API, in the provider's own words.
package struct CommsEaseAPIError: Error, Hashable, Sendable {
    package let code: Int
    package let desc: String

    package init(code: Int, desc: String) {
        self.code = code
        self.desc = desc
    }

    /// The answer that says so; the HTTP status is 200 even for errors (commsease.md §11.1, §14.7).
    package func http(_ dialect: CommsEaseDialect, cause: EntryID?) -> HTTPResponseValue {
        switch dialect {
        case .v1:
            .json(status: 200, cause: cause, .fields(["desc": .string(desc), "code": .integer(Int64(code))]))
        case .v2:
            .json(
                status: 200, cause: cause,
                .fields(["code": .integer(Int64(code)), "msg": .string(desc), "data": .object([])]))
        }
    }
}

/// A device that a kick names.
package struct CommsEaseKickedDevice: Hashable, Sendable {
    package let deviceID: String
    /// Milliseconds since 1970.
    package let loginTime: Int64
    package let clientType: Int
    /// The server's name of the session.
    package let session: String

    package init(deviceID: String, loginTime: Int64, clientType: Int, session: String) {
        self.deviceID = deviceID
        self.loginTime = loginTime
        self.clientType = clientType
        self.session = session
    }
}

/// A device that a kick did not reach.
package struct CommsEaseKickFailure: Hashable, Sendable {
    package let deviceID: String
    package let code: Int
    package let text: String

    package init(deviceID: String, code: Int, text: String) {
        self.deviceID = deviceID
        self.code = code
        self.text = text
    }
}

/// What the web API answers.
package enum CommsEaseAnswer: Hashable, Sendable {
    case ok
    /// `name` is told at creation only.
    case info(accid: String, token: Secret, name: String?)
    case kicked(success: [CommsEaseKickedDevice], failed: [CommsEaseKickFailure])
    case settings(CommsEaseConsoleSettings)
    case overview(CommsEaseConsoleOverview)
    /// The modules that an account is muted in.
    case mutes(Set<CommsEaseMute>)
    /// `unknown` in the order asked; an account that is known and offline stands in neither.
    case online(unknown: [String], status: [CommsEaseOnlineAccount])
    case account(CommsEaseAccountView)
    case accounts(success: [CommsEaseAccountView], failed: [CommsEaseAccountFailure])
    case failed(code: Int, desc: String)

    /// The answer as HTTP, in the bodies of commsease.md §11.2 and §11.3.
    package func http(_ dialect: CommsEaseDialect, cause: EntryID?) -> HTTPResponseValue {
        switch self {
        case .ok:
            dialect == .v1
                ? .json(status: 200, cause: cause, .fields(["code": .integer(200)]))
                : Self.success(.object([]), cause)
        case .info(let accid, let token, let name):
            .json(
                status: 200, cause: cause,
                .fields([
                    "code": .integer(200),
                    "info": .fields([
                        "token": .string(token.reveal(for: .wire)), "accid": .string(accid),
                        "name": name.map { .string($0) },
                    ]),
                ]))
        case .kicked(let success, let failed):
            Self.success(
                .fields([
                    "success_list": .array(success.map(Self.json)), "failed_list": .array(failed.map(Self.json)),
                ]), cause)
        case .settings(let settings): Self.success(settings.json, cause)
        case .overview(let overview): Self.success(overview.json, cause)
        case .mutes(let mutes):
            .json(
                status: 200, cause: cause,
                .fields(["code": .integer(200), "data": .object(CommsEaseMute.flags(mutes, .v1))]))
        case .online(let unknown, let status):
            .json(
                status: 200, cause: cause,
                .fields(["code": .integer(200), "data": Self.json(unknown: unknown, status)]))
        case .account(let view): Self.success(view.json, cause)
        case .accounts(let success, let failed):
            Self.success(
                .fields([
                    "success_list": .array(success.map(\.json)), "failed_list": .array(failed.map(\.json)),
                ]), cause)
        case .failed(let code, let desc):
            CommsEaseAPIError(code: code, desc: desc).http(dialect, cause: cause)
        }
    }

    private static func success(_ data: JSONValue, _ cause: EntryID?) -> HTTPResponseValue {
        .json(
            status: 200, cause: cause,
            .fields(["code": .integer(200), "msg": .string("success"), "data": data]))
    }

    private static func json(_ device: CommsEaseKickedDevice) -> JSONValue {
        .fields([
            "device_id": .string(device.deviceID), "login_time": .integer(device.loginTime),
            "client_type": .integer(Int64(device.clientType)), "consid": .string(device.session),
        ])
    }

    private static func json(_ failure: CommsEaseKickFailure) -> JSONValue {
        .fields([
            "device_id": .string(failure.deviceID), "error_code": .integer(Int64(failure.code)),
            "error_msg": .string(failure.text),
        ])
    }

    /// Reads an answer to `command`; one that cannot be read counts as `failed` with the HTTP status, or 500 for 200.
    package static func parse(_ response: HTTPResponseValue, to command: CommsEaseCommand) -> CommsEaseAnswer {
        guard response.status == 200, let value = try? JSONValue(parsing: response.body),
            let code = value["code"]?.int
        else {
            // 200 would read as a success by its code alone.
            let code = response.status == 200 ? 500 : response.status
            return .failed(code: code, desc: "the answer is not the web API's")
        }
        guard code == 200 else {
            return .failed(code: code, desc: value["desc"]?.text ?? value["msg"]?.text ?? "")
        }
        let data = value["data"] ?? .object([])
        switch command {
        case .create, .refreshToken:
            guard let info = value["info"], let accid = info["accid"]?.text, let token = info["token"]?.text else {
                return .failed(code: 500, desc: "the answer lacks accid or token")
            }
            return .info(accid: accid, token: Secret(token, kind: .token), name: info["name"]?.text)
        case .kick:
            return .kicked(
                success: (data["success_list"]?.array ?? []).map { device in
                    CommsEaseKickedDevice(
                        deviceID: device["device_id"]?.text ?? "", loginTime: Int64(device["login_time"]?.int ?? 0),
                        clientType: device["client_type"]?.int ?? 0, session: device["consid"]?.text ?? "")
                },
                failed: (data["failed_list"]?.array ?? []).map { device in
                    CommsEaseKickFailure(
                        deviceID: device["device_id"]?.text ?? "", code: device["error_code"]?.int ?? 0,
                        text: device["error_msg"]?.text ?? "")
                })
        case .consoleSettings, .changeConsoleSettings:
            guard let fields = JSONFields(data), let settings = try? CommsEaseConsoleSettings(fields) else {
                return .failed(code: 500, desc: "the answer lacks the settings")
            }
            return .settings(settings)
        case .consoleOverview:
            guard let overview = CommsEaseConsoleOverview(data) else {
                return .failed(code: 500, desc: "the answer lacks the console's numbers")
            }
            return .overview(overview)
        case .muteModules: return .mutes(CommsEaseMute.modules(in: data, .v1))
        case .onlineStatus: return online(data)
        case .account, .consoleCreate:
            guard let view = CommsEaseAccountView(data) else {
                return .failed(code: 500, desc: "the answer lacks account_id")
            }
            return .account(view)
        case .accounts:
            return .accounts(
                success: (data["success_list"]?.array ?? []).compactMap { CommsEaseAccountView($0) },
                failed: (data["failed_list"]?.array ?? []).map { CommsEaseAccountFailure($0) })
        case .update, .block, .unblock, .mute:
            return .ok
        }
    }
}
