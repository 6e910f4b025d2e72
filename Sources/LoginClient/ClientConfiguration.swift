import LoginCore
import Providers
import Services

/// One device of the lab: who it is and where its servers are.
package struct ClientConfiguration: Sendable {
    /// The device profile's name, such as `A`; the lane of its transcript.
    package var profile: String
    /// What the login frame calls the device: 32 hex digits.
    package var deviceID: String
    package var platform: ClientPlatform
    package var provider: Provider
    package var generation: Generation
    /// The generation's policy, with the options that the app has set.
    package var policy: LoginPolicy
    package var settings: AppSettings
    /// The app server's base URL without a trailing slash.
    package var appServer: String
    /// The IM link's URL, the provider's path included.
    package var imLink: String
    /// Which of the provider's apps this is.
    package var appKey: String
    /// Whether the app server is told whose account and token are wanted.
    package var namesProvider: Bool
    package var clock: LabClock
    /// Where the machine's chance comes from.
    package var seed: UInt64
    /// Whether the app sets the SDK up as it starts; one that does not is told to later.
    package var setsUp: Bool

    /// A device that plays `generation`, or else the provider's usual one, with `options` in place of the usual ones.
    package init(
        profile: String,
        deviceID: String,
        platform: ClientPlatform,
        provider: Provider,
        generation: Generation? = nil,
        options: SDKOptions? = nil,
        settings: AppSettings,
        appServer: String,
        imLink: String,
        appKey: String,
        namesProvider: Bool = false,
        clock: LabClock,
        seed: UInt64,
        setsUp: Bool = true
    ) {
        self.profile = profile
        self.deviceID = deviceID
        self.platform = platform
        self.provider = provider
        let generation = generation ?? provider.usual
        self.generation = generation
        policy = generation.policy
        if let options { policy.options = options }
        self.settings = settings
        self.appServer = appServer
        self.imLink = imLink
        self.appKey = appKey
        self.namesProvider = namesProvider
        self.clock = clock
        self.seed = seed
        self.setsUp = setsUp
    }
}

/// What a client needs of the world.
package struct ClientServices: Sendable {
    package var http: HTTPService
    package var link: LinkService
    package var vault: SecretVault
    /// What was kept of an earlier run; nil when nothing was.
    package var load: @Sendable () async throws(StoreError) -> StoredLogin?
    package var save: @Sendable (StoredLogin) async throws(StoreError) -> Void
    package var erase: @Sendable () async throws(StoreError) -> Void

    package init(
        http: HTTPService,
        link: LinkService,
        vault: SecretVault,
        load: @escaping @Sendable () async throws(StoreError) -> StoredLogin?,
        save: @escaping @Sendable (StoredLogin) async throws(StoreError) -> Void,
        erase: @escaping @Sendable () async throws(StoreError) -> Void
    ) {
        self.http = http
        self.link = link
        self.vault = vault
        self.load = load
        self.save = save
        self.erase = erase
    }
}

/// What the client tells the lab.
package struct ClientListener: Sendable {
    /// The machines after each input and the entries that it made, in order, before its effects are started.
    ///
    /// One call, since who sees an entry must not see the machines as they were before it.
    package var changed: @Sendable (ClientCore, [TranscriptEntry]) -> Void
    /// One sentence for the user: something was asked for that cannot be done now, or the token store failed.
    package var said: @Sendable (String) -> Void
    /// Each input that the machines took, before its effects are started; nil when nobody records.
    package var took: (@Sendable (TakenInput) -> Void)?

    package init(
        changed: @escaping @Sendable (ClientCore, [TranscriptEntry]) -> Void,
        said: @escaping @Sendable (String) -> Void,
        took: (@Sendable (TakenInput) -> Void)? = nil
    ) {
        self.changed = changed
        self.said = said
        self.took = took
    }
}
