import LoginCore

/// How long things take on the way, the same for every device; chance comes from the world's seed.
///
/// A connection is an ordered, reliable stream, as TCP is: what is lost is sent again and comes late, and whatever
/// follows it on the same connection comes after it. Only different connections overtake each other.
package struct NetworkModel: Hashable, Sendable {
    /// The time from one end to the other, at the least.
    package var latency: Duration
    /// How much more it may be.
    package var jitter: Duration
    /// How many of a thousand segments are lost and sent again.
    package var lossPermille: Int
    /// How long it takes until a lost segment has been sent again; twice as long the next time.
    package var resendDelay: Duration

    package init(
        latency: Duration = .milliseconds(2),
        jitter: Duration = .milliseconds(3),
        lossPermille: Int = 0,
        resendDelay: Duration = .milliseconds(200)
    ) {
        self.latency = latency
        self.jitter = jitter
        self.lossPermille = lossPermille
        self.resendDelay = resendDelay
    }

    /// The most times in a row that one segment is lost.
    private static let mostLosses = 6

    /// The time that one segment takes.
    func delay(_ chance: inout SeededGenerator) -> Duration {
        var delay = latency
        let spread = jitter.wholeMicroseconds
        if spread > 0 { delay += .microseconds(Int64(chance.below(UInt64(spread + 1)))) }
        guard lossPermille > 0 else { return delay }
        var resend = resendDelay
        for _ in 0..<Self.mostLosses where chance.below(1000) < UInt64(lossPermille) {
            delay += resend
            resend = resend * 2
        }
        return delay
    }
}
