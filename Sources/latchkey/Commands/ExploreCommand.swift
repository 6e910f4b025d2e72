import ArgumentParser
import Foundation
import LoginCore
import Providers
import Scenarios
import Synchronization

/// `latchkey explore`: random worlds in virtual time, watched for what must never happen.
struct ExploreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explore",
        abstract: "Explore random worlds in virtual time, and write what breaks a rule as a small story.",
        discussion: """
            Each seed is one world: storms of random acts on every device, and calms in which everything must heal. \
            Exit code 0: no rule was broken; 1: one was, and the story that shows it was written; 2: could not run. \
            Ctrl-C ends it early, with the report of the worlds so far.
            """)

    @Option(
        help: ArgumentHelp(
            "The provider: \(ProviderRegistry.all.map(\.id).joined(separator: ", ")).",
            valueName: "provider"))
    var provider = ProviderRegistry.all[0].id

    @Option(
        help: ArgumentHelp(
            "Which of the provider's SDKs the devices play; the usual one when left out.",
            valueName: "name"))
    var generation: String?

    @Option(help: ArgumentHelp("How many devices a world has, 1 to 26.", valueName: "n"))
    var devices = 4

    @Option(help: ArgumentHelp("The seeds, such as 1..100.", valueName: "a..b"))
    var seeds = "1..20"

    @Option(help: ArgumentHelp("How many hours each world lives, 1 to 1000.", valueName: "h"))
    var hours = 4

    @Option(help: ArgumentHelp("Where to write stories that break a rule.", valueName: "folder"))
    var output = "."

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (1...26).contains(devices) else { throw ValidationError("--devices takes a whole number from 1 to 26.") }
        guard (1...1000).contains(hours) else { throw ValidationError("--hours takes a whole number from 1 to 1000.") }
        _ = try range()
    }

    func run() throws {
        let tour: ExplorationTour
        let reachability: Reachability
        do throws(DeedProblem) {
            tour = try ExplorationTour(provider: provider, generation: generation, devices: devices, hours: hours)
            reachability = Reachability(try DeviceKind(provider: provider, generation: generation))
        } catch {
            throw Failure("\(error).")
        }
        let seeds = try range()
        try OutputFile.check(folder: output)
        let progress = ProgressLine()
        let failure = Mutex<Failure?>(nil)
        progress.show("0 of \(seeds.count) worlds")
        Interrupt.watch()
        let report = tour.explore(seeds, until: { Interrupt.isAsked }) { seed, result, total in
            progress.show("\(total.worlds) of \(seeds.count) worlds, \(total.violations) violations")
            do throws(Failure) {
                if let violation = result.violation { progress.note(try write(result, violation, seed: seed)) }
            } catch {
                failure.withLock { $0 = error }
            }
        }
        progress.clear()
        if json {
            Streams.put(String(decoding: report.json.encoded(), as: UTF8.self) + "\n")
        } else {
            Streams.put(lines: report.text(reachability))
        }
        if progress.isWatched { Streams.note(Self.speed(of: report) + "\n") }
        if let failure = failure.withLock({ $0 }) { throw failure }
        if Interrupt.isAsked, report.worlds < seeds.count {
            Streams.complain("ended early, after \(report.worlds) of \(seeds.count) worlds.")
            Interrupt.end()
        }
        if report.violations > 0 { Foundation.exit(1) }
    }

    /// What it took, all cores together.
    private static func speed(of report: ExplorationReport) -> String {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        let seconds = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
        return String(
            format: "%.1f CPU-seconds, %.0f device-hours in each", seconds, report.deviceHours / max(seconds, 0.001))
    }

    /// Writes the story that shows a violation, and says where it is.
    private func write(_ result: ExplorationResult, _ violation: Violation, seed: UInt64) throws(Failure) -> String {
        let small = Shrinker.shrink(result.script, violation.rule)
        let again = (try? small.play())?.violation ?? violation
        let path = "\(output)/found-\(violation.rule.rawValue)-\(seed).yaml"
        try OutputFile.write(Array(StoryWriter.yaml(small, again).utf8), to: path)
        return "\(violation.rule.sentence): \(violation.detail)\n"
            + "\(path) shows it; play it with: latchkey run \(path)\n"
    }

    private func range() throws -> ClosedRange<UInt64> {
        let ends = seeds.components(separatedBy: "..").map { UInt64($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first <= last,
            last - first < 10_000_000
        else { throw ValidationError("--seeds takes a range such as 1..100.") }
        return first...last
    }
}
