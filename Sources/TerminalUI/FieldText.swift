import LoginCore

/// How values of the transcript, instants and durations read on the screen.
package enum FieldText {
    /// One line for a field's value.
    package static func text(_ value: FieldValue) -> String {
        switch value {
        case .text(let text): text
        case .number(let number): "\(number)"
        case .flag(let flag): flag ? "yes" : "no"
        case .duration(let microseconds): Duration.microseconds(microseconds).text
        // The field's name says what kind of id it is.
        case .id(_, let text): text
        case .secret(let secret): "\(secret) (\(secret.length) bytes)"
        case .rule(let rule): rule.text
        case .instant(let instant): "\(timeOfDay(instant)) UTC"
        }
    }

    /// `12:00:07.123`, in UTC.
    package static func timeOfDay(_ instant: Instant) -> String {
        let inDay = ((instant.milliseconds % 86_400_000) + 86_400_000) % 86_400_000
        let seconds = inDay / 1000
        return "\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60)).\(three(inDay % 1000))"
    }

    /// What is left, in the grain in which it is counted down: `7 s`, `4 min`, `3 h`, `2 days`.
    ///
    /// Rounded up, so that `1 s` is the last thing shown.
    package static func countdown(_ left: Duration) -> String {
        let seconds = wholeSeconds(left)
        switch seconds {
        case ...119: return "\(max(0, seconds)) s"
        case ...7199: return "\((seconds + 59) / 60) min"
        case ...172_799: return "\((seconds + 3599) / 3600) h"
        default: return "\((seconds + 86_399) / 86_400) days"
        }
    }

    /// What is left when `countdown` reads otherwise for the next time; nil when nothing is left.
    package static func nextChange(_ left: Duration) -> Duration? {
        let seconds = wholeSeconds(left)
        guard seconds > 0 else { return nil }
        // In each band the text changes at the multiples of its grain, and once more where the next band begins.
        let (grain, bandEnd): (Int64, Int64) =
            switch seconds {
            case ...119: (1, 0)
            case ...7199: (60, 119)
            case ...172_799: (3600, 7199)
            default: (86_400, 172_799)
            }
        return .seconds(max((seconds - 1) / grain * grain, bandEnd))
    }

    /// Seconds, rounded up.
    package static func wholeSeconds(_ left: Duration) -> Int64 {
        let microseconds = left.wholeMicroseconds
        return microseconds <= 0 ? 0 : (microseconds - 1) / 1_000_000 + 1
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func three(_ number: Int64) -> String {
        number < 10 ? "00\(number)" : number < 100 ? "0\(number)" : "\(number)"
    }
}
