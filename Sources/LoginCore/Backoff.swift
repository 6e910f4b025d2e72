/// How long to wait before the next automatic attempt.
///
/// | attempt after | 1 | 2 | 3 | 4 | 5 | 6 | 7 and later |
/// |---|---|---|---|---|---|---|---|
/// | CommsEase V9 iOS, seconds | 2 | 4 | 6 | 8 | 16 | 32 | 64 |
///
/// The numbers are the provider's; a table that has run out repeats its last entry and never gives up.
package struct Backoff: Sendable, Equatable {
    /// The delays in order; at least one.
    package let table: [Duration]
    /// How far a delay may lie from its table entry, in thousandths, up and down; 0 draws nothing.
    package let jitterPermille: Int
    private var random: SeededGenerator
    /// Delays handed out since the last reset.
    package private(set) var count = 0

    package init(table: [Duration], jitterPermille: Int = 0, random: SeededGenerator) {
        precondition(!table.isEmpty, "a backoff table needs at least one delay")
        self.table = table
        self.jitterPermille = jitterPermille
        self.random = random
    }

    package mutating func next() -> Duration {
        let base = table[min(count, table.count - 1)]
        count += 1
        guard jitterPermille > 0 else { return base }
        let spread = base.wholeMicroseconds * Int64(jitterPermille) / 1000
        let offset = Int64(random.below(UInt64(2 * spread + 1))) - spread
        return base + .microseconds(offset)
    }

    /// Starts the table again: after a success, a logout, or a new login call.
    package mutating func reset() {
        count = 0
    }
}
