import LoginCore
import Providers

/// What an app sets its SDK up with, as a story writes it: only what is not usual.
///
/// ```yaml
/// options: {retryCount: 5, timeout: none, tokenProvider: empty}
/// ```
enum SDKOptionsText {
    private static let conducts: [(word: String, value: LoginCalls.Conduct)] = [
        ("answers", .answers), ("empty", .empty), ("throws", .fails),
    ]

    private static func text(_ conduct: LoginCalls.Conduct) -> String {
        conducts.first { $0.value == conduct }?.word ?? ""
    }

    /// The keys for an SDK whose usual options are `usual`: each SDK has its own.
    private static func keys(_ usual: SDKOptions) -> [String] {
        ["reconnect delay", "reconnects in background"] + (usual.isAutoLogin == nil ? [] : ["isAutoLogin"])
            + (usual.calls == nil
                ? [] : ["retryCount", "timeout", "forceMode", "tokenProvider", "loginExtensionProvider"])
    }

    /// Reads the options of an SDK whose usual ones are `usual`.
    static func parse(_ fields: YAMLFields, usual: SDKOptions) throws(StoryError) -> SDKOptions {
        try fields.allowOnly(keys(usual))
        var options = usual
        options.reconnectDelay = try fields.optionalDuration("reconnect delay") ?? usual.reconnectDelay
        options.reconnectsInBackground =
            try fields.optionalFlag("reconnects in background") ?? usual.reconnectsInBackground
        options.isAutoLogin = try fields.optionalFlag("isAutoLogin") ?? usual.isAutoLogin
        guard var calls = usual.calls else { return options }
        calls.retryCount = try fields.optionalNumber("retryCount", in: 1...100) ?? calls.retryCount
        if try fields.optionalText("timeout") == "none" {
            calls.timeout = nil
        } else {
            calls.timeout = try fields.optionalDuration("timeout") ?? calls.timeout
        }
        calls.forceMode = try fields.optionalFlag("forceMode") ?? calls.forceMode
        calls.tokenProvider = try fields.optionalChoice("tokenProvider", of: conducts) ?? calls.tokenProvider
        calls.loginExtensionProvider =
            try fields.optionalChoice("loginExtensionProvider", of: conducts) ?? calls.loginExtensionProvider
        options.calls = calls
        return options
    }

    /// What is not as usual, as one mapping; nil when everything is.
    static func text(_ options: SDKOptions, usual: SDKOptions) -> String? {
        var words: [String] = []
        func tell<Value: Equatable>(_ key: String, _ value: Value, _ old: Value, _ text: String) {
            if value != old { words.append("\(key): \(text)") }
        }
        func time(_ duration: Duration?) -> String { duration.map { "\($0.wholeMilliseconds)ms" } ?? "none" }
        tell("reconnect delay", options.reconnectDelay, usual.reconnectDelay, time(options.reconnectDelay))
        tell(
            "reconnects in background", options.reconnectsInBackground, usual.reconnectsInBackground,
            "\(options.reconnectsInBackground)")
        tell("isAutoLogin", options.isAutoLogin, usual.isAutoLogin, "\(options.isAutoLogin ?? false)")
        if let calls = options.calls, let old = usual.calls {
            tell("retryCount", calls.retryCount, old.retryCount, "\(calls.retryCount)")
            tell("timeout", calls.timeout, old.timeout, time(calls.timeout))
            tell("forceMode", calls.forceMode, old.forceMode, "\(calls.forceMode)")
            tell("tokenProvider", calls.tokenProvider, old.tokenProvider, text(calls.tokenProvider))
            tell(
                "loginExtensionProvider", calls.loginExtensionProvider, old.loginExtensionProvider,
                text(calls.loginExtensionProvider))
        }
        return words.isEmpty ? nil : "{\(words.joined(separator: ", "))}"
    }
}

extension AppBuild {
    /// The keys of a device or of a step that builds it.
    func text(provider: String) -> String {
        let usual = ProviderRegistry.provider(provider)?.generation(generation)?.policy.options
        var words = ["generation: \(StoryTeller.quoted(generation))"]
        if let platform { words.insert("platform: \(StoryTeller.quoted(platform))", at: 0) }
        if let options, let usual, let text = SDKOptionsText.text(options, usual: usual) {
            words.append("options: \(text)")
        }
        return words.joined(separator: ", ")
    }
}
