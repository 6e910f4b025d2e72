import Cloud
import LoginCore
import Providers

/// Goes through a recording and writes chapters: something that is done, and what is seen until the next such thing.
struct StoryTeller {
    struct Sighting {
        var at: Instant
        let step: String
    }

    struct Chapter {
        var act: String?
        let at: Instant
        var sightings: [Sighting] = []
        var attempts: [String: Int] = [:]
        var delays: [String: [Duration]] = [:]
    }

    struct Device {
        let first: Recording.Life
        var last: Recording.Life
        var settings: AppSettings
        /// Whether it was there from the start.
        let starts: Bool
        /// Whether the app sets its SDK up as it starts.
        var setsUp = true
        /// Whether this run of the app has taken anything yet.
        var isFresh = true
    }

    let recording: Recording
    let provider: String
    var notes: [String] = []
    /// What earlier runs had left.
    let before: StoryBefore
    var chapters: [Chapter] = []
    /// Where each device's and owner's last state stands.
    var lastStates: [String: (chapter: Int, place: Int, at: Instant)] = [:]
    /// The operator's acts that the app server has not answered: their chapters, nil for what is left out, and who is given
    /// an account by them.
    var unanswered: [(chapter: Int?, bound: String?)] = []
    /// How many of the operator's acts have not reached the app server.
    var unasked = 0
    var names: [String] = []
    var devices: [String: Device] = [:]
    /// Those who are no demo people, with the passwords that are right.
    var people: [(user: String, password: String)] = []
    /// Everyone of them whose password was typed.
    var strangers: [String] = []
    var registered: Set<String> = []
    var earlier: [String] = []
    var users: [String: String] = [:]
    /// The tokens that each device was given, and the one that was typed on it last and is none of them.
    private var given: [String: Set<SecretRef>] = [:]
    private var strange: [String: SecretRef] = [:]
    /// The token that each device whose app runs has saved.
    private var holders: [String: SecretRef] = [:]
    /// The digests of the passwords that opened an app session.
    private let passwords: [String: String]
    let unstable: [String]
    let demo: [String: String]
    var end = Instant(microseconds: 0)

    init(_ recording: Recording) {
        self.recording = recording
        provider = recording.providers[0]
        demo = Dictionary(
            AppServer.demoPeople.map { person in
                let secret = Secret(person.password, kind: .password)
                return (person.user, SecretDigest.reference(for: secret, name: "demo").digest)
            }, uniquingKeysWith: { first, _ in first })
        var ids: Set<String> = []
        for entry in recording.entries {
            for case .id(let kind, let value) in entry.fields.map(\.value) where kind != "connection" && !value.isEmpty
            {
                ids.insert(value)
            }
        }
        unstable = ids.sorted()
        passwords = Self.passwords(recording)
        before = StoryBefore(recording, provider: provider)
        users = before.users
        for user in before.people where demo[user] == nil { registersBefore(user) }
        notes += before.notes
        if let start = recording.items.first?.at {
            end = start
            chapters = [Chapter(act: nil, at: start)]
        }
    }

    // MARK: - Going through

    mutating func tell() {
        for item in recording.told {
            end = max(end, item.at)
            switch item {
            case .begin(let life, let at): begin(life, at)
            case .end(let device, let at):
                holders[device] = nil
                act("do: stop app, on: \(device)", at)
            case .doing(let doing, _, let at): tell(doing, at)
            case .take(let take):
                tell(take)
                for entry in take.entries { see(entry, take.device) }
            case .entry(let entry):
                asked(entry)
                answered(entry)
            }
        }
    }

    /// Notes what others than the lab asked the servers for, such as a program with the provider's web API.
    private mutating func asked(_ entry: TranscriptEntry) {
        guard entry.kind == .httpRequest, entry.cause == nil, !entry.title.hasPrefix("GET ") else { return }
        if Self.isOfOperator(entry), unasked > 0 {
            unasked -= 1
        } else {
            note("Left out: \(entry.title), which came from elsewhere.")
        }
    }

