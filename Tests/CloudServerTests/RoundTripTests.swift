import Cloud
import Foundation
import LoginCore
import Providers
import Testing

@testable import CloudServer

@Suite("The whole backend over real sockets", .timeLimit(.minutes(5)))
struct RoundTripTests {
    /// A backend with the real values, and what a client needs to know of it.
    private struct Lab {
        let backend: Backend
        let endpoints: BackendEndpoints
        let log: EntryLog

        var appServer: Int { Self.port(endpoints.appServer) }
        var webAPI: Int { Self.port(endpoints.webAPI) }
        var imLink: Int { Self.port(endpoints.imLink) }

        private static func port(_ url: String) -> Int {
            url.split(separator: ":").last.flatMap { Int($0) } ?? 0
        }

        /// Calls a listener and answers status and body.
        func call(
            _ port: Int,
            _ method: String,
            _ path: String,
            _ body: String = "",
            bearer: String? = nil
        ) async throws -> (status: Int, body: JSONValue) {
            let client = try await RawClient.connect(to: port)
            let key = bearer.map { "Authorization: Bearer \($0)\r\n" } ?? ""
            try await client.send(
                "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\(key)"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try #require(await client.readAnswer())
            let status = answer.head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            return (status, try JSONValue(parsing: Array(answer.body.utf8)))
        }

        func operate(_ path: String, _ body: String) async throws -> (status: Int, body: JSONValue) {
            try await call(
                appServer, "POST", "/operator/\(path)", body, bearer: endpoints.operatorKey.reveal(for: .wire))
        }

        /// Opens a link and logs in; the reply's code.
        func logIn(
            account: String,
            token: String,
            device: String,
            clientType: Int = 2
        ) async throws -> (link: WebSocketClient, code: Int?) {
            let link = try #require(try await WebSocketClient.open(imLink))
            try await link.send(
                """
                {"type":"login","id":1,"appKey":"\(endpoints.appKey)","account":"\(account)","token":"\(token)",\
                "authType":0,"automatic":false,"forced":false,"deviceId":"\(device)","clientType":\(clientType)}
                """)
            let reply = try await read(link)
            return (link, reply?["code"]?.int)
        }

        func read(_ link: WebSocketClient) async throws -> JSONValue? {
            guard let frame = await link.read(), frame.opcode == WebSocketClient.Opcode.text else { return nil }
            return try JSONValue(parsing: frame.payload)
        }
    }

