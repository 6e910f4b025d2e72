import Cloud
import LoginCore
import NIOCore
import NIOWebSocket

/// What a link tells whoever runs the Cloud; `opened` first, `closed` last, each once.
enum LinkReport: Sendable {
    case opened(LinkHandle, clientAddress: String)
    case frame(LinkID, [UInt8])
    case closed(LinkID, CloseCause)
}

/// One long connection, as the rest of the backend holds it.
final class LinkHandle: Sendable {
    let id: LinkID
    private let handler: NIOLoopBound<LinkHandler>
    private let loop: any EventLoop

    fileprivate init(id: LinkID, handler: LinkHandler, loop: any EventLoop) {
        self.id = id
        self.handler = NIOLoopBound(handler, eventLoop: loop)
        self.loop = loop
    }

    /// Sends one text frame, after all that was sent before.
    func send(_ bytes: [UInt8]) {
        loop.execute { self.handler.value.send(bytes) }
    }

    /// Says farewell after all that was sent before, and closes.
    func close(code: Int) {
        loop.execute { self.handler.value.end(code: code) }
    }

    /// Tells the link that one of its frames was dealt with, so that it may read on.
    func frameDone() {
        loop.execute { self.handler.value.frameDone() }
    }
}

/// The server's side of one WebSocket, after the upgrade.
///
/// It sends no keepalive of its own: a silent link is noticed by the client's probe and by nothing else.
final class LinkHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = Never
    typealias OutboundOut = WebSocketFrame

    /// Bytes that may wait for a reader that is too slow.
    static let mostPending = 1024 * 1024
    /// Frames that may wait for the backend before the link stops reading.
    private static let mostUnfinished = 64
    /// Real time in which the other side may answer a close frame.
    private static let farewellTime: TimeAmount = .seconds(2)

    private enum Phase {
        case open
        /// A close frame went out; what still arrives is thrown away.
        case closing
        case closed
    }

    private let id: LinkID
    private let report: @Sendable (LinkReport) -> Void
    private var phase = Phase.open
    private var assembler = LinkMessageAssembler()
    private var context: ChannelHandlerContext?
    private var unfinished = 0
    private var isReadHeld = false
    private var farewellTimer: Scheduled<Void>?

    init(id: LinkID, report: @escaping @Sendable (LinkReport) -> Void) {
        self.id = id
        self.report = report
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let handle = LinkHandle(id: id, handler: self, loop: context.eventLoop)
        report(.opened(handle, clientAddress: context.remoteAddress?.ipAddress ?? "127.0.0.1"))
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        finish(.linkClosed)
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(.linkClosed)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        if case .closing = phase, frame.opcode == .connectionClose {
            context.close(promise: nil)  // the farewell is answered: nothing is left to wait for (RFC 6455 §7.1.1)
            return
        }
        guard case .open = phase else { return }
        switch assembler.add(frame) {
        case .nothing:
            break
        case .text(let bytes):
            unfinished += 1
            report(.frame(id, bytes))
        case .pong(let bytes):
            write(.pong, bytes)
        case .farewell(let code):
            end(code: code)
            context.close(promise: nil)
        case .violation(let code):
            end(code: code)
        }
    }

    func read(context: ChannelHandlerContext) {
        if unfinished >= Self.mostUnfinished, case .open = phase {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength:
            end(code: 1009)
        case is NIOWebSocketError:
            end(code: 1002)
        case is ByteToMessageDecoderError:
            // Bytes after a frame that could not be read: the close frame is on its way.
            break
        default:
            context.close(promise: nil)
        }
    }

    func send(_ bytes: [UInt8]) {
        write(.text, bytes)
    }

    func frameDone() {
        unfinished -= 1
        guard isReadHeld, unfinished < Self.mostUnfinished else { return }
        isReadHeld = false
        context?.read()
    }

    /// Sends a close frame; without a code when the other side gave none.
    func end(code: Int?) {
        guard let context, case .open = phase else { return }
        var data = context.channel.allocator.buffer(capacity: 2)
        if let code { data.writeInteger(UInt16(clamping: code)) }
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .connectionClose, data: data)))
            .assumeIsolated()
            .whenFailure { _ in context.close(promise: nil) }
        phase = .closing
        report(.closed(id, .linkClosed))
        // Closing at once would reset a client that is still sending, and the reset would overtake the close frame.
        farewellTimer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.farewellTime) {
            context.close(promise: nil)
        }
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    private func write(_ opcode: WebSocketOpcode, _ bytes: [UInt8]) {
        guard let context, case .open = phase else { return }
        let data = context.channel.allocator.buffer(bytes: bytes)
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
        let pending = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        if (pending ?? 0) > Self.mostPending { end(code: 1008) }
    }

    private func finish(_ cause: CloseCause) {
        farewellTimer?.cancel()
        farewellTimer = nil
        switch phase {
        case .open: report(.closed(id, cause))
        case .closing, .closed: break
        }
        phase = .closed
    }
}
