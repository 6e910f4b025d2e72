import LoginCore

/// How much of a transcript is kept.
package enum TranscriptSink: Hashable, Sendable {
    case full
    /// The last entries, this many.
    case ring(Int)
    case none
}

/// The transcript of a virtual run, in the order in which things happened.
package struct TranscriptLog: Sendable {
    package let sink: TranscriptSink
    /// How many entries there were in all, those included that were not kept.
    package private(set) var count = 0
    private var kept: [TranscriptEntry] = []
    /// Where the oldest entry of a full ring stands.
    private var first = 0

    package init(_ sink: TranscriptSink) {
        self.sink = sink
    }

    /// What was kept, oldest first.
    package var entries: [TranscriptEntry] {
        first == 0 ? kept : Array(kept[first...] + kept[..<first])
    }

    /// What was kept of the entries from number `mark` on, counted from 0.
    package func entries(since mark: Int) -> ArraySlice<TranscriptEntry> {
        let all = entries
        return all.suffix(max(0, min(all.count, count - mark)))
    }

    mutating func add(_ entry: TranscriptEntry) {
        count += 1
        switch sink {
        case .none:
            break
        case .full:
            kept.append(entry)
        case .ring(let size):
            if kept.count < size {
                kept.append(entry)
            } else if size > 0 {
                kept[first] = entry
                first = (first + 1) % size
            }
        }
    }
}
