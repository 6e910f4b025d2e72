import LoginCore
import Providers

/// One event being handled: its instant, and the effects so far, in order.
struct Turn {
    let now: Instant
    private(set) var effects: [CloudEffect] = []

    init(at now: Instant) {
        self.now = now
    }

    mutating func emit(_ effect: CloudEffect) {
        effects.append(effect)
    }

    /// Writes one line of the transcript and names it, so that what follows can name it as its cause.
    @discardableResult
    mutating func record(
        _ lane: inout TranscriptLane,
        _ kind: TranscriptEntry.Kind,
        _ title: @autoclosure () -> String,
        _ fields: @autoclosure () -> [Field] = [],
        cause: EntryID?,
        isHeartbeat: Bool = false
    ) -> EntryID {
        if lane.isQuiet { return lane.skip() }
        let entry = lane.entry(
            at: now, owner: .server, cause: cause, kind: kind, title: title(), fields: fields(),
            isHeartbeat: isHeartbeat)
        effects.append(.record(entry))
        return entry.id
    }
}

extension Field {
    /// A secret as its stand-in.
    static func secret(_ secret: Secret) -> Field {
        let name = secret.kind.rawValue
        return Field(name, .secret(SecretDigest.reference(for: secret, name: name)))
    }

    static func account(_ name: String) -> Field {
        Field("account", .id(kind: "account", clipped(name)))
    }

    static func device(_ id: String) -> Field {
        Field("device", .id(kind: "device", clipped(id)))
    }

    static func link(_ id: LinkID) -> Field {
        Field("link", .id(kind: "link", id.description))
    }

    static func code(_ code: Int) -> Field {
        Field("code", .number(code))
    }

    static func rule(_ id: RuleID) -> Field {
        Field("rule", .rule(id))
    }

    /// Text from outside, cut to a length that a transcript can hold many times.
    static func clipped(_ text: String, to count: Int = 128) -> String {
        text.utf8.count <= count ? text : String(text.prefix(count)) + "…"
    }
}

extension EntryID {
    /// The transcript entry that caused a request or an answer, when its header names one, once.
    init?(in headers: [HTTPHeader]) {
        var value: String?
        for header in headers where header.isNamed(HTTPHeader.causeName) {
            guard value == nil else { return nil }
            value = header.value
        }
        guard let value else { return nil }
        self.init(value)
    }
}
