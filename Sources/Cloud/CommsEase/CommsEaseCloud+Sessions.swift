import LoginCore
import Providers

/// Logins, and who is online.
extension CommsEaseCloud {
    /// A client that is online, and the link it is on.
    struct Client {
        let link: LinkID
        let session: Session
    }

    /// What becomes of a login.
    enum LoginDecision {
        case accepted(Account, replaced: Client?, kicked: [Client])
        /// The app server has to be asked first.
        case asks(Account)
        case refused(LoginRefusal, why: String)
    }

    package var liveSessions: [LiveSession]? {
        var sessions: [Session] = []
        var found: [LiveSession] = []
        for (link, state) in links {
            guard case .loggedIn(let session) = state else { continue }
            let place = sessions.firstIndex { $0.number > session.number } ?? sessions.count
            sessions.insert(session, at: place)
            found.insert(
                LiveSession(
                    account: session.account, deviceID: session.deviceID, clientType: session.clientType,
                    since: session.since, link: link), at: place)
        }
        return found
    }

    /// The clients of an account that are online, oldest login first.
    func clients(of accid: String) -> [Client] {
        online[accid, default: []].compactMap { link in
            guard case .loggedIn(let session) = links[link] else { return nil }
            return Client(link: link, session: session)
        }
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
        let clients = clients(of: account.accid)
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
    private func conflicts(of clientType: Int, among others: [Client]) -> [Client] {
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
        _ login: LinkLogin, id: Int, on link: LinkID, from address: String, verdict: Bool? = nil, cause: EntryID,
        _ turn: inout Turn
    ) {
        switch decision(on: login, verdict: verdict, at: turn.now) {
        case .refused(let refusal, let why):
            let code = refusal.code(for: login.details.generation, console)
            let entry = turn.record(
                &imLane, .notice, "login refused \(code): \(why)",
                [.link(link), .account(Self.stored(login.account)), .code(code), .rule(refusal.rule)], cause: cause)
            let reply = LinkReply.login(code: code, text: why, account: login.account, clients: [])
            send(.reply(id: id, reply), "login \(code)", on: link, cause: entry, &turn)
        case .asks(let account):
            ask(account, about: login, id: id, on: link, from: address, cause: cause, &turn)
        case .accepted(let account, let replaced, let kicked):
            accept(login, id: id, on: link, account, replaced: replaced, kicked: kicked, cause: cause, &turn)
        }
    }

    private mutating func accept(
        _ login: LinkLogin, id: Int, on link: LinkID, _ account: Account, replaced: Client?, kicked: [Client],
        cause: EntryID, _ turn: inout Turn
    ) {
        var account = account
        account.lastDevices[.all] = login.deviceID
        account.lastDevices[.platform(of: login.clientType)] = login.deviceID
        account.lastActiveDay = Self.day(of: turn.now)
        keep(account, &turn)
        sessions += 1
        let session = Session(
            number: sessions, account: account.accid, deviceID: login.deviceID, clientType: login.clientType,
            since: turn.now, sdkVersion: login.details.sdkVersion)
        let entry = turn.record(
            &imLane, .state, "login accepted",
            [
                .link(link), .account(account.accid), .device(login.deviceID),
                Field("session", .id(kind: "session", session.client.id)),
                Field("kicks", .number(kicked.count)), .rule(CloudRule.accepted),
            ], cause: cause)
        if login.authType == 1, CommsEaseMint.isLongLived(dynamicToken: login.token) {
            turn.record(
                &imLane, .notice, "the dynamic token lives longer than 24 h", [.link(link), .rule(CloudRule.longLife)],
                cause: entry)
        }
        if let replaced { close(replaced.link, "link closed: its device logged in again", cause: entry, &turn) }
        let notice = KickNotice(reason: 1, text: "", clientType: login.clientType)
        for client in kicked { kickOff(client, notice, cause: entry, &turn) }
        let others = clients(of: account.accid)
        links[link] = .loggedIn(session)
        online[account.accid, default: []].append(link)
        let reply = LinkReply.login(
            code: 200, text: "", account: account.accid, clients: others.map(\.session.client))
        send(.reply(id: id, reply), "login 200", on: link, cause: entry, &turn)
        let gone = ((replaced.map { [$0] } ?? []) + kicked).map(\.session.client)
        tellOthers(of: account.accid, except: link, .logout, gone, cause: entry, &turn)
        tellOthers(of: account.accid, except: link, .login, [session.client], cause: entry, &turn)
    }

    /// Whether an SDK that says its version says one before texts came with kicks (commsease.md §11.2).
    private func isTooOldForKickTexts(_ session: Session) -> Bool {
        guard let since = CommsEaseVersion(console.kickTextSince), let version = CommsEaseVersion(session.sdkVersion)
        else { return false }
        return version < since
    }

    /// Tells a client why it must go, then closes its link.
    mutating func kickOff(_ client: Client, _ notice: KickNotice, cause: EntryID, _ turn: inout Turn) {
        var notice = notice
        var rules = [CloudRule.kick(notice.reason)]
        if !notice.text.isEmpty, isTooOldForKickTexts(client.session) {
            notice = KickNotice(reason: notice.reason, text: "", clientType: notice.clientType)
            rules.append(CloudRule.kickText)
        }
        let fields: [Field] =
            [
                .account(client.session.account), Field("session", .id(kind: "session", client.session.client.id)),
                Field("reason", .number(notice.reason)), Field("desc", Field.clipped(notice.text)),
            ] + rules.map { .rule($0) }
        send(.kicked(notice), "kicked, reason \(notice.reason)", fields, on: client.link, cause: cause, &turn)
        close(client.link, "link closed after a kick", cause: cause, &turn)
    }

    /// Tells the clients of an account who came or went.
    mutating func tellOthers(
        of accid: String, except link: LinkID? = nil, _ change: ClientsChange, _ clients: [OnlineClient],
        cause: EntryID, _ turn: inout Turn
    ) {
        guard !clients.isEmpty else { return }
        let title = change == .login ? "clients: login" : "clients: logout"
        let fields = clients.map { Field("client", .id(kind: "session", $0.id)) }
        for other in self.clients(of: accid) where other.link != link {
            send(.clients(change, clients), title, fields, on: other.link, cause: cause, &turn)
        }
    }

    /// Takes a session out of its account's list.
    mutating func leave(_ link: LinkID, _ session: Session) {
        online[session.account]?.removeAll { $0 == link }
        if online[session.account]?.isEmpty == true { online[session.account] = nil }
    }
}
