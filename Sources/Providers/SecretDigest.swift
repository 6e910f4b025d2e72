import Crypto
import LoginCore

/// Makes the stand-in of a secret.
package enum SecretDigest {
    /// The stand-in called `name`: kind, length and the first 8 hex digits of the SHA-256 of the UTF-8 text.
    package static func reference(for secret: Secret, name: String) -> SecretRef {
        let text = secret.reveal(for: .verification)
        return SecretRef(
            kind: secret.kind, name: name, length: secret.length, digest: String(sha256(Array(text.utf8)).prefix(8)))
    }

    /// The SHA-256 of `bytes` in lower-case hexadecimal digits.
    package static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}
