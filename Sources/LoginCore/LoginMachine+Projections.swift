/// What others may know of the machine, computed from its state.
extension LoginMachine {
    /// The state without its payload.
    package enum Phase: String, Sendable, CaseIterable, Hashable {
        case uninitialised
        case loggedOut
        case connectingFirst
        case connected
        case acquiringToken
        case connecting
        case authenticating
        case syncing
        case online
        case waiting
        case waitingForNetwork
        case loggingOut
        case stopped

        /// The phase in words.
        package var text: String {
            switch self {
            case .uninitialised: "not initialised"
            case .loggedOut: "logged out"
            case .connectingFirst: "connecting, logged out"
            case .connected: "connected, logged out"
            case .acquiringToken: "asking the app for a token"
            case .connecting: "connecting"
            case .authenticating: "authenticating"
            case .syncing: "syncing"
            case .online: "online"
            case .waiting: "waiting"
            case .waitingForNetwork: "waiting for the network"
            case .loggingOut: "logging out"
            case .stopped: "stopped"
            }
        }
    }

    /// Whether the app counts as logged in.
    package enum LoginStatus: String, Sendable {
        case loggedOut = "logged out"
        case loggingIn = "logging in"
        case loggedIn = "logged in"
    }

    /// How the link is.
    package enum ConnectStatus: String, Sendable {
        case disconnected
        case connecting
        case connected
        case waiting
    }

    package var phase: Phase {
        switch state {
        case .uninitialised: .uninitialised
        case .loggedOut: .loggedOut
        case .connectingFirst: .connectingFirst
        case .connected: .connected
        case .acquiringToken: .acquiringToken
        case .connecting: .connecting
        case .authenticating: .authenticating
        case .syncing: .syncing
        case .online: .online
        case .waiting: .waiting
        case .waitingForNetwork: .waitingForNetwork
        case .loggingOut: .loggingOut
        case .stopped: .stopped
        }
    }

    package var loginStatus: LoginStatus {
        switch state {
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .stopped, .loggingOut: .loggedOut
        case .online: .loggedIn
        // A session that is held counts as logged in while its link is away.
        case .acquiringToken, .connecting, .authenticating, .syncing, .waiting, .waitingForNetwork:
            attempt?.session == .held ? .loggedIn : .loggingIn
        }
    }

    package var connectStatus: ConnectStatus {
        switch state {
        case .uninitialised, .loggedOut, .acquiringToken, .stopped: .disconnected
        case .connectingFirst, .connecting: .connecting
        case .connected, .authenticating, .syncing, .online, .loggingOut: .connected
        case .waiting, .waitingForNetwork: .waiting
        }
    }

    /// The login that is under way or in use.
    package var attempt: Attempt? {
        switch state {
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .loggingOut, .stopped: nil
        case .acquiringToken(let attempt): attempt
        case .connecting(let underway), .authenticating(let underway), .syncing(let underway): underway.attempt
        case .online(let online): online.attempt
        case .waiting(let waiting), .waitingForNetwork(let waiting): waiting.attempt
        }
    }

    /// The connection that is asked for or open; there is never a second one.
    package var liveConnection: ConnectionID? {
        switch state {
        case .uninitialised, .loggedOut, .acquiringToken, .waiting, .waitingForNetwork, .stopped: nil
        case .connectingFirst(let first): first.connection
        case .connected(let connection): connection
        case .connecting(let underway), .authenticating(let underway), .syncing(let underway): underway.connection
        case .online(let online): online.connection
        case .loggingOut(let leaving): leaving.connection
        }
    }

    /// All timers that run: that of the state, and the one that limits the login call.
    package var liveTimers: [TimerID] {
        [liveTimer, attempt?.budget].compactMap(\.self)
    }

    /// The timer of the state; there is never a second one.
    package var liveTimer: TimerID? {
        switch state {
        case .uninitialised, .loggedOut, .connected, .acquiringToken, .stopped: nil
        case .connectingFirst(let first): first.deadline
        case .connecting(let underway), .authenticating(let underway), .syncing(let underway): underway.deadline
        case .online(let online): online.heartbeat
        case .waiting(let waiting), .waitingForNetwork(let waiting): waiting.timer
        case .loggingOut(let leaving): leaving.deadline
        }
    }

    /// The other clients of the account that are online.
    package var others: [OnlineClient] {
        switch state {
        case .syncing(let underway): underway.others
        case .online(let online): online.others
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .acquiringToken, .connecting, .authenticating,
            .waiting, .waitingForNetwork, .loggingOut, .stopped:
            []
        }
    }

    /// The reason of a stop.
    package var stopReason: StopReason? {
        if case .stopped(let reason) = state { reason } else { nil }
    }
}
