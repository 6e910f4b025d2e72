import LoginCore
import Providers

/// Tencent's cloud as a value: the web API (tencent.md §5), the IM server (§2 to §4) and the status webhook (§6).
///
/// ```
/// link:      opened ──login 200──▶ logged in ──logout · kicked · expired · replaced──▶ gone
///              └──login ≠ 200: stays opened; the client may try again
/// instance:  online ──link broken · silent──▶ away ──another one takes its place──▶ kicked ──told 6208──▶ gone
///               ▲                               │
///               └────────── login ──────────────┘
/// ```
///
/// A login is decided in this order [ours]: UserID 7003, too many refusals 70050, UserSig (§1.4), blacklist 70051,
/// offline kick 6208; the first that fails answers. The first login makes the account; an accepted login kicks whom
/// the device policy excludes, and never itself.
///
/// What is nobody's fault is passed over in silence: frames and ends of links that are gone already, late timers.
/// There is no event that traps. Sessions die with the process; accounts, kicks, instances and the console's settings
/// are saved, so that a client that was online at the end counts as away afterwards.
package struct TencentCloud: ProviderCloud, LinkSpeaker {
    /// What the collections of this value's durable records begin with.
    package static let collectionPrefix = "tencent/"
    /// A link that says nothing for so long is given up (§4).
    package static let silence: Duration = .seconds(400)
    /// The same for the Web: 60 seconds (§4) after a heartbeat was due [ours].
    package static let webSilence: Duration = .seconds(180)
    /// How long a phone or tablet that is away can be reached by push (§4).
    package static let pushTime: Duration = .seconds(7 * 86_400)
    /// How long the webhook's answer is waited for (§6, of webhooks that come before an event).
    package static let webhookTimeout: Duration = .seconds(2)

    struct Account: Equatable, Sendable {
        let userID: String
        var nick: String?
        var faceURL: String?
        var isBlacklisted = false
        /// The day of the last login that worked; counted from 1970 in UTC.
        var lastActiveDay: Int?
        /// Seconds, kept and told to nobody; a mute never touches a login (§5).
        var mutes: [Int?] = [nil, nil]
        /// The clients that logged in and did not log out, the one that logged in last at the end.
        var instances: [Instance] = []
    }

    /// One client of an account, from its login to its logout.
    struct Instance: Equatable, Sendable {
        let deviceID: String
        let platform: TencentPlatform
        var state: State

        enum State: Equatable, Sendable {
            case online(LinkID)
            /// Its link ended without a logout; nil when that was before the process began.
            case away(since: Instant?)
            /// Another one took its place while it was away, and nobody has told it yet.
            case kicked
        }

        var link: LinkID? { if case .online(let link) = state { link } else { nil } }
    }

    /// What is kept with a session.
    struct Own: Equatable, Sendable {
        let platform: TencentPlatform
        /// The last second of its UserSig; nil when it has none that can be counted.
        var lastSecond: Int64?
    }

    typealias Question = Never
    typealias Desk = LinkDesk<Own, Never>

    static let notSavedCode = 70500
    /// More instances of one account are forgotten, the oldest first.
    static let mostInstances = 40

    let appKey: String
    let mint: TencentMint
    var accounts: [String: Account] = [:]
    /// The second of each account's last kick by the web API: UserSigs that were made before it are void (§5).
    ///
    /// It outlives the account: a UserSig is signed for a UserID, and one that is void stays so when the account is
    /// deleted and made anew.
    var voidedBefore: [String: Int64] = [:]
    var console = TencentConsoleSettings()
    var desk = Desk()
    var calls = Counter<OutgoingID>()
    var refusals = TencentRefusals()
    var rates = CallRates()
    var lanes: CloudLanes

    /// One sentence for each record that could not be restored.
    package let restoreProblems: [String]

    /// A cloud with the state of `records`; a record that is damaged is passed over and named in `restoreProblems`.
    package init(_ app: ProviderApp, restoring records: [DurableRecord]) {
        appKey = app.appKey
        mint = TencentMint(appKey: app.appKey, appSecret: app.appSecret)
        var restored = Restored()
        restored.read(records)
        accounts = restored.accounts
        voidedBefore = restored.voidedBefore
        console = restored.console
        restoreProblems = restored.problems
        lanes = CloudLanes(saying: restored.problems)
    }

    /// Writes an account back, to the store first.
    mutating func keep(_ account: Account, _ turn: inout Turn) {
        guard accounts[account.userID] != account else { return }
        accounts[account.userID] = account
        turn.emit(.save(Self.record(of: account)))
    }

    /// Makes the account's UserSigs of earlier seconds void, in the store first.
    mutating func voidUserSigs(of userID: String, before second: Int64, _ turn: inout Turn) {
        guard voidedBefore[userID] != second else { return }
        voidedBefore[userID] = second
        turn.emit(.save(Self.record(ofVoiding: userID, before: second)))
    }

    /// Changes an account that exists, and writes it back.
    mutating func change(_ userID: String, _ turn: inout Turn, _ body: (inout Account) -> Void) {
        guard var account = accounts[userID] else { return }
        body(&account)
        keep(account, &turn)
    }
}

/// UserSigs that were refused lately, by the UserID that they were sent with (tencent.md §1.4, 70050).
struct TencentRefusals: Sendable {
    /// The documented pause.
    static let time: Duration = .seconds(60)
    /// More names are not counted; whoever sends so many has no one account in mind.
    private static let mostNames = 1024

    private var refused: [String: (since: Instant, count: Int)] = [:]

    /// Whether the UserID's logins are not looked at for now: `most` refusals within the time end the patience.
    func isLimited(_ userID: String, most: Int, at now: Instant) -> Bool {
        guard let found = refused[userID] else { return false }
        return found.count >= most && now - found.since < Self.time
    }

    mutating func add(_ userID: String, most: Int, at now: Instant) {
        if let found = refused[userID], now - found.since < Self.time {
            let count = found.count + 1
            // The pause begins with the refusal that ends the patience.
            refused[userID] = (count == most ? now : found.since, count)
            return
        }
        if refused.count >= Self.mostNames { refused = refused.filter { now - $0.value.since < Self.time } }
        guard refused.count < Self.mostNames || refused[userID] != nil else { return }
        refused[userID] = (now, 1)
    }

    mutating func forget(_ userID: String) {
        refused[userID] = nil
    }
}
