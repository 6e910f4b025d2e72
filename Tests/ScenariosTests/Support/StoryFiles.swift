import Foundation
import Scenarios

/// The stories' files in the package, and what is made from them.
enum StoryFiles {
    static let isRecording = ProcessInfo.processInfo.environment["RECORD_STORIES"] == "1"

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private static let scenarios = root.appendingPathComponent("Sources/Scenarios")

    /// The hashes of the transcripts of one folder's stories.
    static func hashes(_ folder: String) -> URL {
        root.appendingPathComponent("Tests/ScenariosTests/Recorded/\(folder).sha256")
    }

    /// The folders of the providers.
    static func folders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scenarios.appendingPathComponent("Stories").path).sorted()
    }

    /// The stories of one folder, by name.
    static func sources(in folder: String) throws -> [StorySource] {
        let place = scenarios.appendingPathComponent("Stories/\(folder)")
        let files = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".yaml") }
        return try files.sorted().map { file in
            StorySource(
                folder: folder, name: String(file.dropLast(5)),
                text: try String(contentsOf: place.appendingPathComponent(file), encoding: .utf8))
        }
    }
}
