/// Repeatable chance: SplitMix64, integer arithmetic only.
///
/// Each purpose and owner gets a generator of its own, forked by label, so that one more draw in one place never
/// shifts the draws of another.
package struct SeededGenerator: RandomNumberGenerator, Sendable, Equatable, Codable {
    private var state: UInt64

    package init(seed: UInt64) {
        state = seed
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A generator for `label` that depends on this one's seed and the label, and on nothing drawn so far elsewhere.
    package func fork(_ label: String) -> SeededGenerator {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in label.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        var mixer = SeededGenerator(seed: state ^ hash)
        return SeededGenerator(seed: mixer.next())
    }

    /// A whole number in `0..<bound`, by rejection so that it is not biased.
    ///
    /// `bound` is at least 1.
    package mutating func below(_ bound: UInt64) -> UInt64 {
        let limit = UInt64.max - UInt64.max % bound
        while true {
            let draw = next()
            if draw < limit { return draw % bound }
        }
    }

    /// `count` characters of `alphabet`, which is not empty.
    package mutating func text(_ count: Int, of alphabet: String) -> String {
        let bytes = Array(alphabet.utf8)
        guard bytes.allSatisfy({ $0 < 0x80 }) else {
            let letters = Array(alphabet)
            return String((0..<count).map { _ in letters[Int(below(UInt64(letters.count)))] })
        }
        // As nearly every alphabet is: one byte is one letter.
        return String(decoding: (0..<count).map { _ in bytes[Int(below(UInt64(bytes.count)))] }, as: UTF8.self)
    }
}
