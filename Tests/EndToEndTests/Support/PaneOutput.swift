import Foundation
import Glibc

/// Says when a pane of tmux has written something: tmux copies it into a named pipe.
final class PaneOutput: Sendable {
    /// Where tmux writes to; outside of the folder that tests look through.
    let path: String
    private let descriptor: CInt

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/latchkey-\(UUID().uuidString).pipe"
        guard mkfifo(path, 0o600) == 0 else {
            throw ChildProcess.Problem(description: "no pipe \(path): \(String(cString: strerror(errno)))")
        }
        // Open for writing too, so that it does not end with the first writer.
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ChildProcess.Problem(description: "cannot open \(path): \(String(cString: strerror(errno)))")
        }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// Waits until something has been written since the last time, and takes it away; false when nothing is until `end`.
    func comes(before end: ContinuousClock.Instant) async -> Bool {
        await blocking { [descriptor] in
            while true {
                let left = (end - .now) / .milliseconds(1)
                guard left > 0 else { return false }
                var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
                let found = poll(&wanted, 1, CInt(left.rounded(.up)))
                if found < 0, errno == EINTR { continue }
                guard found > 0 else { return false }
                var buffer = [UInt8](repeating: 0, count: 65_536)
                while read(descriptor, &buffer, buffer.count) > 0 {}
                return true
            }
        }
    }
}
