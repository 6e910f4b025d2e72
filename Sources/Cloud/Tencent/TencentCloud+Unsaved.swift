import LoginCore
import Providers

/// What becomes of a request or a frame whose records could not be written: 70500, "internal error, retry"
/// (tencent.md §1.4).
extension TencentCloud {
    package mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        var turn = Turn(at: now)
        switch event {
        case .request(let exchange, let request):
            let fields = [
                Field("method", Field.clipped(request.method, to: 16)), Field("path", Field.clipped(request.path)),
            ]
            let entry = turn.record(
                &apiLane, .httpRequest, "request not saved", fields, cause: EntryID(in: request.headers))
            respond(
                .failed(TencentAPIError(70500, sentence)), "request not saved", on: exchange, cause: entry, &turn)
        case .frame(let link, let bytes):
            guard links[link] != nil, let frame = try? LinkCodec.decodeClient(bytes) else { return [] }
            let entry = turn.record(
                &imLane, .frameReceived, "frame not saved", [.link(link), Field("problem", sentence)],
                cause: frame.cause)
            if case .login(let login) = frame.body {
                let answer = LinkReply.login(code: 70500, text: sentence, account: login.account, clients: [])
                reply(to: frame, answer, "login 70500", on: link, cause: entry, &turn)
            } else {
                send(.error(code: 70500, text: sentence, id: frame.id), "error 70500", on: link, cause: entry, &turn)
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
