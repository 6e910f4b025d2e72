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
    /// Asked of providers only whose ``OperatorTexts/kickDevice`` says that they have it.
    case kickDevice(account: String, deviceID: String, clientType: Int)
    /// Asked of providers only whose ``OperatorTexts/delete`` says that they have it.
    case deleteAccount(String)
    /// `query` is one of the provider's ``Provider/presenceQueries``.
    case presence(account: String, query: String)
    case settings
    case changeSettings(AppServerSettingsPatch)
    case console
    case createInConsole(String)

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
        case .kickDevice: "kick a device"
        case .deleteAccount: "delete account"
        case .presence: "ask whether an account is online"
        case .settings: "read the console's settings"
        case .changeSettings: "change the console's settings"
        case .console: "read the console's accounts"
        case .createInConsole: "create account in the console"
        }
    }

    /// The account that the call is about.
    var account: String? {
        switch self {
        case .createAccount(let account, _), .replaceToken(let account, _), .refreshToken(let account),
            .ban(let account, _, _), .unban(let account), .kick(let account, _), .kickDevice(let account, _, _),
            .deleteAccount(let account), .presence(let account, _), .createInConsole(let account):
            account
        case .settings, .changeSettings, .console: nil
        }
    }
}

/// What a provider's web API said.
enum ProviderReply: Sendable {
    case done
    /// The account as the provider stores it, and its token.
    case account(String, token: Secret)
    case settings(ProviderSettings)
    case console(ConsoleView)
    case presence(Presence)
    /// The account name is in use already.
    case accountTaken(code: Int, desc: String)
    case refused(code: Int, desc: String)
}

/// The settings that a provider's console keeps: what every provider has, and all of them in the provider's own names.
struct ProviderSettings: Sendable {
    let devicePolicy: Int
    let authTypes: [Int]
    let loginCallback: Bool
    /// An object.
    let all: JSONValue
    /// What the lifetimes of tokens are counted in on the wire.
    var tokenUnit = usualTokenUnit

    static let usualTokenUnit: Duration = .seconds(1)
}

/// What a provider asks about a login, once its signature was found right.
struct AskedLogin: Sendable {
    let account: String
    /// Whether the token is one that this app server made for the account, and still holds.
    let isTokenRight: Bool
}

/// Where tokens come from with a provider whose app server asks for each of them.
///
/// Its calls carry a credential in their headers, which is asked for as well and ends.
protocol ProviderTokenDesk: Sendable {
    /// Asks for the credential.
    func credentialRequest(cause: EntryID) -> HTTPRequestValue

    /// The credential; `unit` is what lifetimes are counted in.
    func credential(in response: HTTPResponseValue, unit: Duration) -> ProviderTokenReply

    /// The request with the credential in its headers.
    func authorised(_ request: HTTPRequestValue, with credential: Secret) -> HTTPRequestValue

    /// Whether an answer says that the credential does not hold any more.
    func refusesCredential(_ response: HTTPResponseValue) -> Bool

    /// Whether tokens of this kind are asked for, and not made here.
    func fetches(_ kind: AuthenticationKind) -> Bool

    /// Asks for a token that lives so long, counted in `unit`.
    func tokenRequest(account: String, lifetime: Duration, unit: Duration, cause: EntryID) -> HTTPRequestValue

    func token(in response: HTTPResponseValue, unit: Duration) -> ProviderTokenReply
}

/// What a provider said to somebody who wants a token.
enum ProviderTokenReply: Sendable {
    /// With how long it lives; nil when it does not end by itself.
    case granted(Secret, lifetime: Duration?)
    case refused(code: Int, desc: String)
}

extension ProviderAppSide {
    /// A provider whose calls are signed one by one has none.
    var tokenDesk: (any ProviderTokenDesk)? { nil }
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

    /// A token for a login that the provider asks this app server about, and its end.
    func callbackToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant)

    /// What a login callback asks; nil when the provider did not sign it.
    func askedLogin(in request: HTTPRequestValue, at now: Instant) -> AskedLogin?

    /// The answer to a login callback.
    func verdict(isAllowed: Bool, cause: EntryID) -> HTTPResponseValue

    /// What is wrong with settings in the provider's own names, in one sentence that begins with the setting's name.
    func problem(of settings: JSONValue) -> String?

    /// Nil where tokens are made here, or come with the account.
    var tokenDesk: (any ProviderTokenDesk)? { get }

    /// The kinds of token that the provider has, at least one; the first is the usual one.
    var tokenKinds: [AuthenticationKind] { get }

    /// Whether making an account that exists succeeds, so that the app server must look after its names itself.
    var makesAccountsTwice: Bool { get }

    /// The numbers of the provider's device policies.
    var devicePolicies: ClosedRange<Int> { get }
}
