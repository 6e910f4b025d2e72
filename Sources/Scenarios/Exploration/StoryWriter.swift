import LoginCore
import Providers

/// Writes a script as a story that `latchkey run` plays.
package enum StoryWriter {
    /// The story's file; `violation` is told in its head and, where a story can say it, expected not to happen.
    package static func yaml(_ script: ExplorationScript, _ violation: Violation?) -> String {
        var lines = [
            "story: \(StoryTeller.quoted(violation.map { "Found by exploring: " + $0.rule.sentence } ?? "An exploration"))"
        ]
        if let violation {
            lines.append("about: \(StoryTeller.quoted("rule \(violation.rule.rawValue): \(violation.detail)"))")
        }
        lines.append("provider: \(script.setup.provider)")
        let devices = script.setup.devices.map { "\($0.name): \(device($0))" }
        lines.append("devices: {\(devices.joined(separator: ", "))}")
        let strangers = script.people.keys.sorted().filter { script.uses($0) }
        if !strangers.isEmpty {
            let people = strangers.map { name in
                "\(name): \(StoryTeller.quoted(script.people[name]?.reveal(for: .wire) ?? ""))"
            }
            lines.append("people: {\(people.joined(separator: ", "))}")
        }
        if let settings = script.settings {
            lines.append("settings: {\(StoryTeller.words(Recording.Settings(settings)))}")
        }
        if script.setup.network != NetworkModel() { lines.append("network: \(text(script.setup.network))") }
        lines.append("seed: \(script.setup.seed)")
        lines.append("steps:")
        lines += steps(script, violation).map { "  - {\($0)}" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The steps without their braces.
    package static func steps(_ script: ExplorationScript, _ violation: Violation?) -> [String] {
        var steps: [String] = []
        for act in script.acts {
            if act.after > .zero { steps.append("wait: \(text(act.after))") }
            steps.append(text(act.act, of: script.setup.provider))
        }
        if script.rest > .zero { steps.append("wait: \(text(script.rest))") }
        if let last = violation.flatMap(expectation) { steps.append(last) }
        // What is wrong from the start needs no step; a story needs one.
        return steps.isEmpty ? ["wait: 1s"] : steps
    }

    /// What a world without the fault shows after the last act, where the language has words for it.
    private static func expectation(_ violation: Violation) -> String? {
        guard let device = violation.device else { return nil }
        return switch violation.rule {
        case .healing: "see: state, on: \(device), is: online, within: 4m"
        case .kick: "never: entry, on: \(device), title: open the link, for: 1m"
        case .machines, .transcript, .callbacks, .voidToken, .sessions, .ban, .phantom: nil
        }
    }

    // MARK: - Parts

    private static func device(_ device: DeviceSetup) -> String {
        var fields: [String] = []
        if let generation = device.generation { fields.append("generation: \(StoryTeller.quoted(generation))") }
        fields += changes(device.settings, from: AppSettings())
        if fields.isEmpty { return device.platform.map(StoryTeller.quoted) ?? "{}" }
        if let platform = device.platform { fields.insert("platform: \(StoryTeller.quoted(platform))", at: 0) }
        return "{\(fields.joined(separator: ", "))}"
    }

    private static func changes(_ settings: AppSettings, from old: AppSettings?) -> [String] {
        var fields: [String] = []
        if settings.form != old?.form { fields.append("form: \(settings.form.rawValue)") }
        if settings.afterRefusal != old?.afterRefusal {
            fields.append("after refusal: \(settings.afterRefusal == .ask ? "ask" : "renew once")")
        }
        if settings.renewsEarly != old?.renewsEarly { fields.append("renews early: \(settings.renewsEarly)") }
        return fields
    }

    private static func text(_ network: NetworkModel) -> String {
        "{latency: \(text(network.latency)), jitter: \(text(network.jitter)), loss: \(network.lossPermille), "
            + "resend: \(text(network.resendDelay))}"
    }

    /// A duration as the language reads it, to the millisecond.
    private static func text(_ duration: Duration) -> String {
        let milliseconds = duration.wholeMilliseconds
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }

    private static func text(_ act: StoryAct, of provider: String) -> String {
        switch act {
        case .device(let name, let deed): text(deed, on: name, of: provider)
        case .typedLogin(let name, let account, let token):
            "do: log in with token, on: \(name), \(text(account))" + text(token)
        case .operate(let person, let act): text(act, as: person)
        case .askPresence(let account, let query):
            "do: ask presence, \(text(account))" + (query.map { ", query: \($0)" } ?? "")
        case .kickDevice(let person, let device): "do: kick device, as: \(person), on: \(device)"
        case .unbind(let person): "do: unbind, as: \(person)"
        case .bind(let person, let account):
            "do: bind, as: \(person)" + (account.map { ", account: \(StoryTeller.quoted($0))" } ?? "")
        case .settings(let patch): "do: change settings, \(StoryTeller.words(Recording.Settings(patch)))"
        case .killBackend: "do: kill backend"
        case .startBackend: "do: start backend"
        }
    }

    private static func text(_ account: AccountChoice) -> String {
        switch account {
        case .of(let person): "as: \(person)"
        case .named(let name): "account: \(StoryTeller.quoted(name))"
        }
    }

    private static func text(_ token: TokenChoice) -> String {
        switch token {
        case .saved: ""
        case .savedOn(let device): ", token of: \(device)"
        case .text(let secret): ", token: \(StoryTeller.quoted(secret.reveal(for: .wire)))"
        }
    }

    private static func text(_ act: OperatorAct, as person: String) -> String {
        switch act {
        case .ban(let kick, let notify):
            "do: ban, as: \(person)" + (kick ? ", kick: true" : "")
                + (notify.map { ", text: \(StoryTeller.quoted($0))" } ?? "")
        case .unban: "do: unban, as: \(person)"
        case .kick(let notify): "do: kick, as: \(person)" + (notify.map { ", text: \(StoryTeller.quoted($0))" } ?? "")
        case .replaceToken: "do: replace token, as: \(person)"
        case .refreshToken: "do: refresh token, as: \(person)"
        case .deleteAccount: "do: delete account, as: \(person)"
        }
    }

    private static func text(_ deed: DeviceDeed, on name: String, of provider: String) -> String {
        switch deed {
        case .register(let user, _, let account):
            "do: register, on: \(name), as: \(user)" + (account.map { ", account: \(StoryTeller.quoted($0))" } ?? "")
        case .logIn(let user, _): "do: log in, on: \(name), as: \(user)"
        case .logInWithToken(let account, let token, _):
            // A token that the world keeps has no text that could be written down.
            "do: log in with token, on: \(name), account: \(StoryTeller.quoted(account))" + text(TokenChoice(token))
        case .logInAutomatically(let forced): "do: log in automatically, on: \(name)" + (forced ? ", force: true" : "")
        case .logOut: "do: log out, on: \(name)"
        case .callLogin: "do: call login, on: \(name)"
        case .callLogout: "do: call logout, on: \(name)"
        case .renew: "do: renew, on: \(name)"
        case .echo(let text): "do: echo, on: \(name), text: \(StoryTeller.quoted(text))"
        case .kickOthers(let platforms):
            "do: kick others, on: \(name)"
                + (platforms.map { ", platforms: [\($0.map { StoryTeller.quoted($0.name) }.joined(separator: ", "))]" }
                    ?? "")
        case .changeApp(let settings):
            "do: change app, on: \(name), " + changes(settings, from: nil).joined(separator: ", ")
        case .network(let network):
            "do: network, on: \(name), mode: \(network.mode.word)"
                + (network.mode == .pass ? "" : ", scope: \(network.scope.word)")
        case .cut: "do: cut, on: \(name)"
        case .background: "do: background, on: \(name)"
        case .foreground: "do: foreground, on: \(name)"
        case .stopApp: "do: stop app, on: \(name)"
        case .startApp: "do: start app, on: \(name)"
        case .restartApp: "do: restart app, on: \(name)"
        case .setUp: "do: set up, on: \(name)"
        case .install(let build): "do: build app, on: \(name), \(build.text(provider: provider))"
        }
    }
}

extension TokenChoice {
    fileprivate init(_ token: TypedToken) {
        switch token {
        case .text(let secret): self = .text(secret)
        case .kept: self = .saved
        }
    }
}

extension NetworkMode {
    fileprivate var word: String {
        switch self {
        case .pass: "passing"
        case .offline: "offline"
        case .silent: "silent"
        case .refusing: "refusing"
        }
    }
}

extension NetworkScope {
    fileprivate var word: String {
        switch self {
        case .everything: "everything"
        case .link: "link"
        case .appServer: "app server"
        }
    }
}

extension ExplorationScript {
    /// Whether someone takes part of whom a story does not know by itself.
    fileprivate func uses(_ person: String) -> Bool {
        guard !Explorer.isDemo(person) else { return false }
        return acts.contains { timed in
            switch timed.act {
            case .device(_, .register(person, _, _)), .device(_, .logIn(person, _)), .operate(person, _),
                .typedLogin(_, account: .of(person), token: _):
                true
            default: false
            }
        }
    }

    /// What a story does, as a script: its acts and its waits; sights become nothing.
    package init(_ story: Story) {
        var acts: [TimedAct] = []
        var pause: Duration = .zero
        for step in story.steps {
            switch step.kind {
            case .act(let act):
                acts.append(TimedAct(after: pause, act))
                pause = .zero
            case .wait(let duration), .never(_, let duration), .quiet(_, let duration), .see(_, .within(let duration)),
                .see(_, .at(let duration)):
                pause += duration
            }
        }
        self.init(
            setup: WorldSetup(
                provider: story.provider, devices: story.devices, seed: story.seed, network: story.network),
            people: story.people, settings: story.settings, acts: acts, rest: pause)
    }
}
