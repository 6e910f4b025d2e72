import CloudServer
import Foundation
import LoginCore
import NIOPosix
import Providers
import Services
import Testing

@Suite("TLS with the backend's own authority", .timeLimit(.minutes(5)))
struct TLSTests {
    private func withBackend(
        usesTLS: Bool = true, stateDirectory: String? = nil, _ body: (BackendEndpoints) async throws -> Void
    ) async throws {
        let clock = LabClock(scale: 1) { Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
        let backend = Backend(
            BackendConfiguration(stateDirectory: stateDirectory, usesTLS: usesTLS, clock: clock))
        let endpoints = try await backend.start()
        do {
            try await body(endpoints)
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }

    private func ask(
        _ url: String, trust: TLSTrust, _ request: AppServerRequest = .discovery
    ) async -> Result<HTTPResponseValue, CloseCause> {
        let http = HTTPService.live(group: MultiThreadedEventLoopGroup.singleton, trust: trust)
        let answer = await http.send(url, request.http(operatorKey: nil, cause: nil), .seconds(20))
        await http.shutdown()
        return answer
    }

    private func open(_ url: String, trust: TLSTrust) async -> Result<Void, CloseCause> {
        let link = LinkService.live(group: MultiThreadedEventLoopGroup.singleton, trust: trust)
        return await link.open(url + "/commsease", .seconds(20)).map { $0.close() }
    }

    private func cause<Value>(_ result: Result<Value, CloseCause>) -> CloseCause? {
        if case .failure(let cause) = result { cause } else { nil }
    }

    @Test("Who trusts the authority reaches all three listeners, by address and by name")
    func trusted() async throws {
        try await withBackend { endpoints in
            let pem = try #require(endpoints.authority)
            let trust = try #require(TLSTrust(pem: pem))
            #expect(endpoints.appServer.hasPrefix("https://127.0.0.1:"))
            #expect(endpoints.webAPI.hasPrefix("https://127.0.0.1:"))
            #expect(endpoints.imLink.hasPrefix("wss://127.0.0.1:"))
            let named = endpoints.appServer.replacingOccurrences(of: "127.0.0.1", with: "localhost")
            for url in [endpoints.appServer, named] {
                let found = try Discovery.parse(try await ask(url, trust: trust).get()).get()
                #expect(found.imLink == endpoints.imLink)
            }
            // The web API answers in its own words; the app server reaches it over TLS as well.
            #expect(try await ask(endpoints.webAPI, trust: trust).get().status == 200)
            let login = AppServerRequest.login(user: "mia", password: Secret("lantern-42", kind: .password))
            let answer = try await ask(endpoints.appServer, trust: trust, login).get()
            #expect(try AppServerGrant.parse(answer).get().token.provider == "commsease")
            let namedLink = endpoints.imLink.replacingOccurrences(of: "127.0.0.1", with: "localhost")
            for url in [endpoints.imLink, namedLink] {
                #expect(cause(await open(url, trust: trust)) == nil)
            }
        }
    }

    @Test("Who does not trust it is told that it is the certificate")
    func untrusted() async throws {
        try await withBackend { endpoints in
            #expect(cause(await ask(endpoints.appServer, trust: .system)) == .tls("certificate"))
            #expect(cause(await open(endpoints.imLink, trust: .system)) == .tls("certificate"))
            try await withBackend { other in
                let pem = try #require(other.authority)
                let wrong = try #require(TLSTrust(pem: pem))
                #expect(cause(await open(endpoints.imLink, trust: wrong)) == .tls("certificate"))
            }
        }
    }

    @Test("A server without TLS is told apart from one that is away")
    func plain() async throws {
        try await withBackend(usesTLS: false) { endpoints in
            #expect(endpoints.authority == nil)
            let https = endpoints.appServer.replacingOccurrences(of: "http:", with: "https:")
            let wss = endpoints.imLink.replacingOccurrences(of: "ws:", with: "wss:")
            #expect(cause(await ask(https, trust: .system)) == .tls("handshake"))
            #expect(cause(await open(wss, trust: .system)) == .tls("handshake"))
        }
        #expect(cause(await ask("https://127.0.0.1:1", trust: .system)) == .refused)
        #expect(cause(await open("wss://127.0.0.1:1", trust: .system)) == .refused)
    }

    @Test("The authority outlives a restart, and a damaged one is made anew")
    func kept() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("tls-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var seen: [String] = []
        for round in 0..<3 {
            try await withBackend(stateDirectory: directory) { endpoints in
                let file = try #require(endpoints.authorityFile)
                let text = try String(contentsOfFile: file, encoding: .utf8)
                #expect(text == endpoints.authority)
                seen.append(text)
                let trust = try #require(TLSTrust(file: file))
                #expect(try await ask(endpoints.appServer, trust: trust).get().status == 200)
            }
            if round == 1 {
                try "damaged".write(toFile: directory + "/authority.key", atomically: true, encoding: .utf8)
            }
        }
        #expect(seen[0] == seen[1])
        #expect(seen[1] != seen[2])
    }
}
