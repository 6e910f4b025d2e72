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
        // The last four answer calls that no app server here makes.
        case .ok, .kicked, .mutes, .online, .account, .accounts: .done
        case .info(let accid, let token, _): .account(accid, token: token)
        case .settings(let settings):
            .settings(devicePolicy: settings.devicePolicy, authTypes: settings.authTypes)
        case .failed(let code, let desc) where desc == "already register": .accountTaken(code: code, desc: desc)
        case .failed(let code, let desc): .refused(code: code, desc: desc)
        }
    }

    func checkAccount(_ account: String) -> Result<String, FieldProblem> {
        CommsEase.v9iOS.checkAccount(account)
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
        case .settings: .consoleSettings
        case .changeSettings(let devicePolicy, let authTypes):
            .changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: devicePolicy, authTypes: authTypes))
        }
    }
}
