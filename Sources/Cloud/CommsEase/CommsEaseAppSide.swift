import LoginCore
import Providers

/// How an app server speaks with CommsEase: signed web API calls (commsease.md §11) and tokens (§10).
struct CommsEaseAppSide: ProviderAppSide {
    private let mint: CommsEaseMint

    init(appKey: String, appSecret: AppSecret) {
        mint = CommsEaseMint(appKey: appKey, appSecret: appSecret)
    }

    func request(
        for call: ProviderCall, at now: Instant, chance: inout SeededGenerator, cause: EntryID
    ) -> HTTPRequestValue {
        let nonce = chance.text(16, of: Alphabet.hex)
        let requestID = chance.text(32, of: Alphabet.hex)
        return command(for: call).http(
            credentials: mint.credentials(nonce: nonce, at: now), requestID: requestID, cause: cause)
    }

    func reply(_ response: HTTPResponseValue, to call: ProviderCall) -> ProviderReply {
        switch CommsEaseAnswer.parse(response, to: command(for: call)) {
        case .online(let unknown, let status): Self.presence(of: call.account ?? "", unknown, status)
        // The last two answer calls that no app server here makes.
        case .ok, .kicked, .mutes, .accounts: .done
        case .account(let view): view.token.map { .account(view.accountID, token: $0) } ?? .done
        case .info(let accid, let token, _): .account(accid, token: token)
        case .settings(let settings):
            .settings(
                ProviderSettings(
                    devicePolicy: settings.devicePolicy, authTypes: settings.authTypes,
                    loginCallback: !settings.loginCallback.isEmpty, all: settings.json))
        case .overview(let overview):
            .console(
                ConsoleView(
                    accounts: overview.accounts.map { ConsoleView.Account(account: $0.accid, isBanned: $0.isBanned) },
                    accountTotal: overview.accountTotal, bannedTotal: overview.bannedTotal,
                    dailyActive: overview.dailyActive))
        case .failed(let code, let desc) where desc == "already register" || code == 102_405:
            .accountTaken(code: code, desc: desc)
        case .failed(let code, let desc): .refused(code: code, desc: desc)
        }
    }

    /// An account that is known and offline stands in neither list (§11.2).
    private static func presence(
        of account: String, _ unknown: [String], _ status: [CommsEaseOnlineAccount]
    ) -> ProviderReply {
        guard !unknown.contains(account) else { return .refused(code: 404, desc: "the account does not exist") }
        let clients = status.first { $0.accid == account }?.clients ?? []
        let terminals = clients.map { client in
            let platform = CommsEase.provider.clientPlatforms.first { $0.clientType == client.clientType }
            return Presence.Terminal(platform: platform?.name ?? "\(client.clientType)", status: "online")
        }
        return .presence(
            Presence(account: account, status: clients.isEmpty ? "offline" : "online", terminals: terminals))
    }

    func checkAccount(_ account: String) -> Result<String, FieldProblem> {
        CommsEase.provider.checkAccount(account)
    }

    func accountName(using chance: inout SeededGenerator) -> String {
        "lk" + chance.text(10, of: Alphabet.plain)
    }

    func staticToken(using chance: inout SeededGenerator) -> Secret {
        CommsEaseMint.staticToken(using: &chance)
    }

    func dynamicToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant) {
        (
            mint.dynamicToken(account: account, at: now, lifetime: lifetime),
            CommsEaseMint.end(of: lifetime, mintedAt: now)
        )
    }

    private func command(for call: ProviderCall) -> CommsEaseCommand {
        switch call {
        case .createAccount(let account, let token): .create(accid: account, token: token, name: nil)
        case .replaceToken(let account, let token): .update(accid: account, token: token)
        case .refreshToken(let account): .refreshToken(accid: account)
        case .ban(let account, let kick, let notify):
            .block(accid: account, needKick: kick, kickNotifyExt: notify)
        case .unban(let account): .unblock(accid: account)
        // Type 1 kicks every device (commsease.md §11.3).
        case .kick(let account, let notify): .kick(accountID: account, type: 1, deviceIDs: [], notify: notify)
        // Accounts cannot be deleted (§1), and the app server does not ask for it.
        case .presence(let account, _): .onlineStatus(accids: [account])
        case .settings, .deleteAccount, .kickDevice: .consoleSettings
        case .changeSettings(let patch): .changeConsoleSettings(Self.console(patch))
        case .console: .consoleOverview
        case .createInConsole(let account): .consoleCreate(accid: account, token: nil)
        }
    }

    /// What every provider has wins over the provider's own name for the same.
    private static func console(_ patch: AppServerSettingsPatch) -> CommsEaseConsolePatch {
        let own = patch.provider.flatMap { JSONFields($0) }
        var console = own.flatMap { try? CommsEaseConsolePatch($0) } ?? CommsEaseConsolePatch()
        console.devicePolicy = patch.devicePolicy ?? console.devicePolicy
        console.authTypes = patch.authTypes ?? console.authTypes
        if let isOn = patch.loginCallback {
            console.loginCallback = isOn ? CommsEaseConsoleSettings.ownAppServer : ""
        }
        return console
    }

    var tokenKinds: [AuthenticationKind] { [.fixed, .dynamic, .callback] }

    var makesAccountsTwice: Bool { false }

    var devicePolicies: ClosedRange<Int> { 1...3 }

    func problem(of settings: JSONValue) -> String? {
        guard let fields = JSONFields(settings) else { return "provider must be an object" }
        do throws(JSONFault) {
            _ = try CommsEaseConsolePatch(fields)
            return nil
        } catch {
            return error.description
        }
    }

    // MARK: Login callback

    func callbackToken(account: String, at now: Instant, lifetime: Duration) -> (token: Secret, expires: Instant) {
        (
            mint.callbackToken(account: account, at: now, lifetime: lifetime),
            CommsEaseMint.end(of: lifetime, mintedAt: now)
        )
    }

    func askedLogin(in request: HTTPRequestValue, at now: Instant) -> AskedLogin? {
        guard let asked = mint.question(in: request, at: now) else { return nil }
        return AskedLogin(
            account: asked.account,
            isTokenRight: mint.check(callbackToken: asked.token, account: asked.account, at: now))
    }

    func verdict(isAllowed: Bool, cause: EntryID) -> HTTPResponseValue {
        CommsEaseLoginVerdict(isAllowed: isAllowed).http(cause: cause)
    }
}
