import Foundation
import Scenarios

/// A story to be played, and how it is called on the command line.
struct ChosenStory: Sendable {
    let story: Story
    /// What an error or a report calls its file.
    let file: String
    /// What names it again on the command line.
    let argument: String
}

/// Finds the stories that a command line names: files, folders, and names of built-in ones.
enum StoryChoice {
    /// A story's file in folders.
    static let endings = ["yaml", "yml"]

    static func all() throws(Failure) -> [ChosenStory] {
        try BuiltInStories.sources.map { (source) throws(Failure) in try chosen(source) }
    }

    static func stories(named arguments: [String]) throws -> [ChosenStory] {
        try arguments.flatMap { argument in
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
                return [try builtIn(argument)]
            }
            return isFolder.boolValue ? try folder(argument) : [try file(argument)]
        }
    }

    static func builtIn(_ name: String) throws(Failure) -> ChosenStory {
        guard let source = BuiltInStories.source(named: name) else {
            let near = BuiltInStories.nearest(to: name).map { "perhaps \($0) is meant, and " } ?? ""
            throw Failure("there is no file and no built-in story “\(name)”; \(near)latchkey list has them all.")
        }
        return try chosen(source)
    }

    private static func chosen(_ source: StorySource) throws(Failure) -> ChosenStory {
        do throws(StoryError) {
            return ChosenStory(story: try source.parse(), file: source.file, argument: source.name)
        } catch {
            throw Failure(sentence(error))
        }
    }

    private static func folder(_ path: String) throws -> [ChosenStory] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw Failure("cannot read the folder “\(path)”; check its permissions.")
        }
        let files = names.filter { name in endings.contains { name.hasSuffix("." + $0) } }.sorted()
        guard !files.isEmpty else {
            throw Failure("the folder “\(path)” has no stories, files that end in .yaml.")
        }
        return try files.map { try file(path.hasSuffix("/") ? path + $0 : "\(path)/\($0)") }
    }

    static func file(_ path: String) throws(Failure) -> ChosenStory {
        guard let data = FileManager.default.contents(atPath: path), data.count <= StoryParser.longestFile else {
            throw Failure("cannot read “\(path)”, or it is longer than a megabyte; check the path and the file.")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw Failure("“\(path)” is not UTF-8; save it as such.")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        do throws(StoryError) {
            let story = try StoryParser.parse(
                text, file: path, name: name.split(separator: ".").first.map(String.init) ?? name)
            return ChosenStory(story: story, file: path, argument: quoted(path))
        } catch {
            throw Failure(sentence(error))
        }
    }

    /// The error as the program ends with it.
    private static func sentence(_ error: StoryError) -> String {
        let text = error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
        return text.hasSuffix("?") || text.hasSuffix(".") ? text : text + "."
    }

    /// A path as it can be typed into a shell.
    private static func quoted(_ path: String) -> String {
        let isPlain = path.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "/._-".utf8.contains(byte)
        }
        // What begins with a hyphen would be taken for an option.
        let named = path.hasPrefix("-") ? "./" + path : path
        return isPlain ? named : "'" + named.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
