import LoginCore

/// All that the lab knows of one generation of one provider's SDK.
package struct Provider: Sendable {
    /// The short name used in paths, options and stored logins, such as `commsease`.
    package let id: String
    package let title: String
    /// Which SDK is played, such as "V9 iOS".
    package let generation: String
    package let policy: LoginPolicy
    /// The calls of the app's listener that a moment makes, in their order; none for a moment that the SDK keeps to itself.
    package let callbacks: @Sendable (Moment) -> [ProviderCallback]
    package let rules: RuleBook
    /// The kinds of client that a device can play; the first is the usual one.
    package let clientPlatforms: [ClientPlatform]
    /// The account as the provider's server spells it, or what is wrong with what was typed.
    package let checkAccount: @Sendable (String) -> Result<String, FieldProblem>
    /// What is wrong with a token that was typed, or nil.
    package let checkToken: @Sendable (String) -> FieldProblem?
    /// The ways to log in that the provider has, the usual one first.
    package let authenticationKinds: [AuthenticationKind]
    /// What the number of a kick's reason means, in a few words.
    package let kickReasonText: @Sendable (Int) -> String

    package init(
        id: String,
        title: String,
        generation: String,
        policy: LoginPolicy,
        callbacks: @escaping @Sendable (Moment) -> [ProviderCallback],
        rules: RuleBook,
        clientPlatforms: [ClientPlatform],
        checkAccount: @escaping @Sendable (String) -> Result<String, FieldProblem>,
        checkToken: @escaping @Sendable (String) -> FieldProblem?,
        kickReasonText: @escaping @Sendable (Int) -> String,
        authenticationKinds: [AuthenticationKind] = AuthenticationKind.allCases
    ) {
        self.id = id
        self.title = title
        self.generation = generation
        self.policy = policy
        self.callbacks = callbacks
        self.rules = rules
        self.clientPlatforms = clientPlatforms
        self.checkAccount = checkAccount
        self.checkToken = checkToken
        self.kickReasonText = kickReasonText
        self.authenticationKinds = authenticationKinds
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
