import Foundation
import LoginCore
import Providers
import Scenarios

// Plays built-in stories in a process of its own, for the test that compares processes.
//
// story-exerciser SEED      one line for each story: its name and the SHA-256 of its transcript at that seed
// story-exerciser explore PROVIDER[/GENERATION] FIRST LAST DEVICES HOURS [LEAST]
//                           explores those seeds; fails for a broken rule, and for a cell with fewer hits than LEAST
// story-exerciser explore-alone …
//                           the same on one thread, for a program that was built for no more
// story-exerciser shares HOURS MOST [PROVIDER]
//                           KIND FIRST LAST for explore, one a line: HOURS device-hours of each provider in worlds of 4
//                           devices and 4 hours, shared by its SDKs, in shares of at most MOST seeds; the hits that
//                           each cell must have follow in the first share of an SDK
// story-exerciser bench     how long a virtual day with a network that flaps takes

let argument = CommandLine.arguments.dropFirst().first ?? "7"
if argument == "bench" {
    try FlappingDay.measure()
} else if argument == "explore" || argument == "explore-alone" {
    try ExplorationRun(CommandLine.arguments.dropFirst(2), isParallel: argument == "explore").run()
} else if argument == "shares" {
    ExplorationShares(CommandLine.arguments.dropFirst(2)).write()
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
