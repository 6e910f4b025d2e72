import Foundation
import Providers
import Scenarios
import Synchronization

/// Explores a range of seeds on all cores, or on one thread, and prints the totals.
struct ExplorationRun {
    let provider: String
    /// Which of the provider's SDKs the devices play; nil for the usual one.
    let generation: String?
    let seeds: ClosedRange<UInt64>
    let devices: Int
    let hours: Int
    /// How many hits each cell within reach must have; nil to leave that open.
    let least: Int?
    let isParallel: Bool

    init(_ arguments: some Sequence<String>, isParallel: Bool) {
        self.isParallel = isParallel
        let texts = Array(arguments)
        let numbers = texts.dropFirst().compactMap { UInt64($0) }
        let names = (texts.first ?? "").split(separator: "/").map(String.init)
        provider = names.first ?? ProviderRegistry.all[0].id
        generation = names.count > 1 ? names[1] : nil
        seeds = numbers.count > 1 && numbers[0] <= numbers[1] ? numbers[0]...numbers[1] : 1...1
        devices = numbers.count > 2 ? Int(numbers[2]) : 4
        hours = numbers.count > 3 ? Int(numbers[3]) : 4
        least = numbers.count > 4 ? Int(numbers[4]) : nil
    }

    func run() throws {
        let tour = try ExplorationTour(
            provider: provider, generation: generation, devices: devices, hours: hours, isParallel: isParallel)
        let problems = Mutex<[String]>([])
        let total = tour.explore(seeds) { seed, result, _ in
            guard let violation = result.violation else { return }
            let small = Shrinker.shrink(result.script, violation.rule)
            let text = StoryWriter.yaml(small, (try? small.play())?.violation ?? violation)
            problems.withLock { $0.append("seed \(seed): \(violation.rule.sentence)\n\(text)") }
        }
        let reachability = Reachability(try DeviceKind(provider: provider, generation: generation))
        print(ExplorationSpeed(total), total.text(reachability), separator: "; ")
        var found = problems.withLock { $0 }
        if let least { found += reachability.gaps(total.coverage, least: least) }
        for problem in found { print(problem) }
        if !found.isEmpty { exit(1) }
    }
}

/// What an exploration took, all cores together.
struct ExplorationSpeed: CustomStringConvertible {
    private let hours: Double
    private let seconds: Double

    init(_ report: ExplorationReport) {
        hours = report.deviceHours
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    var description: String {
        String(format: "%.1f CPU-seconds, %.0f device-hours in each", seconds, hours / max(seconds, 0.001))
    }
}
