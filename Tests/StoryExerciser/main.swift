import Foundation
import LoginCore
import Providers
import Scenarios

// Plays built-in stories in a process of its own, for the test that compares processes.
//
// story-exerciser SEED      one line for each story: its name and the SHA-256 of its transcript at that seed
// story-exerciser bench     how long a virtual day with a network that flaps takes

let argument = CommandLine.arguments.dropFirst().first ?? "7"
if argument == "bench" {
    try FlappingDay.measure()
} else if argument == "explore" {
    let numbers = CommandLine.arguments.dropFirst(2).compactMap { UInt64($0) }
    var report = ExplorationReport()
    for seed in numbers[0]...numbers[1] {
        let result = try Explorer.explore(
            provider: "commsease", devices: Int(numbers[2]), seed: seed, hours: Int(numbers[3]))
        report.add(result)
        if let violation = result.violation {
            print(seed, violation)
            if numbers.count > 4 { continue }
            print(StoryWriter.yaml(Shrinker.shrink(result.script, violation.rule), violation))
        }
    }
    print(report.text)
    for gap in Reachability.gaps(report.coverage, least: 100) { print(gap) }
} else if argument == "list" {
    for source in BuiltInStories.sources {
        let result = try source.parse().play()
        let found = Comparability(result)
        print(source.name, result.entries.count, result.duration.text, found.highestScale, found.reason ?? "")
    }
} else {
    let seed = UInt64(argument) ?? 7
    for source in BuiltInStories.sources {
        let result = try source.parse().play(seed: seed)
        print("\(SecretDigest.sha256(TranscriptJSON.lines(result.entries)))  \(source.folder)/\(source.name)")
    }
}
