import LoginCore
import Providers

/// What is this provider's own on the link.
extension TencentCloud {
    static func details(of login: LinkLogin) -> [Field] {
        [Field("reconnect", .flag(login.automatic)), Field("platform", platform(of: login).title)]
    }

    static func details(ofKick ids: [String]) -> [Field] { [] }

    /// A client type that has no platform counts as Web [ours].
    static func platform(of login: LinkLogin) -> TencentPlatform {
        TencentPlatform(rawValue: login.clientType) ?? .web
    }

    /// No client of this provider kicks another one by a command.
    mutating func kick(
        _ ids: [String], by session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let answer = LinkReply.kick(code: 60017, text: "clients cannot kick", kicked: [])
        reply(to: frame, answer, "kick 60017", on: link, cause: cause, &turn)
    }

    /// The session goes on with a newer UserSig, or with the one that it has.
    mutating func renew(
        _ token: Secret, _ session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID,
        _ turn: inout Turn
    ) {
        let userID = session.account
        switch mint.check(token, userID: userID, appKey: appKey, at: turn.now, voidedBefore: voidedBefore[userID]) {
        case .success(let ticket):
            desk.change(link) { $0.lastSecond = ticket.lastSecond }
            turn.record(
                &lanes.im, .state, "UserSig renewed", [.link(link), .account(userID), .rule("TC-own-renewal")],
                cause: cause)
            watch(link, &turn)
            reply(to: frame, .renew(code: 200, text: ""), "renew 200", on: link, cause: cause, &turn)
        case .failure(let refusal):
            let code = refusal.code == 70001 ? console.expiredCode : refusal.code
            let answer = LinkReply.renew(code: code, text: refusal.why)
            reply(to: frame, answer, "renew \(code)", on: link, cause: cause, &turn)
        }
    }

    mutating func loggedOut(_ session: Session, from address: String, cause: EntryID, _ turn: inout Turn) {
        drop(session, &turn)
        tell(session, .logout, from: address, cause: cause, &turn)
    }

    mutating func ended(_ link: Desk.Link, _ why: CloseCause, cause: EntryID, _ turn: inout Turn) {
        guard let session = link.session else { return }
        goAway(session, from: link.id, &turn)
        // No farewell came: the transport says whether it noticed at once or gave up waiting (§6).
        let change: TencentStateChange.Change = why == .timedOut ? .timedOut : .linkClosed
        tell(session, change, from: link.address, cause: cause, &turn)
    }
}
