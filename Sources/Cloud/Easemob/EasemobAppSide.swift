import LoginCore
import Providers

/// How an app server speaks with Easemob: with an app token from the client pair (easemob.md §1), users of its own
/// making (§3), and a token of the endpoint or a signed one for each login.
struct EasemobAppSide: ProviderAppSide {
    private let mint: EasemobMint

    init(appKey: String, appSecret: AppSecret) {
        mint = EasemobMint(appKey: appKey, appSecret: appSecret)
    }

    var tokenKinds: [AuthenticationKind] { [.fixed, .dynamic] }

    /// A name that exists is answered so (§3).
    var makesAccountsTwice: Bool { false }

    var devicePolicies: ClosedRange<Int> { 1...3 }

    var tokenDesk: (any ProviderTokenDesk)? { self }

    func request(
        for call: ProviderCall, at now: Instant, chance: inout SeededGenerator, cause: EntryID
    ) -> HTTPRequestValue {
        command(for: call, password: staticToken(using: &chance)).http(caller, cause: cause)
    }

    func reply(_ response: HTTPResponseValue, to call: ProviderCall) -> ProviderReply {
        switch (EasemobAnswer.parse(response, to: command(for: call, password: Self.noToken)), call) {
        case (.failed(let error), _) where error.error == "duplicate_unique_property_exists":
            .accountTaken(code: error.status, desc: error.text)
        case (.failed(let error), _): .refused(code: error.status, desc: "\(error.error): \(error.text)")
        case (.registered(let users, _), _):
            users.first.map { .account($0.username, token: Self.noToken) } ?? .done
        case (_, .refreshToken(let account)): .account(account, token: Self.noToken)
        case (.users(let view), _): .console(view)
        case (.settings(let settings), _):
            .settings(
                ProviderSettings(
                    devicePolicy: settings.devicePolicy, authTypes: tokenKinds.map(\.rawValue), loginCallback: false,
                    all: settings.json,
                    tokenUnit: settings.millisecondUnit ? .milliseconds(1) : ProviderSettings.usualTokenUnit))
        case (.status(let name, let isOnline), _):
            .presence(Presence(account: name, status: EasemobAnswer.text(isOnline)))
        case (.statuses(let statuses), _):
            statuses.first.map { .presence(Presence(account: $0.username, status: EasemobAnswer.text($0.isOnline))) }
                ?? .done
        default: .done
        }
    }

    /// Stands where another provider's permanent token would be: the app server keeps no password of a user.
    private static let noToken = Secret("", kind: .token)

    private var caller: EasemobCaller {
        EasemobCaller(org: mint.address.org, app: mint.address.app, bearer: nil)
    }

    func checkAccount(_ account: String) -> Result<String, FieldProblem> {
        Easemob.provider.checkAccount(account)
    }

    func accountName(using chance: inout SeededGenerator) -> String {
        "lk" + chance.text(10, of: Alphabet.plain)
    }

    /// A password, which is what a user has for good here.
    func staticToken(using chance: inout SeededGenerator) -> Secret {
        Secret(chance.text(20, of: Alphabet.plain), kind: .token)
    }

