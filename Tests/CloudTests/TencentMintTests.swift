import Cloud
import Foundation
import LoginCore
import Providers
import Testing

/// Making and checking UserSigs, with the values of tencent.md §1.3.
struct TencentMintTests {
    private static let start = Instant(seconds: 1_700_000_000)
    private static let mint = TencentMint(appKey: "1400000000", appSecret: AppSecret("example-key"))

    struct Example: CustomTestStringConvertible {
        var user = "alice"
        var appKey = "1400000000"
        var secret = "example-key"
        var expire: Int64 = 15_552_000
        var userbuf: [UInt8]?
        let signature: String
        var testDescription: String { "\(user) \(appKey) \(secret) \(expire)" }
    }

    private static let examples = [
        Example(signature: "Xoi0MoGtaQKo501emCKhEr5BCwS/FWic6NcX0E/ax/8="),
        Example(user: "bob", signature: "g0sScdmjkgI1kqrATErIa6GE2j+AkVqnjYbaF2wPfvM="),
        Example(appKey: "1400000001", signature: "gg/YY6o8Ksj9WLUjb/sNqw7smMEbLB5LXtzWQfRZXO8="),
        Example(secret: "wrong-key", signature: "lQQjRNZyDl7jOLoXnnlKytuCVe/Dr99W5yH5AEFoJLA="),
        Example(expire: 60, signature: "W+zaAgRmuDlWBkCQ9FShTr3am9i6wCDbPvsoxFkH4xY="),
        Example(user: "administrator", expire: 300, signature: "KnYX58OuFcCz2nU7ubstzQQ/qg9fmAYAtlShirH0RmY="),
        Example(expire: 86_400, userbuf: Array("abc".utf8), signature: "aTaEZfzjfn7AOrwxcYVwMP5Li2TQuwrhzFMu77xEq3Q="),
    ]

    /// Proves TC-1.2-content, TC-1.2-signature, TC-1.1-key.
    @Test("Signatures are those of the worked examples", arguments: examples)
    func signatures(example: Example) throws {
        let mint = TencentMint(appKey: example.appKey, appSecret: AppSecret(example.secret))
        for packing in TencentUserSig.Packing.allCases {
            let text = mint.userSig(
                for: example.user, at: Self.start, lifetime: .seconds(example.expire), userbuf: example.userbuf,
                packing: packing
            ).reveal(for: .verification)
            let ticket = try TencentUserSig(parsing: text)
            #expect(ticket.signature == example.signature)
            #expect(ticket.version == "2.0")
        }
    }

    /// Proves TC-own-stored, TC-1.1-validity.
    @Test("The stored form is the worked example's, whatever the fraction of the second")
    func stored() {
        let now = Self.start + .milliseconds(999)
        let text = Self.mint.userSig(for: "alice", at: now).reveal(for: .verification)
        let example =
            "eAEBqQBW-3siVExTLnZlciI6IjIuMCIsIlRMUy5pZGVudGlmaWVyIjoiYWxpY2UiLCJUTFMuc2RrYXBwaWQiOjE0MDAwMDAwMDAsIlRM"
            + "Uy50aW1lIjoxNzAwMDAwMDAwLCJUTFMuZXhwaXJlIjoxNTU1MjAwMCwiVExTLnNpZyI6IlhvaTBNb0d0YVFLbzUwMWVtQ0toRXI1QkN3"
            + "Uy9GV2ljNk5jWDBFL2F4Lzg9In35UTBb"
        #expect(text == example)
    }

