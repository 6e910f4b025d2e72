import ArgumentParser
import Foundation
import LoginCore
import Scenarios

/// `latchkey run`: plays stories and says whether they come true.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Play stories: in virtual time, or over real sockets with --live.",
        discussion: """
            A story is a YAML file of steps; latchkey list has those that come with the program. Exit code 0: all came \
            true; 1: an expectation failed, or a live run differs from virtual time; 2: could not run.
            """)

    @Argument(help: ArgumentHelp("Files, folders, or names of built-in stories.", valueName: "story"))
    var stories: [String] = []

    @Flag(help: "Play all built-in stories.")
    var all = false

    @Option(help: ArgumentHelp("What all chance comes from; the story's own when left out.", valueName: "n"))
    var seed: UInt64?

    @Option(help: ArgumentHelp("Play each story with every seed of a range, such as 1..100.", valueName: "a..b"))
    var seeds: String?

    @Option(help: ArgumentHelp("Write a JUnit report.", valueName: "file"))
    var junit: String?

    @Option(help: ArgumentHelp("Write the transcript of the one story, JSON, one entry a line.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Write the one story as a Mermaid sequence diagram.", valueName: "file"))
    var diagram: String?

    @Flag(help: "Play over real sockets and a real clock, and compare with virtual time.")
    var live = false

    @Option(
        help: ArgumentHelp("With --live: how many seconds of the story pass in a real one, 1 to 100.", valueName: "n"))
    var timeScale = 1

    /// More runs than this at once are a slip.
    private static let mostSeeds: UInt64 = 1_000_000

    func validate() throws {
        guard all != !stories.isEmpty else {
            throw ValidationError("Name stories, files or folders, or use --all; not both, and not neither.")
        }
        if seed != nil, seeds != nil { throw ValidationError("--seed and --seeds exclude each other.") }
        guard (1...Comparability.mostScale).contains(timeScale) else {
            throw ValidationError("--time-scale takes a whole number from 1 to \(Comparability.mostScale).")
        }
        if timeScale != 1, !live { throw ValidationError("--time-scale needs --live; virtual time knows no scale.") }
        _ = try seedRange()
    }

    func run() async throws {
        let chosen = all ? try StoryChoice.all() : try StoryChoice.stories(named: stories)
        let range = try seedRange()
        let count = chosen.count * (range.map { Int($0.count) } ?? 1)
        if count != 1, json != nil || diagram != nil {
            throw Failure("--json and --diagram write one transcript; name one story and one seed.")
        }
        for path in [junit, json, diagram].compactMap(\.self) { try OutputFile.check(path) }
        var tally = StoryTally(count: count)
        try await tally.progress.follow {
            for item in chosen {
                for seed in range.map(Array.init) ?? [seed ?? item.story.seed] {
                    tally.begin(item.story.title)
                    try await play(item, seed: seed, &tally)
                }
            }
        }
        tally.end()
        if let junit { try OutputFile.write(Array(StoryReports.junit(tally.cases).utf8), to: junit) }
        if tally.failed > 0 { Foundation.exit(1) }
    }

    private func play(_ item: ChosenStory, seed: UInt64, _ tally: inout StoryTally) async throws {
        let virtual: StoryResult
        do throws(DeedProblem) {
            virtual = try item.story.play(seed: seed)
        } catch {
            throw Failure("\(item.file): \(error).")
        }
        var result = virtual
        var difference: String?
        if live {
            let log = FileLog(directory: try StateDirectory.path())
            tally.say(item.story.title, lasting: virtual.duration / timeScale)
            result = try await LiveStory(item.story, seed: seed, scale: timeScale, log: log).play()
            difference = compare(virtual, result, &tally)
        }
        if let json { try OutputFile.write(TranscriptJSON.lines(result.entries), to: json) }
        if let diagram {
            let text = MermaidDiagram.text(result.entries, title: item.story.title)
            try OutputFile.write(Array(text.utf8), to: diagram)
        }
        let again =
            "latchkey run \(RecordingFile.harmless(item.argument)) --seed \(seed)"
            + (live ? " --live" + (timeScale == 1 ? "" : " --time-scale \(timeScale)") : "")
        let failure =
            result.isPassed
            ? difference.map { "\(item.file): \($0)\n  again with \(again)" }
            : StoryReports.failure(result, file: item.file, reproduction: again)
        tally.record(item, seed: seed, failure: failure)
    }

    /// Compares a live run with virtual time where that can be done; what differs, or nil.
    private func compare(_ virtual: StoryResult, _ live: StoryResult, _ tally: inout StoryTally) -> String? {
        guard virtual.isPassed, live.isPassed else { return nil }
        let comparability = Comparability(virtual)
        guard timeScale <= comparability.highestScale else {
            let most =
                comparability.highestScale == 0 ? "virtual only" : "at most --time-scale \(comparability.highestScale)"
            tally.remark("not compared, \(most): \(comparability.reason ?? "")")
            return nil
        }
        guard let difference = CanonicalDifference(expected: virtual.entries, found: live.entries) else { return nil }
        return "the live transcript differs from virtual time (- virtual, + live)\n\(difference)"
    }

    private func seedRange() throws -> ClosedRange<UInt64>? {
        guard let seeds else { return nil }
        let ends = seeds.components(separatedBy: "..").map { UInt64($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last, last - first < Self.mostSeeds
        else {
            throw ValidationError("--seeds takes a range such as 1..100, of at most \(Self.mostSeeds) seeds.")
        }
        return first...last
    }
}
