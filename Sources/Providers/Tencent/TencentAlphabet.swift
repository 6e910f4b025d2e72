/// The UserSig's own base64 (tencent.md §1.2): `*` for `+`, `-` for `/`, `_` for the padding `=`.
///
/// It is not the URL-safe alphabet of RFC 4648, in which `-` and `_` mean other things.
package enum TencentAlphabet {
    /// Why a text is not of this alphabet.
    package enum Problem: Error, Hashable, Sendable {
        /// A character that does not belong; places count from 1.
        case character(Unicode.Scalar, place: Int)
        /// The length is no multiple of four, or the padding is not what the length asks for.
        case length
        /// Bits after the last byte that no encoder sets.
        case unusedBits
    }

    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-".utf8)
    private static let padding = UInt8(ascii: "_")

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let group = bytes[index..<min(index + 3, bytes.count)]
            var bits: UInt32 = 0
            for byte in group { bits = bits << 8 | UInt32(byte) }
            bits <<= UInt32(8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? digits[Int(bits >> UInt32(18 - 6 * place) & 0x3F)] : padding)
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; strict, so that one changed character never passes unseen.
    package static func decode(_ text: String) throws(Problem) -> [UInt8] {
        let scalars = Array(text.unicodeScalars)
        let paddings = scalars.reversed().prefix { $0 == "_" }.count
        let body = scalars.dropLast(paddings)
        var bits: UInt32 = 0
        var bytes: [UInt8] = []
        bytes.reserveCapacity(body.count * 3 / 4)
        for (index, scalar) in body.enumerated() {
            guard let value = value(of: scalar) else { throw .character(scalar, place: index + 1) }
            bits = bits << 6 | value
            switch index % 4 {
            case 0: break
            case 1: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
            case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
            default: bytes.append(UInt8(truncatingIfNeeded: bits))
            }
        }
        guard scalars.count % 4 == 0, paddings <= 2 else { throw .length }
        guard bits & (paddings == 2 ? 0xF : paddings == 1 ? 0x3 : 0) == 0 else { throw .unusedBits }
        return bytes
    }

    private static func value(of scalar: Unicode.Scalar) -> UInt32? {
        switch scalar {
        case "A"..."Z": scalar.value - 0x41
        case "a"..."z": scalar.value - 0x61 + 26
        case "0"..."9": scalar.value - 0x30 + 52
        case "*": 62
        case "-": 63
        default: nil
        }
    }
}
