import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// The connections of one HTTP listener on their way from the socket to whoever serves them.
///
/// The library's server must not be ended while a connection is under way: it would drop a writer that nobody finished,
/// and NIO ends the process for that. So the listener first lets nobody in, then waits until the way is empty.
final class HTTPConnections: Sendable {
    private struct State {
        var isClosed = false
        var underWay = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Lets no more connections in, and waits until those that are in are served.
    func close(_ listener: any Channel, group: any EventLoopGroup) async {
        state.withLock { $0.isClosed = true }
        // The read that was asked for already would still accept.
        try? await listener.setOption(.autoRead, value: false).get()
        // What was accepted before goes a few times from the listener's loop to its own and back before it is counted.
        for _ in 0..<6 {
            for loop in group.makeIterator() { try? await loop.submit {}.get() }
        }
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.underWay > 0 { state.waiting.append(continuation) }
                return state.underWay == 0
            }
            if isEmpty { continuation.resume() }
        }
        try? await listener.close()
    }

    fileprivate var isClosed: Bool { state.withLock { $0.isClosed } }

    fileprivate func enter() {
        state.withLock { $0.underWay += 1 }
    }

    fileprivate func leave() {
        let waiting = state.withLock { state in
            state.underWay -= 1
            guard state.underWay == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

/// Asked before the next connection is accepted.
struct HTTPGate: AvailableConnectionsDelegate {
    let connections: HTTPConnections

    func connectionOpened() {}
    func connectionClosed() {}
    func isAcceptingNewConnections() -> Bool { !connections.isClosed }
}

/// One connection's HTTP, counted while it is set up and not yet served.
struct CountedHTTPChannel: ServerChildChannel {
    let http: HTTP1Channel
    let connections: HTTPConnections

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        connections.enter()
        let ready = http.setup(channel: channel, logger: logger).flatMap { served in
            channel.eventLoop.makeCompletedFuture {
                try HTTPContinueHandler.add(to: channel)
                return served
            }
        }
        ready.whenFailure { _ in connections.leave() }
        return ready
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        connections.leave()
        await http.handle(value: value, logger: logger)
    }
}
