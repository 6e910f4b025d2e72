import CloudServer
import LoginClient
import LoginCore
import NIOPosix
import Providers
import Scenarios
import Services
import Synchronization

/// Plays one story over real sockets and a real clock: a backend of its own, and for each device two fault proxies.
///
/// What is to be done next and what was seen is for ``StoryRun`` to say, as in virtual time.
actor LiveStory {
    private let story: Story
    private let seed: UInt64
    private let clock: LabClock
    private let log: FileLog
    private let record = LiveRecord()
    private let vault = SecretVault()
    private let http: HTTPService
    private let link: LinkService
    private let backend: Backend
    private var endpoints: LabEndpoints?
    private var isBackendUp = true
    private var devices: [LiveDevice] = []
    private var operations: [Task<Void, Never>] = []

    init(_ story: Story, seed: UInt64, scale: Int, log: FileLog) {
        self.story = story
        self.seed = seed
        self.log = log
        clock = .live(scale: scale)
        let group = MultiThreadedEventLoopGroup.singleton
        http = .live(group: group)
        link = .live(group: group)
        backend = Backend(
            BackendConfiguration(
                provider: story.provider, seed: seed, clock: clock, sink: { [record] in record.add(.entries([$0])) },
                logger: log.logger("latchkey.backend")))
    }

    /// Plays the story; nothing of it runs after it returns.
    func play() async throws(Failure) -> StoryResult {
        do throws(Failure) {
            try await open()
            let result = try await drive()
            await close()
            return result
        } catch {
            await close()
            throw error
        }
    }

    // MARK: - Its life

    private func open() async throws(Failure) {
        do throws(BackendError) {
            let started = try await backend.start()
            let endpoints = try? LabEndpoints(started)
            self.endpoints = endpoints
            guard let endpoints else { return }
            for setup in story.devices { devices.append(LiveDevice(setup, path: try await NetworkPath(to: endpoints))) }
        } catch {
            throw Failure(error.message)
        }
        for index in devices.indices where devices[index].setup.starts { try startApp(index) }
    }

    private func close() async {
        for operation in operations { await operation.value }
        for index in devices.indices {
            await stopApp(index)
            await devices[index].path.stop()
        }
        await http.shutdown()
        await backend.stop()
    }

    // MARK: - The run

    private func drive() async throws(Failure) -> StoryResult {
        // Real sockets on a busy machine need up to a second of real time.
        var run = StoryRun(story, slack: .seconds(clock.scale))
        let start = clock.now()
        while true {
            take(&run)
            switch run.next(at: clock.now(), on: LiveStage(cores: record.cores)) {
            case .finished:
                let end = clock.now()
                if run.failure == nil {
                    await record.wait(for: Comparability.race, ifNothingNew: false)
                    take(&run)
                }
                return StoryResult(story: story, seed: seed, run: run, duration: end - start)
            case .perform(let deed):
                var problem: DeedProblem?
                do throws(DeedProblem) {
                    try await perform(deed)
                } catch {
                    problem = error
                }
                run.performed(problem, at: clock.now())
            case .wait(let limit):
                await record.wait(for: clock.wait(limit - clock.now()), ifNothingNew: true)
            }
        }
    }

    private func take(_ run: inout StoryRun) {
        for message in record.take() {
            switch message {
            case .entries(let entries): run.take(entries)
            case .took(let name, let core, let entries):
                record.cores[name] = core
                if !entries.isEmpty { run.take(entries) }
            case .ended(let name): record.cores[name] = nil
            case .answered(let answer): run.answered(answer, at: clock.now())
            }
        }
    }

    // MARK: - Deeds

    private func perform(_ deed: Deed) async throws(DeedProblem) {
        switch deed {
        case .device(let name, let deed):
            guard let index = devices.firstIndex(where: { $0.setup.name == name }) else {
                throw DeedProblem("there is no device \(name)")
            }
            try await perform(deed, index)
        case .operate(let request): operate(request)
        case .kickDevice(let account, let name):
            guard let setup = devices.first(where: { $0.setup.name == name })?.setup else {
                throw DeedProblem("there is no device \(name)")
            }
            let platform = try DeviceKind(
                provider: story.provider, generation: setup.generation, platform: setup.platform
            ).platform(setup.platform)
            operate(
                .kickDevice(
                    account: account, deviceID: setup.deviceID(seed: seed), clientType: platform.clientType))
        case .killBackend:
            await backend.kill()
            isBackendUp = false
            try await applyNetworks()
        case .startBackend:
            do throws(BackendError) {
                try await backend.startAgain()
            } catch {
                throw DeedProblem(error.message)
            }
            isBackendUp = true
            try await applyNetworks()
        }
    }

    private func operate(_ request: AppServerRequest) {
        guard let endpoints else { return }
        let value = request.http(operatorKey: endpoints.operatorKey, cause: nil)
        let deadline = clock.deadline(ClientWire.appServerTimeout)
        operations.append(
            Task { [http, record] in
                record.add(.answered(await http.send(endpoints.appServerURL, value, deadline)))
            })
    }

    private func perform(_ deed: DeviceDeed, _ index: Int) async throws(DeedProblem) {
        switch deed {
        case .network(let network):
            let hadHint = devices[index].network.isHinted
            devices[index].network = network
            if network.isHinted, !hadHint { devices[index].client?.send(.sdk(.networkLost)) }
            try await applyNetwork(index)
            if hadHint, !network.isHinted { devices[index].client?.send(.sdk(.networkReturned)) }
        case .cut:
            await devices[index].path.cut()
        case .changeApp(let settings):
            devices[index].setup.settings = settings
            devices[index].client?.send(.app(.settingsChanged(settings)))
        case .stopApp:
            await stopApp(index)
        case .install(let build):
            guard devices[index].client == nil else {
                throw DeedProblem("the app on \(devices[index].setup.name) runs; stop it first")
            }
            devices[index].setup.install(build)
        case .startApp, .restartApp:
            await stopApp(index)
            do throws(Failure) {
                try startApp(index)
            } catch {
                throw DeedProblem(error.sentence)
            }
        case .register, .logIn, .logInWithToken, .logInAutomatically, .logOut, .callLogin, .callLogout, .renew, .echo,
            .kickOthers, .background, .foreground, .setUp:
            let name = devices[index].setup.name
            guard let client = devices[index].client else {
                throw DeedProblem("the app on \(name) does not run; start it first")
            }
            let input = try deed.input(at: clock.now(), vault: vault, core: record.cores[name])
            if let input { client.send(input) }
        }
    }

    private func applyNetwork(_ index: Int) async throws(DeedProblem) {
        do throws(BackendError) {
            try await devices[index].path.set(devices[index].network, isBackendUp: isBackendUp)
        } catch {
            throw DeedProblem(error.message)
        }
    }

    private func applyNetworks() async throws(DeedProblem) {
        for index in devices.indices { try await applyNetwork(index) }
    }

    // MARK: - Apps

    private func startApp(_ index: Int) throws(Failure) {
        guard let endpoints else { return }
        devices[index].life += 1
        let device = devices[index]
        let name = device.setup.name
        let kind: DeviceKind
        do throws(DeedProblem) {
            kind = try DeviceKind(
                provider: story.provider, generation: device.setup.generation, platform: device.setup.platform)
        } catch {
            throw Failure("\(error).")
        }
        let stored = device.stored
        let client = LoginClient(
            ClientConfiguration(
                profile: name, deviceID: device.setup.deviceID(seed: seed),
                platform: kind.platform(device.setup.platform), provider: kind.provider, generation: kind.generation,
                options: device.setup.options, settings: device.setup.settings, appServer: device.path.appServer,
                imLink: "\(device.path.imLink)/\(kind.provider.id)", appKey: endpoints.appKeys[kind.provider.id] ?? "",
                clock: clock,
                seed: device.setup.machineSeed(seed: seed, life: device.life), setsUp: device.setup.setsUp),
            services: ClientServices(
                http: http, link: link, vault: vault,
                load: { () throws(StoreError) in stored.login.withLock { $0 } },
                save: { (login) throws(StoreError) in stored.login.withLock { $0 = login } },
                erase: { () throws(StoreError) in stored.login.withLock { $0 = nil } }),
            lane: device.lane,
            listener: ClientListener(
                changed: { [record] core, entries in record.add(.took(name, core, entries)) },
                said: { _ in }),
            logger: log.logger("latchkey.client"))
        devices[index].client = client
        devices[index].running = Task { await client.run() }
        if device.network.isHinted { client.send(.sdk(.networkLost)) }
    }

    private func stopApp(_ index: Int) async {
        guard let client = devices[index].client, let running = devices[index].running else { return }
        client.stop()
        devices[index].lane = await running.value
        devices[index].client = nil
        devices[index].running = nil
        devices[index].life += 1
        record.add(.ended(devices[index].setup.name))
    }
}

/// One device of a live story.
private struct LiveDevice {
    /// What the token store keeps.
    final class Stored: Sendable {
        let login = Mutex<StoredLogin?>(nil)
    }

    var setup: DeviceSetup
    let path: NetworkPath
    let stored = Stored()
    var network = NetworkSwitch()
    var client: LoginClient?
    var running: Task<TranscriptLane, Never>?
    var lane: TranscriptLane
    var life = 0

    init(_ setup: DeviceSetup, path: NetworkPath) {
        self.setup = setup
        self.path = path
        lane = TranscriptLane(.device(setup.name))
    }
}

/// The machines as they were told last.
private struct LiveStage: StoryStage {
    let cores: [String: ClientCore]

    func core(of device: String) -> ClientCore? { cores[device] }
}
