import Foundation
import LoginCore
import Providers
import Testing

/// Holds the rule books against what the tests say they prove.
///
/// A test names a rule in a line `/// Proves CE-8-backoff, CE-8-reset.` above it, or in a string of its own; a story
/// names those that it shows.
@Suite("Rules and their tests")
struct RuleCoverageTests {
    /// Rules that no test names yet; take one out when a test proves it.
    ///
    /// The list may only get shorter.
    private static let unproven: Set<RuleID> = []

    /// All rule ids in the tests, but for the lists that prove nothing: this file's and that of the books themselves;
    /// and those that the built-in stories show, which are played by a test.
    private static func named() throws -> Set<String> {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let names = FileManager.default.enumerator(atPath: tests.path)?.compactMap { $0 as? String } ?? []
        let pattern = try Regex(#"(CE|OURS|TC|EM)-[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*"#)
        var found: Set<String> = []
        for name in names where name.hasSuffix(".swift") && !name.hasPrefix("ProvidersTests/Rule") {
            let text = try String(contentsOf: tests.appendingPathComponent(name), encoding: .utf8)
            for match in text.matches(of: pattern) { found.insert(String(text[match.range])) }
        }
        let stories = tests.deletingLastPathComponent().appendingPathComponent("Sources/Scenarios/Stories")
        let files = FileManager.default.enumerator(atPath: stories.path)?.compactMap { $0 as? String } ?? []
        for file in files where file.hasSuffix(".yaml") {
            let text = try String(contentsOf: stories.appendingPathComponent(file), encoding: .utf8)
            for match in text.matches(of: pattern) { found.insert(String(text[match.range])) }
        }
        return found
    }

    @Test("Every rule is named by a test, or stands on the list of those that wait for one")
    func coverage() throws {
        let named = try Self.named()
        // The rows of the code tables are proved row by row by the table tests of the codes and of the machine.
        let codes = Set(ProviderRegistry.all.flatMap(\.generations).flatMap(\.policy.codes).map(\.rule))
        let rules = ProviderRegistry.all.flatMap(\.rules.rules).map(\.id).filter { !codes.contains($0) }
        let missing = Set(rules.filter { !named.contains($0.text) })
        #expect(missing.subtracting(Self.unproven).map(\.text).sorted() == [])
        #expect(Self.unproven.subtracting(missing).map(\.text).sorted() == [], "these are named now: take them out")
    }

    @Test("No test names a rule that is in no book")
    func noStrangers() throws {
        let books = ProviderRegistry.all.map(\.rules)
        let known = Set(books.flatMap { $0.rules.map(\.id.text) + $0.notModelled.map(\.id.text) })
        let strangers = try Self.named().filter { !known.contains($0) && !$0.hasPrefix("CE-7.1") && $0 != "CE-7.2-" }
        #expect(strangers.sorted() == [])
    }
}
