/// The form in which transcripts of two worlds are compared: no instants, no heartbeats, ids and secrets renamed by
/// their first appearance in their lane, causes as positions.
///
/// One line an entry, lanes in the order devices by name, app server, web API, IM server.
package struct CanonicalTranscript: Hashable, Sendable {
    package let lines: [String]

    package init(_ entries: [TranscriptEntry]) {
        let kept = entries.filter { !$0.isHeartbeat }
        var byLane: [Lane: [TranscriptEntry]] = [:]
        for entry in kept { byLane[entry.lane, default: []].append(entry) }
        let lanes = byLane.keys.sorted { Self.rank($0) < Self.rank($1) }
        var positions: [EntryID: String] = [:]
        for lane in lanes {
            for (index, entry) in byLane[lane, default: []].enumerated() {
                positions[entry.id] = "\(lane.key)@\(index + 1)"
            }
        }
        var lines: [String] = []
        for lane in lanes {
            var names = Renaming()
            for entry in byLane[lane, default: []] {
                let cause = entry.cause.flatMap { positions[$0] } ?? "-"
                let fields = entry.fields.compactMap { names.text(of: $0) }.joined(separator: " ")
                lines.append(
                    "\(positions[entry.id] ?? "?") <- \(cause) \(entry.owner.rawValue) \(entry.kind.rawValue) "
                        + "\(names.title(entry.title)) {\(fields)}")
            }
        }
        self.lines = lines
    }

    private static func rank(_ lane: Lane) -> String {
        switch lane {
        case .device(let name): "0 \(name)"
        case .appServer: "1"
        case .webAPI: "2"
        case .imServer: "3"
        }
    }

    /// The names given within one lane.
    private struct Renaming {
        private var names: [String: String] = [:]
        private var counts: [String: Int] = [:]
        /// The accounts met so far, which the arguments of callbacks name as well.
        private var accounts: [(value: String, name: String)] = []

        func title(_ title: String) -> String {
            accounts.reduce(title) { text, account in text.replacing(account.value, with: account.name) }
        }

        mutating func text(of field: Field) -> String? {
            switch field.value {
            case .text(let text): "\(field.name)=\(text)"
            case .number(let number): "\(field.name)=\(number)"
            case .flag(let flag): "\(field.name)=\(flag)"
            case .duration(let microseconds): "\(field.name)=\(microseconds)us"
            case .id(let kind, let value): "\(field.name)=\(name(kind, value))"
            case .secret(let secret): "\(field.name)=\(name(secret.kind.rawValue, secret.digest))"
            case .rule(let rule): "\(field.name)=\(rule)"
            case .instant: nil
            }
        }

        private mutating func name(_ kind: String, _ value: String) -> String {
            if let known = names["\(kind) \(value)"] { return known }
            counts[kind, default: 0] += 1
            let name = "\(kind)#\(counts[kind, default: 0])"
            names["\(kind) \(value)"] = name
            if kind == "account", !value.isEmpty { accounts.append((value, name)) }
            return name
        }
    }
}
