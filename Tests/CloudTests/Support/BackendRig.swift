import Cloud
import LoginCore
import Providers

/// The app server with CommsEase's cloud behind it; calls between them wait until they are delivered.
struct BackendRig {
    static let operatorKey = Secret("key-of-the-operator", kind: .operatorKey)

    var server: AppServer
    var provider: CloudRig
    var now = CloudRig.start
    var store: [String: DurableRecord] = [:]
    var answers: [ExchangeID: HTTPResponseValue] = [:]
    /// Calls to the web API that are under way, oldest first.
    var calls: [(id: OutgoingID, request: HTTPRequestValue)] = []
    /// How many calls were made in all.
    var callCount = 0
    var transcript: [TranscriptEntry] = []
    private var exchanges = Counter<ExchangeID>()

    init(
        seed: UInt64 = 11, seedsPeople: Bool = true, restoring records: [DurableRecord] = [], provider: CloudRig? = nil
    ) {
        server = AppServer(
            AppServerConfiguration(
                apps: [ProviderApp(provider: "commsease", appKey: CloudRig.appKey, appSecret: CloudRig.secret)],
                operatorKey: Self.operatorKey, seed: seed, seedsPeople: seedsPeople, webAPI: "http://127.0.0.1:5124",
                imLink: "ws://127.0.0.1:5125", timeScale: 1), restoring: records)
        self.provider = provider ?? CloudRig()
        for record in records { store["\(record.collection)/\(record.key)"] = record }
    }

    /// The same backend after a restart: what was saved, and nothing else.
    func restarted(seed: UInt64 = 11) -> BackendRig {
        var rig = BackendRig(
            seed: seed, restoring: store.keys.sorted().compactMap { store[$0] },
            provider: CloudRig(restoring: provider.records))
        rig.now = now
        rig.provider.now = now
        return rig
    }

    mutating func handle(_ event: CloudEvent) {
        for effect in server.handle(event, at: now) {
            switch effect {
            case .respond(let exchange, let response): answers[exchange] = response
            case .httpCall(let id, .webAPI, let request, let timeout):
                callCount += timeout == .seconds(10) ? 1 : 1000
                calls.append((id, request))
            case .save(let record): store["\(record.collection)/\(record.key)"] = record
            case .remove(let collection, let key): store["\(collection)/\(key)"] = nil
            case .record(let entry): transcript.append(entry)
            case .httpCall, .send, .close, .startTimer, .cancelTimer: break
            }
        }
    }

    mutating func advance(_ duration: Duration) {
        now = now + duration
        provider.now = now
    }

    // MARK: Requests

    /// Asks without delivering any call; the answer may come later.
    mutating func begin(_ request: HTTPRequestValue) -> ExchangeID {
        let exchange = exchanges.next()
        handle(.request(exchange, request))
        return exchange
    }

    mutating func begin(_ request: AppServerRequest) -> ExchangeID {
        begin(request.http(operatorKey: Self.operatorKey, cause: nil))
    }

    /// Asks, and delivers calls until none is under way.
    mutating func ask(_ request: AppServerRequest, deliveringCalls: Bool = true) -> HTTPResponseValue {
        let exchange = begin(request)
        if deliveringCalls { deliverAll() }
        return answers[exchange] ?? HTTPResponseValue(status: 0)
    }

    mutating func deliverAll() {
        while !calls.isEmpty { deliver() }
    }

    /// Takes the oldest call to the web API and its answer back.
    mutating func deliver() {
        guard !calls.isEmpty else { return }
        let call = calls.removeFirst()
        handle(.httpAnswered(call.id, .success(provider.request(call.request))))
    }

    /// Lets the oldest call fail.
    mutating func fail(_ result: Result<HTTPResponseValue, CallFailure>) {
        guard !calls.isEmpty else { return }
        handle(.httpAnswered(calls.removeFirst().id, result))
    }

    mutating func logIn(_ user: String, _ password: String) -> Result<AppServerGrant, AppServerError> {
        AppServerGrant.parse(ask(.login(user: user, password: Secret(password, kind: .password))))
    }

    mutating func error(_ request: AppServerRequest) -> String {
        AppServerError(parsing: ask(request)).map { "\($0.status) \($0.name)" } ?? "none"
    }
}

extension AppServerRequest {
    static func login(_ user: String, _ password: String) -> AppServerRequest {
        .login(user: user, password: Secret(password, kind: .password))
    }

    static func register(_ user: String, _ password: String, account: String? = nil) -> AppServerRequest {
        .register(user: user, password: Secret(password, kind: .password), account: account)
    }
}
