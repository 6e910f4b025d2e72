import Cloud
import Foundation
import LoginCore
import NIOCore
import NIOPosix
import Providers
import Testing

@testable import CloudServer

@Suite("A backend", .timeLimit(.minutes(5)))
struct BackendTests {
    /// A backend of doubles that is stopped in the end, whatever happens.
    private func withBackend(
        _ change: (inout BackendConfiguration) -> Void = { _ in },
        _ body: (Backend, Ports, EntryLog) async throws -> Void
    ) async throws {
        let log = EntryLog()
        var configuration = BackendConfiguration(clock: testClock(), sink: { log.take($0) })
        change(&configuration)
        let backend = Backend(configuration, maker: .double)
        let endpoints = try await backend.start()
        do {
            try await body(backend, try #require(Ports(endpoints)), log)
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }

    struct Ports: Hashable {
        let appServer: Int
        let webAPI: Int
        let imLink: Int

        init?(_ endpoints: BackendEndpoints) {
            func port(_ url: String, _ prefix: String) -> Int? {
                url.hasPrefix(prefix) ? Int(url.dropFirst(prefix.count)) : nil
            }
            guard let appServer = port(endpoints.appServer, "http://127.0.0.1:"),
                let webAPI = port(endpoints.webAPI, "http://127.0.0.1:"),
                let imLink = port(endpoints.imLink, "ws://127.0.0.1:")
            else { return nil }
            self.appServer = appServer
            self.webAPI = webAPI
            self.imLink = imLink
        }
    }

    /// The body of the answer to a GET, on a connection of its own.
    private func get(_ port: Int, _ path: String) async throws -> String? {
        let client = try await RawClient.connect(to: port)
        try await client.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return await client.readAnswer()?.body
    }

    private func connectCode(_ port: Int) async -> CInt {
        do {
            await (try await RawClient.connect(to: port)).close()
            return 0
        } catch let error as NIOConnectionError {
            return (error.connectionErrors.first?.error as? IOError)?.errnoCode ?? -1
        } catch {
            return -1
        }
    }

    @Test("Each listener serves its own value, and refuses in that value's words")
    func servesThree() async throws {
        try await withBackend { _, ports, _ in
            let fromApp = try await get(ports.appServer, "/a?b")
            #expect(fromApp == "app GET /a b 0")
            let fromWeb = try await get(ports.webAPI, "/a%20")
            #expect(fromWeb == "web GET /a%20  0")
            let link = try #require(try await WebSocketClient.open(ports.imLink))
            try await link.send("hello")
            #expect(await link.read()?.text == "hello")
            for (port, name) in [(ports.appServer, "app"), (ports.webAPI, "web")] {
                let client = try await RawClient.connect(to: port)
                try await client.send("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
                let answer = try #require(await client.readAnswer())
                #expect(answer.head.hasPrefix("HTTP/1.1 403"))
                #expect(answer.body == name)
            }
        }
    }

    @Test("A call to the web API goes over HTTP and back")
    func calls() async throws {
        try await withBackend { _, ports, _ in
            let said = try await get(ports.appServer, "/call/x%2Fy?q=1")
            #expect(said == "200 web POST /x%2Fy q=1 0")
        }
    }

    @Test("A call that is refused, stalled or cut off comes down to its cause")
    func callsFail() async throws {
        try await withBackend { backend, ports, log in
            try await backend.set(.refuse, for: .webAPI)
            let refused = try await get(ports.appServer, "/call/x")
            #expect(refused == "failed: refused")
            let silent = try await RawServer.start()
            let stalled = try await get(ports.appServer, "/url/\(silent.port)")
            #expect(stalled == "failed: timed out")
            await silent.stop()
            try await backend.set(.pass, for: .webAPI)
            async let answer = get(ports.appServer, "/call/hang")
            _ = await log.wait(for: "hanging")
            await backend.cut(.webAPI)
            let cut = try await answer
            #expect(cut == "failed: link closed")
        }
    }

    @Test("Timers fire in lab time; one that is cancelled or started anew does not")
    func timers() async throws {
        try await withBackend({ $0.clock = testClock(scale: 1000) }) { _, ports, _ in
            // A thousand times as fast: 60 s of lab time are 60 ms.
            let fired = try await get(ports.appServer, "/timer/60000")
            #expect(fired == "fired t1")
            let firedOnce = try await get(ports.appServer, "/twice")
            #expect(firedOnce == "fired t3")
        }
    }

    @Test("A link's end is told to the cloud once, whoever ends it")
    func endsLinks() async throws {
        try await withBackend { backend, ports, log in
            let link = try #require(try await WebSocketClient.open(ports.imLink))
            try await link.send("sessions")
            #expect(await link.read()?.text == "1")
            try await link.send("bye")
            #expect(await link.read()?.text == "bye")
            #expect(await link.read()?.closeCode == 1000)
            #expect(await log.wait(for: "closed l1") != nil)
            _ = try #require(try await WebSocketClient.open(ports.imLink))
            await backend.cut(.imLink)
            #expect(await log.wait(for: "closed l2") != nil)
            #expect(log.all.filter { $0.title.hasPrefix("closed") }.count == 2)
        }
    }

    @Test("Many clients at once, each keeping a record: all answered, all kept")
    func keepsUnderLoad() async throws {
        try await withBackend { _, ports, _ in
            try await withThrowingDiscardingTaskGroup { group in
                for number in 0..<200 {
                    group.addTask {
                        let answer = try await get(ports.appServer, "/keep/k\(number)/v")
                        #expect(answer == "kept")
                    }
                }
            }
            let kept = try await get(ports.appServer, "/kept")
            #expect(kept?.split(separator: ",").count == 200)
        }
    }

    @Test(
        "Killed and started again: the same ports, what was kept is there, sessions are not",
        arguments: [true, false])
    func livesAgain(_ isOnDisk: Bool) async throws {
        let directory = try TemporaryDirectory()
        try await withBackend({ $0.stateDirectory = isOnDisk ? directory.path : nil }) { backend, ports, log in
            let first = try await get(ports.appServer, "/keep/a/1")
            #expect(first == "kept")
            let second = try await get(ports.appServer, "/keep/b/2")
            #expect(second == "kept")
            let dropped = try await get(ports.appServer, "/drop/a")
            #expect(dropped == "dropped")
            let link = try #require(try await WebSocketClient.open(ports.imLink))
            try await link.send("keep c 3")
            #expect(await link.read()?.text == "kept")
            let hanging = try await RawClient.connect(to: ports.appServer)
            try await hanging.send("GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = await log.wait(for: "hanging")

            await backend.kill()
            #expect(await link.read() == nil)
            #expect(await link.raw.ending == .failed(ECONNRESET))
            _ = await hanging.readToEnd()
            #expect(await hanging.ending == .failed(ECONNRESET))
            for port in [ports.appServer, ports.webAPI, ports.imLink] {
                #expect(await connectCode(port) == ECONNREFUSED)
            }

            try await backend.startAgain()
            let endpoints = await backend.endpoints
            #expect(endpoints.flatMap { Ports($0) } == ports)
            let keptByApp = try await get(ports.appServer, "/kept")
            #expect(keptByApp == "b=2")
            let keptByWeb = try await get(ports.webAPI, "/kept")
            #expect(keptByWeb == "c=3")
            let anew = try #require(try await WebSocketClient.open(ports.imLink))
            try await anew.send("sessions")
            #expect(await anew.read()?.text == "1")
        }
    }

    @Test("Killed and started again ten times under fire, it still serves")
    func survivesFire() async throws {
        try await withBackend { backend, ports, _ in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        while !Task.isCancelled {
                            _ = try? await get(ports.appServer, "/call/keep/x/y")
                            let link = try? await WebSocketClient.open(ports.imLink)
                            try? await link?.send("hello")
                            _ = await link?.read()
                            await link?.raw.close()
                        }
                    }
                }
                for _ in 0..<10 {
                    await backend.kill()
                    try await backend.startAgain()
                }
                group.cancelAll()
            }
            #expect(try await get(ports.appServer, "/call/kept")?.hasPrefix("200") == true)
            let link = try #require(try await WebSocketClient.open(ports.imLink))
            try await link.send("hello")
            #expect(await link.read()?.text == "hello")
        }
    }

    @Test("Stopped, it leaves nothing behind: ports free, directory free, clients told")
    func stops() async throws {
        let directory = try TemporaryDirectory()
        var configuration = BackendConfiguration(stateDirectory: directory.path, clock: testClock())
        // Ports that the system gives to nobody by itself, so that no other test gets them in between.
        let unused = try unusedPorts(3)
        configuration.appServerPort = unused[0]
        configuration.webAPIPort = unused[1]
        configuration.imLinkPort = unused[2]
        let backend = Backend(configuration, maker: .double)
        let endpoints = try await backend.start()
        let ports = try #require(Ports(endpoints))
        let link = try #require(try await WebSocketClient.open(ports.imLink))
        let hanging = try await RawClient.connect(to: ports.appServer)
        try await hanging.send("GET /hang HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async let first: Void = backend.stop()
        async let second: Void = backend.stop()
        _ = await (first, second)
        #expect(await link.read() == nil)
        #expect(await hanging.readToEnd() == "")
        #expect(await connectCode(ports.appServer) == ECONNREFUSED)
        let next = Backend(configuration, maker: .double)
        let again = try await next.start()
        #expect(Ports(again) == ports)
        await next.stop()
    }

    @Test("A port that is taken ends the start with one sentence, and nothing stays open")
    func namesTheTakenPort() async throws {
        let directory = try TemporaryDirectory()
        let server = try await RawServer.start()
        var configuration = BackendConfiguration(stateDirectory: directory.path, clock: testClock())
        configuration.imLinkPort = server.port
        let backend = Backend(configuration, maker: .double)
        let error = await #expect(throws: BackendError.self) { try await backend.start() }
        #expect(error?.message.contains("Port \(server.port)") == true)
        configuration.imLinkPort = 0
        let next = Backend(configuration, maker: .double)
        try await next.start()
        await next.stop()
        await server.stop()
    }

    @Test("A port that was taken while the backend was dead is named, and the backend can be tried again")
    func waitsForItsPort() async throws {
        try await withBackend { backend, ports, _ in
            await backend.kill()
            // A second listener on the same port is what the hold on it prevents.
            await #expect(throws: (any Error).self) {
                _ = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .bind(host: "127.0.0.1", port: ports.appServer).get()
            }
            try await backend.startAgain()
            let alive = try await get(ports.appServer, "/")
            #expect(alive == "app GET /  0")
        }
    }

    @Test("Two backends on one directory: the second is told where the first is")
    func sharesNothing() async throws {
        let directory = try TemporaryDirectory()
        try await withBackend({ $0.stateDirectory = directory.path }) { backend, _, _ in
            let second = Backend(
                BackendConfiguration(stateDirectory: directory.path, clock: testClock()), maker: .double)
            let error = await #expect(throws: BackendError.self) { try await second.start() }
            let url = try #require(await backend.endpoints?.appServer as String?)
            #expect(error?.message.contains("--connect \(url)") == true)
            #expect(error?.message.contains(directory.path) == true)
        }
    }

    @Test("Keys and identity are kept from start to start; what is given is used instead")
    func keepsItsIdentity() async throws {
        let directory = try TemporaryDirectory()
        var seen: [BackendEndpoints] = []
        for _ in 0..<2 {
            try await withBackend({ $0.stateDirectory = directory.path }) { backend, _, _ in
                seen.append(try #require(await backend.endpoints))
            }
        }
        #expect(seen[0].operatorKey == seen[1].operatorKey)
        #expect(seen[0].appKey == seen[1].appKey)
        #expect(seen[0].operatorKey.length >= 32)
        #expect(seen[0].appKey.count == 32)
        try await withBackend({
            $0.stateDirectory = directory.path
            $0.appKey = "given"
        }) { backend, _, _ in
            #expect(await backend.endpoints?.appKey == "given")
        }
    }
}
