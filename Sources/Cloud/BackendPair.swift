import LoginCore
import Providers

/// What the two values of a backend are made from, whoever runs them.
package struct BackendSetup: Sendable {
    /// The provider's id, such as those of `ProviderClouds.ids`.
    package var provider: String
    package var appKey: String
    package var appSecret: Secret
    /// Opens the app server's endpoints for the operator.
    package var operatorKey: Secret
    /// Where the chance of this life of the backend comes from.
    package var seed: UInt64
    /// Whether the three demo people exist.
    package var seedsPeople: Bool
    /// The public URL of the app server, for the provider's calls to it.
    package var appServer: String
    /// The public URL of the web API.
    package var webAPI: String
    /// The public URL of the IM link.
    package var imLink: String
    /// How many seconds of lab time pass in a real second.
    package var timeScale: Int
    /// The lab time that a call between the two may be on its way at least, before it counts as too old.
    package var slowestCall: Duration

    package init(
        provider: String,
        appKey: String,
        appSecret: Secret,
        operatorKey: Secret,
        seed: UInt64,
        seedsPeople: Bool,
        appServer: String,
        webAPI: String,
        imLink: String,
        timeScale: Int,
        slowestCall: Duration = .zero
    ) {
        self.provider = provider
        self.appKey = appKey
        self.appSecret = appSecret
        self.operatorKey = operatorKey
        self.seed = seed
        self.seedsPeople = seedsPeople
        self.appServer = appServer
        self.webAPI = webAPI
        self.imLink = imLink
        self.timeScale = timeScale
        self.slowestCall = slowestCall
    }

    /// Makes the values with what was kept; nil for a provider that has no cloud here.
    package func make(restoring records: [DurableRecord]) -> BackendPair? {
        let secret = AppSecret(appSecret)
        guard let prefix = ProviderClouds.collectionPrefix(provider: provider),
            let cloud = ProviderClouds.make(
                provider: provider, appKey: appKey, appSecret: secret, seed: seed,
                appServer: appServer, slowestCall: slowestCall,
                restoring: records.filter { $0.collection.hasPrefix(prefix) })
        else { return nil }
        let appServer = AppServer(
            AppServerConfiguration(
                provider: provider, appKey: appKey, appSecret: secret, operatorKey: operatorKey, seed: seed,
                seedsPeople: seedsPeople, webAPI: webAPI, imLink: imLink, timeScale: timeScale),
            restoring: records.filter { $0.collection.hasPrefix(AppServer.collectionPrefix) })
        return BackendPair(appServer: appServer, cloud: cloud)
    }

    /// The seed of one life of a backend whose seed is `seed`: two lives must not make the same token.
    package static func seed(ofLife life: Int, of seed: UInt64) -> UInt64 {
        var chance = SeededGenerator(seed: seed).fork("generation \(life)")
        return chance.next()
    }
}

/// The two sides of a backend, which meet only through HTTP values.
package struct BackendPair: Sendable {
    package var appServer: AppServer
    package var cloud: any ProviderCloud
}
