import LoginCore
import Providers

/// Logins, pings, drops and retries of one SDK machine, without a world around it.
enum MachineBenchmark {
    /// Takes 32 events in each round; how many there were.
    static func run(rounds: Int) -> Double {
        let policy = ProviderRegistry.all[0].usual.policy
        var machine = LoginMachine(policy: policy, random: SeededGenerator(seed: 1))
        let account = AccountName("alice")
        let token = SecretRef(kind: .token, name: "token-1", length: 32, digest: "00000000")
        let request = LoginRequest(
            account: account, token: token, mode: .automatic(forced: false), authentication: .fixed)
        var events = 0
        func take(_ event: LoginMachine.Event?) {
            guard let event else { return }
            events += 1
            _ = machine.handle(event)
        }
        take(.initialised)
        take(.loginRequested(request))
        for _ in 0..<rounds {
            take(machine.liveConnection.map { .connectionOpened($0) })
            take(machine.liveConnection.map { .received($0, .loginAccepted(account: account, others: [])) })
            take(machine.liveConnection.map { .received($0, .synced) })
            for _ in 0..<14 {
                take(machine.liveTimer.map { .timerFired($0) })
                take(machine.liveConnection.map { .received($0, .pong) })
            }
            take(machine.liveConnection.map { .connectionClosed($0, .linkClosed) })
            take(machine.liveTimer.map { .timerFired($0) })
        }
        return Double(events)
    }
}
