/// What the SDK tells the app, and what the app makes of it.
extension AppFlow {
    mutating func told(_ moment: Moment) -> [Effect] {
        switch moment {
        case .online:
            return online()
        case .manualLoginCompleted(let account):
            return spelled(account)
        case .tokenWillExpire:
            return warned()
        case .manualLoginFailed(let failure):
            return stopped(.failed(failure, mode: .manual), failure)
        case .automaticLoginFailed(let failure, isFinal: true):
            return stopped(.failed(failure, mode: automaticMode), failure)
        case .kickedOffline(let notice):
            return kicked(notice)
        case .loggedOut(let wasServerTold):
            im = .idle
            if state == .signingOut { state = .signedOut(.loggedOut(wasServerTold: wasServerTold)) }
            return []
        case .linking:
            // The link of an SDK that connects before any login is nobody's yet.
            if case .signedOut = state { return [] }
            im = .active
            return []
        case .loginBegun, .retryScheduled:
            im = .active
            return []
        case .linkEstablished, .linkFailed, .authenticating, .authenticated, .authenticationFailed, .syncing,
            .linkLost, .networkChanged, .automaticLoginFailed, .retrySkipped, .clientsChanged, .echoed,
            .kickAnswered, .protocolError, .providerAsked, .loginCallCancelled, .callRefused, .automaticLoginCompleted,
            .tokenRenewed:
            return []  // steps that the app only shows
        }
    }

    private mutating func online() -> [Effect] {
        im = .active
        endForce()
        let givenUp = cancelRecovery()
        if case .startingIM = state { state = .signedIn }
        guard var login = saved, !login.isUsable || login.stop != nil else { return givenUp }
        login.isUsable = true
        login.stop = nil
        saved = login
        return givenUp + [.save(login)]
    }

    /// The server's spelling of the account is the one to keep (commsease.md §11.2).
    private mutating func spelled(_ account: AccountName) -> [Effect] {
        guard var login = saved, login.account != account else { return [] }
        login.account = account
        saved = login
        return [.save(login)]
    }

    private mutating func kicked(_ notice: KickNotice) -> [Effect] {
        let reason = StopReason.kicked(notice)
        im = .stopped(reason)
        return remember(reason) + leave(.stopped(reason))
    }

    private mutating func stopped(_ reason: StopReason, _ failure: LoginFailure) -> [Effect] {
        im = .stopped(reason)
        switch failure.kind {
        case .credential:
            standing = .void
            return refused(reason)
        case .device:
            // Another device was the last one: the saved login is of no use any more (commsease.md §9).
            saved = nil
            standing = .none
            return [.erase] + leave(.stopped(reason))
        case .network, .server:
            // A login that was to come by itself and only ran out of tries may come by itself again.
            if case .failed(_, mode: .automatic) = reason { return leave(.stopped(reason)) }
            return remember(reason) + leave(.stopped(reason))
        case .banned, .version, .permission, .parameter:
            return remember(reason) + leave(.stopped(reason))
        }
    }

    /// The token was refused: one new token and one manual login, or the login screen.
    private mutating func refused(_ reason: StopReason) -> [Effect] {
        // A manual failure with a credential code erases what was saved; an automatic one keeps it with its stop.
        let kept: [Effect] =
            FailureKind.credential.erasesSavedLogin(isManual: reason.isOfManualLogin) ? [.erase] : remember(reason)
        guard settings.afterRefusal == .renewOnce, recovery == .ready, let session = saved?.session else {
            if reason.isOfManualLogin { saved = nil }
            return kept + leave(.stopped(reason))
        }
        // Until the new token is there the old one is no more to log in with, not even by hand.
        saved?.stop = reason
        if case .calling(let call) = renewal {
            // The early renewal is on its way: its token is the one new token.
            renewal = .idle
            recovery = .calling(call, reason)
            return kept + cancelRenewal()
        }
        let call = calls.next()
        recovery = .calling(call, reason)
        return kept + cancelRenewal() + [.call(call, .token(session: session))]
    }

    private mutating func remember(_ reason: StopReason) -> [Effect] {
        guard var login = saved else { return [] }
        login.stop = reason
        saved = login
        return [.save(login)]
    }

    /// The messaging login is over: what waited for it shows the login screen, the attached form goes on without.
    mutating func leave(_ reason: LoginScreenReason) -> [Effect] {
        var givenUp: [Effect] = []
        if case .calling(let call, _) = recovery {
            recovery = .used
            givenUp = [.cancelCall(call)]
        }
        switch state {
        case .startingIM: return givenUp + showLoginScreen(reason)
        case .signedIn: return givenUp + (settings.form == .core ? showLoginScreen(reason) : cancelRenewal())
        case .signedOut, .registering, .signingIn, .signingOut: return givenUp + cancelRenewal()  // not in use any more
        }
    }
}
