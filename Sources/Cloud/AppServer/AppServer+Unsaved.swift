import LoginCore
import Providers

/// What becomes of a request whose records could not be written.
extension AppServer {
    package mutating func refuse(_ event: CloudEvent, because sentence: String, at now: Instant) -> [CloudEffect] {
        let error = AppServerError(status: 507, name: "not_saved", message: sentence)
        var turn = Turn(at: now)
        switch event {
        case .request(let exchange, let request):
            let title = Field.clipped("\(request.method) \(request.path)")
            let entry = turn.record(&lane, .httpRequest, title, cause: EntryID(in: request.headers))
            let usual = configuration.apps.first?.provider ?? ""
            refuse(
                Asker(exchange: exchange, entry: entry, title: title, provider: usual), error, cause: entry, &turn)
        case .httpAnswered(let id, _):
            guard let state = waiting.removeValue(forKey: id) else { return [] }
            let title = "web API: \(state.title)"
            let entry = turn.record(&lane, .httpResponse, title, [Field("not saved", sentence)], cause: nil)
            fail(state, error, cause: entry, &turn)
        case .linkOpened, .frame, .linkClosed, .timerFired:  // this server has no long connection and starts no timer
            break
        }
        return turn.effects
    }
}
