/// The name of a rule: page and section of the provider's reference, such as `CE-7.1-302`.
package struct RuleID: Hashable, Sendable, Codable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(stringLiteral value: String) { text = value }
    package var description: String { text }
}

/// An account with the messaging provider; not the name that the person uses in the app.
package struct AccountName: Hashable, Sendable, Codable, CustomStringConvertible {
    package let text: String
    package init(_ text: String) { self.text = text }
    package var description: String { text }
}

/// Who starts a login and who owns its retries.
package enum LoginMode: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Any failure that the SDK does not retry inside the call ends it and is reported.
    case manual
    /// Retried for as long as that can help. What `forced` means is the policy's: see ``LoginCalls/forceMode``.
    case automatic(forced: Bool)

    package var isManual: Bool { self == .manual }

    package var description: String {
        switch self {
        case .manual: "manual"
        case .automatic(forced: false): "automatic"
        case .automatic(forced: true): "automatic, forced"
        }
    }
}

/// How the provider checks a login.
package enum AuthenticationKind: Int, Sendable, Codable, CaseIterable, CustomStringConvertible {
    /// A token that stays valid until it is replaced.
    case fixed = 0
    /// A signed token that carries its own end.
    case dynamic = 1
    /// The provider asks the app server.
    case callback = 2

    package var description: String {
        switch self {
        case .fixed: "static"
        case .dynamic: "dynamic"
        case .callback: "callback"
        }
    }
}

/// What the app hands to the SDK to log in with.
///
/// The texts lie behind one reference: a machine's state is copied with every event, and they hardly ever change.
package struct LoginRequest: Hashable, Sendable, Codable {
    private struct Parts: Hashable, Sendable, Codable {
        var account: AccountName
        var token: SecretRef
        var mode: LoginMode
        var authentication: AuthenticationKind
        var loginExtension: String
    }

    private var parts: Shared<Parts>

    package var account: AccountName {
        get { parts.value.account }
        set { parts.value.account = newValue }
    }

    package var token: SecretRef {
        get { parts.value.token }
        set { parts.value.token = newValue }
    }

    package var mode: LoginMode {
        get { parts.value.mode }
        set { parts.value.mode = newValue }
    }

    package var authentication: AuthenticationKind {
        get { parts.value.authentication }
        set { parts.value.authentication = newValue }
    }

    /// What a login by callback hands on to the app server.
    package var loginExtension: String {
        get { parts.value.loginExtension }
        set { parts.value.loginExtension = newValue }
    }

    package init(
        account: AccountName,
        token: SecretRef,
        mode: LoginMode,
        authentication: AuthenticationKind,
        loginExtension: String = ""
    ) {
        parts = Shared(
            Parts(
                account: account, token: token, mode: mode, authentication: authentication,
                loginExtension: loginExtension))
    }

    package init(from decoder: any Decoder) throws {
        parts = try Shared(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try parts.encode(to: encoder)
    }
}

/// Why a connection could not be made or ended, never an operating system's text.
package enum CloseCause: Error, Hashable, Sendable, Codable, CustomStringConvertible {
    /// Nothing listens there, or the way there is closed.
    case refused
    /// No answer within the time allowed.
    case timedOut
    /// The other side ended it, with or without a farewell.
    case linkClosed
    /// The other side sent what the protocol does not have, so this side ended it.
    case protocolBroken
    /// The TLS handshake failed.
    case tls(String)

    package var description: String {
        switch self {
        case .refused: "refused"
        case .timedOut: "timed out"
        case .linkClosed: "link closed"
        case .protocolBroken: "the server broke the link protocol"
        case .tls(let kind): "TLS: \(kind)"
        }
    }
}

/// What a failure is about; decides what the app does next, whatever the provider's number for it.
package enum FailureKind: String, Sendable, Codable, CaseIterable {
    /// The way to the server: it may heal by itself.
    case network
    /// Account and token do not fit: a new token may help.
    case credential
    /// The account is banned.
    case banned
    /// Another device logged in last.
    case device
    /// The client is too old.
    case version
    /// The login is not allowed to this app or in this way.
    case permission
    /// The request was wrong.
    case parameter
    /// The server's own trouble, or too many requests.
    case server

    /// Whether a login that ended so makes the app forget the login that it saved (commsease.md §6, §9; DESIGN §3).
    ///
    /// An automatic login's refused token is kept, with its stop, so that one renewal can replace it.
    package func erasesSavedLogin(isManual: Bool) -> Bool {
        switch self {
        case .credential: isManual
        case .device: true
        case .network, .banned, .version, .permission, .parameter, .server: false
        }
    }
}

/// What the SDK does with a failure in one mode.
package enum Verdict: String, Sendable, Codable {
    case retry
    case stop
}

/// A login that did not work, in the provider's own words.
package struct LoginFailure: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The provider's code.
    package let code: Int
    /// The code's short name.
    package let name: String
    package let kind: FailureKind
    /// What came with it: the server's description or the cause of a broken link.
    package let detail: String
    package let rule: RuleID

    package init(code: Int, name: String, kind: FailureKind, detail: String, rule: RuleID) {
        self.code = code
        self.name = name
        self.kind = kind
        self.detail = detail
        self.rule = rule
    }

    package var description: String { "\(code) \(name)" }
}

/// Who ended a session, and what the provider said of it.
package struct KickNotice: Hashable, Sendable, Codable {
    /// The provider's number: for CommsEase 1 exclusive login, 2 server, 3 another client of the same account.
    package let reason: Int
    /// The provider's text, such as the kickNotifyExt of a ban; empty when there is none.
    package let text: String
    /// The number of the client type that caused it; 0 when unknown.
    package let clientType: Int

    package init(reason: Int, text: String, clientType: Int) {
        self.reason = reason
        self.text = text
        self.clientType = clientType
    }
}

/// Why the SDK will not log in again by itself.
package enum StopReason: Hashable, Sendable, Codable {
    /// A login ended with a failure that its mode does not retry.
    indirect case failed(LoginFailure, mode: LoginMode)
    indirect case kicked(KickNotice)

    /// Whether it ended a login by hand, whose failure may erase what was saved.
    package var isOfManualLogin: Bool {
        if case .failed(_, mode: .manual) = self { true } else { false }
    }

    /// The stop in a few words, a kick in those of the provider.
    package func text(in words: KickWords) -> String {
        switch self {
        case .failed(let failure, let mode): "\(failure) (\(mode))"
        case .kicked(let notice): words.brief(notice)
        }
    }
}

/// Another client of the same account.
package struct OnlineClient: Hashable, Sendable, Codable {
    /// The server's name for that session.
    package let id: String
    /// The provider's client type: for CommsEase 1 Android, 2 iOS, 4 PC, 16 Web, 64 macOS, 65 HarmonyOS.
    package let clientType: Int

    package init(id: String, clientType: Int) {
        self.id = id
        self.clientType = clientType
    }
}

/// How the list of other clients changed.
package enum ClientsChange: Int, Sendable, Codable {
    case list = 1
    case login = 2
    case logout = 3
}
