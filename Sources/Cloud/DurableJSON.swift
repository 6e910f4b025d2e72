import LoginCore
import Providers

/// Why a saved record cannot be used: one sentence for the transcript.
struct DamagedRecord: Error {
    let message: String

    init(_ record: DurableRecord, _ problem: String) {
        message =
            "The saved record \(record.collection)/\(Field.clipped(record.key, to: 64)) \(problem); it is passed over."
    }
}

/// A value's state as it is read back, record by record.
protocol RestoredRecords {
    /// One sentence for each record that was passed over.
    var problems: [String] { get set }

    mutating func read(_ record: DurableRecord) throws(DamagedRecord)
}

extension RestoredRecords {
    /// Reads all records, in the order of their names whatever the order they come in.
    mutating func read(_ records: [DurableRecord]) {
        for record in records.sorted(by: { ($0.collection, $0.key) < ($1.collection, $1.key) }) {
            do throws(DamagedRecord) {
                try read(record)
            } catch {
                problems.append(error.message)
            }
        }
    }
}

extension DurableRecord {
    /// A record with its members sorted by name; members that are nil are left out.
    init(collection: String, key: String, members: @autoclosure @escaping @Sendable () -> [String: JSONValue?]) {
        self.init(collection: collection, key: key, value: JSONValue.sorted(members()).encoded())
    }

    /// The record's JSON object.
    func object() throws(DamagedRecord) -> JSONValue {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: self.value)
        } catch {
            throw DamagedRecord(self, "is not JSON")
        }
        guard case .object = value else { throw DamagedRecord(self, "is not a JSON object") }
        return value
    }

    func text(_ name: String, in object: JSONValue) throws(DamagedRecord) -> String {
        guard let text = object[name]?.text else { throw DamagedRecord(self, "has no text \"\(name)\"") }
        return text
    }

    func number(_ name: String, in object: JSONValue) throws(DamagedRecord) -> Int {
        guard let number = object[name]?.int else { throw DamagedRecord(self, "has no number \"\(name)\"") }
        return Int(number)
    }

    func flag(_ name: String, in object: JSONValue) throws(DamagedRecord) -> Bool {
        guard let flag = object[name]?.bool else { throw DamagedRecord(self, "has no true or false \"\(name)\"") }
        return flag
    }
}

extension DurableRecord {
    /// The settings of a console that stand under `settings`.
    func consoleSettings<Settings: ConsoleSettings>() throws(DamagedRecord) -> Settings {
        guard let fields = try object()["settings"].flatMap({ JSONFields($0) }) else {
            throw DamagedRecord(self, "has no settings")
        }
        var settings = Settings()
        do throws(JSONFault) {
            try settings.take(fields)
        } catch {
            throw DamagedRecord(self, "has a wrong setting: \(error.description)")
        }
        return settings
    }
}

extension JSONValue {
    /// An object with its members in the order of their names' bytes; members that are nil are left out.
    static func sorted(_ members: [String: JSONValue?]) -> JSONValue {
        let names = members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return .object(
            names.compactMap { name in
                guard let value = members[name] ?? nil else { return nil }
                return JSONMember(name: name, value: value)
            })
    }

    static func whole(_ number: Int) -> JSONValue {
        .integer(Int64(number))
    }
}
