import LoginCore
import Providers

/// Whom a token is for, and what signs it.
package struct TokenOwner: Hashable, Sendable {
    package let appKey: String
    package let appSecret: AppSecret
    /// The account, in any spelling that the provider takes for it.
    package let account: String

    package init(appKey: String, appSecret: AppSecret, account: String) {
        self.appKey = appKey
        self.appSecret = appSecret
        self.account = account
    }
}

/// Makes a provider's signed tokens and says what is wrong with one; `ProviderClouds.tokenInspector` has them all.
package protocol TokenInspector: Sendable {
    /// How long a token lives when nobody says otherwise, in whole seconds.
    var usualLifetime: Duration { get }

    /// Whether a lifetime of zero makes a token that never ends.
    var mintsForEver: Bool { get }

    /// The names of the forms that one token can be written in, the usual one first; none where there is but one form.
    var forms: [String] { get }

    /// A token for `owner` that is issued at `now` and ends after `lifetime`, in whole seconds.
    func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration) -> Secret

    /// The same token in the form that is named so in ``forms``; nil for another name.
    func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration, form: String) -> Secret?

    /// What `token` says of itself, what is wrong with it at `now`, and what the provider would answer to it.
    ///
    /// Without an owner the signature is not checked, and a token that is otherwise fine gets no verdict. Whatever
    /// the token is made of, there is a report.
    func report(on token: Secret, for owner: TokenOwner?, at now: Instant) -> TokenReport
}

/// Tokens that end and have one form only.
extension TokenInspector {
    package var mintsForEver: Bool { false }

    package var forms: [String] { [] }

    package func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration, form: String) -> Secret? { nil }
}
