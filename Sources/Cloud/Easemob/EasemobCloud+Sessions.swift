import LoginCore
import Providers

/// Logins, kicks, and who is online.
extension EasemobCloud {
    /// Why a login or a renewal does not work.
    struct Refusal: Error {
        let code: Int
        let why: String
        let rule: RuleID
        /// What the client is told, where that is not the reason.
        let told: String?

        init(_ code: Int, _ why: String, _ rule: RuleID, told: String? = nil) {
            self.code = code
            self.why = why
            self.rule = rule
            self.told = told
        }
    }

    static func platform(of login: LinkLogin) -> EasemobPlatform { EasemobPlatform(clientType: login.clientType) }

    private static func slot(of login: LinkLogin) -> Slot {
        let custom = login.details.customClientType
        return (1...100).contains(custom) ? .custom(custom) : .platform(platform(of: login))
    }

    /// How long the token is good, once it was found to open the user's door (§7); any user who exists.
    func life(of token: Secret, for username: String, at now: Instant) -> Result<Life, Refusal> {
        guard token.length > 0 else { return .failure(Refusal(104, "the token is empty", "EM-6-104")) }
        if mint.isDynamic(token) { return dynamicLife(of: token, for: username, at: now) }
        let ticket: EasemobTicket
        switch mint.ticket(in: token) {
        case .failure(.malformed): return .failure(Refusal(104, "the token is malformed", "EM-7-login"))
        case .failure(.otherApp): return .failure(Refusal(202, "the token is for another app", "EM-7-login"))
        case .failure(.notOurs):
            return .failure(Refusal(202, "the token was not issued by this server", "EM-7-login"))
        case .success(let found): ticket = found
        }
        guard ticket.kind == .user else { return .failure(Refusal(202, "the token is an app's", "EM-7-login")) }
        if let end = ticket.end, now >= end { return .failure(Refusal(108, "the token has expired", "EM-7-login")) }
        guard let account = accounts[username] else { return .failure(Self.nobody) }
        guard ticket.subject == account.uuid else {
            return .failure(Refusal(202, "the token is for another user", "EM-7-login"))
        }
        guard ticket.generation == generation(of: username) else {
            return .failure(Refusal(202, "the token is void since the password changed", "EM-3-password"))
        }
        return .success(Life(start: Instant(milliseconds: ticket.issued), end: ticket.end))
    }

    private static let nobody = Refusal(204, "there is no such user", "EM-own-deleted-code")

    private func dynamicLife(of token: Secret, for username: String, at now: Instant) -> Result<Life, Refusal> {
        guard let signed = mint.dynamicToken(in: token) else {
            return .failure(Refusal(104, "the signed token cannot be read", "EM-own-dynamic-order"))
        }
        guard signed.appKey == appKey else {
            return .failure(Refusal(202, "the signed token is for another app", "EM-own-dynamic-order"))
        }
        guard Easemob.stored(signed.userID) == username else {
            return .failure(Refusal(202, "the signed token is for another user", "EM-own-dynamic-order"))
        }
        guard mint.fits(signed) else {
            return .failure(Refusal(202, "the signed token's signature does not fit", "EM-1-dynamic"))
        }
        guard !signed.isExpired(at: now) else {
            return .failure(Refusal(108, "the signed token has expired", "EM-7-login"))
        }
        guard accounts[username] != nil else { return .failure(Self.nobody) }
        if let voided = voidings[username]?.before, signed.curTime < voided {
            return .failure(Refusal(202, "the signed token is void since the password changed", "EM-own-dynamic-void"))
        }
        let start = EasemobMint.instant(signed.curTime) ?? now
        return .success(Life(start: start, end: signed.end.flatMap { EasemobMint.instant($0) }))
    }

    /// What becomes of a login: its token's life and whom it kicks.
    private func decision(
        on login: LinkLogin, _ username: String, at now: Instant
    ) -> Result<(life: Life, kicked: [Desk.Seat]), Refusal> {
        guard login.appKey == appKey else {
            return .failure(Refusal(100, "the app key is not known", "EM-own-app-key-code"))
        }
        guard !console.serviceForbidden else {
            return .failure(Refusal(305, "the app is disabled", "EM-6-305"))
        }
        guard username.utf8.count <= Easemob.longestUserID else {
            return .failure(Refusal(105, "a user ID has at most 64 bytes", "EM-2-length"))
        }
        guard Easemob.isUserID(username) else {
            return .failure(Refusal(101, "a user ID is of a-z, 0-9, _, - and the dot", "EM-2-characters"))
        }
        let life: Life
        switch self.life(of: login.token, for: username, at: now) {
        case .success(let found): life = found
        case .failure(let refusal) where refusal.code == 204 && login.automatic:
            return .failure(Refusal(207, "the user was deleted", refusal.rule))
        case .failure(let refusal): return .failure(refusal)
        }
        guard accounts[username]?.isBanned != true else {
            return .failure(Refusal(305, "the user is banned", "EM-7-ban"))
        }
        if console.mostActiveUsers > 0, accounts[username]?.lastActiveDay != now.day,
            activeUsers(at: now) >= console.mostActiveUsers
        {
            return .failure(Refusal(8, "the app has too many active users", "EM-own-active"))
        }
        return kicked(by: login, username).map { (life, $0) }
    }

