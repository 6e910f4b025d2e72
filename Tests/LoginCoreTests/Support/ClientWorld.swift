import LoginCore
import Providers

/// A client core in a world made of lists: it carries out the core's effects, and holds each one against the rules that
/// every walk must keep.
struct ClientWorld {
    private(set) var core: ClientCore
    private(set) var now = Sample.start
    private(set) var entries: [TranscriptEntry] = []
    /// What was asked for and not given back.
    private var ledger = ClientLedger()
    private(set) var declined: [String] = []
    /// The rules that were broken, in words.
    private var ownProblems: [String] = []
    private(set) var steps = 0
    private(set) var phasesSeen: Set<LoginMachine.Phase> = [.uninitialised]
    /// How often a refused token was followed by a manual login with a new one.
    private(set) var recoveries = 0
    private(set) var lastConnection: ConnectionID?
    private(set) var lastCall: CallID?
    private var watch: TranscriptWatch
    let generation: Generation

    init(_ settings: AppSettings = AppSettings(), seed: UInt64 = 1, generation: Generation = CommsEase.v9iOS) {
        self.generation = generation
        watch = TranscriptWatch(policy: generation.policy)
        core = ClientCore(
            lane: TranscriptLane(.device("A")), policy: generation.policy, settings: settings,
            random: SeededGenerator(seed: seed), naming: generation.callbacks)
    }

    /// A client whose app was started with what the store holds.
    static func started(
        _ saved: SavedLogin? = nil, form: ProductForm = .core, at now: Instant = Sample.start, seed: UInt64 = 1,
        generation: Generation = CommsEase.v9iOS
    ) -> ClientWorld {
        var world = ClientWorld(AppSettings(form: form), seed: seed, generation: generation)
        world.now = now
        world.take(.sdk(.initialised))
        world.ledger.store = saved
        world.take(.app(.started(saved)))
        return world
    }

    /// The app's process ends without a word and starts again with what the store holds; its transcript goes on.
    mutating func restart(seed: UInt64) {
        let settings = core.flow.settings
        core = ClientCore(
            lane: core.lane, policy: generation.policy, settings: settings, random: SeededGenerator(seed: seed),
            naming: generation.callbacks)
        lastConnection = nil
        lastCall = nil
        let kept = store
        ledger.store = nil
        ledger.restart()
        watch.restart()
        take(.sdk(.initialised))
        ledger.store = kept
        take(.app(.started(kept)))
    }

    // MARK: - Inputs

    mutating func take(_ input: ClientCore.Input) {
        let before = core
        steps += 1
        let renewals = ledger.renewals
        let problems = ledger.problems.count
        let output = core.handle(input, at: now)
        phasesSeen.insert(core.sdk.phase)
        if before.flow.recovery != .used, core.flow.recovery == .used, core.flow.im == .active { recoveries += 1 }
        ledger.take(input)
        watch.check(output.entries, input: input, stop: core.sdk.stopReason, renewals: renewals)
        entries += output.entries
        for effect in output.effects { note(effect) }
        ledger.book(output.effects, saved: core.flow.saved, at: now)
        ledger.check(core)
        ownProblems += ledger.problems.dropFirst(problems).map { "step \(steps): \($0)" }
        if output.effects.contains(where: { if case .decline = $0 { true } else { false } }),
            before.sdk != core.sdk || before.flow != core.flow
        {
            ownProblems.append("step \(steps): a misuse changed something: \(input)")
        }
    }

    mutating func user(_ event: AppFlow.Event) {
        take(.app(event))
    }

    mutating func pass(_ duration: Duration) {
        now = now + duration
    }

    /// Lets time go on to the next timer and fires it; the delay it had, or nil when no timer runs.
    @discardableResult
    mutating func nextTimer(_ owner: Owner? = nil) -> Duration? {
        let due = core.timers.filter { owner == nil || $0.key.owner == owner }
            .min { ($0.due, $0.key.owner.rawValue, $0.key.id) < ($1.due, $1.key.owner.rawValue, $1.key.id) }
        guard let due else { return nil }
        now = max(now, due.due)
        take(due.key.owner == .sdk ? .sdk(.timerFired(due.key.id)) : .app(.timerFired(due.key.id)))
        return due.due - due.started
    }

