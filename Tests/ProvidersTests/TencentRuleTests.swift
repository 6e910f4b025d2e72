import Foundation
import LoginCore
import Providers
import Testing

/// Holds Tencent's rule book against what the tests say they prove.
struct TencentRuleTests {
    /// Rules that no test names yet; take one out when a test proves it.
    ///
    /// The list may only get shorter.
    // The app server's part waits for the provider to be registered.
    private static let unproven: Set<String> = ["TC-1.1-renewal"]

    /// All of Tencent's rule ids in the tests, but for the lists that prove nothing.
    private static func named() throws -> Set<String> {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let names = FileManager.default.enumerator(atPath: tests.path)?.compactMap { $0 as? String } ?? []
        var found: Set<String> = []
        for name in names where name.hasSuffix(".swift") && !name.hasSuffix("/TencentRuleTests.swift") {
            let text = try String(contentsOf: tests.appendingPathComponent(name), encoding: .utf8)
            for word in Array(text.utf8).split(whereSeparator: { !isOfID($0) }) where word.starts(with: "TC-".utf8) {
                let id = String(decoding: word, as: UTF8.self)
                found.insert(id.hasSuffix(".") ? String(id.dropLast()) : id)
            }
        }
        return found
    }

    private static func isOfID(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E: true
        default: false
        }
    }

    /// The rows of the code tables are proved row by row by the tables' own tests.
    private static func isCode(_ id: String) -> Bool {
        id.contains(#/^TC-(1\.4|2\.2|5)-n?[0-9]+$/#)
    }

    @Test("Every rule is named by a test")
    func coverage() throws {
        let named = try Self.named()
        let rules = Tencent.rules.rules.map(\.id.text).filter { !Self.isCode($0) }
        let missing = Set(rules).subtracting(named)
        #expect(missing.subtracting(Self.unproven).sorted() == [])
        #expect(Self.unproven.subtracting(missing).sorted() == [], "these are named now: take them out")
    }

    @Test("No test names a rule that is not in the book")
    func noStrangers() throws {
        let known = Set(Tencent.rules.rules.map(\.id.text) + Tencent.rules.notModelled.map(\.id.text))
        #expect(try Self.named().subtracting(known).filter { !$0.hasPrefix("TC-1.4-") }.sorted() == [])
    }

    @Test("Every rule has an id of its own, a text and a source, and every code of the policy its rule")
    func integrity() {
        let book = Tencent.rules
        var seen: Set<String> = []
        for id in book.rules.map(\.id.text) + book.notModelled.map(\.id.text) {
            #expect(seen.insert(id).inserted, "\(id) stands twice")
            #expect(!id.contains(" "))
        }
        for rule in book.rules {
            #expect(rule.text.hasSuffix("."), "\(rule.id)")
            #expect(!rule.source.isEmpty, "\(rule.id)")
            #expect(rule.id.text.hasPrefix("TC-own-") == (rule.tag == .ours), "\(rule.id)")
        }
        for gap in book.notModelled { #expect(gap.text.hasSuffix(".") && gap.because.hasSuffix("."), "\(gap.id)") }
        for row in Tencent.policy.codes + [Tencent.policy.unknownCode] { #expect(book[row.rule] != nil, "\(row.rule)") }
    }
}
