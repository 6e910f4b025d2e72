import LoginCore
import Providers

/// Which events can meet which states in a world of one kind of device, and why the others cannot.
///
/// The search through the machines tries all of them; a world reaches these. A claim here is held against every
/// exploration: a cell that is said to be out of reach must not be hit, the others must be.
package struct Reachability: Sendable {
    /// Whether the SDK asks the app for a token before it opens the link.
    private let asksBeforeLink: Bool
    /// Whether it asks once the link is up.
    private let asksOnLink: Bool
    /// Whether a login is a call that is taken in every state.
    private let hasCalls: Bool
    /// Whether the SDK opens its link before any login.
    private let connectsFirst: Bool
    /// Whether a second login call is answered by the SDK itself, so that the app makes it, and calls its SDK at other
    /// wrong moments too.
    private let answersSecondLogin: Bool
    /// Whether there is an automatic login, which goes on trying; a login by hand is over with its first failure.
    private let hasAutomaticLogin: Bool
    /// Whether a newer token is given to the session in use.
    private let renewsOnline: Bool
    /// Whether the server tells a session of the account's other clients.
    private let tellsOfOthers: Bool
    /// Whether the server warns a session of the end of its token.
    private let warns: Bool

    package init(_ kind: DeviceKind) {
        let policy = kind.generation.policy
        let hasDynamicTokens = kind.provider.authenticationKinds.contains(.dynamic)
        asksBeforeLink = policy.asksBeforeLink && hasDynamicTokens
        asksOnLink = policy.calls != nil && hasDynamicTokens
        hasCalls = policy.calls != nil
        connectsFirst = policy.connectsFirst
        answersSecondLogin = policy.secondLogin != nil
        hasAutomaticLogin = policy.chosenAutomaticLogin != .none
        renewsOnline = policy.onlineRenewal != nil
        warns = kind.provider.sessions?.warnsOfTokenEnd ?? true
        tellsOfOthers = kind.provider.sessions?.tellsOfOthers ?? true
    }

    /// Why an event never meets the SDK in a state; nil when it does.
    package func obstacle(_ phase: LoginMachine.Phase, _ kind: SDKEventKind) -> String? {
        let (reached, why) = states(of: kind)
        return reached.contains(phase) ? nil : why
    }

    private static let first: Set<LoginMachine.Phase> = [.connectingFirst, .connected]

    /// The phases that an SDK that is set up is in when something reaches it.
    private var settled: Set<LoginMachine.Phase> {
        let all = Set(LoginMachine.Phase.allCases).subtracting([.uninitialised, .acquiringToken])
        return connectsFirst ? all : all.subtracting(Self.first)
    }

    /// These phases, and those of a link before any login where there is one.
    private func orFirst(_ phases: Set<LoginMachine.Phase>, _ first: Set<LoginMachine.Phase>) -> Set<
        LoginMachine.Phase
    > {
        connectsFirst ? phases.union(first) : phases
    }

    private func states(of kind: SDKEventKind) -> (reached: Set<LoginMachine.Phase>, why: String) {
        switch kind {
        case .initialised: ([.uninitialised], "each run of the app sets its SDK up once, before anything else")
        case .manualLogin:
            (
                answersSecondLogin || hasCalls ? settled : orFirst([.loggedOut, .stopped], Self.first),
                "the app lets go of a login before the next one"
            )
        case .automaticLogin:
            (
                orFirst(hasCalls ? [.loggedOut, .stopped, .loggingOut] : [.loggedOut], Self.first),
                hasCalls
                    ? "the app lets go of a login before the next one"
                    : "the app lets go of a login first, and starts none after a stop"
            )
        case .logout:
            (
                settled.subtracting(Self.first).subtracting(
                    hasCalls || answersSecondLogin ? [] : [.loggedOut, .loggingOut]),
                "the app asks for it while a login is in use, and has the token ready within one input"
            )
        case .tokenProvided:
            (
                asksBeforeLink ? [.acquiringToken] : asksOnLink ? [.authenticating] : [],
                asksBeforeLink || asksOnLink
                    ? "the token is handed over within the input that asks for it" : "the SDK asks for no token"
            )
        case .tokenUnavailable: ([], "the app starts no login without a token")
        case .tokenReplaced:
            (
                answersSecondLogin || hasCalls
                    ? settled : settled.subtracting(Self.first).subtracting([.loggedOut, .loggingOut]),
                "a logout gives renewals up, and the token is handed over within one input"
            )
        case .connectionOpened, .connectionFailed:
            (orFirst([.connecting], [.connectingFirst]), "the world drops what comes too late, as sockets do")
        case .connectionClosed:
            (
                orFirst([.authenticating, .syncing, .online, .loggingOut], [.connected]),
                "only a link that is up ends, and none that was given up"
            )
        case .loginAccepted, .loginRefused: ([.authenticating], "it answers a login frame")
        // Where the session begins with the answer to the login, a logout may overtake the sync.
        case .synced: (hasCalls ? [.syncing, .loggingOut] : [.syncing], "it answers a sync frame")
        case .pong, .echoed, .kickAnswered: ([.online, .loggingOut], "it answers what is sent while online")
        case .loggedOut: ([.loggingOut], "it answers a logout")
        case .kicked: ([.syncing, .online, .loggingOut], "it is told to sessions only")
        case .clientsChanged:
            tellsOfOthers
                ? ([.syncing, .online, .loggingOut], "it is told to sessions only")
                : ([], "no client is told of the others")
        case .renewed:
            renewsOnline
                ? ([.online, .loggingOut], "it answers a token that was given to a session")
                : ([], "no token is given to a session")
        case .tokenWillExpire:
            warns
                ? ([.syncing, .online, .loggingOut], "it is told to sessions only")
                : ([], "the server warns of no token's end")
        case .unknownMessage, .protocolError: ([], "both ends speak the same protocol")
        case .timerFired:
            (
                settled.subtracting([.loggedOut, .stopped, .connected]), "no timer runs there"
            )
        case .networkLost:
            (settled.subtracting([.waitingForNetwork]), "the system says it once, and after the SDK was set up")
        case .networkReturned:
            (
                [.loggedOut, .connecting, .waitingForNetwork, .stopped],
                "without a network nothing but a manual attempt is under way"
            )
        case .backgrounded, .foregrounded, .kickRequested, .echoRequested:
            (settled, "the SDK is set up and given its token within one input")
        }
    }

    /// Why an event never meets the app in a state; nil when it does.
    package func obstacle(_ phase: AppPhase, _ kind: AppEventKind) -> String? {
        let (reached, why) = states(of: kind)
        return reached.contains(phase) ? nil : why
    }

    private static let everywhere = Set(AppPhase.allCases)

    private func states(of kind: AppEventKind) -> (reached: Set<AppPhase>, why: String) {
        switch kind {
        case .started: ([.signedOut], "it is the app's first event")
        case .settingsChanged, .registerRequested, .signInRequested, .tokenLoginRequested, .automaticLoginRequested,
            .renewalRequested, .signOutRequested, .sessionEnded, .callFailed, .toldStep:
            (Self.everywhere, "")
        case .automaticLoginDue: ([.signedOut], "it follows the start of the app")
        case .registered: ([.registering], "the world drops answers to calls that were given up")
        case .granted: ([.signingIn], "the world drops answers to calls that were given up")
        case .tokenGranted: ([.startingIM, .signedIn], "a renewal is given up with the login that it is for")
        case .tokenAsked where !asksBeforeLink && !asksOnLink: ([], "the SDK asks for no token")
        case .toldWillExpire where !warns: ([], "the server warns of no token's end")
        case .toldRetry where !hasAutomaticLogin: ([.signedIn], "a login by hand is not tried again")
        case .toldLinking where connectsFirst: ([.signedOut, .startingIM, .signedIn], "no login runs")
        case .tokenAsked, .toldOnline, .toldManualFailed, .toldStopped, .toldKicked, .toldLinking, .toldRetry,
            .toldWillExpire:
            ([.startingIM, .signedIn], "no login runs")
        case .toldCompleted where hasCalls: ([.startingIM, .signedIn], "no login runs")
        case .toldCompleted: ([.signedIn], "the SDK says online first, which completes the app's login")
        case .toldLoggedOut where hasCalls: (Self.everywhere.subtracting([.registering]), "no login runs")
        case .toldLoggedOut:
            ([.signingIn, .startingIM, .signedIn, .signingOut], "no login runs that could be let go of")
        case .timerFired: ([.startingIM, .signedIn], "no token is watched")
        }
    }

    /// What an exploration leaves open: cells with fewer hits than `least`, and cells that should be out of reach.
    package func gaps(_ coverage: Coverage, least: Int) -> [String] {
        var gaps: [String] = []
        func check(_ name: String, _ hits: Int, _ obstacle: String?) {
            if let obstacle {
                if hits > 0 { gaps.append("\(name) was hit \(hits) times, though \(obstacle)") }
            } else if hits < least {
                gaps.append("\(name) was hit \(hits) times, not \(least)")
            }
        }
        for phase in LoginMachine.Phase.allCases {
            for kind in SDKEventKind.allCases {
                check("SDK \(phase.rawValue) × \(kind.name)", coverage.hits(phase, kind), obstacle(phase, kind))
            }
        }
        for phase in AppPhase.allCases {
            for kind in AppEventKind.allCases {
                check("app \(phase.name) × \(kind.name)", coverage.hits(phase, kind), obstacle(phase, kind))
            }
        }
        return gaps
    }

    /// The cells out of reach: each kind of event with the states that it does not meet, and why.
    package var lines: [(event: String, states: String)] {
        let sdk = SDKEventKind.allCases.compactMap { kind in
            let (reached, why) = states(of: kind)
            return Self.line("SDK \(kind.name)", LoginMachine.Phase.allCases, reached, \.rawValue, why)
        }
        let app = AppEventKind.allCases.compactMap { kind in
            let (reached, why) = states(of: kind)
            return Self.line("app \(kind.name)", AppPhase.allCases, reached, \.name, why)
        }
        return sdk + app
    }

    /// Names the states that are fewer: those that are reached, or those that are not.
    private static func line<State>(
        _ event: String, _ all: [State], _ reached: Set<State>, _ name: (State) -> String, _ why: String
    ) -> (event: String, states: String)? {
        let missed = all.filter { !reached.contains($0) }
        if missed.isEmpty { return nil }
        if reached.isEmpty { return (event, "nowhere: \(why)") }
        func list(_ states: [State]) -> String { states.map(name).joined(separator: ", ") }
        let isRare = missed.count > reached.count
        let states = isRare ? "only in \(list(all.filter(reached.contains)))" : "not in \(list(missed))"
        return (event, "\(states): \(why)")
    }
}
