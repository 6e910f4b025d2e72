import Foundation
import Logging
import LoginCore
import NIOCore
import NIOPosix
import Providers
import Testing

@testable import CloudServer

/// A provider's webhook over real sockets, to an address of the user's choice.
@Suite("A webhook", .timeLimit(.minutes(5)))
struct WebhookTests {
    private static let secret = Secret("example-key", kind: .appSecret)

    /// Proves TC-6-url, TC-6-body.
    @Test("A status change reaches the URL that the console names, and its answer is ignored")
    func delivered() async throws {
        let (requests, heard) = AsyncStream.makeStream(of: HTTPRequestValue.self)
        let nothing: @Sendable (HTTPRequestValue) -> HTTPResponseValue = { _ in HTTPResponseValue(status: 403) }
        let listener = try await HTTPListener.start(
            label: "hook", group: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "hook") { _ in SwiftLogNoOpLogHandler() }, patience: .seconds(30),
            refusals: HTTPListener.Refusals(tooLarge: nothing, foreignHost: nothing)
        ) { request in
            heard.yield(request)
            return HTTPResponseValue(status: 500)
        }
        let backend = Backend(
            BackendConfiguration(
                provider: "tencent", appKey: "1400000000", appSecret: Self.secret, clock: testClock()))
        do {
            try await check(try await backend.start(), hook: listener.port, requests)
        } catch {
            await backend.stop()
            await listener.stop()
            throw error
        }
        await backend.stop()
        await listener.stop()
    }

    private func check(
        _ endpoints: BackendEndpoints, hook: Int, _ requests: AsyncStream<HTTPRequestValue>
    ) async throws {
        func port(_ url: String) -> Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
        func post(_ path: String, _ body: String) async throws -> JSONValue {
            let client = try await RawClient.connect(to: port(endpoints.appServer))
            try await client.send(
                "POST \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + "\(endpoints.operatorKey.reveal(for: .wire))\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            let answer = try #require(await client.readAnswer())
            await client.close()
            return try JSONValue(parsing: Array(answer.body.utf8))
        }
        _ = try await post("/operator/settings", #"{"provider":{"webhookURL":"http://127.0.0.1:\#(hook)/status"}}"#)
        let grant = try await post("/login", #"{"user":"mia","password":"lantern-42"}"#)
        let account = try #require(grant["account"]?.text)
        let token = try #require(grant["token"]?.text)
        let link = try #require(try await WebSocketClient.open(port(endpoints.imLink), path: "/tencent"))
        try await link.send(
            #"{"type":"login","id":1,"appKey":"1400000000","account":"\#(account)","token":"\#(token)","#
                + #""authType":1,"automatic":false,"forced":false,"deviceId":"d","clientType":1,"loginExt":""}"#)
        #expect(try JSONValue(parsing: try #require(await link.read()).payload)["code"]?.int == 200)
        var hooks = requests.makeAsyncIterator()
        let request = try #require(await hooks.next())
        #expect((request.method, request.path) == ("POST", "/status"))
        #expect(request.query.hasPrefix("SdkAppid=1400000000&CallbackCommand=State.StateChange&contenttype=json"))
        #expect(request.query.hasSuffix("OptPlatform=IOS"))
        let info = try JSONValue(parsing: request.body)["Info"]
        #expect(info?["Action"]?.text == "Login")
        #expect(info?["Reason"]?.text == "Register")
        #expect(info?["To_Account"]?.text == account)
        // The hook said 500: nothing comes of it, and the session lives.
        try await link.send(#"{"type":"sync","id":2}"#)
        #expect(try JSONValue(parsing: try #require(await link.read()).payload)["code"]?.int == 200)
    }
}
