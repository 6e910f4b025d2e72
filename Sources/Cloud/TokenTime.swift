import LoginCore

/// Instants and durations as a report writes them.
enum TokenTime {
    /// `2021-03-03 09:43:31.561 UTC`; outside the years 0 to 9999 the milliseconds since 1970.
    static func text(_ instant: Instant) -> String {
        let milliseconds = instant.milliseconds
        guard (-62_167_219_200_000...253_402_300_799_999).contains(milliseconds) else {
            return "\(milliseconds) ms after 1970-01-01 UTC"
        }
        // Counted from 0000-03-01, so that a leap day ends its year; the range above keeps all numbers below positive
        // but for January and February of the year 0.
        let shifted = milliseconds + 62_162_035_200_000 + eraMilliseconds
        let day = shifted / 86_400_000
        let time = shifted % 86_400_000
        let era = day / 146_097
        let dayOfEra = day % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + (era - 1) * 400 + (month <= 2 ? 1 : 0)
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
        let clock = [time / 3_600_000, time / 60_000 % 60, time / 1000 % 60].map { padded($0, 2) }
        return "\(date) \(clock.joined(separator: ":")).\(padded(time % 1000, 3)) UTC"
    }

    /// The two largest units of a duration, whichever way it points: `3 d 4 h`, `2 min 5 s`, `0.5 s`.
    static func span(_ duration: Duration) -> String {
        let duration = duration < .zero ? .zero - duration : duration
        let seconds = duration.components.seconds
        let units: [(name: String, seconds: Int64)] = [("d", 86_400), ("h", 3600), ("min", 60), ("s", 1)]
        guard let first = units.dropLast().firstIndex(where: { seconds >= $0.seconds }) else { return duration.text }
        let (large, small) = (units[first], units[first + 1])
        let rest = seconds % large.seconds / small.seconds
        return "\(seconds / large.seconds) \(large.name)" + (rest == 0 ? "" : " \(rest) \(small.name)")
    }

    /// 400 years, after which the calendar repeats.
    private static let eraMilliseconds: Int64 = 146_097 * 86_400_000

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
