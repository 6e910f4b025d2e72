import LoginCore

/// What a UserSig says of itself (tencent.md §1); whether it is signed rightly is the cloud's to say.
///
/// On the wire it is JSON in a zlib container in an alphabet of its own. It is signed and not secret: anyone can read
/// whom it is for, for which app and how long.
package struct TencentUserSig: Hashable, Sendable {
    /// Any text is carried; it is not signed (§1.2).
    package var version: String
    package var identifier: String
    package var sdkAppID: Int64
    /// When it was made, in seconds since 1970.
    package var time: Int64
    /// How long it lives, in seconds.
    package var expire: Int64
    /// Standard base64 of what else is signed, as it was written; a login needs none.
    package var userbuf: String?
    /// Standard base64 of the HMAC-SHA256 of ``content``.
    package var signature: String

    /// How the JSON is packed before it is written in the alphabet.
    package enum Packing: String, Sendable, CaseIterable {
        /// The same bytes everywhere.
        case stored
        /// Shorter; the bytes depend on the zlib at hand.
        case deflate
    }

    /// The most that is read, in bytes; ours, no source gives a limit.
    package static let longest = 8192
    /// The most that is unpacked, in bytes; ours.
    package static let longestJSON = 16_384

    package init(
        version: String = "2.0", identifier: String, sdkAppID: Int64, time: Int64, expire: Int64,
        userbuf: String? = nil, signature: String
    ) {
        self.version = version
        self.identifier = identifier
        self.sdkAppID = sdkAppID
        self.time = time
        self.expire = expire
        self.userbuf = userbuf
        self.signature = signature
    }

    /// What is signed: four lines, five with a userbuf, each ended by a line feed (§1.2).
    package var content: String {
        "TLS.identifier:\(identifier)\nTLS.sdkappid:\(sdkAppID)\nTLS.time:\(time)\nTLS.expire:\(expire)\n"
            + (userbuf.map { "TLS.userbuf:\($0)\n" } ?? "")
    }

    /// The last second in which it is valid (§1.4), in seconds since 1970; nil when it cannot be counted.
    package var lastSecond: Int64? {
        let (end, isOver) = time.addingReportingOverflow(expire)
        return isOver ? nil : end
    }

    /// Whether it is past its last second; that one still passes (§1.4).
    ///
    /// An end beyond all counting never comes, or came before all counting.
    package func isExpired(at now: Instant) -> Bool {
        lastSecond.map { now.seconds > $0 } ?? (expire < 0)
    }

    /// The JSON in the order and without the spaces of the Node generator.
    package var json: [UInt8] {
        JSONValue.fields([
            "TLS.ver": .string(version), "TLS.identifier": .string(identifier), "TLS.sdkappid": .integer(sdkAppID),
            "TLS.time": .integer(time), "TLS.expire": .integer(expire), "TLS.userbuf": userbuf.map { .string($0) },
            "TLS.sig": .string(signature),
        ]).encoded()
    }

    package func text(_ packing: Packing) -> String {
        TencentAlphabet.encode(packing == .stored ? Zlib.stored(json) : Zlib.deflated(json))
    }
}

/// Reading.
extension TencentUserSig {
    /// Why a text is no UserSig, in the order in which it is found out.
    package enum Problem: Error, Hashable, Sendable {
        case empty
        case tooLong
        case alphabet(TencentAlphabet.Problem)
        case container(Zlib.Problem)
        case notJSON(String)
        /// One sentence for each claim that is missing or of the wrong type; at least one.
        case claims([String])

        /// What the server answers (§1.4).
        package var code: Int {
            switch self {
            case .empty: 70002
            case .tooLong, .alphabet, .container, .notJSON: 70003
            case .claims: 70005
            }
        }
    }

    /// Reads what any generator makes: members in any order, any white space, any kind of deflate block.
    package init(parsing text: String) throws(Problem) {
        let value = try Self.value(in: text)
        var faults: [String] = []
        let texts = ["TLS.ver", "TLS.identifier", "TLS.sig"].map { name in
            Self.claim(name, value[name], value[name]?.text, "a text", &faults) ?? ""
        }
        let numbers = ["TLS.sdkappid", "TLS.time", "TLS.expire"].map { name in
            Self.claim(name, value[name], value[name]?.int, "a whole number", &faults) ?? 0
        }
        let userbuf = value["TLS.userbuf"].flatMap { $0 == .null ? nil : $0 }
        if let userbuf, userbuf.text == nil { faults.append("Its TLS.userbuf is not a text.") }
        guard faults.isEmpty else { throw .claims(faults) }
        self.init(
            version: texts[0], identifier: texts[1], sdkAppID: Int64(numbers[0]), time: Int64(numbers[1]),
            expire: Int64(numbers[2]), userbuf: userbuf?.text, signature: texts[2])
    }

    /// The JSON object that a text holds, whatever its members are.
    package static func value(in text: String) throws(Problem) -> JSONValue {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= longest else { throw .tooLong }
        let packed: [UInt8]
        do {
            packed = try TencentAlphabet.decode(text)
        } catch {
            throw .alphabet(error)
        }
        let json: [UInt8]
        do {
            json = try Zlib.inflate(packed, atMost: longestJSON)
        } catch {
            throw .container(error)
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: json)
        } catch {
            throw .notJSON(error.text)
        }
        guard value.members != nil else { throw .notJSON("it is no JSON object") }
        return value
    }

    private static func claim<Value>(
        _ name: String, _ found: JSONValue?, _ value: Value?, _ wanted: String, _ faults: inout [String]
    ) -> Value? {
        if found == nil {
            faults.append("Its \(name) is missing.")
        } else if value == nil {
            faults.append("Its \(name) is not \(wanted).")
        }
        return value
    }
}
