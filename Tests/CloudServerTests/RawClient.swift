import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A TCP client that says exactly what it is told to and tells exactly what it hears.
actor RawClient {
    enum Heard: Sendable {
        case bytes([UInt8])
        case end
        case failure(CInt)
    }

    private let channel: any Channel
    private var heard: AsyncStream<Heard>.Iterator
    private var buffer: [UInt8] = []
    /// How the connection ended; nil while it is open.
    private(set) var ending: Ending?

    enum Ending: Hashable, Sendable {
        case closed
        case failed(CInt)
    }

    static func connect(to port: Int, readsAtOnce: Bool = true) async throws -> RawClient {
        let (stream, continuation) = AsyncStream.makeStream(of: Heard.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: readsAtOnce)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Ear(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return RawClient(channel, stream)
    }

    fileprivate init(_ channel: any Channel, _ stream: AsyncStream<Heard>) {
        self.channel = channel
        heard = stream.makeAsyncIterator()
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Ends our direction only.
    func endOutput() async throws {
        try await channel.close(mode: .output)
    }

    func close() async {
        try? await channel.close()
    }

    /// Ends the connection with RST.
    func reset() async throws {
        if let options = channel as? any SocketOptionProvider {
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try await channel.close()
    }

    /// The next bytes up to and including `mark`; nil when the connection ends first.
    func read(through mark: String) async -> String? {
        let wanted = Array(mark.utf8)
        while true {
            if let end = Self.end(of: wanted, in: buffer) {
                defer { buffer.removeFirst(end) }
                return String(decoding: buffer[..<end], as: UTF8.self)
            }
            guard await more() else { return nil }
        }
    }

    /// The next `count` bytes; nil when the connection ends first.
    func read(count: Int) async -> [UInt8]? {
        while buffer.count < count {
            guard await more() else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer[..<count])
    }

    /// Everything up to the end of the connection.
    func readToEnd() async -> String {
        while await more() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// One HTTP answer with a Content-Length.
    func readAnswer() async -> (head: String, body: String)? {
        guard let head = await read(through: "\r\n\r\n") else { return nil }
        let line = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
        let length = line.flatMap { Int($0.dropFirst("content-length:".count).drop { $0 == " " }) } ?? 0
        guard let body = await read(count: length) else { return nil }
        return (head, String(decoding: body, as: UTF8.self))
    }

    private func more() async -> Bool {
        guard ending == nil else { return false }
        var iterator = heard
        let next = await iterator.next(isolation: #isolation)
        heard = iterator
        switch next {
        case .bytes(let bytes):
            buffer += bytes
            return true
        case .failure(let code):
            ending = .failed(code)
            return false
        case .end, nil:
            ending = .closed
            return false
        }
    }

    private static func end(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= mark.count else { return nil }
        return (0...(bytes.count - mark.count)).first { Array(bytes[$0..<($0 + mark.count)]) == mark }
            .map { $0 + mark.count }
    }
}

private final class Ear: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let continuation: AsyncStream<RawClient.Heard>.Continuation

    init(_ continuation: AsyncStream<RawClient.Heard>.Continuation) {
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        continuation.yield(.bytes(Array(unwrapInboundIn(data).readableBytesView)))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { continuation.yield(.end) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError { continuation.yield(.failure(error.errnoCode)) }
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        continuation.yield(.end)
        continuation.finish()
    }
}

/// A TCP server whose connections the test holds in its hands.
actor RawServer {
    nonisolated let port: Int
    private let channel: any Channel
    private let arrivals: Arrivals
    private var accepted: AsyncStream<RawPeer>.Iterator
    private var taken = 0

    static func start(port: Int = 0) async throws -> RawServer {
        let (stream, continuation) = AsyncStream.makeStream(of: RawPeer.self)
        let arrivals = Arrivals()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                let (heard, ear) = AsyncStream.makeStream(of: RawClient.Heard.self)
                arrivals.count.withLock { $0 += 1 }
                continuation.yield(RawPeer(channel: channel, heard: heard))
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Ear(ear))
                }
            }
            .bind(host: "127.0.0.1", port: port).get()
        return RawServer(channel, stream, arrivals)
    }

    private init(_ channel: any Channel, _ stream: AsyncStream<RawPeer>, _ arrivals: Arrivals) {
        self.channel = channel
        self.arrivals = arrivals
        port = channel.localAddress?.port ?? 0
        accepted = stream.makeAsyncIterator()
    }

    /// The next connection that was made to the server.
    func accept() async -> RawClient? {
        var iterator = accepted
        let peer = await iterator.next(isolation: #isolation)
        accepted = iterator
        if peer != nil { taken += 1 }
        return peer.map { RawClient($0.channel, $0.heard) }
    }

    /// How many connections were made that nobody asked for with `accept` yet.
    func waitingCount() -> Int {
        arrivals.count.withLock { $0 } - taken
    }

    func stop() async {
        try? await channel.close()
    }
}

private final class Arrivals: Sendable {
    let count = Mutex(0)
}

private struct RawPeer: Sendable {
    let channel: any Channel
    let heard: AsyncStream<RawClient.Heard>
}
