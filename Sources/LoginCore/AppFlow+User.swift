/// What the user asks for.
extension AppFlow {
    mutating func register(_ event: Event, _ user: String, _ password: SecretRef, _ account: String?) -> [Effect] {
        guard case .signedOut = state else { return [.decline(event, Self.logOutFirst)] }
        let call = calls.next()
        state = .registering(call)
        return [.call(call, .register(user: user, password: password, account: account))]
    }

    mutating func signIn(_ event: Event, _ user: String, _ password: SecretRef) -> [Effect] {
        switch state {
        case .signedIn where im == .active:
            return [.decline(event, Self.logOutFirst)]
        case .signedOut, .startingIM, .signedIn:
            // Waiting for an automatic login need not be borne: a manual one takes its place. So it does after a stop
            // in the attached form, where the app is still signed in.
            let call = calls.next()
            let release = cancelRenewal() + cancelRecovery() + releaseIM()
            state = .signingIn(call)
            return release + [.call(call, .login(user: user, password: password))]
        case .registering, .signingIn, .signingOut:
            return [.decline(event, Self.logOutFirst)]
        }
    }

    mutating func logInWithToken(
        _ event: Event, _ account: AccountName, _ token: SecretRef, _ kind: AuthenticationKind, _ now: Instant
    ) -> [Effect] {
        switch state {
        case .signedIn where im == .active && answersSecondLogin:
            // The SDK itself says no; what is in use goes on.
            return [
                .sdk(
                    .loginRequested(
                        LoginRequest(account: account, token: token, mode: .manual, authentication: kind)))
            ]
        case .signedIn where im == .active:
            return [.decline(event, Self.logOutFirst)]
        case .signedOut, .startingIM, .signedIn:
            let release = cancelRenewal() + cancelRecovery() + releaseIM()
            let login = SavedLogin(
                user: "", account: account, token: token, kind: kind, issued: now, expires: nil, session: nil,
                isUsable: false, stop: nil)
            saved = login
            standing = .permanent
            state = .startingIM(.typedToken)
            return release + [.save(login)] + logIn(login, .manual)
        case .registering, .signingIn, .signingOut:
            return [.decline(event, Self.logOutFirst)]
        }
    }

    mutating func logInAutomatically(_ event: Event, forced: Bool, at now: Instant) -> [Effect] {
        switch state {
        case .signedOut: break
        case .signedIn where im != .active: break
        case .registering, .signingIn, .startingIM, .signedIn, .signingOut:
            return [.decline(event, Self.logOutFirst)]
        }
        guard let saved else {
            return [.decline(event, "there is no saved login here; log in with the password first")]
        }
        if let objection = saved.objection(in: kickWords) { return [.decline(event, objection)] }
        if isTooOld(saved, at: now) { return [.decline(event, Self.tooOld)] }
        let cancelled = cancelRecovery()
        state = settings.form == .core ? .startingIM(.savedLogin) : .signedIn
        let mode = automaticLogin == .none ? .manual : LoginMode.automatic(forced: forced || settings.form == .attached)
        return cancelled + watchLife(of: saved, at: now) + logIn(saved, mode)
    }

    /// The attached form after its start; a login that never came online is tried, too, as it was when it was granted.
    ///
    /// So it goes in the core form, where the SDK logs in by itself.
    mutating func logInByItself(at now: Instant) -> [Effect] {
        guard case .signedOut = state, im == .idle, let saved, saved.stop == nil, !isTooOld(saved, at: now) else {
            return []
        }
        state = settings.form == .core ? .startingIM(.savedLogin) : .signedIn
        let mode = automaticLogin == .none ? .manual : LoginMode.automatic(forced: settings.form == .attached)
        return watchLife(of: saved, at: now) + logIn(saved, mode)
    }

    /// Whether the SDK does not log in automatically any more, because the last login was so long ago.
    private func isTooOld(_ saved: SavedLogin, at now: Instant) -> Bool {
        if case .byItself(let window) = automaticLogin { now - saved.issued > window } else { false }
    }

    mutating func renewNow(_ event: Event) -> [Effect] {
        guard let session = saved?.session else {
            return [.decline(event, "there is no app session to renew with; log in with the password first")]
        }
        switch state {
        case .signedIn, .startingIM: break
        case .signedOut, .registering, .signingIn, .signingOut:
            return [.decline(event, "a token is renewed while a login is in use; log in first")]
        }
        if case .calling = renewal { return [.decline(event, "a new token is on its way already")] }
        if case .calling = recovery { return [.decline(event, "a new token is on its way already")] }
        let call = calls.next()
        renewal = .calling(call)
        return [.call(call, .token(session: session))]
    }

    mutating func signOut(_ event: Event) -> [Effect] {
        var effects: [Effect] = []
        switch state {
        case .signedOut where saved == nil && im == .idle:
            return [.decline(event, "nobody is logged in here")]
        case .signingOut:
            return [.decline(event, "the logout is under way")]
        case .registering(let call), .signingIn(let call):
            // Nothing is logged in yet: giving the call up is all there is to do.
            state = .signedOut(nil)
            return [.cancelCall(call)]
        case .signedOut, .startingIM, .signedIn:
            break
        }
        let leaving = saved
        effects += cancelRenewal() + cancelRecovery()
        if let session = leaving?.session { effects.append(.call(calls.next(), .logout(session: session))) }
        if leaving != nil { effects.append(.erase) }
        saved = nil
        standing = .none
        if im == .idle {
            state = .signedOut(.loggedOut(wasServerTold: false))
        } else {
            state = .signingOut
            effects.append(.sdk(.logoutRequested))
        }
        return effects
    }

    /// Ends a messaging login that is in the way of a new one.
    private mutating func releaseIM() -> [Effect] {
        guard im == .active else { return [] }
        im = .idle
        return [.sdk(.logoutRequested)]
    }

    static let tooOld = "the last login is too long ago for an automatic one; log in with the password"

    static let logOutFirst = "a login is in use or under way here; log out first"
}
