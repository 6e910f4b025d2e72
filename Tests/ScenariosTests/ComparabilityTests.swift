import LoginCore
import Providers
import Scenarios
import Testing

/// The comparison of worlds, and the judgement which stories it can be made for.
@Suite("Comparing worlds")
struct ComparabilityTests {
    private static func result(_ name: String, seed: UInt64 = 7) throws -> StoryResult {
        try #require(BuiltInStories.source(named: name)).parse().play(seed: seed)
    }

    @Test("A story that can be compared gives the same canonical transcript however long the network takes")
    func networks() throws {
        for source in BuiltInStories.sources {
            var story = try source.parse()
            let result = try story.play(seed: 7)
            guard Comparability(result).isComparable else { continue }
            for (latency, jitter) in [(0, 1), (1, 10), (9, 3)] {
                story.network = NetworkModel(latency: .milliseconds(latency), jitter: .milliseconds(jitter))
                let other = try story.play(seed: 7)
                if let difference = CanonicalDifference(expected: result.entries, found: other.entries) {
                    Issue.record("\(story.name), \(latency) to \(latency + jitter) ms:\n\(difference)")
                }
            }
        }
    }

    @Test("Most stories can be compared, and each of the others says why not")
    func reasons() throws {
        let found = try BuiltInStories.sources.map { (name: $0.name, live: Comparability(try $0.parse().play())) }
        #expect(found.count { $0.live.isComparable } >= 40)
        for (name, live) in found where !live.isComparable { #expect(live.reason != nil, "\(name)") }
    }

    @Test("A race of two answers and a deadline that scaling would shorten are found")
    func limits() throws {
        let race = Comparability(try Self.result("logout"))
        #expect(race.highestScale == 0)
        #expect(race.reason?.contains("do not cause one another") == true)
        let probe = Comparability(try Self.result("silent-network"))
        #expect(probe.highestScale == 6)  // a probe of 3 s against 500 ms
        #expect(Comparability(try Self.result("manual-login")).highestScale == Comparability.mostScale)
        let month = Comparability(try Self.result("automatic-login-window"))
        #expect(month.highestScale == 0)
        #expect(month.reason == "a live run takes longer than an hour even at --time-scale 100")
    }

    // MARK: - Planted differences

    @Test("An extra attempt is seen")
    func extraAttempt() throws {
        let entries = try Self.result("drop").entries
        let place = try #require(entries.lastIndex { $0.title == "open the link" })
        var planted = entries
        planted.insert(entries[place].copy(id: EntryID(lane: "A", number: 9999)), at: place)
        let difference = try #require(CanonicalDifference(expected: entries, found: planted))
        #expect(difference.found.contains("open the link"))
    }

    @Test("A wrong connection id is seen")
    func wrongConnection() throws {
        let entries = try Self.result("drop").entries
        let place = try #require(entries.lastIndex { $0.title == "link open" })
        var planted = entries
        planted[place] = entries[place].copy(fields: [Field("connection", .id(kind: "connection", "c1"))])
        let difference = try #require(CanonicalDifference(expected: entries, found: planted))
        #expect(difference.expected.contains("connection#2"))
        #expect(difference.found.contains("connection#1"))
    }

    @Test("A swapped callback is seen")
    func swappedCallback() throws {
        let entries = try Self.result("manual-login").entries
        let first = try #require(entries.firstIndex { $0.title == "onLogin:(2 LinkOK)" })
        let second = try #require(entries.firstIndex { $0.title == "onLogin:(4 Logining)" })
        var planted = entries
        planted.swapAt(first, second)
        #expect(CanonicalDifference(expected: entries, found: planted) != nil)
    }
}

extension TranscriptEntry {
    /// The entry with another id or other fields.
    fileprivate func copy(id: EntryID? = nil, fields: [Field]? = nil) -> TranscriptEntry {
        TranscriptEntry(
            id: id ?? self.id, lane: lane, at: at, owner: owner, cause: cause, kind: kind, title: title,
            fields: fields ?? self.fields, isHeartbeat: isHeartbeat)
    }
}
