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
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { folded(Array($0), width) }
            .joined(separator: "\n")
    }

    private static func folded(_ line: [Character], _ width: Int) -> [String] {
        guard DisplayWidth.columns(of: String(line)) > width else { return [String(line)] }
        let start = line.firstIndex { $0 != " " } ?? 0
        let column =
            line.indices.last { $0 >= 2 && line[$0] != " " && line[$0 - 2..<$0].allSatisfy { $0 == " " } } ?? start
        let head = String(line[..<column])
        let indent = DisplayWidth.columns(of: head)
        if indent * 2 <= width {
            let rows = rows(String(line[column...]), width: width - indent)
            return rows.enumerated().map { ($0 == 0 ? head : String(repeating: " ", count: indent)) + $1 }
        }
        func moved(_ text: ArraySlice<Character>, to columns: Int) -> [String] {
            folded(Array(repeating: " ", count: min(columns, width / 2)) + text, width)
        }
        guard column > start else { return moved(line[start...], to: 2) }
        let end = line[..<column].lastIndex { $0 != " " } ?? start
        return folded(Array(line[...end]), width) + moved(line[column...], to: start + 2)
    }
}
