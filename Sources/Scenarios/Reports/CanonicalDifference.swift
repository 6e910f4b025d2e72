import LoginCore

/// The first place where two transcripts differ in their canonical form.
package struct CanonicalDifference: Hashable, Sendable, CustomStringConvertible {
    /// The lines up to the difference, the last few.
    package let before: [String]
    package let expected: String
    package let found: String

    /// Nil when they are equal.
    package init?(expected: [TranscriptEntry], found: [TranscriptEntry]) {
        let left = CanonicalTranscript(expected).lines
        let right = CanonicalTranscript(found).lines
        guard left != right else { return nil }
        let place =
            zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            ?? min(left.count, right.count)
        before = Array(left[max(0, place - 4)..<place])
        self.expected = place < left.count ? left[place] : "(the end)"
        self.found = place < right.count ? right[place] : "(the end)"
    }

    package var description: String {
        (before.map { "    \($0)" } + ["  - \(expected)", "  + \(found)"]).joined(separator: "\n")
    }
}
