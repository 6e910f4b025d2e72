import Cloud
import LoginCore
import Providers

/// What is done to the world from outside.
extension VirtualWorld {
    /// Does something now; what follows from it comes with the next steps.
    package mutating func perform(_ deed: Deed) throws(DeedProblem) {
        if let doing = Recording.Doing(deed) { recorder?.did(doing, at: now) }
        switch deed {
        case .device(let name, let deed):
            guard let device = index(of: name) else { throw DeedProblem("there is no device \(name)") }
            try perform(deed, device)
        case .operate(let request): operate(request)
        case .kickDevice(let account, let name):
            guard let device = device(name) else { throw DeedProblem("there is no device \(name)") }
            operate(
                .kickDevice(account: account, deviceID: device.wire.deviceID, clientType: device.wire.clientType))
        case .killBackend:
            guard backend.isUp else { throw DeedProblem("the backend is killed already") }
            killBackend()
        case .startBackend:
            guard !backend.isUp else { throw DeedProblem("the backend runs already") }
            startBackend()
        }
    }

    private mutating func operate(_ request: AppServerRequest) {
        operations.append(nil)
        let stream = connect(nil, .operation(operations.count - 1))
        sendUp(stream, .request(request.http(operatorKey: backendSetup.operatorKey, cause: nil)))
        // The app server asks the web API several things for one request: a slow network makes the operator patient.
        queue.add(.callDeadline(stream), at: now + ClientWire.appServerTimeout + setup.network.slack)
    }

    private mutating func perform(_ deed: DeviceDeed, _ device: Int) throws(DeedProblem) {
        switch deed {
        case .network(let network):
            setNetwork(device, network)
        case .cut:
            for id in streams(of: device) { reset(id) }
        case .changeApp(let settings):
            devices[device].setup.settings = settings
            if devices[device].isRunning { take(device, .app(.settingsChanged(settings))) }
        case .startApp:
            guard !devices[device].isRunning else {
                throw DeedProblem("the app on \(devices[device].name) runs already")
            }
            startApp(device)
        case .install(let build):
            guard !devices[device].isRunning else {
                throw DeedProblem("the app on \(devices[device].name) runs; stop it first")
            }
            let kind = try DeviceKind(
                provider: setup.provider, generation: build.generation, platform: build.platform)
            devices[device].install(
                build, kind, appKey: backendSetup.apps[0].appKey, vault: vault, seed: setup.seed)
        case .stopApp:
            try needApp(device)
            stopApp(device)
        case .restartApp:
            try needApp(device)
            stopApp(device)
            startApp(device)
        case .register, .logIn, .logInWithToken, .logInAutomatically, .logOut, .callLogin, .callLogout, .renew, .echo,
            .kickOthers, .background, .foreground, .setUp:
            try needApp(device)
            devices[device].isInBackground =
                deed == .background || (deed != .foreground && devices[device].isInBackground)
            if let input = try deed.input(at: now, vault: vault, core: devices[device].core) { take(device, input) }
        }
    }

    private func needApp(_ device: Int) throws(DeedProblem) {
        guard devices[device].isRunning else {
            throw DeedProblem("the app on \(devices[device].name) does not run; start it first")
        }
    }
}

extension DeviceDeed {
    /// What the app or the SDK is told; nil for deeds that are not told to them.
    ///
    /// `core` is what the device plays, as it is now.
    package func input(
        at now: Instant, vault: SecretVault, core: ClientCore?
    ) throws(DeedProblem) -> ClientCore.Input? {
        switch self {
        case .register(let user, let password, let account):
            return .app(.registerRequested(user: user, password: vault.keep(password), account: account))
        case .logIn(let user, let password):
            return .app(.signInRequested(user: user, password: vault.keep(password)))
        case .logInWithToken(let account, let token, let kind):
            return .app(
                .tokenLoginRequested(
                    AccountName(account), token: token.reference(in: vault), kind: kind, at: now))
        case .logInAutomatically(let forced):
            return .app(.automaticLoginRequested(forced: forced, at: now))
        case .logOut: return .app(.signOutRequested)
        case .callLogin:
            guard let saved = core?.flow.saved else { throw DeedProblem("there is no saved token to call login with") }
            return .sdk(
                .loginRequested(
                    LoginRequest(
                        account: saved.account, token: saved.token, mode: .manual, authentication: saved.kind)))
        case .callLogout: return .sdk(.logoutRequested)
        case .renew: return .app(.renewalRequested)
        case .echo(let text): return .sdk(.echoRequested(text))
        case .kickOthers(let platforms):
            let types = platforms?.map(\.clientType)
            let others = core?.sdk.others ?? []
            return .sdk(.kickRequested(others.filter { types?.contains($0.clientType) ?? true }.map(\.id)))
        case .changeApp(let settings): return .app(.settingsChanged(settings))
        case .background: return .sdk(.backgrounded)
        case .foreground: return .sdk(.foregrounded)
        case .setUp: return .sdk(.initialised)
        case .network, .cut, .stopApp, .startApp, .restartApp, .install: return nil
        }
    }
}

extension TypedToken {
    fileprivate func reference(in vault: SecretVault) -> SecretRef {
        switch self {
        case .text(let secret): vault.keep(secret)
        case .kept(let reference): reference
        }
    }
}
