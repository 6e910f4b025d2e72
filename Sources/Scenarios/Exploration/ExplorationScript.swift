import Cloud
import LoginCore
import Providers

/// One thing that is done in an exploration, some time after the one before it.
package struct TimedAct: Sendable {
    package var after: Duration
    package var act: StoryAct

    package init(after: Duration, _ act: StoryAct) {
        self.after = after
        self.act = act
    }
}

/// Everything that an exploration did, so that it can be done again and made smaller.
package struct ExplorationScript: Sendable {
    package var setup: WorldSetup
    /// Names and passwords of those who take part.
    package var people: [String: Secret]
    /// What the operator sets before the first act.
    package var settings: AppServerSettingsPatch?
    package var acts: [TimedAct]
    /// How long the world goes on after the last act.
    package var rest: Duration

    package init(
        setup: WorldSetup, people: [String: Secret], settings: AppServerSettingsPatch? = nil, acts: [TimedAct] = [],
        rest: Duration = .zero
    ) {
        self.setup = setup
        self.people = people
        self.settings = settings
        self.acts = acts
        self.rest = rest
    }

    /// Does everything again in a fresh world.
    package func play(_ distortion: (any Distortion)? = nil) throws(DeedProblem) -> Exploration {
        var exploration = try Exploration(self, distortion)
        for act in acts {
            guard exploration.watch.violation == nil else { break }
            exploration.pass(act.after)
            exploration.perform(act.act)
        }
        exploration.pass(rest)
        exploration.watch.checkHealth(&exploration.world)
        return exploration
    }
}

/// A world that is watched while things are done in it.
package struct Exploration: Sendable {
    package internal(set) var world: VirtualWorld
    package internal(set) var watch: WorldWatch

    /// Makes the world; `distortion` is for the proof that the watch sees what is wrong.
    init(_ script: ExplorationScript, _ distortion: (any Distortion)?) throws(DeedProblem) {
        var setup = script.setup
        setup.sink = .none
        let devices = setup.devices
        setup.devices = []
        world = try VirtualWorld(setup)
        world.isWatched = true
        world.distortion = distortion
        for device in devices { try world.add(device) }
        watch = WorldWatch(world)
        watch.look(at: &world)
        if let settings = script.settings {
            perform(.settings(settings))
            pass(.seconds(1))
        }
    }

    package var violation: Violation? { watch.violation }

    /// Lets time go by.
    mutating func pass(_ duration: Duration) {
        let limit = world.now + duration
        while !watch.isBroken, world.step(until: limit) { watch.look(at: &world) }
        if !watch.isBroken { world.run(until: limit) }
    }

    /// Does something, if it can be done now; whether it could.
    @discardableResult
    mutating func perform(_ act: StoryAct) -> Bool {
        watch.checkHealth(&world)
        guard !watch.isBroken, let (deed, account) = deed(act) else { return false }
        watch.does(act, account: account, operation: world.operations.count, at: world.now)
        do throws(DeedProblem) {
            try world.perform(deed)
        } catch {
            return false  // it makes no sense now: an app that runs is not started
        }
        watch.look(at: &world)
        return true
    }

    /// What an act means now; nil when it means nothing.
    private func deed(_ act: StoryAct) -> (Deed, account: String?)? {
        switch act {
        case .device(_, .install), .kickDevice, .unbind, .bind:
            return nil  // the watch keeps to the SDKs and the accounts that it began with
        case .device(let device, let deed):
            // Past the app: one that shows its login screen, or waits for a login, would not know its SDK any more.
            if deed.isPastTheApp, world.device(device)?.core.flow.state != .signedIn { return nil }
            return (.device(device, deed), nil)
        case .typedLogin(let device, let choice, let token):
            guard let account = account(choice) else { return nil }
            switch token {
            case .text(let secret):
                let kind = world.device(device)?.kind.provider.authenticationKinds.first ?? .fixed
                return (.device(device, .logInWithToken(account: account, token: .text(secret), kind: kind)), nil)
            case .saved, .savedOn:
                let owner = if case .savedOn(let other) = token { other } else { device }
                guard let saved = world.device(owner)?.core.flow.saved else { return nil }
                return (
                    .device(device, .logInWithToken(account: account, token: .kept(saved.token), kind: saved.kind)), nil
                )
            }
        case .operate(let person, let act):
            guard let account = watch.accounts[person] else { return nil }
            return (.operate(act.request(account)), account)
        case .askPresence(let choice, let query):
            return account(choice).map { (.operate(.presence(account: $0, query: query)), nil) }
        case .settings(let patch): return (.operate(.changeSettings(patch)), nil)
        case .killBackend: return (.killBackend, nil)
        case .startBackend: return (.startBackend, nil)
        }
    }

    private func account(_ choice: AccountChoice) -> String? {
        switch choice {
        case .named(let name): name
        case .of(let person): watch.accounts[person]
        }
    }
}

