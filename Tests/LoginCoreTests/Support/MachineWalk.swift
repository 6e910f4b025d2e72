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

    static func acquiringToken(_ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy) -> LoginMachine {
        after(.initialised, .loginRequested(Sample.request(mode, .dynamic)), policy: policy)
    }

    static func connecting(_ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy) -> LoginMachine {
        after(.initialised, .loginRequested(Sample.request(mode)), policy: policy)
    }

    static func authenticating(_ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy) -> LoginMachine {
        after(
            .initialised, .loginRequested(Sample.request(mode)), .connectionOpened(.first), policy: policy)
    }

    /// The link is up, and the app is asked for its token.
    static func asking(_ mode: LoginMode = .manual, policy: LoginPolicy) -> LoginMachine {
        after(
            .initialised, .loginRequested(Sample.request(mode, .dynamic)), .connectionOpened(.first), policy: policy)
    }

    static func syncing(
        _ mode: LoginMode = .manual, others: [OnlineClient] = [], policy: LoginPolicy = Sample.policy
    ) -> LoginMachine {
        after(
            .initialised, .loginRequested(Sample.request(mode)), .connectionOpened(.first),
            .received(.first, .loginAccepted(account: Sample.alice, others: others)), policy: policy)
    }

    static func online(_ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy) -> LoginMachine {
        var walk = MachineWalk(policy)
        walk.step(.initialised)
        walk.step(.loginRequested(Sample.request(mode)))
        walk.comeOnline()
        return walk.machine
    }

    /// Online with `count` pings out.
    static func probing(
        _ count: Int = 1, _ mode: LoginMode = .manual, policy: LoginPolicy = Sample.policy
    ) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = online(mode, policy: policy)
        for _ in 0..<count { walk.due() }
        return walk.machine
    }

    /// Waiting for its next attempt: the first one failed, or, where a login is a call, the session's link broke.
    static func waiting(
        _ mode: LoginMode = .automatic(forced: false), policy: LoginPolicy = Sample.policy
    ) -> LoginMachine {
        var walk = MachineWalk(policy)
        if policy.calls == nil {
            walk.machine = connecting(mode, policy: policy)
            walk.step(.connectionFailed(.first, .refused))
        } else {
            walk.machine = online(mode, policy: policy)
            walk.drop()
        }
        return walk.machine
    }

    /// A first attempt failed, in the background, and the next one fell due there.
    static var postponed: LoginMachine { postponed(policy: Sample.policy) }

    static func postponed(policy: LoginPolicy) -> LoginMachine {
        var policy = policy
        policy.reconnectsInBackground = false
        var walk = MachineWalk()
        walk.machine = waiting(policy: policy)
        walk.step(.backgrounded)
        walk.due()
        return walk.machine
    }

    static func waitingForNetwork(
        _ mode: LoginMode = .automatic(forced: false), policy: LoginPolicy = Sample.policy
    ) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = waiting(mode, policy: policy)
        walk.step(.networkLost)
        return walk.machine
    }

    static var loggingOut: LoginMachine { loggingOut(policy: Sample.policy) }

    static func loggingOut(policy: LoginPolicy) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = online(policy: policy)
        walk.step(.logoutRequested)
        return walk.machine
    }

    static var stoppedByCode: LoginMachine { stoppedByCode(policy: Sample.policy) }

    static func stoppedByCode(policy: LoginPolicy) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = authenticating(.automatic(forced: false), policy: policy)
        walk.hear(.loginRefused(code: 302, text: ""))
        return walk.machine
    }

    static var stoppedByKick: LoginMachine { stoppedByKick(policy: Sample.policy) }

    static func stoppedByKick(policy: LoginPolicy) -> LoginMachine {
        var walk = MachineWalk()
        walk.machine = online(policy: policy)
        walk.hear(.kicked(Sample.kick))
        return walk.machine
    }

    /// One machine for each kind of state, several where a state has sides that behave differently.
    static func everyState(_ policy: LoginPolicy = Sample.policy) -> [(name: String, machine: LoginMachine)] {
        let automatic = LoginMode.automatic(forced: false)
        let first: [(name: String, machine: LoginMachine)] =
            policy.connectsFirst
            ? [
                ("connectingFirst", after(.initialised, policy: policy)),
                ("connected", after(.initialised, .connectionOpened(.first), policy: policy)),
            ] : []
        return first + [
            ("uninitialised", MachineWalk(policy).machine),
            // Without a network no SDK connects at once.
            ("loggedOut", after(.networkLost, .initialised, .networkReturned, policy: policy)),
            policy.calls == nil
                ? ("acquiringToken", acquiringToken(automatic, policy: policy))
                : ("asking", asking(policy: policy)),
            ("connecting", connecting(automatic, policy: policy)),
            ("connecting-manual", connecting(policy: policy)),
            ("authenticating", authenticating(automatic, policy: policy)),
            ("authenticating-manual", authenticating(policy: policy)),
            ("syncing", syncing(policy: policy)),
            ("online", online(policy: policy)),
            ("probing", probing(policy: policy)),
            ("waiting", waiting(policy: policy)),
            ("postponed", postponed(policy: policy)),
            ("waitingForNetwork", waitingForNetwork(policy: policy)),
            ("loggingOut", loggingOut(policy: policy)),
            ("stopped-code", stoppedByCode(policy: policy)),
            ("stopped-kick", stoppedByKick(policy: policy)),
        ]
    }
}
