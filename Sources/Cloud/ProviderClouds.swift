import LoginCore
import Providers

/// The one list of providers whose cloud is simulated.
package enum ProviderClouds {
    /// The providers' ids, as in `ProviderRegistry`.
    package static let ids = ["commsease", "tencent", "easemob"]

    /// The cloud of an app's provider, or nil for a provider that has none here.
    ///
    /// - `appServer`: the URL of the backend's own app server, for login callbacks to it.
    /// - `slowestCall`: the lab time that a call may be on its way, however short the time for which it is valid.
    package static func make(
        _ app: ProviderApp,
        seed: UInt64,
        appServer: String = "http://app-server",
        slowestCall: Duration = .zero,
        restoring records: [DurableRecord]
    ) -> (any ProviderCloud)? {
        switch app.provider {
        case "commsease":
            CommsEaseCloud(
                CommsEaseConfiguration(
                    appKey: app.appKey, appSecret: app.appSecret, seed: seed, appServer: appServer,
                    slowestCall: slowestCall),
                restoring: records)
        case "tencent": TencentCloud(app, restoring: records)
        case "easemob": EasemobCloud(app, restoring: records)
        default: nil
        }
    }

    /// What the collections of a provider's durable records begin with.
    package static func collectionPrefix(provider: String) -> String? {
        switch provider {
        case "commsease": CommsEaseCloud.collectionPrefix
        case "tencent": TencentCloud.collectionPrefix
        case "easemob": EasemobCloud.collectionPrefix
        default: nil
        }
    }

    /// Key and secret of an app that was just made, in the form in which the provider's console shows them.
    ///
    /// `hex` draws that many bytes, as hexadecimal digits.
    package static func newApp(provider: String, hex: (Int) -> String) -> (key: String, secret: String) {
        switch provider {
        case "tencent": TencentMint.newApp(hex: hex)
        case "easemob": EasemobMint.newApp(hex: hex)
        // NetEase's console shows secrets of 12 hex digits.
        default: (hex(16), hex(6))
        }
    }

    /// What makes and examines the signed tokens of `provider`, or nil for a provider that has none here.
    package static func tokenInspector(provider: String) -> (any TokenInspector)? {
        switch provider {
        case "commsease": CommsEaseTokenInspector()
        case "tencent": TencentTokenInspector()
        case "easemob": EasemobTokenInspector()
        default: nil
        }
    }

    /// The app server's side of the web API of an app's provider, or nil for a provider that has none here.
    static func appSide(_ app: ProviderApp) -> (any ProviderAppSide)? {
        switch app.provider {
        case "commsease": CommsEaseAppSide(appKey: app.appKey, appSecret: app.appSecret)
        case "tencent": TencentAppSide(appKey: app.appKey, appSecret: app.appSecret)
        case "easemob": EasemobAppSide(appKey: app.appKey, appSecret: app.appSecret)
        default: nil
        }
    }

    /// The longest body of a request to the web API, in bytes; a provider may take less.
    ///
    /// tencent.md has no such number: 100 imported accounts, each with a nick and a picture as long as they may be, are
    /// a quarter of it, and the SDK's packets end at 1 MB (§2.2, 9522).
    package static let longestBody = 1_048_576

    /// Whose path of the web API it is, or nil for one that is nobody's.
    ///
    /// One listener has every provider's paths. Those that begin with an app's own names come last; `appKeys` has the
    /// apps' keys by their providers' ids, as far as they are known.
    package static func owner(ofPath path: String, appKeys: [String: String] = [:]) -> String? {
        paths.first { $0.isOwn(path, appKeys[$0.provider]) }?.provider
    }

    private static let paths: [(provider: String, isOwn: @Sendable (String, _ appKey: String?) -> Bool)] = [
        ("commsease", { path, _ in CommsEaseDialect.isPath(path) }),
        ("tencent", { path, _ in TencentCall.isPath(path) }),
        ("easemob", { EasemobCall.isPath($0, appKey: $1) }),
    ]

    /// How the web API refuses a request that never reaches a cloud, in the words of whose path was asked for.
    package static func refusal(of request: HTTPRequestValue, _ reason: ListenerRefusal) -> HTTPResponseValue {
        switch owner(ofPath: request.path) {
        case "tencent": return TencentAnswer.refusal(reason).http(cause: nil)
        case "easemob": return EasemobAnswer.refusal(reason)
        default:
            let error =
                switch reason {
                case .tooLarge: CommsEaseAPIError(code: 414, desc: "body too long")
                case .foreignHost: CommsEaseAPIError(code: 403, desc: "host is not loopback")
                }
            return error.http(CommsEaseDialect(path: request.path), cause: nil)
        }
    }
}

/// Why a listener does not hand a request on.
package enum ListenerRefusal: Sendable {
    case tooLarge
    case foreignHost
}
