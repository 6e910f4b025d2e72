import Dispatch
import LoginCore
import Synchronization

/// Explores many seeds on all cores.
package struct ExplorationTour: Sendable {
    private let provider: String
    private let generation: String?
    private let devices: Int
    private let hours: Int
    private let isParallel: Bool

    /// Each world has `devices` devices (1 to 26) and lives `hours`; fails for what is not known.
    ///
    /// A tour that is not parallel stays on the thread that it is begun on.
    package init(
        provider: String, generation: String?, devices: Int, hours: Int, isParallel: Bool = true
    ) throws(DeedProblem) {
        _ = try DeviceKind(provider: provider, generation: generation)
        self.provider = provider
        self.generation = generation
        self.devices = devices
        self.hours = hours
        self.isParallel = isParallel
    }

    /// The sum of all seeds; `each` is told of every one as it ends, in any order, with the sum so far.
    ///
    /// No world begins any more once `isEnough` says so.
    package func explore(
        _ seeds: ClosedRange<UInt64>, until isEnough: @Sendable () -> Bool = { false },
        each: @Sendable (UInt64, ExplorationResult, ExplorationReport) -> Void
    ) -> ExplorationReport {
        let report = Mutex(ExplorationReport())
        @Sendable func visit(_ place: Int) {
            guard !isEnough() else { return }
            let seed = seeds.lowerBound + UInt64(place)
            guard
                let result = try? Explorer.explore(
                    provider: provider, generation: generation, devices: devices, seed: seed, hours: hours)
            else { return }  // what could be unknown was looked up before
            let total = report.withLock { report in
                report.add(result)
                return report
            }
            each(seed, result, total)
        }
        if isParallel {
            DispatchQueue.concurrentPerform(iterations: seeds.count, execute: visit)
        } else {
            for place in 0..<seeds.count { visit(place) }
        }
        return report.withLock { $0 }
    }
}
