import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOPosix
import Providers
import Testing

@testable import CloudServer

@Suite("An HTTP listener", .timeLimit(.minutes(5)))
struct HTTPListenerTests {
    /// A listener that answers with what it was asked.
    private func withListener(
        patience: TimeAmount = .seconds(30),
        longestBody: Int = HTTPListener.longestBody,
        _ body: (Int) async throws -> Void
    ) async throws {
        let refusals = HTTPListener.Refusals(
            tooLarge: { _ in HTTPResponseValue(status: 413, body: Array("too large".utf8)) },
            foreignHost: { _ in HTTPResponseValue(status: 403, body: Array("foreign".utf8)) })
        let listener = try await HTTPListener.start(
            label: "test", group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, patience: patience,
            longestBody: longestBody, refusals: refusals
        ) { request in
            if request.path == "/gone" { return nil }
            return HTTPResponseValue(
                status: 200, headers: [HTTPHeader("X-Kept", "yes")], body: Array(Self.description(of: request).utf8))
        }
        do {
            try await body(listener.port)
        } catch {
            await listener.stop()
            throw error
        }
        await listener.stop()
    }

    private static func description(of request: HTTPRequestValue) -> String {
        let headers = request.headers.map { "\($0.name)=\($0.value)" }.joined(separator: "|")
        return "\(request.method) \(request.path) ?\(request.query) {\(headers)} \(request.body.count)"
    }

