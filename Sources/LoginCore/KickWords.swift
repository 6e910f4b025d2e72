/// How the end of a session by a kick is told, in the words of a provider's SDK.
package struct KickWords: Hashable, Sendable {
    /// What has happened, such as "kicked offline".
    package let event: String
    /// What stands before the reason's number, such as "reason"; nil for an SDK that tells its app no number.
    package let number: String?
    /// What each reason means, in a few words.
    package let reasons: [Int: String]

    package init(event: String = "kicked offline", number: String? = "reason", reasons: [Int: String] = [:]) {
        self.event = event
        self.number = number
        self.reasons = reasons
    }

    /// What a reason means; of one that has no words, that it has none.
    package func meaning(of reason: Int) -> String {
        reasons[reason] ?? "a reason that no source names"
    }

    /// The kick by its number where the app is told one, and by its meaning where not.
    package func headline(_ notice: KickNotice) -> String {
        number.map { "\(event), \($0) \(notice.reason)" } ?? "\(event): \(meaning(of: notice.reason))"
    }

    /// The headline, and what a number means.
    package func sentence(_ notice: KickNotice) -> String {
        number == nil ? headline(notice) : "\(headline(notice)), \(meaning(of: notice.reason))"
    }

    /// A few words for where there is little room.
    package func brief(_ notice: KickNotice) -> String {
        number.map { "kicked, \($0) \(notice.reason)" } ?? "kicked"
    }
}
