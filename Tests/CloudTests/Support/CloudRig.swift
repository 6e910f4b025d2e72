import Cloud
import LoginCore
import Providers

/// CommsEase's cloud with hands.
struct CloudRig: LinkRig {
    static let appKey = "key-of-the-app"
    static let secret = AppSecret("secret-of-the-app")
    static let mint = CommsEaseMint(appKey: appKey, appSecret: secret)

    var hands: CloudHands<CommsEaseCloud>
    private var nonces = 0

    init(seed: UInt64 = 7, restoring records: [DurableRecord] = []) {
        let cloud = CommsEaseCloud(
            CommsEaseConfiguration(appKey: Self.appKey, appSecret: Self.secret, seed: seed), restoring: records)
        hands = CloudHands(cloud, at: Self.start, restoring: records)
    }

    // MARK: Links

    /// Opens a link and logs in on it.
    mutating func logIn(_ login: LinkLogin) -> (link: LinkID, code: Int) {
        let link = open()
        return (link, logIn(login, on: link))
    }

    func kicks(on link: LinkID) -> [KickNotice] { notices(on: link) }

    func changes(on link: LinkID) -> [String] {
        hands.sent[link, default: []].compactMap { frame in
            guard case .clients(let change, let clients) = frame.body else { return nil }
            return "\(change) \(clients.map(\.id).joined(separator: ","))"
        }
    }

    // MARK: Web API

    mutating func signed(_ command: CommsEaseCommand, requestID: String? = nil) -> HTTPRequestValue {
        nonces += 1
        return command.http(
            credentials: Self.mint.credentials(nonce: "nonce-\(nonces)", at: hands.now), requestID: requestID,
            cause: nil)
    }

    @discardableResult
    mutating func call(_ command: CommsEaseCommand) -> CommsEaseAnswer {
        CommsEaseAnswer.parse(request(signed(command)), to: command)
    }

    mutating func create(_ accid: String, token: String) {
        call(.create(accid: accid, token: Secret(token, kind: .token), name: nil))
    }
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
