import LoginCore
import Providers

/// Writing the story down.
extension StoryTeller {
    func text(title: String) -> String {
        var lines = ["story: \(Self.quoted(title))", "about: \(Self.quoted("Told from a recording."))"]
        lines += notes.map { "# \(Self.comment($0))" }
        lines.append("provider: \(provider)")
        // Nobody may have typed the right password of one whose login was saved.
        let others = Set(earlier + strangers).subtracting(people.map(\.user)).sorted()
        let everyone = people + others.map { (user: $0, password: "stand-in-before") }
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
        lines += registrations.map { "  - \($0)" }
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

    /// The steps by which those register who were there before, on the first device.
    private var registrations: [String] {
        guard !earlier.isEmpty, let host = names.first else { return [] }
        let steps = earlier.flatMap { user in
            ["{do: register, on: \(host), as: \(Self.quoted(user))}", "{see: entry, on: \(host), title: registered}"]
        }
        guard devices[host]?.starts == false else { return steps }
        return ["{do: start app, on: \(host)}"] + steps + ["{do: stop app, on: \(host)}"]
    }

    /// Steps that let so much time pass; none for nothing, and several for more than one step may wait.
    static func waits(_ duration: Duration) -> [String] {
        var rest = duration.wholeMilliseconds
        var steps: [String] = []
        while rest > 0 {
            let part = min(rest, DurationText.longest.wholeMilliseconds)
            steps.append("{wait: \(part)ms}")
            rest -= part
        }
        return steps
    }

    /// How long a sight may take that took `gap` then; nothing where the usual time is enough.
    private static func within(_ gap: Duration) -> String {
        let most = min(gap + .seconds(10), DurationText.longest)
        return gap > .seconds(5) ? ", within: \(most.wholeMilliseconds)ms" : ""
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
            steps.append("{\(sighting.step)\(within(sighting.at - now))}")
            now = max(now, sighting.at)
        }
        steps += waits(end - now)
        // An SDK may tell nothing between two attempts, so that only these two know how long the chapter was.
        let within = within(end - chapter.at)
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

    /// A text on one line without what ends a line, or what YAML does not take.
    private static func comment(_ text: String) -> String {
        let ends: Set<UInt32> = [0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF]
        return String(RecordingFile.harmless(text).unicodeScalars.map { ends.contains($0.value) ? "?" : Character($0) })
    }

    /// A text between quotation marks as YAML reads it.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x22: quoted += "\\\""
            case 0x5C: quoted += "\\\\"
            case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
