/// Durations as a story writes them: `2s`, `500ms`, `10m`, `1h 30m`, `10 minutes`.
enum DurationText {
    /// The longest that a story may wait.
    static let longest: Duration = .seconds(31 * 86_400)

    private static let units: [(names: Set<String>, microseconds: Int64)] = [
        (["ms", "millisecond", "milliseconds"], 1000),
        (["s", "second", "seconds"], 1_000_000),
        (["m", "min", "minute", "minutes"], 60_000_000),
        (["h", "hour", "hours"], 3_600_000_000),
        (["d", "day", "days"], 86_400_000_000),
    ]

    /// The longest life of a token or a session, which is the app server's as well.
    static let longestLife: Duration = .seconds(365 * 86_400)

    /// The duration, or what is wrong with the text in a few words.
    static func parse(_ text: String, most: Duration = longest) -> Result<Duration, Problem> {
        var rest = Substring(text).drop { $0 == " " }
        guard !rest.isEmpty else { return .failure(Problem("is empty")) }
        var sum: Int64 = 0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest.dropFirst(digits.count).drop { $0 == " " }
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count).drop { $0 == " " }
            guard let number = Int64(digits) else {
                return .failure(Problem("“\(text)” is no duration; write it as 2s, 500ms, 10m or 1h 30m"))
            }
            guard let factor = units.first(where: { $0.names.contains(String(unit)) })?.microseconds else {
                return .failure(
                    Problem("“\(text)” is no duration: the unit “\(unit)” is unknown; use ms, s, m, h or d"))
            }
            let (product, isOver) = number.multipliedReportingOverflow(by: factor)
            let (next, isFurther) = sum.addingReportingOverflow(product)
            guard !isOver, !isFurther, .microseconds(next) <= most else {
                return .failure(Problem("“\(text)” is longer than \(most.components.seconds / 86_400) days"))
            }
            sum = next
        }
        return .success(.microseconds(sum))
    }

    struct Problem: Error {
        let text: String
        init(_ text: String) { self.text = text }
    }
}
