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

/// The app that a provider's cloud serves, in the form in which the provider's console shows it.
package struct CloudApp: Sendable {
    /// An SDKAppID in decimal digits, `org#app`, or hexadecimal digits, as the provider has it.
    package var appKey: String
    package var appSecret: AppSecret

    package init(appKey: String, appSecret: AppSecret) {
        self.appKey = appKey
        self.appSecret = appSecret
    }
}
