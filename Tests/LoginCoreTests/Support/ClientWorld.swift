import LoginCore
import Providers

/// A client core in a world made of lists: it carries out the core's effects, and holds each one against the rules that
/// every walk must keep.
struct ClientWorld {
    private(set) var core: ClientCore
    private(set) var now = Sample.start
    private(set) var entries: [TranscriptEntry] = []
    /// Connections that were asked for and not closed; the value says whether the link is up.
    private(set) var connections: [ConnectionID: Bool] = [:]
    private(set) var calls: [CallID: AppServerCall] = [:]
    private(set) var timers: [ClientCore.TimerKey: Instant] = [:]
    /// What was sent on the live connection and not yet answered.
    private(set) var sent: [LinkRequest] = []
    /// What the token store holds.
    private(set) var store: SavedLogin?
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
        world.store = saved
        world.take(.app(.started(saved)))
        return world
    }

    /// The app's process ends without a word and starts again with what the store holds; its transcript goes on.
    mutating func restart(seed: UInt64) {
        let settings = core.flow.settings
        core = ClientCore(
            lane: core.lane, policy: generation.policy, settings: settings, random: SeededGenerator(seed: seed),
            naming: generation.callbacks)
        connections = [:]
        calls = [:]
        timers = [:]
        sent = []
        lastConnection = nil
        lastCall = nil
        let kept = store
        store = nil
        watch.restart()
        take(.sdk(.initialised))
        store = kept
        take(.app(.started(kept)))
    }

    // MARK: - Inputs

    mutating func take(_ input: ClientCore.Input) {
        let before = core
        steps += 1
        let renewals = calls.values.count { $0.isToken }
        let output = core.handle(input, at: now)
        phasesSeen.insert(core.sdk.phase)
        if before.flow.recovery != .used, core.flow.recovery == .used, core.flow.im == .active { recoveries += 1 }
        switch input {
        case .sdk(.timerFired(let id)): forget(.sdk, id)
        case .app(.timerFired(let id)): forget(.app, id)
        case .sdk(.connectionOpened(let id)): if connections[id] != nil { connections[id] = true }
        case .sdk, .app: if let call = answeredCall(input) { calls[call] = nil }
        }
        watch.check(output.entries, input: input, stop: core.sdk.stopReason, renewals: renewals)
        entries += output.entries
        for effect in output.effects { carryOut(effect) }
        ownProblems += brokenRules(before: before, input: input, output: output)
    }

    private mutating func forget(_ owner: Owner, _ id: TimerID) {
        for key in timers.keys where key.owner == owner && key.id == id { timers[key] = nil }
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
        if !sent.isEmpty { sent.removeFirst() }
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

    // MARK: - Effects

    private mutating func carryOut(_ effect: ClientCore.Effect) {
        switch effect {
        case .openConnection(let id, _):
            if !connections.isEmpty { ownProblems.append("\(id) is opened beside \(connections.keys.sorted())") }
            connections[id] = false
            lastConnection = id
            sent = []
        case .closeConnection(let id):
            if connections.removeValue(forKey: id) == nil, id != strangeConnection {
                ownProblems.append("\(id) is closed but was not open")
            }
            sent = []
        case .send(let id, _, let request, _):
            if connections[id] != true { ownProblems.append("\(request) is sent on \(id), which is not up") }
            sent.append(request)
            if case .login(let packet) = request, packet.token != core.flow.saved?.token {
                ownProblems.append(
                    "\(packet.token) is used for a login, the app has \(String(describing: core.flow.saved))")
            }
        case .startTimer(let key, let delay, _):
            if timers[key] != nil { ownProblems.append("\(key) is started twice") }
            if delay < .zero { ownProblems.append("\(key) is started with \(delay.text)") }
            timers[key] = now + delay
        case .cancelTimer(let key):
            if timers.removeValue(forKey: key) == nil { ownProblems.append("\(key) is cancelled but does not run") }
        case .call(let id, let call, _):
            calls[id] = call
            lastCall = id
        case .cancelCall(let id):
            if calls.removeValue(forKey: id) == nil { ownProblems.append("\(id) is given up but was not out") }
        case .save(let login): store = login
        case .erase: store = nil
        case .decline(let sentence): declined.append(sentence)
        }
    }

    /// The connection whose late opening is being reported.
    private var strangeConnection: ConnectionID?

    /// The link comes up after the SDK has given it up.
    mutating func openLate(_ id: ConnectionID) {
        strangeConnection = id
        take(.sdk(.connectionOpened(id)))
        strangeConnection = nil
    }

    private func answeredCall(_ input: ClientCore.Input) -> CallID? {
        switch input {
        case .app(.registered(let id, _, _)), .app(.granted(let id, _, _, _, _)), .app(.tokenGranted(let id, _, _)),
            .app(.sessionEnded(let id)), .app(.callFailed(let id, _)):
            id
        case .sdk, .app: nil
        }
    }

    // MARK: - The rules of every state

    /// The rules that hold in every state and do not now.
    private func brokenRules(before: ClientCore, input: ClientCore.Input, output: ClientCore.Output) -> [String] {
        let (sdk, flow) = (core.sdk, core.flow)
        var broken: [String] = []
        func expect(_ isTrue: Bool, _ problem: @autoclosure () -> String) {
            if !isTrue { broken.append("step \(steps): \(problem())") }
        }
        expect(connections.count <= 1, "more than one connection lives")
        expect(Set(connections.keys) == Set([sdk.liveConnection].compactMap(\.self)), "the connections differ")
        let areTimersRight = core.timers.count == timers.count && core.timers.allSatisfy { timers[$0.key] == $0.due }
        expect(areTimersRight, "the core's timers are not the world's")
        let sdkTimers = core.timers.filter { $0.key.owner == .sdk }.map(\.key.id)
        expect(Set(sdkTimers) == Set(sdk.liveTimers), "the SDK's timers are \(sdkTimers)")
        expect(sdk.liveTimer.map { $0 != sdk.attempt?.budget } ?? true, "one timer has two purposes")
        switch sdk.phase {
        case .connectingFirst, .connected:
            expect(flow.im == .idle, "the app takes its SDK for \(flow.im)")
        case .uninitialised, .loggedOut:
            expect(sdkTimers.isEmpty, "a timer runs while logged out")
            expect(flow.im == .idle, "the app takes its SDK for \(flow.im)")
        case .stopped:
            expect(sdkTimers.isEmpty, "a timer runs while stopped")
            if case .stopped = flow.im {} else { expect(false, "the app takes its SDK for \(flow.im)") }
            expect(flow.watch == nil, "the app watches a token after a stop")
        case .loggingOut where sdk.policy.calls != nil:
            break  // a login that takes the place of this one may be on its way already
        case .acquiringToken, .connecting, .authenticating, .syncing, .online, .waiting, .waitingForNetwork,
            .loggingOut:
            expect(flow.im == .active, "the app takes its SDK for \(flow.im)")
        }
        let appTimers = core.timers.count { $0.key.owner == .app }
        expect(appTimers == (flow.watch == nil ? 0 : 1), "the app's timers are \(appTimers)")
        var isRecovering = false
        if case .calling = flow.recovery { isRecovering = true }
        switch flow.state {
        case .signedOut, .registering, .signingIn, .signingOut:
            expect(appTimers == 0, "a timer of the app runs while \(flow.state)")
            expect(!isRecovering, "the app recovers while \(flow.state)")
        case .startingIM:
            expect(flow.im == .active || isRecovering, "the app waits for an SDK that is \(flow.im)")
        case .signedIn:
            break
        }
        if flow.state == .signingOut { expect(sdk.phase == .loggingOut, "the app waits for a logout") }
        let isErasedOnly = store == nil && isRecovering
        expect(
            store == flow.saved || isErasedOnly,
            "stored \(String(describing: store)), known \(String(describing: flow.saved))")
        if output.effects.contains(where: { if case .decline = $0 { true } else { false } }) {
            expect(before.sdk == sdk && before.flow == flow, "a misuse changed something: \(input)")
        }
        return broken
    }

}

extension AppServerCall {
    var isToken: Bool {
        if case .token = self { true } else { false }
    }
}
