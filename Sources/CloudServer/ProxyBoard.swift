import Foundation
import NIOCore
import NIOPosix

/// The connections of one proxy; touched on its event loop only.
final class ProxyBoard {
    private let loop: any EventLoop
    private let host: String
    private let connectionLimit: Int
    private var pairs: [ObjectIdentifier: ProxyPair] = [:]
    private var gate: AcceptGate?
    private(set) var mode: FaultProxy.Mode = .pass
    var upstreamPort: Int

    init(loop: any EventLoop, host: String, port: Int, connectionLimit: Int) {
        self.loop = loop
        self.host = host
        upstreamPort = port
        self.connectionLimit = connectionLimit
    }

    var count: Int { pairs.count }
    fileprivate var isFull: Bool { pairs.count >= connectionLimit }

    func set(_ mode: FaultProxy.Mode) {
        self.mode = mode
        guard mode == .pass else { return }
        for pair in Array(pairs.values) { pair.pump() }
    }

    func resetAll() {
        for pair in Array(pairs.values) { pair.reset() }
    }

    /// Closes everything without a reset and answers when each channel is gone.
    func closeAll() -> [EventLoopFuture<Void>] {
        Array(pairs.values).flatMap { $0.close() }
    }

    func makeGate() -> AcceptGate {
        let gate = AcceptGate(board: self)
        self.gate = gate
        return gate
    }

    func accept(_ channel: any Channel) throws {
        let pair = ProxyPair(board: self, client: channel)
        pairs[ObjectIdentifier(pair)] = pair
        try channel.pipeline.syncOperations.addHandler(pair.clientEnd)
    }

    func forget(_ pair: ProxyPair) {
        guard pairs.removeValue(forKey: ObjectIdentifier(pair)) != nil else { return }
        gate?.roomMade()
    }

    /// Connects to the listener behind the proxy.
    func connect(_ pair: ProxyPair) {
        let bound = NIOLoopBound(pair, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(bound.value.upstreamEnd)
                }
            }
            .connect(host: host, port: upstreamPort)
            .whenComplete { result in bound.value.connected(result) }
    }
}

/// Stops accepting while the proxy has as many connections as it may; the rest wait in the system's queue.
final class AcceptGate: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias OutboundIn = Never

    private unowned let board: ProxyBoard
    private var context: ChannelHandlerContext?
    private var isReadHeld = false

    init(board: ProxyBoard) {
        self.board = board
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func read(context: ChannelHandlerContext) {
        if board.isFull {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func roomMade() {
        guard isReadHeld, !board.isFull else { return }
        isReadHeld = false
        context?.read()
    }
}

/// One client's connection and the one made for it to the listener behind the proxy.
final class ProxyPair {
    private unowned let board: ProxyBoard
    let clientEnd: ProxyEnd
    let upstreamEnd: ProxyEnd
    private var isConnecting = false
    private var isOver = false

    init(board: ProxyBoard, client: any Channel) {
        self.board = board
        clientEnd = ProxyEnd()
        upstreamEnd = ProxyEnd()
        clientEnd.channel = client
        clientEnd.pair = self
        upstreamEnd.pair = self
    }

    /// Hands on what was held, in both directions, and reads on where the other side can take it.
    func pump() {
        guard !isOver, board.mode == .pass else { return }
        guard let upstream = upstreamEnd.channel else {
            if !isConnecting {
                isConnecting = true
                board.connect(self)
            }
            return
        }
        guard let client = clientEnd.channel else { return }
        move(from: clientEnd, to: upstreamEnd, upstream)
        guard !isOver else { return }
        move(from: upstreamEnd, to: clientEnd, client)
        guard !isOver else { return }
        if clientEnd.isGone, upstreamEnd.isGone {
            finish()
            return
        }
        clientEnd.readIfUseful(for: upstreamEnd)
        upstreamEnd.readIfUseful(for: clientEnd)
    }

    func connected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel) where isOver:
            ProxyPair.reset(channel)
        case .success(let channel):
            upstreamEnd.channel = channel
            pump()
        case .failure:
            reset()
        }
    }

    /// Ends both connections with RST.
    func reset() {
        guard !isOver else { return }
        let channels = [clientEnd.channel, upstreamEnd.channel].compactMap { $0 }
        finish()
        for channel in channels { ProxyPair.reset(channel) }
    }

    /// Ends both connections with FIN.
    func close() -> [EventLoopFuture<Void>] {
        let channels = [clientEnd.channel, upstreamEnd.channel].compactMap { $0 }
        finish()
        for channel in channels { channel.close(promise: nil) }
        return channels.map(\.closeFuture)
    }

    private func finish() {
        isOver = true
        clientEnd.pair = nil
        upstreamEnd.pair = nil
        board.forget(self)
    }

    private func move(from source: ProxyEnd, to target: ProxyEnd, _ channel: any Channel) {
        guard !source.held.isEmpty else { return }
        let items = source.held
        source.held = []
        for item in items {
            switch item {
            case .bytes(let buffer):
                if !target.isGone { target.write(buffer, to: channel) }
            case .end:
                channel.flush()
                guard !target.isGone else { continue }
                target.isOutputEnded = true
                channel.close(mode: .output, promise: nil)
            case .reset:
                reset()
                return
            }
        }
        channel.flush()
    }

    /// Closes a channel with RST: unsent bytes are thrown away and the other side is told at once.
    private static func reset(_ channel: any Channel) {
        if let options = channel as? any SocketOptionProvider {
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        } else {
            channel.close(promise: nil)
        }
    }
}

/// One side of a pair: notes what arrives and lets the pair decide when it goes on.
final class ProxyEnd: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Item {
        case bytes(ByteBuffer)
        /// The other program ends its direction and still listens.
        case end
        case reset
    }

    weak var pair: ProxyPair?
    var channel: (any Channel)?
    /// What arrived and was not yet handed on: one read's worth at the most while this side is open.
    var held: [Item] = []
    var isOutputEnded = false
    private(set) var isGone = false
    private var isInputEnded = false
    private var isReading = false
    private var hasFailed = false

    /// Asks for more bytes when the other side can take them; never two reads at once.
    func readIfUseful(for target: ProxyEnd) {
        guard let channel, channel.isActive, !isReading, !isInputEnded, !isGone else { return }
        guard target.channel?.isWritable == true || target.isGone else { return }
        isReading = true
        channel.read()
    }

    /// Writes bytes that the other side sent.
    ///
    /// A reset can meet the bytes on their way: then the write is told of it, and reading sees a plain end.
    func write(_ buffer: ByteBuffer, to channel: any Channel) {
        let end = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.write(buffer).whenFailure { error in
            if error is IOError { end.value.hasFailed = true }
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        pair?.pump()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        held.append(.bytes(unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        pair?.pump()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        pair?.pump()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent else { return }
        isInputEnded = true
        held.append(.end)
        pair?.pump()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        hasFailed = true
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard !isGone else { return }
        isGone = true
        if hasFailed || (isInputEnded && !isOutputEnded) {
            held.append(.reset)
        } else if !isInputEnded {
            // The last half of a close that went both ways reports no half close of its own.
            held.append(.end)
        }
        pair?.pump()
    }
}
