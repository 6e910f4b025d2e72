import Cloud
import Logging
import LoginCore

/// How a backend is set up.
package struct BackendConfiguration: Sendable {
    /// The provider whose cloud is played.
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
    /// The app's key with the provider; nil takes the kept one, or makes one.
    package var appKey: String?
    /// The app's secret with the provider; nil takes the kept one, or makes one.
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
    /// `ws://127.0.0.1:PORT`, without a slash at the end; the provider's name follows one.
    package let imLink: String
    /// What `/operator/…` asks for.
    package let operatorKey: Secret
    /// The app's key with the provider.
    package let appKey: String
    /// With TLS: the PEM text of the authority that vouches for the listeners.
    package var authority: String?
    /// With TLS and a state directory: the file that holds it.
    package var authorityFile: String?
}

/// The three listeners of a backend.
package enum BackendListener: String, Sendable, CaseIterable {
    case appServer
    case webAPI
    case imLink
}

/// The two values that a backend runs, and how their listeners refuse what does not reach them.
struct BackendValues: Sendable {
    var appServer: any CloudValue
    var cloud: any CloudValue
}

/// All that the two values are made from.
struct BackendIngredients: Sendable {
    let configuration: BackendConfiguration
    let identity: BackendIdentity
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
}

/// Makes the two values; the tests have makers of their own.
struct BackendValueMaker: Sendable {
    var appServerRefusals: HTTPListener.Refusals
    var webAPIRefusals: HTTPListener.Refusals
    var make: @Sendable (BackendIngredients) throws(BackendError) -> BackendValues
}
