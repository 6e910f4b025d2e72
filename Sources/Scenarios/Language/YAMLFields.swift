import LoginCore
import Yams

/// A mapping of a story's file, read key by key, with the place of everything that is wrong.
struct YAMLFields {
    let file: String
    private let mapping: [(key: String, keyNode: Node, value: Node)]
    let mark: Mark?
    /// What the mapping is, for messages: `a step “log in”`.
    var what: String

    init(_ node: Node, what: String, file: String) throws(StoryError) {
        self.file = file
        self.what = what
        mark = node.mark
        guard case .mapping(let pairs) = node else {
            throw Self.error(file, node.mark, "\(what) must be a list of keys and values")
        }
        var found: [(key: String, keyNode: Node, value: Node)] = []
        for (key, value) in pairs {
            guard case .scalar(let scalar) = key else {
                throw Self.error(file, key.mark, "a key of \(what) must be a word")
            }
            found.append((scalar.string, key, value))
        }
        mapping = found
    }

    /// All keys in the order of the file.
    var keys: [String] { mapping.map(\.key) }

    func node(_ key: String) -> Node? {
        mapping.first { $0.key == key }?.value
    }

    /// Refuses every key that is not among `known`.
    func allowOnly(_ known: [String]) throws(StoryError) {
        for (key, node, _) in mapping where !known.contains(key) {
            throw Self.error(
                file, node.mark, "\(what) has no key “\(key)”; \(NearestWord.hint(key, in: known))")
        }
    }

    // MARK: - Values

    func text(_ key: String) throws(StoryError) -> String {
        guard let text = try optionalText(key) else { throw missing(key) }
        return text
    }

    func optionalText(_ key: String) throws(StoryError) -> String? {
        guard let node = node(key) else { return nil }
        guard case .scalar(let scalar) = node else { throw error(key, "must be a text") }
        return scalar.string
    }

    func optionalFlag(_ key: String) throws(StoryError) -> Bool? {
        guard let text = try optionalText(key) else { return nil }
        switch text {
        case "true", "yes": return true
        case "false", "no": return false
        default: throw error(key, "must be yes or no, and “\(text)” is neither")
        }
    }

    func optionalNumber(_ key: String, in range: ClosedRange<Int>) throws(StoryError) -> Int? {
        guard let text = try optionalText(key) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw error(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func number(_ key: String, in range: ClosedRange<Int>) throws(StoryError) -> Int {
        guard let number = try optionalNumber(key, in: range) else { throw missing(key) }
        return number
    }

    func optionalDuration(
        _ key: String, most: Duration = DurationText.longest
    ) throws(StoryError) -> Duration? {
        guard let text = try optionalText(key) else { return nil }
        switch DurationText.parse(text, most: most) {
        case .success(let duration): return duration
        case .failure(let problem): throw error(key, problem.text)
        }
    }

    func duration(_ key: String) throws(StoryError) -> Duration {
        guard let duration = try optionalDuration(key) else { throw missing(key) }
        return duration
    }

    func optionalTexts(_ key: String) throws(StoryError) -> [String]? {
        guard let node = node(key) else { return nil }
        if case .scalar(let scalar) = node { return [scalar.string] }
        guard case .sequence(let items) = node else { throw error(key, "must be a list") }
        var texts: [String] = []
        for item in items {
            guard case .scalar(let scalar) = item else {
                throw Self.error(file, item.mark, "“\(key)” of \(what) must be a list of texts")
            }
            texts.append(scalar.string)
        }
        return texts
    }

    /// One of the words of `choices`, as what it stands for.
    func optionalChoice<Value>(_ key: String, of choices: [(word: String, value: Value)]) throws(StoryError) -> Value? {
        guard let text = try optionalText(key) else { return nil }
        if let value = choices.first(where: { $0.word == text })?.value { return value }
        throw error(key, "cannot be “\(text)”; \(NearestWord.hint(text, in: choices.map(\.word)))")
    }

    func choice<Value>(_ key: String, of choices: [(word: String, value: Value)]) throws(StoryError) -> Value {
        guard let value = try optionalChoice(key, of: choices) else { throw missing(key) }
        return value
    }

    // MARK: - What is wrong

    func missing(_ key: String) -> StoryError {
        Self.error(file, mark, "\(what) needs the key “\(key)”")
    }

    func error(_ key: String, _ message: String) -> StoryError {
        Self.error(file, node(key)?.mark ?? mark, "“\(key)” of \(what) \(message)")
    }

    static func error(_ file: String, _ mark: Mark?, _ message: String) -> StoryError {
        StoryError(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1, message: message)
    }
}
