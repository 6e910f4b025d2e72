import Foundation
import LoginCore
import Synchronization
import TerminalFrame

/// One line on standard error that says what takes so long, where a person looks.
///
/// While it follows the time it comes after a third of a second; what is over before that is never seen.
final class ProgressLine: Sendable {
    private struct State {
        var text: String?
        var begun = ContinuousClock.now
        /// How long it will take, where that is known.
        var expected: Duration?
        var isShown = false
    }

    /// Whether a person looks; nothing is shown otherwise.
    let isWatched = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())

    /// Follows the time for as long as `work` runs, and leaves no line behind.
    func follow<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        guard isWatched else { return try await work() }
        let ticks = Task { [self] in
            while (try? await Task.sleep(for: .milliseconds(300))) != nil { draw() }
        }
        defer {
            ticks.cancel()
            clear()
        }
        return try await work()
    }

    /// Says from now on `text`, which is over after `expected` if that is known.
    func say(_ text: String, lasting expected: Duration? = nil) {
        state.withLock { state in
            state.text = text
            state.begun = .now
            state.expected = expected
        }
    }

    /// Shows `text` at once, ten times a second at most; for work that leaves no thread to follow the time.
    func show(_ text: String) {
        guard isWatched else { return }
        state.withLock { state in
            guard !state.isShown || ContinuousClock.now - state.begun >= .milliseconds(100) else { return }
            state.begun = .now
            Self.draw(text, &state)
        }
    }

    /// Takes the line away, so that something else can be printed.
    func clear() {
        state.withLock { Self.clear(&$0) }
    }

    /// Writes lines that stay to standard error; what is shown next stands below them.
    func note(_ text: String) {
        state.withLock { state in
            Self.clear(&state)
            Streams.note(text)
        }
    }

    private static func clear(_ state: inout State) {
        state.text = nil
        guard state.isShown else { return }
        state.isShown = false
        Streams.note("\r\u{1B}[K")
    }

    private func draw() {
        state.withLock { state in
            guard let text = state.text else { return }
            let spent = Duration.seconds((ContinuousClock.now - state.begun).components.seconds)
            var line = text
            if let expected = state.expected {
                line += "  \(spent.text) of about \(Duration.seconds(max(1, expected.components.seconds)).text)"
            } else if spent > .zero {
                line += "  \(spent.text)"
            }
            Self.draw(line, &state)
        }
    }

    /// A line that went on in the next row could not be taken away again.
    private static func draw(_ line: String, _ state: inout State) {
        let columns = Streams.columns(of: STDERR_FILENO) ?? 80
        Streams.note("\r\u{1B}[K\(DisplayWidth.clip(line, to: columns - 1))")
        state.isShown = true
    }
}
