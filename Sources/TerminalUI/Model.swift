import LoginCore
import Providers
import TerminalFrame

/// What lies over the panes, the topmost last.
package enum Popup: Sendable, Equatable {
    case form(Form)
    case menu(Menu)
    case entry(Inspection)
    case help(HelpList)
    case stories(StoryList)
}

/// An entry laid open.
package struct Inspection: Sendable, Equatable {
    package var id: EntryID
    /// The entry as it was when opened, so that it stays readable when the timeline drops it.
    package var entry: TranscriptEntry
    /// Lines scrolled off at the top.
    package var scroll = 0
}

/// The help, which is also the way to find a command.
package struct HelpList: Sendable, Equatable {
    /// What a row must contain, whatever the case.
    package var query = TextInput()
    /// Index among the rows that are keys.
    package var selected = 0
    /// Leaves out what the lab itself cannot do, such as the keys of forms.
    package var isPalette = false

    /// The command that was typed with its argument, if it is one of those that no key stands for.
    package var typedCommand: LabCommand? {
        let words = query.text.split(separator: " ", maxSplits: 1).map(String.init)
        guard isPalette, words.count == 2 else { return nil }
        switch words[0] {
        case "save": return .save(file: words[1], replaces: false)
        case "save!": return .save(file: words[1], replaces: true)
        case "jump": return EntryID(String(words[1].prefix { $0 != " " })).map { .film(.jump($0)) }
        case "film": return .openFilm(file: words[1])
        default: return nil
        }
    }

    /// Why what was typed is no command, in one sentence; nil when it may be a row of the table.
    var typedProblem: String? {
        guard isPalette, typedCommand == nil else { return nil }
        if let word = unfinished {
            let typed = query.text.filter { $0 != " " }
            return "\(typed) needs more: type \(typed) \(word.example), for example."
        }
        if query.text.hasPrefix("jump ") { return "An entry is called such as A-17: its lane and its number." }
        return bindings.isEmpty ? "No command has these words: erase some, or Esc goes back." : nil
    }

    /// The command that is typed as far as its argument.
    var unfinished: Typed? {
        guard isPalette else { return nil }
        let word = query.text.split(separator: " ")
        return word.count == 1 ? words.first { $0.word == word[0] || $0.word + "!" == word[0] } : nil
    }

    /// A command that takes an argument, and that no key stands for.
    struct Typed {
        let word: String
        let argument: String
        /// What the argument may look like.
        let example: String
        let text: String
    }

    static let typed = [
        Typed(
            word: "save", argument: "FILE", example: "bug",
            text: "write all that happened, and beside it a story of it"),
        Typed(
            word: "film", argument: "FILE", example: "bug.recording",
            text: "play a recording, or a story's file, as a film"),
        Typed(word: "jump", argument: "ENTRY", example: "A-17", text: "in a film: to that entry, such as A-17"),
    ]

    /// Those that the query may become, or is.
    var words: [Typed] {
        guard let space = query.text.firstIndex(of: " ") else {
            return Self.typed.filter { $0.word.hasPrefix(query.text) || query.text == $0.word + "!" }
        }
        let first = query.text[..<space]
        return Self.typed.filter { $0.word == first || $0.word + "!" == first }
    }

    /// The rows that the query leaves.
    package var bindings: [KeyBinding] {
        let wanted = query.text.lowercased()
        guard unfinished == nil else { return [] }
        return KeyTable.all.filter { binding in
            guard !isPalette || binding.scope == .lab || binding.scope == .everywhere else { return false }
            guard !wanted.isEmpty else { return true }
            return "\(binding.label) \(binding.hint) \(binding.help)".lowercased().contains(wanted)
        }
    }
}

/// One line for the user.
package struct StatusLine: Sendable, Equatable {
    package enum Kind: Sendable {
        case note
        case problem
    }

    package let text: String
    package let kind: Kind
}

/// A person registered from this screen, so that the login form can be filled in.
package struct Registered: Sendable, Equatable {
    package let device: String
    package let user: String
    package let password: Secret
}

