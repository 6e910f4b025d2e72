import LoginCore

/// Where a backend's parts are, and how its clock runs.
package struct Discovery: Hashable, Sendable {
    package var providers: [String]
    /// The app's key with each provider, in the order of `providers`.
    package var appKeys: [String: String]
    /// `http://HOST:PORT`, without a slash at the end.
    package var webAPI: String
    /// `ws://HOST:PORT`, without a slash at the end; the provider's name follows one.
    package var imLink: String
    /// How many seconds the backend's clock passes in a real second; 1 when it is not announced.
    package var timeScale: Int
    package var serverTime: Instant

    package init(
        providers: [String],
        appKeys: [String: String],
        webAPI: String,
        imLink: String,
        timeScale: Int,
        serverTime: Instant
    ) {
        self.providers = providers
        self.appKeys = appKeys
        self.webAPI = webAPI
        self.imLink = imLink
        self.timeScale = timeScale
        self.serverTime = serverTime
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        let keys = providers.map { JSONMember($0, .string(appKeys[$0] ?? "")) }
        return .json(
            status: 200, cause: cause,
            .fields([
                "latchkey": .integer(1), "providers": .array(providers.map { .string($0) }), "appKeys": .object(keys),
                "webAPI": .string(webAPI), "imLink": .string(imLink), "timeScale": .integer(Int64(timeScale)),
                "serverTime": .integer(serverTime.milliseconds),
            ]))
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<Discovery, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            guard try fields.int("latchkey") == 1 else { throw fields.fault("latchkey", "must be 1") }
            let providers = try fields.texts("providers")
            var keys: [String: String] = [:]
            if let found = fields.value["appKeys"], let object = JSONFields(found) {
                for provider in providers { keys[provider] = try object.optionalText(provider) }
            }
            return Discovery(
                providers: providers, appKeys: keys, webAPI: try fields.text("webAPI"),
                imLink: try fields.text("imLink"),
                timeScale: try fields.optionalInt("timeScale", in: 1...1_000_000) ?? 1,
                serverTime: try fields.instant("serverTime"))
        }
    }
}

/// The answer to a registration.
package struct Registered: Hashable, Sendable {
    package var user: String
    package var provider: String
    package var account: String

    package init(user: String, provider: String, account: String) {
        self.user = user
        self.provider = provider
        self.account = account
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        .json(
            status: 201, cause: cause,
            .fields(["user": .string(user), "provider": .string(provider), "account": .string(account)]))
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<Registered, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            Registered(
                user: try fields.text("user"), provider: try fields.text("provider"),
                account: try fields.text("account"))
        }
    }
}

/// A token with what the app must know of it.
package struct TokenGrant: Hashable, Sendable {
    package var provider: String
    package var account: String
    package var token: Secret
    package var kind: AuthenticationKind
    /// The token's end; nil when it does not end by itself.
    package var expires: Instant?
    /// The server's time of the answer, from which lifetimes count.
    package var serverTime: Instant

    package init(
        provider: String,
        account: String,
        token: Secret,
        kind: AuthenticationKind,
        expires: Instant?,
        serverTime: Instant
    ) {
        self.provider = provider
        self.account = account
        self.token = token
        self.kind = kind
        self.expires = expires
        self.serverTime = serverTime
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        .json(status: 200, cause: cause, .object(members))
    }

    fileprivate var members: [JSONMember] {
        var members = [
            JSONMember("provider", .string(provider)), JSONMember("account", .string(account)),
            JSONMember("token", .string(token.reveal(for: .wire))), JSONMember("tokenKind", .string(kind.description)),
        ]
        if let expires { members.append(JSONMember("tokenExpires", .integer(expires.milliseconds))) }
        members.append(JSONMember("serverTime", .integer(serverTime.milliseconds)))
        return members
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<TokenGrant, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in try TokenGrant(fields) }
    }

    fileprivate init(_ fields: JSONFields) throws(JSONFault) {
        let name = try fields.text("tokenKind")
        guard let kind = AuthenticationKind(contractName: name) else {
            throw fields.fault("tokenKind", "must be static, dynamic or callback")
        }
        let expires = try fields.optionalInt("tokenExpires")
        self.init(
            provider: try fields.text("provider"), account: try fields.text("account"),
            token: Secret(try fields.text("token", length: 1...4096), kind: .token), kind: kind,
            expires: expires == nil ? nil : try fields.instant("tokenExpires"),
            serverTime: try fields.instant("serverTime"))
    }
}

/// The answer to an app login.
package struct AppServerGrant: Hashable, Sendable {
    /// Proves the app login to the app server.
    package var session: Secret
    package var sessionExpires: Instant
    package var token: TokenGrant

    package init(session: Secret, sessionExpires: Instant, token: TokenGrant) {
        self.session = session
        self.sessionExpires = sessionExpires
        self.token = token
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        let own = [
            JSONMember("session", .string(session.reveal(for: .wire))),
            JSONMember("sessionExpires", .integer(sessionExpires.milliseconds)),
        ]
        return .json(status: 200, cause: cause, .object(own + token.members))
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<AppServerGrant, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            AppServerGrant(
                session: Secret(try fields.text("session", length: 1...4096), kind: .session),
                sessionExpires: try fields.instant("sessionExpires"), token: try TokenGrant(fields))
        }
    }
}

extension JSONFields {
    /// An instant in milliseconds since 1970, within the years that the clock can count.
    func instant(_ name: String) throws(JSONFault) -> Instant {
        Instant(milliseconds: Int64(try int(name, in: 0...253_402_300_799_999)))
    }
}

extension AuthenticationKind {
    /// Reads the contract's name: `static`, `dynamic`, `callback`.
    package init?(contractName name: String) {
        guard let kind = Self.allCases.first(where: { $0.description == name }) else { return nil }
        self = kind
    }
}
