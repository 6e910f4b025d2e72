import LoginCore
import Providers

/// Why a login is refused, with the numbers of both generations (commsease.md §14.2).
enum LoginRefusal: Hashable, Sendable {
    case appKey
    case authType
    case account
    case banned
    case credential
    case callback
    case device

    /// What `generation` is told; `settings` choose where the sources are at odds (commsease.md §13).
    func code(for generation: String, _ settings: CommsEaseConsoleSettings) -> Int {
        let isV10 = generation == "v10"
        return switch self {
        case .appKey: isV10 ? 101_303 : 302
        case .authType: isV10 ? 101_305 : 403
        case .account: isV10 ? 102_404 : 302
        case .banned: isV10 ? 102_422 : settings.bannedCode
        case .credential: isV10 ? 102_302 : 302
        // V10 has no number of its own for 302 here; 463 is in its table (§7.2).
        case .callback: settings.callbackRefusalCode
        case .device: 417
        }
    }

    var rule: RuleID {
        switch self {
        case .appKey: CloudRule.appKey
        case .authType: CloudRule.authType
        case .account: CloudRule.account
        case .banned: CloudRule.banned
        case .credential: CloudRule.credential
        case .callback: CloudRule.callback
        case .device: CloudRule.device
        }
    }
}

/// Logins that the app server is asked about (commsease.md §10): one request, no repetition.
extension CommsEaseCloud {
    mutating func ask(
        _ account: Account, about login: LinkLogin, id: Int, on link: LinkID, from address: String, cause: EntryID,
        _ turn: inout Turn
    ) {
        let call = outgoing.next()
        desk.ask(Asking(login: login, frame: id, call: call), on: link)
        asking[call] = link
        let entry = turn.record(
            &lanes.im, .httpRequest, "login callback",
            [.link(link), .account(account.accid), .device(login.deviceID), .secret(login.token)], cause: cause)
        let question = CommsEaseLoginQuestion(login, account: account.accid, clientAddress: address, at: turn.now)
        let isOwn = console.loginCallback == CommsEaseConsoleSettings.ownAppServer
        let url = isOwn ? appServer + AppServer.callbackPath : console.loginCallback
        turn.emit(
            .httpCall(
                call, .url(url), mint.request(for: question, cause: entry),
                timeout: .milliseconds(console.loginCallbackTimeout)))
    }

    /// The app server's word on a login, or the failure to get one; the login is decided afresh with it.
    mutating func answered(_ call: OutgoingID, _ result: Result<HTTPResponseValue, CallFailure>, _ turn: inout Turn) {
        // The client has gone, or the login is of a life before this one.
        guard let link = asking.removeValue(forKey: call), let question = desk.answered(link) else { return }
        let title: String
        var cause: EntryID?
        var rule = CloudRule.callback
        let isAllowed: Bool
        switch result {
        case .success(let response):
            cause = EntryID(in: response.headers)
            if let verdict = CommsEaseLoginVerdict(response) {
                isAllowed = verdict.isAllowed
                title = isAllowed ? "login callback: allowed" : "login callback: refused"
            } else {
                (isAllowed, rule) = (console.loginCallbackPasses, CloudRule.callbackDefault)
                title = "login callback: no verdict under status \(response.status), \(byDefault)"
            }
        case .failure(let failure):
            (isAllowed, rule) = (console.loginCallbackPasses, CloudRule.callbackDefault)
            title = "login callback: \(failure.cause), \(byDefault)"
        }
        let entry = turn.record(&lanes.im, .httpResponse, title, [.link(link), .rule(rule)], cause: cause)
        decide(
            question.login, id: question.frame, on: link, from: desk[link]?.address ?? "", verdict: isAllowed,
            cause: entry,
            &turn)
    }

    private var byDefault: String {
        console.loginCallbackPasses ? "let in by default" : "refused by default"
    }
}

/// The console's accounts and numbers (commsease.md §1, §6).
extension CommsEaseCloud {
    func overview(at now: Instant) -> CommsEaseConsoleOverview {
        let today = now.day
        let listed = accounts.values.filter(\.isFromConsole).sorted { $0.accid < $1.accid }
        return CommsEaseConsoleOverview(
            accounts: listed.map { CommsEaseConsoleOverview.Account(accid: $0.accid, isBanned: $0.isBanned) },
            accountTotal: accounts.count, bannedTotal: accounts.values.count(where: \.isBanned),
            dailyActive: accounts.values.count { $0.lastActiveDay == today })
    }

    mutating func createInConsole(
        _ accid: String, _ token: Secret?, cause: EntryID, _ turn: inout Turn
    ) -> CommsEaseAnswer {
        guard var account = create(accid, token, CommsEaseProfile(), cause: cause, &turn) else {
            return Self.accountTaken
        }
        account.isFromConsole = true
        keep(account, &turn)
        return view(of: account.accid, hasToken: true, hasProfile: false)
    }
}
