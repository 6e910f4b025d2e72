/// What an SDK answers by itself to a call that comes at the wrong time or with wrong arguments, in its own codes
/// (tencent.md §2.1, §2.3).
package struct OwnAnswers: Hashable, Sendable, Codable {
    /// A login before the SDK was set up.
    package let notInitialised: Int
    /// A login while another one is under way or in use.
    package let loginUnderWay: Int
    /// A logout during a logout.
    package let logoutUnderWay: Int
    /// What becomes of a login that a logout ends.
    package let endedByLogout: Int
    /// An account that is empty, longer than ``longestAccount`` or no printable ASCII.
    package let wrongAccount: Int
    /// A token that is empty.
    package let emptyToken: Int
    /// In bytes.
    package let longestAccount: Int

    package init(
        notInitialised: Int,
        loginUnderWay: Int,
        logoutUnderWay: Int,
        endedByLogout: Int,
        wrongAccount: Int,
        emptyToken: Int,
        longestAccount: Int
    ) {
        self.notInitialised = notInitialised
        self.loginUnderWay = loginUnderWay
        self.logoutUnderWay = logoutUnderWay
        self.endedByLogout = endedByLogout
        self.wrongAccount = wrongAccount
        self.emptyToken = emptyToken
        self.longestAccount = longestAccount
    }

    /// The code for what the SDK sees to be wrong without asking a server.
    func problem(of request: LoginRequest) -> Int? {
        let account = request.account.text.utf8
        guard (1...longestAccount).contains(account.count), account.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return wrongAccount
        }
        return request.token.length == 0 ? emptyToken : nil
    }
}

/// The answers of the machine.
extension LoginMachine {
    /// A login that the SDK does not take in this state, told with its code; nil where it takes it.
    ///
    /// A login of the user who is logged in brings a newer token, where the session can take it.
    mutating func answeredLogin(_ request: LoginRequest) -> [Effect]? {
        guard let own = policy.ownAnswers else { return nil }
        switch state {
        case .online(let online)
        where policy.onlineRenewal != nil && online.attempt.request.account == request.account:
            return tokenReplaced(request.token)
        case .uninitialised:
            // No other login is under way, so this is the end of the app's own.
            let failure = policy.failure(own.notInitialised, detail: "the SDK is not set up")
            return [
                .notify(
                    request.mode.isManual
                        ? .manualLoginFailed(failure) : .automaticLoginFailed(failure, isFinal: true))
            ]
        case .acquiringToken, .connecting, .authenticating, .syncing, .online:
            return refusal(own.loginUnderWay, "a login is in use or under way")
        case .waiting(let waiting), .waitingForNetwork(let waiting):
            // The user stays logged in while the link is down.
            return waiting.attempt.session == .held
                ? refusal(own.loginUnderWay, "a login is in use") : nil
        case .loggedOut, .connectingFirst, .connected, .loggingOut, .stopped:
            return nil
        }
    }

    /// A logout that the SDK does not take in this state, told with its code; nil where it has no answer of its own.
    func refusedLogout() -> [Effect]? {
        guard let own = policy.ownAnswers, case .loggingOut = state else { return nil }
        return refusal(own.logoutUnderWay, "a logout is under way")
    }

    /// Tells the app of its login that a logout ends.
    func endedByLogout(_ attempt: Attempt) -> [Effect] {
        guard let own = policy.ownAnswers, attempt.session == .lost else { return [] }
        return [.notify(.loginCallCancelled(policy.failure(own.endedByLogout, detail: "logged out meanwhile")))]
    }

    /// Ends a login whose arguments are wrong before any server hears of it.
    mutating func refuseArguments(_ attempt: Attempt) -> [Effect]? {
        guard let own = policy.ownAnswers, let code = own.problem(of: attempt.request) else { return nil }
        let released = leaveFirst()
        return released + stop(attempt, policy.failure(code, detail: "not sent"))
    }

    private func refusal(_ code: Int, _ detail: String) -> [Effect] {
        [.notify(.callRefused(policy.failure(code, detail: detail)))]
    }
}
