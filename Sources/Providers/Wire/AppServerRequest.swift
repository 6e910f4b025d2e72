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
    /// Ends the session of one device, where the provider can; the device as the link's login names it.
    case kickDevice(account: String, deviceID: String, clientType: Int)
    case updateToken(account: String, token: Secret?)
    case refreshToken(account: String)
    /// Deletes an account at the provider; whoever had it has none then.
    case deleteAccount(account: String)
    /// Asks the provider whether an account is online; `query` is one of the provider's ways to ask, nil the usual one.
    case presence(account: String, query: String?)
    case settings
    case changeSettings(AppServerSettingsPatch)
    /// Takes a person's account away; the provider keeps it.
    case unbind(user: String)
    /// Gives a person an account: the one named, or one made at random.
    case bind(user: String, account: String?)
    /// What the provider's console shows.
    case console
    /// Makes an account in the provider's console, for nobody.
    case consoleAccount(account: String?)
    /// The provider asks about a login; signed by the provider in its own way.
    case providerCallback(HTTPRequestValue)

    /// The request as HTTP; `operatorKey` is sent with the operator's requests only.
    ///
    /// `provider` is the provider's id that it is about, in the query of the operator's requests and in the body of the
    /// others; nil leaves it to the app server.
    package func http(operatorKey: Secret?, cause: EntryID?, provider: String? = nil) -> HTTPRequestValue {
        if case .providerCallback(let request) = self { return request }
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
        if var value = self.body {
            if let provider, !route.needsOperator, let members = value.members {
                value = .object(members + [JSONMember("provider", .string(provider))])
            }
            headers.append(HTTPHeader("Content-Type", "application/json"))
            body = value.encoded()
        }
        let query = route.needsOperator ? provider.map { "provider=\($0)" } : nil
        return HTTPRequestValue(method: method, path: route.path, query: query ?? "", headers: headers, body: body)
    }

    private var method: String {
        switch self {
        case .discovery, .people, .settings, .console: "GET"
        case .register, .login, .token, .logout, .ban, .unban, .kick, .kickDevice, .updateToken, .refreshToken,
            .deleteAccount, .presence, .changeSettings, .unbind, .bind, .consoleAccount, .providerCallback:
            "POST"
        }
    }

    /// The JSON body; nil for requests without one.
    private var body: JSONValue? {
        switch self {
        case .discovery, .people, .settings, .console, .providerCallback:
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
        case .kickDevice(let account, let deviceID, let clientType):
            .fields([
                "account": .string(account), "deviceID": .string(deviceID), "clientType": .integer(Int64(clientType)),
            ])
        case .unban(let account), .refreshToken(let account), .deleteAccount(let account):
            .fields(["account": .string(account)])
        case .presence(let account, let query):
            .fields(["account": .string(account), "query": query.map { .string($0) }])
        case .updateToken(let account, let token):
            .fields(["account": .string(account), "token": token.map { .string($0.reveal(for: .wire)) }])
        case .unbind(let user):
            .fields(["user": .string(user)])
        case .bind(let user, let account):
            .fields(["user": .string(user), "account": account.map { .string($0) }])
        case .consoleAccount(let account):
            .fields(["account": account.map { .string($0) }])
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
    case kickDevice = "/operator/kick-device"
    case updateToken = "/operator/update-token"
    case refreshToken = "/operator/refresh-token"
    case deleteAccount = "/operator/delete-account"
    case presence = "/operator/presence"
    case settings = "/operator/settings"
    case unbind = "/operator/unbind"
    case bind = "/operator/bind"
    case console = "/operator/console"
    case consoleAccount = "/operator/console-account"
    case providerCallback = "/callback"

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
        case .kickDevice: self = .kickDevice
        case .updateToken: self = .updateToken
        case .refreshToken: self = .refreshToken
        case .deleteAccount: self = .deleteAccount
        case .presence: self = .presence
        case .settings, .changeSettings: self = .settings
        case .unbind: self = .unbind
        case .bind: self = .bind
        case .console: self = .console
        case .consoleAccount: self = .consoleAccount
        case .providerCallback: self = .providerCallback
        }
    }

    var path: String { rawValue }

    /// The methods that the path takes; settings are read with GET and changed with POST.
    var methods: [String] {
        switch self {
        case .discovery, .people, .console: ["GET"]
        case .settings: ["GET", "POST"]
        case .register, .login, .token, .logout, .ban, .unban, .kick, .kickDevice, .updateToken, .refreshToken,
            .deleteAccount, .presence, .unbind, .bind, .consoleAccount, .providerCallback:
            ["POST"]
        }
    }

    /// Whether the operator key is needed.
    var needsOperator: Bool { rawValue.hasPrefix("/operator/") }
}
