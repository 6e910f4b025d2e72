import LoginCore

/// The listener calls and the callbacks of login and logout (tencent.md §2, §2.1, §2.3).
extension Tencent {
    /// The calls that `moment` makes, in their order.
    package static func callbacks(_ moment: Moment) -> [ProviderCallback] {
        switch moment {
        case .linking: [ProviderCallback("onConnecting")]
        case .linkEstablished: [ProviderCallback("onConnectSuccess")]
        case .linkFailed(let failure):
            [ProviderCallback("onConnectFailed", "code \(failure.code)", "err \"\(failure.name)\"")]
        case .manualLoginCompleted: [ProviderCallback("login success")]
        case .manualLoginFailed(let failure):
            [ProviderCallback("login fail", "code \(failure.code)", "desc \"\(failure.name)\"")]
        case .automaticLoginFailed(let failure, let isFinal): isFinal ? ended(by: failure) : []
        case .kickedOffline(let notice):
            [ProviderCallback(notice.reason == kickedByExpiry ? "onUserSigExpired" : "onKickedOffline")]
        case .loggedOut: [ProviderCallback("logout success")]
        case .authenticating, .authenticated, .authenticationFailed, .syncing, .online, .linkLost, .networkChanged,
            .retryScheduled, .retrySkipped, .clientsChanged, .echoed, .kickAnswered, .protocolError:
            []  // the listener has no call for these: while the link is down the user stays logged in
        }
    }

    /// What tells the app that a reconnect was refused for good.
    ///
    /// Only the expiry has a source (§2.1); that everything a new UserSig cures is told in the same way, and the rest
    /// as a kick, is ours.
    private static func ended(by failure: LoginFailure) -> [ProviderCallback] {
        [ProviderCallback(failure.kind == .credential ? "onUserSigExpired" : "onKickedOffline")]
    }

    /// `getLoginStatus` (§2): 1 logged in, 2 logging in, 3 logged out.
    ///
    /// A session whose link is down is logged in all the same (§2.3).
    package static func loginStatus(_ phase: LoginMachine.Phase, isSessionHeld: Bool) -> Int {
        switch phase {
        case .online: 1
        case .acquiringToken, .connecting, .authenticating, .syncing, .waiting, .waitingForNetwork:
            isSessionHeld ? 1 : 2
        case .uninitialised, .loggedOut, .loggingOut, .stopped: 3
        }
    }
}
