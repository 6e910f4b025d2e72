import Foundation

/// Writes the Swift file of the first argument, which holds the stories of all other arguments.
@main
enum EmbedStoriesTool {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let output = arguments.first else { return }
        var text = "extension BuiltInStories {\n    static let embedded: [StorySource] = [\n"
        for path in arguments.dropFirst() {
            let file = URL(fileURLWithPath: path)
            let folder = file.deletingLastPathComponent().lastPathComponent
            let name = file.deletingPathExtension().lastPathComponent
            let story = try String(contentsOf: file, encoding: .utf8)
            // The description for debugging is a literal of the language.
            text += "        StorySource(folder: \(folder.debugDescription), name: \(name.debugDescription), "
            text += "text: \(story.debugDescription)),\n"
        }
        try (text + "    ]\n}\n").write(toFile: output, atomically: true, encoding: .utf8)
    }
}
