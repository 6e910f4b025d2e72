import LoginCore

/// Names and texts: platforms, accounts, tokens, kick reasons.
extension CommsEase {
    /// The client types of commsease.md §4 that V10 is made for.
    static let v10Platforms = [
        ClientPlatform(name: "HarmonyOS", clientType: 65),
        ClientPlatform(name: "iOS", clientType: 2),
        ClientPlatform(name: "Android", clientType: 1),
        ClientPlatform(name: "PC", clientType: 4),
        ClientPlatform(name: "Web", clientType: 16),
        ClientPlatform(name: "macOS", clientType: 64),
    ]

    /// The longest accid and the longest token, in characters (commsease.md §11.2).
    static let longestAccount = 32
    static let longestToken = 128

    /// What keeps `text` from being an AppKey: 1 to 64 letters and digits (ours; the worked example has 32 of them).
    static func checkAppKey(_ text: String) -> FieldProblem? {
        let isFit =
            (1...64).contains(text.utf8.count)
            && text.unicodeScalars.allSatisfy { ("a"..."z") ~= $0 || ("A"..."Z") ~= $0 || ("0"..."9") ~= $0 }
        return isFit ? nil : FieldProblem("The AppKey is none; use 1 to 64 letters and digits of ASCII.")
    }

    /// The account in the server's spelling: lower case, 1 to 32 of `a-z 0-9 _ @ . -` (commsease.md §11.2).
    static func checkAccount(_ text: String) -> Result<String, FieldProblem> {
        let rule = "use 1 to \(longestAccount) of a-z, 0-9, _ @ . and -."
        guard !text.isEmpty else { return .failure(FieldProblem("The account is empty; \(rule)")) }
        let scalars = text.unicodeScalars
        // Scalars, not characters: a letter with a combining mark is one character and is not in the alphabet.
        for (index, scalar) in scalars.enumerated() where !isAccountScalar(scalar) {
            let message = "The account has \(shown(scalar)) in place \(index + 1), which is not allowed; \(rule)"
            return .failure(FieldProblem(message))
        }
        guard scalars.count <= longestAccount else {
            return .failure(FieldProblem("The account has \(scalars.count) characters; \(rule)"))
        }
        return .success(text.lowercased())  // all ASCII by now: no locale and no change of length
    }

    /// What keeps `text` from being a token: 1 to 128 characters that can be seen (commsease.md §11.2; the latter ours).
    ///
    /// The message never repeats the token.
    static func checkToken(_ text: String) -> FieldProblem? {
        let rule = "use 1 to \(longestToken) visible characters."
        guard !text.isEmpty else { return FieldProblem("The token is empty; \(rule)") }
        let scalars = text.unicodeScalars
        guard scalars.count <= longestToken else {
            return FieldProblem("The token has \(scalars.count) characters; \(rule)")
        }
        for (index, scalar) in scalars.enumerated() where isInvisible(scalar) {
            return FieldProblem(
                "The token has \(shown(scalar)) in place \(index + 1), a character without a shape; \(rule)")
        }
        return nil
    }

    /// The kick reasons of commsease.md §4, which the listener is told.
    static let kickWords = KickWords(reasons: [
        1: "another device logged in that excludes this one",
        2: "kicked by the server",
        3: "kicked by another device of the account",
    ])

    private static func isAccountScalar(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", "@", ".", "-": true
        default: false
        }
    }

    /// Controls, bidirectional and other format characters, line and paragraph separators.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }

    /// A character so that it can be seen whatever it is: its number, and its shape where it has one of its own.
    private static func shown(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .otherLetter, .decimalNumber, .letterNumber,
            .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .otherSymbol:
            return "“\(scalar)” (\(number))"
        case .spaceSeparator where scalar == " ":
            return "a space (\(number))"
        default:
            return number
        }
    }
}
