import Foundation
import LoginCore
import Providers
import Scenarios
import Testing

/// RECORD_STORIES=1 makes the recorded hashes anew; that run fails on purpose.
@Suite("The built-in stories")
struct BuiltInStoryTests {
    @Test("Every story comes true, at its own seed and at others", arguments: BuiltInStories.sources)
    func passes(source: StorySource) throws {
        let story = try source.parse()
        for seed in [story.seed, 1, 99] {
            let result = try story.play(seed: seed)
            if let failure = result.failure {
                Issue.record("\(source.file):\(failure.line), seed \(seed): \(failure.expected): \(failure.saw)")
            }
        }
    }

    @Test("What is built in is the files")
    func copies() throws {
        let folders = try StoryFiles.folders()
        for folder in folders {
            #expect(BuiltInStories.sources.filter { $0.folder == folder } == (try StoryFiles.sources(in: folder)))
        }
        #expect(Set(BuiltInStories.sources.map(\.folder)) == Set(folders))
    }

    /// How many stories a provider has at the least.
    private static let least = ["commsease": 30, "tencent": 25, "easemob": 25]

    @Test(
        "A provider has a number of stories or more, each is its own and names rules, and no title stands twice",
        arguments: ProviderRegistry.all.map(\.id))
    func titles(provider: String) throws {
        let stories = try BuiltInStories.sources(of: provider).map { try $0.parse() }
        #expect(stories.count >= Self.least[provider, default: 0])
        #expect(stories.filter { $0.provider != provider }.map(\.name) == [])
        #expect(stories.filter(\.shows.isEmpty).map(\.name) == [])
        #expect(Set(stories.map(\.title)).count == stories.count)
    }

    @Test("Every story is a known provider's, and is found by the name that it is given")
    func names() throws {
        #expect(Set(BuiltInStories.sources.map(\.provider)).isSubset(of: ProviderRegistry.all.map(\.id)))
        for source in BuiltInStories.sources {
            #expect(BuiltInStories.source(named: try source.parse().name) == source)
            #expect(BuiltInStories.source(named: source.fullName) == source)
        }
        #expect(BuiltInStories.source(named: "nobody/logout") == nil)
    }

    @Test("Another seed gives another transcript, the same seed the same")
    func seeds() throws {
        let story = try #require(BuiltInStories.source(named: "manual-login")).parse()
        func bytes(_ seed: UInt64) throws -> [UInt8] { TranscriptJSON.lines(try story.play(seed: seed).entries) }
        #expect(try bytes(7) == bytes(7))
        #expect(try bytes(7) != bytes(8))
    }

    @Test("Two processes make the same of every story at seed 7, and it is what was recorded", .timeLimit(.minutes(1)))
    func processes() async throws {
        async let first = StoryExerciser.run("7")
        async let second = StoryExerciser.run("7")
        let (one, two) = try await (first, second)
        #expect(one == two)
        #expect(one.split(separator: "\n").count == BuiltInStories.sources.count)
        for folder in try StoryFiles.folders() {
            let own = one.split(separator: "\n").filter { $0.contains("  \(folder)/") }.map { $0 + "\n" }.joined()
            if StoryFiles.isRecording {
                try own.write(to: StoryFiles.hashes(folder), atomically: true, encoding: .utf8)
                Issue.record("the hashes of \(folder) were recorded anew; run again without RECORD_STORIES")
            } else {
                #expect(try String(contentsOf: StoryFiles.hashes(folder), encoding: .utf8) == own)
            }
        }
    }
}
