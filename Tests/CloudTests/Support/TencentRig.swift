import Cloud
import LoginCore
import Providers

/// Tencent's cloud with hands.
struct TencentRig: LinkRig {
    static let appKey = "1400000000"
    static let mint = TencentMint(appKey: appKey, appSecret: AppSecret("example-key"))

    var hands: CloudHands<TencentCloud>

    init(restoring records: [DurableRecord] = []) {
        let cloud = TencentCloud(
            ProviderApp(provider: "tencent", appKey: Self.appKey, appSecret: AppSecret("example-key")),
            restoring: records)
        hands = CloudHands(cloud, at: Self.start, restoring: records)
    }

    /// The same cloud after a restart: what was saved, and nothing else.
    func restarted() -> TencentRig {
        var rig = TencentRig(restoring: records)
        rig.now = hands.now
        return rig
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
            user, Self.mint.userSig(for: user, at: hands.now, lifetime: lifetime).reveal(for: .wire), platform,
            device: device ?? "\(platform)")
    }

    func kicks(on link: LinkID) -> [Int] { notices(on: link).map(\.reason) }

    func isOnline(_ link: LinkID) -> Bool {
        var copy = self
        return copy.send(.sync, on: link) == copy.hands.sent[link, default: []].suffix(1).map(\.body)
            && copy.hands.sent[link]?.last.map {
                if case .reply(_, .sync(code: 200, _)) = $0.body { true } else { false }
            }
                == true
    }

    // MARK: Web API

    @discardableResult
    mutating func call(_ command: TencentCommand, as user: String = "administrator") -> TencentAnswer {
        let credentials = TencentCredentials(
            sdkAppID: Self.appKey, identifier: user, userSig: Self.mint.userSig(for: user, at: hands.now))
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

    /// Calls to the webhook, oldest first: the URL and the request.
    var hooks: [(url: String, request: HTTPRequestValue)] {
        hands.calls.compactMap { call in
            guard case .url(let url) = call.target, call.timeout == TencentCloud.webhookTimeout else { return nil }
            return (url, call.request)
        }
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