    /// Proves that the listener is alive by an ordinary request.
    private func expectAlive(_ port: Int, _ comment: Comment = "") async throws {
        let client = try await RawClient.connect(to: port)
        try await client.send("GET /alive HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let answer = try #require(await client.readAnswer())
        #expect(answer.head.hasPrefix("HTTP/1.1 200"), comment)
        await client.close()
    }

    @Test("A listener may end while connections come in")
    func endsUnderFire() async throws {
        for _ in 0..<40 {
            try await withListener { port in
                let (opened, oneOpened) = AsyncStream.makeStream(of: Void.self)
                for _ in 0..<32 {
                    Task {
                        // Refused or reset when the listener is gone: all the same here.
                        let client = try? await RawClient.connect(to: port)
                        oneOpened.yield()
                        await client?.close()
                    }
                }
                for await _ in opened { break }
            }
        }
    }

    @Test("A request arrives as it was sent: encoding kept, headers in order, doubled ones doubled")
    func handsRequestsOn() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send(
                "POST /a%2Fb/%E4%BD%A0?x=%20&x=2 HTTP/1.1\r\nAppKey: 1\r\nHost: 127.0.0.1:1\r\nNonce: a\r\nAPPKEY: 2\r\n"
                    + "Content-Length: 3\r\n\r\nabc")
            let answer = try #require(await client.readAnswer())
            #expect(
                answer.body
                    == "POST /a%2Fb/%E4%BD%A0 ?x=%20&x=2 "
                    + "{Host=127.0.0.1:1|AppKey=1|Nonce=a|APPKEY=2|Content-Length=3} 3")
            #expect(answer.head.contains("X-Kept: yes"))
            #expect(!answer.head.lowercased().contains("server:"))
        }
    }

    @Test("Chunks are joined, and requests follow one another on one connection")
    func joinsChunks() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            for _ in 0..<3 {
                try await client.send(
                    "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
                let answer = try #require(await client.readAnswer())
                #expect(answer.body.hasSuffix(" 5"))
            }
        }
    }

    @Test("HEAD has no body")
    func answersHead() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let all = await client.readToEnd()
            #expect(all.hasPrefix("HTTP/1.1 200"))
            #expect(all.hasSuffix("\r\n\r\n"))
        }
    }

    @Test(
        "What is not HTTP gets 400 and a closed connection, and the listener lives on",
        arguments: [
            "garbage\r\n\r\n",
            "\u{0}\u{1}\u{2}\u{3}\r\n\r\n",
            "GET\r\n\r\n",
            "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
            "G€T / HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
            "POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}",
        ])
    func refusesGarbage(_ text: String) async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send(text)
            let answer = await client.readToEnd()
            #expect(answer.hasPrefix("HTTP/1.1 400"))
            try await expectAlive(port)
        }
    }

    @Test("A head that is too long is refused, and the listener lives on")
    func refusesLongHeads() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send(
                "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + String(repeating: "a", count: 200_000) + "\r\n\r\n")
            let answer = await client.readToEnd()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"))
            try await expectAlive(port)
        }
    }

    @Test("A body that ends too soon is not handed on")
    func refusesCutBodies() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send("POST /half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
            try await client.endOutput()
            let answer = await client.readToEnd()
            #expect(!answer.contains("/half"))
            try await expectAlive(port)
        }
    }

    @Test(
        "So many bytes as were set are taken, one more is refused in the listener's own words",
        arguments: [
            (65_536, 65_536, "200"), (65_536, 65_537, "413"), (65_536, 1_000_000, "413"), (1_000_000, 1_000_000, "200"),
            (1_000_000, 1_000_001, "413"),
        ])
    func limitsBodies(_ most: Int, _ count: Int, _ status: String) async throws {
        try await withListener(longestBody: most) { port in
            for isChunked in [false, true] {
                let client = try await RawClient.connect(to: port)
                let body = String(repeating: "b", count: count)
                let length = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(count)"
                try await client.send("POST / HTTP/1.1\r\nHost: localhost\r\n\(length)\r\n\r\n")
                try await client.send(isChunked ? "\(String(count, radix: 16))\r\n\(body)\r\n0\r\n\r\n" : body)
                let answer = try #require(await client.readAnswer())
                #expect(answer.head.hasPrefix("HTTP/1.1 \(status)"))
                if status == "413" { #expect(answer.body == "too large") }
                await client.close()
            }
            try await expectAlive(port)
        }
    }

    @Test("A body without end is cut off")
    func cutsEndlessBodies() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "10000\r\n" + String(repeating: "c", count: 65_536) + "\r\n"
            var sent = 0
            do {
                while sent < 10_000 {
                    try await client.send(chunk)
                    sent += 1
                }
            } catch {}
            #expect(sent < 10_000)
            try await expectAlive(port)
        }
    }

    @Test(
        "A Host that is not this machine is refused in the listener's own words",
        arguments: ["Host: example.com\r\n", "", "Host: localhost\r\nHost: localhost\r\n", "Host:\r\n"])
    func refusesForeignHosts(_ header: String) async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send("GET / HTTP/1.1\r\n\(header)\r\n")
            let answer = try #require(await client.readAnswer())
            #expect(answer.head.hasPrefix("HTTP/1.1 403"))
            #expect(answer.body == "foreign")
        }
    }

    @Test(
        "A request that does not come to its end ends by itself",
        arguments: ["", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nab"])
    func endsHalfRequests(_ text: String) async throws {
        try await withListener(patience: .seconds(4)) { port in
            let client = try await RawClient.connect(to: port)
            if !text.isEmpty { try await client.send(text) }
            _ = await client.readToEnd()
            try await expectAlive(port)
        }
    }

    @Test("A body that drips ends as well, though the connection is never idle")
    func endsDrippingBodies() async throws {
        try await withListener(patience: .seconds(4)) { port in
            let client = try await RawClient.connect(to: port)
            try await client.send("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n")
            let drip = MultiThreadedEventLoopGroup.singleton.next().scheduleRepeatedTask(
                initialDelay: .zero, delay: .milliseconds(20)
            ) { _ in
                Task { try? await client.send("x") }
            }
            _ = await client.readToEnd()
            drip.cancel()
            try await expectAlive(port)
        }
    }

    @Test("A connection whose request nobody answers is closed without a word")
    func closesWhenNobodyAnswers() async throws {
        try await withListener { port in
            let client = try await RawClient.connect(to: port)
            try await client.send("GET /gone HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await client.readToEnd() == "")
            try await expectAlive(port)
        }
    }

    @Test("Two hundred connections at once are all answered")
    func answersAFlood() async throws {
        try await withListener { port in
            let statuses = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        let client = try await RawClient.connect(to: port)
                        try await client.send("GET /\(number) HTTP/1.1\r\nHost: localhost\r\n\r\n")
                        let answer = await client.readAnswer()
                        await client.close()
                        return answer?.body.hasPrefix("GET /\(number) ") == true
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.count == 200)
            #expect(statuses.allSatisfy { $0 })
        }
    }
}
