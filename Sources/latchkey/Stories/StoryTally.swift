import Foundation
import Scenarios
import TerminalFrame

/// Counts the stories of a run and prints what becomes of each.
///
/// A failure is always printed, on standard output. Progress goes to standard error and only where a person looks.
struct StoryTally {
    private let count: Int
    /// How far the run is.
    let progress = ProgressLine()
    private let clock = ContinuousClock()
    private var begun: ContinuousClock.Instant
    private var remarks: [String] = []
    private(set) var cases: [StoryReports.Case] = []
    private(set) var failed = 0

    init(count: Int) {
        self.count = count
        begun = clock.now
    }

    mutating func begin(_ title: String) {
        begun = clock.now
        say(title)
    }

    /// Says again what is played; it goes on for `duration` in real time, if that is known.
    func say(_ title: String, lasting duration: Duration? = nil) {
        guard progress.isWatched else { return }
        // A title is text from a file, and the line has to stay one.
        let short = DisplayWidth.clip(DisplayWidth.drawable(title), to: 44)
        progress.say("\(cases.count + 1)/\(count)  \(short)", lasting: duration)
    }

    /// Something to be said about the story that is played.
    mutating func remark(_ text: String) {
        remarks.append(text)
    }

    mutating func record(_ item: ChosenStory, seed: UInt64, failure: String?) {
        let (seconds, attoseconds) = (clock.now - begun).components
        cases.append(
            StoryReports.Case(
                suite: item.story.provider, name: "\(item.story.name) seed \(seed)",
                seconds: Double(seconds) + Double(attoseconds) / 1e18, failure: failure, error: nil))
        if failure != nil { failed += 1 }
        if failure != nil || !remarks.isEmpty { progress.clear() }
        for remark in remarks { Streams.put(lines: "\(item.story.name): \(remark)\n") }
        remarks = []
        guard let failure else { return }
        let lines = failure.split(separator: "\n", omittingEmptySubsequences: false)
        Streams.put(lines: lines.dropLast().joined(separator: "\n") + "\n")
        // The command that plays it again is there to be copied.
        Streams.put(lines.suffix(1).joined() + "\n")
    }

    func end() {
        progress.clear()
        let passed = cases.count - failed
        Streams.put("\(passed) of \(cases.count) \(cases.count == 1 ? "story" : "stories") came true\n")
    }
}
