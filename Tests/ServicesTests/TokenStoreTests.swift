import Glibc
import LoginCore
import Services
import Testing

@Suite("Token store")
struct TokenStoreTests {
    private static let full = StoredLogin(
        provider: "commsease", user: "Änn\u{0}\u{202E}\n", account: "acc\u{0}ount",
        token: Secret("t\u{0}k", kind: .token),
        kind: .dynamic, tokenExpires: Instant(microseconds: -5), session: Secret("s\u{0}s", kind: .session),
        tokenIssued: Instant(seconds: 4_000_000_000), isUsable: true,
        stop: .failed(
            LoginFailure(
                code: 417, name: "device", kind: .device, detail: "\"quoted\"", rule: RuleID("CE-7.1-417")),
            mode: .automatic(forced: true)))
    private static let bare = StoredLogin(
        provider: "commsease", user: "", account: "", token: Secret("", kind: .token), kind: .fixed)
    private static let kicked = StoredLogin(
        provider: "easemob", user: "u", account: "a", token: Secret("t", kind: .token), kind: .callback,
        stop: .kicked(KickNotice(reason: 2, text: "ext", clientType: 1)))

    @Test("Every kind of login comes back as it was saved, after a restart too", arguments: [full, bare, kicked])
    func roundTrip(login: StoredLogin) throws {
        let directory = try TemporaryDirectory()
        do {
            let store = try TokenStore.open(directory: directory.path).store
            _ = try store.claim(["A"], count: 1)
            try store.save(login, profile: "A")
            #expect(try store.load(profile: "A", provider: login.provider) == login)
        }
        let (store, notice) = try TokenStore.open(directory: directory.path)
        #expect(notice == nil)
        #expect(try store.load(profile: "A", provider: login.provider) == login)
    }

    @Test("A profile's settings come back after a restart, and can be changed and forgotten")
    func settings() throws {
        let directory = try TemporaryDirectory()
        let attached = StoredSettings(app: AppSettings(form: .attached, afterRefusal: .ask), clientType: 65)
        do {
            let store = try TokenStore.open(directory: directory.path).store
            _ = try store.claim(["A", "B"], count: 2)
            #expect(try store.settings(profile: "A") == nil)
            try store.save(StoredSettings(app: AppSettings(), clientType: nil), profile: "A")
            try store.save(attached, profile: "A")
        }
        let store = try TokenStore.open(directory: directory.path).store
        #expect(try store.settings(profile: "A") == attached)
        #expect(try store.settings(profile: "B") == nil)
        try store.eraseSettings(profile: "A")
        #expect(try store.settings(profile: "A") == nil)
    }

    @Test("The profiles that hold something are claimed, those that are free and asked for")
    func kept() throws {
        let directory = try TemporaryDirectory()
        do {
            let store = try TokenStore.open(directory: directory.path).store
            _ = try store.claim(["A", "B", "C", "D", "E"], count: 5)
            try store.save(StoredSettings(app: AppSettings(), clientType: nil), profile: "C")
            for name in ["A", "C", "E"] { try store.save(Self.bare, profile: name) }
        }
        let store = try TokenStore.open(directory: directory.path).store
        _ = try store.claim(["A"], count: 1)
        let other = try TokenStore.open(directory: directory.path).store
        #expect(try other.claimKept(of: ["A", "B", "C", "D"]).map(\.name) == ["C"])
        #expect(try store.claimKept(of: ["C", "E"]).map(\.name) == ["E"])
    }

    @Test("A saved login replaces only the one of its profile and provider, and erasing takes only that")
    func replace() throws {
        let directory = try TemporaryDirectory()
        let store = try TokenStore.open(directory: directory.path).store
        _ = try store.claim(["A", "B"], count: 2)
        try store.save(Self.bare, profile: "A")
        try store.save(Self.kicked, profile: "A")
        try store.save(Self.bare, profile: "B")
        try store.save(Self.full, profile: "A")
        #expect(try store.load(profile: "A", provider: "commsease") == Self.full)
        try store.erase(profile: "A", provider: "commsease")
        try store.erase(profile: "A", provider: "commsease")
        #expect(try store.load(profile: "A", provider: "commsease") == nil)
        #expect(try store.load(profile: "A", provider: "easemob") == Self.kicked)
        #expect(try store.load(profile: "B", provider: "commsease") == Self.bare)
    }

