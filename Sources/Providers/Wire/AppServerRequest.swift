import LoginCore

/// What can be asked of an app server (the contract is a page of the `Cloud` catalog).
package enum AppServerRequest: Hashable, Sendable {
    case discovery
    case register(user: String, password: Secret, account: String?)
    case login(user: String, password: Secret)
    case token(session: Secret)
    case logout(session: Secret)
    case people
    case ban(account: String, kick: Bool, notify: String?)
    case unban(account: String)
    case kick(account: String, notify: String?)
    case updateToken(account: String, token: Secret?)
    case refreshToken(account: String)
    case settings
    case changeSettings(AppServerSettingsPatch)

    /// The request as HTTP; `operatorKey` is sent with the operator's requests only.
    package func http(operatorKey: Secret?, cause: EntryID?) -> HTTPRequestValue {
        let route = AppServerRoute(of: self)
        var headers: [HTTPHeader] = []
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        let bearer: Secret? =
            switch self {
            case .token(let session), .logout(let session): session
            default: route.needsOperator ? operatorKey : nil
            }
        if let bearer { headers.append(HTTPHeader("Authorization", "Bearer \(bearer.reveal(for: .wire))")) }
        var body: [UInt8] = []
        if let value = self.body {
            headers.append(HTTPHeader("Content-Type", "application/json"))
            body = value.encoded()
        }
        return HTTPRequestValue(method: method, path: route.path, headers: headers, body: body)
    }

    private var method: String {
        switch self {
        case .discovery, .people, .settings: "GET"
        case .register, .login, .token, .logout, .ban, .unban, .kick, .updateToken, .refreshToken, .changeSettings:
            "POST"
        }
    }

    /// The JSON body; nil for requests without one.
    private var body: JSONValue? {
        switch self {
        case .discovery, .people, .settings:
            nil
        case .token, .logout:
            .object([])
        case .register(let user, let password, let account):
            .fields([
                "user": .string(user), "password": .string(password.reveal(for: .wire)),
                "account": account.map { .string($0) },
            ])
        case .login(let user, let password):
            .fields(["user": .string(user), "password": .string(password.reveal(for: .wire))])
        case .ban(let account, let kick, let notify):
            .fields(["account": .string(account), "kick": .bool(kick), "notify": notify.map { .string($0) }])
        case .kick(let account, let notify):
            .fields(["account": .string(account), "notify": notify.map { .string($0) }])
        case .unban(let account), .refreshToken(let account):
            .fields(["account": .string(account)])
        case .updateToken(let account, let token):
            .fields(["account": .string(account), "token": token.map { .string($0.reveal(for: .wire)) }])
        case .changeSettings(let patch):
            patch.json
        }
    }
}

/// Method and path of each request; the one table for building and for parsing.
enum AppServerRoute: String, CaseIterable {
    case discovery = "/.well-known/latchkey"
    case register = "/users"
    case login = "/login"
    case token = "/token"
    case logout = "/logout"
    case people = "/operator/people"
    case ban = "/operator/ban"
    case unban = "/operator/unban"
    case kick = "/operator/kick"
    case updateToken = "/operator/update-token"
    case refreshToken = "/operator/refresh-token"
    case settings = "/operator/settings"

    init(of request: AppServerRequest) {
        switch request {
        case .discovery: self = .discovery
        case .register: self = .register
        case .login: self = .login
        case .token: self = .token
        case .logout: self = .logout
        case .people: self = .people
        case .ban: self = .ban
        case .unban: self = .unban
        case .kick: self = .kick
        case .updateToken: self = .updateToken
        case .refreshToken: self = .refreshToken
        case .settings, .changeSettings: self = .settings
        }
    }

    var path: String { rawValue }

    /// The methods that the path takes; settings are read with GET and changed with POST.
    var methods: [String] {
        switch self {
        case .discovery, .people: ["GET"]
        case .settings: ["GET", "POST"]
        case .register, .login, .token, .logout, .ban, .unban, .kick, .updateToken, .refreshToken: ["POST"]
        }
    }

    /// Whether the operator key is needed.
    var needsOperator: Bool { rawValue.hasPrefix("/operator/") }
}
