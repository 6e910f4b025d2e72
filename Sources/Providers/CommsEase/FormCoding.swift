/// `application/x-www-form-urlencoded`, strict on the way in.
enum FormCoding {
    /// What is wrong with a form.
    enum Problem: Error, Hashable {
        /// A `%` without two hexadecimal digits, or bytes that are not UTF-8.
        case encoding
        case duplicate(String)
    }

    static func encode(_ pairs: [(String, String)]) -> String {
        pairs.map { "\(encode($0))=\(encode($1))" }.joined(separator: "&")
    }

    /// Percent-encodes all but the unreserved characters, so that the result fits a path segment too.
    static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [0x25, hex[Int(byte >> 4)], hex[Int(byte & 0xF)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads a form; a name may stand once.
    ///
    /// With `known`, other names are passed over, however often they stand there and whatever follows them.
    static func decode(_ body: [UInt8], known: Set<String>? = nil) throws(Problem) -> [String: String] {
        var fields: [String: String] = [:]
        for part in body.split(separator: 0x26) {
            let halves = part.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false)
            let name: String
            do throws(Problem) {
                name = try decode(halves[0], plusIsSpace: true)
            } catch {
                guard known == nil else { continue }
                throw error
            }
            if known?.contains(name) == false { continue }
            let value = halves.count > 1 ? try decode(halves[1], plusIsSpace: true) : ""
            guard fields.updateValue(value, forKey: name) == nil else { throw .duplicate(name) }
        }
        return fields
    }

    /// Undoes percent-encoding.
    static func decode(_ bytes: some Sequence<UInt8>, plusIsSpace: Bool) throws(Problem) -> String {
        var decoded: [UInt8] = []
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case 0x25:
                guard let high = iterator.next().flatMap(digit), let low = iterator.next().flatMap(digit) else {
                    throw .encoding
                }
                decoded.append(high << 4 | low)
            case 0x2B where plusIsSpace: decoded.append(0x20)
            default: decoded.append(byte)
            }
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .encoding }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x41 + 10
        case 0x61...0x66: byte - 0x61 + 10
        default: nil
        }
    }
}
