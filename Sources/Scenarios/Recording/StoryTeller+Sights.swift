import LoginCore

/// Writing down what was seen.
extension StoryTeller {
    mutating func see(_ entry: TranscriptEntry, _ device: String) {
        guard !chapters.isEmpty else { return }
        let place = chapters.count - 1
        let on = "on: \(device)"
        switch entry.kind {
        case .callback where entry.owner == .sdk:
            guard let end = entry.title.firstIndex(of: "(") else { return }
            let arguments = String(entry.title[entry.title.index(after: end)...].dropLast())
            let with = !arguments.isEmpty && isStable(arguments) ? ", with: \(Self.quoted(arguments))" : ""
            add("see: callback, \(on), name: \(Self.quoted(String(entry.title[..<end])))\(with)", entry.at)
        case .httpResponse where entry.title == ClientCore.sessionEndedTitle:
            break  // nothing waits for it, and whether it or the SDK's own answer is first is chance
        case .httpResponse:
            if isStable(entry.title) { add("see: entry, \(on), title: \(Self.quoted(entry.title))", entry.at) }
        case .frameReceived where entry.isHeartbeat:
            break
        case .frameReceived where entry.title.hasPrefix("echo") || entry.title.hasPrefix("kick →"):
            add("see: entry, \(on), title: \(Self.quoted(entry.title))", entry.at)
        case .frameReceived:
            for field in entry.fields where field.name == "code" {
                guard case .number(let code) = field.value, code != 200, code > 0 else { continue }
                add("see: code, \(on), is: \(code)", entry.at)
            }
        case .state:
            let to = entry.fields.first { $0.name == "to" }
            guard case .text(let state)? = to?.value else { return }
            let key = "\(device) \(entry.owner.rawValue)"
            // Of a chapter the last one is told, and one that was over at once is a moment that another run may not have.
            if let last = lastStates[key], last.chapter == place || entry.at - last.at < Comparability.race {
                chapters[last.chapter].sightings[last.place] = Sighting(at: last.at, step: "")
            }
            lastStates[key] = (place, chapters[place].sightings.count, entry.at)
            add("see: \(entry.owner == .sdk ? "state" : "app"), \(on), is: \(Self.quoted(state))", entry.at)
        case .link where entry.title == "open the link":
            chapters[place].attempts[device, default: 0] += 1
        case .timerStarted where entry.title.hasPrefix("next attempt"):
            for case .duration(let microseconds) in entry.fields.map(\.value) {
                chapters[place].delays[device, default: []].append(.microseconds(microseconds))
            }
        default:
            break
        }
    }

    /// Whether a text names nothing that is another one in another run.
    func isStable(_ text: String) -> Bool {
        !unstable.contains { text.contains($0) }
    }

    mutating func add(_ step: String, _ at: Instant) {
        chapters[chapters.count - 1].sightings.append(Sighting(at: at, step: step))
    }
}
