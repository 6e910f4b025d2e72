import Foundation
import LoginCore
import Providers

/// A recording as a file; the page Recordings is the specification.
package enum RecordingFile {
    /// What is wrong with a file, in one sentence.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        /// From 1.
        package let line: Int
        package let message: String

        package var description: String { "line \(line): \(message)" }
    }

    /// The longest file that is read, in bytes.
    package static let longest = 268_435_456

    private static let version = 1

    private struct Head: Codable, Hashable {
        let latchkey: String
        let provider: String
        let version: Int
    }

    private struct Foot: Codable, Hashable {
        let items: Int
        let sha256: String
    }

    // MARK: - Writing

    /// The whole file; the same recording gives the same bytes.
    package static func bytes(_ recording: Recording) -> [UInt8] {
        var bytes = line(Head(latchkey: "recording", provider: recording.provider, version: version))
        for item in recording.items { bytes += line(item) }
        bytes += line(Foot(items: recording.items.count, sha256: recording.transcriptHash))
        return bytes
    }

    /// How long an item is in a file, in bytes, with the line's end.
    static func size(of item: Recording.Item) -> Int { line(item).count }

    /// The most digits that the number of items has beyond one.
    static let countDigits = 18

    /// One value on one line, keys in the order of their bytes, with the line's end.
    private static func line(_ value: some Encodable) -> [UInt8] {
        Array(text(value).utf8) + [0x0A]
    }

    /// A value as JSON on one line.
    static func text(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return "null" }  // there is no number that JSON has not
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: - Reading

    /// Reads a file strictly: what is not exactly as it is written here is refused.
    package static func read(_ bytes: [UInt8]) throws(Problem) -> Recording {
        guard bytes.count <= longest else {
            throw Problem(line: 1, message: "the file is longer than \(longest) bytes")
        }
        guard !bytes.isEmpty else { throw Problem(line: 1, message: "the file is empty") }
        var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count >= 3, lines.removeLast().isEmpty else {
            throw Problem(line: max(1, lines.count), message: "the file ends too early: it may have been cut off")
        }
        guard let head = try? JSONDecoder().decode(Head.self, from: Data(lines[0])), head.latchkey == "recording" else {
            throw Problem(line: 1, message: "this is no recording; the first line must say so")
        }
        guard head.version == version else {
            throw Problem(line: 1, message: "the format's version is \(head.version); this program reads \(version)")
        }
        _ = try value(Head.self, lines[0], 1)
        guard let provider = ProviderRegistry.provider(head.provider) else {
            let known = ProviderRegistry.all.map(\.id)
            throw Problem(
                line: 1,
                message:
                    "the provider “\(shown(head.provider))” is unknown; \(NearestWord.hint(head.provider, in: known))")
        }
        var reader = Reader(provider: provider)
        for (index, line) in lines.dropFirst().dropLast().enumerated() {
            // A long file takes a while, and whoever asked may have gone.
            if Task.isCancelled { throw Problem(line: index + 2, message: "it was given up here") }
            try reader.take(try value(Recording.Item.self, line, index + 2), line: index + 2)
        }
        let last = lines.count
        let foot = try value(Foot.self, lines[last - 1], last)
        let recording = Recording(provider: provider.id, items: reader.items)
        guard foot.items == recording.items.count else {
            throw Problem(
                line: last, message: "\(foot.items) items are announced and \(recording.items.count) are there")
        }
        guard foot.sha256 == recording.transcriptHash else {
            throw Problem(line: last, message: "the transcript is not the one that was recorded: its SHA-256 differs")
        }
        return recording
    }

    private static func value<Value: Codable>(
        _ type: Value.Type, _ line: ArraySlice<UInt8>, _ number: Int
    ) throws(Problem) -> Value {
        let value: Value
        do {
            value = try JSONDecoder().decode(type, from: Data(line))
        } catch {
            throw Problem(line: number, message: reason(error))
        }
        guard text(value).utf8.elementsEqual(line) else {
            throw Problem(
                line: number,
                message: "it is not as it was written: an unknown or double key, a space, or keys out of their order")
        }
        return value
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is no JSON" }
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { key in
                key.intValue.map { "[\($0)]" } ?? (key.stringValue.hasPrefix("_") ? "" : "." + shown(key.stringValue))
            }.joined()
            return path.isEmpty ? "the line" : String(path.drop { $0 == "." })
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(place(context)) lacks “\(shown(key.stringValue))”"
        case .valueNotFound(_, let context): return "\(place(context)) is null"
        case .typeMismatch(_, let context): return "\(place(context)) is of the wrong type"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty ? "it is no JSON" : "\(place(context)) has a value that is not known"
        @unknown default: return "it cannot be read"
        }
    }

    /// A text from outside for a message: at most 60 characters, none of them steering a terminal.
    static func shown(_ text: String) -> String {
        harmless(String(String.UnicodeScalarView(text.unicodeScalars.prefix(60))))
    }

    /// The text with a question mark for each character that steers a terminal.
    package static func harmless(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar -> Character in
                let isSteering = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
                return isSteering ? "?" : Character(scalar)
            })
    }

    /// Checks that items make sense after each other.
    private struct Reader {
        let provider: Provider
        var items: [Recording.Item] = []
        private var running: Set<String> = []

        init(provider: Provider) {
            self.provider = provider
        }

        mutating func take(_ item: Recording.Item, line: Int) throws(Problem) {
            switch item {
            case .begin(let life, _):
                guard let provider = life.provider.map({ ProviderRegistry.provider($0) }) ?? provider else {
                    let known = ProviderRegistry.all.map(\.id)
                    let name = life.provider ?? ""
                    throw Problem(
                        line: line,
                        message: "the provider “\(shown(name))” is unknown; \(NearestWord.hint(name, in: known))")
                }
                guard provider.generation(life.generation) != nil else {
                    let known = provider.generations.map(\.id)
                    throw Problem(
                        line: line,
                        message: "\(provider.title) has no generation “\(shown(life.generation))”; "
                            + NearestWord.hint(life.generation, in: known))
                }
                guard running.insert(life.device).inserted else {
                    throw Problem(line: line, message: "the app on \(shown(life.device)) runs already")
                }
            case .take(let take):
                guard running.contains(take.device) else {
                    throw Problem(line: line, message: "no app runs on \(shown(take.device))")
                }
            case .end(let device, _):
                guard running.remove(device) != nil else {
                    throw Problem(line: line, message: "no app runs on \(shown(device))")
                }
            case .doing, .entry:
                break
            }
            items.append(item)
        }
    }
}
