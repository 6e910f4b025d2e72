import Foundation
import Glibc

/// A directory of its own for one test, removed with this value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let made = FileManager.default.temporaryDirectory.appendingPathComponent("latchkey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: made, withIntermediateDirectories: true)
        path = made.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var database: String { "\(path)/tokens.sqlite" }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    func bytes(_ name: String = "tokens.sqlite") throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    func write(_ bytes: [UInt8], to name: String = "tokens.sqlite") throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }

    /// The permission bits of a file here, or of the directory.
    func mode(_ name: String = "") -> mode_t {
        var found = stat()
        stat(name.isEmpty ? path : "\(path)/\(name)", &found)
        return found.st_mode & 0o777
    }
}
