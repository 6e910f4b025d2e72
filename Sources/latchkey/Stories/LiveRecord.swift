import LoginCore
import Providers
import Synchronization

/// What the parts of a live story tell, until its driver takes it.
final class LiveRecord: Sendable {
    enum Message: Sendable {
        /// The backend's entries.
        case entries([TranscriptEntry])
        /// An app's machines after an input, and the entries that it made.
        case took(String, ClientCore, [TranscriptEntry])
        /// The app on this device has ended.
        case ended(String)
        /// The operator's answer.
        case answered(Result<HTTPResponseValue, CloseCause>)
    }

    private struct State {
        var messages: [Message] = []
        var cores: [String: ClientCore] = [:]
    }

    private let state = Mutex(State())
    private let news: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (news, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The machines as the driver has taken them.
    var cores: [String: ClientCore] {
        get { state.withLock { $0.cores } }
        set { state.withLock { $0.cores = newValue } }
    }

    func add(_ message: Message) {
        state.withLock { $0.messages.append(message) }
        signal.yield()
    }

    /// Everything that was told since the last call, in order.
    func take() -> [Message] {
        state.withLock { state in
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// Waits for `duration` of real time, or, when asked to, only until something new is told.
    func wait(for duration: Duration, ifNothingNew: Bool) async {
        guard ifNothingNew else {
            try? await Task.sleep(for: duration)
            return
        }
        let alarm = Task { [signal] in
            do {
                try await Task.sleep(for: max(duration, .milliseconds(1)))
                signal.yield()
            } catch {
                // Something came first.
            }
        }
        for await _ in news { break }
        alarm.cancel()
    }
}
