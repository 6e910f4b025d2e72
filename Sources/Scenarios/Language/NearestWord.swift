/// Finds what somebody meant who misspelt a word.
enum NearestWord {
    /// The word of `known` that takes the fewest changes of a letter, when they are few; of equals the first.
    static func to(_ word: String, in known: [String]) -> String? {
        let limit = max(1, min(4, word.count / 2))
        var best: (word: String, distance: Int)?
        for candidate in known {
            let distance = changes(Array(word.lowercased()), Array(candidate.lowercased()))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    /// `did you mean “x”?`, or the whole list when nothing is near.
    static func hint(_ word: String, in known: [String]) -> String {
        if let near = to(word, in: known) { return "did you mean “\(near)”?" }
        return "known: \(known.joined(separator: ", "))"
    }

    /// How many letters must be put in, taken out, changed or swapped with their neighbour.
    private static func changes(_ left: [Character], _ right: [Character]) -> Int {
        var before: [Int] = []
        var above = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(above[column] + (letter == other ? 0 : 1), above[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, before[column - 1] + 1)
                }
                current.append(best)
            }
            before = above
            above = current
        }
        return above[right.count]
    }
}
