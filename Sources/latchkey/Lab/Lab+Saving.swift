import Foundation
import LoginCore
import Providers
import Scenarios
import TerminalUI

/// Writing down what happened.
extension Lab {
    /// Writes the recording into `file` and its story beside it.
    func save(_ file: String, replaces: Bool) {
        let recording = recorder.recording
        let end =
            recorder.stopped.map { "; they end at \(FieldText.timeOfDay($0)) UTC, when the recording was full" } ?? ""
        runBeside { [post] in
            do throws(Failure) {
                let files = try SavedFiles(file)
                let stories = try files.write(recording, replaces: replaces).joined(separator: ", ")
                post.yield(.said("saved: \(files.recording), and \(stories) to play with latchkey run\(end)"))
            } catch {
                post.yield(.said(error.sentence))
            }
        }
    }
}

extension Lab {
    /// Notes what a provider's side had kept of earlier runs; it is told with the first answer of the operator's.
    func found(_ settings: AppServerSettings, of provider: String) {
        let known = (people[provider] ?? []).compactMap { person in
            person.account.map { Recording.Person(user: person.user, account: $0, isBanned: person.isBanned) }
        }
        recorder.did(
            .found(Recording.Settings(settings), people: known), provider: provider, at: configuration.clock.now())
    }

    /// Says once that nothing more is recorded.
    func tellFull() {
        guard let stopped = recorder.stopped else { return }
        let most = RecordingFile.longest / LabConfiguration.megabyte
        remark(
            "The recording is full (\(configuration.recordingLimit / LabConfiguration.megabyte) MB) and stopped at "
                + "\(FieldText.timeOfDay(stopped)) UTC; save FILE writes it, the lab goes on. --recording-limit takes up to \(most)."
        )
    }
}

/// Where a recording and its stories go.
struct SavedFiles {
    let recording: String
    /// What the stories' names begin with.
    private let base: String

    /// Checks the name that somebody typed.
    ///
    /// Without an ending, the recording gets `.recording`; the story ends in `.yaml`.
    init(_ typed: String) throws(Failure) {
        let path = try Self.path(typed)
        let ending = NSString(string: path).pathExtension
        guard ending != "yaml", ending != "yml" else {
            throw Failure("The story beside the recording takes the ending .\(ending): choose another one, or none.")
        }
        base = ending.isEmpty ? path : NSString(string: path).deletingPathExtension
        recording = ending.isEmpty ? path + ".recording" : path
    }

    /// The path that somebody typed, if it can be a file's.
    static func path(_ typed: String) throws(Failure) -> String {
        let name = typed.trimmingCharacters(in: .whitespaces)
        guard !name.isEmpty else { throw Failure("Type a file's name after the command.") }
        guard !name.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }) else {
            throw Failure("A file's name must not hold control characters: remove them.")
        }
        guard !name.hasSuffix("/"), !name.hasSuffix("/.."), name != ".", name != ".." else {
            throw Failure("\(name) is a folder: add the name of a file.")
        }
        return NSString(string: name).expandingTildeInPath
    }

    /// Writes all files or, where one cannot be written, says why; answers where the stories are.
    ///
    /// The only story is called as the recording; of several, each has its provider in its name.
    func write(_ recorded: Recording, replaces: Bool) throws(Failure) -> [String] {
        let title = NSString(string: base).lastPathComponent
        let told = RecordedStory.all(of: recorded, title: "\(title), as it was recorded")
        let stories = told.map { told.count == 1 ? "\(base).yaml" : "\(base)-\($0.provider).yaml" }
        for path in [recording] + stories {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue { throw Failure("\(path) is a folder: choose another name.") }
            // A pipe that nobody reads would hold up the lab's end.
            guard OutputFile.isFileOrNothing(try OutputFile.target(of: path)) else {
                throw Failure("\(path) is no file: choose another name.")
            }
            if !replaces { throw Failure("\(path) is there already: choose another name, or replace it with save!.") }
        }
        do throws(Failure) {
            try OutputFile.write(RecordingFile.bytes(recorded), to: recording)
            for (story, path) in zip(told, stories) { try OutputFile.write(Array(story.text.utf8), to: path) }
        } catch {
            throw Failure("Not saved: \(error.sentence)")
        }
        return stories
    }
}
