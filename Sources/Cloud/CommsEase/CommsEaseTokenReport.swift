import Foundation
import LoginCore
import Providers

/// Makes and examines CommsEase's dynamic tokens (commsease.md §10).
struct CommsEaseTokenInspector: TokenInspector {
    private static let format: RuleID = "CE-10-dynamic"
    private static let end: RuleID = "CE-10-dynamic-end"
    private static let clock: RuleID = "OURS-dynamic-clock"

    /// The seed's example (commsease.md §10).
    let usualLifetime: Duration = .seconds(600)

    func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration) -> Secret {
        mint(of: owner).dynamicToken(account: CommsEaseCloud.stored(owner.account), at: now, lifetime: lifetime)
    }

    func report(on token: Secret, for owner: TokenOwner?, at now: Instant) -> TokenReport {
        let text = token.reveal(for: .verification)
        // The decoder of the login has the word on what is readable; all else here explains.
        guard let claimed = CommsEaseDynamicToken(text) else { return unreadable(text) }
        var problems: [TokenProblem] = []
        if let owner, !mint(of: owner).fits(claimed, account: CommsEaseCloud.stored(owner.account)) {
            problems.append(wrongSignature(claimed))
        }
        if let problem = CommsEaseMint.timeProblem(of: claimed, at: now) {
            problems.append(timeProblem(problem, of: claimed, at: now))
        }
        return TokenReport(
            claims: Self.json(in: text).flatMap { try? JSONValue(parsing: $0) } ?? .object([]),
            issued: Self.instant(claimed.curTime), expires: claimed.expires, problems: problems,
            notes: notes(on: claimed, at: now, isChecked: owner != nil, isFine: problems.isEmpty),
            answer: answer(isFine: problems.isEmpty, isChecked: owner != nil), isSignatureChecked: owner != nil)
    }

    private func mint(of owner: TokenOwner) -> CommsEaseMint {
        CommsEaseMint(appKey: owner.appKey, appSecret: owner.appSecret)
    }

    /// The codes of commsease.md §7.1 and the decision order of §14.2.
    private func answer(isFine: Bool, isChecked: Bool) -> TokenReport.Answer? {
        guard isFine else {
            let refused = CommsEase.v9iOS.policy.codes.first { $0.code == 302 }
            return TokenReport.Answer(code: 302, name: refused?.name ?? "refused", rule: CloudRule.credential)
        }
        guard isChecked else { return nil }
        return TokenReport.Answer(
            code: 200, name: "success", rule: CloudRule.accepted,
            condition: "dynamic tokens are switched on for the app, and the account exists and is not banned")
    }

    /// The instant of a claim; nil when microseconds cannot count it.
    private static func instant(_ milliseconds: Int64) -> Instant? {
        milliseconds.multipliedReportingOverflow(by: 1000).overflow ? nil : Instant(milliseconds: milliseconds)
    }
}

/// Tokens that can be read.
extension CommsEaseTokenInspector {
    private func wrongSignature(_ token: CommsEaseDynamicToken) -> TokenProblem {
        let isDigest =
            token.signature.utf8.count == 40
            && token.signature.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        let text =
            isDigest
            ? "It is signed with another key, for another account or another app key, or was changed afterwards."
            : "Its signature does not fit and cannot fit anything: it is not 40 lower-case hexadecimal digits."
        return TokenProblem(.wrongSignature, text, rule: Self.format)
    }

    private func timeProblem(
        _ problem: CommsEaseMint.DynamicTokenProblem, of token: CommsEaseDynamicToken, at now: Instant
    ) -> TokenProblem {
        switch problem {
        case .notYet:
            let text =
                if let issued = Self.instant(token.curTime) {
                    "It is issued in the future: at \(TokenTime.text(issued)), \(TokenTime.span(issued - now)) from "
                        + "now; clocks may differ by \(TokenTime.span(CommsEaseMint.window))."
                } else {
                    "It is issued in the future, later than can be counted."
                }
            return TokenProblem(.issuedInFuture, text, rule: Self.clock)
        case .expired(at: let end?) where token.ttl > 0:
            let ago = now - end
            let since = ago == .zero ? "this very instant" : "\(TokenTime.span(ago)) ago"
            return TokenProblem(.expired, "It expired at \(TokenTime.text(end)), \(since).", rule: Self.end)
        case .expired where token.ttl <= 0:
            return TokenProblem(
                .expired, "It expired as soon as it was issued: its ttl is \(token.ttl) s.", rule: Self.end)
        case .expired, .unreadable, .wrongSignature:
            // The last two are no matter of time and never come here.
            return TokenProblem(.expired, "It expired longer ago than can be counted.", rule: Self.end)
        }
    }

    private func notes(on token: CommsEaseDynamicToken, at now: Instant, isChecked: Bool, isFine: Bool) -> [String] {
        var notes: [String] = []
        if let issued = Self.instant(token.curTime), issued > now, isFine {
            notes.append(
                "It is issued \(TokenTime.span(issued - now)) from now, which the difference between clocks excuses.")
        }
        // Seconds between 1973 and 5138; as milliseconds these are days of 1970 to 1973, before the provider was there.
        if (100_000_000..<100_000_000_000).contains(token.curTime) {
            notes.append("curTime looks like seconds; the provider reads it as milliseconds.")
        }
        if token.ttl > 86_400 {
            notes.append(
                "It lives longer than 24 h (ttl is \(token.ttl) s); whoever gets hold of it can use it as long.")
        }
        if !isChecked {
            notes.append("The signature was not checked: that takes the app key, the account and the app secret.")
        }
        return notes
    }
}

