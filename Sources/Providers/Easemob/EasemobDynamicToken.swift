import LoginCore

/// What a signed user token says of itself (easemob.md §1); whether it is signed rightly is the cloud's to say.
///
/// On the wire it is `dt-` and a JSON object in URL-safe base64, so that the text starts with `ZHQt`. It is signed and
/// not secret: anyone can read whom it is for, for which app and how long.
package struct EasemobDynamicToken: Hashable, Sendable {
    /// `org#app`.
    package var appKey: String
    package var userID: String
    /// When it was made, in seconds since 1970.
    package var curTime: Int64
    /// How long it lives, in seconds; 0 for ever [ours, as with tokens of the web API].
    package var ttl: Int64
    /// The SHA-256 of what is signed, in 64 lower-case hexadecimal digits.
    package var signature: String

    /// What every such text starts with.
    package static let prefix = "ZHQt"

    /// Why a text is no signed user token, in the order in which it is found out.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        case tooLong
        case notBase64
        /// It is base64 and does not begin with `dt-`.
        case otherKind
        case notJSON(String)
        /// One sentence for each claim that is missing or of the wrong type; at least one.
        case claims([String])
    }

    package init(appKey: String, userID: String, curTime: Int64, ttl: Int64, signature: String) {
        self.appKey = appKey
        self.userID = userID
        self.curTime = curTime
        self.ttl = ttl
        self.signature = signature
    }

    /// What is signed lies between the client id and the client secret: app key, user ID and both numbers, in digits.
    package var content: String { "\(appKey)\(userID)\(curTime)\(ttl)" }

    /// The first second in which it is not valid any more; nil when there is none that can be counted.
    package var end: Int64? {
        let (end, isOver) = curTime.addingReportingOverflow(ttl)
        return isOver || ttl == 0 ? nil : end
    }

    package func isExpired(at now: Instant) -> Bool {
        end.map { now.seconds >= $0 } ?? (ttl < 0)
    }

    /// The text, with the members in the order of the document's example.
    package var text: String {
        let json = JSONValue.fields([
            "signature": .string(signature), "appkey": .string(appKey), "userId": .string(userID),
            "curTime": .integer(curTime), "ttl": .integer(ttl),
        ]).encoded()
        return URLBase64.encode(Array("dt-".utf8) + json)
    }

    /// Reads a text: members in any order, with or without padding.
    package init(parsing text: String) throws(Problem) {
        let value = try Self.value(in: text)
        var faults: [String] = []
        let texts = ["signature", "appkey", "userId"].map { name -> String in
            if let text = value[name]?.text { return text }
            faults.append("Its \(name) is \(value[name] == nil ? "missing" : "not a text").")
            return ""
        }
        let numbers = ["curTime", "ttl"].map { name -> Int64 in
            if let number = value[name]?.int { return Int64(number) }
            faults.append("Its \(name) is \(value[name] == nil ? "missing" : "not a whole number").")
            return 0
        }
        guard faults.isEmpty else { throw .claims(faults) }
        self.init(
            appKey: texts[1], userID: texts[2], curTime: numbers[0], ttl: numbers[1], signature: texts[0])
    }

    /// The JSON object that a text holds, whatever its members are.
    package static func value(in text: String) throws(Problem) -> JSONValue {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= Easemob.longestToken else { throw .tooLong }
        guard let bytes = URLBase64.decode(text) else { throw .notBase64 }
        guard bytes.starts(with: Array("dt-".utf8)) else { throw .otherKind }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: Array(bytes.dropFirst(3)))
        } catch {
            throw .notJSON(error.text)
        }
        guard value.members != nil else { throw .notJSON("it is no JSON object") }
        return value
    }
}

/// The URL-safe base64 of RFC 4648.
package enum URLBase64 {
    /// With padding, as the document's example makes it.
    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let rest = bytes.count - start
            let first = bytes[start]
            let second = rest > 1 ? bytes[start + 1] : 0
            let third = rest > 2 ? bytes[start + 2] : 0
            text.append(digit(first >> 2))
            text.append(digit((first & 3) << 4 | second >> 4))
            text.append(rest > 1 ? digit((second & 15) << 2 | third >> 6) : padding)
            text.append(rest > 2 ? digit(third & 63) : padding)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text with or without padding; strict: one spelling for each sequence of bytes.
    package static func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        let whole = digits.count
        while digits.last == padding { digits.removeLast() }
        let padded = whole - digits.count
        guard padded == 0 || (whole % 4 == 0 && padded <= 2), digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 4 * 3 + 2)
        var bits: UInt32 = 0
        var count = 0
        for digit in digits {
            guard let value = value(of: digit) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            guard count >= 8 else { continue }
            count -= 8
            bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
        }
        // Bits after the last byte that no encoder sets.
        return bits & (1 << UInt32(count) - 1) == 0 ? bytes : nil
    }

    private static let padding = UInt8(ascii: "=")

    private static func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): digit - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0") + 52
        case UInt8(ascii: "-"): 62
        case UInt8(ascii: "_"): 63
        default: nil
        }
    }
}
