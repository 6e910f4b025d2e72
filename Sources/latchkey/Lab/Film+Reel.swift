import Foundation
import LoginCore
import Scenarios

extension Film.Reel {
    /// How long the recording of a story may become as a file, in bytes.
    private static let longest = 64 * LabConfiguration.megabyte

    /// A film of a recording or, by its ending, of a story's file; what is wrong with it comes in one sentence.
    convenience init(file path: String) throws(Failure) {
        // A pipe that nobody writes to, or a device without an end, would be read for ever.
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = (try? FileManager.default.attributesOfItem(atPath: target))?[.type] as? FileAttributeType
        guard type == nil || type == .typeRegular else {
            throw Failure("\(RecordingFile.harmless(path)) is no file that can be played: name a recording or a story.")
        }
        guard !StoryChoice.endings.contains(where: { path.hasSuffix("." + $0) }) else {
            try self.init(playing: try StoryChoice.file(path))
            return
        }
        let name = RecordingFile.harmless(path.split(separator: "/").last.map(String.init) ?? path)
        let recording = try ReplayCommand.read(path)
        guard !recording.items.isEmpty else { throw Failure("\(name) holds nothing to be played.") }
        self.init(recording, name: name)
    }

    /// Plays a story in virtual time and makes a film of what was recorded.
    convenience init(playing item: ChosenStory) throws(Failure) {
        let recorder = Recorder(provider: item.story.provider, limit: Self.longest)
        let result: StoryResult
        do throws(DeedProblem) {
            result = try item.story.play(recorder: recorder)
        } catch {
            throw Failure("\(RecordingFile.harmless(item.file)): \(error).")
        }
        var recording = recorder.recording
        let again = "latchkey run \(item.argument) --seed \(result.seed)"
        let end = recorder.stopped == nil ? "" : "; the film ends earlier, for it would be too long"
        let trouble = result.failure.map { failure in
            RecordingFile.harmless(
                "Failed; again with \(again). Line \(failure.line) expected \(failure.expected), but \(failure.saw).")
        }
        recording.items.append(
            .entry(
                TranscriptEntry(
                    id: EntryID(lane: "story", number: 1), lane: .appServer,
                    at: recording.entries.last?.at ?? Instant(microseconds: 0), owner: .lab, cause: nil, kind: .notice,
                    title: (trouble ?? "the story came true: \(item.story.title)") + end,
                    fields: [Field("again", again)])))
        self.init(recording, name: item.story.name, trouble: trouble)
    }
}
