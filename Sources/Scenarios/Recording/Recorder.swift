import LoginCore
import Synchronization

/// Writes down what a lab or a world is told, from its start.
///
/// Inputs come from several clients at once; what one device took stays in its order.
package final class Recorder: Sendable {
    private let provider: String
    private let items = Mutex<[Recording.Item]>([])

    /// A recorder of a lab of one provider, by its id.
    package init(provider: String) {
        self.provider = provider
    }

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

    /// Something is done to the world around the machines.
    package func did(_ doing: Recording.Doing, at now: Instant) {
        add(.doing(doing, at: now))
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
        Recording(provider: provider, items: items.withLock { $0 })
    }

    private func add(_ item: Recording.Item) {
        items.withLock { $0.append(item) }
    }
}
