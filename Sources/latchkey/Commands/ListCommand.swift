import ArgumentParser
import Foundation
import LoginCore
import Providers
import Scenarios

/// `latchkey list`: the stories that come with the program.
struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the built-in stories: what they show, and whether a live run can be compared.")

    @Flag(help: "Print JSON.")
    var json = false

    /// One story and what is known of it.
    private struct Item {
        let story: Story
        /// How long it takes in its own time.
        let duration: Duration
        let live: Comparability
    }

    func run() throws {
        let items = try StoryChoice.all().map { item in
            do throws(DeedProblem) {
                let result = try item.story.play()
                return Item(story: item.story, duration: result.duration, live: Comparability(result))
            } catch {
                throw Failure("\(item.file): \(error).")
            }
        }
        if json {
            Streams.put(Self.json(items))
        } else {
            Streams.put(lines: Self.text(items))
        }
    }

    private static func text(_ items: [Item]) -> String {
        let width = items.map { $0.story.name.count }.max() ?? 0
        return items.map { item in
            let (story, live) = (item.story, item.live)
            let name = story.name + String(repeating: " ", count: width - story.name.count)
            let scale =
                switch live.highestScale {
                case 0: "virtual only: \(live.reason ?? "")"
                case Comparability.mostScale...: "live-comparable"
                default: "live-comparable up to --time-scale \(live.highestScale)"
                }
            return "\(name)  \(story.title)\n"
                + String(repeating: " ", count: width + 2)
                + "\(story.provider); \(story.shows.map(\.text).joined(separator: ", ")); \(scale)\n"
        }.joined()
    }

    private static func json(_ items: [Item]) -> String {
        let list = JSONValue.array(
            items.map { item in
                .fields([
                    "provider": .string(item.story.provider),
                    "name": .string(item.story.name),
                    "title": .string(item.story.title),
                    "rules": .array(item.story.shows.map { .string($0.text) }),
                    "milliseconds": .integer(item.duration.wholeMilliseconds),
                    "liveComparable": .bool(item.live.isComparable),
                    "highestTimeScale": .integer(Int64(item.live.highestScale)),
                    "because": item.live.reason.map { .string($0) },
                ])
            })
        return String(decoding: list.encoded(), as: UTF8.self) + "\n"
    }
}
