import LoginCore
import Providers

/// Looking at what is and at what was told.
///
/// States are looked at as they are now. Entries are looked for since the last deed; what one step has seen in a lane is
/// passed over by the next, so that steps stand in the order of what happens.
extension StoryRun {
    enum Look {
        /// It is there; the entry that shows it, if one does.
        case seen(Int?)
        /// It may still come; what there is instead.
        case notYet(String)
        /// No entry of a lane shows it, from this one on; it may still come.
        case notThere(String, Lane, from: Int)
        /// It will not come any more.
        case cannotBe(String)
    }

    mutating func look(at sight: Sight, on stage: some StoryStage) -> Look {
        switch sight {
        case .state(let device, let phase):
            guard let core = stage.core(of: device) else { return .notYet(Self.notRunning(device)) }
            guard core.sdk.phase == phase else {
                let stop = core.sdk.stopReason.map { ": \($0.text(in: core.sdk.policy.kickWords))" } ?? ""
                return .notYet("device \(device) is \(core.sdk.phase.text)\(stop)")
            }
            return .seen(lastState(device, .sdk))
        case .app(let device, let state, let reason):
            return lookAtApp(device, state, reason, on: stage)
        case .lease(let device, let lease):
            guard let core = stage.core(of: device) else { return .notYet(Self.notRunning(device)) }
            let found = core.flow.lease.text
            return found == lease ? .seen(nil) : .notYet("the token of device \(device) is \(found)")
        case .saved(let device, let choice):
            guard let core = stage.core(of: device) else { return .notYet(Self.notRunning(device)) }
            let found: SavedChoice =
                core.flow.saved.map { $0.opensByItself ? .usable : .unusable } ?? .none
            return found == choice ? .seen(nil) : .notYet("the saved login of device \(device) is: \(found.rawValue)")
        case .loginStatus(let device, let words):
            guard let core = stage.core(of: device) else { return .notYet(Self.notRunning(device)) }
            let found = loginStatus(of: device, core)
            return found.contains(words) ? .seen(nil) : .notYet("the login status of device \(device) is \(found)")
        case .others(let device, let count):
            guard let core = stage.core(of: device) else { return .notYet(Self.notRunning(device)) }
            let found = core.sdk.others.count
            return found == count ? .seen(nil) : .notYet("device \(device) sees \(found) other clients")
        case .callback(let device, let name, let with):
            return find("callbacks", in: .device(device)) { entry in
                entry.kind == .callback && entry.title.hasPrefix(name + "(")
                    && (with.map { entry.title.dropFirst(name.count).contains($0) } ?? true)
            }
        case .code(let device, let code):
            return find("callbacks and answers", in: .device(device)) { entry in
                (entry.kind == .frameReceived || entry.kind == .callback || entry.kind == .notice)
                    && entry.fields.contains { $0.name == "code" && $0.value == .number(code) }
            }
        case .attempts(let device, let count):
            let found = places(.device(device)) { $0.kind == .link && $0.title == "open the link" }
            if found.count > count { return .cannotBe("device \(device) made \(found.count) attempts") }
            return found.count == count ? .seen(found.last) : .notYet("device \(device) made \(found.count) attempts")
        case .delays(let device, let delays):
            return lookAtDelays(device, delays)
        case .token(let device, let comparison):
            return lookAtToken(device, comparison)
        case .presence(let status, let with):
            return find("entries", in: .appServer) { entry in
                let texts = Dictionary(
                    entry.fields.map { field in
                        if case .text(let text) = field.value { (field.name, text) } else { (field.name, "") }
                    }, uniquingKeysWith: { first, _ in first })
                return entry.kind == .httpResponse && texts["status"] == status
                    && (with.map { texts["terminals", default: ""].contains($0) } ?? true)
            }
        case .entry(let lane, let title):
            return find("entries", in: lane) { $0.title.contains(title) }
        case .order(let lane, let titles):
            return lookAtOrder(lane, titles)
        }
    }

    /// The first entry of one lane, or of all, since `start` that is no routine and was not under way then.
    mutating func noise(_ device: String?, since start: Instant) -> TranscriptEntry? {
        defer { glance.upTo = record.count }
        return record[max(chapter, glance.upTo)...].first { entry in
            !entry.isHeartbeat && entry.at > start + slack && (device.map { entry.lane == .device($0) } ?? true)
        }
    }

    private static func notRunning(_ device: String) -> String { "the app on device \(device) does not run" }

    // MARK: - One sight each

