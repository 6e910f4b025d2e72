import LoginCore
import Providers
import Testing

/// The table of commsease.md §7.2, read off the page and not off the table under test.
@Suite("CommsEase V10's codes")
struct CommsEaseV10CodesTests {
    private let policy = CommsEase.v10.policy

    /// The page's list of codes that end a login and a reconnection; 191002 ends the call that it is about.
    static let terminal = [
        201, 302, 317, 403, 404, 414, 417, 422, 101_301, 101_303, 101_304, 101_403, 102_302, 102_303, 102_404, 102_422,
        103_404, 191_002,
    ]
    static let others = [
        204, 398, 399, 416, 449, 463, 500, 503, 511, 514, 101_302, 101_305, 102_301, 102_405, 102_421, 102_434, 102_449,
        190_001, 190_002, 191_001, 191_003, 191_004, 191_005, 192_001, 192_002, 192_003, 192_004, 192_005, 192_006,
    ]

    @Test("The table has the page's codes and no others")
    func complete() {
        #expect(policy.codes.map(\.code) == (Self.terminal + Self.others).sorted())
    }

    @Test("A code on the page's list stops, any other is tried again, in both modes", arguments: terminal + others)
    func verdict(_ code: Int) throws {
        let row = policy.rule(for: code)
        let verdict: Verdict = Self.terminal.contains(code) ? .stop : .retry
        #expect(row.manual == verdict)
        #expect(row.automatic == verdict)
        #expect(row.rule == RuleID("CE-7.2-\(code)"))
        let rule = try #require(CommsEase.provider.rules[row.rule])
        #expect(rule.text.hasPrefix("\(code), \(row.name): "))
        #expect(rule.tag == ([463, 101_302, 101_305].contains(code) ? .ours : .header))
        #expect(row.meaning.hasSuffix("."))
    }

    @Test("The kinds that decide what the app does")
    func kinds() {
        func codes(_ kind: FailureKind) -> [Int] { policy.codes.filter { $0.kind == kind }.map(\.code) }
        #expect(codes(.credential) == [302, 102_302])
        #expect(codes(.device) == [417])
        #expect(codes(.banned) == [422, 102_422])
        #expect(codes(.network) == [191_005, 192_001, 192_002, 192_003, 192_004, 192_005, 192_006])
    }

    @Test("No two codes have one name, and no code of V9 that is not raw in V10 is in the table")
    func names() {
        #expect(Set(policy.codes.map(\.name)).count == policy.codes.count)
        #expect(!policy.codes.contains { [408, 415, 431, 1000].contains($0.code) })
    }

    /// Proves OURS-unknown-code.
    @Test("A code that no row has is tried again", arguments: [0, -1, 408, 415, 999_999])
    func unknown(code: Int) {
        #expect(policy.verdict(for: code, mode: .manual) == .retry)
        #expect(policy.failure(code, detail: "").rule == "OURS-unknown-code")
    }

    /// Proves CE-8-heartbeat, CE-8-probe, CE-8-v10-packet, CE-3-timeout, CE-3-retry-count.
    @Test("Times and options are those of §3, §5.3 and §8")
    func times() {
        #expect(policy.heartbeatInterval == .seconds(30))
        #expect(policy.probeTimeout == .seconds(3))
        #expect(policy.probeCount == 5)
        #expect(policy.loginTimeout == .seconds(60))
        #expect(policy.logoutTimeout == .seconds(1))
        #expect(policy.connectTimeout == .seconds(10))
        #expect(policy.backoffJitterPermille == 10)
        #expect(policy.calls?.retryCount == 3)
        #expect(policy.calls?.timeout == .seconds(30))
        #expect(policy.calls?.forceMode == false)
    }

    @Test("The SDK's own failures have the codes of §7.2")
    func own() {
        #expect(policy.unreachableCode == 192_001)
        #expect(policy.timeoutCode == 192_002)
        #expect(policy.disconnectedCode == 192_003)
        #expect(policy.unansweredCode == 192_004)
    }
}