    private func withLab(
        _ change: (inout BackendConfiguration) -> Void = { _ in },
        _ body: (Lab) async throws -> Void
    ) async throws {
        let log = EntryLog()
        var configuration = BackendConfiguration(clock: testClock(), sink: { log.take($0) })
        change(&configuration)
        let backend = Backend(configuration)
        let endpoints = try await backend.start()
        do {
            try await body(Lab(backend: backend, endpoints: endpoints, log: log))
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }

    /// Registers a person and logs in to the app: account and token.
    private func register(_ lab: Lab, _ user: String) async throws -> (account: String, token: String) {
        let made = try await lab.call(
            lab.appServer, "POST", "/users", #"{"user":"\#(user)","password":"a password"}"#)
        #expect(made.status == 201)
        let account = try #require(made.body["account"]?.text)
        let grant = try await lab.call(
            lab.appServer, "POST", "/login", #"{"user":"\#(user)","password":"a password"}"#)
        #expect(grant.status == 200)
        #expect(grant.body["account"]?.text == account)
        return (account, try #require(grant.body["token"]?.text))
    }

    @Test("Register, log in to the app, log in to the link, be kicked by the operator")
    func goesAllTheWay() async throws {
        try await withLab { lab in
            let (account, token) = try await register(lab, "nora")
            #expect(!account.contains("nora"))
            let (link, code) = try await lab.logIn(account: account, token: token, device: "d-1")
            #expect(code == 200)
            try await link.send(#"{"type":"sync","id":2}"#)
            #expect(try await lab.read(link)?["code"]?.int == 200)
            try await link.send(#"{"type":"echo","id":3,"text":"你好"}"#)
            #expect(try await lab.read(link)?["text"]?.text == "你好")

            let kick = try await lab.operate("kick", #"{"account":"\#(account)","notify":"tidying up"}"#)
            #expect(kick.status == 200)
            let kicked = try await lab.read(link)
            #expect(kicked?["type"]?.text == "kicked")
            #expect(kicked?["reason"]?.int == 2)
            #expect(await link.read()?.closeCode == 1000)
        }
    }

    @Test("Three providers behind the same three ports: each path and each link is its own provider's")
    func threeProviders() async throws {
        try await withLab { lab in
            var links: [WebSocketClient] = []
            var accounts: [String] = []
            for provider in lab.endpoints.providers {
                let body = #"{"user":"mia","password":"lantern-42","provider":"\#(provider)"}"#
                let grant = try await lab.call(lab.appServer, "POST", "/login", body)
                #expect(grant.body["provider"]?.text == provider)
                let account = try #require(grant.body["account"]?.text)
                let kind = grant.body["tokenKind"]?.text == "static" ? 0 : 1
                let link = try #require(try await WebSocketClient.open(lab.imLink, path: "/\(provider)"))
                let login = """
                    {"type":"login","id":1,"appKey":"\(lab.endpoints.appKeys[provider] ?? "")","account":"\(account)",\
                    "token":"\(try #require(grant.body["token"]?.text))","authType":\(kind),"automatic":false,\
                    "forced":false,"deviceId":"d-1","clientType":2}
                    """
                // A token opens nothing at another provider.
                for other in lab.endpoints.providers where other != provider {
                    let wrong = try #require(try await WebSocketClient.open(lab.imLink, path: "/\(other)"))
                    try await wrong.send(login)
                    #expect(try await lab.read(wrong)?["code"]?.int != 200)
                }
                try await link.send(login)
                #expect(try await lab.read(link)?["code"]?.int == 200, "\(provider)")
                links.append(link)
                accounts.append(account)
            }
            #expect(links.count == 3)
            #expect(try await WebSocketClient.open(lab.imLink, path: "/nobody") == nil)
            // One is kicked, the others stay.
            let kick = try await lab.operate(
                "kick?provider=\(lab.endpoints.providers[1])", #"{"account":"\#(accounts[1])"}"#)
            #expect(kick.status == 200)
            #expect(try await lab.read(links[1])?["type"]?.text == "kicked")
            for index in [0, 2] {
                try await links[index].send(#"{"type":"echo","id":7,"text":"still here"}"#)
                #expect(try await lab.read(links[index])?["text"]?.text == "still here")
            }
            // The web API answers in the words of whose path it is, and else of the first provider's.
            let easemob = (lab.endpoints.appKeys["easemob"] ?? "").split(separator: "#").joined(separator: "/")
            for (path, word) in [
                ("/nimserver/user/create.action", "code"), ("/v4/im_open_login_svc/kick", "ErrorCode"),
                ("/\(easemob)/users", "error"), ("/\(easemob)/chatrooms", "error"), ("/nowhere", "code"),
            ] {
                let answer = try await lab.call(lab.webAPI, "POST", path, "{}")
                #expect(answer.body[word] != nil, "\(path): \(answer.body)")
            }
            // Clouds write into the same lanes, and no entry's id stands twice.
            let ids = lab.log.all.map(\.id)
            #expect(Set(ids).count == ids.count)
        }
    }

    @Test("A second device logs the first one out")
    func kicksTheFirstDevice() async throws {
        try await withLab { lab in
            let (account, token) = try await register(lab, "nora")
            let (first, firstCode) = try await lab.logIn(account: account, token: token, device: "d-1")
            #expect(firstCode == 200)
            let (_, secondCode) = try await lab.logIn(account: account, token: token, device: "d-2", clientType: 1)
            #expect(secondCode == 200)
            let kicked = try await lab.read(first)
            #expect(kicked?["type"]?.text == "kicked")
            #expect(kicked?["reason"]?.int == 1)
        }
    }

    @Test("What is no frame of the protocol is answered by an error frame, and the link stays")
    func answersNonsense() async throws {
        try await withLab { lab in
            let link = try #require(try await WebSocketClient.open(lab.imLink))
            for nonsense in [
                "{", "[]", "7", "", "{\"type\":1}", "{\"type\":\"dance\",\"id\":1}", "{\"type\":\"ping\"}",
                "{\"type\":\"ping\",\"id\":\"1\"}", "{\"type\":\"ping\",\"id\":1,\"id\":2}", "\u{0}",
                String(repeating: "[", count: 60_000),
            ] {
                try await link.send(nonsense)
                let frame = try await lab.read(link)
                #expect(frame?["type"]?.text == "error", "\(nonsense.prefix(40))")
                #expect(frame?["code"]?.int == 414)
            }
            try await link.send(#"{"type":"ping","id":9}"#)
            #expect(try await lab.read(link)?["code"]?.int == 200)
        }
    }

    @Test("Listeners refuse in their own words: the contract's names here, the provider's codes there")
    func refusesInTheRightWords() async throws {
        try await withLab { lab in
            let long = String(repeating: "x", count: 65_537)
            let app = try await lab.call(lab.appServer, "POST", "/login", long)
            #expect(app.status == 413)
            #expect(app.body["error"]?.text == "too_large")
            let web = try await lab.call(lab.webAPI, "POST", "/nimserver/user/create.action", long)
            #expect(web.status == 200)
            #expect(web.body["code"]?.int == 414)

            for (port, status, field) in [(lab.appServer, 403, "error"), (lab.webAPI, 200, "code")] {
                let client = try await RawClient.connect(to: port)
                try await client.send("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n")
                let answer = try #require(await client.readAnswer())
                #expect(answer.head.hasPrefix("HTTP/1.1 \(status)"))
                let value = try JSONValue(parsing: Array(answer.body.utf8))
                switch value[field] {
                case .string(let name): #expect(name == "host_not_loopback")
                case .integer(let code): #expect(code == 403)
                default: Issue.record("no \(field) in \(answer.body)")
                }
            }
        }
    }

    @Test("Killed and started again: people, accounts and tokens are there, sessions on the link are not")
    func remembersPeople() async throws {
        let directory = try TemporaryDirectory()
        try await withLab({ $0.stateDirectory = directory.path }) { lab in
            let (account, token) = try await register(lab, "nora")
            let (link, code) = try await lab.logIn(account: account, token: token, device: "d-1")
            #expect(code == 200)
            await lab.backend.kill()
            #expect(await link.read() == nil)
            try await lab.backend.startAgain()
            let grant = try await lab.call(
                lab.appServer, "POST", "/login", #"{"user":"nora","password":"a password"}"#)
            #expect(grant.body["account"]?.text == account)
            let (_, again) = try await lab.logIn(account: account, token: token, device: "d-1")
            #expect(again == 200)
        }
    }

    @Test("With the web API away, the app server says so in words of its own")
    func namesTheMissingProvider() async throws {
        try await withLab { lab in
            try await lab.backend.set(.refuse, for: .webAPI)
            let refused = try await lab.call(
                lab.appServer, "POST", "/users", #"{"user":"nora","password":"a password"}"#)
            #expect(refused.status == 504)
            #expect(refused.body["error"]?.text == "provider_unreachable")
            try await lab.backend.set(.pass, for: .webAPI)
            _ = try await register(lab, "nora")
        }
    }

    @Test("Fifty people register and log in at once")
    func servesAFlood() async throws {
        try await withLab { lab in
            let codes = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<50 {
                    group.addTask {
                        let (account, token) = try await register(lab, "person \(number)")
                        return try await lab.logIn(account: account, token: token, device: "d-\(number)").code
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes == Array(repeating: 200, count: 50))
        }
    }
}
