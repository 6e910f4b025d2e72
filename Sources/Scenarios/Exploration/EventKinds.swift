import LoginCore

/// The SDK's events without their payload, one for each kind that a state may treat in its own way.
package enum SDKEventKind: Int, CaseIterable, Sendable {
    case initialised, manualLogin, automaticLogin, logout, tokenProvided, tokenUnavailable, tokenReplaced
    case connectionOpened, connectionFailed, connectionClosed
    case loginAccepted, loginRefused, synced, pong, echoed, kickAnswered, loggedOut, kicked, clientsChanged
    case renewed, tokenWillExpire
    case unknownMessage, protocolError, timerFired, networkLost, networkReturned, backgrounded, foregrounded,
        kickRequested
    case echoRequested

    package init(_ event: LoginMachine.Event) {
        self =
            switch event {
            case .initialised: .initialised
            case .loginRequested(let request): request.mode.isManual ? .manualLogin : .automaticLogin
            case .logoutRequested: .logout
            case .tokenProvided: .tokenProvided
            case .tokenUnavailable: .tokenUnavailable
            case .tokenReplaced: .tokenReplaced
            case .connectionOpened: .connectionOpened
            case .connectionFailed: .connectionFailed
            case .connectionClosed: .connectionClosed
            case .received(_, let message): Self(message)
            case .timerFired: .timerFired
            case .networkLost: .networkLost
            case .networkReturned: .networkReturned
            case .backgrounded: .backgrounded
            case .foregrounded: .foregrounded
            case .kickRequested: .kickRequested
            case .echoRequested: .echoRequested
            }
    }

    private init(_ message: LinkMessage) {
        self =
            switch message {
            case .loginAccepted: .loginAccepted
            case .loginRefused: .loginRefused
            case .synced: .synced
            case .pong: .pong
            case .echoed: .echoed
            case .kickAnswered: .kickAnswered
            case .loggedOut: .loggedOut
            case .kicked: .kicked
            case .clientsChanged: .clientsChanged
            case .renewed: .renewed
            case .tokenWillExpire: .tokenWillExpire
            case .unknown: .unknownMessage
            case .protocolError: .protocolError
            }
    }

    package var name: String { "\(self)" }
}

/// The app's events without their payload; what the SDK tells is told apart as far as the app cares.
package enum AppEventKind: Int, CaseIterable, Sendable {
    case started, settingsChanged, registerRequested, signInRequested, tokenLoginRequested, automaticLoginRequested
    case automaticLoginDue, renewalRequested, signOutRequested, registered, granted, tokenGranted, sessionEnded,
        callFailed, tokenAsked
    case toldOnline, toldCompleted, toldManualFailed, toldStopped, toldKicked, toldLoggedOut, toldLinking, toldRetry
    case toldWillExpire, toldStep, timerFired

    package init(_ event: AppFlow.Event) {
        self =
            switch event {
            case .started: .started
            case .settingsChanged: .settingsChanged
            case .registerRequested: .registerRequested
            case .signInRequested: .signInRequested
            case .tokenLoginRequested: .tokenLoginRequested
            case .automaticLoginRequested: .automaticLoginRequested
            case .automaticLoginDue: .automaticLoginDue
            case .renewalRequested: .renewalRequested
            case .signOutRequested: .signOutRequested
            case .registered: .registered
            case .granted: .granted
            case .tokenGranted: .tokenGranted
            case .sessionEnded: .sessionEnded
            case .callFailed: .callFailed
            case .tokenAsked: .tokenAsked
            case .told(.online): .toldOnline
            case .told(.manualLoginCompleted): .toldCompleted
            case .told(.manualLoginFailed): .toldManualFailed
            case .told(.automaticLoginFailed(_, isFinal: true)): .toldStopped
            case .told(.kickedOffline): .toldKicked
            case .told(.loggedOut): .toldLoggedOut
            case .told(.linking): .toldLinking
            case .told(.retryScheduled): .toldRetry
            case .told(.tokenWillExpire): .toldWillExpire
            case .told: .toldStep
            case .timerFired: .timerFired
            }
    }

    package var name: String { "\(self)" }
}

/// What the app shows, without its payload.
package enum AppPhase: Int, CaseIterable, Sendable {
    case signedOut, registering, signingIn, startingIM, signedIn, signingOut

    package init(_ state: AppFlow.State) {
        self =
            switch state {
            case .signedOut: .signedOut
            case .registering: .registering
            case .signingIn: .signingIn
            case .startingIM: .startingIM
            case .signedIn: .signedIn
            case .signingOut: .signingOut
            }
    }

    package var name: String { "\(self)" }
}

extension LoginMachine.Phase {
    /// Where the phase stands among all of them.
    package var place: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// How often each event met each state, and how often each switch was used.
package struct Coverage: Sendable {
    /// One row of ``SDKEventKind`` for each phase.
    package private(set) var sdk = [Int](repeating: 0, count: Self.phases.count * SDKEventKind.allCases.count)
    /// One row of ``AppEventKind`` for each ``AppPhase``.
    package private(set) var app = [Int](repeating: 0, count: AppPhase.allCases.count * AppEventKind.allCases.count)
    package private(set) var switches: [String: Int] = [:]

    private static let phases = LoginMachine.Phase.allCases
    private static let sdkWidth = SDKEventKind.allCases.count
    private static let appWidth = AppEventKind.allCases.count

    package init() {}

    mutating func note(_ state: LoginMachine.State, _ event: LoginMachine.Event) {
        sdk[Self.row(state) * Self.sdkWidth + SDKEventKind(event).rawValue] += 1
    }

    mutating func note(_ state: AppFlow.State, _ event: AppFlow.Event) {
        app[AppPhase(state).rawValue * Self.appWidth + AppEventKind(event).rawValue] += 1
    }

    mutating func note(_ name: String) {
        switches[name, default: 0] += 1
    }

    package func hits(_ phase: LoginMachine.Phase, _ kind: SDKEventKind) -> Int {
        sdk[phase.place * Self.sdkWidth + kind.rawValue]
    }

    package func hits(_ phase: AppPhase, _ kind: AppEventKind) -> Int {
        app[phase.rawValue * Self.appWidth + kind.rawValue]
    }

    package static func + (left: Coverage, right: Coverage) -> Coverage {
        var sum = left
        for index in sum.sdk.indices { sum.sdk[index] += right.sdk[index] }
        for index in sum.app.indices { sum.app[index] += right.app[index] }
        sum.switches.merge(right.switches) { $0 + $1 }
        return sum
    }

    /// The row of a state; the same order as ``LoginMachine/Phase``, without a search.
    private static func row(_ state: LoginMachine.State) -> Int {
        switch state {
        case .uninitialised: 0
        case .loggedOut: 1
        case .connectingFirst: 2
        case .connected: 3
        case .acquiringToken: 4
        case .connecting: 5
        case .authenticating: 6
        case .syncing: 7
        case .online: 8
        case .waiting: 9
        case .waitingForNetwork: 10
        case .loggingOut: 11
        case .stopped: 12
        }
    }
}
