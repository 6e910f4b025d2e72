/// What the SDK asks the app for once the link is up, and the login frame (commsease.md §3, §5.3, §8).
extension LoginMachine {
    /// Asks for the token where the policy says so, then sends the login.
    mutating func askProviders(_ underway: Underway) -> [Effect] {
        let limit = Effect.startTimer(underway.deadline, .loginAnswer, after: policy.loginTimeout)
        guard let calls = policy.calls, underway.attempt.request.authentication == .dynamic else {
            return sendLogin(underway, limit)
        }
        let account = underway.attempt.request.account
        let asked: [Effect] = [.notify(.providerAsked(.token, account)), limit]
        switch calls.tokenProvider {
        case .answers:
            var asking = underway
            asking.awaitsToken = true
            state = .authenticating(asking)
            return asked + [.acquireToken(underway.attempt.id)]
        case .empty:
            return asked + goWithout(underway, calls)
        case .fails:
            let failure = policy.failure(calls.codes.providerFailed, detail: "the token provider failed")
            return asked + fail(underway, failure, step: .authenticationFailed(failure))
        }
    }

    /// The app gave no token: an error where there is none at all, else reported, and tried until one comes.
    mutating func goWithout(_ underway: Underway, _ calls: LoginCalls) -> [Effect] {
        let failure = policy.failure(calls.codes.nothingProvided, detail: "the token provider gave an empty token")
        guard underway.attempt.request.token.length > 0 else {
            return fail(underway, failure, step: .authenticationFailed(failure))
        }
        var attempt = underway.attempt
        attempt.number -= 1  // such a try does not count
        return [
            .cancelTimer(underway.deadline), .closeConnection(underway.connection),
            .notify(.linkLost(.linkClosed)), .notify(.automaticLoginFailed(failure, isFinal: false)),
        ] + wait(after: attempt)
    }

    /// Sends the login, after asking for its extension; `limit` starts the wait for the answer.
    mutating func sendLogin(_ underway: Underway, _ limit: Effect?) -> [Effect] {
        let request = underway.attempt.request
        let limit = limit.map { [$0] } ?? []
        var asked: [Effect] = []
        if let calls = policy.calls, request.authentication == .callback {
            asked = [.notify(.providerAsked(.loginExtension, request.account))]
            switch calls.loginExtensionProvider {
            case .answers:
                break
            case .empty:
                let failure = policy.failure(calls.codes.nothingProvided, detail: "there is no login extension")
                return asked + limit + fail(underway, failure, step: .authenticationFailed(failure))
            case .fails:
                let failure = policy.failure(calls.codes.providerFailed, detail: "the login extension provider failed")
                return asked + limit + fail(underway, failure, step: .authenticationFailed(failure))
            }
        }
        return asked + [.notify(.authenticating), .send(underway.connection, .login(packet(underway.attempt)))] + limit
    }

    /// What force and the automatic flag mean to the server is the policy's; see ``LoginCalls/forceMode``.
    private func packet(_ attempt: Attempt) -> LoginPacket {
        let request = attempt.request
        var isForced = request.mode == .automatic(forced: true)
        var isAutomatic = !request.mode.isManual
        if let calls = policy.calls {
            isForced = attempt.session == .lost && (isForced || calls.forceMode)
            isAutomatic = !isForced && lastLogin == request.account
        }
        return LoginPacket(
            account: request.account, token: request.token, authentication: request.authentication,
            isAutomatic: isAutomatic, isForced: isForced, loginExtension: request.loginExtension)
    }
}