    /// Notes whether the app server refused the operator's oldest act that it has not answered.
    private mutating func answered(_ entry: TranscriptEntry) {
        guard entry.kind == .httpResponse, Self.isOfOperator(entry), !unanswered.isEmpty else { return }
        let (chapter, bound) = unanswered.removeFirst()
        guard !entry.title.hasSuffix(" 200") else {
            for case .id(_, let account) in entry.fields.map(\.value) {
                if let bound { users[account] = bound }
            }
            return
        }
        guard let place = chapter else { return }
        for field in entry.fields.reversed() {
            let why: String
            switch (field.name, field.value) {
            case ("code", .number(let code)): why = "\(code)"
            case ("error", .text(let name)): why = name
            default: continue
            }
            chapters[place].act = chapters[place].act.map { $0.dropLast() + ", refused: \(Self.quoted(why))}" }
            return
        }
    }

    /// Whether the operator wants something done with it, or is answered.
    static func isOfOperator(_ entry: TranscriptEntry) -> Bool {
        entry.lane == .appServer && entry.title.hasPrefix("POST /operator/")
    }

    mutating func act(_ words: String, _ at: Instant) {
        chapters.append(Chapter(act: "{\(words)}", at: at))
    }

    /// An act of the operator's, who gives `bound` an account with it.
    private mutating func operate(_ words: String, _ at: Instant, bound: String? = nil) {
        unasked += 1
        unanswered.append((chapters.count, bound))
        act(words, at)
    }

    mutating func note(_ sentence: String) {
        if !notes.contains(sentence) { notes.append(sentence) }
    }

    mutating func begin(_ life: Recording.Life, _ at: Instant) {
        let name = life.device
        guard let known = devices[name] else {
            if name.utf8.count != 1 { note("Device \(name) needs a name of one letter.") }
            names.append(name)
            // One that came later starts later here as well.
            let isLater = chapters.count > 1 || !before.isEmpty
            let starts = before.isEmpty ? !isLater : before.devices.contains(name)
            devices[name] = Device(first: life, last: life, settings: life.settings, starts: starts)
            if isLater { act("do: start app, on: \(name)", at) }
            return
        }
        if known.last.generation != life.generation || known.last.platform != life.platform
            || known.last.options != life.options
        {
            act("do: build app, on: \(name), \(build(of: life))", at)
        }
        devices[name]?.last = life
        change(name, to: life.settings, at)
        devices[name]?.isFresh = true
        act("do: start app, on: \(name)", at)
    }

    mutating func change(_ name: String, to settings: AppSettings, _ at: Instant) {
        guard let device = devices[name], device.settings != settings else { return }
        devices[name]?.settings = settings
        act("do: change app, on: \(name), \(Self.words(settings))", at)
    }

    static func words(_ settings: AppSettings) -> String {
        "form: \(settings.form.rawValue), "
            + "after refusal: \(settings.afterRefusal == .ask ? "ask" : "renew once"), "
            + "renews early: \(settings.renewsEarly)"
    }

    mutating func tell(_ doing: Recording.Doing, _ at: Instant) {
        switch doing {
        case .network(let device, let network):
            let mode = network.mode == .pass ? "passing" : network.mode.rawValue
            let scope = network.scope == .appServer ? "app server" : network.scope.rawValue
            act("do: network, on: \(device), mode: \(mode), scope: \(scope)", at)
        case .cut(let device): act("do: cut, on: \(device)", at)
        case .killBackend: act("do: kill backend", at)
        case .startBackend: act("do: start backend", at)
        case .settings(let settings):
            let words = Self.words(settings)
            if !words.isEmpty { operate("do: change settings, \(words)", at) }
        case .operate(let account, let operation):
            guard let user = users[account] else {
                if case .askPresence = operation {
                    let words = Self.words(operation, as: "account: \(Self.quoted(account))")
                    return operate("do: \(words)", at)
                }
                return leaveOut(account)
            }
            operate("do: \(Self.words(operation, as: "as: \(Self.quoted(user))"))", at)
        case .unbind(let user) where isStranger(user): leaveOut(user)
        case .bind(let user, _) where isStranger(user): leaveOut(user)
        case .unbind(let user): operate("do: unbind, as: \(Self.quoted(user))", at)
        case .bind(let user, let account):
            let named = account.map { ", account: \(Self.quoted($0))" } ?? ""
            operate("do: bind, as: \(Self.quoted(user))\(named)", at, bound: user)
        case .found: break  // brought about before the first step
        case .other(let what):
            note("Left out: \(what).")
        }
    }

