import Foundation
import NIOCore
import NIOPosix
import Testing

@testable import CloudServer

@Suite("The proxy that fails on purpose", .timeLimit(.minutes(5)))
struct FaultProxyTests {
    /// A proxy before a server whose connections the test holds.
    private func withProxy(
        limit: Int = 4096,
        _ body: (FaultProxy, Int, RawServer) async throws -> Void
    ) async throws {
        let server = try await RawServer.start()
        let proxy = FaultProxy(upstreamPort: server.port, connectionLimit: limit)
        let port = try await proxy.start(port: 0)
        do {
            try await body(proxy, port, server)
        } catch {
            await proxy.stop()
            await server.stop()
            throw error
        }
        await proxy.stop()
        await server.stop()
    }

    /// The system's code for a connect that does not come about; 0 for one that does.
    private func connectCode(_ port: Int) async -> CInt {
        do {
            let client = try await RawClient.connect(to: port)
            await client.close()
            return 0
        } catch let error as NIOConnectionError {
            return (error.connectionErrors.first?.error as? IOError)?.errnoCode ?? -1
        } catch {
            return -1
        }
    }

    @Test("Bytes go through both ways, and a half close leaves the other way open")
    func passesBytesAndHalfCloses() async throws {
        try await withProxy { _, port, server in
            let client = try await RawClient.connect(to: port)
            try await client.send("question\n")
            try await client.endOutput()
            let peer = try #require(await server.accept())
            #expect(await peer.readToEnd() == "question\n")
            #expect(await peer.ending == .closed)
            try await peer.send("answer\n")
            #expect(await client.read(through: "\n") == "answer\n")
            await peer.close()
            #expect(await client.readToEnd() == "")
            #expect(await client.ending == .closed)
        }
    }

