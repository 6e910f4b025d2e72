import Cloud
import LoginCore
import Providers

/// Watches a whole world: each device, and what the devices and the provider's cloud must agree on.
package struct WorldWatch: Sendable {
    /// The first rule that was broken.
    package private(set) var violation: Violation?
    /// Whether there is one, for those who ask very often.
    private(set) var isBroken = false
    /// What was taken from the world last; its room is used again.
    private var observations: [Observation] = []
    package internal(set) var coverage = Coverage()
    /// How often a client that could be online was asked whether it is.
    package private(set) var healthChecks = 0
    private let rules: SessionRules?
    /// What kind of client a device really is, by the id in its login frames.
    private let clientTypes: [String: Int]
    private var devices: [DeviceWatch]
    /// The accounts of people, as the app server told them.
    private(set) var accounts: [String: String] = [:]
    private var operations: [Operation] = []
    /// Since when an account is banned beyond doubt.
    private var banned: [String: Instant] = [:]
    /// The provider's device policy; nil while it is not certain which of two changes came last.
    private var devicePolicy: Int? = 1
    /// The authentication types that are switched on, or stay so whichever change comes last.
    private var authTypes = Set(AuthenticationKind.allCases.map(\.rawValue))
    /// Until when the device policy is not certain.
    private var policyUncertain: Instant?
    private var knownLinks: Set<LinkID> = []
    /// When something last happened that an automatic client has to recover from.
    private var disturbed: Instant

    /// How long each device may take to be online again.
    private let healing: [Duration]
    /// Nothing is expected to heal faster.
    private let shortestHealing: Duration
    /// What the network adds.
    private let slack: Duration

    /// A request of the operator that is on its way.
    private struct Operation: Sendable {
        let number: Int
        let act: OperatorAct?
        let account: String
        let policy: Int?
        var authTypes: Set<Int>?
        var isDoubtful = false
    }

    init(_ world: VirtualWorld) {
        rules = world.devices.first?.kind.provider.sessions
        clientTypes = Dictionary(
            world.devices.map { ($0.wire.deviceID, $0.wire.clientType) }, uniquingKeysWith: { first, _ in first })
        devices = world.devices.map { DeviceWatch($0, seed: world.setup.seed) }
        disturbed = world.now
        healing = world.devices.map(\.kind.generation.policy.healingTime)
        shortestHealing = healing.min() ?? .zero
        slack = world.setup.network.slack
    }

    /// Steps of all machines.
    package var steps: Int { devices.reduce(0) { $0 + $1.steps } }

    // MARK: - What is done

    /// Something is about to be done; `operation` is the number that it gets as a request of the operator.
    mutating func does(_ act: StoryAct, account: String?, operation: Int, at now: Instant) {
        coverage.note(act.switchName)
        if act.disturbs { disturbed = now }
        switch act {
        case .operate(_, let operatorAct):
            guard let account else { return }
            if operatorAct == .unban {
                banned[account] = nil
                for place in operations.indices where operations[place].account == account {
                    operations[place].isDoubtful = true
                }
            }
            let unbans = operations.contains { $0.account == account && $0.act == .unban }
            operations.append(
                Operation(number: operation, act: operatorAct, account: account, policy: nil, isDoubtful: unbans))
        case .settings(let patch):
            if let types = patch.authTypes {
                authTypes.formIntersection(types)
                operations.append(
                    Operation(number: operation, act: nil, account: "", policy: nil, authTypes: Set(types)))
            }
            guard let policy = patch.devicePolicy else { return }
            // Requests overtake each other: of two that are out at once nobody knows which one came last.
            var isDoubtful = false
            for place in operations.indices where operations[place].policy != nil {
                operations[place].isDoubtful = true
                isDoubtful = true
            }
            policyUncertain = now + .seconds(60)
            operations.append(
                Operation(number: operation, act: nil, account: "", policy: policy, isDoubtful: isDoubtful))
        case .device, .typedLogin, .askPresence, .kickDevice, .unbind, .bind, .killBackend, .startBackend:
            break
        }
    }

    // MARK: - What happened

    /// Takes what the world has to tell.
    mutating func look(at world: inout VirtualWorld) {
        guard !world.observations.isEmpty else { return }
        swap(&observations, &world.observations)
        defer { observations.removeAll(keepingCapacity: true) }
        var touched = 0
        var isServerHeard = false
        for observation in observations where !isBroken {
            switch observation {
            case .arrived(let device, let input, let at):
                devices[device].arrived(input, at: at)
                switch input {
                case .sdk(.received(_, let message)): if message != .pong { isServerHeard = true }
                case .app(.granted(_, let user, _, let token, _)): accounts[user] = token.account.text
                case .app(.registered(_, let user, let account)): accounts[user] = account.text
                default: break
                }
            case .took(let device, let input, let output, let at):
                touched |= 1 << device
                if let (rule, detail) = devices[device].took(
                    input, output, of: &world.devices[device], at: at, &coverage)
                {
                    report(rule, world.devices[device].name, at, detail)
                }
            }
        }
        for device in devices.indices where touched & 1 << device != 0 && !isBroken {
            if let (rule, detail) = devices[device].settled(&world.devices[device]) {
                report(rule, world.devices[device].name, world.now, detail)
            }
        }
        if !operations.isEmpty { hearOperations(&world) }
        if isServerHeard, !isBroken { checkSessions(&world) }
    }

    private mutating func report(_ rule: ExplorationRule, _ device: String?, _ at: Instant, _ detail: String) {
        guard !isBroken else { return }
        isBroken = true
        violation = Violation(rule: rule, device: device, at: at, detail: detail)
    }

    private mutating func hearOperations(_ world: inout VirtualWorld) {
        let operations = operations
        var isPolicyAnswered = false
        self.operations.removeAll { operation in
            guard operation.number < world.operations.count, let answer = world.operations[operation.number] else {
                return false
            }
            var isDone = false
            if case .success(let response) = answer { isDone = AppServerError(parsing: response) == nil }
            if isDone, !operation.isDoubtful, case .ban = operation.act { banned[operation.account] = world.now }
            // Of several changes on their way nobody knows which comes last: what one takes away stays away.
            if let types = operation.authTypes, isDone, operations.count(where: { $0.authTypes != nil }) == 1 {
                authTypes = types
            }
            if let policy = operation.policy {
                devicePolicy = isDone && !operation.isDoubtful ? policy : nil
                policyUncertain = world.now + .seconds(5)
                isPolicyAnswered = true
            }
            return true
        }
        // What is open now was let in under the policy before, though its device may not have heard of it yet.
        if isPolicyAnswered, let sessions = world.liveSessions { knownLinks.formUnion(sessions.map(\.link)) }
    }

    private mutating func checkSessions(_ world: inout VirtualWorld) {
        guard let sessions = world.liveSessions else { return }
        let fresh = sessions.filter { !knownLinks.contains($0.link) }
        knownLinks = Set(sessions.map(\.link))
        for session in fresh {
            if let since = banned[session.account], session.since > since {
                report(
                    .ban, nil, world.now,
                    "\(session.account) is banned since \((session.since - since).text) and logged in")
            }
            if let limit = policyUncertain, world.now < limit { continue }
            guard let devicePolicy, let rules else { continue }
            let others = sessions.filter { $0.account == session.account && $0.link != session.link }
            if !rules.allows(devicePolicy, open(session), others.map(open)) {
                report(
                    .sessions, nil, world.now,
                    "\(others.count + 1) sessions of \(session.account) are open under policy \(devicePolicy)")
            }
        }
    }

    private func open(_ session: LiveSession) -> OpenSession {
        OpenSession(
            deviceID: session.deviceID, clientType: clientTypes[session.deviceID] ?? session.clientType)
    }

    // MARK: - What must have healed

    /// Holds the devices against their policies' healing time, if nothing disturbed them for so long.
    mutating func checkHealth(_ world: inout VirtualWorld) {
        guard !isBroken, world.isBackendUp, world.now - disturbed >= shortestHealing else { return }
        let sessions = world.liveSessions
        for place in world.devices.indices where world.devices[place].isRunning {
            let calm = world.now - max(disturbed, devices[place].disturbed ?? disturbed)
            guard world.devices[place].network.mode == .pass, calm >= healing[place] + slack,
                world.devices[place].kind.generation.policy.reconnectsInBackground
                    || !world.devices[place].isInBackground,
                // A login of a kind that is switched off is refused, and some SDKs try on.
                world.devices[place].core.sdk.attempt.map({
                    authTypes.contains($0.request.authentication.rawValue)
                }) ?? true
            else {
                devices[place].sessionMissed = nil
                continue
            }
            let device = world.devices[place]
            healthChecks += 1
            switch device.core.sdk.phase {
            case .online:
                guard let sessions, !sessions.contains(where: { $0.deviceID == device.wire.deviceID }) else {
                    devices[place].sessionMissed = nil
                    break
                }
                // The session may have ended just now, and the word of it be on its way.
                let missed = devices[place].sessionMissed ?? world.now
                devices[place].sessionMissed = missed
                guard world.now - missed > slack + .seconds(1) else { break }
                report(.phantom, device.name, world.now, "the provider has no session of device \(device.name)")
            case .uninitialised, .loggedOut, .connectingFirst, .connected, .stopped:
                break
            case .acquiringToken, .connecting, .authenticating, .syncing, .waiting, .waitingForNetwork, .loggingOut:
                report(.healing, device.name, world.now, "device \(device.name) is \(device.core.sdk.phase.text)")
            }
            switch device.core.flow.state {
            case .registering, .signingIn, .signingOut:
                report(.healing, device.name, world.now, "the app is \(device.core.flow.state.text)")
            case .signedOut, .startingIM, .signedIn:
                break
            }
        }
    }
}
