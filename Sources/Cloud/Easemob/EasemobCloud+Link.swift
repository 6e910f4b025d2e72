import LoginCore
import Providers

/// What is this provider's own on the link.
extension EasemobCloud {
    static func details(of login: LinkLogin) -> [Field] {
        [Field("automatic", .flag(login.automatic)), Field("platform", platform(of: login).title)]
    }

    static func details(ofKick ids: [String]) -> [Field] {
        [Field("clients", .number(ids.count))]
    }

    /// The client kicks other devices of its user (§9).
    mutating func kick(
        _ ids: [String], by session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let wanted = Set(ids)
        let targets = desk.seats(of: session.account).filter { $0.link != link && wanted.contains($0.session.name) }
        let answer = LinkReply.kick(code: 200, text: "", kicked: targets.map(\.session.name))
        reply(to: frame, answer, "kick 200", on: link, cause: cause, &turn)
        for target in targets { kickOff(target, 217, by: session, cause: cause, &turn) }
    }

    /// A newer token takes the place of the session's (§4, renewToken).
    mutating func renew(
        _ token: Secret, _ session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID,
        _ turn: inout Turn
    ) {
        switch life(of: token, for: session.account, at: turn.now) {
        case .failure(let refusal):
            let entry = turn.record(
                &lanes.im, .notice, "renew refused \(refusal.code): \(refusal.why)",
                [.link(link), .account(session.account), .code(refusal.code), .rule(refusal.rule)], cause: cause)
            let answer = LinkReply.renew(code: refusal.code, text: refusal.why)
            reply(to: frame, answer, "renew \(refusal.code)", on: link, cause: entry, &turn)
        case .success(let life):
            desk.change(link) { $0.life = life }
            let entry = turn.record(
                &lanes.im, .state, "token renewed", [.link(link), .account(session.account), .rule("EM-4-renew")],
                cause: cause)
            reply(to: frame, .renew(code: 200, text: ""), "renew 200", on: link, cause: entry, &turn)
            watch(link, &turn)
        }
    }

    /// Tells the user's other devices if a session ended with a link.
    mutating func forgot(_ link: Desk.Link, cause: EntryID, _ turn: inout Turn) {
        guard let session = link.session else { return }
        tell(desk.seats(of: session.account), .logout, session, cause: cause, &turn)
    }

    /// Tells a user's other devices that one came or went.
    mutating func tell(
        _ others: [Desk.Seat], _ change: ClientsChange, _ session: Session, cause: EntryID, _ turn: inout Turn
    ) {
        let title = change == .login ? "clients: login" : "clients: logout"
        for other in others { send(.clients(change, [session.client]), title, on: other.link, cause: cause, &turn) }
    }
}

/// What is watched on a link.
extension EasemobCloud {
    /// Looks after a session until the next thing that is due: its silence, the warning, the end of its token.
    mutating func watch(_ link: LinkID, _ turn: inout Turn) {
        guard let state = desk[link], let life = state.session?.own.life else { return }
        let dues = [state.heard + Self.silence, warning(life), life.end].compactMap { $0 }
        desk.watch(link, until: dues.min() ?? turn.now, &turn)
    }

    /// When the client is to be warned of the end of its token; nil when it was, or there is none (§7).
    private func warning(_ life: Life) -> Instant? {
        guard let end = life.end, !life.isWarned else { return nil }
        return life.start + (end - life.start) * console.willExpirePercent / 100
    }

    mutating func due(_ session: Session, on state: Desk.Link, _ turn: inout Turn) {
        let link = state.id
        let life = session.own.life
        if let end = life.end, turn.now >= end {
            let entry = turn.record(
                &lanes.im, .state, "token expired online",
                [.link(link), .account(session.account), .rule("EM-7-expiry")], cause: nil)
            return kickOff(Desk.Seat(link: link, session: session), 108, by: nil, cause: entry, &turn)
        }
        if turn.now - state.heard >= Self.silence {
            let entry = turn.record(
                &lanes.im, .notice, "nothing heard for \(Self.silence.text)", [.link(link), .rule("EM-8-silence")],
                cause: nil)
            return close(link, "link closed after silence", cause: entry, &turn)
        }
        if let due = warning(life), turn.now >= due {
            desk.change(link) { $0.life.isWarned = true }
            let entry = turn.record(
                &lanes.im, .state, "token will expire",
                [.link(link), .account(session.account), .rule("EM-7-warning")], cause: nil)
            send(.tokenWillExpire, "token will expire", on: link, cause: entry, &turn)
        }
        watch(link, &turn)
    }
}
