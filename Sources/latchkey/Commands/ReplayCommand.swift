import ArgumentParser
import Foundation
import LoginCore
import Providers
import Scenarios

/// `latchkey replay`: feeds a recording to fresh machines and compares all that they do.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Feed a recording to fresh machines; every effect, entry and state must be as it was.",
        discussion: """
            A recording is what the lab's command save FILE writes. Exit code 0: all is as it was recorded; 1: something \
            differs, and the first difference is printed; 2: the file cannot be read.
            """)

    @Argument(help: ArgumentHelp("The recording.", valueName: "file"))
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let recording = try Self.read(file)
        let difference = Replay.difference(in: recording)
        let inputs = recording.items.reduce(0) { count, item in
            if case .take = item { count + 1 } else { count }
        }
        if json {
            Streams.put(Self.json(recording, inputs, difference))
        } else {
            Streams.put(lines: Self.text(recording, inputs, difference))
        }
        if difference != nil { Foundation.exit(1) }
    }

    /// Reads a recording, or says in one sentence what is wrong with it.
    static func read(_ path: String) throws(Failure) -> Recording {
        let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int ?? 0
        guard size <= RecordingFile.longest else {
            throw Failure("\(path) is longer than \(RecordingFile.longest) bytes.")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            let isThere = FileManager.default.fileExists(atPath: "\(path).recording")
            throw Failure(
                isThere
                    ? "there is no recording \(path); did you mean \(path).recording?"
                    : "cannot read \(path); check the path and its permissions.")
        }
        do throws(RecordingFile.Problem) {
            return try RecordingFile.read(Array(data))
        } catch {
            throw Failure("\(path), \(error).")
        }
    }

    private static func text(_ recording: Recording, _ inputs: Int, _ difference: Replay.Difference?) -> String {
        guard let difference else {
            let (input, entry) = (inputs == 1 ? "input" : "inputs", recording.entries.count)
            return "\(inputs) \(input) replayed, \(entry) entries as recorded, SHA-256 \(recording.transcriptHash)\n"
        }
        return "it differs (- recorded, + replayed):\n\(difference)\n"
    }

    private static func json(_ recording: Recording, _ inputs: Int, _ difference: Replay.Difference?) -> String {
        let found = difference.map { difference in
            JSONValue.fields([
                "line": .integer(Int64(difference.line)), "device": .string(difference.device),
                "microseconds": .integer(difference.at.microseconds), "what": .string(difference.what),
                "after": .string(difference.input), "recorded": .string(difference.recorded),
                "replayed": .string(difference.replayed),
            ])
        }
        let value = JSONValue.fields([
            "provider": .string(recording.provider), "inputs": .integer(Int64(inputs)),
            "entries": .integer(Int64(recording.entries.count)), "sha256": .string(recording.transcriptHash),
            "same": .bool(difference == nil), "difference": found,
        ])
        return String(decoding: value.encoded(), as: UTF8.self) + "\n"
    }
}
