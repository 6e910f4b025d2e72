import Foundation
import LoginCore
import Providers
import Scenarios
import Testing

/// RECORD_STORIES=1 makes the built-in copies and the recorded hashes anew; that run fails on purpose.
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

    @Test("The built-in copies are the files")
    func copies() throws {
        for folder in try StoryFiles.folders() {
            let files = try StoryFiles.sources(in: folder)
            let copy = StoryFiles.swift(folder, files)
            if StoryFiles.isRecording {
                try copy.write(to: StoryFiles.builtIn(folder), atomically: true, encoding: .utf8)
                Issue.record("\(folder) was made anew; run again without RECORD_STORIES")
            } else {
                #expect(try String(contentsOf: StoryFiles.builtIn(folder), encoding: .utf8) == copy)
                #expect(BuiltInStories.sources.filter { $0.folder == folder } == files)
            }
        }
    }

    @Test("There are thirty stories or more, each names rules, and no title stands twice")
    func titles() throws {
        let stories = try BuiltInStories.sources.map { try $0.parse() }
        #expect(stories.count >= 30)
        #expect(stories.filter(\.shows.isEmpty).map(\.name) == [])
        #expect(Set(stories.map(\.title)).count == stories.count)
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
        if StoryFiles.isRecording {
            try one.write(to: StoryFiles.hashes, atomically: true, encoding: .utf8)
            Issue.record("the hashes were recorded anew; run again without RECORD_STORIES")
        } else {
            #expect(try String(contentsOf: StoryFiles.hashes, encoding: .utf8) == one)
        }
    }
}
