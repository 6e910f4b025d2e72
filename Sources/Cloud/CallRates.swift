import LoginCore

/// How many calls of each kind the second has had.
struct CallRates: Sendable {
    private struct Rate {
        var second: Int64
        var count: Int
        var blockedUntil: Instant?
    }

    /// How long a kind of call is refused once there were too many; nil for the rest of the second.
    private let penalty: Duration?
    private var rates: [String: Rate] = [:]

    init(penalty: Duration? = nil) {
        self.penalty = penalty
    }

    /// Counts a call and says whether it is within `limit` a second; 0 is no limit.
    mutating func allows(_ kind: String, limit: Int, at now: Instant) -> Bool {
        guard limit > 0 else { return true }
        var rate = rates[kind] ?? Rate(second: now.seconds, count: 0)
        defer { rates[kind] = rate }
        if let end = rate.blockedUntil {
            guard now >= end else { return false }
            rate = Rate(second: now.seconds, count: 0)
        }
        if rate.second != now.seconds { rate = Rate(second: now.seconds, count: 0) }
        rate.count += 1
        guard rate.count > limit else { return true }
        rate.blockedUntil = penalty.map { now + $0 }
        return false
    }
}

extension Instant {
    /// Days since 1970 in UTC; where a provider's day begins is in no source [ours].
    var day: Int {
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        return Int(rest < 0 ? days - 1 : days)
    }
}
