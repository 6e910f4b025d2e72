import Foundation

extension NetworkTarget {
    /// Takes a URL apart; nil unless its scheme is one of `schemes` and it names a host.
    init?(_ url: String, schemes: [String]) {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            schemes.contains(scheme), var host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        }
        let port = parts.port ?? (scheme == "https" || scheme == "wss" ? 443 : 80)
        guard (1...65_535).contains(port) else { return nil }
        let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
        let query = parts.percentEncodedQuery.map { "?\($0)" } ?? ""
        self.init(scheme: scheme, host: host, port: port, path: path + query)
    }
}
