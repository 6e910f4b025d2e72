/// Something the SDK tells the app; each provider has its own callback names for it.
package enum Moment: Hashable, Sendable {
    case linking
    case linkEstablished
    case linkFailed(LoginFailure)
    case authenticating
    case authenticated
    case authenticationFailed(LoginFailure)
    case syncing
    /// Data is in sync: the login is complete and the session can be used.
    case online
    /// A link that was in use broke.
    case linkLost(CloseCause)
    /// The system said that the network went away or came back.
    case networkChanged
    case loggedOut(wasServerTold: Bool)
    case manualLoginCompleted(AccountName)
    case manualLoginFailed(LoginFailure)
    /// An automatic login failed for more than a network's reason; `isFinal` when the SDK gave up.
    case automaticLoginFailed(LoginFailure, isFinal: Bool)
    /// The next automatic attempt comes after this delay.
    case retryScheduled(after: Duration, attempt: Int)
    /// An attempt fell due while the network was away: counted, not made.
    case retrySkipped(attempt: Int)
    case kickedOffline(KickNotice)
    case clientsChanged(ClientsChange, [OnlineClient])
    case echoed(String)
    case kickAnswered(code: Int, kicked: [String])
    case protocolError(code: Int, text: String)
}

/// One call of the app's listener, in the provider's own name.
package struct ProviderCallback: Hashable, Sendable {
    package let name: String
    package let arguments: [String]

    package init(_ name: String, _ arguments: String...) {
        self.name = name
        self.arguments = arguments
    }
}
