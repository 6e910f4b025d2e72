import LoginCore
import Testing

/// What ends an attempt or a session, and what follows.
@Suite("The SDK's failures: retry or stop")
struct LoginMachineFailureTests {
    static let stopSet = [302, 317, 403, 404, 414, 417, 422]
    static let retrySet = [408, 415, 416, 500, 503]

    // MARK: - 415 and 408

    @Test("An attempt that does not come through fails with 415 or 408", arguments: Self.broken)
    func brokenAttempt(_ row: TransitionRow) {
        row.check()
    }

    static let broken: [TransitionRow] = [
        TransitionRow(
            "link refused, manual: 415", from: MachineWalk.connecting(), .connectionFailed(.first, .refused),
            to: "stopped 415 manual", "cancel t1", "close c1", "tell linkFailed 415", "tell manualLoginFailed 415"),
        TransitionRow(
            "link refused, automatic: 415", from: MachineWalk.connecting(.automatic(forced: false)),
            .connectionFailed(.first, .refused), to: "waiting a1 #2 alice token-1 auto t2 2 s", "cancel t1",
            "close c1", "tell linkFailed 415", "tell retry 2 in 2 s", "start t2 next attempt 2 s"),
        TransitionRow(
            "link refused, forced: the force stays for the retries",
            from: MachineWalk.connecting(.automatic(forced: true)), .connectionFailed(.first, .refused),
            to: "waiting a1 #2 alice token-1 forced t2 2 s", "cancel t1", "close c1", "tell linkFailed 415",
            "tell retry 2 in 2 s", "start t2 next attempt 2 s"),
        TransitionRow(
            "link closed while it comes up: 415", from: MachineWalk.connecting(),
            .connectionClosed(.first, .linkClosed), to: "stopped 415 manual", "cancel t1", "close c1",
            "tell linkFailed 415", "tell manualLoginFailed 415"),
        TransitionRow(
            "TLS fails: 415", from: MachineWalk.connecting(), .connectionFailed(.first, .tls("expired")),
            to: "stopped 415 manual", "cancel t1", "close c1", "tell linkFailed 415", "tell manualLoginFailed 415"),
        TransitionRow(
            "the connection times out by itself: 408", from: MachineWalk.connecting(),
            .connectionFailed(.first, .timedOut), to: "stopped 408 manual", "cancel t1", "close c1",
            "tell linkFailed 408", "tell manualLoginFailed 408"),
        TransitionRow(
            "no upgrade in 10 s: 408", from: MachineWalk.connecting(), .timerFired(TimerID(1)),
            to: "stopped 408 manual", "close c1", "tell linkFailed 408", "tell manualLoginFailed 408"),
        TransitionRow(
            "no upgrade in 10 s, automatic: 408", from: MachineWalk.connecting(.automatic(forced: false)),
            .timerFired(TimerID(1)), to: "waiting a1 #2 alice token-1 auto t2 2 s", "close c1", "tell linkFailed 408",
            "tell retry 2 in 2 s", "start t2 next attempt 2 s"),
        TransitionRow(
            "no login reply in 30 s: 408", from: MachineWalk.authenticating(), .timerFired(TimerID(2)),
            to: "stopped 408 manual", "close c1", "tell authenticationFailed 408", "tell manualLoginFailed 408"),
        TransitionRow(
            "no login reply in 30 s, automatic: 408", from: MachineWalk.authenticating(.automatic(forced: false)),
            .timerFired(TimerID(2)), to: "waiting a1 #2 alice token-1 auto t3 2 s", "close c1",
            "tell authenticationFailed 408", "tell retry 2 in 2 s", "start t3 next attempt 2 s"),
        TransitionRow(
            "closed before the login reply: 415", from: MachineWalk.authenticating(),
            .connectionClosed(.first, .linkClosed), to: "stopped 415 manual", "cancel t2", "close c1",
            "tell authenticationFailed 415", "tell manualLoginFailed 415"),
        TransitionRow(
            "closed before the login reply, automatic: 415",
            from: MachineWalk.authenticating(.automatic(forced: false)), .connectionClosed(.first, .linkClosed),
            to: "waiting a1 #2 alice token-1 auto t3 2 s", "cancel t2", "close c1", "tell authenticationFailed 415",
            "tell retry 2 in 2 s", "start t3 next attempt 2 s"),
        TransitionRow(
            "closed before the sync reply: 415", from: MachineWalk.syncing(), .connectionClosed(.first, .linkClosed),
            to: "stopped 415 manual", "cancel t3", "close c1", "tell linkLost (link closed)",
            "tell manualLoginFailed 415"),
        TransitionRow(
            "no sync reply in 30 s: 408", from: MachineWalk.syncing(.automatic(forced: false)),
            .timerFired(TimerID(3)), to: "waiting a1 #2 alice token-1 auto t4 2 s", "close c1",
            "tell linkLost (timed out)", "tell retry 2 in 2 s", "start t4 next attempt 2 s"),
        TransitionRow(
            "the session's link breaks: back-off, and the force is gone",
            from: MachineWalk.online(.automatic(forced: true)), .connectionClosed(.first, .linkClosed),
            to: "waiting a1 #1 alice token-1 auto held t5 2 s", "cancel t4", "close c1",
            "tell linkLost (link closed)", "tell retry 1 in 2 s", "start t5 next attempt 2 s"),
        TransitionRow(
            "a manual login's session breaks: the SDK reconnects automatically", from: MachineWalk.online(),
            .connectionClosed(.first, .linkClosed), to: "waiting a1 #1 alice token-1 auto held t5 2 s", "cancel t4",
            "close c1", "tell linkLost (link closed)", "tell retry 1 in 2 s", "start t5 next attempt 2 s"),
    ]

