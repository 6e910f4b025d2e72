import Foundation
import Scenarios

/// Counts the stories of a run and prints what becomes of each.
///
/// A failure is always printed, on standard output. Progress goes to standard error and only where a person looks.
struct StoryTally {
    private let count: Int
    private let isWatched = isatty(STDERR_FILENO) == 1
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var begun: ContinuousClock.Instant
    private var lastShown: ContinuousClock.Instant?
    private var remarks: [String] = []
    private(set) var cases: [StoryReports.Case] = []
    private(set) var failed = 0

    init(count: Int) {
        self.count = count
        start = clock.now
        begun = start
    }

    mutating func begin(_ title: String) {
        begun = clock.now
        // Not for runs that are over before anybody can read.
        guard isWatched, begun - start > .milliseconds(300) else { return }
        if let lastShown, begun - lastShown < .milliseconds(100) { return }
        lastShown = begun
        Streams.note("\r\u{1B}[K\(cases.count + 1)/\(count)  \(title)")
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
        if failure != nil || !remarks.isEmpty { clearProgress() }
        for remark in remarks { Streams.put("\(item.story.name): \(remark)\n") }
        remarks = []
        if let failure { Streams.put(failure + "\n") }
    }

    mutating func end() {
        clearProgress()
        let passed = cases.count - failed
        Streams.put("\(passed) of \(cases.count) \(cases.count == 1 ? "story" : "stories") came true\n")
    }

    private mutating func clearProgress() {
        guard lastShown != nil else { return }
        lastShown = nil
        Streams.note("\r\u{1B}[K")
    }
}
