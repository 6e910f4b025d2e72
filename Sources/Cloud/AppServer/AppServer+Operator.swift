import LoginCore
import Providers

/// The operator's commands; the key was checked before.
extension AppServer {
    mutating func operate(_ request: AppServerRequest, _ asker: Asker, _ turn: inout Turn) {
        switch request {
        case .people: list(asker, &turn)
        case .ban(let account, let kick, let notify):
            command(account, asker, &turn) { .ban(account: $0, kick: kick, notify: notify) }
        case .unban(let account): command(account, asker, &turn) { .unban(account: $0) }
        case .kick(let account, let notify): command(account, asker, &turn) { .kick(account: $0, notify: notify) }
        case .kickDevice(let account, let deviceID, let clientType):
            guard ProviderRegistry.provider(asker.provider)?.operatorTexts.kickDevice != nil else {
                let error = Self.notOffered("no device can be kicked alone", by: asker.provider)
                return refuse(asker, error, cause: asker.entry, &turn)
            }
            command(account, asker, &turn) {
                .kickDevice(account: $0, deviceID: deviceID, clientType: clientType)
            }
        case .updateToken(let account, let typed):
            var token = typed
            if token == nil, let side = partners[asker.provider]?.side {
                var chance = draw("token", &turn)
                token = side.staticToken(using: &chance)
            }
            guard let token else { return }
            command(account, asker, &turn) { .replaceToken(account: $0, token: token) }
        case .refreshToken(let account): command(account, asker, &turn) { .refreshToken(account: $0) }
        case .deleteAccount(let account): delete(account, asker, &turn)
        case .presence(let account, let query): ask(account, query, asker, &turn)
        case .settings: wait(asker, nil, .settings, &turn)
        case .changeSettings(let patch):
            let side = partners[asker.provider]?.side
            if let own = patch.provider, let problem = side?.problem(of: own) {
                return refuse(asker, .badField(problem), cause: asker.entry, &turn)
            }
            if let problem = side?.problem(of: patch) {
                return refuse(asker, .badField(problem), cause: asker.entry, &turn)
            }
            // The console's part is asked for even when it does not change: the answer repeats all settings, and a
            // provider that does not answer leaves them all as they were.
            wait(asker, patch, patch.isForConsole ? .changeSettings(patch) : .settings, &turn)
        case .unbind(let user): unbind(user, asker, &turn)
        case .bind(let user, let account): bind(user, account, asker, &turn)
        case .console: _ = call(.console(asker, .console), cause: asker.entry, &turn)
        case .consoleAccount(let typed):
            let name: String
            switch typed.map({ checked($0, by: asker.provider) }) {
            case .success(let stored)?: name = stored
            case .failure(let problem)?:
                return refuse(asker, .badField("account: \(problem.message)"), cause: asker.entry, &turn)
            case nil:
                name = drawAccountName(asker.provider, &turn)
            }
            _ = call(.console(asker, .createInConsole(name)), cause: asker.entry, &turn)
        case .discovery, .register, .login, .token, .logout, .providerCallback:  // not the operator's
            break
        }
    }

    mutating func answeredConsole(_ asker: Asker, _ reply: ProviderReply, cause: EntryID, _ turn: inout Turn) {
        switch reply {
        case .console(let view): respond(asker, 200, cause: cause, &turn) { view.http(cause: $0) }
        case .account(let account, _):
            respond(asker, 200, [.account(account)], cause: cause, &turn) { entry in
                .json(status: 200, cause: entry, .fields(["account": .string(account)]))
            }
        case .presence(let presence):
            var fields: [Field] = [.account(presence.account), Field("status", presence.status)]
            if !presence.terminals.isEmpty { fields.append(Field("terminals", presence.terminalText)) }
            respond(asker, 200, fields, cause: cause, &turn) { presence.http(cause: $0) }
        default: refuse(asker, Self.refusal(reply), cause: cause, &turn)
        }
    }

