import LoginCore
import NIOCore
import NIOWebSocket

/// The end of a link's pipeline: WebSocket frames in, joined text out, and the reverse for what is sent.
///
/// A server that breaks the protocol (binary or overlong text, fragments out of order) is told why and left.
final class LinkHandler: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame
    typealias Entry = AsyncStream<LinkInbound>.Continuation

    /// Asks for close 1000 and the end of the connection.
    struct Farewell: Sendable {}

    /// How many frames may wait for the reader; more is a flood, and the link ends.
    static let longestQueue = 256

    private let entry: Entry
    /// The text frame that is being put together.
    private var fragments: ByteBuffer?
    /// Nothing is taken in or sent after a close frame was sent or the channel ended.
    private var isLeaving = false

    init(entry: Entry) {
        self.entry = entry
    }

    /// A stream with room for the queue and, whatever the reader does, for the final `closed`.
    static func stream() -> (AsyncStream<LinkInbound>, Entry) {
        AsyncStream.makeStream(of: LinkInbound.self, bufferingPolicy: .bufferingOldest(longestQueue + 1))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLeaving else { return }
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text where fragments == nil:
            join(frame, to: ByteBuffer(), context)
        case .continuation:
            guard let begun = fragments else { return leave(context, because: .protocolError) }
            join(frame, to: begun, context)
        case .binary where fragments == nil:
            leave(context, because: .unacceptableData)
        case .ping:
            let pong = WebSocketFrame(
                fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData)
            context.writeAndFlush(Self.wrapOutboundOut(pong), promise: nil)
        case .pong:
            break
        case .connectionClose:
            leave(context, because: .normalClosure)
        default:
            leave(context, because: .protocolError)
        }
    }

    private func join(_ frame: WebSocketFrame, to begun: ByteBuffer, _ context: ChannelHandlerContext) {
        var text = begun
        var part = frame.unmaskedData
        guard text.readableBytes + part.readableBytes <= LinkService.longestFrame else {
            return leave(context, because: .messageTooLarge)
        }
        text.writeBuffer(&part)
        guard frame.fin else {
            fragments = text
            return
        }
        fragments = nil
        let delivered = entry.yield(.frame(Array(text.readableBytesView)))
        // The last place is kept for `closed`.
        if case .enqueued(let remaining) = delivered, remaining <= 1 { leave(context, because: .policyViolation) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isLeaving else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        let frame = WebSocketFrame(fin: true, opcode: .text, maskKey: .random(), data: Self.unwrapOutboundIn(data))
        context.write(Self.wrapOutboundOut(frame), promise: promise)
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is Farewell else {
            context.triggerUserOutboundEvent(event, promise: promise)
            return
        }
        leave(context, because: .normalClosure)
        promise?.succeed()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // The handler before this one has answered a framing error; here everything ends the link alike.
        isLeaving = true
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isLeaving = true
        entry.yield(.closed(.linkClosed))
        entry.finish()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Only after `channelInactive`, or when a loop ends with the channel open: the reader must not hang.
        entry.yield(.closed(.linkClosed))
        entry.finish()
    }

    private func leave(_ context: ChannelHandlerContext, because code: WebSocketErrorCode) {
        guard !isLeaving else { return }
        isLeaving = true
        fragments = nil
        var reason = context.channel.allocator.buffer(capacity: 2)
        reason.write(webSocketErrorCode: code)
        let farewell = WebSocketFrame(fin: true, opcode: .connectionClose, maskKey: .random(), data: reason)
        // Written now or never: a server that reads nothing must not keep the socket open.
        context.writeAndFlush(Self.wrapOutboundOut(farewell), promise: nil)
        context.close(promise: nil)
    }
}
