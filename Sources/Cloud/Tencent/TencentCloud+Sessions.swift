import LoginCore
import Providers

/// Logins, kicks, and who is online.
extension TencentCloud {
    /// What becomes of a login.
    enum LoginDecision {
        case accepted(TencentUserSig)
        case refused(code: Int, why: String, rule: RuleID)
    }

    /// The decision order: the first that fails answers; nothing is changed.
    func decision(on login: LinkLogin, at now: Instant) -> LoginDecision {
        let userID = login.account
        guard Tencent.isUserID(userID) else {
            let why = "a UserID has 1 to 32 bytes of printable ASCII"
            return .refused(code: 7003, why: why, rule: "TC-1.1-userid")
        }
        guard !refusals.isLimited(userID, most: console.failedChecks, at: now) else {
            return .refused(code: 70050, why: "too many UserSigs were refused", rule: "TC-own-failed-checks")
        }
        let account = accounts[userID]
        let ticket: TencentUserSig
        switch mint.check(
            login.token, userID: userID, appKey: login.appKey, at: now, voidedBefore: voidedBefore[userID])
        {
        case .success(let checked): ticket = checked
        case .failure(let refusal):
            let code = refusal.code == 70001 ? console.expiredCode : refusal.code
            return .refused(code: code, why: refusal.why, rule: refusal.rule)
        }
        guard account?.isBlacklisted != true else {
            return .refused(code: 70051, why: "the account is on the blacklist", rule: "TC-own-blacklist")
        }
        let own = account?.instances.first { $0.deviceID == login.deviceID }
        if console.tellsOfflineKick, own?.state == .kicked {
            let why = "kicked by another terminal while it was away"
            return .refused(code: 6208, why: why, rule: "TC-2.1-kicked-offline")
        }
        return .accepted(ticket)
    }

    mutating func decide(
        _ login: LinkLogin, id: Int, on link: LinkID, from address: String, cause: EntryID, _ turn: inout Turn
    ) {
        switch decision(on: login, at: turn.now) {
        case .refused(let code, let why, let rule):
            switch code {
            // Told once: the next login works (§2.1).
            case 6208: change(login.account, &turn) { $0.instances.removeAll { $0.deviceID == login.deviceID } }
            case 7003, 70050, 70051: break
            default: refusals.add(login.account, most: console.failedChecks, at: turn.now)
            }
            refuseLogin(
                of: login.account, as: login.account, id: id, code, why, rule, on: link, cause: cause, &turn)
        case .accepted(let ticket):
            accept(login, ticket, id: id, on: link, from: address, cause: cause, &turn)
        }
    }

    private mutating func accept(
        _ login: LinkLogin, _ ticket: TencentUserSig, id: Int, on link: LinkID, from address: String, cause: EntryID,
        _ turn: inout Turn
    ) {
        refusals.forget(login.account)
        var account = accounts[login.account] ?? Account(userID: login.account)
        let isNew = accounts[login.account] == nil
        let platform = Self.platform(of: login)
        let replaced = account.instances.first { $0.deviceID == login.deviceID }?.link
        account.instances.removeAll { $0.deviceID == login.deviceID }
        let kicked = conflicts(of: platform, among: account.instances)
        let own = Own(platform: platform, lastSecond: ticket.lastSecond)
        let session = desk.makeSession(
            account.userID, deviceID: login.deviceID, clientType: platform.rawValue, own, at: turn.now)
        let entry = turn.record(
            &lanes.im, .state, isNew ? "login accepted, account made" : "login accepted",
            [
                .link(link), .account(account.userID), .device(login.deviceID),
                Field("session", .id(kind: "session", session.name)), Field("platform", platform.title),
                Field("kicks", .number(kicked.count)), .rule(isNew ? "TC-2-first-login" : "TC-3-who"),
            ], cause: cause)
        account.lastActiveDay = turn.now.day
        settle(&account, kicked, newcomer: login, on: link, platform)
        keep(account, &turn)
        if let replaced { close(replaced, "link closed: its device logged in again", cause: entry, &turn) }
        let notice = KickNotice(reason: Tencent.kickedByLogin, text: "", clientType: platform.rawValue)
        for client in kicked {
            guard let link = client.link, let session = desk[link]?.session else { continue }
            kickOff(Desk.Seat(link: link, session: session), notice, cause: entry, &turn)
        }
        desk.seat(session, on: link)
        watch(link, &turn)
        let reply = LinkReply.login(code: 200, text: "", account: account.userID, clients: [])
        send(.reply(id: id, reply), "login 200", on: link, cause: entry, &turn)
        let gone = kicked.filter { $0.link != nil }.map(\.platform)
        tell(session, .login, kicked: gone, from: address, cause: entry, &turn)
    }

