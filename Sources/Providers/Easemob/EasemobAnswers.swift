import LoginCore

/// A user as the web API shows it (easemob.md §1, §3).
package struct EasemobUser: Hashable, Sendable {
    package var uuid: String
    /// In milliseconds since 1970.
    package var created: Int64
    package var modified: Int64
    package var username: String
    /// False for a banned user.
    package var isActivated: Bool
    package var nickname: String?

    package init(
        uuid: String, created: Int64, modified: Int64, username: String, isActivated: Bool, nickname: String? = nil
    ) {
        self.uuid = uuid
        self.created = created
        self.modified = modified
        self.username = username
        self.isActivated = isActivated
        self.nickname = nickname
    }

    var json: JSONValue {
        .fields([
            "uuid": .string(uuid), "type": .string("user"), "created": .integer(created),
            "modified": .integer(modified), "username": .string(username),
            "nickname": nickname.map { .string($0) }, "activated": .bool(isActivated),
        ])
    }

    init?(_ value: JSONValue?) {
        guard let value, let uuid = value["uuid"]?.text, let username = value["username"]?.text else { return nil }
        self.init(
            uuid: uuid, created: Int64(value["created"]?.int ?? 0), modified: Int64(value["modified"]?.int ?? 0),
            username: username, isActivated: value["activated"]?.bool ?? true, nickname: value["nickname"]?.text)
    }
}

/// A device of a user that is online.
package struct EasemobResource: Hashable, Sendable {
    /// `<device type>_<id>`.
    package let name: String
    package let deviceID: String
    package let deviceName: String

    package init(name: String, deviceID: String, deviceName: String) {
        self.name = name
        self.deviceID = deviceID
        self.deviceName = deviceName
    }
}

/// What the web API answers (§1, §3).
package enum EasemobAnswer: Hashable, Sendable {
    /// `expiresIn` is in the cluster's unit.
    case userToken(Secret, expiresIn: Int64, EasemobUser)
    case appToken(Secret, expiresIn: Int64)
    /// `failed` are the names of a list that exist already.
    case registered([EasemobUser], failed: [String]?)
    case user(EasemobUser)
    case deleted(EasemobUser)
    case passwordChanged
    case deactivated(EasemobUser)
    case activated
    case disconnected
    case deviceDisconnected
    case status(String, isOnline: Bool)
    case statuses([Status])
    case resources([EasemobResource])
    case settings(EasemobConsoleSettings)
    /// What the console shows of the app's users.
    case users(ConsoleView)
    case failed(EasemobAPIError)

    /// Whether a user is online.
    package struct Status: Hashable, Sendable {
        package let username: String
        package let isOnline: Bool

        package init(_ username: String, isOnline: Bool) {
            self.username = username
            self.isOnline = isOnline
        }
    }
}

/// What answers say of the app and the request.
package struct EasemobAnswerContext: Hashable, Sendable {
    package var org: String
    package var app: String
    /// The app's UUID.
    package var application: String
    /// The path after the app's.
    package var path: String
    package var now: Instant

    package init(org: String, app: String, application: String, path: String, now: Instant) {
        self.org = org
        self.app = app
        self.application = application
        self.path = path
        self.now = now
    }
}

/// Writing.
extension EasemobAnswer {
    package func http(_ context: EasemobAnswerContext, cause: EntryID?) -> HTTPResponseValue {
        var status = 200
        let value: JSONValue
        if case .failed(let error) = self {
            status = error.status
            value = Self.json(of: error, at: context.now)
        } else {
            value = json(context)
        }
        return .json(status: status, cause: cause, value)
    }

    private static func json(of error: EasemobAPIError, at now: Instant) -> JSONValue {
        guard let exception = error.exception else {
            return .fields(["error": .string(error.error), "error_description": .string(error.text)])
        }
        return .fields([
            "error": .string(error.error), "exception": .string(exception), "timestamp": .integer(now.milliseconds),
            "duration": .integer(0), "error_description": .string(error.text),
        ])
    }

    private func json(_ context: EasemobAnswerContext) -> JSONValue {
        let application = JSONValue.string(context.application)
        switch self {
        case .userToken(let token, let expiresIn, let user):
            return .fields([
                "access_token": .string(token.reveal(for: .wire)), "expires_in": .integer(expiresIn),
                "user": user.json,
            ])
        case .appToken(let token, let expiresIn):
            return .fields([
                "access_token": .string(token.reveal(for: .wire)), "expires_in": .integer(expiresIn),
                "application": application,
            ])
        case .registered(let users, let failed):
            let reasons = failed.map { names in
                JSONValue.array(
                    names.map { name in
                        .fields([
                            "username": .string(name),
                            "registerUserFailReason": .string("the \(name) already exists"),
                        ])
                    })
            }
            return Self.body(
                "post", context, entities: users, data: reasons, organization: context.org,
                applicationName: context.app)
        case .user(let user): return Self.body("get", context, entities: [user], count: 1)
        case .deleted(let user):
            return Self.body(
                "delete", context, entities: [user], organization: context.org, applicationName: context.app)
        case .passwordChanged: return Self.short("set user password", context)
        case .activated: return Self.short("activate user", context)
        case .deactivated(let user):
            return .fields([
                "action": .string("Deactivate user"), "entities": .array([user.json]),
                "timestamp": .integer(context.now.milliseconds), "duration": .integer(0),
            ])
        case .disconnected:
            return Self.body("get", context, entities: [], data: .fields(["result": .bool(true)]), count: 0)
        case .deviceDisconnected:
            return Self.body("delete", context, entities: [], data: .fields(["result": .bool(true)]))
        case .status(let name, let isOnline):
            let data = JSONValue.object([JSONMember(name, .string(Self.text(isOnline)))])
            return Self.body("get", context, entities: [], data: data, count: 0)
        case .statuses(let statuses):
            let data = JSONValue.array(
                statuses.map { .object([JSONMember($0.username, .string(Self.text($0.isOnline)))]) })
            return Self.body("get batch user status", context, entities: [], data: data)
        case .resources(let resources):
            let data = JSONValue.array(
                resources.map { resource in
                    .fields([
                        "res": .string(resource.name), "device_uuid": .string(resource.deviceID),
                        "device_name": .string(resource.deviceName),
                    ])
                })
            return Self.body("get", context, entities: [], data: data, count: 0)
        case .settings(let settings): return .fields(["settings": settings.json])
        case .users(let view): return Self.json(of: view)
        case .failed(let error): return Self.json(of: error, at: context.now)
        }
    }

