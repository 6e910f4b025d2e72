import Cloud
import LoginCore
import Providers
import Testing

/// What is said about UserSigs.
struct TencentTokenReportTests {
    private static let made = Instant(seconds: 1_700_000_000)
    private static let owner = owner()

    private static func owner(
        appKey: String = "1400000000", secret: String = "example-key", account: String = "alice"
    ) -> TokenOwner {
        TokenOwner(appKey: appKey, appSecret: AppSecret(secret), account: account)
    }

    private static func inspector() throws -> any TokenInspector {
        try #require(ProviderClouds.tokenInspector(provider: "tencent"))
    }

    private static func ticket(_ lifetime: Int64 = 600) throws -> Secret {
        try inspector().mint(for: owner, at: made, lifetime: .seconds(lifetime))
    }

    private static func packed(_ json: String) -> String {
        TencentAlphabet.encode(Zlib.stored(Array(json.utf8)))
    }

    @Test("A fresh ticket is valid, says so in JSON, and names all that it claims")
    func valid() throws {
        let report = try Self.inspector().report(on: try Self.ticket(), for: Self.owner, at: Self.made)
        #expect(report.isValid == true)
        #expect(report.answer?.code == 0)
        #expect(report.issued == Self.made)
        #expect(report.expires == Self.made + .seconds(600))
        let json = report.json()
        #expect(json.hasPrefix(#"{"valid":true,"code":0,"name":"success","claims":{"TLS.expire":600,"#))
        #expect(json.contains(#""issued":1700000000000,"expires":1700000600000,"problems":[]"#))
        #expect(report.lines.contains { $0.contains("TLS.identifier") && $0.contains("alice") })
    }

    struct Row: CustomTestStringConvertible {
        let testDescription: String
        var owner = TencentTokenReportTests.owner
        var text: String?
        var seconds: Int64 = 0
        let kinds: [TokenProblem.Kind]
        let code: Int
    }

