import LoginCore

/// A device's place in the store: a name and the id that this device shows to the provider for ever.
package struct DeviceProfile: Hashable, Sendable {
    /// `A` to `Z`.
    package let name: String
    /// 32 hex digits, lower case: 128 random bits, made once and kept.
    package let deviceID: String

    package init(name: String, deviceID: String) {
        self.name = name
        self.deviceID = deviceID
    }
}

/// What an app login leaves behind for the next start; at most one per profile and provider.
package struct StoredLogin: Hashable, Sendable {
    package var provider: String
    /// The person's name with the app server.
    package var user: String
    /// The provider's account.
    package var account: String
    package var token: Secret
    package var kind: AuthenticationKind
    /// The token's end, for those that have one.
    package var tokenExpires: Instant?
    /// The app server's session.
    package var session: Secret?
    /// When the token was received, so that its age is known after a restart.
    package var tokenIssued: Instant?
    /// Whether an automatic login may use it: only after a manual one worked.
    package var isUsable: Bool
    /// Why the SDK stopped, so that a restart cannot turn a stop into a retry.
    package var stop: StopReason?

    package init(
        provider: String,
        user: String,
        account: String,
        token: Secret,
        kind: AuthenticationKind,
        tokenExpires: Instant? = nil,
        session: Secret? = nil,
        tokenIssued: Instant? = nil,
        isUsable: Bool = false,
        stop: StopReason? = nil
    ) {
        self.provider = provider
        self.user = user
        self.account = account
        self.token = token
        self.kind = kind
        self.tokenExpires = tokenExpires
        self.session = session
        self.tokenIssued = tokenIssued
        self.isUsable = isUsable
        self.stop = stop
    }
}
