/// A point in time, in microseconds since 1970-01-01 00:00 UTC.
///
/// The core never asks what time it is: whoever delivers an event says when it happened, from a real clock or a
/// virtual one.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    /// Microseconds since the Unix epoch; negative before it.
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Stops at the ends of time.
    package init(milliseconds: Int64) {
        self.microseconds = Duration.milliseconds(milliseconds).wholeMicroseconds
    }

    /// Stops at the ends of time.
    package init(seconds: Int64) {
        self.microseconds = Duration.seconds(seconds).wholeMicroseconds
    }

    /// Whole milliseconds since the Unix epoch, rounded down.
    package var milliseconds: Int64 {
        Self.floor(microseconds, 1000)
    }

    /// Whole seconds since the Unix epoch, rounded down.
    package var seconds: Int64 {
        Self.floor(microseconds, 1_000_000)
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The instant `duration` later; stops at the ends of time, for durations and instants may come from outside.
    package static func + (instant: Instant, duration: Duration) -> Instant {
        let (sum, isOver) = instant.microseconds.addingReportingOverflow(duration.wholeMicroseconds)
        guard isOver else { return Instant(microseconds: sum) }
        return Instant(microseconds: duration < .zero ? .min : .max)
    }

    /// The time from `right` to `left`.
    package static func - (left: Instant, right: Instant) -> Duration {
        let (difference, isOver) = left.microseconds.subtractingReportingOverflow(right.microseconds)
        return isOver ? .microseconds(left.microseconds) - .microseconds(right.microseconds) : .microseconds(difference)
    }

    private static func floor(_ value: Int64, _ unit: Int64) -> Int64 {
        let quotient = value / unit
        return value % unit < 0 ? quotient - 1 : quotient
    }
}

extension Duration {
    /// The duration in microseconds, finer parts cut off; at most what an `Int64` holds.
    package var wholeMicroseconds: Int64 {
        let whole = attoseconds / 1_000_000_000_000
        // Clamping is slow, and only numbers from outside need it.
        let short = Int64(truncatingIfNeeded: whole)
        return Int128(short) == whole ? short : whole < 0 ? .min : .max
    }

    /// The duration in milliseconds, finer parts cut off.
    package var wholeMilliseconds: Int64 {
        wholeMicroseconds / 1000
    }

    /// The duration in seconds with as many decimals as it needs, three at the most: `2 s`, `0.5 s`.
    package var text: String {
        let milliseconds = wholeMilliseconds
        let sign = milliseconds < 0 ? "-" : ""
        let whole = milliseconds.magnitude / 1000
        var fraction = String(milliseconds.magnitude % 1000)
        fraction = String(repeating: "0", count: 3 - fraction.count) + fraction
        while fraction.last == "0" { fraction.removeLast() }
        return fraction.isEmpty ? "\(sign)\(whole) s" : "\(sign)\(whole).\(fraction) s"
    }
}
