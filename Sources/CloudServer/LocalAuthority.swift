import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate authority of this machine's own, which vouches for the backend's listeners and for nothing else.
///
/// Its certificate is a file that clients are pointed at; its key stays beside the backend's state. Every start of a
/// backend has a new certificate for `localhost`, 127.0.0.1 and ::1, valid a day back and a year ahead of the real
/// clock, whatever the lab's clock says.
struct LocalAuthority: Sendable {
    /// The authority's own certificate, for clients.
    let pem: String
    /// Where it is written; nil for a backend that keeps nothing.
    let file: String?
    private let certificate: Certificate
    private let key: Certificate.PrivateKey

    /// The authority kept in the directory, or a new one there.
    static func open(in directory: StateDirectory?, now: Date = Date()) throws(BackendError) -> LocalAuthority {
        do {
            guard let directory else { return try LocalAuthority.make(file: nil, now: now).authority }
            let file = directory.path + "/authority.pem"
            let keyFile = directory.path + "/authority.key"
            if let kept = try? LocalAuthority(file: file, keyFile: keyFile, now: now) { return kept }
            let (authority, keyPEM) = try make(file: file, now: now)
            unlink(keyFile)
            unlink(file)
            try StateDirectory.write(keyPEM, to: keyFile)
            try StateDirectory.write(authority.pem, to: file)
            return authority
        } catch let error as BackendError {
            throw error
        } catch {
            throw BackendError("Cannot make certificates for TLS: start without --tls.")
        }
    }

    /// The settings of a listener, with a new certificate for it.
    func serverConfiguration(now: Date = Date()) throws(BackendError) -> TLSConfiguration {
        do {
            let key = P256.Signing.PrivateKey()
            let leaf = try Self.certificate(
                for: Certificate.PrivateKey(key).publicKey, named: "Latchkey on this machine",
                issuer: certificate.subject, signedBy: self.key, now: now, years: 1,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.notCertificateAuthority)
                    Critical(KeyUsage(digitalSignature: true))
                    try ExtendedKeyUsage([.serverAuth])
                    SubjectAlternativeNames([
                        .dnsName("localhost"), .ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1])),
                        .ipAddress(ASN1OctetString(contentBytes: Array(repeating: 0, count: 15) + [1])),
                    ])
                    AuthorityKeyIdentifier(
                        keyIdentifier: SubjectKeyIdentifier(hash: self.key.publicKey).keyIdentifier)
                })
            let pem = try leaf.serializeAsPEM().pemString
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: [.certificate(try NIOSSLCertificate(bytes: Array(pem.utf8), format: .pem))],
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.pemRepresentation.utf8), format: .pem)))
            configuration.applicationProtocols = ["http/1.1"]
            return configuration
        } catch {
            throw BackendError("Cannot make a certificate for TLS: start without --tls.")
        }
    }

    private init(pem: String, file: String?, certificate: Certificate, key: Certificate.PrivateKey) {
        self.pem = pem
        self.file = file
        self.certificate = certificate
        self.key = key
    }

    /// The kept one; throws when it cannot be read, does not fit its key, or ends within the year that it must cover.
    private init(file: String, keyFile: String, now: Date) throws {
        let pem = try String(contentsOfFile: file, encoding: .utf8)
        let certificate = try Certificate(pemEncoded: pem)
        let key = try Certificate.PrivateKey(pemEncoded: try String(contentsOfFile: keyFile, encoding: .utf8))
        guard certificate.publicKey == key.publicKey, certificate.notValidBefore < now,
            certificate.notValidAfter > now.addingTimeInterval(Self.year)
        else { throw AuthorityProblem.unfit }
        self.init(pem: pem, file: file, certificate: certificate, key: key)
    }

    private static func make(file: String?, now: Date) throws -> (authority: LocalAuthority, keyPEM: String) {
        let signing = P256.Signing.PrivateKey()
        let key = Certificate.PrivateKey(signing)
        let certificate = try certificate(
            for: key.publicKey, named: "Latchkey's own authority", issuer: nil, signedBy: key, now: now, years: 10,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            })
        let pem = try certificate.serializeAsPEM().pemString + "\n"
        let authority = LocalAuthority(pem: pem, file: file, certificate: certificate, key: key)
        return (authority, signing.pemRepresentation + "\n")
    }

    private static let year: TimeInterval = 365 * 86_400

    private static func certificate(
        for publicKey: Certificate.PublicKey, named name: String, issuer: DistinguishedName?,
        signedBy key: Certificate.PrivateKey, now: Date, years: Double, extensions: Certificate.Extensions
    ) throws -> Certificate {
        let subject = try DistinguishedName {
            OrganizationName("Latchkey")
            CommonName(name)
        }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: publicKey,
            notValidBefore: now.addingTimeInterval(-86_400), notValidAfter: now.addingTimeInterval(years * year),
            issuer: issuer ?? subject, subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions,
            issuerPrivateKey: key)
    }
}

private enum AuthorityProblem: Error {
    case unfit
}
