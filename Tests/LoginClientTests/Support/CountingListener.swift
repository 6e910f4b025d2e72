import Crypto
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A listener that counts the connections it gets and is no good server.
final class CountingListener: Sendable {
    enum Behaviour: Sendable {
        /// Every connection is closed as soon as it is there.
        case hangsUp
        /// The first bytes are answered with this text, then the connection is closed.
        case answers(String)
        /// A WebSocket comes up, and nothing is ever said on it.
        case upgradesAndFallsSilent
    }

    private final class Count: Sendable {
        let accepted = Mutex(0)
    }

    let port: Int
    private let count: Count

    var accepted: Int { count.accepted.withLock { $0 } }

    private init(port: Int, count: Count) {
        self.port = port
        self.count = count
    }

    static func run(_ behaviour: Behaviour, _ body: (CountingListener) async throws -> Void) async throws {
        let count = Count()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                count.accepted.withLock { $0 += 1 }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Answerer(behaviour))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            try await body(CountingListener(port: channel.localAddress?.port ?? 0, count: count))
        } catch {
            try? await channel.close()
            throw error
        }
        try await channel.close()
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let behaviour: Behaviour
        private var heard = ""

        init(_ behaviour: Behaviour) {
            self.behaviour = behaviour
        }

        func channelActive(context: ChannelHandlerContext) {
            if case .hangsUp = behaviour { context.close(promise: nil) }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            heard += String(buffer: Self.unwrapInboundIn(data))
            guard heard.contains("\r\n\r\n") else { return }
            switch behaviour {
            case .hangsUp:
                break
            case .answers(let text):
                context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
                context.close(promise: nil)
            case .upgradesAndFallsSilent:
                let lines = heard.components(separatedBy: "\r\n")
                heard = ""
                guard let line = lines.first(where: { $0.lowercased().hasPrefix("sec-websocket-key:") }) else { return }
                let key = line.dropFirst("sec-websocket-key:".count).trimmingCharacters(in: .whitespaces)
                let digest = Insecure.SHA1.hash(data: Data((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
                let accept = Data(digest).base64EncodedString()
                let head =
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: \(accept)\r\n\r\n"
                context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
            }
        }
    }
}
