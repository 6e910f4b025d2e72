import LoginCore
import Testing

/// What an SDK does that takes a newer token online, answers a second login and tells of automatic ones.
struct LoginMachineRenewalTests {
    private static var policy: LoginPolicy {
        var policy = Sample.policy
        policy.onlineRenewal = LoginPolicy.OnlineRenewal(notLoggedIn: 414, emptyToken: 302)
        policy.secondLogin = LoginPolicy.SecondLogin(sameAccount: 200, otherAccount: 417, unanswered: 416)
        policy.tellsAutomaticLogin = true
        return policy
    }

    private static func online(_ mode: LoginMode = .manual) -> MachineWalk {
        var walk = MachineWalk(policy)
        walk.machine = MachineWalk.online(mode, policy: policy)
        return walk
    }

    @Test("A newer token goes to the server, and its answer to the app")
    func renewal() {
        var walk = Self.online()
        #expect(walk.step(.tokenReplaced(Sample.new)) == ["send c1 renew token-2"])
        #expect(walk.machine.attempt?.request.token == Sample.new)
        #expect(walk.hear(.renewed(code: 200, text: "")) == ["tell tokenRenewed 0"])
        #expect(walk.hear(.renewed(code: 302, text: "no")) == ["tell tokenRenewed 302"])
        #expect(walk.machine.phase == .online)
    }

    @Test("An empty token is not sent, and without a login there is nothing to renew")
    func noRenewal() {
        var walk = Self.online()
        let empty = SecretRef(kind: .token, name: "token-9", length: 0, digest: "00000000")
        #expect(walk.step(.tokenReplaced(empty)) == ["tell tokenRenewed 302"])
        #expect(walk.machine.attempt?.request.token == Sample.old)
        var idle = MachineWalk(Self.policy)
        idle.step(.initialised)
        #expect(idle.step(.tokenReplaced(Sample.new)) == ["tell tokenRenewed 414"])
        // While the link is away the token waits for the next login.
        walk.drop()
        #expect(walk.step(.tokenReplaced(Sample.new)).isEmpty)
        #expect(walk.machine.attempt?.request.token == Sample.new)
    }

    @Test("The warning of the token's end is told while online and while syncing")
    func warning() {
        var walk = Self.online()
        #expect(walk.hear(.tokenWillExpire) == ["tell tokenWillExpire"])
        var syncing = MachineWalk(Self.policy)
        syncing.machine = MachineWalk.syncing(policy: Self.policy)
        #expect(syncing.hear(.tokenWillExpire) == ["tell tokenWillExpire"])
        #expect(syncing.machine.phase == .syncing)
    }

    struct Second: CustomTestStringConvertible {
        let machine: LoginMachine
        let account: AccountName
        let code: Int
        var testDescription: String { "\(machine.phase), \(account)" }
    }

    private static let seconds = [
        Second(machine: MachineWalk.online(policy: policy), account: Sample.alice, code: 200),
        Second(machine: MachineWalk.online(policy: policy), account: AccountName("bob"), code: 417),
        Second(machine: MachineWalk.connecting(policy: policy), account: Sample.alice, code: 416),
        Second(machine: MachineWalk.authenticating(policy: policy), account: AccountName("bob"), code: 416),
        Second(machine: MachineWalk.syncing(policy: policy), account: Sample.alice, code: 416),
        Second(machine: cut(by: .linkClosed), account: Sample.alice, code: 200),
        Second(machine: cut(by: .timedOut), account: AccountName("bob"), code: 417),
    ]

    private static func cut(by cause: CloseCause) -> LoginMachine {
        var walk = online()
        walk.drop(cause)
        return walk.machine
    }

    @Test("A second login call is refused with its code and changes nothing", arguments: seconds)
    func secondLogin(row: Second) {
        var machine = row.machine
        let request = LoginRequest(account: row.account, token: Sample.new, mode: .manual, authentication: .fixed)
        #expect(MachineText.effects(machine.handle(.loginRequested(request))) == ["tell callRefused \(row.code)"])
        #expect(machine == row.machine)
    }

    @Test("After a logout or a stop a login call is taken again")
    func freshLogin() {
        var walk = Self.online()
        walk.step(.logoutRequested)
        walk.hear(.loggedOut)
        #expect(walk.step(.loginRequested(Sample.request(.manual))).contains("tell linking"))
        walk.comeOnline()
        walk.hear(.kicked(Sample.kick))
        #expect(walk.step(.loginRequested(Sample.request(.manual))).contains("tell linking"))
    }

    @Test("The end of an automatic login is told once, and a reconnection is not one")
    func automatic() {
        var walk = MachineWalk(Self.policy)
        walk.machine = MachineWalk.syncing(.automatic(forced: false), policy: Self.policy)
        #expect(walk.hear(.synced).contains("tell automaticLoginCompleted alice"))
        walk.drop()
        walk.due()
        if let connection = walk.machine.liveConnection { walk.step(.connectionOpened(connection)) }
        walk.hear(.loginAccepted(account: Sample.alice, others: []))
        let effects = walk.hear(.synced)
        #expect(effects.contains("tell online"))
        #expect(!effects.contains { $0.hasPrefix("tell automaticLoginCompleted") })
    }

