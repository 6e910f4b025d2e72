import Cloud
import LoginCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// The IM server's listener on 127.0.0.1: WebSockets on `/PROVIDER`, described in the page about the IM link.
final class LinkListener: Sendable {
    /// Real time for an upgrade to be asked for.
    static let patience: TimeAmount = .seconds(30)

    /// The port that was taken.
    let port: Int
    private let channel: any Channel
    private let links: LinkRegistry

    private init(port: Int, channel: any Channel, links: LinkRegistry) {
        self.port = port
        self.channel = channel
        self.links = links
    }

    /// Listens on any free port, for links of all `providers`.
    ///
    /// `report` is called on the link's event loop, in order for each link, with its provider's id.
    static func start(
        providers: [String],
        group: any EventLoopGroup,
        patience: TimeAmount = LinkListener.patience,
        tls: TLSConfiguration? = nil,
        nextID: @escaping @Sendable () -> LinkID,
        report: @escaping @Sendable (_ provider: String, LinkReport) -> Void
    ) async throws(BackendError) -> LinkListener {
        let links = LinkRegistry()
        let context: NIOSSLContext?
        do {
            context = try tls.map { try NIOSSLContext(configuration: $0) }
        } catch {
            throw BackendError("Cannot use the certificate for TLS: start without --tls.")
        }
        let places = Dictionary(providers.map { ("/\($0)", $0) }, uniquingKeysWith: { first, _ in first })
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptBackoffHandler())
                }
            }
            .childChannelInitializer { channel in
                links.add(channel)
                return channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try prepare(channel, places: places, patience: patience, nextID: nextID, report: report)
                }
            }
        do {
            let channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            return LinkListener(port: channel.localAddress?.port ?? 0, channel: channel, links: links)
        } catch {
            throw BackendError(
                "Cannot open a listener for the IM link on 127.0.0.1: "
                    + "look whether loopback networking is allowed here.")
        }
    }

    /// Closes the listener and its links; answers when they are gone.
    func stop() async {
        try? await channel.close()
        for link in links.all() {
            link.close(promise: nil)
            try? await link.closeFuture.get()
        }
    }

    private static func prepare(
        _ channel: any Channel,
        places: [String: String],
        patience: TimeAmount,
        nextID: @escaping @Sendable () -> LinkID,
        report: @escaping @Sendable (_ provider: String, LinkReport) -> Void
    ) throws {
        let door = LinkDoorHandler(places: places, patience: patience)
        let boundDoor = NIOLoopBound(door, eventLoop: channel.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: LinkMessageAssembler.longestMessage,
            automaticErrorHandling: false,
            shouldUpgrade: { channel, head in
                let isWelcome = LinkDoorHandler.refusal(of: head, places: places) == nil
                return channel.eventLoop.makeSucceededFuture(isWelcome ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let provider = LinkDoorHandler.provider(of: head, places: places) ?? ""
                    try channel.pipeline.syncOperations.addHandler(
                        LinkHandler(id: nextID(), report: { report(provider, $0) }))
                }
            })
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withServerUpgrade: (
                upgraders: [upgrader],
                completionHandler: { context in
                    context.pipeline.syncOperations.removeHandler(boundDoor.value, promise: nil)
                }
            ),
            withErrorHandling: true)
        try channel.pipeline.syncOperations.addHandler(door)
    }
}

/// Answers what does not become a link, and ends connections that ask for nothing.
private final class LinkDoorHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The providers' ids by their paths.
    private let places: [String: String]
    private let patience: TimeAmount
    private var timer: Scheduled<Void>?
    private var hasAnswered = false

    init(places: [String: String], patience: TimeAmount) {
        self.places = places
        self.patience = patience
    }

    /// The status for a request that may not become a link; nil for one that may.
    static func refusal(of head: HTTPRequestHead, places: [String: String]) -> HTTPResponseStatus? {
        if !LoopbackHost.isLoopback(head.headers["Host"]) { return .forbidden }
        if provider(of: head, places: places) == nil { return .notFound }
        return head.method == .GET ? nil : .methodNotAllowed
    }

    /// Whose IM server the path leads to; nil for another path.
    static func provider(of head: HTTPRequestHead, places: [String: String]) -> String? {
        places[String(head.uri.prefix { $0 != "?" })]
    }

    func handlerAdded(context: ChannelHandlerContext) {
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { context.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data), !hasAnswered else { return }
        hasAnswered = true
        let asksForUpgrade = !head.headers["Upgrade"].isEmpty
        let status = Self.refusal(of: head, places: places) ?? (asksForUpgrade ? .badRequest : .upgradeRequired)
        var headers = HTTPHeaders([("Connection", "close"), ("Content-Length", "0")])
        if status == .upgradeRequired || status == .badRequest {
            headers.add(name: "Sec-WebSocket-Version", value: "13")
        }
        if status == .upgradeRequired { headers.replaceOrAdd(name: "Upgrade", value: "websocket") }
        let answer = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(answer)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)))
            .assumeIsolated()
            .whenComplete { _ in context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOWebSocketUpgradeError:
            // Not an upgrade after all: the request comes next and is answered above.
            break
        default:
            // The 400 for what is not HTTP was written before this handler saw the error.
            context.close(promise: nil)
        }
    }
}

/// The connections of the listener that are open.
private final class LinkRegistry: Sendable {
    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])

    func add(_ channel: any Channel) {
        let id = ObjectIdentifier(channel)
        channels.withLock { $0[id] = channel }
        channel.closeFuture.whenComplete { _ in self.remove(id) }
    }

    func all() -> [any Channel] {
        channels.withLock { Array($0.values) }
    }

    private func remove(_ id: ObjectIdentifier) {
        channels.withLock { _ = $0.removeValue(forKey: id) }
    }
}