    // MARK: - Codes

    @Test("A manual login stops on every code and reports it once", arguments: stopSet + retrySet + [0, 999_999, -1])
    func manualCode(_ code: Int) {
        var machine = MachineWalk.authenticating()
        let effects = MachineText.effects(machine.handle(.received(.first, .loginRefused(code: code, text: "why"))))
        #expect(MachineText.state(machine.state) == "stopped \(code) manual")
        #expect(
            effects == [
                "cancel t2", "close c1", "tell authenticationFailed \(code)", "tell manualLoginFailed \(code)",
            ])
        #expect(machine.stopReason == .failed(Sample.failure(code, "why"), mode: .manual))
        #expect(machine.liveTimer == nil)
    }

    @Test("An automatic login stops for good on the stop set", arguments: stopSet, [false, true])
    func automaticStop(_ code: Int, _ forced: Bool) {
        var machine = MachineWalk.authenticating(.automatic(forced: forced))
        let effects = MachineText.effects(machine.handle(.received(.first, .loginRefused(code: code, text: ""))))
        #expect(MachineText.state(machine.state) == "stopped \(code) " + (forced ? "forced" : "auto"))
        #expect(
            effects == [
                "cancel t2", "close c1", "tell authenticationFailed \(code)", "tell automaticLoginFailed \(code) final",
            ])
        #expect(machine.liveTimer == nil)
    }

    @Test("An automatic login retries the retry set, and tells the app of 416 only", arguments: retrySet)
    func automaticRetry(_ code: Int) {
        var machine = MachineWalk.authenticating(.automatic(forced: false))
        let effects = MachineText.effects(machine.handle(.received(.first, .loginRefused(code: code, text: ""))))
        let report = code == 416 ? ["tell automaticLoginFailed 416"] : []
        #expect(MachineText.state(machine.state) == "waiting a1 #2 alice token-1 auto t3 2 s")
        #expect(
            effects == ["cancel t2", "close c1", "tell authenticationFailed \(code)"] + report
                + ["tell retry 2 in 2 s", "start t3 next attempt 2 s"])
    }

    @Test("A reconnection that meets the stop set stops, session or not", arguments: stopSet)
    func stopOnReconnection(_ code: Int) {
        var walk = MachineWalk()
        walk.machine = MachineWalk.online()
        walk.drop()
        walk.due()
        if let connection = walk.machine.liveConnection { walk.step(.connectionOpened(connection)) }
        let effects = walk.hear(.loginRefused(code: code, text: ""))
        #expect(effects.last == "tell automaticLoginFailed \(code) final")
        #expect(MachineText.state(walk.machine.state) == "stopped \(code) auto")
    }

    // MARK: - Kicks

    struct Kick: Sendable, CustomTestStringConvertible {
        let name: String
        let machine: LoginMachine
        let timer: String
        var testDescription: String { name }
    }

    @Test(
        "A kick stops every state that holds a logged-in connection",
        arguments: [
            Kick(name: "authenticating", machine: MachineWalk.authenticating(.automatic(forced: true)), timer: "t2"),
            Kick(name: "syncing", machine: MachineWalk.syncing(), timer: "t3"),
            Kick(name: "online", machine: MachineWalk.online(), timer: "t4"),
            Kick(name: "probing", machine: MachineWalk.probing(), timer: "t5"),
        ], [1, 2, 3])
    func kicked(_ from: Kick, _ reason: Int) {
        var machine = from.machine
        let notice = KickNotice(reason: reason, text: "bye", clientType: 2)
        let effects = MachineText.effects(machine.handle(.received(.first, .kicked(notice))))
        #expect(effects == ["cancel \(from.timer)", "close c1", "tell kicked \(reason)"])
        #expect(machine.stopReason == .kicked(notice))
        #expect(machine.liveTimer == nil)
        #expect(machine.liveConnection == nil)
    }

    // MARK: - A server that breaks the protocol

    @Test("A server that breaks the protocol loses its connection", arguments: Self.breaches)
    func breach(_ row: TransitionRow) {
        row.check()
    }

    static let breaches: [TransitionRow] =
        [LinkMessage.synced, .echoed(""), .kickAnswered(code: 200, kicked: []), .loggedOut].map { message in
            TransitionRow(
                "authenticating: \(message)", from: MachineWalk.authenticating(), .received(.first, message),
                to: "stopped 415 manual", "cancel t2", "close c1", "tell authenticationFailed 415",
                "tell manualLoginFailed 415")
        }
        + [
            LinkMessage.loginAccepted(account: Sample.alice, others: []), .loginRefused(code: 302, text: ""),
            .echoed(""), .loggedOut,
        ].map { message in
            TransitionRow(
                "syncing: \(message)", from: MachineWalk.syncing(.automatic(forced: false)),
                .received(.first, message), to: "waiting a1 #2 alice token-1 auto t4 2 s", "cancel t3", "close c1",
                "tell authenticationFailed 415", "tell retry 2 in 2 s", "start t4 next attempt 2 s")
        }
        + [
            LinkMessage.loginAccepted(account: Sample.alice, others: []), .loginRefused(code: 302, text: ""), .synced,
            .loggedOut,
        ].map { message in
            TransitionRow(
                "online: \(message)", from: MachineWalk.online(), .received(.first, message),
                to: "waiting a1 #1 alice token-1 auto held t5 2 s", "cancel t4", "close c1",
                "tell linkLost (the server broke the link protocol)", "tell retry 1 in 2 s", "start t5 next attempt 2 s"
            )
        }

    @Test("A frame before the link is up is a breach too")
    func frameBeforeLink() {
        var machine = MachineWalk.connecting()
        let effects = MachineText.effects(machine.handle(.received(.first, .pong)))
        #expect(effects.first == "cancel t1")
        #expect(MachineText.state(machine.state) == "stopped 415 manual")
    }

    // MARK: - The back-off

    @Test("Attempts follow after 2, 4, 6, 8, 16, 32, 64, 64 s, and a success starts the table again")
    func table() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.online()
        walk.drop()
        var delays: [Duration] = []
        for _ in 0..<9 {
            guard case .waiting(let waiting) = walk.machine.state else { break }
            delays.append(waiting.delay)
            walk.due()
            walk.drop(.refused)
        }
        #expect(delays == [2, 4, 6, 8, 16, 32, 64, 64, 64].map { .seconds($0) })
        #expect(walk.machine.attempt?.number == 10)
        walk.due()
        walk.comeOnline()
        #expect(walk.drop().last == "start t\(walk.machine.liveTimer?.number ?? 0) next attempt 2 s")
    }

    @Test("The force holds for the first login call and its retries, and never after a success")
    func force() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.connecting(.automatic(forced: true))
        for _ in 0..<3 {
            walk.drop(.refused)
            walk.due()
            #expect(walk.machine.attempt?.request.mode == .automatic(forced: true))
        }
        walk.comeOnline()
        walk.drop()
        for _ in 0..<3 {
            walk.due()
            #expect(walk.machine.attempt?.request.mode == .automatic(forced: false))
            walk.drop(.refused)
        }
    }
}
