import LoginCore

/// The app's flow driven step by step, with its effects as short text.
struct FlowWalk {
    var flow: AppFlow
    var now = Sample.start

    init(_ form: ProductForm = .core, _ afterRefusal: AfterRefusal = .renewOnce) {
        flow = AppFlow(settings: AppSettings(form: form, afterRefusal: afterRefusal))
    }

    @discardableResult
    mutating func step(_ event: AppFlow.Event) -> [String] {
        flow.handle(event).map(Self.text)
    }

    /// What the app is in, in one line: state, SDK, lease, renewal, recovery and what is saved.
    var summary: String {
        var parts = [Self.text(flow.state), "im \(Self.text(flow.im))", "lease \(flow.lease.text)"]
        if case .calling(let call) = flow.renewal { parts.append("renewal \(call)") }
        switch flow.recovery {
        case .ready: break
        case .calling(let call, _): parts.append("recovery \(call)")
        case .used: parts.append("recovery used")
        }
        parts.append(flow.saved.map { "saved " + Self.text($0) } ?? "nothing saved")
        return parts.joined(separator: ", ")
    }

    // MARK: - Ways to the states

    /// The password was right, and the token is here.
    @discardableResult
    mutating func signIn(_ token: SecretRef = Sample.old, lifetime: Duration? = nil) -> [String] {
        step(.signInRequested(user: "alice", password: Sample.password))
        guard case .signingIn(let call) = flow.state else { return [] }
        return step(
            .granted(
                call, user: "alice", session: Sample.session,
                Sample.grant(token, kind: lifetime == nil ? .fixed : .dynamic, lifetime: lifetime), at: now))
    }

    @discardableResult
    mutating func comeOnline() -> [String] {
        step(.told(.linking)) + step(.told(.online)) + step(.told(.manualLoginCompleted(Sample.alice)))
    }

    @discardableResult
    mutating func refuse(_ code: Int, _ mode: LoginMode = .manual) -> [String] {
        let failure = Sample.failure(code)
        return step(
            .told(mode.isManual ? .manualLoginFailed(failure) : .automaticLoginFailed(failure, isFinal: true)))
    }

    /// Answers the token request that is out.
    @discardableResult
    mutating func answerToken(_ token: SecretRef = Sample.new, lifetime: Duration? = nil) -> [String] {
        guard let call = tokenCall else { return [] }
        return step(.tokenGranted(call, Sample.grant(token, lifetime: lifetime), at: now))
    }

    @discardableResult
    mutating func failToken() -> [String] {
        guard let call = tokenCall else { return [] }
        return step(.callFailed(call, Self.down))
    }

    /// Lets the watch on the token's life come due.
    @discardableResult
    mutating func due() -> [String] {
        guard let watch = flow.watch else { return [] }
        now = watch.due
        return step(.timerFired(watch.timer))
    }

    var tokenCall: CallID? {
        if case .calling(let call) = flow.renewal { return call }
        if case .calling(let call, _) = flow.recovery { return call }
        return nil
    }

    static let down = AppServerFailure.unreachable(.refused)

    static func online(_ form: ProductForm = .core, lifetime: Duration? = nil) -> FlowWalk {
        var walk = FlowWalk(form)
        walk.signIn(lifetime: lifetime)
        walk.comeOnline()
        return walk
    }

    static func started(_ saved: SavedLogin?, _ form: ProductForm = .core) -> FlowWalk {
        var walk = FlowWalk(form)
        walk.step(.started(saved))
        return walk
    }

    static func automatic(_ saved: SavedLogin = Sample.saved(), _ form: ProductForm = .core) -> FlowWalk {
        var walk = started(saved, form)
        walk.step(.automaticLoginRequested(forced: false, at: walk.now))
        walk.step(.told(.linking))
        return walk
    }

    // MARK: - Text

    static func text(_ state: AppFlow.State) -> String {
        switch state {
        case .signedOut(nil): "signedOut"
        case .signedOut(.registered): "signedOut registered"
        case .signedOut(.appServer): "signedOut appServer"
        case .signedOut(.stopped(let reason)): "signedOut " + MachineText.text(reason)
        case .signedOut(.renewalFailed(let reason, _)): "signedOut no renewal after " + MachineText.text(reason)
        case .signedOut(.loggedOut(let wasServerTold)): "signedOut loggedOut" + (wasServerTold ? " told" : "")
        case .registering(let call): "registering \(call)"
        case .signingIn(let call): "signingIn \(call)"
        case .startingIM(let origin): "startingIM \(origin.rawValue)"
        case .signedIn: "signedIn"
        case .signingOut: "signingOut"
        }
    }

    static func text(_ im: AppFlow.IMStatus) -> String {
        switch im {
        case .idle: "idle"
        case .active: "active"
        case .stopped(let reason): "stopped " + MachineText.text(reason)
        }
    }

    static func text(_ login: SavedLogin) -> String {
        "\(login.account) \(login.token.name)" + (login.isUsable ? " usable" : "")
            + (login.stop.map { " after " + MachineText.text($0) } ?? "")
    }

    static func text(_ effect: AppFlow.Effect) -> String {
        switch effect {
        case .call(let id, .register(let user, _, let account)):
            "call \(id) register \(user)" + (account.map { " as \($0)" } ?? "")
        case .call(let id, .login(let user, _)): "call \(id) login \(user)"
        case .call(let id, .token): "call \(id) token"
        case .call(let id, .logout): "call \(id) logout"
        case .cancelCall(let id): "give up \(id)"
        case .sdk(.loginRequested(let request)): "sdk login \(request.token.name) \(request.mode)"
        case .sdk(.logoutRequested): "sdk logout"
        case .sdk(.tokenProvided(let attempt, let token)): "sdk token \(attempt) \(token.name)"
        case .sdk(.tokenUnavailable(let attempt)): "sdk no token \(attempt)"
        case .sdk(.tokenReplaced(let token)): "sdk replaced \(token.name)"
        case .sdk(let event): "sdk \(event)"
        case .save(let login): "save " + text(login)
        case .erase: "erase"
        case .startTimer(let id, let purpose, let delay):
            switch purpose {
            case .renewal(let percent): "start \(id) \(percent) % \(delay.text)"
            case .expiry: "start \(id) end \(delay.text)"
            }
        case .cancelTimer(let id): "cancel \(id)"
        case .logInByItself: "log in by itself"
        case .decline: "decline"
        }
    }
}
