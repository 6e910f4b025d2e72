import LoginCore
import Providers

/// Makes and examines UserSigs (tencent.md §1).
struct TencentTokenInspector: TokenInspector {
    let usualLifetime = TencentMint.usualLifetime
    let forms = TencentUserSig.Packing.allCases.map(\.rawValue)

    func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration) -> Secret {
        mint(of: owner).userSig(for: owner.account, at: now, lifetime: lifetime)
    }

    func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration, form: String) -> Secret? {
        TencentUserSig.Packing(rawValue: form).map {
            mint(of: owner).userSig(for: owner.account, at: now, lifetime: lifetime, packing: $0)
        }
    }

    func report(on token: Secret, for owner: TokenOwner?, at now: Instant) -> TokenReport {
        let text = token.reveal(for: .verification)
        let ticket: TencentUserSig
        do {
            ticket = try TencentUserSig(parsing: text)
        } catch {
            return unreadable(text, error)
        }
        var problems: [TokenProblem] = []
        if let owner { problems += ownerProblems(of: ticket, owner) }
        if ticket.isExpired(at: now) { problems.append(expired(ticket, at: now)) }
        return TokenReport(
            claims: (try? TencentUserSig.value(in: text)) ?? .object([]), issued: Self.instant(ticket.time),
            expires: ticket.lastSecond.flatMap { Self.instant($0) }, problems: problems,
            notes: notes(on: ticket, at: now, isChecked: owner != nil),
            answer: answer(to: problems, isChecked: owner != nil), isSignatureChecked: owner != nil)
    }

    private func mint(of owner: TokenOwner) -> TencentMint {
        TencentMint(appKey: owner.appKey, appSecret: owner.appSecret)
    }

    /// The code of the row of §1.4 that a problem names, which the provider would answer.
    private func answer(to problems: [TokenProblem], isChecked: Bool) -> TokenReport.Answer? {
        if let first = problems.first {
            let code = Int(first.rule.text.split(separator: "-").last ?? "") ?? 0
            let isOwnersToSay = !isChecked && first.kind == .expired
            return TokenReport.Answer(
                code: code, name: Tencent.codeName(code), rule: first.rule,
                condition: isOwnersToSay ? "the app, the UserID and the signature are right" : nil)
        }
        guard isChecked else { return nil }
        return TokenReport.Answer(
            code: 0, name: "success", rule: "TC-1.4-order",
            condition: "no kick by the web API came after it was made, and the account is not on the blacklist")
    }

    /// The instant of a claim; nil when microseconds cannot count it.
    private static func instant(_ seconds: Int64) -> Instant? {
        seconds.multipliedReportingOverflow(by: 1_000_000).overflow ? nil : Instant(seconds: seconds)
    }

    private static func rule(_ code: Int) -> RuleID { RuleID("TC-1.4-\(code)") }
}

/// UserSigs that can be read.
extension TencentTokenInspector {
    /// What does not fit the owner, in the order of §1.4.
    private func ownerProblems(of ticket: TencentUserSig, _ owner: TokenOwner) -> [TokenProblem] {
        let mint = mint(of: owner)
        guard !mint.hasNoKey else {
            return [
                TokenProblem(
                    .wrongSignature, "The app has no key, so that nothing can be checked.", rule: Self.rule(70016))
            ]
        }
        var problems: [TokenProblem] = []
        if !mint.names(ticket, appKey: owner.appKey) {
            let text = "It is for SDKAppID \(ticket.sdkAppID), not for the one that is asked about."
            problems.append(TokenProblem(.wrongApp, text, rule: Self.rule(70014)))
        }
        if !TencentMint.isSame(ticket.identifier, owner.account) {
            let text = "It is for another UserID than the one that is asked about."
            problems.append(TokenProblem(.wrongAccount, text, rule: Self.rule(70013)))
        }
        if !mint.fits(ticket) {
            let text = "Its signature does not fit: it is signed with another key, or was changed afterwards."
            problems.append(TokenProblem(.wrongSignature, text, rule: Self.rule(70009)))
        }
        return problems
    }

