import Cloud
import LoginCore
import Providers

/// What a cloud is given and what it asks for, whoever the provider is.
struct CloudHands<Cloud: ProviderCloud> {
    var cloud: Cloud
    var now: Instant
    /// The durable store by collection and key.
    var store: [String: DurableRecord] = [:]
    /// Every frame that the cloud sent, by link.
    var sent: [LinkID: [ServerFrame]] = [:]
    /// The close code of each link that the cloud closed.
    var closed: [LinkID: Int] = [:]
    var answers: [ExchangeID: HTTPResponseValue] = [:]
    /// Calls of the cloud, oldest first.
    var calls: [OutgoingCall] = []
    var transcript: [TranscriptEntry] = []
    /// Everything the cloud asked for, for comparisons.
    var effects: [CloudEffect] = []
    /// The timers that run, with the instants at which they are due.
    var timers: [TimerID: Instant] = [:]
    /// Mints the links that are opened.
    var links = Counter<LinkID>()
    fileprivate var exchanges = Counter<ExchangeID>()
    /// How many frames were sent to the cloud.
    fileprivate var frames = 0

    /// Hands for a cloud that was made from `records`.
    init(_ cloud: Cloud, at now: Instant, restoring records: [DurableRecord]) {
        self.cloud = cloud
        self.now = now
        for record in records { store["\(record.collection)/\(record.key)"] = record }
    }

    var records: [DurableRecord] { store.keys.sorted().compactMap { store[$0] } }

    fileprivate mutating func take(_ effect: CloudEffect) {
        switch effect {
        case .respond(let exchange, let response): answers[exchange] = response
        case .send(let link, let bytes):
            if let frame = try? LinkCodec.decodeServer(bytes) { sent[link, default: []].append(frame) }
        case .close(let link, let code): closed[link] = code
        case .save(let record): store["\(record.collection)/\(record.key)"] = record
        case .remove(let collection, let key): store["\(collection)/\(key)"] = nil
        case .record(let entry): transcript.append(entry)
        case .httpCall(let id, let target, let request, let timeout):
            calls.append(OutgoingCall(id: id, target: target, request: request, timeout: timeout))
        case .startTimer(let timer, let after): timers[timer] = now + after
        case .cancelTimer(let timer): timers[timer] = nil
        }
    }
}

/// A call that the cloud made.
struct OutgoingCall {
    let id: OutgoingID
    let target: CallTarget
    let request: HTTPRequestValue
    let timeout: Duration
}

/// A cloud with hands: opens links, sends frames, calls the web API, lets timers fire, and keeps what the cloud asks
/// for.
@dynamicMemberLookup
protocol LinkRig {
    associatedtype Cloud: ProviderCloud
    var hands: CloudHands<Cloud> { get set }
}

extension LinkRig {
    subscript<Value>(dynamicMember path: WritableKeyPath<CloudHands<Cloud>, Value>) -> Value {
        get { hands[keyPath: path] }
        set { hands[keyPath: path] = newValue }
    }

    /// When every rig begins.
    static var start: Instant { Instant(seconds: 1_700_000_000) }

    var records: [DurableRecord] { hands.records }

    /// Gives the cloud an event, and keeps what it asks for.
    @discardableResult
    mutating func handle(_ event: CloudEvent) -> [CloudEffect] {
        let new = hands.cloud.handle(event, at: hands.now)
        hands.effects += new
        for effect in new { hands.take(effect) }
        return new
    }

    /// Calls the web API.
    mutating func request(_ request: HTTPRequestValue) -> HTTPResponseValue {
        let exchange = hands.exchanges.next()
        handle(.request(exchange, request))
        return hands.answers[exchange] ?? HTTPResponseValue(status: 0)
    }

    /// Lets time pass, and every timer fire that falls due in it.
    mutating func advance(_ duration: Duration) {
        let end = hands.now + duration
        while let next = hands.timers.filter({ $0.value <= end }).min(by: {
            ($0.value, $0.key.number) < ($1.value, $1.key.number)
        }) {
            hands.now = max(hands.now, next.value)
            hands.timers[next.key] = nil
            handle(.timerFired(next.key))
        }
        hands.now = end
    }

    mutating func open() -> LinkID {
        let link = hands.links.next()
        handle(.linkOpened(link, clientAddress: "127.0.0.1"))
        return link
    }

    /// Sends a frame and gives what the cloud sent back on the same link.
    @discardableResult
    mutating func send(_ body: ClientFrame.Body, on link: LinkID) -> [ServerFrame.Body] {
        hands.frames += 1
        let before = hands.sent[link, default: []].count
        handle(.frame(link, LinkCodec.encode(ClientFrame(id: hands.frames, body: body))))
        return hands.sent[link, default: []].dropFirst(before).map(\.body)
    }

    mutating func drop(_ link: LinkID) {
        handle(.linkClosed(link, .linkClosed))
    }

    /// Logs in on a link and gives the answer's code.
    mutating func logIn(_ login: LinkLogin, on link: LinkID) -> Int {
        for case .reply(_, .login(let code, _, _, _)) in send(.login(login), on: link) { return code }
        return 0
    }

    /// The notices with which a link's client was kicked.
    func notices(on link: LinkID) -> [KickNotice] {
        hands.sent[link, default: []].compactMap { frame in
            if case .kicked(let notice) = frame.body { notice } else { nil }
        }
    }
}
