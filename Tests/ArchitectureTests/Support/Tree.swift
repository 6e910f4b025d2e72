import Foundation

/// The files of the repository that these tests read.
enum Tree {
    /// The repository's root, from the place of this file.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct File {
        /// From the root, such as `Sources/LoginCore/Secret.swift`.
        let path: String
        let text: String

        /// The target of a file under `Sources` or `Tests`.
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

        /// The text without comments and without the contents of string literals, as far as these checks need it.
        var code: String {
            text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { line in
                    guard let start = line.range(of: "//") else { return String(line) }
                    return String(line[..<start.lowerBound])
                }
                .joined(separator: "\n")
        }
    }

    /// The files below `folder` whose name ends in one of `endings`, by path.
    static func files(_ folder: String, _ endings: [String]) throws -> [File] {
        let base = root.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return try names.sorted().filter { name in endings.contains { name.hasSuffix($0) } }.map { name in
            let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            return File(path: "\(folder)/\(name)", text: text)
        }
    }

    static func sources() throws -> [File] {
        try files("Sources", [".swift"])
    }
}
