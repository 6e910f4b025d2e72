import LoginCore
import Providers

/// Logins, and who is online.
extension CommsEaseCloud {
    /// What becomes of a login.
    enum LoginDecision {
        case accepted(Account, replaced: Desk.Seat?, kicked: [Desk.Seat])
        /// The app server has to be asked first.
        case asks(Account)
        case refused(LoginRefusal, why: String)
    }

    /// The decision order of commsease.md §14.2: the first that fails answers.
    ///
    /// `verdict` is what the app server said, or what stands for it; nil when it was not asked.
    func decision(on login: LinkLogin, verdict: Bool? = nil, at now: Instant) -> LoginDecision {
        guard login.appKey == appKey else { return .refused(.appKey, why: "the AppKey is not known") }
        guard console.authTypes.contains(login.authType) else {
            return .refused(.authType, why: "authentication type \(login.authType) is not enabled")
        }
        guard let account = accounts[Self.stored(login.account)] else {
            return .refused(.account, why: "the account does not exist")
        }
        guard !account.isBanned else { return .refused(.banned, why: "the account is banned") }
        if let problem = credentialProblem(login, of: account, at: now) {
            return .refused(.credential, why: problem)
        }
        if verdict == false { return .refused(.callback, why: "the login callback refused it") }
        if verdict == nil, login.authType == 2, !console.loginCallback.isEmpty { return .asks(account) }
        let clients = desk.seats(of: account.accid)
        let replaced = clients.first { $0.session.deviceID == login.deviceID }
        // A device that still has a session here is no stranger, whatever came between.
        if login.automatic, !login.forced, replaced == nil, let last = lastDevice(of: account, for: login.clientType),
            last != login.deviceID
        {
            return .refused(.device, why: "another device logged in last")
        }
        let others = clients.filter { $0.link != replaced?.link }
        let kicked = conflicts(of: login.clientType, among: others)
        // Under V10, force wins the conflict at the limit, and no force yields; V9's means the check above only.
        if console.devicePolicy == 3, !kicked.isEmpty, login.details.generation == "v10", !login.forced {
            return .refused(.device, why: "\(Self.mostDevices) devices are online, and the login is not forced")
        }
        return .accepted(account, replaced: replaced, kicked: kicked)
    }

