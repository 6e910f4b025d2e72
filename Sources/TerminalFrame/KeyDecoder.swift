/// Turns the scalars that a terminal sends into keys.
///
/// The terminal library knows the sequences of the terminal it was told; whatever it does not know comes through scalar
/// by scalar. The decoder recognises the common ones and swallows all others, so that none is typed into a field:
///
/// ```
///              ESC              [                  0x40…0x7E
///   ground ─────────▸ escape ───────▸ control ─────────────────▸ ground, a key or nothing
///                      │  │  │ O                    any
///                      │  │  └──────▸ single ─────────────────▸ ground, a key or nothing
///                      │  │ P X ] ^ _               BEL, ESC \
///                      │  └─────────▸ string ──────────────────▸ ground, nothing
///                      │ any other: a key with Alt, nothing
///                      └ nothing follows: the escape key
/// ```
package struct KeyDecoder: Sendable {
    private enum State {
        case ground
        case escape
        case control(String)
        case single
        case string(wasEscape: Bool)
    }

    /// The longest sequence that is followed; whatever claims to be longer is none.
    private static let longest = 64

    private var state = State.ground
    private var length = 0

    package init() {}

    /// Takes the next scalar; gives the key that is now complete, if any.
    package mutating func take(_ scalar: Unicode.Scalar) -> Key? {
        length += 1
        if length > Self.longest { end(.ground) }
        switch state {
        case .ground:
            return ground(scalar)
        case .escape:
            switch scalar {
            case "\u{1B}": return .escape
            case "[": state = .control("")
            case "O": state = .single
            case "P", "X", "]", "^", "_": state = .string(wasEscape: false)
            default: end(.ground)
            }
            return nil
        case .control(let parameters):
            switch scalar.value {
            case 0x1B:
                end(.escape)
                return nil
            case 0x20..<0x40:
                state = .control(parameters + String(scalar))
                return nil
            case 0x40..<0x7F:
                end(.ground)
                return Self.controlSequence(parameters, scalar)
            default:
                end(.ground)
                return nil
            }
        case .single:
            end(.ground)
            return Self.singleShift(scalar)
        case .string(let wasEscape):
            if scalar == "\u{7}" || (wasEscape && scalar == "\\") {
                end(.ground)
            } else {
                state = .string(wasEscape: scalar == "\u{1B}")
            }
            return nil
        }
    }

    /// Takes a key that the terminal library recognised, which ends whatever had begun.
    package mutating func take(_ key: Key) -> Key {
        end(.ground)
        return key
    }

    /// Says that nothing more is waiting; gives the escape key when it was pressed alone.
    ///
    /// A sequence that had got further goes on with the next scalar, unless it may be no more than a key with Alt.
    package mutating func pause() -> Key? {
        switch state {
        case .escape:
            end(.ground)
            return .escape
        case .control(""), .single:
            end(.ground)
            return nil
        case .ground, .control, .string:
            return nil
        }
    }

    private mutating func end(_ next: State) {
        state = next
        length = 0
    }

    private mutating func ground(_ scalar: Unicode.Scalar) -> Key? {
        length = 0
        switch scalar.value {
        case 0x1B:
            state = .escape
            return nil
        case 0x0D, 0x0A: return .enter
        case 0x09: return .tab
        case 0x08, 0x7F: return .backspace
        case 0x00: return .control(" ")
        // Ctrl clears the upper bits: 1 to 26 are letters, 28 to 31 the signs after Z.
        case 0x01...0x1A: return .control(Character(Unicode.Scalar(UInt8(scalar.value) + 0x60)))
        case 0x1C...0x1F: return .control(Character(Unicode.Scalar(UInt8(scalar.value) + 0x40)))
        case 0x80..<0xA0: return nil
        default: return .character(Character(scalar))
        }
    }

    private static func controlSequence(_ parameters: String, _ final: Unicode.Scalar) -> Key? {
        switch (parameters, final) {
        case ("", "A"): .up
        case ("", "B"): .down
        case ("", "C"): .right
        case ("", "D"): .left
        case ("", "H"), ("1", "~"), ("7", "~"): .home
        case ("", "F"), ("4", "~"), ("8", "~"): .end
        case ("", "Z"): .backTab
        case ("3", "~"): .delete
        case ("5", "~"): .pageUp
        case ("6", "~"): .pageDown
        default: nil
        }
    }

    private static func singleShift(_ final: Unicode.Scalar) -> Key? {
        switch final {
        case "A": .up
        case "B": .down
        case "C": .right
        case "D": .left
        case "H": .home
        case "F": .end
        case "M": .enter
        case "P": .function(1)
        case "Q": .function(2)
        case "R": .function(3)
        case "S": .function(4)
        default: nil
        }
    }
}
