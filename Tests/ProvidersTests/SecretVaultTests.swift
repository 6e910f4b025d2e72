import LoginCore
import Providers
import Testing

@Suite("Secret vault")
struct SecretVaultTests {
    @Test("Stand-ins are numbered per kind in order of arrival")
    func names() {
        let vault = SecretVault()
        let names = [
            Secret("one", kind: .token), Secret("one", kind: .password), Secret("two", kind: .token),
        ].map { vault.keep($0).name }
        #expect(names == ["token-1", "password-1", "token-2"])
    }

    @Test("The same kind and text give the same stand-in, another kind another one")
    func same() {
        let vault = SecretVault()
        let first = vault.keep(Secret("text", kind: .token))
        #expect(vault.keep(Secret("text", kind: .token)) == first)
        #expect(vault.keep(Secret("text", kind: .session)) != first)
    }

    @Test("A stand-in says kind, length in bytes and the first 8 hex digits of SHA-256")
    func reference() {
        let reference = SecretVault().keep(Secret("abc", kind: .token))
        #expect(reference == SecretRef(kind: .token, name: "token-1", length: 3, digest: "ba7816bf"))
    }

    @Test("A secret comes back for its own stand-in and for no other")
    func lookup() {
        let vault = SecretVault()
        let secret = Secret("abc", kind: .token)
        let reference = vault.keep(secret)
        #expect(vault.secret(reference) == secret)
        let other = SecretRef(kind: .token, name: reference.name, length: 3, digest: "00000000")
        #expect(vault.secret(other) == nil)
        #expect(SecretVault().secret(reference) == nil)
    }
}
