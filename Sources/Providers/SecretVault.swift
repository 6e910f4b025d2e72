import LoginCore
import Synchronization

/// Holds the texts that secrets stand for, in memory only, for the composition root.
///
/// Machines, transcripts and views carry a ``SecretRef``; whoever must send a text or was asked to show it looks it up
/// here.
package final class SecretVault: Sendable {
    private struct State {
        var references: [Secret: SecretRef] = [:]
        var secrets: [SecretRef: Secret] = [:]
        var counts: [SecretKind: Int] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Keeps a secret and returns its stand-in: `token-1`, `token-2`, `password-1`, … in order of arrival.
    ///
    /// The same kind and text give the same stand-in again.
    package func keep(_ secret: Secret) -> SecretRef {
        state.withLock { state in
            if let known = state.references[secret] { return known }
            let number = state.counts[secret.kind, default: 0] + 1
            state.counts[secret.kind] = number
            let reference = SecretDigest.reference(for: secret, name: "\(secret.kind.rawValue)-\(number)")
            state.references[secret] = reference
            state.secrets[reference] = secret
            return reference
        }
    }

    /// What a stand-in of this vault stands for; nil for any other.
    package func secret(_ reference: SecretRef) -> Secret? {
        state.withLock { state in state.secrets[reference] }
    }
}
