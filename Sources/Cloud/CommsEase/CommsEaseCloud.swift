import LoginCore
import Providers

/// What CommsEase's cloud is made with.
package struct CommsEaseConfiguration: Sendable {
    package var appKey: String
    package var appSecret: AppSecret
    /// Where tokens made by the cloud come from.
    package var seed: UInt64
    /// The URL of the backend's own app server, without a slash at the end, for login callbacks.
    package var appServer: String

    /// Lab time that a call may be on its way, which its CurTime may be late in any case.
    package var slowestCall: Duration

    package init(
        appKey: String,
        appSecret: AppSecret,
        seed: UInt64,
        appServer: String = "http://app-server",
        slowestCall: Duration = .zero
    ) {
        self.slowestCall = slowestCall
        self.appServer = appServer
        self.appKey = appKey
        self.appSecret = appSecret
        self.seed = seed
    }
}

/// CommsEase's cloud as a value: the web API (commsease.md §11) and the IM server (§9, §12, §14), generation V9.
///
/// ```
/// link:  opened ──login 200──▶ logged in ──logout · kicked · replaced · dropped──▶ gone
///         │  ▲ └──login ≠ 200: stays opened; the client may try again
///         │  └───answer, or its time is over: decided afresh
///         └──login of type 2 with a callback──▶ asking
/// ```
///
/// A login is decided in this order (§14.2): AppKey 302, authentication type 403, account 302, ban 422, credential
/// 302, last device 417; the first that fails answers. An accepted login kicks whom the device policy forbids.
///
/// What is nobody's fault is passed over in silence: frames and ends of links that are gone already. What a client
/// does wrong is answered with a code and changes nothing. There is no event that traps.
///
/// Sessions die with the process; accounts, tokens, bans, last devices and the console's settings are saved.
package struct CommsEaseCloud: ProviderCloud, LinkSpeaker {
    /// What the collections of this value's durable records begin with.
    package static let collectionPrefix = "commsease/"

    /// An account; the name is its key and is always in lower case (§11.2).
    struct Account: Equatable, Sendable {
        let accid: String
        var token: Secret
        /// Kept and told; decides nothing.
        var profile = CommsEaseProfile()
        /// The first 8 hex digits of the SHA-256 of tokens that were replaced, newest first, eight at the most: they
        /// tell a token that is too old from one that never was.
        var replacedTokens: [String] = []
        var isBanned = false
        /// Whether the console made it and lists it; accounts of the web API never show there (§1).
        var isFromConsole = false
        /// The day of its last accepted login, counted from 1970 in UTC.
        var lastActiveDay: Int?
        /// Kept and told; a mute never touches a login (§12.4).
        var mutes: Set<CommsEaseMute> = []
        /// Kept for every group at every login, whatever the policy, so that a change of policy finds them right.
        var lastDevices: [DeviceGroup: String] = [:]
    }

    /// The clients that exclude one another, and among which one device was the last (§9, §14.3).
    enum DeviceGroup: String, CaseIterable, Sendable {
        /// Policy 1: every client.
        case all
        /// Policy 2: PC, macOS and Web; a type that the page does not name counts here [ours].
        case desktop
        /// Policy 2: Android, iOS, HarmonyOS and Windows Phone.
        case mobile

        static func platform(of clientType: Int) -> DeviceGroup {
            switch clientType {
            case 1, 2, 8, 65: .mobile
            default: .desktop
            }
        }
    }

    /// What is kept with a session.
    struct Own: Equatable, Sendable {
        /// As the SDK said, empty when it did not.
        let sdkVersion: String
    }

    /// A login that the app server is asked about.
    struct Asking: Equatable, Sendable {
        let login: LinkLogin
        let frame: Int
        let call: OutgoingID
    }

    typealias Question = Asking
    typealias Desk = LinkDesk<Own, Asking>

    static let notSavedCode = 500
    /// Policy 3 allows so many devices at once (§9).
    package static let mostDevices = 10

    let appKey: String
    let appServer: String
    let mint: CommsEaseMint
    var chance: Chance
    var accounts: [String: Account] = [:]
    var console = CommsEaseConsoleSettings()
    var desk = Desk()
    var recentRequests = RecentRequests()
    var rates = CallRates(penalty: .seconds(10))
    var outgoing = Counter<OutgoingID>()
    /// The links whose login waits for an answer.
    var asking: [OutgoingID: LinkID] = [:]
    var lanes: CloudLanes

    /// One sentence for each record that could not be restored.
    package let restoreProblems: [String]

    /// A cloud with the state of `records`; a record that is damaged is passed over and named in `restoreProblems`.
    package init(_ configuration: CommsEaseConfiguration, restoring records: [DurableRecord]) {
        appKey = configuration.appKey
        appServer = configuration.appServer
        mint = CommsEaseMint(
            appKey: configuration.appKey, appSecret: configuration.appSecret, slowestCall: configuration.slowestCall)
        chance = Chance(seed: configuration.seed, label: "commsease")
        var restored = Restored()
        restored.read(records)
        accounts = restored.accounts
        console = restored.console
        chance.resume(after: restored.drawn)
        restoreProblems = restored.problems
        lanes = CloudLanes(saying: restored.problems)
    }

    /// A new permanent token.
    mutating func drawToken(_ turn: inout Turn) -> Secret {
        var generator = chance.next("token")
        turn.emit(.save(drawnRecord))
        return CommsEaseMint.staticToken(using: &generator)
    }

    /// Writes an account back, to the store first.
    mutating func keep(_ account: Account, _ turn: inout Turn) {
        guard accounts[account.accid] != account else { return }
        accounts[account.accid] = account
        turn.emit(.save(Self.record(of: account)))
    }
}

/// Request ids seen within the CheckSum's window, so that a repeated one is answered 431 (commsease.md §11.1).
struct RecentRequests: Sendable {
    /// More are forgotten, the oldest first.
    static let most = 1024
    private var seen: Set<String> = []
    private var order: [(id: String, at: Instant)] = []
    private var first = 0

    /// Whether the id is new; remembers it.
    mutating func isNew(_ id: String, at now: Instant) -> Bool {
        while first < order.count, now - order[first].at > CommsEaseMint.window || order.count - first >= Self.most {
            seen.remove(order[first].id)
            first += 1
        }
        if first > Self.most {
            order.removeFirst(first)
            first = 0
        }
        guard seen.insert(id).inserted else { return false }
        order.append((id, now))
        return true
    }
}
