import Foundation

/// Where Latchkey keeps what must outlive a run.
enum StateDirectory {
    /// `$XDG_STATE_HOME/latchkey`, or `~/.local/state/latchkey`.
    static func path() throws(Failure) -> String {
        let environment = ProcessInfo.processInfo.environment
        let base: String
        if let home = environment["XDG_STATE_HOME"], home.hasPrefix("/") {
            base = home
        } else if let home = environment["HOME"], home.hasPrefix("/") {
            base = home + "/.local/state"
        } else {
            throw Failure("neither XDG_STATE_HOME nor HOME names a folder to keep state in; set one of them.")
        }
        let path = base + "/latchkey"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw Failure("cannot create \(path); make its parent writable or set XDG_STATE_HOME to a folder that is.")
        }
        return path
    }
}
