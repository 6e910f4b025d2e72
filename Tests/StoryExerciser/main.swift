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
// story-exerciser kinds     the providers' SDKs, as explore takes them
// story-exerciser bench     how long a virtual day with a network that flaps takes

let argument = CommandLine.arguments.dropFirst().first ?? "7"
if argument == "bench" {
    try FlappingDay.measure()
} else if argument == "explore" || argument == "explore-alone" {
    try ExplorationRun(CommandLine.arguments.dropFirst(2), isParallel: argument == "explore").run()
} else if argument == "kinds" {
    for provider in ProviderRegistry.all {
        for generation in provider.generations { print("\(provider.id)/\(generation.id)") }
    }
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
