import Dispatch
import GRDB
import LoginCore
import Synchronization

/// The device profiles and saved logins of this user, in one SQLite file that several processes may have open.
///
/// Every call blocks until the disk has it: what was reported saved is there after a `kill -9`, and a save that was
/// cut off leaves what was there before. In the directory, all of it readable by this user only:
///
/// | file | what for |
/// |---|---|
/// | `tokens.sqlite`, `-wal`, `-shm` | the data |
/// | `tokens.lock` | held shared by every process that has the data open; exclusive to make or replace it |
/// | `profile-A.lock` … | held by the process that plays that device |
/// | `tokens.sqlite.damaged-…` | what was set aside |
package final class TokenStore: Sendable {
    let files: StoreFiles
    private let queue: DatabaseQueue
    /// Kept for its lifetime only.
    private let lock: FileLock
    /// Where ``beside(_:)`` runs.
    let thread = DispatchQueue(label: "latchkey.tokens.beside")
    let claims = Mutex<[String: FileLock]>([:])

    init(files: StoreFiles, queue: DatabaseQueue, lock: FileLock) {
        self.files = files
        self.queue = queue
        self.lock = lock
    }

    /// The login saved for a profile and provider; nil if there is none.
    package func load(profile: String, provider: String) throws(StoreError) -> StoredLogin? {
        try access { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT \(StoreSchema.columns) FROM login WHERE profile = ? AND provider = ?",
                arguments: [profile, provider])
            guard let row else { return nil }
            guard let login = StoreSchema.login(row) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            return login
        }
    }

    /// Saves a login in place of the one before; the profile must have been claimed at some time.
    package func save(_ login: StoredLogin, profile: String) throws(StoreError) {
        try access { database in
            try database.execute(
                sql: "REPLACE INTO login (\(StoreSchema.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: StoreSchema.arguments(login, profile: profile))
        }
    }

    /// Erases a saved login, its bytes in the file included; none to erase is fine.
    package func erase(profile: String, provider: String) throws(StoreError) {
        try access { database in
            try database.execute(
                sql: "DELETE FROM login WHERE profile = ? AND provider = ?", arguments: [profile, provider])
        }
        // Takes the old pages out of the log as well. The erasure itself is safe without it, so if another process is
        // reading just now, the next such moment will do.
        _ = try? queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// Runs statements as one transaction that has the write lock from its start.
    func access<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do {
            return try queue.write(body)
        } catch {
            throw .database(error, path: files.database)
        }
    }
}
