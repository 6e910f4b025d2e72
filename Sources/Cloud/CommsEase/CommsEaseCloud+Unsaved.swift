import LoginCore
import Providers

/// What becomes of a request or a frame whose records could not be written: 500, "internal error" (commsease.md §7.1,
/// §11.2).
extension CommsEaseCloud {
    package mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        var turn = Turn(at: now)
        switch event {
        case .request(let exchange, let request):
            let title = "request not saved"
            let fields = [
                Field("method", Field.clipped(request.method, to: 16)), Field("path", Field.clipped(request.path)),
            ]
            let entry = turn.record(&apiLane, .httpRequest, title, fields, cause: EntryID(in: request.headers))
            refuse(
                CommsEaseAPIError(code: 500, desc: sentence), to: request, title, on: exchange, cause: entry, &turn)
        case .frame(let link, let bytes):
            guard links[link] != nil, let frame = try? LinkCodec.decodeClient(bytes) else { return [] }
            let entry = turn.record(
                &imLane, .frameReceived, "frame not saved", [.link(link), Field("problem", sentence)],
                cause: frame.cause)
            if case .login(let login) = frame.body {
                let reply = LinkReply.login(code: 500, text: sentence, account: login.account, clients: [])
                self.reply(to: frame, reply, "login 500", on: link, cause: entry, &turn)
            } else {
                send(.error(code: 500, text: sentence, id: frame.id), "error 500", on: link, cause: entry, &turn)
            }
        case .httpAnswered(let call, _):
            // The login that waited for its callback is over; the client may try again on the same link.
            guard let link = asking.removeValue(forKey: call), case .asking(let question) = links[link] else {
                return []
            }
            links[link] = .opened(address: question.address)
            let entry = turn.record(
                &imLane, .httpResponse, "login callback not saved", [.link(link), Field("problem", sentence)],
                cause: nil)
            let account = question.login.account
            let reply = LinkReply.login(code: 500, text: sentence, account: account, clients: [])
            send(.reply(id: question.frame, reply), "login 500", on: link, cause: entry, &turn)
        case .linkOpened, .linkClosed, .timerFired:  // these write nothing
            return handle(event, at: now)
        }
        return turn.effects
    }
}
