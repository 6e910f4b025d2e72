import LoginCore
import Providers

/// One thing that is wrong with a token.
package struct TokenProblem: Hashable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case empty
        case tooLong
        case notBase64
        /// The beginning of a token.
        case cutOff
        /// Packed bytes that are wrong inside.
        case damaged
        case notJSON
        /// A claim is missing or of the wrong type.
        case wrongClaims
        /// Signed with another key, for another account or another app key: a signature does not say which.
        case wrongSignature
        /// The token itself names another account.
        case wrongAccount
        /// The token itself names another app.
        case wrongApp
        case expired
        /// Issued further ahead than clocks may differ.
        case issuedInFuture
    }

    package let kind: Kind
    /// One sentence; it never repeats the token.
    package let text: String
    /// The rule that the token breaks.
    package let rule: RuleID

    package init(_ kind: Kind, _ text: String, rule: RuleID) {
        self.kind = kind
        self.text = text
        self.rule = rule
    }
}

/// What a token says of itself and what becomes of a login with it.
package struct TokenReport: Hashable, Sendable {
    /// What the provider says to a login.
    package struct Answer: Hashable, Sendable {
        package let code: Int
        package let name: String
        package let rule: RuleID
        /// What else has to be true for this answer, in words that follow "if"; nil when nothing has.
        package let condition: String?

        package init(code: Int, name: String, rule: RuleID, condition: String? = nil) {
            self.code = code
            self.name = name
            self.rule = rule
            self.condition = condition
        }
    }

    /// The token's own members, sorted by name; an object without any when the token cannot be read.
    package let claims: JSONValue
    package let issued: Instant?
    /// Nil as well when the end is beyond what a clock can count.
    package let expires: Instant?
    /// What is wrong, in the order in which the provider would find it.
    package let problems: [TokenProblem]
    /// What is worth knowing and does not change the answer; whole sentences.
    package let notes: [String]
    /// Nil when it depends on a signature that was not checked.
    package let answer: Answer?
    /// Nil when nothing is wrong and the signature was not checked.
    package let isValid: Bool?

    package init(
        claims: JSONValue, issued: Instant?, expires: Instant?, problems: [TokenProblem], notes: [String],
        answer: Answer?, isSignatureChecked: Bool
    ) {
        self.claims = claims
        self.issued = issued
        self.expires = expires
        self.problems = problems
        self.notes = notes
        self.answer = answer
        isValid = problems.isEmpty ? (isSignatureChecked ? true : nil) : false
    }
}

/// How a report is printed; ASCII only, for its texts come from whoever made the token.
extension TokenReport {
    /// `{"valid":…,"code":…,"name":…,"claims":{…},"issued":…,"expires":…,"problems":[…],"notes":[…]}` on one line.
    ///
    /// `valid`, `code` and `name` are null when they depend on a signature that was not checked; `issued` and
    /// `expires` are milliseconds since 1970, null when the token does not say. `condition`, if the answer has one, and `token`, if given, come last.
    package func json(with token: Secret? = nil) -> String {
        let value = JSONValue.fields([
            "valid": isValid.map { .bool($0) } ?? JSONValue.null,
            "code": answer.map { .integer(Int64($0.code)) } ?? JSONValue.null,
            "name": answer.map { .string($0.name) } ?? JSONValue.null,
            "claims": claims,
            "issued": issued.map { .integer($0.milliseconds) } ?? JSONValue.null,
            "expires": expires.map { .integer($0.milliseconds) } ?? JSONValue.null,
            "problems": .array(
                problems.map { problem in
                    .fields([
                        "kind": .string(problem.kind.rawValue), "text": .string(problem.text),
                        "rule": .string(problem.rule.text),
                    ])
                }),
            "notes": .array(notes.map { .string($0) }),
            "condition": (answer?.condition).map { .string($0) },
            "token": token.map { .string($0.reveal(for: .screen)) },
        ])
        return Self.ascii(String(decoding: value.encoded(), as: UTF8.self))
    }

    /// One line for each claim, instant, problem, note and for the answer.
    package var lines: [String] {
        var rows: [(String, String)] = (claims.members ?? []).map { member in
            let text = String(decoding: member.value.encoded(), as: UTF8.self)
            return (Self.clipped(Self.spoken(member.name), to: 20), Self.clipped(text, to: 200))
        }
        if let issued { rows.append(("issued", TokenTime.text(issued))) }
        if let expires { rows.append(("expires", TokenTime.text(expires))) }
        rows += problems.map { ("wrong", "\($0.text) (rule \($0.rule))") }
        if let answer { rows.append(("answer", "\(answer.code) \(answer.name) (rule \(answer.rule))")) }
        if let condition = answer?.condition { rows.append(("if", condition)) }
        rows += notes.map { ("note", $0) }
        return rows.map { name, text in
            Self.ascii(name + String(repeating: " ", count: max(1, 11 - name.unicodeScalars.count)) + text)
        }
    }

    /// A name without the quotation marks of its JSON, its control characters escaped.
    private static func spoken(_ name: String) -> String {
        String(String(decoding: JSONValue.string(name).encoded(), as: UTF8.self).dropFirst().dropLast())
    }

    private static func clipped(_ text: String, to length: Int) -> String {
        text.unicodeScalars.count <= length ? text : String(text.unicodeScalars.prefix(length)) + "..."
    }

    /// The text with everything beyond ASCII as JSON's `\u` escapes, so that nothing steers or disguises a terminal.
    private static func ascii(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for unit in text.utf16 {
            if unit < 0x80 {
                result.append(Unicode.Scalar(UInt8(unit)))
            } else {
                let digits = String(unit, radix: 16)
                let escape = "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                result.append(contentsOf: escape.unicodeScalars)
            }
        }
        return String(result)
    }
}
