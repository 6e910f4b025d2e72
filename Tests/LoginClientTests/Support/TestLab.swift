import CloudServer
import Foundation
import Logging
import LoginClient
import LoginCore
import NIOPosix
import Providers
import Scenarios
import Services
import Synchronization
import Testing

/// A backend on real sockets and the devices that use it, each over proxies of its own.
final class TestLab: Sendable {
    let clock: LabClock
    let record = LabRecord()
    let backend: Backend
    let endpoints: BackendEndpoints
    let vault = SecretVault()
    let http: HTTPService = .live(group: MultiThreadedEventLoopGroup.singleton)
    let link: LinkService = .live(group: MultiThreadedEventLoopGroup.singleton)
    let provider: Provider
    let log = LogLines()
    let recorder: Recorder
    private let patience: Patience
    /// What the backend's app has with its provider.
    static let appSecret = Secret("0f1e2d3c4b5a69788796a5b4c3d2e1f0", kind: .appSecret)
    private let devices = Mutex<[TestDevice]>([])

    /// Runs `body` with a lab whose seconds pass `scale` times as fast, and ends everything after it.
    ///
    /// Real answers have `patience` at least, whatever the scale: on a busy machine half a second is soon over.
    static func run(
        provider: String = "commsease",
        scale: Int = 1,
        patience: Duration = .seconds(20),
        stateDirectory: String? = nil,
        _ body: (TestLab) async throws -> Void
    ) async throws {
        let lab = try await TestLab(
            provider: provider, scale: scale, patience: patience, stateDirectory: stateDirectory)
        do {
            try await body(lab)
        } catch {
            await lab.close()
            throw error
        }
        await lab.close()
    }

    private init(provider id: String, scale: Int, patience: Duration, stateDirectory: String?) async throws {
        let start = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000))
        let origin = ContinuousClock.now
        self.patience = Patience(patience)
        clock = LabClock(scale: scale, shortestDeadline: { [patience = self.patience] in patience.least }) {
            start + (ContinuousClock.now - origin) * scale
        }
        provider = try #require(ProviderRegistry.provider(id))
        let recorder = Recorder(provider: id)
        self.recorder = recorder
        let log = log
        backend = Backend(
            BackendConfiguration(
                provider: id, stateDirectory: stateDirectory, appSecret: Self.appSecret, seed: 7, clock: clock,
                sink: { [record] in
                    record.take([$0])
                    recorder.saw([$0])
                },
                logger: Logger(label: "backend") { _ in log.handler() }))
        endpoints = try await backend.start()
    }

    /// From now on real answers have `least`; a test that waits for such a deadline gives little.
    func setPatience(_ least: Duration) {
        patience.least = least
    }

    private func close() async {
        for device in devices.withLock({ $0 }) { await device.close() }
        await http.shutdown()
        await backend.stop()
    }

    /// A device whose app runs.
    func device(
        _ name: String,
        deviceID: String? = nil,
        platform: Int = 0,
        generation: Generation? = nil,
        settings: AppSettings = AppSettings(),
        keeper: Keeper = .inMemory(),
        appServer: String? = nil,
        imLink: String? = nil
    ) async throws -> TestDevice {
        let device = try await TestDevice(
            name, deviceID: deviceID ?? String(repeating: name.lowercased(), count: 32),
            platform: generation?.clientPlatforms.first ?? provider.clientPlatforms[platform],
            generation: generation, settings: settings, keeper: keeper, lab: self,
            appServer: appServer, imLink: imLink)
        devices.withLock { $0.append(device) }
        device.start()
        return device
    }

    /// Does what the operator asks of the app server, and requires that it was done.
    @discardableResult
    func operate(_ request: AppServerRequest) async throws -> HTTPResponseValue {
        let answer = await http.send(
            endpoints.appServer, request.http(operatorKey: endpoints.operatorKey, cause: nil), .seconds(10))
        let response = try answer.get()
        #expect(response.status == 200, "\(request): \(String(decoding: response.body, as: UTF8.self))")
        return response
    }

    /// Replaces an account's token at the provider, past the app server.
    func replaceTokenAtProvider(account: String) async throws {
        let command = CommsEaseCommand.update(
            accid: account, token: Secret(String(repeating: "9", count: 32), kind: .token))
        let nonce = "test"
        let seconds = String(clock.now().seconds)
        let credentials = CommsEaseCredentials(
            appKey: endpoints.appKey, nonce: nonce, curTime: seconds,
            checkSum: CommsEaseSignature.checkSum(appSecret: Self.appSecret, nonce: nonce, curTime: seconds))
        let answer = await http.send(
            endpoints.webAPI, command.http(credentials: credentials, requestID: nil, cause: nil), .seconds(10))
        #expect(String(decoding: try answer.get().body, as: UTF8.self).contains("200"))
    }

    func people() async throws -> [Person] {
        try Person.parseList(try await operate(.people)).get()
    }
}

/// How long a real answer may take at least.
private final class Patience: Sendable {
    private let value: Mutex<Duration>

    init(_ least: Duration) {
        value = Mutex(least)
    }

    var least: Duration {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}

/// Where a device keeps its login.
struct Keeper: Sendable {
    let load: @Sendable () throws(StoreError) -> StoredLogin?
    let save: @Sendable (StoredLogin) throws(StoreError) -> Void
    let erase: @Sendable () throws(StoreError) -> Void

    static func inMemory() -> Keeper {
        let kept = Kept()
        return Keeper(
            load: { () throws(StoreError) in kept.login.withLock { $0 } },
            save: { (login) throws(StoreError) in kept.login.withLock { $0 = login } },
            erase: { () throws(StoreError) in kept.login.withLock { $0 = nil } })
    }

    static func store(_ store: TokenStore, profile: String) -> Keeper {
        Keeper(
            load: { () throws(StoreError) in try store.load(profile: profile, provider: "commsease") },
            save: { (login) throws(StoreError) in try store.save(login, profile: profile) },
            erase: { () throws(StoreError) in try store.erase(profile: profile, provider: "commsease") })
    }

    private final class Kept: Sendable {
        let login = Mutex<StoredLogin?>(nil)
    }
}

/// What was logged, as text.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func handler() -> any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.level) \(event.message) \(metadata) \(event.metadata ?? [:])"
            lines.lines.withLock { $0.append(line) }
        }
    }
}

/// A directory that is gone after `body`.
func withTemporaryDirectory(_ body: (String) async throws -> Void) async throws {
    let path = NSTemporaryDirectory() + "latchkey-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try await body(path)
}