    func dynamicToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant) {
        let end = Instant(seconds: now.seconds) + .seconds(lifetime.components.seconds)
        return (mint.dynamicToken(for: account, at: now, lifetime: lifetime), end)
    }

    func callbackToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant) {
        dynamicToken(account: account, at: now, lifetime: lifetime)
    }

    /// The provider asks no app server about a login.
    func askedLogin(in request: HTTPRequestValue, at now: Instant) -> AskedLogin? { nil }

    func verdict(isAllowed: Bool, cause: EntryID) -> HTTPResponseValue {
        EasemobAnswer.refusal(EasemobAPIError.noResource, cause: cause)
    }

    func problem(of settings: JSONValue) -> String? {
        guard let fields = JSONFields(settings) else { return "provider must be an object" }
        do throws(JSONFault) {
            _ = try EasemobConsolePatch(fields)
            return nil
        } catch {
            return error.description
        }
    }

    private func command(for call: ProviderCall, password: Secret) -> EasemobCommand {
        switch call {
        case .createAccount(let account, _), .createInConsole(let account):
            .register([EasemobRegistration(username: account, password: password)], isList: false)
        case .replaceToken(let account, let token): .changePassword(account, token)
        case .refreshToken(let account): .changePassword(account, password)
        case .kick(let account, _): .disconnect(account)
        case .kickDevice(let account, let deviceID, let clientType):
            .disconnectDevice(
                account, resource: EasemobPlatform(clientType: clientType).resource(of: deviceID))
        // A ban always kicks (§3).
        case .ban(let account, _, _): .deactivate(account)
        case .unban(let account): .activate(account)
        case .deleteAccount(let account): .delete(account)
        case .presence(let account, Easemob.batchStatusQuery): .batchStatus([account])
        case .presence(let account, _): .status(account)
        case .settings: .consoleSettings
        case .console: .consoleUsers
        case .changeSettings(let patch): .changeConsoleSettings(Self.console(patch))
        }
    }

    /// What every provider has wins over the provider's own name for the same.
    private static func console(_ patch: AppServerSettingsPatch) -> EasemobConsolePatch {
        var members = patch.provider?.members ?? []
        if let policy = patch.devicePolicy {
            members.removeAll { $0.name == "devicePolicy" }
            members.append(JSONMember("devicePolicy", .integer(Int64(policy))))
        }
        // Both were found right before; what is not changes nothing.
        return JSONFields(.object(members)).flatMap { try? EasemobConsolePatch($0) } ?? EasemobConsolePatch()
    }
}

/// The app token, and the tokens of users.
extension EasemobAppSide: ProviderTokenDesk {
    func credentialRequest(cause: EntryID) -> HTTPRequestValue {
        credentialCommand.http(caller, cause: cause)
    }

    private var credentialCommand: EasemobCommand { .token(mint.credentials, ttl: nil) }

    func credential(in response: HTTPResponseValue, unit: Duration) -> ProviderTokenReply {
        reply(in: response, to: credentialCommand, unit: unit)
    }

    func authorised(_ request: HTTPRequestValue, with credential: Secret) -> HTTPRequestValue {
        var request = request
        request.headers.append(EasemobCaller.authorization(credential))
        return request
    }

    /// A 401 asks for a new token (§1).
    func refusesCredential(_ response: HTTPResponseValue) -> Bool { response.status == 401 }

    /// The other kind is signed here, without a call.
    func fetches(_ kind: AuthenticationKind) -> Bool { kind == .fixed }

    func tokenRequest(account: String, lifetime: Duration, unit: Duration, cause: EntryID) -> HTTPRequestValue {
        let perSecond: Int64 = unit == .milliseconds(1) ? 1000 : 1
        return tokenCommand(account, ttl: lifetime.components.seconds * perSecond).http(caller, cause: cause)
    }

    func token(in response: HTTPResponseValue, unit: Duration) -> ProviderTokenReply {
        reply(in: response, to: tokenCommand("", ttl: 0), unit: unit)
    }

    private func tokenCommand(_ account: String, ttl: Int64) -> EasemobCommand {
        .token(.inherit(username: account, autoCreateUser: false), ttl: ttl)
    }

    private func reply(
        in response: HTTPResponseValue, to command: EasemobCommand, unit: Duration
    ) -> ProviderTokenReply {
        switch EasemobAnswer.parse(response, to: command) {
        case .userToken(let token, let expiresIn, _), .appToken(let token, let expiresIn):
            .granted(
                token,
                lifetime: expiresIn == 0
                    ? nil : unit == .milliseconds(1) ? .milliseconds(expiresIn) : .seconds(expiresIn))
        case .failed(let error): .refused(code: error.status, desc: "\(error.error): \(error.text)")
        default: .refused(code: response.status, desc: "the answer has no token")
        }
    }
}

extension EasemobAnswer {
    /// How a request is refused that never reaches the cloud; the codes are ours, no source has any.
    static func refusal(_ reason: ListenerRefusal) -> HTTPResponseValue {
        switch reason {
        case .tooLarge: refusal(EasemobAPIError(413, "request_entity_too_large", "the body is too long"), cause: nil)
        case .foreignHost: refusal(EasemobAPIError(403, "forbidden", "the host is not loopback"), cause: nil)
        }
    }

    static func refusal(_ error: EasemobAPIError, cause: EntryID?) -> HTTPResponseValue {
        let context = EasemobAnswerContext(
            org: "", app: "", application: "", path: "", now: Instant(milliseconds: 0))
        return EasemobAnswer.failed(error).http(context, cause: cause)
    }
}