    /// Whether nobody of the story has that name.
    private func isStranger(_ user: String) -> Bool { demo[user] == nil && !registered.contains(user) }

    /// Passes over an act of the operator's.
    private mutating func leaveOut(_ who: String) {
        unasked += 1
        unanswered.append((nil, nil))
        note("What the operator did to \(who) is left out: nobody had logged in as that.")
    }

    static func words(_ settings: Recording.Settings) -> String {
        var words: [String] = []
        if let policy = settings.devicePolicy { words.append("device policy: \(policy)") }
        if let kind = settings.tokenKind { words.append("token: \(kind)") }
        if let seconds = settings.tokenLifetime { words.append("token lifetime: \(seconds)s") }
        if let seconds = settings.sessionLifetime { words.append("session lifetime: \(seconds)s") }
        if let types = settings.authTypes {
            words.append("auth types: [\(types.map(String.init).joined(separator: ", "))]")
        }
        if let asks = settings.loginCallback { words.append("login callback: \(asks)") }
        if let console = settings.console.flatMap({ try? JSONValue(parsing: Array($0.utf8)) }) {
            words.append("console: \(Self.words(console))")
        }
        return words.joined(separator: ", ")
    }

    /// A value of JSON as YAML in flow style.
    static func words(_ value: JSONValue) -> String {
        switch value {
        case .object(let members): "{" + members.map { "\($0.name): \(words($0.value))" }.joined(separator: ", ") + "}"
        case .array(let items): "[" + items.map(words).joined(separator: ", ") + "]"
        case .string(let text): quoted(text)
        case .bool, .integer, .number, .null: String(decoding: value.encoded(), as: UTF8.self)
        }
    }

    static func words(_ operation: Recording.Operation, as person: String) -> String {
        func with(_ text: String?) -> String { text.map { ", text: \(quoted($0))" } ?? "" }
        return switch operation {
        case .ban(let kick, let notify): "ban, \(person), kick: \(kick)\(with(notify))"
        case .unban: "unban, \(person)"
        case .kick(let notify): "kick, \(person)\(with(notify))"
        case .replaceToken: "replace token, \(person)"
        case .refreshToken: "refresh token, \(person)"
        case .deleteAccount: "delete account, \(person)"
        case .askPresence(let query): "ask presence, \(person)" + (query.map { ", query: \($0)" } ?? "")
        case .kickDevice(let device): "kick device, \(person), on: \(device)"
        }
    }

