/// How messaging belongs to the app (commsease.md §1, product forms).
package enum ProductForm: String, Sendable, Codable, CaseIterable {
    /// Messaging is the app: its login has succeeded only when the messaging login has.
    case core
    /// Messaging is a module: the app's login stands alone, the messaging login follows by itself.
    case attached
}

/// What the app does when the provider refuses its token.
package enum AfterRefusal: String, Sendable, Codable, CaseIterable {
    /// Fetch one new token from the app server and log in with it once.
    case renewOnce
    /// Show the login screen.
    case ask
}

/// The parts of the app that its maker decides.
package struct AppSettings: Hashable, Sendable, Codable {
    package var form: ProductForm
    package var afterRefusal: AfterRefusal
    /// Whether a token with an end is renewed before it, at 80 % of its life.
    package var renewsEarly: Bool
    /// What a login by callback hands on to the app server; 1,024 characters at most (commsease.md §2).
    package var loginExtension: String

    package init(
        form: ProductForm = .core,
        afterRefusal: AfterRefusal = .renewOnce,
        renewsEarly: Bool = true,
        loginExtension: String = "latchkey"
    ) {
        self.form = form
        self.afterRefusal = afterRefusal
        self.renewsEarly = renewsEarly
        self.loginExtension = loginExtension
    }
}

/// What the app keeps between its runs.
///
/// Behind one reference, as ``LoginRequest`` is: an app's state is copied with every event, and this hardly changes.
package struct SavedLogin: Hashable, Sendable, Codable {
    private struct Parts: Hashable, Sendable, Codable {
        var user: String
        var account: AccountName
        var token: SecretRef
        var kind: AuthenticationKind
        var issued: Instant
        var expires: Instant?
        var session: SecretRef?
        var isUsable: Bool
        var stop: StopReason?
    }

    private var parts: Shared<Parts>

    /// The person's name with the app server; empty after a login with a typed token.
    package var user: String {
        get { parts.value.user }
        set { parts.value.user = newValue }
    }

    package var account: AccountName {
        get { parts.value.account }
        set { parts.value.account = newValue }
    }

    package var token: SecretRef {
        get { parts.value.token }
        set { parts.value.token = newValue }
    }

    package var kind: AuthenticationKind {
        get { parts.value.kind }
        set { parts.value.kind = newValue }
    }

    /// When the token was received, by the client's clock.
    package var issued: Instant {
        get { parts.value.issued }
        set { parts.value.issued = newValue }
    }

    /// When the token ends, by the client's clock; nil when it does not end by itself.
    package var expires: Instant? {
        get { parts.value.expires }
        set { parts.value.expires = newValue }
    }

    /// Proves the app login to the app server; nil after a login with a typed token.
    package var session: SecretRef? {
        get { parts.value.session }
        set { parts.value.session = newValue }
    }

    /// Whether a login with this token has succeeded, so that automatic login may use it.
    package var isUsable: Bool {
        get { parts.value.isUsable }
        set { parts.value.isUsable = newValue }
    }

    /// Why the SDK stopped, so that a restart does not turn a stop into a retry.
    package var stop: StopReason? {
        get { parts.value.stop }
        set { parts.value.stop = newValue }
    }

    package init(
        user: String,
        account: AccountName,
        token: SecretRef,
        kind: AuthenticationKind,
        issued: Instant,
        expires: Instant?,
        session: SecretRef?,
        isUsable: Bool,
        stop: StopReason?
    ) {
        parts = Shared(
            Parts(
                user: user, account: account, token: token, kind: kind, issued: issued, expires: expires,
                session: session, isUsable: isUsable, stop: stop))
    }

    package init(from decoder: any Decoder) throws {
        parts = try Shared(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try parts.encode(to: encoder)
    }

    /// Why automatic login may not use it, as one sentence; nil when it may.
    package func objection(in words: KickWords) -> String? {
        if let stop { return "automatic login is off until a manual login: \(stop.text(in: words))" }
        return isUsable ? nil : "automatic login needs a manual login that succeeded first"
    }

    /// Whether nothing speaks against an automatic login with it.
    package var opensByItself: Bool { isUsable && stop == nil }
}

/// A token as the app server hands it out.
package struct GrantedToken: Hashable, Sendable, Codable {
    package var account: AccountName
    package var token: SecretRef
    package var kind: AuthenticationKind
    /// How long it lives from the server's own time of the answer; nil when it does not end by itself.
    package var lifetime: Duration?

    package init(account: AccountName, token: SecretRef, kind: AuthenticationKind, lifetime: Duration?) {
        self.account = account
        self.token = token
        self.kind = kind
        self.lifetime = lifetime
    }
}

/// What the app asks its app server.
package enum AppServerCall: Hashable, Sendable, Codable {
    case register(user: String, password: SecretRef, account: String?)
    case login(user: String, password: SecretRef)
    case token(session: SecretRef)
    case logout(session: SecretRef)
}

/// Why the app server did not do what it was asked; never a provider's code.
package enum AppServerFailure: Hashable, Sendable, Codable, CustomStringConvertible {
    /// It did not answer.
    case unreachable(CloseCause)
    /// It answered with an error of its contract.
    indirect case refused(name: String, message: String)

    package var description: String {
        switch self {
        case .unreachable(let cause): "the app server cannot be reached (\(cause))"
        case .refused(_, let message): "the app server says: \(message)"
        }
    }
}

/// How much longer the token in hand is good.
package enum Lease: Hashable, Sendable, Codable {
    /// There is no token.
    case none
    /// It does not end by itself.
    case permanent
    case valid(until: Instant)
    /// 80 % of its life is over and no newer one is here.
    case willExpire(until: Instant)
    /// A newer one is on its way.
    case renewing
    case expired
    /// The provider refused it.
    case void

    /// The lease in words.
    package var text: String {
        switch self {
        case .none: "none"
        case .permanent: "permanent"
        case .valid: "valid"
        case .willExpire: "will expire"
        case .renewing: "renewing"
        case .expired: "expired"
        case .void: "void"
        }
    }
}

/// Why the app shows its login screen.
package indirect enum LoginScreenReason: Hashable, Sendable, Codable {
    case registered(user: String, account: AccountName)
    case appServer(AppServerFailure)
    /// The SDK stopped.
    case stopped(StopReason)
    /// The SDK stopped for its token, and fetching a new one failed too.
    case renewalFailed(StopReason, AppServerFailure)
    case loggedOut(wasServerTold: Bool)

    /// The reason as a sentence, a kick in the words of the provider.
    package func text(in words: KickWords) -> String {
        switch self {
        case .registered(let user, let account): "\(user) is registered; the app server made the account \(account)"
        case .appServer(let failure): "\(failure)"
        case .stopped(.failed(let failure, _)):
            "\(failure.code) \(failure.name)" + (failure.detail.isEmpty ? "" : ": \(failure.detail)")
        case .stopped(.kicked(let notice)):
            words.headline(notice) + (notice.text.isEmpty ? "" : ": \(notice.text)")
        case .renewalFailed(let stop, let failure): "\(stop.text(in: words)); no new token: \(failure)"
        case .loggedOut(wasServerTold: true): "logged out; the server was told"
        case .loggedOut(wasServerTold: false): "logged out here; the server was not told"
        }
    }
}
