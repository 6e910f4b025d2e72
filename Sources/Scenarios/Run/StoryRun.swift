import Cloud
import LoginCore
import Providers

/// What a run of a story sees of the world it plays in.
package protocol StoryStage {
    /// The machines of a device after their last input; nil while its app does not run.
    func core(of device: String) -> ClientCore?
}

/// A story being played: says what is to be done next, and judges what is seen.
///
/// It is a value without a clock, so that the virtual and the live world are driven by the same rules:
///
/// ```
///   next(at:on:) ─▶ .perform(deed) ─ the driver does it ─▶ performed(_:at:) ─┐
///        ▲    └──▶ .wait(until:) ─ until then, or until something is new ──┤
///        └── take(entries), answered(_:) ◀──────────────────────────────────┘        .finished
/// ```
package struct StoryRun: Sendable {
    package enum Demand: Sendable {
        case perform(Deed)
        /// Nothing is to be done until then, unless something new is told before.
        case wait(until: Instant)
        case finished
    }

    /// How long a sight may take that says nothing of it.
    package static let usualPatience: Duration = .seconds(10)
    /// How long the operator waits for an answer, besides what the network needs.
    static let operationPatience: Duration = .seconds(15)

    package let story: Story
    /// How much later than its time something may be seen, and for `at` also earlier.
    let slack: Duration
    /// Everything that was told, in order.
    package private(set) var record: [TranscriptEntry] = []
    package private(set) var failure: StoryFailure?
    /// What each deed came after: for comparisons of the worlds.
    package private(set) var deeds: [DeedMark] = []
    /// The step that is played, from 0; the settings before the first step are -1.
    private var index: Int
    private var begun: Instant?
    private var pending: Pending = .nothing
    /// Where the entries since the last deed begin.
    var chapter = 0
    /// Where the entries begin that a `never` may look at.
    var floor = 0
    /// Up to where each lane's entries of this chapter have been seen.
    var cursors: [Lane: Int] = [:]
    /// What the step that is played has looked at, so that no entry is looked at twice.
    var glance = Glance()
    /// Where the frames stand with which each device logged in, and the digests of their tokens.
    private(set) var logins: [Lane: [(place: Int, token: String)]] = [:]
    private var accounts: [String: String] = [:]
    /// Who logged in last on each device.
    private var users: [Lane: String] = [:]
    private var seen: [Int] = []

    private enum Pending {
        case nothing
        case performing
        case answer(since: Instant)
    }

    /// How far a step has looked.
    struct Glance: Sendable {
        /// The entries before this one need no further look.
        var upTo = 0
        /// Those of them that fit.
        var hits: [Int] = []
    }

    /// A deed, where the entries begin that follow from it, and the entries that had been waited for before it.
    package struct DeedMark: Hashable, Sendable {
        package let first: Int
        package let after: [Int]
        /// Whether it may break connections.
        package let breaksLinks: Bool
    }

    package init(_ story: Story, slack: Duration = .milliseconds(100)) {
        self.story = story
        self.slack = slack
        index = story.settings == nil ? 0 : -1
    }

    package var isFinished: Bool { failure != nil || index >= story.steps.count }

    // MARK: - What is told

    /// New entries of any lane, in the order in which they were written.
    package mutating func take(_ entries: some Sequence<TranscriptEntry>) {
        for entry in entries {
            if entry.kind == .frameSent, entry.title == "login" {
                for case .secret(let reference) in entry.fields.map(\.value) {
                    logins[entry.lane, default: []].append((record.count, reference.digest))
                    break
                }
            }
            learnAccount(from: entry)
            record.append(entry)
        }
    }

    /// Notes whose account it is that the app server told to some device.
    private mutating func learnAccount(from entry: TranscriptEntry) {
        guard entry.kind == .httpResponse, entry.owner == .app else { return }
        var user: String?
        var account: String?
        for field in entry.fields {
            switch (field.name, field.value) {
            case ("user", .text(let text)): user = text
            case ("account", .id(_, let text)): account = text
            default: break
            }
        }
        // A new token is for whoever logged in on that device, and may be of a new account.
        if let user { users[entry.lane] = user }
        if let user = user ?? users[entry.lane], let account { accounts[user] = account }
    }

    /// The deed of the last demand was done, or could not be.
    package mutating func performed(_ problem: DeedProblem?, at now: Instant) {
        if let problem { return fail("what was to be done could not be: \(problem)") }
        guard case .performing = pending else { return }
        if isOperation { pending = .answer(since: now) } else { advance(at: now) }
    }

    /// The operator's request was answered.
    package mutating func answered(_ answer: Result<HTTPResponseValue, CloseCause>, at now: Instant) {
        guard case .answer = pending else { return }
        switch answer {
        case .failure(let cause):
            fail("the operator could not reach the app server (\(cause))")
        case .success(let response):
            let error = AppServerError(parsing: response)
            let expected = index >= 0 ? story.steps[index].refusal : nil
            if let error, expected.map({ !"\(error.name): \(error.message)".contains($0) }) ?? true {
                fail("the app server refused the operator: \(error.message)")
            } else if error == nil, expected != nil {
                fail("the app server did what the operator asked")
            } else {
                if let last = record.lastIndex(where: { $0.lane == .appServer }) { seen.append(last) }
                if index >= 0, case .act(.bind(let person, _)) = story.steps[index].kind, error == nil,
                    let body = try? JSONValue(parsing: response.body), case .string(let account)? = body["account"]
                {
                    accounts[person] = account
                }
                advance(at: now)
            }
        }
    }

    private var isOperation: Bool {
        guard index >= 0 else { return true }
        guard case .act(let act) = story.steps[index].kind else { return false }
        switch act {
        case .operate, .askPresence, .kickDevice, .unbind, .bind, .settings: return true
        case .device, .typedLogin, .killBackend, .startBackend: return false
        }
    }

    // MARK: - What is next

    package mutating func next(at now: Instant, on stage: some StoryStage) -> Demand {
        while !isFinished {
            let start = begun ?? now
            if begun == nil, index >= 0, case .never = story.steps[index].kind { floor = record.count }
            begun = start
            switch pending {
            case .performing:
                return .wait(until: start + Self.operationPatience)
            case .answer(let since):
                let limit = since + Self.operationPatience + slack + story.network.slack
                guard now >= limit else { return .wait(until: limit) }
                fail("the operator's request was not answered")
                continue
            case .nothing:
                break
            }
            guard index >= 0 else { return begin(.operate(.changeSettings(story.settings ?? .init()))) }
            switch story.steps[index].kind {
            case .act(let act):
                do throws(DeedProblem) {
                    return begin(try deed(act, at: now, on: stage))
                } catch {
                    fail("what is to be done makes no sense now: \(error)")
                }
            case .wait(let duration):
                guard now >= start + duration else { return .wait(until: start + duration) }
                advance(at: now)
            case .see(let sight, let timing):
                if let limit = judge(sight, timing, since: start, at: now, on: stage) { return .wait(until: limit) }
            case .never(let sight, let duration):
                if case .seen = look(at: sight, on: stage) {
                    fail("it was seen after \((now - start).text)")
                } else if now < start + duration {
                    return .wait(until: start + duration)
                } else {
                    advance(at: now)
                }
            case .quiet(let device, let duration):
                if let entry = noise(device, since: start) {
                    fail("\(entry.id) was written after \((entry.at - start).text): \(entry.title)")
                } else if now < start + duration {
                    return .wait(until: start + duration)
                } else {
                    advance(at: now)
                }
            }
        }
        return .finished
    }

    /// Judges a sight; answers until when to wait, or nil when it was seen or has failed.
    private mutating func judge(
        _ sight: Sight, _ timing: Timing, since start: Instant, at now: Instant, on stage: some StoryStage
    ) -> Instant? {
        let (earliest, latest): (Instant, Instant) =
            switch timing {
            case .within(let duration): (start, start + duration + slack)
            case .at(let duration): (start + (duration - slack), start + duration + slack)
            }
        switch look(at: sight, on: stage) {
        case .seen(let index):
            let at = index.map { max(record[$0].at, start) } ?? now
            guard at >= earliest else {
                fail("it was seen too early, after \((at - start).text)")
                return nil
            }
            guard at <= latest else {
                fail("it was seen too late, after \((at - start).text)")
                return nil
            }
            if let index { seen.append(index) }
            advance(at: now)
            return nil
        case .cannotBe(let why):
            fail(why)
            return nil
        case .notYet(let saw):
            if now < latest { return latest }
            fail(saw)
            return nil
        case .notThere(let what, let lane, let first):
            if now < latest { return latest }
            fail(absence(of: what, in: lane, from: first))
            return nil
        }
    }

    private mutating func begin(_ deed: Deed) -> Demand {
        chapter = record.count
        cursors = [:]
        deeds.append(DeedMark(first: chapter, after: seen, breaksLinks: deed.breaksLinks))
        pending = .performing
        return .perform(deed)
    }

    private mutating func advance(at now: Instant) {
        index += 1
        begun = nil
        floor = 0
        glance = Glance()
        pending = .nothing
    }

    private mutating func fail(_ saw: String) {
        guard failure == nil else { return }
        let step = index >= 0 && index < story.steps.count ? story.steps[index] : nil
        failure = StoryFailure(
            step: index + 1, line: step?.line ?? 1, expected: step?.text ?? "the settings before the first step",
            saw: saw)
    }

    // MARK: - Deeds

    private mutating func deed(_ act: StoryAct, at now: Instant, on stage: some StoryStage) throws(DeedProblem) -> Deed
    {
        switch act {
        case .device(let device, let deed):
            return .device(device, deed)
        case .typedLogin(let device, let choice, let token):
            let account = try account(choice)
            switch token {
            case .text(let secret):
                let kind = ProviderRegistry.provider(story.provider)?.authenticationKinds.first ?? .fixed
                return .device(device, .logInWithToken(account: account, token: .text(secret), kind: kind))
            case .saved, .savedOn:
                let owner = if case .savedOn(let other) = token { other } else { device }
                guard let saved = stage.core(of: owner)?.flow.saved else {
                    throw DeedProblem("device \(owner) has no saved token")
                }
                return .device(device, .logInWithToken(account: account, token: .kept(saved.token), kind: saved.kind))
            }
        case .settings(let patch):
            return .operate(.changeSettings(patch))
        case .operate(let person, let act):
            return .operate(act.request(try account(of: person)))
        case .askPresence(let choice, let query):
            return .operate(.presence(account: try account(choice), query: query))
        case .kickDevice(let person, let device):
            return .kickDevice(account: try account(of: person), device: device)
        case .unbind(let person): return .operate(.unbind(user: person))
        case .bind(let person, let account): return .operate(.bind(user: person, account: account))
        case .killBackend: return .killBackend
        case .startBackend: return .startBackend
        }
    }

    private func account(_ choice: AccountChoice) throws(DeedProblem) -> String {
        switch choice {
        case .named(let name): name
        case .of(let person): try account(of: person)
        }
    }

    /// The account of a person, as the app server told it to some device or to the operator.
    private func account(of person: String) throws(DeedProblem) -> String {
        guard let account = accounts[person] else {
            throw DeedProblem("\(person) has no account yet; register or log in first")
        }
        return account
    }
}

/// What a story expected and did not see.
package struct StoryFailure: Hashable, Sendable {
    /// From 1; 0 for the settings before the first step.
    package let step: Int
    package let line: Int
    /// The step as the file has it.
    package let expected: String
    /// What was seen instead, as a part of a sentence.
    package let saw: String
}
