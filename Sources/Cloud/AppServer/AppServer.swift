import Foundation
import LoginCore
import Providers

/// What an app server is made with.
package struct AppServerConfiguration: Sendable {
    /// The apps at the providers, each provider once; the first is for whoever names none.
    package var apps: [ProviderApp]
    /// Opens the endpoints for the operator.
    package var operatorKey: Secret
    /// Where account names, sessions, salts and tokens come from.
    package var seed: UInt64
    /// Whether three people with demo passwords exist from the start.
    package var seedsPeople: Bool
    /// The web API's URL, for discovery.
    package var webAPI: String
    /// The IM link's URL, for discovery.
    package var imLink: String
    /// How many seconds of lab time pass in a real second, for discovery.
    package var timeScale: Int

    package init(
        apps: [ProviderApp],
        operatorKey: Secret,
        seed: UInt64,
        seedsPeople: Bool,
        webAPI: String,
        imLink: String,
        timeScale: Int
    ) {
        self.apps = apps
        self.operatorKey = operatorKey
        self.seed = seed
        self.seedsPeople = seedsPeople
        self.webAPI = webAPI
        self.imLink = imLink
        self.timeScale = timeScale
    }
}

/// The app server as a value: people, their passwords, accounts and tokens, app sessions and the operator's commands;
/// the page AppServerContract is its specification.
///
/// ```
/// request ──▶ answered at once
///    └──────▶ needs the provider: a web API call goes out, the request waits under its OutgoingID
///                └── answer or failure ──▶ state changed and saved, everyone who waits for it answered
/// ```
///
/// A person's first need of an account starts one creation; whoever needs it meanwhile waits for the same one. A
/// request that fails leaves everything as it was. Answers to calls that nobody waits for are passed over; there is
/// no event that traps.
///
/// People, their tokens, app sessions and settings are saved: a restart of the backend ends no app session [ours].
package struct AppServer: CloudValue {
    /// What the collections of this value's durable records begin with.
    package static let collectionPrefix = "app/"
    /// How long a call to the provider's web API may take.
    package static let callTimeout: Duration = .seconds(10)

    /// Someone who may log in to the app.
    struct Member: Equatable, Sendable {
        /// The order of creation, from 1.
        let number: Int
        /// As typed, in Unicode's composed form; never used as the account.
        let user: String
        let salt: String
        /// SHA-256 of salt and password, hexadecimal.
        let passwordHash: String
        /// Shown to everyone, since this is a demonstration; seeded people only.
        var demoPassword: Secret?
        /// One with a provider at the most, by the provider's id; none until the first need.
        var accounts: [String: Account] = [:]
    }

    /// A person's account with one provider.
    struct Account: Equatable, Sendable {
        let name: String
        /// The provider's current permanent token for it.
        var token: Secret?
        /// As far as this server had it done.
        var isBanned = false
    }

    /// A person who is logged in to the app; the key is the SHA-256 of the session's secret.
    struct AppSession: Equatable, Sendable {
        let user: String
        /// Whose tokens it brings unless another one is named.
        let provider: String
        let expires: Instant
    }

    /// What the provider's calls need in their headers.
    struct Credential: Equatable, Sendable {
        let secret: Secret
        /// Nil when it does not end by itself.
        let ends: Instant?
    }

    /// A call that waits for the credential, and what caused it.
    struct Parked: Equatable, Sendable {
        let call: OutgoingID
        let cause: EntryID
    }

    /// What an account is being made for.
    struct Want: Hashable, Sendable {
        let user: String
        let provider: String
    }

    /// What the app server has with one provider.
    struct Partner: Sendable {
        let app: ProviderApp
        let side: any ProviderAppSide
        var settings = Settings()
        /// Who has an account with it, by the account's name.
        var userOfAccount: [String: String] = [:]
        /// What calls carry, where they need it; asked for again after a restart.
        var credential: Credential?
        /// Calls that wait for the credential, oldest first.
        var parked: [Parked] = []

        init?(_ app: ProviderApp) {
            guard let side = ProviderClouds.appSide(app) else { return nil }
            self.app = app
            self.side = side
        }

        /// Takes settings back; a kind of token that the provider has not becomes its usual one.
        mutating func restore(_ kept: Settings) {
            settings = kept
            if !side.tokenKinds.contains(settings.tokenKind) {
                settings.tokenKind = side.tokenKinds.first ?? settings.tokenKind
            }
        }
    }

    /// What the app server itself keeps of the settings; the provider's console keeps the rest.
    struct Settings: Equatable, Sendable {
        var tokenKind: AuthenticationKind = .fixed
        var tokenLifetime: Duration = .seconds(600)
        var sessionLifetime: Duration = .seconds(604_800)
        /// As the provider's settings said last.
        var tokenUnit = ProviderSettings.usualTokenUnit
    }

    /// More sessions of one person end the one that would expire first [ours].
    static let mostSessions = 256

    let configuration: AppServerConfiguration
    /// By the providers' ids.
    var partners: [String: Partner] = [:]
    var chance: Chance
    /// By user name; Swift compares texts by canonical equivalence, so one name has one entry however it was typed.
    var members: [String: Member] = [:]
    var sessions: [String: AppSession] = [:]
    /// The keys of each person's sessions with their ends, the one that expires first in front.
    var sessionsOfUser: [String: [(key: String, expires: Instant)]] = [:]
    var waiting: [OutgoingID: Waiting] = [:]
    /// The creations that are under way.
    var creations: [Want: OutgoingID] = [:]
    var outgoing = Counter<OutgoingID>()
    /// Calls that were sent a second time with a new credential.
    var retried: Set<OutgoingID> = []
    /// The highest number that a person has; the first three are the seeded ones'.
    var lastNumber = Self.demoPeople.count
    var lane = TranscriptLane(.appServer)
    /// Said in the transcript with the first event.
    private var unsaidProblems: [String]

    /// One sentence for each record that could not be restored.
    package let restoreProblems: [String]

    /// An app server with the state of `records`; a record that is damaged is passed over and named in
    /// `restoreProblems`.
    ///
    /// `owner` says whose an account is that was saved when an app server had one provider; nil counts as the first's.
    package init(
        _ configuration: AppServerConfiguration, restoring records: [DurableRecord],
        owner: @escaping @Sendable (_ account: String) -> String? = { _ in nil }
    ) {
        self.configuration = configuration
        chance = Chance(seed: configuration.seed, label: "app server")
        let usual = configuration.apps.first?.provider ?? ""
        var restored = Restored(usual: usual, owner: owner)
        restored.read(records)
        chance.resume(after: restored.drawn)
        for app in configuration.apps {
            partners[app.provider] = Partner(app)
            // What was saved when an app server had one provider holds for each of them.
            let kept = restored.settings[app.provider] ?? restored.settings[Self.commonSettings]
            partners[app.provider]?.restore(kept ?? Settings())
        }
        restoreProblems = restored.problems
        unsaidProblems = restored.problems
        for member in restored.members { add(member) }
        if configuration.seedsPeople { addSeeds() }
        for (key, session) in restored.sessions.sorted(by: { $0.key < $1.key }) where members[session.user] != nil {
            remember(session, key: key)
        }
    }

    package mutating func continueTranscript(after last: [Lane: Int]) {
        lane = TranscriptLane(.appServer, after: last[.appServer] ?? 0)
    }

    package mutating func quieten() {
        lane = TranscriptLane(.appServer, after: lane.last, isQuiet: true)
    }

    package mutating func handle(_ event: CloudEvent, at now: Instant) -> [CloudEffect] {
        var turn = Turn(at: now)
        for problem in unsaidProblems { turn.record(&lane, .notice, problem, cause: nil) }
        unsaidProblems = []
        switch event {
        case .request(let exchange, let request): answer(request, on: exchange, &turn)
        case .httpAnswered(let call, let result): answered(call, result, &turn)
        case .linkOpened, .frame, .linkClosed, .timerFired:  // this server has no long connection and starts no timer
            break
        }
        return turn.effects
    }
}

