import LoginCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

extension LinkService {
    /// Real WebSockets over the event loops of `group`, which the caller owns and shuts down last.
    package static func live(group: any EventLoopGroup, trust: TLSTrust = .system) -> LinkService {
        let context = TLSContext(trust)
        return LinkService { url, deadline in
            guard let target = NetworkTarget(url, schemes: ["ws", "wss"]) else { return .failure(.refused) }
            let attempt = LinkAttempt(loop: group.next(), context: context)
            return await withTaskCancellationHandler {
                await attempt.run(target, deadline: min(max(deadline, .zero), .seconds(86_400)))
            } onCancel: {
                attempt.end(.failure(.linkClosed))
            }
        }
    }
}

/// One try to open a link: whichever comes first of success, failure, deadline and cancellation decides.
private final class LinkAttempt: Sendable {
    private struct State {
        var isDecided = false
        var socket: (any Channel)?
    }

    private let loop: any EventLoop
    private let context: TLSContext
    private let outcome: EventLoopPromise<Result<LinkChannel, CloseCause>>
    private let state = Mutex(State())

    init(loop: any EventLoop, context: TLSContext) {
        self.loop = loop
        self.context = context
        outcome = loop.makePromise()
    }

    func run(_ target: NetworkTarget, deadline: Duration) async -> Result<LinkChannel, CloseCause> {
        let alarm = loop.scheduleTask(in: TimeAmount(deadline)) { self.end(.failure(.timedOut)) }
        let opening = Task {
            do {
                let address = try await target.address(on: self.loop)
                let link = try await self.open(target, at: address, deadline: deadline)
                self.end(link)
            } catch {
                self.end(.failure(CloseCause.of(error, isEncrypted: target.isEncrypted)))
            }
        }
        let result = (try? await outcome.futureResult.get()) ?? .failure(.linkClosed)
        alarm.cancel()
        // Ended by the decision, except for a resolver that blocks a thread of its own: its result is dropped.
        opening.cancel()
        return result
    }

    /// Decides the attempt unless it is decided; a failure closes the socket, a success that comes too late too.
    func end(_ result: Result<LinkChannel, CloseCause>) {
        let (isFirst, socket) = state.withLock { state in
            defer { state.isDecided = true }
            return (!state.isDecided, state.socket)
        }
        if isFirst { outcome.succeed(result) }
        switch result {
        case .success where isFirst: break
        case .success(let link): link.close()
        case .failure: socket?.close(promise: nil)
        }
    }

    /// Remembers the socket before it connects; false when there is no use for it any more.
    private func adopt(_ socket: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isDecided else { return false }
            state.socket = socket
            return true
        }
    }

    private func open(
        _ target: NetworkTarget,
        at address: SocketAddress,
        deadline: Duration
    ) async throws -> Result<LinkChannel, CloseCause> {
        let upgrade = try await ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(deadline))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(to: address) { socket in
                socket.eventLoop.makeCompletedFuture {
                    guard self.adopt(socket) else { throw CancellationError() }
                    if target.isEncrypted {
                        // A certificate names an address in another way than a host: only hosts are asked for by name.
                        let isAddress = (try? SocketAddress(ipAddress: target.host, port: 0)) != nil
                        let handler = try NIOSSLClientHandler(
                            context: self.context.get(), serverHostname: isAddress ? nil : target.host)
                        try socket.pipeline.syncOperations.addHandler(handler)
                    }
                    return try Self.configure(socket, for: target)
                }
            }
        do {
            return try await upgrade.get()
        } catch is NIOHTTPClientUpgradeError {
            return .failure(.refused)
        } catch is HTTPParserError {
            return .failure(.refused)
        }
    }

    private static func configure(
        _ socket: any Channel,
        for target: NetworkTarget
    ) throws -> EventLoopFuture<Result<LinkChannel, CloseCause>> {
        let upgrader = NIOTypedWebSocketClientUpgrader<Result<LinkChannel, CloseCause>>(
            maxFrameSize: LinkService.longestFrame
        ) { socket, _ in
            socket.eventLoop.makeCompletedFuture {
                let (inbound, entry) = LinkHandler.stream()
                try socket.pipeline.syncOperations.addHandler(LinkHandler(entry: entry))
                return .success(LinkChannel(socket: socket, inbound: inbound, entry: entry))
            }
        }
        let head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: target.path, headers: ["Host": target.authority])
        let configuration = NIOTypedHTTPClientUpgradeConfiguration(
            upgradeRequestHead: head,
            upgraders: [upgrader],
            notUpgradingCompletionHandler: { socket in
                // An answer, and it is not 101: whoever listens there is not the link.
                socket.eventLoop.makeSucceededFuture(.failure(.refused))
            }
        )
        var pipeline = NIOUpgradableHTTPClientPipelineConfiguration(upgradeConfiguration: configuration)
        // Frames may come in one piece with the answer to the upgrade; by default they would be dropped.
        pipeline.leftOverBytesStrategy = .forwardBytes
        return try socket.pipeline.syncOperations.configureUpgradableHTTPClientPipeline(configuration: pipeline)
    }
}

extension LinkChannel {
    fileprivate init(socket: any Channel, inbound: AsyncStream<LinkInbound>, entry: LinkHandler.Entry) {
        let close: @Sendable () -> Void = {
            // Always by way of the loop's queue, so that it cannot overtake a frame sent from another thread.
            socket.eventLoop.execute {
                guard socket.isActive else { return }
                socket.triggerUserOutboundEvent(LinkHandler.Farewell(), promise: nil)
            }
        }
        entry.onTermination = { _ in close() }
        self.init(
            send: { text in
                socket.eventLoop.execute {
                    socket.writeAndFlush(ByteBuffer(bytes: text), promise: nil)
                }
            },
            close: close,
            inbound: inbound
        )
    }
}
