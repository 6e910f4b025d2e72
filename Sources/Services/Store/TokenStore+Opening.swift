import GRDB
import Glibc
import LoginCore
import Synchronization

extension TokenStore {
    /// How long another process may take to make or repair the files.
    private static let patience: Duration = .seconds(5)

    /// What became of a try to open the file.
    private enum Attempt {
        case ready(DatabaseQueue)
        /// With the connection that found it out, if there is one.
        case damaged(DatabaseQueue?)
    }

    /// Opens the store of a directory, made with its missing parents (0700) if need be.
    ///
    /// `notice` is a sentence or two for the user when something is not as it was: a damaged file was set aside, an
    /// empty one started anew, or one that others could read was closed to them.
    ///
    /// Throws when the directory or the files cannot be used, when a newer latchkey made them, and when they are
    /// damaged while another process has them open.
    package static func open(directory: String) throws(StoreError) -> (store: TokenStore, notice: String?) {
        var trimmed = directory
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard !trimmed.isEmpty, !trimmed.utf8.contains(0) else {
            throw StoreError("The token store needs a directory: give it a path.")
        }
        let files = StoreFiles(directory: trimmed)
        try files.prepareDirectory()
        let lock = try FileLock(path: files.lock)

        let clock = ContinuousClock()
        let end = clock.now + patience
        repeat {
            if try lock.acquire(.exclusive) {
                let (queue, notice) = try openAlone(files)
                // Letting others in is a moment in which one may be exclusive in turn; it finds a sound file.
                while try !lock.acquire(.shared) {
                    guard clock.now < end else { throw busy(files) }
                    pause()
                }
                return (TokenStore(files: files, queue: queue, lock: lock), notice)
            }
            if try lock.acquire(.shared) {
                if try files.presence() == .filled, case .ready(let queue) = try attempt(files, mayCreate: false) {
                    return (TokenStore(files: files, queue: queue, lock: lock), nil)
                }
                // Whoever was in the way may have ended meanwhile.
                lock.release()
                guard try lock.acquire(.exclusive) else {
                    throw StoreError(
                        "The token file \(files.database) is damaged or gone and another latchkey has it open: "
                            + "close that one, then start again.")
                }
                lock.release()
                continue
            }
            pause()
        } while clock.now < end
        throw busy(files)
    }

    private static func busy(_ files: StoreFiles) -> StoreError {
        StoreError(
            "Another latchkey has been repairing the token file \(files.database) for \(patience.text): "
                + "close it, then start again.")
    }

    private static func pause() {
        // Waits for another process's lock, which cannot be waited for with an end otherwise.
        _ = poll(nil, 0, 10)
    }

    /// Opens the file with nobody else in it: made if missing, set aside if damaged.
    private static func openAlone(_ files: StoreFiles) throws(StoreError) -> (DatabaseQueue, String?) {
        var notices: [String] = []
        switch try files.presence() {
        case .missing:
            // Left behind without their file, they would be taken for the new one's.
            if files.hasPendingChanges { notices.append(try replaced(files, "lost its main part")) }
            try files.create()
        case .empty where files.hasPendingChanges:
            notices.append(try replaced(files, "was cut off"))
            try files.create()
        case .empty:
            notices.append(
                "The token file \(files.database) was empty and has been started anew: please log in again.")
        case .filled:
            break
        }
        if try files.tighten() {
            notices.append("The token file \(files.database) could be read by others; now only by you.")
        }
        // SQLite throws away the pending changes of a file that is none of its own, so it does not get to see one.
        var opened = try files.looksLikeDatabase() ? try attempt(files, mayCreate: true) : .damaged(nil)
        if case .damaged(let queue) = opened {
            notices.append(try replaced(files, "was damaged"))
            // Closed only now: closing takes in the pending changes and removes their file, unless it has moved.
            try? queue?.close()
            try files.create()
            opened = try attempt(files, mayCreate: true)
        }
        guard case .ready(let queue) = opened else {
            throw StoreError(
                "A new token file \(files.database) could not be read back: check that its disk works and has space.")
        }
        return (queue, notices.isEmpty ? nil : notices.joined(separator: " "))
    }

    private static func replaced(_ files: StoreFiles, _ what: String) throws(StoreError) -> String {
        let name = try files.setAside()
        return "The token file \(what) and has been set aside as \(name): please log in again; "
            + "the devices of this lab have new device ids."
    }

    private static func attempt(_ files: StoreFiles, mayCreate: Bool) throws(StoreError) -> Attempt {
        try files.checkAccess()
        var opened: DatabaseQueue?
        do {
            let queue = try DatabaseQueue(path: files.database, configuration: configuration())
            opened = queue
            let health = try queue.writeWithoutTransaction { database -> StoreSchema.Health in
                try database.execute(sql: "PRAGMA journal_mode = WAL")
                let health = try StoreSchema.inspect(database)
                if health == .blank, mayCreate { try StoreSchema.create(database) }
                if health == .older { try StoreSchema.upgrade(database) }
                return health
            }
            switch health {
            case .ready, .older: return .ready(queue)
            case .blank where mayCreate: return .ready(queue)
            case .blank, .damaged: return .damaged(queue)
            case .newer(let version):
                throw StoreError(
                    "The token file \(files.database) was made by a newer latchkey (version \(version) of its tables, "
                        + "this one knows \(StoreSchema.version)): update latchkey.")
            }
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError where isDamage(error) {
            return .damaged(opened)
        } catch {
            throw .database(error, path: files.database)
        }
    }

    /// Not a database, broken pages, or tables and columns that are not ours.
    private static func isDamage(_ error: DatabaseError) -> Bool {
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_ERROR, .SQLITE_SCHEMA: true
        default: false
        }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
        configuration.label = "latchkey.tokens"
        configuration.busyMode = .callback(waiting())
        configuration.prepareDatabase { database in
            // A commit is on the disk before it is reported.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            // What was erased is overwritten, not only forgotten.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // Nothing in a file may run code of its own.
            try database.execute(sql: "PRAGMA trusted_schema = OFF")
        }
        return configuration
    }

    /// Asks again every 2 ms for as long as our patience lasts.
    ///
    /// SQLite's own waiting soon asks only ten times a second, and a process that saves without a pause then keeps
    /// another one out for seconds.
    private static func waiting() -> Database.BusyCallback {
        let began = Mutex(ContinuousClock.now)
        return { tries in
            let isPatient = began.withLock { began in
                let now = ContinuousClock.now
                if tries == 0 { began = now }
                return now < began + patience
            }
            if isPatient { _ = poll(nil, 0, 2) }
            return isPatient
        }
    }
}
