import TerminalFrame
import Testing

struct FrameTests {
    private func frame(_ columns: Int, _ rows: Int) -> Frame {
        Frame(size: Size(columns: columns, rows: rows))
    }

    @Test("Writing returns the columns it took and leaves the rest alone")
    func writing() {
        var frame = frame(8, 2)
        #expect(frame.write("ab登", x: 1, y: 0) == 4)
        #expect(frame.plainText() == " ab登\n")
        #expect([3, 4, 5].map { frame[$0, 0].text } == ["登", "", " "])
        #expect([3, 4, 5].map { frame[$0, 0].width } == [2, 0, 1])
    }

    struct Clip: Sendable, CustomTestStringConvertible {
        let text: String
        let x: Int
        var width: Int?
        let row: String
        let used: Int

        var testDescription: String { "\(text) at \(x) in \(width.map(String.init) ?? "all")" }
    }

    @Test(
        "Text is clipped at the frame's edges and at its width, and no wide character is split",
        arguments: [
            Clip(text: "abcdefgh", x: 0, row: "abcdef", used: 6),
            Clip(text: "abc", x: 4, row: "    ab", used: 2),
            Clip(text: "abc", x: 6, row: "", used: 0),
            Clip(text: "abc", x: 9, row: "", used: 0),
            Clip(text: "abc", x: -2, row: "c", used: 3),
            Clip(text: "abc", x: 1, width: 2, row: " ab", used: 2),
            Clip(text: "abc", x: 1, width: 0, row: "", used: 0),
            Clip(text: "abc", x: 1, width: -1, row: "", used: 0),
            Clip(text: "abc", x: 1, width: .max, row: " abc", used: 3),
            Clip(text: "登录中", x: 1, row: " 登录", used: 5),
            Clip(text: "登录中", x: 0, width: 3, row: "登", used: 3),
            Clip(text: "登录", x: -1, row: " 录", used: 4),
            Clip(text: "登录", x: -1, width: 1, row: "", used: 1),
            Clip(text: "登录", x: -2, row: "录", used: 4),
            Clip(text: "é́x", x: 5, row: "     é́", used: 1),
        ])
    func clipping(row: Clip) {
        var frame = frame(6, 1)
        let used = frame.write(row.text, x: row.x, y: 0, width: row.width)
        #expect(used == row.used)
        #expect(frame.plainText() == row.row)
        expectSound(frame)
    }

    @Test("A half of a wide character that does not fit is a space in the text's style")
    func clippedHalf() {
        var frame = frame(3, 1)
        frame.write("登录", x: 0, y: 0, style: Style(isBold: true))
        #expect(frame[2, 0] == .blank(Style(isBold: true)))
    }

    @Test("Rows outside the frame are not drawn", arguments: [-1, 2])
    func outside(y: Int) {
        var frame = frame(3, 2)
        #expect(frame.write("abcd", x: 0, y: y) == 3)
        #expect(frame.plainText() == "\n")
    }

    @Test(
        "Overwriting half of a wide character clears its other half",
        arguments: [
            ("x", 0, "x 录"),
            ("x", 1, " x录"),
            ("x", 2, "登x"),
            ("中", 1, " 中"),
            ("中", 0, "中录"),
            ("中", 2, "登中"),
        ])
    func repair(text: String, x: Int, row: String) {
        var frame = frame(4, 1)
        frame.write("登录", x: 0, y: 0)
        frame.write(text, x: x, y: 0)
        #expect(frame.plainText() == row)
        expectSound(frame)
    }

    @Test("However it is drawn on, no frame holds half a wide character")
    func soundness() {
        var frame = frame(7, 3)
        let texts = ["登录", "a", "🙂b", "é", "\u{1B}[m", "한", "xyz中", "👨‍👩‍👧"]
        // A fixed walk over places that hits every alignment; the numbers only need to be coprime.
        for step in 0..<600 {
            let text = texts[step % texts.count]
            frame.write(text, x: step * 5 % 11 - 2, y: step * 7 % 5 - 1, width: step % 3 == 0 ? step % 5 : nil)
            if step % 13 == 0 {
                frame.fill(Rect(x: step % 9 - 1, y: step % 3, width: step % 4, height: 1), with: "中")
            }
            expectSound(frame)
        }
    }

    @Test("Filling draws its character all over the rectangle and nowhere else")
    func filling() {
        var frame = frame(5, 3)
        frame.fill(Rect(x: 1, y: 1, width: 9, height: 9), with: "x")
        #expect(frame.plainText() == "\n xxxx\n xxxx")
        frame.fill(Rect(x: 1, y: 1, width: 3, height: 1), with: "中")
        #expect(frame.plainText() == "\n 中 x\n xxxx")
        frame.fill(Rect(x: -3, y: -3, width: 5, height: 5))
        #expect(frame.plainText() == "\n    x\n xxxx")
    }

    @Test("A box has corners, edges and a title that fits")
    func boxes() {
        var frame = frame(12, 3)
        frame.box(Rect(x: 0, y: 0, width: 12, height: 3), title: "Gerät A")
        #expect(frame.plainText() == "┌─ Gerät… ─┐\n│          │\n└──────────┘")
    }

