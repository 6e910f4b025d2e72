import LoginCore

/// What the SDK must tell, worked out from its states alone and not from its effects.
///
/// A second opinion: it looks at the state before an event, the event and the state after it, and knows nothing of how
/// the machine came from one to the other.
enum CallbackProjection {
    /// A moment without its payload, for those that follow from the states.
    enum Told: Hashable {
        case linking, linkEstablished, linkFailed, authenticating, authenticated, authenticationFailed, syncing
        case online, linkLost, networkChanged, loggedOut, completed, manualFailed, automaticFailed, stopped, kicked
        case clientsChanged, automaticCompleted
    }

    /// Nil for moments that do not follow from the states.
    static func told(_ moment: Moment) -> Told? {
        switch moment {
        case .linking: .linking
        case .linkEstablished: .linkEstablished
        case .linkFailed: .linkFailed
        case .authenticating: .authenticating
        case .authenticated: .authenticated
        case .authenticationFailed: .authenticationFailed
        case .syncing: .syncing
        case .online: .online
        case .linkLost: .linkLost
        case .networkChanged: .networkChanged
        case .loggedOut: .loggedOut
        case .manualLoginCompleted: .completed
        case .automaticLoginCompleted: .automaticCompleted
        case .manualLoginFailed: .manualFailed
        case .automaticLoginFailed(_, isFinal: true): .stopped
        case .automaticLoginFailed(_, isFinal: false): .automaticFailed
        case .kickedOffline: .kicked
        case .clientsChanged: .clientsChanged
        default: nil
        }
    }

    static func expected(
        _ before: LoginMachine, _ event: LoginMachine.Event, _ after: LoginMachine
    ) -> [Told] {
        var told: [Told] = []
        switch event {
        case .networkLost where before.isNetworkAvailable, .networkReturned: told.append(.networkChanged)
        default: break
        }
        switch (before.state, after.state) {
        case (.uninitialised, .uninitialised):
            // Where the SDK has a code for it, a login before its set-up ends the app's own.
            if case .loginRequested(let request) = event, before.policy.ownAnswers != nil {
                told.append(request.mode.isManual ? .manualFailed : .stopped)
            }
        case (.uninitialised, .connectingFirst):
            told.append(.linking)
        case (.connectingFirst, .connected):
            told.append(.linkEstablished)
        case (.connectingFirst, .connecting):
            break  // the login takes the link that is on its way
        case (.connectingFirst, .loggedOut):
            told.append(.linkFailed)
        case (.connected, .loggedOut):
            told.append(.linkLost)
        case (.connected, .authenticating):
            told.append(.authenticating)
        case (.connecting, .authenticating):
            told += [.linkEstablished, .authenticating]
        case (.authenticating, .syncing):
            told += [.authenticated, .syncing]
        case (.syncing(let underway), .online):
            told.append(.online)
            if underway.attempt.request.mode.isManual {
                told.append(.completed)
            } else if before.policy.tellsAutomaticLogin, underway.attempt.session == .lost {
                told.append(.automaticCompleted)
            }
            if !underway.others.isEmpty { told.append(.clientsChanged) }
        case (_, .stopped(.kicked)) where before.phase != .stopped:
            told.append(.kicked)
        case (_, .stopped(.failed(_, let mode))) where before.phase != .stopped && isFailingKick(before, event):
            // Such a kick names no step: the session fails as a whole.
            told.append(mode.isManual ? .manualFailed : .stopped)
        case (_, .stopped(.failed(_, let mode))) where before.phase != .stopped:
            told += failedStep(before, event) + [mode.isManual ? .manualFailed : .stopped]
        case (.connecting, .waiting), (.authenticating, .waiting), (.syncing, .waiting), (.online, .waiting),
            (.connecting, .waitingForNetwork), (.authenticating, .waitingForNetwork), (.syncing, .waitingForNetwork),
            (.online, .waitingForNetwork):
            told += failedStep(before, event)
            if case .authenticating = before.state, case .received(_, .loginRefused(let code, _)) = event,
                before.policy.rule(for: code).isReportedWhileRetrying
            {
                told.append(.automaticFailed)
            }
        case (_, .loggedOut) where before.phase != .loggedOut && before.phase != .uninitialised:
            told.append(.loggedOut)
        case (_, .connecting) where before.phase != .connecting:
            told.append(.linking)
        case (.syncing, .syncing), (.online, .online):
            if case .received(let id, .clientsChanged) = event, id == before.liveConnection {
                told.append(.clientsChanged)
            }
        default:
            break
        }
        return told
    }

    /// Whether the server ends the session by a kick that is a failure in other words.
    private static func isFailingKick(_ before: LoginMachine, _ event: LoginMachine.Event) -> Bool {
        // Before its login was sent, a link has nothing that could be kicked: that is a breach of the protocol.
        guard before.phase != .connecting, case .received(_, .kicked(let notice)) = event else { return false }
        return before.policy.failedKicks[notice.reason] != nil
    }

    /// The name of the step that an attempt or a session ended in.
    private static func failedStep(_ before: LoginMachine, _ event: LoginMachine.Event) -> [Told] {
        let isMessage = if case .received = event { true } else { false }
        return switch before.phase {
        case .connecting: [isMessage ? .authenticationFailed : .linkFailed]
        case .authenticating: [.authenticationFailed]
        case .syncing: [isMessage ? .authenticationFailed : .linkLost]
        case .online: [.linkLost]
        default: []
        }
    }
}