    /// Tickets that the published Python generator, version 1.1, made for app 1400000000 with the key example-key in
    /// the second 1700000000.
    private static let published = [
        (
            "alice",
            "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkEnMyk1NhUsUp2YkFBZkpQAlDEwMogMqlVhRkFqWCZExNTY0Q4iWZuWBRczT1"
                + "xZnpIPMj8jMNfPPdSxIDvfNNDQxTc529M1yLTJ2cy4P13cIzk838kiMMXPUTK-QtbJVqAWxQMbs_"
        ),
        (
            "bob",
            "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkkvKTYBLFKdmJBQWZKUBhQxMDKIDKpVYUZBalAmXMYCIlmbkgvqE5msrizHSw"
                + "hS5eBhZGmSmh5R4uXm5GppkWucmlHpnZuYXOFpk5Prk5pfolgYVVFikGrrZKtQDlVTBd"
        ),
        (
            "administrator",
            "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkElNyM-Myi0uKEkvyi2BKilOyEwsKMlOACgxNDKAAKpdaUZBZlAqUMYYLlWTm"
                + "ggQMzdGUFmemg6zwzouMMLXwL3VLdq4yygs1L00qLqkKDNQvTLdMy3WMdCzJCc7ILPIwCMqNtFWqBQDw9DWj"
        ),
        (
            "alice",
            "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkEnMyk1NhUsUp2YkFBZkpQAlDEwMogMqlVhRkFqUCZSzMTOCCJZm5ICFDczTF"
                + "pcWpRUmlaSALIsO9suDmZ6aD7QxJdI1Kq8pKyzN39C8qr0iODCv3DTD1yTQKCSwtL8qocvMtNTevcC00DrRVqgUAxhY5jQ__"
        ),
        (
            "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkKggAmK7ilOzEgoLMFKAeQxMDKIDKpVYUZBalAmXMDEws4KIlmbkgMUNzNNXF"
                + "melgi3MLfbSTvcqzyr0Nw0urcgOcs-KMnPMKEoPLKnPCvELT-NP8QiwMQwsLHG2VagExM0Am"
        ),
        (
            "alice",
            "eJxdkcmOm1AURH*l5a2jNjM4khfMGDMajI13DA94Zp7Brfx72kmnF7nLc0oqqe7HxtWc9wl0m59vG*wd2fx4*0NgDKoBJvCvCAoYgX*qj-Og"
                + "aWD8KVAC*bovB5YGduDTMBTxDQdYvhBK-xcee9CFY-IqYFmRZ2db4tLoyNu1JrCIKSzsWcz0i3T2bzKXB-Iyx0rGpEfn*FD5S6muaXOC"
                + "fa85xKQL4qo-bdR4RITp1rQlIFsL4Tg7N8Tz5a44YnFykMVw87198VTXk7yrh2b3azFEN49MfFmCPnYu7mVcB9emC2V0DHFuiSoDiW93"
                + "HCgFBfBln1RbNvVPQna8yhkBVViP*sOnrFyVnZx0vKIBfnlvw0rFQEXxWd2aeRMEVXsq25Zah67dzn14eg7aFRtoSI7dyEwhtZt1hZ8Z"
                + "V1r65LhGnfbUcfO5F87IYF3QOLxhRhVg*2eMD7uUANqDNG8luX001Dj1NKAnxlJWZuei*ykhtklH7yx8u5sPh**fwfQ1s7N4I*Kr4sAp"
                + "5GyKBtPFop3HOippVr2qEcKXLkwiiLTsYfPrN1jjqfo_"
        ),
    ]

    /// Proves TC-1.2-generators.
    @Test("Tickets of the published generator open the door", arguments: published)
    func opens(user: String, text: String) throws {
        let result = Self.mint.check(
            Secret(text, kind: .token), userID: user, appKey: "1400000000", at: Self.start)
        #expect(try result.get().identifier == user)
    }

    @Test("A UserID beyond ASCII and a key of hexadecimal digits are signed as text")
    func beyondASCII() throws {
        // Made by the published Python generator as well.
        let text =
            "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkYkpNkw3SYkrNzC3NYSqKU7ITCwoyU4DyhiYGEGAIlUutKMgsSgXJmJqaGgEl"
            + "oOIlmblgUXOoeph4cWY6yBr9UMNQ7WIzC8u87KRs58w0r0gLH-Nc71zLgCyTzOSkALfcDMeQHINUp-JiW6VaAKZyM*A_"
        let mint = TencentMint(
            appKey: "1400000001",
            appSecret: AppSecret("5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e"))
        let result = mint.check(Secret(text, kind: .token), userID: "小林", appKey: "1400000001", at: Self.start)
        #expect(try result.get().sdkAppID == 1_400_000_001)
    }

    // MARK: The order of §1.4

    /// One thing that is wrong with a ticket or its request, in the order in which it is found.
    enum Wrong: Int, CaseIterable, CustomTestStringConvertible {
        case app, key, ticketApp, ticketUser, signature, expired, kicked

        var code: Int {
            switch self {
            case .app: 70020
            case .key: 70016
            case .ticketApp: 70014
            case .ticketUser: 70013
            case .signature: 70009
            case .expired: 70001
            case .kicked: 70052
            }
        }

        var testDescription: String { "\(self)" }
    }

