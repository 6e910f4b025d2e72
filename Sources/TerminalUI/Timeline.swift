import LoginCore

/// The entries that the screen can show, which of them pass the filter, and which one is selected.
///
/// A ring: with more than 5,000 the oldest go. Entries are named by ordinals that never change, 0 for the first one
/// ever seen, so that a selection survives what comes and goes around it.
package struct Timeline: Sendable {
    package static let capacity = 5000

    private var ring: [TranscriptEntry] = []
    /// Ordinal of the oldest entry kept.
    private var first = 0
    /// Ordinal of the next entry to come.
    private var next = 0
    private var ordinals: [EntryID: Int] = [:]
    /// Ordinals that pass, ascending; nil when everything does.
    private var passing: [Int]?
    /// nil follows the newest entry.
    private var pinned: Int?
    private var search = TextSearch("")

    /// What an entry must contain, as typed; empty for no filter.
    package private(set) var filter = ""
    /// Whether successful heartbeats are shown.
    package private(set) var showsHeartbeats = false
    /// The only lane that is shown; nil shows all.
    package private(set) var lane: Lane?

    package init() {}

    // MARK: What there is

    /// How many entries are kept.
    package var total: Int { next - first }
    /// How many of them are shown.
    package var count: Int { passing?.count ?? total }
    package var isFiltered: Bool { passing != nil }
    /// Whether the newest entry is the selected one, and stays so when another comes.
    package var followsTail: Bool { pinned == nil }

    /// The shown entry at `index`, 0 for the oldest.
    package subscript(index: Int) -> TranscriptEntry? {
        guard index >= 0, index < count else { return nil }
        return entry(ordinal: passing?[index] ?? first + index)
    }

    /// The entry with this id, shown or not; nil when it is not kept any more.
    package func entry(_ id: EntryID) -> TranscriptEntry? {
        ordinals[id].flatMap { entry(ordinal: $0) }
    }

    /// The entries that name `id` as their cause, oldest first.
    package func effects(of id: EntryID) -> [TranscriptEntry] {
        guard let start = ordinals[id] else {
            return (first..<next).compactMap { entry(ordinal: $0) }.filter { $0.cause == id }
        }
        // An effect may reach the timeline before its cause when lanes arrive by different ways, so look back a little.
        let from = max(first, start - 200)
        return (from..<next).compactMap { entry(ordinal: $0) }.filter { $0.cause == id }
    }

    /// The causes of an entry, the nearest one first, and the id at which the chain left the ring.
    package func causes(of id: EntryID) -> (entries: [TranscriptEntry], missing: EntryID?) {
        var chain: [TranscriptEntry] = []
        var seen: Set<EntryID> = [id]
        var cause = entry(id)?.cause
        while let current = cause {
            guard seen.insert(current).inserted else { return (chain, nil) }
            guard let found = entry(current) else { return (chain, current) }
            chain.append(found)
            cause = found.cause
        }
        return (chain, nil)
    }

    // MARK: Selection

    /// Position of the selected entry among those shown; nil when there is none.
    package var selectedIndex: Int? {
        guard count > 0 else { return nil }
        guard let pinned else { return count - 1 }
        return index(atOrAfter: pinned)
    }

    package var selected: TranscriptEntry? { selectedIndex.flatMap { self[$0] } }

    /// Moves the selection by `steps`, stopping at the ends; the last one follows what comes.
    package mutating func move(by steps: Int) {
        guard let index = selectedIndex else { return }
        select(index: min(max(0, index + steps), count - 1))
    }

    package mutating func selectFirst() {
        guard count > 0 else { return }
        select(index: 0)
    }

    /// Goes back to following the newest entry.
    package mutating func selectTail() { pinned = nil }

    /// Selects the entry if it is shown; false when it is not.
    package mutating func select(_ id: EntryID) -> Bool {
        guard let ordinal = ordinals[id], let index = index(atOrAfter: ordinal),
            self[index]?.id == id
        else { return false }
        select(index: index)
        return true
    }

    private mutating func select(index: Int) {
        pinned = index >= count - 1 ? nil : passing?[index] ?? first + index
    }

    private func index(atOrAfter ordinal: Int) -> Int? {
        guard count > 0 else { return nil }
        guard let passing else { return min(max(0, ordinal - first), count - 1) }
        var low = 0
        var high = passing.count
        while low < high {
            let middle = (low + high) / 2
            if passing[middle] < ordinal { low = middle + 1 } else { high = middle }
        }
        return min(low, passing.count - 1)
    }

    // MARK: Filling

    package mutating func append(_ entries: [TranscriptEntry]) {
        // Of a batch larger than the ring only the end would stay.
        for entry in entries.suffix(Self.capacity) { append(entry) }
    }

    private mutating func append(_ entry: TranscriptEntry) {
        if total == Self.capacity {
            let old = ring[first % Self.capacity]
            if ordinals[old.id] == first { ordinals[old.id] = nil }
            first += 1
            if let oldest = passing?.first, oldest < first { passing?.removeFirst() }
            if let pinned, pinned < first { self.pinned = first }
            ring[next % Self.capacity] = entry
        } else {
            ring.append(entry)
        }
        ordinals[entry.id] = next
        if passing != nil, passes(entry) { passing?.append(next) }
        next += 1
    }

    private func entry(ordinal: Int) -> TranscriptEntry? {
        ordinal >= first && ordinal < next ? ring[ordinal % Self.capacity] : nil
    }

    // MARK: Filter

    /// Shows only entries that contain `text`, whatever the case; empty shows all.
    package mutating func setFilter(_ text: String) {
        // Whatever holds the longer text held the shorter one: only those need to be asked again.
        let isNarrower = !filter.isEmpty && text.hasPrefix(filter)
        filter = text
        search = TextSearch(text)
        refilter(among: isNarrower ? passing : nil)
    }

    /// Shows one lane only, or all of them.
    package mutating func setLane(_ lane: Lane?) {
        guard lane != self.lane else { return }
        self.lane = lane
        refilter()
    }

    package mutating func toggleHeartbeats() {
        showsHeartbeats.toggle()
        refilter()
    }

    private mutating func refilter(among candidates: [Int]? = nil) {
        guard !filter.isEmpty || !showsHeartbeats || lane != nil else {
            passing = nil
            return
        }
        passing = (candidates ?? Array(first..<next)).filter { ordinal in entry(ordinal: ordinal).map(passes) ?? false }
    }

    private func passes(_ entry: TranscriptEntry) -> Bool {
        guard showsHeartbeats || !entry.isHeartbeat, lane == nil || lane == entry.lane else { return false }
        return filter.isEmpty || search.matches(entry)
    }
}
