import LoginCore
import Providers

/// The IM server's side of the link: one method for each thing that happens on it.
extension EasemobCloud {
    mutating func opened(_ link: LinkID, _ turn: inout Turn) {
        // A second report of the same link would throw its session away.
        guard links[link] == nil else { return }
        links[link] = Link(heard: turn.now)
        turn.record(&imLane, .link, "link opened", [.link(link)], cause: nil)
    }

    mutating func closed(_ link: LinkID, _ cause: CloseCause, _ turn: inout Turn) {
        // Gone already: the server closed it itself, and said so then.
        guard links[link] != nil else { return }
        let entry = turn.record(
            &imLane, .link, "link ended", [.link(link), Field("why", cause.description)], cause: nil)
        drop(link, cause: entry, &turn)
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
        case .kick(let ids): kick(ids, by: session, frame, on: link, cause: cause, &turn)
        case .renew(let token): renew(token, session, frame, on: link, cause: cause, &turn)
        case .logout:
            reply(to: frame, .logout(code: 200, text: ""), "logout 200", on: link, cause: cause, &turn)
            close(link, "link closed after logout", cause: cause, &turn)
        }
    }

    /// The client kicks other devices of its user (§9).
    private mutating func kick(
        _ ids: [String], by session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let wanted = Set(ids)
        let targets = (online[session.username] ?? []).filter { other in
            other != link && links[other]?.session.map { wanted.contains($0.name) } == true
        }
        let names = targets.compactMap { links[$0]?.session?.name }
        let answer = LinkReply.kick(code: 200, text: "", kicked: names)
        reply(to: frame, answer, "kick 200", on: link, cause: cause, &turn)
        for target in targets { kickOff(target, 217, by: session, cause: cause, &turn) }
    }

    /// A newer token takes the place of the session's (§4, renewToken).
    private mutating func renew(
        _ token: Secret, _ session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID,
        _ turn: inout Turn
    ) {
        switch life(of: token, for: session.username, at: turn.now) {
        case .failure(let refusal):
            let entry = turn.record(
                &imLane, .notice, "renew refused \(refusal.code): \(refusal.why)",
                [.link(link), .account(session.username), .code(refusal.code), .rule(refusal.rule)], cause: cause)
            let answer = LinkReply.renew(code: refusal.code, text: refusal.why)
            reply(to: frame, answer, "renew \(refusal.code)", on: link, cause: entry, &turn)
        case .success(let life):
            links[link]?.session?.life = life
            let entry = turn.record(
                &imLane, .state, "token renewed", [.link(link), .account(session.username), .rule("EM-4-renew")],
                cause: cause)
            reply(to: frame, .renew(code: 200, text: ""), "renew 200", on: link, cause: entry, &turn)
            watch(link, &turn)
        }
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
                Field("automatic", .flag(login.automatic)), Field("platform", Self.platform(of: login).title),
            ]
        case .sync: title = "sync"
        case .ping:
            title = "ping"
            isHeartbeat = true
        case .echo(let text):
            title = "echo"
            fields.append(Field("text", Field.clipped(text)))
        case .kick(let ids):
            title = "kick"
            fields.append(Field("clients", .number(ids.count)))
        case .renew(let token):
            title = "renew"
            fields.append(.secret(token))
        case .logout: title = "logout"
        }
        return turn.record(&imLane, .frameReceived, title, fields, cause: frame.cause, isHeartbeat: isHeartbeat)
    }
}

/// Ends of links, and what is watched on them.
extension EasemobCloud {
    /// Closes a link from this side.
    mutating func close(_ link: LinkID, _ title: String, cause: EntryID, _ turn: inout Turn) {
        guard links[link] != nil else { return }
        turn.record(&imLane, .link, title, [.link(link)], cause: cause)
        turn.emit(.close(link, code: 1000))
        drop(link, cause: cause, &turn)
    }

    /// Forgets a link, and tells the user's other devices if a session ended with it.
    private mutating func drop(_ link: LinkID, cause: EntryID, _ turn: inout Turn) {
        guard let state = links.removeValue(forKey: link) else { return }
        if let watch = state.watch {
            watches[watch] = nil
            turn.emit(.cancelTimer(watch))
        }
        guard let session = state.session else { return }
        var rest = online[session.username] ?? []
        rest.removeAll { $0 == link }
        online[session.username] = rest.isEmpty ? nil : rest
        tell(rest, .logout, session, cause: cause, &turn)
    }

    /// Tells a user's other devices that one came or went.
    mutating func tell(
        _ others: [LinkID], _ change: ClientsChange, _ session: Session, cause: EntryID, _ turn: inout Turn
    ) {
        let title = change == .login ? "clients: login" : "clients: logout"
        for other in others { send(.clients(change, [session.client]), title, on: other, cause: cause, &turn) }
    }

    /// Looks after a session until the next thing that is due: its silence, the warning, the end of its token.
    mutating func watch(_ link: LinkID, _ turn: inout Turn) {
        guard let state = links[link], let session = state.session else { return }
        if let old = state.watch {
            watches[old] = nil
            turn.emit(.cancelTimer(old))
        }
        let dues = [state.heard + Self.silence, warning(session.life), session.life.end].compactMap { $0 }
        let timer = timers.next()
        links[link]?.watch = timer
        watches[timer] = link
        turn.emit(.startTimer(timer, after: max(.zero, (dues.min() ?? turn.now) - turn.now)))
    }

    /// When the client is to be warned of the end of its token; nil when it was, or there is none (§7).
    private func warning(_ life: Life) -> Instant? {
        guard let end = life.end, !life.isWarned else { return nil }
        return life.start + (end - life.start) * console.willExpirePercent / 100
    }

    mutating func fired(_ timer: TimerID, _ turn: inout Turn) {
        // Late: the link went away before its timer was cancelled.
        guard let link = watches.removeValue(forKey: timer), let state = links[link], let session = state.session
        else { return }
        links[link]?.watch = nil
        if let end = session.life.end, turn.now >= end {
            let entry = turn.record(
                &imLane, .state, "token expired online",
                [.link(link), .account(session.username), .rule("EM-7-expiry")], cause: nil)
            return kickOff(link, 108, by: nil, cause: entry, &turn)
        }
        if turn.now - state.heard >= Self.silence {
            let entry = turn.record(
                &imLane, .notice, "nothing heard for \(Self.silence.text)", [.link(link), .rule("EM-8-silence")],
                cause: nil)
            return close(link, "link closed after silence", cause: entry, &turn)
        }
        if let due = warning(session.life), turn.now >= due {
            links[link]?.session?.life.isWarned = true
            let entry = turn.record(
                &imLane, .state, "token will expire",
                [.link(link), .account(session.username), .rule("EM-7-warning")], cause: nil)
            send(.tokenWillExpire, "token will expire", on: link, cause: entry, &turn)
        }
        watch(link, &turn)
    }
}
