import Cloud
import LoginCore
import Providers
import Yams

/// Reads a story's file; the page StoryLanguage is the specification.
package struct StoryParser {
    let file: String
    private(set) var devices: [DeviceSetup] = []
    private(set) var people: [String: Secret] = [:]
    /// Whose rules and settings the story names; the first known one until the file was looked at.
    private(set) var provider: Provider

    /// The longest story, in bytes.
    package static let longestFile = 1_048_576

    /// Reads a story; `file` is what its errors call it, `name` what the story is called in lists.
    package static func parse(_ text: String, file: String, name: String) throws(StoryError) -> Story {
        guard text.utf8.count <= longestFile else {
            throw StoryError(file: file, line: 1, column: 1, message: "the file is longer than \(longestFile) bytes")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw Self.problem(error, file: file)
        }
        guard let root else {
            throw StoryError(file: file, line: 1, column: 1, message: "the file is empty; begin with “story: …”")
        }
        var parser = StoryParser(file: file)
        return try parser.story(root, name: name)
    }

    private init(file: String) {
        self.file = file
        provider = ProviderRegistry.all[0]
    }

    private static let keys = [
        "story", "about", "shows", "provider", "generation", "people", "devices", "settings", "network", "seed",
        "steps",
    ]

    private mutating func story(_ root: Node, name: String) throws(StoryError) -> Story {
        let fields = try YAMLFields(root, what: "the story", file: file)
        try fields.allowOnly(Self.keys)
        let title = try fields.text("story")
        let all = ProviderRegistry.all.map { ($0.id, $0) }
        provider = try fields.optionalChoice("provider", of: all) ?? provider
        let generation = try self.generation(fields, of: provider)
        try readPeople(fields)
        try readDevices(fields, provider, generation)
        let settings = try fields.node("settings").map { (node) throws(StoryError) in
            let fields = try YAMLFields(node, what: "the settings", file: file)
            try fields.allowOnly(Self.settingKeys)
            return try self.settings(fields)
        }
        guard let node = fields.node("steps") else { throw fields.missing("steps") }
        guard case .sequence(let items) = node else { throw fields.error("steps", "must be a list") }
        var steps: [StoryStep] = []
        for item in items { steps.append(try step(item)) }
        guard !steps.isEmpty else { throw fields.error("steps", "is empty") }
        return Story(
            name: name, title: title, about: try fields.optionalText("about") ?? "",
            shows: try shows(fields, provider), provider: provider.id, devices: devices, people: people,
            settings: settings, network: try network(fields),
            seed: UInt64(try fields.optionalNumber("seed", in: 0...Int.max) ?? 7), steps: steps)
    }

    // MARK: - Who takes part

    private func generation(_ fields: YAMLFields, of provider: Provider) throws(StoryError) -> String? {
        try fields.optionalChoice("generation", of: DeviceKind.generations(of: provider).map { ($0, $0) })
    }

    private func shows(_ fields: YAMLFields, _ provider: Provider) throws(StoryError) -> [RuleID] {
        let texts = try fields.optionalTexts("shows") ?? []
        for text in texts where provider.rules[RuleID(text)] == nil {
            let known = provider.rules.rules.map(\.id.text)
            let near = NearestWord.to(text, in: known).map { "; did you mean “\($0)”?" } ?? ""
            throw fields.error("shows", "names “\(text)”, which is no rule of \(provider.title)\(near)")
        }
        return texts.map { RuleID($0) }
    }

    private mutating func readPeople(_ fields: YAMLFields) throws(StoryError) {
        for person in AppServer.demoPeople { people[person.user] = Secret(person.password, kind: .password) }
        guard let node = fields.node("people") else { return }
        let list = try YAMLFields(node, what: "the people", file: file)
        for user in list.keys { people[user] = Secret(try list.text(user), kind: .password) }
    }

    private mutating func readDevices(
        _ fields: YAMLFields, _ provider: Provider, _ generation: String?
    ) throws(StoryError) {
        guard let node = fields.node("devices") else {
            devices = [DeviceSetup(name: "A", generation: generation)]
            return
        }
        let list = try YAMLFields(node, what: "the devices", file: file)
        for name in list.keys {
            guard name.utf8.count == 1, name.utf8.allSatisfy({ (0x41...0x5A).contains($0) }) else {
                throw list.error(name, "must be one letter from A to Z")
            }
            devices.append(try device(name, list, provider, generation))
        }
        guard !devices.isEmpty else { throw fields.error("devices", "is empty") }
    }

    private static let deviceKeys = [
        "platform", "generation", "options", "form", "after refusal", "renews early", "starts", "sets up",
    ]

    private func device(
        _ name: String, _ list: YAMLFields, _ provider: Provider, _ generation: String?
    ) throws(StoryError) -> DeviceSetup {
        guard let node = list.node(name) else { throw list.missing(name) }
        if case .scalar(let scalar) = node {
            let known = try platforms(generation, list, name)
            guard scalar.string.isEmpty || known.contains(scalar.string) else {
                throw list.error(
                    name, "cannot be “\(scalar.string)”; \(NearestWord.hint(scalar.string, in: known))")
            }
            return DeviceSetup(
                name: name, platform: scalar.string.isEmpty ? nil : scalar.string, generation: generation)
        }
        let fields = try YAMLFields(node, what: "device \(name)", file: file)
        try fields.allowOnly(Self.deviceKeys)
        let chosen =
            try fields.optionalChoice("generation", of: DeviceKind.generations(of: provider).map { ($0, $0) })
            ?? generation
        let known = try platforms(chosen, list, name)
        let platform = try fields.optionalChoice("platform", of: known.map { ($0, $0) })
        return DeviceSetup(
            name: name, platform: platform, generation: chosen,
            options: try options(fields, generation: chosen, platform: platform),
            settings: try Self.appSettings(fields, from: AppSettings()),
            starts: try fields.optionalFlag("starts") ?? true, setsUp: try fields.optionalFlag("sets up") ?? true)
    }

    /// The platforms that a device of `generation`, or of any for nil, may have.
    func platforms(_ generation: String?, _ list: YAMLFields, _ name: String) throws(StoryError) -> [String] {
        guard generation != nil else { return provider.clientPlatforms.map(\.name) }
        return try kind(generation, nil, list, name).platforms.map(\.name)
    }

    private func kind(
        _ generation: String?, _ platform: String?, _ list: YAMLFields, _ name: String
    ) throws(StoryError) -> DeviceKind {
        do throws(DeedProblem) {
            return try DeviceKind(provider: provider.id, generation: generation, platform: platform)
        } catch {
            throw list.error(name, "cannot be played: \(error)")
        }
    }

    /// The options of the SDK that a device then plays; nil when none are written.
    func options(_ fields: YAMLFields, generation: String?, platform: String?) throws(StoryError) -> SDKOptions? {
        guard let node = fields.node("options") else { return nil }
        let usual = try kind(generation, platform, fields, "options").generation.policy.options
        return try SDKOptionsText.parse(
            try YAMLFields(node, what: "the options of the SDK", file: file), usual: usual)
    }

    /// The app's settings as these fields change them.
    static func appSettings(_ fields: YAMLFields, from settings: AppSettings) throws(StoryError) -> AppSettings {
        var settings = settings
        settings.form =
            try fields.optionalChoice("form", of: ProductForm.allCases.map { ($0.rawValue, $0) }) ?? settings.form
        settings.afterRefusal =
            try fields.optionalChoice("after refusal", of: [("renew once", .renewOnce), ("ask", .ask)])
            ?? settings.afterRefusal
        settings.renewsEarly = try fields.optionalFlag("renews early") ?? settings.renewsEarly
        return settings
    }

    static let settingKeys = [
        "device policy", "token", "token lifetime", "session lifetime", "auth types", "login callback", "console",
    ]

    func settings(_ fields: YAMLFields) throws(StoryError) -> AppServerSettingsPatch {
        AppServerSettingsPatch(
            tokenKind: try fields.optionalChoice(
                "token", of: provider.authenticationKinds.map { ($0.description, $0) }),
            tokenLifetime: try Self.wholeSeconds("token lifetime", fields),
            sessionLifetime: try Self.wholeSeconds("session lifetime", fields),
            devicePolicy: try fields.optionalNumber("device policy", in: 1...provider.devicePolicies.count),
            authTypes: try Self.authTypes(fields),
            loginCallback: try fields.optionalFlag("login callback"),
            provider: try console(fields))
    }

    /// The settings of the provider's console in its own names: known ones, each of the type that it has.
    private func console(_ fields: YAMLFields) throws(StoryError) -> JSONValue? {
        guard let node = fields.node("console") else { return nil }
        let list = try YAMLFields(node, what: "the console's settings", file: file)
        let known = provider.consoleSettings.members ?? []
        try list.allowOnly(known.map(\.name))
        var members: [JSONMember] = []
        for setting in known where list.node(setting.name) != nil {
            members.append(JSONMember(setting.name, try Self.value(setting, list)))
        }
        return .object(members)
    }

    private static func value(_ setting: JSONMember, _ list: YAMLFields) throws(StoryError) -> JSONValue {
        switch setting.value {
        case .bool: .bool(try list.optionalFlag(setting.name) ?? false)
        case .integer: .integer(Int64(try list.number(setting.name, in: Int(Int32.min)...Int(Int32.max))))
        case .array(let items):
            .array(
                try (list.optionalTexts(setting.name) ?? []).map { (text) throws(StoryError) in
                    guard case .integer? = items.first else { return .string(text) }
                    guard let number = Int64(text) else { throw list.error(setting.name, "must be a list of numbers") }
                    return .integer(number)
                })
        default: .string(try list.text(setting.name))
        }
    }

    private static func wholeSeconds(_ key: String, _ fields: YAMLFields) throws(StoryError) -> Duration? {
        guard let duration = try fields.optionalDuration(key, most: DurationText.longestLife) else { return nil }
        guard duration >= .seconds(1), duration.wholeMicroseconds % 1_000_000 == 0 else {
            throw fields.error(key, "must be a number of whole seconds, at least one")
        }
        return duration
    }

    private static func authTypes(_ fields: YAMLFields) throws(StoryError) -> [Int]? {
        guard let texts = try fields.optionalTexts("auth types") else { return nil }
        let types = texts.compactMap { Int($0) }.filter { (0...2).contains($0) }
        guard types.count == texts.count, Set(types).count == types.count else {
            throw fields.error("auth types", "must be a list out of 0, 1 and 2, each once")
        }
        return types.sorted()
    }

    private func network(_ fields: YAMLFields) throws(StoryError) -> NetworkModel {
        guard let node = fields.node("network") else { return NetworkModel() }
        let fields = try YAMLFields(node, what: "the network", file: file)
        try fields.allowOnly(["latency", "jitter", "loss", "resend"])
        var model = NetworkModel()
        let most: Duration = .seconds(60)
        for (key, path) in [
            ("latency", \NetworkModel.latency), ("jitter", \NetworkModel.jitter), ("resend", \NetworkModel.resendDelay),
        ] {
            guard let duration = try fields.optionalDuration(key) else { continue }
            guard duration <= most else { throw fields.error(key, "must be at most a minute") }
            model[keyPath: path] = duration
        }
        model.lossPermille = try fields.optionalNumber("loss", in: 0...900) ?? 0
        return model
    }

    // MARK: - What is wrong

    private static func problem(_ error: any Error, file: String) -> StoryError {
        guard let error = error as? YamlError else {
            return StoryError(file: file, line: 1, column: 1, message: "the file is not YAML")
        }
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return StoryError(
                file: file, line: mark.line, column: mark.column, message: "the file is not YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            return StoryError(
                file: file, line: context.mark.line, column: context.mark.column,
                message: "of the keys that begin here these stand twice: \(keys.sorted().joined(separator: ", "))")
        case .reader(let problem, _, _, _):
            return StoryError(file: file, line: 1, column: 1, message: "the file cannot be read: \(problem)")
        default:
            return StoryError(file: file, line: 1, column: 1, message: "the file is not YAML")
        }
    }
}
