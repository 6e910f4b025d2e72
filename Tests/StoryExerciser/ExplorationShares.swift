import Foundation
import Providers

/// Divides device-hours among the SDKs of each provider, and those into shares of seeds for processes.
struct ExplorationShares {
    /// The device-hours of a world of 4 devices and 4 hours.
    private static let hoursOfWorld = 16
    /// In this many worlds of one SDK every cell within reach is met a hundred times or more.
    private static let worldsForCoverage = 1000
    /// Fewer worlds say nothing of a cell.
    private static let fewestForCoverage = 160

    private let hours: Int
    /// Seeds of one share.
    private let most: Int
    private let providers: [Provider]

    /// Takes HOURS MOST [PROVIDER]; ends the process when they make no sense.
    init(_ arguments: some Sequence<String>) {
        let texts = Array(arguments)
        let providers = ProviderRegistry.all.filter { texts.count < 3 || $0.id == texts[2] }
        let numbers = texts.prefix(2).compactMap { Int($0) }.filter { (1...1_000_000_000).contains($0) }
        guard numbers.count == 2, !providers.isEmpty else {
            FileHandle.standardError.write(
                Data("shares takes device-hours, the most seeds of a share, and a provider that there is\n".utf8))
            exit(2)
        }
        (hours, most) = (numbers[0], numbers[1])
        self.providers = providers
    }

    /// Prints one share a line.
    func write() {
        for provider in providers {
            let hoursOfSeed = Self.hoursOfWorld * provider.generations.count
            let worlds = (hours + hoursOfSeed - 1) / hoursOfSeed
            // Two SDKs that behave alike would live the same worlds with the same seeds: each goes on after the last.
            for (place, generation) in provider.generations.enumerated() {
                let seeds = place * worlds + 1...(place + 1) * worlds
                for first in stride(from: seeds.lowerBound, through: seeds.upperBound, by: most) {
                    let last = min(first + most - 1, seeds.upperBound)
                    let least = first == seeds.lowerBound ? Self.least(worlds: last - first + 1) : nil
                    print("\(provider.id)/\(generation.id) \(first) \(last)" + (least.map { " \($0)" } ?? ""))
                }
            }
        }
    }

    /// The hits that a cell must have in so many worlds; nil when they are too few to tell.
    private static func least(worlds: Int) -> Int? {
        worlds < fewestForCoverage ? nil : 100 * min(worlds, worldsForCoverage) / worldsForCoverage
    }
}
