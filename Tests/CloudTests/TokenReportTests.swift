import Cloud
import Foundation
import LoginCore
import Providers
import Testing

/// What is said about tokens, with the worked example of commsease.md §10.
struct TokenReportTests {
    private static let example =
        "eyJzaWduYXR1cmUiOiI1YTZkNDk5YWVhZDVhZDY1YWViZjhmNDZlODJmYjgyMDBiMzUyMzY2IiwiY3VyVGltZSI6MTYxNDc2NDYxMTU2MSwidHRs"
        + "Ijo2MDB9"
    private static let made = Instant(milliseconds: 1_614_764_611_561)
    private static let owner = owner()

    private static func owner(
        appKey: String = "go9dnk49bkd9jd9vmel1kglw0803mgq3", secret: String = "123456789012",
        account: String = "zhangsan"
    ) -> TokenOwner {
        TokenOwner(appKey: appKey, appSecret: AppSecret(secret), account: account)
    }

    private static func inspector() throws -> any TokenInspector {
        try #require(ProviderClouds.tokenInspector(provider: "commsease"))
    }

    private static func report(
        _ token: String, for owner: TokenOwner? = owner, at now: Instant = made
    ) throws -> TokenReport {
        try inspector().report(on: Secret(token, kind: .token), for: owner, at: now)
    }

    private static func base64(_ json: String) -> String {
        Data(json.utf8).base64EncodedString()
    }

    private static func signed(curTime: Int64, ttl: Int64) -> String {
        let signature = CommsEaseSignature.dynamicToken(
            appKey: owner.appKey, accid: owner.account, curTime: curTime, ttl: ttl,
            appSecret: Secret("123456789012", kind: .appSecret))
        return CommsEaseDynamicToken(signature: signature, curTime: curTime, ttl: ttl).text
    }

    @Test("The worked example is minted byte for byte, for the account in any spelling")
    func mintsExample() throws {
        for account in ["zhangsan", "ZhangSan"] {
            let token = try Self.inspector().mint(
                for: Self.owner(account: account), at: Self.made, lifetime: .seconds(600))
            #expect(token.reveal(for: .verification) == Self.example)
        }
    }

    @Test("The worked example is valid, with its claims, its instants and the answer 200")
    func readsExample() throws {
        let report = try Self.report(Self.example)
        #expect(report.isValid == true)
        #expect(report.problems.isEmpty)
        #expect(report.issued == Self.made)
        #expect(report.expires == Instant(milliseconds: 1_614_765_211_561))
        #expect(
            report.json().hasPrefix(
                #"{"valid":true,"code":200,"name":"success","claims":{"curTime":1614764611561,"#
                    + #""signature":"5a6d499aead5ad65aebf8f46e82fb8200b352366","ttl":600},"#
                    + #""issued":1614764611561,"expires":1614765211561,"problems":[],"#))
        #expect(
            report.lines == [
                "curTime    1614764611561",
                #"signature  "5a6d499aead5ad65aebf8f46e82fb8200b352366""#,
                "ttl        600",
                "issued     2021-03-03 09:43:31.561 UTC",
                "expires    2021-03-03 09:53:31.561 UTC",
                "answer     200 success (rule CE-14.2-accepted)",
                "if         dynamic tokens are switched on for the app, and the account exists and is not banned",
            ])
    }

    @Test("The worked example has expired from its end on, and the report says since when")
    func expires() throws {
        let last = try Self.report(Self.example, at: Instant(milliseconds: 1_614_765_211_560))
        #expect(last.isValid == true)
        let over = try Self.report(Self.example, at: Instant(milliseconds: 1_614_765_211_561))
        #expect(over.problems.map(\.kind) == [.expired])
        #expect(over.problems.map(\.text) == ["It expired at 2021-03-03 09:53:31.561 UTC, this very instant."])
        let later = try Self.report(Self.example, at: Instant(seconds: 1_614_772_412))
        #expect(later.problems.map(\.text) == ["It expired at 2021-03-03 09:53:31.561 UTC, 2 h ago."])
        #expect(later.answer?.code == 302 && later.answer?.name == "wrong account or token")
    }

