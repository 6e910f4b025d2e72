import Foundation

/// The walk of the README: a table of keys and of the text that then appears.
struct Walk {
    struct Row: CustomStringConvertible {
        let number: Int
        let keys: [String]
        /// Empty for the shell's prompt.
        let texts: [String]
        /// The items of the walk's list that it shows.
        let items: [Int]

        var description: String { "row \(number): \(keys.joined(separator: " "))" }
    }

    let rows: [Row]

    /// Reads the first table below the heading "The walk" whose columns are as expected.
    init(readme: String) {
        let part = readme.components(separatedBy: "\n## ").first { $0.hasPrefix("The walk\n") } ?? ""
        let table = part.split(separator: "\n").filter { $0.hasPrefix("|") }.dropFirst(2)
        rows = table.enumerated().map { index, line in
            let cells = line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
            func cell(_ number: Int) -> Substring { cells.indices.contains(number) ? cells[number] : "" }
            return Row(
                number: index + 1, keys: Self.codes(cell(1)), texts: Self.codes(cell(2)),
                items: cell(0).split { !$0.isNumber }.compactMap { Int($0) })
        }
    }

    /// What stands between pairs of backquotes.
    private static func codes(_ cell: Substring) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }
}