/// People.
extension AppServer {
    /// The seeded people and their passwords, shown on screen; they are given an account at their first login.
    package static let demoPeople: [(user: String, password: String)] = [
        ("mia", "lantern-42"), ("noor", "harbour-17"), ("小林", "kite-88"),
    ]

    private mutating func addSeeds() {
        for (index, person) in Self.demoPeople.enumerated() where members[person.user] == nil {
            var salt = chance.named("seeded person \(index + 1)")
            add(
                Member(
                    number: index + 1, user: person.user, password: Secret(person.password, kind: .password),
                    salt: salt.text(32, of: Alphabet.hex), isDemo: true))
        }
    }

    mutating func add(_ member: Member) {
        members[member.user] = member
        lastNumber = max(lastNumber, member.number)
        for (provider, account) in member.accounts { partners[provider]?.userOfAccount[account.name] = member.user }
    }

    /// Writes a person back, to the store first.
    mutating func keep(_ member: Member, _ turn: inout Turn) {
        let old = members[member.user]
        guard old != member else { return }
        for (provider, account) in old?.accounts ?? [:] { partners[provider]?.userOfAccount[account.name] = nil }
        add(member)
        turn.emit(.save(Self.record(of: member)))
    }

    /// The person who has the account, when the app server knows it.
    func member(account: String, of provider: String) -> Member? {
        partners[provider]?.userOfAccount[account].flatMap { members[$0] }
    }

    /// The form in which names and passwords are compared: Unicode's composed one, otherwise as typed.
    static func composed(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 } ? text : text.precomposedStringWithCanonicalMapping
    }
}
