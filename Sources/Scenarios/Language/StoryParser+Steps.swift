import LoginCore
import Providers
import Yams

/// Steps: each has one of the keys do, see, never, quiet and wait, and the keys that belong to it.
extension StoryParser {
    private static let beginnings = ["do", "see", "never", "quiet", "wait"]

    func step(_ node: Node) throws(StoryError) -> StoryStep {
        let fields = try YAMLFields(node, what: "the step", file: file)
        let found = fields.keys.filter { Self.beginnings.contains($0) }
        guard found.count == 1, let beginning = found.first else {
            let first = fields.keys.first ?? ""
            let hint =
                found.isEmpty
                ? NearestWord.hint(first, in: Self.beginnings) : "it has \(found.joined(separator: " and "))"
            throw YAMLFields.error(file, fields.mark, "a step has exactly one of do, see, never, quiet, wait; \(hint)")
        }
        let kind: StoryStep.Kind
        var refusal: String?
        switch beginning {
        case "do":
            kind = .act(try act(fields))
            refusal = try fields.optionalText("refused")
        case "see":
            kind = .see(try sight("see", fields, extra: ["within", "at"]), try timing(fields))
        case "never":
            kind = .never(try sight("never", fields, extra: ["for"]), try lasting(fields, "for"))
        case "quiet":
            try fields.allowOnly(["quiet", "on"])
            kind = .quiet(try fields.optionalText("on") == nil ? nil : try device(fields), try lasting(fields, "quiet"))
        default:
            try fields.allowOnly(["wait"])
            kind = .wait(try lasting(fields, "wait"))
        }
        return StoryStep(kind: kind, line: node.mark?.line ?? 1, text: Self.text(node), refusal: refusal)
    }

    private func lasting(_ fields: YAMLFields, _ key: String) throws(StoryError) -> Duration {
        let duration = try fields.duration(key)
        guard duration > .zero else { throw fields.error(key, "must be longer than nothing") }
        return duration
    }

    private func timing(_ fields: YAMLFields) throws(StoryError) -> Timing {
        let within = try fields.optionalDuration("within")
        let at = try fields.optionalDuration("at")
        if at != nil, within != nil { throw fields.error("at", "and “within” exclude each other") }
        return at.map { .at($0) } ?? .within(within ?? StoryRun.usualPatience)
    }

