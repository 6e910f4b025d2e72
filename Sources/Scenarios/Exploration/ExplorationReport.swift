import LoginCore
import Providers

/// The sum of several explorations, as text for people and as JSON for programs.
package struct ExplorationReport: Sendable {
    package private(set) var coverage = Coverage()
    package private(set) var worlds = 0
    package private(set) var deviceHours = 0.0
    package private(set) var acts = 0
    package private(set) var steps = 0
    package private(set) var healthChecks = 0
    package private(set) var violations = 0

    /// The sum of no exploration yet, or of these.
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

    /// The totals, the hits of each cell and of each switch, and what was out of reach.
    package func text(_ reachability: Reachability) -> String {
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
        lines += ["", "Out of reach, and why:"] + reachability.lines.map { "  " + $0 }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func text(_ cells: [(name: String, hits: Int)]) -> String {
        cells.filter { $0.hits > 0 }.map { "\($0.name) \($0.hits)" }.joined(separator: ", ")
    }
}

extension ExplorationReport {
    /// The totals, with every cell that was hit.
    package var json: JSONValue {
        let sdk = LoginMachine.Phase.allCases.flatMap { phase in
            SDKEventKind.allCases.map { (phase.rawValue, $0.name, coverage.hits(phase, $0)) }
        }
        let app = AppPhase.allCases.flatMap { phase in
            AppEventKind.allCases.map { (phase.name, $0.name, coverage.hits(phase, $0)) }
        }
        return .fields([
            "worlds": .integer(Int64(worlds)), "deviceHours": .integer(Int64(deviceHours.rounded())),
            "acts": .integer(Int64(acts)), "steps": .integer(Int64(steps)),
            "healthChecks": .integer(Int64(healthChecks)), "violations": .integer(Int64(violations)),
            "sdk": Self.json(sdk), "app": Self.json(app),
            "switches": .array(
                coverage.switches.sorted { $0.key < $1.key }.map {
                    .fields(["switch": .string($0.key), "uses": .integer(Int64($0.value))])
                }),
        ])
    }

    private static func json(_ cells: [(state: String, event: String, hits: Int)]) -> JSONValue {
        .array(
            cells.filter { $0.hits > 0 }.map {
                .fields(["state": .string($0.state), "event": .string($0.event), "hits": .integer(Int64($0.hits))])
            })
    }
}
