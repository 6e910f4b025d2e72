import LoginCore
import Providers

/// Chance that neither repeats after a restart nor depends on what else was drawn.
///
/// Every draw is a generator of its own, forked from the seed by purpose and number; the number is saved, so that a
/// value restored with the same seed never hands out an old token, session or account name again.
struct Chance: Sendable {
    private let root: SeededGenerator
    /// How many draws were made, those before a restart included.
    private(set) var drawn: Int

    init(seed: UInt64, label: String, drawn: Int = 0) {
        root = SeededGenerator(seed: seed).fork(label)
        self.drawn = max(0, drawn)
    }

    mutating func resume(after drawn: Int) {
        self.drawn = max(self.drawn, drawn)
    }

    /// A generator for one draw.
    mutating func next(_ purpose: String) -> SeededGenerator {
        drawn = drawn == Int.max ? 0 : drawn + 1
        return root.fork("\(purpose)/\(drawn)")
    }

    /// A generator that depends on the label alone; for what needs no number.
    func named(_ label: String) -> SeededGenerator {
        root.fork("named/\(label)")
    }
}

/// The alphabets that names and tokens are made of.
enum Alphabet {
    static let hex = "0123456789abcdef"
    /// Letters and digits that are not mistaken for one another.
    static let plain = "abcdefghijklmnopqrstuvwxyz23456789"
}
