import LoginCore

/// Machines in every state, reached by walking there from the start.
struct MachineWalk {
    var machine: LoginMachine

    init(_ policy: LoginPolicy = Sample.policy) {
        machine = LoginMachine(policy: policy, random: SeededGenerator(seed: 1))
    }

    /// A machine that took `events` in order, from the start.
    static func after(_ events: LoginMachine.Event..., policy: LoginPolicy = Sample.policy) -> LoginMachine {
        var walk = MachineWalk(policy)
        for event in events { walk.step(event) }
        return walk.machine
    }

    @discardableResult
    mutating func step(_ event: LoginMachine.Event) -> [String] {
        MachineText.effects(machine.handle(event))
    }

    /// Fires the timer that runs.
    @discardableResult
    mutating func due() -> [String] {
        machine.liveTimer.map { step(.timerFired($0)) } ?? []
    }

    /// The live connection says `message`.
    @discardableResult
    mutating func hear(_ message: LinkMessage) -> [String] {
        machine.liveConnection.map { step(.received($0, message)) } ?? []
    }

    /// The live connection comes up, the login is accepted and the data in sync.
    mutating func comeOnline(account: AccountName = Sample.alice, others: [OnlineClient] = []) {
        if let connection = machine.liveConnection { step(.connectionOpened(connection)) }
        hear(.loginAccepted(account: account, others: others))
        hear(.synced)
    }

    /// The live connection ends.
    @discardableResult
    mutating func drop(_ cause: CloseCause = .linkClosed) -> [String] {
        machine.liveConnection.map { step(.connectionClosed($0, cause)) } ?? []
    }

    // MARK: - The states

    static var uninitialised: LoginMachine { MachineWalk().machine }
    static var loggedOut: LoginMachine { after(.initialised) }

    static func acquiringToken(_ mode: LoginMode = .manual) -> LoginMachine {
        after(.initialised, .loginRequested(Sample.request(mode, .dynamic)))
    }

    static func connecting(_ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy) -> LoginMachine {
        after(.initialised, .loginRequested(Sample.request(mode)), policy: policy)
    }

    static func authenticating(_ mode: LoginMode = .manual) -> LoginMachine {
        after(.initialised, .loginRequested(Sample.request(mode)), .connectionOpened(.first))
    }

    static func syncing(_ mode: LoginMode = .manual, others: [OnlineClient] = []) -> LoginMachine {
        after(
            .initialised, .loginRequested(Sample.request(mode)), .connectionOpened(.first),
            .received(.first, .loginAccepted(account: Sample.alice, others: others)))
    }

    static func online(_ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy) -> LoginMachine {
        var walk = MachineWalk(policy)
        walk.step(.initialised)
        walk.step(.loginRequested(Sample.request(mode)))
        walk.comeOnline()
        return walk.machine
    }

    /// Online with `count` pings out.
    static func probing(_ count: Int = 1, _ mode: LoginMode = .manual) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = online(mode)
        for _ in 0..<count { walk.due() }
        return walk.machine
    }

    static func waiting(_ mode: LoginMode = .automatic(forced: false), policy: LoginPolicy = Sample.policy)
        -> LoginMachine
    {
        var walk = MachineWalk(policy)
        walk.machine = connecting(mode, policy: policy)
        walk.step(.connectionFailed(.first, .refused))
        return walk.machine
    }

    /// A first attempt failed, in the background, and the next one fell due there.
    static var postponed: LoginMachine {
        var walk = MachineWalk()
        walk.machine = waiting(policy: Sample.foregroundPolicy)
        walk.step(.backgrounded)
        walk.due()
        return walk.machine
    }

    static func waitingForNetwork(_ mode: LoginMode = .automatic(forced: false)) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = waiting(mode)
        walk.step(.networkLost)
        return walk.machine
    }

    static var loggingOut: LoginMachine {
        var walk = MachineWalk()
        walk.machine = online()
        walk.step(.logoutRequested)
        return walk.machine
    }

    static var stoppedByCode: LoginMachine {
        var walk = MachineWalk()
        walk.machine = authenticating(.automatic(forced: false))
        walk.hear(.loginRefused(code: 302, text: ""))
        return walk.machine
    }

    static var stoppedByKick: LoginMachine {
        var walk = MachineWalk()
        walk.machine = online()
        walk.hear(.kicked(Sample.kick))
        return walk.machine
    }

    /// One machine for each kind of state, several where a state has sides that behave differently.
    static var everyState: [(name: String, machine: LoginMachine)] {
        [
            ("uninitialised", uninitialised),
            ("loggedOut", loggedOut),
            ("acquiringToken", acquiringToken(.automatic(forced: false))),
            ("connecting", connecting(.automatic(forced: false))),
            ("connecting-manual", connecting()),
            ("authenticating", authenticating(.automatic(forced: false))),
            ("authenticating-manual", authenticating()),
            ("syncing", syncing()),
            ("online", online()),
            ("probing", probing()),
            ("waiting", waiting()),
            ("postponed", postponed),
            ("waitingForNetwork", waitingForNetwork()),
            ("loggingOut", loggingOut),
            ("stopped-code", stoppedByCode),
            ("stopped-kick", stoppedByKick),
        ]
    }
}
