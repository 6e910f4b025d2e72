import LoginCore
import Providers

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
        /// The day of the last login that worked; counted from 1970 in UTC.
        var lastActiveDay: Int?
    }

    /// Which tokens of a user are void since the password changed.
    struct Voiding: Equatable, Sendable {
        /// How often it changed: a token of the endpoint that was made under another number is void.
        var generation: UInt32 = 0
        /// The second of the last change: signed tokens that were made before it are void.
        var before: Int64?
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

    /// What is kept with a session.
    struct Own: Equatable, Sendable {
        let platform: EasemobPlatform
        let slot: Slot
        var life: Life
    }

    typealias Question = Never
    typealias Desk = LinkDesk<Own, Never>

    static let notSavedCode = 303

    let appKey: String
    let mint: EasemobMint
    var accounts: [String: Account] = [:]
    /// By user ID; outlives the user, so that one who is deleted and made anew does not get void tokens back.
    var voidings: [String: Voiding] = [:]
    var console = EasemobConsoleSettings()
    var desk = Desk()
    var tokens: UInt32 = 0
    /// The users whom the grant inherit has made in this second.
    var justMade: [String: Instant] = [:]
    var rates = CallRates()
    var lanes: CloudLanes

    /// One sentence for each record that could not be restored.
    package let restoreProblems: [String]

    /// A cloud with the state of `records`; a record that is damaged is passed over and named in `restoreProblems`.
    package init(_ app: ProviderApp, restoring records: [DurableRecord]) {
        appKey = app.appKey
        mint = EasemobMint(appKey: app.appKey, appSecret: app.appSecret)
        var restored = Restored()
        restored.read(records)
        accounts = restored.accounts
        voidings = restored.voidings
        console = restored.console
        restoreProblems = restored.problems
        lanes = CloudLanes(saying: restored.problems)
    }

    /// How many users have logged in on the day of `now`.
    func activeUsers(at now: Instant) -> Int {
        let day = now.day
        return accounts.values.count { $0.lastActiveDay == day }
    }

    /// Writes an account back, to the store first.
    mutating func keep(_ account: Account, _ turn: inout Turn) {
        guard accounts[account.username] != account else { return }
        accounts[account.username] = account
        turn.emit(.save(Self.record(of: account)))
    }

    /// How often the password of a user has changed.
    func generation(of username: String) -> UInt32 { voidings[username]?.generation ?? 0 }

    /// Makes all tokens of a user void, in the store first.
    mutating func voidTokens(of username: String, _ turn: inout Turn) {
        let voiding = Voiding(generation: generation(of: username) &+ 1, before: turn.now.seconds)
        voidings[username] = voiding
        turn.emit(.save(Self.record(of: voiding, username)))
    }

    /// Changes an account that exists, and writes it back.
    mutating func change(_ username: String, _ turn: inout Turn, _ body: (inout Account) -> Void) {
        guard var account = accounts[username] else { return }
        body(&account)
        account.modified = Instant(milliseconds: turn.now.milliseconds)
        keep(account, &turn)
    }
}

extension LinkSession<EasemobCloud.Own> {
    /// The model, since the lab's clients set no name of a device (§5).
    var deviceName: String { own.platform.title }
    /// What the web API calls the device (§9).
    var resource: String { own.platform.resource(of: deviceID) }
}

extension EasemobCall.Route {
    /// The kind of call that it counts as, and how many of them a second may have (easemob.md §3).
    var limit: (kind: String, perSecond: Int) {
        switch self {
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
