import CloudServer
import LoginCore
import Providers

/// One device's way to the servers: a fault proxy before the app server and one before the IM link.
///
/// Each device has its own, so that one can be offline while another is not.
final class NetworkPath: Sendable {
    private let appServerProxy: FaultProxy
    private let linkProxy: FaultProxy
    /// What the device's app calls instead of the app server.
    let appServer: String
    /// What the device's SDK opens instead of the IM link; without the provider's path.
    let imLink: String

    /// Opens both proxies on free ports.
    init(to endpoints: LabEndpoints) async throws(BackendError) {
        appServerProxy = FaultProxy(upstreamHost: endpoints.appServer.host, upstreamPort: endpoints.appServer.port)
        linkProxy = FaultProxy(upstreamHost: endpoints.imLink.host, upstreamPort: endpoints.imLink.port)
        appServer = "\(endpoints.appServer.scheme)://127.0.0.1:\(try await appServerProxy.start(port: 0))"
        do {
            imLink = "\(endpoints.imLink.scheme)://127.0.0.1:\(try await linkProxy.start(port: 0))"
        } catch {
            await appServerProxy.stop()
            throw error
        }
    }

    /// Applies a network switch; a proxy that accepted while the backend is killed would make a refusal look like a broken
    /// connection, therefore it does not.
    func set(_ network: NetworkSwitch, isBackendUp: Bool) async throws(BackendError) {
        try await appServerProxy.set(Self.proxyMode(network.fault(on: .appServer, isBackendUp: isBackendUp)))
        try await linkProxy.set(Self.proxyMode(network.fault(on: .link, isBackendUp: isBackendUp)))
    }

    /// Resets every connection of the device.
    func cut() async {
        await appServerProxy.cut()
        await linkProxy.cut()
    }

    /// Closes both proxies.
    func stop() async {
        await appServerProxy.stop()
        await linkProxy.stop()
    }

    private static func proxyMode(_ fault: NetworkFault) -> FaultProxy.Mode {
        switch fault {
        case .pass: .pass
        case .refuse: .refuse
        case .swallow: .swallow
        }
    }
}

/// Where the lab's servers are.
struct LabEndpoints: Sendable {
    /// Host and port of a server.
    struct Address: Sendable {
        let scheme: String
        let host: String
        let port: Int

        /// Reads `scheme://host:port`, with the scheme's usual port when none is written.
        init?(_ url: String, scheme: String, port usual: Int) {
            let start = scheme + "://"
            guard url.hasPrefix(start) else { return nil }
            self.scheme = scheme
            let rest = url.dropFirst(start.count).prefix { $0 != "/" }
            if let colon = rest.lastIndex(of: ":"), rest.last != "]" {
                guard let port = Int(rest[rest.index(after: colon)...]), (1...65_535).contains(port) else { return nil }
                self.port = port
                host = rest[..<colon].filter { $0 != "[" && $0 != "]" }
            } else {
                port = usual
                host = rest.filter { $0 != "[" && $0 != "]" }
            }
            if host.isEmpty { return nil }
        }
    }

    let appServer: Address
    let imLink: Address
    let appServerURL: String
    let webAPIURL: String
    let imLinkURL: String
    /// The providers that the backend has a cloud for, by their ids; the first is for whoever names none.
    let providers: [String]
    /// The app's key with each provider.
    let appKeys: [String: String]
    let operatorKey: Secret?

    init(
        appServer: String, webAPI: String, imLink: String, providers: [String], appKeys: [String: String],
        operatorKey: Secret?
    ) throws(Failure) {
        guard let http = Address(appServer, scheme: "http", port: 80) ?? Address(appServer, scheme: "https", port: 443)
        else {
            throw Failure("\(appServer) is not an http:// or https://HOST:PORT address of an app server.")
        }
        guard let link = Address(imLink, scheme: "ws", port: 80) ?? Address(imLink, scheme: "wss", port: 443)
        else {
            throw Failure("\(imLink) is not a ws:// or wss://HOST:PORT address of an IM link.")
        }
        self.appServer = http
        self.imLink = link
        appServerURL = appServer
        webAPIURL = webAPI
        imLinkURL = imLink
        self.providers = providers
        self.appKeys = appKeys
        self.operatorKey = operatorKey
    }

    /// The name of a provider in requests: none for the one that the app server takes without.
    func name(of provider: Provider) -> String? {
        provider.id == providers.first ? nil : provider.id
    }
}

extension LabEndpoints {
    /// Where the parts of a backend of this process are.
    init(_ started: BackendEndpoints) throws(Failure) {
        try self.init(
            appServer: started.appServer, webAPI: started.webAPI, imLink: started.imLink,
            providers: started.providers, appKeys: started.appKeys, operatorKey: started.operatorKey)
    }
}
