import LoginCore
import Providers

/// What Easemob's cloud is made with.
package struct EasemobConfiguration: Sendable {
    /// `org#app`.
    package var appKey: String
    /// `CLIENT_ID:CLIENT_SECRET`, or the client secret alone.
    package var appSecret: AppSecret

    package init(appKey: String, appSecret: AppSecret) {
        self.appKey = appKey
        self.appSecret = appSecret
    }
}

/// Easemob's cloud as a value: the token endpoint and the accounts of the web API (easemob.md §1 to §3), and the IM
/// server (§6 to §9).
///
/// ```
/// link:  opened ──login 200──▶ logged in ──logout · kicked · expired · silent · replaced──▶ gone
///          └──login ≠ 200: stays opened; the client may try again
/// token: good ──80 % of its life──▶ warned of ──end──▶ the session is over, 108
///          ▲                            │
///          └────────── renew ───────────┘
/// ```
///
/// A login is decided in this order [ours]: app key 100, disabled app 305, user ID 101 and 105, token 104, 202 and
/// 108, user 204, ban 305, number of active users 8, device 213, 214 and 220; the first that fails answers. An accepted
/// login kicks whom the device policy excludes, and never itself.
///
/// What is nobody's fault is passed over in silence: frames and ends of links that are gone already, late timers.
/// There is no event that traps. Sessions die with the process; users and the console's settings are saved, and tokens
/// need not be: what they say is inside them.
package struct EasemobCloud: ProviderCloud, LinkSpeaker {
    /// What the collections of this value's durable records begin with.
    package static let collectionPrefix = "easemob/"
    /// A link that says nothing for so long is given up (§8).
    package static let silence: Duration = .seconds(300)

    struct Account: Equatable, Sendable {
        let username: String
        let uuid: String
        let created: Instant
        var modified: Instant
        var passwordHash: String?
        var nickname: String?
        var isBanned = false
        /// How often the tokens of the endpoint were voided.
        var generation: UInt32 = 0
        /// The second of the last change of the password: signed tokens that were made before it are void.
        var voidedBefore: Int64?
        /// The day of the last login that worked; see ``EasemobCloud/day(of:)``.
        var lastActiveDay: Int?
    }

    /// What a platform is to the device policy: its own kind, or a number of the app's.
    enum Slot: Hashable, Sendable {
        case platform(EasemobPlatform)
        case custom(Int)
    }

    /// The life of the token that a session holds.
    struct Life: Equatable, Sendable {
        let start: Instant
        /// Nil when it does not end.
        let end: Instant?
        var isWarned = false
    }

    /// A client that is logged in.
    struct Session: Equatable, Sendable {
        /// Counted up from 1; printed as `s-1`.
        let number: Int
        let username: String
        let deviceID: String
        let platform: EasemobPlatform
        let slot: Slot
        /// When the login was accepted.
        let since: Instant
        var life: Life

        var name: String { "s-\(number)" }
        var client: OnlineClient { OnlineClient(id: name, clientType: platform.rawValue) }
        /// The model, since the lab's clients set no name of a device (§5).
        var deviceName: String { platform.title }
        var resource: String { "\(platform.resourceType)_\(deviceID)" }
    }

    /// A link that is open; one that the server has closed is not kept.
    struct Link: Equatable, Sendable {
        var session: Session?
        /// When the last frame came.
        var heard: Instant
        /// Looks after silence, warning and expiry while a session is on.
        var watch: TimerID?
    }

    let appKey: String
    let mint: EasemobMint
    var accounts: [String: Account] = [:]
    var console = EasemobConsoleSettings()
    var links: [LinkID: Link] = [:]
    /// The links of each user who is online, the one that logged in last at the end.
    var online: [String: [LinkID]] = [:]
    var watches: [TimerID: LinkID] = [:]
    var timers = Counter<TimerID>()
    var sessions = 0
    var tokens: UInt32 = 0
    /// The users whom the grant inherit has made in this second.
    var justMade: [String: Instant] = [:]
    var rates = EasemobRates()
    var apiLane = TranscriptLane(.webAPI)
    var imLane = TranscriptLane(.imServer)
    /// Said in the transcript with the first event.
    private var unsaidProblems: [String]

    /// One sentence for each record that could not be restored.
    package let restoreProblems: [String]

    /// A cloud with the state of `records`; a record that is damaged is passed over and named in `restoreProblems`.
    package init(_ configuration: EasemobConfiguration, restoring records: [DurableRecord]) {
        appKey = configuration.appKey
        mint = EasemobMint(appKey: configuration.appKey, appSecret: configuration.appSecret)
        var restored = Restored()
        restored.read(records)
        accounts = restored.accounts
        console = restored.console
        restoreProblems = restored.problems
        unsaidProblems = restored.problems
    }

    package mutating func continueTranscript(after last: [Lane: Int]) {
        apiLane = TranscriptLane(.webAPI, after: last[.webAPI] ?? 0)
        imLane = TranscriptLane(.imServer, after: last[.imServer] ?? 0)
    }

    package mutating func quieten() {
        apiLane = TranscriptLane(.webAPI, after: apiLane.last, isQuiet: true)
        imLane = TranscriptLane(.imServer, after: imLane.last, isQuiet: true)
    }

    package mutating func handle(_ event: CloudEvent, at now: Instant) -> [CloudEffect] {
        var turn = Turn(at: now)
        for problem in unsaidProblems { turn.record(&imLane, .notice, problem, cause: nil) }
        unsaidProblems = []
        switch event {
        case .request(let exchange, let request): answer(request, on: exchange, &turn)
        case .linkOpened(let link, _): opened(link, &turn)
        case .frame(let link, let bytes): received(bytes, on: link, &turn)
        case .linkClosed(let link, let cause): closed(link, cause, &turn)
        case .timerFired(let timer): fired(timer, &turn)
        case .httpAnswered: break  // this cloud calls nobody
        }
        return turn.effects
    }

    /// Days since 1970 in UTC; where the provider's day begins is in no source [ours].
    static func day(of instant: Instant) -> Int {
        let (days, rest) = instant.seconds.quotientAndRemainder(dividingBy: 86_400)
        return Int(rest < 0 ? days - 1 : days)
    }

    /// How many users have logged in on the day of `now`.
    func activeUsers(at now: Instant) -> Int {
        let day = Self.day(of: now)
        return accounts.values.count { $0.lastActiveDay == day }
    }

    /// Writes an account back, to the store first.
    mutating func keep(_ account: Account, _ turn: inout Turn) {
        guard accounts[account.username] != account else { return }
        accounts[account.username] = account
        turn.emit(.save(Self.record(of: account)))
    }

    /// Changes an account that exists, and writes it back.
    mutating func change(_ username: String, _ turn: inout Turn, _ body: (inout Account) -> Void) {
        guard var account = accounts[username] else { return }
        body(&account)
        account.modified = Instant(milliseconds: turn.now.milliseconds)
        keep(account, &turn)
    }
}

/// How many calls of each kind came in the present second (easemob.md §3).
struct EasemobRates: Sendable {
    private var second: Int64 = .min
    private var counts: [String: Int] = [:]

    /// Counts a call and says whether it is within the limit of its kind.
    mutating func isWithin(_ route: EasemobCall.Route, at now: Instant) -> Bool {
        if now.seconds != second {
            second = now.seconds
            counts = [:]
        }
        let (kind, limit) = Self.limit(of: route)
        counts[kind, default: 0] += 1
        return counts[kind, default: 0] <= limit
    }

    private static func limit(of route: EasemobCall.Route) -> (kind: String, perSecond: Int) {
        switch route {
        case .token: ("token", 300)
        case .users: ("register", 100)
        case .batchStatus: ("batch status", 50)
        case .user: ("get", 100)
        case .delete: ("delete", 100)
        case .deactivate: ("ban", 100)
        case .activate: ("unban", 100)
        case .disconnect, .disconnectDevice: ("disconnect", 100)
        case .status: ("status", 100)
        case .password, .resources: ("other", 100)
        case .console, .changeConsole, .consoleUsers: ("console", .max)
        }
    }
}