    mutating func tell(_ take: Recording.Take) {
        let on = "on: \(take.device)"
        // A person who has lost an account gets another one with the next token.
        if let saved = take.state.saved, !saved.user.isEmpty { users[saved.account.text] = saved.user }
        defer { holders[take.device] = take.state.saved?.token }
        let isFirst = devices[take.device]?.isFresh ?? false
        devices[take.device]?.isFresh = false
        if isFirst, take.input != .sdk(.initialised) { devices[take.device]?.setsUp = false }
        switch take.input {
        case .sdk(.initialised) where !isFirst: act("do: set up, \(on)", take.at)
        case .app(.settingsChanged(let settings)): change(take.device, to: settings, take.at)
        case .app(.registerRequested(let user, let password, let account)):
            let wanted = account.map { ", account: \(Self.quoted($0))" } ?? ""
            act("do: register, \(on), \(person(user, password))\(wanted)", take.at)
        case .app(.signInRequested(let user, let password)):
            act("do: log in, \(on), \(person(user, password))", take.at)
        case .app(.tokenLoginRequested(let account, let token, _, _)):
            let whose =
                users[account.text].map { "as: \(Self.quoted($0))" } ?? "account: \(Self.quoted(account.text))"
            let isSaved = take.state.saved?.token == token && given[take.device, default: []].contains(token)
            // An empty token is one of a kind.
            let standIn = token.length == 0 ? "" : "stand-in-\(token.name)"
            let owner = holders.keys.sorted().first { $0 != take.device && holders[$0] == token }
            let typed = isSaved ? "" : owner.map { ", token of: \($0)" } ?? ", token: \(Self.quoted(standIn))"
            strange[take.device] = isSaved || owner != nil || token.length == 0 ? nil : token
            act("do: log in with token, \(on), \(whose)\(typed)", take.at)
        case .app(.automaticLoginRequested(let forced, _)):
            act("do: log in automatically, \(on), force: \(forced)", take.at)
        case .app(.renewalRequested): act("do: renew, \(on)", take.at)
        case .app(.signOutRequested): act("do: log out, \(on)", take.at)
        case .app(.registered(_, let user, let account)):
            registered.insert(user)
            users[account.text] = user
        case .app(.started(let saved)):
            if let saved { given[take.device, default: []].insert(saved.token) }
        case .app(.tokenGranted(_, let token, _)): given[take.device, default: []].insert(token.token)
        case .app(.granted(_, let user, _, let token, _)):
            users[token.account.text] = user
            given[take.device, default: []].insert(token.token)
            if !registered.contains(user), demo[user] == nil {
                registersBefore(user)
            }
        case .sdk(.received(_, .loginAccepted)):
            if let token = strange[take.device], token == take.state.saved?.token {
                note("A token that was typed on \(take.device) opened the account; here it opens nothing.")
            }
        case .sdk(.loginRequested): act("do: call login, \(on)", take.at)
        case .sdk(.logoutRequested): act("do: call logout, \(on)", take.at)
        case .sdk(.echoRequested(let text)): act("do: echo, \(on), text: \(Self.quoted(text))", take.at)
        case .sdk(.kickRequested(let clients)): kickOthers(clients, take)
        case .sdk(.backgrounded): act("do: background, \(on)", take.at)
        case .sdk(.foregrounded): act("do: foreground, \(on)", take.at)
        case .app, .sdk: break
        }
    }

    /// Those who were not all are told by their platforms, which the story's own others have as well.
    private mutating func kickOthers(_ clients: [String], _ take: Recording.Take) {
        let others: [OnlineClient] = if case .online(let online) = take.state.sdk { online.others } else { [] }
        let chosen = Set(others.filter { clients.contains($0.id) }.map(\.clientType))
        let isAll = others.allSatisfy { clients.contains($0.id) }
        if !isAll, others.contains(where: { chosen.contains($0.clientType) && !clients.contains($0.id) }) {
            note("A kick of one of several clients of the same platform kicks all of those here.")
        }
        let known = ProviderRegistry.provider(provider)?.clientPlatforms ?? []
        let platforms = known.filter { chosen.contains($0.clientType) }.map { Self.quoted($0.name) }
        let which = isAll || platforms.isEmpty ? "" : ", platforms: [\(platforms.joined(separator: ", "))]"
        act("do: kick others, on: \(take.device)\(which)", take.at)
    }

    private mutating func registersBefore(_ user: String) {
        registered.insert(user)
        earlier.append(user)
        note("\(RecordingFile.shown(user)) was there before the recording; here that person registers first.")
    }

    /// The last password of each person with which the app server opened a session or an account.
    private static func passwords(_ recording: Recording) -> [String: String] {
        var typed: [String: (user: String, digest: String)] = [:]
        var right: [String: String] = [:]
        for case .take(let take) in recording.items {
            switch take.input {
            case .app(.registerRequested(let user, let password, _)), .app(.signInRequested(let user, let password)):
                typed[take.device] = (user, password.digest)
            case .app(.granted(_, let user, _, _, _)), .app(.registered(_, let user, _)):
                if let last = typed[take.device], last.user == user { right[user] = last.digest }
            default: break
            }
        }
        return right
    }

    /// Names a person, and the password where it is not the person's own.
    mutating func person(_ user: String, _ password: SecretRef) -> String {
        let standIn = "stand-in-\(password.name)"
        let isRight = password.digest == demo[user] ?? passwords[user]
        if isRight, demo[user] == nil, !people.contains(where: { $0.user == user }) { people.append((user, standIn)) }
        if demo[user] == nil, !strangers.contains(user) { strangers.append(user) }
        return "as: \(Self.quoted(user))" + (isRight ? "" : ", password: \(Self.quoted(standIn))")
    }
}
