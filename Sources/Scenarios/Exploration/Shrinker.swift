import LoginCore

/// Makes the script of a violation smaller for as long as it still breaks the same rule.
package struct Shrinker {
    private let rule: ExplorationRule
    private let distortion: (any Distortion)?
    private var script: ExplorationScript
    /// How many worlds were played.
    package private(set) var plays = 0
    private static let mostPlays = 1500

    /// The smallest script found that breaks the rule that `script` breaks; `script` itself when it breaks none.
    package static func shrink(
        _ script: ExplorationScript, _ rule: ExplorationRule, _ distortion: (any Distortion)? = nil
    ) -> ExplorationScript {
        var shrinker = Shrinker(rule: rule, distortion: distortion, script: script)
        shrinker.run()
        return shrinker.script
    }

    private init(rule: ExplorationRule, distortion: (any Distortion)?, script: ExplorationScript) {
        self.rule = rule
        self.distortion = distortion
        self.script = script
    }

    /// Keeps `candidate` if it breaks the rule too.
    private mutating func keep(_ candidate: ExplorationScript) -> Bool {
        guard plays < Self.mostPlays else { return false }
        plays += 1
        guard let found = try? candidate.play(distortion), found.violation?.rule == rule else { return false }
        script = candidate
        return true
    }

    private mutating func run() {
        // The last hour is tried alone first: most faults need no long history.
        for count in [8, 32, 128] where count < script.acts.count {
            var candidate = script
            candidate.acts = Array(script.acts.suffix(count))
            candidate.acts[0].after = .zero
            if keep(candidate) { break }
        }
        // Without chance on the way, what is left out changes nothing for what stays.
        simplifyNetwork()
        var size: Int
        repeat {
            size = script.acts.count
            dropActs()
            shortenPauses()
        } while script.acts.count < size && plays < Self.mostPlays
        simplify()
        dropActs()
        dropDevices()
    }

    /// The usual network, or else one without chance.
    private mutating func simplifyNetwork() {
        var candidate = script
        candidate.setup.network = NetworkModel(jitter: .zero)
        _ = keep(candidate)
        candidate.setup.network = NetworkModel()
        if script.setup.network != NetworkModel(jitter: .zero) { _ = keep(candidate) }
    }

    /// Leaves acts out, in ever smaller groups; the time they took stays or goes.
    private mutating func dropActs() {
        var size = max(1, script.acts.count / 2)
        while size >= 1 {
            var start = 0
            while start < script.acts.count {
                let end = min(start + size, script.acts.count)
                var without = script
                let pause = script.acts[start..<end].reduce(Duration.zero) { $0 + $1.after }
                without.acts.removeSubrange(start..<end)
                var later = without
                if start < later.acts.count { later.acts[start].after += pause } else { later.rest += pause }
                if !keep(without), !keep(later) { start = end }
            }
            size /= 2
        }
    }

    /// The usual network, no settings of the operator, the usual kind of client.
    private mutating func simplify() {
        var candidate = script
        candidate.setup.network = NetworkModel()
        _ = keep(candidate)
        candidate = script
        candidate.settings = nil
        _ = keep(candidate)
        for place in script.setup.devices.indices {
            candidate = script
            candidate.setup.devices[place].platform = nil
            _ = keep(candidate)
        }
    }

    private mutating func shortenPauses() {
        let pauses: [Duration] = [.zero, .milliseconds(100), .seconds(1), .seconds(10), .seconds(60), .seconds(240)]
        for place in script.acts.indices {
            for pause in pauses where pause < script.acts[place].after {
                var candidate = script
                candidate.acts[place].after = pause
                if keep(candidate) { break }
            }
        }
        for rest in pauses where rest < script.rest {
            var candidate = script
            candidate.rest = rest
            if keep(candidate) { break }
        }
    }

    private mutating func dropDevices() {
        for device in script.setup.devices where script.setup.devices.count > 1 {
            var candidate = script
            candidate.setup.devices.removeAll { $0.name == device.name }
            candidate.acts.removeAll { $0.act.device == device.name }
            _ = keep(candidate)
        }
    }
}

extension StoryAct {
    /// The device that it concerns, if it concerns one.
    var device: String? {
        switch self {
        case .device(let name, _), .typedLogin(let name, _, _), .kickDevice(_, let name): name
        case .operate, .askPresence, .unbind, .bind, .settings, .killBackend, .startBackend: nil
        }
    }
}
