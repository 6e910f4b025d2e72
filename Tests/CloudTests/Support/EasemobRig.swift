import Cloud
import LoginCore
import Providers

/// Easemob's cloud with hands: opens links, sends frames, calls the web API, lets timers fire, and keeps what the cloud
/// asks for.
struct EasemobRig: LinkRig {
    static let appKey = "acme#demo"
    static let secret = AppSecret("client-1:secret-1")
    static let mint = EasemobMint(appKey: appKey, appSecret: secret)
    static let start = Instant(seconds: 1_700_000_000)

    var cloud: EasemobCloud
    var now = start
    var store: [String: DurableRecord] = [:]
    var sent: [LinkID: [ServerFrame]] = [:]
    var closed: [LinkID: Int] = [:]
    var answers: [ExchangeID: HTTPResponseValue] = [:]
    var transcript: [TranscriptEntry] = []
    var timers: [TimerID: Instant] = [:]
    var links = Counter<LinkID>()
    private var exchanges = Counter<ExchangeID>()
    var frames = 0
    /// The app token that calls carry.
    var appToken: Secret?

    init(restoring records: [DurableRecord] = []) {
        cloud = EasemobCloud(EasemobConfiguration(appKey: Self.appKey, appSecret: Self.secret), restoring: records)
        for record in records { store["\(record.collection)/\(record.key)"] = record }
        appToken = nil
        if case .appToken(let token, _) = ask(.token(.client, ttl: 0)) { appToken = token }
    }

    /// The same cloud after a restart: what was saved, and nothing else.
    func restarted() -> EasemobRig {
        var rig = EasemobRig(restoring: store.keys.sorted().compactMap { store[$0] })
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
            case .httpCall: break
            }
        }
        return new
    }

    /// Lets time pass, and every timer fire that falls due in it; `pinging` links say something each minute.
    mutating func advance(_ duration: Duration, pinging: [LinkID] = []) {
        let end = now + duration
        while !pinging.isEmpty, now + .seconds(60) < end {
            pass(until: now + .seconds(60))
            for link in pinging { send(.ping, on: link) }
        }
        pass(until: end)
    }

    private mutating func pass(until end: Instant) {
        while let next = timers.filter({ $0.value <= end }).min(by: {
            ($0.value, $0.key.number) < ($1.value, $1.key.number)
        }) {
            now = max(now, next.value)
            timers[next.key] = nil
            handle(.timerFired(next.key))
        }
        now = end
    }

    // MARK: Web API

    mutating func request(_ request: HTTPRequestValue) -> HTTPResponseValue {
        let exchange = exchanges.next()
        handle(.request(exchange, request))
        return answers[exchange] ?? HTTPResponseValue(status: 0)
    }

    /// Calls with the app token, or with another one in its place.
    @discardableResult
    mutating func ask(_ command: EasemobCommand, bearer: Secret?? = nil) -> EasemobAnswer {
        EasemobAnswer.parse(raw(command, bearer: bearer), to: command)
    }

    mutating func raw(_ command: EasemobCommand, bearer: Secret?? = nil) -> HTTPResponseValue {
        let caller = EasemobCaller(org: "acme", app: "demo", bearer: bearer ?? appToken)
        return request(command.http(caller, cause: nil))
    }

    /// Status, `error` and `error_description` of an answer that is an error, "ok" of another.
    mutating func error(_ command: EasemobCommand, bearer: Secret?? = nil) -> String {
        guard case .failed(let error) = ask(command, bearer: bearer) else { return "ok" }
        return "\(error.status) \(error.error): \(error.text)"
    }

    mutating func set(_ json: String) throws {
        guard let fields = JSONFields(try JSONValue(parsing: Array(json.utf8))) else { return }
        ask(.changeConsoleSettings(try EasemobConsolePatch(fields)))
    }

    mutating func register(_ names: String...) {
        for name in names { ask(.register([.user(name)], isList: false)) }
    }

    /// A user token of the endpoint.
    mutating func token(_ name: String, ttl: Int64? = 600) -> Secret {
        if case .userToken(let token, _, _) = ask(.token(.inherit(username: name, autoCreateUser: false), ttl: ttl)) {
            return token
        }
        return Secret("", kind: .token)
    }

    // MARK: Links

    /// Logs in with a token that is fetched now, on a link of its own.
    @discardableResult
    mutating func logIn(
        _ name: String, _ platform: EasemobPlatform = .iOS, device: String? = nil, ttl: Int64 = 600,
        automatic: Bool = false
    ) -> (link: LinkID, code: Int) {
        let token = token(name, ttl: ttl)
        let link = open()
        return (link, logIn(.easemob(name, token, platform, device: device, automatic: automatic), on: link))
    }

    mutating func code(_ login: LinkLogin) -> Int { logIn(login, on: open()) }

    func kicks(on link: LinkID) -> [Int] {
        sent[link, default: []].compactMap { frame in
            if case .kicked(let notice) = frame.body { notice.reason } else { nil }
        }
    }

    func warnings(on link: LinkID) -> Int {
        sent[link, default: []].filter { $0.body == .tokenWillExpire }.count
    }

    func isOnline(_ name: String) -> Bool {
        var copy = self
        // Asked in a second of its own, so that no limit of calls answers.
        copy.now = now + .seconds(1)
        return copy.ask(.status(name)) == .status(name, isOnline: true)
    }
}

extension EasemobGrant {
    static let client = EasemobGrant.clientCredentials(id: "client-1", Secret("secret-1", kind: .appSecret))
}

extension EasemobRegistration {
    static func user(_ name: String, password: String = "pass-1") -> EasemobRegistration {
        EasemobRegistration(username: name, password: Secret(password, kind: .password))
    }
}

extension LinkLogin {
    static func easemob(
        _ name: String, _ token: Secret, _ platform: EasemobPlatform = .iOS, device: String? = nil,
        appKey: String = EasemobRig.appKey, automatic: Bool = false, custom: Int = 0
    ) -> LinkLogin {
        LinkLogin(
            appKey: appKey, account: name, token: token, authType: 0, automatic: automatic, forced: false,
            deviceID: device ?? "\(platform)", clientType: platform.rawValue,
            details: LinkClientDetails(customClientType: custom))
    }
}
