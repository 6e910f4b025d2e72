/// The part of a messaging SDK that logs in, stays online and knows when to stop.
///
/// ```
///  uninitialised ──▶ loggedOut ◀───────────────────────────────┐
///       │                │ login                               │ answer, or 1 s
///                        ▼                                     │
///                 acquiringToken ──▶ connecting ──▶ authenticating ──▶ syncing ──▶ online
///                        ▲               │                │               │          │  │
///                        │               └─── failed: retry ──────────────┴── lost ──┘  │
///                        │                       ▼                                      │
///                        └── due, hint ── waiting ◀──▶ waitingForNetwork                │
///                                                                                       │
///   from every state above: logout ──▶ loggingOut (online only) ──▶ loggedOut           │
///                           failure that is not retried, kick ──▶ stopped(why) ◀────────┘
/// ```
///
/// Unexpected events fall into three classes. A caller's mistake leaves the state alone and gives `.reportMisuse`. A
/// server that breaks the link protocol loses its connection, and the attempt fails as "unreachable". A late report
/// about a connection, timer or attempt that is no longer the live one changes nothing.
///
/// An SDK that connects first goes from uninitialised over connectingFirst to connected, whose link the first login
/// takes over; without that link it is logged out as any other.
///
/// Where the policy has ``LoginCalls``, a login is one call of several attempts: one that failed and may be tried again
/// goes straight back to connecting, the token is asked for once the link is up, and a second timer limits the whole
/// call. The session begins with the answer to the login and not with the end of the sync.
///
/// Sources: commsease.md §5.1 (order of steps), §6 (manual and automatic), §8 (back-off, heartbeat, hints), §14. All
/// that differs between providers is in ``LoginPolicy``.
package struct LoginMachine: Sendable, Equatable {
    /// What happened, or what the app asks for.
    package enum Event: Hashable, Sendable, Codable {
        /// The app has set up the SDK.
        case initialised
        indirect case loginRequested(LoginRequest)
        case logoutRequested
        /// The app's answer to `.acquireToken`.
        case tokenProvided(AttemptID, SecretRef)
        /// The app has no token now; the one of the login call is used.
        case tokenUnavailable(AttemptID)
        /// The app has a newer token; it is used from the next attempt on, the live session stays as it is.
        case tokenReplaced(SecretRef)
        case connectionOpened(ConnectionID)
        /// It never came up.
        case connectionFailed(ConnectionID, CloseCause)
        /// It was up and ended.
        case connectionClosed(ConnectionID, CloseCause)
        case received(ConnectionID, LinkMessage)
        case timerFired(TimerID)
        /// The system says that there is no network.
        case networkLost
        /// The system says that there is one again.
        case networkReturned
        case backgrounded
        case foregrounded
        /// Kick these other clients of the account, by the server's ids.
        case kickRequested([String])
        /// Send a text that a working session answers.
        case echoRequested(String)
    }

    /// What is to be done; effects of one event are started in their order.
    package enum Effect: Hashable, Sendable {
        /// Ask the app for the token of this attempt.
        case acquireToken(AttemptID)
        /// Open the link; it gets one try.
        case openConnection(ConnectionID)
        case closeConnection(ConnectionID)
        case send(ConnectionID, LinkRequest)
        case startTimer(TimerID, TimerPurpose, after: Duration)
        case cancelTimer(TimerID)
        case notify(Moment)
        /// The event makes no sense in this state, which is unchanged.
        indirect case reportMisuse(Event)
    }

    /// What a timer is for.
    package enum TimerPurpose: Hashable, Sendable, CustomStringConvertible {
        /// The link must be up.
        case connect
        /// The login must be answered.
        case loginAnswer
        /// The sync must be answered.
        case syncAnswer
        /// The next automatic attempt.
        case backoff
        /// The next ping.
        case heartbeat
        /// A ping must be answered; which one of the row it is.
        case probe(Int)
        /// The logout must be answered.
        case logout
        /// The whole login call must be over.
        case loginCall

        /// Whether it limits a wait for real input, which is never scaled below a floor.
        package var isDeadline: Bool {
            switch self {
            case .connect, .loginAnswer, .syncAnswer, .probe, .logout, .loginCall: true
            case .backoff, .heartbeat: false
            }
        }

        package var description: String {
            switch self {
            case .connect: "link"
            case .loginAnswer: "login answer"
            case .syncAnswer: "sync answer"
            case .backoff: "next attempt"
            case .heartbeat: "next ping"
            case .probe(let number): "probe \(number)"
            case .logout: "logout answer"
            case .loginCall: "login call"
            }
        }
    }

    /// Whether this login has been online before.
    package enum Session: String, Hashable, Sendable, Codable {
        /// It has: the app counts as logged in while the link is away.
        case held
        /// It has not yet.
        case lost
    }

    /// A login on its way: what is tried, and the how-manieth try it is since the last success or login call.
    package struct Attempt: Hashable, Sendable, Codable {
        package fileprivate(set) var id: AttemptID
        package internal(set) var number: Int
        package var request: LoginRequest
        package internal(set) var session: Session
        /// Limits the login call that the attempt belongs to; nil where nothing does.
        package internal(set) var budget: TimerID?
    }

    /// A link that is asked for before any login.
    package struct FirstLink: Hashable, Sendable, Codable {
        package let connection: ConnectionID
        package let deadline: TimerID
    }

    /// A login that holds a connection and must get on before its deadline.
    package struct Underway: Hashable, Sendable, Codable {
        package var attempt: Attempt
        package let connection: ConnectionID
        package let deadline: TimerID
        package var others: [OnlineClient] = []
        /// The link is up, and the login waits for the app's token.
        package var awaitsToken = false
    }

    /// A working session.
    ///
    /// Next: waiting, waitingForNetwork, loggingOut, stopped.
    package struct Online: Hashable, Sendable, Codable {
        package var attempt: Attempt
        package let connection: ConnectionID
        /// The next ping, or the limit of the probe that is out.
        package var heartbeat: TimerID
        /// Pings since the last answer.
        package var probes: Int
        package var others: [OnlineClient]
    }

    /// The pause before an automatic attempt.
    package struct Waiting: Hashable, Sendable, Codable {
        package var attempt: Attempt
        package let delay: Duration
        /// Nil when the attempt fell due in the background and waits for the foreground.
        package var timer: TimerID?
    }

    /// A logout that the server has not answered.
    ///
    /// Next: loggedOut.
    package struct LoggingOut: Hashable, Sendable, Codable {
        package let connection: ConnectionID
        package let deadline: TimerID
        /// The login that takes the place of the session.
        package var next: LoginRequest?
    }

    /// The legal combinations.
    package enum State: Hashable, Sendable, Codable {
        /// Next: loggedOut.
        case uninitialised
        /// Next: acquiringToken, connecting, waitingForNetwork.
        case loggedOut
        /// The SDK opens its link before any login. Next: connected, loggedOut, connecting.
        case connectingFirst(FirstLink)
        /// The link is up and nobody is logged in. Next: authenticating, loggedOut.
        case connected(ConnectionID)
        /// Next: connecting, waitingForNetwork, loggedOut.
        case acquiringToken(Attempt)
        /// Next: authenticating, waiting, waitingForNetwork, stopped, loggedOut.
        case connecting(Underway)
        /// Next: syncing, waiting, waitingForNetwork, stopped, loggedOut.
        case authenticating(Underway)
        /// Next: online, waiting, waitingForNetwork, stopped, loggedOut.
        case syncing(Underway)
        case online(Online)
        /// Next: acquiringToken, connecting, waitingForNetwork, loggedOut.
        case waiting(Waiting)
        /// As waiting, while the system says that there is no network. Next: waiting, connecting, loggedOut.
        case waitingForNetwork(Waiting)
        case loggingOut(LoggingOut)
        /// Nothing starts by itself any more. Next: a manual login, loggedOut.
        case stopped(StopReason)
    }

    /// Behind a reference: a machine is copied far more often than its policy is read.
    private var book: Shared<LoginPolicy>
    package internal(set) var state: State = .uninitialised
    package internal(set) var isNetworkAvailable = true
    package internal(set) var isInBackground = false
    package internal(set) var backoff: Backoff
    /// The account of the last login that worked here and was not ended for good since, as the SDK keeps it.
    package internal(set) var lastLogin: AccountName?
    var attempts = Counter<AttemptID>()
    var connections = Counter<ConnectionID>()
    var timers = Counter<TimerID>()

    /// A machine of its own generator, for the jitter of policies that have one.
    package init(policy: LoginPolicy, random: SeededGenerator) {
        book = Shared(policy)
        backoff = Backoff(
            table: policy.backoffTable, jitterPermille: policy.backoffJitterPermille,
            reconnectDelay: policy.reconnectDelay, padsShortDelays: policy.padsShortDelays, random: random)
    }

    package var policy: LoginPolicy { book.value }

    /// Whether a login is one call of several attempts.
    package var hasLoginCalls: Bool { book.value.calls != nil }

    /// Takes the policy of another machine that has the same, so that the two are compared at a glance.
    package mutating func sharePolicy(of other: LoginMachine) {
        book.join(other.book)
    }

    /// Takes one event and says what is to be done; never traps.
    package mutating func handle(_ event: Event) -> [Effect] {
        switch event {
        case .initialised: initialised()
        case .loginRequested(let request): loginRequested(request)
        case .logoutRequested: logoutRequested()
        case .tokenProvided(let attempt, let token): tokenAnswered(attempt, token)
        case .tokenUnavailable(let attempt): tokenAnswered(attempt, nil)
        case .tokenReplaced(let token): tokenReplaced(token)
        case .connectionOpened(let connection): connectionOpened(connection)
        case .connectionFailed(let connection, let cause): connectionEnded(connection, cause)
        case .connectionClosed(let connection, let cause): connectionEnded(connection, cause)
        case .received(let connection, let message): received(connection, message)
        case .timerFired(let timer): timerFired(timer)
        case .networkLost: networkLost()
        case .networkReturned: networkReturned()
        case .backgrounded: backgrounded()
        case .foregrounded: foregrounded()
        case .kickRequested(let clients): sendWhileOnline(.kick(clients), misuse: event)
        case .echoRequested(let text): sendWhileOnline(.echo(text), misuse: event)
        }
    }

    // MARK: - Shared steps

    /// A fresh attempt of `request`.
    func newAttempt(_ request: LoginRequest, number: Int, session: Session) -> Attempt {
        Attempt(id: AttemptID(0), number: number, request: request, session: session)
    }

    /// What the SDK finds in its own storage when the app's process starts.
    package mutating func restore(lastLogin account: AccountName) {
        lastLogin = account
    }

    /// Starts `attempt`, by asking for a token first where the policy says so.
    mutating func begin(_ attempt: Attempt) -> [Effect] {
        var attempt = attempt
        attempt.id = attempts.next()
        if policy.asksForDynamicToken, policy.calls == nil, attempt.request.authentication == .dynamic {
            state = .acquiringToken(attempt)
            return [.acquireToken(attempt.id)]
        }
        return connect(attempt)
    }

    /// Opens the link for `attempt`, unless there is one already.
    mutating func connect(_ attempt: Attempt) -> [Effect] {
        if let effects = takeOver(attempt) { return effects }
        let connection = connections.next()
        let deadline = timers.next()
        state = .connecting(Underway(attempt: attempt, connection: connection, deadline: deadline))
        return [
            .notify(.linking), .openConnection(connection),
            .startTimer(deadline, .connect, after: policy.connectTimeout),
        ]
    }

    /// Pauses before the attempt that follows `attempt`.
    mutating func wait(after attempt: Attempt) -> [Effect] {
        let delay = backoff.next()
        let timer = timers.next()
        var next = attempt
        next.number += 1
        let waiting = Waiting(attempt: next, delay: delay, timer: timer)
        state = isNetworkAvailable ? .waiting(waiting) : .waitingForNetwork(waiting)
        return [
            .notify(.retryScheduled(after: delay, attempt: next.number)),
            .startTimer(timer, .backoff, after: delay),
        ]
    }

    /// Counts an automatic attempt that fell due while the network was away, without making it (DESIGN §4).
    mutating func skip(_ attempt: Attempt) -> [Effect] {
        [.notify(.retrySkipped(attempt: attempt.number))] + wait(after: attempt)
    }

    /// Ends an attempt that failed and closes its connection.
    ///
    /// `step` is the moment that names the failed step; a deadline that fired needs no cancelling.
    mutating func fail(
        _ underway: Underway, _ failure: LoginFailure, step: Moment, deadlineFired: Bool = false
    ) -> [Effect] {
        let cancelled: [Effect] = deadlineFired ? [] : [.cancelTimer(underway.deadline)]
        return cancelled + [.closeConnection(underway.connection), .notify(step)]
            + conclude(underway.attempt, failure)
    }

    /// What follows an attempt that failed: another one at once or after a pause, or a stop.
    mutating func conclude(_ attempt: Attempt, _ failure: LoginFailure) -> [Effect] {
        switch policy.verdict(for: failure.code, mode: attempt.request.mode) {
        case .stop:
            lastLogin = nil
            return stop(attempt, failure)
        case .retry:
            if let calls = policy.calls, attempt.session == .lost {
                guard attempt.number <= calls.retryCount else { return stop(attempt, failure) }
                var next = attempt
                next.number += 1
                return begin(next)
            }
            let report: [Effect] =
                policy.rule(for: failure.code).isReportedWhileRetrying
                ? [.notify(.automaticLoginFailed(failure, isFinal: false))] : []
            return report + wait(after: attempt)
        }
    }

    /// Ends a login for good and says so.
    mutating func stop(_ attempt: Attempt, _ failure: LoginFailure) -> [Effect] {
        let mode = attempt.request.mode
        backoff.reset()
        state = .stopped(.failed(failure, mode: mode))
        let report: Moment =
            mode.isManual ? .manualLoginFailed(failure) : .automaticLoginFailed(failure, isFinal: true)
        return cancel(attempt.budget) + [.notify(report)]
    }

    func cancel(_ timer: TimerID?) -> [Effect] {
        timer.map { [.cancelTimer($0)] } ?? []
    }

    /// Ends a session whose link broke: back-off, then automatic attempts without force (commsease.md §14.4).
    mutating func loseLink(_ online: Online, _ cause: CloseCause, probeFired: Bool = false) -> [Effect] {
        loseLink(online.attempt, online.connection, timer: probeFired ? nil : online.heartbeat, cause)
    }

    /// The same, with the timer that still runs beside the link.
    mutating func loseLink(
        _ attempt: Attempt, _ connection: ConnectionID, timer: TimerID?, _ cause: CloseCause
    ) -> [Effect] {
        var attempt = attempt
        attempt.request.mode = .automatic(forced: false)
        attempt.session = .held
        attempt.number = 0
        return cancel(timer) + [.closeConnection(connection), .notify(.linkLost(cause))] + wait(after: attempt)
    }

    /// Ends everything for a kick.
    mutating func stopKicked(_ connection: ConnectionID, timer: TimerID, _ notice: KickNotice) -> [Effect] {
        backoff.reset()
        lastLogin = nil
        let released = cancel(attempt?.budget) + [.cancelTimer(timer), .closeConnection(connection)]
        guard let code = policy.failedKicks[notice.reason] else {
            state = .stopped(.kicked(notice))
            return released + [.notify(.kickedOffline(notice))]
        }
        // The session is nobody's call any more, whoever made it.
        let failure = policy.failure(code, detail: notice.text)
        state = .stopped(.failed(failure, mode: .automatic(forced: false)))
        return released + [.notify(.automaticLoginFailed(failure, isFinal: true))]
    }
}
