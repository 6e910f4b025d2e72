/// What the long connection reports.
extension LoginMachine {
    mutating func connectionOpened(_ connection: ConnectionID) -> [Effect] {
        switch state {
        case .connecting(let underway) where underway.connection == connection:
            let deadline = timers.next()
            let next = Underway(attempt: underway.attempt, connection: connection, deadline: deadline)
            state = .authenticating(next)
            return [.cancelTimer(underway.deadline), .notify(.linkEstablished)] + askProviders(next)
        case .connectingFirst(let first) where first.connection == connection:
            state = .connected(connection)
            return [.cancelTimer(first.deadline), .notify(.linkEstablished)]
        case .connectingFirst, .connected, .connecting, .uninitialised, .loggedOut, .acquiringToken, .authenticating,
            .syncing, .online, .waiting,
            .waitingForNetwork, .loggingOut, .stopped:
            // Late: that connection was given up, and its closing is on its way. Closing once more does no harm.
            return isLive(connection) ? [] : [.closeConnection(connection)]
        }
    }

    mutating func connectionEnded(_ connection: ConnectionID, _ cause: CloseCause) -> [Effect] {
        switch state {
        case .connecting(let underway) where underway.connection == connection:
            let code = cause == .timedOut ? policy.timeoutCode : policy.unreachableCode
            let failure = policy.failure(code, detail: cause.description)
            return fail(underway, failure, step: .linkFailed(failure))
        case .authenticating(let underway) where underway.connection == connection:
            let failure = broken(cause)
            return fail(underway, failure, step: .authenticationFailed(failure))
        case .syncing(let underway) where underway.connection == connection:
            return failSync(underway, broken(cause), step: .linkLost(cause), cause)
        case .online(let online) where online.connection == connection:
            return loseLink(online, cause)
        case .loggingOut(let leaving) where leaving.connection == connection:
            return finish(leaving, wasServerTold: false)
        case .connectingFirst(let first) where first.connection == connection:
            let code = cause == .timedOut ? policy.timeoutCode : policy.unreachableCode
            return failFirst(first, policy.failure(code, detail: cause.description))
        case .connected(connection):
            return loseFirst(connection, cause)
        case .connectingFirst, .connected, .connecting, .authenticating, .syncing, .online, .loggingOut, .uninitialised,
            .loggedOut, .acquiringToken, .waiting, .waitingForNetwork, .stopped:
            return []  // late: that connection was already given up
        }
    }

    mutating func received(_ connection: ConnectionID, _ message: LinkMessage) -> [Effect] {
        if case .unknown = message { return [] }  // a newer server may say more than this SDK knows
        switch state {
        case .connecting(let underway) where underway.connection == connection:
            return breach(underway)
        case .authenticating(let underway) where underway.connection == connection:
            return authenticating(underway, message)
        case .syncing(let underway) where underway.connection == connection:
            return syncing(underway, message)
        case .online(let online) where online.connection == connection:
            return inSession(online, message)
        case .loggingOut(let leaving) where leaving.connection == connection:
            return loggingOut(leaving, message)
        case .connectingFirst(let first) where first.connection == connection:
            return failFirst(first, broken(.protocolBroken))
        case .connected(connection):
            // Nobody is logged in: the server has nothing to say.
            return loseFirst(connection, .protocolBroken)
        case .connectingFirst, .connected, .connecting, .authenticating, .syncing, .online, .loggingOut, .uninitialised,
            .loggedOut, .acquiringToken,
            .waiting, .waitingForNetwork, .stopped:
            return []  // late: that connection was already given up
        }
    }

    private mutating func authenticating(_ underway: Underway, _ message: LinkMessage) -> [Effect] {
        switch message {
        case .loginAccepted, .loginRefused:
            // An answer to a login that is not sent yet.
            if underway.awaitsToken { return breach(underway) }
        case .protocolError, .kicked, .pong, .clientsChanged, .synced, .echoed, .kickAnswered, .loggedOut, .renewed,
            .tokenWillExpire, .unknown:
            break
        }
        switch message {
        case .loginAccepted(let account, let others):
            let deadline = timers.next()
            var attempt = underway.attempt
            attempt.request.account = account  // the server's spelling is the one to use (commsease.md §11.2)
            lastLogin = account
            let budget = attempt.budget
            attempt.budget = nil
            state = .syncing(
                Underway(attempt: attempt, connection: underway.connection, deadline: deadline, others: others))
            var told: [Effect] = [.notify(.authenticated)]
            if policy.calls != nil {
                // The list comes just before the success, and only the app's own call completes (commsease.md §5.2).
                told.insert(.notify(.clientsChanged(.list, others)), at: 0)
                if attempt.session == .lost { told.append(.notify(.manualLoginCompleted(account))) }
            }
            return [.cancelTimer(underway.deadline)] + cancel(budget) + told + [
                .notify(.syncing), .send(underway.connection, .sync),
                .startTimer(deadline, .syncAnswer, after: policy.loginTimeout),
            ]
        case .loginRefused(let code, let text), .protocolError(let code, let text):
            let failure = policy.failure(code, detail: text)
            return fail(underway, failure, step: .authenticationFailed(failure))
        case .kicked(let notice):
            return stopKicked(underway.connection, timer: underway.deadline, notice)
        case .pong, .clientsChanged:
            return []  // a server may answer or tell early; the login goes on
        case .synced, .echoed, .kickAnswered, .loggedOut, .renewed, .tokenWillExpire, .unknown:
            return breach(underway)
        }
    }

