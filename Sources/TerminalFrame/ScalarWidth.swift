/// What drawing one Unicode scalar does to a row of cells.
///
/// The numbers are those of `wcwidth` in glibc 2.36 (Unicode 14), for scalars that we draw.
enum ScalarWidth: Hashable {
    /// It takes one or two columns.
    case columns(Int)
    /// It is drawn on the character before it.
    case mark
    /// It chooses a glyph for the character before it and is not drawn itself.
    case selector
    /// Terminals disagree about it, or it must not reach one.
    case undrawable

    init(of scalar: Unicode.Scalar) {
        let value = scalar.value
        if value < 0x7F {
            self = value >= 0x20 ? .columns(1) : .undrawable
            return
        }
        if (0xFE00...0xFE0F).contains(value) || (0xE0100...0xE01EF).contains(value) {
            self = .selector
            return
        }
        let properties = scalar.properties
        guard
            let age = properties.age, age.major <= 14, !properties.isDefaultIgnorableCodePoint,
            !Self.contains(value, Self.disputed)
        else {
            self = .undrawable
            return
        }
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
            self = .undrawable
        case .nonspacingMark, .enclosingMark:
            self = .mark
        default:
            self = .columns(Self.contains(value, Self.wide) ? 2 : 1)
        }
    }

    private static func contains(_ value: UInt32, _ table: [ClosedRange<UInt32>]) -> Bool {
        var low = 0
        var high = table.count
        while low < high {
            let middle = (low + high) / 2
            if table[middle].upperBound < value { low = middle + 1 } else { high = middle }
        }
        return low < table.count && table[low].lowerBound <= value
    }

    /// Scalars whose width differs between versions of Unicode or between terminals, in order.
    private static let disputed: [ClosedRange<UInt32>] = [
        // Conjoining Hangul vowels and finals: no column in some tables, one in others.
        0x1160...0x11FF,
        // Trigrams and digrams, hexagrams, counting rods: wide since Unicode 16.
        0x2630...0x2637, 0x268A...0x268F,
        // Hangul tone marks.
        0x302E...0x302F,
        0x4DC0...0x4DFF,
        // More conjoining Hangul vowels and finals.
        0xD7B0...0xD7FF,
        // An Ahom vowel sign that spaces in Unicode but not in glibc.
        0x1171E...0x1171E,
        0x1D300...0x1D376,
        // Regional indicators: letters of their own, or two of them one flag.
        0x1F1E6...0x1F1FF,
    ]

    /// Scalars of two columns (East Asian wide and fullwidth, emoji shown as pictures), in order.
    ///
    /// Neighbouring ranges are joined across scalars that are not drawn anyway.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115E, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3,
        0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1,
        0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
        0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B,
        0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
        0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x3029,
        0x302E...0x303E, 0x3041...0x3096, 0x309B...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAD9,
        0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FE3, 0x16FF0...0x1B122,
        0x1B150...0x1B152, 0x1B164...0x1B2FB, 0x1F004...0x1F004, 0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E,
        0x1F191...0x1F19A, 0x1F200...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393,
        0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
        0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567,
        0x1F57A...0x1F57A, 0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5,
        0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2, 0x1F6D5...0x1F6D7, 0x1F6DD...0x1F6DF, 0x1F6EB...0x1F6EC,
        0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF,
        0x1FA70...0x1FA74, 0x1FA78...0x1FA86, 0x1FA90...0x1FAAC, 0x1FAB0...0x1FABA, 0x1FAC0...0x1FAC5,
        0x1FAD0...0x1FAD9, 0x1FAE0...0x1FAE7, 0x1FAF0...0x1FAF6, 0x20000...0x2B738, 0x2B740...0x3134A,
    ]
}
