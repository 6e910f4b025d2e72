import LoginCore
import Providers
import Testing

/// An SDK that connects before any login, and that answers calls at the wrong time in its own codes (tencent.md §2).
@Suite("The SDK connects first, and answers for itself")
struct LoginMachineFirstLinkTests {
    private static let policy = Tencent.policy

    /// What is told, one word each; the code where there is one.
    private static func told(_ effects: [LoginMachine.Effect]) -> [String] {
        effects.compactMap { effect in
            if case .notify(let moment) = effect { MachineText.text(moment) } else { nil }
        }
    }

    private static func connected() -> LoginMachine {
        MachineWalk.after(.initialised, .connectionOpened(.first), policy: policy)
    }

    /// Proves TC-2-connects-first, TC-own-first-link.
    @Test("The link is opened once, and a login takes over what is up or on its way")
    func takeover() {
        var walk = MachineWalk(Self.policy)
        #expect(walk.machine.handle(.initialised).contains(.openConnection(.first)))
        #expect(walk.machine.phase == .connectingFirst)
        let early = walk.machine.handle(.loginRequested(Sample.request(.manual)))
        #expect(!early.contains { if case .openConnection = $0 { true } else { false } })
        #expect(walk.machine.phase == .connecting)
        #expect(walk.machine.liveConnection == .first)
        walk.comeOnline()
        #expect(walk.machine.phase == .online)

        var late = Self.connected()
        let effects = late.handle(.loginRequested(Sample.request(.manual)))
        #expect(late.phase == .authenticating)
        #expect(effects.contains { if case .send(.first, .login) = $0 { true } else { false } })
    }

    /// Proves TC-own-first-link.
    @Test(
        "A first link that fails or ends leaves the SDK logged out without another try",
        arguments: [
            LoginMachine.Event.connectionFailed(.first, .refused), .networkLost, .timerFired(TimerID(1)),
            .received(.first, .pong),
        ])
    func failures(event: LoginMachine.Event) {
        for before in [MachineWalk.after(.initialised, policy: Self.policy), Self.connected()] {
            var machine = before
            let effects = machine.handle(event)
            if case .timerFired = event, before.phase == .connected { continue }  // its deadline is over
            if case .connectionFailed = event, before.phase == .connected { #expect(!effects.isEmpty) }
            #expect(machine.phase == .loggedOut)
            #expect(machine.liveTimers.isEmpty)
            #expect(effects.contains(.closeConnection(.first)))
            #expect(
                machine.handle(.networkReturned).allSatisfy { if case .openConnection = $0 { false } else { true } })
        }
    }

    @Test("Without a network nothing is opened before the login")
    func offline() {
        var machine = MachineWalk.after(.networkLost, policy: Self.policy)
        #expect(machine.handle(.initialised).isEmpty)
        #expect(machine.phase == .loggedOut)
    }

    /// Proves TC-2.1-not-initialised.
    @Test("A login before the SDK is set up ends the app's login with its code, and changes nothing")
    func notSetUp() {
        for (mode, text) in [
            (LoginMode.manual, "manualLoginFailed 6013"),
            (.automatic(forced: false), "automaticLoginFailed 6013 final"),
        ] {
            var machine = MachineWalk(Self.policy).machine
            let before = machine
            #expect(Self.told(machine.handle(.loginRequested(Sample.request(mode)))) == [text])
            #expect(machine == before)
        }
    }

    /// Proves TC-2.1-in-progress, TC-own-logged-in-login.
    @Test("A call at the wrong time is answered with its code and changes nothing")
    func wrongTimes() {
        let login = LoginMachine.Event.loginRequested(Sample.request(.manual))
        var bob = Sample.request(.manual)
        bob.account = AccountName("bob")
        let rows: [(LoginMachine, LoginMachine.Event, Int)] = [
            (MachineWalk.connecting(policy: Self.policy), login, 7501),
            (MachineWalk.authenticating(policy: Self.policy), login, 7501),
            (MachineWalk.syncing(policy: Self.policy), login, 7501),
            (MachineWalk.online(policy: Self.policy), .loginRequested(bob), 7501),
            (MachineWalk.loggingOut(policy: Self.policy), .logoutRequested, 7502),
        ]
        for (before, event, code) in rows {
            var machine = before
            #expect(Self.told(machine.handle(event)) == ["callRefused \(code)"], "\(before.phase)")
            #expect(machine == before)
        }
        var away = MachineWalk(Self.policy)
        away.machine = MachineWalk.online(policy: Self.policy)
        away.drop()
        #expect(Self.told(away.machine.handle(login)) == ["callRefused 7501"])
    }

    /// Proves TC-own-logged-in-login, TC-own-renewal.
    @Test("A login of the user who is logged in hands the session the newer token, and its answer is told")
    func loginAgain() {
        for event in [
            LoginMachine.Event.loginRequested(Sample.request(.manual, token: Sample.new)), .tokenReplaced(Sample.new),
        ] {
            var walk = MachineWalk(Self.policy)
            walk.machine = MachineWalk.online(policy: Self.policy)
            #expect(walk.step(event) == ["send c1 renew token-2"])
            #expect(walk.machine.attempt?.request.token == Sample.new)
            #expect(walk.hear(.renewed(code: 200, text: "")) == ["tell tokenRenewed 0"])
            #expect(walk.hear(.renewed(code: 70001, text: "")) == ["tell tokenRenewed 70001"])
            #expect(walk.machine.phase == .online)
        }
    }

    /// Proves TC-2.1-logout-during-login.
    @Test("A logout ends the login that is under way with 6023; a reconnect is nobody's login")
    func endedByLogout() {
        for before in [
            MachineWalk.connecting(policy: Self.policy), MachineWalk.authenticating(policy: Self.policy),
            MachineWalk.syncing(policy: Self.policy),
        ] {
            var machine = before
            #expect(
                Self.told(machine.handle(.logoutRequested)) == [
                    "loginCallCancelled 6023", "loggedOut, server not told",
                ])
            #expect(machine.phase == .loggedOut)
        }
        var walk = MachineWalk(Self.policy)
        walk.machine = MachineWalk.online(policy: Self.policy)
        walk.drop()
        walk.due()
        #expect(walk.machine.phase == .connecting)
        #expect(Self.told(walk.machine.handle(.logoutRequested)) == ["loggedOut, server not told"])
    }

    /// Proves TC-2.3-arguments.
    @Test(
        "What the SDK sees to be wrong fails before any frame, and the first link goes with it",
        arguments: [
            ("", 8, 7003), (String(repeating: "x", count: 33), 8, 7003), ("小林", 8, 7003), ("a\u{7}", 8, 7003),
            ("alice", 0, 6017),
        ])
    func arguments(account: String, length: Int, code: Int) {
        let token = SecretRef(kind: .token, name: "token-1", length: length, digest: "00000001")
        let request = LoginRequest(
            account: AccountName(account), token: token, mode: .manual, authentication: .dynamic)
        for before in [
            MachineWalk.after(.initialised, policy: Self.policy), Self.connected(),
            MachineWalk.stoppedByCode(policy: Self.policy),
        ] {
            var machine = before
            let effects = machine.handle(.loginRequested(request))
            guard case .stopped(.failed(let failure, _)) = machine.state else {
                Issue.record("it is \(machine.phase)")
                continue
            }
            #expect(failure.code == code)
            #expect(!effects.contains { if case .send = $0 { true } else { false } })
            #expect(effects.contains(.closeConnection(.first)) == (before.liveConnection != nil))
        }
    }
}
