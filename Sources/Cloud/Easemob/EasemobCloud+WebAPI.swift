import LoginCore
import Providers

/// The web API (easemob.md §1 to §3) and the console, which is ours.
extension EasemobCloud {
    mutating func answer(_ request: HTTPRequestValue, on exchange: ExchangeID, _ turn: inout Turn) {
        let cause = EntryID(in: request.headers)
        let title = lanes.api.isQuiet ? "" : "\(Field.clipped(request.method, to: 16)) "
        switch EasemobCall.parse(request) {
        case .failure(let error):
            let fields = [Field("path", Field.clipped(request.path))]
            let entry = turn.record(&lanes.api, .httpRequest, title + "not understood", fields, cause: cause)
            respond(.failed(error), title + "not understood", nil, on: exchange, cause: entry, &turn)
        case .success(let call):
            let isLookUp = call.route == .console || call.route == .consoleUsers
            let name = title + Self.name(of: call.route)
            let entry = turn.record(
                &lanes.api, .httpRequest, name, Self.fields(of: call), cause: cause, isHeartbeat: isLookUp)
            let answer: EasemobAnswer
            do throws(EasemobAPIError) {
                answer = try perform(call, cause: entry, &turn)
            } catch {
                answer = .failed(error)
            }
            respond(answer, name, call, isHeartbeat: isLookUp, on: exchange, cause: entry, &turn)
        }
    }

    private mutating func respond(
        _ answer: EasemobAnswer, _ title: String, _ call: EasemobCall?, isHeartbeat: Bool = false,
        on exchange: ExchangeID, cause: EntryID, _ turn: inout Turn
    ) {
        let status = if case .failed(let error) = answer { error.status } else { 200 }
        let entry = turn.record(
            &lanes.api, .httpResponse, "\(title) → \(status)", Self.fields(of: answer), cause: cause,
            isHeartbeat: isHeartbeat)
        let context = EasemobAnswerContext(
            org: mint.address.org, app: mint.address.app, application: mint.application, path: call?.rest ?? "",
            now: turn.now)
        turn.emit(.respond(exchange, answer.http(context, cause: entry)))
    }

    /// A call whose records could not be written is answered 500.
    mutating func refuse(
        _ request: HTTPRequestValue, because sentence: String, _ title: String, on exchange: ExchangeID,
        cause: EntryID, _ turn: inout Turn
    ) {
        let error = EasemobAPIError(500, "internal_server_error", sentence)
        respond(.failed(error), title, nil, on: exchange, cause: cause, &turn)
    }

    /// The order of the checks is ours: app, rate, disabled app, token, body.
    private mutating func perform(
        _ call: EasemobCall, cause: EntryID, _ turn: inout Turn
    ) throws(EasemobAPIError) -> EasemobAnswer {
        let isConsole = [.console, .changeConsole, .consoleUsers].contains(call.route)
        guard isConsole || (call.org, call.app) == mint.address else {
            throw .unknownApp(call.org, call.app, call.rest)
        }
        guard !console.rateLimits || isWithinLimit(call.route, at: turn.now) else { throw .tooManyCalls }
        guard !console.serviceForbidden || isConsole else { throw .forbidden }
        switch call.route {
        case .token: break  // its grants have checks of their own
        case .users: try admitRegistration(call, at: turn.now)
        case .user, .delete, .password, .deactivate, .activate, .disconnect, .disconnectDevice, .status, .batchStatus,
            .resources, .console, .changeConsole, .consoleUsers:
            try checkApp(call.bearer, at: turn.now)
        }
        let command = try call.command().get()
        switch command {
        case .token(let grant, let ttl): return try token(grant, ttl, call.bearer, cause: cause, &turn)
        case .register(let users, let isList): return try register(users, isList: isList, cause: cause, &turn)
        case .get(let name): return .user(try account(name).shown)
        case .delete(let name): return .deleted(try delete(name, cause: cause, &turn))
        case .changePassword(let name, let password):
            return try changePassword(name, password, cause: cause, &turn)
        case .deactivate(let name):
            _ = try account(name)
            change(name, &turn) { $0.isBanned = true }
            let entry = turn.record(
                &lanes.api, .state, "user banned", [.account(name), .rule("EM-3-ban")], cause: cause)
            kickAll(name, 305, cause: entry, &turn)
            return .deactivated(try account(name).shown)
        case .activate(let name):
            _ = try account(name)
            change(name, &turn) { $0.isBanned = false }
            turn.record(&lanes.api, .state, "user unbanned", [.account(name), .rule("EM-3-unban")], cause: cause)
            return .activated
        case .disconnect(let name):
            kickAll(name, 217, cause: cause, &turn)
            return .disconnected
        case .disconnectDevice(let name, let resource):
            for seat in desk.seats(of: name) where seat.session.resource == resource {
                kickOff(seat, 217, by: nil, cause: cause, &turn)
            }
            return .deviceDisconnected
        case .status(let name): return .status(name, isOnline: desk.isOnline(name))
        case .batchStatus(let names): return .statuses(names.map { .init($0, isOnline: desk.isOnline($0)) })
        case .resources(let name):
            let found = desk.seats(of: name).map(\.session)
            return .resources(
                found.map { EasemobResource(name: $0.resource, deviceID: $0.deviceID, deviceName: $0.deviceName) })
        case .consoleSettings: return .settings(console)
        case .changeConsoleSettings(let patch): return change(patch, cause: cause, &turn)
        case .consoleUsers: return .users(view(at: turn.now))
        }
    }