    private static let combinations: [[Wrong]] = (0..<(1 << Wrong.allCases.count)).map { bits in
        Wrong.allCases.filter { bits & (1 << $0.rawValue) != 0 }
    }

    /// Proves TC-1.1-password, TC-1.4-order, TC-1.4-70020, TC-1.4-70016, TC-1.4-70014, TC-1.4-70013, TC-1.4-70009, TC-1.4-70001,
    /// TC-1.4-70052.
    @Test("Of everything wrong with a ticket, the first in the order answers", arguments: combinations)
    func order(wrongs: [Wrong]) {
        let maker = TencentMint(
            appKey: wrongs.contains(.ticketApp) ? "1400000009" : "1400000000",
            appSecret: AppSecret(wrongs.contains(.signature) ? "wrong-key" : "example-key"))
        let ticket = maker.userSig(
            for: wrongs.contains(.ticketUser) ? "bob" : "alice", at: Self.start, lifetime: .seconds(60))
        let checker = TencentMint(
            appKey: "1400000000", appSecret: AppSecret(wrongs.contains(.key) ? "" : "example-key"))
        let result = checker.check(
            ticket, userID: "alice", appKey: wrongs.contains(.app) ? "1400000005" : "1400000000",
            at: Self.start + .seconds(wrongs.contains(.expired) ? 61 : 60),
            voidedBefore: wrongs.contains(.kicked) ? 1_700_000_001 : nil)
        switch result {
        case .success: #expect(wrongs == [])
        case .failure(let refusal):
            #expect(refusal.code == wrongs.first?.code)
            #expect(Tencent.rules[refusal.rule]?.text.hasPrefix("\(refusal.code), ") == true)
        }
    }

    /// Proves TC-1.4-70002, TC-1.4-70003, TC-1.4-70005.
    @Test("A ticket that cannot be read is refused before anything else", arguments: [("", 70002), ("no", 70003)])
    func unreadable(text: String, code: Int) {
        let checker = TencentMint(appKey: "1400000000", appSecret: AppSecret(""))
        let result = checker.check(Secret(text, kind: .token), userID: "bob", appKey: "1", at: Self.start)
        #expect(throws: TencentMint.Refusal.self) { try result.get() }
        if case .failure(let refusal) = result { #expect(refusal.code == code) }
    }

    /// Proves TC-1.4-last-second, TC-1.4-future.
    @Test(
        "The last second is made plus lifetime, and a ticket of the future opens the door",
        arguments: [(59_999, true), (60_000, true), (60_999, true), (61_000, false), (-86_400_000, true)])
    func time(milliseconds: Int64, opens: Bool) {
        let ticket = Self.mint.userSig(for: "alice", at: Self.start, lifetime: .seconds(60))
        let result = Self.mint.check(
            ticket, userID: "alice", appKey: "1400000000", at: Self.start + .milliseconds(milliseconds))
        #expect(((try? result.get()) != nil) == opens)
    }

    /// Proves TC-own-same-second.
    @Test(
        "A ticket of the kick's own second passes, one of the second before does not",
        arguments: [(1_699_999_999, true), (1_700_000_000, true), (1_700_000_001, false)])
    func sameSecond(kick: Int64, opens: Bool) {
        let ticket = Self.mint.userSig(for: "alice", at: Self.start + .milliseconds(10))
        let result = Self.mint.check(
            ticket, userID: "alice", appKey: "1400000000", at: Self.start + .seconds(5), voidedBefore: kick)
        #expect(((try? result.get()) != nil) == opens)
    }

    @Test("Numbers beyond all counting trap nowhere")
    func extremes() throws {
        for (time, expire, isExpired) in [
            (Int64.max, Int64.max, false), (.min, .min, true), (.max, 1, false), (0, .max, false), (.min, 1, true),
        ] {
            let ticket = TencentUserSig(
                identifier: "alice", sdkAppID: 1_400_000_000, time: time, expire: expire, signature: "")
            #expect(ticket.isExpired(at: Self.start) == isExpired)
            let inspector = try #require(ProviderClouds.tokenInspector(provider: "tencent"))
            let report = inspector.report(
                on: Secret(ticket.text(.stored), kind: .token),
                for: TokenOwner(appKey: "1400000000", appSecret: AppSecret("k"), account: "alice"), at: Self.start)
            #expect(report.isValid == false)
            #expect(!report.lines.isEmpty && !report.json().isEmpty)
        }
    }
}
