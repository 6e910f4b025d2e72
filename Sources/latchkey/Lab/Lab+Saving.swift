import Foundation
import LoginCore
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
                let hasStory = try files.write(recording, replaces: replaces)
                let story =
                    hasStory
                    ? "and \(files.story) to play with latchkey run"
                    : "without a story, since the devices are of several providers and a story has one"
                post.yield(.said("saved: \(files.recording), \(story)\(end)"))
            } catch {
                post.yield(.said(error.sentence))
            }
        }
    }
}

extension Lab {
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

/// Where a recording and its story go.
struct SavedFiles {
    let recording: String
    let story: String

    /// Checks the name that somebody typed.
    ///
    /// Without an ending, the recording gets `.recording`; the story ends in `.yaml`.
    init(_ typed: String) throws(Failure) {
        let path = try Self.path(typed)
        let ending = NSString(string: path).pathExtension
        guard ending != "yaml", ending != "yml" else {
            throw Failure("The story beside the recording takes the ending .\(ending): choose another one, or none.")
        }
        let base = ending.isEmpty ? path : NSString(string: path).deletingPathExtension
        recording = ending.isEmpty ? path + ".recording" : path
        story = base + ".yaml"
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

    /// Writes both files or, where one cannot be written, says why.
    ///
    /// Answers whether there is a story: one of several providers cannot be told.
    func write(_ recorded: Recording, replaces: Bool) throws(Failure) -> Bool {
        let title = NSString(string: NSString(string: story).lastPathComponent).deletingPathExtension
        let told = RecordedStory(recorded, title: "\(title), as it was recorded")
        for path in told == nil ? [recording] : [recording, story] {
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
            if let told { try OutputFile.write(Array(told.text.utf8), to: story) }
        } catch {
            throw Failure("Not saved: \(error.sentence)")
        }
        return told != nil
    }
}
