import Cloud
import LoginCore
import Providers

/// CommsEase's cloud with hands: opens links, sends frames, calls the web API, and keeps what the cloud asks for.
struct CloudRig: LinkRig {
    static let appKey = "key-of-the-app"
    static let secret = AppSecret("secret-of-the-app")
    static let start = Instant(seconds: 1_700_000_000)
    static let mint = CommsEaseMint(appKey: appKey, appSecret: secret)

    var cloud: CommsEaseCloud
    var now = start
    /// The durable store by collection and key.
    var store: [String: DurableRecord] = [:]
    /// Every frame sent, by link.
    var sent: [LinkID: [ServerFrame]] = [:]
    /// The close code of each link that the cloud closed.
    var closed: [LinkID: Int] = [:]
    var answers: [ExchangeID: HTTPResponseValue] = [:]
    /// Calls of the cloud that are under way, oldest first.
    var calls: [OutgoingCall] = []
    var transcript: [TranscriptEntry] = []
    /// Everything the cloud asked for, for comparisons.
    var effects: [CloudEffect] = []
    var links = Counter<LinkID>()
    private var exchanges = Counter<ExchangeID>()
    var frames = 0
    private var nonces = 0

    init(seed: UInt64 = 7, restoring records: [DurableRecord] = []) {
        cloud = CommsEaseCloud(
            CommsEaseConfiguration(appKey: Self.appKey, appSecret: Self.secret, seed: seed), restoring: records)
        for record in records { store["\(record.collection)/\(record.key)"] = record }
    }

    @discardableResult
    mutating func handle(_ event: CloudEvent) -> [CloudEffect] {
        let new = cloud.handle(event, at: now)
        effects += new
        for effect in new {
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
            case .startTimer, .cancelTimer: break
            }
        }
        return new
    }

    var records: [DurableRecord] { store.keys.sorted().compactMap { store[$0] } }

    // MARK: Links

    /// Opens a link and logs in on it.
    mutating func logIn(_ login: LinkLogin) -> (link: LinkID, code: Int) {
        let link = open()
        return (link, logIn(login, on: link))
    }

    func kicks(on link: LinkID) -> [KickNotice] {
        sent[link, default: []].compactMap { frame in
            if case .kicked(let notice) = frame.body { notice } else { nil }
        }
    }

    func changes(on link: LinkID) -> [String] {
        sent[link, default: []].compactMap { frame in
            guard case .clients(let change, let clients) = frame.body else { return nil }
            return "\(change) \(clients.map(\.id).joined(separator: ","))"
        }
    }

    // MARK: Web API

    mutating func request(_ request: HTTPRequestValue) -> HTTPResponseValue {
        let exchange = exchanges.next()
        handle(.request(exchange, request))
        return answers[exchange] ?? HTTPResponseValue(status: 0)
    }

    mutating func signed(_ command: CommsEaseCommand, requestID: String? = nil) -> HTTPRequestValue {
        nonces += 1
        return command.http(
            credentials: Self.mint.credentials(nonce: "nonce-\(nonces)", at: now), requestID: requestID, cause: nil)
    }

    @discardableResult
    mutating func call(_ command: CommsEaseCommand) -> CommsEaseAnswer {
        CommsEaseAnswer.parse(request(signed(command)), to: command)
    }

    mutating func create(_ accid: String, token: String) {
        call(.create(accid: accid, token: Secret(token, kind: .token), name: nil))
    }
}

/// A call that the cloud made.
struct OutgoingCall {
    let id: OutgoingID
    let target: CallTarget
    let request: HTTPRequestValue
    let timeout: Duration
}

extension LinkLogin {
    /// A manual login of an iPhone, unless said otherwise.
    static func of(
        _ account: String, _ token: String, device: String = "phone", type: Int = 2, automatic: Bool = false,
        forced: Bool = false, authType: Int = 0, appKey: String = CloudRig.appKey,
        details: LinkClientDetails = LinkClientDetails()
    ) -> LinkLogin {
        LinkLogin(
            appKey: appKey, account: account, token: Secret(token, kind: .token), authType: authType,
            automatic: automatic, forced: forced, deviceID: device, clientType: type, details: details)
    }
}

extension HTTPResponseValue {
    var text: String { String(decoding: body, as: UTF8.self) }
}