extension OperatorAct {
    /// The request to the app server.
    func request(_ account: String) -> AppServerRequest {
        switch self {
        case .ban(let kick, let notify): .ban(account: account, kick: kick, notify: notify)
        case .unban: .unban(account: account)
        case .kick(let notify): .kick(account: account, notify: notify)
        case .replaceToken: .updateToken(account: account, token: nil)
        case .refreshToken: .refreshToken(account: account)
        case .deleteAccount: .deleteAccount(account: account)
        }
    }
}

extension StoryAct {
    /// Whether an automatic client may have to recover from it.
    var disturbs: Bool {
        switch self {
        case .device(_, .echo), .device(_, .background), .device(_, .foreground), .device(_, .changeApp),
            .askPresence:
            false
        case .device, .typedLogin, .operate, .kickDevice, .unbind, .bind, .settings, .killBackend, .startBackend: true
        }
    }

    /// What the coverage calls it.
    var switchName: String {
        switch self {
        case .device(_, let deed): deed.switchName
        case .typedLogin(_, _, .saved), .typedLogin(_, _, .savedOn): "log in with the saved token"
        case .typedLogin(_, _, .text): "log in with a void token"
        case .operate(_, .ban(let kick, _)): kick ? "ban and kick" : "ban"
        case .operate(_, .unban): "unban"
        case .operate(_, .kick): "kick"
        case .operate(_, .replaceToken): "replace token"
        case .operate(_, .refreshToken): "refresh token"
        case .operate(_, .deleteAccount): "delete account"
        case .askPresence: "ask presence"
        case .kickDevice: "kick device"
        case .unbind: "unbind"
        case .bind: "bind"
        case .settings(let patch): patch.switchName
        case .killBackend: "kill backend"
        case .startBackend: "start backend"
        }
    }
}

extension AppServerSettingsPatch {
    fileprivate var switchName: String {
        if let devicePolicy { return "device policy \(devicePolicy)" }
        if let tokenKind { return "tokens \(tokenKind)" }
        if authTypes != nil { return "authentication types" }
        if sessionLifetime != nil { return "session lifetime" }
        return "token lifetime"
    }
}

extension DeviceDeed {
    /// Whether the SDK is called without the app's own logic.
    fileprivate var isPastTheApp: Bool {
        switch self {
        case .callLogin, .callLogout: true
        default: false
        }
    }

    fileprivate var switchName: String {
        switch self {
        case .register: "register"
        case .logIn: "log in"
        case .logInWithToken: "log in with a token"
        case .logInAutomatically(let forced): forced ? "log in automatically, forced" : "log in automatically"
        case .logOut: "log out"
        case .callLogin: "call login"
        case .callLogout: "call logout"
        case .renew: "renew"
        case .echo: "echo"
        case .kickOthers: "kick others"
        case .changeApp: "change app"
        case .network(let network): "network \(network.mode.rawValue), \(network.scope.rawValue)"
        case .cut: "cut"
        case .background: "background"
        case .foreground: "foreground"
        case .stopApp: "stop app"
        case .startApp: "start app"
        case .restartApp: "restart app"
        case .setUp: "set up"
        case .install: "build app"
        }
    }
}
