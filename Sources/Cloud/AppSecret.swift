import LoginCore

/// The secret that a provider gives to an app's owner: it signs web API calls and dynamic tokens.
///
/// It lives in this target only, which no client target can import, and prints as dots.
package struct AppSecret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    private let secret: Secret

    package init(_ text: String) {
        secret = Secret(text, kind: .appSecret)
    }

    package init(_ secret: Secret) {
        self.secret = secret
    }

    /// The secret for a mint of this target.
    var forMinting: Secret { secret }

    package var description: String { secret.description }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
