/// Text broken into rows.
package enum Wrap {
    /// The text broken into rows of at most `width` columns, at spaces where there are any.
    package static func rows(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var rows: [String] = []
        var row = ""
        var used = 0
        func columns(_ text: String) -> Int { DisplayWidth.columns(of: text) }
        for word in text.split(separator: " ", omittingEmptySubsequences: true).map(String.init) {
            let needed = columns(word)
            if used > 0, used + 1 + needed <= width {
                row += " " + word
                used += 1 + needed
                continue
            }
            if used > 0 { rows.append(row) }
            (row, used) = ("", 0)
            for character in word {
                let wide = DisplayWidth.columns(of: character)
                if used > 0, used + wide > width {
                    rows.append(row)
                    (row, used) = ("", 0)
                }
                row.append(character)
                used += wide
            }
        }
        if used > 0 { rows.append(row) }
        return rows
    }

    /// The same, with an ellipsis at the end of the last row allowed when there are more.
    package static func rows(_ text: String, width: Int, most: Int, ellipsis: String) -> [String] {
        let all = rows(text, width: width)
        guard all.count > most, most > 0 else { return Array(all.prefix(max(0, most))) }
        let rest = all[(most - 1)...].joined(separator: " ")
        return all.prefix(most - 1) + [DisplayWidth.clip(rest, to: width, ellipsis: ellipsis)]
    }

    /// The lines of `text`, each in rows of at most `width` columns, for a terminal that is `width` columns wide.
    ///
    /// A line's columns are set apart by two spaces or more; its further rows stand under the beginning of its last one.
    /// Where that leaves less than half the width, the last column has rows of its own, a little to the right.
    package static func hanging(_ text: String, width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { folded(String($0), width) }
            .joined(separator: "\n")
    }

    private static func folded(_ text: String, _ width: Int) -> [String] {
        let line = Array(text)
        /// How far to the right each character stands.
        let places = line.reduce(into: [0]) { $0.append($0[$0.count - 1] + DisplayWidth.columns(of: $1)) }
        guard places[line.count] > width else { return [text] }
        guard let start = line.firstIndex(where: { $0 != " " }) else { return [""] }
        func column(_ text: ArraySlice<Character>, at indent: Int) -> [String] {
            let blank = String(repeating: " ", count: indent)
            return rows(String(text), width: max(1, width - indent)).map { blank + $0 }
        }
        var columns =
            [start]
            + line.indices.filter { $0 > start + 2 && line[$0] != " " && line[$0 - 1] == " " && line[$0 - 2] == " " }
        var end = line.count
        // Columns that have rows of their own, from the last one on.
        var own: [[String]] = []
        while places[end] > width {
            let begin = columns.removeLast()
            let indent = places[begin]
            guard indent * 2 > width else {
                var first = column(line[begin..<end], at: indent)
                first[0] = String(line[..<begin]) + first[0].dropFirst(indent)
                return first + own.reversed().joined()
            }
            let isFirst = columns.isEmpty
            own.append(column(line[begin..<end], at: min(isFirst ? 2 : start + 2, width / 2)))
            guard !isFirst else { return Array(own.reversed().joined()) }
            end = line[..<begin].lastIndex { $0 != " " }.map { $0 + 1 } ?? start
        }
        return [String(line[..<end])] + own.reversed().joined()
    }
}
