import LoginCore

/// A transcript as a Mermaid sequence diagram: the devices' apps, the app server, the web API and the IM server.
package enum MermaidDiagram {
    /// The diagram, one line's end after each line.
    package static func text(_ entries: [TranscriptEntry], title: String) -> String {
        var places: [EntryID: TranscriptEntry] = [:]
        for entry in entries { places[entry.id] = entry }
        var lines = ["---", "title: \(clean(title))", "---", "sequenceDiagram"]
        for lane in lanes(entries) { lines.append("    participant \(name(lane)) as \(label(lane))") }
        for entry in entries where !entry.isHeartbeat {
            switch entry.kind {
            case .frameReceived, .httpRequest, .httpResponse:
                guard let cause = entry.cause.flatMap({ places[$0] }), cause.lane != entry.lane else {
                    continue  // told by the other end, or by nobody
                }
                let arrow = entry.kind == .httpResponse || entry.lane.isDevice ? "-->>" : "->>"
                lines.append("    \(name(cause.lane))\(arrow)\(name(entry.lane)): \(clean(entry.title))")
            case .state, .callback, .intent, .misuse:
                lines.append("    Note over \(name(entry.lane)): \(clean(entry.title))")
            case .link where entry.title != "open the link" && entry.title != "close the link":
                lines.append("    Note over \(name(entry.lane)): \(clean(entry.title))")
            case .timerFired:
                lines.append("    Note over \(name(entry.lane)): \(clean(entry.title))")
            case .frameSent, .timerStarted, .timerCancelled, .link, .store, .notice:
                continue
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lanes(_ entries: [TranscriptEntry]) -> [Lane] {
        var found: [Lane] = []
        for entry in entries where entry.lane.isDevice && !found.contains(entry.lane) { found.append(entry.lane) }
        return found.sorted { $0.key < $1.key } + [.appServer, .webAPI, .imServer]
    }

    private static func name(_ lane: Lane) -> String {
        switch lane {
        case .device(let name): "device\(name)"
        case .appServer: "appServer"
        case .webAPI: "webAPI"
        case .imServer: "imServer"
        }
    }

    private static func label(_ lane: Lane) -> String {
        switch lane {
        case .device(let name): "app on \(name)"
        case .appServer, .webAPI, .imServer: lane.description
        }
    }

    /// Mermaid takes `;` and `#` for its own, and a line's end for the end.
    private static func clean(_ text: String) -> String {
        String(text.map { $0 == ";" || $0 == "#" || $0.isNewline ? "," : $0 })
    }
}

extension Lane {
    fileprivate var isDevice: Bool {
        if case .device = self { true } else { false }
    }
}
