import LoginCore
import Providers
import Testing

/// The way from login to online and out again.
@Suite("The SDK's way to online and out again")
struct LoginMachineLoginTests {
    @Test("A login goes its steps in order", arguments: Self.steps)
    func step(_ row: TransitionRow) {
        row.check()
    }

    static let steps: [TransitionRow] = [
        TransitionRow("set up", from: MachineWalk.uninitialised, .initialised, to: "loggedOut"),
        TransitionRow(
            "manual login", from: MachineWalk.loggedOut, .loginRequested(Sample.request(.manual)),
            to: "connecting a1 #1 alice token-1 manual c1 t1", "tell linking", "open c1", "start t1 link 10 s"),
        TransitionRow(
            "automatic login", from: MachineWalk.loggedOut,
            .loginRequested(Sample.request(.automatic(forced: false))),
            to: "connecting a1 #1 alice token-1 auto c1 t1", "tell linking", "open c1", "start t1 link 10 s"),
        TransitionRow(
            "forced automatic login", from: MachineWalk.loggedOut,
            .loginRequested(Sample.request(.automatic(forced: true))),
            to: "connecting a1 #1 alice token-1 forced c1 t1", "tell linking", "open c1", "start t1 link 10 s"),
        TransitionRow(
            "login with a dynamic token asks the app first", from: MachineWalk.loggedOut,
            .loginRequested(Sample.request(.manual, .dynamic)),
            to: "acquiringToken a1 #1 alice token-1 manual", "acquire a1"),
        TransitionRow(
            "the app hands a token", from: MachineWalk.acquiringToken(),
            .tokenProvided(AttemptID(1), Sample.new),
            to: "connecting a1 #1 alice token-2 manual c1 t1", "tell linking", "open c1", "start t1 link 10 s"),
        TransitionRow(
            "the app has no token: the login call's is used", from: MachineWalk.acquiringToken(),
            .tokenUnavailable(AttemptID(1)),
            to: "connecting a1 #1 alice token-1 manual c1 t1", "tell linking", "open c1", "start t1 link 10 s"),
        TransitionRow(
            "link up, manual", from: MachineWalk.connecting(), .connectionOpened(.first),
            to: "authenticating a1 #1 alice token-1 manual c1 t2", "cancel t1", "tell linkEstablished",
            "tell authenticating", "send c1 login alice token-1 static", "start t2 login answer 30 s"),
        TransitionRow(
            "link up, automatic", from: MachineWalk.connecting(.automatic(forced: false)), .connectionOpened(.first),
            to: "authenticating a1 #1 alice token-1 auto c1 t2", "cancel t1", "tell linkEstablished",
            "tell authenticating", "send c1 login alice token-1 static auto", "start t2 login answer 30 s"),
        TransitionRow(
            "link up, forced", from: MachineWalk.connecting(.automatic(forced: true)), .connectionOpened(.first),
            to: "authenticating a1 #1 alice token-1 forced c1 t2", "cancel t1", "tell linkEstablished",
            "tell authenticating", "send c1 login alice token-1 static auto forced", "start t2 login answer 30 s"),
        TransitionRow(
            "login accepted; the server's spelling is kept", from: MachineWalk.authenticating(),
            .received(.first, .loginAccepted(account: AccountName("ALICE"), others: [Sample.other])),
            to: "syncing a1 #1 ALICE token-1 manual c1 t3 +s-9", "cancel t2", "tell authenticated", "tell syncing",
            "send c1 sync", "start t3 sync answer 30 s"),
        TransitionRow(
            "synced, manual", from: MachineWalk.syncing(), .received(.first, .synced),
            to: "online a1 #1 alice token-1 manual c1 t4 p0", "cancel t3", "tell online",
            "tell manualLoginCompleted alice", "start t4 next ping 30 s"),
        TransitionRow(
            "synced, automatic: no completion", from: MachineWalk.syncing(.automatic(forced: true)),
            .received(.first, .synced), to: "online a1 #1 alice token-1 forced c1 t4 p0", "cancel t3", "tell online",
            "start t4 next ping 30 s"),
        TransitionRow(
            "synced while others are online", from: MachineWalk.syncing(others: [Sample.other]),
            .received(.first, .synced), to: "online a1 #1 alice token-1 manual c1 t4 p0 +s-9", "cancel t3",
            "tell online", "tell manualLoginCompleted alice", "tell clients list +s-9", "start t4 next ping 30 s"),
        TransitionRow(
            "echo out", from: MachineWalk.online(), .echoRequested("hi"),
            to: "online a1 #1 alice token-1 manual c1 t4 p0", "send c1 echo hi"),
        TransitionRow(
            "echo back", from: MachineWalk.online(), .received(.first, .echoed("hi")),
            to: "online a1 #1 alice token-1 manual c1 t4 p0", "tell echoed hi"),
        TransitionRow(
            "kick out", from: MachineWalk.online(), .kickRequested(["s-9"]),
            to: "online a1 #1 alice token-1 manual c1 t4 p0", "send c1 kick s-9"),
        TransitionRow(
            "kick answered", from: MachineWalk.online(), .received(.first, .kickAnswered(code: 200, kicked: ["s-9"])),
            to: "online a1 #1 alice token-1 manual c1 t4 p0", "tell kickAnswered 200 s-9"),
        TransitionRow(
            "another client comes", from: MachineWalk.online(),
            .received(.first, .clientsChanged(.login, [Sample.other])),
            to: "online a1 #1 alice token-1 manual c1 t4 p0 +s-9", "tell clients login +s-9"),
        TransitionRow(
            "an error frame in the session changes nothing", from: MachineWalk.online(),
            .received(.first, .protocolError(code: 400, text: "what?")),
            to: "online a1 #1 alice token-1 manual c1 t4 p0", "tell protocolError 400 what?"),
    ]

