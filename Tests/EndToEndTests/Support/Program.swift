import Foundation
import Glibc

/// The program under test and where its repository is.
enum Program {
    /// The `latchkey` that was built beside this test bundle.
    static let path: String = {
        // The bundle is run either directly or by a helper of the toolchain, which is told where it lies.
        let arguments = CommandLine.arguments
        let bundle = arguments.firstIndex(of: "--test-bundle-path").map { arguments[$0 + 1] } ?? arguments[0]
        var folder = URL(fileURLWithPath: bundle).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path.contains(".xctest") { folder.deleteLastPathComponent() }
        return folder.appendingPathComponent("latchkey").path
    }()

    /// The top of the repository.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// An environment that owes nothing to the one the tests run in.
    static func environment(_ folder: Folder, _ more: [String: String] = [:]) -> [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "HOME": folder.path, "XDG_STATE_HOME": folder.state, "LC_ALL": "C.UTF-8", "LATCHKEY": path,
            "SWIFT_BACKTRACE": "enable=no",
        ].merging(more) { _, new in new }
    }

    /// Runs it to its end without a terminal.
    static func run(_ arguments: String..., in folder: Folder) async throws -> ChildProcess.Ending {
        try await ChildProcess.run(path, arguments, environment: environment(folder))
    }
}

/// A folder of its own for one test, removed with this value.
final class Folder: Sendable {
    let path: String

    init() throws {
        // Short, since a socket's path must be.
        path = "/tmp/latchkey-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: state, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// `XDG_STATE_HOME` of what runs here.
    var state: String { path + "/state" }

    /// The text of a file that the program keeps.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(state)/latchkey/\(name)")), as: UTF8.self)
    }

    /// The names of all files that the program keeps.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: state + "/latchkey").sorted()
    }

    /// The permission bits of a file that the program keeps, or of their folder.
    func mode(_ name: String = "") -> mode_t {
        var found = stat()
        stat("\(state)/latchkey/\(name)", &found)
        return found.st_mode & 0o777
    }
}
