import Providers
import Testing

/// What scripts/explore and scripts/test hand to processes.
struct ExplorationSharesTests {
    private struct Share {
        let kind: String
        let seeds: ClosedRange<Int>
        let least: Int?

        init?(_ line: Substring) {
            let words = line.split(separator: " ", omittingEmptySubsequences: false)
            let numbers = words.dropFirst().compactMap { Int($0) }
            guard (3...4).contains(words.count), numbers.count == words.count - 1, numbers[0] <= numbers[1] else {
                return nil
            }
            kind = String(words[0])
            seeds = numbers[0]...numbers[1]
            least = numbers.count == 3 ? numbers[2] : nil
        }
    }

    @Test("Shares hold every seed of a provider once, and coverage is held against the first of each SDK")
    func shares() async throws {
        let lines = try await StoryExerciser.run("shares", "100000", "1000").split(separator: "\n")
        for provider in ProviderRegistry.all {
            let own = lines.filter { $0.hasPrefix("\(provider.id)/") }
            let shares = own.compactMap(Share.init)
            #expect(shares.count == own.count)
            #expect(Set(shares.map(\.kind)) == Set(provider.generations.map { "\(provider.id)/\($0.id)" }))
            let seeds = shares.flatMap(\.seeds)
            #expect(Set(seeds).count == seeds.count)
            #expect(seeds.count * 16 >= 100_000)
            #expect(shares.allSatisfy { $0.seeds.count <= 1000 })
            for kind in Set(shares.map(\.kind)) {
                let of = shares.filter { $0.kind == kind }
                #expect(of.first?.least == 100)
                #expect(of.dropFirst().allSatisfy { $0.least == nil })
            }
        }
    }

    @Test("Few worlds are held against fewer hits, and very few against none", arguments: [(4000, 25), (2000, nil)])
    func few(hours: Int, least: Int?) async throws {
        let lines = try await StoryExerciser.run("shares", "\(hours)", "1000", "tencent").split(separator: "\n")
        #expect(lines.count == 1)
        #expect(lines.first.flatMap(Share.init)?.least == least)
    }

    @Test(
        "What makes no sense is refused",
        arguments: [
            ["0", "10"], ["2000"], ["2000", "abc"], ["9223372036854775807", "10"], ["2000", "10", "nobody"],
        ])
    func refused(arguments: [String]) async throws {
        await #expect(throws: StoryExerciser.Failed.self) { try await StoryExerciser.run(["shares"] + arguments) }
    }
}
