/// What the SDK sends over the long connection, before it is encoded.
package enum LinkRequest: Hashable, Sendable, Codable {
    indirect case login(LoginPacket)
    case sync
    case ping
    /// Stands for messaging: a server that answers it has a working session.
    case echo(String)
    /// Kicks other clients of the same account, named by the server's session ids.
    case kick([String])
    /// Gives the session another token.
    case renew(SecretRef)
    case logout
}

/// The login frame's contents; the token is a stand-in until the frame is encoded.
package struct LoginPacket: Hashable, Sendable, Codable {
    package var account: AccountName
    package var token: SecretRef
    package var authentication: AuthenticationKind
    /// Sent by automatic login and reconnection, and not by a manual login.
    package var isAutomatic: Bool
    package var isForced: Bool
    /// Handed on to the app server by a login callback; empty when there is none.
    package var loginExtension: String

    package init(
        account: AccountName,
        token: SecretRef,
        authentication: AuthenticationKind,
        isAutomatic: Bool,
        isForced: Bool,
        loginExtension: String = ""
    ) {
        self.account = account
        self.token = token
        self.authentication = authentication
        self.isAutomatic = isAutomatic
        self.isForced = isForced
        self.loginExtension = loginExtension
    }
}

/// What the server says over the long connection, after it was decoded.
package enum LinkMessage: Hashable, Sendable, Codable {
    /// The login was accepted; the other clients of the account that are online.
    case loginAccepted(account: AccountName, others: [OnlineClient])
    case loginRefused(code: Int, text: String)
    case synced
    case pong
    case echoed(String)
    /// The server ids of those that were really kicked.
    case kickAnswered(code: Int, kicked: [String])
    case loggedOut
    /// The answer to a token that was given to the session; 200 when it took the old one's place.
    case renewed(code: Int, text: String)
    /// The session's token will end soon.
    case tokenWillExpire
    indirect case kicked(KickNotice)
    case clientsChanged(ClientsChange, [OnlineClient])
    /// A frame of a type that the protocol does not have, at most 64 characters of its name; it is passed over.
    case unknown(String)
    /// The server did not understand a frame.
    case protocolError(code: Int, text: String)
}
