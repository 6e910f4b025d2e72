import AsyncHTTPClient
import Glibc
import LoginCore
import NIOCore
import NIOPosix
import NIOSSL

extension CloseCause: Error {}

extension CloseCause {
    /// The cause behind an error of the network libraries; their texts never leave this function.
    ///
    /// | what happened | cause |
    /// |---|---|
    /// | nothing listens, no route, no such host | `refused` |
    /// | no answer within the time allowed | `timedOut` |
    /// | EOF, reset, broken pipe, an answer that is not HTTP or too long, cancelled by ourselves | `linkClosed` |
    /// | a certificate that is not valid or not vouched for | `tls("certificate")` |
    /// | a certificate for another host | `tls("name")` |
    /// | any other failure of an encrypted connection, such as a server without TLS | `tls("handshake")` |
    ///
    /// - Parameter isEncrypted: whether the URL asked for TLS; only then can a failure be one of TLS.
    static func of(_ error: any Error, isEncrypted: Bool = false) -> CloseCause {
        switch error {
        case let cause as CloseCause:
            return cause
        case let error as IOError:
            return of(errno: error.errnoCode)
        case let error as NIOConnectionError:
            // Several addresses were tried, or none was found: the first address tells, a missing one counts as
            // nothing listening.
            return error.connectionErrors.first.map { of($0.error) } ?? .refused
        case let error as HTTPClientError:
            return of(error)
        case let error as NIOSSLError:
            return of(error)
        case let error as NIOSSLExtraError:
            return error == .failedToValidateHostname ? .tls("name") : .tls("certificate")
        case is CancellationError:
            return .linkClosed
        case is SocketAddressError, is SocketAddressError.UnknownHost:
            return .refused
        case let error as ChannelError:
            if case .connectTimeout = error { return .timedOut }
            return .linkClosed
        default:
            return isEncrypted ? .tls("handshake") : .linkClosed
        }
    }

    private static func of(errno code: CInt) -> CloseCause {
        switch code {
        case ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL, EACCES, EPERM:
            .refused
        case ETIMEDOUT:
            .timedOut
        default:
            .linkClosed
        }
    }

    private static func of(_ error: NIOSSLError) -> CloseCause {
        switch error {
        case .uncleanShutdown: return .linkClosed
        case .handshakeFailed(let failure):
            // The library has the reason as text only.
            return String(describing: failure).contains("CERTIFICATE_VERIFY_FAILED")
                ? .tls("certificate") : .tls("handshake")
        default: return .tls("handshake")
        }
    }

    private static func of(_ error: HTTPClientError) -> CloseCause {
        switch error {
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .getConnectionFromPoolTimeout:
            .timedOut
        case .tlsHandshakeTimeout:
            .tls("timeout")
        case .invalidURL, .emptyHost, .emptyScheme:
            .refused
        default:
            .linkClosed
        }
    }
}

/// Where a URL leads, taken apart once so that one attempt is one TCP connect.
struct NetworkTarget: Sendable {
    let scheme: String
    /// Without brackets; what the `Host` header and a certificate are about.
    let host: String
    let port: Int
    /// As written, at least `/`, query included.
    let path: String

    var isEncrypted: Bool { scheme == "https" || scheme == "wss" }

    /// Host and port as a `Host` header has them.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(name):\(port)"
    }

    /// The one address to connect to.
    ///
    /// A name may stand for several addresses, which the libraries would race against each other: two connects for
    /// one attempt. The lab listens on 127.0.0.1 only, so `localhost` is that; of any other name's addresses the
    /// first is taken.
    func address(on loop: any EventLoop) async throws -> SocketAddress {
        let name = host.lowercased() == "localhost" ? "127.0.0.1" : host
        if let literal = try? SocketAddress(ipAddress: name, port: port) { return literal }
        let port = port
        let found = loop.makePromise(of: SocketAddress.self)
        // Blocks for as long as the resolver does, therefore on a thread that may, and nobody need wait for it.
        NIOThreadPool.singleton.submit { _ in
            found.completeWith(Result { try SocketAddress.makeAddressResolvingHost(name, port: port) })
        }
        return try await withTaskCancellationHandler {
            try await found.futureResult.get()
        } onCancel: {
            found.fail(CancellationError())
        }
    }
}
