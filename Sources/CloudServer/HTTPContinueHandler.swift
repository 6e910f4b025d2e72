import NIOCore
import NIOHTTP1

/// Tells a client that waits for leave to send its body (`Expect: 100-continue`) to go on.
///
/// The library's server says nothing, and such a client, curl or .NET with a long body, would wait a second for it.
final class HTTPContinueHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Puts the handler right behind the decoder, where answers on their way out are HTTP still.
    static func add(to channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        try pipeline.addHandler(HTTPContinueHandler(), position: .after(decoder))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data),
            head.headers["Expect"].contains(where: { $0.lowercased() == "100-continue" })
        {
            let answer = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(answer)), promise: nil)
        }
        context.fireChannelRead(data)
    }
}
