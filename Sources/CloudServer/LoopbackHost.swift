/// Tells whether a `Host` header names this machine itself.
///
/// A web page that was tricked into calling the backend (DNS rebinding) sends its own host name, and is refused here.
enum LoopbackHost {
    /// `localhost`, `127.0.0.0/8` and `::1`, each with or without a port.
    static func isLoopback(_ host: String) -> Bool {
        let text = host.lowercased()
        let name: Substring
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            guard isPortOrNothing(text[text.index(after: end)...]) else { return false }
            name = text[text.index(after: text.startIndex)..<end]
            return name == "::1"
        }
        if let colon = text.firstIndex(of: ":") {
            guard isPortOrNothing(text[colon...]) else { return false }
            name = text[..<colon]
        } else {
            name = text[...]
        }
        return name == "localhost" || isLoopbackAddress(name)
    }

    /// Exactly one header, and it is loopback.
    static func isLoopback(_ values: [String]) -> Bool {
        guard let host = values.first, values.count == 1 else { return false }
        return isLoopback(host)
    }

    private static func isPortOrNothing(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        guard text.hasPrefix(":") else { return false }
        let digits = text.dropFirst()
        return digits.utf8.allSatisfy(isDigit) && (digits.isEmpty || UInt16(digits) != nil)
    }

    private static func isLoopbackAddress(_ name: Substring) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "127" else { return false }
        return parts.allSatisfy { part in
            (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(isDigit) && UInt8(part) != nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= 0x30 && byte <= 0x39
    }
}
