import CloudServer
import Foundation
import Logging
import LoginClient
import LoginCore
import NIOPosix
import Providers
import Scenarios
import Services
import TerminalUI

/// How a lab is set up.
struct LabConfiguration: Sendable {
    /// In bytes.
    static let megabyte = 1_048_576

    var stateDirectory: String
    var startsFresh: Bool
    var clock: LabClock
    var seed: UInt64
    /// Whether all devices start with the lab's provider, whatever they played in the last run.
    var isProviderChosen = false
    /// The app server of a backend that runs elsewhere; nil for one of the lab's own.
    var connect: String?
    /// Where the operator key of such a backend is read from.
    var operatorKeyFile: String?
    /// Whom encrypted connections trust.
    var trust = TLSTrust.system
    /// How long the recording may become as a file, in bytes.
    var recordingLimit: Int
    var log: FileLog
}

/// Everything behind the screen: the backend, the devices and their networks.
///
/// One inbox, one loop; what takes long runs beside it and comes back as a message.
actor Lab {
    /// What the loop takes in.
    enum Message: Sendable {
        case command(LabCommand)
        /// The machines of a device's app; `life` tells it from apps of the device that have ended.
        case clientChanged(String, life: Int, ClientCore)
        /// What the app server says of a provider, by the provider's id.
        case people([Person], of: String)
        case settings(AppServerSettings, of: String)
        /// The backend does not take the operator key that is known here.
        case operatorRefused
        /// Why the backend cannot save its state; nil once it can again.
        case savingTrouble(String?)
        /// A request of the operator was followed: what it showed is asked for again.
        case operatorDone(String)
        case said(String)
        /// The recording has stopped at its limit.
        case recordingFull
        /// A film can begin, if it is still the one that is wanted.
        case filmReady(Int, Film.Reel)
        case filmFailed(Int, String)
        case end
    }

    static let mostDevices = 9

    let configuration: LabConfiguration
    /// The provider whose SDKs the devices have at first.
    let provider: Provider
    let http: HTTPService
    let link: LinkService
    let vault = SecretVault()
    /// Writes down everything from the start.
    let recorder: Recorder
    let publish: @Sendable (UIEvent) -> Void
    private let inbox: AsyncStream<Message>
    nonisolated let post: AsyncStream<Message>.Continuation
    var backend: Backend?
    var endpoints: LabEndpoints?
    var status = BackendStatus.starting
    var store: TokenStore?
    var devices: [LabDevice] = []
    /// By the providers' ids.
    var people: [String: [Person]] = [:]
    var settings: [String: AppServerSettings] = [:]
    var notices: [String] = []
    /// Why the backend cannot save its state; shown for as long as it holds.
    private var savingTrouble: String?
    /// Why the operator's requests are refused; nil when they are not.
    var operatorObstacle: String?
    /// The film that is on.
    var film: Film?
    /// Makes the film that was asked for last.
    var preparation: Task<Void, Never>?
    /// The number of the film that was asked for last.
    var lastFilm = 0
    /// Whether what is known of the built-in stories is told already, or being told.
    var isListing = false
    private var errands: [Int: Task<Void, Never>] = [:]
    private var lastErrand = 0

    init(_ configuration: LabConfiguration, provider: Provider, publish: @escaping @Sendable (UIEvent) -> Void) {
        self.configuration = configuration
        self.provider = provider
        self.publish = publish
        (inbox, post) = AsyncStream.makeStream()
        recorder = Recorder(provider: provider.id, limit: configuration.recordingLimit) { [post] in
            post.yield(.recordingFull)
        }
        let group = MultiThreadedEventLoopGroup.singleton
        http = .live(group: group, trust: configuration.trust)
        link = .live(group: group, trust: configuration.trust)
    }

    /// Asks for something; requests are followed in the order of the calls.
    nonisolated func send(_ command: LabCommand) {
        post.yield(.command(command))
    }

    /// Ends the lab: apps end without a logout, the backend keeps its state.
    nonisolated func end() {
        post.yield(.end)
        post.finish()
    }

    /// Starts the backend and the devices and runs until ``end()``; nothing of the lab runs after it returns.
    ///
    /// Answers why there was no backend to work with, or nil.
    func run() async -> String? {
        show()
        // Beside the loop, so that the user can quit while a backend elsewhere does not answer.
        let opening = Task {
            await open()
            show()  // also when it could not open: the reason is in the status
        }
        loop: for await message in inbox {
            switch message {
            case .command(let command): await follow(command)
            case .clientChanged(let name, let life, let core): changed(name, life, core)
            case .people(let people, let provider): self.people[provider] = people
            case .settings(let settings, let provider):
                if self.settings[provider] == nil { found(settings, of: provider) }
                self.settings[provider] = settings
                operatorObstacle = nil
            case .operatorRefused:
                operatorObstacle =
                    "this backend does not take the operator key that is known here; "
                    + "start again with --operator-key-file and its own key"
            case .savingTrouble(let sentence): savingTrouble = sentence
            case .operatorDone(let sentence):
                tell(sentence)
                refresh()
            case .said(let sentence): tell(sentence)
            case .recordingFull: tellFull()
            case .filmReady(let number, let reel): begin(number, reel)
            case .filmFailed(let number, let sentence): fail(number, sentence)
            case .end: break loop
            }
            show()
        }
        opening.cancel()
        await opening.value
        await close()
        if case .failed(let sentence) = status { return sentence }
        return nil
    }

    // MARK: - What the screen sees

    /// One line for the user.
    func tell(_ sentence: String) {
        publish(.message(sentence))
    }

    /// A remark that stays until a key is pressed, and in the timeline.
    func remark(_ sentence: String) {
        notices.append(sentence)
        entriesSink([
            TranscriptEntry(
                id: EntryID(lane: "lab", number: notices.count), lane: .appServer, at: configuration.clock.now(),
                owner: .lab, cause: nil, kind: .notice, title: sentence)
        ])
    }

    /// Pushes a fresh projection.
    func show() {
        var snapshot = LabSnapshot(
            backend: status, now: configuration.clock.now(), timeScale: configuration.clock.scale,
            providers: endpoints?.providers ?? [],
            facts: Dictionary(
                played.map { ($0.id, facts(of: $0.id)) }, uniquingKeysWith: { first, _ in first }),
            devices: devices.map { $0.snapshot() }, notices: notices)
        snapshot.trouble = savingTrouble
        snapshot.operatorObstacle = operatorObstacle
        if endpoints != nil, endpoints?.operatorKey == nil {
            snapshot.operatorObstacle =
                "the operator key of this backend is not known here; start again with --operator-key-file"
        }
        publish(.snapshot(snapshot))
    }

    /// The providers whose SDKs the devices are built with, and the lab's own.
    var played: [Provider] {
        let ids = Set(devices.map(\.provider.id))
        return [provider] + ProviderRegistry.all.filter { $0.id != provider.id && ids.contains($0.id) }
    }

    private func facts(of provider: String) -> ProviderFacts {
        ProviderFacts(
            people: (people[provider] ?? []).map {
                PersonView(
                    user: $0.user, account: $0.account, demoPassword: $0.demoPassword?.reveal(for: .screen),
                    isBanned: $0.isBanned)
            },
            settings: settings[provider].map { settings in
                SettingsView(
                    devicePolicy: settings.devicePolicy, tokenKind: settings.tokenKind,
                    tokenLifetime: Int(settings.tokenLifetime.wholeMilliseconds / 1000))
            })
    }

    private func changed(_ name: String, _ life: Int, _ core: ClientCore) {
        guard let index = devices.firstIndex(where: { $0.profile.name == name && $0.lives == life }) else { return }
        let old = devices[index].core
        devices[index].core = core
        // An account may have been made by the login, a person by the registration.
        let isNewLogin = core.flow.saved?.account != old?.flow.saved?.account
        if isNewLogin || (core.flow.state != old?.flow.state && core.flow.state.text == "login screen") { refresh() }
    }

    // MARK: - Beside the loop

    /// Runs `work` beside the loop; ``close()`` waits for it.
    @discardableResult
    func runBeside(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        lastErrand += 1
        let number = lastErrand
        let errand = Task { [weak self] in
            await work()
            await self?.forget(number)
        }
        errands[number] = errand
        return errand
    }

    private func forget(_ number: Int) {
        errands[number] = nil
    }

    func publishEntry(_ entry: TranscriptEntry) {
        publish(.entries([entry]))
    }

    var entriesSink: @Sendable ([TranscriptEntry]) -> Void {
        { [publish, recorder] entries in
            recorder.saw(entries)
            publish(.entries(entries))
        }
    }

    private func close() async {
        film?.end()
        for device in devices { device.client?.stop() }
        for device in devices { _ = await device.running?.value }
        let running = Array(errands.values)
        for errand in running { errand.cancel() }
        for errand in running { await errand.value }
        for device in devices { await device.path?.stop() }
        await http.shutdown()
        await backend?.stop()
    }
}
