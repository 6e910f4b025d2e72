import Foundation

/// The program that plays the built-in stories in a process of its own.
enum StoryExerciser {
    struct NotFound: Error {}
    struct Failed: Error {
        let code: Int32
    }

    /// What it printed.
    static func run(_ arguments: String...) async throws -> String { try await run(arguments) }

    static func run(_ arguments: [String]) async throws -> String {
        let program = try place()
        // The reading blocks: not on a thread of the pool.
        return try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(with: Result { try output(of: program, arguments) })
            }
        }
    }

    private static func output(of program: URL, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed(code: process.terminationStatus) }
        return String(decoding: data, as: UTF8.self)
    }

    /// It is built beside the test bundle.
    private static func place() throws -> URL {
        let test = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        for folder in [test.deletingLastPathComponent(), test.deletingLastPathComponent().deletingLastPathComponent()] {
            let program = folder.appendingPathComponent("story-exerciser")
            if FileManager.default.isExecutableFile(atPath: program.path) { return program }
        }
        throw NotFound()
    }
}
