import LoginCore
import Providers

/// Watches one device of a world: what reaches it, what it asks for, and what it writes.
struct DeviceWatch: Sendable {
    private let name: String
    private let kind: DeviceKind
    private let detectionTime: Duration
    private let seed: UInt64
    private var ledger = ClientLedger()
    private var transcript: TranscriptWatch
    private var shadow: ClientShadow
    /// Whether the app was started, so that the shadow is one of it.
    private var hasBegun = false
    /// The server kicked this device, and its user has not started over.
    private var isKicked = false
    /// Tokens that the provider refused here and that nobody handed out again since.
    private var refused: Set<SecretRef> = []
    /// What the listener was told last, by the callbacks that were expected.
    private var told = ToldStatus()
    /// When the server was heard of last.
    private var heard: Instant?
    /// The token of the login frame that is out.
    private var offered: SecretRef?
    /// When the provider last ended a session here whose login it wants made again, such as at the end of its token.
    private(set) var disturbed: Instant?
    /// Since when this device is online and the provider has no session of it.
    var sessionMissed: Instant?
    private var knownLedger = 0
    private var knownTranscript = 0
    private var knownShadow = 0
    /// Steps of both machines.
    private(set) var steps = 0

    init(_ device: VirtualDevice, seed: UInt64) {
        name = device.name
        kind = device.kind
        detectionTime = device.kind.generation.policy.detectionTime
        self.seed = seed
        shadow = ClientShadow(device.startingMachines(seed: seed))
        transcript = TranscriptWatch(policy: device.kind.generation.policy, lane: device.name, isAlone: false)
    }

    /// Something reached the device, before its machines took it.
    mutating func arrived(_ input: ClientCore.Input, at now: Instant) {
        if case .sdk(.received) = input { heard = now }
        switch input {
        case .sdk(.received(_, .kicked(let notice))):
            if let code = kind.generation.policy.failedKicks[notice.reason] {
                disturbed = now
                // A failure in other words: after one of its token the app may go on with another. It hears of none while
                // its SDK logs out.
                if kind.generation.policy.rule(for: code).kind == .credential, shadow.sdk.phase != .loggingOut,
                    let offered
                {
                    refused.insert(offered)
                }
                break
            }
            switch shadow.sdk.phase {
            case .authenticating, .syncing, .online: isKicked = true
            default: break  // it was leaving anyway
            }
        case .sdk(.received(_, .loginRefused(let code, _))):
            if kind.generation.policy.rule(for: code).kind == .credential, let offered { refused.insert(offered) }
        case .app(.signInRequested), .app(.signOutRequested):
            isKicked = false
        case .app(.tokenLoginRequested(_, let token, _, _)):
            isKicked = false
            refused.remove(token)
        case .sdk(.loginRequested(let request)):
            // Somebody calls the SDK past the app, and may do so with what was refused.
            isKicked = false
            refused.remove(request.token)
        case .app(.granted(_, _, _, let grant, _)), .app(.tokenGranted(_, let grant, _)):
            refused.remove(grant.token)
        case .sdk, .app:
            break
        }
    }

    /// The machines took an input; the rule that this breaks, if it breaks one.
    ///
    /// The device is borrowed and not changed, here and below: a copy of it for every step would be dear.
    mutating func took(
        _ input: ClientCore.Input, _ output: ClientCore.Output, of device: inout VirtualDevice, at now: Instant,
        _ coverage: inout Coverage
    ) -> (rule: ExplorationRule, detail: String)? {
        if case .sdk(.initialised) = input { begin(device) }
        guard hasBegun else { return nil }
        steps += shadow.take(input, at: now, &coverage)
        let renewals = ledger.renewals
        ledger.take(input)
        ledger.book(output.effects, saved: shadow.flow.saved, at: now)
        if case .app(.started(let saved)) = input { ledger.store = saved }
        transcript.check(output.entries, input: input, stop: shadow.sdk.stopReason, renewals: renewals)
        if let broken = departures(output.effects) { return broken }
        if case .online = shadow.sdk.state, let heard, now - heard > detectionTime {
            return (.phantom, "device \(name) is online and has heard nothing for \((now - heard).text)")
        }
        if let problem = callbackProblem(output.entries) { return (.callbacks, problem) }
        if shadow.problems.count > knownShadow { return (.callbacks, shadow.problems[knownShadow]) }
        if transcript.problems.count > knownTranscript {
            defer { knownTranscript = transcript.problems.count }
            return (.transcript, transcript.problems[knownTranscript])
        }
        return nil
    }

