import LoginCore

/// The sum of several explorations, as text for people.
package struct ExplorationReport: Sendable {
    package private(set) var coverage = Coverage()
    package private(set) var worlds = 0
    package private(set) var deviceHours = 0.0
    package private(set) var acts = 0
    package private(set) var steps = 0
    package private(set) var healthChecks = 0
    package private(set) var violations = 0

    package init(_ results: [ExplorationResult] = []) {
        for result in results { add(result) }
    }

    package mutating func add(_ result: ExplorationResult) {
        coverage = coverage + result.coverage
        worlds += 1
        deviceHours += result.deviceHours
        acts += result.acts
        steps += result.steps
        healthChecks += result.healthChecks
        if result.violation != nil { violations += 1 }
    }

    /// The totals on one line.
    package var summary: String {
        "\(worlds) worlds, \(Int(deviceHours.rounded())) device-hours, \(acts) acts, \(steps) steps of the machines, "
            + "\(healthChecks) checks that what can be online is, \(violations) violations"
    }

    /// The totals, the hits of each cell and of each switch.
    package var text: String {
        var lines = [summary, "", "SDK, state × event:"]
        for phase in LoginMachine.Phase.allCases {
            let cells = SDKEventKind.allCases.map { ($0.name, coverage.hits(phase, $0)) }
            lines.append("  \(phase.rawValue): " + Self.text(cells))
        }
        lines += ["", "App, state × event:"]
        for phase in AppPhase.allCases {
            let cells = AppEventKind.allCases.map { ($0.name, coverage.hits(phase, $0)) }
            lines.append("  \(phase.name): " + Self.text(cells))
        }
        lines += ["", "Switches:"]
        lines += coverage.switches.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ cells: [(name: String, hits: Int)]) -> String {
        cells.filter { $0.hits > 0 }.map { "\($0.name) \($0.hits)" }.joined(separator: ", ")
    }
}
