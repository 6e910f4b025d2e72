import Cloud
import LoginCore
import Providers
import Testing

/// Tokens and signatures, with the worked examples of commsease.md §10 and §11.1.
struct CommsEaseMintTests {
    private let mint = CommsEaseMint(
        appKey: "go9dnk49bkd9jd9vmel1kglw0803mgq3", appSecret: AppSecret("123456789012"))
    private let made = Instant(milliseconds: 1_614_764_611_561)
    private let example =
        "eyJzaWduYXR1cmUiOiI1YTZkNDk5YWVhZDVhZDY1YWViZjhmNDZlODJmYjgyMDBiMzUyMzY2IiwiY3VyVGltZSI6MTYxNDc2NDYxMTU2MSwidHRs"
        + "Ijo2MDB9"

    @Test("A dynamic token is the one of the worked example, byte for byte")
    func dynamicTokenExample() {
        let token = mint.dynamicToken(account: "zhangsan", at: made, lifetime: .seconds(600))
        #expect(token.reveal(for: .verification) == example)
        #expect(CommsEaseMint.end(of: .seconds(600), mintedAt: made).milliseconds == 1_614_765_211_561)
    }

    @Test("A CheckSum is the one of the worked example")
    func checkSumExample() {
        let credentials = mint.credentials(nonce: "12345", at: Instant(seconds: 1_443_592_222))
        #expect(credentials.curTime == "1443592222")
        #expect(credentials.checkSum == "06f0def1a9e83ef48c9564044c4068c8834b4ae8")
    }

    @Test("Where time runs fast, a call may be as old as it takes to arrive", arguments: [(2000, true), (2001, false)])
    func slowCall(age: Int, isValid: Bool) {
        let fast = CommsEaseMint(appKey: "app", appSecret: AppSecret("secret"), slowestCall: .seconds(2000))
        let credentials = fast.credentials(nonce: "1", at: made)
        let sent = Instant(seconds: made.seconds)
        #expect((fast.check(credentials, at: sent + .seconds(age)) == nil) == isValid)
    }

    /// Proves OURS-dynamic-clock.
    @Test(
        "A dynamic token opens its account from its making up to, and not at, its end",
        arguments: [
            (-300_001, false), (-300_000, true), (0, true), (599_999, true), (600_000, false), (600_001, false),
        ])
    func dynamicTokenLife(milliseconds: Int, isValid: Bool) {
        let now = made + .milliseconds(milliseconds)
        let result = mint.check(dynamicToken: Secret(example, kind: .token), account: "zhangsan", at: now)
        #expect(((try? result.get()) != nil) == isValid)
    }

    @Test("A dynamic token opens no other account, and none under another secret or key")
    func dynamicTokenBelongs() {
        let token = Secret(example, kind: .token)
        let others = [
            (CommsEaseMint(appKey: "go9dnk49bkd9jd9vmel1kglw0803mgq3", appSecret: AppSecret("other")), "zhangsan"),
            (CommsEaseMint(appKey: "other", appSecret: AppSecret("123456789012")), "zhangsan"), (mint, "lisi"),
        ]
        for (mint, account) in others {
            #expect(throws: CommsEaseMint.DynamicTokenProblem.wrongSignature) {
                try mint.check(dynamicToken: token, account: account, at: made).get()
            }
        }
    }

    @Test("What is no dynamic token is unreadable", arguments: ["", "%%%", "e30=", "W10=", "bm8=", "\u{0}", "💥"])
    func unreadable(text: String) {
        #expect(throws: CommsEaseMint.DynamicTokenProblem.unreadable) {
            try mint.check(dynamicToken: Secret(text, kind: .token), account: "zhangsan", at: made).get()
        }
    }

    @Test("Numbers at the ends of their range neither trap nor open for ever by mistake")
    func extremeNumbers() {
        let secret = Secret("123456789012", kind: .appSecret)
        func token(_ curTime: Int64, _ ttl: Int64) -> Secret {
            let signature = CommsEaseSignature.dynamicToken(
                appKey: "go9dnk49bkd9jd9vmel1kglw0803mgq3", accid: "zhangsan", curTime: curTime, ttl: ttl,
                appSecret: secret)
            return Secret(
                CommsEaseDynamicToken(signature: signature, curTime: curTime, ttl: ttl).text, kind: .token)
        }
        func opens(_ curTime: Int64, _ ttl: Int64, at now: Instant) -> Bool {
            (try? mint.check(dynamicToken: token(curTime, ttl), account: "zhangsan", at: now).get()) != nil
        }
        #expect(opens(made.milliseconds, .max, at: made))
        #expect(!opens(made.milliseconds, .min, at: made))
        #expect(!opens(made.milliseconds, 0, at: made))
        #expect(!opens(.max, 600, at: made))
        #expect(!opens(.min, 600, at: made))
        #expect(!opens(.min, .min, at: made))
        #expect(!opens(made.milliseconds, -1, at: Instant(microseconds: .max)))
    }

    @Test("A static token is 32 lower-case hexadecimal digits")
    func staticToken() {
        var chance = SeededGenerator(seed: 1)
        let first = CommsEaseMint.staticToken(using: &chance).reveal(for: .verification)
        let second = CommsEaseMint.staticToken(using: &chance).reveal(for: .verification)
        #expect(first.count == 32 && first.allSatisfy { "0123456789abcdef".contains($0) })
        #expect(first != second)
    }

    @Test("The app secret prints as dots, in every way of printing")
    func masked() {
        let secret = AppSecret("do-not-show")
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] { #expect(!text.contains("do-not-show")) }
    }
}
