import LoginCore

/// The listener calls and the callbacks of login and logout (tencent.md §2, §2.1, §2.3).
extension Tencent {
    /// `getLoginStatus` (§2).
    enum LoginStatus: Int {
        case loggedIn = 1
        case loggingIn = 2
        case loggedOut = 3
    }

    /// The calls that `moment` makes, in their order.
    package static func callbacks(_ moment: Moment, _ told: inout ToldStatus) -> [ProviderCallback] {
        switch moment {
        case .loginBegun:
            told.login = LoginStatus.loggingIn.rawValue
            return []
        case .linking:
            // It says nothing of the login: the link is opened before one (§2), and while it is down a session stays
            // logged in (§2.3).
            return [ProviderCallback("onConnecting")]
        case .linkEstablished: return [ProviderCallback("onConnectSuccess")]
        case .linkFailed(let failure):
            return [ProviderCallback("onConnectFailed", "code \(failure.code)", "err \"\(failure.name)\"")]
        case .online:
            // Whoever called login, a person or the app by itself, is told of its success; a reconnect is not a login.
            let isLogin = !told.hasSession
            told.hasSession = true
            told.login = LoginStatus.loggedIn.rawValue
            return isLogin ? [ProviderCallback("login success")] : []
        case .manualLoginFailed(let failure):
            end(&told)
            return [loginFailed(failure)]
        case .automaticLoginFailed(let failure, isFinal: true):
            let wasSession = told.hasSession
            end(&told)
            return wasSession ? [ended(by: failure)] : [loginFailed(failure)]
        case .kickedOffline:
            end(&told)
            return [ProviderCallback("onKickedOffline")]
        case .loggedOut:
            end(&told)
            return [ProviderCallback("logout success")]
        case .loginCallCancelled(let failure):
            return [loginFailed(failure)]
        case .callRefused(let failure):
            return [failure.code == policy.ownAnswers?.logoutUnderWay ? logoutFailed(failure) : loginFailed(failure)]
        case .tokenRenewed(nil):
            return [ProviderCallback("login success")]
        case .tokenRenewed(let failure?):
            // A new UserSig is handed over by a login; without a session the app keeps it for the next one.
            return failure.code == policy.onlineRenewal?.notLoggedIn ? [] : [loginFailed(failure)]
        case .automaticLoginFailed, .manualLoginCompleted, .authenticating, .authenticated, .authenticationFailed,
            .syncing, .linkLost, .networkChanged, .retryScheduled, .retrySkipped, .clientsChanged, .echoed,
            .kickAnswered, .protocolError, .providerAsked, .automaticLoginCompleted, .tokenWillExpire:
            return []  // the listener has no call for these: while the link is down the user stays logged in
        }
    }

    /// `getLoginStatus`, by number and name.
    static func loginStatusText(_ told: ToldStatus) -> String {
        switch LoginStatus(rawValue: told.login) {
        case .loggedIn: "1 LOGINED"
        case .loggingIn: "2 LOGINING"
        case .loggedOut, nil: "3 LOGOUT"
        }
    }

    private static func end(_ told: inout ToldStatus) {
        told.hasSession = false
        told.login = LoginStatus.loggedOut.rawValue
    }

    /// The access layer's code for an expired ticket, and what the SDK makes of it while logging in (§2.1).
    private static let ticketExpired = -10003
    private static let userSigExpired = 6206

    private static func loginFailed(_ failure: LoginFailure) -> ProviderCallback {
        let failure = failure.code == ticketExpired ? policy.failure(userSigExpired, detail: failure.detail) : failure
        return ProviderCallback("login fail", "code \(failure.code)", "desc \"\(failure.name)\"")
    }

    private static func logoutFailed(_ failure: LoginFailure) -> ProviderCallback {
        ProviderCallback("logout fail", "code \(failure.code)", "desc \"\(failure.name)\"")
    }

    /// What tells the app that its session ended for good.
    ///
    /// Only the expiry has a source (§2.1); that everything a new UserSig cures is told in the same way, and the rest
    /// as a kick, is ours.
    private static func ended(by failure: LoginFailure) -> ProviderCallback {
        ProviderCallback(failure.kind == .credential ? "onUserSigExpired" : "onKickedOffline")
    }
}
