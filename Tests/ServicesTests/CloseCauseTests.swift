import AsyncHTTPClient
import Glibc
import LoginCore
import NIOCore
import NIOHTTP1
import Testing

@testable import Services

@Suite("Causes of network failures")
struct CloseCauseTests {
    @Test(
        "An error of the system becomes one of the closed causes",
        arguments: [
            (ECONNREFUSED, CloseCause.refused), (EHOSTUNREACH, .refused), (ENETUNREACH, .refused),
            (EADDRNOTAVAIL, .refused), (ETIMEDOUT, .timedOut), (ECONNRESET, .linkClosed), (EPIPE, .linkClosed),
            (ENOTCONN, .linkClosed), (EMFILE, .linkClosed),
        ])
    func system(code: CInt, cause: CloseCause) {
        #expect(CloseCause.of(IOError(errnoCode: code, reason: "text")) == cause)
        #expect(CloseCause.of(IOError(errnoCode: code, reason: "text"), isEncrypted: true) == cause)
    }

    @Test("An error of the libraries becomes one of the closed causes")
    func libraries() {
        #expect(CloseCause.of(HTTPClientError.deadlineExceeded) == .timedOut)
        #expect(CloseCause.of(HTTPClientError.connectTimeout) == .timedOut)
        #expect(CloseCause.of(HTTPClientError.remoteConnectionClosed) == .linkClosed)
        #expect(CloseCause.of(HTTPClientError.cancelled) == .linkClosed)
        #expect(CloseCause.of(HTTPClientError.tlsHandshakeTimeout) == .tls("timeout"))
        #expect(CloseCause.of(HTTPClientError.emptyHost) == .refused)
        #expect(CloseCause.of(ChannelError.connectTimeout(.seconds(1))) == .timedOut)
        #expect(CloseCause.of(ChannelError.ioOnClosedChannel) == .linkClosed)
        #expect(CloseCause.of(SocketAddressError.unsupported) == .refused)
        #expect(CloseCause.of(HTTPParserError.invalidConstant) == .linkClosed)
        #expect(CloseCause.of(CancellationError()) == .linkClosed)
        #expect(CloseCause.of(CloseCause.refused) == .refused)
    }

    @Test("An unknown error is one of TLS only where TLS was asked for")
    func unknown() {
        struct Unknown: Error {}
        #expect(CloseCause.of(Unknown(), isEncrypted: true) == .tls("handshake"))
        #expect(CloseCause.of(Unknown()) == .linkClosed)
    }
}
