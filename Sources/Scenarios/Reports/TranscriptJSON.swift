import LoginCore
import Providers

/// A transcript as JSON, one entry a line; every key in its fixed place.
package enum TranscriptJSON {
    /// One entry without a line's end.
    package static func line(_ entry: TranscriptEntry) -> [UInt8] {
        JSONValue.fields([
            "id": .string(entry.id.description),
            "at": .integer(entry.at.microseconds),
            "lane": .string(entry.lane.key),
            "owner": .string(entry.owner.rawValue),
            "cause": entry.cause.map { .string($0.description) },
            "kind": .string(entry.kind.rawValue),
            "title": .string(entry.title),
            "fields": entry.fields.isEmpty ? nil : .array(entry.fields.map(field)),
            "routine": entry.isHeartbeat ? .bool(true) : nil,
        ]).encoded()
    }

    /// All entries, each with its line's end.
    package static func lines(_ entries: [TranscriptEntry]) -> [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries {
            bytes += line(entry)
            bytes.append(0x0A)
        }
        return bytes
    }

    private static func field(_ field: Field) -> JSONValue {
        switch field.value {
        case .text(let text): .fields(["name": .string(field.name), "text": .string(text)])
        case .number(let number): .fields(["name": .string(field.name), "number": .integer(Int64(number))])
        case .flag(let flag): .fields(["name": .string(field.name), "flag": .bool(flag)])
        case .duration(let microseconds):
            .fields(["name": .string(field.name), "microseconds": .integer(microseconds)])
        case .id(let kind, let value):
            .fields(["name": .string(field.name), "kind": .string(kind), "id": .string(value)])
        case .secret(let secret):
            .fields([
                "name": .string(field.name), "secret": .string(secret.name), "digest": .string(secret.digest),
                "length": .integer(Int64(secret.length)),
            ])
        case .rule(let rule): .fields(["name": .string(field.name), "rule": .string(rule.text)])
        case .instant(let instant):
            .fields(["name": .string(field.name), "instant": .integer(instant.microseconds)])
        }
    }
}
