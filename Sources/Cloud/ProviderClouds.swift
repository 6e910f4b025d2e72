import LoginCore

/// The one list of providers whose cloud is simulated.
package enum ProviderClouds {
    /// The providers' ids, as in `ProviderRegistry`.
    package static let ids = ["commsease"]

    /// The cloud of `provider`, or nil for a provider that has none here.
    package static func make(
        provider: String,
        appKey: String,
        appSecret: AppSecret,
        seed: UInt64,
        restoring records: [DurableRecord]
    ) -> (any ProviderCloud)? {
        switch provider {
        case "commsease":
            CommsEaseCloud(CommsEaseConfiguration(appKey: appKey, appSecret: appSecret, seed: seed), restoring: records)
        default: nil
        }
    }

    /// What the collections of a provider's durable records begin with.
    package static func collectionPrefix(provider: String) -> String? {
        switch provider {
        case "commsease": CommsEaseCloud.collectionPrefix
        default: nil
        }
    }

    /// What makes and examines the signed tokens of `provider`, or nil for a provider that has none here.
    package static func tokenInspector(provider: String) -> (any TokenInspector)? {
        switch provider {
        case "commsease": CommsEaseTokenInspector()
        case "tencent": TencentTokenInspector()
        default: nil
        }
    }

    /// The app server's side of a provider's web API, or nil for a provider that has none here.
    static func appSide(provider: String, appKey: String, appSecret: AppSecret) -> (any ProviderAppSide)? {
        switch provider {
        case "commsease": CommsEaseAppSide(appKey: appKey, appSecret: appSecret)
        default: nil
        }
    }
}