    private static let rows = [
        Row(testDescription: "empty", text: "", kinds: [.empty], code: 70002),
        Row(testDescription: "too long", text: String(repeating: "A", count: 9000), kinds: [.tooLong], code: 70003),
        Row(testDescription: "plain base64", text: "eJy+", kinds: [.notBase64], code: 70003),
        Row(testDescription: "one character", text: "e", kinds: [.cutOff], code: 70003),
        Row(testDescription: "half a container", text: "eAEBqQBW", kinds: [.cutOff], code: 70003),
        Row(testDescription: "no container", text: "AAAA", kinds: [.damaged], code: 70003),
        Row(testDescription: "not JSON", text: packed("alice"), kinds: [.notJSON], code: 70003),
        Row(
            testDescription: "claims missing", text: packed(#"{"TLS.ver":"2.0","TLS.sig":1}"#),
            kinds: [.wrongClaims, .wrongClaims, .wrongClaims, .wrongClaims, .wrongClaims], code: 70005),
        Row(testDescription: "no key", owner: owner(secret: ""), kinds: [.wrongSignature], code: 70016),
        Row(testDescription: "other app", owner: owner(appKey: "1400000001"), kinds: [.wrongApp], code: 70014),
        Row(testDescription: "other user", owner: owner(account: "bob"), kinds: [.wrongAccount], code: 70013),
        Row(testDescription: "other key", owner: owner(secret: "wrong"), kinds: [.wrongSignature], code: 70009),
        Row(testDescription: "expired", seconds: 601, kinds: [.expired], code: 70001),
        Row(
            testDescription: "all at once", owner: owner(appKey: "1", secret: "wrong", account: "bob"), seconds: 700,
            kinds: [.wrongApp, .wrongAccount, .wrongSignature, .expired], code: 70014),
    ]

    @Test("Each fault has its kind and the code that the provider answers", arguments: rows)
    func faults(row: Row) throws {
        let token = try row.text.map { Secret($0, kind: .token) } ?? Self.ticket()
        let report = try Self.inspector().report(on: token, for: row.owner, at: Self.made + .seconds(row.seconds))
        #expect(report.problems.map(\.kind) == row.kinds)
        #expect(report.answer?.code == row.code)
        #expect(report.answer?.name == Tencent.codeName(row.code))
        #expect(report.isValid == false)
    }

    @Test("Without the key, a ticket that is otherwise fine gets no verdict")
    func unchecked() throws {
        let report = try Self.inspector().report(on: try Self.ticket(), for: nil, at: Self.made)
        #expect(report.isValid == nil)
        #expect(report.answer == nil)
        let late = try Self.inspector().report(on: try Self.ticket(), for: nil, at: Self.made + .seconds(601))
        #expect(late.isValid == false)
        #expect(late.answer?.code == 70001)
        #expect(late.answer?.condition != nil)
    }

    @Test("Each form of a ticket has bytes of its own, and all of them are valid and claim the same")
    func forms() throws {
        let inspector = try Self.inspector()
        #expect(inspector.forms == ["stored", "deflate"])
        let tickets = try inspector.forms.map {
            try #require(inspector.mint(for: Self.owner, at: Self.made, lifetime: .seconds(600), form: $0))
        }
        let reports = tickets.map { inspector.report(on: $0, for: Self.owner, at: Self.made) }
        #expect(reports.allSatisfy { $0.isValid == true })
        #expect(reports[0].claims == reports[1].claims)
        let texts = tickets.map { $0.reveal(for: .verification) }
        #expect(texts[0] != texts[1])
        #expect(try Self.ticket().reveal(for: .verification) == texts[0])
        #expect(inspector.mint(for: Self.owner, at: Self.made, lifetime: .seconds(600), form: "zip") == nil)
    }

    @Test("Where a token has one form only, none can be named", arguments: ["commsease", "easemob"])
    func oneForm(provider: String) throws {
        let inspector = try #require(ProviderClouds.tokenInspector(provider: provider))
        #expect(inspector.forms.isEmpty)
        #expect(inspector.mint(for: Self.owner, at: Self.made, lifetime: .seconds(600), form: "stored") == nil)
    }

    /// Proves TC-1.1-longest.
    @Test("What is odd and changes nothing is a note")
    func notes() throws {
        func notes(_ lifetime: Int64, at now: Instant) throws -> Int {
            try Self.inspector().report(on: try Self.ticket(lifetime), for: Self.owner, at: now).notes.count
        }
        #expect(try notes(600, at: Self.made) == 0)
        #expect(try notes(600, at: Self.made + .seconds(-1)) == 1)
        #expect(try notes(50 * 365 * 86_400, at: Self.made) == 0)
        #expect(try notes(50 * 365 * 86_400 + 1, at: Self.made) == 1)
        #expect(try notes(51 * 365 * 86_400, at: Self.made) == 1)
    }

    @Test("No mutation of a ticket traps, and the report agrees with what the login says")
    func mutations() throws {
        let mint = TencentMint(appKey: Self.owner.appKey, appSecret: Self.owner.appSecret)
        let inspector = try Self.inspector()
        let text = Array(try Self.ticket().reveal(for: .verification).utf8)
        let json = try Zlib.inflate(
            TencentAlphabet.decode(String(decoding: text, as: UTF8.self)), atMost: 1000)
        var chance = SeededGenerator(seed: 5)
        var opened = 0
        for round in 0..<6000 {
            var bytes = round % 2 == 0 ? json : text
            for _ in 0...chance.below(3) {
                let place = Int(chance.below(UInt64(bytes.count)))
                switch chance.below(3) {
                case 0: bytes[place] = UInt8(chance.below(128))
                case 1: bytes.remove(at: place)
                default: bytes.insert(UInt8(chance.below(128)), at: place)
                }
            }
            let token = Secret(
                round % 2 == 0
                    ? TencentAlphabet.encode(Zlib.stored(bytes)) : String(decoding: bytes, as: UTF8.self), kind: .token)
            let report = inspector.report(on: token, for: Self.owner, at: Self.made)
            let opens =
                (try? mint.check(token, userID: "alice", appKey: "1400000000", at: Self.made).get()) != nil
            #expect(report.isValid == opens)
            #expect(report.problems.isEmpty == opens)
            opened += opens ? 1 : 0
        }
        // A change of white space or of the version, which is not signed, is no harm.
        #expect(opened < 600)
    }
}
