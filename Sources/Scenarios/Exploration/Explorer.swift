import Cloud
import LoginCore
import Providers

/// What came of exploring one seed.
package struct ExplorationResult: Sendable {
    package let script: ExplorationScript
    package let violation: Violation?
    package let coverage: Coverage
    package let acts: Int
    /// Steps of both machines of all devices.
    package let steps: Int
    package let healthChecks: Int
    /// How much virtual time all devices together have lived.
    package let deviceHours: Double
}

/// Explores one world by chance: storms of random acts, and calms in which everything must heal.
///
/// ```
///   storm (10 to 40 min): each device is touched every 5 to 100 s, one time in three twice in a row
///   calm: networks pass, the backend runs; only harmless acts, until what must have healed is checked
/// ```
///
/// Everything is drawn from the seed. What was done is kept as an ``ExplorationScript``.
package struct Explorer: Sendable {
    private(set) var exploration: Exploration
    private var script: ExplorationScript
    private var chance: SeededGenerator
    private var due: [Instant]
    /// What follows on each device, before anything else is drawn.
    private var plans: [[TimedAct]]
    private var isCalm = false
    private var phaseEnds: Instant
    private let healing: Duration
    private let platforms: [ClientPlatform]
    /// The kinds of token that the app server hands out by itself.
    private let tokenKinds: [AuthenticationKind]
    private let policyCount: UInt64
    private let begun: Instant
    private var lastAct: Instant
    private var acts = 0

    /// Names and passwords of those who take part: the demo people, and three who register first.
    package static let people: [String: Secret] = {
        var people: [String: Secret] = [:]
        for person in AppServer.demoPeople { people[person.user] = Secret(person.password, kind: .password) }
        for name in newcomers { people[name] = Secret("first-light-9", kind: .password) }
        return people
    }()

    static let newcomers = ["zoe", "ravi", "ines"]

    /// Whether a story knows this person by itself.
    static func isDemo(_ person: String) -> Bool { !newcomers.contains(person) }

    /// Explores `hours` of virtual time with `devices` devices (1 to 26).
    package static func explore(
        provider: String, generation: String? = nil, devices: Int, seed: UInt64, hours: Int,
        distortion: (any Distortion)? = nil
    ) throws(DeedProblem) -> ExplorationResult {
        var explorer = try Explorer(
            provider: provider, generation: generation, devices: devices, seed: seed, distortion: distortion)
        return explorer.run(.seconds(Int64(hours) * 3600))
    }

    private init(
        provider: String, generation: String?, devices: Int, seed: UInt64, distortion: (any Distortion)?
    ) throws(DeedProblem) {
        chance = SeededGenerator(seed: seed).fork("exploration")
        let kind = try DeviceKind(provider: provider, generation: generation)
        let generation = kind.generation.id
        platforms = kind.platforms
        tokenKinds = Self.tokenKinds(of: kind.provider)
        policyCount = UInt64(kind.provider.devicePolicies.count)
        var setups: [DeviceSetup] = []
        for number in 0..<max(1, min(26, devices)) {
            let name = String(UnicodeScalar(UInt8(0x41 + number)))
            let platform = platforms[Int(chance.below(UInt64(platforms.count)))].name
            setups.append(DeviceSetup(name: name, platform: platform, generation: generation))
        }
        let latencies: [Int64] = [2, 2, 40, 400, 1500]
        let latency = latencies[Int(chance.below(UInt64(latencies.count)))]
        let network = NetworkModel(
            latency: .milliseconds(latency), jitter: .milliseconds(latency / 2 + 3),
            lossPermille: [0, 0, 0, 20, 60][Int(chance.below(5))])
        let lives: [Int64] = [30, 120, 600, 3600]
        let settings = AppServerSettingsPatch(
            tokenKind: tokenKinds[Int(chance.below(UInt64(tokenKinds.count)))],
            tokenLifetime: .seconds(lives[Int(chance.below(4))]), sessionLifetime: .seconds(604_800),
            devicePolicy: 1 + Int(chance.below(policyCount)), authTypes: tokenKinds.map(\.rawValue))
        script = ExplorationScript(
            setup: WorldSetup(provider: provider, devices: setups, seed: seed, network: network, sink: .none),
            people: Self.people, settings: settings)
        exploration = try Exploration(script, distortion)
        let now = exploration.world.now
        begun = now
        lastAct = now
        phaseEnds = now
        due = setups.map { _ in now }
        plans = setups.map { _ in [] }
        healing = kind.generation.policy.healingTime + network.slack
        isCalm = true
    }

    private mutating func run(_ duration: Duration) -> ExplorationResult {
        let end = begun + duration
        while !exploration.watch.isBroken, exploration.world.now < end { turn(end) }
        // A whole number of milliseconds, as a story says it, and not less than it was.
        script.rest = .milliseconds(((exploration.world.now - lastAct).wholeMicroseconds + 999) / 1000)
        let hours = Double((exploration.world.now - begun).wholeMilliseconds) / 3_600_000
        return ExplorationResult(
            script: script, violation: exploration.violation, coverage: exploration.watch.coverage, acts: acts,
            steps: exploration.watch.steps, healthChecks: exploration.watch.healthChecks,
            deviceHours: hours * Double(due.count))
    }

    /// Goes to the next instant at which something is done, and does it.
    private mutating func turn(_ end: Instant) {
        let now = exploration.world.now
        if now >= phaseEnds {
            exploration.watch.checkHealth(&exploration.world)
            isCalm.toggle()
            let length = isCalm ? healing + .seconds(90) : .seconds(Int64(600 + below(1800)))
            phaseEnds = now + length
            if isCalm {
                calmDown()
                plans = plans.map { _ in [] }
            }
            return
        }
        let next = due.indices.min { due[$0] < due[$1] } ?? 0
        let at = min(due[next], phaseEnds, end)
        if at > now { exploration.pass(at - now) }
        guard due[next] <= exploration.world.now else { return }
        let device = exploration.world.devices[next]
        if isCalm {
            act(harmless(device))
            due[next] = exploration.world.now + .milliseconds(Int64(5000 + below(95_000)))
        } else {
            if plans[next].isEmpty, device.isRunning, below(6) == 0 { plans[next] = combination(device) }
            let deed = plans[next].isEmpty ? stormy(device) : plans[next].removeFirst().act
            act(deed)
            due[next] = exploration.world.now + (plans[next].first?.after ?? pause(after: deed))
        }
    }

    /// The time to the next act of one device: often short, so that it falls into what the last one began.
    private mutating func pause(after act: StoryAct) -> Duration {
        let isQuick =
            switch act {
            case .device(_, .logOut), .device(_, .register): below(5) < 4
            case .device(_, .logIn), .device(_, .logInAutomatically), .typedLogin: below(2) == 0
            default: below(4) == 0
            }
        if isQuick { return .milliseconds(Int64(below(UInt64(trip * 8 + 1)))) }
        return switch below(10) {
        case 0: .milliseconds(Int64(below(4000)))
        default: .milliseconds(Int64(5000 + below(95_000)))
        }
    }

    private mutating func calmDown() {
        for device in exploration.world.devices where device.network.mode != .pass {
            act(.device(device.name, .network(NetworkSwitch())))
        }
        if !exploration.world.isBackendUp { act(.startBackend) }
        for device in exploration.world.devices where device.isInBackground {
            act(.device(device.name, .foreground))
        }
    }

    private mutating func act(_ act: StoryAct) {
        // What is due at this instant comes first, as it does when the script is played again.
        exploration.pass(.zero)
        let now = exploration.world.now
        guard exploration.perform(act) else {
            if exploration.violation != nil { script.acts.append(TimedAct(after: now - lastAct, act)) }
            return
        }
        script.acts.append(TimedAct(after: now - lastAct, act))
        lastAct = now
        acts += 1
    }

    // MARK: - Chance

    mutating func below(_ bound: UInt64) -> UInt64 { chance.below(bound) }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(chance.below(UInt64(elements.count)))]
    }

    /// The device policy that lets the most devices stand together.
    var loosest: Int { Int(policyCount) }

    func password(of person: String) -> Secret { Self.people[person] ?? Secret("", kind: .password) }

    /// The longest time of one way over the network, in milliseconds.
    var trip: Int64 {
        let model = script.setup.network
        return (model.latency + model.jitter).wholeMilliseconds
    }

    private mutating func harmless(_ device: VirtualDevice) -> StoryAct {
        switch below(10) {
        case 0..<5: .device(device.name, .echo("calm"))
        case 5: .device(device.name, .background)
        case 6..<8: .device(device.name, .foreground)
        default: .device(device.name, .changeApp(appSettings()))
        }
    }

    private mutating func appSettings() -> AppSettings {
        AppSettings(
            form: pick([.core, .core, .attached]), afterRefusal: pick([.renewOnce, .renewOnce, .ask]),
            renewsEarly: below(3) > 0)
    }

    /// Whom this device logs in: mostly the person whom it shares with every second device.
    mutating func person(_ device: VirtualDevice) -> String {
        let number = Int(device.name.utf8.first ?? 0x41) % 2
        return below(5) < 4
            ? AppServer.demoPeople[number].user : pick(AppServer.demoPeople.map(\.user) + Self.newcomers)
    }

    /// Whether something is under way that is over in a moment.
    private func isUnderWay(_ device: VirtualDevice) -> Bool {
        switch device.core.sdk.phase {
        case .connecting, .authenticating, .syncing, .loggingOut: return true
        default: break
        }
        switch device.core.flow.state {
        case .registering, .signingIn, .signingOut: return true
        case .signedOut, .startingIM, .signedIn: return !device.calls.isEmpty
        }
    }

    /// Any act that does not end what is under way, or not for sure.
    mutating func hurried(_ device: VirtualDevice) -> StoryAct {
        let name = device.name
        let user = person(device)
        switch below(18) {
        case 0: return .device(name, .echo("hurry"))
        case 1: return .device(name, .kickOthers(nil))
        case 2: return .device(name, .background)
        case 3: return .device(name, .foreground)
        case 4: return .device(name, .changeApp(appSettings()))
        case 5, 16: return .device(name, .network(NetworkSwitch(mode: .offline, scope: .link)))
        case 6: return .device(name, .cut)
        case 7: return .device(name, .renew)
        case 8, 9: return .device(name, .logOut)
        case 10, 11:
            let newcomer = pick(Self.newcomers)
            return .device(
                name,
                .register(user: newcomer, password: password(of: newcomer), account: nil))
        case 12, 17:
            let typed = Secret(String(repeating: "0", count: 32), kind: .token)
            return .typedLogin(
                name, account: .of(person: user), token: below(2) == 0 ? .text(typed) : .saved)
        case 13: return .device(name, .logInAutomatically(forced: below(2) == 0))
        case 14: return .operate(person: user, .kick(notify: nil))
        default:
            return .device(name, .logIn(user: user, password: password(of: user)))
        }
    }

    private mutating func stormy(_ device: VirtualDevice) -> StoryAct {
        let name = device.name
        if !device.isRunning, below(3) < 2 { return .device(name, .startApp) }
        if !exploration.world.isBackendUp, below(3) == 0 { return .startBackend }
        if device.isRunning, device.core.sdk.attempt == nil, below(2) == 0 {
            let user = person(device)
            return below(4) == 0
                ? .device(name, .logInAutomatically(forced: below(2) == 0))
                : .device(name, .logIn(user: user, password: password(of: user)))
        }
        if device.isRunning, isUnderWay(device), below(3) > 0 { return hurried(device) }
        if device.network.mode != .pass, below(4) == 0 { return .device(name, .network(NetworkSwitch())) }
        return anything(device)
    }

    private mutating func anything(_ device: VirtualDevice) -> StoryAct {
        let name = device.name
        switch below(100) {
        case 0..<9:
            let user = person(device)
            return .device(name, .logIn(user: user, password: password(of: user)))
        case 9..<14: return .device(name, .logInAutomatically(forced: below(2) == 0))
        case 14..<19: return .device(name, .logOut)
        case 19..<24: return .device(name, .renew)
        case 24..<28: return .device(name, .echo("storm"))
        case 28..<31: return .device(name, .kickOthers(nil))
        case 31..<34: return .device(name, .changeApp(appSettings()))
        case 34..<47:
            let modes: [NetworkMode] = [.offline, .offline, .silent, .refusing]
            return .device(
                name,
                .network(NetworkSwitch(mode: pick(modes), scope: pick([.everything, .everything, .link, .appServer]))))
        case 47..<57: return .device(name, .network(NetworkSwitch()))
        case 57..<62: return .device(name, .cut)
        case 62..<66: return .device(name, .background)
        case 66..<70: return .device(name, .foreground)
        case 70..<73: return .device(name, .restartApp)
        case 73: return .device(name, .stopApp)
        case 74..<77:
            return .typedLogin(
                name, account: .of(person: person(device)),
                token: below(3) > 0 ? .saved : .text(Secret(String(repeating: "0", count: 32), kind: .token)))
        case 77..<80:
            let user = pick(Self.newcomers)
            return .device(
                name, .register(user: user, password: password(of: user), account: nil))
        case 80: return .killBackend
        case 81: return .startBackend
        default: return operation(person(device))
        }
    }

    private mutating func operation(_ user: String) -> StoryAct {
        switch below(18) {
        case 0..<2: .operate(person: user, .ban(kick: false, notify: nil))
        case 2..<4: .operate(person: user, .ban(kick: true, notify: "rules"))
        case 4..<9: .operate(person: user, .unban)
        case 9..<11: .operate(person: user, .kick(notify: nil))
        case 11: .operate(person: user, .replaceToken)
        case 12: .operate(person: user, .refreshToken)
        default: .settings(setting())
        }
    }

    private mutating func setting() -> AppServerSettingsPatch {
        // What a provider has only one of is never changed.
        switch below(tokenKinds.count > 1 ? 6 : 4) {
        case 0..<2: return AppServerSettingsPatch(devicePolicy: 1 + Int(below(policyCount)))
        case 2: return AppServerSettingsPatch(tokenLifetime: .seconds(pick([5, 30, 120, 600])))
        case 3: return AppServerSettingsPatch(sessionLifetime: .seconds(pick([60, 1200, 604_800])))
        case 4: return AppServerSettingsPatch(tokenKind: pick(tokenKinds))
        default:
            let all = tokenKinds.map(\.rawValue)
            return AppServerSettingsPatch(authTypes: below(2) == 0 ? all : [pick(all)])
        }
    }

    /// Tokens for callbacks are left out: who hands them out has a login callback, which is another world.
    static func tokenKinds(of provider: Provider) -> [AuthenticationKind] {
        let kinds = provider.authenticationKinds.filter { $0 != .callback }
        return kinds.isEmpty ? provider.authenticationKinds : kinds
    }
}
