import LoginCore

/// Looks for a text whatever its case, in thousands of entries between two key presses.
///
/// A text of ASCII letters is compared byte by byte, without making new strings; others take the slow way.
struct TextSearch {
    private let wanted: String
    /// The wanted bytes in lower case; nil when there are others than ASCII.
    private let bytes: [UInt8]?

    init(_ text: String) {
        wanted = text.lowercased()
        bytes = text.utf8.allSatisfy { $0 < 0x80 } ? Array(wanted.utf8) : nil
    }

    /// Whether any part of the entry that can be read on the screen holds the text.
    func matches(_ entry: TranscriptEntry) -> Bool {
        matches(entry.title) || matches(entry.lane.description) || matches(entry.owner.rawValue)
            || matches(entry.kind.rawValue) || matches(entry.id.description)
            || entry.fields.contains { matches($0.name) || matches(FieldText.text($0.value)) }
    }

    func matches(_ text: String) -> Bool {
        guard let bytes else { return text.lowercased().contains(wanted) }
        guard let first = bytes.first else { return true }
        var text = text
        return text.withUTF8 { buffer in
            guard buffer.count >= bytes.count else { return false }
            for start in 0...(buffer.count - bytes.count) where Self.lowered(buffer[start]) == first {
                var length = 1
                while length < bytes.count, Self.lowered(buffer[start + length]) == bytes[length] { length += 1 }
                if length == bytes.count { return true }
            }
            return false
        }
    }

    private static func lowered(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }
}