    /// Whom a login kicks under the device policy, or why it is refused (§9).
    private func kicked(by login: LinkLogin, _ username: String) -> Result<[Desk.Seat], Refusal> {
        let others = desk.seats(of: username).filter { $0.session.deviceID != login.deviceID }
        let mayNotPush = login.automatic && console.refusesOldDevices
        switch EasemobDevicePolicy(rawValue: console.devicePolicy) ?? .oneNewestWins {
        case .oneNewestWins:
            guard let other = others.first, mayNotPush else { return .success(others) }
            return .failure(
                Refusal(
                    220, "another device is online, and this login is automatic", "EM-9-old",
                    told: other.session.deviceName))
        case .oneFirstWins:
            guard others.isEmpty else {
                return .failure(Refusal(213, "the first device keeps its place", "EM-9-first"))
            }
            return .success([])
        case .several:
            let slot = Self.slot(of: login)
            let most = if case .custom = slot { console.customPlatformDevices } else { console.devicesPerPlatform }
            let rivals = others.filter { $0.session.own.slot == slot }
            guard most > 0 else {
                return .failure(Refusal(214, "no device of this platform may log in", "EM-9-custom"))
            }
            guard rivals.count >= most else { return .success([]) }
            guard !mayNotPush else {
                return .failure(Refusal(214, "\(most) devices are online, and this login is automatic", "EM-9-old"))
            }
            return .success(Array(rivals.prefix(rivals.count - most + 1)))
        }
    }

    mutating func decide(
        _ login: LinkLogin, id: Int, on link: LinkID, from address: String, cause: EntryID, _ turn: inout Turn
    ) {
        let username = Easemob.stored(login.account)
        switch decision(on: login, username, at: turn.now) {
        case .failure(let refusal):
            refuseLogin(
                of: username, as: username, id: id, refusal.code, refusal.why, refusal.rule, told: refusal.told,
                on: link, cause: cause,
                &turn)
        case .success(let (life, kicked)):
            accept(login, username, life, kicked: kicked, id: id, on: link, cause: cause, &turn)
        }
    }

    private mutating func accept(
        _ login: LinkLogin, _ username: String, _ life: Life, kicked: [Desk.Seat], id: Int, on link: LinkID,
        cause: EntryID, _ turn: inout Turn
    ) {
        if var account = accounts[username], account.lastActiveDay != turn.now.day {
            account.lastActiveDay = turn.now.day
            keep(account, &turn)
        }
        let own = Own(platform: Self.platform(of: login), slot: Self.slot(of: login), life: life)
        let session = desk.makeSession(
            username, deviceID: login.deviceID, clientType: own.platform.rawValue, own, at: turn.now)
        let entry = turn.record(
            &lanes.im, .state, "login accepted",
            [
                .link(link), .account(username), .device(login.deviceID),
                Field("session", .id(kind: "session", session.name)), Field("platform", own.platform.title),
                Field("kicks", .number(kicked.count)),
                .rule(console.devicePolicy == EasemobDevicePolicy.several.rawValue ? "EM-9-several" : "EM-9-one"),
            ], cause: cause)
        // A login from a device that has a session replaces it in silence [ours].
        for old in desk.seats(of: username) where old.session.deviceID == login.deviceID {
            close(old.link, "link closed: its device logged in again", cause: entry, &turn)
        }
        for old in kicked { kickOff(old, 206, by: session, cause: entry, &turn) }
        let others = desk.seats(of: username)
        desk.seat(session, on: link)
        watch(link, &turn)
        let reply = LinkReply.login(
            code: 200, text: "", account: username, clients: others.map(\.session.client))
        send(.reply(id: id, reply), "login 200", on: link, cause: entry, &turn)
        tell(others, .login, session, cause: entry, &turn)
    }

    /// Kicks a client with the code that its SDK tells the app.
    mutating func kickOff(_ seat: Desk.Seat, _ code: Int, by other: Session?, cause: EntryID, _ turn: inout Turn) {
        let notice = KickNotice(
            reason: code, text: other?.deviceName ?? "", clientType: other?.clientType ?? 0)
        kickOff(seat, notice, [.rule(RuleID("EM-6-\(code)"))], cause: cause, &turn)
    }

    /// Ends every session of a user by the server's own decision.
    mutating func kickAll(_ username: String, _ code: Int, cause: EntryID, _ turn: inout Turn) {
        for seat in desk.seats(of: username) { kickOff(seat, code, by: nil, cause: cause, &turn) }
    }
}
