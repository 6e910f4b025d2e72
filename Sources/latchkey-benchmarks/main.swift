import LoginCore
import Providers
import Scenarios

// Measures what the program promises of virtual time; the manifest has it with LATCHKEY_BENCHMARKS=1 only:
//
//   LATCHKEY_BENCHMARKS=1 LATCHKEY_CORE=1 swift run -c release latchkey-benchmarks [NAME…]
//
// The budgets that the design names are printed beside the figures; the others are what was measured first.

let chosen = Set(CommandLine.arguments.dropFirst())
func wants(_ name: String) -> Bool { chosen.isEmpty || chosen.contains(name) }

if wants("events") {
    let measure = Measure(name: "machine events", unit: "events/s", budget: 5_000_000, isTime: false)
    measure.run(50) { MachineBenchmark.run(rounds: 20_000) }
}
if wants("flapping") {
    let measure = Measure(
        name: "24 h of one device, network flapping every minute", unit: "s", budget: 0.05, isTime: true)
    try measure.run(30) { try WorldBenchmark.flappingDay() }
}
if wants("days") {
    let measure = Measure(name: "virtual device-days of explored worlds", unit: "days/s", budget: 5, isTime: false)
    try measure.run(10) {
        try Explorer.explore(provider: ProviderRegistry.all[0].id, devices: 4, seed: 7, hours: 24).deviceHours / 24
    }
}
if wants("stories") {
    let stories = try BuiltInStories.sources.map { try $0.parse() }
    let measure = Measure(name: "built-in stories", unit: "stories/s", budget: 200, isTime: false)
    try measure.run(10) {
        for story in stories { _ = try story.play() }
        return Double(stories.count)
    }
}
if wants("outage") {
    let measure = Measure(name: "10,000 devices through a one-hour outage", unit: "s", budget: 10, isTime: true)
    try measure.run(1) { try WorldBenchmark.outage(devices: 10_000) }
}
