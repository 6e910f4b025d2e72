import LoginCore

/// One line of the report: what was measured how often, and how it stands to its budget.
struct Measure {
    let name: String
    /// What one run gives, such as `events/s`; more is better unless `isTime`.
    let unit: String
    let budget: Double
    /// Seconds, where less is better.
    let isTime: Bool

    /// Runs `body`, which says how much it did, `count` times after one that does not count, and prints the middle run,
    /// the worst of a hundred, and how many times better than the budget the middle one is.
    func run(_ count: Int, _ body: () throws -> Double) rethrows {
        let clock = ContinuousClock()
        _ = try body()
        var results: [Double] = []
        for _ in 0..<count {
            var done = 0.0
            let time = try clock.measure { done = try body() }
            let seconds = Double(time.wholeMicroseconds) / 1_000_000
            results.append(isTime ? seconds : done / max(seconds, 1e-9))
        }
        results.sort { isTime ? $0 < $1 : $0 > $1 }
        let middle = results[results.count / 2]
        let worst = results[min(results.count - 1, results.count * 99 / 100)]
        let ratio = isTime ? budget / middle : middle / budget
        print(
            "\(name): p50 \(text(middle)) \(unit), p99 \(text(worst)) \(unit), \(text(ratio)) × the budget of \(text(budget))"
        )
    }

    private func text(_ value: Double) -> String {
        if value >= 1000 { return "\(Int(value.rounded()))" }
        let thousandths = Int((value * 1000).rounded())
        let digits = "\(thousandths % 1000)"
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
