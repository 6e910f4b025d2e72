import Cloud
import LoginCore
import Providers
import Scenarios

/// Faults that are planted between the machines and their world, to prove that an exploration sees them.
///
/// Each changes what passes in one way, as a fault of that name in a machine or a cloud would.
enum PlantedDefect: String, CaseIterable, Sendable {
    /// A kick is taken for a link that broke.
    case reconnectsAfterKick
    /// Each request for a token goes out twice.
    case renewsTwice
    /// The pause before an automatic attempt is never started.
    case forgetsBackoffTimer
    /// Timers that were called off go on.
    case keepsTimers
    /// A login uses the token of the login before.
    case keepsOldToken
    /// The return of the network is not heard.
    case missesNetworkReturn
    /// Every ping counts as answered.
    case believesDeadLink
    /// A refused token is taken for trouble of the server, and tried again.
    case retriesRefusedToken
    /// The login frame is sent twice.
    case logsInTwice
    /// Connections that were given up stay open.
    case keepsConnections
    /// The listener hears everything twice.
    case callsTwice
    /// The pause before an automatic attempt is half as long.
    case hurriesBackoff
    /// A logout leaves the saved login behind.
    case forgetsToErase
    /// An automatic login passes for a manual one, past the device check.
    case hidesAutomaticLogin
    /// The cloud takes every second client for one of another kind, which may stand beside the usual ones.
    case letsTwoDevicesIn
    /// The cloud writes each account once only, so that a ban does not outlive it.
    case forgetsBans

    /// A kind of client that excludes its own kind under some device policy, and one that may stand beside it; nil where
    /// the policies do not tell two clients apart.
    static func kinds(of provider: Provider) -> (usual: Int, other: Int)? {
        guard let sessions = provider.sessions else { return nil }
        let usual = provider.usual.clientPlatforms[0].clientType
        let old = OpenSession(deviceID: "old", clientType: usual)
        func allows(_ policy: Int, _ kind: Int) -> Bool {
            sessions.allows(policy, OpenSession(deviceID: "new", clientType: kind), [old])
        }
        let policies = Array(1...provider.devicePolicies.count).filter { !allows($0, usual) }
        let kinds = provider.clientPlatforms.map(\.clientType)
        // The kind that passes under the most policies is found soonest.
        let best = kinds.max { left, right in
            policies.count { allows($0, left) } < policies.count { allows($0, right) }
        }
        guard let best, policies.contains(where: { allows($0, best) }) else { return nil }
        return (usual, best)
    }

    /// Whether the provider's rules let it be seen at all.
    func shows(in provider: Provider) -> Bool {
        self != .letsTwoDevicesIn || Self.kinds(of: provider) != nil
    }

    /// The rules of which one finds it.
    var rules: Set<ExplorationRule> {
        switch self {
        // Where a kick makes the token void, that may be seen first.
        case .reconnectsAfterKick: [.kick, .voidToken]
        case .missesNetworkReturn: [.healing]
        case .believesDeadLink: [.phantom]
        case .retriesRefusedToken: [.voidToken]
        case .callsTwice: [.callbacks]
        case .hurriesBackoff: [.transcript]
        case .letsTwoDevicesIn: [.sessions]
        case .forgetsBans: [.ban]
        // Which comes first depends on how long a provider's tokens are good.
        case .keepsOldToken: [.machines, .voidToken]
        case .renewsTwice, .forgetsBackoffTimer, .keepsTimers, .logsInTwice, .keepsConnections, .forgetsToErase,
            .hidesAutomaticLogin:
            [.machines]
        }
    }
}

/// Carries a planted defect into a world.
struct Planted: Distortion {
    let defect: PlantedDefect
    private var lastToken: [String: SecretRef] = [:]
    private var written: Set<String> = []
    private var logins = 0

    private let provider: Provider

    init(_ defect: PlantedDefect, _ provider: Provider) {
        self.defect = defect
        self.provider = provider
    }

