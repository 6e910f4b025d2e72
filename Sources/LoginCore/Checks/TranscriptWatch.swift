/// Reads a client's transcript as it grows and holds it against the rules that concern more than one moment.
///
/// Random walks and explorations watch with it; nothing that runs a login does.
package struct TranscriptWatch: Sendable {
    private let book: Shared<LoginPolicy>
    private let lane: String
    private let isAlone: Bool
    private var last = 0
    /// Back-off delays since the table was started.
    private var delays = 0
    /// Links asked for since a manual login began; nil when none is under way.
    private var manualLinks: Int?
    /// What the app did since the SDK stopped; nil while it has not, or once the user took over.
    private var afterStop: AfterStop?
    /// The SDK's state as it was told last, and whether the login has been online.
    private var phase = ""
    private var isHeld = false
    /// Whether the app called login while an attempt of another call was out: it goes on, or its link is closed for a new one.
    private var mayStartOver = false
    package private(set) var problems: [String] = []

    private struct AfterStop {
        /// Whether a credential code was the reason.
        let isCredential: Bool
        var renewals: Int
        var manualLogins = 0
    }

    private var policy: LoginPolicy { book.value }

    /// Watches the lane of this name; with `isAlone` there is no other lane that could be a cause.
    package init(policy: LoginPolicy, lane: String = "A", isAlone: Bool = true) {
        book = Shared(policy)
        self.lane = lane
        self.isAlone = isAlone
    }

    /// The app's process ended: what follows is a new one's doing.
    package mutating func restart() {
        delays = 0
        manualLinks = nil
        afterStop = nil
        phase = ""
        isHeld = false
    }

    /// Takes the entries of one input; `stop` is the SDK's stop after it, `renewals` counts the token calls that were out
    /// before it.
    package mutating func check(
        _ entries: [TranscriptEntry], input: ClientCore.Input, stop: StopReason?, renewals: Int
    ) {
        if input.isNewStart { afterStop = nil }
        mayStartOver = false
        for place in entries.indices {
            if entries[place].id.number != last + 1 || entries[place].id.lane != lane {
                problems.append("\(entries[place].id) follows \(last)")
            }
            last += 1
            checkCause(entries[place], isFirst: place == entries.startIndex, input: input)
            if entries[place].kind == .state, entries[place].owner == .sdk {
                follow(entries[place], stop: stop, renewals: renewals)
            } else {
                checkStep(entries[place], input: input)
            }
        }
    }

    private mutating func checkCause(_ entry: TranscriptEntry, isFirst: Bool, input: ClientCore.Input) {
        if let cause = entry.cause {
            let isOwn = cause.lane == lane
            if isOwn ? cause.number < 1 || cause.number >= entry.id.number : isAlone {
                problems.append("\(entry.id) has the cause \(cause)")
            }
        } else if !isFirst || !input.isIntent {
            problems.append("\(entry.id) has no cause: \(entry.title)")
        }
        if entry.kind == .misuse, entry.owner == .sdk, !input.isIntent {
            problems.append("the app misuses its SDK: \(entry.title)")
        }
    }

    /// Whether the SDK answers a login call with no, so that what is in use or under way goes on.
    private var refusesLogins: Bool {
        guard policy.secondLogin != nil || policy.ownAnswers != nil else { return false }
        return switch phase {
        case "waiting", "waiting for the network": isHeld || policy.secondLogin != nil
        case "asking the app for a token", "connecting", "authenticating", "syncing", "online": true
        default: false
        }
    }

    /// Whether a login call takes nothing over by itself, since the SDK looks first what the login in use is of.
    private var comparesLogins: Bool {
        policy.calls != nil && ["connecting", "authenticating", "syncing", "online"].contains(phase)
    }

    private mutating func follow(_ change: TranscriptEntry, stop: StopReason?, renewals: Int) {
        // A terse entry has the new state alone.
        phase = if case .text(let state)? = change.fields.last?.value { state } else { change.title }
        switch phase {
        case "online":
            isHeld = true
            afterStop = nil
            endLogin()
        case "logged out":
            isHeld = false
            endLogin()
        case "stopped":
            isHeld = false
            endLogin()
            guard afterStop == nil else { return }
            let isCredential = if case .failed(let failure, _) = stop { failure.kind == .credential } else { false }
            afterStop = AfterStop(isCredential: isCredential, renewals: isCredential ? renewals : 0)
        case "syncing":
            // A login call is over with its answer; what follows is a reconnection.
            if policy.calls != nil { manualLinks = nil }
        default: break
        }
    }

    private mutating func endLogin() {
        delays = 0
        manualLinks = nil
    }

    private mutating func checkStep(_ entry: TranscriptEntry, input: ClientCore.Input) {
        switch (entry.owner, entry.kind) {
        case (.app, .intent) where entry.title.hasPrefix("log in (") && refusesLogins:
            break
        case (.app, .intent) where entry.title.hasPrefix("log in (") && comparesLogins:
            mayStartOver = phase == "connecting" || phase == "authenticating"
        case (.sdk, .link) where entry.title == "close the link" && mayStartOver:
            delays = 0
            manualLinks = 0
        case (.app, .intent) where entry.title.hasPrefix("log in ("):
            isHeld = false
            delays = 0
            let isManual = entry.title == "log in (manual)"
            manualLinks = isManual || policy.calls != nil ? 0 : nil
            if !isManual, afterStop != nil { problems.append("\(entry.id): an automatic login after a stop") }
            afterStop?.manualLogins += 1
        case (.app, .httpRequest) where entry.title == "POST /token" && input != .app(.renewalRequested):
            afterStop?.renewals += 1
        case (.sdk, .link) where entry.title == "open the link":
            if let links = manualLinks {
                manualLinks = links + 1
                if links > policy.calls?.retryCount ?? 0 {
                    problems.append("\(entry.id): a login call makes attempt \(links + 1)")
                }
            }
            if afterStop?.manualLogins == 0 { problems.append("\(entry.id): the SDK starts something after a stop") }
        case (.sdk, .timerStarted) where entry.title.hasPrefix("next attempt"):
            let expected = policy.backoffTable[min(delays, policy.backoffTable.count - 1)].wholeMicroseconds
            delays += 1
            let spread = expected * Int64(policy.backoffJitterPermille) / 1000
            if case .duration(let delay)? = entry.fields.first(where: { $0.name == "after" })?.value,
                abs(delay - expected) <= spread
            {
                break
            }
            problems.append("\(entry.id): \(entry.title), not \(expected) µs")
        default:
            break
        }
        guard let afterStop else { return }
        let most = afterStop.isCredential ? 1 : 0
        if afterStop.renewals > most || afterStop.manualLogins > most {
            problems.append(
                "\(entry.id): after a stop \(afterStop.renewals) renewals, \(afterStop.manualLogins) logins")
        }
    }
}

extension ClientCore.Input {
    /// Whether it comes from the user, the system or the lab, so that nothing in the transcript caused it.
    package var isIntent: Bool {
        switch self {
        case .app(.started), .app(.settingsChanged), .app(.registerRequested), .app(.signInRequested),
            .app(.tokenLoginRequested), .app(.automaticLoginRequested), .app(.renewalRequested),
            .app(.signOutRequested),
            .sdk(.initialised), .sdk(.networkLost), .sdk(.networkReturned), .sdk(.backgrounded), .sdk(.foregrounded),
            .sdk(.kickRequested), .sdk(.echoRequested), .sdk(.loginRequested), .sdk(.logoutRequested):
            true
        case .app, .sdk:
            false
        }
    }

    /// Whether somebody starts over with it, the SDK being called past the app too, so that what follows is not the doing
    /// of a stop.
    package var isNewStart: Bool {
        switch self {
        case .app(.signInRequested), .app(.tokenLoginRequested), .app(.automaticLoginRequested),
            .app(.signOutRequested), .sdk(.loginRequested), .sdk(.logoutRequested):
            true
        case .app, .sdk:
            false
        }
    }
}
