import LoginCore
import Providers

/// Makes JSON values of every kind, members sorted as the parser sorts them.
struct JSONMaker {
    private var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func value(depth: Int) -> JSONValue {
        switch random.below(depth < 5 ? 8 : 6) {
        case 0: return .null
        case 1: return .bool(random.below(2) == 0)
        case 2: return .integer(Int64(bitPattern: random.next()))
        case 3:
            let number = Double(bitPattern: random.next())
            // An integral double is read back as an integer only when it is written as one, which none is.
            return .number(number.isFinite ? number : 0.5)
        case 4, 5: return .string(text())
        case 6: return .array((0..<random.below(4)).map { _ in value(depth: depth + 1) })
        default:
            let members = (0..<Int(random.below(4))).map { index in
                JSONMember("\(index)\(text())", value(depth: depth + 1))
            }
            return .object(members)
        }
    }

    mutating func text() -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0x00...0x7F, 0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0x10000...0x10FFFF,
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<random.below(8) {
            let range = ranges[Int(random.below(UInt64(ranges.count)))]
            let value = range.lowerBound + UInt32(random.below(UInt64(range.count)))
            if let scalar = Unicode.Scalar(value) { text.append(scalar) }
        }
        return String(text)
    }
}

/// Breaks valid bytes in the ways in which a wire breaks them.
struct Mutator {
    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...random.below(4) {
            let position = Int(random.below(UInt64(bytes.count + 1)))
            switch random.below(7) {
            case 0: if position < bytes.count { bytes[position] ^= UInt8(1 << random.below(8)) }
            case 1: if position < bytes.count { bytes[position] = UInt8(random.below(256)) }
            case 2: bytes.insert(UInt8(random.below(256)), at: position)
            case 3: if position < bytes.count { bytes.remove(at: position) }
            case 4: bytes.removeSubrange(position...)
            case 5:
                let end = min(bytes.count, position + Int(random.below(12)))
                bytes.insert(contentsOf: bytes[position..<end], at: position)
            default:
                let spices = [
                    "\"", "{", "}", "[", ",", ":", "\\u", "-1", "99999999999999999999", "1e999", "null", "%", "%zz",
                ]
                bytes.insert(contentsOf: Array(spices[Int(random.below(UInt64(spices.count)))].utf8), at: position)
            }
        }
        return bytes
    }
}

extension [UInt8] {
    var utf8Text: String { String(decoding: self, as: UTF8.self) }
}
