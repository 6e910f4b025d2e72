/// What the operator's commands bring about with a provider, each in a few words for a menu.
package struct OperatorTexts: Sendable {
    package var ban: String
    package var banAndKick: String
    package var kick: String
    /// What an account has for good, which the next two replace: a token, or a password.
    package var credential: String
    package var updateToken: String
    package var refreshToken: String
    /// Nil for a provider whose accounts cannot be deleted; the app server refuses it then.
    package var delete: String?
    /// Nil for a provider whose web API cannot end the session of one device alone.
    package var kickDevice: String?
    /// Whether a kicked app is told the operator's message.
    package var tellsMessage: Bool
    /// Why no token can be set, in one sentence; nil when one can.
    package var updateTokenObstacle: String?

    package init(
        ban: String = "stays online; the next login is refused",
        banAndKick: String = "kicked; the next login is refused",
        kick: String = "kicked offline",
        credential: String = "token",
        updateToken: String = "the old one is refused at the next login",
        refreshToken: String = "the same, the server makes the token",
        delete: String? = nil,
        kickDevice: String? = nil,
        tellsMessage: Bool = true,
        updateTokenObstacle: String? = nil
    ) {
        self.ban = ban
        self.banAndKick = banAndKick
        self.kick = kick
        self.credential = credential
        self.updateToken = updateToken
        self.refreshToken = refreshToken
        self.delete = delete
        self.kickDevice = kickDevice
        self.tellsMessage = tellsMessage
        self.updateTokenObstacle = updateTokenObstacle
    }
}
