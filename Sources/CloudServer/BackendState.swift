import Cloud
import Foundation
import GRDB
import LoginCore

/// The app's name and secret with the provider.
struct BackendIdentity: Hashable, Sendable {
    let appKey: String
    let appSecret: Secret
}

/// What a backend remembers from start to start: durable records in one SQLite file.
///
/// The file is created 0600 before SQLite opens it. A change is on the disk when `apply` returns.
final class BackendState: Sendable {
    /// A change of one record.
    enum Change: Hashable, Sendable {
        case save(DurableRecord)
        case remove(collection: String, key: String)
    }

    /// The version of the tables, kept in the file's `user_version`.
    static let schemaVersion = 1
    private static let ownCollection = "backend/identity"

    private let database: DatabaseQueue

    private init(database: DatabaseQueue) {
        self.database = database
    }

    /// State that ends with the process.
    static func inMemory() throws(BackendError) -> BackendState {
        do {
            let database = try DatabaseQueue()
            try prepare(database)
            return BackendState(database: database)
        } catch {
            throw BackendError("Cannot keep state in memory, SQLite says \"\(text(of: error))\": free some memory.")
        }
    }

    /// Opens the state file of a locked directory, or makes it.
    ///
    /// A damaged file is set aside with the time in its name, and the notice says so.
    static func open(
        in directory: StateDirectory,
        startsFresh: Bool
    ) throws(BackendError) -> (state: BackendState, notice: String?) {
        let path = directory.path + "/backend.sqlite"
        do {
            let state = try open(path)
            if startsFresh { try state.empty(path) }
            return (state, nil)
        } catch {
            switch error {
            case .sentence(let error): throw error
            case .damaged:
                let place = try setAside(path)
                do {
                    return (
                        try open(path),
                        "The backend's state file was damaged: it was set aside as \(place), and the state is empty."
                    )
                } catch .sentence(let error) {
                    throw error
                } catch {
                    throw BackendError("Cannot use \(path): set XDG_STATE_HOME to another directory.")
                }
            }
        }
    }

    /// All records, in order of collection and key.
    func records() throws(BackendError) -> [DurableRecord] {
        do {
            return try database.read { db in
                try Row.fetchAll(db, sql: "SELECT collection, key, value FROM record ORDER BY collection, key")
                    .map { row in
                        let value = Array(row["value"] as Data)
                        return DurableRecord(collection: row["collection"], key: row["key"], value: value)
                    }
            }
        } catch {
            throw BackendError(
                "Cannot read the backend's state, SQLite says \"\(Self.text(of: error))\": start afresh.")
        }
    }

    /// Makes the changes in order, in one transaction.
    func apply(_ changes: [Change]) async throws(BackendError) {
        guard !changes.isEmpty else { return }
        do {
            try await database.write { db in try Self.write(changes, db) }
        } catch {
            throw BackendError(
                "The backend's state could not be saved, SQLite says \"\(Self.text(of: error))\": "
                    + "make room on the disk; until then, what would change it is refused.")
        }
    }

    /// Whether something of a few pages can be written.
    func hasRoom() async -> Bool {
        let probe = DurableRecord(
            collection: Self.ownCollection, key: "room", value: [UInt8](repeating: 0x20, count: 16_384))
        do {
            try await apply([.save(probe)])
            try await apply([.remove(collection: probe.collection, key: probe.key)])
            return true
        } catch {
            return false
        }
    }

    /// The kept identity with what is given in its place; one that is missing is made and kept.
    ///
    /// Every provider has an app of its own.
    func identity(
        provider: String = ProviderClouds.ids[0], appKey: String?, appSecret: Secret?
    ) async throws(BackendError) -> BackendIdentity {
        let suffix = provider == ProviderClouds.ids[0] ? "" : "/\(provider)"
        let kept = try records().filter { $0.collection == Self.ownCollection }
        func value(_ key: String) -> String? {
            kept.first { $0.key == key }.map { String(decoding: $0.value, as: UTF8.self) }
        }
        let keptKey = value("appKey" + suffix)
        let keptSecret = value("appSecret" + suffix)
        let made = ProviderClouds.newApp(provider: provider, hex: StateDirectory.randomHex)
        let (madeKey, madeSecret) = (keptKey ?? made.key, keptSecret ?? made.secret)
        if keptKey == nil || keptSecret == nil {
            try await apply([
                .save(
                    DurableRecord(
                        collection: Self.ownCollection, key: "appKey" + suffix, value: Array(madeKey.utf8))),
                .save(
                    DurableRecord(
                        collection: Self.ownCollection, key: "appSecret" + suffix, value: Array(madeSecret.utf8))),
            ])
        }
        return BackendIdentity(
            appKey: appKey ?? madeKey, appSecret: appSecret ?? Secret(madeSecret, kind: .appSecret))
    }

