import LoginCore
import Testing

/// The network hint, background and foreground, the heartbeat, and the token between attempts.
@Suite("The SDK between the system, the heartbeat and the app's tokens")
struct LoginMachineEnvironmentTests {
    // MARK: - The network hint

    @Test("The hint that the network went ends what is on its way", arguments: Self.lost)
    func networkLost(_ row: TransitionRow) {
        row.check()
    }

    static let lost: [TransitionRow] = [
        TransitionRow("loggedOut", from: MachineWalk.loggedOut, .networkLost, to: "loggedOut", "tell networkChanged"),
        TransitionRow(
            "acquiringToken: nothing is connected yet", from: MachineWalk.acquiringToken(), .networkLost,
            to: "acquiringToken a1 #1 alice token-1 manual", "tell networkChanged"),
        TransitionRow(
            "connecting, manual", from: MachineWalk.connecting(), .networkLost, to: "stopped 415 manual",
            "tell networkChanged", "cancel t1", "close c1", "tell linkFailed 415", "tell manualLoginFailed 415"),
        TransitionRow(
            "connecting, automatic", from: MachineWalk.connecting(.automatic(forced: false)), .networkLost,
            to: "waitingForNetwork a1 #2 alice token-1 auto t2 2 s", "tell networkChanged", "cancel t1", "close c1",
            "tell linkFailed 415", "tell retry 2 in 2 s", "start t2 next attempt 2 s"),
        TransitionRow(
            "authenticating", from: MachineWalk.authenticating(.automatic(forced: false)), .networkLost,
            to: "waitingForNetwork a1 #2 alice token-1 auto t3 2 s", "tell networkChanged", "cancel t2", "close c1",
            "tell authenticationFailed 415", "tell retry 2 in 2 s", "start t3 next attempt 2 s"),
        TransitionRow(
            "syncing", from: MachineWalk.syncing(.automatic(forced: false)), .networkLost,
            to: "waitingForNetwork a1 #2 alice token-1 auto t4 2 s", "tell networkChanged", "cancel t3", "close c1",
            "tell linkLost (link closed)", "tell retry 2 in 2 s", "start t4 next attempt 2 s"),
        TransitionRow(
            "online", from: MachineWalk.online(), .networkLost,
            to: "waitingForNetwork a1 #1 alice token-1 auto held t5 2 s", "tell networkChanged", "cancel t4",
            "close c1", "tell linkLost (link closed)", "tell retry 1 in 2 s", "start t5 next attempt 2 s"),
        TransitionRow(
            "waiting: the countdown runs on", from: MachineWalk.waiting(), .networkLost,
            to: "waitingForNetwork a1 #2 alice token-1 auto t2 2 s", "tell networkChanged"),
        TransitionRow(
            "stopped", from: MachineWalk.stoppedByKick, .networkLost, to: "stopped kicked 1", "tell networkChanged"),
    ]

    @Test("The hint that the network is back means at once", arguments: Self.returned)
    func networkReturned(_ row: TransitionRow) {
        row.check()
    }

    static let returned: [TransitionRow] = [
        TransitionRow(
            "waitingForNetwork: the attempt starts at once", from: MachineWalk.waitingForNetwork(), .networkReturned,
            to: "connecting a2 #2 alice token-1 auto c2 t3", "tell networkChanged", "cancel t2", "tell linking",
            "open c2", "start t3 link 10 s"),
        TransitionRow(
            "waiting: a change of network starts it too", from: MachineWalk.waiting(), .networkReturned,
            to: "connecting a2 #2 alice token-1 auto c2 t3", "tell networkChanged", "cancel t2", "tell linking",
            "open c2", "start t3 link 10 s"),
        TransitionRow(
            "online: a ping at once, 3 s for its answer", from: MachineWalk.online(), .networkReturned,
            to: "online a1 #1 alice token-1 manual c1 t5 p1", "tell networkChanged", "cancel t4", "send c1 ping",
            "start t5 probe 1 3 s"),
        TransitionRow(
            "probing: a ping is out already", from: MachineWalk.probing(), .networkReturned,
            to: "online a1 #1 alice token-1 manual c1 t5 p1", "tell networkChanged"),
        TransitionRow(
            "connecting: nothing waits", from: MachineWalk.connecting(), .networkReturned,
            to: "connecting a1 #1 alice token-1 manual c1 t1", "tell networkChanged"),
    ]

