import Cloud
import LoginCore
import Providers

/// What earlier runs had left when a recording began, and the steps that bring it about before the story's first one.
///
/// Whoever had a saved login logs in on that device, and its app ends, in the order of then. Whoever had an account that
/// the operator turns to gets one; whoever had lost it loses it, and whoever was banned is banned. No device runs then;
/// each is started when it was.
struct StoryBefore {
    struct Login {
        let device: String
        let saved: SavedLogin
        /// Whose login it is; its own user is nobody after a login with a typed token.
        let user: String
        /// When its app was started with it.
        let at: Instant
        /// Whether the token was refused although it had not ended.
        var isVoid = false
        /// Whether the person has lost that account since.
        var isMoved = false
        /// 0 when another device of the account must have been online after it, 2 when it must have been the last one.
        var rank = 1

        /// Whether the token had ended when its app was started.
        var isEnded: Bool { saved.expires.map { $0 <= at } ?? false }

        /// How long the token lived, or would have lived; nil for one that does not end by itself.
        var life: Duration? { saved.expires.map { $0 - saved.issued } }
    }

    private(set) var logins: [Login] = []
    /// Who needs an account, besides those of the logins.
    private(set) var accounts: [String] = []
    private(set) var banned: [String] = []
    /// Who had a saved login and no longer its account; whether another one has come in its place.
    private var moved: [String: Bool] = [:]
    /// Who was there and took part, so that a registration is refused.
    private var others: [String] = []
    /// The devices whose saved login is nobody's whose name is known.
    private var nameless: [String] = []
    /// Whose the accounts were.
    private(set) var users: [String: String] = [:]
    /// What was set otherwise than a new backend has it; nil when nothing was.
    private(set) var settings: Recording.Settings?
    /// Where tokens are made with other settings for a while: those to go back to.
    private var tokens: (kind: AuthenticationKind, lifetime: Int64)?
    /// The first device, for logins that are nobody's later.
    private var host = ""
    private var end = Instant(microseconds: 0)

    /// How long a token lives that is to have ended when the story begins.
    private static let shortLife: Duration = .seconds(5)

    /// Whether any steps come before the first one.
    var isEmpty: Bool { logins.isEmpty && accounts.isEmpty && banned.isEmpty }

    /// The devices that run before the first step; they are stopped then.
    var devices: Set<String> { isEmpty ? [] : Set(logins.map(\.device) + [host]) }

    /// Everyone who was there before.
    var people: [String] {
        (logins.map(\.user) + accounts + banned + others).reduce(into: []) { people, user in
            if !people.contains(user) { people.append(user) }
        }
    }

    init(_ recording: Recording, provider: String) {
        var left: [Recording.Person]?
        for case .doing(.found(let settings, let people), _, _) in recording.items {
            left = people
            setUp(settings, provider)
        }
        for person in left ?? [] { users[person.account] = person.user }
        end = recording.items.map(\.at).max() ?? end
        var begun: Set<String> = []
        var first: Set<String> = []
        var met: Set<String> = []
        var turnedTo: [String] = []
        for item in recording.items {
            switch item {
            case .begin(let life, _):
                if host.isEmpty { host = life.device }
                if begun.insert(life.device).inserted { first.insert(life.device) } else { first.remove(life.device) }
            case .take(let take):
                switch take.input {
                case .app(.started(let saved?)) where first.contains(take.device):
                    if !saved.user.isEmpty { users[saved.account.text] = saved.user }
                    guard let user = users[saved.account.text] else {
                        nameless.append(take.device)
                        continue
                    }
                    logins.append(Login(device: take.device, saved: saved, user: user, at: take.at))
                case .app(.signInRequested(let user, _)), .app(.registerRequested(let user, _, _)),
                    .app(.granted(_, let user, _, _, _)):
                    met.insert(user)
                default: break
                }
            case .doing(.operate(let account, _), _, _):
                if let user = users[account], !met.contains(user) { turnedTo.append(user) }
            case .doing(.unbind(let user), _, _), .doing(.bind(let user, _), _, _):
                if users.values.contains(user), !met.contains(user) { turnedTo.append(user) }
            case .end, .doing, .entry: break
            }
        }
        judge(recording, provider)
        if let left { findMoved(left) }
        order()
        let saved = Set(logins.map(\.user))
        others = (left ?? []).map(\.user).filter { met.contains($0) && !saved.contains($0) }
        let all = met.union(saved).union(turnedTo)
        banned = (left ?? []).filter { $0.isBanned && all.contains($0.user) }.map(\.user)
        for user in turnedTo + banned where !saved.contains(user) && !accounts.contains(user) { accounts.append(user) }
    }

