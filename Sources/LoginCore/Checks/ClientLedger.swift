/// What a client has asked its world for and not given back yet, held against the rules that hold in every state.
///
/// Random walks and explorations keep one for each client; nothing that runs a login does. Late openings of a
/// connection that was given up must be announced with ``strangeConnection``.
package struct ClientLedger: Sendable {
    /// Connections that were asked for and not closed; the value says whether the link is up.
    package var connections: [ConnectionID: Bool] {
        Dictionary(open.map { ($0.id, $0.isUp) }, uniquingKeysWith: { _, last in last })
    }
    package private(set) var calls: [CallID: AppServerCall] = [:]
    package var timers: [ClientCore.TimerKey: Instant] {
        Dictionary(running.map { ($0.key, $0.due) }, uniquingKeysWith: { _, last in last })
    }
    /// What was sent on the live connection and not yet answered.
    package private(set) var sent: [LinkRequest] = []
    /// What the token store holds.
    package var store: SavedLogin?
    /// The rules that were broken, in words.
    package private(set) var problems: [String] = []
    // Lists: there are never more than a few, and a search in them is faster than a hash.
    private var open: [(id: ConnectionID, isUp: Bool)] = []
    private var running: [(key: ClientCore.TimerKey, due: Instant)] = []
    /// The connection whose late opening is being reported.
    package var strangeConnection: ConnectionID?

    package init(store: SavedLogin? = nil) {
        self.store = store
    }

    /// The app's process ended: the world has taken back what was asked for.
    package mutating func restart() {
        let kept = store
        self = ClientLedger(store: kept)
    }

    /// How many requests for a token are out.
    package var renewals: Int {
        calls.isEmpty ? 0 : calls.values.count { $0.isToken }
    }

    /// Something was answered.
    package mutating func answered() {
        if !sent.isEmpty { sent.removeFirst() }
    }

    /// Strikes out what an input ends; before the effects that it led to.
    package mutating func take(_ input: ClientCore.Input) {
        switch input {
        case .sdk(.timerFired(let id)): _ = stop(ClientCore.TimerKey(owner: .sdk, id: id))
        case .app(.timerFired(let id)): _ = stop(ClientCore.TimerKey(owner: .app, id: id))
        case .sdk(.connectionOpened(let id)):
            if let place = open.firstIndex(where: { $0.id == id }) { open[place].isUp = true }
        case .app(.registered(let id, _, _)), .app(.granted(let id, _, _, _, _)), .app(.tokenGranted(let id, _, _)),
            .app(.sessionEnded(let id)), .app(.callFailed(let id, _)):
            calls[id] = nil
        case .sdk, .app: break
        }
    }

    /// Books what is asked for; `saved` is what the app knows after it.
    package mutating func book(_ effects: [ClientCore.Effect], saved: SavedLogin?, at now: Instant) {
        for effect in effects { book(effect, saved: saved, at: now) }
    }

    private mutating func book(_ effect: ClientCore.Effect, saved: SavedLogin?, at now: Instant) {
        switch effect {
        case .openConnection(let id, _):
            if !open.isEmpty { problems.append("\(id) is opened beside \(open.map(\.id).sorted())") }
            open.removeAll { $0.id == id }
            open.append((id, false))
            sent.removeAll(keepingCapacity: true)
        case .closeConnection(let id):
            if let place = open.firstIndex(where: { $0.id == id }) {
                open.remove(at: place)
            } else if id != strangeConnection {
                problems.append("\(id) is closed but was not open")
            }
            sent.removeAll(keepingCapacity: true)
        case .send(let id, _, let request, _):
            if !open.contains(where: { $0.id == id && $0.isUp }) {
                problems.append("\(request) is sent on \(id), which is not up")
            }
            sent.append(request)
            if case .login(let packet) = request, packet.token != saved?.token {
                problems.append(
                    "\(packet.token) is used for a login, the app has \(saved?.token.description ?? "none")")
            }
        case .startTimer(let key, let delay, _):
            if stop(key) { problems.append("\(key) is started twice") }
            if delay < .zero { problems.append("\(key) is started with \(delay.text)") }
            running.append((key, now + delay))
        case .cancelTimer(let key):
            if !stop(key) { problems.append("\(key) is cancelled but does not run") }
        case .call(let id, let call, _):
            calls[id] = call
            if call.isToken, renewals > 1 { problems.append("\(id) asks for a second token at once") }
        case .cancelCall(let id):
            if calls.removeValue(forKey: id) == nil { problems.append("\(id) is given up but was not out") }
        case .save(let login): store = login
        case .erase: store = nil
        case .decline: break
        }
    }

    /// Strikes a timer out; false for one that does not run.
    private mutating func stop(_ key: ClientCore.TimerKey) -> Bool {
        guard let place = running.firstIndex(where: { $0.key == key }) else { return false }
        running.remove(at: place)
        return true
    }

    /// Holds what is booked against the state of a client and adds the rules that are broken to `problems`.
    package mutating func check(_ core: ClientCore) {
        check(core.sdk, core.flow, core.timers)
    }

    /// The same for those who have the parts at hand.
    package mutating func check(_ sdk: LoginMachine, _ flow: AppFlow, _ live: [ClientCore.LiveTimer]) {
        func expect(_ isTrue: Bool, _ problem: @autoclosure () -> String) {
            if !isTrue { problems.append(problem()) }
        }
        expect(open.count <= 1, "more than one connection lives")
        expect(open.first?.id == sdk.liveConnection, "the connections differ")
        var appTimers = 0
        var sdkTimers: [TimerID] = []
        var areTimersRight = live.count == running.count
        for place in live.indices {
            let key = live[place].key
            let due = live[place].due
            if !running.contains(where: { $0.key == key && $0.due == due }) { areTimersRight = false }
            if key.owner == .sdk { sdkTimers.append(key.id) } else { appTimers += 1 }
        }
        expect(areTimersRight, "the core's timers are not the world's")
        expect(
            sdk.policy.calls == nil
                ? sdkTimers.count <= 1 && sdkTimers.first == sdk.liveTimer : Set(sdkTimers) == Set(sdk.liveTimers),
            "the SDK's timers are \(sdkTimers)")
        if let budget = sdk.attempt?.budget { expect(sdk.liveTimer != budget, "one timer has two purposes") }
        switch sdk.phase {
        case .connectingFirst, .connected:
            expect(flow.im == .idle, "the app takes its SDK for \(flow.im)")
        case .uninitialised, .loggedOut:
            expect(sdkTimers.isEmpty, "a timer runs while logged out")
            expect(flow.im == .idle, "the app takes its SDK for \(flow.im)")
        case .stopped:
            expect(sdkTimers.isEmpty, "a timer runs while stopped")
            if case .stopped = flow.im {} else { expect(false, "the app takes its SDK for \(flow.im)") }
            expect(flow.watch == nil, "the app watches a token after a stop")
        case .loggingOut where sdk.policy.calls != nil:
            break  // a login that takes the place of this one may be on its way already
        case .acquiringToken, .connecting, .authenticating, .syncing, .online, .waiting, .waitingForNetwork,
            .loggingOut:
            if case .active = flow.im {} else { expect(false, "the app takes its SDK for \(flow.im)") }
        }
        expect(appTimers == (flow.watch == nil ? 0 : 1), "the app's timers are \(appTimers)")
        var isRecovering = false
        if case .calling = flow.recovery { isRecovering = true }
        switch flow.state {
        case .signedOut, .registering, .signingIn, .signingOut:
            expect(appTimers == 0, "a timer of the app runs while \(flow.state)")
            expect(!isRecovering, "the app recovers while \(flow.state)")
            if case .signingOut = flow.state { expect(sdk.phase == .loggingOut, "the app waits for a logout") }
        case .startingIM:
            expect(isRecovering || flow.im == .active, "the app waits for an SDK that is \(flow.im)")
        case .signedIn:
            break
        }
        expect(
            (store == nil && isRecovering) || store == flow.saved,
            "stored \(String(describing: store)), known \(String(describing: flow.saved))")
    }
}

extension AppServerCall {
    /// Whether it asks for a token with the app's session.
    package var isToken: Bool {
        if case .token = self { true } else { false }
    }
}
