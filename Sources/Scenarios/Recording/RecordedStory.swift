import Cloud
import LoginCore
import Providers

/// A recording told as a story: its steps are what was done, its expectations are what was seen.
///
/// Secrets are stand-ins that keep their failure: a password that was right is the person's in the story too, another one
/// is wrong there too, and a typed token that no device had saved is one that opens nothing. What the language of stories
/// has no words for stands at the head of the file as a comment.
package struct RecordedStory: Sendable {
    /// The file.
    package let text: String
    /// What the story leaves out, each as one sentence.
    package let notes: [String]

    /// The story of a recording, called `title`.
    package init(_ recording: Recording, title: String) {
        var teller = StoryTeller(recording)
        teller.tell()
        notes = teller.notes
        text = teller.text(title: title)
    }
}

/// Goes through a recording and writes chapters: something that is done, and what is seen until the next such thing.
private struct StoryTeller {
    struct Sighting {
        var at: Instant
        let step: String
    }

    struct Chapter {
        var act: String?
        let at: Instant
        var sightings: [Sighting] = []
        /// The last state of each device and owner, and its place among the sightings.
        var states: [String: Int] = [:]
        var attempts: [String: Int] = [:]
        var delays: [String: [Duration]] = [:]
    }

    struct Device {
        let first: Recording.Life
        var settings: AppSettings
        /// Whether it was there from the start.
        let starts: Bool
        var isRunning = true
    }

    let recording: Recording
    var notes: [String] = []
    private var chapters: [Chapter] = []
    /// Whether the last act was the operator's and has no answer yet.
    private var isOperated = false
    private var names: [String] = []
    private var devices: [String: Device] = [:]
    private var people: [(user: String, digest: String, password: String)] = []
    private var registered: Set<String> = []
    private var earlier: [String] = []
    private var users: [String: String] = [:]
    private let unstable: [String]
    private let demo: [String: String]
    private var end = Instant(microseconds: 0)

    init(_ recording: Recording) {
        self.recording = recording
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
        if let start = recording.items.first?.at {
            end = start
            chapters = [Chapter(act: nil, at: start)]
        }
    }

    // MARK: - Going through

    mutating func tell() {
        for item in recording.items {
            end = max(end, item.at)
            switch item {
            case .begin(let life, let at): begin(life, at)
            case .end(let device, let at):
                devices[device]?.isRunning = false
                act("do: stop app, on: \(device)", at)
            case .doing(let doing, let at): tell(doing, at)
            case .take(let take):
                tell(take)
                for entry in take.entries { see(entry, take.device) }
            case .entry(let entry): answered(entry)
            }
        }
    }