    /// The live connection comes up.
    mutating func open() {
        if let id = core.sdk.liveConnection { take(.sdk(.connectionOpened(id))) }
    }

    mutating func refuseLink() {
        if let id = core.sdk.liveConnection { take(.sdk(.connectionFailed(id, .refused))) }
    }

    mutating func drop(_ cause: CloseCause = .linkClosed) {
        if let id = core.sdk.liveConnection { take(.sdk(.connectionClosed(id, cause))) }
    }

    mutating func hear(_ message: LinkMessage) {
        if let id = core.sdk.liveConnection { take(.sdk(.received(id, message))) }
        ledger.answered()
    }

    /// Link up, login accepted, synced.
    mutating func comeOnline(others: [OnlineClient] = []) {
        open()
        hear(.loginAccepted(account: Sample.alice, others: others))
        hear(.synced)
    }

    mutating func refuseLogin(_ code: Int) {
        open()
        hear(.loginRefused(code: code, text: ""))
    }

    /// The app server answers the call that is out.
    mutating func answer(_ token: SecretRef, kind: AuthenticationKind = .fixed, lifetime: Duration? = nil) {
        let grant = Sample.grant(token, kind: kind, lifetime: lifetime)
        for (id, call) in calls.sorted(by: { $0.key < $1.key }) {
            switch call {
            case .login(let user, _): take(.app(.granted(id, user: user, session: Sample.session, grant, at: now)))
            case .token: take(.app(.tokenGranted(id, grant, at: now)))
            case .register(let user, _, _): take(.app(.registered(id, user: user, account: Sample.alice)))
            case .logout: take(.app(.sessionEnded(id)))
            }
        }
    }

    mutating func failCalls(_ failure: AppServerFailure = FlowWalk.down) {
        for id in calls.keys.sorted() { take(.app(.callFailed(id, failure))) }
    }

    /// A manual login from the password to online.
    mutating func signIn(
        _ token: SecretRef = Sample.old, kind: AuthenticationKind = .fixed, lifetime: Duration? = nil
    ) {
        user(.signInRequested(user: "alice", password: Sample.password))
        answer(token, kind: kind, lifetime: lifetime)
        if core.sdk.phase == .connecting { comeOnline() }
    }

    // MARK: - What is left

    /// The rules that were broken, in words.
    var problems: [String] { ownProblems + watch.problems }

    /// Nothing runs: no timer, no connection, no unanswered call.
    var isSettled: Bool {
        timers.isEmpty && core.timers.isEmpty && connections.isEmpty && calls.isEmpty
    }

    /// The titles of the entries since `mark`, of these kinds.
    func titles(since mark: Int = 0, _ kinds: TranscriptEntry.Kind...) -> [String] {
        entries.dropFirst(mark).filter { kinds.contains($0.kind) }.map(\.title)
    }

    // MARK: - What is asked for

    /// Connections that were asked for and not closed; the value says whether the link is up.
    var connections: [ConnectionID: Bool] { ledger.connections }
    var calls: [CallID: AppServerCall] { ledger.calls }
    var timers: [ClientCore.TimerKey: Instant] { ledger.timers }
    /// What was sent on the live connection and not yet answered.
    var sent: [LinkRequest] { ledger.sent }
    /// What the token store holds.
    var store: SavedLogin? { ledger.store }

    private mutating func note(_ effect: ClientCore.Effect) {
        switch effect {
        case .openConnection(let id, _): lastConnection = id
        case .call(let id, _, _): lastCall = id
        case .decline(let sentence): declined.append(sentence)
        case .closeConnection, .send, .startTimer, .cancelTimer, .cancelCall, .save, .erase: break
        }
    }

    /// The link comes up after the SDK has given it up.
    mutating func openLate(_ id: ConnectionID) {
        ledger.strangeConnection = id
        take(.sdk(.connectionOpened(id)))
        ledger.strangeConnection = nil
    }
}