    private mutating func syncing(_ underway: Underway, _ message: LinkMessage) -> [Effect] {
        switch message {
        case .synced:
            return goOnline(underway)
        case .clientsChanged(let change, let clients):
            var next = underway
            next.others = Self.merge(underway.others, change, clients)
            state = .syncing(next)
            return [.notify(.clientsChanged(change, clients))]
        case .kicked(let notice):
            return stopKicked(underway.connection, timer: underway.deadline, notice)
        case .protocolError(let code, let text):
            let failure = policy.failure(code, detail: text)
            return failSync(underway, failure, step: .authenticationFailed(failure), .linkClosed)
        case .tokenWillExpire:
            return [.notify(.tokenWillExpire)]
        case .pong:
            return []  // a server may answer late; the sync goes on
        case .loginAccepted, .loginRefused, .echoed, .kickAnswered, .loggedOut, .renewed, .unknown:
            let failure = broken(.protocolBroken)
            return failSync(underway, failure, step: .authenticationFailed(failure), .protocolBroken)
        }
    }

    private mutating func goOnline(_ underway: Underway) -> [Effect] {
        let heartbeat = timers.next()
        let mode = underway.attempt.request.mode
        backoff.reset()
        state = .online(
            Online(
                attempt: underway.attempt, connection: underway.connection, heartbeat: heartbeat, probes: 0,
                others: underway.others))
        var effects: [Effect] = [.cancelTimer(underway.deadline), .notify(.online)]
        if policy.calls == nil {
            let account = underway.attempt.request.account
            if mode.isManual {
                effects.append(.notify(.manualLoginCompleted(account)))
            } else if policy.tellsAutomaticLogin, underway.attempt.session == .lost {
                effects.append(.notify(.automaticLoginCompleted(account)))
            }
            if !underway.others.isEmpty { effects.append(.notify(.clientsChanged(.list, underway.others))) }
        }
        effects.append(.startTimer(heartbeat, .heartbeat, after: policy.heartbeatInterval))
        return effects
    }

    private mutating func inSession(_ online: Online, _ message: LinkMessage) -> [Effect] {
        switch message {
        case .pong:
            guard online.probes > 0 else { return [] }  // an answer to a probe that was given up on
            var next = online
            next.probes = 0
            next.heartbeat = timers.next()
            state = .online(next)
            // The next ping follows 30 s after the previous reply (commsease.md §8).
            return [
                .cancelTimer(online.heartbeat),
                .startTimer(next.heartbeat, .heartbeat, after: policy.heartbeatInterval),
            ]
        case .clientsChanged(let change, let clients):
            var next = online
            next.others = Self.merge(online.others, change, clients)
            state = .online(next)
            return [.notify(.clientsChanged(change, clients))]
        case .kicked(let notice):
            return stopKicked(online.connection, timer: online.heartbeat, notice)
        case .echoed(let text):
            return [.notify(.echoed(text))]
        case .kickAnswered(let code, let kicked):
            return [.notify(.kickAnswered(code: code, kicked: kicked))]
        case .renewed(let code, let text):
            return [.notify(.tokenRenewed(code == 200 ? nil : policy.failure(code, detail: text)))]
        case .tokenWillExpire:
            return [.notify(.tokenWillExpire)]
        case .protocolError(let code, let text):
            return [.notify(.protocolError(code: code, text: text))]
        case .loginAccepted, .loginRefused, .synced, .loggedOut, .unknown:
            return loseLink(online, .protocolBroken)
        }
    }

    private mutating func loggingOut(_ leaving: LoggingOut, _ message: LinkMessage) -> [Effect] {
        switch message {
        case .loggedOut:
            return finish(leaving, wasServerTold: true)
        case .kicked:
            // Kicked while leaving: the session is gone either way, and the user wanted to go.
            return finish(leaving, wasServerTold: false)
        case .loginAccepted, .loginRefused, .synced, .pong, .echoed, .kickAnswered, .clientsChanged, .renewed,
            .tokenWillExpire, .unknown, .protocolError:
            return []  // late answers to what was sent before the logout
        }
    }

    /// The server said something that the protocol does not allow here.
    private mutating func breach(_ underway: Underway) -> [Effect] {
        let failure = broken(.protocolBroken)
        return fail(underway, failure, step: .authenticationFailed(failure))
    }

    /// The failure of a link that was up and broke before the login was complete (DESIGN §4: 415 and 408).
    private func broken(_ cause: CloseCause, detail: String? = nil) -> LoginFailure {
        let code = cause == .timedOut ? policy.unansweredCode : policy.disconnectedCode
        return policy.failure(code, detail: detail ?? cause.description)
    }

    /// A sync that did not come to its end: the attempt failed, or, where the answer to the login began the session, its
    /// link is lost.
    mutating func failSync(
        _ underway: Underway, _ failure: LoginFailure, step: Moment, _ cause: CloseCause, deadlineFired: Bool = false
    ) -> [Effect] {
        guard policy.calls != nil else { return fail(underway, failure, step: step, deadlineFired: deadlineFired) }
        return loseLink(
            underway.attempt, underway.connection, timer: deadlineFired ? nil : underway.deadline, cause)
    }

    private func isLive(_ connection: ConnectionID) -> Bool {
        liveConnection == connection
    }

    /// The others after a change: newcomers last, in the server's order.
    private static func merge(
        _ others: [OnlineClient], _ change: ClientsChange, _ clients: [OnlineClient]
    ) -> [OnlineClient] {
        switch change {
        case .list: clients
        case .login: others.filter { !clients.contains($0) } + clients
        case .logout: others.filter { !clients.contains($0) }
        }
    }
}
