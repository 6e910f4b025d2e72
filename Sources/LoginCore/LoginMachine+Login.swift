/// What the app asks for: login, logout, tokens.
extension LoginMachine {
    mutating func initialised() -> [Effect] {
        switch state {
        case .uninitialised:
            state = .loggedOut
            return []
        case .loggedOut, .acquiringToken, .connecting, .authenticating, .syncing, .online, .waiting, .waitingForNetwork,
            .loggingOut, .stopped:
            return [.reportMisuse(.initialised)]
        }
    }

    mutating func loginRequested(_ request: LoginRequest) -> [Effect] {
        switch state {
        case .loggedOut:
            return start(request)
        case .waiting(let waiting), .waitingForNetwork(let waiting):
            // A new call takes the place of the automatic attempts and starts the back-off again (commsease.md §8).
            return cancel(waiting.timer) + start(request)
        case .stopped:
            // After a stop, automatic login is dead until a manual login (commsease.md §6).
            guard request.mode.isManual else { return [.reportMisuse(.loginRequested(request))] }
            return start(request)
        case .uninitialised, .acquiringToken, .connecting, .authenticating, .syncing, .online, .loggingOut:
            return [.reportMisuse(.loginRequested(request))]
        }
    }

    private mutating func start(_ request: LoginRequest) -> [Effect] {
        backoff.reset()
        let attempt = newAttempt(request, number: 1, session: .lost)
        return isNetworkAvailable || request.mode.isManual ? begin(attempt) : skip(attempt)
    }

    mutating func logoutRequested() -> [Effect] {
        switch state {
        case .online(let online):
            let deadline = timers.next()
            state = .loggingOut(LoggingOut(connection: online.connection, deadline: deadline))
            return [
                .cancelTimer(online.heartbeat), .send(online.connection, .logout),
                .startTimer(deadline, .logout, after: policy.logoutTimeout),
            ]
        case .connecting(let underway), .authenticating(let underway), .syncing(let underway):
            return [.cancelTimer(underway.deadline), .closeConnection(underway.connection)]
                + forget(wasServerTold: false)
        case .waiting(let waiting), .waitingForNetwork(let waiting):
            return cancel(waiting.timer) + forget(wasServerTold: false)
        case .acquiringToken, .stopped:
            return forget(wasServerTold: false)
        case .uninitialised, .loggedOut, .loggingOut:
            return [.reportMisuse(.logoutRequested)]
        }
    }

    /// The local clean-up, which always succeeds (commsease.md §2, `logout:`).
    mutating func forget(wasServerTold: Bool) -> [Effect] {
        backoff.reset()
        state = .loggedOut
        return [.notify(.loggedOut(wasServerTold: wasServerTold))]
    }

    private func cancel(_ timer: TimerID?) -> [Effect] {
        timer.map { [.cancelTimer($0)] } ?? []
    }

    mutating func tokenAnswered(_ id: AttemptID, _ token: SecretRef?) -> [Effect] {
        switch state {
        case .acquiringToken(var attempt) where attempt.id == id:
            if let token { attempt.request.token = token }
            return isNetworkAvailable || attempt.request.mode.isManual ? connect(attempt) : skip(attempt)
        case .acquiringToken, .uninitialised, .loggedOut, .connecting, .authenticating, .syncing, .online, .waiting,
            .waitingForNetwork, .loggingOut, .stopped:
            return []  // late: the attempt that asked was given up
        }
    }

    mutating func tokenReplaced(_ token: SecretRef) -> [Effect] {
        switch state {
        case .acquiringToken(var attempt):
            attempt.request.token = token
            state = .acquiringToken(attempt)
        case .connecting(var underway):
            underway.attempt.request.token = token
            state = .connecting(underway)
        case .authenticating(var underway):
            // The frame with the old token is out; the new one serves the attempt after it.
            underway.attempt.request.token = token
            state = .authenticating(underway)
        case .syncing(var underway):
            underway.attempt.request.token = token
            state = .syncing(underway)
        case .online(var online):
            online.attempt.request.token = token
            state = .online(online)
        case .waiting(var waiting):
            waiting.attempt.request.token = token
            state = .waiting(waiting)
        case .waitingForNetwork(var waiting):
            waiting.attempt.request.token = token
            state = .waitingForNetwork(waiting)
        case .uninitialised, .loggedOut, .loggingOut, .stopped:
            break  // no login is under way: the next login call brings its own token
        }
        return []
    }

    mutating func sendWhileOnline(_ request: LinkRequest, misuse event: Event) -> [Effect] {
        switch state {
        case .online(let online):
            return [.send(online.connection, request)]
        case .uninitialised, .loggedOut, .acquiringToken, .connecting, .authenticating, .syncing, .waiting,
            .waitingForNetwork, .loggingOut, .stopped:
            return [.reportMisuse(event)]
        }
    }
}
