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
        let kept: [Effect] = [.save(login)] + watchLife(of: login, at: now)
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
            let login = login(token, user: old.user, session: old.session, at: now)
            saved = login
            recovery = .used
            if settings.form == .core { state = .startingIM(.renewedToken) }
            return [.save(login)] + watchLife(of: login, at: now) + logIn(login, .manual)
        }
        guard case .calling(call) = renewal else { return [] }  // late: given up
        var login = login(token, user: old.user, session: old.session, at: now)
        login.isUsable = old.isUsable
        login.stop = old.stop
        saved = login
        renewal = .idle
        let isStopped = if case .stopped = im { true } else { false }
        return [.save(login), .sdk(.tokenReplaced(login.token))]
            + watchLife(of: login, at: now, isStopped: isStopped)
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
            guard case .stopped = im else {
                // Somebody called the SDK past the app, and it is at work again: what comes of that decides.
                return stop.isOfManualLogin ? saved.map { [.save($0)] } ?? [] : []
            }
            if stop.isOfManualLogin { saved = nil }
            return leave(.renewalFailed(stop, failure))
        }
        if case .calling(call) = renewal {
            renewal = .idle  // the watch on the token's life goes on, and its next step tries again
        }
        return []  // late, or the logout of a session, which was best effort
    }

    mutating func tokenAsked(_ attempt: AttemptID) -> [Effect] {
        im = .active
        return [.sdk(saved.map { .tokenProvided(attempt, $0.token) } ?? .tokenUnavailable(attempt))]
    }

    // MARK: - The watch on a token's life

    /// The shares of a token's life at which a new one is fetched; the first is DESIGN §2's, the others are ours.
    private static let renewalSteps = [80, 90, 95]

    /// A new token is not renewed earlier than this, so that a server that hands out short lives is not flooded; ours.
    private static let shortestUse: Duration = .seconds(1)

    /// Starts the watch on the life of a token: one timer at a time, at 80, 90, 95 and 100 % of it.
    mutating func watchLife(of login: SavedLogin, at now: Instant, isStopped: Bool = false) -> [Effect] {
        let cancelled = cancelRenewal()
        guard let expires = login.expires else {
            standing = .permanent
            return cancelled
        }
        standing = now < expires ? .valid(until: expires) : .expired
        // After a stop nothing of the app's runs by itself; a token that was dead on arrival is not asked for again.
        if isStopped { return cancelled }
        if login.issued == now, expires <= now { return cancelled }
        let passed = Self.renewalSteps.last { instant(of: $0, in: login, until: expires) <= now }
        guard let passed else {
            return cancelled + watchNextStep(of: login, after: now)
        }
        let percent = now < expires ? passed : 100
        return cancelled + startWatch(.renewal(percent: percent), at: now, from: now)
    }

    /// Sets the timer for the step that follows `now`.
    private mutating func watchNextStep(of login: SavedLogin, after now: Instant) -> [Effect] {
        guard let expires = login.expires else { return [] }
        for percent in Self.renewalSteps {
            let step = instant(of: percent, in: login, until: expires)
            if now < step { return startWatch(.renewal(percent: percent), at: step, from: now) }
        }
        return now < expires ? startWatch(.expiry, at: expires, from: now) : []
    }

    private func instant(of percent: Int, in login: SavedLogin, until expires: Instant) -> Instant {
        let life = (expires - login.issued).wholeMicroseconds
        // Of a life that is no longer than millennia the share is a whole number's.
        let share: Duration =
            life.magnitude < 1 << 56
            ? .microseconds(life * Int64(percent) / 100) : (expires - login.issued) * percent / 100
        return max(login.issued + share, login.issued + Self.shortestUse)
    }

    private mutating func startWatch(_ purpose: TimerPurpose, at due: Instant, from now: Instant) -> [Effect] {
        let timer = timers.next()
        watch = Watch(timer: timer, purpose: purpose, due: due)
        return [.startTimer(timer, purpose, after: due - now)]
    }

    /// The provider warns that the token will end: the app's turn to fetch another one, whatever its own watch says.
    mutating func warned() -> [Effect] {
        guard im == .active else { return [] }  // late: the login is over
        if let expires = saved?.expires, renewal == .idle { standing = .willExpire(until: expires) }
        guard settings.renewsEarly, let session = saved?.session, renewal == .idle, recovery == .ready else {
            return []
        }
        let call = calls.next()
        renewal = .calling(call)
        return [.call(call, .token(session: session))]
    }

    mutating func timerFired(_ timer: TimerID) -> [Effect] {
        guard let watch, watch.timer == timer else { return [] }  // late: cancelled meanwhile
        self.watch = nil
        guard let saved, let expires = saved.expires else { return [] }
        switch watch.purpose {
        case .expiry:
            standing = .expired
            return []
        case .renewal:
            standing = watch.due < expires ? .willExpire(until: expires) : .expired
            let next = watchNextStep(of: saved, after: watch.due)
            // A token that came of a refusal has to come online first: there is no second one before that.
            guard settings.renewsEarly, let session = saved.session, renewal == .idle, recovery == .ready else {
                return next
            }
            let call = calls.next()
            renewal = .calling(call)
            return next + [.call(call, .token(session: session))]
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
