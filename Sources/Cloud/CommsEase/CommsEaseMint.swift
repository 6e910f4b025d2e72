import LoginCore
import Providers

/// Makes and checks CommsEase's tokens and signatures; the one place that uses the app secret.
package struct CommsEaseMint: Sendable {
    /// Why a dynamic token does not open the door.
    package enum DynamicTokenProblem: Error, Hashable, Sendable {
        /// Not base64 of a JSON object with signature, curTime and ttl.
        case unreadable
        /// Signed with another secret, for another account or another app key.
        case wrongSignature
        /// Its time is over; the end is nil when no clock can count so far back.
        case expired(at: Instant?)
        /// Its curTime lies further ahead than clocks may differ.
        case notYet
    }

    /// How long a CheckSum holds, from its CurTime on (commsease.md §11.1), and how far ahead CurTime may lie [ours].
    package static let window: Duration = .seconds(300)

    private let appKey: String
    private let appSecret: AppSecret
    private let code: MessageCode
    /// How old a call's CurTime may be: `window`, or as long as a call may be on its way where time runs fast.
    private let oldest: Duration

    package init(appKey: String, appSecret: AppSecret, slowestCall: Duration = .zero) {
        oldest = max(Self.window, slowestCall)
        self.appKey = appKey
        self.appSecret = appSecret
        code = MessageCode(key: appSecret.forMinting.reveal(for: .verification))
    }

    /// A permanent token: 32 lower-case hexadecimal digits (commsease.md §11.2).
    package static func staticToken(using chance: inout SeededGenerator) -> Secret {
        Secret(chance.text(32, of: Alphabet.hex), kind: .token)
    }

    /// A token that ends by itself (commsease.md §10): base64 of `{"signature":…,"curTime":…,"ttl":…}` with curTime
    /// in milliseconds and ttl in seconds.
    ///
    /// A lifetime is cut to whole seconds.
    package func dynamicToken(account: String, at now: Instant, lifetime: Duration) -> Secret {
        let curTime = now.milliseconds
        let ttl = lifetime.components.seconds
        let signature = signature(account: account, curTime: curTime, ttl: ttl)
        let token = CommsEaseDynamicToken(signature: signature, curTime: curTime, ttl: ttl)
        return Secret(token.text, kind: .token)
    }

    /// The end of a token that `dynamicToken` makes at the same instant.
    package static func end(of lifetime: Duration, mintedAt now: Instant) -> Instant {
        Instant(milliseconds: now.milliseconds) + .seconds(lifetime.components.seconds)
    }

    /// Checks a dynamic token's signature and time; valid up to but not including curTime + ttl [ours].
    package func check(
        dynamicToken token: Secret, account: String, at now: Instant
    ) -> Result<Void, DynamicTokenProblem> {
        guard let token = CommsEaseDynamicToken(token.reveal(for: .verification)) else { return .failure(.unreadable) }
        guard fits(token, account: account) else { return .failure(.wrongSignature) }
        if let problem = Self.timeProblem(of: token, at: now) { return .failure(problem) }
        return .success(())
    }

    /// Whether a dynamic token claims a life of more than 24 hours, which is worth a note.
    static func isLongLived(dynamicToken token: Secret) -> Bool {
        (CommsEaseDynamicToken(token.reveal(for: .verification))?.ttl ?? 0) > 86_400
    }

    /// Whether the token is signed with this secret, for this app key and `account`.
    func fits(_ token: CommsEaseDynamicToken, account: String) -> Bool {
        ConstantTime.areEqual(token.signature, signature(account: account, curTime: token.curTime, ttl: token.ttl))
    }

    /// What is wrong at `now` with the times that a token claims, whoever signed it.
    static func timeProblem(of token: CommsEaseDynamicToken, at now: Instant) -> DynamicTokenProblem? {
        // Whoever has the secret may sign any number.
        let (farthest, isEndOfTime) = now.milliseconds.addingReportingOverflow(window.wholeMilliseconds)
        guard isEndOfTime || token.curTime <= farthest else { return .notYet }
        guard let end = token.expires else {
            // The end is beyond what a clock can count, ahead or behind.
            return token.ttl > 0 && token.curTime >= 0 ? nil : .expired(at: nil)
        }
        return now < end ? nil : .expired(at: end)
    }

    /// A token for a login that the provider asks about (commsease.md §10): its end and a MAC that only the owner of
    /// the app secret can make.
    ///
    /// The provider never reads it, so its shape is the app server's own.
    package func callbackToken(account: String, at now: Instant, lifetime: Duration) -> Secret {
        let end = Self.end(of: lifetime, mintedAt: now).milliseconds
        return Secret("cb-\(end)-\(callbackCode(account: account, end: end))", kind: .token)
    }

    /// Whether a token of ``callbackToken(account:at:lifetime:)`` opens `account` now.
    package func check(callbackToken token: Secret, account: String, at now: Instant) -> Bool {
        let parts = token.reveal(for: .verification).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "cb", parts[1].utf8.count <= 18, let end = Int64(parts[1]),
            ConstantTime.areEqual(String(parts[2]), callbackCode(account: account, end: end))
        else { return false }
        return now.milliseconds < end
    }

    private func callbackCode(account: String, end: Int64) -> String {
        let text = "latchkey callback token\n\(appKey)\n\(account)\n\(end)"
        return HexDigit.text(code(of: Array(text.utf8))[...])
    }

    /// The signed request that asks an app server about a login.
    func request(for question: CommsEaseLoginQuestion, cause: EntryID) -> HTTPRequestValue {
        question.http(appKey: appKey, appSecret: appSecret.forMinting, cause: cause)
    }

    /// What a callback asks, or nil when this app's provider did not sign it or its CurTime is too old or too new.
    func question(in request: HTTPRequestValue, at now: Instant) -> CommsEaseAskedLogin? {
        guard let text = request.values(of: "CurTime").first, text.utf8.count <= 15, let sent = Int64(text) else {
            return nil
        }
        let age = now - Instant(milliseconds: sent)
        guard age <= Self.window, age >= .zero - Self.window else { return nil }
        return CommsEaseAskedLogin(request, appKey: appKey, appSecret: appSecret.forMinting) {
            ConstantTime.areEqual($0, $1)
        }
    }

    /// The four headers' values for a web API call made at `now`.
    package func credentials(nonce: String, at now: Instant) -> CommsEaseCredentials {
        let curTime = String(now.seconds)
        return CommsEaseCredentials(
            appKey: appKey, nonce: nonce, curTime: curTime, checkSum: checkSum(nonce: nonce, curTime: curTime))
    }

    /// Checks the four headers of a web API call in the order AppKey, CheckSum, CurTime [ours], with the bodies of
    /// commsease.md §11.2.
    package func check(_ credentials: CommsEaseCredentials, at now: Instant) -> CommsEaseAPIError? {
        guard credentials.appKey == appKey else { return CommsEaseAPIError(code: 414, desc: "appkey") }
        let wanted = checkSum(nonce: credentials.nonce, curTime: credentials.curTime)
        guard ConstantTime.areEqual(credentials.checkSum, wanted) else {
            return CommsEaseAPIError(code: 414, desc: "checksum")
        }
        let expired = CommsEaseAPIError(code: 414, desc: "CurTime is expired")
        // Twelve digits reach the year 33658 and cannot overflow.
        guard (1...12).contains(credentials.curTime.utf8.count),
            credentials.curTime.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let seconds = Int64(credentials.curTime)
        else { return expired }
        let age = now - Instant(seconds: seconds)
        return age > oldest || age < .zero - Self.window ? expired : nil
    }

    private func checkSum(nonce: String, curTime: String) -> String {
        CommsEaseSignature.checkSum(appSecret: appSecret.forMinting, nonce: nonce, curTime: curTime)
    }

    private func signature(account: String, curTime: Int64, ttl: Int64) -> String {
        CommsEaseSignature.dynamicToken(
            appKey: appKey, accid: account, curTime: curTime, ttl: ttl, appSecret: appSecret.forMinting)
    }
}

/// Comparison whose time does not depend on where two texts begin to differ.
enum ConstantTime {
    static func areEqual(_ left: String, _ right: String) -> Bool {
        areEqual(Array(left.utf8), Array(right.utf8))
    }

    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    static func areEqual(_ left: Secret, _ right: Secret) -> Bool {
        areEqual(left.reveal(for: .verification), right.reveal(for: .verification))
    }
}