    private static func json(of view: ConsoleView) -> JSONValue {
        let list = view.accounts.map { account in
            JSONValue.fields(["username": .string(account.account), "activated": .bool(!account.isBanned)])
        }
        return .fields([
            "users": .array(list), "total": .integer(Int64(view.accountTotal)),
            "banned": .integer(Int64(view.bannedTotal)), "dailyActive": .integer(Int64(view.dailyActive)),
        ])
    }

    private static func view(in value: JSONValue) -> ConsoleView? {
        guard let list = value["users"]?.array, let total = value["total"]?.int, let banned = value["banned"]?.int,
            let active = value["dailyActive"]?.int
        else { return nil }
        let accounts = list.compactMap { entry in
            entry["username"]?.text.map {
                ConsoleView.Account(account: $0, isBanned: entry["activated"]?.bool == false)
            }
        }
        return ConsoleView(accounts: accounts, accountTotal: total, bannedTotal: banned, dailyActive: active)
    }

    /// A user's status as the answers spell it.
    package static func text(_ isOnline: Bool) -> String { isOnline ? "online" : "offline" }

    private static func short(_ action: String, _ context: EasemobAnswerContext) -> JSONValue {
        .fields([
            "action": .string(action), "timestamp": .integer(context.now.milliseconds), "duration": .integer(0),
        ])
    }

    private static func body(
        _ action: String, _ context: EasemobAnswerContext, entities: [EasemobUser], data: JSONValue? = nil,
        organization: String? = nil, applicationName: String? = nil, count: Int64? = nil
    ) -> JSONValue {
        .fields([
            "action": .string(action), "application": .string(context.application),
            "path": .string("/" + (context.path.split(separator: "/").first.map(String.init) ?? "")),
            "uri": .string("/\(context.org)/\(context.app)/\(context.path)"),
            "entities": .array(entities.map(\.json)), "data": data,
            "timestamp": .integer(context.now.milliseconds), "duration": .integer(0),
            "organization": organization.map { .string($0) },
            "applicationName": applicationName.map { .string($0) }, "count": count.map { .integer($0) },
        ])
    }
}

/// Reading, as a client does.
extension EasemobAnswer {
    /// Reads an answer to `command`; one that cannot be read counts as failed.
    package static func parse(_ response: HTTPResponseValue, to command: EasemobCommand) -> EasemobAnswer {
        guard let value = try? JSONValue(parsing: response.body), value.members != nil else {
            return .failed(EasemobAPIError(response.status, "unreadable", "the answer is not the web API's"))
        }
        guard response.status == 200 else {
            return .failed(
                EasemobAPIError(
                    response.status, value["error"]?.text ?? "", value["error_description"]?.text ?? "",
                    exception: value["exception"]?.text))
        }
        return answer(value, to: command)
            ?? .failed(EasemobAPIError(200, "unreadable", "the answer lacks what was asked for"))
    }

    private static func answer(_ value: JSONValue, to command: EasemobCommand) -> EasemobAnswer? {
        let users = (value["entities"]?.array ?? []).compactMap { EasemobUser($0) }
        switch command {
        case .token(let grant, _):
            guard let text = value["access_token"]?.text, let expiresIn = value["expires_in"]?.int else { return nil }
            let token = Secret(text, kind: .token)
            if case .clientCredentials = grant { return .appToken(token, expiresIn: Int64(expiresIn)) }
            return EasemobUser(value["user"]).map { .userToken(token, expiresIn: Int64(expiresIn), $0) }
        case .register:
            return .registered(
                users, failed: value["data"]?.array.map { $0.compactMap { $0["username"]?.text } })
        case .get: return users.first.map { .user($0) }
        case .delete: return users.first.map { .deleted($0) }
        case .changePassword: return .passwordChanged
        case .deactivate: return users.first.map { .deactivated($0) }
        case .activate: return .activated
        case .disconnect: return .disconnected
        case .disconnectDevice: return .deviceDisconnected
        case .status:
            return value["data"]?.members?.first.map { status($0) }.map { .status($0.username, isOnline: $0.isOnline) }
        case .batchStatus:
            return .statuses((value["data"]?.array ?? []).compactMap { $0.members?.first.map { status($0) } })
        case .resources:
            return .resources(
                (value["data"]?.array ?? []).map { item in
                    EasemobResource(
                        name: item["res"]?.text ?? "", deviceID: item["device_uuid"]?.text ?? "",
                        deviceName: item["device_name"]?.text ?? "")
                })
        case .consoleUsers: return view(in: value).map { .users($0) }
        case .consoleSettings, .changeConsoleSettings:
            var settings = EasemobConsoleSettings()
            guard let fields = value["settings"].flatMap({ JSONFields($0) }), (try? settings.take(fields)) != nil else {
                return nil
            }
            return .settings(settings)
        }
    }

    private static func status(_ member: JSONMember) -> Status {
        Status(member.name, isOnline: member.value.text == "online")
    }
}
