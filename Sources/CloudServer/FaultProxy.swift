import Foundation
import NIOCore
import NIOPosix

/// A TCP proxy on 127.0.0.1 that can fail on purpose, in front of one listener.
///
/// ```
///            ┌──────────── set(.pass) ◀───────────┐
///            ▼                                     │
///  start ─▶ pass ── set(.swallow) ─▶ swallow ──────┤
///            │                          │          │
///            └── set(.refuse) ─▶ refuse ◀──────────┘   every change cuts nothing, but refuse resets all
/// ```
///
/// Everything that happens to connections happens on one event loop; this actor only orders the changes of mode.
package actor FaultProxy {
    /// What the proxy does with connections.
    package enum Mode: String, Sendable, CaseIterable {
        /// Bytes, half closes and resets go through both ways.
        case pass
        /// Nothing listens: a connect is refused, and what was connected is reset. The port stays ours.
        case refuse
        /// Nothing is delivered either way and nothing is lost; it goes on when the mode is `pass` again. New
        /// connections are accepted and stall.
        case swallow
    }

    private let board: NIOLoopBoundBox<ProxyBoard>
    private let loop: any EventLoop
    private var listener: (any Channel)?
    /// Holds the port from the start to the end, so that neither another program nor the source port of a connecting
    /// client can take it in a moment in which nothing listens on it.
    private var placeholder: PortPlaceholder?
    private var port = 0
    private var last: Task<Result<Int, BackendError>, Never>?

    /// Makes a proxy that does not listen yet.
    ///
    /// `upstreamPort` may be 0 when `start` is told the real one. More than `connectionLimit` connections at once
    /// wait in the system's queue.
    package init(
        upstreamHost: String = "127.0.0.1",
        upstreamPort: Int,
        connectionLimit: Int = 4096,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) {
        let loop = group.next()
        self.loop = loop
        board = NIOLoopBoundBox.makeBoxSendingValue(
            ProxyBoard(loop: loop, host: upstreamHost, port: upstreamPort, connectionLimit: connectionLimit),
            as: ProxyBoard.self, eventLoop: loop)
    }

    /// Listens on `port`, or on any free one for 0, and answers the port.
    @discardableResult
    package func start(port: Int, upstreamPort: Int? = nil) async throws(BackendError) -> Int {
        try await inTurn { proxy in
            await proxy.onLoop { board in
                if let upstreamPort { board.upstreamPort = upstreamPort }
                board.set(.pass)
            }
            return await proxy.listen(port: port)
        }
    }

    /// Changes the mode; answers when the change is done.
    package func set(_ mode: Mode) async throws(BackendError) {
        _ = try await inTurn { proxy in
            switch mode {
            case .pass, .swallow:
                await proxy.onLoop { $0.set(mode) }
                return await proxy.listen(port: proxy.port)
            case .refuse:
                await proxy.refuse()
                return .success(0)
            }
        }
    }

    /// Resets every live connection, both ways.
    package func cut() async {
        await onLoop { $0.resetAll() }
    }

    /// Ends everything: the listener, the connections and the hold on the port.
    package func stop() async {
        _ = try? await inTurn { proxy in
            await proxy.end()
            return .success(0)
        }
    }

    /// How many connections are open now.
    package func connectionCount() async -> Int {
        await onLoop { $0.count }
    }

    // MARK: - One change after the other

    private func inTurn(
        _ work: @escaping @Sendable (isolated FaultProxy) async -> Result<Int, BackendError>
    ) async throws(BackendError) -> Int {
        let previous = last
        let task = Task {
            _ = await previous?.value
            return await work(self)
        }
        last = task
        return try await task.value.get()
    }

    private func listen(port wanted: Int) async -> Result<Int, BackendError> {
        guard listener == nil else { return .success(port) }
        // Both sockets allow the address to be shared, which the system grants as long as neither listens yet.
        if placeholder == nil { placeholder = PortPlaceholder(port: wanted) }
        let wanted = placeholder?.port ?? wanted
        let board = board
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                    try channel.pipeline.syncOperations.addHandler(board.value.makeGate())
                }
            }
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try board.value.accept(channel) }
            }
        do {
            let channel = try await bootstrap.bind(host: "127.0.0.1", port: wanted).get()
            listener = channel
            port = channel.localAddress?.port ?? wanted
            return .success(port)
        } catch {
            return .failure(.port(wanted, errno: (error as? IOError)?.errnoCode))
        }
    }

    private func refuse() async {
        await endListening()
        await onLoop { board in
            board.set(.refuse)
            board.resetAll()
        }
    }

    private func end() async {
        await endListening()
        placeholder = nil
        await onLoop { $0.set(.refuse) }
        let ends = await onLoop { $0.closeAll() }
        for end in ends {
            try? await end.get()
        }
    }

    /// Closes the listener, also where a child process that was forked a moment ago still holds its socket: without the
    /// shutdown the port would go on listening until that child is another program, and could not be bound again.
    private func endListening() async {
        guard let channel = listener else { return }
        listener = nil
        let end = loop.submit {
            _ = try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                shutdown($0, CInt(SHUT_RDWR))
            }
            return channel.close()
        }
        try? await end.flatMap { $0 }.get()
    }

    private func onLoop<Value: Sendable>(_ work: @escaping @Sendable (ProxyBoard) -> Value) async -> Value {
        let board = board
        let future = loop.submit { work(board.value) }
        do {
            return try await future.get()
        } catch {
            // `work` does not throw and the loop outlives every proxy.
            preconditionFailure("the proxy's event loop is gone: \(error)")
        }
    }
}

/// A socket that is bound to a port of 127.0.0.1 and does not listen: connects are refused, the port is not free.
private final class PortPlaceholder: Sendable {
    /// The port that is held.
    let port: Int
    private let descriptor: Int32

    /// Takes `port`, or any free one for 0; nil when it is taken.
    init?(port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, let number = UInt16(exactly: port) else { return nil }
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = number.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let found = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard status == 0, found == 0 else {
            close(descriptor)
            return nil
        }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }
}
