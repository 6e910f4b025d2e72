import LoginCore
import Providers
import Testing

/// Every kind of state meets every kind of event.
@Suite("The SDK takes every event in every state")
struct LoginMachineTotalityTests {
    /// All events, made for `machine`: what concerns a connection, a timer or an attempt comes once for the live one, or
    /// for one that was live earlier, and once for one that never was.
    static func events(_ machine: LoginMachine) -> [LoginMachine.Event] {
        let connection = machine.liveConnection ?? .first
        let stranger = ConnectionID(99)
        let attempt = machine.attempt?.id ?? AttemptID(1)
        return [
            .initialised, .loginRequested(Sample.request(.manual)),
            .loginRequested(Sample.request(.automatic(forced: false))), .logoutRequested,
            .tokenProvided(attempt, Sample.new), .tokenProvided(AttemptID(99), Sample.new), .tokenUnavailable(attempt),
            .tokenUnavailable(AttemptID(99)), .tokenReplaced(Sample.new),
            .connectionOpened(connection), .connectionOpened(stranger),
            .connectionFailed(connection, .refused), .connectionFailed(stranger, .refused),
            .connectionClosed(connection, .linkClosed), .connectionClosed(stranger, .linkClosed),
        ]
            + messages.map { .received(connection, $0) } + messages.map { .received(stranger, $0) }
            + [
                .timerFired(machine.liveTimer ?? TimerID(1)), .timerFired(TimerID(99)),
                .networkLost, .networkReturned, .backgrounded, .foregrounded, .kickRequested(["s-9"]),
                .echoRequested("hi"),
            ]
    }

    static let messages: [LinkMessage] = [
        .loginAccepted(account: Sample.alice, others: []), .loginRefused(code: 302, text: ""), .synced, .pong,
        .echoed("hi"), .kickAnswered(code: 200, kicked: []), .loggedOut, .kicked(Sample.kick),
        .clientsChanged(.login, [Sample.other]), .protocolError(code: 400, text: "what?"),
    ]

    static func outcome(_ before: LoginMachine, _ event: LoginMachine.Event) -> Outcome {
        var machine = before
        let effects = machine.handle(event)
        if effects == [.reportMisuse(event)] { return .misuse }
        if machine.phase != before.phase { return .transition }
        return effects.isEmpty && machine == before ? .quiet : .stays
    }

    /// Columns: set up · manual login · automatic login · logout │ token for the attempt, for another · no token, twice ·
    /// newer token │ link opened, failed, ended, each live and strange │ the ten messages on the live link, then on a
    /// strange one: login accepted, login refused, synced, pong, echo, kick answer, logout answer, kicked, clients, error │
    /// timer live and strange · network lost, back · background, foreground · kick · echo.
    static let pinned = """
        uninitialised         TMMM-----ss--------------------------sss-MM
        loggedOut             MTTM-----ss--------------------------sss-MM
        acquiringToken        MMMTT-T-sss--------------------------sss-MM
        connecting            MMMT----sTsT-T-TTTTTTTTTT----------T-Tss-MM
        connecting-manual     MMMT----sTsT-T-TTTTTTTTTT----------T-Tss-MM
        authenticating        MMMT----s-sT-T-TTT-TTTT-T----------T-Tss-MM
        authenticating-manual MMMT----s-sT-T-TTT-TTTT-T----------T-Tss-MM
        syncing               MMMT----s-sT-T-TTT-TTTTsT----------T-Tss-MM
        online                MMMT----s-sT-T-TTT-ssTTss----------s-Tsssss
        probing               MMMT----s-sT-T-TTTsssTTss----------s-Tss-ss
        waiting               MTTT----sss------------------------T-TTsTMM
        postponed             MTTT----sss--------------------------Ts-TMM
        waitingForNetwork     MTsT----sss------------------------s--Ts-MM
        loggingOut            MMMM------sT-T-------TT------------T-Tss-MM
        stopped-code          MTMT-----ss--------------------------sss-MM
        stopped-kick          MTMT-----ss--------------------------sss-MM
        """

