import TerminalFrame
import Testing

struct WrapTests {
    @Test("What fits stays as it is", arguments: ["", "  a   b\n\nc\n", "1234567"])
    func fitting(text: String) {
        #expect(Wrap.hanging(text, width: 7) == text)
    }

    @Test(
        "Long lines are folded between words, below their last column",
        arguments: [
            ("302  wrong account or token", 15, ["302  wrong", "     account or", "     token"]),
            ("     clears the saved login", 16, ["     clears the", "     saved login"]),
            ("one two three", 8, ["one two", "three"]), ("x  登录 登录 登录", 9, ["x  登录", "   登录", "   登录"]),
            ("a  abcdefgh", 6, ["a  abc", "   def", "   gh"]), ("  ab", 1, ["a", "b"]),
        ])
    func columns(text: String, width: Int, rows: [String]) {
        #expect(Wrap.hanging(text, width: width) == rows.joined(separator: "\n"))
    }

    @Test(
        "A column that begins too far to the right has rows of its own",
        arguments: [
            ("a-long-name  what it is for", 13, ["a-long-name", "  what it is", "  for"]),
            ("  a-long-name  what it is for", 15, ["  a-long-name", "    what it is", "    for"]),
            ("  +0.1 s  A-1 ← B-1  sdk link  open", 24, ["  +0.1 s  A-1 ← B-1", "    sdk link", "    open"]),
            ("          what it is for", 12, ["  what it is", "  for"]), ("         ", 4, [""]),
        ])
    func far(text: String, width: Int, rows: [String]) {
        columns(text: text, width: width, rows: rows)
    }

    @Test("A line of very many columns is folded at once", .timeLimit(.minutes(1)))
    func many() {
        let rows = Wrap.hanging(String(repeating: "a  ", count: 20_000), width: 10).split(separator: "\n")
        #expect(rows.first == "a  a  a  a")
        #expect(rows.count == 1 + 20_000 - 4)
    }
}
