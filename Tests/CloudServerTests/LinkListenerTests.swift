import Cloud
import LoginCore
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import CloudServer

@Suite("The IM link's listener", .timeLimit(.minutes(5)))
struct LinkListenerTests {
    private typealias Opcode = WebSocketClient.Opcode

    /// The reports of a listener, and the links that are open; frames are echoed.
    private final class Hall: Sendable {
        let closed: AsyncStream<LinkID>
        private let continuation: AsyncStream<LinkID>.Continuation
        let handles = Mutex<[LinkID: LinkHandle]>([:])
        let closings = Mutex<[LinkID: Int]>([:])

        init() {
            (closed, continuation) = AsyncStream.makeStream(of: LinkID.self)
        }

        func take(_ report: LinkReport) {
            switch report {
            case .opened(let handle, let address):
                handles.withLock { $0[handle.id] = handle }
                #expect(address == "127.0.0.1")
            case .frame(let id, let bytes):
                let handle = handles.withLock { $0[id] }
                handle?.frameDone()
                switch String(decoding: bytes, as: UTF8.self) {
                case "flood":
                    for _ in 0..<40 { handle?.send([UInt8](repeating: 0x66, count: 1_000_000)) }
                case "farewell":
                    handle?.send(Array("last words".utf8))
                    handle?.close(code: 1000)
                default: handle?.send(bytes)
                }
            case .closed(let id, _):
                closings.withLock { $0[id, default: 0] += 1 }
                continuation.yield(id)
            }
        }
    }

    private func withListener(
        patience: TimeAmount = .seconds(30),
        _ body: (Int, Hall) async throws -> Void
    ) async throws {
        let hall = Hall()
        let counter = LinkCounter()
        let listener = try await LinkListener.start(
            providers: ["commsease"], group: MultiThreadedEventLoopGroup.singleton, patience: patience,
            nextID: { counter.next() }, report: { hall.take($1) })
        do {
            try await body(listener.port, hall)
        } catch {
            await listener.stop()
            throw error
        }
        await listener.stop()
    }

    private func expectAlive(_ port: Int) async throws {
        let client = try #require(try await WebSocketClient.open(port))
        try await client.send("alive")
        #expect(await client.read()?.text == "alive")
        await client.raw.close()
    }

