import LoginCore
import Providers

/// The IM server's side of the link: one method for each thing that happens on it.
extension TencentCloud {
    mutating func opened(_ link: LinkID, from clientAddress: String, _ turn: inout Turn) {
        // A second report of the same link would throw its session away.
        guard links[link] == nil else { return }
        links[link] = Link(address: clientAddress, heard: turn.now)
        turn.record(&imLane, .link, "link opened", [.link(link)], cause: nil)
    }

    mutating func closed(_ link: LinkID, _ cause: CloseCause, _ turn: inout Turn) {
        // Gone already: the server closed it itself, and said so then.
        guard let state = links[link] else { return }
        let entry = turn.record(
            &imLane, .link, "link ended", [.link(link), Field("why", cause.description)], cause: nil)
        forget(link, &turn)
        guard let session = state.session else { return }
        goAway(session, from: link, &turn)
        // No farewell came: the transport says whether it noticed at once or gave up waiting (§6).
        let change: TencentStateChange.Change = cause == .timedOut ? .timedOut : .linkClosed
        tell(session, change, from: state.address, cause: entry, &turn)
    }

    mutating func received(_ bytes: [UInt8], on link: LinkID, _ turn: inout Turn) {
        // Sent before the client knew that the server had closed the link.
        guard var state = links[link] else { return }
        state.heard = turn.now
        links[link] = state
        let frame: ClientFrame
        do {
            frame = try LinkCodec.decodeClient(bytes)
        } catch {
            let entry = turn.record(
                &imLane, .frameReceived, "not understood",
                [.link(link), Field("problem", Field.clipped(error.text))], cause: nil)
            send(.error(code: 414, text: error.text, id: error.id), "error 414", on: link, cause: entry, &turn)
            return
        }
        let entry = record(frame, on: link, &turn)
        if let session = state.session {
            inSession(frame, session, on: link, cause: entry, &turn)
        } else {
            beforeLogin(frame, on: link, cause: entry, &turn)
        }
    }

    private mutating func beforeLogin(_ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn) {
        let text = "not logged in"
        switch frame.body {
        case .login(let login): decide(login, id: frame.id, on: link, cause: cause, &turn)
        case .ping: reply(to: frame, .ping(code: 200), "ping 200", on: link, cause: cause, isHeartbeat: true, &turn)
        case .sync: reply(to: frame, .sync(code: 403, text: text), "sync 403", on: link, cause: cause, &turn)
        case .echo:
            reply(to: frame, .echo(code: 403, text: text, echoed: ""), "echo 403", on: link, cause: cause, &turn)
        case .kick:
            reply(to: frame, .kick(code: 403, text: text, kicked: []), "kick 403", on: link, cause: cause, &turn)
        case .renew: reply(to: frame, .renew(code: 403, text: text), "renew 403", on: link, cause: cause, &turn)
        case .logout: reply(to: frame, .logout(code: 403, text: text), "logout 403", on: link, cause: cause, &turn)
        }
    }

    private mutating func inSession(
        _ frame: ClientFrame, _ session: Session, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        switch frame.body {
        case .login(let login):
            let text = "this link is logged in already"
            let answer = LinkReply.login(code: 417, text: text, account: login.account, clients: [])
            reply(to: frame, answer, "login 417", on: link, cause: cause, &turn)
        case .ping: reply(to: frame, .ping(code: 200), "ping 200", on: link, cause: cause, isHeartbeat: true, &turn)
        case .sync: reply(to: frame, .sync(code: 200, text: ""), "sync 200", on: link, cause: cause, &turn)
        case .echo(let text):
            reply(to: frame, .echo(code: 200, text: "", echoed: text), "echo 200", on: link, cause: cause, &turn)
        case .kick:
            // No client of this provider kicks another one by a command.
            let text = "clients cannot kick"
            reply(to: frame, .kick(code: 60017, text: text, kicked: []), "kick 60017", on: link, cause: cause, &turn)
        case .renew(let token): renew(token, frame, session, on: link, cause: cause, &turn)
        case .logout: logOut(frame, session, on: link, cause: cause, &turn)
        }
    }

    /// The session goes on with a newer UserSig, or with the one that it has.
    private mutating func renew(
        _ token: Secret, _ frame: ClientFrame, _ session: Session, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let userID = session.userID
        switch mint.check(token, userID: userID, appKey: appKey, at: turn.now, voidedBefore: voidedBefore[userID]) {
        case .success(let ticket):
            links[link]?.session?.lastSecond = ticket.lastSecond
            turn.record(
                &imLane, .state, "UserSig renewed", [.link(link), .account(session.userID), .rule("TC-own-renewal")],
                cause: cause)
            watchAnew(link, &turn)
            reply(to: frame, .renew(code: 200, text: ""), "renew 200", on: link, cause: cause, &turn)
        case .failure(let refusal):
            let code = refusal.code == 70001 ? console.expiredCode : refusal.code
            let answer = LinkReply.renew(code: code, text: refusal.why)
            reply(to: frame, answer, "renew \(code)", on: link, cause: cause, &turn)
        }
    }

    private mutating func logOut(
        _ frame: ClientFrame, _ session: Session, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let address = links[link]?.address ?? ""
        reply(to: frame, .logout(code: 200, text: ""), "logout 200", on: link, cause: cause, &turn)
        close(link, "link closed after logout", cause: cause, &turn)
        drop(session, &turn)
        tell(session, .logout, from: address, cause: cause, &turn)
    }

    private mutating func record(_ frame: ClientFrame, on link: LinkID, _ turn: inout Turn) -> EntryID {
        if imLane.isQuiet { return imLane.skip() }
        var fields: [Field] = [.link(link)]
        let title: String
        var isHeartbeat = false
        switch frame.body {
        case .login(let login):
            title = "login"
            fields += [
                .account(login.account), .device(login.deviceID), .secret(login.token),
                Field("reconnect", .flag(login.automatic)),
                Field("platform", Self.platform(of: login).title),
            ]
        case .sync: title = "sync"
        case .ping:
            title = "ping"
            isHeartbeat = true
        case .echo(let text):
            title = "echo"
            fields.append(Field("text", Field.clipped(text)))
        case .kick: title = "kick"
        case .renew(let token):
            title = "renew"
            fields.append(.secret(token))
        case .logout: title = "logout"
        }
        return turn.record(&imLane, .frameReceived, title, fields, cause: frame.cause, isHeartbeat: isHeartbeat)
    }
}

/// Ends of links.
extension TencentCloud {
    /// Closes a link from this side and forgets it; what becomes of its instance is the caller's to say.
    mutating func close(_ link: LinkID, _ title: String, cause: EntryID, _ turn: inout Turn) {
        guard links[link] != nil else { return }
        forget(link, &turn)
        turn.record(&imLane, .link, title, [.link(link)], cause: cause)
        turn.emit(.close(link, code: 1000))
    }

    private mutating func forget(_ link: LinkID, _ turn: inout Turn) {
        guard let state = links.removeValue(forKey: link), let watch = state.watch else { return }
        watches[watch] = nil
        turn.emit(.cancelTimer(watch))
    }

    /// A client type that has no platform counts as Web [ours].
    static func platform(of login: LinkLogin) -> TencentPlatform {
        TencentPlatform(rawValue: login.clientType) ?? .web
    }
}
