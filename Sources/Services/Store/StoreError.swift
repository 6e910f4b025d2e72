import GRDB
import Glibc

/// Why the token store could not do what was asked: one sentence that says what is wrong and what to do.
package struct StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }
}

extension StoreError {
    /// A failed call to the system on one file or directory.
    static func system(_ code: CInt, path: String, is what: String) -> StoreError {
        switch code {
        case EACCES, EPERM:
            StoreError("\(what) \(path) cannot be used by this user: give yourself access with chmod or chown.")
        case EROFS:
            StoreError("\(what) \(path) is on a read-only file system: choose another place with XDG_STATE_HOME.")
        case ENOSPC, EDQUOT, EFBIG:
            StoreError("\(what) \(path) cannot grow because the disk is full: free some space.")
        case ELOOP:
            StoreError("\(what) \(path) is a symbolic link, which is not followed: put a real one in its place.")
        case ENOTDIR, EEXIST:
            StoreError("\(what) \(path) cannot be made because a file has its name or its parent's: move that away.")
        case EISDIR:
            StoreError("\(what) \(path) is a directory: move it away.")
        case EMFILE, ENFILE:
            StoreError("\(what) \(path) cannot be opened because too many files are open: close some programs.")
        default:
            StoreError("\(what) \(path) cannot be used (system error \(code)): check its disk and permissions.")
        }
    }

    /// A failure of SQLite on the token file.
    static func database(_ error: any Error, path: String) -> StoreError {
        guard let error = error as? DatabaseError else {
            return StoreError("The token file \(path) holds something unexpected: restart latchkey to set it aside.")
        }
        switch error.resultCode {
        case .SQLITE_FULL:
            return .system(ENOSPC, path: path, is: "The token file")
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return StoreError(
                "The token file \(path) cannot be written: make it and its directory writable for this user.")
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            return StoreError(
                "The token file \(path) has been in use by another program for 5 seconds: close that and try again.")
        case .SQLITE_IOERR:
            return StoreError(
                "The token file \(path) cannot be read or written: check that its disk works and has space.")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return StoreError("The token file \(path) is damaged: restart latchkey to set it aside.")
        default:
            return StoreError(
                "The token file \(path) cannot be used (SQLite error \(error.resultCode.rawValue)): "
                    + "restart latchkey, or move the file away to start with an empty one.")
        }
    }
}
