import CloudServer
import Foundation
import Logging
import LoginClient
import LoginCore
import Providers
import Scenarios
import Services
import Synchronization
import Testing

/// One device of a test: its two proxies and, while it runs, its app.
final class TestDevice: Sendable {
    private struct Running {
        let client: LoginClient
        let task: Task<TranscriptLane, Never>
    }

    let name: String
    let deviceID: String
    let appServerProxy: FaultProxy
    let linkProxy: FaultProxy
    private let configuration: ClientConfiguration
    let keeper: Keeper
    private let lab: TestLab
    private let running = Mutex<Running?>(nil)
    private let transcript: Mutex<TranscriptLane>

    init(
        _ name: String,
        deviceID: String,
        platform: ClientPlatform,
        generation: Generation?,
        settings: AppSettings,
        keeper: Keeper,
        lab: TestLab,
        appServer: String?,
        imLink: String?
    ) async throws {
        self.name = name
        self.deviceID = deviceID
        self.keeper = keeper
        self.lab = lab
        transcript = Mutex(TranscriptLane(.device(name)))
        appServerProxy = FaultProxy(upstreamPort: try Self.port(lab.endpoints.appServer))
        linkProxy = FaultProxy(upstreamPort: try Self.port(lab.endpoints.imLink))
        let appServerPort = try await appServerProxy.start(port: 0)
        let linkPort = try await linkProxy.start(port: 0)
        configuration = ClientConfiguration(
            profile: name, deviceID: deviceID, platform: platform, provider: lab.provider,
            generation: generation, settings: settings, appServer: appServer ?? "http://127.0.0.1:\(appServerPort)",
            imLink: imLink ?? "ws://127.0.0.1:\(linkPort)/\(lab.provider.id)", appKey: lab.endpoints.appKey,
            clock: lab.clock, seed: 11)
    }

    private static func port(_ url: String) throws -> Int {
        try #require(url.split(separator: ":").last.flatMap { Int($0) })
    }

    // MARK: - Its life

    /// Starts the app with what it kept.
    func start() {
        let lab = lab
        let name = name
        let log = lab.log
        let lane = transcript.withLock { $0 }
        lab.recorder.begin(
            Recording.Life(
                device: name, generation: configuration.generation.id, platform: configuration.platform.name,
                options: configuration.policy.options, settings: configuration.settings, seed: configuration.seed,
                after: lane.last),
            at: lab.clock.now())
        let client = LoginClient(
            configuration,
            services: ClientServices(
                http: lab.http, link: lab.link, vault: lab.vault, load: keeper.load, save: keeper.save,
                erase: keeper.erase),
            lane: lane,
            listener: ClientListener(
                changed: { lab.record.take($0, $1, of: name) },
                said: { lab.record.say("\(name): \($0)") },
                took: { lab.recorder.took(name, $0) }),
            logger: Logger(label: "client") { _ in log.handler() })
        let task = Task { await client.run() }
        running.withLock { $0 = Running(client: client, task: task) }
    }

    /// Ends the app without a logout, as a crash would.
    func stop() async {
        guard let ended = running.withLock({ $0.take() }) else { return }
        ended.client.stop()
        let lane = await ended.task.value
        transcript.withLock { $0 = lane }
        lab.recorder.end(name, at: lab.clock.now())
        lab.record.end(name)
    }

    func close() async {
        await stop()
        await appServerProxy.stop()
        await linkProxy.stop()
    }

    // MARK: - What it is told

    func send(_ input: ClientCore.Input) {
        running.withLock { $0 }?.client.send(input)
    }

    func signIn(_ user: String, _ password: String) {
        send(.app(.signInRequested(user: user, password: lab.vault.keep(Secret(password, kind: .password)))))
    }

    func logInAutomatically(forced: Bool = false) {
        send(.app(.automaticLoginRequested(forced: forced, at: lab.clock.now())))
    }

    func logIn(account: String, token: String) {
        send(
            .app(
                .tokenLoginRequested(
                    AccountName(account), token: lab.vault.keep(Secret(token, kind: .token)), kind: .fixed,
                    at: lab.clock.now())))
    }

    /// Logs the seeded person in and waits until that is done.
    @discardableResult
    func signedIn(_ user: String = "mia", _ password: String = "lantern-42") async throws -> SavedLogin {
        signIn(user, password)
        try await online()
        return try #require(core?.flow.saved)
    }

    // MARK: - What is seen of it

    var lane: Lane { .device(name) }
    var core: ClientCore? { lab.record.view.cores[name] }
    /// What the store holds once everything is written that the machines have wanted there.
    var kept: StoredLogin? {
        get async {
            await running.withLock { $0 }?.client.finishWriting()
            return try? keeper.load()
        }
    }

    func titles(since mark: Int = 0) -> [String] {
        lab.record.view.titles(of: lane, since: mark)
    }

    func entries(since mark: Int = 0) -> [TranscriptEntry] {
        lab.record.view.entries(of: lane, since: mark)
    }

    /// Waits until the machines are as `isMet` says.
    func wait(for what: String, until isMet: @escaping @Sendable (ClientCore) -> Bool) async throws {
        let name = name
        try await lab.record.wait(for: "\(name): \(what)") { view in view.cores[name].map(isMet) ?? false }
    }

    /// Waits for an entry of its lane with this title, from `mark` on.
    func wait(forEntry title: String, since mark: Int = 0) async throws {
        let lane = lane
        try await lab.record.wait(for: "\(name): entry \"\(title)\"") { view in
            view.entries.dropFirst(mark).contains { $0.lane == lane && $0.title == title }
        }
    }

    func online() async throws {
        try await wait(for: "online") { $0.sdk.phase == .online && $0.flow.state == .signedIn }
    }

    /// Waits until it is online by a login that was answered after `mark`.
    ///
    /// The entries of an input are told before the machines, which alone could still be those of before.
    func online(since mark: Int) async throws {
        let name = name
        try await lab.record.wait(for: "\(name): online again") { view in
            guard let core = view.cores[name], core.sdk.phase == .online, core.flow.state == .signedIn else {
                return false
            }
            return view.entries(of: .device(name), since: mark).contains { $0.title == "login → 200" }
        }
    }

    /// Waits for the login screen, or for the stop of a messaging login that the app outlives, and gives the code.
    @discardableResult
    func stopped() async throws -> StopReason {
        try await wait(for: "stopped") { core in
            if case .calling = core.flow.recovery { return false }
            return core.sdk.phase == .stopped
        }
        return try #require(core?.sdk.stopReason)
    }

    /// The reason that the login screen gives.
    var screen: String? {
        guard case .signedOut(let reason?) = core?.flow.state else { return nil }
        return reason.text(in: KickWords())
    }
}
