import LoginCore

/// A row of a provider's code table together with the rule that the lab shows for it.
struct CodeRow {
    let code: LoginPolicy.CodeRule
    let rule: Rule

    /// `addition` follows the code, its name and its meaning in the rule's text.
    init(_ code: LoginPolicy.CodeRule, addition: String = "", _ tag: RuleTag, _ source: String) {
        self.code = code
        let text = "\(code.code), \(code.name): \(code.meaning)"
        rule = Rule(code.rule, addition.isEmpty ? text : "\(text) \(addition)", tag, source)
    }
}

extension [CodeRow] {
    /// The short name of a code; that of ``LoginPolicy/CodeRule/unknown(_:)`` for one that the table does not have.
    func name(of code: Int) -> String {
        first { $0.code.code == code }?.code.name ?? LoginPolicy.CodeRule.unknownName
    }
}

extension LoginPolicy.CodeRule {
    static let unknownName = "unknown code"

    /// The row for a code that the table does not have: it may heal, so a reconnect goes on (ours).
    static func unknown(_ rule: RuleID) -> Self {
        Self(
            code: 0, name: unknownName, meaning: "The reference has no row for this code.", kind: .server,
            automatic: .retry, rule: rule)
    }
}
