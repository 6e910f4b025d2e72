import Cloud
import LoginCore
import Providers

/// The shell of the two Cloud values in virtual time; `Backend` is the same for sockets and a real clock.
extension VirtualWorld {
    /// Hands an event to one side and runs what it asks for, in order.
    mutating func handle(_ event: CloudEvent, on side: BackendSide) {
        for effect in backendEffects(event, on: side) { run(effect, of: side) }
    }

    private mutating func run(_ effect: CloudEffect, of side: BackendSide) {
        switch effect {
        case .respond(let exchange, let response):
            switch backend.askers.removeValue(forKey: exchange) {
            case .stream(let id): sendDown(id, .answer(response))
            case .backend(let asker, let call):
                answer(BackendAnswer(to: asker, id: call, result: .success(response)))
            case nil: break
            }
        case .send(let link, let bytes):
            if let id = backend.links[link] { sendDown(id, .frame(bytes)) }
        case .close(let link, _):
            guard let id = backend.links[link] else { return }
            sendDown(id, .end)
            linkClosed(link)
        case .startTimer(let id, let delay):
            let timer = BackendTimer(side: side, id: id)
            lastSerial += 1
            backend.timers[timer] = lastSerial
            queue.add(.cloudTimer(timer, serial: lastSerial, life: backend.life), at: now + delay)
        case .cancelTimer(let id):
            backend.timers[BackendTimer(side: side, id: id)] = nil
        case .httpCall(let id, let target, let request, _):
            var request = request
            switch target {
            case .webAPI:
                call(BackendCall(from: side, id: id, request: request))
            case .url(let url) where url.hasPrefix(Self.appServerURL):
                request.path = String(url.dropFirst(Self.appServerURL.count)) + request.path
                call(BackendCall(from: side, id: id, request: request))
            case .url:
                // Nobody listens outside of this world.
                answer(BackendAnswer(to: side, id: id, result: .failure(CallFailure(.refused))))
            }
        case .save(let record):
            backend.save(record)
        case .remove(let collection, let key):
            backend.remove(collection, key)
        case .record(let entry):
            backend.noteEntry(entry)
            log.add(entry)
            recorder?.saw([entry])
        }
    }

    private mutating func call(_ call: BackendCall) {
        let arrival = arrivalAtBackend()
        queue.add(.backendCall(call, life: backend.life), at: arrival)
    }

    private mutating func answer(_ answer: BackendAnswer) {
        let arrival = arrivalAtBackend()
        queue.add(.backendAnswer(answer, life: backend.life), at: arrival)
    }

    private mutating func arrivalAtBackend() -> Instant {
        let delay = delays.microseconds(&backendChance)
        return Instant(microseconds: now.microseconds + delay)
    }

    /// The IM server's end of a link is gone, whoever ended it.
    mutating func linkClosed(_ link: LinkID) {
        guard backend.links.removeValue(forKey: link) != nil else { return }
        handle(.linkClosed(link, .linkClosed), on: .cloud)
    }

    // MARK: - Its life

    /// Nothing listens any more and every connection is reset; a silent network keeps even that to itself.
    mutating func killBackend() {
        backend.kill()
        for id in streams.ids() {
            guard let place = streams.place(of: id) else { continue }
            let stream = streams[place: place]
            streams[place: place].link = nil
            if let device = stream.end.device,
                devices[device].network.fault(on: stream.end.use.part, isBackendUp: true) == .swallow
            {
                streams[place: place].held.append((false, .end))
            } else {
                reset(id)
            }
        }
    }

    mutating func startBackend() {
        backend.start(backendSetup, seed: setup.seed, isQuiet: isQuiet)
        applyFaults(to: streams.ids())
    }
}