    @Test("A text frame is handed on and answered in order")
    func handsFramesOn() async throws {
        try await withListener { port, _ in
            let client = try #require(try await WebSocketClient.open(port))
            for number in 0..<500 { try await client.send("frame \(number)") }
            for number in 0..<500 { #expect(await client.read()?.text == "frame \(number)") }
        }
    }

    @Test("Fragments are joined, with a ping between them answered at once")
    func joinsFragments() async throws {
        try await withListener { port, _ in
            let client = try #require(try await WebSocketClient.open(port))
            let halves = Array("你好".utf8)
            try await client.send(WebSocketClient.frame(Opcode.text, Array(halves[..<2]), isLast: false))
            try await client.send(WebSocketClient.frame(Opcode.ping, [1, 2, 3]))
            try await client.send(WebSocketClient.frame(Opcode.continuation, Array(halves[2..<4]), isLast: false))
            try await client.send(WebSocketClient.frame(Opcode.continuation, Array(halves[4...])))
            #expect(await client.read() == WebSocketClient.Frame(opcode: Opcode.pong, payload: [1, 2, 3]))
            #expect(await client.read()?.text == "你好")
        }
    }

    @Test("65,536 bytes are taken in one frame and in two")
    func takesTheLongest() async throws {
        try await withListener { port, _ in
            let client = try #require(try await WebSocketClient.open(port))
            let long = [UInt8](repeating: 0x61, count: 65_536)
            try await client.send(WebSocketClient.frame(Opcode.text, long))
            #expect(await client.read()?.payload == long)
            try await client.send(WebSocketClient.frame(Opcode.text, Array(long[..<40_000]), isLast: false))
            try await client.send(WebSocketClient.frame(Opcode.continuation, Array(long[40_000...])))
            #expect(await client.read()?.payload == long)
        }
    }

    /// What breaks the rules of a link, and the code it is closed with.
    struct Breach: Sendable, CustomTestStringConvertible {
        let name: String
        let code: Int
        let bytes: [UInt8]
        var testDescription: String { name }

        static let all: [Breach] = {
            let long = [UInt8](repeating: 0x61, count: 65_537)
            typealias Client = WebSocketClient
            return [
                Breach(name: "a frame that is too long", code: 1009, bytes: Client.frame(1, long)),
                Breach(
                    name: "fragments that are too long together", code: 1009,
                    bytes: Client.frame(1, Array(long[..<40_000]), isLast: false)
                        + Client.frame(0, Array(long[40_000...]))),
                Breach(name: "a frame of a million bytes", code: 1009, bytes: Client.frame(1, long + long + long)),
                Breach(name: "a binary frame", code: 1003, bytes: Client.frame(2, [1])),
                Breach(name: "a frame without a mask", code: 1002, bytes: Client.frame(1, [0x61], isMasked: false)),
                Breach(name: "reserved bits", code: 1002, bytes: Client.frame(1, [0x61], reserved: 4)),
                Breach(name: "a reserved opcode", code: 1002, bytes: Client.frame(3, [0x61])),
                Breach(name: "a reserved control opcode", code: 1002, bytes: Client.frame(11, [])),
                Breach(name: "a continuation of nothing", code: 1002, bytes: Client.frame(0, [0x61])),
                Breach(
                    name: "a text inside another", code: 1002,
                    bytes: Client.frame(1, [0x61], isLast: false) + Client.frame(1, [0x61])),
                Breach(name: "a ping in fragments", code: 1002, bytes: Client.frame(9, [], isLast: false)),
                Breach(
                    name: "a ping that is too long", code: 1002,
                    bytes: Client.frame(9, [UInt8](repeating: 0, count: 126))),
                Breach(name: "a close frame with half a code", code: 1002, bytes: Client.frame(8, [3])),
                Breach(name: "a close frame with a code of nobody", code: 1002, bytes: Client.frame(8, [3, 0xED])),
                Breach(name: "text that is not UTF-8", code: 1007, bytes: Client.frame(1, [0xFF, 0xFE])),
                Breach(name: "half a character", code: 1007, bytes: Client.frame(1, [0xE4, 0xBD])),
                Breach(
                    name: "a close reason that is not UTF-8", code: 1007, bytes: Client.frame(8, [3, 0xE8, 0xFF])),
            ]
        }()
    }

    @Test("A breach closes the link with its code, once, and the listener lives on", arguments: Breach.all)
    func closesWithCode(_ breach: Breach) async throws {
        try await withListener { port, hall in
            let client = try #require(try await WebSocketClient.open(port))
            try await client.send(breach.bytes)
            let frame = await client.read()
            #expect(frame?.opcode == Opcode.close)
            #expect(frame?.closeCode == breach.code)
            var closed = hall.closed.makeAsyncIterator()
            let id = try #require(await closed.next())
            try? await client.send(WebSocketClient.frame(Opcode.close, [3, 0xE8]))
            await client.raw.close()
            try await expectAlive(port)
            #expect(hall.closings.withLock { $0[id] } == 1)
        }
    }

    @Test("A close frame is answered with its code, and the connection ends")
    func answersFarewells() async throws {
        try await withListener { port, hall in
            let client = try #require(try await WebSocketClient.open(port))
            try await client.send(WebSocketClient.frame(Opcode.close, [3, 0xE8]))
            let frame = await client.read()
            #expect(frame?.opcode == Opcode.close)
            #expect(frame?.closeCode == 1000)
            #expect(await client.read() == nil)
            var closed = hall.closed.makeAsyncIterator()
            #expect(await closed.next() != nil)
        }
    }

    @Test("The backend's farewell comes after what it sent before")
    func ordersFarewells() async throws {
        try await withListener { port, _ in
            let client = try #require(try await WebSocketClient.open(port))
            try await client.send("farewell")
            #expect(await client.read()?.text == "last words")
            #expect(await client.read()?.closeCode == 1000)
        }
    }

    @Test("A hang-up without a farewell is reported")
    func reportsHangUps() async throws {
        try await withListener { port, hall in
            let client = try #require(try await WebSocketClient.open(port))
            try await client.raw.reset()
            var closed = hall.closed.makeAsyncIterator()
            #expect(await closed.next() != nil)
        }
    }

    @Test("A reader that is too slow is let go before it costs memory")
    func letsSlowReadersGo() async throws {
        try await withListener { port, hall in
            let raw = try await RawClient.connect(to: port, readsAtOnce: false)
            try await raw.send(WebSocketClient.upgrade(path: "/commsease"))
            try await raw.send(WebSocketClient.frame(Opcode.text, Array("flood".utf8)))
            var closed = hall.closed.makeAsyncIterator()
            #expect(await closed.next() != nil)
            await raw.close()
            try await expectAlive(port)
        }
    }

    @Test(
        "What is not an upgrade of this link is answered and ended",
        arguments: [
            (WebSocketClient.upgrade(path: "/"), "404"),
            (WebSocketClient.upgrade(path: "/tencent"), "404"),
            (WebSocketClient.upgrade(path: "/commsease/x"), "404"),
            (WebSocketClient.upgrade(path: "/commsease", host: "example.com"), "403"),
            (WebSocketClient.upgrade(path: "/elsewhere", host: "example.com"), "403"),
            (WebSocketClient.upgrade(path: "/commsease", version: "12"), "400"),
            ("GET /commsease HTTP/1.1\r\nHost: localhost\r\n\r\n", "426"),
            ("POST /commsease HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", "405"),
            ("GET /commsease HTTP/1.1\r\n\r\n", "403"),
            ("garbage\r\n\r\n", "400"),
        ])
    func refusesOthers(_ request: String, _ status: String) async throws {
        try await withListener { port, _ in
            let client = try await RawClient.connect(to: port)
            try await client.send(request)
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"))
            try await expectAlive(port)
        }
    }

    @Test("A query after the path does no harm")
    func takesQueries() async throws {
        try await withListener { port, _ in
            _ = try #require(try await WebSocketClient.open(port, path: "/commsease?x=1"))
        }
    }

    @Test("A connection that asks for nothing is ended, a link is not")
    func endsTheSilent() async throws {
        try await withListener(patience: .seconds(4)) { port, _ in
            let link = try #require(try await WebSocketClient.open(port))
            let silent = try await RawClient.connect(to: port)
            #expect(await silent.readToEnd() == "")
            try await link.send("still here")
            #expect(await link.read()?.text == "still here")
        }
    }

    @Test("Two hundred links at once are all served")
    func servesAFlood() async throws {
        try await withListener { port, hall in
            let answers = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        guard let client = try await WebSocketClient.open(port) else { return false }
                        try await client.send("\(number)")
                        let isRight = await client.read()?.text == "\(number)"
                        await client.raw.close()
                        return isRight
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.count == 200)
            #expect(answers.allSatisfy { $0 })
            #expect(hall.handles.withLock { $0.count } == 200)
        }
    }
}
