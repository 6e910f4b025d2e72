import LoginCore
import Providers
import Scenarios
import Testing

/// The proof that an exploration sees: faults planted between machines and world are found and made small.
@Suite("An exploration finds planted defects and shrinks them")
struct PlantedDefectTests {
    @Test(
        "A planted defect is found, shrunk to ten steps or fewer, and its story breaks the same rule again",
        arguments: ProviderRegistry.all.flatMap { provider in
            PlantedDefect.allCases.filter { $0.shows(in: provider) }.map { (provider.id, $0) }
        })
    func found(_ id: String, _ defect: PlantedDefect) throws {
        let provider = try #require(ProviderRegistry.provider(id))
        let result = try #require(try Self.search(provider, defect))
        let violation = try #require(result.violation)
        #expect(defect.rules.contains(violation.rule), "\(violation)")
        let small = Shrinker.shrink(result.script, violation.rule, Planted(defect, provider))
        let steps = StoryWriter.steps(small, nil)
        #expect(steps.count <= 10, "\(steps.joined(separator: "\n"))")

        let again = try #require(try small.play(Planted(defect, provider)).violation)
        #expect(again.rule == violation.rule)
        // The file is a story of the language, and what it does breaks the rule in the faulty world only.
        let text = StoryWriter.yaml(small, again)
        let story = try StoryParser.parse(text, file: "found.yaml", name: "found")
        #expect(
            try ExplorationScript(story).play(Planted(defect, provider)).violation?.rule == violation.rule, "\(text)")
        #expect(try ExplorationScript(story).play().violation == nil, "\(text)")
        let played = try story.play()
        #expect(played.failure == nil, "\(text)\(String(describing: played.failure))")
    }

    /// The first seed that finds it.
    private static func search(_ provider: Provider, _ defect: PlantedDefect) throws -> ExplorationResult? {
        for seed in UInt64(1)...80 {
            let result = try Explorer.explore(
                provider: provider.id, devices: 3, seed: seed, hours: 1, distortion: Planted(defect, provider))
            if result.violation != nil { return result }
        }
        return nil
    }
}
