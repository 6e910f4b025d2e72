import LoginCore
import Providers

/// What is this provider's own on the link.
extension CommsEaseCloud {
    static func details(of login: LinkLogin) -> [Field] {
        [
            Field("authType", .number(login.authType)), Field("automatic", .flag(login.automatic)),
            Field("forced", .flag(login.forced)), Field("clientType", .number(login.clientType)),
        ]
    }

    static func details(ofKick ids: [String]) -> [Field] {
        ids.prefix(mostDevices).map { Field("client", .id(kind: "session", Field.clipped($0))) }
    }

    mutating func kick(
        _ ids: [String], by session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let wanted = Set(ids)
        let targets = desk.seats(of: session.account).filter { $0.link != link && wanted.contains($0.session.name) }
        // The reply repeats the order of the login, not of the request, and each client once.
        let notice = KickNotice(reason: 3, text: "", clientType: session.clientType)
        for target in targets { kickOff(target, notice, cause: cause, &turn) }
        let gone = targets.map(\.session.client)
        let reply = LinkReply.kick(code: 200, text: "", kicked: gone.map(\.id))
        self.reply(to: frame, reply, "kick 200", on: link, cause: cause, &turn)
        tellOthers(of: session.account, .logout, gone, cause: cause, &turn)
    }

    mutating func renew(
        _ token: Secret, _ session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID,
        _ turn: inout Turn
    ) {
        let answer = LinkReply.renew(code: 414, text: "a session keeps the token that it logged in with")
        reply(to: frame, answer, "renew 414", on: link, cause: cause, &turn)
    }

    mutating func loggedOut(_ session: Session, from address: String, cause: EntryID, _ turn: inout Turn) {
        tellOthers(of: session.account, .logout, [session.client], cause: cause, &turn)
    }

    mutating func forgot(_ link: Desk.Link, cause: EntryID, _ turn: inout Turn) {
        // Nobody is left to be told what the app server says.
        if case .asking(let question) = link.state { asking[question.call] = nil }
    }

    mutating func ended(_ link: Desk.Link, _ why: CloseCause, cause: EntryID, _ turn: inout Turn) {
        guard let session = link.session else { return }
        tellOthers(of: session.account, .logout, [session.client], cause: cause, &turn)
    }
}
