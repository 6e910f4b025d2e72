import LoginCore
import Providers

/// How an app server speaks with Tencent: web API calls of an admin (tencent.md §5) and UserSigs (§1).
///
/// The provider keeps no tokens: where another one would hand out a new token, this one makes the older UserSigs void
/// with a kick, and the next one is made here.
struct TencentAppSide: ProviderAppSide {
    /// The admin who calls; the console must name them.
    static let admin = "administrator"

    private let mint: TencentMint

    init(appKey: String, appSecret: AppSecret) {
        mint = TencentMint(appKey: appKey, appSecret: appSecret)
    }

    var tokenKinds: [AuthenticationKind] { [.dynamic] }

    /// Importing an account again keeps the one (§5).
    var makesAccountsTwice: Bool { true }

    var devicePolicies: ClosedRange<Int> { 1...4 }

    func request(
        for call: ProviderCall, at now: Instant, chance: inout SeededGenerator, cause: EntryID
    ) -> HTTPRequestValue {
        let credentials = TencentCredentials(
            sdkAppID: mint.appKey, identifier: Self.admin,
            // Every call has one of its own, of the usual life: the call outlives a short one when lab time is fast.
            userSig: mint.userSig(for: Self.admin, at: now))
        let random = UInt32(truncatingIfNeeded: chance.next())
        return command(for: call).http(credentials: credentials, random: random, cause: cause)
    }

    func reply(_ response: HTTPResponseValue, to call: ProviderCall) -> ProviderReply {
        switch (TencentAnswer.parse(response, to: command(for: call)), call) {
        case (.failed(let error), _): .refused(code: error.code, desc: error.info)
        case (_, .createAccount(let account, _)), (_, .refreshToken(let account)), (_, .createInConsole(let account)):
            .account(account, token: Self.noToken)
        case (.accounts(let view), _): .console(view)
        case (.settings(let settings), _):
            .settings(
                ProviderSettings(
                    devicePolicy: settings.devicePolicy, authTypes: [AuthenticationKind.dynamic.rawValue],
                    loginCallback: false, all: settings.json))
        case (.deleted(let items), _):
            items.first { $0.code != 0 }.map { .refused(code: $0.code, desc: $0.info) } ?? .done
        case (.statuses(let found, _, _), _), (.states(let found, _), _): Self.presence(found)
        case (.ok, _), (.muted, _), (.imported, _), (.checked, _): .done
        }
    }

    /// An account that is not known stands in no list of those that were found (§5).
    private static func presence(_ found: [TencentAccountStatus]) -> ProviderReply {
        guard let account = found.first else { return .refused(code: 70107, desc: TencentAnswer.unknownText) }
        return .presence(
            Presence(
                account: account.userID, status: account.status.rawValue,
                terminals: account.terminals.map {
                    Presence.Terminal(platform: $0.platform, status: $0.status.rawValue)
                }))
    }

    /// Stands where another provider's permanent token would be.
    private static let noToken = Secret("", kind: .token)

    func checkAccount(_ account: String) -> Result<String, FieldProblem> {
        Tencent.provider.checkAccount(account)
    }

    func accountName(using chance: inout SeededGenerator) -> String {
        "lk" + chance.text(10, of: Alphabet.plain)
    }

    func staticToken(using chance: inout SeededGenerator) -> Secret {
        Self.noToken
    }

    func dynamicToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant) {
        // It is good for its whole last second (§1.4), so never for less than its lifetime.
        (
            mint.userSig(for: account, at: now, lifetime: lifetime),
            now + .seconds(lifetime.components.seconds)
        )
    }

    func callbackToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant) {
        dynamicToken(account: account, at: now, lifetime: lifetime)
    }

    /// The provider asks no app server about a login.
    func askedLogin(in request: HTTPRequestValue, at now: Instant) -> AskedLogin? { nil }

    func verdict(isAllowed: Bool, cause: EntryID) -> HTTPResponseValue {
        TencentAnswer.failed(TencentAPIError(60009, "there is no login callback")).http(cause: cause)
    }

    func problem(of settings: JSONValue) -> String? {
        guard let fields = JSONFields(settings) else { return "provider must be an object" }
        do throws(JSONFault) {
            _ = try TencentConsolePatch(fields)
            return nil
        } catch {
            return error.description
        }
    }

    private func command(for call: ProviderCall) -> TencentCommand {
        switch call {
        case .createAccount(let account, _), .createInConsole(let account):
            .importAccount(TencentImport(userID: account))
        case .replaceToken(let account, _), .refreshToken(let account), .kick(let account, _): .kick(account)
        case .ban(let account, let kick, _): .blacklist(account, isOn: true, kicks: kick)
        case .unban(let account): .blacklist(account, isOn: false, kicks: false)
        case .deleteAccount(let account): .delete([account])
        case .presence(let account, Tencent.onlineStatusQuery): .onlineStatus([account], isDetailed: true)
        case .presence(let account, _): .queryState([account])
        case .settings, .kickDevice: .consoleSettings
        case .console: .consoleAccounts
        case .changeSettings(let patch): .changeConsoleSettings(Self.console(patch))
        }
    }

    /// What every provider has wins over the provider's own name for the same; there is one kind of token only.
    private static func console(_ patch: AppServerSettingsPatch) -> TencentConsolePatch {
        var members = patch.provider?.members ?? []
        if let policy = patch.devicePolicy {
            members.removeAll { $0.name == "devicePolicy" }
            members.append(JSONMember("devicePolicy", .integer(Int64(policy))))
        }
        // Both were found right before; what is not changes nothing.
        return JSONFields(.object(members)).flatMap { try? TencentConsolePatch($0) } ?? TencentConsolePatch()
    }
}

extension TencentAnswer {
    /// How a request is refused that never reaches the cloud; the codes are ours, no source has any.
    static func refusal(_ reason: ListenerRefusal) -> TencentAnswer {
        switch reason {
        case .tooLarge: .failed(TencentAPIError(60008, "the body is too long"))
        case .foreignHost: .failed(TencentAPIError(60021, "the host is not loopback"))
        }
    }
}
