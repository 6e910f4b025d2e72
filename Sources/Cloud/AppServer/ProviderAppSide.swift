import LoginCore
import Providers

/// What the app server asks of a provider, in words that fit every provider.
enum ProviderCall: Sendable {
    /// A nil token is made by the provider.
    case createAccount(String, token: Secret?)
    case replaceToken(account: String, token: Secret)
    case refreshToken(account: String)
    case ban(account: String, kick: Bool, notify: String?)
    case unban(account: String)
    case kick(account: String, notify: String?)
    case settings
    case changeSettings(devicePolicy: Int?, authTypes: [Int]?)

    /// The call's name for the transcript.
    var title: String {
        switch self {
        case .createAccount: "create account"
        case .replaceToken: "replace token"
        case .refreshToken: "refresh token"
        case .ban(_, kick: true, _): "ban and kick"
        case .ban(_, kick: false, _): "ban"
        case .unban: "unban"
        case .kick: "kick"
        case .settings: "read the console's settings"
        case .changeSettings: "change the console's settings"
        }
    }

    /// The account that the call is about.
    var account: String? {
        switch self {
        case .createAccount(let account, _), .replaceToken(let account, _), .refreshToken(let account),
            .ban(let account, _, _), .unban(let account), .kick(let account, _):
            account
        case .settings, .changeSettings: nil
        }
    }
}

/// What a provider's web API said.
enum ProviderReply: Sendable {
    case done
    /// The account as the provider stores it, and its token.
    case account(String, token: Secret)
    case settings(devicePolicy: Int, authTypes: [Int])
    /// The account name is in use already.
    case accountTaken(code: Int, desc: String)
    case refused(code: Int, desc: String)
}

/// The app server's side of one provider: how its web API is called and its tokens are made.
protocol ProviderAppSide: Sendable {
    /// The signed request for `call`.
    ///
    /// `chance` gives the nonce; `cause` crosses the wire in `X-Latchkey-Cause`.
    func request(
        for call: ProviderCall, at now: Instant, chance: inout SeededGenerator, cause: EntryID
    ) -> HTTPRequestValue

    func reply(_ response: HTTPResponseValue, to call: ProviderCall) -> ProviderReply

    /// The account as the provider stores it, or what is wrong with what was typed.
    func checkAccount(_ account: String) -> Result<String, FieldProblem>

    /// A new account name; drawn, never derived from a person's name.
    func accountName(using chance: inout SeededGenerator) -> String

    /// A new permanent token.
    func staticToken(using chance: inout SeededGenerator) -> Secret

    /// A signed token that ends after `lifetime`, in whole seconds, and its end.
    func dynamicToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant)
}
