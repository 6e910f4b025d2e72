import HeapModule
import LoginCore

/// What is to happen, ordered by instant and, within an instant, by the order in which it was asked for.
///
/// That order is total, so that two runs of the same story do the same things in the same order.
struct EventQueue: Sendable {
    /// What the heap moves about: small, without references.
    private struct Item: Comparable, Sendable {
        let at: Int64
        let sequence: UInt64
        /// Where the occurrence stands.
        let place: Int

        static func < (left: Item, right: Item) -> Bool {
            left.at == right.at ? left.sequence < right.sequence : left.at < right.at
        }

        static func == (left: Item, right: Item) -> Bool { left.sequence == right.sequence }
    }

    private var heap = Heap<Item>()
    private var sequence: UInt64 = 0
    private var occurrences: [Occurrence?] = []
    private var free: [Int] = []

    mutating func add(_ occurrence: Occurrence, at: Instant) {
        sequence += 1
        let place: Int
        if let last = free.popLast() {
            place = last
            occurrences[place] = occurrence
        } else {
            place = occurrences.count
            occurrences.append(occurrence)
        }
        heap.insert(Item(at: at.microseconds, sequence: sequence, place: place))
    }

    /// When the next thing happens.
    var next: Instant? { heap.min.map { Instant(microseconds: $0.at) } }

    /// Takes the next thing out when it is due no later than `limit`.
    mutating func take(until limit: Instant) -> (at: Instant, occurrence: Occurrence)? {
        guard let first = heap.min, first.at <= limit.microseconds, let item = heap.popMin(),
            let occurrence = occurrences[item.place].take()
        else { return nil }
        free.append(item.place)
        return (Instant(microseconds: item.at), occurrence)
    }
}

/// One thing that happens in a virtual world.
///
/// `life` tells one run of an app or a backend from the next: what belongs to an earlier one is passed over. So is a
/// timer whose `serial` is not the live one's.
enum Occurrence: Sendable {
    case deviceTimer(device: Int, ClientCore.TimerKey, serial: Int, life: Int)
    /// Something that a client sent reaches the fault before the server.
    case up(StreamID, Segment)
    /// Something that a server sent reaches the fault before the client.
    case down(StreamID, Segment)
    /// What was held is handed on, the fault before it being gone.
    case flush(StreamID)
    /// A client sees that its connection was reset.
    indirect case clientReset(ClientEnd, CloseCause)
    /// The IM server sees that a link was reset.
    case serverReset(LinkEnd)
    /// The time of an HTTP call is over.
    case callDeadline(StreamID)
    case cloudTimer(BackendTimer, serial: Int, life: Int)
    /// A call of one side of the backend reaches the other, or the answer comes back.
    indirect case backendCall(BackendCall, life: Int)
    indirect case backendAnswer(BackendAnswer, life: Int)
}
