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
        "\(worlds) \(worlds == 1 ? "world" : "worlds"), \(Int(deviceHours.rounded())) device-hours, \(acts) acts, \(steps) steps of the machines, "
            + "\(healthChecks) checks that what can be online is, \(violations) violations"
    }

    /// The totals, the hits of each cell and of each switch, and what was out of reach.
    package func text(_ reachability: Reachability) -> String {
        let sdk = LoginMachine.Phase.allCases.map { phase in
            (phase.rawValue, Self.hits(SDKEventKind.allCases.map { ($0.name, coverage.hits(phase, $0)) }))
        }
        let app = AppPhase.allCases.map { phase in
            (phase.name, Self.hits(AppEventKind.allCases.map { ($0.name, coverage.hits(phase, $0)) }))
        }
        let switches = coverage.switches.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let parts = [
            ("SDK, state × event:", sdk), ("App, state × event:", app), ("Switches:", switches),
            ("Out of reach, and why:", reachability.lines),
        ]
        return summary + "\n" + parts.map { "\n\($0)\n" + Self.columns($1) }.joined()
    }

    private static func hits(_ cells: [(name: String, hits: Int)]) -> String {
        let hit = cells.filter { $0.hits > 0 }.map { "\($0.name) \($0.hits)" }
        return hit.isEmpty ? "never" : hit.joined(separator: ", ")
    }

    /// Indented rows whose second column begins at the same place in each.
    private static func columns(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { "  \($0)\(String(repeating: " ", count: width - $0.count))  \($1)\n" }.joined()
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
