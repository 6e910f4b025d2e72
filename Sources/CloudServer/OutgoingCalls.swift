import AsyncHTTPClient
import Cloud
import LoginCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Providers

/// Makes the HTTP calls of the two values.
///
/// Each call is one TCP connection of its own and one attempt: what is refused is reported at once, and nothing goes
/// out on a connection that may be dead already.
struct OutgoingCalls: Sendable {
    /// Bytes of an answer that are read.
    private static let longestAnswer = 1024 * 1024

    private let client: HTTPClient

    /// `authority` is the PEM text of an authority that is trusted besides the system's.
    init(group: any EventLoopGroup, authority: String? = nil) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        if let authority, let own = try? NIOSSLCertificate.fromPEMBytes(Array(authority.utf8)) {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.additionalTrustRoots = [.certificates(own)]
            configuration.tlsConfiguration = tls
        }
        client = HTTPClient(eventLoopGroup: group, configuration: configuration)
    }

    /// Calls `base` with the request's path and query.
    ///
    /// `base` ends without a slash; for a call to a whole URL, the request's path and query are empty.
    func send(
        _ value: HTTPRequestValue,
        to base: String,
        deadline: Duration
    ) async -> Result<HTTPResponseValue, CallFailure> {
        var request = HTTPClientRequest(url: base + value.path + (value.query.isEmpty ? "" : "?" + value.query))
        request.method = HTTPMethod(rawValue: value.method)
        for header in value.headers where !Self.isTransport(header.name) {
            request.headers.add(name: header.name, value: header.value)
        }
        request.headers.replaceOrAdd(name: "Connection", value: "close")
        if !value.body.isEmpty { request.body = .bytes(value.body) }
        do {
            let (response, body) = try await client.withAnswer(
                to: request, deadline: deadline, upTo: Self.longestAnswer)
            return .success(
                HTTPResponseValue(
                    status: Int(response.status.code),
                    headers: response.headers.map { HTTPHeader($0.name, $0.value) },
                    body: Array(body.readableBytesView)))
        } catch {
            return .failure(CallFailure(Self.cause(of: error)))
        }
    }

    func stop() async {
        try? await client.shutdown()
    }

    /// The headers that the transport says itself.
    private static func isTransport(_ name: String) -> Bool {
        ["host", "content-length", "connection", "transfer-encoding"].contains(name.lowercased())
    }

    /// What a failure comes down to, never an operating system's text.
    static func cause(of error: any Error) -> CloseCause {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
                return .timedOut
            case .invalidURL, .emptyHost, .emptyScheme:
                return .refused
            default:
                return .linkClosed
            }
        case let error as NIOConnectionError:
            let attempts = error.connectionErrors
            if let attempt = attempts.first { return cause(of: attempt.error) }
            return .refused
        case let error as NIOSSLError:
            if case .uncleanShutdown = error { return .linkClosed }
            return .tls("handshake")
        case is NIOSSLExtraError:
            return .tls("certificate")
        case is ChannelError:
            if case ChannelError.connectTimeout = error { return .timedOut }
            return .linkClosed
        case let error as IOError:
            return isRefusal(error.errnoCode) ? .refused : .linkClosed
        default:
            return .linkClosed
        }
    }
}

extension HTTPClient {
    fileprivate func withAnswer(
        to request: HTTPClientRequest,
        deadline: Duration,
        upTo limit: Int
    ) async throws -> (HTTPClientResponse, ByteBuffer) {
        let end = NIODeadline.now() + TimeAmount(deadline)
        let response = try await execute(request, deadline: end)
        return (response, try await response.body.collect(upTo: limit))
    }
}
