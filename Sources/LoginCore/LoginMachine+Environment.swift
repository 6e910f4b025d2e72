/// Timers, the network hint, background and foreground.
extension LoginMachine {
    mutating func timerFired(_ timer: TimerID) -> [Effect] {
        if attempt?.budget == timer { return runOut() }
        switch state {
        case .connecting(let underway) where underway.deadline == timer:
            let failure = late("the link was not up within \(policy.connectTimeout.text)")
            return fail(underway, failure, step: .linkFailed(failure), deadlineFired: true)
        case .authenticating(let underway) where underway.deadline == timer:
            let failure = unanswered("the login was not answered within \(policy.loginTimeout.text)")
            return fail(underway, failure, step: .authenticationFailed(failure), deadlineFired: true)
        case .syncing(let underway) where underway.deadline == timer:
            let failure = unanswered("the sync was not answered within \(policy.loginTimeout.text)")
            return failSync(underway, failure, step: .linkLost(.timedOut), .timedOut, deadlineFired: true)
        case .online(let online) where online.heartbeat == timer:
            return online.probes >= policy.probeCount
                ? loseLink(online, .timedOut, probeFired: true) : probe(online)
        case .waiting(let waiting) where waiting.timer == timer:
            if isInBackground, !policy.reconnectsInBackground {
                var postponed = waiting
                postponed.timer = nil
                state = .waiting(postponed)
                return []
            }
            return begin(waiting.attempt)
        case .waitingForNetwork(let waiting) where waiting.timer == timer:
            return skip(waiting.attempt)
        case .loggingOut(let leaving) where leaving.deadline == timer:
            return finish(leaving, wasServerTold: false, deadlineFired: true)
        case .connectingFirst(let first) where first.deadline == timer:
            return failFirst(
                first, late("the link was not up within \(policy.connectTimeout.text)"), deadlineFired: true)
        case .connectingFirst, .connected, .connecting, .authenticating, .syncing, .online, .waiting,
            .waitingForNetwork, .loggingOut, .uninitialised, .loggedOut, .acquiringToken, .stopped:
            return []  // late: the timer had fired before its cancelling came through
        }
    }

    /// Sends a ping; `probeCount` of them without an answer, `probeTimeout` apart, end the link (commsease.md §8).
    private mutating func probe(_ online: Online) -> [Effect] {
        var next = online
        next.probes += 1
        next.heartbeat = timers.next()
        state = .online(next)
        return [
            .send(online.connection, .ping),
            .startTimer(next.heartbeat, .probe(next.probes), after: policy.probeTimeout),
        ]
    }

    private func late(_ detail: String) -> LoginFailure {
        policy.failure(policy.timeoutCode, detail: detail)
    }

    private func unanswered(_ detail: String) -> LoginFailure {
        policy.failure(policy.unansweredCode, detail: detail)
    }

    /// The login call took longer than its time, whatever its attempts were about to do.
    private mutating func runOut() -> [Effect] {
        guard let calls = policy.calls, var attempt else { return [] }
        attempt.budget = nil  // it has fired
        let limit = calls.timeout?.text ?? ""
        let failure = policy.failure(calls.codes.timeout, detail: "the login call took longer than \(limit)")
        let released = cancel(liveTimer) + (liveConnection.map { [.closeConnection($0)] } ?? [])
        return released + [.notify(.authenticationFailed(failure))] + stop(attempt, failure)
    }

    mutating func networkLost() -> [Effect] {
        guard isNetworkAvailable else { return [] }  // said twice
        isNetworkAvailable = false
        let hint: [Effect] = [.notify(.networkChanged(isAvailable: false))]
        switch state {
        case .connecting(let underway):
            let failure = policy.failure(policy.unreachableCode, detail: "the network went away")
            return hint + fail(underway, failure, step: .linkFailed(failure))
        case .authenticating(let underway):
            let failure = policy.failure(policy.disconnectedCode, detail: "the network went away")
            return hint + fail(underway, failure, step: .authenticationFailed(failure))
        case .syncing(let underway):
            let failure = policy.failure(policy.disconnectedCode, detail: "the network went away")
            return hint + failSync(underway, failure, step: .linkLost(.linkClosed), .linkClosed)
        case .online(let online):
            return hint + loseLink(online, .linkClosed)
        case .waiting(let waiting):
            // The countdown runs on (DESIGN §4); one that waits for the foreground keeps waiting for it.
            state = .waitingForNetwork(waiting)
            return hint
        case .loggingOut(let leaving):
            return hint + finish(leaving, wasServerTold: false)
        case .connectingFirst(let first):
            return hint + failFirst(first, policy.failure(policy.unreachableCode, detail: "the network went away"))
        case .connected(let connection):
            return hint + loseFirst(connection, .linkClosed)
        case .uninitialised, .loggedOut, .acquiringToken, .waitingForNetwork, .stopped:
            return hint  // nothing holds a connection
        }
    }

    mutating func networkReturned() -> [Effect] {
        isNetworkAvailable = true
        return [.notify(.networkChanged(isAvailable: true))] + hurry()
    }

    mutating func backgrounded() -> [Effect] {
        isInBackground = true
        return []
    }

    mutating func foregrounded() -> [Effect] {
        isInBackground = false
        return isNetworkAvailable ? hurry() : []
    }

    /// Network back or app in front: a waiting attempt starts at once, a session proves that it lives (commsease.md §8).
    private mutating func hurry() -> [Effect] {
        switch state {
        case .waiting(let waiting), .waitingForNetwork(let waiting):
            if isInBackground, !policy.reconnectsInBackground {
                state = .waiting(waiting)
                return []
            }
            let cancel: [Effect] = waiting.timer.map { [.cancelTimer($0)] } ?? []
            return cancel + begin(waiting.attempt)
        case .online(let online):
            guard online.probes == 0 else { return [] }  // a probe is out already
            return [.cancelTimer(online.heartbeat)] + probe(online)
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .acquiringToken, .connecting, .authenticating,
            .syncing, .loggingOut, .stopped:
            return []  // nothing waits
        }
    }
}
