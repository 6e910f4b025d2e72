import LoginCore

/// Who asks for a token, and how (easemob.md §1).
package enum EasemobGrant: Hashable, Sendable {
    case password(username: String, Secret)
    case inherit(username: String, autoCreateUser: Bool)
    case clientCredentials(id: String, Secret)
}

/// A user as it is registered.
package struct EasemobRegistration: Hashable, Sendable {
    /// Nil when it is missing, which the server has words for.
    package var username: String?
    package var password: Secret?
    package var nickname: String?

    package init(username: String?, password: Secret?, nickname: String? = nil) {
        self.username = username
        self.password = password
        self.nickname = nickname
    }
}

/// What can be asked of Easemob's web API, as far as it is played (§1, §3).
package enum EasemobCommand: Hashable, Sendable {
    /// The lifetime is in the cluster's unit, 0 for ever; nil leaves it to the console.
    case token(EasemobGrant, ttl: Int64?)
    /// `isList` when the body is an array.
    case register([EasemobRegistration], isList: Bool)
    case get(String)
    case delete(String)
    case changePassword(String, Secret)
    case deactivate(String)
    case activate(String)
    case disconnect(String)
    case disconnectDevice(String, resource: String)
    case status(String)
    case batchStatus([String])
    case resources(String)
    /// The console's settings; ours, the real console is a web page.
    case consoleSettings
    case changeConsoleSettings(EasemobConsolePatch)
    /// The users that the console lists; ours as well.
    case consoleUsers
}

/// Whose web API is called, and with which token.
package struct EasemobCaller: Hashable, Sendable {
    package let org: String
    package let app: String
    /// Goes into `Authorization: Bearer`; nil for none.
    package let bearer: Secret?

    package init(org: String, app: String, bearer: Secret?) {
        self.org = org
        self.app = app
        self.bearer = bearer
    }

    /// The header that carries a token.
    package static func authorization(_ bearer: Secret) -> HTTPHeader {
        HTTPHeader("Authorization", "Bearer " + bearer.reveal(for: .wire))
    }
}

extension EasemobCommand {
    /// The request as a client of the real service makes it.
    package func http(_ caller: EasemobCaller, cause: EntryID?) -> HTTPRequestValue {
        let base = "/" + FormCoding.encode(caller.org) + "/" + FormCoding.encode(caller.app)
        var headers = [HTTPHeader("Accept", "application/json")]
        let json = json
        if json != nil { headers.append(HTTPHeader("Content-Type", "application/json")) }
        if let bearer = caller.bearer { headers.append(EasemobCaller.authorization(bearer)) }
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        let (method, path) = line
        let isConsole = path.hasPrefix(EasemobCall.consoleRoot)
        return HTTPRequestValue(
            method: method, path: isConsole ? path : base + path, headers: headers, body: json?.encoded() ?? [])
    }

    /// Verb, and the path after `/{org}/{app}`.
    private var line: (String, String) {
        switch self {
        case .token: ("POST", "/token")
        case .register: ("POST", "/users")
        case .get(let user): ("GET", Self.path(user))
        case .delete(let user): ("DELETE", Self.path(user))
        case .changePassword(let user, _): ("PUT", Self.path(user, "password"))
        case .deactivate(let user): ("POST", Self.path(user, "deactivate"))
        case .activate(let user): ("POST", Self.path(user, "activate"))
        case .disconnect(let user): ("GET", Self.path(user, "disconnect"))
        case .disconnectDevice(let user, let resource):
            ("DELETE", Self.path(user, "disconnect/" + FormCoding.encode(resource)))
        case .status(let user): ("GET", Self.path(user, "status"))
        case .batchStatus: ("POST", "/users/batch/status")
        case .resources(let user): ("GET", Self.path(user, "resources"))
        case .consoleSettings: ("GET", EasemobCall.consolePath)
        case .changeConsoleSettings: ("PUT", EasemobCall.consolePath)
        case .consoleUsers: ("GET", EasemobCall.consoleUsersPath)
        }
    }

    private static func path(_ user: String, _ rest: String = "") -> String {
        "/users/" + FormCoding.encode(user) + (rest.isEmpty ? "" : "/" + rest)
    }

    private var json: JSONValue? {
        switch self {
        case .token(let grant, let ttl): grant.json(ttl: ttl.map { .integer($0) })
        case .register(let users, let isList):
            isList ? .array(users.map(\.json)) : users.first.map(\.json) ?? .object([])
        case .changePassword(_, let password): .fields(["newpassword": .string(password.reveal(for: .wire))])
        case .batchStatus(let users): .fields(["usernames": .array(users.map { .string($0) })])
        case .changeConsoleSettings(let patch): patch.fields
        case .get, .delete, .deactivate, .activate, .disconnect, .disconnectDevice, .status, .resources,
            .consoleSettings, .consoleUsers:
            nil
        }
    }
}

extension EasemobGrant {
    fileprivate func json(ttl: JSONValue?) -> JSONValue {
        switch self {
        case .password(let user, let password):
            .fields([
                "grant_type": .string("password"), "username": .string(user),
                "password": .string(password.reveal(for: .wire)), "ttl": ttl,
            ])
        case .inherit(let user, let autoCreateUser):
            .fields([
                "grant_type": .string("inherit"), "username": .string(user), "autoCreateUser": .bool(autoCreateUser),
                "ttl": ttl,
            ])
        case .clientCredentials(let id, let secret):
            .fields([
                "grant_type": .string("client_credentials"), "client_id": .string(id),
                "client_secret": .string(secret.reveal(for: .wire)), "ttl": ttl,
            ])
        }
    }
}

extension EasemobRegistration {
    fileprivate var json: JSONValue {
        .fields([
            "username": username.map { .string($0) }, "password": password.map { .string($0.reveal(for: .wire)) },
            "nickname": nickname.map { .string($0) },
        ])
    }
}
