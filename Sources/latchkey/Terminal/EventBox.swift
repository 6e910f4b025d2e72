import Synchronization
import TerminalUI

/// Collects what the screen has to take in, so that one redraw serves a whole batch.
final class EventBox: Sendable {
    private let waiting = Mutex<[UIEvent]>([])
    private let bell: AsyncStream<Void>.Continuation
    /// Rings when there is something to take; rings that nobody heard are joined into one.
    let rings: AsyncStream<Void>

    init() {
        (rings, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Adds an event; a snapshot takes the place of one that nobody has seen yet.
    func post(_ event: UIEvent) {
        waiting.withLock { events in
            if case .snapshot = event, case .snapshot = events.last { events.removeLast() }
            events.append(event)
        }
        bell.yield()
    }

    /// Everything that has come in since the last call, in order.
    func take() -> [UIEvent] {
        waiting.withLock { events in
            defer { events = [] }
            return events
        }
    }

    /// No more rings.
    func close() {
        bell.finish()
    }
}
