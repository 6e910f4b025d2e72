import LoginCore
import Providers

/// Whether a story can be compared with a live run of it, found from its virtual run (DESIGN §3).
///
/// A canonical transcript has a total order in each lane and causes between lanes. Real sockets keep the order of what is
/// caused by one another, of what goes over one connection, and of what the story waited for before it went on. Two
/// entries of one lane with none of these between them may change places live when they lie close together; how close is
/// 100 ms of real time.
package struct Comparability: Hashable, Sendable {
    /// The most that a live run may be sped up; 0 for a story that cannot be compared at all.
    package let highestScale: Int
    /// Why it cannot be compared, or not at a higher scale; nil when nothing limits it.
    package let reason: String?

    package var isComparable: Bool { highestScale >= 1 }

    /// Real time within which unrelated entries may change places.
    package static let race: Duration = .milliseconds(100)
    /// Nobody waits longer than this for a live run, in real time.
    package static let longestRun: Duration = .seconds(3600)
    /// No higher scale is looked at.
    package static let mostScale = 100

    package init(_ result: StoryResult) {
        let order = EntryOrder(result)
        var closest = order.closestStrangers(within: Self.race * Self.mostScale)
        if let found = closest, found.gap >= Self.race * Self.mostScale { closest = nil }
        var scale = Self.mostScale
        var reason: String?
        if let closest {
            scale = Int(closest.gap.wholeMicroseconds / Self.race.wholeMicroseconds)
            reason =
                "“\(closest.first.title)” and “\(closest.second.title)” in lane \(closest.first.lane.key) do not cause "
                + "one another and lie \(closest.gap.text) apart"
        }
        if let deadline = result.shortestFiredDeadline {
            let most = Int(deadline.wholeMicroseconds / LabClock.usualShortestDeadline.wholeMicroseconds)
            if most < scale {
                scale = most
                reason = "a deadline of \(deadline.text) fires, which no socket keeps when it is scaled further"
            }
        }
        if let next = result.nextAfterEnd {
            // A live run waits for twice as long as things race before it is compared.
            let most = Int(next.wholeMicroseconds / (2 * Self.race.wholeMicroseconds))
            if most < scale {
                scale = most
                reason = "the next thing would happen \(next.text) after the end, too near to tell it from what is late"
            }
        }
        if let tick = ProviderRegistry.provider(result.story.provider)?.tokenTick,
            let gap = Self.closestTokens(result.entries)
        {
            // Whether they are one depends on where the tick falls.
            let most = max(0, Int((gap - tick).wholeMicroseconds / Self.race.wholeMicroseconds))
            if most < scale {
                scale = most
                reason = "two tokens are made \(gap.text) apart, which may be the same or not"
            }
        }
        if result.entries.contains(where: \.countsFromNow) {
            scale = 0
            reason = "what is left of a token's life is counted from an instant that no two runs share"
        }
        if scale > 0, result.duration / scale > Self.longestRun {
            reason = "a live run takes longer than an hour even at --time-scale \(scale)"
            scale = 0
        }
        if result.story.network != NetworkModel() {
            scale = 0
            reason = "it shapes the network as no live run can"
        }
        highestScale = scale
        self.reason = reason
    }
}

extension Comparability {
    /// The shortest time between two tokens that the app server makes for one account, its own calls' among them.
    private static func closestTokens(_ entries: [TranscriptEntry]) -> Duration? {
        var last: [String: Instant] = [:]
        var closest: Duration?
        for entry in entries where !entry.isHeartbeat {
            let isGrant =
                entry.lane == .appServer && entry.kind == .httpResponse
                && entry.fields.contains { $0.name == "tokenKind" }
            guard isGrant || (entry.lane == .webAPI && entry.kind == .httpRequest) else { continue }
            // A call names its caller first.
            guard let account = entry.fields.lazy.compactMap(\.account).first else { continue }
            if let before = last.updateValue(entry.at, forKey: account) {
                closest = min(closest ?? entry.at - before, entry.at - before)
            }
        }
        return closest
    }
}

extension Field {
    fileprivate var account: String? {
        if case .id("account", let id) = value { id } else { nil }
    }
}

/// What of a transcript must come before what, whatever the network does.
private struct EntryOrder {
    struct Strangers {
        let first: TranscriptEntry
        let second: TranscriptEntry
        let gap: Duration
    }

    private let entries: [TranscriptEntry]
    /// For each entry the first one of its turn: what one input brought about is written in one piece.
    private var turns: [Int] = []
    /// For each turn the turns that it must come after.
    private var parents: [[Int]] = []
    /// The link that a turn's first entry came over.
    private var links: [String?] = []

