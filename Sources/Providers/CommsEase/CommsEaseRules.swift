import LoginCore

/// The rule book, in the order of commsease.md.
extension CommsEase {
    static let rules = RuleBook(rules: codeRows.map(\.rule) + ownRules, notModelled: [])

    /// What the lab decided because no source does.
    static let ownRules = [
        Rule(
            "OURS-unknown-code",
            "A code that the table does not have ends a manual login; an automatic one tries again.",
            .ours, Source.silentVerdict)
    ]
}
