import Crypto
import LoginCore

/// Makes the stand-in of a secret.
package enum SecretDigest {
    /// The stand-in called `name`: kind, length and the first 8 hex digits of the SHA-256 of the UTF-8 text.
    package static func reference(for secret: Secret, name: String) -> SecretRef {
        let text = secret.reveal(for: .verification)
        return SecretRef(
            kind: secret.kind, name: name, length: secret.length, digest: HexDigit.text(bytes(of: text)[..<4]))
    }

    /// The SHA-256 of `bytes` in lower-case hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        HexDigit.text(hash(bytes)[...])
    }

    /// The 32 bytes of the SHA-256 of a text in UTF-8.
    package static func bytes(of text: String) -> [UInt8] {
        hash(Array(text.utf8))
    }

    private static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hash.finalize().withUnsafeBytes { Array($0) }
    }
}
