/// What kind of secret a value is; it names the stand-in that is shown instead.
package enum SecretKind: String, Sendable, Codable, CaseIterable {
    case password
    case token
    case session
    case appSecret
    case operatorKey
}

/// Why the text of a secret is needed; a test lists every place that asks.
package enum RevealPurpose: Sendable {
    /// To put it into a request or a frame.
    case wire
    /// To write it into the token store or the backend's state file.
    case store
    /// Because the user asked to see it.
    case screen
    /// To mint, hash or compare it.
    case verification
}

/// A text that must not be shown: it prints as dots and gives itself away only on purpose.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let kind: SecretKind
    private let text: String

    package init(_ text: String, kind: SecretKind) {
        self.text = text
        self.kind = kind
    }

    package func reveal(for purpose: RevealPurpose) -> String { text }

    /// The length in UTF-8 bytes.
    package var length: Int { text.utf8.count }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }

    package var description: String { "••••" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: ["kind": kind]) }
}

/// Stands for a secret wherever its text must not go: in machines, transcripts, recordings and views.
///
/// The text itself lives in a vault of the composition root; two references to the same text carry the same digest.
package struct SecretRef: Hashable, Sendable, Codable, CustomStringConvertible {
    package let kind: SecretKind
    /// The stand-in's name, such as `token-3`: kind and order of first appearance in the vault.
    package let name: String
    /// Length of the text in UTF-8 bytes.
    package let length: Int
    /// The first 8 hex digits of the text's SHA-256.
    package let digest: String

    package init(kind: SecretKind, name: String, length: Int, digest: String) {
        self.kind = kind
        self.name = name
        self.length = length
        self.digest = digest
    }

    /// The name tells most of them apart.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }

    package var description: String { "\(name)#\(digest)" }
}
