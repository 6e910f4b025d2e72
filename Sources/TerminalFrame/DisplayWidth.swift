/// How many columns a text takes, and what of it can be drawn at all.
///
/// A terminal, ncurses and we must agree about every column, or the picture falls apart. So a text is first turned
/// into *pieces*: each is a base of one or two columns with a few marks of no width. What terminals disagree about, or
/// what would change the order of the text on screen, becomes ``replacement``:
///
/// - control and format characters (bidi controls among them), line and paragraph separators, invisible characters;
/// - private use, unassigned, and whatever is younger than Unicode 14, which older width tables do not know;
/// - a mark without a base, lone Hangul vowels and finals, and flags.
///
/// An emoji made of several characters (joined, with a skin tone, a keycap) is drawn as its first character; further
/// marks than ``mostMarks`` are left out; every blank of one column is drawn as a space.
package enum DisplayWidth {
    /// What is drawn for a character that cannot be drawn.
    package static let replacement = "\u{FFFD}"

    /// The largest number of marks on one base; ncurses stores one base and four marks in a cell.
    static let mostMarks = 3

    /// The columns that a character takes, from 1 to as many as it has parts with a width of their own.
    package static func columns(of character: Character) -> Int {
        if isPlainASCII(character) { return 1 }
        return Piece.pieces(of: character).reduce(0) { $0 + $1.width }
    }

    /// The columns that a text takes when it is drawn on one row.
    package static func columns(of text: String) -> Int {
        if isPlainASCII(text) { return text.utf8.count }
        return text.reduce(0) { $0 + columns(of: $1) }
    }

    /// The text as it is drawn, everything that cannot be drawn replaced.
    package static func drawable(_ text: String) -> String {
        if isPlainASCII(text) { return text }
        return text.reduce(into: "") { result, character in
            for piece in Piece.pieces(of: character) { result += piece.text }
        }
    }

    /// The beginning of the text that fits into so many columns, with an ellipsis when anything is missing.
    ///
    /// A wide character is never split, so the result may be a column shorter than allowed. Where the ellipsis itself
    /// does not fit, only as much of it is given as does.
    package static func clip(_ text: String, to limit: Int, ellipsis: String = Glyphs.unicode.ellipsis) -> String {
        if columns(of: text) <= limit { return text }
        let room = limit - columns(of: ellipsis)
        return room >= 0 ? beginning(of: text, fitting: room) + ellipsis : beginning(of: ellipsis, fitting: limit)
    }

    /// The text with every character that is not printable ASCII replaced by `?`.
    ///
    /// This is for locales that are not UTF-8: there nothing else can be drawn safely.
    package static func ascii(_ text: String) -> String {
        if isPlainASCII(text) { return text }
        return String(text.map { isPlainASCII($0) ? $0 : "?" })
    }

    /// Whether the whole text consists of printable ASCII, one column each.
    static func isPlainASCII(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    private static func isPlainASCII(_ character: Character) -> Bool {
        // "\r\n" is one character with an ASCII value, the line feed's; the range leaves it out.
        guard let value = character.asciiValue else { return false }
        return value >= 0x20 && value < 0x7F
    }

    private static func beginning(of text: String, fitting limit: Int) -> String {
        var used = 0
        var result = ""
        for character in text {
            let width = columns(of: character)
            if used + width > limit { break }
            used += width
            result.append(character)
        }
        return result
    }
}

/// A part of a character that fills cells of its own: a base with the marks on it.
struct Piece: Hashable {
    /// What is drawn.
    var text: String
    /// The columns it takes, 1 or 2.
    let width: Int

    static let replacement = Piece(text: DisplayWidth.replacement, width: 1)

    /// The pieces that a character is drawn as, at least one.
    static func pieces(of character: Character) -> [Piece] {
        let scalars = Array(character.unicodeScalars)
        if let syllable = hangulSyllable(scalars) {
            return [Piece(text: String(syllable), width: 2)]
        }
        if scalars.count > 1, isEmojiSequence(scalars) {
            return [piece(scalars[0])]
        }
        var pieces: [Piece] = []
        var marks = 0
        for scalar in scalars {
            switch ScalarWidth(of: scalar) {
            case .columns:
                pieces.append(piece(scalar))
                marks = 0
            case .selector:
                // Chooses among glyphs of the same character: nothing to draw.
                if pieces.isEmpty { pieces.append(.replacement) }
            case .mark where pieces.isEmpty, .undrawable:
                pieces.append(.replacement)
                // What follows must not end up on the replacement sign.
                marks = DisplayWidth.mostMarks
            case .mark:
                guard marks < DisplayWidth.mostMarks else { continue }
                marks += 1
                pieces[pieces.count - 1].text.unicodeScalars.append(scalar)
            }
        }
        return pieces
    }

    private static func piece(_ scalar: Unicode.Scalar) -> Piece {
        guard case .columns(let width) = ScalarWidth(of: scalar) else { return .replacement }
        // The blanks of one column differ only in width, which a terminal cannot show.
        if width == 1, scalar.properties.generalCategory == .spaceSeparator { return Piece(text: " ", width: 1) }
        return Piece(text: String(scalar), width: width)
    }

    /// The syllable that conjoining Hangul letters stand for: terminals disagree about the letters, not about it.
    private static func hangulSyllable(_ scalars: [Unicode.Scalar]) -> Unicode.Scalar? {
        guard scalars.count == 2 || scalars.count == 3 else { return nil }
        let values = scalars.map(\.value)
        if (0xAC00...0xD7A3).contains(values[0]) {
            let final = values[1]
            guard values.count == 2, (values[0] - 0xAC00) % 28 == 0, (0x11A8...0x11C2).contains(final) else {
                return nil
            }
            return Unicode.Scalar(values[0] + final - 0x11A7)
        }
        guard (0x1100...0x1112).contains(values[0]), (0x1161...0x1175).contains(values[1]) else { return nil }
        let open = 0xAC00 + ((values[0] - 0x1100) * 21 + values[1] - 0x1161) * 28
        guard values.count == 3 else { return Unicode.Scalar(open) }
        guard (0x11A8...0x11C2).contains(values[2]) else { return nil }
        return Unicode.Scalar(open + values[2] - 0x11A7)
    }

    /// Whether the scalars are one emoji, of which the first scalar is a fair picture.
    private static func isEmojiSequence(_ scalars: [Unicode.Scalar]) -> Bool {
        let first = scalars[0]
        guard first.properties.isEmoji else { return false }
        return scalars.dropFirst().allSatisfy { scalar in
            switch scalar.value {
            case 0xFE0E, 0xFE0F, 0x20E3: true
            // A digit takes no more than the keycap; anything else on it must be seen.
            case _ where first.isASCII: false
            case 0x200D, 0xE0020...0xE007F: true
            default: scalar.properties.isEmojiModifier || (scalar.properties.isEmoji && !scalar.isASCII)
            }
        }
    }
}
