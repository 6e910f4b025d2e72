import LoginCore
import Providers

/// How a device of a world is made.
package struct DeviceSetup: Hashable, Sendable {
    /// The profile's name, such as `A`: the lane of its transcript.
    package var name: String
    /// Its kind of client, by the provider's name for it; nil for the provider's usual one.
    package var platform: String?
    /// Which SDK generation it plays, by its id such as `v9-ios`; nil for the provider's usual one.
    package var generation: String?
    /// What its app sets the SDK up with; nil for the generation's usual options.
    package var options: SDKOptions?
    package var settings: AppSettings
    /// Whether its app is started with the world.
    package var starts: Bool
    /// Whether its app sets the SDK up as it starts, as every careful app does.
    package var setsUp: Bool

    package init(
        name: String, platform: String? = nil, generation: String? = nil, options: SDKOptions? = nil,
        settings: AppSettings = AppSettings(), starts: Bool = true, setsUp: Bool = true
    ) {
        self.name = name
        self.platform = platform
        self.generation = generation
        self.options = options
        self.settings = settings
        self.starts = starts
        self.setsUp = setsUp
    }

    /// The 32 hexadecimal digits that the login frame calls the device.
    package func deviceID(seed: UInt64) -> String {
        var chance = SeededGenerator(seed: seed).fork("device id \(name)")
        return chance.text(32, of: "0123456789abcdef")
    }

    /// The seed of the machines' chance in one run of the app, counted from 1.
    package func machineSeed(seed: UInt64, life: Int) -> UInt64 {
        var chance = SeededGenerator(seed: seed).fork("machine \(name) \(life)")
        return chance.next()
    }
}

/// What the app of a device is built with.
package struct AppBuild: Hashable, Sendable {
    /// The SDK's generation, by its id.
    package var generation: String
    /// The kind of client, by the provider's name for it; nil for the generation's usual one.
    package var platform: String?
    /// Nil for the generation's usual options.
    package var options: SDKOptions?

    package init(generation: String, platform: String? = nil, options: SDKOptions? = nil) {
        self.generation = generation
        self.platform = platform
        self.options = options
    }
}

extension DeviceSetup {
    /// Puts another build of the app on the device: it counts from the app's next start.
    package mutating func install(_ build: AppBuild) {
        generation = build.generation
        platform = build.platform
        options = build.options
    }
}

/// One device of a virtual world: its app while it runs, its token store and its network.
package struct VirtualDevice: Sendable {
    package let name: String
    package private(set) var kind: DeviceKind
    package internal(set) var setup: DeviceSetup
    private(set) var wire: ClientWire
    /// The machines; those of the last run while the app does not run.
    package internal(set) var core: ClientCore
    package internal(set) var isRunning = false
    /// What the token store holds; it outlives the app.
    package internal(set) var stored: SavedLogin?
    package internal(set) var network = NetworkSwitch()
    package internal(set) var isInBackground = false
    /// The last thing that the app said could not be done, if it was the last input's.
    package internal(set) var declined: String?
    /// Counts the runs of the app.
    var life = 0
    var timers: [(key: ClientCore.TimerKey, serial: Int)] = []
    /// The connections that are asked for or up, as the client sees it.
    var links: [(id: ConnectionID, stream: StreamID, isUp: Bool)] = []
    var calls: [(id: CallID, stream: StreamID)] = []
    var linkChance: SeededGenerator
    var callChance: SeededGenerator

    init(
        _ setup: DeviceSetup, kind: DeviceKind, appKey: String, vault: SecretVault, seed: UInt64,
        isQuiet: Bool = false, isTerse: Bool = false
    ) {
        name = setup.name
        self.setup = setup
        self.kind = kind
        let root = SeededGenerator(seed: seed)
        wire = Self.wire(setup, kind, appKey: appKey, vault: vault, seed: seed)
        let lane = TranscriptLane(.device(setup.name), isQuiet: isQuiet, isTerse: isTerse)
        core = Self.core(setup, kind, lane, seed: seed, life: 1)
        linkChance = root.fork("network \(setup.name) link")
        callChance = root.fork("network \(setup.name) app server")
    }

    private static func wire(
        _ setup: DeviceSetup, _ kind: DeviceKind, appKey: String, vault: SecretVault, seed: UInt64
    ) -> ClientWire {
        ClientWire(
            provider: kind.provider, appKey: appKey, deviceID: setup.deviceID(seed: seed),
            clientType: kind.platform(setup.platform).clientType,
            generation: kind.generation.wireName, vault: vault)
    }

    /// Puts another build of the app, of the same provider, on the device.
    mutating func install(_ build: AppBuild, _ kind: DeviceKind, appKey: String, vault: SecretVault, seed: UInt64) {
        setup.install(build)
        self.kind = kind
        wire = Self.wire(setup, kind, appKey: appKey, vault: vault, seed: seed)
    }

    private static func core(
        _ setup: DeviceSetup, _ kind: DeviceKind, _ lane: TranscriptLane, seed: UInt64, life: Int
    ) -> ClientCore {
        var policy = kind.generation.policy
        if let options = setup.options { policy.options = options }
        return ClientCore(
            lane: lane, policy: policy, settings: setup.settings,
            random: SeededGenerator(seed: setup.machineSeed(seed: seed, life: life)), naming: kind.generation.callbacks)
    }

    /// Puts fresh machines into the app, which goes on with the transcript.
    mutating func beginLife(seed: UInt64) {
        life += 1
        core = Self.core(setup, kind, core.lane, seed: seed, life: life)
        isRunning = true
    }

    /// What the machines of this run are made of; before they have taken anything.
    func recordedLife(seed: UInt64) -> Recording.Life {
        Recording.Life(
            device: name, generation: kind.generation.id, platform: kind.platform(setup.platform).name,
            options: setup.options ?? kind.generation.policy.options, settings: setup.settings,
            seed: setup.machineSeed(seed: seed, life: life), after: core.lane.last)
    }

    mutating func endLife() {
        life += 1
        isRunning = false
        isInBackground = false
        timers = []
        links = []
        calls = []
    }
}
