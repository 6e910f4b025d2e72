import LoginCore
import Providers

/// Writing the story down.
extension StoryTeller {
    func text(title: String) -> String {
        var lines = ["story: \(Self.quoted(title))", "about: \(Self.quoted("Told from a recording."))"]
        lines += notes.map { "# \(RecordingFile.harmless($0))" }
        lines.append("provider: \(provider)")
        let typed = people.map { (user: $0.user, password: $0.password) }
        let others = earlier.filter { user in !typed.contains { $0.user == user } }
        // Nobody typed the password of one whose login was saved.
        let everyone = typed + others.map { (user: $0, password: "stand-in-before") }
        if !everyone.isEmpty {
            let list = everyone.map { "\(Self.quoted($0.user)): \(Self.quoted($0.password))" }
            lines.append("people: {\(list.joined(separator: ", "))}")
        }
        lines.append("devices:")
        for name in names {
            guard let device = devices[name] else { continue }
            let words = [
                build(of: device.first), Self.words(device.first.settings), device.starts ? nil : "starts: no",
                device.setsUp ? nil : "sets up: no",
            ]
            lines.append("  \(name): {\(words.compactMap(\.self).joined(separator: ", "))}")
        }
        if let settings = before.settings { lines.append("settings: {\(Self.words(settings))}") }
        lines.append("steps:")
        for user in earlier {
            lines.append("  - {do: register, on: \(names.first ?? "A"), as: \(Self.quoted(user))}")
            lines.append("  - {see: entry, on: \(names.first ?? "A"), title: registered}")
        }
        lines += before.steps(registered: earlier).map { "  - \($0)" }
        var count = 0
        for (index, chapter) in chapters.enumerated() {
            let next = index + 1 < chapters.count ? chapters[index + 1].at : end
            for step in Self.steps(of: chapter, until: next) {
                lines.append("  - \(step)")
                count += 1
            }
        }
        if count == 0 { lines.append("  - {wait: 1s}") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// What the app of a run was built with.
    func build(of life: Recording.Life) -> String {
        AppBuild(generation: life.generation, platform: life.platform, options: life.options).text(provider: provider)
    }

    /// The steps of one chapter; each sighting's time is counted from the one before, as it is in a run.
    private static func steps(of chapter: Chapter, until end: Instant) -> [String] {
        var steps = chapter.act.map { [$0] } ?? []
        var now = chapter.at
        for sighting in chapter.sightings where !sighting.step.isEmpty {
            let gap = sighting.at - now
            let within = gap > .seconds(5) ? ", within: \((gap + .seconds(10)).wholeMilliseconds)ms" : ""
            steps.append("{\(sighting.step)\(within)}")
            now = max(now, sighting.at)
        }
        let pause = (min(end - now, DurationText.longest)).wholeMilliseconds
        if pause > 0 { steps.append("{wait: \(pause)ms}") }
        // An SDK may tell nothing between two attempts, so that only these two know how long the chapter was.
        let whole = min(end - chapter.at, DurationText.longest - .seconds(10))
        let within = whole > .seconds(5) ? ", within: \((whole + .seconds(10)).wholeMilliseconds)ms" : ""
        for (device, count) in chapter.attempts.sorted(by: { $0.key < $1.key }) {
            steps.append("{see: attempts, on: \(device), are: \(count)\(within)}")
        }
        for (device, delays) in chapter.delays.sorted(by: { $0.key < $1.key })
        where delays.allSatisfy({ $0.wholeMicroseconds % 1000 == 0 && $0 <= DurationText.longest }) {
            let list = delays.map { "\($0.wholeMilliseconds)ms" }.joined(separator: ", ")
            steps.append("{see: delays, on: \(device), are: [\(list)]\(within)}")
        }
        return steps
    }

    /// A text between quotation marks as YAML reads it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: quoted += "\\\""
            case 0x5C: quoted += "\\\\"
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
