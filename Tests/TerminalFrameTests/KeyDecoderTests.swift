import TerminalFrame
import Testing

struct KeyDecoderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        /// What arrives at once; between two bursts nothing is waiting.
        let bursts: [String]
        let keys: [Key]

        init(_ name: String, _ bursts: String..., keys: [Key]) {
            self.name = name
            self.bursts = bursts
            self.keys = keys
        }

        var testDescription: String { name }
    }

    @Test(
        "Scalars become keys, and unknown sequences become nothing",
        arguments: [
            Row("text", "aé登", keys: [.character("a"), .character("é"), .character("登")]),
            Row("an empty burst", "", keys: []),
            Row("line ends", "a\r", "\n", keys: [.character("a"), .enter, .enter]),
            Row("tab and both backspaces", "\t\u{8}\u{7F}", keys: [.tab, .backspace, .backspace]),
            Row(
                "control keys", "\u{3}\u{1A}\u{0}\u{1C}",
                keys: [.control("c"), .control("z"), .control(" "), .control("\\")]),
            Row("C1 controls", "a\u{9B}\u{80}", keys: [.character("a")]),
            Row("escape alone", "\u{1B}", "q", keys: [.escape, .character("q")]),
            Row("escape twice", "\u{1B}\u{1B}", keys: [.escape, .escape]),
            Row("a letter with Alt", "\u{1B}q", "x", keys: [.character("x")]),
            Row("a bracket with Alt", "\u{1B}[", "q", keys: [.character("q")]),
            Row("an O with Alt", "\u{1B}O", "q", keys: [.character("q")]),
            Row("cursor keys", "\u{1B}[A\u{1B}OB", keys: [.up, .down]),
            Row("editing keys", "\u{1B}[3~\u{1B}[5~\u{1B}[Z", keys: [.delete, .pageUp, .backTab]),
            Row("a cursor key with Ctrl", "\u{1B}[1;5Cx", keys: [.character("x")]),
            Row("a mouse report", "\u{1B}[<0;10;5M\u{1B}[<0;10;5mx", keys: [.character("x")]),
            Row("a sequence in two bursts", "\u{1B}[1;", "5Cx", keys: [.character("x")]),
            Row("a sequence that is broken off", "\u{1B}[1;\u{1B}[Ax", keys: [.up, .character("x")]),
            Row("a sequence with a letter that ends it", "\u{1B}[12登x", keys: [.character("x")]),
            Row("a title report", "\u{1B}]label\u{1B}\\x", keys: [.character("x")]),
            Row("a colour report", "\u{1B}]11;rgb:0/0/0\u{7}x", keys: [.character("x")]),
            Row("a device report", "\u{1B}P1$r0m\u{1B}\\", "x", keys: [.character("x")]),
        ])
    func decoding(row: Row) {
        var decoder = KeyDecoder()
        var keys: [Key] = []
        for burst in row.bursts {
            for scalar in burst.unicodeScalars {
                if let key = decoder.take(scalar) { keys.append(key) }
            }
            if let key = decoder.pause() { keys.append(key) }
        }
        #expect(keys == row.keys)
    }

    @Test("A sequence without an end does not swallow the keyboard for ever")
    func endless() {
        var decoder = KeyDecoder()
        var keys: [Key] = []
        for scalar in ("\u{1B}]" + String(repeating: "a", count: 200)).unicodeScalars {
            if let key = decoder.take(scalar) { keys.append(key) }
        }
        #expect(keys.count > 100)
    }

    @Test("A key that the terminal library knows ends what had begun")
    func knownKey() {
        var decoder = KeyDecoder()
        _ = decoder.take("\u{1B}" as Unicode.Scalar)
        #expect(decoder.take(Key.up) == .up)
        #expect(decoder.pause() == nil)
        #expect(decoder.take("x" as Unicode.Scalar) == .character("x"))
    }
}