    /// The state after everything that came at once.
    mutating func settled(_ device: inout VirtualDevice) -> (rule: ExplorationRule, detail: String)? {
        guard device.isRunning, hasBegun else { return nil }
        ledger.check(device.core.sdk, device.core.flow, device.core.timers)
        if ledger.problems.count > knownLedger { return (.machines, ledger.problems[knownLedger]) }
        if !(shadow.sdk == device.core.sdk && shadow.flow == device.core.flow) {
            return (.machines, "the machines are not those that the inputs lead to")
        }
        if device.timers.count != device.core.timers.count {
            return (.machines, "\(device.core.timers.count) timers are known and \(device.timers.count) run")
        }
        return nil
    }

    /// The app's process starts: what the world held for it is gone.
    private mutating func begin(_ device: VirtualDevice) {
        ledger.restart()
        ledger.store = nil
        knownLedger = 0
        transcript.restart()
        offered = nil
        told = ToldStatus()
        var machines = device.startingMachines(seed: seed)
        machines.sdk.sharePolicy(of: device.core.sdk)
        machines.flow.shareManner(of: device.core.flow)
        shadow = ClientShadow(machines)
        hasBegun = true
        knownShadow = 0
    }

    // MARK: - What goes out

    private mutating func departures(
        _ effects: [ClientCore.Effect]
    ) -> (rule: ExplorationRule, detail: String)? {
        for effect in effects {
            switch effect {
            case .openConnection(let id, _):
                offered = nil
                // An SDK that connects before any login does so at the start of the app.
                if isKicked, shadow.sdk.phase != .connectingFirst {
                    return (.kick, "\(id) is asked for after a kick, and nobody logged in")
                }
            case .send(let id, _, .login(let packet), _):
                if offered != nil { return (.machines, "a second login goes out on \(id)") }
                offered = packet.token
                if refused.contains(packet.token) {
                    return (.voidToken, "\(packet.token) was refused and is used again")
                }
                // Where a login is a call, force and the last login decide what it goes out as.
                if kind.generation.policy.calls == nil, let mode = shadow.sdk.attempt?.request.mode,
                    mode.isManual == packet.isAutomatic
                {
                    return (
                        .machines, "a login that is \(mode) goes out as \(packet.isAutomatic ? "automatic" : "manual")"
                    )
                }
            default: break
            }
        }
        return nil
    }

    private mutating func callbackProblem(_ entries: [TranscriptEntry]) -> String? {
        var expected: [String] = []
        for moment in shadow.moments {
            for callback in kind.generation.callbacks(moment, &told) {
                expected.append(callback.text)
            }
        }
        var place = 0
        for entry in entries where entry.kind == .callback && entry.title.hasSuffix(")") {
            guard place < expected.count, expected[place] == entry.title else {
                return "\(entry.title) is called, not \(place < expected.count ? expected[place] : "nothing")"
            }
            place += 1
        }
        return place == expected.count ? nil : "\(expected[place]) is not called"
    }
}

extension VirtualDevice {
    /// The machines of the run that just began, before their first input.
    func startingMachines(seed: UInt64) -> (sdk: LoginMachine, flow: AppFlow) {
        ClientCore.machines(
            policy: kind.generation.policy, settings: setup.settings,
            random: SeededGenerator(seed: setup.machineSeed(seed: seed, life: life)))
    }
}
