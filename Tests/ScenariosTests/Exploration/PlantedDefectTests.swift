import LoginCore
import Providers
import Scenarios
import Testing

/// The proof that an exploration sees: faults planted between machines and world are found and made small.
@Suite("An exploration finds planted defects and shrinks them")
struct PlantedDefectTests {
    @Test(
        "A planted defect is found, shrunk to ten steps or fewer, and its story breaks the same rule again",
        arguments: ProviderRegistry.all.map(\.id), PlantedDefect.allCases)
    func found(_ provider: String, _ defect: PlantedDefect) throws {
        let result = try #require(try Self.search(provider, defect))
        let violation = try #require(result.violation)
        #expect(defect.rules.contains(violation.rule), "\(violation)")
        let small = Shrinker.shrink(result.script, violation.rule, Planted(defect))
        let steps = StoryWriter.steps(small, nil)
        #expect(steps.count <= 10, "\(steps.joined(separator: "\n"))")

        let again = try #require(try small.play(Planted(defect)).violation)
        #expect(again.rule == violation.rule)
        // The file is a story of the language, and what it does breaks the rule in the faulty world only.
        let text = StoryWriter.yaml(small, again)
        let story = try StoryParser.parse(text, file: "found.yaml", name: "found")
        #expect(try ExplorationScript(story).play(Planted(defect)).violation?.rule == violation.rule, "\(text)")
        #expect(try ExplorationScript(story).play().violation == nil, "\(text)")
        let played = try story.play()
        #expect(played.failure == nil, "\(text)\(String(describing: played.failure))")
    }

    /// The first seed that finds it.
    private static func search(_ provider: String, _ defect: PlantedDefect) throws -> ExplorationResult? {
        for seed in UInt64(1)...40 {
            let result = try Explorer.explore(
                provider: provider, devices: 2, seed: seed, hours: 4, distortion: Planted(defect))
            if result.violation != nil { return result }
        }
        return nil
    }
}
