import LoginCore
import Providers

/// The web API (tencent.md §5) and the console, which is ours.
extension TencentCloud {
    mutating func answer(_ request: HTTPRequestValue, on exchange: ExchangeID, _ turn: inout Turn) {
        let cause = EntryID(in: request.headers)
        switch TencentCall.parse(request) {
        case .failure(let error):
            let fields = [
                Field("method", Field.clipped(request.method, to: 16)), Field("path", Field.clipped(request.path)),
            ]
            let entry = turn.record(&lanes.api, .httpRequest, "request not understood", fields, cause: cause)
            respond(.failed(error), "request", on: exchange, cause: entry, &turn)
        case .success(let call):
            let result = refusal(of: call, at: turn.now).map { .failure($0) } ?? command(call, at: turn.now)
            let title = "POST \(call.path)"
            let isLookUp = [.consoleSettings, .consoleAccounts].contains(try? result.get())
            let entry = turn.record(
                &lanes.api, .httpRequest, title, Self.fields(of: call, result), cause: cause, isHeartbeat: isLookUp)
            let answer: TencentAnswer
            switch result {
            case .success(let command): answer = perform(command, cause: entry, &turn)
            case .failure(let error): answer = .failed(error)
            }
            respond(
                answer, title, lacksActionStatus: call.lacksActionStatus, isHeartbeat: isLookUp, on: exchange,
                cause: entry, &turn)
        }
    }

    private mutating func respond(
        _ answer: TencentAnswer, _ title: String, lacksActionStatus: Bool = false, isHeartbeat: Bool = false,
        on exchange: ExchangeID, cause: EntryID, _ turn: inout Turn
    ) {
        var code = 0
        if case .failed(let error) = answer { code = error.code }
        let entry = turn.record(
            &lanes.api, .httpResponse, "\(title) → \(code)", code == 0 ? [] : [.code(code)], cause: cause,
            isHeartbeat: isHeartbeat)
        turn.emit(.respond(exchange, answer.http(lacksActionStatus: lacksActionStatus, cause: entry)))
    }

    /// A call whose records could not be written: "internal error, retry" (§1.4).
    mutating func refuse(
        _ request: HTTPRequestValue, because sentence: String, _ title: String, on exchange: ExchangeID,
        cause: EntryID, _ turn: inout Turn
    ) {
        respond(
            .failed(TencentAPIError(Self.notSavedCode, sentence)), title, on: exchange, cause: cause, &turn)
    }

    /// Who may call: an app admin of this app with a valid UserSig (§5).
    private func refusal(of call: TencentCall, at now: Instant) -> TencentAPIError? {
        let who = call.credentials
        guard who.sdkAppID == appKey else { return TencentAPIError(60006, "the SDKAppID is not known") }
        let check = mint.check(
            who.userSig, userID: who.identifier, appKey: appKey, at: now,
            voidedBefore: voidedBefore[who.identifier])
        if case .failure(let refusal) = check { return TencentAPIError(refusal.code, refusal.why) }
        guard console.admins.contains(where: { TencentMint.isSame($0, who.identifier) }) else {
            return TencentAPIError(60010, "the identifier is not an app admin's")
        }
        return nil
    }

    private mutating func command(_ call: TencentCall, at now: Instant) -> Result<TencentCommand, TencentAPIError> {
        let limit = console.rateLimit / (call.isSlow ? 2 : 1)
        guard console.rateLimit == 0 || rates.allows(call.path, limit: max(1, limit), at: now) else {
            return .failure(TencentAPIError(60007, "more than \(limit) calls in a second"))
        }
        return call.command(acceptsLegacy: console.legacyForms)
    }

    private mutating func perform(_ command: TencentCommand, cause: EntryID, _ turn: inout Turn) -> TencentAnswer {
        switch command {
        case .importAccount(let account):
            importAccount(account, &turn)
            return .ok
        case .importAccounts(let accounts, _):
            for account in accounts where Tencent.isUserID(account.userID) { importAccount(account, &turn) }
            return .imported(failed: accounts.map(\.userID).filter { !Tencent.isUserID($0) })
        case .check(let users): return .checked(users.map { TencentItem(userID: $0, isImported: accounts[$0] != nil) })
        case .delete(let users): return .deleted(users.map { delete($0, cause: cause, &turn) })
        case .kick(let user):
            guard accounts[user] != nil else { return Self.noAccount }
            voidUserSigs(of: user, before: turn.now.seconds, &turn)
            turn.record(
                &lanes.api, .state, "older UserSigs void", [.account(user), .rule("TC-5-kick")], cause: cause)
            kickAll(user, cause: cause, &turn)
            return .ok
        case .onlineStatus(let users, let isDetailed):
            let (found, unknown) = statuses(of: users, at: turn.now)
            return .statuses(found, unknown: unknown, isDetailed: isDetailed)
        case .queryState(let users):
            let (found, unknown) = statuses(of: users, at: turn.now)
            return .states(found, unknown: unknown)
        case .mute(let user, let c2c, let group):
            guard accounts[user] != nil else { return .failed(TencentAPIError(130_004, "the account does not exist")) }
            change(user, &turn) { account in
                account.mutes = zip([c2c, group], account.mutes).map { new, old in
                    // 0 lifts a mute.
                    new.map { $0 == 0 ? nil : $0 } ?? old
                }
            }
            return .muted
        case .consoleSettings: return .settings(console)
        case .consoleAccounts: return .accounts(view(at: turn.now))
        case .changeConsoleSettings(let patch): return change(patch, cause: cause, &turn)
        case .blacklist(let user, let isOn, let kicks):
            guard accounts[user] != nil else { return Self.noAccount }
            change(user, &turn) { $0.isBlacklisted = isOn }
            turn.record(
                &lanes.api, .state, isOn ? "account blacklisted" : "account off the blacklist",
                [.account(user), .rule("TC-own-blacklist")], cause: cause)
            if isOn, kicks { kickAll(user, cause: cause, &turn) }
            return .ok
        }
    }