    @Test("An erased token's bytes are in no file any more")
    func erasure() throws {
        let directory = try TemporaryDirectory()
        let mark = "a-token-that-nobody-must-find"
        let store = try TokenStore.open(directory: directory.path).store
        _ = try store.claim(["A"], count: 1)
        var login = Self.bare
        login.token = Secret(mark, kind: .token)
        try store.save(login, profile: "A")
        func isFound() throws -> Bool {
            try directory.names().contains { name in
                String(decoding: try directory.bytes(name), as: UTF8.self).contains(mark)
            }
        }
        #expect(try isFound())
        try store.erase(profile: "A", provider: "commsease")
        #expect(try !isFound())
    }

    @Test("Two stores on one directory see each other's changes")
    func shared() throws {
        let directory = try TemporaryDirectory()
        let first = try TokenStore.open(directory: directory.path).store
        let second = try TokenStore.open(directory: directory.path).store
        _ = try first.claim(["A"], count: 1)
        try first.save(Self.full, profile: "A")
        #expect(try second.load(profile: "A", provider: "commsease") == Self.full)
    }

    @Test("A login for a profile that was never claimed is refused")
    func unclaimed() throws {
        let directory = try TemporaryDirectory()
        let store = try TokenStore.open(directory: directory.path).store
        #expect(throws: StoreError.self) { try store.save(Self.bare, profile: "A") }
    }

    @Test("A file and directory that others could use are closed to them, and it is said")
    func tightened() throws {
        let directory = try TemporaryDirectory()
        _ = try TokenStore.open(directory: directory.path)
        chmod(directory.database, 0o644)
        chmod(directory.path, 0o777)
        let notice = try TokenStore.open(directory: directory.path).notice
        #expect(notice?.contains("read by others") == true)
        #expect(directory.mode("tokens.sqlite") == 0o600)
        #expect(directory.mode() == 0o755)
        #expect(try TokenStore.open(directory: directory.path).notice == nil)
    }

    @Test("Missing directories are made for this user only")
    func directories() throws {
        let directory = try TemporaryDirectory()
        _ = try TokenStore.open(directory: directory.path + "/one/two//")
        #expect(directory.mode("one") == 0o700)
        #expect(directory.mode("one/two") == 0o700)
    }

    // MARK: Profiles

    @Test("Wanted profiles come first, then the first free names; a held one is passed over")
    func profiles() throws {
        let directory = try TemporaryDirectory()
        let first = try TokenStore.open(directory: directory.path).store
        let second = try TokenStore.open(directory: directory.path).store
        #expect(try first.claim([], count: 2).map(\.name) == ["A", "B"])
        #expect(try second.claim(["B", "D"], count: 3).map(\.name) == ["D", "C", "E"])
        #expect(try first.claim(["A"], count: 1).map(\.name) == ["F"])
        first.release("B")
        #expect(try second.claim(["B"], count: 1).map(\.name) == ["B"])
        #expect(try second.claim(["A"], count: 0).isEmpty)
    }

    @Test("A profile keeps its device id, and no two are alike")
    func deviceIDs() throws {
        let directory = try TemporaryDirectory()
        let all = try TokenStore.open(directory: directory.path).store.claim([], count: 26)
        #expect(Set(all.map(\.deviceID)).count == 26)
        #expect(all.allSatisfy { $0.deviceID.count == 32 && $0.deviceID.allSatisfy(\.isHexDigit) })
        #expect(try TokenStore.open(directory: directory.path).store.claim([], count: 26) == all)
    }

    @Test("When names run out nothing is claimed")
    func exhausted() throws {
        let directory = try TemporaryDirectory()
        let first = try TokenStore.open(directory: directory.path).store
        let second = try TokenStore.open(directory: directory.path).store
        _ = try first.claim([], count: 25)
        #expect(throws: StoreError.self) { try second.claim([], count: 2) }
        #expect(try second.claim([], count: 1).map(\.name) == ["Z"])
    }

    @Test("Only one letter from A to Z names a profile", arguments: ["", "a", "AA", "Ä", "../x", "1", "A\u{301}"])
    func badNames(name: String) throws {
        let directory = try TemporaryDirectory()
        let store = try TokenStore.open(directory: directory.path).store
        #expect(throws: StoreError.self) { try store.claim([name], count: 1) }
    }
}