    private func account(_ name: String) throws(EasemobAPIError) -> Account {
        guard let account = accounts[name] else { throw .noResource }
        return account
    }

    private mutating func isWithinLimit(_ route: EasemobCall.Route, at now: Instant) -> Bool {
        let (kind, limit) = route.limit
        return rates.allows(kind, limit: limit, at: now)
    }

    // MARK: Tokens

    /// Lets pass who has an app token of this app (§1.3).
    private func checkApp(_ bearer: Secret?, at now: Instant) throws(EasemobAPIError) {
        guard let bearer else { throw .unauthorized(console.wording) }
        switch mint.ticket(in: bearer) {
        case .failure(.malformed), .failure(.otherApp): throw .corruptToken
        case .failure(.notOurs): throw .foreignToken
        case .success(let ticket):
            guard ticket.kind == .app else { throw .corruptToken }
            if let end = ticket.end, now >= end { throw .unauthorized(console.wording) }
        }
    }

    /// The same for the grant inherit, whose page has one answer for whatever is wrong with the token itself (§1.1).
    private func checkInheritance(_ bearer: Secret?, at now: Instant) throws(EasemobAPIError) {
        guard let bearer else { throw .unauthorized(console.wording) }
        switch mint.ticket(in: bearer) {
        case .failure(.malformed), .failure(.notOurs): throw .unauthorized(console.wording)
        case .failure(.otherApp): throw .corruptToken
        case .success: try checkApp(bearer, at: now)
        }
    }

    private func admitRegistration(_ call: EasemobCall, at now: Instant) throws(EasemobAPIError) {
        guard !console.openRegistration else { return }
        do {
            try checkApp(call.bearer, at: now)
        } catch {
            throw .registrationClosed(console.wording)
        }
    }

    private mutating func token(
        _ grant: EasemobGrant, _ ttl: Int64?, _ bearer: Secret?, cause: EntryID, _ turn: inout Turn
    ) throws(EasemobAPIError) -> EasemobAnswer {
        switch grant {
        case .clientCredentials(let id, let secret):
            guard id == mint.clientID else { throw .wrongClientID }
            guard mint.isRightSecret(secret) else { throw .wrongClientSecret }
            let (token, expiresIn) = issue(.app, mint.application, generation: 0, ttl, at: turn.now)
            return .appToken(token, expiresIn: expiresIn)
        case .password(let name, let password):
            guard let account = accounts[name] else { throw .noSuchUser(console.wording) }
            guard let hash = account.passwordHash,
                ConstantTime.areEqual(hash, EasemobMint.hash(password, uuid: account.uuid))
            else { throw .wrongPassword(console.wording) }
            return try userToken(account, ttl, at: turn.now)
        case .inherit(let name, let autoCreateUser):
            try checkInheritance(bearer, at: turn.now)
            if let account = accounts[name] {
                if autoCreateUser, let made = justMade[name], turn.now - made < .seconds(1) { throw .createdAtOnce }
                return try userToken(account, ttl, at: turn.now)
            }
            guard autoCreateUser else { throw .noSuchUserNull }
            try checkName(name)
            let account = try make(name, passwordHash: nil, nickname: nil, cause: cause, &turn)
            justMade = justMade.filter { turn.now - $0.value < .seconds(1) }
            justMade[name] = turn.now
            return try userToken(account, ttl, at: turn.now)
        }
    }

