import TerminalFrame
import Testing

struct DisplayWidthTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let columns: Int
        let drawn: String

        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "ASCII", text: "token 1", columns: 7, drawn: "token 1"),
        Row(name: "Latin with an accent", text: "é", columns: 1, drawn: "é"),
        Row(name: "a combining accent", text: "e\u{301}x", columns: 2, drawn: "e\u{301}x"),
        Row(name: "Chinese", text: "登录", columns: 4, drawn: "登录"),
        Row(name: "fullwidth letters", text: "ＡＢ", columns: 4, drawn: "ＡＢ"),
        Row(name: "halfwidth kana", text: "ｱｲ", columns: 2, drawn: "ｱｲ"),
        Row(name: "a kana with a voicing mark", text: "か\u{3099}", columns: 2, drawn: "か\u{3099}"),
        Row(name: "a Hangul syllable", text: "한글", columns: 4, drawn: "한글"),
        Row(name: "conjoining Hangul", text: "\u{1112}\u{1161}\u{11AB}", columns: 2, drawn: "\u{D55C}"),
        Row(name: "a Hangul syllable and a final", text: "\u{D558}\u{11AB}", columns: 2, drawn: "\u{D55C}"),
        Row(name: "a lone Hangul vowel", text: "\u{1161}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "Thai with a vowel of its own width", text: "นำ", columns: 2, drawn: "นำ"),
        Row(name: "an emoji", text: "🙂", columns: 2, drawn: "🙂"),
        Row(name: "a family", text: "👨‍👩‍👧", columns: 2, drawn: "👨"),
        Row(name: "a skin tone", text: "👍🏽", columns: 2, drawn: "👍"),
        Row(name: "a keycap", text: "1\u{FE0F}\u{20E3}", columns: 1, drawn: "1"),
        Row(name: "a heart with emoji presentation", text: "❤\u{FE0F}", columns: 1, drawn: "❤"),
        Row(name: "a flag", text: "🇩🇪", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "a letter with a selector", text: "葛\u{E0100}", columns: 2, drawn: "葛"),
        Row(name: "a lone mark", text: "\u{301}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "a lone joiner", text: "\u{200D}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "a lone selector", text: "\u{FE0F}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "a hidden joiner after a digit", text: "1\u{200D}2", columns: 3, drawn: "1\u{FFFD}2"),
        Row(name: "a mark on a joiner", text: "a\u{200D}\u{301}", columns: 2, drawn: "a\u{FFFD}"),
        Row(
            name: "a heap of marks", text: "a\u{301}\u{302}\u{303}\u{304}\u{305}", columns: 1,
            drawn: "a\u{301}\u{302}\u{303}"),
        Row(name: "an escape sequence", text: "\u{1B}[2J", columns: 4, drawn: "\u{FFFD}[2J"),
        Row(name: "line ends", text: "a\r\nb\n", columns: 5, drawn: "a\u{FFFD}\u{FFFD}b\u{FFFD}"),
        Row(name: "a tab", text: "\t", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "delete", text: "\u{7F}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "a C1 control", text: "\u{9B}2J", columns: 3, drawn: "\u{FFFD}2J"),
        Row(name: "bidi override", text: "\u{202E}abc\u{202C}", columns: 5, drawn: "\u{FFFD}abc\u{FFFD}"),
        Row(name: "bidi isolate", text: "\u{2066}a\u{2069}", columns: 3, drawn: "\u{FFFD}a\u{FFFD}"),
        Row(name: "direction marks", text: "\u{200E}\u{200F}", columns: 2, drawn: "\u{FFFD}\u{FFFD}"),
        Row(name: "separators", text: "\u{2028}\u{2029}", columns: 2, drawn: "\u{FFFD}\u{FFFD}"),
        Row(name: "a no-break space", text: "a\u{A0}b", columns: 3, drawn: "a b"),
        Row(name: "an ideographic space", text: "\u{3000}", columns: 2, drawn: "\u{3000}"),
        Row(name: "private use", text: "\u{E000}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "unassigned", text: "\u{378}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "a noncharacter", text: "\u{FFFF}", columns: 1, drawn: "\u{FFFD}"),
        Row(name: "invisible", text: "a\u{200B}\u{AD}\u{3164}b", columns: 5, drawn: "a\u{FFFD}\u{FFFD}\u{FFFD}b"),
    ]

    @Test("A text takes the columns that are drawn", arguments: rows)
    func widths(row: Row) {
        #expect(DisplayWidth.columns(of: row.text) == row.columns)
        // Scalars, since == on texts takes different spellings of a character as the same.
        #expect(Array(DisplayWidth.drawable(row.text).unicodeScalars) == Array(row.drawn.unicodeScalars))
    }

    @Test("What is drawn is drawn the same again", arguments: rows)
    func drawableIsStable(row: Row) {
        #expect(DisplayWidth.drawable(row.drawn) == row.drawn)
        #expect(DisplayWidth.columns(of: row.drawn) == row.columns)
    }

    @Test(
        "Clipping keeps within the columns and says that something is missing",
        arguments: [
            ("token", 5, "token"),
            ("token", 4, "tok…"),
            ("token", 1, "…"),
            ("token", 0, ""),
            ("token", -3, ""),
            ("登录中", 6, "登录中"),
            ("登录中", 5, "登录…"),
            ("登录中", 4, "登…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
        ])
    func clipping(text: String, limit: Int, expected: String) {
        #expect(DisplayWidth.clip(text, to: limit) == expected)
    }

    @Test("An ellipsis that does not fit is clipped itself")
    func clippingTheEllipsis() {
        #expect(DisplayWidth.clip("token", to: 4, ellipsis: "...") == "t...")
        #expect(DisplayWidth.clip("token", to: 2, ellipsis: "...") == "..")
    }

    @Test("Text for another locale keeps its ASCII and nothing else")
    func ascii() {
        #expect(DisplayWidth.ascii("Zoë 登录 ok") == "Zo? ?? ok")
        #expect(DisplayWidth.ascii("a\u{1B}\r\nb") == "a??b")
    }

    @Test("Every sign is drawable in one column, and the ASCII edition is ASCII")
    func glyphs() {
        for (glyphs, isASCII) in [(Glyphs.unicode, false), (Glyphs.ascii, true)] {
            for (label, value) in Mirror(reflecting: glyphs).children {
                guard let text = value as? String, let label else {
                    Issue.record("a sign is not a text")
                    continue
                }
                #expect(DisplayWidth.drawable(text) == text, "\(label)")
                #expect(!isASCII || text.utf8.allSatisfy { $0 < 0x80 }, "\(label)")
                if !(isASCII && label == "ellipsis") { #expect(DisplayWidth.columns(of: text) == 1, "\(label)") }
            }
        }
    }
}
