/// What the app asks for: login, logout, tokens.
extension LoginMachine {
    mutating func initialised() -> [Effect] {
        switch state {
        case .uninitialised:
            state = .loggedOut
            return connectFirst()
        case .loggedOut, .connectingFirst, .connected, .acquiringToken, .connecting, .authenticating, .syncing, .online,
            .waiting, .waitingForNetwork,
            .loggingOut, .stopped:
            return [.reportMisuse(.initialised)]
        }
    }

    mutating func loginRequested(_ request: LoginRequest) -> [Effect] {
        if let answered = answeredLogin(request) { return answered }
        switch state {
        case .loggedOut, .connectingFirst, .connected:
            return start(request)
        case .acquiringToken, .connecting, .authenticating, .syncing, .online:
            if let second = policy.secondLogin { return refuse(second, request) }
            return policy.calls.map { callAgain(request, $0) } ?? [.reportMisuse(.loginRequested(request))]
        case .waiting(let waiting), .waitingForNetwork(let waiting):
            // A login whose link is down is in use, or under way, all the same (easemob.md §4).
            if let second = policy.secondLogin { return refuse(second, request) }
            // A new call takes the place of the automatic attempts and starts the back-off again (commsease.md §8).
            return cancel(waiting.timer) + cancel(waiting.attempt.budget) + start(request)
        case .stopped:
            // After a stop, automatic login is dead until a manual login (commsease.md §6).
            guard request.mode.isManual || policy.calls != nil else { return [.reportMisuse(.loginRequested(request))] }
            return start(request)
        case .loggingOut(var leaving) where policy.calls != nil:
            leaving.next = request
            state = .loggingOut(leaving)
            return []
        case .uninitialised, .loggingOut:
            return [.reportMisuse(.loginRequested(request))]
        }
    }

    /// Tells the app that its call comes too late; what is in use or under way goes on.
    private func refuse(_ second: LoginPolicy.SecondLogin, _ request: LoginRequest) -> [Effect] {
        guard let attempt else { return [.reportMisuse(.loginRequested(request))] }
        let isLoggedIn = if case .online = state { true } else { attempt.session == .held }
        let known = attempt.request.account == request.account ? second.sameAccount : second.otherAccount
        let code = isLoggedIn ? known : second.unanswered
        return [.notify(.callRefused(policy.failure(code, detail: "a login is in use or under way")))]
    }

    /// Starts a login from a state that holds nothing.
    private mutating func start(_ request: LoginRequest) -> [Effect] {
        backoff.reset()
        var attempt = newAttempt(request, number: 1, session: .lost)
        guard let calls = policy.calls else {
            let told: [Effect] = policy.connectsFirst ? [.notify(.loginBegun)] : []
            if let refused = refuseArguments(attempt) { return told + refused }
            return told + (isNetworkAvailable || request.mode.isManual ? begin(attempt) : skip(attempt))
        }
        if request.account.text.isEmpty || (request.authentication == .fixed && request.token.length == 0) {
            let failure = policy.failure(calls.codes.invalidParameter, detail: "the account or the token is empty")
            return stop(attempt, failure)
        }
        guard let limit = calls.timeout else { return begin(attempt) }
        let budget = timers.next()
        attempt.budget = budget
        return [.startTimer(budget, .loginCall, after: limit)] + begin(attempt)
    }

    /// A login call while another login is under way or in use (commsease.md §5.3).
    private mutating func callAgain(_ request: LoginRequest, _ calls: LoginCalls) -> [Effect] {
        guard let running = attempt else { return [.reportMisuse(.loginRequested(request))] }
        let old = running.request
        let isSame =
            old.account == request.account && old.authentication == request.authentication
            && (old.authentication != .fixed || old.token == request.token)
        switch state {
        case .online(let online):
            if isSame { return [.notify(.manualLoginCompleted(old.account))] }
            return leave(online.connection, timer: online.heartbeat, next: request)
        case .syncing(let underway):
            if isSame { return [.notify(.manualLoginCompleted(old.account))] }
            return leave(underway.connection, timer: underway.deadline, next: request)
        case .connecting(let underway), .authenticating(let underway):
            let cancelled = cancelCall(running, calls)
            if isSame { return cancelled }
            return [.cancelTimer(underway.deadline)] + cancel(running.budget)
                + [.closeConnection(underway.connection)] + cancelled + start(request)
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .acquiringToken, .waiting, .waitingForNetwork,
            .loggingOut, .stopped:
            return [.reportMisuse(.loginRequested(request))]
        }
    }

    /// Tells the app that its call is over without an answer; a reconnection is nobody's call.
    private func cancelCall(_ attempt: Attempt, _ calls: LoginCalls) -> [Effect] {
        guard attempt.session == .lost else { return [] }
        return [.notify(.loginCallCancelled(policy.failure(calls.codes.cancelled, detail: "another call came")))]
    }