    @Test("A reader that does not read stops the writer, and then gets every byte in order")
    func keepsBackPressure() async throws {
        try await withProxy { _, port, server in
            let client = try await RawClient.connect(to: port)
            let peer = try #require(await server.accept())
            let block = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 251) }
            async let sent: Void = {
                for _ in 0..<8 { try await client.send(block) }
                try await client.endOutput()
            }()
            for _ in 0..<8 { #expect(await peer.read(count: block.count) == block) }
            try await sent
            #expect(await peer.readToEnd() == "")
        }
    }

    @Test("Refusing resets what is connected and refuses what comes; the port is the same afterwards")
    func refuses() async throws {
        try await withProxy { proxy, port, server in
            let client = try await RawClient.connect(to: port)
            try await client.send("x")
            let peer = try #require(await server.accept())
            #expect(await peer.read(count: 1) == [0x78])
            try await proxy.set(.refuse)
            _ = await client.readToEnd()
            #expect(await client.ending == .failed(ECONNRESET))
            _ = await peer.readToEnd()
            #expect(await peer.ending == .failed(ECONNRESET))
            #expect(await connectCode(port) == ECONNREFUSED)
            try await proxy.set(.pass)
            let second = try await RawClient.connect(to: port)
            try await second.send("again\n")
            let secondPeer = try #require(await server.accept())
            #expect(await secondPeer.read(through: "\n") == "again\n")
        }
    }

    @Test("Swallowing delivers nothing and loses nothing, for old connections and for new ones")
    func swallows() async throws {
        try await withProxy { proxy, port, server in
            let old = try await RawClient.connect(to: port)
            try await old.send("1\n")
            let oldPeer = try #require(await server.accept())
            #expect(await oldPeer.read(through: "\n") == "1\n")

            try await proxy.set(.swallow)
            try await old.send("2\n")
            try await oldPeer.send("3\n")
            let new = try await RawClient.connect(to: port)
            try await new.send("4\n")
            try await new.endOutput()
            while await proxy.connectionCount() < 2 { await Task.yield() }
            // What goes round the proxy overtakes what is stalled in it.
            let direct = try await RawClient.connect(to: server.port)
            try await direct.send("direct\n")
            let directPeer = try #require(await server.accept())
            #expect(await directPeer.read(through: "\n") == "direct\n")
            #expect(await server.waitingCount() == 0)

            try await proxy.set(.pass)
            #expect(await oldPeer.read(through: "\n") == "2\n")
            #expect(await old.read(through: "\n") == "3\n")
            let newPeer = try #require(await server.accept())
            #expect(await newPeer.readToEnd() == "4\n")
        }
    }

    @Test("A client that hangs up during a stall is told on when the stall ends")
    func tellsOfTheHangUpAfterTheStall() async throws {
        try await withProxy { proxy, port, server in
            let client = try await RawClient.connect(to: port)
            try await client.send("1\n")
            let peer = try #require(await server.accept())
            #expect(await peer.read(through: "\n") == "1\n")
            try await proxy.set(.swallow)
            try await client.send("2\n")
            await client.close()
            try await proxy.set(.pass)
            #expect(await peer.readToEnd() == "2\n")
            await peer.close()
            while await proxy.connectionCount() > 0 { await Task.yield() }
        }
    }

    @Test("A cut resets both sides at once and leaves the listener alone")
    func cuts() async throws {
        try await withProxy { proxy, port, server in
            let client = try await RawClient.connect(to: port)
            try await client.send("x")
            let peer = try #require(await server.accept())
            #expect(await peer.read(count: 1) == [0x78])
            await proxy.cut()
            _ = await client.readToEnd()
            #expect(await client.ending == .failed(ECONNRESET))
            _ = await peer.readToEnd()
            #expect(await peer.ending == .failed(ECONNRESET))
            #expect(await connectCode(port) == 0)
        }
    }

    @Test("A reset of one side becomes a reset of the other")
    func passesResets() async throws {
        try await withProxy { _, port, server in
            // Often enough that the reset meets the byte on its way: then the proxy learns of it by writing.
            for _ in 0..<200 {
                let client = try await RawClient.connect(to: port)
                try await client.send("x")
                let peer = try #require(await server.accept())
                try await peer.reset()
                _ = await client.readToEnd()
                try #require(await client.ending == .failed(ECONNRESET))
            }
        }
    }

    @Test("When nothing listens behind it, the client is reset")
    func resetsWhenUpstreamRefuses() async throws {
        try await withProxy { _, port, server in
            await server.stop()
            do {
                let client = try await RawClient.connect(to: port)
                _ = await client.readToEnd()
                #expect(await client.ending == .failed(ECONNRESET))
            } catch let error as NIOConnectionError {
                // The reset can be there before the client looks whether it is connected.
                #expect((error.connectionErrors.first?.error as? IOError)?.errnoCode == ECONNRESET)
            }
        }
    }

    @Test("More connections than the limit wait their turn")
    func limitsConnections() async throws {
        try await withProxy(limit: 2) { proxy, port, server in
            let first = try await RawClient.connect(to: port)
            let second = try await RawClient.connect(to: port)
            _ = try #require(await server.accept())
            _ = try #require(await server.accept())
            let third = try await RawClient.connect(to: port)
            try await third.send("late\n")
            #expect(await proxy.connectionCount() == 2)
            await proxy.cut()
            let peer = try #require(await server.accept())
            #expect(await peer.read(through: "\n") == "late\n")
            await first.close()
            await second.close()
        }
    }

    @Test("A port that is taken is named in one sentence")
    func namesTheTakenPort() async throws {
        let server = try await RawServer.start()
        let proxy = FaultProxy(upstreamPort: 1)
        let error = await #expect(throws: BackendError.self) { try await proxy.start(port: server.port) }
        #expect(error?.message.contains("Port \(server.port) on 127.0.0.1 is already taken") == true)
        await proxy.stop()
        await server.stop()
    }

    @Test("Between two modes nobody else can take the port")
    func holdsThePort() async throws {
        try await withProxy { proxy, port, _ in
            let rival = Task.detached {
                var taken = 0
                while !Task.isCancelled { if canBind(port) { taken += 1 } }
                return taken
            }
            for _ in 0..<200 {
                try await proxy.set(.refuse)
                try await proxy.set(.pass)
            }
            rival.cancel()
            #expect(await rival.value == 0)
            #expect(await connectCode(port) == 0)
        }
    }

    @Test("A socket that a forked process still holds is in nobody's way")
    func endsListeningForEveryHolder() async throws {
        try await withProxy { proxy, port, _ in
            // What a child holds between fork and exec is one more descriptor of the same socket.
            let shared = try #require(descriptors(listeningOn: port).first)
            let held = dup(shared)
            defer { close(held) }
            try await proxy.set(.refuse)
            #expect(await connectCode(port) == ECONNREFUSED)
            try await proxy.set(.pass)
            #expect(await connectCode(port) == 0)
        }
    }

    @Test("Changes of mode that come at once all happen, one after the other")
    func ordersChanges() async throws {
        try await withProxy { proxy, port, _ in
            try await withThrowingDiscardingTaskGroup { group in
                for mode in [FaultProxy.Mode.refuse, .pass, .swallow, .refuse, .pass, .refuse, .swallow] {
                    group.addTask { try await proxy.set(mode) }
                }
            }
            try await proxy.set(.pass)
            #expect(await connectCode(port) == 0)
        }
    }
}
