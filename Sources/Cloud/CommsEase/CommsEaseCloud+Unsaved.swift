import LoginCore
import Providers

/// What becomes of a request or a frame whose records could not be written: 500, "internal error" (commsease.md §7.1,
/// §11.2).
extension CommsEaseCloud {
    package mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        guard case .httpAnswered(let call, _) = event else { return notSaved(event, because: sentence, at: now) }
        // The login that waited for its callback is over; the client may try again on the same link.
        guard let link = asking.removeValue(forKey: call), let question = desk.answered(link) else { return [] }
        var turn = Turn(at: now)
        let entry = turn.record(
            &lanes.im, .httpResponse, "login callback not saved", [.link(link), Field("problem", sentence)],
            cause: nil)
        let account = question.login.account
        let reply = LinkReply.login(code: Self.notSavedCode, text: sentence, account: account, clients: [])
        send(.reply(id: question.frame, reply), "login \(Self.notSavedCode)", on: link, cause: entry, &turn)
        return turn.effects
    }

    mutating func refuse(
        _ request: HTTPRequestValue, because sentence: String, _ title: String, on exchange: ExchangeID,
        cause: EntryID, _ turn: inout Turn
    ) {
        let error = CommsEaseAPIError(code: Self.notSavedCode, desc: sentence)
        refuse(error, to: request, title, on: exchange, cause: cause, &turn)
    }
}