/// Everything the screen is made from.
package struct Model: Sendable {
    /// No screen smaller than this is drawn.
    package static let smallest = Size(columns: 80, rows: 24)

    /// The provider that the lab opened with.
    package let home: Provider
    package internal(set) var size: Size
    /// nil until the lab has said something.
    package internal(set) var snapshot: LabSnapshot?
    /// The lab's time as last heard.
    package internal(set) var now: Instant
    package internal(set) var timeline = Timeline(showsHeartbeats: false)
    package internal(set) var popups: [Popup] = []
    /// The filter being typed; nil otherwise.
    package internal(set) var filterInput: TextInput?
    package internal(set) var status: StatusLine?
    package internal(set) var isZoomed = false
    /// The film that is shown in place of the lab.
    package internal(set) var screening: Screening?
    /// Whether a film was asked for that has not begun yet.
    var awaitsFilm = false
    /// The built-in stories, as far as the lab has told of them.
    package internal(set) var stories: [StoryView] = []
    /// How many of the lab's notices have had their turn; a key of the lab calls the next one up.
    var readNotices = 0
    /// Name of the selected device; what is shown is `selectedDevice`.
    var selectedName: String?
    /// The form whose command was sent last, for the case that it comes back.
    var sentForm: Form?
    var lastRegistered: Registered?
    /// Whether the next device that appears is to be selected.
    var awaitsDevice = false

    package init(provider: Provider, size: Size, now: Instant = Instant(microseconds: 0)) {
        home = provider
        self.size = size
        self.now = now
    }

    /// The provider that keys act on: the selected device's.
    package var provider: Provider { selectedDevice.map(provider(of:)) ?? home }

    func provider(of device: DeviceSnapshot) -> Provider {
        ProviderRegistry.provider(device.provider) ?? home
    }

    /// Whether SDKs of several providers are side by side.
    var isMixed: Bool {
        Set((snapshot?.devices ?? []).map { provider(of: $0).id }).count > 1
    }

    /// The users, with their accounts at the provider that keys act on.
    ///
    /// The people are the same with every provider: until its accounts are known, they are shown without.
    package var people: [PersonView] {
        if let known = facts?.people, !known.isEmpty { return known }
        let others = snapshot?.facts[home.id]?.people ?? []
        return others.map { PersonView(user: $0.user, demoPassword: $0.demoPassword) }
    }

    /// The settings that hold with the provider that keys act on; nil while nobody knows them.
    package var settings: SettingsView? { facts?.settings }

    private var facts: ProviderFacts? { snapshot?.facts[provider.id] }

    /// The device that keys act on: the selected one, or the first while nothing was selected.
    package var selectedDevice: DeviceSnapshot? {
        let devices = snapshot?.devices ?? []
        return devices.first { $0.name == selectedName } ?? devices.first
    }

    /// The notice whose turn it is.
    var notice: String? {
        guard let notices = snapshot?.notices, notices.indices.contains(readNotices) else { return nil }
        return notices[readNotices]
    }

    package func device(named name: String) -> DeviceSnapshot? {
        snapshot?.devices.first { $0.name == name }
    }

    package var isTooSmall: Bool { !size.holds(Self.smallest) }

    /// Whether this is the model of a film, where nothing can be done but look.
    package var isFilm: Bool { snapshot?.film != nil }

    /// The scope in which the next key is read.
    package var keyScope: KeyScope {
        if filterInput != nil { return .filter }
        return switch popups.last {
        case nil: isFilm ? .film : .lab
        case .stories: .stories
        case .form: .form
        case .menu: .menu
        case .entry: .entry
        case .help: .help
        }
    }

    /// When the screen reads otherwise without anything having happened; nil when no countdown is shown.
    ///
    /// At time scales above 8 the countdown is redrawn about eight times a real second, not more often.
    package var nextTick: Instant? {
        // The time of a film stands still between what it plays.
        guard let snapshot, !isTooSmall, !isFilm, screening == nil else { return nil }
        var dues = (selectedDevice?.timers ?? []).map(\.due)
        if let expiry = selectedDevice?.tokenExpires { dues.append(expiry) }
        // The list of devices counts down a back-off, too.
        dues += snapshot.devices.filter { $0.sdkStateKind == .waiting }.compactMap(\.nextAttempt).map(\.due)
        let changes = dues.compactMap { due in FieldText.nextChange(due - now).map { due + (.zero - $0) } }
        guard let next = changes.min() else { return nil }
        let grain = Duration.seconds((snapshot.timeScale + 7) / 8)
        return snapshot.timeScale > 8 ? max(next, now + grain) : next
    }

    /// `Android` or `client type 7`.
    package func clientName(_ client: OnlineClient) -> String {
        provider.clientPlatforms.first { $0.clientType == client.clientType }?.name
            ?? "client type \(client.clientType)"
    }

    package func policyName(_ policy: Int) -> String {
        let names = provider.devicePolicies
        return names.indices.contains(policy - 1) ? names[policy - 1] : "unknown"
    }
}

extension DeviceSnapshot {
    /// The timer that ends a wait, if the SDK waits.
    package var nextAttempt: TimerView? {
        guard sdkStateKind == .waiting || sdkStateKind == .waitingForNetwork else { return nil }
        return timers.filter { $0.owner == .sdk }.min { $0.due < $1.due }
    }
}