    /// The account's instances after a login.
    private func settle(
        _ account: inout Account, _ kicked: [Instance], newcomer login: LinkLogin, on link: LinkID,
        _ platform: TencentPlatform
    ) {
        let devices = Set(kicked.map(\.deviceID))
        account.instances = account.instances.compactMap { instance in
            guard devices.contains(instance.deviceID) else { return instance }
            // One that is online is told now, one that is away when it comes back.
            guard instance.link == nil, console.tellsOfflineKick else { return nil }
            var instance = instance
            instance.state = .kicked
            return instance
        }
        account.instances.append(Instance(deviceID: login.deviceID, platform: platform, state: .online(link)))
        account.instances.removeFirst(max(0, account.instances.count - Self.mostInstances))
    }

    /// Whom a new login on `platform` kicks, online or away (§3).
    private func conflicts(of platform: TencentPlatform, among others: [Instance]) -> [Instance] {
        let policy = TencentDevicePolicy(rawValue: console.devicePolicy) ?? .singlePlatform
        let rivals = others.filter { $0.state != .kicked }
        let elsewhere = rivals.filter { $0.platform != platform && policy.excludes($0.platform, platform) }
        let same = rivals.filter { $0.platform == platform }
        let tooMany = same.prefix(max(0, same.count - console.instances(of: platform) + 1))
        let devices = Set((elsewhere + tooMany).map(\.deviceID))
        return rivals.filter { devices.contains($0.deviceID) }
    }

    /// Tells a client why it must go, then closes its link; its instance is the caller's affair.
    mutating func kickOff(_ seat: Desk.Seat, _ notice: KickNotice, cause: EntryID, _ turn: inout Turn) {
        kickOff(seat, notice, [.rule("TC-own-kick-reasons")], cause: cause, &turn)
    }

    /// Ends every session of an account by the server's own decision, and forgets who was away.
    mutating func kickAll(_ userID: String, cause: EntryID, _ turn: inout Turn) {
        let online = accounts[userID]?.instances.compactMap(\.link) ?? []
        change(userID, &turn) { $0.instances = [] }
        let notice = KickNotice(reason: Tencent.kickedByServer, text: "", clientType: 0)
        for link in online {
            guard let state = desk[link], let session = state.session else { continue }
            kickOff(Desk.Seat(link: link, session: session), notice, cause: cause, &turn)
            tell(session, .logout, isServers: true, from: state.address, cause: cause, &turn)
        }
    }

    /// A client logged out or its session ended for good.
    mutating func drop(_ session: Session, _ turn: inout Turn) {
        change(session.account, &turn) { $0.instances.removeAll { $0.deviceID == session.deviceID } }
    }

    /// A client's link ended without a logout; a page is gone with it (§4).
    mutating func goAway(_ session: Session, from link: LinkID, _ turn: inout Turn) {
        let now = turn.now
        change(session.account, &turn) { account in
            guard let index = account.instances.firstIndex(where: { $0.link == link }) else { return }
            if session.own.platform == .web {
                account.instances.remove(at: index)
            } else {
                account.instances[index].state = .away(since: now)
            }
        }
    }
}