    init(_ result: StoryResult) {
        entries = result.entries
        var places: [EntryID: Int] = [:]
        for (index, entry) in entries.enumerated() { places[entry.id] = index }
        let ends = LinkEnds(entries, places)
        var lastOfLane: [Lane: Int] = [:]
        var lastOfLink: [String: Int] = [:]
        var lastDeed: [Lane: Int] = [:]
        for (index, entry) in entries.enumerated() {
            let cause = entry.cause.flatMap { places[$0] }.flatMap { $0 < index ? $0 : nil }
            let before = lastOfLane.updateValue(index, forKey: entry.lane)
            turns.append(Self.turn(of: index, cause: cause, before: before, entries, turns))
            let link = entry.link ?? cause.flatMap { entries[$0].link }
            links.append(link)
            parents.append([])
            guard turns[index] == index else { continue }
            if let cause { parents[index].append(turns[cause]) }
            let deed = result.deeds.last { $0.first <= index }
            if entry.lane == .imServer, let link {
                if let last = lastOfLink.updateValue(index, forKey: link) { parents[index].append(turns[last]) }
                if entry.kind == .link, let end = ends.clientEntry(of: link, for: entry), end < index {
                    parents[index].append(turns[end])
                } else if entry.kind == .link, cause == nil, let deed, deed.breaksLinks {
                    parents[index] += deed.after.map { turns[$0] }
                }
            } else if cause == nil || (entry.kind == .link && deed?.breaksLinks == true) {
                // Done by the story, or broken by what it did.
                parents[index] += deed?.after.map { turns[$0] } ?? []
            }
            if cause == nil, entry.lane != .imServer {
                // What is done to one device, or asked of the app server by the operator, is done in turn.
                if let last = lastDeed.updateValue(index, forKey: entry.lane) { parents[index].append(last) }
            }
        }
    }

    private static func turn(
        of index: Int, cause: Int?, before: Int?, _ entries: [TranscriptEntry], _ turns: [Int]
    ) -> Int {
        let entry = entries[index]
        // An app sets its SDK up and starts in one go, whatever the SDK does meanwhile.
        if let before, cause == nil, entry.title.hasPrefix("start the app"), entries[before].at == entry.at {
            return turns[before]
        }
        if let cause, entries[cause].lane == entry.lane, entries[cause].at == entry.at { return turns[cause] }
        if let before, cause != nil, entries[before].at == entry.at, entries[before].cause == entry.cause {
            return turns[before]
        }
        return index
    }

    /// The two closest turns of one lane that may change places.
    func closestStrangers(within window: Duration) -> Strangers? {
        var lanes: [Lane: [Int]] = [:]
        for (index, entry) in entries.enumerated() where turns[index] == index && !entry.isHeartbeat {
            lanes[entry.lane, default: []].append(index)
        }
        var closest: Strangers?
        for lane in lanes.keys.sorted(by: { $0.key < $1.key }) {
            let own = lanes[lane, default: []]
            for (place, second) in own.enumerated() {
                for first in own[..<place].reversed() {
                    let gap = entries[second].at - entries[first].at
                    guard gap < closest?.gap ?? window else { break }
                    if areRelated(first, second) { continue }
                    closest = Strangers(first: entries[first], second: entries[second], gap: gap)
                }
            }
        }
        return closest
    }

    private func areRelated(_ first: Int, _ second: Int) -> Bool {
        if let link = links[first], link == links[second] { return true }
        var stack = [second]
        var seen: Set<Int> = []
        while let turn = stack.popLast() {
            if turn == first { return true }
            for parent in parents[turn] where parent >= first && seen.insert(parent).inserted { stack.append(parent) }
        }
        return false
    }
}

/// What the clients wrote about the links that the IM server knows.
private struct LinkEnds {
    private var opened: [String: Int] = [:]
    private var closed: [String: Int] = [:]

    init(_ entries: [TranscriptEntry], _ places: [EntryID: Int]) {
        var links: [String: String] = [:]
        for entry in entries where entry.kind == .frameReceived && entry.lane == .imServer {
            guard let link = entry.link, opened[link] == nil, let sent = entry.cause.flatMap({ places[$0] }) else {
                continue
            }
            // A client has one connection at a time: the frame went over the one that it opened last.
            let lane = entries[sent].lane
            guard let open = entries[..<sent].lastIndex(where: { $0.lane == lane && $0.title == "open the link" }),
                let connection = entries[open].connection
            else { continue }
            links[connection] = link
            opened[link] = open
        }
        for (index, entry) in entries.enumerated() where entry.title == "close the link" {
            if let link = entry.connection.flatMap({ links[$0] }) { closed[link] = index }
        }
    }

    /// The client's opening of a link for the server's, and the client's closing for the server's.
    func clientEntry(of link: String, for entry: TranscriptEntry) -> Int? {
        entry.title == "link opened" ? opened[link] : closed[link]
    }
}

extension TranscriptEntry {
    /// Whether a timer of the app's was started for what was left of a token's life: lives are whole seconds, and the
    /// steps of a fresh one hundredths of them.
    fileprivate var countsFromNow: Bool {
        guard kind == .timerStarted, owner == .app else { return false }
        return fields.contains { field in
            if case .duration(let microseconds) = field.value { microseconds % 10_000 != 0 } else { false }
        }
    }

    /// The server's name for the link that the entry is about.
    fileprivate var link: String? { lane == .imServer ? id("link") : nil }

    /// The device and its name for the connection that the entry is about; a restarted app counts anew, so that the
    /// latest one is meant.
    fileprivate var connection: String? { id("connection").map { "\(lane.key) \($0)" } }

    private func id(_ kind: String) -> String? {
        for field in fields where field.name == kind {
            if case .id(_, let id) = field.value { return id }
        }
        return nil
    }
}