    /// Account names are stored in lower case and found in any case (commsease.md §11.2).
    ///
    /// ASCII letters only: the alphabet has no others, and Unicode's rule would let the Kelvin sign pass for a `k`.
    static func stored(_ accid: String) -> String {
        let bytes = accid.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func credentialProblem(_ login: LinkLogin, of account: Account, at now: Instant) -> String? {
        switch login.authType {
        case 0:
            if ConstantTime.areEqual(login.token, account.token) { return nil }
            let digest = SecretDigest.reference(for: login.token, name: "token").digest
            return account.replacedTokens.contains(digest)
                ? "the token is not the latest" : "the token does not fit the account"
        case 1:
            switch mint.check(dynamicToken: login.token, account: account.accid, at: now) {
            case .success: return nil
            case .failure(.unreadable): return "the dynamic token cannot be read"
            case .failure(.wrongSignature): return "the dynamic token's signature does not fit"
            case .failure(.expired): return "the dynamic token has expired"
            case .failure(.notYet): return "the dynamic token's curTime lies in the future"
            }
        default:
            // The app server's to say; without a login callback every token passes (commsease.md §10).
            return nil
        }
    }

    private func lastDevice(of account: Account, for clientType: Int) -> String? {
        switch console.devicePolicy {
        case 1: account.lastDevices[.all]
        case 2: account.lastDevices[.platform(of: clientType)]
        default: nil
        }
    }

    /// Whom a new login of `clientType` kicks (commsease.md §9).
    private func conflicts(of clientType: Int, among others: [Desk.Seat]) -> [Desk.Seat] {
        switch console.devicePolicy {
        case 1: others
        case 2:
            others.filter {
                DeviceGroup.platform(of: $0.session.clientType) == DeviceGroup.platform(of: clientType)
            }
        // The page does not say what becomes of the eleventh device; the oldest makes room [ours].
        default: Array(others.prefix(max(0, others.count - Self.mostDevices + 1)))
        }
    }

    mutating func decide(
        _ login: LinkLogin, id: Int, on link: LinkID, from address: String, cause: EntryID, _ turn: inout Turn
    ) {
        decide(login, id: id, on: link, from: address, verdict: nil, cause: cause, &turn)
    }

    /// Decides a login, with the app server's word if it was asked.
    mutating func decide(
        _ login: LinkLogin, id: Int, on link: LinkID, from address: String, verdict: Bool?, cause: EntryID,
        _ turn: inout Turn
    ) {
        switch decision(on: login, verdict: verdict, at: turn.now) {
        case .refused(let refusal, let why):
            let code = refusal.code(for: login.details.generation, console)
            refuseLogin(
                of: Self.stored(login.account), as: login.account, id: id, code, why, refusal.rule, on: link,
                cause: cause, &turn)
        case .asks(let account):
            ask(account, about: login, id: id, on: link, from: address, cause: cause, &turn)
        case .accepted(let account, let replaced, let kicked):
            accept(login, id: id, on: link, account, replaced: replaced, kicked: kicked, cause: cause, &turn)
        }
    }

    private mutating func accept(
        _ login: LinkLogin, id: Int, on link: LinkID, _ account: Account, replaced: Desk.Seat?, kicked: [Desk.Seat],
        cause: EntryID, _ turn: inout Turn
    ) {
        var account = account
        account.lastDevices[.all] = login.deviceID
        account.lastDevices[.platform(of: login.clientType)] = login.deviceID
        account.lastActiveDay = turn.now.day
        keep(account, &turn)
        let session = desk.makeSession(
            account.accid, deviceID: login.deviceID, clientType: login.clientType,
            Own(sdkVersion: login.details.sdkVersion), at: turn.now)
        let entry = turn.record(
            &lanes.im, .state, "login accepted",
            [
                .link(link), .account(account.accid), .device(login.deviceID),
                Field("session", .id(kind: "session", session.client.id)),
                Field("kicks", .number(kicked.count)), .rule(CloudRule.accepted),
            ], cause: cause)
        if login.authType == 1, CommsEaseMint.isLongLived(dynamicToken: login.token) {
            turn.record(
                &lanes.im, .notice, "the dynamic token lives longer than 24 h",
                [.link(link), .rule(CloudRule.longLife)],
                cause: entry)
        }
        if let replaced { close(replaced.link, "link closed: its device logged in again", cause: entry, &turn) }
        let notice = KickNotice(reason: 1, text: "", clientType: login.clientType)
        for client in kicked { kickOff(client, notice, cause: entry, &turn) }
        let others = desk.seats(of: account.accid)
        desk.seat(session, on: link)
        let reply = LinkReply.login(
            code: 200, text: "", account: account.accid, clients: others.map(\.session.client))
        send(.reply(id: id, reply), "login 200", on: link, cause: entry, &turn)
        let gone = ((replaced.map { [$0] } ?? []) + kicked).map(\.session.client)
        tellOthers(of: account.accid, except: link, .logout, gone, cause: entry, &turn)
        tellOthers(of: account.accid, except: link, .login, [session.client], cause: entry, &turn)
    }

    /// Whether an SDK that says its version says one before texts came with kicks (commsease.md §11.2).
    private func isTooOldForKickTexts(_ session: Session) -> Bool {
        guard let since = CommsEaseVersion(console.kickTextSince),
            let version = CommsEaseVersion(session.own.sdkVersion)
        else { return false }
        return version < since
    }

    /// Tells a client why it must go, then closes its link.
    mutating func kickOff(_ client: Desk.Seat, _ notice: KickNotice, cause: EntryID, _ turn: inout Turn) {
        var notice = notice
        var rules = [CloudRule.kick(notice.reason)]
        if !notice.text.isEmpty, isTooOldForKickTexts(client.session) {
            notice = KickNotice(reason: notice.reason, text: "", clientType: notice.clientType)
            rules.append(CloudRule.kickText)
        }
        let more = [Field("desc", Field.clipped(notice.text))] + rules.map { .rule($0) }
        kickOff(client, notice, more, cause: cause, &turn)
    }

    /// Tells the clients of an account who came or went.
    mutating func tellOthers(
        of accid: String, except link: LinkID? = nil, _ change: ClientsChange, _ clients: [OnlineClient],
        cause: EntryID, _ turn: inout Turn
    ) {
        guard !clients.isEmpty else { return }
        let title = change == .login ? "clients: login" : "clients: logout"
        let fields = clients.map { Field("client", .id(kind: "session", $0.id)) }
        for other in desk.seats(of: accid) where other.link != link {
            send(.clients(change, clients), title, fields, on: other.link, cause: cause, &turn)
        }
    }
}
