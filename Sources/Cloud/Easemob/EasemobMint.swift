import LoginCore
import Providers

/// Makes and checks Easemob's tokens; the one place that uses the app's client secret.
package struct EasemobMint: Sendable {
    /// How long a signed token lives when nobody says otherwise: the document's example (easemob.md §1).
    package static let usualLifetime: Duration = .seconds(600)

    /// `org#app`.
    package let appKey: String
    package let clientID: String
    private let clientSecret: Secret
    /// Org and app name of the app key, as they stand in a URL.
    let address: (org: String, app: String)
    /// The app's UUID, always the same for one app key.
    let application: String
    private let appTag: [UInt8]
    private let code: MessageCode
    private let known = KnownTokens<EasemobTicket>()

    /// The pair is read from a secret `CLIENT_ID:CLIENT_SECRET`; without a colon the client id is made from the app key
    /// [ours].
    package init(appKey: String, appSecret: AppSecret) {
        self.appKey = appKey
        let text = appSecret.forMinting.reveal(for: .verification)
        if let colon = text.firstIndex(of: ":") {
            clientID = String(text[..<colon])
            clientSecret = Secret(String(text[text.index(after: colon)...]), kind: .appSecret)
        } else {
            clientID = "YXA6" + SecretDigest.sha256(Array(appKey.utf8)).prefix(22)
            clientSecret = appSecret.forMinting
        }
        // A key without a # is nobody's in the real service; here it is an org with an app of a fixed name.
        address = Easemob.parts(ofAppKey: appKey) ?? (appKey, "app")
        application = Self.uuid(of: "application \(appKey)")
        appTag = Array(SecretDigest.bytes(of: appKey)[..<4])
        code = MessageCode(key: "\(appKey)\n\(clientSecret.reveal(for: .verification))")
    }

    /// An app key and a client pair in the form of the console's examples.
    package static func newApp(hex: (Int) -> String) -> (key: String, secret: String) {
        let digits = String((Int(hex(5), radix: 16) ?? 0) % 1_000_000_000_000)
        let org = "1122" + String(repeating: "0", count: 12 - digits.count) + digits
        return (org + "#latchkey", "YXA6" + hex(11) + ":YXA6" + hex(15))
    }

    /// The client pair as a grant.
    var credentials: EasemobGrant { .clientCredentials(id: clientID, clientSecret) }

    func isRightSecret(_ secret: Secret) -> Bool {
        ConstantTime.areEqual(secret, clientSecret)
    }

    /// A UUID that depends on the text alone.
    static func uuid(of text: String) -> String {
        dashed(SecretDigest.bytes(of: text)[..<16])
    }

    /// Sixteen bytes in the form of a UUID.
    static func dashed(_ bytes: ArraySlice<UInt8>) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (place, digit) in HexDigit.text(bytes).utf8.enumerated() {
            if place == 8 || place == 12 || place == 16 || place == 20 { text.append(UInt8(ascii: "-")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What a password is kept as.
    static func hash(_ password: Secret, uuid: String) -> String {
        SecretDigest.sha256(Array((uuid + password.reveal(for: .verification)).utf8))
    }

    // MARK: Signed tokens

    /// A signed token that is made in the second of `now`; a lifetime is cut to whole seconds.
    package func dynamicToken(for userID: String, at now: Instant, lifetime: Duration) -> Secret {
        var token = EasemobDynamicToken(
            appKey: appKey, userID: userID, curTime: now.seconds, ttl: lifetime.components.seconds, signature: "")
        token.signature = signature(of: token)
        return Secret(token.text, kind: .token)
    }

    /// Whether a text is of the signed kind, by its beginning.
    func isDynamic(_ token: Secret) -> Bool {
        token.reveal(for: .verification).hasPrefix(EasemobDynamicToken.prefix)
    }

    /// What a signed token says of itself; nil when it cannot be read.
    func dynamicToken(in token: Secret) -> EasemobDynamicToken? {
        try? EasemobDynamicToken(parsing: token.reveal(for: .verification))
    }

    /// The instant of a claim; nil when microseconds cannot count it.
    static func instant(_ seconds: Int64) -> Instant? {
        seconds.multipliedReportingOverflow(by: 1_000_000).overflow ? nil : Instant(seconds: seconds)
    }

    /// Whether the token is signed with this pair for what it claims.
    func fits(_ token: EasemobDynamicToken) -> Bool {
        ConstantTime.areEqual(token.signature, signature(of: token))
    }

    private func signature(of token: EasemobDynamicToken) -> String {
        let signed = clientID + token.content + clientSecret.reveal(for: .verification)
        return SecretDigest.sha256(Array(signed.utf8))
    }

    // MARK: Tokens of the endpoint

    /// A token of the token endpoint; its inside is ours, since the text is opaque.
    func token(_ ticket: EasemobTicket) -> Secret {
        let content = ticket.bytes(appTag: appTag)
        let token = Secret(URLBase64.encode(content + mac(of: content)), kind: .token)
        known.keep(ticket, of: token)
        return token
    }

    /// What a token of the endpoint says, when this mint made it; its times are the caller's to check.
    func ticket(in token: Secret) -> Result<EasemobTicket, EasemobTicket.Problem> {
        if let ticket = known.content(of: token) { return .success(ticket) }
        guard let bytes = URLBase64.decode(token.reveal(for: .verification)),
            bytes.count == EasemobTicket.length + Self.macLength, bytes.starts(with: Array("ac-".utf8))
        else { return .failure(.malformed) }
        let content = Array(bytes.prefix(EasemobTicket.length))
        guard let ticket = EasemobTicket(content) else { return .failure(.malformed) }
        guard Array(content[4..<8]) == appTag else { return .failure(.otherApp) }
        guard ConstantTime.areEqual(Array(bytes.suffix(Self.macLength)), mac(of: content)) else {
            return .failure(.notOurs)
        }
        known.keep(ticket, of: token)
        return .success(ticket)
    }

    private static let macLength = 15
    /// What a token of the endpoint begins with, the base64 of `ac-` (§1).
    static let endpointPrefix = "YWMt"

    private func mac(of content: [UInt8]) -> [UInt8] {
        Array(code(of: content)[..<Self.macLength])
    }
}

/// What stands inside a token of the endpoint [ours]: `ac-`, the kind, the app, whose it is, its times.
struct EasemobTicket: Hashable, Sendable {
    enum Kind: UInt8, Sendable {
        case user = 0x75
        case app = 0x61
    }

    enum Problem: Error, Hashable, Sendable {
        case malformed
        case otherApp
        /// Of the right form, and made by somebody else.
        case notOurs
    }

    /// `ac-`, kind 1, app 4, UUID 16, issued 8, lifetime 8, generation 4, serial 4.
    static let length = 48

    var kind: Kind
    /// The UUID of the user or the app.
    var subject: String
    /// In milliseconds since 1970.
    var issued: Int64
    /// In milliseconds, 0 for ever.
    var lifetime: Int64
    /// How often the user's tokens were voided before.
    var generation: UInt32
    /// Tells apart the tokens of one instant.
    var serial: UInt32

    init(kind: Kind, subject: String, issued: Int64, lifetime: Int64, generation: UInt32, serial: UInt32) {
        self.kind = kind
        self.subject = subject
        self.issued = issued
        self.lifetime = lifetime
        self.generation = generation
        self.serial = serial
    }

    /// Nil when the lifetime is for ever, or cannot be counted.
    var end: Instant? {
        let (end, isOver) = issued.addingReportingOverflow(lifetime)
        return lifetime == 0 || isOver || end.multipliedReportingOverflow(by: 1000).overflow
            ? nil : Instant(milliseconds: end)
    }

    func bytes(appTag: [UInt8]) -> [UInt8] {
        var bytes = Array("ac-".utf8) + [kind.rawValue] + appTag
        let digits = subject.utf8.filter { $0 != UInt8(ascii: "-") }
        for index in stride(from: 0, to: 32, by: 2) {
            guard index + 1 < digits.count, let high = HexDigit.value(of: digits[index]),
                let low = HexDigit.value(of: digits[index + 1])
            else {
                bytes.append(0)
                continue
            }
            bytes.append(high << 4 | low)
        }
        bytes += Self.bytes(UInt64(bitPattern: issued), 8) + Self.bytes(UInt64(bitPattern: lifetime), 8)
        return bytes + Self.bytes(UInt64(generation), 4) + Self.bytes(UInt64(serial), 4)
    }

    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.length, let kind = Kind(rawValue: bytes[3]) else { return nil }
        self.init(
            kind: kind, subject: EasemobMint.dashed(bytes[8..<24]),
            issued: Int64(bitPattern: Self.number(bytes[24..<32])),
            lifetime: Int64(bitPattern: Self.number(bytes[32..<40])),
            generation: UInt32(truncatingIfNeeded: Self.number(bytes[40..<44])),
            serial: UInt32(truncatingIfNeeded: Self.number(bytes[44..<48])))
    }

    private static func bytes(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
