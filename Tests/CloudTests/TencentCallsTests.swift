import Cloud
import LoginCore
import Providers
import Testing

/// What the calls of Tencent's web API do (tencent.md §5).
struct TencentCallsTests {
    private static func failed(_ answer: TencentAnswer) -> Int {
        if case .failed(let error) = answer { error.code } else { 0 }
    }

    private static func request(
        app: String = TencentRig.appKey, user: String = "administrator", key: String = "example-key",
        body: String = #"{"UserID":"alice"}"#, at now: Instant = TencentRig.start, lifetime: Duration = .seconds(60)
    ) -> HTTPRequestValue {
        let mint = TencentMint(appKey: TencentRig.appKey, appSecret: AppSecret(key))
        let userSig = mint.userSig(for: user, at: now, lifetime: lifetime).reveal(for: .wire)
        return HTTPRequestValue(
            method: "POST", path: "/v4/im_open_login_svc/account_import",
            query: "sdkappid=\(app)&identifier=\(user)&usersig=\(userSig)&random=1&contenttype=json",
            body: Array(body.utf8))
    }

    private static func code(_ request: HTTPRequestValue, at now: Instant = TencentRig.start) throws -> Int? {
        var rig = TencentRig()
        rig.now = now
        return try JSONValue(parsing: rig.request(request).body)["ErrorCode"]?.int
    }

