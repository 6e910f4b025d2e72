import LoginCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Services
import Testing

@Suite("Link service", .timeLimit(.minutes(5)))
struct LinkServiceTests {
    private static let ample: Duration = .seconds(30)
    private static let short: Duration = .milliseconds(500)

    private let service = LinkService.live(group: MultiThreadedEventLoopGroup.singleton)

    /// Both ends of a new link.
    private func pair() async throws -> (channel: LinkChannel, peer: LinkPeer, server: LinkServer) {
        let server = try await LinkServer.start()
        let channel = try await service.open(server.url, Self.ample).get()
        return (channel, try await server.link(), server)
    }

    private func text(_ text: String) -> LinkInbound { .frame(Array(text.utf8)) }

    /// Everything that arrives until the stream ends.
    private func all(_ channel: LinkChannel) async -> [LinkInbound] {
        var arrived: [LinkInbound] = []
        for await next in channel.inbound { arrived.append(next) }
        return arrived
    }

    // MARK: Opening

    @Test(
        "Every way not to open has its cause, after exactly one connect",
        arguments: [
            (RawServer.Behaviour.silent, CloseCause.timedOut),
            (.closeAtOnce, .linkClosed),
            (.resetAtOnce, .linkClosed),
            (.close, .linkClosed),
            (.reset, .linkClosed),
            (.answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), .refused),
            (.answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), .refused),
            (.answer("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"), .refused),
            (
                .answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"),
                .refused
            ),
            (
                .answer(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
                        + "Sec-WebSocket-Accept: wrong\r\n\r\n"), .refused
            ),
            (.answer("SSH-2.0-OpenSSH\r\n\r\n"), .refused),
            (.answer("HTTP/1.1 101"), .timedOut),
        ])
    func failures(behaviour: RawServer.Behaviour, cause: CloseCause) async throws {
        let server = try await RawServer.start(behaviour)
        let deadline = cause == .timedOut ? Self.short : Self.ample
        let result = await service.open("ws://127.0.0.1:\(server.port)/", deadline)
        #expect(throws: cause) { try result.get() }
        let accepted = try await server.acceptedInTheEnd()
        // On a busy machine the deadline may pass before the connect.
        #expect(accepted == 1 || cause == .timedOut && accepted == 0)
        // Whatever the cause, the socket is not left behind; the other end that is seen is the probe's.
        for _ in 0...accepted { await server.event { $0 == .closed } }
    }

    @Test("A refused connect is reported as refused, and is not tried again")
    func refused() async throws {
        let port = try QuietPort()
        let result = await service.open("ws://127.0.0.1:\(port.port)/", .seconds(3600))
        #expect(throws: CloseCause.refused) { try result.get() }
        port.listen()
        #expect(port.drain() == 0)
    }

    @Test(
        "What cannot be opened fails without a connect",
        arguments: [
            ("", CloseCause.refused), ("http://127.0.0.1/", .refused), ("ws://", .refused), ("wss://", .refused),
        ])
    func badURL(url: String, cause: CloseCause) async {
        let result = await service.open(url, Self.ample)
        #expect(throws: cause) { try result.get() }
    }

    @Test("Cancelling the opening task closes the socket")
    func cancelled() async throws {
        let server = try await RawServer.start(.silent)
        let service = service
        let task = Task { await service.open("ws://127.0.0.1:\(server.port)/", Self.ample) }
        await server.event { if case .request = $0 { true } else { false } }
        task.cancel()
        let result = await task.value
        #expect(throws: CloseCause.linkClosed) { try result.get() }
        await server.event { $0 == .closed }
        #expect(try await server.acceptedInTheEnd() == 1)
    }

    @Test("A task that is cancelled already opens nothing")
    func cancelledBefore() async throws {
        let server = try await RawServer.start(.silent)
        let service = service
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            for await _ in gate {}
            return await service.open("ws://127.0.0.1:\(server.port)/", Self.ample)
        }
        task.cancel()
        open.finish()
        let result = await task.value
        #expect(throws: CloseCause.linkClosed) { try result.get() }
    }

    @Test("The upgrade asks for the path and query, with the host it connects to")
    func request() async throws {
        let (channel, peer, server) = try await pair()
        #expect(peer.head.uri == "/commsease?x=1")
        #expect(peer.head.headers["Host"] == ["127.0.0.1:\(server.port)"])
        #expect(peer.head.headers["Sec-WebSocket-Version"] == ["13"])
        channel.close()
    }

    // MARK: Frames

    @Test("Frames leave in the order of the calls, masked, and arrive whole")
    func order() async throws {
        let (channel, peer, _) = try await pair()
        for number in 0..<500 { channel.send(Array("frame \(number)".utf8)) }
        for number in 0..<500 { #expect(await peer.frame() == .text("frame \(number)")) }
        let long = [UInt8](repeating: 0x61, count: LinkService.longestFrame)
        channel.send(long)
        #expect(await peer.frame() == PeerFrame(opcode: .text, bytes: long))
        channel.close()
    }

    @Test("Frames arrive in order, fragments joined, with a ping between them answered")
    func fragments() async throws {
        let (channel, peer, _) = try await pair()
        peer.send("one")
        peer.send(.text, Array("tw".utf8), isFinal: false)
        peer.send(.ping, [1, 2, 3])
        peer.send(.continuation, [], isFinal: false)
        peer.send(.continuation, Array("o".utf8))
        peer.send(.pong, [])
        peer.send("")
        #expect(await peer.frame() == PeerFrame(opcode: .pong, bytes: [1, 2, 3]))
        peer.close()
        #expect(await all(channel) == [text("one"), text("two"), text(""), .closed(.linkClosed)])
    }

    @Test("A frame sent together with the answer to the upgrade is not lost")
    func early() async throws {
        let server = try await LinkServer.start()
        async let opening = service.open(server.url, Self.ample)
        let peer = try await server.link()
        peer.send("early")
        let channel = try await opening.get()
        peer.close()
        let arrived = await all(channel)
        #expect(arrived == [text("early"), .closed(.linkClosed)], "\(arrived)")
    }

    @Test("A frame of 65,536 bytes is taken, in one piece or in fragments")
    func longest() async throws {
        let (channel, peer, _) = try await pair()
        let half = [UInt8](repeating: 0x62, count: LinkService.longestFrame / 2)
        peer.send(.text, half + half)
        peer.send(.text, half, isFinal: false)
        peer.send(.continuation, half)
        peer.close()
        #expect(await all(channel) == [.frame(half + half), .frame(half + half), .closed(.linkClosed)])
    }

    /// What a server may not send: the frames, and the code they are answered with.
    struct Violation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let frames: [PeerFrame]
        let code: UInt16
    }

    private static let half = [UInt8](repeating: 0x62, count: 40_000)

    @Test(
        "A server that breaks the protocol is told why, and the link ends",
        arguments: [
            Violation(
                testDescription: "binary", frames: [PeerFrame(opcode: .binary, bytes: [1])], code: 1003),
            Violation(
                testDescription: "too long", frames: [PeerFrame(opcode: .text, bytes: half + half)], code: 1009),
            Violation(
                testDescription: "too long once joined",
                frames: [
                    PeerFrame(opcode: .text, bytes: half, isFinal: false),
                    PeerFrame(opcode: .continuation, bytes: half),
                ], code: 1009),
            Violation(
                testDescription: "a continuation of nothing", frames: [PeerFrame(opcode: .continuation, bytes: [1])],
                code: 1002),
            Violation(
                testDescription: "a new text inside another",
                frames: [PeerFrame(opcode: .text, bytes: [1], isFinal: false), .text("x")], code: 1002),
        ])
    func violation(violation: Violation) async throws {
        let (channel, peer, _) = try await pair()
        for frame in violation.frames { peer.send(frame.opcode, frame.bytes, isFinal: frame.isFinal) }
        #expect(await peer.frame() == .close(violation.code))
        #expect(await peer.frame() == nil)
        #expect(await all(channel) == [.closed(.linkClosed)])
    }

    @Test("A flood that nobody reads ends the link instead of filling the memory")
    func flood() async throws {
        let (channel, peer, _) = try await pair()
        for _ in 0..<1000 { peer.send("flood") }
        #expect(await peer.frame() == .close(1008))
        let arrived = await all(channel)
        #expect(arrived.last == .closed(.linkClosed))
        #expect(arrived.count <= 257)
    }

    // MARK: Ending

    @Test("EOF and reset end the link alike, after what had arrived", arguments: [true, false])
    func ended(withReset: Bool) async throws {
        let (channel, peer, _) = try await pair()
        peer.send("last")
        var reader = channel.inbound.makeAsyncIterator()
        // Read before the end: a reset may overtake what has not been taken in yet.
        #expect(await reader.next() == text("last"))
        if withReset { try await peer.reset() } else { peer.close() }
        #expect(await reader.next() == .closed(.linkClosed))
        #expect(await reader.next() == nil)
        channel.send([1])
        channel.close()
    }

    @Test("A close frame of the server ends the link and is answered")
    func farewell() async throws {
        let (channel, peer, _) = try await pair()
        peer.send("last")
        peer.send(.connectionClose, [0x03, 0xE8])
        #expect(await all(channel) == [text("last"), .closed(.linkClosed)])
        #expect(await peer.frame() == .close(1000))
        #expect(await peer.frame() == nil)
    }

    @Test("Our close comes after what was sent, with 1000, and once")
    func close() async throws {
        let (channel, peer, _) = try await pair()
        channel.send(Array("last".utf8))
        channel.close()
        channel.close()
        channel.send(Array("too late".utf8))
        #expect(await peer.frame() == .text("last"))
        #expect(await peer.frame() == .close(1000))
        #expect(await peer.frame() == nil)
        #expect(await all(channel) == [.closed(.linkClosed)])
    }

    @Test("A link whose reader goes away is closed")
    func abandoned() async throws {
        let (channel, peer, _) = try await pair()
        let reader = Task { for await _ in channel.inbound {} }
        reader.cancel()
        await reader.value
        #expect(await peer.frame() == .close(1000))
        #expect(await peer.frame() == nil)
    }
}
