import LoginCore

/// Names and texts: platforms, UserIDs, UserSigs, kick reasons.
extension Tencent {
    package static let clientPlatforms = TencentPlatform.allCases.map {
        ClientPlatform(name: $0.title, clientType: $0.rawValue)
    }

    /// The longest UserID, in bytes (tencent.md §1.1).
    static let longestUserID = 32

    /// The reason of a `kicked` frame that another login caused.
    package static let kickedByLogin = 1
    /// The reason of a `kicked` frame that the web API caused.
    package static let kickedByServer = 2
    /// The reason of a `kicked` frame for a session whose UserSig has expired; ours, the provider's link is closed.
    package static let kickedByExpiry = 4

    /// Whether the check behind 7003 lets a UserID pass: 1 to 32 bytes of printable ASCII (§1.1).
    package static func isUserID(_ text: String) -> Bool {
        (1...longestUserID).contains(text.utf8.count) && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    /// What keeps `text` from being an SDKAppID: a number from 1 on (§1.2), written as JSON writes it.
    package static func checkAppKey(_ text: String) -> FieldProblem? {
        // Any other spelling of the number would be another app to whoever compares texts.
        guard let number = Int64(text), number > 0, String(number) == text else {
            return FieldProblem("The SDKAppID is no plain number; use digits only, such as 1400000000.")
        }
        return nil
    }

    /// The UserID as it was typed: case counts, and nothing is changed (§1.1).
    package static func checkAccount(_ text: String) -> Result<String, FieldProblem> {
        let rule = "use 1 to \(longestUserID) of a-z, A-Z, 0-9, _ and -."
        guard !text.isEmpty else { return .failure(FieldProblem("The UserID is empty; \(rule)")) }
        for (index, scalar) in text.unicodeScalars.enumerated() where !(0x20...0x7E).contains(scalar.value) {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return .failure(FieldProblem("The UserID has \(number) in place \(index + 1), no printable ASCII; \(rule)"))
        }
        guard isUserID(text) else {
            return .failure(FieldProblem("The UserID has \(text.utf8.count) characters; \(rule)"))
        }
        return .success(text)
    }

    /// What keeps `text` from being a UserSig; the message never repeats it.
    package static func checkToken(_ text: String) -> FieldProblem? {
        guard !text.isEmpty else { return FieldProblem("The UserSig is empty; paste the whole of it.") }
        guard text.utf8.count <= TencentUserSig.longest else {
            return FieldProblem("The UserSig has more than \(TencentUserSig.longest) bytes; paste nothing else.")
        }
        // What is wrong inside is for the server to answer; only slips of pasting are held back.
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return FieldProblem("The UserSig has a space or a character that is no ASCII; paste it on one line.")
        }
        return nil
    }

    /// onKickedOffline has no reason (§2), so the app is told none; what the numbers of our own link mean stands beside
    /// it for whoever watches the lab.
    static let kickWords = KickWords(
        event: "forced offline", number: nil,
        reasons: [
            kickedByLogin: "another device logged in",
            kickedByServer: "kicked by the web API",
            kickedByExpiry: "the UserSig expired",
        ])
}