    /// The step as one line of YAML in flow style.
    private static func text(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.string
        case .sequence(let items): "[" + items.map { text($0) }.joined(separator: ", ") + "]"
        case .mapping(let pairs): "{" + pairs.map { "\(text($0.key)): \(text($0.value))" }.joined(separator: ", ") + "}"
        case .alias: "*"
        }
    }

    // MARK: - What the keys mean

    private func device(_ fields: YAMLFields) throws(StoryError) -> String {
        if fields.node("on") == nil, devices.count == 1 { return devices[0].name }
        return try fields.choice("on", of: devices.map { ($0.name, $0.name) })
    }

    private func person(_ fields: YAMLFields, _ key: String = "as") throws(StoryError) -> String {
        try fields.choice(key, of: people.keys.sorted().map { ($0, $0) })
    }

    private func lane(_ fields: YAMLFields) throws(StoryError) -> Lane {
        if fields.node("in") != nil {
            return try fields.choice(
                "in", of: [("app server", .appServer), ("web API", .webAPI), ("IM server", .imServer)])
        }
        return .device(try device(fields))
    }

    // MARK: - do

    /// Every verb of `do`, with the keys that belong to it.
    static let verbs: [(name: String, keys: [String])] = [
        ("register", ["on", "as", "account", "password"]),
        ("log in", ["on", "as", "password"]),
        ("log in with token", ["on", "as", "account", "token", "token of"]),
        ("log in automatically", ["on", "force"]),
        ("log out", ["on"]),
        ("call login", ["on"]),
        ("call logout", ["on"]),
        ("renew", ["on"]),
        ("echo", ["on", "text"]),
        ("kick others", ["on", "platforms"]),
        ("ban", ["as", "kick", "text", "refused"]),
        ("unban", ["as", "refused"]),
        ("kick", ["as", "text", "refused"]),
        ("replace token", ["as", "refused"]),
        ("refresh token", ["as", "refused"]),
        ("delete account", ["as", "refused"]),
        ("kick device", ["as", "on", "refused"]),
        ("unbind", ["as", "refused"]),
        ("bind", ["as", "account", "refused"]),
        ("ask presence", ["as", "account", "query", "refused"]),
        ("change settings", settingKeys + ["refused"]),
        ("change app", ["on", "form", "after refusal", "renews early"]),
        ("network", ["on", "mode", "scope"]),
        ("cut", ["on"]),
        ("background", ["on"]),
        ("foreground", ["on"]),
        ("stop app", ["on"]),
        ("start app", ["on"]),
        ("restart app", ["on"]),
        ("set up", ["on"]),
        ("build app", ["on", "generation", "platform", "options"]),
        ("kill backend", []),
        ("start backend", []),
    ]

    private func act(_ fields: YAMLFields) throws(StoryError) -> StoryAct {
        let verb = try fields.choice("do", of: Self.verbs.map { ($0.name, $0) })
        let fields = renamed(fields, "the step “\(verb.name)”")
        try fields.allowOnly(["do"] + verb.keys)
        switch verb.name {
        case "register":
            let user = try person(fields)
            return .device(
                try device(fields),
                .register(
                    user: user, password: try password(fields, of: user), account: try fields.optionalText("account")))
        case "log in":
            let user = try person(fields)
            return .device(try device(fields), .logIn(user: user, password: try password(fields, of: user)))
        case "log in with token":
            return try typedLogin(fields)
        case "log in automatically":
            return .device(try device(fields), .logInAutomatically(forced: try fields.optionalFlag("force") ?? false))
        case "echo":
            return .device(try device(fields), .echo(try fields.optionalText("text") ?? "hello"))
        case "change app":
            let name = try device(fields)
            let before = devices.first { $0.name == name }?.settings ?? AppSettings()
            return .device(name, .changeApp(try Self.appSettings(fields, from: before)))
        case "network":
            return .device(try device(fields), .network(try network(of: fields)))
        case "ban":
            let act = OperatorAct.ban(
                kick: try fields.optionalFlag("kick") ?? false, notify: try fields.optionalText("text"))
            return .operate(person: try person(fields), act)
        case "kick":
            return .operate(person: try person(fields), .kick(notify: try fields.optionalText("text")))
        case "unban": return .operate(person: try person(fields), .unban)
        case "replace token": return .operate(person: try person(fields), .replaceToken)
        case "refresh token": return .operate(person: try person(fields), .refreshToken)
        case "delete account": return .operate(person: try person(fields), .deleteAccount)
        case "kick others":
            return .device(try device(fields), .kickOthers(try platforms(fields)))
        case "kick device": return .kickDevice(person: try person(fields), device: try device(fields))
        case "unbind": return .unbind(person: try person(fields))
        case "bind": return .bind(person: try person(fields), account: try fields.optionalText("account"))
        case "build app": return .device(try device(fields), .install(try build(fields)))
        case "ask presence":
            let known = provider.presenceQueries.map { ($0, $0) }
            return .askPresence(try account(fields), query: try fields.optionalChoice("query", of: known))
        case "change settings": return .settings(try settings(fields))
        case "kill backend": return .killBackend
        case "start backend": return .startBackend
        default: return .device(try device(fields), try plainDeed(verb.name, fields))
        }
    }

    private func platforms(_ fields: YAMLFields) throws(StoryError) -> [ClientPlatform]? {
        guard let names = try fields.optionalTexts("platforms") else { return nil }
        let known = provider.clientPlatforms
        var platforms: [ClientPlatform] = []
        for name in names {
            guard let platform = known.first(where: { $0.name == name }) else {
                throw fields.error(
                    "platforms", "cannot name “\(name)”; \(NearestWord.hint(name, in: known.map(\.name)))")
            }
            platforms.append(platform)
        }
        return platforms
    }

    private func build(_ fields: YAMLFields) throws(StoryError) -> AppBuild {
        let generation = try fields.choice("generation", of: DeviceKind.generations(of: provider).map { ($0, $0) })
        let known = try platforms(generation, fields, "generation").map { ($0, $0) }
        return AppBuild(
            generation: generation, platform: try fields.optionalChoice("platform", of: known),
            options: try options(fields, generation: generation, platform: nil))
    }

    /// The verbs that have nothing but a device.
    private func plainDeed(_ verb: String, _ fields: YAMLFields) throws(StoryError) -> DeviceDeed {
        switch verb {
        case "log out": .logOut
        case "call login": .callLogin
        case "call logout": .callLogout
        case "renew": .renew
        case "cut": .cut
        case "background": .background
        case "foreground": .foreground
        case "stop app": .stopApp
        case "start app": .startApp
        case "restart app": .restartApp
        case "set up": .setUp
        default: throw fields.error("do", "is not known")
        }
    }

    private func renamed(_ fields: YAMLFields, _ what: String) -> YAMLFields {
        var copy = fields
        copy.what = what
        return copy
    }

    private func password(_ fields: YAMLFields, of user: String) throws(StoryError) -> Secret {
        if let typed = try fields.optionalText("password") { return Secret(typed, kind: .password) }
        return people[user] ?? Secret("", kind: .password)
    }

    private func typedLogin(_ fields: YAMLFields) throws(StoryError) -> StoryAct {
        let account = try account(fields)
        let other = try fields.optionalChoice("token of", of: devices.map { ($0.name, $0.name) })
        let typed = try fields.optionalText("token").map { Secret($0, kind: .token) }
        if other != nil, typed != nil { throw fields.error("token of", "and “token” exclude each other") }
        let token: TokenChoice = typed.map { .text($0) } ?? other.map { .savedOn($0) } ?? .saved
        return .typedLogin(try device(fields), account: account, token: token)
    }

    private func account(_ fields: YAMLFields) throws(StoryError) -> AccountChoice {
        guard let name = try fields.optionalText("account") else { return .of(person: try person(fields)) }
        if fields.node("as") != nil { throw fields.error("as", "and “account” exclude each other") }
        return .named(name)
    }

    private func network(of fields: YAMLFields) throws(StoryError) -> NetworkSwitch {
        NetworkSwitch(
            mode: try fields.choice(
                "mode", of: [("passing", .pass), ("offline", .offline), ("silent", .silent), ("refusing", .refusing)]),
            scope: try fields.optionalChoice(
                "scope", of: [("everything", .everything), ("link", .link), ("app server", .appServer)])
                ?? .everything)
    }

    // MARK: - see, never

    /// Everything that can be seen, with the keys that belong to it.
    static let sights: [(name: String, keys: [String])] = [
        ("state", ["on", "is"]),
        ("app", ["on", "is", "because"]),
        ("lease", ["on", "is"]),
        ("saved login", ["on", "is"]),
        ("login status", ["on", "is"]),
        ("others", ["on", "are"]),
        ("callback", ["on", "name", "with"]),
        ("code", ["on", "is"]),
        ("attempts", ["on", "are"]),
        ("delays", ["on", "are"]),
        ("token", ["on", "is"]),
        ("presence", ["is", "with"]),
        ("entry", ["on", "in", "title"]),
        ("order", ["on", "in", "of"]),
    ]

    private static let appStates = [
        "login screen", "registering", "signing in", "starting messaging", "signed in", "signing out",
    ]
    private static let leases = ["none", "permanent", "valid", "will expire", "renewing", "expired", "void"]

    private func sight(_ beginning: String, _ step: YAMLFields, extra: [String]) throws(StoryError) -> Sight {
        let kind = try step.choice(beginning, of: Self.sights.map { ($0.name, $0) })
        let fields = renamed(step, "the step “\(beginning): \(kind.name)”")
        try fields.allowOnly([beginning] + kind.keys + extra)
        return try sight(kind.name, fields)
    }

    private func sight(_ name: String, _ fields: YAMLFields) throws(StoryError) -> Sight {
        switch name {
        case "state":
            let phases = LoginMachine.Phase.allCases.map { ($0.text, $0) }
            return .state(try device(fields), try fields.choice("is", of: phases))
        case "app":
            return .app(
                try device(fields), state: try fields.choice("is", of: Self.appStates.map { ($0, $0) }),
                reason: try fields.optionalText("because"))
        case "lease":
            return .lease(try device(fields), try fields.choice("is", of: Self.leases.map { ($0, $0) }))
        case "saved login":
            return .saved(
                try device(fields), try fields.choice("is", of: SavedChoice.allCases.map { ($0.rawValue, $0) }))
        case "login status":
            return .loginStatus(try device(fields), try fields.text("is"))
        case "presence":
            return .presence(try fields.text("is"), with: try fields.optionalText("with"))
        case "others":
            return .others(try device(fields), try fields.number("are", in: 0...100))
        case "callback":
            return .callback(
                try device(fields), name: try fields.text("name"), with: try fields.optionalText("with"))
        case "code":
            return .code(try device(fields), try fields.number("is", in: 1...999_999))
        case "attempts":
            return .attempts(try device(fields), try fields.number("are", in: 0...100_000))
        case "delays":
            return .delays(try device(fields), try durations("are", fields))
        case "token":
            return .token(
                try device(fields), try fields.choice("is", of: TokenComparison.allCases.map { ($0.rawValue, $0) }))
        case "entry":
            return .entry(try lane(fields), try fields.text("title"))
        default:
            guard let titles = try fields.optionalTexts("of"), !titles.isEmpty else { throw fields.missing("of") }
            return .order(try lane(fields), titles)
        }
    }

    private func durations(_ key: String, _ fields: YAMLFields) throws(StoryError) -> [Duration] {
        guard let texts = try fields.optionalTexts(key), !texts.isEmpty else { throw fields.missing(key) }
        var durations: [Duration] = []
        for text in texts {
            switch DurationText.parse(text) {
            case .success(let duration): durations.append(duration)
            case .failure(let problem): throw fields.error(key, problem.text)
            }
        }
        return durations
    }
}