    @Test("An attempt due while the network is away is skipped but counted, along the whole table")
    func skipping() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.online()
        walk.step(.networkLost)
        var delays: [Duration] = []
        for number in 1...8 {
            guard case .waitingForNetwork(let waiting) = walk.machine.state else { break }
            delays.append(waiting.delay)
            let effects = walk.due()
            #expect(effects.first == "tell skipped \(number)")
            #expect(!effects.contains { $0.hasPrefix("open") })
        }
        #expect(delays == [2, 4, 6, 8, 16, 32, 64, 64].map { .seconds($0) })
        let effects = walk.step(.networkReturned)
        #expect(effects.contains("open c2"))
        #expect(walk.machine.attempt?.number == 9)
    }

    @Test("The hint given twice changes nothing the second time")
    func hintTwice() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.waitingForNetwork()
        let before = walk.machine
        #expect(walk.step(.networkLost).isEmpty)
        #expect(walk.machine == before)
    }

    @Test("A token that comes while the network is away: automatic attempts are skipped, manual ones made")
    func tokenWhileOffline() {
        var automatic = MachineWalk()
        automatic.machine = MachineWalk.acquiringToken(.automatic(forced: false))
        automatic.step(.networkLost)
        #expect(
            automatic.step(.tokenProvided(AttemptID(1), Sample.new)) == [
                "tell skipped 1", "tell retry 2 in 2 s", "start t1 next attempt 2 s",
            ])
        #expect(
            MachineText.state(automatic.machine.state) == "waitingForNetwork a1 #2 alice token-2 auto t1 2 s")
        var manual = MachineWalk()
        manual.machine = MachineWalk.acquiringToken()
        manual.step(.networkLost)
        #expect(manual.step(.tokenProvided(AttemptID(1), Sample.new)).contains("open c1"))
    }

    @Test("A manual login is tried although the network is away, once")
    func manualWhileOffline() {
        var walk = MachineWalk()
        walk.step(.initialised)
        walk.step(.networkLost)
        #expect(walk.step(.loginRequested(Sample.request(.manual))).contains("open c1"))
        #expect(walk.drop(.refused).last == "tell manualLoginFailed 415")
        #expect(walk.machine.liveTimer == nil)
    }

    // MARK: - Background and foreground

    @Test("In the background attempts go on where the provider does so")
    func backgroundReconnects() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.waiting()
        #expect(walk.step(.backgrounded).isEmpty)
        #expect(walk.due().contains("open c2"))
    }

    @Test("In the background attempts wait for the foreground where the provider says so")
    func backgroundPostpones() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.waiting(policy: Sample.foregroundPolicy)
        walk.step(.backgrounded)
        #expect(walk.due().isEmpty)
        #expect(MachineText.state(walk.machine.state) == "waiting a1 #2 alice token-1 auto no timer 2 s")
        #expect(walk.step(.networkLost) == ["tell networkChanged"])
        #expect(walk.step(.networkReturned) == ["tell networkChanged"])
        #expect(walk.machine.liveTimer == nil)
        #expect(walk.step(.foregrounded) == ["tell linking", "open c2", "start t3 link 10 s"])
    }

    @Test("The foreground does not start an attempt while the network is away; its return does")
    func foregroundOffline() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.postponed
        walk.step(.networkLost)
        #expect(walk.step(.foregrounded).isEmpty)
        #expect(walk.step(.networkReturned).contains("open c2"))
    }

    @Test("To the foreground: a waiting attempt starts, a session pings", arguments: Self.foreground)
    func foregrounded(_ row: TransitionRow) {
        row.check()
    }

    static let foreground: [TransitionRow] = [
        TransitionRow(
            "waiting", from: MachineWalk.waiting(), .foregrounded, to: "connecting a2 #2 alice token-1 auto c2 t3",
            "cancel t2", "tell linking", "open c2", "start t3 link 10 s"),
        TransitionRow(
            "online", from: MachineWalk.online(), .foregrounded, to: "online a1 #1 alice token-1 manual c1 t5 p1",
            "cancel t4", "send c1 ping", "start t5 probe 1 3 s"),
        TransitionRow("stopped", from: MachineWalk.stoppedByKick, .foregrounded, to: "stopped kicked 1"),
    ]

    // MARK: - The heartbeat

    @Test("A ping every 30 s after the answer before it")
    func heartbeat() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.online()
        #expect(walk.due() == ["send c1 ping", "start t5 probe 1 3 s"])
        #expect(walk.hear(.pong) == ["cancel t5", "start t6 next ping 30 s"])
        #expect(MachineText.state(walk.machine.state) == "online a1 #1 alice token-1 manual c1 t6 p0")
        #expect(walk.hear(.pong).isEmpty)
    }

    @Test("Five probes 3 s apart without an answer end the link")
    func probes() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.online()
        for number in 1...5 {
            #expect(walk.due() == ["send c1 ping", "start t\(4 + number) probe \(number) 3 s"])
        }
        #expect(
            walk.due() == [
                "close c1", "tell linkLost (timed out)", "tell retry 1 in 2 s", "start t10 next attempt 2 s",
            ]
        )
    }

    @Test("An answer to any of the probes saves the link", arguments: 1...5)
    func lateAnswer(_ count: Int) {
        var walk = MachineWalk()
        walk.machine = MachineWalk.probing(count)
        let fresh = 5 + count
        #expect(walk.hear(.pong) == ["cancel t\(4 + count)", "start t\(fresh) next ping 30 s"])
        for _ in 0..<5 { walk.due() }
        #expect(walk.machine.phase == .online)
    }

    // MARK: - Tokens

    @Test("A dynamic token is asked for before each attempt")
    func dynamicTokens() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.acquiringToken(.automatic(forced: false))
        walk.step(.tokenProvided(AttemptID(1), Sample.new))
        walk.drop(.refused)
        #expect(walk.due() == ["acquire a2"])
        walk.step(.tokenProvided(AttemptID(2), Sample.token(3)))
        walk.comeOnline()
        walk.drop()
        #expect(walk.due() == ["acquire a3"])
        #expect(walk.step(.tokenProvided(AttemptID(2), Sample.new)).isEmpty)
        #expect(walk.step(.tokenUnavailable(AttemptID(3))).contains("open c3"))
        #expect(walk.machine.attempt?.request.token == Sample.token(3))
    }

    @Test("A policy that does not ask goes straight to the link")
    func asksNot() {
        var policy = Sample.policy
        policy.asksForDynamicToken = false
        let request = Sample.request(.manual, .dynamic)
        #expect(MachineWalk.after(.initialised, .loginRequested(request), policy: policy).phase == .connecting)
    }

    @Test("A renewed token leaves the state alone and is the one of the next login frame")
    func renewedToken() {
        let active = MachineWalk.everyState().filter { $0.machine.attempt != nil }
        #expect(active.count == 11)
        for (name, from) in active {
            var walk = MachineWalk()
            walk.machine = from
            let phase = walk.machine.phase
            #expect(walk.step(.tokenReplaced(Sample.new)).isEmpty, "\(name)")
            #expect(walk.machine.phase == phase, "\(name)")
            #expect(walk.machine.liveTimer == from.liveTimer, "\(name)")
            #expect(walk.machine.attempt?.request.token == Sample.new, "\(name)")
        }
        var walk = MachineWalk()
        walk.machine = MachineWalk.online()
        walk.step(.tokenReplaced(Sample.new))
        walk.drop()
        walk.due()
        #expect(
            walk.step(.connectionOpened(ConnectionID(2))).contains("send c2 login alice token-2 static auto"))
    }

    @Test("A token that replaces the one of a connecting attempt goes out with its frame")
    func replacedWhileConnecting() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.connecting()
        walk.step(.tokenReplaced(Sample.new))
        #expect(walk.step(.connectionOpened(.first)).contains("send c1 login alice token-2 static"))
    }
}
