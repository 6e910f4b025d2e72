import LoginCore
import Providers

/// Makes and examines signed user tokens (easemob.md §1).
struct EasemobTokenInspector: TokenInspector {
    let usualLifetime = EasemobMint.usualLifetime
    let mintsForEver = true

    func mint(for owner: TokenOwner, at now: Instant, lifetime: Duration) -> Secret {
        mint(of: owner).dynamicToken(for: owner.account, at: now, lifetime: lifetime)
    }

    func report(on token: Secret, for owner: TokenOwner?, at now: Instant) -> TokenReport {
        let text = token.reveal(for: .verification)
        if text.hasPrefix(EasemobMint.endpointPrefix) { return endpointReport(on: token, for: owner, at: now) }
        let signed: EasemobDynamicToken
        do {
            signed = try EasemobDynamicToken(parsing: text)
        } catch {
            return unreadable(text, error)
        }
        var problems: [TokenProblem] = []
        if let owner { problems += ownerProblems(of: signed, owner) }
        if signed.isExpired(at: now) { problems.append(expired(signed, at: now)) }
        return TokenReport(
            claims: (try? EasemobDynamicToken.value(in: text)) ?? .object([]),
            issued: EasemobMint.instant(signed.curTime), expires: signed.end.flatMap { EasemobMint.instant($0) },
            problems: problems, notes: notes(on: signed, at: now, isChecked: owner != nil),
            answer: answer(to: problems, isChecked: owner != nil), isSignatureChecked: owner != nil)
    }

    private static let standing = "exists, is not banned and has not had a new password since it was made"

    private func mint(of owner: TokenOwner) -> EasemobMint {
        EasemobMint(appKey: owner.appKey, appSecret: owner.appSecret)
    }

    /// What the SDK is told; the first problem decides.
    private func answer(
        to problems: [TokenProblem], isChecked: Bool, condition: String = "the user " + standing
    ) -> TokenReport.Answer? {
        guard let first = problems.first else {
            guard isChecked else { return nil }
            return TokenReport.Answer(
                code: 0, name: "NoError", rule: "EM-own-dynamic-order", condition: condition)
        }
        let code =
            switch first.kind {
            case .expired: 108
            case .wrongApp, .wrongAccount, .wrongSignature: 202
            default: 104
            }
        let isOwnersToSay = !isChecked && first.kind == .expired
        return TokenReport.Answer(
            code: code, name: Easemob.codeName(code), rule: first.rule,
            condition: isOwnersToSay ? "the app, the user ID and the signature are right" : nil)
    }

    /// What does not fit the owner, in the order in which the lab's server looks.
    private func ownerProblems(of signed: EasemobDynamicToken, _ owner: TokenOwner) -> [TokenProblem] {
        var problems: [TokenProblem] = []
        if signed.appKey != owner.appKey {
            let text = "It is for another app key than the one that is asked about."
            problems.append(TokenProblem(.wrongApp, text, rule: "EM-own-dynamic-order"))
        }
        if Easemob.stored(signed.userID) != Easemob.stored(owner.account) {
            let text = "It is for another user ID than the one that is asked about."
            problems.append(TokenProblem(.wrongAccount, text, rule: "EM-own-dynamic-order"))
        }
        if !mint(of: owner).fits(signed) {
            let text = "Its signature does not fit: it is signed with another client pair, or was changed afterwards."
            problems.append(TokenProblem(.wrongSignature, text, rule: "EM-1-dynamic"))
        }
        return problems
    }

    private func expired(_ signed: EasemobDynamicToken, at now: Instant) -> TokenProblem {
        let rule: RuleID = "EM-7-login"
        guard signed.ttl >= 0, let end = signed.end.flatMap({ EasemobMint.instant($0) }) else {
            let text = "It expired before it was made, or longer ago than can be counted: its ttl is \(signed.ttl) s."
            return TokenProblem(.expired, text, rule: rule)
        }
        let text = "It expired at \(TokenTime.text(end)), \(TokenTime.span(now - end)) ago."
        return TokenProblem(.expired, text, rule: rule)
    }