    /// Asks about any account of the provider's: one that is nobody's here may be online as well.
    private mutating func ask(_ account: String, _ query: String?, _ asker: Asker, _ turn: inout Turn) {
        let provider = ProviderRegistry.provider(asker.provider)
        let known = provider?.presenceQueries ?? []
        guard let usual = known.first else {
            let message = "\(provider?.title ?? asker.provider) does not tell who is online"
            let error = AppServerError(status: 501, name: "not_offered", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        guard known.contains(query ?? usual) else {
            let problem = "query must be " + known.joined(separator: " or ")
            return refuse(asker, .badField(problem), cause: asker.entry, &turn)
        }
        _ = call(.console(asker, .presence(account: account, query: query ?? usual)), cause: asker.entry, &turn)
    }

    private mutating func list(_ asker: Asker, _ turn: inout Turn) {
        let people = members.values.sorted { $0.number < $1.number }.map { member in
            let account = member.accounts[asker.provider]
            return Person(
                user: member.user, account: account?.name, demoPassword: member.demoPassword,
                isBanned: account?.isBanned ?? false)
        }
        respond(asker, 200, [Field("people", .number(people.count))], cause: asker.entry, &turn) { entry in
            Person.http(people, cause: entry)
        }
    }

    private mutating func wait(
        _ asker: Asker, _ patch: AppServerSettingsPatch?, _ providerCall: ProviderCall, _ turn: inout Turn
    ) {
        _ = call(.settings(asker, patch, providerCall), cause: asker.entry, &turn)
    }

    /// Sends a command on, for an account that this server knows.
    private mutating func command(
        _ account: String, _ asker: Asker, _ turn: inout Turn, _ providerCall: (String) -> ProviderCall
    ) {
        let stored = (try? checked(account, by: asker.provider).get()) ?? account
        guard member(account: stored, of: asker.provider) != nil else {
            let message = "this app server has no person with this account"
            let error = AppServerError(status: 404, name: "unknown_account", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        _ = call(.command(asker, providerCall(stored)), cause: asker.entry, &turn)
    }

    private mutating func delete(_ account: String, _ asker: Asker, _ turn: inout Turn) {
        guard ProviderRegistry.provider(asker.provider)?.operatorTexts.delete != nil else {
            let error = Self.notOffered("accounts cannot be deleted", by: asker.provider)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        command(account, asker, &turn) { .deleteAccount($0) }
    }

    private static func notOffered(_ what: String, by provider: String) -> AppServerError {
        let title = ProviderRegistry.provider(provider)?.title ?? provider
        return AppServerError(status: 501, name: "not_offered", message: "with \(title), \(what)")
    }

    mutating func answered(
        _ asker: Asker, _ call: ProviderCall, _ reply: ProviderReply, cause: EntryID, _ turn: inout Turn
    ) {
        let provider = asker.provider
        guard let name = call.account, var member = member(account: name, of: provider) else {
            return fail(.command(asker, call), Self.refusal(reply), cause: cause, &turn)
        }
        switch (call, reply) {
        case (.ban, .done): member.accounts[provider]?.isBanned = true
        case (.unban, .done): member.accounts[provider]?.isBanned = false
        case (.kick, .done), (.kickDevice, .done): break
        case (.replaceToken(_, let token), .done), (.refreshToken, .account(_, let token)):
            member.accounts[provider]?.token = token
        case (.deleteAccount, .done):
            // As if it had been unbound: at the next need the person gets another one.
            member.accounts[provider] = nil
            turn.record(&lane, .state, "account unbound", [.account(name)], cause: cause)
        default: return fail(.command(asker, call), Self.refusal(reply), cause: cause, &turn)
        }
        keep(member, &turn)
        confirm(asker, cause: cause, &turn)
    }

    mutating func answered(
        _ asker: Asker, _ patch: AppServerSettingsPatch?, _ reply: ProviderReply, cause: EntryID, _ turn: inout Turn
    ) {
        guard case .settings(let console) = reply, let before = partners[asker.provider]?.settings else {
            return refuse(asker, Self.refusal(reply), cause: cause, &turn)
        }
        var settings = before
        if console.tokenUnit != settings.tokenUnit {
            settings.tokenUnit = console.tokenUnit
            // When the one that it has ends was counted in the other unit.
            partners[asker.provider]?.credential = nil
        }
        if let patch {
            settings.tokenKind = patch.tokenKind ?? settings.tokenKind
            settings.tokenLifetime = patch.tokenLifetime ?? settings.tokenLifetime
            settings.sessionLifetime = patch.sessionLifetime ?? settings.sessionLifetime
        }
        if settings != before {
            partners[asker.provider]?.settings = settings
            turn.emit(.save(Self.record(of: settings, provider: asker.provider)))
        }
        let all = AppServerSettings(
            tokenKind: settings.tokenKind, tokenLifetime: settings.tokenLifetime,
            sessionLifetime: settings.sessionLifetime, devicePolicy: console.devicePolicy,
            authTypes: console.authTypes, loginCallback: console.loginCallback, provider: console.all)
        respond(asker, 200, cause: cause, &turn) { all.http(cause: $0) }
    }
}

extension ProviderAppSide {
    /// What a provider does not have is refused before it is asked.
    fileprivate func problem(of patch: AppServerSettingsPatch) -> String? {
        if let policy = patch.devicePolicy, !devicePolicies.contains(policy) {
            return "devicePolicy must be \(devicePolicies.lowerBound) to \(devicePolicies.upperBound)"
        }
        if let kind = patch.tokenKind, !tokenKinds.contains(kind) {
            return "tokenKind must be " + tokenKinds.map(\.description).joined(separator: " or ")
        }
        return nil
    }
}
