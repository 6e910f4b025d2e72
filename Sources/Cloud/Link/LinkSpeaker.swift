import LoginCore
import Providers

/// A provider's cloud that speaks the lab's IM link.
///
/// What is the same whoever the provider is stands in the extensions: the link's protocol, the ends of links, the
/// transcript of both, and what becomes of an event that could not be saved. A cloud owns a ``LinkDesk`` and
/// ``CloudLanes``, and says what its provider says differently: one method for each thing.
protocol LinkSpeaker: ProviderCloud {
    associatedtype Own: Equatable & Sendable
    associatedtype Question: Equatable & Sendable
    typealias Desk = LinkDesk<Own, Question>
    typealias Session = LinkSession<Own>

    var desk: Desk { get set }
    var lanes: CloudLanes { get set }

    /// The code of a login, or of another frame, whose records could not be written.
    static var notSavedCode: Int { get }
    /// What the transcript tells of a login beside account, device and token.
    static func details(of login: LinkLogin) -> [Field]
    /// What the transcript tells of a client's wish to kick others.
    static func details(ofKick ids: [String]) -> [Field]

    /// A call of the web API or the console.
    mutating func answer(_ request: HTTPRequestValue, on exchange: ExchangeID, _ turn: inout Turn)
    /// Answers a call whose records could not be written.
    mutating func refuse(
        _ request: HTTPRequestValue, because sentence: String, _ title: String, on exchange: ExchangeID,
        cause: EntryID, _ turn: inout Turn)
    /// The answer to a call that the cloud made.
    mutating func answered(_ call: OutgoingID, _ result: Result<HTTPResponseValue, CallFailure>, _ turn: inout Turn)

    /// A login on a link that has none.
    mutating func decide(
        _ login: LinkLogin, id: Int, on link: LinkID, from address: String, cause: EntryID, _ turn: inout Turn)
    /// A client that is logged in asks to kick others.
    mutating func kick(
        _ ids: [String], by session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID,
        _ turn: inout Turn)
    /// A client that is logged in sends a newer token.
    mutating func renew(
        _ token: Secret, _ session: Session, _ frame: ClientFrame, on link: LinkID, cause: EntryID,
        _ turn: inout Turn)
    /// A session was logged out and its link closed.
    mutating func loggedOut(_ session: Session, from address: String, cause: EntryID, _ turn: inout Turn)
    /// A link was forgotten, whoever ended it.
    mutating func forgot(_ link: Desk.Link, cause: EntryID, _ turn: inout Turn)
    /// A link was ended by the other side or on the way.
    mutating func ended(_ link: Desk.Link, _ why: CloseCause, cause: EntryID, _ turn: inout Turn)
    /// Something is due on a link; see ``LinkDesk/watch(_:until:_:)``.
    mutating func due(_ session: Session, on link: Desk.Link, _ turn: inout Turn)
}

extension LinkSpeaker {
    mutating func answered(_ call: OutgoingID, _ result: Result<HTTPResponseValue, CallFailure>, _ turn: inout Turn) {}
    mutating func loggedOut(_ session: Session, from address: String, cause: EntryID, _ turn: inout Turn) {}
    mutating func forgot(_ link: Desk.Link, cause: EntryID, _ turn: inout Turn) {}
    mutating func ended(_ link: Desk.Link, _ why: CloseCause, cause: EntryID, _ turn: inout Turn) {}
    mutating func due(_ session: Session, on link: Desk.Link, _ turn: inout Turn) {}
}

// MARK: What every cloud is

extension LinkSpeaker {
    package var liveSessions: [LiveSession]? { desk.liveSessions }

    package mutating func continueTranscript(after last: [Lane: Int]) {
        lanes.goOn(after: last)
    }

    package mutating func quieten() {
        lanes.quieten()
    }

    package mutating func handle(_ event: CloudEvent, at now: Instant) -> [CloudEffect] {
        var turn = Turn(at: now)
        desk.begin(at: now)
        lanes.sayProblems(&turn)
        switch event {
        case .request(let exchange, let request): answer(request, on: exchange, &turn)
        case .linkOpened(let link, let clientAddress): opened(link, from: clientAddress, &turn)
        case .frame(let link, let bytes): received(bytes, on: link, &turn)
        case .linkClosed(let link, let cause): closed(link, cause, &turn)
        case .timerFired(let timer):
            guard let link = desk.wake(timer), let session = link.session else { break }
            due(session, on: link, &turn)
        case .httpAnswered(let call, let result): answered(call, result, &turn)
        }
        return turn.effects
    }

