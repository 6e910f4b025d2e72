import Foundation
import LoginCore

/// The directory in which a backend keeps its state, held by one backend at a time.
final class StateDirectory: Sendable {
    let path: String
    private let lock: Int32

    /// Makes the directory if need be, readable by its owner only, and locks it until `release`.
    static func open(_ path: String) throws(BackendError) -> StateDirectory {
        try make(path)
        let lockPath = path + "/backend.lock"
        let descriptor = Foundation.open(lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(lockPath, errno: errno, doing: "open") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            let note = read(descriptor)
            close(descriptor)
            guard code == EWOULDBLOCK else { throw .file(lockPath, errno: code, doing: "lock") }
            throw taken(path, by: note)
        }
        return StateDirectory(path: path, lock: descriptor)
    }

    private init(path: String, lock: Int32) {
        self.path = path
        self.lock = lock
    }

    deinit {
        // A process that is being started may still share the descriptor; the lock is gone all the same.
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// Leaves word of where this backend can be reached, for whoever finds the directory taken.
    func announce(_ appServer: String) {
        guard ftruncate(lock, 0) == 0 else { return }
        let bytes = Array((appServer + "\n").utf8)
        _ = bytes.withUnsafeBytes { pwrite(lock, $0.baseAddress, $0.count, 0) }
    }

    /// The key that `/operator/…` asks for, made at the first start and kept in a file that only its owner reads.
    func operatorKey() throws(BackendError) -> Secret {
        let file = path + "/operator.key"
        let descriptor = Foundation.open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .file(file, errno: errno, doing: "read") }
            let key = Self.makeKey()
            try Self.write(key.reveal(for: .store) + "\n", to: file)
            return key
        }
        defer { close(descriptor) }
        fchmod(descriptor, 0o600)
        let text = Self.read(descriptor).filter { !$0.isWhitespace }
        guard (32...256).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw BackendError(
                "The operator key in \(file) is not 32 to 256 printable characters: delete the file to get a new one.")
        }
        return Secret(text, kind: .operatorKey)
    }

    /// 64 hex digits from the system's random source.
    static func makeKey() -> Secret {
        Secret(randomHex(32), kind: .operatorKey)
    }

    /// `count` random bytes as lower-case hex digits.
    static func randomHex(_ count: Int) -> String {
        let digits = Array("0123456789abcdef")
        var chance = SystemRandomNumberGenerator()
        return String((0..<2 * count).map { _ in digits[Int.random(in: 0..<16, using: &chance)] })
    }

    /// Creates a file that must not exist yet, 0600.
    static func create(_ file: String) throws(BackendError) -> Int32 {
        let descriptor = Foundation.open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(file, errno: errno, doing: "create") }
        return descriptor
    }

    /// Writes a file that must not exist yet, 0600.
    static func write(_ text: String, to file: String) throws(BackendError) {
        let descriptor = try create(file)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(descriptor) == 0 else {
            let code = errno
            unlink(file)
            throw .file(file, errno: code, doing: "write")
        }
    }

    /// The first 512 bytes of a small text file.
    private static func read(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 512)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func make(_ path: String) throws(BackendError) {
        var missing: [String] = []
        var place = path
        while access(place, F_OK) != 0 {
            let code = errno
            guard code == ENOENT, place.contains("/"), place.count > 1 else {
                throw .file(place, errno: code, doing: "use")
            }
            missing.append(place)
            place = (place as NSString).deletingLastPathComponent
            if place.isEmpty { place = "." }
        }
        // Only a directory has a dot in it; one that may not be entered says so here.
        guard access(place + "/.", F_OK) == 0 else { throw .file(place, errno: errno, doing: "use") }
        for directory in missing.reversed() {
            guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
                throw .file(directory, errno: errno, doing: "create")
            }
        }
    }

    private static func taken(_ path: String, by note: String) -> BackendError {
        let url = note.trimmingCharacters(in: .whitespacesAndNewlines)
        let isAddress =
            ["http://127.0.0.1:", "https://127.0.0.1:"].contains(where: url.hasPrefix) && url.utf8.count < 64
        let connect = isAddress ? "connect to it with --connect \(url)" : "connect to it with --connect and its URL"
        return BackendError(
            "Another backend is using the state in \(path): \(connect), end it, or set XDG_STATE_HOME to another directory."
        )
    }
}
