import TerminalFrame

/// A run of text in one style.
struct Span: Equatable {
    var text: String
    var style: Style

    init(_ text: String, _ style: Style = .plain) {
        self.text = text
        self.style = style
    }
}

/// One row of a pane.
struct Line: Equatable {
    var spans: [Span]

    init(_ spans: Span...) { self.spans = spans }
    init(_ spans: [Span]) { self.spans = spans }
    init(_ text: String, _ style: Style = .plain) { spans = [Span(text, style)] }

    static func + (left: Line, right: Line) -> Line { Line(left.spans + right.spans) }
}

/// The looks that the screen uses; each also differs from the others by a mark or a word where it matters.
enum Look {
    static let plain = Style.plain
    static let dim = Style(isDim: true)
    static let strong = Style(isBold: true)
    static let rule = Style(isDim: true)
    static let heading = Style(foreground: .cyan, isBold: true)
    static let bar = Style(isReversed: true)
    static let strongBar = Style(isBold: true, isReversed: true)
    static let selected = Style(isReversed: true)
    static let good = Style(foreground: .green, isBold: true)
    static let busy = Style(foreground: .yellow, isBold: true)
    static let bad = Style(foreground: .red, isBold: true)
    static let field = Style(isUnderlined: true)
    static let key = Style(isBold: true)
}

/// A frame being drawn with one set of signs.
///
/// All text passes through here, so that a screen in ASCII signs is ASCII altogether.
struct Canvas {
    var frame: Frame
    let glyphs: Glyphs

    init(size: Size, glyphs: Glyphs) {
        frame = Frame(size: size)
        self.glyphs = glyphs
    }

    var isASCII: Bool { glyphs == .ascii }

    /// The text as it can be drawn here.
    func drawable(_ text: String) -> String {
        guard isASCII else { return text }
        var plain = ""
        for character in text {
            plain += Self.spelling[character] ?? DisplayWidth.ascii(String(character))
        }
        return plain
    }

    private static let spelling: [Character: String] = [
        "→": "->", "←": "<-", "↑": "^", "↓": "v", "·": "-", "…": "...", "•": "*", "×": "x", "–": "-", "—": "-",
    ]

    /// Writes as much as fits into `width` columns, with an ellipsis when something is missing.
    @discardableResult
    mutating func write(_ text: String, x: Int, y: Int, style: Style = .plain, width: Int) -> Int {
        guard width > 0 else { return 0 }
        let shown = DisplayWidth.clip(drawable(text), to: width, ellipsis: glyphs.ellipsis)
        return frame.write(shown, x: x, y: y, style: style, width: width)
    }

    /// Writes a line; what does not fit ends in an ellipsis.
    mutating func write(_ line: Line, x: Int, y: Int, width: Int) {
        var column = x
        for (index, span) in line.spans.enumerated() {
            let left = x + width - column
            guard left > 0 else { return }
            let text = drawable(span.text)
            let rest = line.spans[(index + 1)...]
            let isCut = DisplayWidth.columns(of: text) >= left && rest.contains { !$0.text.isEmpty }
            // Exactly full with more to come: the ellipsis must take the place of something.
            column += write(isCut ? text + " " : text, x: column, y: y, style: span.style, width: left)
        }
    }

    /// Writes as many lines as the rectangle has rows.
    mutating func write(_ lines: [Line], in rect: Rect) {
        for (row, line) in lines.prefix(rect.height).enumerated() {
            write(line, x: rect.x, y: rect.y + row, width: rect.width)
        }
    }

    /// Writes text that ends at column `endX`, and returns where it begins.
    @discardableResult
    mutating func writeRight(_ line: Line, endX: Int, y: Int, width: Int) -> Int {
        let columns = min(width, line.spans.reduce(0) { $0 + DisplayWidth.columns(of: drawable($1.text)) })
        write(line, x: endX - columns, y: y, width: columns)
        return endX - columns
    }

    /// Draws a pane's first row: a line with a heading, and a remark at its right end.
    mutating func heading(_ title: String, _ rect: Rect, remark: Line? = nil, isStrong: Bool = false) {
        guard rect.width > 4 else { return }
        frame.horizontalLine(x: rect.x, y: rect.y, length: rect.width, style: Look.rule, glyphs: glyphs)
        let shown = DisplayWidth.clip(drawable(title), to: rect.width - 4, ellipsis: glyphs.ellipsis)
        let used = frame.write(" \(shown) ", x: rect.x + 1, y: rect.y, style: Look.heading)
        guard let remark else { return }
        let padded = Line(Span(" ")) + remark + Line(Span(" "))
        writeRight(padded, endX: rect.endX - 1, y: rect.y, width: max(0, rect.width - used - 3))
    }

    /// Draws a box over what is there, and returns its inside less a column on both sides.
    mutating func popup(_ rect: Rect, title: String) -> Rect {
        // A free column on both sides keeps the text behind at a distance.
        frame.fill(rect.inset(left: -1, right: -1))
        frame.box(rect, title: drawable(title), style: Look.plain, titleStyle: Look.heading, glyphs: glyphs)
        return rect.inset(left: 2, top: 1, right: 2, bottom: 1)
    }

    /// A bar of `width` columns, `done` of `total` full.
    func bar(width: Int, done: Int64, total: Int64) -> String {
        let full = total <= 0 ? width : Int(min(Int64(width), max(0, done) * Int64(width) / total))
        return String(repeating: glyphs.barFull, count: full) + String(repeating: glyphs.barEmpty, count: width - full)
    }
}