    /// Tells the server and waits for its answer, a second at most (commsease.md §5.3).
    private mutating func leave(_ connection: ConnectionID, timer: TimerID, next: LoginRequest?) -> [Effect] {
        let deadline = timers.next()
        state = .loggingOut(LoggingOut(connection: connection, deadline: deadline, next: next))
        return [
            .cancelTimer(timer), .send(connection, .logout),
            .startTimer(deadline, .logout, after: policy.logoutTimeout),
        ]
    }

    /// The logout is over, with or without an answer: what waited for it begins.
    mutating func finish(_ leaving: LoggingOut, wasServerTold: Bool, deadlineFired: Bool = false) -> [Effect] {
        let released = (deadlineFired ? [] : cancel(leaving.deadline)) + [.closeConnection(leaving.connection)]
        let over = released + forget(wasServerTold: wasServerTold)
        return leaving.next.map { over + start($0) } ?? over
    }

    mutating func logoutRequested() -> [Effect] {
        if let refused = refusedLogout() { return refused }
        switch state {
        case .online(let online):
            return leave(online.connection, timer: online.heartbeat, next: nil)
        case .syncing(let underway) where policy.calls != nil:
            return leave(underway.connection, timer: underway.deadline, next: nil)  // logged in already
        case .connecting(let underway), .authenticating(let underway), .syncing(let underway):
            let cancelled = policy.calls.map { cancelCall(underway.attempt, $0) } ?? endedByLogout(underway.attempt)
            return [.cancelTimer(underway.deadline)] + cancel(underway.attempt.budget)
                + [.closeConnection(underway.connection)] + cancelled + forget(wasServerTold: false)
        case .waiting(let waiting), .waitingForNetwork(let waiting):
            return cancel(waiting.timer) + cancel(waiting.attempt.budget) + forget(wasServerTold: false)
        case .stopped:
            let refused: [Effect] =
                policy.calls.map {
                    [.notify(.callRefused(policy.failure($0.codes.illegalState, detail: "nothing is logged in")))]
                } ?? []
            return refused + forget(wasServerTold: false)
        case .acquiringToken:
            return forget(wasServerTold: false)
        case .loggingOut(var leaving) where leaving.next != nil:
            leaving.next = nil  // the login that waited for this logout is not wanted any more
            state = .loggingOut(leaving)
            return []
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .loggingOut:
            return [.reportMisuse(.logoutRequested)]
        }
    }

    /// The local clean-up, which always succeeds (commsease.md §2, `logout:`).
    mutating func forget(wasServerTold: Bool) -> [Effect] {
        backoff.reset()
        lastLogin = nil
        state = .loggedOut
        return [.notify(.loggedOut(wasServerTold: wasServerTold))]
    }

    mutating func tokenAnswered(_ id: AttemptID, _ token: SecretRef?) -> [Effect] {
        switch state {
        case .acquiringToken(var attempt) where attempt.id == id:
            if let token { attempt.request.token = token }
            return isNetworkAvailable || attempt.request.mode.isManual ? connect(attempt) : skip(attempt)
        case .authenticating(var underway) where underway.awaitsToken && underway.attempt.id == id:
            underway.awaitsToken = false
            guard let token else { return policy.calls.map { goWithout(underway, $0) } ?? [] }
            underway.attempt.request.token = token
            state = .authenticating(underway)
            return sendLogin(underway, nil)
        case .acquiringToken, .uninitialised, .loggedOut, .connectingFirst, .connected, .connecting, .authenticating,
            .syncing, .online, .waiting, .waitingForNetwork, .loggingOut, .stopped:
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
            if let renewal = policy.onlineRenewal, token.length == 0 {
                return [.notify(.tokenRenewed(policy.failure(renewal.emptyToken, detail: "the token is empty")))]
            }
            online.attempt.request.token = token
            state = .online(online)
            if policy.onlineRenewal != nil { return [.send(online.connection, .renew(token))] }
        case .waiting(var waiting):
            waiting.attempt.request.token = token
            state = .waiting(waiting)
        case .waitingForNetwork(var waiting):
            waiting.attempt.request.token = token
            state = .waitingForNetwork(waiting)
        case .loggingOut(var leaving) where leaving.next != nil:
            // The login that waits for this logout is the one that the token is for.
            leaving.next?.token = token
            state = .loggingOut(leaving)
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .loggingOut, .stopped:
            // No login is under way: the next login call brings its own token.
            if let renewal = policy.onlineRenewal {
                return [.notify(.tokenRenewed(policy.failure(renewal.notLoggedIn, detail: "nobody is logged in")))]
            }
        }
        return []
    }

    mutating func sendWhileOnline(_ request: LinkRequest, misuse event: Event) -> [Effect] {
        switch state {
        case .online(let online):
            return [.send(online.connection, request)]
        case .uninitialised, .loggedOut, .connectingFirst, .connected, .acquiringToken, .connecting, .authenticating,
            .syncing, .waiting, .waitingForNetwork, .loggingOut, .stopped:
            return [.reportMisuse(event)]
        }
    }
}
