import Logging
import LoginClient
import LoginCore
import Providers
import Services
import Synchronization
import Testing

/// A client over services that the test plays itself.
@Suite("The end of a client", .timeLimit(.minutes(5)))
struct ClientEndTests {
    private final class Gate: Sendable {
        private let stream: AsyncStream<Void>
        private let entry: AsyncStream<Void>.Continuation

        init() {
            (stream, entry) = AsyncStream.makeStream()
        }

        func open() { entry.finish() }

        /// Waits for the gate, cancelled or not.
        func pass() async {
            await Task { for await _ in stream {} }.value
        }
    }

    private final class Seen: Sendable {
        let isClosed = Mutex(false)
        let said = Mutex<[String]>([])
    }

    private func client(
        _ link: LinkService, record: LabRecord, seen: Seen,
        load: @escaping @Sendable () throws(StoreError) -> StoredLogin? = { () throws(StoreError) in nil },
        save: @escaping @Sendable (StoredLogin) throws(StoreError) -> Void = { (_) throws(StoreError) in }
    ) throws -> (client: LoginClient, vault: SecretVault) {
        let provider = try #require(ProviderRegistry.provider("commsease"))
        let vault = SecretVault()
        let clock = LabClock(scale: 1) { Instant(seconds: 1_700_000_000) }
        let client = LoginClient(
            ClientConfiguration(
                profile: "A", deviceID: String(repeating: "a", count: 32), platform: provider.clientPlatforms[0],
                provider: provider, settings: AppSettings(), appServer: "http://127.0.0.1:1",
                imLink: "ws://127.0.0.1:1/commsease", appKey: "key", clock: clock, seed: 1),
            services: ClientServices(
                http: HTTPService(send: { _, _, _ in .failure(.refused) }), link: link, vault: vault, load: load,
                save: save, erase: { () throws(StoreError) in }),
            lane: TranscriptLane(.device("A")),
            listener: ClientListener(
                changed: { record.take($0, $1, of: "A") },
                said: { sentence in seen.said.withLock { $0.append(sentence) } }),
            logger: Logger(label: "client") { _ in SwiftLogNoOpLogHandler() })
        return (client, vault)
    }

    private func typedLogin(_ vault: SecretVault) -> ClientCore.Input {
        .app(
            .tokenLoginRequested(
                AccountName("mia"), token: vault.keep(Secret("0123456789", kind: .token)), kind: .fixed,
                at: Instant(seconds: 1_700_000_000)))
    }

    @Test("A link that comes up while the client ends is closed before the end", arguments: [true, false])
    func lateLink(isGivenUpFirst: Bool) async throws {
        let (asked, gate, seen, record) = (Gate(), Gate(), Seen(), LabRecord())
        let link = LinkService { _, _ in
            asked.open()
            await gate.pass()
            let (inbound, entry) = AsyncStream.makeStream(of: LinkInbound.self)
            let close: @Sendable () -> Void = {
                seen.isClosed.withLock { $0 = true }
                entry.yield(.closed(.linkClosed))
                entry.finish()
            }
            return .success(LinkChannel(send: { _ in }, close: close, inbound: inbound))
        }
        let (client, vault) = try client(link, record: record, seen: seen)
        let running = Task { await client.run() }
        client.send(typedLogin(vault))
        await asked.pass()
        if isGivenUpFirst {
            client.send(.app(.signOutRequested))
            try await record.wait(for: "the login given up") { $0.cores["A"]?.sdk.phase == .loggedOut }
        }
        client.stop()
        gate.open()
        _ = await running.value
        #expect(seen.isClosed.withLock { $0 })
    }

    @Test("The end waits until the socket of a link that was closed before is gone")
    func slowClose() async throws {
        let (closing, gate, seen, record) = (Gate(), Gate(), Seen(), LabRecord())
        let link = LinkService { _, _ in
            let (inbound, entry) = AsyncStream.makeStream(of: LinkInbound.self)
            let close: @Sendable () -> Void = {
                closing.open()
                Task {
                    await gate.pass()
                    seen.isClosed.withLock { $0 = true }
                    entry.yield(.closed(.linkClosed))
                    entry.finish()
                }
            }
            return .success(LinkChannel(send: { _ in }, close: close, inbound: inbound))
        }
        let (client, vault) = try client(link, record: record, seen: seen)
        let running = Task { await client.run() }
        client.send(typedLogin(vault))
        try await record.wait(for: "a link") { $0.cores["A"]?.sdk.phase == .authenticating }
        client.send(.app(.signOutRequested))
        await closing.pass()
        client.stop()
        gate.open()
        _ = await running.value
        #expect(seen.isClosed.withLock { $0 })
    }

    @Test("A token store that fails says so, and the login goes on")
    func brokenStore() async throws {
        let (seen, record) = (Seen(), LabRecord())
        let (client, vault) = try client(
            LinkService { _, _ in .failure(.refused) }, record: record, seen: seen,
            load: { () throws(StoreError) in throw StoreError("cannot read") },
            save: { (_) throws(StoreError) in throw StoreError("cannot write") })
        let running = Task { await client.run() }
        client.send(typedLogin(vault))
        try await record.wait(for: "the failure") { $0.cores["A"]?.sdk.phase == .stopped }
        client.stop()
        _ = await running.value
        #expect(seen.said.withLock { $0 }.prefix(2) == ["cannot read", "cannot write"])
    }
}
