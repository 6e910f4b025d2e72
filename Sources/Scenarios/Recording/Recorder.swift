import LoginCore
import Synchronization

/// Writes down what a lab or a world is told, from its start.
///
/// Inputs come from several clients at once; what one device took stays in its order.
///
/// With a limit it stops once and for all when the next item would make the file longer: a recording must begin with the
/// machines and lack nothing up to its end to be replayed, so its beginning is what is kept. That it stopped is its last
/// item.
package final class Recorder: Sendable {
    private struct Kept {
        var items: [Recording.Item] = []
        var bytes = 0
        /// When something was left out for the first time.
        var stopped: Instant?
    }

    private let provider: String
    /// The longest file, in bytes; nil for no limit.
    private let limit: Int?
    private let whenFull: @Sendable () -> Void
    private let kept: Mutex<Kept>

    /// A recorder of a lab of one provider, by its id.
    ///
    /// - Parameters:
    ///   - limit: how long the recording may become as a file, in bytes; nil for as long as it lasts.
    ///   - whenFull: called once, when it has stopped.
    package init(provider: String, limit: Int? = nil, whenFull: @escaping @Sendable () -> Void = {}) {
        self.provider = provider
        self.limit = limit
        self.whenFull = whenFull
        // Room for what every file has, and for the last word.
        let frame = RecordingFile.bytes(Recording(provider: provider, items: [Self.lastWord(at: Self.latest)])).count
        kept = Mutex(Kept(bytes: frame + RecordingFile.countDigits))
    }

    /// The instant with the longest text.
    private static let latest = Instant(microseconds: .max)

    private static func lastWord(at now: Instant) -> Recording.Item {
        .doing(.other("what came after, for the recording was full"), at: now)
    }

    /// When the limit made it stop; nil while it has not.
    package var stopped: Instant? { kept.withLock { $0.stopped } }

    /// An app starts; call it before its machines take anything.
    package func begin(_ life: Recording.Life, at now: Instant) {
        add(.begin(life, at: now))
    }

    /// The machines of a device took an input.
    package func took(_ device: String, _ taken: TakenInput) {
        add(.take(Recording.Take(device: device, taken)))
    }

    /// The app of a device has ended.
    package func end(_ device: String, at now: Instant) {
        add(.end(device: device, at: now))
    }

    /// Something is done to the world around the machines, perhaps at a provider other than the lab's own.
    package func did(_ doing: Recording.Doing, provider: String? = nil, at now: Instant) {
        add(.doing(doing, provider: provider == self.provider ? nil : provider, at: now))
    }

    /// New entries; those of devices are passed over, for they come with the inputs.
    package func saw(_ entries: [TranscriptEntry]) {
        for entry in entries {
            if case .device = entry.lane { continue }
            add(.entry(entry))
        }
    }

    /// All that was recorded so far.
    package var recording: Recording {
        Recording(provider: provider, items: kept.withLock { $0.items })
    }

    private func add(_ item: Recording.Item) {
        guard let limit else { return kept.withLock { $0.items.append(item) } }
        guard stopped == nil else { return }
        let size = RecordingFile.size(of: item)
        let isFull = kept.withLock { kept in
            guard kept.stopped == nil else { return false }
            guard kept.bytes + size <= limit else {
                kept.stopped = item.at
                kept.items.append(Self.lastWord(at: item.at))
                return true
            }
            kept.items.append(item)
            kept.bytes += size
            return false
        }
        if isFull { whenFull() }
    }
}
