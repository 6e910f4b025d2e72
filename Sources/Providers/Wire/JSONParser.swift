/// A strict parser of RFC 8259 over bytes; see `JSONValue.init(parsing:)` for what it refuses besides.
struct JSONParser {
    /// Objects and arrays that may be open at once.
    static let deepest = 32

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func document() throws(JSONProblem) -> JSONValue {
        guard !bytes.isEmpty else { throw JSONProblem("the JSON text is empty") }
        skipSpace()
        let value = try self.value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw unexpected("after the end of the JSON text") }
        return value
    }

    private mutating func value(depth: Int) throws(JSONProblem) -> JSONValue {
        guard let first = peek else { throw unexpected("where a value should begin") }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("where a value should begin")
        }
    }

    private mutating func object(depth: Int) throws(JSONProblem) -> JSONValue {
        guard depth <= Self.deepest else { throw tooDeep }
        position += 1
        var members: [JSONMember] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object([]) }
        members.reserveCapacity(8)
        // Nearly every object comes sorted.
        var isSorted = true
        while true {
            guard peek == UInt8(ascii: "\"") else { throw unexpected("where a member's name should begin") }
            let name = try string()
            if isSorted, let last = members.last { isSorted = Self.precedes(last.name, name) }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw unexpected("where a colon should stand") }
            skipSpace()
            members.append(JSONMember(name, try value(depth: depth)))
            skipSpace()
            if take(UInt8(ascii: "}")) { break }
            guard take(UInt8(ascii: ",")) else { throw unexpected("where a comma or } should stand") }
            skipSpace()
        }
        if isSorted { return .object(members) }
        members.sort { Self.precedes($0.name, $1.name) }
        for place in 1..<members.count where !Self.precedes(members[place - 1].name, members[place].name) {
            throw JSONProblem("the name \(quoted(members[place].name)) stands twice in one object")
        }
        return .object(members)
    }

    /// Whether the bytes of one name stand before those of another.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        // Most names differ in their first letter.
        if let first = left.utf8.first, let second = right.utf8.first, first != second { return first < second }
        var left = left
        var right = right
        return left.withUTF8 { left in right.withUTF8 { left.lexicographicallyPrecedes($0) } }
    }

    private mutating func array(depth: Int) throws(JSONProblem) -> JSONValue {
        guard depth <= Self.deepest else { throw tooDeep }
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw unexpected("where a comma or ] should stand") }
            skipSpace()
        }
    }

    private mutating func word(_ word: String, _ value: JSONValue) throws(JSONProblem) -> JSONValue {
        let end = position + word.utf8.count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(word.utf8) else {
            throw unexpected("where a value should begin")
        }
        position = end
        return value
    }

    private mutating func number() throws(JSONProblem) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"))
        guard skipDigits() > 0 else { throw unexpected("where a digit should stand") }
        let firstDigit = bytes[start] == UInt8(ascii: "-") ? start + 1 : start
        if bytes[firstDigit] == UInt8(ascii: "0"), position > firstDigit + 1 {
            throw JSONProblem("a number begins with a superfluous 0 at byte \(firstDigit + 1)")
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard skipDigits() > 0 else { throw unexpected("where a digit should stand") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw unexpected("where a digit should stand") }
        }
        // Only ASCII was let through above, so decoding cannot repair anything.
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let exact = Int64(text) { return .integer(exact) }
        guard let number = Double(text), number.isFinite else {
            throw JSONProblem("the number at byte \(start + 1) is out of range")
        }
        return .number(number)
    }

    private mutating func string() throws(JSONProblem) -> String {
        let start = position
        position += 1
        if let text = plainString() { return text }
        var content: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw JSONProblem("the text at byte \(start + 1) is not valid UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &content)
            case 0..<0x20:
                throw JSONProblem("a control character stands unescaped in a text, at byte \(position + 1)")
            default:
                content.append(byte)
                position += 1
            }
        }
        throw JSONProblem("the text at byte \(start + 1) has no end")
    }

    /// The rest of a text of printable ASCII without escapes, which nearly every one is; nil for any other, and then
    /// nothing is taken.
    private mutating func plainString() -> String? {
        let text: String? = bytes.withUnsafeBufferPointer { bytes in
            let rest = UnsafeBufferPointer(rebasing: bytes[position...])
            for end in rest.indices {
                let byte = rest[end]
                if byte == UInt8(ascii: "\"") {
                    return String(decoding: UnsafeBufferPointer(rebasing: rest[..<end]), as: UTF8.self)
                }
                guard byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\\") else { return nil }
            }
            return nil
        }
        if let text { position += text.utf8.count + 1 }
        return text
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONProblem) {
        guard let letter = peek else { throw unexpected("after a backslash") }
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            let first = try hexUnit()
            var value = UInt32(first)
            if (0xD800..<0xDC00).contains(first) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw halfSurrogate }
                let second = try hexUnit()
                guard (0xDC00..<0xE000).contains(second) else { throw halfSurrogate }
                value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(value) else { throw halfSurrogate }
            content += Array(String(scalar).utf8)
        default:
            position -= 1
            throw unexpected("after a backslash")
        }
    }

    private mutating func hexUnit() throws(JSONProblem) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = HexDigit.value(of: byte) else {
                throw unexpected("where a hexadecimal digit should stand")
            }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    private func unexpected(_ place: String) -> JSONProblem {
        guard position < bytes.count else { return JSONProblem("the JSON text ends too early") }
        return JSONProblem("something unexpected stands at byte \(position + 1), \(place)")
    }

    private var tooDeep: JSONProblem {
        JSONProblem("the JSON text is nested deeper than \(Self.deepest) levels")
    }

    private var halfSurrogate: JSONProblem {
        JSONProblem("half a surrogate pair stands before byte \(position + 1)")
    }
}

/// Hexadecimal digits as bytes, for the codecs that read them.
package enum HexDigit {
    /// 0 to 15, either case; nil for any other byte.
    package static func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// Lowercase hex digits of `bytes`.
    package static func text(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The lowercase digit of 0 to 15.
    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}

/// A text from outside between quotation marks for a message: at most 40 characters, control characters replaced.
func quoted(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(40) {
        shown.append(isControl(scalar) ? "?" : scalar)
    }
    return "\u{22}\(String(shown))\(text.unicodeScalars.count > 40 ? "..." : "")\u{22}"
}

/// Whether a scalar is a control character (general category Cc).
func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
}
