import LoginCore
import Providers

/// What must hold in every world, whatever is done in it.
package enum ExplorationRule: String, CaseIterable, Sendable {
    /// The rules of the two machines: one link, one timer, nothing forgotten, nothing used that is not the app's.
    case machines
    /// The transcript's own order and causes, and what may follow a stop.
    case transcript
    /// The callbacks are those that follow from the states.
    case callbacks
    /// Nothing starts by itself after a kick.
    case kick
    /// No login uses a token that the provider refused on this device.
    case voidToken
    /// There are never two sessions that the device policy forbids.
    case sessions
    /// A banned account does not come online after the ban.
    case ban
    /// What is healthy for long enough is online.
    case healing
    /// What says that it is online has heard of the provider lately, and has a session there.
    case phantom

    package var sentence: String {
        switch self {
        case .machines: "a rule of the machines is broken"
        case .transcript: "the transcript does not follow from what happened"
        case .callbacks: "the callbacks do not follow from the states"
        case .kick: "something starts by itself after a kick"
        case .voidToken: "a login uses a token that was refused"
        case .sessions: "two sessions are open that the device policy forbids"
        case .ban: "a banned account came online after the ban"
        case .healing: "a client that could be online for long is not"
        case .phantom: "a client says it is online on a link that is dead"
        }
    }
}

/// A rule that was broken in an exploration.
package struct Violation: Hashable, Sendable {
    package let rule: ExplorationRule
    /// Whose it is, if it is one device's.
    package let device: String?
    package let at: Instant
    package let detail: String
}

extension LoginPolicy {
    /// Whether a login asks the app for its token before it opens the link.
    package var asksBeforeLink: Bool { asksForDynamicToken && calls == nil }

    /// How long it may take until a link that is dead is noticed.
    var detectionTime: Duration { heartbeatInterval + probeTimeout * probeCount }

    /// How long it may take an automatic client to be online once everything is healthy: the longest pause, the detection
    /// of a link that is dead, and one whole login, with a call of the app server before it.
    package var healingTime: Duration {
        let pause = backoffTable.max() ?? .zero
        let jitter = pause * backoffJitterPermille / 1000
        return pause + jitter + detectionTime + connectTimeout + loginTimeout * 2 + ClientWire.appServerTimeout
    }
}
