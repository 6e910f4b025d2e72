/// The extent of a screen or of a part of it, in cells.
package struct Size: Hashable, Sendable {
    /// The number of columns, never negative.
    package let columns: Int
    /// The number of rows, never negative.
    package let rows: Int

    /// Makes a size; a negative extent counts as zero.
    package init(columns: Int, rows: Int) {
        self.columns = max(0, columns)
        self.rows = max(0, rows)
    }

    /// Whether `other` fits into this size.
    package func holds(_ other: Size) -> Bool {
        other.columns <= columns && other.rows <= rows
    }
}

/// The position of a cell, counted from the top left corner, which is (0, 0).
package struct Point: Hashable, Sendable {
    /// The column.
    package var x: Int
    /// The row.
    package var y: Int

    package init(x: Int, y: Int) {
        self.x = x
        self.y = y
    }
}

/// A rectangle of cells.
package struct Rect: Hashable, Sendable {
    /// The leftmost column.
    package let x: Int
    /// The topmost row.
    package let y: Int
    /// The number of columns, never negative.
    package let width: Int
    /// The number of rows, never negative.
    package let height: Int

    /// Makes a rectangle; a negative extent counts as zero.
    package init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = max(0, width)
        self.height = max(0, height)
    }

    /// Makes the rectangle that covers a whole screen of `size`.
    package init(_ size: Size) {
        self.init(x: 0, y: 0, width: size.columns, height: size.rows)
    }

    /// The first column right of the rectangle.
    package var endX: Int { x + width }

    /// The first row below the rectangle.
    package var endY: Int { y + height }

    /// The extent of the rectangle.
    package var size: Size { Size(columns: width, rows: height) }

    /// Whether the rectangle has no cell.
    package var isEmpty: Bool { width == 0 || height == 0 }

    /// The rectangle without `distance` cells on each of its four sides.
    package func inset(by distance: Int) -> Rect {
        inset(left: distance, top: distance, right: distance, bottom: distance)
    }

    /// The rectangle without the given number of cells on each side.
    package func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
        Rect(x: x + left, y: y + top, width: width - left - right, height: height - top - bottom)
    }

    /// Whether the cell at `point` lies inside.
    package func contains(_ point: Point) -> Bool {
        point.x >= x && point.x < endX && point.y >= y && point.y < endY
    }

    /// The cells that lie in both rectangles; empty when there are none.
    package func intersection(_ other: Rect) -> Rect {
        let left = max(x, other.x)
        let top = max(y, other.y)
        return Rect(x: left, y: top, width: min(endX, other.endX) - left, height: min(endY, other.endY) - top)
    }
}
