import Cloud
import Logging
import LoginCore

/// How a backend is set up.
package struct BackendConfiguration: Sendable {
    /// The provider of requests that name none; `appKey` and `appSecret` are those of its app.
    ///
    /// The clouds of all providers are played.
    package var provider: String
    /// Where state, keys and the lock live; nil keeps everything in memory.
    package var stateDirectory: String?
    /// Whether what the state directory holds is forgotten; the operator key stays.
    package var startsFresh: Bool
    /// The app server's port; 0 takes any free one.
    package var appServerPort: Int
    /// The web API's port; 0 takes any free one.
    package var webAPIPort: Int
    /// The IM link's port; 0 takes any free one.
    package var imLinkPort: Int
    /// The app's key with the first provider; nil takes the kept one, or makes one.
    package var appKey: String?
    /// The app's secret with the first provider; nil takes the kept one, or makes one.
    package var appSecret: Secret?
    /// Whether all three listeners speak TLS, with certificates of the backend's own authority.
    package var usesTLS: Bool
    /// What all chance of this run comes from.
    package var seed: UInt64
    /// The time that the cloud, its tokens and its timers go by.
    package var clock: LabClock
    /// Whether the three demo people exist.
    package var seedsPeople: Bool
    /// Takes every transcript entry of the backend, in order within a lane.
    package var sink: @Sendable (TranscriptEntry) -> Void
    /// Told in one sentence why the state cannot be saved, and nil once it can be again.
    package var savingTrouble: @Sendable (String?) -> Void
    /// Where the listeners' own remarks go; never the terminal.
    package var logger: Logger

    package init(
        provider: String = ProviderClouds.ids[0],
        stateDirectory: String? = nil,
        startsFresh: Bool = false,
        appServerPort: Int = 0,
        webAPIPort: Int = 0,
        imLinkPort: Int = 0,
        appKey: String? = nil,
        appSecret: Secret? = nil,
        usesTLS: Bool = false,
        seed: UInt64? = nil,
        clock: LabClock,
        seedsPeople: Bool = true,
        sink: @escaping @Sendable (TranscriptEntry) -> Void = { _ in },
        savingTrouble: @escaping @Sendable (String?) -> Void = { _ in },
        logger: Logger = Logger(label: "latchkey.backend") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.provider = provider
        self.stateDirectory = stateDirectory
        self.startsFresh = startsFresh
        self.appServerPort = appServerPort
        self.webAPIPort = webAPIPort
        self.imLinkPort = imLinkPort
        self.appKey = appKey
        self.appSecret = appSecret
        self.usesTLS = usesTLS
        var chance = SystemRandomNumberGenerator()
        self.seed = seed ?? chance.next()
        self.clock = clock
        self.seedsPeople = seedsPeople
        self.sink = sink
        self.savingTrouble = savingTrouble
        self.logger = logger
    }
}

/// Where a backend can be reached.
package struct BackendEndpoints: Hashable, Sendable {
    /// `http://127.0.0.1:PORT`, without a slash at the end; `https` with TLS, and `wss` below.
    package let appServer: String
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    package let webAPI: String
    /// `ws://127.0.0.1:PORT`, without a slash at the end; a provider's name follows one.
    package let imLink: String
    /// What `/operator/…` asks for.
    package let operatorKey: Secret
    /// The providers whose clouds are played, by their ids; the configured one is the first.
    package let providers: [String]
    /// The app's key with each of them.
    package let appKeys: [String: String]
    /// With TLS: the PEM text of the authority that vouches for the listeners.
    package var authority: String?
    /// With TLS and a state directory: the file that holds it.
    package var authorityFile: String?

    /// The app's key with the configured provider.
    package var appKey: String { providers.first.flatMap { appKeys[$0] } ?? "" }
}

/// The three listeners of a backend.
package enum BackendListener: String, Sendable, CaseIterable {
    case appServer
    case webAPI
    case imLink
}

/// The values that a backend runs.
struct BackendValues: Sendable {
    private(set) var appServer: any CloudValue
    /// By their providers' ids.
    private(set) var clouds: [String: any CloudValue]
    /// The number of each lane's last entry, and whose cloud wrote last: clouds write into the same lanes.
    private var lastEntries: [Lane: Int]
    private var lastWriter: BackendSide?

    /// The values that go on with the transcript of an earlier life.
    init(appServer: any CloudValue, clouds: [String: any CloudValue], after lastEntries: [Lane: Int] = [:]) {
        self.appServer = appServer
        self.clouds = clouds
        self.lastEntries = lastEntries
        self.appServer.continueTranscript(after: lastEntries)
    }

    /// Lets one side do something, and takes note of what it wrote.
    mutating func handle(_ event: CloudEvent, on side: BackendSide, at now: Instant) -> [CloudEffect] {
        act(side) { $0.handle(event, at: now) }
    }

    mutating func refuse(
        _ event: CloudEvent, on side: BackendSide, because sentence: String, at now: Instant
    ) -> [CloudEffect] {
        act(side) { $0.refuse(event, because: sentence, at: now) }
    }

    private mutating func act(
        _ side: BackendSide, _ action: (inout any CloudValue) -> [CloudEffect]
    ) -> [CloudEffect] {
        let effects: [CloudEffect]
        switch side {
        case .appServer: effects = action(&appServer)
        case .cloud(let provider):
            guard var cloud = clouds.removeValue(forKey: provider) else { return [] }
            if lastWriter != side { cloud.continueTranscript(after: lastEntries) }
            lastWriter = side
            effects = action(&cloud)
            clouds[provider] = cloud
        }
        for case .record(let entry) in effects { lastEntries[entry.lane] = entry.id.number }
        return effects
    }
}

/// All that the values are made from.
struct BackendIngredients: Sendable {
    let configuration: BackendConfiguration
    /// The app with each provider, the configured provider first.
    let apps: [ProviderApp]
    let operatorKey: Secret
    /// The public URL of the app server.
    var appServer = ""
    /// The public URL of the web API.
    let webAPI: String
    /// The public URL of the IM link.
    let imLink: String
    /// What this generation's chance comes from.
    let seed: UInt64
    /// Everything that was kept, in order of collection and key.
    let records: [DurableRecord]
    /// The number of each lane's last entry.
    let lastEntries: [Lane: Int]
}

/// Makes the values, and says how their listeners refuse what does not reach them; the tests have makers of their own.
struct BackendValueMaker: Sendable {
    var appServerRefusals: HTTPListener.Refusals
    var webAPIRefusals: HTTPListener.Refusals
    var make: @Sendable (BackendIngredients) throws(BackendError) -> BackendValues
}
