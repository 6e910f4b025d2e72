import LoginCore

/// All that the lab knows of one provider.
///
/// A class, so that whoever holds one holds a reference and not three dozen values.
package final class Provider: Sendable {
    /// The short name used in paths, options and stored logins, such as `commsease`.
    package let id: String
    package let title: String
    /// The SDKs that a device can play, at least one; the first is the usual one.
    package let generations: [Generation]
    /// One book for all generations.
    package let rules: RuleBook
    /// The names of the device policies, from number 1 on.
    package let devicePolicies: [String]
    /// Who may be online together under them; nil where nobody has written it down yet.
    package let sessions: SessionRules?
    /// What keeps a text from being the key of an app, or nil.
    package let checkAppKey: @Sendable (String) -> FieldProblem?
    /// The account as the provider's server spells it, or what is wrong with what was typed.
    package let checkAccount: @Sendable (String) -> Result<String, FieldProblem>
    /// What is wrong with a token that was typed, or nil.
    package let checkToken: @Sendable (String) -> FieldProblem?
    /// The ways to log in that the provider has, the usual one first.
    package let authenticationKinds: [AuthenticationKind]
    /// What the provider calls those of them that have a name of its own.
    private let tokenNames: [AuthenticationKind: String]
    /// Whether the tokens that are not signed end as well, after the lifetime that the app server asks for.
    package let fixedTokensEnd: Bool
    /// What the operator's commands bring about.
    package let operatorTexts: OperatorTexts
    /// The names of the web API's ways to ask whether an account is online, the usual one first; empty where it has none.
    package let presenceQueries: [String]
    /// Tokens of one account that are made within this time may be one and the same; nil where each is its own.
    package let tokenTick: Duration?
    /// The settings of the provider's console with their first values, in its own names; an object.
    package let consoleSettings: JSONValue

    package init(
        id: String,
        title: String,
        generations: [Generation],
        rules: RuleBook,
        devicePolicies: [String],
        sessions: SessionRules? = nil,
        checkAppKey: @escaping @Sendable (String) -> FieldProblem?,
        checkAccount: @escaping @Sendable (String) -> Result<String, FieldProblem>,
        checkToken: @escaping @Sendable (String) -> FieldProblem?,
        authenticationKinds: [AuthenticationKind] = AuthenticationKind.allCases,
        tokenNames: [AuthenticationKind: String] = [:],
        fixedTokensEnd: Bool = false,
        operatorTexts: OperatorTexts = OperatorTexts(),
        presenceQueries: [String] = [],
        tokenTick: Duration? = nil,
        consoleSettings: JSONValue = .object([])
    ) {
        precondition(!generations.isEmpty, "a provider needs at least one generation")
        self.id = id
        self.title = title
        self.generations = generations
        self.rules = rules
        self.devicePolicies = devicePolicies
        self.sessions = sessions
        self.checkAppKey = checkAppKey
        self.checkAccount = checkAccount
        self.checkToken = checkToken
        self.authenticationKinds = authenticationKinds
        self.tokenNames = tokenNames
        self.fixedTokensEnd = fixedTokensEnd
        self.operatorTexts = operatorTexts
        self.presenceQueries = presenceQueries
        self.tokenTick = tokenTick
        self.consoleSettings = consoleSettings
    }

    /// The generation that is played unless another one is chosen.
    package var usual: Generation { generations[0] }

    /// What a kind of token is called on the screen.
    package func name(of kind: AuthenticationKind) -> String { tokenNames[kind] ?? kind.description }

    /// Whether a kind of token ends after the lifetime that is set in the lab.
    package func ends(_ kind: AuthenticationKind) -> Bool { kind != .fixed || fixedTokensEnd }

    /// The generation with this ``Generation/id``.
    package func generation(_ id: String) -> Generation? {
        generations.first { $0.id == id }
    }

    /// The kinds of client of all generations, each number once.
    package var clientPlatforms: [ClientPlatform] {
        var numbers: Set<Int> = []
        return generations.flatMap(\.clientPlatforms).filter { numbers.insert($0.clientType).inserted }
    }
}

/// One SDK of a provider: what it does about failures and time, and what it tells the app in its own words.
package final class Generation: Sendable {
    /// The short name used in options, such as `v9-ios`; no other generation of the provider has it.
    package let id: String
    /// Such as "V9 iOS".
    package let title: String
    /// What a login frame calls it, so that the server answers in its codes: 1 to 16 characters.
    package let wireName: String
    package let policy: LoginPolicy
    /// The calls of the app's listener that a moment makes; none for a moment that the SDK keeps to itself.
    package let callbacks: CallbackNaming
    /// The SDK's own words for the status that was told last; nil where the general ones serve.
    package let statusText: @Sendable (ToldStatus) -> String?
    /// The kinds of client that a device can play; the first is the usual one.
    package let clientPlatforms: [ClientPlatform]

    package init(
        id: String,
        title: String,
        wireName: String,
        policy: LoginPolicy,
        callbacks: @escaping CallbackNaming,
        statusText: @escaping @Sendable (ToldStatus) -> String? = { _ in nil },
        clientPlatforms: [ClientPlatform]
    ) {
        precondition(!clientPlatforms.isEmpty, "a generation needs at least one kind of client")
        self.id = id
        self.title = title
        self.wireName = wireName
        self.policy = policy
        self.callbacks = callbacks
        self.statusText = statusText
        self.clientPlatforms = clientPlatforms
    }
}

/// A kind of client, with the provider's number for it.
package struct ClientPlatform: Hashable, Sendable {
    package let name: String
    package let clientType: Int

    package init(name: String, clientType: Int) {
        self.name = name
        self.clientType = clientType
    }
}

/// What is wrong with a text that a person typed.
package struct FieldProblem: Error, Hashable, Sendable {
    /// One sentence: what is wrong and what to do.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }
}