    package mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        notSaved(event, because: sentence, at: now)
    }

    /// What becomes of a request or a frame whose records could not be written.
    mutating func notSaved(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        var turn = Turn(at: now)
        switch event {
        case .request(let exchange, let request):
            let title = "request not saved"
            let fields = [
                Field("method", Field.clipped(request.method, to: 16)), Field("path", Field.clipped(request.path)),
            ]
            let entry = turn.record(&lanes.api, .httpRequest, title, fields, cause: EntryID(in: request.headers))
            refuse(request, because: sentence, title, on: exchange, cause: entry, &turn)
        case .frame(let link, let bytes):
            guard desk[link] != nil, let frame = try? LinkCodec.decodeClient(bytes) else { return [] }
            let entry = turn.record(
                &lanes.im, .frameReceived, "frame not saved", [.link(link), Field("problem", sentence)],
                cause: frame.cause)
            let code = Self.notSavedCode
            if case .login(let login) = frame.body {
                let answer = LinkReply.login(code: code, text: sentence, account: login.account, clients: [])
                reply(to: frame, answer, "login \(code)", on: link, cause: entry, &turn)
            } else {
                send(
                    .error(code: code, text: sentence, id: frame.id), "error \(code)", on: link, cause: entry, &turn)
            }
        case .httpAnswered, .linkOpened, .linkClosed, .timerFired:
            // Nobody asked; what happened has happened, and is written down with the next change.
            return handle(event, at: now).filter { effect in
                switch effect {
                case .save, .remove: false
                default: true
                }
            }
        }
        return turn.effects
    }
}

// MARK: What is sent

extension LinkSpeaker {
    /// Answers a frame.
    mutating func reply(
        to frame: ClientFrame, _ reply: LinkReply, _ title: @autoclosure () -> String, on link: LinkID, cause: EntryID,
        isHeartbeat: Bool = false, _ turn: inout Turn
    ) {
        send(.reply(id: frame.id, reply), title(), on: link, cause: cause, isHeartbeat: isHeartbeat, &turn)
    }

    /// Sends a frame that names its own transcript entry, so that what it causes elsewhere can be traced to it.
    mutating func send(
        _ body: ServerFrame.Body, _ title: @autoclosure () -> String, _ fields: @autoclosure () -> [Field] = [],
        on link: LinkID, cause: EntryID, isHeartbeat: Bool = false, _ turn: inout Turn
    ) {
        let entry = turn.record(
            &lanes.im, .frameSent, title(), [.link(link)] + fields(), cause: cause, isHeartbeat: isHeartbeat)
        turn.emit(.send(link, LinkCodec.encode(ServerFrame(body: body, cause: entry))))
    }

    /// Refuses a login with the rule that decided it; `name` is the account as the answer names it, `told` what the
    /// answer says in place of the reason.
    mutating func refuseLogin(
        of account: String, as name: String, id: Int, _ code: Int, _ why: String, _ rule: RuleID,
        told: String? = nil, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let entry = turn.record(
            &lanes.im, .notice, "login refused \(code): \(why)",
            [.link(link), .account(account), .code(code), .rule(rule)], cause: cause)
        let reply = LinkReply.login(code: code, text: told ?? why, account: name, clients: [])
        send(.reply(id: id, reply), "login \(code)", on: link, cause: entry, &turn)
    }

    /// Tells a client why it must go, then closes its link.
    mutating func kickOff(
        _ seat: Desk.Seat, _ notice: KickNotice, _ more: [Field], cause: EntryID, _ turn: inout Turn
    ) {
        send(
            .kicked(notice), "kicked, reason \(notice.reason)",
            [
                .account(seat.session.account), Field("session", .id(kind: "session", seat.session.name)),
                Field("reason", .number(notice.reason)),
            ] + more, on: seat.link, cause: cause, &turn)
        close(seat.link, "link closed after a kick", cause: cause, &turn)
    }

    /// Closes a link from this side and forgets it and its session.
    mutating func close(_ link: LinkID, _ title: String, cause: EntryID, _ turn: inout Turn) {
        guard let gone = desk.remove(link, &turn) else { return }
        turn.record(&lanes.im, .link, title, [.link(link)], cause: cause)
        turn.emit(.close(link, code: 1000))
        forgot(gone, cause: cause, &turn)
    }
}

// MARK: What comes in

extension LinkSpeaker {
    private mutating func opened(_ link: LinkID, from clientAddress: String, _ turn: inout Turn) {
        guard desk.open(link, from: clientAddress, at: turn.now) else { return }
        turn.record(&lanes.im, .link, "link opened", [.link(link)], cause: nil)
    }

    private mutating func closed(_ link: LinkID, _ why: CloseCause, _ turn: inout Turn) {
        // Gone already: the server closed it itself, and said so then.
        guard let gone = desk.remove(link, &turn) else { return }
        let entry = turn.record(
            &lanes.im, .link, "link ended", [.link(link), Field("why", why.description)], cause: nil)
        forgot(gone, cause: entry, &turn)
        ended(gone, why, cause: entry, &turn)
    }

