import Cloud
import LoginCore
import Providers

extension Backend {
    /// Makes a backend that does not run yet.
    package init(_ configuration: BackendConfiguration) {
        self.init(configuration, maker: .live)
    }
}

extension BackendValueMaker {
    /// The app server and the clouds of all providers.
    static let live = BackendValueMaker(
        appServerRefusals: HTTPListener.Refusals(
            tooLarge: { _ in
                AppServerError(
                    status: 413, name: "too_large",
                    message: "The body is longer than \(HTTPListener.longestBody) bytes; send a shorter one."
                ).http(cause: nil)
            },
            foreignHost: { _ in
                AppServerError(
                    status: 403, name: "host_not_loopback",
                    message: "The Host header does not name this machine; call 127.0.0.1, ::1 or localhost."
                ).http(cause: nil)
            }),
        webAPIRefusals: HTTPListener.Refusals(
            tooLarge: { ProviderClouds.refusal(of: $0, .tooLarge) },
            foreignHost: { ProviderClouds.refusal(of: $0, .foreignHost) })
    ) { ingredients throws(BackendError) in
        let configuration = ingredients.configuration
        let setup = BackendSetup(
            apps: ingredients.apps, operatorKey: ingredients.operatorKey, seed: ingredients.seed,
            seedsPeople: configuration.seedsPeople, appServer: ingredients.appServer, webAPI: ingredients.webAPI,
            imLink: ingredients.imLink, timeScale: configuration.clock.scale, slowestCall: configuration.clock.slowest)
        guard let pair = setup.make(restoring: ingredients.records) else {
            throw BackendError(
                "There is no cloud for the provider \(configuration.provider): choose one of "
                    + "\(ProviderClouds.ids.joined(separator: ", ")).")
        }
        let clouds = zip(ingredients.apps, pair.clouds).map { ($0.provider, $1 as any CloudValue) }
        return BackendValues(
            appServer: pair.appServer, clouds: Dictionary(uniqueKeysWithValues: clouds),
            after: ingredients.lastEntries)
    }
}