    /// Puts the logins in the order of then, those of one person so that the accounts of then come first and the device
    /// that was online last comes last.
    private mutating func order() {
        logins.sort { ($0.saved.issued, $0.device) < ($1.saved.issued, $1.device) }
        for user in Set(logins.map(\.user)) {
            let places = logins.indices.filter { logins[$0].user == user }
            let sorted = places.map { logins[$0] }.sorted { left, right in
                if left.isMoved != right.isMoved { return left.isMoved }
                return (left.rank, left.saved.issued, left.device) < (right.rank, right.saved.issued, right.device)
            }
            for (place, login) in zip(places, sorted) { logins[place] = login }
        }
    }

    private mutating func findMoved(_ left: [Recording.Person]) {
        for place in logins.indices {
            let account = left.first { $0.user == logins[place].user }?.account
            guard account != logins[place].saved.account.text else { continue }
            logins[place].isMoved = true
            moved[logins[place].user] = account != nil
        }
    }

    /// Looks at what the first login with each saved token tells of the time before.
    private mutating func judge(_ recording: Recording, _ provider: String) {
        var policies: [String: LoginPolicy] = [:]
        var isTouched: Set<String> = []
        var isTried: Set<String> = []
        for item in recording.items {
            switch item {
            case .begin(let life, _):
                policies[life.device] = ProviderRegistry.provider(provider)?.generation(life.generation)?.policy
            case .doing(.operate(let account, let operation), _, _):
                if operation.voidsTokens { isTouched.insert(account) }
            case .take(let take):
                guard let place = logins.firstIndex(where: { $0.device == take.device }),
                    take.state.saved?.token == logins[place].saved.token, !logins[place].isEnded
                else { continue }
                let account = logins[place].saved.account.text
                switch take.input {
                case .sdk(.received(_, .loginAccepted)):
                    if isTried.insert(account).inserted { logins[place].rank = 2 }
                case .sdk(.received(_, .loginRefused(let code, _))):
                    switch policies[take.device]?.rule(for: code).kind {
                    case .credential: if !isTouched.contains(account) { logins[place].isVoid = true }
                    default: if isTried.insert(account).inserted { logins[place].rank = 0 }
                    }
                default: break
                }
            case .end, .doing, .entry: break
            }
        }
    }

    private mutating func setUp(_ found: Recording.Settings, _ provider: String) {
        guard let usual = Self.usualSettings(of: provider) else { return }
        let changes = found.changes(from: usual, known: ProviderRegistry.provider(provider)?.consoleSettings)
        if !changes.isEmpty { settings = changes }
        if let kind = found.tokenKind, let lifetime = found.tokenLifetime { tokens = (kind, lifetime) }
    }

    /// What the operator finds at a backend that nobody has changed.
    private static func usualSettings(of provider: String) -> Recording.Settings? {
        guard var world = try? VirtualWorld(WorldSetup(provider: provider, devices: [], sink: .none)),
            (try? world.perform(.operate(.settings))) != nil
        else { return nil }
        world.run(for: .seconds(10))
        guard case .success(let answer)?? = world.operations.first,
            case .success(let settings) = AppServerSettings.parse(answer)
        else { return nil }
        return Recording.Settings(settings)
    }

    // MARK: - Telling it

    /// The steps; `registered` are those who register before, and so have an account.
    func steps(registered: [String]) -> [String] {
        guard !isEmpty else { return [] }
        var steps: [String] = []
        for user in accounts where !registered.contains(user) {
            steps += Self.logIn(user, on: host)
            steps.append("{do: log out, on: \(host)}")
            steps.append("{see: app, on: \(host), is: login screen}")
        }
        // Where a token's age counts, as much time passes as did then.
        var last: Instant?
        func pass(to next: Instant) {
            if let last { steps += StoryTeller.waits(next - last) }
        }
        for login in logins {
            let isAging = isAging(login)
            if isAging { pass(to: login.saved.issued) }
            steps += self.steps(of: login)
            if isAging { last = max(last ?? login.saved.issued, login.saved.issued) }
            if login.isMoved, login.device == logins.last(where: { $0.isMoved && $0.user == login.user })?.device {
                steps.append("{do: unbind, as: \(StoryTeller.quoted(login.user))}")
                if moved[login.user] == true { steps.append("{do: bind, as: \(StoryTeller.quoted(login.user))}") }
            }
        }
        if let first = logins.map(\.at).min() { pass(to: first) }
        if !logins.contains(where: { $0.device == host }) { steps.append("{do: stop app, on: \(host)}") }
        for user in banned { steps.append("{do: ban, as: \(StoryTeller.quoted(user))}") }
        return steps
    }

    /// Whether the token came so near to its end in the recording that what is done about that may be in it.
    private func isAging(_ login: Login) -> Bool {
        guard let life = login.life, !login.isEnded else { return false }
        return login.saved.issued + life / 2 <= end
    }

    private static func logIn(_ user: String, on device: String) -> [String] {
        [
            "{do: log in, on: \(device), as: \(StoryTeller.quoted(user))}",
            "{see: state, on: \(device), is: online}",
            "{see: app, on: \(device), is: signed in}",
        ]
    }

