import Foundation
import Logging
import LoginClient
import LoginCore
import Providers
import Services
import Synchronization
import Testing

/// A link server that says what a test wants, behind a link that is not a socket.
private final class ScriptedLink: Sendable {
    private let inbound = Mutex<AsyncStream<LinkInbound>.Continuation?>(nil)
    private let answer: @Sendable (ClientFrame) -> [String]

    init(_ answer: @escaping @Sendable (ClientFrame) -> [String]) {
        self.answer = answer
    }

    var service: LinkService {
        LinkService { [self] _, _ in
            let (stream, continuation) = AsyncStream.makeStream(of: LinkInbound.self)
            inbound.withLock { $0 = continuation }
            return .success(
                LinkChannel(
                    send: { bytes in
                        guard let frame = try? LinkCodec.decodeClient(bytes) else { return }
                        for text in self.answer(frame) { continuation.yield(.frame(Array(text.utf8))) }
                    },
                    close: {
                        continuation.yield(.closed(.linkClosed))
                        continuation.finish()
                    },
                    inbound: stream))
        }
    }
}

@Suite("A client and a server that says strange things", .timeLimit(.minutes(1)))
struct StrangeServerTests {
    private static let account = "mia.1"

    /// A client that logs in with a typed token, over `link`; ended when `body` is over.
    private func withClient(
        _ link: ScriptedLink,
        save: @escaping @Sendable (StoredLogin) async throws(StoreError) -> Void = { _ throws(StoreError) in },
        _ body: (LoginClient, LabRecord) async throws -> Void
    ) async throws {
        let record = LabRecord()
        let vault = SecretVault()
        let start = ContinuousClock.now
        let clock = LabClock(scale: 1) { Instant(seconds: 1_700_000_000) + (ContinuousClock.now - start) }
        let client = LoginClient(
            ClientConfiguration(
                profile: "A", deviceID: String(repeating: "a", count: 32),
                platform: ClientPlatform(name: "iOS", clientType: 2),
                provider: try #require(ProviderRegistry.provider("commsease")), settings: AppSettings(),
                appServer: "http://127.0.0.1:1", imLink: "ws://127.0.0.1:1/commsease", appKey: "key", clock: clock,
                seed: 1),
            services: ClientServices(
                http: HTTPService(send: { _, _, _ in .failure(.refused) }, shutdown: {}), link: link.service,
                vault: vault,
                load: { () throws(StoreError) in nil }, save: save, erase: { () throws(StoreError) in }),
            lane: TranscriptLane(.device("A")),
            listener: ClientListener(
                changed: { record.take($0, $1, of: "A") }, said: { record.say($0) }),
            logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() })
        let running = Task { await client.run() }
        client.send(
            .app(
                .tokenLoginRequested(
                    AccountName(Self.account), token: vault.keep(Secret("t", kind: .token)), kind: .fixed,
                    at: clock.now())))
        do {
            try await body(client, record)
        } catch {
            client.stop()
            _ = await running.value
            throw error
        }
        client.stop()
        _ = await running.value
    }

    private static func accepted(_ id: Int) -> String {
        #"{"type":"reply","re":"login","id":\#(id),"code":200,"account":"\#(account)","clients":[]}"#
    }

    private static func answer(_ frame: ClientFrame) -> [String] {
        switch frame.body {
        case .login: [accepted(frame.id)]
        case .sync: [#"{"type":"reply","re":"sync","id":\#(frame.id),"code":200}"#]
        default: []
        }
    }

    @Test(
        "What cannot be read ends the attempt with a reason of its own",
        arguments: [
            "}", "7", #"{"type":"reply","re":"login"}"#, #"{"type":"kicked"}"#,
            #"{"type":"reply","re":"dance","id":1,"code":200}"#,
        ])
    func unreadable(_ frame: String) async throws {
        try await withClient(ScriptedLink { _ in [frame] }) { _, record in
            try await record.wait(for: "a stop") { $0.cores["A"]?.sdk.phase == .stopped }
            guard case .failed(let failure, _)? = record.view.cores["A"]?.sdk.stopReason else {
                Issue.record("not stopped by a failure")
                return
            }
            #expect(failure.code == 415)
            #expect(failure.detail == "the server broke the link protocol")
        }
    }

    @Test("A frame of an unknown type is recorded and passed over; the login goes on")
    func unknownType() async throws {
        let link = ScriptedLink { frame in [#"{"type":"weather","sky":"blue"}"#] + Self.answer(frame) }
        try await withClient(link) { _, record in
            try await record.wait(for: "online") { $0.cores["A"]?.sdk.phase == .online }
            let titles = record.view.titles(of: .device("A"), since: 0)
            #expect(titles.contains { $0.contains("weather") && $0.contains("passed over") })
        }
    }

    @Test("An answer to no request of ours is recorded and not taken")
    func wrongID() async throws {
        let link = ScriptedLink { frame in [Self.accepted(999)] + Self.answer(frame) }
        try await withClient(link) { _, record in
            try await record.wait(for: "online") { $0.cores["A"]?.sdk.phase == .online }
            let entries = record.view.entries(of: .device("A"), since: 0)
            #expect(entries.count { $0.title == "login → 200" } == 1)
            #expect(entries.contains { $0.kind == .misuse && $0.title.contains("999") })
        }
    }

    @Test("A token store that does not get on holds up neither the login nor what is asked meanwhile")
    func slowStore() async throws {
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let saved = Mutex(0)
        try await withClient(
            ScriptedLink { Self.answer($0) },
            save: { _ throws(StoreError) in
                for await _ in gate {}
                saved.withLock { $0 += 1 }
            }
        ) { client, record in
            try await record.wait(for: "online") { $0.cores["A"]?.sdk.phase == .online }
            #expect(saved.withLock { $0 } == 0)
            client.send(.sdk(.backgrounded))
            try await record.wait(for: "background") { $0.cores["A"]?.sdk.isInBackground == true }
            open.finish()
            await client.finishWriting()
            #expect(saved.withLock { $0 } == 2, "the typed token, and that it may be used")
        }
    }
}
