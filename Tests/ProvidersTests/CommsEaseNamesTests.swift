import LoginCore
import Providers
import Testing

@Suite("CommsEase's accounts, tokens and names")
struct CommsEaseNamesTests {
    private let provider = CommsEase.provider

    @Test(
        "An account that keeps the rule is stored in lower case",
        arguments: [
            ("a", "a"), ("ZhangSan", "zhangsan"), ("0", "0"), ("_@.-", "_@.-"),
            ("MIA@example.COM", "mia@example.com"), ("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"),
            (String(repeating: "x", count: 32), String(repeating: "x", count: 32)),
        ])
    func accepted(typed: String, stored: String) {
        #expect(provider.checkAccount(typed) == .success(stored))
    }

    @Test(
        "An account that breaks the rule is answered in one sentence that shows what is wrong",
        arguments: [
            ("", "is empty"),
            (String(repeating: "x", count: 33), "has 33 characters"),
            (String(repeating: "x", count: 10_000), "has 10000 characters"),
            (" mia", "a space (U+0020) in place 1"),
            ("mia smith", "a space (U+0020) in place 4"),
            ("mia/", "“/” (U+002F) in place 4"),
            ("小雨", "“小” (U+5C0F) in place 1"),
            ("caf\u{E9}", "“é” (U+00E9) in place 4"),
            // The bare mark would sit on the quotation mark, so only its number is shown.
            ("cafe\u{301}", "U+0301 in place 5"),
            // Letters that Unicode lower-cases into the alphabet are not in it: the Kelvin sign, the dotted I.
            ("\u{212A}", "(U+212A) in place 1"),
            ("\u{130}", "(U+0130) in place 1"),
            ("Ａ", "“Ａ” (U+FF21) in place 1"),
            ("٣", "“٣” (U+0663) in place 1"),
            ("ok👩‍👩‍👧", "“👩” (U+1F469) in place 3"),
            ("a\0b", "U+0000 in place 2"),
            ("a\u{1B}[31m", "U+001B in place 2"),
            ("a\r\n", "U+000D in place 2"),
            ("a\u{202E}b", "U+202E in place 2"),
            ("a\u{200B}", "U+200B in place 2"),
            ("\u{FFFD}", "“\u{FFFD}” (U+FFFD) in place 1"),
            ("\u{10FFFF}", "U+10FFFF in place 1"),
            (String(repeating: "😀", count: 10_000), "“😀” (U+1F600) in place 1"),
        ])
    func refused(typed: String, told: String) throws {
        guard case .failure(let problem) = provider.checkAccount(typed) else {
            Issue.record("accepted")
            return
        }
        #expect(problem.message.contains(told), "\(problem.message)")
        try expectOneShownSentence(problem.message)
    }

    @Test(
        "A token of 1 to 128 characters that can be seen passes, whatever they are",
        arguments: [
            "x", String(repeating: "f", count: 128), "with space", "令牌", "e\u{301}", "😀",
            "eyJzaWduYXR1cmUiOiIifQ==",
        ])
    func tokenAccepted(token: String) {
        #expect(provider.checkToken(token) == nil)
    }

    /// Proves OURS-token-visible.
    @Test(
        "A token that cannot be right is answered in one sentence",
        arguments: [
            ("", "is empty"),
            (String(repeating: "f", count: 129), "has 129 characters"),
            (String(repeating: "é", count: 10_000), "has 10000 characters"),
            ("abc\n", "U+000A in place 4"),
            ("a\0c", "U+0000 in place 2"),
            ("\u{7F}", "U+007F in place 1"),
            ("\u{85}", "U+0085 in place 1"),
            ("ab\u{202E}", "U+202E in place 3"),
            ("\u{FEFF}abc", "U+FEFF in place 1"),
            ("a\u{2028}", "U+2028 in place 2"),
        ])
    func tokenRefused(token: String, told: String) throws {
        let problem = try #require(provider.checkToken(token))
        #expect(problem.message.contains(told), "\(problem.message)")
        try expectOneShownSentence(problem.message)
    }

    @Test("What is said of a token does not repeat it")
    func tokenIsNotRepeated() throws {
        let problem = try #require(provider.checkToken("hunter2secret\n"))
        #expect(!problem.message.contains("hunter2"))
        let long = try #require(provider.checkToken(String(repeating: "hunter2", count: 30)))
        #expect(!long.message.contains("hunter2"))
    }

    /// Proves CE-4-client-types.
    @Test("Platforms have the client types of §4, and each SDK its own")
    func platforms() {
        #expect(CommsEase.v9iOS.clientPlatforms.map(\.name) == ["iOS"])
        #expect(CommsEase.v9Android.clientPlatforms.map(\.name) == ["Android"])
        #expect(CommsEase.v10.clientPlatforms.count == 6)
        #expect(
            provider.clientPlatforms == [
                ClientPlatform(name: "iOS", clientType: 2), ClientPlatform(name: "Android", clientType: 1),
                ClientPlatform(name: "HarmonyOS", clientType: 65), ClientPlatform(name: "PC", clientType: 4),
                ClientPlatform(name: "Web", clientType: 16), ClientPlatform(name: "macOS", clientType: 64),
            ])
    }

    @Test("Each kick reason has a text of its own, and any other number one that says so")
    func kickReasons() {
        let words = provider.usual.policy.kickWords
        let known = [1, 2, 3].map { words.meaning(of: $0) }
        #expect(Set(known).count == 3)
        for other in [0, 4, -1, .max] {
            #expect(words.meaning(of: other) == "a reason that no source names")
        }
    }

    @Test(
        "Each provider tells a kick in its own words",
        arguments: [
            ("commsease", 1, "kicked offline, reason 1, another device logged in that excludes this one"),
            ("tencent", 1, "forced offline: another device logged in"),
            ("easemob", 206, "logged out, error 206, another device logged in"),
        ])
    func kickWords(provider: String, reason: Int, sentence: String) throws {
        for generation in try #require(ProviderRegistry.provider(provider)).generations {
            let notice = KickNotice(reason: reason, text: "", clientType: 0)
            #expect(generation.policy.kickWords.sentence(notice) == sentence)
        }
    }

    /// One sentence of a readable length in which nothing is invisible.
    private func expectOneShownSentence(_ message: String) throws {
        #expect(message.count <= 120, "\(message)")
        #expect(message.hasSuffix("."))
        let hidden = message.unicodeScalars.filter {
            [.control, .format, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
        }
        #expect(hidden.isEmpty)
    }
}
