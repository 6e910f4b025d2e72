import CloudServer
import Foundation
import LoginClient
import LoginCore
import Providers
import Scenarios
import Services
import TerminalUI

/// Starting the backend and the devices.
extension Lab {
    func open() async {
        openStore()
        if let url = configuration.connect {
            await connect(to: url)
        } else {
            await startBackend()
        }
        guard endpoints != nil else { return }
        await startDevices(count: 2)
        await reopenDevices()
        refresh()
    }

    private func openStore() {
        do throws(StoreError) {
            let (store, notice) = try TokenStore.open(directory: configuration.stateDirectory)
            self.store = store
            if let notice { remark(notice) }
        } catch {
            remark("\(error.message) Logins are not kept in this run.")
        }
    }

    // MARK: - The backend

    private func startBackend() async {
        let backend = Backend(
            BackendConfiguration(
                provider: provider.id, stateDirectory: configuration.stateDirectory,
                startsFresh: configuration.startsFresh, seed: configuration.seed, clock: configuration.clock,
                sink: { [entriesSink] in entriesSink([$0]) },
                savingTrouble: { [post] in post.yield(.savingTrouble($0)) },
                logger: configuration.log.logger("latchkey.backend")))
        do throws(BackendError) {
            let started = try await backend.start()
            self.backend = backend
            // The backend has an entry of it in the timeline already.
            if let notice = await backend.openingNotice { notices.append(notice) }
            endpoints = try? LabEndpoints(started)
            status = .ready(appServer: started.appServer, webAPI: started.webAPI, imLink: started.imLink)
        } catch {
            // The user has quit meanwhile, and what was being opened was given up.
            if !Task.isCancelled { status = .failed(error.message) }
        }
    }

    private func connect(to url: String) async {
        let client = OperatorClient(http: http, base: url, key: nil, provider: nil, clock: configuration.clock)
        switch await client.ask(.discovery, Discovery.parse) {
        case .failure where Task.isCancelled:
            break  // the user has quit meanwhile
        case .failure(let failure):
            let advice =
                failure.isCertificateRefused
                ? "give the authority of its certificate with --ca-file."
                : "check the address, or start a backend with latchkey serve."
            status = .failed("\(url): \(failure.sentence); \(advice)")
        case .success(let found):
            guard found.timeScale == configuration.clock.scale else {
                status = .failed(
                    "the backend at \(url) runs at time scale \(found.timeScale); start with --time-scale \(found.timeScale)."
                )
                return
            }
            do throws(Failure) {
                endpoints = try LabEndpoints(
                    appServer: url, webAPI: found.webAPI, imLink: found.imLink, providers: found.providers,
                    appKeys: found.appKeys, operatorKey: try operatorKey())
                status = .foreign(url)
            } catch {
                status = .failed(error.sentence)
            }
        }
    }

    /// The operator key of a backend that runs elsewhere: from the file that was named, or from this user's own state.
    private func operatorKey() throws(Failure) -> Secret? {
        let path = configuration.operatorKeyFile ?? configuration.stateDirectory + "/operator.key"
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else {
            if configuration.operatorKeyFile == nil { return nil }
            throw Failure("cannot read the operator key in \(path); check the path and its permissions.")
        }
        return Secret(text.trimmingCharacters(in: .whitespacesAndNewlines), kind: .operatorKey)
    }

    // MARK: - Devices

    func startDevices(count: Int) async {
        let wanted = Array(freeNames.prefix(count))
        var profiles: [DeviceProfile] = []
        do throws(StoreError) {
            profiles =
                try await store?.beside { store throws(StoreError) in
                    try store.claim(wanted, count: count)
                } ?? []
        } catch {
            remark("\(error.message) Logins are not kept in this run.")
        }
        if profiles.isEmpty {
            // Without a store the devices live for this run only.
            var chance = SeededGenerator(seed: configuration.seed).fork("device ids \(devices.count)")
            profiles = wanted.map { DeviceProfile(name: $0, deviceID: chance.text(32, of: "0123456789abcdef")) }
        }
        let foreign = zip(profiles, wanted).filter { $0.name != $1 }
        if !foreign.isEmpty {
            let names = foreign.map(\.1).joined(separator: " and ")
            let others = foreign.map(\.0.name).joined(separator: " and ")
            tell("in use by another latchkey: profile \(names); taken instead: \(others)")
        }
        for (profile, _) in zip(profiles, wanted) { await startDevice(profile) }
    }

    /// The names that no device of this lab has.
    private var freeNames: [String] {
        (0..<26).map { String(UnicodeScalar(UInt8(65 + $0))) }
            .filter { name in !devices.contains { $0.profile.name == name } }
    }

    private func startDevice(_ profile: DeviceProfile) async {
        let generations = provider.generations
        let generation = generations[min(devices.count, generations.count - 1)]
        var device = LabDevice(profile: profile, provider: provider, generation: generation)
        await restore(&device)
        await startPath(&device)
        devices.append(device)
        startApp(devices.count - 1)
    }

    /// Brings back the devices that were added in earlier runs and kept something; `--fresh` makes them forget it.
    private func reopenDevices() async {
        guard let store, devices.count < Self.mostDevices else { return }
        let names = Array(freeNames.prefix(Self.mostDevices - devices.count))
        do throws(StoreError) {
            let profiles = try await store.beside { store throws(StoreError) in try store.claimKept(of: names) }
            for profile in profiles {
                guard configuration.startsFresh else {
                    await startDevice(profile)
                    continue
                }
                var forgetful = LabDevice(profile: profile, provider: provider, generation: provider.usual)
                await restore(&forgetful)
                store.release(profile.name)
            }
        } catch {
            remark(error.message)
        }
    }

