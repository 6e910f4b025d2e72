import LoginCore
import Providers
import Testing

/// Tencent's rule book; that each of its rules has a test is held with those of the others.
struct TencentRuleTests {
    @Test("A choice of ours is tagged so, and the codes of the policy have their rules")
    func integrity() {
        let book = Tencent.rules
        for rule in book.rules { #expect(rule.id.text.contains("-own-") == (rule.tag == .ours), "\(rule.id)") }
        for row in Tencent.policy.codes + [Tencent.policy.unknownCode] { #expect(book[row.rule] != nil, "\(row.rule)") }
    }
}
