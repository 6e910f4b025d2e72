/// A story that comes with the program, as text.
package struct StorySource: Hashable, Sendable {
    /// The folder of its provider under `Stories`.
    package let folder: String
    package let name: String
    package let text: String

    package init(folder: String, name: String, text: String) {
        self.folder = folder
        self.name = name
        self.text = text
    }

    package var file: String { "Stories/\(folder)/\(name).yaml" }

    package func parse() throws(StoryError) -> Story {
        try StoryParser.parse(text, file: file, name: name)
    }
}

/// The stories that come with the program, so that a lone binary has them; one line for each provider.
///
/// The texts are copies of the files in `Stories`, which the package's tests hold together and make anew on request.
package enum BuiltInStories {
    /// All of them, by provider and then by name.
    package static let sources: [StorySource] = commsEase

    package static func source(named name: String) -> StorySource? {
        sources.first { $0.name == name }
    }

    /// The name nearest to one that is not there.
    package static func nearest(to name: String) -> String? {
        NearestWord.to(name, in: sources.map(\.name))
    }
}
