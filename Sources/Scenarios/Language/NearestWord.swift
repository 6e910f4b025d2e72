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

    /// How many letters must be put in, taken out or changed.
    private static func changes(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(0...right.count)
        for (index, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(changed, row[place] + 1, row[place + 1] + 1)
            }
        }
        return row[right.count]
    }
}