    /// Proves TC-5-admin, TC-1.1-admin, TC-own-admin-name, TC-own-api-order.
    @Test("A call is an app admin's with a valid UserSig, and is checked in this order")
    func admin() throws {
        #expect(try Self.code(Self.request()) == 0)
        #expect(try Self.code(Self.request(app: "1400000001", user: "bob", key: "wrong", body: "{")) == 60006)
        #expect(try Self.code(Self.request(user: "bob", key: "wrong", body: "{")) == 70009)
        #expect(try Self.code(Self.request(user: "bob", body: "{")) == 60010)
        #expect(try Self.code(Self.request(body: "{")) == 60003)
        #expect(try Self.code(Self.request(body: "{}")) == 70402)
        #expect(try Self.code(Self.request(), at: TencentRig.start + .seconds(61)) == 70001)
        var rig = TencentRig()
        try rig.set(#"{"admins":["root"]}"#)
        #expect(Self.failed(rig.call(.kick("a"))) == 60010)
        #expect(Self.failed(rig.call(.kick("a"), as: "root")) == 70107)
    }

    /// Proves TC-own-console.
    @Test("The console's settings are read and changed under an address of their own, by an admin")
    func console() throws {
        var rig = TencentRig()
        #expect(TencentCommand.consoleSettings.path == "/console/tencent/settings")
        #expect(Self.failed(rig.call(.consoleSettings, as: "bob")) == 60010)
        try rig.set(#"{"devicePolicy":3}"#)
        guard case .settings(let settings) = rig.call(.consoleSettings) else {
            Issue.record("no settings")
            return
        }
        #expect(settings.devicePolicy == 3)
    }

    /// Proves TC-5-import, TC-5-multi-import, TC-5-check, TC-5-delete, TC-own-reimport.
    @Test("Accounts are imported once, checked and deleted")
    func accounts() {
        var rig = TencentRig()
        #expect(rig.call(.importAccount(TencentImport(userID: "alice", nick: "A"))) == .ok)
        #expect(rig.call(.importAccount(TencentImport(userID: "alice"))) == .ok)
        let many = [TencentImport(userID: "bob"), TencentImport(userID: "小林"), TencentImport(userID: "")]
        #expect(rig.call(.importAccounts(many, isOlder: false)) == .imported(failed: ["小林", ""]))
        #expect(rig.call(.importAccounts([TencentImport(userID: "cy")], isOlder: true)) == .imported(failed: []))
        func known(_ users: [String: Bool]) -> TencentAnswer {
            .checked(users.keys.sorted().map { TencentItem(userID: $0, isImported: users[$0]) })
        }
        #expect(
            rig.call(.check(["alice", "bob", "cy", "dee"]))
                == known(["alice": true, "bob": true, "cy": true, "dee": false]))
        let gone = TencentItem(userID: "dee", code: 70107, info: "Err_TLS_PT_Open_Login_Account_Not_Exist")
        #expect(rig.call(.delete(["bob", "dee"])) == .deleted([TencentItem(userID: "bob"), gone]))
        #expect(rig.call(.check(["bob"])) == known(["bob": false]))
        #expect(rig.store.keys.contains("tencent/accounts/bob") == false)
        #expect(rig.call(.importAccount(TencentImport(userID: "bob"))) == .ok)
        #expect(rig.call(.check(["bob"])) == known(["bob": true]))
    }

    /// Proves TC-5-import, TC-5-multi-import.
    @Test("Importing an account again changes its nick and picture where they are given, and nothing else of it")
    func importedAgain() {
        var rig = TencentRig()
        let (link, _) = rig.logIn("alice")
        rig.call(.importAccount(TencentImport(userID: "alice", nick: "first nick", faceURL: "first face")))
        rig.call(.blacklist("alice", isOn: true, kicks: false))
        func record() -> String {
            rig.store["tencent/accounts/alice"].map { String(decoding: $0.value, as: UTF8.self) } ?? ""
        }
        let before = record()
        #expect(before.contains("first nick") && before.contains("first face"))
        rig.call(.importAccount(TencentImport(userID: "alice", nick: "second nick")))
        #expect(record() == before.replacing("first nick", with: "second nick"))
        rig.call(.importAccounts([TencentImport(userID: "alice", faceURL: "second face")], isOlder: false))
        #expect(record() == before.replacing("first", with: "second"))
        #expect(rig.isOnline(link))
        #expect(rig.logIn("alice").code == 70051)
    }

    /// Proves TC-own-deletion.
    @Test("A deletion ends the sessions, and a later login makes the account anew")
    func deletion() {
        var rig = TencentRig()
        let (link, _) = rig.logIn("alice")
        rig.call(.delete(["alice"]))
        #expect(rig.kicks(on: link) == [Tencent.kickedByServer])
        #expect(rig.status("alice") == "unknown")
        #expect(rig.logIn("alice").code == 200)
    }

    /// Proves TC-5-kick, TC-own-same-second, TC-2.1-rest-kick.
    @Test("A kick ends every session and voids older UserSigs; one of its own second still works")
    func kick() throws {
        var rig = TencentRig()
        try rig.set(#"{"devicePolicy":4}"#)
        let old = rig.login("alice", .iPhone)
        rig.advance(.seconds(1))
        let same = rig.login("alice", .iPhone)
        let links = [rig.logIn("alice", .iPhone).link, rig.logIn("alice", .web).link]
        let (other, _) = rig.logIn("bob")
        #expect(rig.call(.kick("alice")) == .ok)
        #expect(links.map { rig.kicks(on: $0) } == [[2], [2]])
        #expect(rig.isOnline(other))
        #expect(rig.logIn(old, on: rig.open()) == 70052)
        #expect(rig.logIn(same, on: rig.open()) == 200)
        rig.advance(.seconds(1))
        #expect(rig.logIn("alice", .web).code == 200)
        #expect(Self.failed(rig.call(.kick("nobody"))) == 70107)
    }

    /// Proves TC-5-kick, TC-own-deletion.
    @Test("A void UserSig stays void when its account is deleted and made anew, after a restart as well")
    func voidForGood() {
        var rig = TencentRig()
        let old = rig.login("alice")
        rig.advance(.seconds(5))
        rig.logIn("alice")
        rig.call(.kick("alice"))
        rig.call(.delete(["alice"]))
        var after = rig.restarted()
        #expect(after.cloud.restoreProblems == [])
        for account in [nil, TencentImport(userID: "alice")] {
            if let account {
                rig.call(.importAccount(account))
                after.call(.importAccount(account))
            }
            #expect(rig.logIn(old, on: rig.open()) == 70052)
            #expect(after.logIn(old, on: after.open()) == 70052)
        }
        #expect(rig.logIn("alice").code == 200)
        #expect(after.logIn("alice").code == 200)
    }

    @Test("A kicked admin needs a new UserSig for the web API as well")
    func kickedAdmin() throws {
        var rig = TencentRig()
        let request = Self.request()
        rig.call(.importAccount(TencentImport(userID: "administrator")))
        rig.advance(.seconds(5))
        rig.call(.kick("administrator"))
        #expect(try JSONValue(parsing: rig.request(request).body)["ErrorCode"]?.int == 70052)
        #expect(rig.call(.check(["a"])) == .checked([TencentItem(userID: "a", isImported: false)]))
    }

    @Test("A ban leaves sessions alone unless it kicks, and ends")
    func blacklist() {
        var rig = TencentRig()
        let (link, _) = rig.logIn("alice")
        rig.call(.blacklist("alice", isOn: true, kicks: false))
        #expect(rig.isOnline(link))
        #expect(rig.logIn("alice").code == 70051)
        rig.call(.blacklist("alice", isOn: true, kicks: true))
        #expect(rig.kicks(on: link) == [2])
        rig.call(.blacklist("alice", isOn: false, kicks: false))
        #expect(rig.logIn("alice").code == 200)
        #expect(Self.failed(rig.call(.blacklist("nobody", isOn: true, kicks: false))) == 70107)
    }

    /// Proves TC-5-status, TC-5-querystate.
    @Test("The status of several accounts is told in the order asked, those unknown apart")
    func status() throws {
        var rig = TencentRig()
        try rig.set(#"{"devicePolicy":4}"#)
        rig.logIn("alice", .windows)
        rig.drop(rig.logIn("alice", .android).link)
        rig.drop(rig.logIn("bob", .iPad).link)
        rig.call(.importAccount(TencentImport(userID: "cy")))
        let asked = ["cy", "nobody", "bob", "alice"]
        let answer = rig.call(.onlineStatus(asked, isDetailed: true))
        guard case .statuses(let found, let unknown, true) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(found.map(\.userID) == ["cy", "bob", "alice"])
        #expect(found.map(\.status) == [.offline, .pushOnline, .online])
        #expect(
            found.last?.terminals.map { "\($0.platform) \($0.status.rawValue)" } == ["Android PushOnline", "PC Online"])
        #expect(unknown == ["nobody"])
        guard case .states(let states, ["nobody"]) = rig.call(.queryState(asked)) else {
            Issue.record("no states")
            return
        }
        #expect(states.map(\.status) == [.offline, .pushOnline, .online])
        try rig.set(#"{"legacyForms":false}"#)
        #expect(Self.failed(rig.call(.queryState(asked))) == 60009)
    }

    /// Proves TC-5-mute, TC-own-mute-zero.
    @Test("A mute is kept, lifted by 0, and touches no login")
    func mute() {
        var rig = TencentRig()
        let (link, _) = rig.logIn("alice")
        #expect(rig.call(.mute("alice", c2c: 4_294_967_295, group: 60)) == .muted)
        #expect(rig.isOnline(link))
        #expect(rig.logIn("alice", .iPhone).code == 200)
        func record() -> String {
            rig.store["tencent/accounts/alice"].map { String(decoding: $0.value, as: UTF8.self) } ?? ""
        }
        #expect(record().contains("[4294967295,60]"))
        #expect(rig.call(.mute("alice", c2c: 0, group: nil)) == .muted)
        #expect(record().contains("[null,60]"))
        #expect(Self.failed(rig.call(.mute("nobody", c2c: 1, group: nil))) == 130_004)
    }

    /// Proves TC-5-rate.
    @Test(
        "More than 200 calls of a kind in a second are refused, more than 100 of the slow ones",
        arguments: [
            (TencentCommand.kick("a"), 200), (.importAccount(TencentImport(userID: "a")), 200),
            (.onlineStatus(["a"], isDetailed: false), 200), (.check(["a"]), 100), (.delete(["a"]), 100),
            (.importAccounts([TencentImport(userID: "a")], isOlder: false), 100),
        ])
    func rate(command: TencentCommand, limit: Int) throws {
        var rig = TencentRig()
        for _ in 0..<limit { #expect(Self.failed(rig.call(command)) != 60007) }
        #expect(Self.failed(rig.call(command)) == 60007)
        #expect(Self.failed(rig.call(.mute("a", c2c: 1, group: nil))) != 60007)
        rig.advance(.seconds(1))
        #expect(Self.failed(rig.call(command)) != 60007)
        try rig.set(#"{"rateLimit":0}"#)
        for _ in 0..<(limit * 2) { #expect(Self.failed(rig.call(command)) != 60007) }
    }

    @Test("No secret stands in the transcript, and every request has its answer after it")
    func transcript() {
        var rig = TencentRig()
        rig.logIn("alice")
        rig.call(.kick("alice"))
        let userSig = TencentRig.mint.userSig(for: "administrator", at: rig.now).reveal(for: .screen)
        let text = "\(rig.transcript)"
        #expect(!text.contains(userSig))
        #expect(!text.contains("example-key"))
        let requests = rig.transcript.filter { $0.kind == .httpRequest && $0.lane == .webAPI }
        let answers = rig.transcript.filter { $0.kind == .httpResponse }
        #expect(answers.map(\.cause) == requests.map(\.id))
    }
}
