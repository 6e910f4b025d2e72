import LoginCore
import Providers
import Scenarios
import Testing

/// Random worlds, watched: 2,000 device-hours of each provider.
@Suite("Nothing that is done breaks a rule")
struct ExplorationTests {
    @Test("No rule is broken in 2,000 device-hours")
    func rules() async throws {
        let results = try await Self.explore(seeds: 1...125, devices: 4, hours: 4)
        for result in results {
            guard let violation = result.violation else { continue }
            let small = Shrinker.shrink(result.script, violation.rule)
            Issue.record("\(violation)\n\(StoryWriter.yaml(small, violation))")
        }
        let coverage = results.map(\.coverage).reduce(Coverage(), +)
        print(ExplorationReport(results).text)
        #expect(results.reduce(0) { $0 + $1.healthChecks } > 1000)
        _ = coverage
    }

    static func explore(seeds: ClosedRange<UInt64>, devices: Int, hours: Int) async throws -> [ExplorationResult] {
        try await withThrowingTaskGroup(of: ExplorationResult.self) { group in
            for seed in seeds {
                group.addTask {
                    try Explorer.explore(provider: "commsease", devices: devices, seed: seed, hours: hours)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
