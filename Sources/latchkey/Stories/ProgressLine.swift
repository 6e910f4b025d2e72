import Foundation
import LoginCore
import Synchronization

/// One line on standard error that says what takes so long, where a person looks.
///
/// It comes after a third of a second and follows the time; what is over before that is never seen.
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

    /// Takes the line away, so that something else can be printed.
    func clear() {
        state.withLock { state in
            state.text = nil
            guard state.isShown else { return }
            state.isShown = false
            Streams.note("\r\u{1B}[K")
        }
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
            Streams.note("\r\u{1B}[K\(line)")
            state.isShown = true
        }
    }
}
