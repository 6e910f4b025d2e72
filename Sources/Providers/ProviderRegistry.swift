import LoginCore

/// The providers that this build knows.
package enum ProviderRegistry {
    /// All of them; the first is the one that the lab opens with.
    package static let all: [Provider] = [CommsEase.provider, Tencent.provider, Easemob.provider]

    /// The provider with this ``Provider/id``.
    package static func provider(_ id: String) -> Provider? {
        all.first { $0.id == id }
    }

    /// The rule of this id, whosever it is: no two providers have one of the same id.
    package static func rule(_ id: RuleID) -> Rule? {
        all.lazy.compactMap { $0.rules[id] }.first
    }
}