    private mutating func received(_ bytes: [UInt8], on link: LinkID, _ turn: inout Turn) {
        // Sent before the client knew that the server had closed the link.
        guard let found = desk.hear(link, at: turn.now) else { return }
        let frame: ClientFrame
        do {
            frame = try LinkCodec.decodeClient(bytes)
        } catch {
            let entry = turn.record(
                &lanes.im, .frameReceived, "not understood",
                [.link(link), Field("problem", Field.clipped(error.text))], cause: nil)
            send(.error(code: 414, text: error.text, id: error.id), "error 414", on: link, cause: entry, &turn)
            return
        }
        let entry = record(frame, on: link, &turn)
        switch found.state {
        case .opened: beforeLogin(frame, on: found, cause: entry, &turn)
        case .asking: beforeLogin(frame, on: found, busy: "a login is under way on this link", cause: entry, &turn)
        case .loggedIn(let session): inSession(frame, session, on: found, cause: entry, &turn)
        }
    }

    private mutating func beforeLogin(
        _ frame: ClientFrame, on link: Desk.Link, busy: String? = nil, cause: EntryID, _ turn: inout Turn
    ) {
        let text = "not logged in"
        let answer: (reply: LinkReply, title: String)
        switch frame.body {
        case .login(let login):
            if let busy { return refuseSecond(login, busy, frame, on: link.id, cause: cause, &turn) }
            return decide(login, id: frame.id, on: link.id, from: link.address, cause: cause, &turn)
        case .ping: return pong(frame, on: link.id, cause: cause, &turn)
        case .sync: answer = (.sync(code: 403, text: text), "sync 403")
        case .echo: answer = (.echo(code: 403, text: text, echoed: ""), "echo 403")
        case .kick: answer = (.kick(code: 403, text: text, kicked: []), "kick 403")
        case .renew: answer = (.renew(code: 403, text: text), "renew 403")
        case .logout: answer = (.logout(code: 403, text: text), "logout 403")
        }
        reply(to: frame, answer.reply, answer.title, on: link.id, cause: cause, &turn)
    }

    private mutating func inSession(
        _ frame: ClientFrame, _ session: Session, on state: Desk.Link, cause: EntryID, _ turn: inout Turn
    ) {
        let link = state.id
        switch frame.body {
        case .login(let login):
            refuseSecond(login, "this link is logged in already", frame, on: link, cause: cause, &turn)
        case .ping: pong(frame, on: link, cause: cause, &turn)
        case .sync: reply(to: frame, .sync(code: 200, text: ""), "sync 200", on: link, cause: cause, &turn)
        case .echo(let text):
            reply(to: frame, .echo(code: 200, text: "", echoed: text), "echo 200", on: link, cause: cause, &turn)
        case .kick(let ids): kick(ids, by: session, frame, on: link, cause: cause, &turn)
        case .renew(let token): renew(token, session, frame, on: link, cause: cause, &turn)
        case .logout:
            reply(to: frame, .logout(code: 200, text: ""), "logout 200", on: link, cause: cause, &turn)
            close(link, "link closed after logout", cause: cause, &turn)
            loggedOut(session, from: state.address, cause: cause, &turn)
        }
    }

    private mutating func pong(_ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn) {
        reply(to: frame, .ping(code: 200), "ping 200", on: link, cause: cause, isHeartbeat: true, &turn)
    }

    private mutating func refuseSecond(
        _ login: LinkLogin, _ text: String, _ frame: ClientFrame, on link: LinkID, cause: EntryID, _ turn: inout Turn
    ) {
        let answer = LinkReply.login(code: 417, text: text, account: login.account, clients: [])
        reply(to: frame, answer, "login 417", on: link, cause: cause, &turn)
    }

    private mutating func record(_ frame: ClientFrame, on link: LinkID, _ turn: inout Turn) -> EntryID {
        if lanes.im.isQuiet { return lanes.im.skip() }
        var fields: [Field] = [.link(link)]
        let title: String
        var isHeartbeat = false
        switch frame.body {
        case .login(let login):
            title = "login"
            fields += [.account(login.account), .device(login.deviceID), .secret(login.token)]
            fields += Self.details(of: login)
        case .sync: title = "sync"
        case .ping:
            title = "ping"
            isHeartbeat = true
        case .echo(let text):
            title = "echo"
            fields.append(Field("text", Field.clipped(text)))
        case .kick(let ids):
            title = "kick"
            fields += Self.details(ofKick: ids)
        case .renew(let token):
            title = "renew"
            fields.append(.secret(token))
        case .logout: title = "logout"
        }
        return turn.record(&lanes.im, .frameReceived, title, fields, cause: frame.cause, isHeartbeat: isHeartbeat)
    }
}
