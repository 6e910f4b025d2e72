import Cloud
import LoginCore
import Providers

/// Tencent's cloud with hands: opens links, sends frames, calls the web API, lets timers fire, and keeps what the cloud
/// asks for.
struct TencentRig: LinkRig {
    static let appKey = "1400000000"
    static let mint = TencentMint(appKey: appKey, appSecret: AppSecret("example-key"))
    static let start = Instant(seconds: 1_700_000_000)

    var cloud: TencentCloud
    var now = start
    var store: [String: DurableRecord] = [:]
    /// Every frame sent, by link.
    var sent: [LinkID: [ServerFrame]] = [:]
    /// The close code of each link that the cloud closed.
    var closed: [LinkID: Int] = [:]
    var answers: [ExchangeID: HTTPResponseValue] = [:]
    var transcript: [TranscriptEntry] = []
    /// Calls to the webhook, oldest first: the URL and the request.
    var hooks: [(url: String, request: HTTPRequestValue)] = []
    /// The timers that run, with the instants at which they are due.
    var timers: [TimerID: Instant] = [:]
    var links = Counter<LinkID>()
    private var exchanges = Counter<ExchangeID>()
    var frames = 0

    init(restoring records: [DurableRecord] = []) {
        cloud = TencentCloud(
            TencentConfiguration(appKey: Self.appKey, appSecret: AppSecret("example-key")), restoring: records)
        for record in records { store["\(record.collection)/\(record.key)"] = record }
    }

    /// The same cloud after a restart: what was saved, and nothing else.
    func restarted() -> TencentRig {
        var rig = TencentRig(restoring: store.keys.sorted().compactMap { store[$0] })
        rig.now = now
        return rig
    }

    @discardableResult
    mutating func handle(_ event: CloudEvent) -> [CloudEffect] {
        let new = cloud.handle(event, at: now)
        for effect in new {
            switch effect {
            case .respond(let exchange, let response): answers[exchange] = response
            case .send(let link, let bytes):
                if let frame = try? LinkCodec.decodeServer(bytes) { sent[link, default: []].append(frame) }
            case .close(let link, let code): closed[link] = code
            case .save(let record): store["\(record.collection)/\(record.key)"] = record
            case .remove(let collection, let key): store["\(collection)/\(key)"] = nil
            case .record(let entry): transcript.append(entry)
            case .startTimer(let timer, let after): timers[timer] = now + after
            case .cancelTimer(let timer): timers[timer] = nil
            case .httpCall(_, .url(let url), let request, timeout: TencentCloud.webhookTimeout):
                hooks.append((url, request))
            case .httpCall: break
            }
        }
        return new
    }

    /// Lets time pass, and every timer fire that falls due in it.
    mutating func advance(_ duration: Duration) {
        let end = now + duration
        while let next = timers.filter({ $0.value <= end }).min(by: {
            ($0.value, $0.key.number) < ($1.value, $1.key.number)
        }) {
            now = max(now, next.value)
            timers[next.key] = nil
            handle(.timerFired(next.key))
        }
        now = end
    }

    // MARK: Links

    /// Logs in with a UserSig that is made now, on a link of its own.
    @discardableResult
    mutating func logIn(
        _ user: String, _ platform: TencentPlatform = .iPhone, device: String? = nil,
        lifetime: Duration = .seconds(3600)
    ) -> (link: LinkID, code: Int) {
        let link = open()
        return (link, logIn(login(user, platform, device: device, lifetime: lifetime), on: link))
    }

    func login(
        _ user: String, _ platform: TencentPlatform = .iPhone, device: String? = nil,
        lifetime: Duration = .seconds(3600)
    ) -> LinkLogin {
        .tencent(
            user, Self.mint.userSig(for: user, at: now, lifetime: lifetime).reveal(for: .wire), platform,
            device: device ?? "\(platform)")
    }

    func kicks(on link: LinkID) -> [Int] {
        sent[link, default: []].compactMap { frame in
            if case .kicked(let notice) = frame.body { notice.reason } else { nil }
        }
    }

    func isOnline(_ link: LinkID) -> Bool {
        var copy = self
        return copy.send(.sync, on: link) == copy.sent[link, default: []].suffix(1).map(\.body)
            && copy.sent[link]?.last.map { if case .reply(_, .sync(code: 200, _)) = $0.body { true } else { false } }
                == true
    }

    // MARK: Web API

    mutating func request(_ request: HTTPRequestValue) -> HTTPResponseValue {
        let exchange = exchanges.next()
        handle(.request(exchange, request))
        return answers[exchange] ?? HTTPResponseValue(status: 0)
    }

    @discardableResult
    mutating func call(_ command: TencentCommand, as user: String = "administrator") -> TencentAnswer {
        let credentials = TencentCredentials(
            sdkAppID: Self.appKey, identifier: user, userSig: Self.mint.userSig(for: user, at: now))
        let response = request(command.http(credentials: credentials, random: 1, cause: nil))
        return TencentAnswer.parse(response, to: command)
    }

    mutating func set(_ json: String) throws {
        guard let fields = JSONFields(try JSONValue(parsing: Array(json.utf8))) else { return }
        call(.changeConsoleSettings(try TencentConsolePatch(fields)))
    }

    mutating func status(_ user: String) -> String {
        guard case .statuses(let found, _, _) = call(.onlineStatus([user], isDetailed: true)), let first = found.first
        else { return "unknown" }
        let terminals = first.terminals.map { " \($0.platform) \($0.status.rawValue)" }.joined(separator: ",")
        return first.status.rawValue + terminals
    }

    /// Action and Reason of every webhook so far, with the kicked platforms.
    var changes: [String] {
        hooks.map { hook in
            let body = (try? JSONValue(parsing: hook.request.body)) ?? .null
            let kicked = (body["KickedDevice"]?.array ?? []).compactMap { $0["Platform"]?.text }
            let info = body["Info"]
            return "\(info?["Action"]?.text ?? "")/\(info?["Reason"]?.text ?? "")"
                + (kicked.isEmpty ? "" : " kicks \(kicked.joined(separator: ","))")
        }
    }
}

extension LinkLogin {
    static func tencent(
        _ user: String, _ userSig: String, _ platform: TencentPlatform = .iPhone, device: String = "phone",
        appKey: String = TencentRig.appKey, automatic: Bool = false
    ) -> LinkLogin {
        LinkLogin(
            appKey: appKey, account: user, token: Secret(userSig, kind: .token), authType: 1, automatic: automatic,
            forced: false, deviceID: device, clientType: platform.rawValue)
    }
}
