import Glibc
import TerminalFrame
import Testing

/// Holds our table against the one that ncurses uses.
struct SystemWidthTests {
    /// The columns that the C library gives each scalar in a UTF-8 locale; -1 for what it does not print.
    private static func systemWidths() throws -> [Int32] {
        typealias Width = @convention(c) (wchar_t) -> Int32
        // Hidden by a feature macro that Swift's module of the C library does not set.
        let symbol = try #require(dlsym(nil, "wcwidth"))
        let width = unsafeBitCast(symbol, to: Width.self)
        let locale = try #require(newlocale(LC_CTYPE_MASK, "C.UTF-8", nil))
        let previous = uselocale(locale)
        defer {
            uselocale(previous)
            freelocale(locale)
        }
        return (0..<0x11_0000).map { width(wchar_t($0)) }
    }

    @Test("Every scalar that is drawn has the width that the C library gives it")
    func agreement() throws {
        let system = try Self.systemWidths()
        var wrong: [String] = []
        var drawn = 0
        for value in UInt32(0)..<0x11_0000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            let shown = DisplayWidth.drawable(text)
            if shown == DisplayWidth.replacement { continue }
            drawn += 1
            let ours = DisplayWidth.columns(of: text)
            // A blank is drawn as a space, so it is the drawn text whose width must agree.
            let theirs = shown.unicodeScalars.reduce(0) { $0 + Int(system[Int($1.value)]) }
            if ours != theirs || ours < 1 { wrong.append("U+\(String(value, radix: 16)): \(ours), not \(theirs)") }
        }
        #expect(wrong.isEmpty, "\(wrong.count) scalars: \(wrong.prefix(20))")
        #expect(drawn > 130_000, "the table draws what people write")
    }

    @Test("Every mark that is drawn on a base adds no column")
    func marks() throws {
        let system = try Self.systemWidths()
        var wrong: [String] = []
        var drawn = 0
        for value in UInt32(0x300)..<0x11_0000 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = "a" + String(scalar)
            guard text.count == 1, DisplayWidth.columns(of: text) == 1 else { continue }
            let shown = DisplayWidth.drawable(text)
            guard shown.unicodeScalars.count == 2 else { continue }
            drawn += 1
            if system[Int(value)] != 0 { wrong.append("U+\(String(value, radix: 16)): \(system[Int(value)])") }
        }
        #expect(wrong.isEmpty, "\(wrong.count) marks: \(wrong.prefix(20))")
        #expect(drawn > 1000)
    }
}