    private mutating func userToken(
        _ account: Account, _ ttl: Int64?, at now: Instant
    ) throws(EasemobAPIError) -> EasemobAnswer {
        guard !account.isBanned else { throw .banned }
        let (token, expiresIn) = issue(.user, account.uuid, generation: generation(of: account.username), ttl, at: now)
        return .userToken(token, expiresIn: expiresIn, account.shown)
    }

    /// A token, and its lifetime in the cluster's unit.
    private mutating func issue(
        _ kind: EasemobTicket.Kind, _ subject: String, generation: UInt32, _ ttl: Int64?, at now: Instant
    ) -> (token: Secret, expiresIn: Int64) {
        let perUnit: Int64 = console.millisecondUnit ? 1 : 1000
        let usual = Int64(console.tokenLifetime) * (console.millisecondUnit ? 1000 : 1)
        let expiresIn = ttl ?? usual
        let (lifetime, isOver) = expiresIn.multipliedReportingOverflow(by: perUnit)
        tokens &+= 1
        let ticket = EasemobTicket(
            kind: kind, subject: subject, issued: now.milliseconds, lifetime: isOver ? 0 : lifetime,
            generation: generation, serial: tokens)
        return (mint.token(ticket), expiresIn)
    }

    // MARK: Accounts

    private func checkName(_ name: String) throws(EasemobAPIError) {
        guard name.utf8.count <= Easemob.longestUserID else { throw .nameTooLong }
        guard Easemob.isUserID(name) else { throw .illegalName(Field.clipped(name)) }
    }

    private mutating func make(
        _ name: String, passwordHash: String?, nickname: String?, cause: EntryID, _ turn: inout Turn
    ) throws(EasemobAPIError) -> Account {
        if console.mostUsers > 0, accounts.count >= console.mostUsers { throw .tooManyUsers }
        let now = Instant(milliseconds: turn.now.milliseconds)
        let account = Account(
            username: name, uuid: Self.uuid(of: name, at: turn.now, appKey), created: now, modified: now,
            passwordHash: passwordHash, nickname: nickname)
        keep(account, &turn)
        turn.record(&lanes.api, .state, "user registered", [.account(name), .rule("EM-3-register")], cause: cause)
        return account
    }

    private static func uuid(of name: String, at now: Instant, _ appKey: String) -> String {
        EasemobMint.uuid(of: "user \(appKey) \(name) \(now.microseconds)")
    }

    private mutating func register(
        _ users: [EasemobRegistration], isList: Bool, cause: EntryID, _ turn: inout Turn
    ) throws(EasemobAPIError) -> EasemobAnswer {
        var names: Set<String> = []
        var failed: [String] = []
        var fresh: [(name: String, user: EasemobRegistration, password: Secret)] = []
        for user in users {
            guard let name = user.username, !name.isEmpty else { throw .noUsername }
            try checkName(name)
            guard let password = user.password, password.length > 0 else { throw .noPassword }
            guard password.length <= Easemob.longestPassword else {
                throw .tooMany("the characters of password", Easemob.longestPassword)
            }
            if accounts[name] != nil || !names.insert(name).inserted {
                // The older page has one name that exists fail the whole call (§3).
                guard isList, console.wording == .current else { throw .duplicate(mint.application) }
                failed.append(name)
            } else {
                fresh.append((name, user, password))
            }
        }
        if console.mostUsers > 0, accounts.count + fresh.count > console.mostUsers { throw .tooManyUsers }
        var made: [EasemobUser] = []
        for (name, user, password) in fresh {
            let hash = EasemobMint.hash(password, uuid: Self.uuid(of: name, at: turn.now, appKey))
            made.append(try make(name, passwordHash: hash, nickname: user.nickname, cause: cause, &turn).shown)
        }
        return .registered(made, failed: failed.isEmpty ? nil : failed)
    }

