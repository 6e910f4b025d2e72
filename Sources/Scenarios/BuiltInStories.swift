import Providers

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

    /// The provider's id, which is the folder's name in small letters.
    package var provider: String { folder.lowercased() }

    /// With the provider's id before it, such as `commsease/logout`.
    package var fullName: String { "\(provider)/\(name)" }

    /// The story, called by the shortest name that means it on the command line.
    package func parse() throws(StoryError) -> Story {
        let isFirst = BuiltInStories.source(named: name)?.folder == folder
        return try StoryParser.parse(text, file: file, name: isFirst ? name : fullName)
    }
}

/// The stories that come with the program, so that a lone binary has them.
///
/// The build makes `embedded` from the files in `Stories`, in the order of their paths.
package enum BuiltInStories {
    /// All of them, by provider and then by name.
    package static let sources: [StorySource] = ProviderRegistry.all.flatMap { provider in
        embedded.filter { $0.provider == provider.id }
    }

    /// The story of a name, or of a name with a provider's id before it as in `tencent/logout`.
    ///
    /// A bare name that several providers have means the first one's.
    package static func source(named name: String) -> StorySource? {
        sources.first { $0.name == name || $0.fullName == name }
    }

    /// The stories of the provider with this id.
    package static func sources(of provider: String) -> [StorySource] {
        sources.filter { $0.provider == provider }
    }

    /// The name nearest to one that is not there.
    package static func nearest(to name: String) -> String? {
        NearestWord.to(name, in: name.contains("/") ? sources.map(\.fullName) : sources.map(\.name))
    }
}
