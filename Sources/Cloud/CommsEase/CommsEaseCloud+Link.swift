import LoginCore
import Providers

/// The IM server's side of the link: one method for each thing that happens on it.
extension CommsEaseCloud {
    mutating func opened(_ link: LinkID, from clientAddress: String, _ turn: inout Turn) {
        // A second report of the same link would throw its session away.
        guard links[link] == nil else { return }
        links[link] = .opened(address: clientAddress)
        turn.record(&imLane, .link, "link opened", [.link(link)], cause: nil)
    }

    mutating func closed(_ link: LinkID, _ cause: CloseCause, _ turn: inout Turn) {
        // Gone already: the server closed it itself, and said so then.
        guard let state = links[link] else { return }
        links[link] = nil
        let entry = turn.record(
            &imLane, .link, "link ended", [.link(link), Field("why", cause.description)], cause: nil)
        // Nobody is left to be told what the app server says.
        if case .asking(let question) = state { asking[question.call] = nil }
        guard case .loggedIn(let session) = state else { return }
        leave(link, session)
        tellOthers(of: session.account, .logout, [session.client], cause: entry, &turn)
    }

    mutating func received(_ bytes: [UInt8], on link: LinkID, _ turn: inout Turn) {
        // Sent before the client knew that the server had closed the link.
        guard let state = links[link] else { return }
        let frame: ClientFrame
        do {
            frame = try LinkCodec.decodeClient(bytes)
        } catch {
            let entry = turn.record(
                &imLane, .frameReceived, "not understood",
                [.link(link), Field("problem", Field.clipped(error.text))],
                cause: nil)
            send(.error(code: 414, text: error.text, id: error.id), "error 414", on: link, cause: entry, &turn)
            return
        }
        let entry = record(frame, on: link, &turn)
        switch (frame.body, state) {
        case (.ping, _):
            reply(to: frame, .ping(code: 200), "ping 200", on: link, cause: entry, isHeartbeat: true, &turn)
        case (.login(let login), .opened(let address)):
            decide(login, id: frame.id, on: link, from: address, cause: entry, &turn)
        case (.login(let login), .asking):
            let text = "a login is under way on this link"
            let reply = LinkReply.login(code: 417, text: text, account: login.account, clients: [])
            self.reply(to: frame, reply, "login 417", on: link, cause: entry, &turn)
        case (.login(let login), .loggedIn):
            let text = "this link is logged in already"
            let reply = LinkReply.login(code: 417, text: text, account: login.account, clients: [])
            self.reply(to: frame, reply, "login 417", on: link, cause: entry, &turn)
        case (.sync, .opened), (.sync, .asking):
            reply(to: frame, .sync(code: 403, text: Self.notLoggedIn), "sync 403", on: link, cause: entry, &turn)
        case (.sync, .loggedIn):
            reply(to: frame, .sync(code: 200, text: ""), "sync 200", on: link, cause: entry, &turn)
        case (.echo, .opened), (.echo, .asking):
            let reply = LinkReply.echo(code: 403, text: Self.notLoggedIn, echoed: "")
            self.reply(to: frame, reply, "echo 403", on: link, cause: entry, &turn)
        case (.echo(let text), .loggedIn):
            let reply = LinkReply.echo(code: 200, text: "", echoed: text)
            self.reply(to: frame, reply, "echo 200", on: link, cause: entry, &turn)
        case (.kick, .opened), (.kick, .asking):
            let reply = LinkReply.kick(code: 403, text: Self.notLoggedIn, kicked: [])
            self.reply(to: frame, reply, "kick 403", on: link, cause: entry, &turn)
        case (.kick(let ids), .loggedIn(let session)):
            kick(ids, by: session, frame, on: link, cause: entry, &turn)
        case (.renew, _):
            let reply = LinkReply.renew(code: 414, text: "a session keeps the token that it logged in with")
            self.reply(to: frame, reply, "renew 414", on: link, cause: entry, &turn)
        case (.logout, .opened), (.logout, .asking):
            reply(to: frame, .logout(code: 403, text: Self.notLoggedIn), "logout 403", on: link, cause: entry, &turn)
        case (.logout, .loggedIn(let session)): logOut(session, frame, on: link, cause: entry, &turn)
        }
    }

    private static let notLoggedIn = "not logged in"

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
                Field("authType", .number(login.authType)), Field("automatic", .flag(login.automatic)),
                Field("forced", .flag(login.forced)), Field("clientType", .number(login.clientType)),
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
            fields += ids.prefix(Self.mostDevices).map { Field("client", .id(kind: "session", Field.clipped($0))) }
        case .renew(let token):
            title = "renew"
            fields.append(.secret(token))
        case .logout: title = "logout"
        }
        return turn.record(
            &imLane, .frameReceived, title, fields, cause: frame.cause, isHeartbeat: isHeartbeat)
    }

    private mutating func kick(
        _ ids: [String], by session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let wanted = Set(ids)
        let targets = clients(of: session.account).filter { $0.link != link && wanted.contains($0.session.client.id) }
        // The reply repeats the order of the login, not of the request, and each client once.
        let notice = KickNotice(reason: 3, text: "", clientType: session.clientType)
        for target in targets { kickOff(target, notice, cause: cause, &turn) }
        let gone = targets.map(\.session.client)
        let reply = LinkReply.kick(code: 200, text: "", kicked: gone.map(\.id))
        self.reply(to: frame, reply, "kick 200", on: link, cause: cause, &turn)
        tellOthers(of: session.account, .logout, gone, cause: cause, &turn)
    }

    private mutating func logOut(
        _ session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        reply(to: frame, .logout(code: 200, text: ""), "logout 200", on: link, cause: cause, &turn)
        close(link, "link closed after logout", cause: cause, &turn)
        tellOthers(of: session.account, .logout, [session.client], cause: cause, &turn)
    }
}

/// Ends of links.
extension CommsEaseCloud {
    /// Closes a link from this side and forgets it and its session.
    mutating func close(_ link: LinkID, _ title: String, cause: EntryID, _ turn: inout Turn) {
        guard let state = links.removeValue(forKey: link) else { return }
        if case .loggedIn(let session) = state { leave(link, session) }
        if case .asking(let question) = state { asking[question.call] = nil }
        turn.record(&imLane, .link, title, [.link(link)], cause: cause)
        turn.emit(.close(link, code: 1000))
    }
}