    func close() {
        try? database.close()
    }

    // MARK: - Opening

    private enum OpenProblem: Error {
        case damaged
        case sentence(BackendError)
    }

    private static func open(_ path: String) throws(OpenProblem) -> BackendState {
        do {
            let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor >= 0 {
                Foundation.close(descriptor)
            } else if errno == EEXIST {
                let existing = Foundation.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
                guard existing >= 0 else {
                    throw OpenProblem.sentence(.file(path, errno: errno, doing: "open"))
                }
                defer { Foundation.close(existing) }
                // Secrets are in it, whoever made it.
                fchmod(existing, 0o600)
                // SQLite would throw away the log beside a file that is not its own.
                guard isDatabase(existing) else { throw OpenProblem.damaged }
            } else {
                throw OpenProblem.sentence(.file(path, errno: errno, doing: "create"))
            }
            var configuration = Configuration()
            configuration.busyMode = .timeout(5)
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA synchronous = FULL")
            }
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try prepare(database)
            return BackendState(database: database)
        } catch let problem as OpenProblem {
            throw problem
        } catch let error as BackendError {
            throw .sentence(error)
        } catch let error as DatabaseError {
            switch error.resultCode {
            case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_FORMAT, .SQLITE_MISMATCH:
                throw .damaged
            case .SQLITE_FULL:
                throw .sentence(.file(path, errno: ENOSPC, doing: "write"))
            case .SQLITE_READONLY:
                throw .sentence(.file(path, errno: EROFS, doing: "write"))
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                throw .sentence(
                    BackendError(
                        "Another program has \(path) open: end it, or set XDG_STATE_HOME to another directory."))
            default:
                throw .sentence(
                    BackendError(
                        "Cannot use \(path), SQLite says \"\(text(of: error))\": set XDG_STATE_HOME to another directory."
                    ))
            }
        } catch {
            throw .sentence(BackendError("Cannot use \(path): set XDG_STATE_HOME to another directory."))
        }
    }

    /// Whether a file is empty or begins as SQLite's files do.
    private static func isDatabase(_ descriptor: Int32) -> Bool {
        let magic = Array("SQLite format 3\0".utf8)
        var bytes = [UInt8](repeating: 0, count: magic.count)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return count == 0 || bytes == magic
    }

    private static func prepare(_ database: DatabaseQueue) throws {
        try database.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
            guard version <= schemaVersion else {
                throw BackendError(
                    "The backend's state was written by a newer Latchkey: use that one, or choose another "
                        + "state directory.")
            }
            let complaint = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
            guard complaint == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            try db.inTransaction(.immediate) {
                if version == 0 {
                    try db.execute(
                        sql: """
                            CREATE TABLE record (
                                collection TEXT NOT NULL,
                                key TEXT NOT NULL,
                                value BLOB NOT NULL,
                                PRIMARY KEY (collection, key)
                            ) WITHOUT ROWID
                            """)
                }
                // Written at every start: a disk that cannot be written to is found out now and not later.
                try db.execute(sql: "PRAGMA user_version = \(schemaVersion)")
                _ = try Row.fetchOne(db, sql: "SELECT collection, key, value FROM record LIMIT 1")
                return .commit
            }
        }
    }

    private func empty(_ path: String) throws(OpenProblem) {
        do {
            try database.write { db in try db.execute(sql: "DELETE FROM record") }
        } catch {
            throw .sentence(BackendError("Cannot empty \(path), SQLite says \"\(Self.text(of: error))\": delete it."))
        }
    }

    private static func setAside(_ path: String) throws(BackendError) -> String {
        var seconds = time(nil)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func digits(_ number: Int32, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        let stamp =
            digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2) + "-"
            + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2)
        var place = "\(path).damaged-\(stamp)"
        var attempt = 1
        while access(place, F_OK) == 0 {
            attempt += 1
            place = "\(path).damaged-\(stamp)-\(attempt)"
        }
        for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
            guard rename(path + suffix, place + suffix) == 0 else {
                throw .file(path + suffix, errno: errno, doing: "set aside the damaged file")
            }
        }
        return place
    }

    private static func write(_ changes: [Change], _ db: Database) throws {
        for change in changes {
            switch change {
            case .save(let record):
                try db.cachedStatement(
                    sql: "INSERT OR REPLACE INTO record (collection, key, value) VALUES (?, ?, ?)"
                )
                .execute(arguments: [record.collection, record.key, Data(record.value)])
            case .remove(let collection, let key):
                try db.cachedStatement(sql: "DELETE FROM record WHERE collection = ? AND key = ?")
                    .execute(arguments: [collection, key])
            }
        }
    }

    /// SQLite's own words without the statement, which may hold values.
    private static func text(of error: any Error) -> String {
        (error as? DatabaseError)?.message ?? "unknown error"
    }
}
