import LoginCore

/// Where a rule comes from.
package enum RuleTag: String, Sendable, CaseIterable {
    /// A document of the provider that the project began with.
    case seed
    /// The provider's documentation.
    case doc
    /// Real answers, recorded in public code.
    case recorded
    /// The provider's public headers and shipped packages.
    case header
    /// Deduced; no source says it.
    case inferred
    /// The lab's own choice where the sources are silent or at odds.
    case ours
}

/// One fact about a provider, as the lab plays it, with where it comes from.
package struct Rule: Hashable, Sendable {
    /// Page and section of the provider's reference, such as `CE-7.1-302`.
    package let id: RuleID
    /// The rule in our words.
    package let text: String
    package let tag: RuleTag
    /// The title of the source, or the reason of a choice of ours.
    package let source: String

    package init(_ id: RuleID, _ text: String, _ tag: RuleTag, _ source: String) {
        self.id = id
        self.text = text
        self.tag = tag
        self.source = source
    }
}

/// Something a provider does that the lab leaves out, and why.
package struct NotModelled: Hashable, Sendable {
    package let id: RuleID
    /// What is left out.
    package let text: String
    /// The reason, as a sentence.
    package let because: String

    package init(_ id: RuleID, _ text: String, because: String) {
        self.id = id
        self.text = text
        self.because = because
    }
}

/// All rules of one provider, in the order of its reference page.
package struct RuleBook: Sendable {
    package let rules: [Rule]
    package let notModelled: [NotModelled]
    private let byID: [RuleID: Rule]

    /// A book of `rules`; of two with the same id the first counts.
    package init(rules: [Rule], notModelled: [NotModelled]) {
        self.rules = rules
        self.notModelled = notModelled
        byID = Dictionary(rules.map { ($0.id, $0) }) { first, _ in first }
    }

    package subscript(id: RuleID) -> Rule? { byID[id] }
}
