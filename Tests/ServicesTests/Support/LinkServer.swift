import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// A WebSocket server that hands each link to the test, frame by frame.
final class LinkServer: Sendable {
    private let listener: any Channel
    private let links: AsyncStream<LinkPeer>

    var port: Int { listener.localAddress?.port ?? 0 }
    var url: String { "ws://127.0.0.1:\(port)/commsease?x=1" }

    static func start() async throws -> LinkServer {
        let (links, entry) = AsyncStream.makeStream(of: LinkPeer.self)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { socket in
                let upgrader = NIOWebSocketServerUpgrader(
                    maxFrameSize: 1 << 20,
                    automaticErrorHandling: false,
                    shouldUpgrade: { socket, _ in socket.eventLoop.makeSucceededFuture([:]) },
                    upgradePipelineHandler: { socket, head in
                        let (frames, arrivals) = AsyncStream.makeStream(of: PeerFrame.self)
                        return socket.eventLoop.makeCompletedFuture {
                            try socket.pipeline.syncOperations.addHandler(PeerHandler(arrivals))
                            entry.yield(LinkPeer(socket: socket, head: head, frames: frames))
                        }
                    })
                return socket.pipeline.configureHTTPServerPipeline(
                    withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LinkServer(listener: listener, links: links)
    }

    private init(listener: any Channel, links: AsyncStream<LinkPeer>) {
        self.listener = listener
        self.links = links
    }

    deinit {
        listener.close(promise: nil)
    }

    /// Waits for the next link.
    func link() async throws -> LinkPeer {
        for await link in links { return link }
        throw CancellationError()
    }
}

/// A frame as it came over the wire.
struct PeerFrame: Sendable, Equatable {
    var opcode: WebSocketOpcode
    var bytes: [UInt8]
    var isMasked = true
    var isFinal = true

    static func text(_ text: String) -> PeerFrame { PeerFrame(opcode: .text, bytes: Array(text.utf8)) }

    static func close(_ code: UInt16) -> PeerFrame {
        PeerFrame(opcode: .connectionClose, bytes: [UInt8(code >> 8), UInt8(code & 0xFF)])
    }
}

/// The server's end of one link.
struct LinkPeer: Sendable {
    let socket: any Channel
    let head: HTTPRequestHead
    /// What arrives; ends when the connection does.
    let frames: AsyncStream<PeerFrame>

    /// The next frame; nil when the connection has ended.
    func frame() async -> PeerFrame? {
        for await frame in frames { return frame }
        return nil
    }

    func send(_ opcode: WebSocketOpcode, _ bytes: [UInt8], isFinal: Bool = true) {
        let frame = WebSocketFrame(fin: isFinal, opcode: opcode, data: ByteBuffer(bytes: bytes))
        socket.writeAndFlush(frame, promise: nil)
    }

    func send(_ text: String) {
        send(.text, Array(text.utf8))
    }

    /// Ends the connection without a close frame: FIN.
    func close() {
        socket.close(promise: nil)
    }

    /// Ends it with RST.
    func reset() async throws {
        guard let socket = socket as? any SocketOptionProvider else { return }
        try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        close()
    }
}

private final class PeerHandler: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame

    private let arrivals: AsyncStream<PeerFrame>.Continuation

    init(_ arrivals: AsyncStream<PeerFrame>.Continuation) {
        self.arrivals = arrivals
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        arrivals.yield(
            PeerFrame(
                opcode: frame.opcode, bytes: Array(frame.unmaskedData.readableBytesView),
                isMasked: frame.maskKey != nil, isFinal: frame.fin))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        arrivals.finish()
    }
}