    /// A token and what is wrong with it.
    struct Wrong: CustomTestStringConvertible, Sendable {
        let name: String
        let token: String
        var owner: TokenOwner? = TokenReportTests.owner
        var seconds: Int64 = 0
        let kinds: [TokenProblem.Kind]
        let says: String

        var testDescription: String { name }
    }

    private static let wrong: [Wrong] = [
        Wrong(
            name: "another key", token: example, owner: owner(secret: "other"), kinds: [.wrongSignature],
            says: "another key, for another account or another app key"),
        Wrong(
            name: "another account", token: example, owner: owner(account: "lisi"), kinds: [.wrongSignature],
            says: "another key, for another account or another app key"),
        Wrong(
            name: "another app key", token: example, owner: owner(appKey: "other"), kinds: [.wrongSignature],
            says: "another key, for another account or another app key"),
        Wrong(
            name: "no digest", token: base64(#"{"signature":"5A6D","curTime":1614764611561,"ttl":600}"#),
            kinds: [.wrongSignature], says: "40 lower-case hexadecimal digits"),
        Wrong(name: "expired", token: example, seconds: 700, kinds: [.expired], says: "1 min 40 s ago"),
        Wrong(
            name: "expired, key not known", token: example, owner: nil, seconds: 700, kinds: [.expired],
            says: "1 min 40 s ago"),
        Wrong(
            name: "expired and another account", token: example, owner: owner(account: "lisi"), seconds: 700,
            kinds: [.wrongSignature, .expired], says: "another account"),
        Wrong(
            name: "never alive", token: signed(curTime: 1_614_764_611_561, ttl: 0), kinds: [.expired],
            says: "its ttl is 0 s"),
        Wrong(
            name: "expired before all clocks", token: signed(curTime: .min, ttl: 1), kinds: [.expired],
            says: "longer ago than can be counted"),
        Wrong(
            name: "issued in the future", token: example, seconds: -301, kinds: [.issuedInFuture],
            says: "at 2021-03-03 09:43:31.561 UTC, 5 min 1 s from now"),
        Wrong(
            name: "issued after all clocks", token: signed(curTime: .max, ttl: 1), kinds: [.issuedInFuture],
            says: "later than can be counted"),
        Wrong(name: "empty", token: "", kinds: [.empty], says: "empty"),
        Wrong(
            name: "too long", token: String(repeating: "A", count: 4097), kinds: [.tooLong],
            says: "longer than 4096 bytes"),
        Wrong(name: "a foreign letter", token: "ab%d", kinds: [.notBase64], says: "U+0025 stands in place 3"),
        Wrong(name: "a letter beyond ASCII", token: "令牌", kinds: [.notBase64], says: "U+4EE4 stands in place 1"),
        Wrong(name: "a line break", token: "abcd\r\nabcd", kinds: [.notBase64], says: "a line break"),
        Wrong(name: "the URL-safe alphabet", token: "ab_d", kinds: [.notBase64], says: "URL-safe"),
        Wrong(name: "an = in the middle", token: "ab=d", kinds: [.notBase64], says: "not at the end"),
        Wrong(name: "a wrong length", token: "abcde", kinds: [.notBase64], says: "length or its padding"),
        Wrong(name: "padding only", token: "=", kinds: [.notBase64], says: "length or its padding"),
        Wrong(name: "cut in base64", token: String(example.dropLast(30)), kinds: [.cutOff], says: "base64 stops"),
        Wrong(name: "cut between base64 groups", token: String(example.dropLast(4)), kinds: [.cutOff], says: "no end"),
        Wrong(
            name: "padding cut", token: String(base64(#"{"signature":"","curTime":1,"ttl":10}"#).dropLast(2)),
            kinds: [.cutOff], says: "padding"),
        Wrong(name: "not JSON", token: base64("token"), kinds: [.notJSON], says: "not JSON"),
        Wrong(name: "cut at the beginning", token: String(example.dropFirst(4)), kinds: [.notJSON], says: "not JSON"),
        Wrong(
            name: "a claim twice", token: base64(#"{"signature":"","curTime":1,"ttl":1,"ttl":2}"#), kinds: [.notJSON],
            says: "twice"),
        Wrong(name: "not an object", token: base64("[1]"), kinds: [.notJSON], says: "not an object"),
        Wrong(
            name: "no claims", token: base64("{}"), kinds: [.wrongClaims, .wrongClaims, .wrongClaims],
            says: "signature is missing"),
        Wrong(
            name: "claims of the wrong type", token: base64(#"{"signature":1,"curTime":"1","ttl":1.5}"#),
            kinds: [.wrongClaims, .wrongClaims, .wrongClaims], says: "signature is not a text"),
    ]

    @Test("Every kind of wrong is told, and answered with 302", arguments: wrong)
    func tells(_ wrong: Wrong) throws {
        let report = try Self.report(wrong.token, for: wrong.owner, at: Self.made + .seconds(wrong.seconds))
        #expect(report.problems.map(\.kind) == wrong.kinds)
        let first = try #require(report.problems.first)
        #expect(first.text.contains(wrong.says), "\(first.text)")
        #expect(report.isValid == false)
        #expect(report.json().hasPrefix(#"{"valid":false,"code":302,"name":"wrong account or token","claims":{"#))
    }

    @Test("The table has every kind of wrong, and each names a rule of the provider")
    func tableIsWhole() throws {
        // A token of this provider names neither account nor app, and is not packed.
        let elsewhere: Set<TokenProblem.Kind> = [.damaged, .wrongAccount, .wrongApp]
        #expect(Set(Self.wrong.flatMap(\.kinds)) == Set(TokenProblem.Kind.allCases).subtracting(elsewhere))
        let rules = try #require(ProviderRegistry.provider("commsease")).rules
        for wrong in Self.wrong {
            let report = try Self.report(wrong.token, for: wrong.owner, at: Self.made + .seconds(wrong.seconds))
            for problem in report.problems { #expect(rules[problem.rule] != nil) }
        }
    }

    @Test("Without the key a token that is otherwise fine gets no verdict and no answer")
    func withoutKey() throws {
        let report = try Self.report(Self.example, for: nil)
        #expect(report.isValid == nil)
        #expect(report.json().hasPrefix(#"{"valid":null,"code":null,"name":null,"claims":{"curTime":1614764611561,"#))
        #expect(report.notes.contains { $0.contains("signature was not checked") })
    }

    @Test("Claims of the wrong type are shown as they stand")
    func showsWrongClaims() throws {
        let report = try Self.report(Self.base64(#"{"ttl":"600","curTime":1}"#))
        #expect(report.json().contains(#""claims":{"curTime":1,"ttl":"600"}"#))
        let unreadable = try Self.report("%")
        #expect(unreadable.json().contains(#""claims":{}"#))
    }

    @Test(
        "What does not change the answer is noted",
        arguments: [
            (Self.signed(curTime: 1_614_764_611_561, ttl: 86_401), "longer than 24 h"),
            (Self.signed(curTime: 1_614_764_611, ttl: 600), "looks like seconds"),
            (Self.signed(curTime: 1_614_764_611_561 + 1500, ttl: 600), "1.5 s from now"),
            ("0123456789abcdef0123456789abcdef", "may be a static token"),
        ])
    func notes(token: String, says: String) throws {
        let report = try Self.report(token)
        #expect(report.notes.contains { $0.contains(says) }, "\(report.notes)")
    }

    @Test("A life of 24 h is not noted")
    func dayIsFine() throws {
        let report = try Self.report(Self.signed(curTime: 1_614_764_611_561, ttl: 86_400))
        #expect(report.isValid == true && report.notes.isEmpty)
    }

    @Test(
        "Instants read right at the calendar's corners",
        arguments: [
            ("1970-01-01 00:00:00.000 UTC", 0 as Int64), ("1969-12-31 23:59:59.999 UTC", -1),
            ("2000-02-29 12:00:00.000 UTC", 951_825_600_000), ("2100-03-01 00:00:00.000 UTC", 4_107_542_400_000),
            ("0000-01-01 00:00:00.000 UTC", -62_167_219_200_000), ("9999-12-31 23:59:59.999 UTC", 253_402_300_799_999),
            ("253402300800000 ms after 1970-01-01 UTC", 253_402_300_800_000),
        ])
    func instants(text: String, milliseconds: Int64) throws {
        let report = try Self.report(Self.signed(curTime: milliseconds, ttl: 600))
        #expect(report.lines.contains("issued     \(text)"), "\(report.lines)")
    }

    @Test("What is printed is ASCII without control characters, whatever the token holds")
    func printsPlainly() throws {
        let report = try Self.report(Self.base64("{\"\u{202E}\\u001b[2J\":\"令\u{9B}\u{7F}💥\"}"))
        for line in report.lines + [report.json()] {
            #expect(line.utf8.allSatisfy { (0x20..<0x7F).contains($0) }, "\(line.debugDescription)")
        }
        #expect(report.json().contains(#"{"\u202e\u001b[2J":"\u4ee4\u009b\u007f\ud83d\udca5"}"#), "\(report.json())")
    }

    @Test("No mutation of a token traps, and the report agrees with what the login says")
    func mutations() throws {
        let mint = CommsEaseMint(appKey: Self.owner.appKey, appSecret: Self.owner.appSecret)
        let inspector = try Self.inspector()
        let json = Array(
            #"{"signature":"5a6d499aead5ad65aebf8f46e82fb8200b352366","curTime":1614764611561,"ttl":600}"#.utf8)
        var chance = SeededGenerator(seed: 20_000)
        var unlike = 0
        var seen: Set<TokenProblem.Kind> = []
        for round in 0..<20_000 {
            // Half the rounds damage the base64, half what is in it.
            let isInside = round % 2 == 0
            var bytes = isInside ? json : Array(Self.example.utf8)
            for _ in 0...chance.below(3) { Self.mutate(&bytes, using: &chance) }
            let text = isInside ? Data(bytes).base64EncodedString() : String(decoding: bytes, as: UTF8.self)
            let token = Secret(text, kind: .token)
            let report = inspector.report(on: token, for: Self.owner, at: Self.made)
            let opens = (try? mint.check(dynamicToken: token, account: "zhangsan", at: Self.made).get()) != nil
            if report.isValid != opens || report.problems.isEmpty != opens { unlike += 1 }
            if report.json().isEmpty || report.lines.isEmpty { unlike += 1 }
            seen.formUnion(report.problems.map(\.kind))
        }
        #expect(unlike == 0)
        #expect(seen.isSuperset(of: [.notBase64, .cutOff, .notJSON, .wrongClaims, .wrongSignature, .expired]))
    }

    private static func mutate(_ bytes: inout [UInt8], using chance: inout SeededGenerator) {
        let place = bytes.isEmpty ? 0 : Int(chance.below(UInt64(bytes.count)))
        let byte = UInt8(chance.below(256))
        let digit = UInt8(ascii: "0") + UInt8(chance.below(10))
        switch chance.below(6) {
        case 0 where !bytes.isEmpty: bytes[place] = byte
        case 1 where !bytes.isEmpty: bytes[place] = digit
        case 2 where !bytes.isEmpty: bytes.remove(at: place)
        case 3: bytes.removeLast(bytes.count - place)
        case 4: bytes.insert(contentsOf: Array(repeating: digit, count: Int(chance.below(20))), at: place)
        default: bytes.insert(byte, at: place)
        }
    }
}