    @Test("The app's own setting of automatic login wins over the SDK's")
    func options() {
        var policy = Self.policy
        policy.automaticLogin = .byItself(within: .seconds(60))
        #expect(policy.chosenAutomaticLogin == .byItself(within: .seconds(60)))
        // An SDK without the option keeps having none.
        policy.options.isAutoLogin = false
        #expect(policy.isAutoLogin == nil)
        policy.isAutoLogin = true
        var options = policy.options
        options.isAutoLogin = false
        policy.options = options
        #expect(policy.chosenAutomaticLogin == .none)
    }
}

/// What the app does where the SDK logs in by itself, never, or answers a second login.
struct AppFlowAutomaticTests {
    private static let window = LoginPolicy.AutomaticLogin.byItself(within: .seconds(100))

    private static func walk(
        _ automatic: LoginPolicy.AutomaticLogin, _ form: ProductForm = .core, answersSecondLogin: Bool = false
    ) -> FlowWalk {
        var walk = FlowWalk()
        walk.flow = AppFlow(
            settings: AppSettings(form: form), automaticLogin: automatic, answersSecondLogin: answersSecondLogin)
        return walk
    }

    @Test("At the start of the app the SDK logs in by itself with a saved login that it may use")
    func byItself() {
        var walk = Self.walk(Self.window)
        #expect(walk.step(.started(Sample.saved())) == ["log in by itself"])
        #expect(walk.step(.automaticLoginDue(at: walk.now)) == ["sdk login token-1 automatic"])
        #expect(FlowWalk.text(walk.flow.state) == "startingIM with the saved token")
        walk.step(.told(.linking))
        walk.step(.told(.online))
        #expect(walk.flow.state == .signedIn)
    }

    @Test("It does not where there was no success, after a stop, without a saved login, or when the app is asked")
    func notByItself() {
        let stop = StopReason.kicked(Sample.kick)
        for saved in [nil, Sample.saved(isUsable: false), Sample.saved(stop: stop)] {
            var walk = Self.walk(Self.window)
            #expect(walk.step(.started(saved)).isEmpty)
        }
        for automatic in [LoginPolicy.AutomaticLogin.onRequest, .none] {
            var walk = Self.walk(automatic)
            #expect(walk.step(.started(Sample.saved())).isEmpty)
        }
    }

    @Test("A login that is too long ago is not used, whether by itself or at request", arguments: [99, 100, 101])
    func window(age: Int) {
        var walk = Self.walk(Self.window)
        walk.step(.started(Sample.saved()))
        let now = Sample.start + .seconds(age)
        let isUsed = age <= 100
        #expect(walk.step(.automaticLoginDue(at: now)).isEmpty == !isUsed)
        var asked = Self.walk(Self.window)
        asked.step(.started(Sample.saved()))
        #expect((asked.step(.automaticLoginRequested(forced: false, at: now)) == ["decline"]) == !isUsed)
    }

    @Test("Where there is no automatic login, the app's own one with the saved token is a manual login")
    func none() {
        var walk = Self.walk(.none)
        walk.step(.started(Sample.saved()))
        #expect(walk.step(.automaticLoginRequested(forced: false, at: walk.now)) == ["sdk login token-1 manual"])
        var attached = Self.walk(.none, .attached)
        #expect(attached.step(.started(Sample.saved())) == ["log in by itself"])
        #expect(attached.step(.automaticLoginDue(at: attached.now)) == ["sdk login token-1 manual"])
    }

    @Test("The provider's warning has the app fetch a token, once, and give it to the SDK")
    func warning() {
        var walk = Self.walk(Self.window)
        walk.signIn(lifetime: .seconds(100))
        walk.comeOnline()
        walk.now = walk.now + .seconds(50)
        #expect(walk.step(.told(.tokenWillExpire)) == ["call h2 token"])
        #expect(walk.flow.lease == .renewing)
        #expect(walk.step(.told(.tokenWillExpire)).isEmpty)
        let effects = walk.answerToken(lifetime: .seconds(100))
        #expect(effects.contains("sdk replaced token-2"))
        #expect(walk.flow.lease == .valid(until: walk.now + .seconds(100)))
    }

    @Test("An app that does not renew early only takes note of the warning")
    func ignored() {
        var walk = Self.walk(Self.window)
        walk.signIn(lifetime: .seconds(100))
        walk.comeOnline()
        walk.step(.settingsChanged(AppSettings(renewsEarly: false)))
        #expect(walk.step(.told(.tokenWillExpire)).isEmpty)
        #expect(walk.flow.lease == .willExpire(until: Sample.start + .seconds(100)))
        // A warning that comes after the end of the login is late.
        walk.step(.told(.kickedOffline(Sample.kick)))
        #expect(walk.step(.told(.tokenWillExpire)).isEmpty)
    }

    @Test("A second login goes to an SDK that answers it, and nothing of the first one changes")
    func second() {
        var walk = Self.walk(Self.window, answersSecondLogin: true)
        walk.signIn()
        walk.comeOnline()
        let before = walk.flow
        let event = AppFlow.Event.tokenLoginRequested(
            AccountName("bob"), token: Sample.new, kind: .fixed, at: walk.now)
        #expect(walk.step(event) == ["sdk login token-2 manual"])
        #expect(walk.flow == before)
        var other = Self.walk(Self.window)
        other.signIn()
        other.comeOnline()
        #expect(other.step(event) == ["decline"])
    }
}