    @Test("Others come and go in the list of other clients")
    func otherClients() {
        var walk = MachineWalk()
        walk.machine = MachineWalk.syncing(others: [Sample.other])
        let second = OnlineClient(id: "s-10", clientType: 4)
        walk.hear(.clientsChanged(.login, [second]))
        walk.hear(.synced)
        #expect(walk.machine.others == [Sample.other, second])
        walk.hear(.clientsChanged(.login, [second]))
        #expect(walk.machine.others == [Sample.other, second])
        walk.hear(.clientsChanged(.logout, [Sample.other]))
        #expect(walk.machine.others == [second])
        walk.hear(.clientsChanged(.list, []))
        #expect(walk.machine.others.isEmpty)
    }

    @Test("Logout ends every state, and only a session tells the server", arguments: Self.logouts)
    func logout(_ row: TransitionRow) {
        row.check()
    }

    static let logouts: [TransitionRow] = [
        TransitionRow(
            "online: the server gets 1 s", from: MachineWalk.online(), .logoutRequested, to: "loggingOut c1 t5",
            "cancel t4", "send c1 logout", "start t5 logout answer 1 s"),
        TransitionRow(
            "probing", from: MachineWalk.probing(), .logoutRequested, to: "loggingOut c1 t6",
            "cancel t5", "send c1 logout", "start t6 logout answer 1 s"),
        TransitionRow(
            "the server answered", from: MachineWalk.loggingOut, .received(.first, .loggedOut), to: "loggedOut",
            "cancel t5", "close c1", "tell loggedOut, server told"),
        TransitionRow(
            "no answer in 1 s", from: MachineWalk.loggingOut, .timerFired(TimerID(5)), to: "loggedOut", "close c1",
            "tell loggedOut, server not told"),
        TransitionRow(
            "the link breaks", from: MachineWalk.loggingOut, .connectionClosed(.first, .linkClosed), to: "loggedOut",
            "cancel t5", "close c1", "tell loggedOut, server not told"),
        TransitionRow(
            "the network goes", from: MachineWalk.loggingOut, .networkLost, to: "loggedOut", "tell networkChanged",
            "cancel t5", "close c1", "tell loggedOut, server not told"),
        TransitionRow(
            "kicked while leaving", from: MachineWalk.loggingOut, .received(.first, .kicked(Sample.kick)),
            to: "loggedOut", "cancel t5", "close c1", "tell loggedOut, server not told"),
        TransitionRow(
            "acquiringToken", from: MachineWalk.acquiringToken(), .logoutRequested, to: "loggedOut",
            "tell loggedOut, server not told"),
        TransitionRow(
            "connecting", from: MachineWalk.connecting(), .logoutRequested, to: "loggedOut", "cancel t1", "close c1",
            "tell loggedOut, server not told"),
        TransitionRow(
            "authenticating", from: MachineWalk.authenticating(), .logoutRequested, to: "loggedOut", "cancel t2",
            "close c1", "tell loggedOut, server not told"),
        TransitionRow(
            "syncing", from: MachineWalk.syncing(), .logoutRequested, to: "loggedOut", "cancel t3", "close c1",
            "tell loggedOut, server not told"),
        TransitionRow(
            "waiting", from: MachineWalk.waiting(), .logoutRequested, to: "loggedOut", "cancel t2",
            "tell loggedOut, server not told"),
        TransitionRow(
            "postponed: nothing to cancel", from: MachineWalk.postponed, .logoutRequested, to: "loggedOut",
            "tell loggedOut, server not told"),
        TransitionRow(
            "waitingForNetwork", from: MachineWalk.waitingForNetwork(), .logoutRequested, to: "loggedOut", "cancel t2",
            "tell loggedOut, server not told"),
        TransitionRow(
            "stopped by a code", from: MachineWalk.stoppedByCode, .logoutRequested, to: "loggedOut",
            "tell loggedOut, server not told"),
        TransitionRow(
            "stopped by a kick", from: MachineWalk.stoppedByKick, .logoutRequested, to: "loggedOut",
            "tell loggedOut, server not told"),
    ]

