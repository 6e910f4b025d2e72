import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A TCP server that does one thing to whoever connects, and counts the connects.
final class RawServer: Sendable {
    enum Behaviour: Sendable {
        /// Takes the connection and never says a word.
        case silent
        case closeAtOnce
        case resetAtOnce
        case greetAtOnce(String)
        /// What happens when the request's head is there.
        case close
        case reset
        case answer(String, thenClose: Bool = false)
    }

    enum Event: Sendable, Equatable {
        case accepted
        /// The request's head, up to and with the empty line.
        case request(String)
        case closed
    }

    let port: Int
    private let listener: any Channel
    private let counter: Counter
    private let source: AsyncStream<Event>

    private final class Counter: Sendable {
        let accepted = Atomic<Int>(0)
    }

    static func start(_ behaviour: Behaviour) async throws -> RawServer {
        let counter = Counter()
        let (source, events) = AsyncStream.makeStream(of: Event.self)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { socket in
                counter.accepted.add(1, ordering: .sequentiallyConsistent)
                return socket.eventLoop.makeCompletedFuture {
                    try socket.pipeline.syncOperations.addHandler(RawHandler(behaviour, events))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return RawServer(listener: listener, counter: counter, source: source)
    }

    private init(listener: any Channel, counter: Counter, source: AsyncStream<Event>) {
        self.listener = listener
        port = listener.localAddress?.port ?? 0
        self.counter = counter
        self.source = source
    }

    deinit {
        listener.close(promise: nil)
    }

    /// How many connects there have been.
    var accepted: Int { counter.accepted.load(ordering: .sequentiallyConsistent) }

    /// Waits for the first event that fits and returns it.
    @discardableResult
    func event(where fits: @Sendable (Event) -> Bool) async -> Event? {
        for await event in source where fits(event) { return event }
        return nil
    }

    /// Makes sure that nothing is still on its way in, by sending a connect of its own after it, and counts the others.
    func acceptedInTheEnd() async throws -> Int {
        let before = accepted
        // A server that resets at once may do so before the probe knows that it is connected.
        let probe = try? await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port).get()
        // The kernel hands connects over in the order of their arrival.
        while accepted == before { await Task.yield() }
        probe?.close(promise: nil)
        return accepted - 1
    }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let behaviour: RawServer.Behaviour
    private let events: AsyncStream<RawServer.Event>.Continuation
    private var head = ""

    init(_ behaviour: RawServer.Behaviour, _ events: AsyncStream<RawServer.Event>.Continuation) {
        self.behaviour = behaviour
        self.events = events
    }

    func channelActive(context: ChannelHandlerContext) {
        events.yield(.accepted)
        switch behaviour {
        case .closeAtOnce: context.close(promise: nil)
        case .resetAtOnce: reset(context)
        case .greetAtOnce(let text):
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .silent, .close, .reset, .answer: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let isComplete = head.contains("\r\n\r\n")
        head += String(buffer: Self.unwrapInboundIn(data))
        guard !isComplete, head.contains("\r\n\r\n") else { return }
        events.yield(.request(head))
        switch behaviour {
        case .silent, .closeAtOnce, .resetAtOnce, .greetAtOnce: break
        case .close: context.close(promise: nil)
        case .reset: reset(context)
        case .answer(let text, let thenClose):
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            if thenClose { context.close(promise: nil) }
        }
    }

    private func reset(_ context: ChannelHandlerContext) {
        // Closing without lingering sends RST instead of FIN.
        guard let socket = context.channel as? any SocketOptionProvider else { return }
        socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        events.yield(.closed)
    }
}

/// A port that is taken but not listened on: connects to it are refused until `listen`.
final class QuietPort {
    let port: Int
    private let descriptor: CInt

    init() throws {
        let opened = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(opened, address, length) == 0 && getsockname(opened, address, &length) == 0
            }
        }
        guard isBound else { throw ChildProblem(code: errno) }
        descriptor = opened
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        close(descriptor)
    }

    /// Listens from now on.
    func listen() {
        Glibc.listen(descriptor, 16)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// Takes every connect that waits, and counts them.
    func drain() -> Int {
        var count = 0
        while true {
            let accepted = accept(descriptor, nil, nil)
            guard accepted >= 0 else { return count }
            close(accepted)
            count += 1
        }
    }
}
