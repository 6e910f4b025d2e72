/// A whole client as a value: the SDK's machine and the app's flow, wired to each other, writing one transcript.
///
/// Live and virtual worlds run the same core: they deliver ``Input`` with the instant and carry out ``Effect``. What the
/// two machines say to each other never leaves the core.
package struct ClientCore: Sendable {
    /// What reaches the client from outside.
    package enum Input: Hashable, Sendable, Codable {
        case app(AppFlow.Event)
        case sdk(LoginMachine.Event)
    }

    /// Which machine a timer belongs to.
    package struct TimerKey: Hashable, Sendable, Codable {
        package let owner: Owner
        package let id: TimerID

        /// The number tells most of them apart.
        package func hash(into hasher: inout Hasher) {
            hasher.combine(id.number)
        }
    }

    /// What the world has to do, in order.
    package enum Effect: Hashable, Sendable, Codable {
        case openConnection(ConnectionID, cause: EntryID)
        case closeConnection(ConnectionID)
        /// One frame; `frame` is the number that the answer repeats.
        case send(ConnectionID, frame: Int, LinkRequest, cause: EntryID)
        /// A deadline limits a wait for real input; other timers are waits.
        case startTimer(TimerKey, after: Duration, isDeadline: Bool)
        case cancelTimer(TimerKey)
        indirect case call(CallID, AppServerCall, cause: EntryID)
        case cancelCall(CallID)
        indirect case save(SavedLogin)
        case erase
        /// The user asked for something that cannot be done now.
        case decline(String)
    }

    /// What became of one input.
    package struct Output: Hashable, Sendable {
        package var effects: [Effect] = []
        package var entries: [TranscriptEntry] = []
    }

    /// A timer that runs.
    package struct LiveTimer: Hashable, Sendable {
        package let key: TimerKey
        package let purpose: String
        package let started: Instant
        package let due: Instant
        /// Whether it limits a wait for real input.
        package let isDeadline: Bool
        let cause: EntryID
        let isHeartbeat: Bool
    }

    package private(set) var sdk: LoginMachine
    package private(set) var flow: AppFlow
    /// The timers that run, oldest first.
    package private(set) var timers: [LiveTimer] = []
    /// What the last step that did not work failed with, unless nobody reads the lane's details; gone once the SDK is online or logged out.
    package private(set) var trouble: String?
    /// Where the transcript of this device goes on when the app is started again.
    package private(set) var lane: TranscriptLane
    /// What the app's listener was told last, in the provider's numbers; not kept in a lane that nobody reads.
    package private(set) var told = ToldStatus()
    /// No deadline is shorter than this in lab time, since the wait is for real input.
    private let shortestDeadline: @Sendable () -> Duration
    private let naming: CallbackNaming
    private var frames = 0
    /// The frames that were sent on the live connection and have no answer yet.
    private var openFrames: [Int] = []
    /// Causes are kept for this many connections and calls, because reports may be late.
    private static let rememberedCauses = 16
    private var connectionCauses: [(id: ConnectionID, cause: EntryID)] = []
    private var callCauses: [(id: CallID, cause: EntryID)] = []

    /// A client that writes `lane`.
    ///
    /// `shortestDeadline` is what a deadline on real input is raised to, in lab time; `naming` gives the provider's callbacks for what the SDK tells.
    package init(
        lane: TranscriptLane,
        policy: LoginPolicy,
        settings: AppSettings,
        random: SeededGenerator,
        shortestDeadline: @escaping @Sendable () -> Duration = { .zero },
        naming: @escaping CallbackNaming
    ) {
        (sdk, flow) = Self.machines(policy: policy, settings: settings, random: random)
        self.lane = lane
        self.shortestDeadline = shortestDeadline
        self.naming = naming
    }

    /// The two machines of a client at its start, as a core of the same values has them.
    package static func machines(
        policy: LoginPolicy, settings: AppSettings, random: SeededGenerator
    ) -> (sdk: LoginMachine, flow: AppFlow) {
        (
            LoginMachine(policy: policy, random: random.fork("sdk backoff")),
            AppFlow(
                settings: settings, canAlwaysLogIn: policy.calls != nil, automaticLogin: policy.chosenAutomaticLogin,
                answersSecondLogin: policy.secondLogin != nil, kickWords: policy.kickWords)
        )
    }

    /// Takes one input.
    ///
    /// `cause` is the entry of another lane that a request, answer or frame named; it takes precedence over the cause
    /// that the core knows by itself. `frame` is the number of the frame that an answer names; an answer that names none
    /// of ours is recorded and not taken.
    package mutating func handle(
        _ input: Input, at now: Instant, cause: EntryID? = nil, answering frame: Int? = nil
    ) -> Output {
        var output = Output()
        let place = frame.flatMap { openFrames.firstIndex(of: $0) }
        if let place {
            openFrames.remove(at: place)
        } else if let frame {
            let title = "not taken, no request of ours has the id \(frame): \(describe(input)?.title ?? "")"
            record(Note(.misuse, title), owner: .sdk, at: now, cause: cause ?? knownCause(of: input), into: &output)
            return output
        }
        // Most inputs lead to no other: the queue of those is made when there is a first one.
        var queue: [(input: Input, cause: EntryID?)] = []
        take(input, cause ?? knownCause(of: input), now, &output, &queue)
        var next = 0
        while next < queue.count {
            let (input, cause) = queue[next]
            next += 1
            take(input, cause, now, &output, &queue)
        }
        return output
    }

    private mutating func take(
        _ input: Input,
        _ cause: EntryID?,
        _ now: Instant,
        _ output: inout Output,
        _ queue: inout [(input: Input, cause: EntryID?)]
    ) {
        let entry = lane.isQuiet ? lane.skip() : record(describe(input), at: now, cause: cause, into: &output)
        switch input {
        case .sdk(let event): run(event, entry, now, &output, &queue)
        case .app(let event):
            if case .started(let saved?) = event { restore(saved) }
            run(event, entry, now, &output, &queue)
        }
    }

    /// What the SDK keeps of its last login lies in the token store beside the app's own.
    private mutating func restore(_ saved: SavedLogin) {
        if saved.isUsable, saved.stop == nil { sdk.restore(lastLogin: saved.account) }
    }

    // MARK: - The two machines

    private mutating func run(
        _ event: LoginMachine.Event,
        _ cause: EntryID?,
        _ now: Instant,
        _ output: inout Output,
        _ queue: inout [(input: Input, cause: EntryID?)]
    ) {
        if case .timerFired(let id) = event { forget(TimerKey(owner: .sdk, id: id)) }
        if case .loginRequested = event { trouble = nil }
        let before = sdk.phase
        let effects = sdk.handle(event)
        let from =
            before == sdk.phase
            ? cause : recordChange(.sdk, before.text, sdk.phase.text, now, cause, &output) ?? cause
        if output.effects.isEmpty { output.effects.reserveCapacity(effects.count) }
        for effect in effects {
            switch effect {
            case .acquireToken(let attempt):
                queue.append((.app(.tokenAsked(attempt)), from))
            case .openConnection(let id):
                let note = noted(
                    note(.link, "open the link", [Field("connection", .id(kind: "connection", "\(id)"))]))
                let entry = record(note, owner: .sdk, at: now, cause: from, into: &output)
                if connectionCauses.count == Self.rememberedCauses { connectionCauses.removeFirst() }
                connectionCauses.append((id, entry))
                openFrames.removeAll(keepingCapacity: true)
                output.effects.append(.openConnection(id, cause: entry))
            case .closeConnection(let id):
                let note = noted(
                    note(.link, "close the link", [Field("connection", .id(kind: "connection", "\(id)"))]))
                record(note, owner: .sdk, at: now, cause: from, into: &output)
                output.effects.append(.closeConnection(id))
            case .send(let id, let request):
                frames += 1
                openFrames.append(frames)
                let entry = record(
                    noted(describe(request, probes: probes)), owner: .sdk, at: now, cause: from, into: &output)
                output.effects.append(.send(id, frame: frames, request, cause: entry))
            case .startTimer(let id, let purpose, let delay):
                start(
                    TimerKey(owner: .sdk, id: id), purpose.description, after: delay, isDeadline: purpose.isDeadline,
                    isHeartbeat: purpose == .heartbeat || purpose == .probe(1), isBackoff: purpose == .backoff,
                    now, from, &output)
            case .cancelTimer(let id):
                cancel(TimerKey(owner: .sdk, id: id), now, from, &output)
            case .notify(let moment):
                var last = from
                guard !lane.isQuiet else {
                    queue.append((.app(.told(moment)), last))
                    break
                }
                if !lane.isTerse { remember(moment) }
                if case .retrySkipped(let attempt) = moment {
                    let note = Note(.notice, "attempt \(attempt) skipped, but counted: there is no network")
                    last = record(note, owner: .sdk, at: now, cause: from, into: &output)
                }
                for callback in naming(moment, &told) {
                    last = record(
                        note(.callback, callback.text, fields(of: moment)), owner: .sdk, at: now, cause: from,
                        into: &output)
                }
                queue.append((.app(.told(moment)), last))
            case .reportMisuse(let event):
                let code = sdk.policy.calls.map { ", \(sdk.policy.failure($0.codes.illegalState, detail: ""))" } ?? ""
                let title = "the SDK, \(sdk.phase.text), cannot: \(name(of: event))\(code)"
                record(Note(.misuse, title), owner: .sdk, at: now, cause: from, into: &output)
                output.effects.append(.decline(title))
            }
        }
    }

    private mutating func run(
        _ event: AppFlow.Event,
        _ cause: EntryID?,
        _ now: Instant,
        _ output: inout Output,
        _ queue: inout [(input: Input, cause: EntryID?)]
    ) {
        if case .timerFired(let id) = event { forget(TimerKey(owner: .app, id: id)) }
        let before = lane.isQuiet ? "" : flow.state.text
        let effects = flow.handle(event)
        let from =
            lane.isQuiet ? cause : recordChange(.app, before, flow.state.text, now, cause, &output) ?? cause
        for effect in effects {
            switch effect {
            case .call(let id, let call):
                let entry = record(noted(describe(call)), owner: .app, at: now, cause: from, into: &output)
                if callCauses.count == Self.rememberedCauses { callCauses.removeFirst() }
                callCauses.append((id, entry))
                output.effects.append(.call(id, call, cause: entry))
            case .cancelCall(let id):
                record(
                    Note(.notice, "give the app server's answer up"), owner: .app, at: now, cause: from, into: &output)
                output.effects.append(.cancelCall(id))
            case .sdk(let event):
                queue.append((.sdk(event), from))
            case .save(let login):
                record(noted(describe(login)), owner: .app, at: now, cause: from, into: &output)
                output.effects.append(.save(login))
            case .erase:
                record(Note(.store, "erase the saved login"), owner: .app, at: now, cause: from, into: &output)
                output.effects.append(.erase)
            case .startTimer(let id, let purpose, let delay):
                start(
                    TimerKey(owner: .app, id: id), purpose.description, after: delay, isDeadline: false,
                    isHeartbeat: false, isBackoff: false, now, from, &output)
            case .cancelTimer(let id):
                cancel(TimerKey(owner: .app, id: id), now, from, &output)
            case .logInByItself:
                queue.append((.app(.automaticLoginDue(at: now)), from))
            case .decline(_, let sentence):
                record(Note(.misuse, sentence), owner: .app, at: now, cause: from, into: &output)
                output.effects.append(.decline(sentence))
            }
        }
    }

    /// Keeps in mind what went wrong last.
    private mutating func remember(_ moment: Moment) {
        switch moment {
        case .linkFailed(let failure), .authenticationFailed(let failure), .automaticLoginFailed(let failure, _),
            .manualLoginFailed(let failure):
            trouble = "\(failure)" + (failure.detail.isEmpty ? "" : ": \(failure.detail)")
        case .linkLost(let cause):
            trouble = "the link was lost: \(cause)"
        case .online, .loggedOut, .kickedOffline:
            trouble = nil
        case .loginBegun, .linking, .linkEstablished, .authenticating, .authenticated, .syncing, .networkChanged,
            .manualLoginCompleted, .retryScheduled, .retrySkipped, .clientsChanged, .echoed, .kickAnswered,
            .protocolError, .providerAsked, .loginCallCancelled, .callRefused, .automaticLoginCompleted,
            .tokenWillExpire, .tokenRenewed:
            break
        }
    }

    /// Pings that are out.
    private var probes: Int {
        if case .online(let online) = sdk.state { online.probes } else { 0 }
    }

    // MARK: - Timers

    private mutating func start(
        _ key: TimerKey,
        _ purpose: String,
        after delay: Duration,
        isDeadline: Bool,
        isHeartbeat: Bool,
        isBackoff: Bool,
        _ now: Instant,
        _ cause: EntryID?,
        _ output: inout Output
    ) {
        // The entry says what the machine asked for, which is the same in every world; the countdown, what is waited.
        let length = Field("after", .duration(microseconds: delay.wholeMicroseconds))
        let note = noted(
            lane.isTerse
                ? Note(.timerStarted, purpose, isBackoff ? [length] : [])
                : Note(.timerStarted, "\(purpose) in \(delay.text)", [length], isHeartbeat: isHeartbeat))
        let shown = isDeadline ? max(delay, shortestDeadline()) : delay
        let entry = record(note, owner: key.owner, at: now, cause: cause, into: &output)
        timers.append(
            LiveTimer(
                key: key, purpose: purpose, started: now, due: now + shown, isDeadline: isDeadline, cause: entry,
                isHeartbeat: isHeartbeat))
        output.effects.append(.startTimer(key, after: delay, isDeadline: isDeadline))
    }

    private mutating func cancel(_ key: TimerKey, _ now: Instant, _ cause: EntryID?, _ output: inout Output) {
        if !lane.isQuiet, let timer = timers.first(where: { $0.key == key }) {
            let title = lane.isTerse ? timer.purpose : "\(timer.purpose): cancelled"
            let note = Note(.timerCancelled, title, isHeartbeat: timer.isHeartbeat)
            record(note, owner: key.owner, at: now, cause: cause, into: &output)
        }
        forget(key)
        output.effects.append(.cancelTimer(key))
    }

    private mutating func forget(_ key: TimerKey) {
        if let place = timers.firstIndex(where: { $0.key == key }) { timers.remove(at: place) }
    }

    // MARK: - The transcript

    /// What an entry says.
    struct Note {
        var kind: TranscriptEntry.Kind
        var title: String
        var fields: [Field]
        var owner: Owner
        var isHeartbeat: Bool

        init(
            _ kind: TranscriptEntry.Kind,
            _ title: String,
            _ fields: [Field] = [],
            owner: Owner = .app,
            isHeartbeat: Bool = false
        ) {
            self.kind = kind
            self.title = title
            self.fields = fields
            self.owner = owner
            self.isHeartbeat = isHeartbeat
        }
    }

    /// A note with its fields, unless nobody reads those.
    func note(
        _ kind: TranscriptEntry.Kind,
        _ title: String,
        _ fields: @autoclosure () -> [Field] = [],
        owner: Owner = .app,
        isHeartbeat: Bool = false
    ) -> Note {
        Note(kind, title, lane.isTerse ? [] : fields(), owner: owner, isHeartbeat: isHeartbeat)
    }

    /// The note, unless nobody reads it.
    private func noted(_ note: @autoclosure () -> Note) -> Note {
        lane.isQuiet ? Note(.notice, "") : note()
    }

    @discardableResult
    private mutating func record(
        _ note: Note, owner: Owner, at now: Instant, cause: EntryID?, into output: inout Output
    ) -> EntryID {
        if lane.isQuiet { return lane.skip() }
        if output.entries.isEmpty { output.entries.reserveCapacity(4) }
        output.entries.append(
            lane.entry(
                at: now, owner: owner, cause: cause, kind: note.kind, title: note.title, fields: note.fields,
                isHeartbeat: note.isHeartbeat))
        return lane.lastID
    }

    /// Records what an input was; nil and the cause unchanged for inputs that another entry already tells of.
    private mutating func record(_ note: Note?, at now: Instant, cause: EntryID?, into output: inout Output) -> EntryID?
    {
        guard let note else { return cause }
        return record(note, owner: note.owner, at: now, cause: cause, into: &output)
    }

    private mutating func recordChange(
        _ owner: Owner, _ before: String, _ after: String, _ now: Instant, _ cause: EntryID?, _ output: inout Output
    ) -> EntryID? {
        guard before != after else { return nil }
        let change =
            lane.isTerse
            ? Note(.state, after) : Note(.state, "\(before) → \(after)", [Field("from", before), Field("to", after)])
        return record(change, owner: owner, at: now, cause: cause, into: &output)
    }

    private func knownCause(of input: Input) -> EntryID? {
        guard !lane.isQuiet else { return nil }
        return switch input {
        case .sdk(.connectionOpened(let id)), .sdk(.connectionFailed(let id, _)), .sdk(.connectionClosed(let id, _)),
            .sdk(.received(let id, _)):
            connectionCauses.last { $0.id == id }?.cause
        case .sdk(.timerFired(let id)):
            timers.first { $0.key == TimerKey(owner: .sdk, id: id) }?.cause
        case .app(.timerFired(let id)):
            timers.first { $0.key == TimerKey(owner: .app, id: id) }?.cause
        case .sdk, .app:
            input.answeredCall.flatMap { id in callCauses.last { $0.id == id }?.cause }
        }
    }
}

extension ClientCore.Input {
    /// The call that this input answers.
    fileprivate var answeredCall: CallID? {
        switch self {
        case .app(.registered(let id, _, _)), .app(.granted(let id, _, _, _, _)), .app(.tokenGranted(let id, _, _)),
            .app(.sessionEnded(let id)), .app(.callFailed(let id, _)):
            id
        case .sdk, .app:
            nil
        }
    }
}
