import CloudServer
import LoginClient
import LoginCore
import Providers
import Scenarios
import Services
import TerminalUI

/// What the user asks for, carried out.
extension Lab {
    /// Follows a command; one of the operator is for the provider named, and otherwise for the lab's own.
    func follow(_ command: LabCommand, about named: Provider? = nil) async {
        let provider = named ?? provider
        switch command {
        case .about(let id, let command):
            if let provider = ProviderRegistry.provider(id) { await follow(command, about: provider) }
        case .register(let device, let user, let password, let account):
            app(device, .registerRequested(user: user, password: vault.keep(password), account: account))
        case .signIn(let device, let user, let password):
            app(device, .signInRequested(user: user, password: vault.keep(password)))
        case .tokenLogin(let device, let account, let token, let kind):
            app(
                device,
                .tokenLoginRequested(
                    AccountName(account), token: vault.keep(token), kind: kind, at: configuration.clock.now()))
        case .automaticLogin(let device, let forced):
            app(device, .automaticLoginRequested(forced: forced, at: configuration.clock.now()))
        case .logOut(let device):
            app(device, .signOutRequested)
        case .renewNow(let device):
            app(device, .renewalRequested)
        case .echo(let device, let text):
            client(device)?.send(.sdk(.echoRequested(text)))
        case .kickOthers(let device, let clients):
            client(device)?.send(.sdk(.kickRequested(clients)))
        case .restartApp, .stopApp, .startApp, .setNetwork, .cut, .background, .foreground, .setProductForm,
            .setAfterRefusal, .setEarlyRenewal, .setGeneration, .setOptions, .setPlatform, .addDevice, .revealToken,
            .hideToken:
            await followDevice(command)
        case .ban(let account, let kick, let notify):
            operate(
                provider, .ban(account: account, kick: kick, notify: notify), kick ? "banned and kicked" : "banned",
                account)
        case .unban(let account):
            operate(provider, .unban(account: account), "unbanned", account)
        case .kickAccount(let account, let notify):
            operate(provider, .kick(account: account, notify: notify), "kicked", account)
        case .kickDevice(let account, let device):
            guard let found = index(of: device).map({ devices[$0] }) else { return }
            operate(
                provider,
                .kickDevice(
                    account: account, deviceID: found.profile.deviceID, clientType: found.platform.clientType),
                "kicked on \(device)", account, noted: .operate(account: account, .kickDevice(device: device)))
        case .updateToken(let account, let token):
            operate(
                provider, .updateToken(account: account, token: token),
                "\(provider.operatorTexts.credential) replaced", account)
        case .refreshToken(let account):
            operate(
                provider, .refreshToken(account: account), "\(provider.operatorTexts.credential) refreshed", account)
        case .deleteAccount(let account):
            operate(provider, .deleteAccount(account: account), "deleted", account)
        case .setDevicePolicy(let policy):
            change(provider) { $0.devicePolicy = policy }
        case .unbind(let user): operate(provider, .unbind(user: user), "unbound", user)
        case .bind(let user): operate(provider, .bind(user: user, account: nil), "bound to a new account", user)
        case .showConsole: showConsole(provider)
        case .askPresence(let account): askPresence(provider, account)
        case .setTokenKind(let kind):
            let types = settings[provider.id]?.authTypes ?? []
            change(provider) {
                $0.tokenKind = kind
                // Without its type and its callback such a token would open nothing, or any token everything.
                if kind == .callback {
                    $0.authTypes = Array(Set(types + [kind.rawValue])).sorted()
                    $0.loginCallback = true
                }
            }
        case .setTokenLifetime(let seconds):
            change(provider) { $0.tokenLifetime = .seconds(seconds) }
        case .killBackend:
            await killBackend()
        case .startBackend:
            await startBackendAgain()
        case .save(let file, let replaces): save(file, replaces: replaces)
        case .film(let command): tellFilm(command)
        case .openFilm(let file): openFilm(file)
        case .playStory(let name): playStory(name)
        case .leaveFilm: leaveFilm()
        case .listStories: listStories()
        case .suspend, .redraw, .quit:
            break  // the screen's own
        }
    }