    private func notes(on signed: EasemobDynamicToken, at now: Instant, isChecked: Bool) -> [String] {
        var notes: [String] = []
        if signed.curTime > now.seconds { notes.append("It is made in the future; no document forbids that.") }
        if signed.curTime >= 100_000_000_000 {
            notes.append("curTime looks like milliseconds; the provider reads it as seconds.")
        }
        if signed.ttl == 0 { notes.append("Its ttl is 0, so that it never expires.") }
        if signed.userID != Easemob.stored(signed.userID) {
            notes.append("Its user ID has capitals, which the provider keeps in lower case.")
        }
        if !isChecked {
            notes.append("The signature was not checked: that takes the app key, the user ID and the client pair.")
        }
        return notes
    }

    /// What can be said of a token of the endpoint: it is opaque but to whoever has the client pair.
    private func endpointReport(on token: Secret, for owner: TokenOwner?, at now: Instant) -> TokenReport {
        let opaque = "It is of the token endpoint and opaque: its server alone knows what it is good for."
        guard let owner else {
            return TokenReport(
                claims: .object([]), issued: nil, expires: nil, problems: [], notes: [opaque], answer: nil,
                isSignatureChecked: false)
        }
        let found = mint(of: owner).ticket(in: token)
        let ticket = try? found.get()
        let problems = ticketProblems(found, at: now)
        return TokenReport(
            claims: .object([]), issued: ticket.map { Instant(milliseconds: $0.issued) }, expires: ticket?.end,
            problems: problems, notes: [opaque],
            answer: answer(to: problems, isChecked: true, condition: "it was made for this user, who " + Self.standing),
            isSignatureChecked: true)
    }

    private func ticketProblems(
        _ ticket: Result<EasemobTicket, EasemobTicket.Problem>, at now: Instant
    ) -> [TokenProblem] {
        let rule: RuleID = "EM-7-login"
        switch ticket {
        case .failure(.malformed):
            return [TokenProblem(.wrongClaims, "It is cut off, or no token of this lab's endpoint.", rule: rule)]
        case .failure(.otherApp):
            return [TokenProblem(.wrongApp, "It is for another app key than the one that is asked about.", rule: rule)]
        case .failure(.notOurs):
            let text = "It was made with another client pair, or changed afterwards."
            return [TokenProblem(.wrongSignature, text, rule: rule)]
        case .success(let ticket):
            var problems: [TokenProblem] = []
            if ticket.kind == .app {
                problems.append(TokenProblem(.wrongAccount, "It is an app token, and no user's.", rule: rule))
            }
            if let end = ticket.end, now >= end {
                let text = "It expired at \(TokenTime.text(end)), \(TokenTime.span(now - end)) ago."
                problems.append(TokenProblem(.expired, text, rule: rule))
            }
            return problems
        }
    }

    private func unreadable(_ text: String, _ problem: EasemobDynamicToken.Problem) -> TokenReport {
        let rule: RuleID = "EM-own-dynamic-order"
        let problems: [TokenProblem] =
            switch problem {
            case .empty: [TokenProblem(.empty, "It is empty.", rule: rule)]
            case .tooLong:
                [
                    TokenProblem(
                        .tooLong, "It is longer than \(Easemob.longestToken) bytes, the most that is read.", rule: rule)
                ]
            case .notBase64:
                [
                    TokenProblem(
                        .notBase64, "It is not URL-safe base64, or it was cut off.", rule: "EM-own-dynamic-strict")
                ]
            case .otherKind:
                [
                    TokenProblem(
                        .wrongClaims,
                        "It is no signed token: those hold dt- and JSON. One of the token endpoint is opaque.",
                        rule: rule)
                ]
            case .notJSON(let why): [TokenProblem(.notJSON, "What it holds is not a token: \(why).", rule: rule)]
            case .claims(let texts): texts.map { TokenProblem(.wrongClaims, $0, rule: rule) }
            }
        return TokenReport(
            claims: (try? EasemobDynamicToken.value(in: text)) ?? .object([]), issued: nil, expires: nil,
            problems: problems, notes: [], answer: answer(to: problems, isChecked: false), isSignatureChecked: false)
    }
}
