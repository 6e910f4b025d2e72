import LoginCore
import Testing

@Suite("Repeatable chance")
struct SeededGeneratorTests {
    @Test("The numbers are SplitMix64's published ones")
    func published() {
        var random = SeededGenerator(seed: 1_234_567)
        let drawn = (0..<5).map { _ in random.next() }
        #expect(
            drawn == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
    }

    @Test("Forks repeat, differ by label, and do not shift each other")
    func forks() {
        let root = SeededGenerator(seed: 7)
        var first = root.fork("backoff")
        var again = root.fork("backoff")
        var other = root.fork("tokens")
        let drawn = (0..<4).map { _ in first.next() }
        for _ in 0..<100 { _ = other.next() }
        #expect(drawn == (0..<4).map { _ in again.next() })
        #expect(root.fork("backoff") != root.fork("tokens"))
        #expect(root.fork("backoff") != SeededGenerator(seed: 8).fork("backoff"))
        #expect(root == SeededGenerator(seed: 7))
    }

    @Test("A fork's numbers are the same in every process")
    func pinnedFork() {
        var fork = SeededGenerator(seed: 7).fork("backoff")
        #expect(
            (0..<3).map { _ in fork.next() } == [
                14_627_521_573_664_515_375, 14_411_377_326_240_775_957, 4_836_245_894_906_151_812,
            ])
    }

    @Test("A bounded number stays below its bound and reaches all of it", arguments: [UInt64(1), 2, 3, 10, 1 << 63])
    func below(_ bound: UInt64) {
        var random = SeededGenerator(seed: bound)
        let drawn = (0..<400).map { _ in random.below(bound) }
        #expect(drawn.allSatisfy { $0 < bound })
        if bound <= 10 { #expect(Set(drawn).count == Int(bound)) }
    }

    @Test("A text has its length and its alphabet")
    func text() {
        var random = SeededGenerator(seed: 3)
        let text = random.text(200, of: "abcdé")
        #expect(text.count == 200)
        #expect(Set(text) == Set("abcdé"))
        #expect(random.text(0, of: "a").isEmpty)
    }
}
