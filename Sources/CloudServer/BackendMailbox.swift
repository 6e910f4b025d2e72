import Cloud
import LoginCore
import Providers
import Synchronization

/// Which of the values.
enum BackendSide: Hashable, Sendable {
    case appServer
    /// The cloud of a provider, by its id.
    case cloud(String)
}

/// One event on its way to one of the values.
struct BackendMail: Sendable {
    enum Content: Sendable {
        case event(CloudEvent)
        /// A timer that is honoured only while this is its live serial number.
        case timer(TimerID, serial: Int)
        case linkOpened(LinkHandle, clientAddress: String)
    }

    let side: BackendSide
    let content: Content
}

/// The one queue that all values are served from, so that what happened first is handled first.
///
/// It knows which life of the backend mail belongs to: what was meant for an earlier one never arrives.
final class BackendMailbox: Sendable {
    private struct State {
        var mail: [BackendMail] = []
        var generation = 0
        var isClosed = false
    }

    /// All the mail there was, and the life it belongs to; no mail when the mailbox is closed.
    struct Batch: Sendable {
        let generation: Int
        let mail: [BackendMail]
    }

    private let state = Mutex(State())
    private let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Adds mail; with `generation`, only while that life lasts.
    func post(_ mail: BackendMail, ifGeneration generation: Int? = nil) {
        state.withLock { state in
            guard !state.isClosed, generation == nil || generation == state.generation else { return }
            state.mail.append(mail)
        }
        ringer.yield()
    }

    /// Waits for mail and takes all there is.
    ///
    /// One taker at a time.
    func take() async -> Batch {
        while true {
            let batch = state.withLock { state in
                defer { state.mail = [] }
                return state.isClosed || !state.mail.isEmpty
                    ? Batch(generation: state.generation, mail: state.mail) : nil
            }
            if let batch { return batch }
            for await _ in bell { break }
        }
    }

    /// Begins another life: what was posted for the last one is thrown away.
    func begin(generation: Int) {
        state.withLock { state in
            state.generation = generation
            state.mail = []
        }
    }

    /// Throws away what is left; what is posted later is thrown away, too.
    func close() {
        state.withLock { state in
            state.isClosed = true
            state.mail = []
        }
        ringer.yield()
    }
}

/// The HTTP exchanges that wait for their answers.
final class ExchangeTable: Sendable {
    private struct State {
        var last = 0
        var waiting: [ExchangeID: CheckedContinuation<HTTPResponseValue?, Never>] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    /// Hands the request's new id to `post` and waits for the answer; nil when it will not come.
    func answer(post: @Sendable (ExchangeID) -> Void) async -> HTTPResponseValue? {
        let id = state.withLock { state in
            state.last += 1
            return ExchangeID(state.last)
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    guard !state.isClosed, !Task.isCancelled else { return false }
                    state.waiting[id] = continuation
                    return true
                }
                if isOpen { post(id) } else { continuation.resume(returning: nil) }
            }
        } onCancel: {
            finish(id, nil)
        }
    }

    /// Answers an exchange; one that is unknown or answered already is passed over.
    func finish(_ id: ExchangeID, _ response: HTTPResponseValue?) {
        let continuation = state.withLock { $0.waiting.removeValue(forKey: id) }
        continuation?.resume(returning: response)
    }

    /// Gives up all exchanges that wait.
    func giveUpAll() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(returning: nil) }
    }

    /// Gives up all exchanges, those that come later as well.
    func close() {
        state.withLock { $0.isClosed = true }
        giveUpAll()
    }
}