    private func followDevice(_ command: LabCommand) async {
        switch command {
        case .restartApp(let device):
            guard let index = index(of: device) else { return }
            await stopApp(index)
            startApp(index)
        case .stopApp(let device):
            if let index = index(of: device) { await stopApp(index) }
        case .startApp(let device):
            if let index = index(of: device) { startApp(index) }
        case .setNetwork(let device, let mode, let scope):
            await setNetwork(device, NetworkSwitch(mode: mode, scope: scope))
        case .cut(let device):
            guard let index = index(of: device) else { return }
            note(.cut(device: device))
            await devices[index].path?.cut()
        case .background(let device):
            setBackground(device, true)
        case .foreground(let device):
            setBackground(device, false)
        case .setProductForm(let device, let form):
            changeApp(device) { $0.form = form }
        case .setAfterRefusal(let device, let choice):
            changeApp(device) { $0.afterRefusal = choice }
        case .setEarlyRenewal(let device, let isOn):
            changeApp(device) { $0.renewsEarly = isOn }
        case .setGeneration(let device, let id, let generation):
            guard let provider = ProviderRegistry.provider(id), let generation = provider.generation(generation) else {
                return
            }
            await setUp(device) { $0.play(generation, of: provider) }
            refresh()
        case .setOptions(let device, let options):
            await setUp(device) { $0.options = options }
        case .setPlatform(let device, let platform):
            await setUp(device) { $0.platform = platform }
        case .addDevice:
            await addDevice()
        case .revealToken(let device):
            if let index = index(of: device) { devices[index].isTokenShown = true }
        case .hideToken(let device):
            if let index = index(of: device) { devices[index].isTokenShown = false }
        default:
            break  // told apart by the caller
        }
    }

    /// Writes down what is done to the world around the machines.
    func note(_ doing: Recording.Doing, _ provider: Provider? = nil) {
        recorder.did(doing, provider: provider?.id, at: configuration.clock.now())
    }

    // MARK: - Devices

    private func index(of device: String) -> Int? {
        devices.firstIndex { $0.profile.name == device }
    }

    private func client(_ device: String) -> LoginClient? {
        index(of: device).flatMap { devices[$0].client }
    }

    private func app(_ device: String, _ event: AppFlow.Event) {
        client(device)?.send(.app(event))
    }

    private func changeApp(_ device: String, _ change: (inout AppSettings) -> Void) {
        guard let index = index(of: device) else { return }
        change(&devices[index].settings)
        keepSettings(index)
        app(device, .settingsChanged(devices[index].settings))
    }

    private func setBackground(_ device: String, _ isInBackground: Bool) {
        guard let index = index(of: device) else { return }
        devices[index].isInBackground = isInBackground
        devices[index].client?.send(.sdk(isInBackground ? .backgrounded : .foregrounded))
    }

    /// Changes what an app sets its SDK up with: it holds from the app's next start, which is now.
    private func setUp(_ device: String, _ change: (inout LabDevice) -> Void) async {
        guard let index = index(of: device) else { return }
        change(&devices[index])
        keepSettings(index)
        guard devices[index].client != nil else { return }
        await stopApp(index)
        startApp(index)
    }

    /// The hint goes to the SDK when the link is concerned; it comes back only after the way is open again.
    private func setNetwork(_ device: String, _ network: NetworkSwitch) async {
        guard let index = index(of: device), let path = devices[index].path else { return }
        note(.network(device: device, network))
        let hadHint = devices[index].network.isHinted
        let hasHint = network.isHinted
        devices[index].network = network
        if hasHint, !hadHint { devices[index].client?.send(.sdk(.networkLost)) }
        do throws(BackendError) {
            try await path.set(network, isBackendUp: status != .killed)
        } catch {
            tell(error.message)
        }
        if hadHint, !hasHint { devices[index].client?.send(.sdk(.networkReturned)) }
    }

    private func addDevice() async {
        guard devices.count < Self.mostDevices else {
            tell("there are \(Self.mostDevices) devices, which is the most; use one of them.")
            return
        }
        await startDevices(count: 1)
    }

    // MARK: - The backend

    private func killBackend() async {
        guard let backend else {
            tell("this backend runs elsewhere; it is killed where it was started.")
            return
        }
        note(.killBackend)
        await backend.kill()
        status = .killed
        await applyNetworks()
    }

