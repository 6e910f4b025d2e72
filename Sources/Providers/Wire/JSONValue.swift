/// A JSON document as a value: integers are exact, members keep the order in which they are written.
///
/// The parser is our own (`JSONParser`): Foundation's takes the last of two equal keys without a word, merges
/// integers with floating point, and gives objects in the order of a dictionary. A wire that refuses bad input and
/// repeats byte for byte needs none of these.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number written without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number; finite when it comes from the parser.
    case number(Double)
    case string(String)
    case array([JSONValue])
    /// Members in the order written; the parser sorts them by the bytes of their names.
    case object([JSONMember])

    /// Parses one JSON text (RFC 8259), white space around it included.
    ///
    /// Refused besides what the grammar refuses: bytes that are not UTF-8, a byte order mark, half a surrogate pair,
    /// a name that stands twice in one object, more than 32 levels, a number beyond the range of `Double`.
    package init(parsing bytes: [UInt8]) throws(JSONProblem) {
        var parser = JSONParser(bytes)
        self = try parser.document()
    }

    /// An object of the members whose value is not nil, in the order given.
    package static func fields(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        .object(members.compactMap { name, value in value.map { JSONMember(name, $0) } })
    }

    /// The first member of that name, compared byte by byte; nil when there is none or this is not an object.
    ///
    /// Swift compares texts by canonical equivalence, for which the Kelvin sign is a `K`; names on a wire are bytes.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        let length = name.utf8.count
        for place in members.indices
        where members[place].name.utf8.count == length && members[place].name == name
            && Self.areBytesEqual(members[place].name, name)
        {
            return members[place].value
        }
        return nil
    }

    /// Whether two equivalent texts of one length are the same bytes, as they are where one is ASCII: whatever is
    /// equivalent to a letter of it has more bytes.
    private static func areBytesEqual(_ left: String, _ right: String) -> Bool {
        var text = right
        let isASCII = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } }
        return isASCII || left.utf8.elementsEqual(right.utf8)
    }

    package var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number, when it was written as an integer.
    package var int: Int? {
        if case .integer(let number) = self { Int(exactly: number) } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let flag) = self { flag } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    package var members: [JSONMember]? {
        if case .object(let members) = self { members } else { nil }
    }
}

/// One name and value of a JSON object.
package struct JSONMember: Hashable, Sendable {
    package let name: String
    package let value: JSONValue

    package init(_ name: String, _ value: JSONValue) {
        self.name = name
        self.value = value
    }

    package init(name: String, value: JSONValue) {
        self.init(name, value)
    }
}

/// What is wrong with a JSON text, in one sentence.
package struct JSONProblem: Error, Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = text
    }

    package var description: String { text }
}

extension JSONValue {
    /// The JSON text in UTF-8, without white space, members in their order; the same value gives the same bytes.
    ///
    /// Control characters (C0, DEL, C1) and the two Unicode line separators are escaped, so that a text from outside
    /// cannot steer a terminal that prints it. A number that is not finite becomes `null`.
    package func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        append(to: &bytes)
        return bytes
    }

    /// The text of an object of the members whose value is not nil, without making that object first: frames are
    /// written by the million.
    package static func encoded(_ members: KeyValuePairs<String, JSONValue?>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        bytes.append(UInt8(ascii: "{"))
        for (name, value) in members { value?.append(as: name, to: &bytes) }
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Writes a member into the object that has been begun.
    private func append(as name: String, to bytes: inout [UInt8]) {
        // No value ends in this brace: what does is an object without a member yet.
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        Self.append(name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        append(to: &bytes)
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .null:
            bytes.append(contentsOf: "null".utf8)
        case .bool(let flag):
            bytes.append(contentsOf: (flag ? "true" : "false").utf8)
        case .integer(let number):
            Self.append(number, to: &bytes)
        case .number(let number):
            bytes += Array((number.isFinite ? String(number) : "null").utf8)
        case .string(let text):
            Self.append(text, to: &bytes)
        case .array(let elements):
            bytes.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                element.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let members):
            bytes.append(UInt8(ascii: "{"))
            for member in members { member.value.append(as: member.name, to: &bytes) }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func append(_ number: Int64, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var rest = number.magnitude
        let start = bytes.count
        repeat {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") + UInt8(digit))
            rest = quotient
        } while rest > 0
        bytes[start...].reverse()
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        var plain = text
        let isPlain = plain.withUTF8 { content in
            // Without a way out, so that several bytes are looked at together.
            var odd: UInt8 = 0
            for byte in content { odd |= byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C ? 1 : 0 }
            if odd != 0 { return false }
            bytes.append(contentsOf: content)
            return true
        }
        if isPlain { return }  // nearly every text: nothing to escape
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: bytes += [0x5C, 0x22]
            case 0x5C: bytes += [0x5C, 0x5C]
            case 0x08: bytes += [0x5C, UInt8(ascii: "b")]
            case 0x09: bytes += [0x5C, UInt8(ascii: "t")]
            case 0x0A: bytes += [0x5C, UInt8(ascii: "n")]
            case 0x0C: bytes += [0x5C, UInt8(ascii: "f")]
            case 0x0D: bytes += [0x5C, UInt8(ascii: "r")]
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029:
                let digits = String(scalar.value, radix: 16)
                bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }
}
