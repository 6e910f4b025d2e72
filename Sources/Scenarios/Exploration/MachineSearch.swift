import LoginCore
import Providers

/// A state machine's states and the edges between them, as a search found them.
package struct StateGraph: Sendable {
    package struct Edge: Hashable, Sendable {
        package let from: String
        package let to: String
        package let event: String
    }

    /// The machine's name.
    package let machine: String
    /// The names of the states that stand in the diagram, in order of their finding.
    package var nodes: [String] = []
    /// Edges between different nodes, in order of their finding.
    package var edges: [Edge] = []
    /// States that differ in more than the diagram shows: mode, session, probes, what is known of network and ground.
    package var stateCount = 0
    /// Every event in every one of them.
    package var stepCount = 0
    /// How many events the farthest state is away from the start.
    package var depth = 0
    /// Whether no state was left when the search ended, so that a greater depth would find nothing more.
    package var isExhausted = false
    /// The rules that were broken on the way, in words.
    package var problems: [String] = []

    /// The diagram in Mermaid's language.
    package var mermaid: String {
        var lines = ["stateDiagram-v2"]
        if let first = nodes.first { lines.append("    [*] --> \(first)") }
        var drawn: Set<[String]> = []
        for edge in edges where drawn.insert([edge.from, edge.to]).inserted {
            let events = edges.filter { $0.from == edge.from && $0.to == edge.to }.map(\.event)
            lines.append("    \(edge.from) --> \(edge.to) : \(events.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// Breadth-first search through a machine: every event in every state that can be reached.
///
/// States count as one when they differ in nothing but ids and the number of the attempt, so that the search ends.
package enum MachineSearch {
    /// How far is searched unless somebody says otherwise; both machines are exhausted before.
    package static let usualDepth = 32

    private static func search<Machine, Key: Hashable, Event>(
        _ name: String, from start: Machine, depth limit: Int, key: (Machine) -> Key, node: (Machine) -> String,
        events: (Machine) -> [(name: String, event: Event)],
        step: (Machine, Event) -> (machine: Machine, problem: String?)
    ) -> StateGraph {
        var graph = StateGraph(machine: name)
        var known: Set<Key> = [key(start)]
        var nodes: Set<String> = [node(start)]
        var edges: Set<StateGraph.Edge> = []
        graph.nodes = [node(start)]
        var frontier = [start]
        while !frontier.isEmpty, graph.depth < limit {
            var next: [Machine] = []
            for machine in frontier {
                for (name, event) in events(machine) {
                    graph.stepCount += 1
                    let (after, problem) = step(machine, event)
                    if let problem { graph.problems.append(problem) }
                    let (from, to) = (node(machine), node(after))
                    if nodes.insert(to).inserted { graph.nodes.append(to) }
                    let edge = StateGraph.Edge(from: from, to: to, event: name)
                    if from != to, edges.insert(edge).inserted { graph.edges.append(edge) }
                    if known.insert(key(after)).inserted { next.append(after) }
                }
            }
            frontier = next
            if !next.isEmpty { graph.depth += 1 }
        }
        graph.isExhausted = frontier.isEmpty
        graph.stateCount = known.count
        return graph
    }

    // MARK: - The SDK

    /// Searches the SDK's machine of one policy.
    package static func sdk(_ policy: LoginPolicy, depth: Int = usualDepth) -> StateGraph {
        search(
            "SDK", from: LoginMachine(policy: policy, random: SeededGenerator(seed: 1)), depth: depth,
            key: { SDKKey($0) }, node: { $0.phase.rawValue },
            events: { machine in events(machine).map { (SDKEventKind($0).name, $0) } },
            step: { before, event in
                var after = before
                let effects = after.handle(event)
                return (after, problem(before, event, effects, after))
            })
    }

    /// What two SDKs must have in common to be the same state.
    private struct SDKKey: Hashable {
        let phase: LoginMachine.Phase
        let mode: LoginMode?
        let authentication: AuthenticationKind?
        let session: LoginMachine.Session?
        let probes: Int
        let hasTimer: Bool
        let hasOthers: Bool
        let stop: StopReason?
        let hasNetwork: Bool
        let isInBackground: Bool
        /// The how-manieth attempt of a login call, as far as the call counts them.
        let number: Int
        let hasBudget: Bool
        let awaitsToken: Bool
        let next: LoginRequest?
        let lastLogin: AccountName?
        /// Delays handed out, as far as they make a difference.
        let delays: Int

        init(_ machine: LoginMachine) {
            phase = machine.phase
            mode = machine.attempt?.request.mode
            authentication = machine.attempt?.request.authentication
            session = machine.attempt?.session
            if case .online(let online) = machine.state { probes = online.probes } else { probes = 0 }
            hasTimer = machine.liveTimer != nil
            hasOthers = !machine.others.isEmpty
            stop = machine.stopReason
            hasNetwork = machine.isNetworkAvailable
            isInBackground = machine.isInBackground
            let calls = machine.policy.calls
            number = calls.map { min(machine.attempt?.number ?? 0, $0.retryCount + 1) } ?? 0
            hasBudget = machine.attempt?.budget != nil
            if case .authenticating(let underway) = machine.state {
                awaitsToken = underway.awaitsToken
            } else {
                awaitsToken = false
            }
            if case .loggingOut(let leaving) = machine.state { next = leaving.next } else { next = nil }
            lastLogin = calls == nil ? nil : machine.lastLogin
            delays = min(machine.backoff.count, machine.policy.backoffTable.count)
        }
    }

    private static let account = AccountName("alice")
    private static let stranger = OnlineClient(id: "s-2", clientType: 1)

    private static func token(_ name: String) -> SecretRef {
        SecretRef(kind: .token, name: name, length: 32, digest: "00000000")
    }

    /// Every event, about the live connection, timer and attempt and about ones that never were.
    private static func events(_ machine: LoginMachine) -> [LoginMachine.Event] {
        let modes: [LoginMode] = [.manual, .automatic(forced: false), .automatic(forced: true)]
        var events: [LoginMachine.Event] = [.initialised]
        for mode in modes {
            for kind in [AuthenticationKind.fixed, .dynamic] {
                events.append(
                    .loginRequested(
                        LoginRequest(account: account, token: token("token-1"), mode: mode, authentication: kind)))
            }
        }
        events.append(.logoutRequested)
        for attempt in [machine.attempt?.id ?? AttemptID(1), AttemptID(999)] {
            events += [.tokenProvided(attempt, token("token-2")), .tokenUnavailable(attempt)]
        }
        events.append(.tokenReplaced(token("token-3")))
        for connection in [machine.liveConnection ?? ConnectionID(1), ConnectionID(999)] {
            events.append(.connectionOpened(connection))
            for cause in [CloseCause.refused, .timedOut, .linkClosed, .tls("expired")] {
                events += [.connectionFailed(connection, cause), .connectionClosed(connection, cause)]
            }
            events += messages(machine.policy).map { .received(connection, $0) }
        }
        events += [.timerFired(machine.liveTimer ?? TimerID(1)), .timerFired(TimerID(999))]
        return events + [
            .networkLost, .networkReturned, .backgrounded, .foregrounded, .kickRequested(["s-2"]),
            .echoRequested("hi"),
        ]
    }

    /// Every message; refusals with each code that the policy knows and with one that it does not.
    private static func messages(_ policy: LoginPolicy) -> [LinkMessage] {
        [
            .loginAccepted(account: account, others: []), .loginAccepted(account: account, others: [stranger]),
            .synced, .pong, .echoed("hi"), .kickAnswered(code: 200, kicked: ["s-2"]), .loggedOut,
            .clientsChanged(.list, [stranger]), .clientsChanged(.logout, [stranger]),
            .renewed(code: 200, text: ""), .renewed(code: 9_999, text: ""), .tokenWillExpire,
            .protocolError(code: 414, text: ""), .unknown("news"),
        ] + (policy.codes.map(\.code) + [9_999]).map { .loginRefused(code: $0, text: "") }
            + ([1, 2, 3] + policy.failedKicks.keys.sorted()).map {
                .kicked(KickNotice(reason: $0, text: "", clientType: 1))
            }
    }

    private static func problem(
        _ before: LoginMachine, _ event: LoginMachine.Event, _ effects: [LoginMachine.Effect], _ after: LoginMachine
    ) -> String? {
        func count(_ effect: LoginMachine.Effect) -> Int { effects.count { $0 == effect } }
        if effects.contains(where: { if case .reportMisuse = $0 { true } else { false } }) {
            return effects.count == 1 && before == after ? nil : "\(before.phase): a misuse changed something: \(event)"
        }
        if let connection = before.liveConnection, after.liveConnection != connection,
            count(.closeConnection(connection)) != 1
        {
            return "\(before.phase): \(connection) is not closed once by \(event)"
        }
        if let timer = before.liveTimer, after.liveTimer != timer {
            let expected = event == .timerFired(timer) ? 0 : 1
            if count(.cancelTimer(timer)) != expected { return "\(before.phase): \(timer) is not released by \(event)" }
        }
        let told = effects.compactMap { effect -> CallbackProjection.Told? in
            if case .notify(let moment) = effect { CallbackProjection.told(moment) } else { nil }
        }
        let expected = CallbackProjection.expected(before, event, after)
        // Where a login call is several attempts, more is told than follows from the states.
        return told == expected || before.policy.calls != nil
            ? nil : "\(before.phase) → \(after.phase) told \(told), not \(expected), on \(event)"
    }

    // MARK: - The app

    /// Searches the app's machine, with codes of one policy.
    package static func app(_ policy: LoginPolicy, form: ProductForm, depth: Int = usualDepth) -> StateGraph {
        search(
            "app, \(form.rawValue)", from: AppFlow(settings: AppSettings(form: form)), depth: depth,
            key: { AppKey($0) }, node: { AppPhase($0.state).name },
            events: { flow in appEvents(flow, policy).map { (AppEventKind($0).name, $0) } },
            step: { before, event in
                var after = before
                let effects = after.handle(event)
                return (after, problem(before, event, effects, after))
            })
    }

    private struct AppKey: Hashable {
        let phase: AppPhase
        let origin: String?
        let im: AppFlow.IMStatus
        let user: String?
        let isUsable: Bool?
        let hasSession: Bool?
        let ends: Bool?
        let stop: StopReason?
        let lease: String
        let watch: AppFlow.TimerPurpose?
        let renewal: Bool
        let recovery: Int
        let settings: AppSettings

        init(_ flow: AppFlow) {
            phase = AppPhase(flow.state)
            if case .startingIM(let from) = flow.state { origin = from.rawValue } else { origin = nil }
            im = flow.im
            user = flow.saved?.user
            isUsable = flow.saved?.isUsable
            hasSession = flow.saved.map { $0.session != nil }
            ends = flow.saved.map { $0.expires != nil }
            stop = flow.saved?.stop
            lease = flow.lease.text
            watch = flow.watch?.purpose
            if case .calling = flow.renewal { renewal = true } else { renewal = false }
            recovery =
                switch flow.recovery {
                case .ready: 0
                case .calling: 1
                case .used: 2
                }
            settings = flow.settings
        }
    }

    private static func appEvents(_ flow: AppFlow, _ policy: LoginPolicy) -> [AppFlow.Event] {
        let now = Instant(seconds: 1_800_000_000)
        let password = SecretRef(kind: .password, name: "password-1", length: 8, digest: "00000000")
        let session = SecretRef(kind: .session, name: "session-1", length: 32, digest: "00000000")
        let grants = [nil, Duration.seconds(100)].map {
            GrantedToken(account: account, token: token("token-2"), kind: $0 == nil ? .fixed : .dynamic, lifetime: $0)
        }
        var events: [AppFlow.Event] = [
            .started(nil), .registerRequested(user: "alice", password: password, account: nil),
            .signInRequested(user: "alice", password: password),
            .tokenLoginRequested(account, token: token("token-4"), kind: .fixed, at: now),
            .automaticLoginRequested(forced: false, at: now), .automaticLoginRequested(forced: true, at: now),
            .automaticLoginDue(at: now),
            .renewalRequested, .signOutRequested, .tokenAsked(AttemptID(1)),
        ]
        for call in flow.openCalls + [CallID(999)] {
            events += [
                .registered(call, user: "alice", account: account), .sessionEnded(call),
                .callFailed(call, .unreachable(.refused)),
            ]
            for grant in grants {
                events += [
                    .granted(call, user: "alice", session: session, grant, at: now),
                    .tokenGranted(call, grant, at: now),
                ]
            }
        }
        let failures = FailureKind.allCases.compactMap { kind in
            policy.codes.first { $0.kind == kind }.map { policy.failure($0.code, detail: "") }
        }
        let kick = KickNotice(reason: 1, text: "", clientType: 1)
        let moments: [Moment] =
            [
                .linking, .online, .linkLost(.linkClosed), .loggedOut(wasServerTold: true),
                .manualLoginCompleted(account),
            ]
            + [.kickedOffline(kick), .retryScheduled(after: .seconds(2), attempt: 1)]
            + failures.flatMap { [.manualLoginFailed($0), .automaticLoginFailed($0, isFinal: true)] }
        events += moments.map { .told($0) }
        return events + [.timerFired(flow.watch?.timer ?? TimerID(1)), .timerFired(TimerID(999))]
    }

    private static func problem(
        _ before: AppFlow, _ event: AppFlow.Event, _ effects: [AppFlow.Effect], _ after: AppFlow
    ) -> String? {
        if effects.contains(where: { if case .decline = $0 { true } else { false } }) {
            return effects.count == 1 && before == after
                ? nil : "\(before.state): a refusal changed something: \(event)"
        }
        if let watch = before.watch, after.watch?.timer != watch.timer {
            let expected = event == .timerFired(watch.timer) ? 0 : 1
            if effects.count(where: { $0 == .cancelTimer(watch.timer) }) != expected {
                return "\(before.state): \(watch.timer) is not released by \(event)"
            }
        }
        return nil
    }
}

extension AppFlow {
    /// The calls whose answer is waited for.
    fileprivate var openCalls: [CallID] {
        var calls: [CallID] = []
        switch state {
        case .registering(let call), .signingIn(let call): calls.append(call)
        case .signedOut, .startingIM, .signedIn, .signingOut: break
        }
        if case .calling(let call) = renewal { calls.append(call) }
        if case .calling(let call, _) = recovery { calls.append(call) }
        return calls
    }
}

extension StateGraph {
    /// The diagram under a comment that says how much was searched, and what was wrong.
    package var text: String {
        let end = isExhausted ? "all there are" : "as far as was searched"
        var lines = [
            "%% \(machine): \(stateCount) states in \(nodes.count) kinds, \(edges.count) edges between kinds,",
            "%% \(stepCount) steps tried, depth \(depth), \(end)",
        ]
        lines += problems.map { "%% broken: \($0)" }
        return lines.joined(separator: "\n") + "\n" + mermaid
    }

    package var json: JSONValue {
        .fields([
            "machine": .string(machine), "states": .integer(Int64(stateCount)), "steps": .integer(Int64(stepCount)),
            "depth": .integer(Int64(depth)), "isExhausted": .bool(isExhausted),
            "kinds": .array(nodes.map { .string($0) }),
            "edges": .array(
                edges.map {
                    .fields(["from": .string($0.from), "to": .string($0.to), "event": .string($0.event)])
                }),
            "problems": .array(problems.map { .string($0) }),
        ])
    }
}
