import LoginCore
import Providers

/// What the web API does to accounts, in the words of both dialects (commsease.md §11.2, §11.3).
extension CommsEaseCloud {
    /// The page has V2's codes for no such account and for one too many; the texts of both are ours.
    static let noAccount = CommsEaseAnswer.failed(code: 102_404, desc: "account not exist")
    static let accountTaken = CommsEaseAnswer.failed(code: 102_405, desc: "account already exists")

    // MARK: V2

    mutating func perform(
        _ action: CommsEaseAccountAction, on accid: String, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        if case .create(let patch) = action {
            guard let account = create(accid, patch.token, patch.profile, cause: cause, &turn) else {
                return Self.accountTaken
            }
            configure(account.accid, patch, cause: cause, &turn)
            return view(of: account.accid, hasToken: true, hasProfile: true)
        }
        guard accounts[accid] != nil else { return Self.noAccount }
        switch action {
        case .create, .read: return view(of: accid, hasToken: true, hasProfile: true)
        case .update(let patch, let needKick, let notify):
            setProfile(of: accid, patch.profile, &turn)
            if let token = patch.token { replaceToken(of: accid, with: token, cause: cause, &turn) }
            configure(accid, patch, cause: cause, &turn)
            if needKick { kickOff(desk.seats(of: accid), of: accid, notify ?? "", cause: cause, &turn) }
            return view(of: accid, hasToken: true, hasProfile: true)
        case .refreshToken:
            let token = drawToken(&turn)
            replaceToken(of: accid, with: token, cause: cause, &turn)
            return view(of: accid, hasToken: true, hasProfile: false)
        case .disable(let isEnabled, let needKick, let notify):
            setBan(!isEnabled, accid, cause: cause, &turn)
            // A kick belongs to the ban; who lifts one kicks nobody [ours].
            if needKick, !isEnabled {
                kickOff(desk.seats(of: accid), of: accid, notify ?? "", cause: cause, &turn)
            }
            return view(of: accid, hasToken: false, hasProfile: false)
        }
    }

    private mutating func configure(
        _ accid: String, _ patch: CommsEaseAccountPatch, cause: EntryID, _ turn: inout Turn
    ) {
        if let isEnabled = patch.isEnabled, isEnabled == accounts[accid]?.isBanned {
            setBan(!isEnabled, accid, cause: cause, &turn)
        }
        if !patch.mutes.isEmpty { setMutes(patch.mutes, accid, cause: cause, &turn) }
    }

    func view(of accid: String, hasToken: Bool, hasProfile: Bool) -> CommsEaseAnswer {
        guard let account = accounts[accid] else { return Self.noAccount }
        return .account(Self.view(of: account, hasToken: hasToken, hasProfile: hasProfile))
    }

    private static func view(of account: Account, hasToken: Bool, hasProfile: Bool) -> CommsEaseAccountView {
        CommsEaseAccountView(
            accountID: account.accid, token: hasToken ? account.token : nil, isEnabled: !account.isBanned,
            mutes: account.mutes, profile: hasProfile ? account.profile : nil)
    }

    /// Each account once, in the order asked.
    func views(of ids: [String]) -> CommsEaseAnswer {
        var told: Set<String> = []
        var known: [CommsEaseAccountView] = []
        var unknown: [CommsEaseAccountFailure] = []
        for id in ids.map(Self.stored) where told.insert(id).inserted {
            if let account = accounts[id] {
                known.append(Self.view(of: account, hasToken: false, hasProfile: false))
            } else {
                unknown.append(CommsEaseAccountFailure(accountID: id, code: 102_404, text: "account not exist"))
            }
        }
        return .accounts(success: known, failed: unknown)
    }

    // MARK: Both

    /// Who is online, each account once; an account is unknown under the name that was asked for.
    func online(_ accids: [String]) -> CommsEaseAnswer {
        var told: Set<String> = []
        var unknown: [String] = []
        var status: [CommsEaseOnlineAccount] = []
        for asked in accids {
            let accid = Self.stored(asked)
            guard told.insert(accid).inserted else { continue }
            guard accounts[accid] != nil else {
                unknown.append(asked)
                continue
            }
            let clients = desk.seats(of: accid).map { client in
                CommsEaseOnlineAccount.Client(
                    clientType: client.session.clientType, loginTime: client.session.since.milliseconds)
            }
            if !clients.isEmpty { status.append(CommsEaseOnlineAccount(accid: accid, clients: clients)) }
        }
        return .online(unknown: unknown, status: status)
    }

    /// Nil when the account exists already.
    mutating func create(
        _ accid: String, _ token: Secret?, _ profile: CommsEaseProfile, cause: EntryID, _ turn: inout Turn
    ) -> Account? {
        let accid = Self.stored(accid)
        guard accounts[accid] == nil else { return nil }
        let token = token ?? drawToken(&turn)
        let account = Account(accid: accid, token: token, profile: profile)
        keep(account, &turn)
        turn.record(&lanes.api, .state, "account created", [.account(accid), .secret(token)], cause: cause)
        return account
    }

    mutating func setProfile(of accid: String, _ profile: CommsEaseProfile, _ turn: inout Turn) {
        guard var account = accounts[accid] else { return }
        account.profile.take(profile)
        keep(account, &turn)
    }

    /// From now on only the new token opens the door; who is in stays in (commsease.md §12.3).
    mutating func replaceToken(of accid: String, with token: Secret, cause: EntryID, _ turn: inout Turn) {
        guard var account = accounts[accid] else { return }
        let old = SecretDigest.reference(for: account.token, name: "token").digest
        let new = SecretDigest.reference(for: token, name: "token").digest
        if !ConstantTime.areEqual(account.token, token) {
            account.replacedTokens = Array(([old] + account.replacedTokens).filter { $0 != new }.prefix(8))
            account.token = token
        }
        keep(account, &turn)
        turn.record(
            &lanes.api, .state, "token replaced", [.account(accid), .secret(token), .rule(CloudRule.token)],
            cause: cause)
    }

    mutating func setBan(_ isBanned: Bool, _ accid: String, cause: EntryID, _ turn: inout Turn) {
        guard var account = accounts[accid] else { return }
        account.isBanned = isBanned
        keep(account, &turn)
        turn.record(
            &lanes.api, .state, isBanned ? "account banned" : "account unbanned",
            [.account(accid), .rule(isBanned ? CloudRule.ban : CloudRule.unban)], cause: cause)
    }

    /// A mute is kept and told, and that is all: it never touches a login (commsease.md §12.4).
    mutating func setMutes(
        _ changes: [CommsEaseMute: Bool], _ accid: String, cause: EntryID, _ turn: inout Turn
    ) {
        guard var account = accounts[accid] else { return }
        for mute in CommsEaseMute.allCases {
            guard let isMuted = changes[mute] else { continue }
            if isMuted { account.mutes.insert(mute) } else { account.mutes.remove(mute) }
        }
        keep(account, &turn)
        let muted = CommsEaseMute.allCases.filter(account.mutes.contains).map { $0.name(.v1) }
        turn.record(
            &lanes.api, .state, "mutes changed",
            [.account(accid), Field("muted", muted.joined(separator: ", ")), .rule(CloudRule.mute)], cause: cause)
    }
}