    @Test("A box in ASCII is ASCII")
    func asciiBox() {
        var frame = frame(12, 2)
        frame.box(Rect(x: 0, y: 0, width: 12, height: 2), title: "Device A", glyphs: .ascii)
        #expect(frame.plainText() == "+- Dev... -+\n+----------+")
    }

    @Test("A box without room for a title or for edges leaves them out")
    func smallBoxes() {
        var frame = frame(6, 4)
        frame.box(Rect(x: 0, y: 0, width: 6, height: 2), title: "Title")
        frame.box(Rect(x: 0, y: 2, width: 1, height: 2), title: "Title")
        #expect(frame.plainText() == "┌────┐\n└────┘\n\n")
    }

    @Test("Restyling keeps the text and changes a wide character whole")
    func restyling() {
        var frame = frame(6, 1)
        frame.write("a登录b", x: 0, y: 0)
        frame.restyle(Rect(x: 2, y: -1, width: 2, height: 9)) { $0.isReversed = true }
        #expect(frame.plainText() == "a登录b")
        #expect((0..<6).map { frame[$0, 0].style.isReversed } == [false, true, true, true, true, false])
    }

    @Test("A frame without cells can be drawn on")
    func empty() {
        for size in [Size(columns: 0, rows: 0), Size(columns: 0, rows: 3), Size(columns: -2, rows: 1)] {
            var frame = Frame(size: size)
            frame.write("登录", x: 0, y: 0)
            frame.fill(Rect(x: 0, y: 0, width: 4, height: 4), with: "中")
            frame.box(Rect(x: 0, y: 0, width: 4, height: 4), title: "t")
            frame.restyle(Rect(x: -1, y: -1, width: 4, height: 4)) { $0.isBold = true }
            #expect(frame.plainText() == String(repeating: "\n", count: max(0, frame.size.rows - 1)))
            #expect(frame[0, 0] == .blank())
        }
    }

    @Test("The style plane names each style once, in order of appearance")
    func styles() {
        var frame = frame(6, 2)
        frame.write("ok", x: 1, y: 0, style: Style(foreground: .green, isBold: true))
        frame.write("中", x: 4, y: 0, style: Style(background: .blue))
        frame.write("x", x: 0, y: 1, style: Style(foreground: .green, isBold: true))
        frame.cursor = Point(x: 3, y: 1)
        let expected = """
            .aa.bb
            a
            a = bold green
            b = on blue
            cursor = 3, 1
            """
        #expect(frame.stylePlane() == expected)
    }

    @Test("A row gives its cells, and there is none outside the frame")
    func rows() {
        var frame = frame(3, 2)
        frame.write("a登", x: 0, y: 1)
        #expect(frame.row(1).map(\.text) == ["a", "登", ""])
        #expect(frame.row(2).isEmpty)
        #expect(frame.row(-1).isEmpty)
    }

    @Test("Equal pictures are equal, however they came about")
    func equality() {
        var one = frame(4, 1)
        one.write("登录", x: 0, y: 0)
        one.write("ab", x: 1, y: 0)
        var other = frame(4, 1)
        other.write(" ab ", x: 0, y: 0)
        #expect(one == other)
        other.cursor = Point(x: 0, y: 0)
        #expect(one != other)
    }

    /// Checks that wide characters are whole and that the cells' widths add up.
    private func expectSound(_ frame: Frame, sourceLocation: SourceLocation = #_sourceLocation) {
        for y in 0..<frame.size.rows {
            for x in 0..<frame.size.columns {
                let cell = frame[x, y]
                switch cell.width {
                case 1:
                    #expect(DisplayWidth.columns(of: cell.text) == 1, sourceLocation: sourceLocation)
                case 2:
                    #expect(DisplayWidth.columns(of: cell.text) == 2, sourceLocation: sourceLocation)
                    #expect(x + 1 < frame.size.columns, sourceLocation: sourceLocation)
                    #expect(frame[x + 1, y].width == 0, sourceLocation: sourceLocation)
                default:
                    #expect(cell.width == 0 && cell.text.isEmpty, sourceLocation: sourceLocation)
                    #expect(x > 0 && frame[x - 1, y].width == 2, sourceLocation: sourceLocation)
                }
                #expect(DisplayWidth.drawable(cell.text) == cell.text, sourceLocation: sourceLocation)
            }
        }
    }
}

struct RectTests {
    @Test("Insets never turn a rectangle inside out")
    func insets() {
        let rect = Rect(x: 2, y: 3, width: 5, height: 1)
        #expect(rect.inset(by: 1) == Rect(x: 3, y: 4, width: 3, height: 0))
        #expect(rect.inset(left: 2, right: 9).isEmpty)
    }

    @Test("An intersection holds the cells of both")
    func intersections() {
        let one = Rect(x: 0, y: 0, width: 4, height: 4)
        #expect(one.intersection(Rect(x: 2, y: 3, width: 9, height: 9)) == Rect(x: 2, y: 3, width: 2, height: 1))
        #expect(one.intersection(Rect(x: 8, y: 8, width: 2, height: 2)).isEmpty)
        #expect(one.contains(Point(x: 3, y: 3)))
        #expect(!one.contains(Point(x: 4, y: 0)))
    }
}
