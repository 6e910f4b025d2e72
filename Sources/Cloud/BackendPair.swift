import LoginCore
import Providers

/// An app as its provider knows it.
package struct ProviderApp: Sendable {
    /// The provider's id, such as those of `ProviderClouds.ids`.
    package let provider: String
    /// An SDKAppID in decimal digits, `org#app`, or hexadecimal digits, as the provider's console shows it.
    package let appKey: String
    package let appSecret: AppSecret

    package init(provider: String, appKey: String, appSecret: AppSecret) {
        self.provider = provider
        self.appKey = appKey
        self.appSecret = appSecret
    }
}

/// What the values of a backend are made from, whoever runs them.
package struct BackendSetup: Sendable {
    /// The app at each provider whose cloud there is, at least one; the first is for whoever names none.
    package var apps: [ProviderApp]
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
        apps: [ProviderApp],
        operatorKey: Secret,
        seed: UInt64,
        seedsPeople: Bool,
        appServer: String,
        webAPI: String,
        imLink: String,
        timeScale: Int,
        slowestCall: Duration = .zero
    ) {
        self.apps = apps
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
        let clouds = apps.compactMap { app in
            ProviderClouds.make(
                app, seed: seed, appServer: appServer, slowestCall: slowestCall,
                restoring: Self.records(of: app.provider, in: records))
        }
        guard !clouds.isEmpty, clouds.count == apps.count else { return nil }
        let server = AppServer(
            AppServerConfiguration(
                apps: apps, operatorKey: operatorKey, seed: seed, seedsPeople: seedsPeople, webAPI: webAPI,
                imLink: imLink, timeScale: timeScale),
            restoring: records.filter { $0.collection.hasPrefix(AppServer.collectionPrefix) },
            owner: { [apps] account in
                // Whose cloud knows it; each keeps its accounts under their names.
                apps.first { app in
                    Self.records(of: app.provider, in: records).contains { $0.key == account }
                }?.provider
            })
        return BackendPair(appServer: server, clouds: clouds)
    }

    private static func records(of provider: String, in records: [DurableRecord]) -> [DurableRecord] {
        guard let prefix = ProviderClouds.collectionPrefix(provider: provider) else { return [] }
        return records.filter { $0.collection.hasPrefix(prefix) }
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
    /// One for each app of the setup, in its order.
    package private(set) var clouds: [any ProviderCloud]

    fileprivate init(appServer: AppServer, clouds: [any ProviderCloud]) {
        self.appServer = appServer
        self.clouds = clouds
    }

    /// The cloud of the first app: the only one of a backend with one provider.
    package var cloud: any ProviderCloud {
        get { clouds[0] }
        _modify { yield &clouds[0] }
    }
}
