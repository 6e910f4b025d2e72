import LoginCore
import Providers
import Testing

@Suite("The rule books")
struct RuleBookTests {
    @Test("Every rule has an id of its own, a text and a source")
    func integrity() {
        for provider in ProviderRegistry.all {
            let book = provider.rules
            let ids = book.rules.map(\.id) + book.notModelled.map(\.id)
            var seen: Set<RuleID> = []
            for id in ids {
                #expect(seen.insert(id).inserted, "\(id) stands twice")
                #expect(!id.text.isEmpty && !id.text.contains(" "), "\(id)")
            }
            for rule in book.rules {
                #expect(rule.text.hasSuffix("."), "\(rule.id)")
                #expect(!rule.source.isEmpty, "\(rule.id)")
                #expect(rule.text == rule.text.split(separator: " ").joined(separator: " "), "\(rule.id)")
                #expect(book[rule.id] == rule)
            }
            for gap in book.notModelled {
                #expect(gap.text.hasSuffix("."), "\(gap.id)")
                #expect(gap.because.hasSuffix("."), "\(gap.id)")
                #expect(book[gap.id] == nil, "\(gap.id) is both a rule and left out")
            }
        }
    }

    @Test("Every rule that a policy names is in its provider's book")
    func policyRules() {
        for provider in ProviderRegistry.all {
            for generation in provider.generations {
                for row in generation.policy.codes + [generation.policy.unknownCode] {
                    #expect(provider.rules[row.rule] != nil, "\(row.rule)")
                }
            }
        }
    }

    @Test("A choice of ours is tagged so, and only inferences and choices have no document behind them")
    func tags() {
        for rule in CommsEase.provider.rules.rules where rule.id.text.hasPrefix("OURS-") {
            #expect(rule.tag == .ours, "\(rule.id)")
        }
        for tag in RuleTag.allCases {
            #expect(CommsEase.provider.rules.rules.contains { $0.tag == tag }, "no rule is tagged \(tag)")
        }
    }

    @Test("The tags are written as in the reference")
    func tagTexts() {
        #expect(RuleTag.allCases.map(\.rawValue) == ["seed", "doc", "recorded", "header", "inferred", "ours"])
    }

    @Test(
        "The rules that a CommsEase server names are in the book",
        arguments: [
            "CE-4-kick-1", "CE-4-kick-2", "CE-4-kick-3", "CE-9-policy", "CE-9-policy-1", "CE-9-policy-2",
            "CE-9-policy-3", "CE-12.1", "CE-12.2", "CE-12.3", "CE-12.4", "CE-12.5", "CE-12.6", "CE-14.2-appkey",
            "CE-14.2-auth-type", "CE-14.2-account", "CE-14.2-banned", "CE-14.2-credential", "CE-14.2-device",
            "CE-14.2-accepted", "CE-14.1", "CE-14.2", "CE-14.3", "CE-14.4", "CE-14.5", "CE-14.6", "CE-14.7",
        ])
    func named(id: String) {
        #expect(CommsEase.provider.rules[RuleID(id)] != nil)
    }

    @Test("The stops of §14.1 as the book tells them are the stops of the policy")
    func stopsAsTold() throws {
        let text = try #require(CommsEase.provider.rules["CE-14.1"]?.text)
        let told = text.split { !$0.isNumber }.compactMap { Int($0) }.filter { $0 > 100 }
        let stops = CommsEase.v9iOS.policy.codes.filter { $0.automatic == .stop }.map(\.code)
        #expect(Set(told).subtracting([408, 415, 416, 500, 503]) == Set(stops).subtracting([201, 301]))
    }

    @Test("An unknown id finds nothing, and the first of two rules with one id counts")
    func lookUp() {
        let first = Rule("X-1", "First.", .doc, "a source")
        let book = RuleBook(rules: [first, Rule("X-1", "Second.", .ours, "another")], notModelled: [])
        #expect(book["X-1"] == first)
        #expect(book["X-2"] == nil)
    }

    @Test("Providers are found by their id, and none has the id of another")
    func registry() {
        #expect(ProviderRegistry.provider("commsease")?.title == "CommsEase")
        #expect(ProviderRegistry.provider("commsease")?.usual.title == "V9 iOS")
        #expect(ProviderRegistry.provider("CommsEase") == nil)
        #expect(ProviderRegistry.provider("") == nil)
        #expect(Set(ProviderRegistry.all.map(\.id)).count == ProviderRegistry.all.count)
    }
}
