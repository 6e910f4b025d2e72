import Cloud
import LoginCore
import Providers

/// Connections, and the faults before the servers; they do what the live lab's fault proxies do.
extension VirtualWorld {
    /// A new connection of a device, or of the operator.
    mutating func connect(_ device: Int?, _ use: StreamUse) -> StreamID {
        let end = ClientEnd(device: device, life: device.map { devices[$0].life } ?? 0, use: use)
        return streams.open(end, at: now)
    }

    /// The client closes its end: the server hears of it after all that was sent before.
    mutating func leave(_ id: StreamID) {
        guard let place = streams.place(of: id) else { return }
        if !streams[place: place].isAtServer, !streams[place: place].held.isEmpty {
            streams.close(id)  // it stalled on its first step, at the device's own door, and never gets further
            return
        }
        streams[place: place].isClientGone = true
        sendUp(id, .end)
    }

    mutating func sendUp(_ id: StreamID, _ segment: Segment) {
        guard let place = streams.place(of: id) else { return }
        let end = streams[place: place].end
        let arrival = max(streams[place: place].lastUp, arrival(on: end))
        streams[place: place].lastUp = arrival
        queue.add(.up(id, segment), at: arrival)
    }

    mutating func sendDown(_ id: StreamID, _ segment: Segment) {
        guard let place = streams.place(of: id) else { return }
        let end = streams[place: place].end
        let arrival = max(streams[place: place].lastDown, arrival(on: end))
        streams[place: place].lastDown = arrival
        queue.add(.down(id, segment), at: arrival)
    }

    /// When the next segment of a connection arrives.
    ///
    /// One step for each draw: an expression that draws beside a reading of the world would copy the world.
    private mutating func arrival(on end: ClientEnd) -> Instant {
        let delay: Int64
        if let device = end.device {
            switch end.use.part {
            case .link: delay = delays.microseconds(&devices[device].linkChance)
            case .appServer: delay = delays.microseconds(&devices[device].callChance)
            }
        } else {
            delay = delays.microseconds(&operatorChance)
        }
        return Instant(microseconds: now.microseconds + delay)
    }

    /// What the network does to a connection; mutating, since the world would be copied for a function that is not.
    private mutating func fault(_ end: ClientEnd) -> NetworkFault {
        guard let device = end.device else { return backend.isUp ? .pass : .refuse }
        return devices[device].network.fault(on: end.use.part, isBackendUp: backend.isUp)
    }

    // MARK: - Arrivals

    mutating func arriveUp(_ id: StreamID, _ segment: Segment) {
        guard let place = streams.place(of: id) else { return }  // reset meanwhile
        let end = streams[place: place].end
        let fault = fault(end)
        let isHolding = !streams[place: place].held.isEmpty
        switch fault {
        case .refuse:
            // What was connected when the refusing began was reset then; this is a connect.
            sendDown(id, .refused)
        case .swallow:
            streams[place: place].held.append((true, segment))
        case .pass where isHolding:
            streams[place: place].held.append((true, segment))
            flush(id)
        case .pass:
            deliverUp(id, segment)
        }
    }

    mutating func arriveDown(_ id: StreamID, _ segment: Segment) {
        guard let place = streams.place(of: id) else { return }
        if case .refused = segment { return deliverDown(id, segment) }
        let end = streams[place: place].end
        let fault = fault(end)
        let isHolding = !streams[place: place].held.isEmpty
        switch fault {
        case .refuse:
            break  // a reset is on its way
        case .swallow:
            streams[place: place].held.append((false, segment))
        case .pass where isHolding:
            streams[place: place].held.append((false, segment))
            flush(id)
        case .pass:
            deliverDown(id, segment)
        }
    }

    /// Hands on what was held, in order of arrival; a connection whose client gave it up before it reached its server
    /// never does.
    mutating func flush(_ id: StreamID) {
        guard let place = streams.place(of: id) else { return }
        let stream = streams[place: place]
        guard fault(stream.end) == .pass else { return }
        if !stream.isAtServer, stream.held.contains(where: { if case .end = $0.segment { $0.isUp } else { false } }) {
            streams.close(id)
            return
        }
        streams[place: place].held = []
        for (isUp, segment) in stream.held {
            if isUp { deliverUp(id, segment) } else { deliverDown(id, segment) }
        }
    }

    /// A segment of the client has passed the fault.
    private mutating func deliverUp(_ id: StreamID, _ segment: Segment) {
        guard let place = streams.place(of: id) else { return }
        streams[place: place].isAtServer = true
        let carried = streams[place: place].link
        switch segment {
        case .open:
            let link = backend.nextLink()
            streams[place: place].link = link
            backend.links[link] = id
            // The upgrade is answered by the listener, before the cloud has said anything.
            sendDown(id, .opened)
            handle(.linkOpened(link, clientAddress: "127.0.0.1"), on: .cloud)
        case .frame(let bytes):
            guard let link = carried, backend.links[link] == id else { return }
            handle(.frame(link, bytes), on: .cloud)
        case .request(let request):
            let exchange = backend.nextExchange()
            backend.askers[exchange] = .stream(id)
            handle(.request(exchange, request), on: .appServer)
        case .end:
            streams.close(id)
            if let link = carried { linkClosed(link) }
        case .opened, .answer, .refused:
            break  // no client sends that
        }
    }

    // MARK: - Faults

    /// Changes a device's network as the live lab does: the hint before the cut, and after the way is open again.
    mutating func setNetwork(_ device: Int, _ network: NetworkSwitch) {
        let hadHint = devices[device].network.isHinted
        devices[device].network = network
        if network.isHinted, !hadHint, devices[device].isRunning { take(device, .sdk(.networkLost)) }
        applyFaults(device)
        if hadHint, !network.isHinted, devices[device].isRunning { take(device, .sdk(.networkReturned)) }
    }

    /// Resets what may not be connected any more, and lets go of what was held.
    mutating func applyFaults(_ device: Int) {
        applyFaults(to: streams(of: device))
    }

    mutating func applyFaults(to ids: [StreamID]) {
        for id in ids {
            guard let stream = streams[id] else { continue }
            switch fault(stream.end) {
            case .refuse: if stream.link != nil || !stream.held.isEmpty { reset(id) }
            case .swallow: break
            case .pass: if !stream.held.isEmpty { queue.add(.flush(id), at: now) }
            }
        }
    }

    func streams(of device: Int) -> [StreamID] {
        streams.ids { $0.end.device == device }
    }

    /// Ends a connection with RST: both ends hear of it soon, and nothing that was under way arrives.
    mutating func reset(_ id: StreamID) {
        guard let stream = streams.close(id) else { return }
        if !stream.isClientGone {
            let arrival = max(stream.lastDown, arrival(on: stream.end))
            queue.add(.clientReset(stream.end, .linkClosed), at: arrival)
        }
        if let link = stream.link {
            let arrival = arrival(on: stream.end)
            queue.add(.serverReset(LinkEnd(link: link, life: backend.life)), at: arrival)
        }
    }
}
