import Foundation
import Logging
import Synchronization

/// Where log lines go while the terminal belongs to the lab: `latchkey.log` beside the state, readable by its owner.
final class FileLog: Sendable {
    /// A log that has grown beyond this many bytes starts anew at the next run.
    private static let longest = 1_048_576

    private let file: Mutex<FileHandle?>

    /// Opens the log in `directory`; a log that cannot be opened swallows its lines, it must not stop the lab.
    init(directory: String) {
        let path = directory + "/latchkey.log"
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
        let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW | (size > Self.longest ? O_TRUNC : 0)
        let descriptor = open(path, flags, 0o600)
        file = Mutex(descriptor < 0 ? nil : FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    /// Appends one line.
    func write(_ line: String) {
        file.withLock { handle in
            do {
                try handle?.write(contentsOf: Data((line + "\n").utf8))
            } catch {
                handle = nil  // a full disk must not be tried again for every line
            }
        }
    }

    /// A logger that writes here.
    func logger(_ label: String) -> Logger {
        var logger = Logger(label: label) { [self] label in FileLogHandler(log: self, label: label) }
        logger.logLevel = .info
        return logger
    }
}

/// Formats log lines for ``FileLog``.
private struct FileLogHandler: LogHandler {
    let log: FileLog
    let label: String
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let details = all.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        // One event is one line, whatever text from outside is in it.
        let text = "\(event.message)\(details)".unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined()
        log.write("\(Date().ISO8601Format()) \(event.level) \(label): \(text)")
    }
}