    private func steps(of login: Login) -> [String] {
        let user = login.user
        var steps = Self.logIn(user, on: login.device)
        let isStopped = "{see: state, on: \(login.device), is: stopped}"
        if case .kicked = login.saved.stop { steps += ["{do: kick, as: \(StoryTeller.quoted(user))}", isStopped] }
        if login.saved.stop?.isBan == true {
            steps += ["{do: stop app, on: \(login.device)}", "{do: ban, as: \(StoryTeller.quoted(user))}"]
            steps += ["{do: start app, on: \(login.device)}", "{do: log in automatically, on: \(login.device)}"]
            steps += [isStopped, "{do: unban, as: \(StoryTeller.quoted(user))}"]
        }
        steps.append("{do: stop app, on: \(login.device)}")
        if login.isVoid {
            // Tencent's UserSigs are void when they are older, in whole seconds.
            steps += ["{wait: 1s}", "{do: replace token, as: \(StoryTeller.quoted(user))}"]
        }
        guard let tokens, login.saved.kind != .callback else { return steps }
        let life = login.isEnded ? Self.shortLife : isAging(login) ? login.life ?? .zero : .seconds(tokens.lifetime)
        // An answer may have been on its way for a part of a second.
        let seconds = (life.wholeMilliseconds + 500) / 1000
        if login.saved.kind != tokens.kind || seconds != tokens.lifetime, seconds > 0 {
            steps.insert("{do: change settings, token: \(login.saved.kind), token lifetime: \(seconds)s}", at: 0)
            steps.append("{do: change settings, token: \(tokens.kind), token lifetime: \(tokens.lifetime)s}")
        }
        if login.isEnded { steps.append("{wait: \(seconds + 1)s}") }
        return steps
    }

    /// What the steps cannot bring about, each as a sentence.
    var notes: [String] {
        nameless.map { "Device \($0) started with a saved login of an account that is nobody's; here it has none." }
            + logins.flatMap { login -> [String] in
                let beginning = "Device \(login.device) started with a login that an earlier run had saved"
                let void = login.isVoid ? ", and its token is replaced, for it was refused at once" : ""
                var notes = ["\(beginning); here it logs in before the first step\(void)."]
                if case .failed(let failure, _) = login.saved.stop, failure.kind != .banned {
                    notes.append("\(beginning) and that had ended with \(failure); here it had not.")
                } else if login.saved.stop == nil, !login.saved.isUsable {
                    notes.append("\(beginning) before it came about; here it had.")
                }
                return notes
            }
    }
}

extension StopReason {
    fileprivate var isBan: Bool {
        if case .failed(let failure, _) = self { failure.kind == .banned } else { false }
    }
}

extension Recording.Operation {
    /// Whether the account's tokens open nothing after it.
    fileprivate var voidsTokens: Bool {
        switch self {
        case .replaceToken, .refreshToken, .deleteAccount: true
        // Some providers take the tokens back with it.
        case .ban, .kick: true
        case .unban, .askPresence, .kickDevice: false
        }
    }
}

extension Recording.Settings {
    package init(_ settings: AppServerSettings) {
        self.init(
            AppServerSettingsPatch(
                tokenKind: settings.tokenKind, tokenLifetime: settings.tokenLifetime,
                sessionLifetime: settings.sessionLifetime, devicePolicy: settings.devicePolicy,
                authTypes: settings.authTypes, loginCallback: settings.loginCallback, provider: settings.provider))
    }

    fileprivate var isEmpty: Bool {
        tokenKind == nil && tokenLifetime == nil && sessionLifetime == nil && devicePolicy == nil && authTypes == nil
            && loginCallback == nil && console == nil
    }

    /// Those that are not as in `usual`; of the console only what `known` has, a JSON object.
    fileprivate func changes(from usual: Self, known: JSONValue?) -> Self {
        var changes = self
        if tokenKind == usual.tokenKind { changes.tokenKind = nil }
        if tokenLifetime == usual.tokenLifetime { changes.tokenLifetime = nil }
        if sessionLifetime == usual.sessionLifetime { changes.sessionLifetime = nil }
        if devicePolicy == usual.devicePolicy { changes.devicePolicy = nil }
        if authTypes == usual.authTypes { changes.authTypes = nil }
        if loginCallback == usual.loginCallback { changes.loginCallback = nil }
        let names = Set((known?.members ?? []).map(\.name))
        let old = Set(Self.members(usual.console))
        let members = Self.members(console).filter { names.contains($0.name) && !old.contains($0) }
        changes.console =
            members.isEmpty ? nil : String(decoding: JSONValue.object(members).encoded(), as: UTF8.self)
        return changes
    }

    private static func members(_ console: String?) -> [JSONMember] {
        console.flatMap { try? JSONValue(parsing: Array($0.utf8)) }?.members ?? []
    }
}
