import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import LoginCore
import NIOCore
import NIOSSL
import Providers

/// One HTTP listener on 127.0.0.1: requests become values, answers come back as values.
///
/// It keeps what every listener keeps, whatever it serves: bodies of a length that was set, a `Host` that is loopback,
/// half a minute for a request to arrive whole, and 400 with the connection closed for what is not HTTP at all. How
/// the first two are refused is said in the vocabulary of whoever is served.
struct HTTPListener: Sendable {
    /// How a listener refuses what it does not hand on.
    struct Refusals: Sendable {
        /// The body is longer than the listener takes.
        var tooLarge: @Sendable (HTTPRequestValue) -> HTTPResponseValue
        /// The `Host` header is missing, doubled, or not this machine.
        var foreignHost: @Sendable (HTTPRequestValue) -> HTTPResponseValue
    }

    /// Bytes of a request's body, where no other number is given.
    static let longestBody = 65_536
    /// What is read and thrown away of a body that is too long, so that the refusal arrives before the close.
    private static let mostDrained = 4 * 1024 * 1024
    /// Real time for a whole request, and for the pause between two on one connection.
    static let patience: TimeAmount = .seconds(30)

    /// The port that was taken.
    let port: Int
    private let task: Task<Void, Never>
    private let channel: any Channel
    private let connections: HTTPConnections
    private let group: any EventLoopGroup

    /// Listens on any free port.
    ///
    /// With `tls` every connection is encrypted. `handle` answers nil when the one who should answer is gone: the
    /// connection is closed then.
    static func start(
        label: String,
        group: any EventLoopGroup,
        logger: Logger,
        patience: TimeAmount = HTTPListener.patience,
        tls: TLSConfiguration? = nil,
        longestBody: Int = HTTPListener.longestBody,
        refusals: Refusals,
        handle: @escaping @Sendable (HTTPRequestValue) async -> HTTPResponseValue?
    ) async throws(BackendError) -> HTTPListener {
        // Being cancelled is how this server ends; the library logs that as errors, which they are not.
        var quiet = logger
        quiet.logLevel = .critical
        let (running, isRunning) = AsyncStream.makeStream(of: (any Channel).self)
        let connections = HTTPConnections()
        let responder = CallbackResponder<ListenerContext> { request, context in
            try await respond(
                to: request, on: context.channel, patience: patience, longestBody: longestBody, refusals: refusals,
                handle: handle)
        }
        var server = HTTPServerBuilder { responder in
            CountedHTTPChannel(
                http: HTTP1Channel(responder: responder, configuration: .init(idleTimeout: patience)),
                connections: connections)
        }
        if let tls {
            guard let encrypted = try? HTTPServerBuilder.tls(server, tlsConfiguration: tls) else {
                throw BackendError("Cannot use the certificate for TLS: start without --tls.")
            }
            server = encrypted
        }
        let application = Application(
            responder: responder,
            server: server,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: 0), serverName: nil, backlog: 1024,
                availableConnectionsDelegate: HTTPGate(connections: connections)),
            onServerRunning: { channel in isRunning.yield(channel) },
            eventLoopGroupProvider: .shared(group),
            logger: quiet)
        let task = Task {
            do {
                try await application.runService(gracefulShutdownSignals: [])
            } catch {
                logger.info("The listener ended.", metadata: ["listener": "\(label)", "error": "\(error)"])
            }
            isRunning.finish()
        }
        for await channel in running {
            guard let port = channel.localAddress?.port else { break }
            return HTTPListener(port: port, task: task, channel: channel, connections: connections, group: group)
        }
        throw BackendError(
            "Cannot open a listener for the \(label) on 127.0.0.1: look whether loopback networking is allowed here.")
    }

    /// Closes the listener and its connections; answers when nothing of it runs any more.
    func stop() async {
        await connections.close(channel, group: group)
        task.cancel()
        await task.value
    }

    // MARK: - One request

    private static func respond(
        to request: Request,
        on channel: any Channel,
        patience: TimeAmount,
        longestBody: Int,
        refusals: Refusals,
        handle: @Sendable (HTTPRequestValue) async -> HTTPResponseValue?
    ) async throws -> Response {
        // The idle timer starts again with every byte of a body; this one does not.
        let deadline = channel.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        defer { deadline.cancel() }
        var value = head(of: request)
        var body: [UInt8] = []
        var drained = 0
        for try await part in request.body {
            drained += part.readableBytes
            if drained <= longestBody { body.append(contentsOf: part.readableBytesView) }
            if drained > mostDrained {
                // An error that is thrown here becomes a 500; the close comes first, so that it goes nowhere.
                channel.close(promise: nil)
                throw ListenerProblem.bodyWithoutEnd
            }
        }
        deadline.cancel()
        value.body = drained <= longestBody ? body : []
        let answer: HTTPResponseValue? =
            if !LoopbackHost.isLoopback(value.values(of: "Host")) {
                refusals.foreignHost(value)
            } else if drained > longestBody {
                refusals.tooLarge(value)
            } else {
                await handle(value)
            }
        guard let answer else {
            channel.close(promise: nil)
            throw ListenerProblem.nobodyAnswers
        }
        return response(answer, to: value)
    }

    private static func head(of request: Request) -> HTTPRequestValue {
        var headers: [HTTPHeader] = []
        // Hummingbird takes the first Host header out of the list; a second one stays in it.
        if let host = request.head.authority { headers.append(HTTPHeader("Host", host)) }
        for field in request.headers { headers.append(HTTPHeader(field.name.rawName, field.value)) }
        let target = request.head.path ?? ""
        let mark = target.firstIndex(of: "?")
        return HTTPRequestValue(
            method: request.method.rawValue,
            path: String(target[..<(mark ?? target.endIndex)]),
            query: mark.map { String(target[target.index(after: $0)...]) } ?? "",
            headers: headers)
    }

    private static func response(_ value: HTTPResponseValue, to request: HTTPRequestValue) -> Response {
        var headers = HTTPFields()
        for header in value.headers {
            // The length is the transport's to say.
            if header.name.lowercased() == "content-length" { continue }
            guard let name = HTTPFields.Element.Name(header.name) else { continue }
            headers.append(HTTPFields.Element(name: name, value: header.value))
        }
        let status = HTTPResponse.Status(code: (200...599).contains(value.status) ? value.status : 500)
        let response = Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: value.body)))
        return request.method == "HEAD" ? response.createHeadResponse() : response
    }
}

/// Why a request has no answer; the connection is closed.
private enum ListenerProblem: Error {
    case bodyWithoutEnd
    case nobodyAnswers
}

/// Gives a request its connection.
private struct ListenerContext: InitializableFromSource {
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }
}
