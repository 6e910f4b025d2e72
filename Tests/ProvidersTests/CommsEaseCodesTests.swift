import LoginCore
import Providers
import Testing

@Suite("CommsEase's codes")
struct CommsEaseCodesTests {
    private let policy = CommsEase.v9iOS.policy

    /// A row of commsease.md §7.1, read off the page and not off the table under test.
    struct Row: Sendable, CustomTestStringConvertible {
        let code: Int
        let kind: FailureKind
        let automatic: Verdict
        let tag: RuleTag

        init(_ code: Int, _ kind: FailureKind, _ automatic: Verdict, _ tag: RuleTag) {
            self.code = code
            self.kind = kind
            self.automatic = automatic
            self.tag = tag
        }

        var testDescription: String { "\(code)" }
    }

    static let page = [
        Row(201, .version, .stop, .inferred),
        Row(301, .banned, .stop, .inferred),
        Row(302, .credential, .stop, .seed),
        Row(310, .permission, .retry, .ours),
        Row(315, .permission, .retry, .ours),
        Row(317, .version, .stop, .header),
        Row(398, .server, .retry, .header),
        Row(399, .server, .retry, .header),
        Row(403, .permission, .stop, .doc),
        Row(404, .parameter, .stop, .header),
        Row(408, .network, .retry, .doc),
        Row(414, .parameter, .stop, .doc),
        Row(415, .network, .retry, .doc),
        Row(416, .server, .retry, .inferred),
        Row(417, .device, .stop, .header),
        Row(422, .banned, .stop, .doc),
        Row(431, .server, .retry, .inferred),
        Row(500, .server, .retry, .header),
        Row(503, .server, .retry, .header),
        Row(508, .server, .retry, .ours),
        Row(509, .server, .retry, .ours),
        Row(514, .server, .retry, .header),
        Row(997, .server, .retry, .ours),
        Row(998, .server, .retry, .ours),
        Row(999, .server, .retry, .ours),
    ]

    @Test("Each code does what the page says, and names a rule that says so", arguments: page)
    func code(_ row: Row) throws {
        let found = policy.rule(for: row.code)
        #expect(found.code == row.code)
        #expect(found.kind == row.kind)
        #expect(policy.verdict(for: row.code, mode: .manual) == .stop)
        #expect(policy.verdict(for: row.code, mode: .automatic(forced: false)) == row.automatic)
        #expect(policy.verdict(for: row.code, mode: .automatic(forced: true)) == row.automatic)
        #expect(found.rule == RuleID("CE-7.1-\(row.code)"))
        let rule = try #require(CommsEase.provider.rules[found.rule])
        #expect(rule.tag == row.tag)
        #expect(rule.text.hasPrefix("\(row.code), \(found.name): "))
    }

    @Test("The table has the page's codes and no others")
    func complete() {
        #expect(policy.codes.map(\.code) == Self.page.map(\.code))
    }

    @Test("Automatic login stops on the set of §14.1 and on the two codes that are inferred")
    func stopSet() {
        let stops = policy.codes.filter { $0.automatic == .stop }.map(\.code)
        #expect(stops == [201, 301, 302, 317, 403, 404, 414, 417, 422])
    }

    /// Proves OURS-404-kind.
    @Test("302 alone is about the token, so nothing else makes the app fetch a new one")
    func credential() {
        #expect(policy.codes.filter { $0.kind == .credential }.map(\.code) == [302])
        #expect(policy.codes.filter { $0.kind == .device }.map(\.code) == [417])
        #expect(policy.codes.filter { $0.kind == .network }.map(\.code) == [408, 415])
    }

    @Test("416 alone is told to the app while it is retried")
    func reported() {
        #expect(policy.codes.filter(\.isReportedWhileRetrying).map(\.code) == [416])
    }

    @Test(
        "A code that no row has stops a manual login and keeps its number",
        arguments: [0, -1, 200, 419, 423, 102_302, .max])
    func unknown(code: Int) {
        #expect(policy.verdict(for: code, mode: .manual) == .stop)
        #expect(policy.verdict(for: code, mode: .automatic(forced: false)) == .retry)
        let failure = policy.failure(code, detail: "why")
        #expect(failure.code == code)
        #expect(failure.name == "unknown code")
        #expect(failure.rule == "OURS-unknown-code")
    }

    @Test("Each meaning is one sentence and each name a short term")
    func wording() {
        for row in policy.codes + [policy.unknownCode] {
            #expect(row.meaning.hasSuffix("."), "\(row.code)")
            #expect(row.meaning.first?.isUppercase == true, "\(row.code)")
            #expect((1...28).contains(row.name.count), "\(row.code)")
            #expect(row.name.last != ".", "\(row.code)")
        }
        #expect(Set(policy.codes.map(\.name)).count == policy.codes.count)
    }

    /// Proves CE-8-heartbeat, CE-2-background.
    @Test("Times are those of §8 and §14")
    func times() {
        #expect(policy.backoffTable == [2, 4, 6, 8, 16, 32, 64].map { .seconds($0) })
        #expect(policy.backoffJitterPermille == 0)
        #expect(policy.connectTimeout == .seconds(10))
        #expect(policy.loginTimeout == .seconds(30))
        #expect(policy.heartbeatInterval == .seconds(30))
        #expect(policy.probeTimeout == .seconds(3))
        #expect(policy.probeCount == 5)
        #expect(policy.logoutTimeout == .seconds(1))
        #expect(policy.reconnectsInBackground)
        #expect(policy.asksForDynamicToken)
        #expect(policy.unreachableCode == 415)
        #expect(policy.timeoutCode == 408)
    }
}