    private static let noAccount = TencentAnswer.failed(TencentAPIError(70107, TencentAnswer.unknownText))

    /// Makes an account, or takes over nick and picture when it exists (§5).
    private mutating func importAccount(_ imported: TencentImport, _ turn: inout Turn) {
        var account = accounts[imported.userID] ?? Account(userID: imported.userID)
        account.nick = imported.nick ?? account.nick
        account.faceURL = imported.faceURL ?? account.faceURL
        keep(account, &turn)
    }

    private mutating func delete(_ user: String, cause: EntryID, _ turn: inout Turn) -> TencentItem {
        guard accounts[user] != nil else {
            return TencentItem(userID: user, code: 70107, info: TencentAnswer.unknownText)
        }
        kickAll(user, cause: cause, &turn)
        accounts[user] = nil
        turn.emit(Self.removal(of: user))
        turn.record(&lanes.api, .state, "account deleted", [.account(user), .rule("TC-5-delete")], cause: cause)
        return TencentItem(userID: user)
    }

    /// The accounts that a look at the console lists at most, in order of their names.
    private static let mostListed = 1000

    private func view(at now: Instant) -> ConsoleView {
        let today = now.day
        let listed = accounts.keys.sorted().prefix(Self.mostListed).compactMap { accounts[$0] }
        return ConsoleView(
            accounts: listed.map { ConsoleView.Account(account: $0.userID, isBanned: $0.isBlacklisted) },
            accountTotal: accounts.count, bannedTotal: accounts.values.count(where: \.isBlacklisted),
            dailyActive: accounts.values.count { $0.lastActiveDay == today })
    }

    private func statuses(
        of users: [String], at now: Instant
    ) -> (found: [TencentAccountStatus], unknown: [String]) {
        (
            users.compactMap { accounts[$0].map { status(of: $0, at: now) } },
            users.filter { accounts[$0] == nil }
        )
    }

    private mutating func change(
        _ patch: TencentConsolePatch, cause: EntryID, _ turn: inout Turn
    ) -> TencentAnswer {
        let changed = patch.applied(to: console)
        if changed != console {
            console = changed
            turn.emit(.save(consoleRecord))
        }
        turn.record(
            &lanes.api, .state, "console settings changed",
            [
                Field("devicePolicy", .number(console.devicePolicy)), Field("instances", .number(console.instances)),
                Field("webInstances", .number(console.webInstances)), .rule("TC-own-immediate"),
            ], cause: cause)
        return .settings(console)
    }

    private static func fields(
        of call: TencentCall, _ command: Result<TencentCommand, TencentAPIError>
    ) -> [Field] {
        let caller: [Field] = [.account(call.credentials.identifier), .secret(call.credentials.userSig)]
        if case .success(let command) = command { return caller + fields(of: command) }
        return caller
    }

    private static func fields(of command: TencentCommand) -> [Field] {
        switch command {
        case .importAccount(let account): [.account(account.userID)]
        case .kick(let user): [.account(user)]
        case .importAccounts(let accounts, _): [Field("accounts", .number(accounts.count))]
        case .check(let users), .delete(let users), .onlineStatus(let users, _), .queryState(let users):
            [Field("accounts", .number(users.count))]
        case .mute(let user, let c2c, let group):
            [.account(user)] + (c2c.map { [Field("C2CmsgNospeakingTime", .number($0))] } ?? [])
                + (group.map { [Field("GroupmsgNospeakingTime", .number($0))] } ?? [])
        case .consoleSettings, .changeConsoleSettings, .consoleAccounts: []
        case .blacklist(let user, let isOn, let kicks):
            [.account(user), Field("Blacklisted", .flag(isOn)), Field("Kick", .flag(kicks))]
        }
    }
}
