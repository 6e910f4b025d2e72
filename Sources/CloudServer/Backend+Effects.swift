import Cloud
import LoginCore
import NIOCore
import Providers
import Synchronization

/// One of the values' timers.
struct TimerKey: Hashable {
    let side: BackendSide
    let id: TimerID
}

/// A timer that runs.
struct RunningTimer {
    /// Tells a timer from an earlier one of the same id, whose firing may be on its way.
    let serial: Int
    let scheduled: Scheduled<Void>
}

/// One of the values' calls.
struct CallKey: Hashable {
    let side: BackendSide
    let id: OutgoingID
}

/// Mints the ids of links, on whatever event loop they come up.
final class LinkCounter: Sendable {
    private let counter = Mutex(Counter<LinkID>())

    func next() -> LinkID {
        counter.withLock { $0.next() }
    }
}

extension Backend {
    /// Runs one effect; nothing in here waits, so that effects start in order.
    func run(_ effect: CloudEffect, of side: BackendSide) {
        switch effect {
        case .respond(let id, let response):
            exchanges.finish(id, response)
        case .send(let id, let bytes):
            links[id]?.send(bytes)
        case .close(let id, let code):
            // The link reports its end itself; until then it is known, so that the value hears of it.
            links[id]?.close(code: code)
        case .startTimer(let id, let after):
            startTimer(TimerKey(side: side, id: id), after: after)
        case .cancelTimer(let id):
            timers.removeValue(forKey: TimerKey(side: side, id: id))?.scheduled.cancel()
        case .httpCall(let id, let target, let request, let timeout):
            startCall(CallKey(side: side, id: id), to: target, request, timeout: timeout)
        case .save, .remove:
            // Written before this was called.
            break
        case .record(let entry):
            lastEntries[entry.lane] = entry.id.number
            configuration.sink(entry)
        }
    }

    private func startTimer(_ key: TimerKey, after: Duration) {
        lastTimer += 1
        let serial = lastTimer
        let life = generation
        let mailbox = mailbox
        timers.removeValue(forKey: key)?.scheduled.cancel()
        let scheduled = group.next().scheduleTask(in: TimeAmount(configuration.clock.wait(after))) {
            mailbox.post(
                BackendMail(side: key.side, content: .timer(key.id, serial: serial)), ifGeneration: life)
        }
        timers[key] = RunningTimer(serial: serial, scheduled: scheduled)
    }

    private func startCall(_ key: CallKey, to target: CallTarget, _ request: HTTPRequestValue, timeout: Duration) {
        guard let outgoing, let endpoints else { return }
        let base: String
        switch target {
        case .webAPI: base = endpoints.webAPI
        case .url(let url): base = url
        }
        let life = generation
        let mailbox = mailbox
        let deadline = configuration.clock.deadline(timeout)
        calls[key] = Task {
            let result = await outgoing.send(request, to: base, deadline: deadline)
            guard !Task.isCancelled else { return }
            mailbox.post(
                BackendMail(side: key.side, content: .event(.httpAnswered(key.id, result))), ifGeneration: life)
        }
    }
}
