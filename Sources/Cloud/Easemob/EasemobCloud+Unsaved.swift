import LoginCore
import Providers

/// What becomes of a request or a frame whose records could not be written: 500, and on the link 303, "unknown error"
/// (easemob.md §6).
extension EasemobCloud {
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
                .failed(EasemobAPIError(500, "internal_server_error", sentence)), "request not saved", nil,
                on: exchange, cause: entry, &turn)
        case .frame(let link, let bytes):
            guard links[link] != nil, let frame = try? LinkCodec.decodeClient(bytes) else { return [] }
            let entry = turn.record(
                &imLane, .frameReceived, "frame not saved", [.link(link), Field("problem", sentence)],
                cause: frame.cause)
            if case .login(let login) = frame.body {
                let answer = LinkReply.login(code: 303, text: sentence, account: login.account, clients: [])
                reply(to: frame, answer, "login 303", on: link, cause: entry, &turn)
            } else {
                send(.error(code: 303, text: sentence, id: frame.id), "error 303", on: link, cause: entry, &turn)
            }
        case .httpAnswered, .linkOpened, .linkClosed, .timerFired:
            return handle(event, at: now)  // none of these is saved
        }
        return turn.effects
    }
}
