/// One place on the screen.
package struct Cell: Hashable, Sendable {
    /// What is drawn here; empty in the right half of a wide character.
    package let text: String
    /// 1, or 2 for the left half of a wide character, or 0 for its right half.
    package let width: Int
    package var style: Style

    /// An empty place.
    package static func blank(_ style: Style = .plain) -> Cell {
        Cell(text: " ", width: 1, style: style)
    }
}

/// A picture of the whole screen as a value.
///
/// However it is drawn on, a frame stays sound: a wide character has both its halves in the same row, no half is left
/// over, and no cell holds anything that a terminal would take for a command or show at another width.
package struct Frame: Hashable, Sendable {
    package let size: Size
    /// Where the terminal's cursor is shown, or `nil` to hide it.
    package var cursor: Point?
    private var cells: [Cell]

    /// Makes an empty picture.
    package init(size: Size) {
        self.size = size
        cells = Array(repeating: .blank(), count: size.columns * size.rows)
    }

    /// The cell in column `x` of row `y`, or a blank one outside the frame.
    package subscript(x: Int, y: Int) -> Cell {
        contains(x, y) ? cells[y * size.columns + x] : .blank()
    }

    /// The cells of a row from left to right; none outside the frame.
    package func row(_ y: Int) -> ArraySlice<Cell> {
        y >= 0 && y < size.rows ? cells[(y * size.columns)..<((y + 1) * size.columns)] : []
    }

    /// Writes text on one row and returns the columns it took.
    ///
    /// The text ends at `width` columns and at the frame's right edge. A wide character of which only one half fits is
    /// drawn as a space; what lies left of the frame or in a row outside it is not drawn but counts as taken.
    ///
    /// - Parameters:
    ///   - text: Any text; what cannot be drawn is replaced as ``DisplayWidth`` says.
    ///   - x: The column of the first character, which may lie outside the frame.
    ///   - y: The row.
    ///   - style: The look of the written cells.
    ///   - width: The most columns to use, or `nil` for all there are.
    @discardableResult
    package mutating func write(
        _ text: String,
        x: Int,
        y: Int,
        style: Style = .plain,
        width: Int? = nil
    ) -> Int {
        let limit = width.map { min(size.columns - x, max(0, $0)) + x } ?? size.columns
        var column = x
        if DisplayWidth.isPlainASCII(text) {
            for byte in text.utf8 {
                guard column < limit else { break }
                put(Piece(text: Self.ascii[Int(byte) - 0x20], width: 1), column, y, style, limit)
                column += 1
            }
            return column - x
        }
        for character in text {
            for piece in Piece.pieces(of: character) {
                guard column < limit else { return column - x }
                put(piece, column, y, style, limit)
                column = min(limit, column + piece.width)
            }
        }
        return column - x
    }

    /// Fills a rectangle with one character, a space unless told otherwise.
    package mutating func fill(_ rect: Rect, with character: Character = " ", style: Style = .plain) {
        let visible = rect.intersection(Rect(size))
        guard !visible.isEmpty else { return }
        // A picture that does not start at the left edge keeps its phase, so fill from the rectangle's own edge.
        let pieces = Piece.pieces(of: character)
        for y in visible.y..<visible.endY {
            var column = rect.x
            while column < visible.endX {
                for piece in pieces where column < visible.endX {
                    put(piece, column, y, style, visible.endX)
                    column += piece.width
                }
            }
        }
    }

    /// Changes the style of the cells in a rectangle and leaves their text alone.
    ///
    /// A wide character on the rectangle's edge is changed whole.
    package mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
        let visible = rect.intersection(Rect(size))
        guard !visible.isEmpty else { return }
        for y in visible.y..<visible.endY {
            let first = self[visible.x, y].width == 0 ? visible.x - 1 : visible.x
            let end = self[visible.endX - 1, y].width == 2 ? visible.endX + 1 : visible.endX
            for x in first..<end { change(&cells[y * size.columns + x].style) }
        }
    }

    /// Draws the edges of a rectangle, with a title in the upper one.
    ///
    /// The inside is left alone. A rectangle of less than two columns or rows has no room for edges and draws nothing.
    ///
    /// - Parameters:
    ///   - rect: The edges are its outermost cells.
    ///   - title: Cut off with an ellipsis where it is too long; left out where there is no room at all.
    ///   - style: The look of the edges.
    ///   - titleStyle: The look of the title, the edges' unless told otherwise.
    ///   - glyphs: The signs to draw with.
    package mutating func box(
        _ rect: Rect,
        title: String? = nil,
        style: Style = .plain,
        titleStyle: Style? = nil,
        glyphs: Glyphs = .unicode
    ) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let right = rect.endX - 1
        let bottom = rect.endY - 1
        horizontalLine(x: rect.x + 1, y: rect.y, length: rect.width - 2, style: style, glyphs: glyphs)
        horizontalLine(x: rect.x + 1, y: bottom, length: rect.width - 2, style: style, glyphs: glyphs)
        verticalLine(x: rect.x, y: rect.y + 1, length: rect.height - 2, style: style, glyphs: glyphs)
        verticalLine(x: right, y: rect.y + 1, length: rect.height - 2, style: style, glyphs: glyphs)
        write(glyphs.topLeft, x: rect.x, y: rect.y, style: style)
        write(glyphs.topRight, x: right, y: rect.y, style: style)
        write(glyphs.bottomLeft, x: rect.x, y: bottom, style: style)
        write(glyphs.bottomRight, x: right, y: bottom, style: style)
        // Corner, line, blank, title, blank, line, corner.
        let room = rect.width - 6
        guard let title, !title.isEmpty, room > 0 else { return }
        let shown = " \(DisplayWidth.clip(title, to: room, ellipsis: glyphs.ellipsis)) "
        write(shown, x: rect.x + 2, y: rect.y, style: titleStyle ?? style, width: rect.width - 4)
    }

    /// Draws a line to the right from (x, y).
    package mutating func horizontalLine(
        x: Int,
        y: Int,
        length: Int,
        style: Style = .plain,
        glyphs: Glyphs = .unicode
    ) {
        guard length > 0 else { return }
        write(String(repeating: glyphs.horizontal, count: length), x: x, y: y, style: style, width: length)
    }

    /// Draws a line downwards from (x, y).
    package mutating func verticalLine(
        x: Int,
        y: Int,
        length: Int,
        style: Style = .plain,
        glyphs: Glyphs = .unicode
    ) {
        guard length > 0 else { return }
        for row in y..<(y + length) { write(glyphs.vertical, x: x, y: row, style: style) }
    }

    /// Puts a piece at a place; of a wide one that crosses an edge only a space remains.
    private mutating func put(_ piece: Piece, _ x: Int, _ y: Int, _ style: Style, _ limit: Int) {
        if piece.width == 1 {
            set(Cell(text: piece.text, width: 1, style: style), x, y)
        } else if x >= 0, x + 1 < limit {
            set(Cell(text: piece.text, width: 2, style: style), x, y)
            set(Cell(text: "", width: 0, style: style), x + 1, y, isSecondHalf: true)
        } else {
            set(.blank(style), x, y)
            if x < 0, x + 1 < limit { set(.blank(style), x + 1, y) }
        }
    }

    /// Replaces one cell and clears the other half of a wide character that it was a part of.
    private mutating func set(_ cell: Cell, _ x: Int, _ y: Int, isSecondHalf: Bool = false) {
        guard contains(x, y) else { return }
        let index = y * size.columns + x
        switch cells[index].width {
        case 0 where !isSecondHalf: cells[index - 1] = .blank(cells[index - 1].style)
        case 2: cells[index + 1] = .blank(cells[index + 1].style)
        default: break
        }
        cells[index] = cell
    }

    private func contains(_ x: Int, _ y: Int) -> Bool {
        x >= 0 && x < size.columns && y >= 0 && y < size.rows
    }

    /// The printable ASCII characters as texts, so that the common case makes no new ones.
    private static let ascii = (UInt8(0x20)..<0x7F).map { String(Unicode.Scalar($0)) }
}
