import CloudServer
import LoginCore
import TerminalUI

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

    /// Applies a network switch.
    ///
    /// While the backend is killed, what would pass is refused, as its closed ports refuse: a proxy that accepted first
    /// would make a refusal look like a broken connection.
    func set(_ view: NetworkView, isBackendUp: Bool) async throws(BackendError) {
        let faulty = Self.proxyMode(view.mode)
        let open = isBackendUp ? FaultProxy.Mode.pass : .refuse
        let fault = faulty == .pass ? open : faulty
        try await appServerProxy.set(view.scope == .link ? open : fault)
        try await linkProxy.set(view.scope == .appServer ? open : fault)
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

    private static func proxyMode(_ mode: NetworkMode) -> FaultProxy.Mode {
        switch mode {
        case .pass: .pass
        case .offline, .refusing: .refuse
        case .silent: .swallow
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
    let appKey: String
    let operatorKey: Secret?

    init(
        appServer: String, webAPI: String, imLink: String, appKey: String, operatorKey: Secret?
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
        self.appKey = appKey
        self.operatorKey = operatorKey
    }
}