    /// Puts every device's network as its switches and the backend's life say.
    private func applyNetworks() async {
        for device in devices {
            do throws(BackendError) {
                try await device.path?.set(device.network, isBackendUp: status != .killed)
            } catch {
                tell(error.message)
            }
        }
    }

    private func startBackendAgain() async {
        guard let backend, let endpoints else {
            tell("this backend runs elsewhere; it is started where it was killed.")
            return
        }
        note(.startBackend)
        do throws(BackendError) {
            try await backend.startAgain()
            status = .ready(
                appServer: endpoints.appServerURL, webAPI: endpoints.webAPIURL, imLink: endpoints.imLinkURL)
            await applyNetworks()
            refresh()
        } catch {
            tell(error.message)
        }
    }

    // MARK: - The operator

    private func operatorClient(_ provider: Provider) -> OperatorClient? {
        endpoints.map {
            OperatorClient(
                http: http, base: $0.appServerURL, key: $0.operatorKey, provider: $0.name(of: provider),
                clock: configuration.clock)
        }
    }

    private func operate(
        _ provider: Provider, _ request: AppServerRequest, _ done: String, _ account: String,
        noted doing: Recording.Doing? = nil
    ) {
        guard let client = operatorClient(provider) else { return }
        if let doing = doing ?? Recording.Doing(request) { note(doing, provider) }
        runBeside { [post] in
            switch await client.send(request) {
            case .success: post.yield(.operatorDone("\(account): \(done)"))
            case .failure(let failure): post.yield(.said("\(account): not \(done): \(failure.sentence)"))
            }
        }
    }

    private func showConsole(_ provider: Provider) {
        guard let client = operatorClient(provider) else { return }
        runBeside { [post] in
            switch await client.ask(.console, ConsoleView.parse) {
            case .success(let view):
                let listed = view.accounts.prefix(5).map(\.account).joined(separator: ", ")
                let more = view.accounts.count > 5 ? " and \(view.accounts.count - 5) more" : ""
                post.yield(
                    .said(
                        "Accounts: \(view.accountTotal), banned \(view.bannedTotal), active today \(view.dailyActive). The console "
                            + "lists \(view.accounts.isEmpty ? "none: the web API made them all" : listed + more)."
                    ))
            case .failure(let failure): post.yield(.said("console: \(failure.sentence)"))
            }
        }
    }

    private func askPresence(_ provider: Provider, _ account: String) {
        guard let client = operatorClient(provider) else { return }
        note(.operate(account: account, .askPresence(query: nil)), provider)
        runBeside { [post] in
            switch await client.ask(.presence(account: account, query: nil), Presence.parse) {
            case .success(let presence):
                let terminals = presence.terminals.isEmpty ? "" : " (\(presence.terminalText))"
                post.yield(.said("\(presence.account): \(presence.status)\(terminals)"))
            case .failure(let failure): post.yield(.said("\(account): \(failure.sentence)"))
            }
        }
    }

    private func change(_ provider: Provider, _ edit: (inout AppServerSettingsPatch) -> Void) {
        guard let client = operatorClient(provider) else { return }
        var patch = AppServerSettingsPatch()
        edit(&patch)
        let request = AppServerRequest.changeSettings(patch)
        if let doing = Recording.Doing(request) { note(doing, provider) }
        runBeside { [post] in
            switch await client.send(request) {
            case .success: post.yield(.operatorDone("the setting is changed; it holds from the next login on"))
            case .failure(let failure): post.yield(.said("the setting is not changed: \(failure.sentence)"))
            }
        }
    }

    /// Asks for people and settings again, of every provider that is played.
    func refresh() {
        for provider in played { refresh(provider) }
    }

    private func refresh(_ provider: Provider) {
        guard let client = operatorClient(provider), client.key != nil else { return }
        runBeside { [post, id = provider.id] in
            switch await client.ask(.people, Person.parseList) {
            case .success(let people): post.yield(.people(people, of: id))
            case .failure(let failure) where failure.isKeyRefused: post.yield(.operatorRefused)
            case .failure: break  // not reached: whatever was asked for says so itself
            }
            if case .success(let settings) = await client.ask(.settings, AppServerSettings.parse) {
                post.yield(.settings(settings, of: id))
            }
        }
    }
}
