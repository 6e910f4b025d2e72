import LoginCore
import Testing

@Suite("The back-off")
struct BackoffTests {
    private let table: [Duration] = [2, 4, 6, 8, 16, 32, 64].map { .seconds($0) }

    @Test("The table is handed out in order, and its last entry for ever")
    func inOrder() {
        var backoff = Backoff(table: table, random: SeededGenerator(seed: 1))
        let delays = (0..<20).map { _ in backoff.next() }
        #expect(Array(delays.prefix(7)) == table)
        #expect(delays.dropFirst(7).allSatisfy { $0 == .seconds(64) })
        #expect(backoff.count == 20)
        backoff.reset()
        #expect(backoff.count == 0)
        #expect(backoff.next() == .seconds(2))
    }

    @Test("The provider's policy has the table of the reference, without jitter")
    func policy() {
        #expect(Sample.policy.backoffTable == table)
        #expect(Sample.policy.backoffJitterPermille == 0)
    }

    @Test("Without jitter nothing is drawn")
    func drawsNothing() {
        var one = Backoff(table: table, random: SeededGenerator(seed: 1))
        var other = Backoff(table: table, random: SeededGenerator(seed: 2))
        for _ in 0..<10 { #expect(one.next() == other.next()) }
    }

    @Test(
        "Jitter stays within its thousandths, on both sides, and repeats with its seed", arguments: [1, 10, 500, 1000])
    func jitter(_ permille: Int) {
        var backoff = Backoff(table: [.seconds(1)], jitterPermille: permille, random: SeededGenerator(seed: 5))
        var again = backoff
        let spread = Duration.milliseconds(permille)
        let delays = (0..<2000).map { _ in backoff.next() }
        #expect(delays.allSatisfy { $0 >= .seconds(1) - spread && $0 <= .seconds(1) + spread })
        #expect(delays.contains { $0 < .seconds(1) - spread / 2 })
        #expect(delays.contains { $0 > .seconds(1) + spread / 2 })
        #expect(delays == (0..<2000).map { _ in again.next() })
    }

    @Test("The jitter of one seed is exactly this")
    func pinnedJitter() {
        var backoff = Backoff(table: table, jitterPermille: 10, random: SeededGenerator(seed: 5))
        #expect((0..<4).map { _ in backoff.next().wholeMicroseconds } == [1_995_259, 3_981_283, 5_946_092, 7_944_509])
    }

    @Test("A machine with jitter waits as its generator says")
    func machineJitter() {
        var policy = Sample.policy
        policy.backoffJitterPermille = 10
        var machine = LoginMachine(policy: policy, random: SeededGenerator(seed: 5))
        _ = machine.handle(.initialised)
        _ = machine.handle(.loginRequested(Sample.request(.automatic(forced: false))))
        let effects = machine.handle(.connectionFailed(.first, .refused))
        var backoff = Backoff(table: table, jitterPermille: 10, random: SeededGenerator(seed: 5))
        #expect(effects.contains(.startTimer(TimerID(2), .backoff, after: backoff.next())))
    }
}
