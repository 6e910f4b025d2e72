import Glibc

/// A lock file held open; the lock on it ends with this value or with the process, however that ends.
///
/// Lock files are never removed: a name that is free to take again would let two processes lock two files.
final class FileLock: Sendable {
    enum Mode {
        case shared
        case exclusive
    }

    private let descriptor: CInt
    private let path: String

    /// Opens the file, made with mode 0600 if need be, without locking it.
    init(path: String) throws(StoreError) {
        // Close-on-exec: a program that we start must not keep our locks.
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw .system(errno, path: path, is: "The lock file") }
        descriptor = opened
        self.path = path
    }

    deinit {
        // Unlocked by name: a child of ours that has not yet reached its exec holds a copy of the descriptor.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the lock, or changes its mode; false, at once and then without any lock, when others are in the way.
    func acquire(_ mode: Mode) throws(StoreError) -> Bool {
        let operation = mode == .shared ? LOCK_SH : LOCK_EX
        while flock(descriptor, operation | LOCK_NB) != 0 {
            switch errno {
            case EINTR: continue
            case EWOULDBLOCK: return false
            default: throw .system(errno, path: path, is: "The lock file")
            }
        }
        return true
    }

    func release() {
        flock(descriptor, LOCK_UN)
    }
}
