/// How long to wait before the next automatic attempt.
///
/// | attempt after | 1 | 2 | 3 | 4 | 5 | 6 | 7 and later |
/// |---|---|---|---|---|---|---|---|
/// | CommsEase V9 iOS, seconds | 2 | 4 | 6 | 8 | 16 | 32 | 64 |
///
/// | CommsEase V10, seconds | 1.6 | 3.2 | 6.4 | 12.8 | 16 | 16 | 16 |
///
/// The numbers are the provider's; a table that has run out repeats its last entry and never gives up. An app may set a
/// delay of its own.
package struct Backoff: Sendable, Equatable {
    /// The delays in order; at least one.
    package let table: [Duration]
    /// How far a delay may lie from its table entry, in thousandths, up and down; 0 draws nothing.
    package let jitterPermille: Int
    /// The app's own delay, in place of the table's.
    package let reconnectDelay: Duration?
    private let padsShortDelays: Bool
    private var random: SeededGenerator
    /// Delays handed out since the last reset.
    package private(set) var count = 0

    package init(
        table: [Duration], jitterPermille: Int = 0, reconnectDelay: Duration? = nil, padsShortDelays: Bool = false,
        random: SeededGenerator
    ) {
        precondition(!table.isEmpty, "a backoff table needs at least one delay")
        self.table = table
        self.jitterPermille = jitterPermille
        self.reconnectDelay = reconnectDelay
        self.padsShortDelays = padsShortDelays
        self.random = random
    }

    package mutating func next() -> Duration {
        let base = table[min(count, table.count - 1)]
        count += 1
        if let reconnectDelay { return padded(reconnectDelay) }
        guard jitterPermille > 0 else { return base }
        let spread = base.wholeMicroseconds * Int64(jitterPermille) / 1000
        let offset = Int64(random.below(UInt64(2 * spread + 1))) - spread
        return base + .microseconds(offset)
    }

    /// The app's delay; a short one is lengthened where the SDK does so (commsease.md §8).
    private mutating func padded(_ delay: Duration) -> Duration {
        guard padsShortDelays, delay < .seconds(1) else { return delay }
        return delay + .milliseconds(201 + Int64(random.below(300)))
    }

    /// Starts the table again: after a success, a logout, or a new login call.
    package mutating func reset() {
        count = 0
    }
}
