/// Something the SDK tells the app; each provider has its own callback names for it.
package enum Moment: Hashable, Sendable, Codable {
    /// A login was called; told by SDKs whose link may be there before it.
    case loginBegun
    case linking
    case linkEstablished
    indirect case linkFailed(LoginFailure)
    case authenticating
    case authenticated
    indirect case authenticationFailed(LoginFailure)
    case syncing
    /// Data is in sync: the login is complete and the session can be used.
    case online
    /// A link that was in use broke.
    case linkLost(CloseCause)
    /// The system said that the network went away or came back.
    case networkChanged(isAvailable: Bool)
    case loggedOut(wasServerTold: Bool)
    /// A login call succeeded; SDKs without a call for automatic logins tell it of manual ones only.
    case manualLoginCompleted(AccountName)
    indirect case manualLoginFailed(LoginFailure)
    /// An automatic login failed for more than a network's reason; `isFinal` when the SDK gave up.
    indirect case automaticLoginFailed(LoginFailure, isFinal: Bool)
    /// The next automatic attempt comes after this delay.
    case retryScheduled(after: Duration, attempt: Int)
    /// An attempt fell due while the network was away: counted, not made.
    case retrySkipped(attempt: Int)
    indirect case kickedOffline(KickNotice)
    case clientsChanged(ClientsChange, [OnlineClient])
    case echoed(String)
    case kickAnswered(code: Int, kicked: [String])
    case protocolError(code: Int, text: String)
    /// The SDK called one of the app's providers for this attempt.
    case providerAsked(AppProvider, AccountName)
    /// The app's earlier login call ended because another one took its place.
    indirect case loginCallCancelled(LoginFailure)
    /// A call of the app's came at a time when the SDK does not take it.
    indirect case callRefused(LoginFailure)
    /// An automatic login, not a reconnection, succeeded; told where the SDK has a call for it.
    case automaticLoginCompleted(AccountName)
    /// The token in use will end soon, the server says.
    case tokenWillExpire
    /// What became of a token that was given to a session; nil when it took the old one's place.
    indirect case tokenRenewed(LoginFailure?)
}

/// What an SDK asks the app for in the middle of a login.
package enum AppProvider: String, Hashable, Sendable, Codable {
    case token
    case loginExtension
}

/// What the app's listener was told last, for SDKs that tell a status only when it changes.
///
/// The numbers are the provider's own.
package struct ToldStatus: Hashable, Sendable, Codable {
    package var login = 0
    package var connect = 0
    /// Whether a login has worked and its session was not ended for good since.
    package var hasSession = false
    /// What the system said last of the network.
    package var hasNetwork = true

    package init() {}
}

/// Gives the listener's calls for a moment, in their order, and keeps in mind what they told.
package typealias CallbackNaming = @Sendable (Moment, inout ToldStatus) -> [ProviderCallback]

/// One call of the app's listener, in the provider's own name.
package struct ProviderCallback: Hashable, Sendable {
    package let name: String
    package let arguments: [String]

    package init(_ name: String, _ arguments: String...) {
        self.name = name
        self.arguments = arguments
    }

    /// The call as a transcript writes it: `onLoginStatus(1, 2)`.
    package var text: String {
        arguments.isEmpty ? name + "()" : name + "(" + arguments.joined(separator: ", ") + ")"
    }
}