    @Test("A new login call takes the place of a pause and starts the back-off again", arguments: Self.relogins)
    func relogin(_ row: TransitionRow) {
        row.check()
    }

    static let relogins: [TransitionRow] = [
        TransitionRow(
            "waiting", from: MachineWalk.waiting(), .loginRequested(Sample.request(.manual, token: Sample.new)),
            to: "connecting a2 #1 alice token-2 manual c2 t3", "cancel t2", "tell linking", "open c2",
            "start t3 link 10 s"),
        TransitionRow(
            "waitingForNetwork, manual: tried at once", from: MachineWalk.waitingForNetwork(),
            .loginRequested(Sample.request(.manual)), to: "connecting a2 #1 alice token-1 manual c2 t3", "cancel t2",
            "tell linking", "open c2", "start t3 link 10 s"),
        TransitionRow(
            "waitingForNetwork, automatic: counted, not made", from: MachineWalk.waitingForNetwork(),
            .loginRequested(Sample.request(.automatic(forced: true))),
            to: "waitingForNetwork a0 #2 alice token-1 forced t3 2 s", "cancel t2", "tell skipped 1",
            "tell retry 2 in 2 s", "start t3 next attempt 2 s"),
        TransitionRow(
            "stopped by a code: manual login only", from: MachineWalk.stoppedByCode,
            .loginRequested(Sample.request(.manual)), to: "connecting a2 #1 alice token-1 manual c2 t3",
            "tell linking", "open c2", "start t3 link 10 s"),
        TransitionRow(
            "stopped by a kick: manual login only", from: MachineWalk.stoppedByKick,
            .loginRequested(Sample.request(.manual)), to: "connecting a2 #1 alice token-1 manual c2 t5",
            "tell linking", "open c2", "start t5 link 10 s"),
        TransitionRow(
            "stopped by a code: automatic login is dead", from: MachineWalk.stoppedByCode,
            .loginRequested(Sample.request(.automatic(forced: true))), to: "stopped 302 auto", "misuse"),
        TransitionRow(
            "stopped by a kick: automatic login is dead", from: MachineWalk.stoppedByKick,
            .loginRequested(Sample.request(.automatic(forced: true))), to: "stopped kicked 1", "misuse"),
    ]

    @Test("A session that is held counts as logged in while its link is away, a login that never worked does not")
    func heldSession() {
        var machine = MachineWalk.online()
        _ = machine.handle(.connectionClosed(.first, .linkClosed))
        #expect(machine.phase == .waiting)
        #expect(machine.loginStatus == .loggedIn)
        #expect(machine.connectStatus == .waiting)
        let first = MachineWalk.waiting()
        #expect(first.phase == .waiting)
        #expect(first.loginStatus == .loggingIn)
    }

    @Test("A frame of an unknown type is passed over in every state")
    func unknownFrames() {
        for (name, before) in MachineWalk.everyState() {
            guard let connection = before.liveConnection else { continue }
            var machine = before
            #expect(machine.handle(.received(connection, .unknown("news"))).isEmpty, "\(name)")
            #expect(machine == before, "\(name)")
        }
    }

    @Test("The status words follow the state")
    func projections() {
        typealias Words = (login: LoginMachine.LoginStatus, connect: LoginMachine.ConnectStatus)
        let expected: [String: Words] = [
            "uninitialised": (.loggedOut, .disconnected), "loggedOut": (.loggedOut, .disconnected),
            "acquiringToken": (.loggingIn, .disconnected), "connecting": (.loggingIn, .connecting),
            "connecting-manual": (.loggingIn, .connecting), "authenticating": (.loggingIn, .connected),
            "authenticating-manual": (.loggingIn, .connected), "syncing": (.loggingIn, .connected),
            "online": (.loggedIn, .connected), "probing": (.loggedIn, .connected),
            "waiting": (.loggingIn, .waiting), "postponed": (.loggingIn, .waiting),
            "waitingForNetwork": (.loggingIn, .waiting), "loggingOut": (.loggedOut, .connected),
            "stopped-code": (.loggedOut, .disconnected), "stopped-kick": (.loggedOut, .disconnected),
            "connectingFirst": (.loggedOut, .connecting), "connected": (.loggedOut, .connected),
        ]
        let states =
            MachineWalk.everyState() + MachineWalk.everyState(Tencent.policy).filter(\.machine.isConnectedFirst)
        for (name, machine) in states {
            #expect(machine.loginStatus == expected[name]?.login, "\(name)")
            #expect(machine.connectStatus == expected[name]?.connect, "\(name)")
            #expect(name.hasPrefix(machine.phase.rawValue) || name == "probing" || name == "postponed")
        }
        #expect(Set(states.map(\.machine.phase)) == Set(LoginMachine.Phase.allCases))
    }
}

extension LoginMachine {
    fileprivate var isConnectedFirst: Bool { phase == .connectingFirst || phase == .connected }
}
