import LoginCore
import Providers
import Scenarios
import Synchronization
import Testing

/// Random worlds, watched; scripts/explore takes many more of them, optimised.
@Suite("Nothing that is done breaks a rule")
struct ExplorationTests {
    @Test(
        "No rule is broken in 48 device-hours of each provider, and clients that can be online are",
        arguments: ProviderRegistry.all.map(\.id))
    func rules(_ provider: String) throws {
        let reachability = Reachability(try DeviceKind(provider: provider, generation: nil))
        var report = ExplorationReport()
        for seed in UInt64(200)..<203 {
            let result = try Explorer.explore(provider: provider, devices: 4, seed: seed, hours: 4)
            report.add(result)
            guard let violation = result.violation else { continue }
            let small = Shrinker.shrink(result.script, violation.rule)
            Issue.record("\(violation)\n\(StoryWriter.yaml(small, violation))")
        }
        #expect(report.healthChecks > 250)
        #expect(report.acts > 48 * 30, "less than one act per device in two minutes")
        #expect(reachability.gaps(report.coverage, least: 0).isEmpty)
        #expect(report.coverage.hits(.online, .timerFired) > 50)
    }

    @Test("What is open with a provider's cloud can be watched, and who may be open together is written down")
    func sessions() throws {
        for provider in ProviderRegistry.all {
            #expect(provider.sessions != nil, "\(provider.id)")
            let world = try VirtualWorld(WorldSetup(provider: provider.id, devices: []))
            #expect(world.liveSessions == [], "\(provider.id)")
        }
    }

    @Test("The same seed does the same, and what it did can be done again", arguments: ProviderRegistry.all.map(\.id))
    func determinism(_ provider: String) throws {
        let first = try Explorer.explore(provider: provider, devices: 3, seed: 11, hours: 2)
        let second = try Explorer.explore(provider: provider, devices: 3, seed: 11, hours: 2)
        #expect(StoryWriter.yaml(first.script, nil) == StoryWriter.yaml(second.script, nil))
        #expect(first.steps == second.steps)
        #expect(try first.script.play().watch.steps == first.steps)
    }

    @Test("A logout past an app whose SDK has stopped lets that app renew its token again")
    func logoutAfterStop() throws {
        let text = """
            story: Found by exploring
            provider: commsease
            devices: {C: {generation: "v10"}}
            seed: 45633
            steps:
              - {do: change settings, token: dynamic, token lifetime: 5s}
              - {do: change app, on: C, form: attached}
              - {do: network, on: C, mode: silent, scope: link}
              - {do: log in, on: C, as: noor}
              - {wait: 58883ms}
              - {do: renew, on: C}
              - {do: call logout, on: C}
              - {wait: 5362ms}
            """
        let script = ExplorationScript(try StoryParser.parse(text, file: "found.yaml", name: "found"))
        let violation = try script.play().violation
        #expect(violation == nil, "\(violation?.detail ?? "")")
    }

    @Test("A tour that is to end begins no other world, and sums up what it has")
    func ending() throws {
        let tour = try ExplorationTour(provider: "tencent", generation: nil, devices: 1, hours: 1, isParallel: false)
        let count = Atomic(0)
        let report = tour.explore(1...50, until: { count.load(ordering: .relaxed) == 3 }) { _, _, _ in
            count.add(1, ordering: .relaxed)
        }
        #expect(report.worlds == 3)
        #expect(report.deviceHours == 3)
    }

    @Test("What was done is a story of the language, word for word", arguments: ProviderRegistry.all.map(\.id))
    func writing(_ provider: String) throws {
        let result = try Explorer.explore(provider: provider, devices: 4, seed: 12, hours: 4)
        let text = StoryWriter.yaml(result.script, nil)
        let story = try StoryParser.parse(text, file: "explored.yaml", name: "explored")
        let again = ExplorationScript(story)
        #expect(StoryWriter.steps(again, nil) == StoryWriter.steps(result.script, nil))
        #expect(again.setup.devices == result.script.setup.devices)
    }
}
