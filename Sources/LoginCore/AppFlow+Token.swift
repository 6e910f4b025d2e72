/// The life of a token: granted, renewed, refused.
extension AppFlow {
    mutating func registered(_ call: CallID, _ user: String, _ account: AccountName) -> [Effect] {
        guard case .registering(call) = state else { return [] }  // late: given up
        state = .signedOut(.registered(user: user, account: account))
        return []
    }

    mutating func granted(
        _ call: CallID, _ user: String, _ session: SecretRef, _ token: GrantedToken, _ now: Instant
    ) -> [Effect] {
        guard case .signingIn(call) = state else { return [] }  // late: given up
        let login = login(token, user: user, session: session, at: now)
        saved = login
        let kept: [Effect] = [.save(login)] + scheduleRenewal(login, at: now)
        switch settings.form {
        case .core:
            state = .startingIM(.password)
            return kept + logIn(login, .manual)
        case .attached:
            // The module logs in by itself, and by force: its device check must not trouble the app (commsease.md §1).
            state = .signedIn
            return kept + logIn(login, .automatic(forced: true))
        }
    }

    mutating func tokenGranted(_ call: CallID, _ token: GrantedToken, _ now: Instant) -> [Effect] {
        guard let old = saved else { return [] }  // late: logged out meanwhile
        if case .calling(call, _) = recovery {
            var login = login(token, user: old.user, session: old.session, at: now)
            login.isUsable = false
            saved = login
            recovery = .used
            if settings.form == .core { state = .startingIM(.renewedToken) }
            return [.save(login)] + cancelRenewal() + scheduleRenewal(login, at: now) + logIn(login, .manual)
        }
        guard case .calling(call, _) = renewal else { return [] }  // late: given up
        var login = login(token, user: old.user, session: old.session, at: now)
        login.isUsable = old.isUsable
        login.stop = old.stop
        saved = login
        renewal = .idle
        return [.save(login), .sdk(.tokenReplaced(login.token))] + scheduleRenewal(login, at: now)
    }

    mutating func callFailed(_ call: CallID, _ failure: AppServerFailure) -> [Effect] {
        switch state {
        case .registering(call), .signingIn(call):
            return showLoginScreen(.appServer(failure))
        case .registering, .signingIn, .signedOut, .startingIM, .signedIn, .signingOut:
            break
        }
        if case .calling(call, let stop) = recovery {
            recovery = .used
            if case .failed(_, mode: .manual) = stop { saved = nil }
            return settings.form == .core
                ? showLoginScreen(.renewalFailed(stop, failure)) : cancelRenewal()
        }
        if case .calling(call, let percent) = renewal, let saved {
            renewal = .idle
            return scheduleRenewal(saved, after: percent)
        }
        return []  // late, or the logout of a session, which was best effort
    }

    mutating func tokenAsked(_ attempt: AttemptID) -> [Effect] {
        im = .active
        return [.sdk(saved.map { .tokenProvided(attempt, $0.token) } ?? .tokenUnavailable(attempt))]
    }

    // MARK: - Early renewal

    /// The shares of a token's life at which a new one is fetched; the first is DESIGN §2's, the others are ours.
    private static let renewalSteps = [80, 90, 95]

    /// Sets the timer for the first renewal of a token that ends.
    mutating func scheduleRenewal(_ login: SavedLogin, at now: Instant) -> [Effect] {
        let cancelled = cancelRenewal()
        guard let expires = login.expires else {
            lease = .permanent
            return cancelled
        }
        let life = expires - login.issued
        let age = now - login.issued
        if age >= life {
            lease = .expired
        } else {
            lease = .valid(until: expires)
        }
        guard settings.renewsEarly, login.session != nil else {
            return cancelled + (age >= life ? [] : startTimer(.expiry, after: life - age))
        }
        return cancelled + startTimer(.renewal(percent: Self.renewalSteps[0]), after: max(.zero, life * 80 / 100 - age))
    }

    /// Sets the timer for the renewal that follows the failed one at `percent`.
    private mutating func scheduleRenewal(_ login: SavedLogin, after percent: Int) -> [Effect] {
        guard let expires = login.expires else {
            lease = .permanent
            return []
        }
        let life = expires - login.issued
        lease = .willExpire(until: expires)
        // The timer of the failed step fired at `percent` of the life; what the call itself took does not count.
        if let next = Self.renewalSteps.first(where: { $0 > percent }) {
            return startTimer(.renewal(percent: next), after: life * (next - percent) / 100)
        }
        return percent < 100 ? startTimer(.expiry, after: life * (100 - percent) / 100) : []
    }

    private mutating func startTimer(_ purpose: TimerPurpose, after delay: Duration) -> [Effect] {
        let timer = timers.next()
        renewal = .scheduled(timer, purpose)
        return [.startTimer(timer, purpose, after: delay)]
    }

    mutating func timerFired(_ timer: TimerID) -> [Effect] {
        guard case .scheduled(timer, let purpose) = renewal else { return [] }  // late: cancelled meanwhile
        switch purpose {
        case .expiry:
            renewal = .idle
            lease = .expired
            return []
        case .renewal(let percent):
            guard let session = saved?.session else {
                renewal = .idle
                return []
            }
            let call = calls.next()
            renewal = .calling(call, percent: percent)
            lease = .renewing
            return [.call(call, .token(session: session))]
        }
    }

    private func login(
        _ token: GrantedToken, user: String, session: SecretRef?, at now: Instant
    ) -> SavedLogin {
        SavedLogin(
            user: user, account: token.account, token: token.token, kind: token.kind, issued: now,
            expires: token.lifetime.map { now + $0 }, session: session, isUsable: false, stop: nil)
    }
}
