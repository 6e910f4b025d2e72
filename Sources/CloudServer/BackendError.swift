import Foundation

/// Why the backend cannot do what it was asked to.
package struct BackendError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence: what is wrong and what to do.
    package let message: String

    package init(_ message: String) {
        self.message = message
    }

    package var description: String { message }

    /// The sentence for a file or directory of the state directory that the system refuses.
    static func file(_ path: String, errno code: Int32, doing what: String) -> BackendError {
        let advice =
            switch code {
            case EACCES, EPERM:
                "it is not allowed: give yourself access to it, or set XDG_STATE_HOME to another directory"
            case EROFS: "the disk is read-only: set XDG_STATE_HOME to another directory"
            case ENOSPC, EDQUOT: "the disk is full: make room, or set XDG_STATE_HOME to another directory"
            case ENOTDIR, EEXIST: "something that is not a directory is in the way: move it, or choose another place"
            case EISDIR: "it is a directory: move it away, or set XDG_STATE_HOME to another directory"
            default: "the system says \"\(String(cString: strerror(code)))\": set XDG_STATE_HOME to another directory"
            }
        return BackendError("Cannot \(what) \(path), \(advice).")
    }

    /// The sentence for a port that cannot be listened on.
    static func port(_ port: Int, errno code: Int32?) -> BackendError {
        switch code {
        case EADDRINUSE:
            BackendError(
                "Port \(port) on 127.0.0.1 is already taken: end the program that uses it, or choose another port.")
        case EACCES, EPERM:
            BackendError("Port \(port) is reserved for the system: choose a port above 1023.")
        case EMFILE, ENFILE:
            BackendError("There are too many open files to listen on port \(port): raise the limit with ulimit -n.")
        case .some(let code):
            BackendError(
                "Cannot listen on port \(port) of 127.0.0.1, the system says \"\(String(cString: strerror(code)))\": "
                    + "choose another port.")
        case nil:
            BackendError("Cannot listen on port \(port) of 127.0.0.1: choose another port.")
        }
    }
}
