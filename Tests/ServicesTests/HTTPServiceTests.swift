import Foundation
import LoginCore
import NIOCore
import NIOPosix
import Providers
import Services
import Testing

@Suite("HTTP service", .timeLimit(.minutes(5)))
struct HTTPServiceTests {
    private static let get = HTTPRequestValue(method: "GET", path: "/path")

    /// A deadline that a passing test never waits for.
    private static let ample: Duration = .seconds(30)
    /// One that is waited for.
    private static let short: Duration = .milliseconds(500)

    private static func head(_ status: String, length: Int) -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: \(length)\r\n\r\n"
    }

    /// Sends through a service of its own, which is over when this returns.
    private func send(
        _ request: HTTPRequestValue = get,
        to base: String,
        deadline: Duration = ample
    ) async -> Result<HTTPResponseValue, CloseCause> {
        let service = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton)
        let result = await service.send(base, request, deadline)
        await service.shutdown()
        return result
    }

    // MARK: One attempt, one connect, one cause

    @Test(
        "Every way to fail has its cause, after exactly one connect",
        arguments: [
            (RawServer.Behaviour.silent, CloseCause.timedOut),
            (.closeAtOnce, .linkClosed),
            (.resetAtOnce, .linkClosed),
            (.close, .linkClosed),
            (.reset, .linkClosed),
            (.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), .timedOut),
            (.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", thenClose: true), .linkClosed),
            (.answer("HTTP/1.1 200"), .timedOut),
            (.answer("SSH-2.0-OpenSSH\r\n\r\n"), .linkClosed),
            (.answer("HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n"), .linkClosed),
        ])
    func failures(behaviour: RawServer.Behaviour, cause: CloseCause) async throws {
        let server = try await RawServer.start(behaviour)
        let deadline = cause == .timedOut ? Self.short : Self.ample
        let result = await send(to: "http://127.0.0.1:\(server.port)", deadline: deadline)
        #expect(result == .failure(cause))
        let accepted = try await server.acceptedInTheEnd()
        // On a busy machine the deadline may pass before the connect.
        #expect(accepted == 1 || cause == .timedOut && accepted == 0)
    }

    @Test("A refused connect is reported as refused, and is not tried again")
    func refused() async throws {
        let port = try QuietPort()
        let service = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton)
        // With the library's retries the answer would come at the deadline only, and the test's time be over.
        let result = await service.send("http://127.0.0.1:\(port.port)", Self.get, .seconds(3600))
        #expect(result == .failure(.refused))
        port.listen()
        await service.shutdown()
        #expect(port.drain() == 0)
    }

    @Test(
        "What is not the URL of a server is refused without a connect",
        arguments: ["", "127.0.0.1", "ftp://127.0.0.1", "http://", "http://user@127.0.0.1", "http://127.0.0.1:99999"])
    func badURL(base: String) async {
        #expect(await send(to: base) == .failure(.refused))
    }

    @Test(
        "TLS with a server that speaks none fails as TLS, a broken or silent one as what it is",
        arguments: [
            (RawServer.Behaviour.greetAtOnce("HTTP/1.1 400 Bad Request\r\n\r\n"), CloseCause.tls("handshake")),
            (.resetAtOnce, .linkClosed),
            (.silent, .timedOut),
        ])
    func tls(behaviour: RawServer.Behaviour, cause: CloseCause) async throws {
        let server = try await RawServer.start(behaviour)
        let deadline = cause == .timedOut ? Self.short : Self.ample
        let result = await send(to: "https://127.0.0.1:\(server.port)", deadline: deadline)
        #expect(result == .failure(cause))
        let accepted = try await server.acceptedInTheEnd()
        // On a busy machine the deadline may pass before the connect.
        #expect(accepted == 1 || cause == .timedOut && accepted == 0)
    }

    // MARK: What is sent and what comes back

    @Test("Method, path, query, headers in order and body arrive; the answer comes back with any status")
    func exchange() async throws {
        let server = try await RawServer.start(
            .answer("HTTP/1.1 404 Nope\r\nX-B: 1\r\nX-A: 2\r\nX-B: 3\r\nContent-Length: 3\r\n\r\nabc"))
        let request = HTTPRequestValue(
            method: "POST", path: "/a%2Fb", query: "q=%20",
            headers: [HTTPHeader("X-Two", "2"), HTTPHeader("X-One", "1")],
            body: Array("body".utf8))
        let response = try await send(request, to: "http://localhost:\(server.port)").get()
        #expect(response.status == 404)
        #expect(response.body == Array("abc".utf8))
        #expect(response.headers.map(\.name).prefix(3) == ["X-B", "X-A", "X-B"])
        #expect(response.values(of: "x-b") == ["1", "3"])

        guard case .request(let text)? = await server.event(where: { $0 != .accepted }) else {
            Issue.record("no request")
            return
        }
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.first == "POST /a%2Fb?q=%20 HTTP/1.1")
        let headers = lines.dropFirst().map { $0.lowercased() }
        #expect(headers.contains("host: localhost:\(server.port)"))
        #expect(headers.contains("connection: close"))
        #expect(headers.contains("content-length: 4"))
        #expect(headers.filter { $0.hasPrefix("x-") } == ["x-two: 2", "x-one: 1"])
    }

    @Test("A connection that the server would keep is not used again: each request is one connect")
    func noReuse() async throws {
        let server = try await RawServer.start(.answer(Self.head("200 OK", length: 0)))
        let service = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton)
        for count in 1...3 {
            let response = try await service.send("http://127.0.0.1:\(server.port)", Self.get, Self.ample).get()
            #expect(response.status == 200)
            #expect(server.accepted == count)
        }
        await service.shutdown()
        #expect(try await server.acceptedInTheEnd() == 3)
    }

    @Test("Requests at the same time do not wait for each other")
    func concurrent() async throws {
        let silent = try await RawServer.start(.silent)
        let base = "http://127.0.0.1:\(silent.port)"
        let service = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton)
        await withTaskGroup(of: Result<HTTPResponseValue, CloseCause>.self) { group in
            for _ in 0..<20 { group.addTask { await service.send(base, Self.get, Self.ample) } }
            for _ in 0..<20 { await silent.event { $0 == .accepted } }
            #expect(silent.accepted == 20)
            await service.shutdown()
            for await result in group { #expect(result == .failure(.linkClosed)) }
        }
    }

    @Test("A redirect is an answer like any other")
    func redirect() async throws {
        let server = try await RawServer.start(
            .answer("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"))
        let response = try await send(to: "http://127.0.0.1:\(server.port)").get()
        #expect(response.status == 302)
        #expect(try await server.acceptedInTheEnd() == 1)
    }

    @Test("A compressed body comes back as it was sent")
    func compressed() async throws {
        let server = try await RawServer.start(
            .answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nzzzz"))
        let response = try await send(to: "http://127.0.0.1:\(server.port)").get()
        #expect(response.body == Array("zzzz".utf8))
    }

    @Test("A body of 1 MiB is taken, one byte more is not", arguments: [(0, true), (1, false)])
    func bodyLimit(extra: Int, isTaken: Bool) async throws {
        let length = HTTPService.longestBody + extra
        let body = String(repeating: "b", count: length)
        // Without a length said in advance, so that it is the bytes that count.
        let server = try await RawServer.start(.answer("HTTP/1.1 200 OK\r\n\r\n" + body, thenClose: true))
        let result = await send(to: "http://127.0.0.1:\(server.port)")
        #expect((try? result.get().body.count) == (isTaken ? length : nil))
    }

    // MARK: Ending it

    @Test("Cancelling the calling task gives the attempt up and closes its connection")
    func cancelled() async throws {
        let server = try await RawServer.start(.silent)
        let service = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton)
        let base = "http://127.0.0.1:\(server.port)"
        let task = Task { await service.send(base, Self.get, Self.ample) }
        await server.event { if case .request = $0 { true } else { false } }
        task.cancel()
        #expect(await task.value == .failure(.linkClosed))
        await server.event { $0 == .closed }
        await service.shutdown()
    }

    @Test("A shutdown ends what is under way, and later requests fail without a connect")
    func shutdown() async throws {
        let server = try await RawServer.start(.silent)
        let service = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton)
        let base = "http://127.0.0.1:\(server.port)"
        let task = Task { await service.send(base, Self.get, Self.ample) }
        await server.event { $0 == .accepted }
        await service.shutdown()
        #expect(await task.value == .failure(.linkClosed))
        await server.event { $0 == .closed }
        #expect(await service.send(base, Self.get, Self.ample) == .failure(.linkClosed))
        await service.shutdown()
        #expect(try await server.acceptedInTheEnd() == 1)
    }
}