    /// Notes that the app server refused the operator's last act.
    private mutating func answered(_ entry: TranscriptEntry) {
        guard isOperated, entry.lane == .appServer, entry.kind == .httpResponse,
            entry.title.hasPrefix("POST /operator/"), !entry.title.hasSuffix(" 200")
        else { return }
        isOperated = false
        let place = chapters.count - 1
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

    private mutating func act(_ words: String, _ at: Instant, isOperated: Bool = false) {
        self.isOperated = isOperated
        chapters.append(Chapter(act: "{\(words)}", at: at))
    }

    private mutating func note(_ sentence: String) {
        if !notes.contains(sentence) { notes.append(sentence) }
    }

    private mutating func begin(_ life: Recording.Life, _ at: Instant) {
        let name = life.device
        let generation = ProviderRegistry.provider(recording.provider)?.generation(life.generation)
        if let usual = generation?.policy.options, usual != life.options {
            note("The SDK options of \(name) were not the usual ones; here they are.")
        }
        guard let known = devices[name] else {
            if name.utf8.count != 1 { note("Device \(name) needs a name of one letter.") }
            names.append(name)
            // One that came later starts later here as well.
            let isLater = chapters.count > 1
            devices[name] = Device(first: life, settings: life.settings, starts: !isLater)
            if isLater { act("do: start app, on: \(name)", at) }
            return
        }
        if known.first.generation != life.generation || known.first.platform != life.platform {
            note("Device \(name) changed its SDK or its platform on the way; here it does not.")
        }
        change(name, to: life.settings, at)
        devices[name]?.isRunning = true
        act("do: start app, on: \(name)", at)
    }

    private mutating func change(_ name: String, to settings: AppSettings, _ at: Instant) {
        guard let device = devices[name], device.settings != settings else { return }
        devices[name]?.settings = settings
        act("do: change app, on: \(name), \(Self.words(settings))", at)
    }

    private static func words(_ settings: AppSettings) -> String {
        "form: \(settings.form.rawValue), "
            + "after refusal: \(settings.afterRefusal == .ask ? "ask" : "renew once"), "
            + "renews early: \(settings.renewsEarly)"
    }

    private mutating func tell(_ doing: Recording.Doing, _ at: Instant) {
        switch doing {
        case .network(let device, let network):
            let mode = network.mode == .pass ? "passing" : network.mode.rawValue
            let scope = network.scope == .appServer ? "app server" : network.scope.rawValue
            act("do: network, on: \(device), mode: \(mode), scope: \(scope)", at)
        case .cut(let device): act("do: cut, on: \(device)", at)
        case .killBackend: act("do: kill backend", at)
        case .startBackend: act("do: start backend", at)
        case .settings(let settings):
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
            if !words.isEmpty { act("do: change settings, " + words.joined(separator: ", "), at, isOperated: true) }
        case .operate(let account, let operation):
            guard let user = users[account] else {
                note("The operator did something to an account that nobody had logged in to; it is left out.")
                return
            }
            act("do: \(Self.words(operation, as: "as: \(Self.quoted(user))"))", at, isOperated: true)
        case .other(let what):
            note("Left out: \(what).")
        }
    }

    /// A value of JSON as YAML in flow style.
    private static func words(_ value: JSONValue) -> String {
        switch value {
        case .object(let members): "{" + members.map { "\($0.name): \(words($0.value))" }.joined(separator: ", ") + "}"
        case .array(let items): "[" + items.map(words).joined(separator: ", ") + "]"
        case .string(let text): quoted(text)
        case .bool, .integer, .number, .null: String(decoding: value.encoded(), as: UTF8.self)
        }
    }

    private static func words(_ operation: Recording.Operation, as person: String) -> String {
        func with(_ text: String?) -> String { text.map { ", text: \(quoted($0))" } ?? "" }
        return switch operation {
        case .ban(let kick, let notify): "ban, \(person), kick: \(kick)\(with(notify))"
        case .unban: "unban, \(person)"
        case .kick(let notify): "kick, \(person)\(with(notify))"
        case .replaceToken: "replace token, \(person)"
        case .refreshToken: "refresh token, \(person)"
        case .deleteAccount: "delete account, \(person)"
        case .askPresence(let query): "ask presence, \(person)" + (query.map { ", query: \($0)" } ?? "")
        }
    }

    private mutating func tell(_ take: Recording.Take) {
        let on = "on: \(take.device)"
        switch take.input {
        case .app(.started(let saved)):
            if saved != nil, chapters.count == 1 {
                note("Device \(take.device) started with a saved login of an earlier run; here it has none.")
            }
        case .app(.settingsChanged(let settings)): change(take.device, to: settings, take.at)
        case .app(.registerRequested(let user, let password, let account)):
            registered.insert(user)
            let wanted = account.map { ", account: \(Self.quoted($0))" } ?? ""
            act("do: register, \(on), \(person(user, password))\(wanted)", take.at)
        case .app(.signInRequested(let user, let password)):
            act("do: log in, \(on), \(person(user, password))", take.at)
        case .app(.tokenLoginRequested(let account, let token, _, _)):
            let whose =
                users[account.text].map { "as: \(Self.quoted($0))" } ?? "account: \(Self.quoted(account.text))"
            let isSaved = take.state.saved?.token == token && knows(token, before: take)
            // An empty token is one of a kind.
            let standIn = token.length == 0 ? "" : "stand-in-\(token.name)"
            let typed = isSaved ? "" : ", token: \(Self.quoted(standIn))"
            act("do: log in with token, \(on), \(whose)\(typed)", take.at)
        case .app(.automaticLoginRequested(let forced, _)):
            act("do: log in automatically, \(on), force: \(forced)", take.at)
        case .app(.renewalRequested): act("do: renew, \(on)", take.at)
        case .app(.signOutRequested): act("do: log out, \(on)", take.at)
        case .app(.registered(_, let user, let account)): users[account.text] = user
        case .app(.granted(_, let user, _, let token, _)):
            users[token.account.text] = user
            if !registered.contains(user), demo[user] == nil {
                registered.insert(user)
                earlier.append(user)
                note("\(RecordingFile.shown(user)) was there before the recording; here that person registers first.")
            }
        case .sdk(.loginRequested): act("do: call login, \(on)", take.at)
        case .sdk(.logoutRequested): act("do: call logout, \(on)", take.at)
        case .sdk(.echoRequested(let text)): act("do: echo, \(on), text: \(Self.quoted(text))", take.at)
        case .sdk(.kickRequested(let clients)):
            if clients.count > 1 { note("Kicks of chosen clients kick all others here.") }
            act("do: kick others, \(on)", take.at)
        case .sdk(.backgrounded): act("do: background, \(on)", take.at)
        case .sdk(.foregrounded): act("do: foreground, \(on)", take.at)
        case .app, .sdk: break
        }
    }

    /// Whether the device had that token saved when the login was asked for.
    private func knows(_ token: SecretRef, before take: Recording.Take) -> Bool {
        for item in recording.items {
            guard case .take(let earlier) = item, earlier.device == take.device else { continue }
            if earlier == take { return false }
            if case .app(.granted(_, _, _, let granted, _)) = earlier.input, granted.token == token { return true }
            if case .app(.tokenGranted(_, let granted, _)) = earlier.input, granted.token == token { return true }
        }
        return false
    }

    private mutating func person(_ user: String, _ password: SecretRef) -> String {
        let standIn = "stand-in-\(password.name)"
        let isRight: Bool
        if let digest = demo[user] {
            isRight = digest == password.digest
        } else if let known = people.first(where: { $0.user == user }) {
            isRight = known.digest == password.digest
        } else {
            people.append((user, password.digest, standIn))
            isRight = true
        }
        return "as: \(Self.quoted(user))" + (isRight ? "" : ", password: \(Self.quoted(standIn))")
    }

    // MARK: - What was seen

    private mutating func see(_ entry: TranscriptEntry, _ device: String) {
        guard !chapters.isEmpty else { return }
        let place = chapters.count - 1
        let on = "on: \(device)"
        switch entry.kind {
        case .callback where entry.owner == .sdk:
            guard let end = entry.title.firstIndex(of: "(") else { return }
            let arguments = String(entry.title[entry.title.index(after: end)...].dropLast())
            let with = !arguments.isEmpty && isStable(arguments) ? ", with: \(Self.quoted(arguments))" : ""
            add("see: callback, \(on), name: \(Self.quoted(String(entry.title[..<end])))\(with)", entry.at)
        case .httpResponse where entry.title == ClientCore.sessionEndedTitle:
            break  // nothing waits for it, and whether it or the SDK's own answer is first is chance
        case .httpResponse:
            if isStable(entry.title) { add("see: entry, \(on), title: \(Self.quoted(entry.title))", entry.at) }
        case .frameReceived where entry.isHeartbeat:
            break
        case .frameReceived where entry.title.hasPrefix("echo") || entry.title.hasPrefix("kick →"):
            add("see: entry, \(on), title: \(Self.quoted(entry.title))", entry.at)
        case .frameReceived:
            for field in entry.fields where field.name == "code" {
                guard case .number(let code) = field.value, code != 200, code > 0 else { continue }
                add("see: code, \(on), is: \(code)", entry.at)
            }
        case .state:
            let to = entry.fields.first { $0.name == "to" }
            guard case .text(let state)? = to?.value else { return }
            let key = "\(device) \(entry.owner.rawValue)"
            if let old = chapters[place].states[key] {
                chapters[place].sightings[old] = Sighting(at: entry.at, step: "")
            }
            chapters[place].states[key] = chapters[place].sightings.count
            add("see: \(entry.owner == .sdk ? "state" : "app"), \(on), is: \(Self.quoted(state))", entry.at)
        case .link where entry.title == "open the link":
            chapters[place].attempts[device, default: 0] += 1
        case .timerStarted where entry.title.hasPrefix("next attempt"):
            for case .duration(let microseconds) in entry.fields.map(\.value) {
                chapters[place].delays[device, default: []].append(.microseconds(microseconds))
            }
        default:
            break
        }
    }

    /// Whether a text names nothing that is another one in another run.
    private func isStable(_ text: String) -> Bool {
        !unstable.contains { text.contains($0) }
    }

    private mutating func add(_ step: String, _ at: Instant) {
        chapters[chapters.count - 1].sightings.append(Sighting(at: at, step: step))
    }

    // MARK: - Writing

    func text(title: String) -> String {
        var lines = ["story: \(Self.quoted(title))", "about: \(Self.quoted("Told from a recording."))"]
        lines += notes.map { "# \(RecordingFile.shown($0))" }
        lines.append("provider: \(recording.provider)")
        if !people.isEmpty {
            let list = people.map { "\(Self.quoted($0.user)): \(Self.quoted($0.password))" }
            lines.append("people: {\(list.joined(separator: ", "))}")
        }
        lines.append("devices:")
        for name in names {
            guard let device = devices[name] else { continue }
            let life = device.first
            lines.append(
                "  \(name): {platform: \(Self.quoted(life.platform)), generation: \(Self.quoted(life.generation)), "
                    + "\(Self.words(life.settings))\(device.starts ? "" : ", starts: no")}")
        }
        lines.append("steps:")
        for user in earlier {
            lines.append("  - {do: register, on: \(names.first ?? "A"), as: \(Self.quoted(user))}")
            lines.append("  - {see: entry, on: \(names.first ?? "A"), title: registered}")
        }
        var count = 0
        for (index, chapter) in chapters.enumerated() {
            let next = index + 1 < chapters.count ? chapters[index + 1].at : end
            for step in Self.steps(of: chapter, until: next) {
                lines.append("  - \(step)")
                count += 1
            }
        }
        if count == 0 { lines.append("  - {wait: 1s}") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The steps of one chapter; each sighting's time is counted from the one before, as it is in a run.
    private static func steps(of chapter: Chapter, until end: Instant) -> [String] {
        var steps = chapter.act.map { [$0] } ?? []
        var now = chapter.at
        for sighting in chapter.sightings where !sighting.step.isEmpty {
            let gap = sighting.at - now
            let within = gap > .seconds(5) ? ", within: \((gap + .seconds(10)).wholeMilliseconds)ms" : ""
            steps.append("{\(sighting.step)\(within)}")
            now = max(now, sighting.at)
        }
        let pause = (min(end - now, DurationText.longest)).wholeMilliseconds
        if pause > 0 { steps.append("{wait: \(pause)ms}") }
        // An SDK may tell nothing between two attempts, so that only these two know how long the chapter was.
        let whole = min(end - chapter.at, DurationText.longest - .seconds(10))
        let within = whole > .seconds(5) ? ", within: \((whole + .seconds(10)).wholeMilliseconds)ms" : ""
        for (device, count) in chapter.attempts.sorted(by: { $0.key < $1.key }) {
            steps.append("{see: attempts, on: \(device), are: \(count)\(within)}")
        }
        for (device, delays) in chapter.delays.sorted(by: { $0.key < $1.key })
        where delays.allSatisfy({ $0.wholeMicroseconds % 1000 == 0 && $0 <= DurationText.longest }) {
            let list = delays.map { "\($0.wholeMilliseconds)ms" }.joined(separator: ", ")
            steps.append("{see: delays, on: \(device), are: [\(list)]\(within)}")
        }
        return steps
    }

    /// A text between quotation marks as YAML reads it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: quoted += "\\\""
            case 0x5C: quoted += "\\\\"
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

extension Recording.Item {
    /// When it happened.
    package var at: Instant {
        switch self {
        case .begin(_, let at), .end(_, let at), .doing(_, let at): at
        case .take(let take): take.at
        case .entry(let entry): entry.at
        }
    }
}
