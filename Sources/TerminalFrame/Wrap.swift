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
    /// Where that leaves less than half the width, they are indented by two.
    package static func hanging(_ text: String, width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { hanging(line: String($0), width: width) }
            .joined(separator: "\n")
    }

    private static func hanging(line: String, width: Int) -> String {
        guard DisplayWidth.columns(of: line) > width else { return line }
        let characters = Array(line)
        let start = characters.firstIndex { $0 != " " } ?? 0
        var column = start
        for place in characters.indices.dropFirst(2)
        where characters[place] != " " && characters[place - 2..<place].allSatisfy({ $0 == " " }) {
            column = place
        }
        var indent = DisplayWidth.columns(of: String(characters[..<column]))
        if indent * 2 > width { (column, indent) = (min(start, 2), 2) }
        return String(characters[..<column])
            + rows(String(characters[column...]), width: max(1, width - indent))
            .joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}