    private func lookAtApp(_ device: String, _ state: String, _ reason: String?, on stage: some StoryStage) -> Look {
        guard let core = stage.core(of: device) else { return .notYet(Self.notRunning(device)) }
        let found = core.flow.state.text
        let words = core.sdk.policy.kickWords
        var why = ""
        if case .signedOut(let reason) = core.flow.state { why = reason?.text(in: words) ?? "" }
        if case .stopped(let stop) = core.flow.im, why.isEmpty { why = LoginScreenReason.stopped(stop).text(in: words) }
        guard found == state, reason.map({ why.contains($0) }) ?? true else {
            return .notYet("the app on device \(device) is: \(found)" + (why.isEmpty ? "" : ", because: \(why)"))
        }
        return .seen(lastState(device, .app))
    }

    /// The SDK's own words for the login status that it tells, or the general ones.
    private func loginStatus(of device: String, _ core: ClientCore) -> String {
        let setup = story.devices.first { $0.name == device }
        let kind = try? DeviceKind(
            provider: story.provider, generation: setup?.generation, platform: setup?.platform)
        return kind?.generation.statusText(core.told) ?? core.sdk.loginStatus.rawValue
    }

    private mutating func lookAtDelays(_ device: String, _ delays: [Duration]) -> Look {
        let found = places(.device(device)) { $0.kind == .timerStarted && $0.title.hasPrefix("next attempt") }
        let times = found.prefix(delays.count).map { place -> Duration in
            for case .duration(let microseconds) in record[place].fields.map(\.value) {
                return .microseconds(microseconds)
            }
            return .zero
        }
        let texts = times.map(\.text).joined(separator: ", ")
        guard times == Array(delays.prefix(times.count)) else { return .cannotBe("the delays were \(texts)") }
        return times.count == delays.count
            ? .seen(found[delays.count - 1]) : .notYet("the delays so far were: \(texts.isEmpty ? "none" : texts)")
    }

    private func lookAtToken(_ device: String, _ comparison: TokenComparison) -> Look {
        let logins = logins[.device(device), default: []].suffix(2)
        guard let last = logins.last, last.place >= chapter else {
            return .notYet("device \(device) has sent no login")
        }
        guard logins.count == 2, let before = logins.first else {
            return .notYet("device \(device) has sent one login only")
        }
        let found: TokenComparison = last.token == before.token ? .same : .new
        return found == comparison ? .seen(last.place) : .notYet("the token of the last login was \(found.rawValue)")
    }

    private mutating func lookAtOrder(_ lane: Lane, _ titles: [String]) -> Look {
        for title in titles.dropFirst(glance.hits.count) {
            let start = max(chapter, cursors[lane] ?? 0, glance.upTo)
            guard let place = record[start...].firstIndex(where: { $0.lane == lane && $0.title.contains(title) }) else {
                glance.upTo = record.count
                return .notYet("“\(title)” was not seen in its turn")
            }
            glance.hits.append(place)
            glance.upTo = place + 1
        }
        cursors[lane] = glance.upTo
        return .seen(glance.upTo - 1)
    }

    // MARK: - Entries

    private func lastState(_ device: String, _ owner: Owner) -> Int? {
        record.lastIndex { $0.lane == .device(device) && $0.kind == .state && $0.owner == owner }
    }

    /// Where entries of this chapter stand that fit.
    private mutating func places(_ lane: Lane, _ isMeant: (TranscriptEntry) -> Bool) -> [Int] {
        let start = max(chapter, floor, glance.upTo)
        glance.hits += record[start...].indices.filter { record[$0].lane == lane && isMeant(record[$0]) }
        glance.upTo = record.count
        return glance.hits
    }

    /// The first entry that fits and that no step has seen yet.
    private mutating func find(_ what: String, in lane: Lane, _ isMeant: (TranscriptEntry) -> Bool) -> Look {
        let start = max(chapter, floor, cursors[lane] ?? 0)
        let new = record[max(start, glance.upTo)...]
        guard let place = new.firstIndex(where: { $0.lane == lane && isMeant($0) }) else {
            glance.upTo = record.count
            return .notThere(what, lane, from: start)
        }
        cursors[lane] = place + 1
        return .seen(place)
    }

    /// What there is in the place of an entry that did not come.
    func absence(of what: String, in lane: Lane, from first: Int) -> String {
        let some = record[first...].filter { $0.lane == lane && $0.kind == .callback }.suffix(3).map(\.title)
        return "no such entry" + (some.isEmpty ? "" : "; the last \(what): \(some.joined(separator: ", "))")
    }
}