    private mutating func delete(
        _ name: String, cause: EntryID, _ turn: inout Turn
    ) throws(EasemobAPIError) -> EasemobUser {
        let account = try account(name)
        accounts[name] = nil
        turn.emit(Self.removal(of: name))
        let entry = turn.record(
            &lanes.api, .state, "user deleted", [.account(name), .rule("EM-3-delete")], cause: cause)
        kickAll(name, 207, cause: entry, &turn)
        return account.shown
    }

    private mutating func changePassword(
        _ name: String, _ password: Secret, cause: EntryID, _ turn: inout Turn
    ) throws(EasemobAPIError) -> EasemobAnswer {
        guard accounts[name] != nil else { throw .noSuchUserNull }
        change(name, &turn) { $0.passwordHash = EasemobMint.hash(password, uuid: $0.uuid) }
        voidTokens(of: name, &turn)
        let entry = turn.record(
            &lanes.api, .state, "password changed, all tokens void", [.account(name), .rule("EM-3-password")],
            cause: cause)
        kickAll(name, 216, cause: entry, &turn)
        return .passwordChanged
    }

    /// The users that a look at the console lists at most, in order of their names.
    private static let mostListed = 1000

    private func view(at now: Instant) -> ConsoleView {
        let listed = accounts.keys.sorted().prefix(Self.mostListed).compactMap { accounts[$0] }
        return ConsoleView(
            accounts: listed.map { ConsoleView.Account(account: $0.username, isBanned: $0.isBanned) },
            accountTotal: accounts.count, bannedTotal: accounts.values.count(where: \.isBanned),
            dailyActive: activeUsers(at: now))
    }

    private mutating func change(_ patch: EasemobConsolePatch, cause: EntryID, _ turn: inout Turn) -> EasemobAnswer {
        let changed = patch.applied(to: console)
        if changed != console {
            console = changed
            turn.emit(.save(consoleRecord))
        }
        turn.record(
            &lanes.api, .state, "console settings changed",
            [
                Field("devicePolicy", .number(console.devicePolicy)),
                Field("willExpirePercent", .number(console.willExpirePercent)),
                Field("wording", console.wording.rawValue), .rule("EM-own-console"),
            ], cause: cause)
        return .settings(console)
    }

    private static func name(of route: EasemobCall.Route) -> String {
        switch route {
        case .token: "token"
        case .users: "users"
        case .user, .delete: "users/…"
        case .password: "users/…/password"
        case .deactivate: "users/…/deactivate"
        case .activate: "users/…/activate"
        case .disconnect: "users/…/disconnect"
        case .disconnectDevice: "users/…/disconnect/…"
        case .status: "users/…/status"
        case .batchStatus: "users/batch/status"
        case .resources: "users/…/resources"
        case .console, .changeConsole: "console settings"
        case .consoleUsers: "console users"
        }
    }

    private static func fields(of answer: EasemobAnswer) -> [Field] {
        switch answer {
        case .failed(let error):
            [Field("error", error.error), Field("error_description", Field.clipped(error.text))]
        case .userToken(let token, _, _), .appToken(let token, _): [.secret(token)]
        default: []
        }
    }

    private static func fields(of call: EasemobCall) -> [Field] {
        let bearer = call.bearer.map { [Field.secret($0)] } ?? []
        switch call.route {
        case .user(let name), .delete(let name), .password(let name), .deactivate(let name), .activate(let name),
            .disconnect(let name), .disconnectDevice(let name, _), .status(let name), .resources(let name):
            return [.account(name)] + bearer
        case .token: return bearer + grantFields(of: call)
        case .users, .batchStatus, .console, .changeConsole, .consoleUsers: return bearer
        }
    }

    private static func grantFields(of call: EasemobCall) -> [Field] {
        guard case .success(.token(let grant, _)) = call.command() else { return [] }
        switch grant {
        case .password(let name, let password):
            return [Field("grant_type", "password"), .account(name), .secret(password)]
        case .inherit(let name, _): return [Field("grant_type", "inherit"), .account(name)]
        case .clientCredentials: return [Field("grant_type", "client_credentials")]
        }
    }
}

extension EasemobCloud.Account {
    /// The user as the web API shows it.
    var shown: EasemobUser {
        EasemobUser(
            uuid: uuid, created: created.milliseconds, modified: modified.milliseconds, username: username,
            isActivated: !isBanned, nickname: nickname)
    }
}
