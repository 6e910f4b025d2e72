import Glibc

/// The files of a token store and what is done to them without SQLite.
///
/// The token file is opened here only under the exclusive lock, when no connection of this process has it open:
/// closing it again would drop that connection's own locks.
struct StoreFiles: Sendable {
    /// What stands where the token file belongs.
    enum Presence: Equatable {
        case missing
        case empty
        case filled
    }

    let directory: String

    var database: String { "\(directory)/tokens.sqlite" }
    var lock: String { "\(directory)/tokens.lock" }
    func profileLock(_ name: String) -> String { "\(directory)/profile-\(name).lock" }

    /// What SQLite keeps beside the file while it is in use.
    private static let companions = ["-wal", "-shm", "-journal"]

    /// Makes the directory and its missing parents, 0700, and takes away what others may write in it.
    func prepareDirectory() throws(StoreError) {
        var made = ""
        for part in directory.split(separator: "/", omittingEmptySubsequences: true) {
            made += made.isEmpty && !directory.hasPrefix("/") ? "\(part)" : "/\(part)"
            guard mkdir(made, 0o700) != 0, errno != EEXIST, !isDirectory(made) else { continue }
            throw .system(errno, path: made, is: "The directory")
        }
        var found = stat()
        guard stat(directory, &found) == 0 else { throw .system(errno, path: directory, is: "The directory") }
        guard found.st_mode & S_IFMT == S_IFDIR else { throw .system(ENOTDIR, path: directory, is: "The directory") }
        // Whoever can write here can put another file in the token file's place.
        guard found.st_mode & 0o022 != 0 else { return }
        guard chmod(directory, found.st_mode & 0o7755) == 0 else {
            throw StoreError("The directory \(directory) can be written by others: run chmod 700 on it.")
        }
    }

    private func isDirectory(_ path: String) -> Bool {
        let before = errno
        defer { errno = before }
        var found = stat()
        return stat(path, &found) == 0 && found.st_mode & S_IFMT == S_IFDIR
    }

    /// Looks at the token file; anything there that is not a plain file is an error.
    func presence() throws(StoreError) -> Presence {
        var found = stat()
        guard lstat(database, &found) == 0 else {
            guard errno == ENOENT else { throw .system(errno, path: database, is: "The token file") }
            return .missing
        }
        switch found.st_mode & S_IFMT {
        case S_IFREG: return found.st_size == 0 ? .empty : .filled
        case S_IFLNK: throw .system(ELOOP, path: database, is: "The token file")
        case S_IFDIR: throw .system(EISDIR, path: database, is: "The token file")
        default: throw StoreError("The token file \(database) is not a plain file: move it away.")
        }
    }

    /// Throws unless the token file can be read and written.
    ///
    /// SQLite opens what it may not write for reading only; that is better said at once than at the first save.
    func checkAccess() throws(StoreError) {
        guard access(database, R_OK | W_OK) == 0 else { throw .system(errno, path: database, is: "The token file") }
    }

    /// Whether SQLite left changes beside the token file that it has not yet taken in.
    var hasPendingChanges: Bool {
        var found = stat()
        return lstat(database + "-wal", &found) == 0 && found.st_size > 0
    }

    /// Whether the token file is empty or begins as SQLite's files do; needs the exclusive lock.
    func looksLikeDatabase() throws(StoreError) -> Bool {
        let opened = open(database, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard opened >= 0 else { throw .system(errno, path: database, is: "The token file") }
        defer { close(opened) }
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = read(opened, &bytes, bytes.count)
        guard count >= 0 else { throw .system(errno, path: database, is: "The token file") }
        return count == 0 || count == bytes.count && bytes.starts(with: Array("SQLite format 3\u{0}".utf8))
    }

    /// Makes an empty token file that only this user can read, whatever the umask; there must be none.
    func create() throws(StoreError) {
        let made = open(database, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw .system(errno, path: database, is: "The token file") }
        close(made)
        syncDirectory()
    }

    /// Takes away what others may do with the files; true if there was something to take away.
    func tighten() throws(StoreError) -> Bool {
        var didChange = false
        for path in [database] + Self.companions.map({ database + $0 }) {
            var found = stat()
            guard lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFREG, found.st_mode & 0o077 != 0 else {
                continue
            }
            guard chmod(path, 0o600) == 0 else {
                throw StoreError("The token file \(path) can be read by others: run chmod 600 on it as its owner.")
            }
            didChange = true
        }
        return didChange
    }

    /// Gives the token file and its companions another name, and returns the token file's; needs the exclusive lock.
    ///
    /// The companions keep their endings behind the new name, so that SQLite's own tools can still open the three.
    func setAside() throws(StoreError) -> String {
        let wanted = "\(database).damaged-\(Self.utcNow())"
        var name = wanted
        var number = 1
        var found = stat()
        while lstat(name, &found) == 0 {
            number += 1
            name = "\(wanted)-\(number)"
        }
        // The companions first: if we end in between, a file without them is set aside next time, whereas companions
        // without a file would be taken for those of the next one.
        for ending in Self.companions where rename(database + ending, name + ending) != 0 && errno != ENOENT {
            throw .system(errno, path: database + ending, is: "The damaged file")
        }
        guard rename(database, name) == 0 || errno == ENOENT else {
            throw .system(errno, path: database, is: "The damaged file")
        }
        syncDirectory()
        return name
    }

    /// So that a name given or taken survives a power cut; where that is not possible nothing is lost but that.
    private func syncDirectory() {
        let opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard opened >= 0 else { return }
        fsync(opened)
        close(opened)
    }

    /// Such as `20261121T070658Z`.
    private static func utcNow() -> String {
        var now = time(nil)
        var parts = tm()
        gmtime_r(&now, &parts)
        func digits(_ value: CInt, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2) + "T"
            + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2) + "Z"
    }
}
