import Cloud
import LoginCore
import Providers
import Testing

/// Signed user tokens, made, checked and explained (easemob.md §1).
struct EasemobMintTests {
    private static let owner = TokenOwner(
        appKey: "xx#xx", appSecret: AppSecret("YXA6id:YXA6secret"), account: "alice")
    private static let now = Instant(seconds: 1_686_207_557)

    private static func report(
        _ text: String, for owner: TokenOwner? = owner, at now: Instant = now
    ) throws -> TokenReport {
        let inspector = try #require(ProviderClouds.tokenInspector(provider: "easemob"))
        return inspector.report(on: Secret(text, kind: .token), for: owner, at: now)
    }

    private static func mint(
        _ owner: TokenOwner = owner, at now: Instant = now, lifetime: Duration = .seconds(600)
    ) throws -> String {
        let inspector = try #require(ProviderClouds.tokenInspector(provider: "easemob"))
        return inspector.mint(for: owner, at: now, lifetime: lifetime).reveal(for: .screen)
    }

    /// Proves EM-1-dynamic.
    @Test("A token is made of the document's parts, and its signature can be computed by hand")
    func parts() throws {
        let text = try Self.mint()
        #expect(text.hasPrefix("ZHQt"))
        let token = try EasemobDynamicToken(parsing: text)
        #expect(token.appKey == "xx#xx")
        #expect(token.userID == "alice")
        #expect(token.curTime == 1_686_207_557)
        #expect(token.ttl == 600)
        let signed = "YXA6idxx#xxalice1686207557600YXA6secret"
        #expect(token.signature == SecretDigest.sha256(Array(signed.utf8)))
        let bytes = try #require(URLBase64.decode(text))
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("dt-{\"signature\":\""))
        #expect(try Self.mint() == text, "the same every time")
    }

    /// Proves EM-own-client-pair.
    @Test("A secret without a colon is the client secret, and its client id is made from the app key")
    func clientPair() {
        let pair = EasemobMint(appKey: "xx#xx", appSecret: AppSecret("id:se:cret"))
        #expect(pair.clientID == "id")
        let alone = EasemobMint(appKey: "xx#xx", appSecret: AppSecret("secret"))
        #expect(alone.clientID.hasPrefix("YXA6"))
        #expect(alone.clientID == EasemobMint(appKey: "xx#xx", appSecret: AppSecret("other")).clientID)
        #expect(alone.clientID != EasemobMint(appKey: "yy#yy", appSecret: AppSecret("secret")).clientID)
    }

    @Test("A new app has a key of two names and a client pair")
    func newApp() throws {
        let made = ProviderClouds.newApp(provider: "easemob") { String(repeating: "a5", count: $0) }
        #expect(Easemob.parts(ofAppKey: made.key)?.app == "latchkey")
        #expect(made.secret.split(separator: ":").count == 2)
        #expect(made.key.utf8.count <= 64)
    }

    struct Wrong: CustomTestStringConvertible {
        let name: String
        let kinds: [TokenProblem.Kind]
        let code: Int
        let token: @Sendable () throws -> String
        var at: Instant = now
        var testDescription: String { name }
    }

    private static func token(of json: String) -> String { URLBase64.encode(Array(("dt-" + json).utf8)) }

    private static let wrongs = [
        Wrong(name: "empty", kinds: [.empty], code: 104) { "" },
        Wrong(name: "too long", kinds: [.tooLong], code: 104) { String(repeating: "Z", count: 4097) },
        Wrong(name: "not base64", kinds: [.notBase64], code: 104) { "ZHQt+" },
        Wrong(name: "cut off", kinds: [.notBase64], code: 104) { String(try mint().dropLast(3)) },
        Wrong(name: "of the endpoint", kinds: [.wrongClaims], code: 104) { "YWMtAAAA" },
        Wrong(name: "no JSON", kinds: [.notJSON], code: 104) { token(of: "{") },
        Wrong(name: "a list", kinds: [.notJSON], code: 104) { token(of: "[]") },
        Wrong(name: "no claims", kinds: Array(repeating: .wrongClaims, count: 5), code: 104) { token(of: "{}") },
        Wrong(name: "wrong types", kinds: [.wrongClaims, .wrongClaims], code: 104) {
            token(of: "{\"signature\":1,\"appkey\":\"a\",\"userId\":\"b\",\"curTime\":\"x\",\"ttl\":2}")
        },
        Wrong(name: "another user's", kinds: [.wrongAccount], code: 202) {
            try mint(TokenOwner(appKey: owner.appKey, appSecret: owner.appSecret, account: "bob"))
        },
        Wrong(name: "another secret", kinds: [.wrongSignature], code: 202) {
            try mint(TokenOwner(appKey: owner.appKey, appSecret: AppSecret("YXA6id:x"), account: "alice"))
        },
        Wrong(name: "another app's", kinds: [.wrongApp], code: 202) {
            try mint(TokenOwner(appKey: "yy#yy", appSecret: owner.appSecret, account: "alice"))
        },
        Wrong(name: "expired", kinds: [.expired], code: 108, token: { try mint() }, at: now + .seconds(600)),
        Wrong(name: "a negative life", kinds: [.expired], code: 108) { try mint(lifetime: .seconds(-1)) },
    ]

    /// Proves EM-own-dynamic-order, EM-own-dynamic-strict, EM-7-login.
    @Test("What is wrong with a token is said, and what the SDK is told", arguments: wrongs)
    func wrong(row: Wrong) throws {
        let report = try Self.report(try row.token(), at: row.at)
        #expect(report.problems.map(\.kind) == row.kinds)
        #expect(report.answer?.code == row.code)
        #expect(report.isValid == false)
        for problem in report.problems {
            #expect(Easemob.rules[problem.rule] != nil, "\(problem.rule)")
            #expect(problem.text.hasSuffix("."))
        }
    }

    /// Proves EM-own-token-form.
    @Test("A token of the endpoint is examined with the client pair, and without it nothing is said of it")
    func ofTheEndpoint() throws {
        var rig = EasemobRig()
        rig.register("ann")
        let now = rig.now
        let good = rig.token("ann", ttl: 600).reveal(for: .screen)
        func owner(_ appKey: String = EasemobRig.appKey, _ secret: AppSecret = EasemobRig.secret) -> TokenOwner {
            TokenOwner(appKey: appKey, appSecret: secret, account: "ann")
        }
        let report = try Self.report(good, for: owner(), at: now)
        #expect(report.isValid == true)
        #expect(report.answer?.code == 0)
        #expect(report.answer?.condition?.hasPrefix("it was made for this user") == true)
        #expect(report.expires.map { $0 - now } == .seconds(600))
        let forever = rig.token("ann", ttl: 0).reveal(for: .screen)
        #expect(try Self.report(forever, for: owner(), at: now + .seconds(1_000_000)).isValid == true)
        let unchecked = try Self.report(good, for: nil, at: now)
        #expect(unchecked.isValid == nil)
        #expect(unchecked.answer == nil)
        #expect(unchecked.notes.count == 1)
        let app = try #require(rig.appToken).reveal(for: .screen)
        for (token, owner, at, code) in [
            (good, owner(), now + .seconds(601), 108), (app, owner(), now, 202), (good, owner("yy#yy"), now, 202),
            (good, owner(EasemobRig.appKey, AppSecret("client-1:x")), now, 202),
            (String(good.dropLast(3)), owner(), now, 104),
        ] {
            let report = try Self.report(token, for: owner, at: at)
            #expect(report.isValid == false)
            #expect(report.answer?.code == code)
        }
    }

    /// Proves EM-own-dynamic-zero.
    @Test("A good token is good, and what is strange about it is noted")
    func good() throws {
        let report = try Self.report(try Self.mint())
        #expect(report.problems.isEmpty)
        #expect(report.isValid == true)
        #expect(report.answer?.code == 0)
        #expect(report.expires == Self.now + .seconds(600))
        #expect(report.notes.isEmpty)
        let last = try Self.report(try Self.mint(), at: Self.now + .seconds(599))
        #expect(last.isValid == true)
        let unchecked = try Self.report(try Self.mint(), for: nil)
        #expect(unchecked.isValid == nil)
        #expect(unchecked.answer == nil)
        let forever = try Self.report(try Self.mint(lifetime: .zero), at: Self.now + .seconds(1_000_000))
        #expect(forever.isValid == true)
        #expect(forever.expires == nil)
        let capitals = TokenOwner(appKey: "xx#xx", appSecret: Self.owner.appSecret, account: "ALICE")
        #expect(try Self.report(try Self.mint(capitals)).isValid == true)
        #expect(try Self.report(try Self.mint(capitals)).notes.count == 1)
        #expect(try Self.report(try Self.mint(at: Self.now + .seconds(60))).notes.count == 1)
    }

    @Test("One changed character is never overlooked")
    func changes() throws {
        let text = Array(try Self.mint())
        for index in stride(from: 0, to: text.count, by: 3) {
            var changed = text
            changed[index] = changed[index] == "A" ? "B" : "A"
            guard changed != text else { continue }
            #expect(try Self.report(String(changed)).isValid == false, "place \(index)")
        }
    }
}