    /// Gives a device the settings that it had in the last run; with `--fresh`, makes it forget them and its login.
    private func restore(_ device: inout LabDevice) async {
        guard let store else { return }
        let profile = device.profile.name
        let isFresh = configuration.startsFresh
        do throws(StoreError) {
            let kept = try await store.beside { store throws(StoreError) -> StoredSettings? in
                guard isFresh else { return try store.settings(profile: profile) }
                for provider in ProviderRegistry.all { try store.erase(profile: profile, provider: provider.id) }
                try store.eraseSettings(profile: profile)
                return nil
            }
            guard let kept else { return }
            device.settings = kept.app
            // What was kept of an SDK that is not played means nothing to another provider's.
            guard let played = kept.provider == nil ? provider : kept.provider.flatMap(playable) else { return }
            if let generation = kept.generation.flatMap(played.generation) { device.play(generation, of: played) }
            if let platform = device.generation.clientPlatforms.first(where: { $0.clientType == kept.clientType }) {
                device.platform = platform
            }
        } catch {
            remark(error.message)
        }
    }

    /// The provider of that id, when a device may play it: the backend has it, and nobody asked for one of all devices.
    private func playable(_ id: String) -> Provider? {
        guard !configuration.isProviderChosen, endpoints?.providers.contains(id) == true else { return nil }
        return ProviderRegistry.provider(id)
    }

    /// Keeps the settings of a device for the next run.
    func keepSettings(_ index: Int) {
        guard let store else { return }
        let device = devices[index]
        let settings = StoredSettings(
            app: device.settings, clientType: device.platform.clientType,
            // The lab's own goes without saying, so that it can be another one in another run.
            provider: device.provider.id == provider.id ? nil : device.provider.id,
            generation: device.generation.id)
        runBeside { [post] in
            do throws(StoreError) {
                try await store.beside { store throws(StoreError) in
                    try store.save(settings, profile: device.profile.name)
                }
            } catch {
                post.yield(.said(error.message))
            }
        }
    }

    private func startPath(_ device: inout LabDevice) async {
        guard let endpoints else { return }
        do throws(BackendError) {
            device.path = try await NetworkPath(to: endpoints)
        } catch {
            remark(error.message)
        }
    }

    /// Starts the app of a device with what it kept.
    func startApp(_ index: Int) {
        guard let endpoints, let path = devices[index].path, devices[index].client == nil else { return }
        let device = devices[index]
        let name = device.profile.name
        let life = device.lives
        recorder.begin(
            Recording.Life(
                device: name, provider: device.provider.id == provider.id ? nil : device.provider.id,
                generation: device.generation.id, platform: device.platform.name,
                options: device.options, settings: device.settings, seed: configuration.seed, after: device.lane.last),
            at: configuration.clock.now())
        let client = LoginClient(
            ClientConfiguration(
                profile: name, deviceID: device.profile.deviceID, platform: device.platform, provider: device.provider,
                generation: device.generation, options: device.options, settings: device.settings,
                appServer: path.appServer, imLink: "\(path.imLink)/\(device.provider.id)",
                appKey: endpoints.appKeys[device.provider.id] ?? "",
                namesProvider: endpoints.name(of: device.provider) != nil, clock: configuration.clock,
                seed: configuration.seed),
            services: services(for: name, device.provider.id), lane: device.lane,
            listener: ClientListener(
                changed: { [post, entriesSink] core, entries in
                    if !entries.isEmpty { entriesSink(entries) }
                    post.yield(.clientChanged(name, life: life, core))
                },
                said: { [post] sentence in post.yield(.said("\(name): \(sentence)")) },
                took: { [recorder] in recorder.took(name, $0) }),
            logger: configuration.log.logger("latchkey.client"))
        devices[index].client = client
        devices[index].running = Task { await client.run() }
        if device.network.isHinted { client.send(.sdk(.networkLost)) }
        if device.isInBackground { client.send(.sdk(.backgrounded)) }
    }

    /// What a device keeps is the provider's that it plays: a token goes to its own provider only.
    private func services(for profile: String, _ provider: String) -> ClientServices {
        let store = store
        return ClientServices(
            http: http, link: link, vault: vault,
            load: { () throws(StoreError) in
                try await store?.beside { store throws(StoreError) in
                    try store.load(profile: profile, provider: provider)
                } ?? nil
            },
            save: { (login) throws(StoreError) in
                try await store?.beside { store throws(StoreError) in try store.save(login, profile: profile) }
            },
            erase: { () throws(StoreError) in
                try await store?.beside { store throws(StoreError) in
                    try store.erase(profile: profile, provider: provider)
                }
            })
    }

    /// Ends the app of a device without a logout, as a crash would.
    func stopApp(_ index: Int) async {
        guard let client = devices[index].client, let running = devices[index].running else { return }
        client.stop()
        let lane = await running.value
        recorder.end(devices[index].profile.name, at: configuration.clock.now())
        devices[index].lives += 1  // what the ended app still has under way is not shown
        devices[index].lane = lane
        devices[index].client = nil
        devices[index].running = nil
        devices[index].core = nil
        devices[index].isInBackground = false
    }
}
