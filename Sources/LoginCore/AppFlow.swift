/// The part of a login that the SDK's user writes: the app.
///
/// ```
///               register                   sign in
///  registering ◀──────── signedOut(why) ──────────────▶ signingIn
///       └──────── answer ──▶ ▲ ▲  │ automatic, typed token   │ token, saved
///                            │ │  ▼                          ▼
///                            │ └─ startingIM ◀── core form ──┤
///            stopped, kicked │        │ online               │ attached form
///               (core form)  │        ▼                      ▼
///                            ├──── signedIn ◀────────────────┘
///                            │        │ log out
///                            └── signingOut
/// ```
///
/// Two things run beside the state. *Renewal*: a token that ends is renewed at 80 %, 90 % and 95 % of its life until
/// one try succeeds [ours beyond the first]; one timer at a time watches that life, whether or not the app renews early,
/// so that its steps do not depend on how long a call takes or on what the user changes meanwhile. *Recovery*: after a refusal of the token the app fetches one new token and
/// starts one manual login; refused again, it shows the login screen (DESIGN §3).
///
/// What the user asks at the wrong moment is answered by `.decline` with one sentence; answers to calls that were given
/// up change nothing.
///
/// Sources: commsease.md §1 (product forms), §6 (app duties: save on success, erase on failure), DESIGN §3.
package struct AppFlow: Sendable, Equatable {
    /// What happened, or what the user asks for.
    package enum Event: Hashable, Sendable, Codable {
        /// The app's process started; what it kept from its last run.
        indirect case started(SavedLogin?)
        case settingsChanged(AppSettings)
        indirect case registerRequested(user: String, password: SecretRef, account: String?)
        indirect case signInRequested(user: String, password: SecretRef)
        /// A manual login past the app server, with an account and a token typed by hand.
        indirect case tokenLoginRequested(AccountName, token: SecretRef, kind: AuthenticationKind, at: Instant)
        case automaticLoginRequested(forced: Bool, at: Instant)
        /// The app itself logs in, the attached form by force: what follows ``Effect/logInByItself``.
        case automaticLoginDue(at: Instant)
        case renewalRequested
        case signOutRequested
        case registered(CallID, user: String, account: AccountName)
        /// The answer to a login: a session and a token.
        indirect case granted(CallID, user: String, session: SecretRef, GrantedToken, at: Instant)
        /// The answer to a token request.
        indirect case tokenGranted(CallID, GrantedToken, at: Instant)
        case sessionEnded(CallID)
        case callFailed(CallID, AppServerFailure)
        /// The SDK wants the token of this attempt.
        case tokenAsked(AttemptID)
        case told(Moment)
        case timerFired(TimerID)
    }

    /// What is to be done, in order.
    package enum Effect: Hashable, Sendable {
        indirect case call(CallID, AppServerCall)
        case cancelCall(CallID)
        /// Goes to the SDK.
        indirect case sdk(LoginMachine.Event)
        indirect case save(SavedLogin)
        case erase
        case startTimer(TimerID, TimerPurpose, after: Duration)
        case cancelTimer(TimerID)
        /// The attached form was started with a saved login, or the SDK logs in by itself:
        /// ``Event/automaticLoginDue(at:)`` comes next.
        case logInByItself
        /// The event cannot be followed now; the sentence says why.
        indirect case decline(Event, String)
    }

    /// What a timer is for.
    package enum TimerPurpose: Hashable, Sendable, Codable, CustomStringConvertible {
        /// This share of the life of the token in hand is over; where the app renews early, it fetches the next one.
        case renewal(percent: Int)
        /// The token in hand ends.
        case expiry

        package var description: String {
            switch self {
            case .renewal(let percent): "token at \(percent) % of its life"
            case .expiry: "token end"
            }
        }
    }

    /// Where the token of a messaging login came from.
    package enum Origin: String, Hashable, Sendable, Codable {
        case password = "with the password"
        case savedLogin = "with the saved token"
        case typedToken = "with a typed token"
        case renewedToken = "with a renewed token"
    }

    /// What the app shows.
    package enum State: Hashable, Sendable, Codable {
        /// The login screen, and why it is there.
        case signedOut(LoginScreenReason?)
        case registering(CallID)
        case signingIn(CallID)
        /// The app login waits for the messaging login.
        case startingIM(Origin)
        case signedIn
        case signingOut
    }

    /// What the app knows of its SDK.
    package enum IMStatus: Hashable, Sendable, Codable {
        case idle
        case active
        case stopped(StopReason)
    }

    /// The timer that watches the life of a token that ends.
    package struct Watch: Hashable, Sendable, Codable {
        package let timer: TimerID
        package let purpose: TimerPurpose
        /// When it fires; the step after it is counted from here.
        package let due: Instant
    }

    /// The renewal of a token that was not refused.
    package enum Renewal: Hashable, Sendable, Codable {
        case idle
        case calling(CallID)
    }

    /// The renewal after a refusal.
    package enum Recovery: Hashable, Sendable, Codable {
        /// A refusal may still be answered by a new token.
        case ready
        case calling(CallID, StopReason)
        /// One new token was fetched since the last success; no second one is.
        case used
    }

    /// What an app takes from its SDK's policy and never changes.
    private struct Manner: Equatable {
        let canAlwaysLogIn: Bool
        let automaticLogin: LoginPolicy.AutomaticLogin
        let answersSecondLogin: Bool
        let kickWords: KickWords
    }

    package internal(set) var settings: AppSettings
    private var manner: Shared<Manner>
    package internal(set) var state: State = .signedOut(nil)
    package internal(set) var im: IMStatus = .idle
    package internal(set) var saved: SavedLogin?
    /// How good the token in hand is, whatever is on its way.
    var standing: Lease = .none
    package internal(set) var watch: Watch?
    package internal(set) var renewal: Renewal = .idle
    package internal(set) var recovery: Recovery = .ready
    /// Whether the login under way leaves out the device check; a reconnection never does.
    private var isForced = false
    var calls = Counter<CallID>()
    var timers = Counter<TimerID>()

    /// `canAlwaysLogIn` says whether the SDK takes a login call in every state, `answersSecondLogin` whether it refuses
    /// one that comes too late with a code of its own.
    package init(
        settings: AppSettings = AppSettings(), canAlwaysLogIn: Bool = false,
        automaticLogin: LoginPolicy.AutomaticLogin = .onRequest, answersSecondLogin: Bool = false,
        kickWords: KickWords = KickWords()
    ) {
        self.settings = settings
        manner = Shared(
            Manner(
                canAlwaysLogIn: canAlwaysLogIn, automaticLogin: automaticLogin, answersSecondLogin: answersSecondLogin,
                kickWords: kickWords))
    }

    /// Takes what never changes from another flow that has the same, so that the two are compared at a glance.
    package mutating func shareManner(of other: AppFlow) {
        manner.join(other.manner)
    }

    var canAlwaysLogIn: Bool { manner.value.canAlwaysLogIn }
    package var automaticLogin: LoginPolicy.AutomaticLogin { manner.value.automaticLogin }
    var answersSecondLogin: Bool { manner.value.answersSecondLogin }
    /// How the provider tells a kick.
    var kickWords: KickWords { manner.value.kickWords }

    package var lease: Lease {
        if case .calling = renewal { .renewing } else { standing }
    }

    /// Takes one event and says what is to be done; never traps.
    package mutating func handle(_ event: Event) -> [Effect] {
        switch event {
        case .started(let saved): started(event, saved)
        case .settingsChanged(let settings): changeSettings(settings)
        case .registerRequested(let user, let password, let account): register(event, user, password, account)
        case .signInRequested(let user, let password): signIn(event, user, password)
        case .tokenLoginRequested(let account, let token, let kind, let at):
            logInWithToken(event, account, token, kind, at)
        case .automaticLoginRequested(let forced, let at): logInAutomatically(event, forced: forced, at: at)
        case .automaticLoginDue(let at): logInByItself(at: at)
        case .renewalRequested: renewNow(event)
        case .signOutRequested: signOut(event)
        case .registered(let call, let user, let account): registered(call, user, account)
        case .granted(let call, let user, let session, let token, let at): granted(call, user, session, token, at)
        case .tokenGranted(let call, let token, let at): tokenGranted(call, token, at)
        case .sessionEnded: []  // the clean-up here did not wait for it
        case .callFailed(let call, let failure): callFailed(call, failure)
        case .tokenAsked(let attempt): tokenAsked(attempt)
        case .told(let moment): told(moment)
        case .timerFired(let timer): timerFired(timer)
        }
    }

    private mutating func started(_ event: Event, _ saved: SavedLogin?) -> [Effect] {
        guard state == .signedOut(nil), im == .idle, self.saved == nil else {
            return [.decline(event, "the app runs already")]
        }
        self.saved = saved
        if let saved {
            standing = saved.expires.map { .valid(until: $0) } ?? .permanent
            if case .failed(let failure, _) = saved.stop, failure.kind == .credential { standing = .void }
        }
        state = .signedOut(saved?.stop.map { .stopped($0) })
        // The attached form's app login stands alone; messaging follows by itself, but a stop is not turned into a
        // retry (commsease.md §1).
        guard let saved, saved.stop == nil else { return [] }
        if settings.form == .attached { return [.logInByItself] }
        guard case .byItself = automaticLogin, saved.isUsable else { return [] }
        return [.logInByItself]
    }

    private mutating func changeSettings(_ settings: AppSettings) -> [Effect] {
        self.settings = settings
        return []  // each holds from the next step that asks for it
    }

    // MARK: - Shared steps

    /// The mode of the automatic login that the SDK tells of.
    var automaticMode: LoginMode { .automatic(forced: isForced) }

    /// The login is complete: whatever follows by itself is a reconnection.
    mutating func endForce() {
        isForced = false
    }

    /// Hands a login to the SDK.
    mutating func logIn(_ saved: SavedLogin, _ mode: LoginMode) -> [Effect] {
        let isRunning = im != .idle
        im = .active
        isForced = mode == .automatic(forced: true)
        let request = LoginRequest(
            account: saved.account, token: saved.token, mode: mode, authentication: saved.kind,
            loginExtension: saved.kind == .callback ? settings.loginExtension : "")
        // A manual login supersedes a stop; anything else asks the SDK to let go of the earlier login first.
        let release: [Effect] = isRunning && !mode.isManual && !canAlwaysLogIn ? [.sdk(.logoutRequested)] : []
        return release + [.sdk(.loginRequested(request))]
    }

    /// Stops everything that would act on the token by itself.
    mutating func cancelRenewal() -> [Effect] {
        var effects: [Effect] = []
        if let watch { effects.append(.cancelTimer(watch.timer)) }
        if case .calling(let call) = renewal { effects.append(.cancelCall(call)) }
        watch = nil
        renewal = .idle
        return effects
    }

    /// Gives the answer to a refusal up, because the user starts over.
    mutating func cancelRecovery() -> [Effect] {
        defer { recovery = .ready }
        guard case .calling(let call, let stop) = recovery else { return [] }
        if stop.isOfManualLogin { saved = nil }  // it is erased already
        return [.cancelCall(call)]
    }

    /// Shows the login screen.
    mutating func showLoginScreen(_ reason: LoginScreenReason?) -> [Effect] {
        let effects = cancelRenewal()
        state = .signedOut(reason)
        return effects
    }
}