    mutating func inputs(_ input: ClientCore.Input, to device: VirtualDevice) -> [ClientCore.Input] {
        switch (defect, input) {
        case (.reconnectsAfterKick, .sdk(.received(let id, .kicked))):
            [.sdk(.connectionClosed(id, .linkClosed))]
        case (.missesNetworkReturn, .sdk(.networkReturned)):
            []
        case (.believesDeadLink, .sdk(.timerFired(let timer))):
            if case .online(let online) = device.core.sdk.state, online.heartbeat == timer, online.probes == 0 {
                [input, .sdk(.received(online.connection, .pong))]
            } else {
                [input]
            }
        case (.retriesRefusedToken, .sdk(.received(let id, .loginRefused(let code, let text))))
        where device.kind.generation.policy.rule(for: code).kind == .credential:
            [.sdk(.received(id, .loginRefused(code: device.kind.generation.policy.healingCode, text: text)))]
        default:
            [input]
        }
    }

    mutating func change(
        _ output: inout ClientCore.Output, after input: ClientCore.Input, of device: VirtualDevice
    ) {
        if defect == .callsTwice, let call = output.entries.lastIndex(where: { $0.kind == .callback }) {
            let entry = output.entries[call]
            output.entries[call] = TranscriptEntry(
                id: entry.id, lane: entry.lane, at: entry.at, owner: entry.owner, cause: entry.cause, kind: entry.kind,
                title: entry.title + " " + entry.title, fields: entry.fields, isHeartbeat: entry.isHeartbeat)
        }
        if defect == .hurriesBackoff {
            output.entries = output.entries.map { entry in
                guard entry.kind == .timerStarted, entry.title.hasPrefix("next attempt"),
                    case .duration(let delay)? = entry.fields.first?.value, delay >= 4_000_000
                else { return entry }
                return TranscriptEntry(
                    id: entry.id, lane: entry.lane, at: entry.at, owner: entry.owner, cause: entry.cause,
                    kind: entry.kind, title: entry.title, fields: [Field("after", .duration(microseconds: delay / 2))],
                    isHeartbeat: entry.isHeartbeat)
            }
        }
        output.effects = output.effects.flatMap { change($0, of: device) }
    }

    private mutating func change(_ effect: ClientCore.Effect, of device: VirtualDevice) -> [ClientCore.Effect] {
        switch (defect, effect) {
        case (.renewsTwice, .call(let id, .token(let session), let cause)):
            return [effect, .call(CallID(id.number + 1000), .token(session: session), cause: cause)]
        case (.forgetsBackoffTimer, .startTimer(_, _, isDeadline: false)) where device.core.sdk.phase == .waiting:
            return []
        case (.keepsTimers, .cancelTimer), (.keepsConnections, .closeConnection), (.forgetsToErase, .erase):
            return []
        case (.logsInTwice, .send(_, _, .login, _)):
            return [effect, effect]
        case (.keepsOldToken, .send(let id, let frame, .login(let packet), let cause)):
            let old = lastToken.updateValue(packet.token, forKey: device.name)
            var changed = packet
            changed.token = old ?? packet.token
            return [.send(id, frame: frame, .login(changed), cause: cause)]
        case (.hidesAutomaticLogin, .send(let id, let frame, .login(var packet), let cause)):
            packet.isAutomatic = false
            return [.send(id, frame: frame, .login(packet), cause: cause)]
        default:
            return [effect]
        }
    }

    mutating func cloudEvent(_ event: CloudEvent) -> CloudEvent {
        guard defect == .letsTwoDevicesIn, case .frame(let link, let bytes) = event,
            var frame = try? LinkCodec.decodeClient(bytes), case .login(var login) = frame.body
        else { return event }
        logins += 1
        if logins.isMultiple(of: 2), let other = PlantedDefect.kinds(of: provider)?.other { login.clientType = other }
        frame.body = .login(login)
        return .frame(link, LinkCodec.encode(frame))
    }

    mutating func cloudEffects(_ effects: [CloudEffect]) -> [CloudEffect] {
        switch defect {
        case .forgetsBans:
            return effects.filter { effect in
                guard case .save(let record) = effect else { return true }
                return written.insert(record.collection + "/" + record.key).inserted
            }
        default:
            return effects
        }
    }
}

extension LoginPolicy {
    /// A code after which an automatic login tries again.
    fileprivate var healingCode: Int {
        codes.first { $0.automatic == .retry }?.code ?? unreachableCode
    }
}
