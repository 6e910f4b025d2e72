import NIOSSL
import Synchronization

/// Whom encrypted connections trust: the system's authorities, and those of a file that was named.
package struct TLSTrust: Sendable {
    private let own: [NIOSSLCertificate]

    /// The system's authorities alone.
    package static let system = TLSTrust(own: [])

    /// Those of a PEM file as well; nil when the file has no certificate.
    package init?(file: String) {
        guard let certificates = try? NIOSSLCertificate.fromPEMFile(file), !certificates.isEmpty else { return nil }
        self.init(own: certificates)
    }

    /// Those of a PEM text as well; nil when the text has no certificate.
    package init?(pem: String) {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)), !certificates.isEmpty else {
            return nil
        }
        self.init(own: certificates)
    }

    private init(own: [NIOSSLCertificate]) {
        self.own = own
    }

    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if !own.isEmpty { configuration.additionalTrustRoots = [.certificates(own)] }
        return configuration
    }
}

/// What TLS connections are made with; made at the first one, since reading the system's authorities takes its time.
final class TLSContext: Sendable {
    private let trust: TLSTrust
    private let made = Mutex<NIOSSLContext?>(nil)

    init(_ trust: TLSTrust) {
        self.trust = trust
    }

    func get() throws -> NIOSSLContext {
        try made.withLock { made in
            if let made { return made }
            let context = try NIOSSLContext(configuration: trust.configuration)
            made = context
            return context
        }
    }
}
