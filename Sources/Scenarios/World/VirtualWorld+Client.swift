import LoginCore
import Providers

/// The shell of a client core in virtual time; `LoginClient` is the same for sockets and a real clock.
extension VirtualWorld {
    /// Hands an input to a device's core and starts what it asks for, in order.
    mutating func take(_ device: Int, _ input: ClientCore.Input, cause: EntryID? = nil, answering frame: Int? = nil) {
        if isWatched { return takeWatched(device, input, cause: cause, answering: frame) }
        let output = devices[device].core.handle(input, at: now, cause: cause, answering: frame)
        if let recorder {
            recorder.took(
                devices[device].name,
                TakenInput(
                    input, at: now, cause: cause, frame: frame, shortestDeadline: .zero, output: output,
                    core: devices[device].core))
        }
        for entry in output.entries { log.add(entry) }
        devices[device].declined = nil
        for effect in output.effects { start(effect, device) }
    }

    mutating func start(_ effect: ClientCore.Effect, _ device: Int) {
        switch effect {
        case .openConnection(let id, _):
            let stream = connect(device, .link(id))
            devices[device].links.append((id, stream, isUp: false))
            sendUp(stream, .open)
        case .closeConnection(let id):
            guard let place = devices[device].links.firstIndex(where: { $0.id == id }) else { return }
            leave(devices[device].links.remove(at: place).stream)
        case .send(let id, let frame, let request, let cause):
            guard let stream = devices[device].links.first(where: { $0.id == id })?.stream,
                let bytes = devices[device].wire.frame(frame, request, cause: cause)
            else { return }
            sendUp(stream, .frame(bytes))
        case .startTimer(let key, let delay, _):
            lastSerial += 1
            devices[device].timers.append((key, lastSerial))
            queue.add(
                .deviceTimer(device: device, key, serial: lastSerial, life: devices[device].life), at: now + delay)
        case .cancelTimer(let key):
            if let place = devices[device].timers.firstIndex(where: { $0.key == key }) {
                devices[device].timers.remove(at: place)
            }
        case .call(let id, let call, let cause):
            guard let request = devices[device].wire.request(for: call, cause: cause) else { return }
            let stream = connect(device, .call(id, call))
            devices[device].calls.append((id, stream))
            sendUp(stream, .request(request))
            queue.add(.callDeadline(stream), at: now + ClientWire.appServerTimeout)
        case .cancelCall(let id):
            guard let place = devices[device].calls.firstIndex(where: { $0.id == id }) else { return }
            leave(devices[device].calls.remove(at: place).stream)
        case .save(let login):
            devices[device].stored = login
        case .erase:
            devices[device].stored = nil
        case .decline(let sentence):
            devices[device].declined = sentence
        }
    }

    mutating func timerFired(_ device: Int, _ key: ClientCore.TimerKey, serial: Int, life: Int) {
        guard devices[device].life == life,
            let place = devices[device].timers.firstIndex(where: { $0.serial == serial })
        else { return }  // cancelled, or of an earlier run
        devices[device].timers.remove(at: place)
        if let place = devices[device].core.timers.firstIndex(where: { $0.key == key && $0.isDeadline }) {
            noteDeadline(devices[device].core.timers[place].due - devices[device].core.timers[place].started)
        }
        take(device, key.owner == .sdk ? .sdk(.timerFired(key.id)) : .app(.timerFired(key.id)))
    }

    mutating func noteDeadline(_ duration: Duration) {
        shortestFiredDeadline = min(shortestFiredDeadline ?? duration, duration)
    }

    mutating func callTimedOut(_ id: StreamID) {
        guard let stream = streams[id], !stream.isClientGone else { return }
        noteDeadline(ClientWire.appServerTimeout)
        leave(id)
        ended(stream.end, .timedOut)
    }

    // MARK: - The app's life

    /// Starts the app of a device with what it kept.
    mutating func startApp(_ device: Int) {
        devices[device].beginLife(seed: setup.seed)
        recorder?.begin(devices[device].recordedLife(seed: setup.seed), at: now)
        if devices[device].setup.setsUp { take(device, .sdk(.initialised)) }
        take(device, .app(.started(devices[device].stored)))
        if devices[device].network.isHinted { take(device, .sdk(.networkLost)) }
    }

    /// Ends the app without a logout: its sockets are closed, its timers are gone.
    mutating func stopApp(_ device: Int) {
        let open = devices[device].links.map(\.stream) + devices[device].calls.map(\.stream)
        devices[device].endLife()
        recorder?.end(devices[device].name, at: now)
        for stream in open.sorted() { leave(stream) }
    }

    // MARK: - What comes back

    /// A client's connection came to nothing or ended.
    mutating func ended(_ end: ClientEnd, _ cause: CloseCause) {
        guard let device = end.device else {
            if case .operation(let number) = end.use { operations[number] = .failure(cause) }
            return
        }
        guard devices[device].life == end.life else { return }
        switch end.use {
        case .link(let id):
            guard let place = devices[device].links.firstIndex(where: { $0.id == id }) else { return }
            let isOpen = devices[device].links.remove(at: place).isUp
            take(device, .sdk(isOpen ? .connectionClosed(id, cause) : .connectionFailed(id, cause)))
        case .call(let id, let call):
            answered(device, id, call, .failure(cause))
        case .operation:
            break
        }
    }

    mutating func answered(
        _ device: Int, _ id: CallID, _ call: AppServerCall, _ answer: Result<HTTPResponseValue, CloseCause>
    ) {
        devices[device].calls.removeAll { $0.id == id }
        let (event, cause) = devices[device].wire.event(id, call, answer, at: now)
        take(device, .app(event), cause: cause)
    }

    /// A segment of the server has passed the fault.
    mutating func deliverDown(_ id: StreamID, _ segment: Segment) {
        guard let place = streams.place(of: id) else { return }
        let end = streams[place: place].end
        guard !streams[place: place].isClientGone else {
            if case .end = segment { streams.close(id) }
            return
        }
        switch (segment, end.use) {
        case (.opened, .link(let connection)):
            guard let device = end.device,
                let place = devices[device].links.firstIndex(where: { $0.id == connection })
            else { return }
            devices[device].links[place].isUp = true
            take(device, .sdk(.connectionOpened(connection)))
        case (.frame(let bytes), .link(let connection)):
            guard let device = end.device else { return }
            let (event, cause, answered) = ClientWire.input(connection, bytes)
            take(device, .sdk(event), cause: cause, answering: answered)
        case (.answer(let response), .call(let call, let request)):
            streams.close(id)
            if let device = end.device { answered(device, call, request, .success(response)) }
        case (.answer(let response), .operation(let number)):
            streams.close(id)
            operations[number] = .success(response)
        case (.refused, _):
            streams.close(id)
            ended(end, .refused)
        case (.end, _):
            streams.close(id)
            ended(end, .linkClosed)
        case (.open, _), (.opened, _), (.frame, _), (.request, _), (.answer, _):
            break  // no server sends that
        }
    }
}
