import Foundation
import PackagePlugin

/// Builds the stories into the program, so that a lone binary has them.
@main
struct EmbedStories: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let stories = target.directoryURL.appending(path: "Stories")
        let found = FileManager.default.enumerator(at: stories, includingPropertiesForKeys: nil)
        let files = (found?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "yaml" }
            .sorted { $0.path < $1.path }
        let swift = context.pluginWorkDirectoryURL.appending(path: "EmbeddedStories.swift")
        return [
            .buildCommand(
                displayName: "Embed the stories", executable: try context.tool(named: "embed-stories").url,
                arguments: [swift.path] + files.map(\.path), inputFiles: files, outputFiles: [swift])
        ]
    }
}
