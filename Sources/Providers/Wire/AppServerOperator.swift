import LoginCore

/// One user of the app server, as its operator sees them.
package struct Person: Hashable, Sendable {
    package var user: String
    /// The account with the provider; nil before the first login gave one.
    package var account: String?
    /// The password of a seeded person, which is no secret.
    package var demoPassword: Secret?
    package var isBanned: Bool

    package init(user: String, account: String?, demoPassword: Secret?, isBanned: Bool) {
        self.user = user
        self.account = account
        self.demoPassword = demoPassword
        self.isBanned = isBanned
    }

    /// The answer that lists people in the order given.
    package static func http(_ people: [Person], cause: EntryID?) -> HTTPResponseValue {
        let list = people.map { person in
            JSONValue.fields([
                "user": .string(person.user), "account": person.account.map { .string($0) },
                "demoPassword": person.demoPassword.map { .string($0.reveal(for: .wire)) },
                "banned": .bool(person.isBanned),
            ])
        }
        return .json(status: 200, cause: cause, .fields(["people": .array(list)]))
    }

    package static func parseList(_ response: HTTPResponseValue) -> Result<[Person], AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            var people: [Person] = []
            for entry in try fields.objects("people") {
                people.append(
                    Person(
                        user: try entry.text("user"), account: try entry.optionalText("account"),
                        demoPassword: try entry.optionalText("demoPassword").map { Secret($0, kind: .password) },
                        isBanned: try entry.bool("banned")))
            }
            return people
        }
    }
}

/// The backend's settings: the first three the app server's own, the others the provider console's.
package struct AppServerSettings: Hashable, Sendable {
    /// `fixed` or `dynamic`.
    package var tokenKind: AuthenticationKind
    /// The life of a dynamic token.
    package var tokenLifetime: Duration
    /// The life of an app session.
    package var sessionLifetime: Duration
    /// 1 one terminal, 2 desktop and mobile, 3 all.
    package var devicePolicy: Int
    /// The authentication types that the app may use, ascending.
    package var authTypes: [Int]

    package init(
        tokenKind: AuthenticationKind = .fixed,
        tokenLifetime: Duration = .seconds(600),
        sessionLifetime: Duration = .seconds(604_800),
        devicePolicy: Int = 1,
        authTypes: [Int] = [0, 1]
    ) {
        self.tokenKind = tokenKind
        self.tokenLifetime = tokenLifetime
        self.sessionLifetime = sessionLifetime
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        let all = AppServerSettingsPatch(
            tokenKind: tokenKind, tokenLifetime: tokenLifetime, sessionLifetime: sessionLifetime,
            devicePolicy: devicePolicy, authTypes: authTypes)
        return .json(status: 200, cause: cause, all.json)
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<AppServerSettings, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            let all = try AppServerSettingsPatch(fields)
            guard let kind = all.tokenKind, let life = all.tokenLifetime, let session = all.sessionLifetime,
                let policy = all.devicePolicy, let types = all.authTypes
            else { throw fields.fault("settings", "are not complete") }
            return AppServerSettings(
                tokenKind: kind, tokenLifetime: life, sessionLifetime: session, devicePolicy: policy, authTypes: types)
        }
    }
}

/// A change of some settings; nil leaves one as it is.
package struct AppServerSettingsPatch: Hashable, Sendable {
    package var tokenKind: AuthenticationKind?
    package var tokenLifetime: Duration?
    package var sessionLifetime: Duration?
    package var devicePolicy: Int?
    package var authTypes: [Int]?

    package init(
        tokenKind: AuthenticationKind? = nil,
        tokenLifetime: Duration? = nil,
        sessionLifetime: Duration? = nil,
        devicePolicy: Int? = nil,
        authTypes: [Int]? = nil
    ) {
        self.tokenKind = tokenKind
        self.tokenLifetime = tokenLifetime
        self.sessionLifetime = sessionLifetime
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
    }

    init(_ fields: JSONFields) throws(JSONFault) {
        if let name = try fields.optionalText("tokenKind") {
            guard let kind = AuthenticationKind(contractName: name), kind != .callback else {
                throw fields.fault("tokenKind", "must be static or dynamic")
            }
            tokenKind = kind
        }
        tokenLifetime = try fields.optionalInt("tokenLifetime", in: 1...31_536_000).map { .seconds($0) }
        sessionLifetime = try fields.optionalInt("sessionLifetime", in: 1...31_536_000).map { .seconds($0) }
        devicePolicy = try fields.optionalInt("devicePolicy", in: 1...3)
        authTypes = try fields.authTypes()
    }

    var json: JSONValue {
        .fields([
            "tokenKind": tokenKind.map { .string($0.description) },
            "tokenLifetime": tokenLifetime.map { .integer($0.components.seconds) },
            "sessionLifetime": sessionLifetime.map { .integer($0.components.seconds) },
            "devicePolicy": devicePolicy.map { .integer(Int64($0)) },
            "authTypes": authTypes.map { .array($0.map { .integer(Int64($0)) }) },
        ])
    }
}

extension JSONFields {
    /// A list out of 0, 1, 2 without repetition, given back in ascending order.
    func authTypes() throws(JSONFault) -> [Int]? {
        guard let types = try optionalInts("authTypes") else { return nil }
        guard types.allSatisfy((0...2).contains), Set(types).count == types.count else {
            throw fault("authTypes", "must be a list out of 0, 1 and 2, each once")
        }
        return types.sorted()
    }
}
