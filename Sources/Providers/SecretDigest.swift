import Crypto
import LoginCore

/// Makes the stand-in of a secret.
package enum SecretDigest {
    /// The stand-in called `name`: kind, length and the first 8 hex digits of the SHA-256 of the UTF-8 text.
    package static func reference(for secret: Secret, name: String) -> SecretRef {
        let text = secret.reveal(for: .verification)
        let digest = SHA256.hash(data: Array(text.utf8))
        return SecretRef(
            kind: secret.kind, name: name, length: secret.length, digest: HexDigit.text(digest.prefix(4)))
    }

    /// The SHA-256 of `bytes` in lower-case hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        HexDigit.text(SHA256.hash(data: bytes))
    }
}
