import NIOCore
import NIOPosix
import Synchronization

/// A listener that counts the connections it gets, and either ends each at once or answers it with `answer`.
final class CountingListener: Sendable {
    private final class Count: Sendable {
        let accepted = Mutex(0)
    }

    let port: Int
    private let channel: any Channel
    private let count: Count

    var accepted: Int { count.accepted.withLock { $0 } }

    private init(channel: any Channel, count: Count) {
        self.channel = channel
        self.count = count
        port = channel.localAddress?.port ?? 0
    }

    static func run(answer: String? = nil, _ body: (CountingListener) async throws -> Void) async throws {
        let count = Count()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                count.accepted.withLock { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(answer: answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let listener = CountingListener(channel: channel, count: count)
        do {
            try await body(listener)
        } catch {
            try? await channel.close()
            throw error
        }
        try await channel.close()
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let answer: String?

        init(answer: String?) {
            self.answer = answer
        }

        func channelActive(context: ChannelHandlerContext) {
            if answer == nil { context.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let answer else { return }
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
            context.close(promise: nil)
        }
    }
}
