import LoginCore
import Providers

/// The menus about a device's SDK: which one it is, and what the app has set it up with.
extension Menu {
    /// The SDKs of all providers that the backend has a cloud for, the lab's first.
    static func generations(_ name: String, _ model: Model) -> [MenuItem] {
        guard let device = model.device(named: name) else { return [] }
        let played = model.provider(of: device)
        let offered = model.snapshot?.providers ?? []
        let others = ProviderRegistry.all.filter { $0.id != model.home.id && offered.contains($0.id) }
        let all = ([model.home] + others).flatMap { provider in provider.generations.map { (provider, $0) } }
        return all.enumerated().map { index, sdk in
            let (provider, generation) = sdk
            return MenuItem(
                index < 9 ? Character("\(index + 1)") : nil,
                others.isEmpty ? generation.title : "\(provider.title) \(generation.title)",
                generation.clientPlatforms.map(\.name).joined(separator: ", "),
                isCurrent: provider.id == played.id && generation.id == device.generation,
                .command(.setGeneration(device: name, provider: provider.id, generation.id)))
        }
    }

    static func options(_ name: String, _ model: Model) -> [MenuItem] {
        guard let options = model.device(named: name)?.options else { return [] }
        func row(
            _ key: Character, _ label: String, _ detail: String, _ change: (inout SDKOptions) -> Void
        ) -> MenuItem {
            var changed = options
            change(&changed)
            return MenuItem(key, label, detail, .change(.setOptions(device: name, changed)))
        }
        var items = [
            row("d", "reconnect delay", options.reconnectDelay.map { "always \($0.text)" } ?? "the SDK's own") {
                $0.reconnectDelay = next(after: options.reconnectDelay, in: [nil, .zero, .seconds(1), .seconds(5)])
            },
            row("b", "in the background", options.reconnectsInBackground ? "reconnects" : "waits for the foreground") {
                $0.reconnectsInBackground.toggle()
            },
        ]
        if let isOn = options.isAutoLogin {
            items.append(
                row("a", "isAutoLogin", isOn ? "true: logs in by itself at the start" : "false: the app logs in") {
                    $0.isAutoLogin = !isOn
                })
        }
        guard let calls = options.calls else { return items }
        func call(_ key: Character, _ label: String, _ detail: String, _ change: (inout LoginCalls) -> Void) {
            var changed = calls
            change(&changed)
            items.append(row(key, label, detail) { $0.calls = changed })
        }
        call("r", "retryCount", "\(calls.retryCount) after the first attempt") {
            $0.retryCount = next(after: calls.retryCount, in: [3, 5, 1])
        }
        call("t", "timeout", calls.timeout.map { "\($0.text) for the whole call" } ?? "none") {
            $0.timeout = next(after: calls.timeout, in: [.seconds(30), .seconds(60), nil, .seconds(5)])
        }
        call("f", "forceMode", calls.forceMode ? "true: always as a manual login" : "false") { $0.forceMode.toggle() }
        call("p", "tokenProvider", calls.tokenProvider.text) {
            $0.tokenProvider = next(after: calls.tokenProvider, in: LoginCalls.Conduct.allCases)
        }
        call("x", "loginExtensionProvider", calls.loginExtensionProvider.text) {
            $0.loginExtensionProvider = next(after: calls.loginExtensionProvider, in: LoginCalls.Conduct.allCases)
        }
        return items
    }

    /// The choice that follows `current`, the first one after the last.
    private static func next<Choice: Equatable>(after current: Choice, in choices: [Choice]) -> Choice {
        let index = choices.firstIndex(of: current) ?? choices.count - 1
        return choices[(index + 1) % choices.count]
    }
}

extension LoginCalls.Conduct {
    fileprivate var text: String {
        switch self {
        case .answers: "answers"
        case .empty: "answers with an empty text"
        case .fails: "throws"
        }
    }
}

extension SDKOptions {
    /// What a row has room for.
    var summary: String {
        var words: [String] = []
        if let calls {
            words.append("\(calls.retryCount) retries in \(calls.timeout?.text ?? "any time")")
            if calls.forceMode { words.append("forceMode") }
        }
        if let reconnectDelay { words.append("delay \(reconnectDelay.text)") }
        if isAutoLogin == false { words.append("no auto login") }
        if !reconnectsInBackground { words.append("not in background") }
        return words.isEmpty ? "as usual" : words.joined(separator: ", ")
    }
}