    private func expired(_ ticket: TencentUserSig, at now: Instant) -> TokenProblem {
        let rule = Self.rule(70001)
        guard ticket.expire >= 0 else {
            let text = "It expired before it was made: its TLS.expire is \(ticket.expire) s."
            return TokenProblem(.expired, text, rule: rule)
        }
        guard let end = ticket.lastSecond.flatMap({ Self.instant($0) }) else {
            return TokenProblem(.expired, "It expired longer ago than can be counted.", rule: rule)
        }
        let text = "Its last second was \(TokenTime.text(end)), \(TokenTime.span(now - end)) ago."
        return TokenProblem(.expired, text, rule: rule)
    }

    private func notes(on ticket: TencentUserSig, at now: Instant, isChecked: Bool) -> [String] {
        var notes: [String] = []
        if ticket.time > now.seconds {
            notes.append("It is made in the future; the published verifier does not look at that.")
        }
        if ticket.time >= 100_000_000_000 {
            notes.append("TLS.time looks like milliseconds; the provider reads it as seconds.")
        }
        if ticket.expire > Self.longestLife {
            notes.append("It lives longer than 50 years, the most that the documentation allows.")
        }
        if ticket.version != "2.0" {
            notes.append("Its TLS.ver is not 2.0; it is not signed, and the check does not look at it.")
        }
        if ticket.userbuf != nil {
            notes.append("It carries a userbuf, which rooms use; a login to messaging needs none.")
        }
        if !isChecked {
            notes.append("The signature was not checked: that takes the SDKAppID, the UserID and the app's key.")
        }
        return notes
    }

    /// 50 years in seconds (§1.1).
    private static let longestLife: Int64 = 50 * 365 * 86_400
}

/// UserSigs that cannot be read.
extension TencentTokenInspector {
    private func unreadable(_ text: String, _ problem: TencentUserSig.Problem) -> TokenReport {
        let problems = faults(of: problem).map { TokenProblem($0.0, $0.1, rule: Self.rule(problem.code)) }
        return TokenReport(
            claims: (try? TencentUserSig.value(in: text)) ?? .object([]), issued: nil, expires: nil,
            problems: problems, notes: [], answer: answer(to: problems, isChecked: false), isSignatureChecked: false)
    }

    private func faults(of problem: TencentUserSig.Problem) -> [(TokenProblem.Kind, String)] {
        switch problem {
        case .empty:
            [(.empty, "It is empty.")]
        case .tooLong:
            [(.tooLong, "It is longer than \(TencentUserSig.longest) bytes, the most that is read.")]
        case .alphabet(.character(let scalar, let place)):
            [(.notBase64, "It is not of the UserSig's alphabet: \(Self.shown(scalar)) stands in place \(place).")]
        case .alphabet(.length):
            [(.cutOff, "It is cut off: its length is no multiple of four, or its padding does not fit.")]
        case .alphabet(.unusedBits):
            [(.damaged, "Its last character was changed: it sets bits that no generator sets.")]
        case .container(.cutOff):
            [(.cutOff, "It is cut off: what it holds stops in the middle.")]
        case .container(.damaged):
            [(.damaged, "It is damaged: what it holds cannot be unpacked, or its check sum is wrong.")]
        case .container(.trailingBytes):
            [(.damaged, "It is damaged: something follows the end of what it holds.")]
        case .container(.tooLarge):
            [(.tooLong, "It unpacks to more than \(TencentUserSig.longestJSON) bytes, the most that is read.")]
        case .notJSON(let text):
            [(.notJSON, "It can be unpacked, but what it holds is not a ticket: \(text).")]
        case .claims(let texts):
            texts.map { (.wrongClaims, $0) }
        }
    }

    /// A character that does not belong, by a word for the likely mistakes.
    private static func shown(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case " ": return "a space"
        case "\n", "\r": return "a line break"
        case "+": return "a + of plain base64, which is written *"
        case "/": return "a / of plain base64, which is written -"
        case "=": return "a = of plain base64, which is written _"
        case "%": return "a % of an encoded query, which has to be undone first"
        case "_": return "a _ that is not at the end"
        default:
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }
    }
}
