import TerminalFrame
import Testing

struct WrapTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let width: Int
        let folded: String

        var testDescription: String { name }
    }

    static let rows = [
        Row(name: "what fits stays", text: "  a   b\n\nc\n", width: 7, folded: "  a   b\n\nc\n"),
        Row(
            name: "further rows stand under the last column", text: "302  wrong account or token", width: 15,
            folded: "302  wrong\n     account or\n     token"),
        Row(
            name: "an indented line goes on below itself", text: "     clears the saved login", width: 16,
            folded: "     clears the\n     saved login"),
        Row(
            name: "a line without columns goes on at its start", text: "one two three", width: 8,
            folded: "one two\nthree"),
        Row(
            name: "a column that begins too far to the right", text: "a-long-name  what it is for", width: 13,
            folded: "a-long-name\n  what it is\n  for"),
        Row(
            name: "the same, indented", text: "  a-long-name  what it is for", width: 15,
            folded: "  a-long-name\n    what it is\n    for"),
        Row(
            name: "an indent of more than half the width", text: "          what it is for", width: 12,
            folded: "  what it is\n  for"),
        Row(
            name: "several columns that begin too far to the right",
            text: "  +0.1 s  A-1 \u{2190} B-1  sdk link  open the link",
            width: 24, folded: "  +0.1 s  A-1 \u{2190} B-1\n    sdk link\n    open the link"),
        Row(name: "a word wider than the terminal", text: "a  abcdefgh", width: 6, folded: "a  abc\n   def\n   gh"),
        Row(name: "wide letters", text: "x  登录 登录 登录", width: 9, folded: "x  登录\n   登录\n   登录"),
        Row(name: "one column", text: "  ab", width: 1, folded: "a\nb"),
    ]

    @Test("Long lines are folded between words, below their last column", arguments: rows)
    func hanging(row: Row) {
        #expect(Wrap.hanging(row.text, width: row.width) == row.folded)
    }
}