    @Test("The outcome of every state and event is the pinned one")
    func grid() {
        let grid = OutcomeGrid(
            states: MachineWalk.everyState().map { ($0.name, $0.machine) }, events: Self.events, outcome: Self.outcome)
        #expect(
            grid.lines == Self.pinned.split(separator: "\n").map(String.init), "\(grid.lines.joined(separator: "\n"))")
    }

    /// The same for an SDK whose login is a call: it takes a login everywhere, and its session begins with the answer.
    static let pinnedCalls = """
        uninitialised         TMMM-----ss--------------------------sss-MM
        loggedOut             MTTM-----ss--------------------------sss-MM
        asking                MTTTs-T-s-sT-T-TTT-TTTT-T----------T-Tss-MM
        connecting            MssT----sTss-s-ssssssssss----------s-sss-MM
        connecting-manual     MssT----sTss-s-ssssssssss----------s-sss-MM
        authenticating        MssT----s-sT-T-TTT-TTTT-T----------T-Tss-MM
        authenticating-manual MssT----s-sT-T-TTT-TTTT-T----------T-Tss-MM
        syncing               MssT----s-sT-T-TTT-TTTTsT----------T-Tss-MM
        online                MssT----s-sT-T-TTT-ssTTss----------s-Tsssss
        probing               MssT----s-sT-T-TTTsssTTss----------s-Tss-ss
        waiting               MTTT----sss------------------------T-TTsTMM
        postponed             MTTT----sss--------------------------Ts-TMM
        waitingForNetwork     MTTT----sss------------------------s--Ts-MM
        loggingOut            MssM------sT-T-------TT------------T-Tss-MM
        stopped-code          MTTT-----ss--------------------------sss-MM
        stopped-kick          MTTT-----ss--------------------------sss-MM
        """

    @Test("The outcome of every state and event is the pinned one where a login is a call")
    func gridOfCalls() {
        let states = MachineWalk.everyState(Sample.v10).map { ($0.name, $0.machine) }
        let grid = OutcomeGrid(states: states, events: Self.events, outcome: Self.outcome)
        let pinned = Self.pinnedCalls.split(separator: "\n").map(String.init)
        #expect(grid.lines == pinned, "\(grid.lines.joined(separator: "\n"))")
    }

    /// The states of every SDK that the lab plays.
    static var everyState: [(name: String, machine: LoginMachine)] {
        Sample.generations.flatMap { generation in
            MachineWalk.everyState(generation.policy).map { ("\(generation.id), \($0.name)", $0.machine) }
        }
    }

    @Test("A misuse leaves the whole machine as it was and is reported exactly once")
    func misuse() {
        var count = 0
        for (name, before) in Self.everyState {
            for event in Self.events(before) {
                var machine = before
                let effects = machine.handle(event)
                let reports = effects.filter { if case .reportMisuse = $0 { true } else { false } }
                guard !reports.isEmpty else { continue }
                count += 1
                #expect(effects == [.reportMisuse(event)], "\(name)")
                #expect(machine == before, "\(name): \(event)")
            }
        }
        #expect(count > 150)
    }

    @Test("What concerns a strange connection, timer or attempt changes nothing")
    func strangers() {
        for (name, before) in Self.everyState {
            for event in Self.events(before) {
                var machine = before
                switch event {
                case .connectionFailed(ConnectionID(99), _), .connectionClosed(ConnectionID(99), _),
                    .received(ConnectionID(99), _), .timerFired(TimerID(99)), .tokenProvided(AttemptID(99), _),
                    .tokenUnavailable(AttemptID(99)):
                    #expect(machine.handle(event).isEmpty, "\(name): \(event)")
                case .connectionOpened(ConnectionID(99)):
                    #expect(machine.handle(event) == [.closeConnection(ConnectionID(99))], "\(name)")
                default:
                    continue
                }
                #expect(machine == before, "\(name): \(event)")
            }
        }
    }

    @Test("Connection and timer are released whenever their state is left")
    func releases() {
        for (name, before) in Self.everyState {
            for event in Self.events(before) {
                var machine = before
                let effects = machine.handle(event)
                if let connection = before.liveConnection, machine.liveConnection != connection {
                    #expect(effects.filter { $0 == .closeConnection(connection) }.count == 1, "\(name): \(event)")
                }
                for timer in before.liveTimers where !machine.liveTimers.contains(timer) {
                    let expected = event == .timerFired(timer) ? 0 : 1
                    #expect(effects.filter { $0 == .cancelTimer(timer) }.count == expected, "\(name): \(event)")
                }
            }
        }
    }
}
