import Cloud
import LoginCore
import Providers

/// The two sides of a backend.
enum BackendSide: Hashable, Sendable {
    case appServer
    case cloud
}

struct BackendTimer: Hashable, Sendable {
    let side: BackendSide
    let id: TimerID
}

/// A call that one side makes to the other.
struct BackendCall: Sendable {
    let from: BackendSide
    let id: OutgoingID
    let request: HTTPRequestValue
}

struct BackendAnswer: Sendable {
    let to: BackendSide
    let id: OutgoingID
    let result: Result<HTTPResponseValue, CallFailure>
}

/// Who waits for an exchange's answer.
enum Asker: Sendable {
    case stream(StreamID)
    case backend(BackendSide, OutgoingID)
}

/// The backend of a virtual world: the two Cloud values, what they have written, and what is open with them.
struct VirtualBackend: Sendable {
    /// Nil while the backend is killed.
    private(set) var pair: BackendPair?
    private(set) var isUp = false
    /// Counts the lives and the deaths between them.
    var life = 0
    private var records: [RecordKey: DurableRecord] = [:]
    private var lastEntries: [Lane: Int] = [:]
    var links: [LinkID: StreamID] = [:]
    var askers: [ExchangeID: Asker] = [:]
    var timers: [BackendTimer: Int] = [:]
    var lastSerial = 0
    private var linkIDs = Counter<LinkID>()
    private var exchangeIDs = Counter<ExchangeID>()

    private struct RecordKey: Hashable, Comparable {
        let collection: String
        let key: String

        static func < (left: RecordKey, right: RecordKey) -> Bool {
            (left.collection, left.key) < (right.collection, right.key)
        }
    }

    /// Makes the values anew from what was written; quiet ones write no transcript.
    mutating func start(_ setup: BackendSetup, seed: UInt64, isQuiet: Bool) {
        life += 1
        var setup = setup
        setup.seed = BackendSetup.seed(ofLife: life, of: seed)
        let kept = records.keys.sorted().compactMap { records[$0] }
        pair = setup.make(restoring: kept)
        isUp = pair != nil
        pair?.appServer.continueTranscript(after: lastEntries)
        pair?.cloud.continueTranscript(after: lastEntries)
        if isQuiet {
            pair?.appServer.quieten()
            pair?.cloud.quieten()
        }
    }

    /// Forgets everything but what was written.
    mutating func kill() {
        life += 1
        pair = nil
        isUp = false
        links = [:]
        askers = [:]
        timers = [:]
    }

    mutating func handle(_ event: CloudEvent, on side: BackendSide, at now: Instant) -> [CloudEffect] {
        switch side {
        case .appServer: pair?.appServer.handle(event, at: now) ?? []
        case .cloud: pair?.cloud.handle(event, at: now) ?? []
        }
    }

    mutating func nextLink() -> LinkID { linkIDs.next() }
    mutating func nextExchange() -> ExchangeID { exchangeIDs.next() }

    mutating func save(_ record: DurableRecord) {
        records[RecordKey(collection: record.collection, key: record.key)] = record
    }

    mutating func remove(_ collection: String, _ key: String) {
        records[RecordKey(collection: collection, key: key)] = nil
    }

    mutating func noteEntry(_ entry: TranscriptEntry) {
        lastEntries[entry.lane] = entry.id.number
    }
}
