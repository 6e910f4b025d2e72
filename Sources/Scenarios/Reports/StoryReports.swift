import LoginCore
import Providers

/// What a run of stories prints and writes.
package enum StoryReports {
    /// How many entries a failure shows.
    static let shownEntries = 20

    /// A failed expectation: what was expected, what was seen, and the last entries with their causes.
    ///
    /// `reproduction` is the command that plays the story again.
    package static func failure(_ result: StoryResult, file: String, reproduction: String) -> String {
        guard let failure = result.failure else { return "" }
        var lines = [
            "\(file):\(failure.line): step \(failure.step) of “\(result.story.title)” did not come true",
            "  expected   \(failure.expected)", "  but        \(failure.saw)", "  the last entries, with their causes:",
        ]
        lines += result.entries.suffix(shownEntries).map { "    " + line($0, since: result.entries.first?.at) }
        lines.append("  again with \(reproduction)")
        // Titles and texts come from a file and from servers, and each line has to stay one.
        return lines.map(RecordingFile.harmless).joined(separator: "\n")
    }

    /// One entry on one line: `+12.345 s  A-17 ← app-server-3  sdk callback  onLogin:(8 SyncOK)`.
    package static func line(_ entry: TranscriptEntry, since start: Instant?) -> String {
        let time = start.map { "+\((entry.at - $0).text)" } ?? ""
        let cause = entry.cause.map { " ← \($0)" } ?? ""
        return "\(time)  \(entry.id)\(cause)  \(entry.owner.rawValue) \(entry.kind.rawValue)  \(entry.title)"
    }

    // MARK: - JUnit

    /// One case of a JUnit report.
    package struct Case: Sendable {
        package let suite: String
        package let name: String
        /// Real seconds.
        package let seconds: Double
        /// The failure's text; nil when it passed.
        package let failure: String?
        /// Why it could not run at all.
        package let error: String?

        package init(suite: String, name: String, seconds: Double, failure: String?, error: String?) {
            self.suite = suite
            self.name = name
            self.seconds = seconds
            self.failure = failure
            self.error = error
        }
    }

    /// The report in the XML that continuous integration reads.
    package static func junit(_ cases: [Case]) -> String {
        let failures = cases.count { $0.failure != nil }
        let errors = cases.count { $0.error != nil }
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        text += "<testsuites tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
        text +=
            "  <testsuite name=\"latchkey\" tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\">\n"
        for item in cases {
            let head =
                "    <testcase classname=\"\(xml(item.suite))\" name=\"\(xml(item.name))\" time=\"\(time(item.seconds))\""
            if let failure = item.failure ?? item.error {
                let tag = item.failure != nil ? "failure" : "error"
                let first = failure.split(separator: "\n").first.map(String.init) ?? ""
                text += "\(head)>\n      <\(tag) message=\"\(xml(first))\">\(xml(failure))</\(tag)>\n    </testcase>\n"
            } else {
                text += "\(head)/>\n"
            }
        }
        return text + "  </testsuite>\n</testsuites>\n"
    }

    private static func time(_ seconds: Double) -> String {
        let thousandths = Int((seconds * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    /// Text in XML; what XML cannot say becomes a question mark.
    private static func xml(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            case "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                result.unicodeScalars.append(scalar)
            default: result += "?"
            }
        }
        return result
    }
}
