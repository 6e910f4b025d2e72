extension Frame {
    /// The rows as text, without the blanks at their ends, joined by line feeds.
    package func plainText() -> String {
        (0..<size.rows).map { y in
            var row = (0..<size.columns).map { self[$0, y].text }.joined()
            while row.hasSuffix(" ") { row.removeLast() }
            return row
        }.joined(separator: "\n")
    }

    /// The styles as text: one letter per cell, a legend below, so that a snapshot can hold them beside the text.
    ///
    /// `.` is the plain style; the others get letters (`a` to `z`, `A` to `Z`, `0` to `9`, then `#`) in the order in
    /// which they first appear. Plain cells at the end of a row are left out. The legend has a line per letter:
    /// `a = bold red on blue`; a last line tells the cursor's place when it is shown.
    package func stylePlane() -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        var named: [Style: Character] = [.plain: "."]
        var legend: [String] = []
        var rows: [String] = []
        for y in 0..<size.rows {
            var row = ""
            for x in 0..<size.columns {
                let style = self[x, y].style
                if let letter = named[style] {
                    row.append(letter)
                    continue
                }
                let letter = legend.count < letters.count ? letters[legend.count] : "#"
                named[style] = letter
                legend.append("\(letter) = \(style)")
                row.append(letter)
            }
            while row.hasSuffix(".") { row.removeLast() }
            rows.append(row)
        }
        if let cursor { legend.append("cursor = \(cursor.x), \(cursor.y)") }
        return (rows + legend).joined(separator: "\n")
    }
}
