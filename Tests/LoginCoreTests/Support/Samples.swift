import LoginCore
import Providers

/// Values that the tests share.
enum Sample {
    static let policy = CommsEase.v9iOS.policy
    static let naming = CommsEase.v9iOS.callbacks
    /// All SDKs, each with its policy and its words.
    static let generations = ProviderRegistry.all.flatMap(\.generations)
    static let v10 = CommsEase.v10.policy

    static let alice = AccountName("alice")
    static let old = token(1)
    static let new = token(2)
    static let session = SecretRef(kind: .session, name: "session-1", length: 32, digest: "5e551011")
    static let password = SecretRef(kind: .password, name: "password-1", length: 8, digest: "9a55d0aa")
    static let kick = KickNotice(reason: 1, text: "", clientType: 1)
    static let other = OnlineClient(id: "s-9", clientType: 1)
    static let start = Instant(seconds: 1_700_000_000)

    static func token(_ number: Int) -> SecretRef {
        SecretRef(kind: .token, name: "token-\(number)", length: 32, digest: "0000000\(number)")
    }

    static func request(
        _ mode: LoginMode, _ kind: AuthenticationKind = .fixed, token: SecretRef = old
    ) -> LoginRequest {
        LoginRequest(account: alice, token: token, mode: mode, authentication: kind)
    }

    static func grant(_ token: SecretRef, kind: AuthenticationKind = .fixed, lifetime: Duration? = nil) -> GrantedToken
    {
        GrantedToken(account: alice, token: token, kind: kind, lifetime: lifetime)
    }

    static func saved(
        _ token: SecretRef = old,
        kind: AuthenticationKind = .fixed,
        expires: Instant? = nil,
        session: SecretRef? = session,
        isUsable: Bool = true,
        stop: StopReason? = nil
    ) -> SavedLogin {
        SavedLogin(
            user: "alice", account: alice, token: token, kind: kind, issued: start, expires: expires, session: session,
            isUsable: isUsable, stop: stop)
    }

    static func failure(_ code: Int, _ detail: String = "") -> LoginFailure {
        policy.failure(code, detail: detail)
    }

    /// The policy of an app that postpones attempts to the foreground.
    static var foregroundPolicy: LoginPolicy {
        var policy = policy
        policy.reconnectsInBackground = false
        return policy
    }
}

extension ConnectionID {
    static let first = ConnectionID(1)
}

/// A file's lines without the spaces that only align them.
func squeezed(_ text: String) -> [String] {
    text.split(separator: "\n").map { line in
        line.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    }
}
