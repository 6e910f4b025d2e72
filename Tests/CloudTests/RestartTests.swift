import Cloud
import Foundation
import LoginCore
import Providers
import Testing

/// What a restart of the backend keeps, and what it does not.
struct RestartTests {
    @Test("People, accounts, tokens, app sessions and settings outlive a restart")
    func appServer() throws {
        var rig = BackendRig()
        let grant = try rig.logIn("mia", "lantern-42").get()
        let registered = try Registered.parse(rig.ask(.register("olga", "secret"))).get()
        _ = rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, devicePolicy: 2)))
        _ = rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .fixed)))
        _ = rig.ask(.ban(account: registered.account, kick: false, notify: nil))
        let people = try Person.parseList(rig.ask(.people)).get()
        rig.advance(.seconds(60))

        var again = rig.restarted()
        #expect(again.server.restoreProblems.isEmpty)
        #expect(try Person.parseList(again.ask(.people)).get() == people)
        #expect(try TokenGrant.parse(again.ask(.token(session: grant.session))).get().token == grant.token.token)
        #expect(try again.logIn("olga", "secret").get().token.account == registered.account)
        #expect(again.error(.login("olga", "wrong")) == "401 wrong_password")
        let console = try JSONValue(parsing: CommsEaseConsoleSettings(devicePolicy: 2).json.encoded())
        #expect(
            try AppServerSettings.parse(again.ask(.settings)).get()
                == AppServerSettings(devicePolicy: 2, provider: console))
        #expect(again.callCount == 1)
    }

    @Test("Nothing drawn after a restart was drawn before it, though the seed is the same")
    func freshChance() throws {
        var rig = BackendRig()
        var sessions: Set<Secret> = []
        var accounts: Set<String> = []
        var tokens: Set<Secret> = []
        for round in 1...4 {
            for number in 1...5 {
                let user = "user \(round) \(number)"
                let registered = try Registered.parse(rig.ask(.register(user, "p"))).get()
                let grant = try rig.logIn(user, "p").get()
                accounts.insert(registered.account)
                sessions.insert(grant.session)
                tokens.insert(grant.token.token)
                _ = rig.ask(.refreshToken(account: registered.account))
                tokens.insert(try TokenGrant.parse(rig.ask(.token(session: grant.session))).get().token)
            }
            rig = rig.restarted()
        }
        #expect(accounts.count == 20 && sessions.count == 20 && tokens.count == 40)
        // Every first draw of a name was free: nothing had to be drawn again.
        #expect(try Person.parseList(rig.ask(.people)).get().count == 23)
    }

    @Test("Accounts, tokens, bans, last devices and the console outlive a restart; links and sessions do not")
    func cloud() {
        var rig = CloudRig()
        rig.create("ann", token: "old")
        rig.call(.update(accid: "ann", token: Secret("new", kind: .token)))
        rig.create("ben", token: "t")
        rig.call(.block(accid: "ben", needKick: false, kickNotifyExt: nil))
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 2, authTypes: [0])))
        let phone = rig.logIn(.of("ann", "new", device: "phone")).link
        let web = rig.logIn(.of("ann", "new", device: "web", type: 16)).link

        var again = CloudRig(restoring: rig.records)
        #expect(again.cloud.restoreProblems.isEmpty)
        #expect(again.send(.echo("x"), on: phone).isEmpty && again.send(.echo("x"), on: web).isEmpty)
        #expect(again.logIn(.of("ann", "old", device: "phone")).code == 302)
        #expect(again.transcript.contains { $0.title == "login refused 302: the token is not the latest" })
        #expect(again.logIn(.of("ann", "new", device: "other", automatic: true)).code == 417)
        #expect(again.logIn(.of("ann", "new", device: "phone", automatic: true)).code == 200)
        #expect(again.logIn(.of("ann", "new", device: "web", type: 16, automatic: true)).code == 200)
        #expect(again.logIn(.of("ben", "t")).code == 422)
        #expect(again.call(.consoleSettings) == .settings(CommsEaseConsoleSettings(devicePolicy: 2, authTypes: [0])))
        #expect(again.records == rig.records)
    }

    static let damage: [[UInt8]] = [
        [], Array("nonsense".utf8), Array("[]".utf8), Array("{}".utf8), [0xFF, 0xFE],
        Array(#"{"accid":7,"user":7,"expires":"x","drawn":-9223372036854775808,"number":9223372036854775807}"#.utf8),
    ]

    @Test("A damaged record is passed over with a sentence, and the others count", arguments: damage)
    func damagedRecords(bytes: [UInt8]) throws {
        var rig = BackendRig()
        _ = try rig.logIn("mia", "lantern-42").get()
        let grant = try rig.logIn("noor", "harbour-17").get()
        _ = rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, devicePolicy: 2)))
        for key in rig.store.keys.sorted() {
            guard let record = rig.store[key] else { continue }
            var damaged = rig
            damaged.store[key] = DurableRecord(collection: record.collection, key: record.key, value: bytes)
            var again = damaged.restarted()
            #expect(again.server.restoreProblems.count <= 1)
            let isNoor = record.key == "noor" || record.collection == "app/sessions"
            #expect(again.ask(.token(session: grant.session)).status == 200 || isNoor)
            // Nobody whose record is lost has lost the way in: the seeds are there anew.
            #expect((try? again.logIn("mia", "lantern-42").get()) != nil)
            #expect(again.transcript.filter { $0.kind == .notice }.count == again.server.restoreProblems.count)
        }
        for (key, record) in rig.provider.store.sorted(by: { $0.key < $1.key }) {
            var records = rig.provider.store
            records[key] = DurableRecord(collection: record.collection, key: record.key, value: bytes)
            var again = CloudRig(restoring: records.keys.sorted().compactMap { records[$0] })
            #expect(again.cloud.restoreProblems.count <= 1)
            #expect(again.call(.create(accid: "someone", token: nil, name: nil)) != .ok)
        }
    }

    @Test("A person whose token was lost with a record is given a new one at the next login")
    func lostToken() throws {
        var rig = BackendRig()
        let account = try rig.logIn("mia", "lantern-42").get().token.account
        guard let record = rig.store["app/people/mia"] else {
            Issue.record("mia is not saved")
            return
        }
        let value = try JSONValue(parsing: record.value)
        let members = (value.members ?? []).filter { $0.name != "token" }
        rig.store["app/people/mia"] = DurableRecord(
            collection: record.collection, key: record.key, value: JSONValue.object(members).encoded())
        var again = rig.restarted()
        let grant = try again.logIn("mia", "lantern-42").get()
        #expect(grant.token.account == account)
        #expect(again.provider.logIn(.of(account, grant.token.token.reveal(for: .wire))).code == 200)
    }

    @Test("Records are JSON with sorted names")
    func sortedNames() throws {
        var rig = BackendRig()
        _ = try rig.logIn("小林", "kite-88").get()
        _ = rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, devicePolicy: 2)))
        let records = Array(rig.store.values) + Array(rig.provider.store.values)
        #expect(records.count >= 6)
        for record in records {
            #expect(try JSONValue(parsing: record.value).encoded() == record.value, "\(record.collection)")
        }
    }

    @Test("No transcript, record of a password or description holds a secret")
    func noSecrets() throws {
        var rig = BackendRig()
        let grant = try rig.logIn("mia", "lantern-42").get()
        let account = grant.token.account
        _ = rig.ask(.register("olga", "pass-of-olga"))
        _ = rig.ask(.updateToken(account: account, token: Secret("typed-token", kind: .token)))
        _ = rig.ask(.token(session: grant.session))
        _ = rig.provider.logIn(.of(account, "typed-token"))
        _ = rig.provider.logIn(.of(account, "wrong-token"))
        let entries = rig.transcript + rig.provider.transcript
        let text = String(decoding: try JSONEncoder().encode(entries), as: UTF8.self)
        let secrets = [
            "lantern-42", "pass-of-olga", "typed-token", "wrong-token", "secret-of-the-app", "key-of-the-operator",
            grant.session.reveal(for: .verification), grant.token.token.reveal(for: .verification),
        ]
        for secret in secrets { #expect(!text.contains(secret), "\(secret.prefix(4))…") }
        let stored = rig.store.values.map { String(decoding: $0.value, as: UTF8.self) }.joined()
        for secret in ["pass-of-olga", grant.session.reveal(for: .verification)] { #expect(!stored.contains(secret)) }
    }
}
