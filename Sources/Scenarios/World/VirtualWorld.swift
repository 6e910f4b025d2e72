import Cloud
import LoginCore
import Providers

/// How a virtual world is made.
package struct WorldSetup: Sendable {
    /// The provider's id.
    package var provider: String
    package var devices: [DeviceSetup]
    /// What all chance comes from.
    package var seed: UInt64
    /// When it begins; every virtual world begins at the same instant unless it says otherwise.
    package var start: Instant
    package var network: NetworkModel
    /// Whether the three demo people exist.
    package var seedsPeople: Bool
    package var sink: TranscriptSink

    package init(
        provider: String,
        devices: [DeviceSetup],
        seed: UInt64 = 7,
        start: Instant = Instant(seconds: 1_800_000_000),
        network: NetworkModel = NetworkModel(),
        seedsPeople: Bool = true,
        sink: TranscriptSink = .full
    ) {
        self.provider = provider
        self.devices = devices
        self.seed = seed
        self.start = start
        self.network = network
        self.seedsPeople = seedsPeople
        self.sink = sink
    }
}

/// A lab in virtual time: devices, their networks and a backend in one value, on one thread, with one queue.
///
/// ```
///   perform(deed) ─▶ ClientCore ─ effects ─▶ segments and timers ─▶ queue
///                        ▲                                            │ step: the earliest, time jumps there
///                        └──── frames, answers ◀── Cloud values ◀─────┘
/// ```
///
/// It runs the same ``ClientCore`` and the same Cloud values as the live lab, with the same codecs, and treats
/// connections as the live lab's fault proxies do. Nothing in it reads a clock or the system's chance: the same setup
/// and the same deeds at the same instants give the same transcript, in any process on any machine.
///
/// To play it: ``perform(_:)`` what is to be done, then ``step(until:)`` or ``run(until:)``; look at ``devices`` and
/// ``log`` in between. A copy is a world of its own but for the vault, whose stand-ins it shares.
package struct VirtualWorld: Sendable {
    package let setup: WorldSetup
    package internal(set) var now: Instant
    package internal(set) var devices: [VirtualDevice] = []
    package internal(set) var log: TranscriptLog
    /// The texts behind the stand-ins.
    package let vault: SecretVault
    /// The answers to the operator's requests, in the order of ``perform(_:)``; nil for one that is on its way.
    package internal(set) var operations: [Result<HTTPResponseValue, CloseCause>?] = []
    /// The shortest deadline that has fired, if one has: a live run must not scale it below what its sockets need.
    package internal(set) var shortestFiredDeadline: Duration?
    /// What reached the machines and what they made of it, while somebody watches; the watcher empties it.
    package var observations: [Observation] = []
    package var isWatched = false
    /// Changes what passes between the machines and the world; only proofs that a watcher sees have one.
    package var distortion: (any Distortion)?
    /// Where each device stands, by its name.
    private var places: [String: Int] = [:]
    let delays: NetworkModel.Delays
    var backend = VirtualBackend()
    let backendSetup: BackendSetup
    var queue = EventQueue()
    var streams = StreamTable()
    var backendChance: SeededGenerator
    var operatorChance: SeededGenerator
    var lastSerial = 0
    /// Who writes down what is done and taken; nil when nobody does.
    ///
    /// A copy that is tried out must not have one.
    package var recorder: Recorder?

    /// The public addresses, as discovery tells them; nothing listens there.
    static let appServerURL = "http://app-server.virtual"
    static let webAPIURL = "http://web-api.virtual"
    static let imLinkURL = "ws://im-link.virtual"

    /// Makes the world and starts its backend and its apps; fails for a provider or a generation that is not known.
    package init(_ setup: WorldSetup, recorder: Recorder? = nil) throws(DeedProblem) {
        self.recorder = recorder
        self.setup = setup
        now = setup.start
        log = TranscriptLog(setup.sink)
        delays = NetworkModel.Delays(setup.network)
        vault = SecretVault()
        let root = SeededGenerator(seed: setup.seed)
        backendChance = root.fork("network backend")
        operatorChance = root.fork("network operator")
        var secrets = root.fork("backend identity")
        let hex = "0123456789abcdef"
        let app = ProviderClouds.newApp(provider: setup.provider) { secrets.text(2 * $0, of: hex) }
        backendSetup = BackendSetup(
            apps: [ProviderApp(provider: setup.provider, appKey: app.key, appSecret: .init(app.secret))],
            operatorKey: Secret(secrets.text(32, of: hex), kind: .operatorKey), seed: setup.seed,
            seedsPeople: setup.seedsPeople, appServer: Self.appServerURL, webAPI: Self.webAPIURL,
            imLink: Self.imLinkURL, timeScale: 1)
        backend.start(backendSetup, seed: setup.seed, isQuiet: isQuiet)
        guard backend.isUp else { throw DeedProblem("there is no cloud for the provider \(setup.provider)") }
        for device in setup.devices { try add(device) }
    }

    /// Whether nobody reads what is written.
    var isQuiet: Bool { setup.sink == .none && recorder == nil }

    /// Adds a device and starts its app, unless it is one that starts later.
    package mutating func add(_ device: DeviceSetup) throws(DeedProblem) {
        let kind = try DeviceKind(provider: setup.provider, generation: device.generation, platform: device.platform)
        guard index(of: device.name) == nil else { throw DeedProblem("there are two devices \(device.name)") }
        places[device.name] = devices.count
        devices.append(
            VirtualDevice(
                device, kind: kind, appKey: backendSetup.apps[0].appKey, vault: vault, seed: setup.seed,
                // A watch reads what the devices write, whether or not it is kept.
                isQuiet: isQuiet && !isWatched, isTerse: isQuiet && isWatched))
        if device.starts { startApp(devices.count - 1) }
    }

    /// The device of a name.
    package func device(_ name: String) -> VirtualDevice? {
        index(of: name).map { devices[$0] }
    }

    func index(of name: String) -> Int? {
        places[name]
    }

    package var isBackendUp: Bool { backend.isUp }

    // MARK: - Time

    /// When the next thing happens; nil when nothing is to come.
    package var nextInstant: Instant? { queue.next }

    /// Lets the next thing happen if it is due no later than `limit`, and jumps to its instant; false when nothing is,
    /// and then time stays where it is.
    package mutating func step(until limit: Instant) -> Bool {
        guard let (at, occurrence) = queue.take(until: limit) else { return false }
        now = max(now, at)
        happen(occurrence)
        return true
    }

    /// Lets everything happen that is due by `limit`, and jumps there.
    package mutating func run(until limit: Instant) {
        while step(until: limit) {}
        now = max(now, limit)
    }

    /// Lets `duration` pass.
    package mutating func run(for duration: Duration) {
        run(until: now + duration)
    }

    private mutating func happen(_ occurrence: Occurrence) {
        switch occurrence {
        case .deviceTimer(let device, let key, let serial, let life):
            timerFired(device, key, serial: serial, life: life)
        case .up(let id, let segment): arriveUp(id, segment)
        case .down(let id, let segment): arriveDown(id, segment)
        case .flush(let id): flush(id)
        case .clientReset(let end, let cause): ended(end, cause)
        case .serverReset(let end):
            guard end.life == backend.life else { return }
            linkClosed(end.link)
        case .callDeadline(let id): callTimedOut(id)
        case .cloudTimer(let timer, let serial, let life):
            guard life == backend.life, backend.timers[timer] == serial else { return }
            backend.timers[timer] = nil
            handle(.timerFired(timer.id), on: timer.side)
        case .backendCall(let call, let life):
            guard life == backend.life else { return }
            let exchange = backend.nextExchange()
            backend.askers[exchange] = .backend(call.from, call.id)
            handle(.request(exchange, call.request), on: call.from == .appServer ? .cloud : .appServer)
        case .backendAnswer(let answer, let life):
            guard life == backend.life else { return }
            handle(.httpAnswered(answer.id, answer.result), on: answer.to)
        }
    }
}