/// Tokens that cannot be read.
extension CommsEaseTokenInspector {
    private func unreadable(_ text: String) -> TokenReport {
        let problems = faults(of: text)
        let readable = text.utf8.count <= Self.longest ? Self.json(in: text) : nil
        let claims = readable.flatMap { try? JSONValue(parsing: $0) }
        var notes: [String] = []
        // A static token is opaque: only the provider can say whether it is the account's latest.
        if problems.contains(where: { $0.kind == .notBase64 || $0.kind == .notJSON }),
            CommsEase.provider.checkToken(text) == nil
        {
            notes.append(
                "It may be a static token; such a token says nothing of itself, and the provider compares it with the "
                    + "account's latest.")
        }
        return TokenReport(
            claims: claims?.members == nil ? .object([]) : claims ?? .object([]), issued: nil, expires: nil,
            problems: problems, notes: notes, answer: answer(isFine: false, isChecked: false), isSignatureChecked: false
        )
    }

    /// The most that the decoder reads, in bytes.
    private static let longest = 4096

    /// Why `text` is no dynamic token; at least one reason.
    private func faults(of text: String) -> [TokenProblem] {
        func problem(_ kind: TokenProblem.Kind, _ text: String) -> [TokenProblem] {
            [TokenProblem(kind, text, rule: Self.format)]
        }
        guard !text.isEmpty else { return problem(.empty, "It is empty.") }
        guard text.utf8.count <= Self.longest else {
            return problem(.tooLong, "It is longer than \(Self.longest) bytes, the most that is read.")
        }
        let scalars = Array(text.unicodeScalars)
        let padding = scalars.reversed().prefix { $0 == "=" }.count
        let body = scalars.dropLast(padding)
        if let place = body.firstIndex(where: { !Self.isBase64($0) }) {
            return problem(.notBase64, "It is not base64: \(Self.shown(body[place])) stands in place \(place + 1).")
        }
        guard let json = Self.json(in: text) else {
            let rest = Self.beginning(String(String.UnicodeScalarView(body)))
            if Self.breaksOff(rest) {
                return problem(.cutOff, "It is cut off: its base64 stops in the middle, and its JSON has no end.")
            }
            if padding == 0, (try? JSONValue(parsing: rest)) != nil {
                return problem(.cutOff, "It is cut off: the padding at the end of its base64 is missing.")
            }
            return problem(.notBase64, "It is not base64: its length or its padding does not fit.")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: json)
        } catch {
            return Self.breaksOff(json)
                ? problem(.cutOff, "It is cut off: its JSON has no end.")
                : problem(.notJSON, "Its base64 is fine, but what it holds is not JSON: \(error.text).")
        }
        guard value.members != nil else {
            return problem(.notJSON, "What it holds is JSON, but not an object with signature, curTime and ttl.")
        }
        let faults = claimFaults(of: value)
        return faults.isEmpty ? problem(.wrongClaims, "Its claims cannot be read.") : faults
    }

    private func claimFaults(of value: JSONValue) -> [TokenProblem] {
        var texts: [String] = []
        if value["signature"] == nil {
            texts.append("Its signature is missing.")
        } else if value["signature"]?.text == nil {
            texts.append("Its signature is not a text.")
        }
        for (name, unit) in [("curTime", "milliseconds"), ("ttl", "seconds")] where value[name]?.int == nil {
            texts.append(
                value[name] == nil ? "Its \(name) is missing." : "Its \(name) is not a whole number of \(unit).")
        }
        return texts.map { TokenProblem(.wrongClaims, $0, rule: Self.format) }
    }

    /// The bytes that `text` holds, or nil when it is not base64.
    private static func json(in text: String) -> [UInt8]? {
        Data(base64Encoded: text).map { Array($0) }
    }

    /// What the beginning of a base64 text holds, as far as it goes.
    private static func beginning(_ body: String) -> [UInt8] {
        var body = body
        // One digit alone has only six bits of a byte.
        if body.utf8.count % 4 == 1 { body.removeLast() }
        return json(in: body + String(repeating: "=", count: (4 - body.utf8.count % 4) % 4)) ?? []
    }

    /// Whether an object begins here and nothing ends it.
    private static func breaksOff(_ json: [UInt8]) -> Bool {
        guard json.first == UInt8(ascii: "{") else { return false }
        var depth = 0
        var isInText = false
        var isEscaped = false
        for byte in json {
            if isEscaped {
                isEscaped = false
            } else if isInText {
                isEscaped = byte == UInt8(ascii: "\\")
                isInText = byte != UInt8(ascii: "\"")
            } else {
                switch byte {
                case UInt8(ascii: "\""): isInText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    if depth == 0 { return false }
                default: break
                }
            }
        }
        return true
    }

    private static func isBase64(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "+", "/": true
        default: false
        }
    }

    /// A character that does not belong in base64, by a word for the likely mistakes.
    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case " ": return "a space"
        case "\n", "\r": return "a line break"
        case "=": return "an = that is not at the end"
        case "-", "_": return "\(scalar) of the URL-safe alphabet, where the standard one is needed,"
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }
}
