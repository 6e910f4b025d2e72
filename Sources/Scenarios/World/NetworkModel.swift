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

    /// How much longer a login, or a request of the operator, may take than without a network between.
    var slack: Duration { (latency + jitter) * 12 + (lossPermille > 0 ? resendDelay * 8 : .zero) }

    /// The most times in a row that one segment is lost.
    private static let mostLosses = 6

    /// The time that one segment takes.
    func delay(_ chance: inout SeededGenerator) -> Duration {
        .microseconds(Delays(self).microseconds(&chance))
    }

    /// The same in whole microseconds, for worlds that send very many segments.
    struct Delays: Sendable {
        private let latency: Int64
        private let jitter: Int64
        private let loss: UInt64
        private let resend: Int64

        init(_ model: NetworkModel) {
            latency = model.latency.wholeMicroseconds
            jitter = model.jitter.wholeMicroseconds
            loss = UInt64(max(0, model.lossPermille))
            resend = model.resendDelay.wholeMicroseconds
        }

        func microseconds(_ chance: inout SeededGenerator) -> Int64 {
            var delay = latency
            if jitter > 0 { delay += Int64(chance.below(UInt64(jitter + 1))) }
            guard loss > 0 else { return delay }
            var resend = resend
            for _ in 0..<NetworkModel.mostLosses where chance.below(1000) < loss {
                delay += resend
                resend *= 2
            }
            return delay
        }
    }
}
