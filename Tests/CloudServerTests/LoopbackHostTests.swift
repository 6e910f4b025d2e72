import Testing

@testable import CloudServer

@Suite("The Host check")
struct LoopbackHostTests {
    @Test(
        "This machine itself is welcome",
        arguments: [
            "localhost", "LOCALHOST", "localhost:5123", "127.0.0.1", "127.0.0.1:80", "127.255.0.9:65535", "[::1]",
            "[::1]:5123", "localhost:",
        ])
    func welcome(_ host: String) {
        #expect(LoopbackHost.isLoopback(host))
    }

    @Test(
        "Everything else is not",
        arguments: [
            "", "example.com", "localhost.example.com", "127.0.0.1.example.com", "128.0.0.1", "127.0.0", "127.0.0.256",
            "127.0.0.1:65536", "127.0.0.1:x", "127.0.0.1:80:80", "0.0.0.0", "[::2]", "[::1", "[::1]x", "::1",
            "localhost ", "127.0.0.1@example.com", "0x7f.0.0.1", "127.0.0.٣",
        ])
    func refused(_ host: String) {
        #expect(!LoopbackHost.isLoopback(host))
    }

    @Test("No Host and two Hosts are refused")
    func countsHeaders() {
        #expect(!LoopbackHost.isLoopback([String]()))
        #expect(!LoopbackHost.isLoopback(["localhost", "localhost"]))
        #expect(LoopbackHost.isLoopback(["localhost"]))
    }
}
