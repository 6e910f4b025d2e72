/// A line of text being typed, with a cursor.
///
/// Holds at most 512 Unicode scalars, so that a paste of any size stays cheap.
package struct TextInput: Sendable, Equatable {
    package static let longest = 512

    /// What stands in the line, one drawn character each.
    package private(set) var characters: [Character]
    /// Before which character the next one goes: `0...characters.count`.
    package private(set) var cursor: Int
    private var scalars: Int

    package init(_ text: String = "") {
        characters = []
        cursor = 0
        scalars = 0
        insert(text)
    }

    package var text: String { String(characters) }
    package var isEmpty: Bool { characters.isEmpty }

    /// Puts a character at the cursor; false when the line is full and nothing changed.
    ///
    /// A combining mark joins the character before it, as it does on the screen.
    @discardableResult
    package mutating func insert(_ character: Character) -> Bool {
        let added = character.unicodeScalars.count
        guard scalars + added <= Self.longest else { return false }
        scalars += added
        if cursor > 0 {
            let joined = String(characters[cursor - 1]) + String(character)
            if joined.count == 1 {
                characters[cursor - 1] = Character(joined)
                return true
            }
        }
        characters.insert(character, at: cursor)
        cursor += 1
        return true
    }

    /// Puts as much of a text as fits at the cursor; false when some of it did not fit.
    @discardableResult
    package mutating func insert(_ text: String) -> Bool {
        for character in text where !insert(character) { return false }
        return true
    }

    package mutating func backspace() {
        guard cursor > 0 else { return }
        cursor -= 1
        remove(cursor..<cursor + 1)
    }

    package mutating func delete() {
        guard cursor < characters.count else { return }
        remove(cursor..<cursor + 1)
    }

    /// Removes everything before the cursor.
    package mutating func deleteToStart() {
        remove(0..<cursor)
        cursor = 0
    }

    /// Removes the word before the cursor and the spaces after it.
    package mutating func deleteWord() {
        var start = cursor
        while start > 0, characters[start - 1].isWhitespace { start -= 1 }
        while start > 0, !characters[start - 1].isWhitespace { start -= 1 }
        remove(start..<cursor)
        cursor = start
    }

    package mutating func moveLeft() { cursor = max(0, cursor - 1) }
    package mutating func moveRight() { cursor = min(characters.count, cursor + 1) }
    package mutating func moveHome() { cursor = 0 }
    package mutating func moveEnd() { cursor = characters.count }

    private mutating func remove(_ range: Range<Int>) {
        scalars -= characters[range].reduce(0) { $0 + $1.unicodeScalars.count }
        characters.removeSubrange(range)
    }
}

extension String {
    /// Whether it holds a control character, which no name, password or token may.
    var hasControlCharacter: Bool {
        unicodeScalars.contains { $0.properties.generalCategory == .control }
    }
}
