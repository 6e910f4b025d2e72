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

/// The backend's settings: the first three the app server's own, the others the provider's console's.
package struct AppServerSettings: Hashable, Sendable {
    package var tokenKind: AuthenticationKind
    /// The life of a token that ends by itself.
    package var tokenLifetime: Duration
    /// The life of an app session.
    package var sessionLifetime: Duration
    /// 1 one terminal, 2 desktop and mobile, 3 all.
    package var devicePolicy: Int
    /// The authentication types that the app may use, ascending.
    package var authTypes: [Int]
    /// Whether the provider asks this app server about logins with callback tokens.
    package var loginCallback: Bool
    /// Everything that the provider's console keeps, in the provider's own names; an object.
    package var provider: JSONValue

    package init(
        tokenKind: AuthenticationKind = .fixed,
        tokenLifetime: Duration = .seconds(600),
        sessionLifetime: Duration = .seconds(604_800),
        devicePolicy: Int = 1,
        authTypes: [Int] = [0, 1],
        loginCallback: Bool = false,
        provider: JSONValue = .object([])
    ) {
        self.tokenKind = tokenKind
        self.tokenLifetime = tokenLifetime
        self.sessionLifetime = sessionLifetime
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
        self.loginCallback = loginCallback
        self.provider = provider
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        let all = AppServerSettingsPatch(
            tokenKind: tokenKind, tokenLifetime: tokenLifetime, sessionLifetime: sessionLifetime,
            devicePolicy: devicePolicy, authTypes: authTypes, loginCallback: loginCallback, provider: provider)
        return .json(status: 200, cause: cause, all.json)
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<AppServerSettings, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            let all = try AppServerSettingsPatch(fields)
            guard let kind = all.tokenKind, let life = all.tokenLifetime, let session = all.sessionLifetime,
                let policy = all.devicePolicy, let types = all.authTypes
            else { throw fields.fault("settings", "are not complete") }
            return AppServerSettings(
                tokenKind: kind, tokenLifetime: life, sessionLifetime: session, devicePolicy: policy, authTypes: types,
                loginCallback: all.loginCallback ?? false, provider: all.provider ?? .object([]))
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
    package var loginCallback: Bool?
    /// Settings of the provider's console in the provider's own names; an object that goes on as it is.
    package var provider: JSONValue?

    package init(
        tokenKind: AuthenticationKind? = nil,
        tokenLifetime: Duration? = nil,
        sessionLifetime: Duration? = nil,
        devicePolicy: Int? = nil,
        authTypes: [Int]? = nil,
        loginCallback: Bool? = nil,
        provider: JSONValue? = nil
    ) {
        self.tokenKind = tokenKind
        self.tokenLifetime = tokenLifetime
        self.sessionLifetime = sessionLifetime
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
        self.loginCallback = loginCallback
        self.provider = provider
    }

    init(_ fields: JSONFields) throws(JSONFault) {
        if let name = try fields.optionalText("tokenKind") {
            guard let kind = AuthenticationKind(contractName: name) else {
                throw fields.fault("tokenKind", "must be static, dynamic or callback")
            }
            tokenKind = kind
        }
        tokenLifetime = try fields.optionalInt("tokenLifetime", in: 1...31_536_000).map { .seconds($0) }
        sessionLifetime = try fields.optionalInt("sessionLifetime", in: 1...31_536_000).map { .seconds($0) }
        devicePolicy = try fields.optionalInt("devicePolicy", in: 1...9)
        authTypes = try fields.authTypes()
        loginCallback = try fields.optionalBool("loginCallback")
        if let found = fields.value["provider"], found != .null { provider = try fields.object("provider").value }
    }

    /// Whether something is for the provider's console.
    package var isForConsole: Bool {
        devicePolicy != nil || authTypes != nil || loginCallback != nil || provider != nil
    }

    var json: JSONValue {
        .fields([
            "tokenKind": tokenKind.map { .string($0.description) },
            "tokenLifetime": tokenLifetime.map { .integer($0.components.seconds) },
            "sessionLifetime": sessionLifetime.map { .integer($0.components.seconds) },
            "devicePolicy": devicePolicy.map { .integer(Int64($0)) },
            "authTypes": authTypes.map { .array($0.map { .integer(Int64($0)) }) },
            "loginCallback": loginCallback.map { .bool($0) },
            "provider": provider,
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

/// What the provider's console shows of the app's accounts.
package struct ConsoleView: Hashable, Sendable {
    package struct Account: Hashable, Sendable {
        package var account: String
        package var isBanned: Bool

        package init(account: String, isBanned: Bool) {
            self.account = account
            self.isBanned = isBanned
        }
    }

    /// Those that the console lists, in order of their names.
    package var accounts: [Account]
    /// All accounts that count, listed or not.
    package var accountTotal: Int
    package var bannedTotal: Int
    /// Accounts that have logged in since the provider's day began.
    package var dailyActive: Int

    package init(accounts: [Account], accountTotal: Int, bannedTotal: Int, dailyActive: Int) {
        self.accounts = accounts
        self.accountTotal = accountTotal
        self.bannedTotal = bannedTotal
        self.dailyActive = dailyActive
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        let list = accounts.map { JSONValue.fields(["account": .string($0.account), "banned": .bool($0.isBanned)]) }
        return .json(
            status: 200, cause: cause,
            .fields([
                "accounts": .array(list), "accountTotal": .integer(Int64(accountTotal)),
                "bannedTotal": .integer(Int64(bannedTotal)), "dailyActive": .integer(Int64(dailyActive)),
            ]))
    }

    package static func parse(_ response: HTTPResponseValue) -> Result<ConsoleView, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            var accounts: [Account] = []
            for entry in try fields.objects("accounts") {
                accounts.append(Account(account: try entry.text("account"), isBanned: try entry.bool("banned")))
            }
            return ConsoleView(
                accounts: accounts, accountTotal: try fields.int("accountTotal"),
                bannedTotal: try fields.int("bannedTotal"), dailyActive: try fields.int("dailyActive"))
        }
    }
}
