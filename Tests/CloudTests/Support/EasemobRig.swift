import Cloud
import LoginCore
import Providers

/// Easemob's cloud with hands.
struct EasemobRig: LinkRig {
    static let appKey = "acme#demo"
    static let secret = AppSecret("client-1:secret-1")
    static let mint = EasemobMint(appKey: appKey, appSecret: secret)

    var hands: CloudHands<EasemobCloud>
    /// The app token that calls carry.
    var appToken: Secret?

    init(restoring records: [DurableRecord] = []) {
        let cloud = EasemobCloud(
            ProviderApp(provider: "easemob", appKey: Self.appKey, appSecret: Self.secret), restoring: records)
        hands = CloudHands(cloud, at: Self.start, restoring: records)
        appToken = nil
        if case .appToken(let token, _) = ask(.token(.client, ttl: 0)) { appToken = token }
    }

    /// The same cloud after a restart: what was saved, and nothing else.
    func restarted() -> EasemobRig {
        var rig = EasemobRig(restoring: records)
        rig.now = hands.now
        return rig
    }

    /// Lets time pass while links say something each minute.
    mutating func advance(_ duration: Duration, pinging links: [LinkID]) {
        let end = hands.now + duration
        while hands.now + .seconds(60) < end {
            advance(.seconds(60))
            for link in links { send(.ping, on: link) }
        }
        advance(end - hands.now)
    }

    // MARK: Web API

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

    func kicks(on link: LinkID) -> [Int] { notices(on: link).map(\.reason) }

    func warnings(on link: LinkID) -> Int {
        hands.sent[link, default: []].filter { $0.body == .tokenWillExpire }.count
    }

    func isOnline(_ name: String) -> Bool {
        var copy = self
        // Asked in a second of its own, so that no limit of calls answers.
        copy.now = hands.now + .seconds(1)
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
