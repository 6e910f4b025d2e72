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

    func run() throws {
        let items = try StoryChoice.all().map { item in
            do throws(DeedProblem) {
                return (item.story, Comparability(try item.story.play()))
            } catch {
                throw Failure("\(item.file): \(error).")
            }
        }
        let text = json ? Self.json(items) : Self.text(items)
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    private static func text(_ items: [(story: Story, live: Comparability)]) -> String {
        let width = items.map { $0.story.name.count }.max() ?? 0
        return items.map { story, live in
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

    private static func json(_ items: [(story: Story, live: Comparability)]) -> String {
        let list = JSONValue.array(
            items.map { story, live in
                .fields([
                    "provider": .string(story.provider),
                    "name": .string(story.name),
                    "title": .string(story.title),
                    "rules": .array(story.shows.map { .string($0.text) }),
                    "liveComparable": .bool(live.isComparable),
                    "highestTimeScale": .integer(Int64(live.highestScale)),
                    "because": live.reason.map { .string($0) },
                ])
            })
        return String(decoding: list.encoded(), as: UTF8.self) + "\n"
    }
}
