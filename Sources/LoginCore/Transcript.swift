/// The column of a transcript: everything in one lane has a total order, lanes are joined by causes only.
package enum Lane: Hashable, Sendable, Codable, CustomStringConvertible {
    /// A device by its profile name.
    case device(String)
    case appServer
    case webAPI
    case imServer

    package var description: String {
        switch self {
        case .device(let name): "device \(name)"
        case .appServer: "app server"
        case .webAPI: "web API"
        case .imServer: "IM server"
        }
    }

    /// The name used on the wire and in entry ids: `A`, `app-server`, `web-api`, `im-server`.
    package var key: String {
        switch self {
        case .device(let name): name
        case .appServer: "app-server"
        case .webAPI: "web-api"
        case .imServer: "im-server"
        }
    }
}

/// The name of one transcript entry; crosses the wire as `A-17` in `X-Latchkey-Cause` and in the frame field `ref`.
package struct EntryID: Hashable, Sendable, Codable, CustomStringConvertible {
    package let lane: String
    package let number: Int

    package init(lane: String, number: Int) {
        self.lane = lane
        self.number = number
    }

    /// Reads what `description` prints; nil for anything else, longer than 64 bytes included.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= 64, let dash = bytes.lastIndex(of: 0x2D) else { return nil }
        let lane = bytes[..<dash]
        let digits = bytes[bytes.index(after: dash)...]
        let isLaneClean = lane.allSatisfy { byte in
            (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5A) || (byte >= 0x61 && byte <= 0x7A)
                || byte == 0x2D
        }
        // No second spelling of one id.
        guard !lane.isEmpty, isLaneClean, let first = digits.first, first != 0x30 || digits.count == 1,
            digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int(Substring(digits))
        else { return nil }
        self.init(lane: String(Substring(lane)), number: number)
    }

    package var description: String { lane + "-" + String(number) }
}

/// Who did what an entry says.
package enum Owner: String, Sendable, Codable {
    case user
    case app
    case sdk
    case server
    /// The laboratory itself: switches of the network, the backend's life.
    case lab
}

/// A typed detail of an entry, so that a canonical transcript can rename ids and tokens without reading text.
package enum FieldValue: Hashable, Sendable, Codable {
    case text(String)
    case number(Int)
    case flag(Bool)
    case duration(microseconds: Int64)
    /// An id whose value differs from world to world; `kind` such as `connection`, `account`, `device`.
    case id(kind: String, String)
    case secret(SecretRef)
    case rule(RuleID)
    case instant(Instant)
}

/// A named detail of an entry.
package struct Field: Hashable, Sendable, Codable {
    package let name: String
    package let value: FieldValue

    package init(_ name: String, _ value: FieldValue) {
        self.name = name
        self.value = value
    }

    package init(_ name: String, _ text: String) {
        self.init(name, .text(text))
    }
}

/// One thing that happened.
package struct TranscriptEntry: Hashable, Sendable, Codable {
    /// What an entry is about; closed, so that views and comparisons can be exhaustive.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Something the user or the system asked for.
        case intent
        /// A machine changed its state.
        case state
        /// The SDK called the app's listener.
        case callback
        case httpRequest
        case httpResponse
        case frameSent
        case frameReceived
        case timerStarted
        case timerFired
        case timerCancelled
        /// A connection was asked for, opened, failed or ended.
        case link
        /// Something was written to or erased from the token store.
        case store
        /// A remark for the user.
        case notice
        /// A request that the machine could not follow; its state is unchanged.
        case misuse
    }

    package let id: EntryID
    package let lane: Lane
    package let at: Instant
    package let owner: Owner
    package let cause: EntryID?
    package let kind: Kind
    /// One line: `login → 302`.
    package let title: String
    package let fields: [Field]
    /// Whether it is routine that a canonical transcript leaves out: heartbeats that succeeded, look-ups for a view.
    package let isHeartbeat: Bool

    package init(
        id: EntryID,
        lane: Lane,
        at: Instant,
        owner: Owner,
        cause: EntryID?,
        kind: Kind,
        title: String,
        fields: [Field] = [],
        isHeartbeat: Bool = false
    ) {
        self.id = id
        self.lane = lane
        self.at = at
        self.owner = owner
        self.cause = cause
        self.kind = kind
        self.title = title
        self.fields = fields
        self.isHeartbeat = isHeartbeat
    }
}

/// Mints a lane's entries in order.
package struct TranscriptLane: Sendable {
    package let lane: Lane
    /// The number of the last entry, which the next one goes on from.
    package private(set) var last: Int
    /// Whether nobody reads the lane: its entries are counted and not made.
    package let isQuiet: Bool
    /// Whether its only reader is a ``TranscriptWatch``, who needs no details: fields are left out, and titles are short.
    package let isTerse: Bool
    private let key: String

    /// A lane that begins anew, or goes on after entry `last`.
    package init(_ lane: Lane, after last: Int = 0, isQuiet: Bool = false, isTerse: Bool = false) {
        self.lane = lane
        self.last = last
        self.isQuiet = isQuiet
        self.isTerse = isTerse
        key = lane.key
    }

    /// The name of the last entry.
    package var lastID: EntryID { EntryID(lane: key, number: last) }

    /// Counts an entry that nobody reads.
    package mutating func skip() -> EntryID {
        last += 1
        return EntryID(lane: key, number: last)
    }

    package mutating func entry(
        at: Instant,
        owner: Owner,
        cause: EntryID?,
        kind: TranscriptEntry.Kind,
        title: String,
        fields: [Field] = [],
        isHeartbeat: Bool = false
    ) -> TranscriptEntry {
        last += 1
        return TranscriptEntry(
            id: EntryID(lane: key, number: last), lane: lane, at: at, owner: owner, cause: cause, kind: kind,
            title: title, fields: fields, isHeartbeat: isHeartbeat)
    }
}
