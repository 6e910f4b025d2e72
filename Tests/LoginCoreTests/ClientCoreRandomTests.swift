import LoginCore
import Providers
import Testing

/// Clients used by chance: every rule of `ClientWorld` and `TranscriptWatch` after every one of 200,000 steps.
@Suite("A client in a world of chance")
struct ClientCoreRandomTests {
    static let walks: UInt64 = 240
    static let steps = 500

    @Test(
        "No rule is broken in walks of 500 steps, whatever SDK is played",
        arguments: [UInt64(0), 60, 120, 180], Sample.generations.map(\.id))
    func rules(_ first: UInt64, id: String) throws {
        // 120,000 steps of the usual one, 40,000 of each of the others.
        let count = id == Sample.generations.first?.id ? Self.walks / 4 : 20
        let generation = try #require(Sample.generations.first { $0.id == id })
        var phases: Set<LoginMachine.Phase> = []
        for seed in first..<first + count {
            var walk = RandomWalk(seed: seed, generation: generation)
            walk.run(Self.steps)
            #expect(walk.world.problems.isEmpty, "seed \(seed): \(walk.world.problems)")
            phases.formUnion(walk.world.phasesSeen)
        }
        // A walk that never gets anywhere would keep every rule; the app hands its token over within one input.
        let first: Set<LoginMachine.Phase> = generation.policy.connectsFirst ? [] : [.connectingFirst, .connected]
        #expect(phases == Set(LoginMachine.Phase.allCases).subtracting([.acquiringToken]).subtracting(first))
    }

    @Test("The walks come to what they are to prove: online sessions, stops, recoveries, early renewals")
    func coverage() {
        var seen: [String: Int] = [:]
        for seed in UInt64(0)..<40 {
            var walk = RandomWalk(seed: seed)
            walk.run(Self.steps)
            for entry in walk.world.entries {
                switch entry.kind {
                case .state where entry.owner == .sdk && entry.title.hasSuffix("→ online"):
                    seen["online", default: 0] += 1
                case .state where entry.title.hasSuffix("→ stopped"): seen["stopped", default: 0] += 1
                case .httpRequest where entry.title == "POST /token": seen["renewal", default: 0] += 1
                case .intent where entry.title == "give the SDK a newer token": seen["replaced", default: 0] += 1
                case .timerFired where entry.title.hasPrefix("next attempt"): seen["retry", default: 0] += 1
                default: break
                }
            }
            seen["recovered", default: 0] += walk.world.recoveries
        }
        for what in ["online", "stopped", "renewal", "replaced", "retry", "recovered"] {
            #expect(seen[what, default: 0] > 20, "\(what): \(seen)")
        }
    }

    @Test("The same seed twice gives the same transcript, byte for byte; another seed does not")
    func determinism() {
        func transcript(_ seed: UInt64) -> [UInt8] {
            var walk = RandomWalk(seed: seed)
            walk.run(Self.steps)
            return walk.world.entries.flatMap { Array("\($0)\n".utf8) }
        }
        for seed in UInt64(0)..<6 {
            let first = transcript(seed)
            #expect(first == transcript(seed), "seed \(seed)")
            #expect(first != transcript(seed + 1), "seed \(seed)")
        }
    }
}
