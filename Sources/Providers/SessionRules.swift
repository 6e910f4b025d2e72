/// One open session of an account, as those who watch a whole world see it.
package struct OpenSession: Hashable, Sendable {
    package let deviceID: String
    /// The provider's number for the kind of client.
    package let clientType: Int

    package init(deviceID: String, clientType: Int) {
        self.deviceID = deviceID
        self.clientType = clientType
    }
}

/// Which sessions of one account a provider lets stand together: a second opinion on its simulated cloud.
///
/// It is written down from the provider's page and shares no code with the cloud, so that one can be held against the
/// other. It speaks of a console whose other settings are as they are at first.
package struct SessionRules: Sendable {
    /// Whether the server tells a session of the account's other clients.
    package let tellsOfOthers: Bool
    /// Whether the server warns a session of the end of its token.
    package let warnsOfTokenEnd: Bool
    /// Whether a newcomer may stand beside the other open sessions of its account under the device policy of that number.
    ///
    /// Never beside an older session of its own device, which it replaces.
    package let allows: @Sendable (_ policy: Int, _ newcomer: OpenSession, _ others: [OpenSession]) -> Bool

    /// `allows` is asked about sessions of other devices only.
    package init(
        tellsOfOthers: Bool,
        warnsOfTokenEnd: Bool = false,
        allows: @escaping @Sendable (_ policy: Int, _ newcomer: OpenSession, _ others: [OpenSession]) -> Bool
    ) {
        self.tellsOfOthers = tellsOfOthers
        self.warnsOfTokenEnd = warnsOfTokenEnd
        self.allows = { policy, newcomer, others in
            !others.contains { $0.deviceID == newcomer.deviceID } && allows(policy, newcomer, others)
        }
    }
}
