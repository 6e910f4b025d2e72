import Cloud
import LoginCore
import Providers
import Testing

/// Logins, and what ends a session (easemob.md §3, §4, §7).
struct EasemobLoginTests {
    /// Proves EM-4-token-login, EM-own-link.
    @Test("A token opens its user's session, and a session is served")
    func session() {
        var rig = EasemobRig()
        rig.register("ann")
        let (link, code) = rig.logIn("ann")
        #expect(code == 200)
        #expect(rig.send(.sync, on: link) == [.reply(id: 2, .sync(code: 200, text: ""))])
        #expect(rig.send(.echo("hi"), on: link) == [.reply(id: 3, .echo(code: 200, text: "", echoed: "hi"))])
        #expect(rig.send(.ping, on: link) == [.reply(id: 4, .ping(code: 200))])
        #expect(rig.logIn(.easemob("ann", rig.token("ann")), on: link) == 417)
        #expect(rig.send(.logout, on: link) == [.reply(id: 6, .logout(code: 200, text: ""))])
        #expect(rig.closed[link] == 1000)
        #expect(!rig.isOnline("ann"))
        #expect(rig.timers.isEmpty)
    }

    @Test("Before a login nothing is served but a ping, and what is not understood is answered")
    func beforeLogin() {
        var rig = EasemobRig()
        let link = rig.open()
        #expect(rig.send(.ping, on: link) == [.reply(id: 1, .ping(code: 200))])
        for body in [ClientFrame.Body.sync, .echo("x"), .kick([]), .renew(Secret("x", kind: .token)), .logout] {
            let codes = rig.send(body, on: link).map { if case .reply(_, let reply) = $0 { reply.code } else { 0 } }
            #expect(codes == [403])
        }
        rig.handle(.frame(link, Array("{".utf8)))
        #expect(rig.sent[link]?.last.map { if case .error(414, _, nil) = $0.body { true } else { false } } == true)
        #expect(rig.closed.isEmpty)
    }

    /// One thing that is wrong with a login, in the order in which the server looks.
    enum Wrong: Int, CaseIterable {
        case appKey, disabled, userID, token, ban, active, device

        var code: Int {
            switch self {
            case .appKey: 100
            case .disabled, .ban: 305
            case .userID: 101
            case .token: 108
            case .active: 8
            case .device: 213
            }
        }
    }

    private static let combinations: [[Wrong]] = (0..<(1 << Wrong.allCases.count)).map { bits in
        Wrong.allCases.filter { bits & (1 << $0.rawValue) != 0 }
    }

    /// Proves EM-own-login-order, EM-own-app-key-code, EM-7-ban, EM-11-banned-code.
    @Test("Of everything wrong with a login, the first in the order answers")
    func order() throws {
        for wrongs in Self.combinations {
            var rig = EasemobRig()
            rig.register("ann", "ben")
            let token = rig.token("ann")
            // Another device of the user is there, unless the number of active users is to be the trouble.
            if wrongs.contains(.device) { rig.logIn("ann", device: "first") }
            if wrongs.contains(.active) { rig.logIn("ben") }
            // A ban kicks the other device; it answers before it would.
            if wrongs.contains(.ban) { rig.ask(.deactivate("ann")) }
            if wrongs.contains(.token) { rig.now = rig.now + .seconds(700) }
            try rig.set(
                """
                {"devicePolicy":2,"mostActiveUsers":\(wrongs.contains(.active) ? 1 : 0),\
                "serviceForbidden":\(wrongs.contains(.disabled))}
                """)
            let login = LinkLogin.easemob(
                wrongs.contains(.userID) ? "a nn" : "ann", token,
                appKey: wrongs.contains(.appKey) ? "acme#other" : EasemobRig.appKey)
            // A user who is online counts as active already.
            let first = wrongs.first { !($0 == .active && wrongs.contains(.device)) }
            #expect(rig.code(login) == first?.code ?? 200, "\(wrongs)")
        }
    }

    struct Token: CustomTestStringConvertible {
        let name: String
        let code: Int
        let make: @Sendable (inout EasemobRig) -> Secret
        var testDescription: String { "\(name): \(code)" }
    }

    private static let tokenRows = [
        Token(name: "empty", code: 104) { _ in Secret("", kind: .token) },
        Token(name: "junk", code: 104) { _ in Secret("junk", kind: .token) },
        Token(name: "cut off", code: 104) {
            Secret(String($0.token("ann").reveal(for: .wire).dropLast(4)), kind: .token)
        },
        Token(name: "an app's", code: 202) { $0.appToken ?? Secret("", kind: .token) },
        Token(name: "another user's", code: 202) { $0.token("ben") },
        Token(name: "changed", code: 202) { rig in
            let text = rig.token("ann").reveal(for: .wire)
            return Secret(text.dropLast() + (text.last == "A" ? "B" : "A"), kind: .token)
        },
        Token(name: "expired", code: 108) { rig in
            let token = rig.token("ann", ttl: 5)
            rig.now = rig.now + .seconds(5)
            return token
        },
        Token(name: "in its last moment", code: 200) { rig in
            let token = rig.token("ann", ttl: 5)
            rig.now = rig.now + .milliseconds(4999)
            return token
        },
        Token(name: "permanent", code: 200) { rig in
            let token = rig.token("ann", ttl: 0)
            rig.now = rig.now + .seconds(1_000_000_000)
            return token
        },
        Token(name: "void", code: 202) { rig in
            let token = rig.token("ann")
            rig.ask(.changePassword("ann", Secret("new", kind: .password)))
            return token
        },
        Token(name: "of a user who was deleted and made again", code: 202) { rig in
            let token = rig.token("ann")
            rig.ask(.delete("ann"))
            rig.now = rig.now + .seconds(1)
            rig.register("ann")
            return token
        },
        Token(name: "signed", code: 200) {
            EasemobRig.mint.dynamicToken(for: "ann", at: $0.now, lifetime: .seconds(60))
        },
        Token(name: "signed, capitals", code: 200) {
            EasemobRig.mint.dynamicToken(for: "ANN", at: $0.now, lifetime: .seconds(60))
        },
        Token(name: "signed, for ever", code: 200) { rig in
            let token = EasemobRig.mint.dynamicToken(for: "ann", at: rig.now, lifetime: .zero)
            rig.now = rig.now + .seconds(1_000_000)
            return token
        },
        Token(name: "signed, expired", code: 108) { rig in
            let token = EasemobRig.mint.dynamicToken(for: "ann", at: rig.now, lifetime: .seconds(60))
            rig.now = rig.now + .seconds(60)
            return token
        },
        Token(name: "signed for another user", code: 202) {
            EasemobRig.mint.dynamicToken(for: "ben", at: $0.now, lifetime: .seconds(60))
        },
        Token(name: "signed by another", code: 202) {
            EasemobMint(appKey: EasemobRig.appKey, appSecret: AppSecret("client-1:x")).dynamicToken(
                for: "ann", at: $0.now, lifetime: .seconds(60))
        },
        Token(name: "signed with another client id", code: 202) {
            EasemobMint(appKey: EasemobRig.appKey, appSecret: AppSecret("client-2:secret-1")).dynamicToken(
                for: "ann", at: $0.now, lifetime: .seconds(60))
        },
        Token(name: "signed for another app", code: 202) {
            EasemobMint(appKey: "acme#other", appSecret: EasemobRig.secret).dynamicToken(
                for: "ann", at: $0.now, lifetime: .seconds(60))
        },
        Token(name: "signed and broken", code: 104) { _ in Secret("ZHQteA==", kind: .token) },
        Token(name: "signed before the password changed", code: 202) { rig in
            let token = EasemobRig.mint.dynamicToken(for: "ann", at: rig.now, lifetime: .seconds(60))
            rig.now = rig.now + .seconds(1)
            rig.ask(.changePassword("ann", Secret("new", kind: .password)))
            return token
        },
        Token(name: "signed in the second of the change", code: 200) { rig in
            rig.ask(.changePassword("ann", Secret("new", kind: .password)))
            return EasemobRig.mint.dynamicToken(for: "ann", at: rig.now, lifetime: .seconds(60))
        },
    ]

    /// Proves EM-7-login, EM-1-ttl-zero, EM-1-dynamic, EM-own-dynamic-zero, EM-own-dynamic-order, EM-own-dynamic-void,
    /// EM-3-password, EM-7-auto.
    @Test("Each token opens the door or is refused with its code, whoever starts the login", arguments: tokenRows)
    func tokens(row: Token) {
        for automatic in [false, true] {
            var rig = EasemobRig()
            rig.register("ann", "ben")
            let token = row.make(&rig)
            #expect(rig.code(.easemob("ann", token, automatic: automatic)) == row.code)
        }
    }

    /// Proves EM-own-deleted-code, EM-2-length, EM-2-characters.
    @Test("A user who is not there is told 204, a reconnection 207, a name that nobody can have its own code")
    func nobody() {
        var rig = EasemobRig()
        rig.register("ann")
        let token = rig.token("ann")
        rig.ask(.delete("ann"))
        #expect(rig.code(.easemob("ann", token)) == 204)
        #expect(rig.code(.easemob("ann", token, automatic: true)) == 207)
        #expect(rig.code(.easemob("", token)) == 101)
        #expect(rig.code(.easemob(String(repeating: "a", count: 65), token)) == 105)
    }

    struct Life: CustomTestStringConvertible {
        let ttl: Int64
        var percent = 80
        let warning: Int?
        let end: Int?
        var testDescription: String { "\(ttl) s, \(percent) %" }
    }

    /// Proves EM-7-warning, EM-7-example, EM-7-expiry, EM-own-warning-once, EM-own-kick-reasons.
    @Test(
        "The warning comes at its share of the life, once, and the end ends the session",
        arguments: [
            Life(ttl: 600, warning: 480, end: 600), Life(ttl: 600, percent: 50, warning: 300, end: 600),
            Life(ttl: 10, warning: 8, end: 10), Life(ttl: 0, warning: nil, end: nil),
        ])
    func life(row: Life) throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"willExpirePercent\":\(row.percent)}")
        let (link, _) = rig.logIn("ann", ttl: row.ttl)
        guard let warning = row.warning, let end = row.end else {
            rig.advance(.seconds(100_000), pinging: [link])
            #expect(rig.warnings(on: link) == 0)
            #expect(rig.isOnline("ann"))
            return
        }
        rig.advance(.seconds(warning) - .milliseconds(1), pinging: [link])
        #expect(rig.warnings(on: link) == 0)
        rig.advance(.milliseconds(1))
        #expect(rig.warnings(on: link) == 1)
        rig.advance(.seconds(end - warning) - .milliseconds(1), pinging: [link])
        #expect(rig.warnings(on: link) == 1)
        #expect(rig.closed[link] == nil)
        rig.advance(.milliseconds(1))
        #expect(rig.kicks(on: link) == [108])
        #expect(rig.closed[link] == 1000)
        #expect(!rig.isOnline("ann"))
    }

    /// Proves EM-7-warning.
    @Test("A login with a token that has little life left is warned of at once")
    func lateLogin() {
        var rig = EasemobRig()
        rig.register("ann")
        let token = rig.token("ann", ttl: 100)
        rig.advance(.seconds(90))
        let link = rig.open()
        #expect(rig.logIn(.easemob("ann", token), on: link) == 200)
        rig.advance(.zero)
        #expect(rig.warnings(on: link) == 1)
    }

    /// Proves EM-4-renew.
    @Test("A renewed session lives as long as the newer token, and is warned of that one's end")
    func renewal() {
        var rig = EasemobRig()
        rig.register("ann", "ben")
        let (link, _) = rig.logIn("ann", ttl: 100)
        rig.advance(.seconds(90))
        #expect(rig.warnings(on: link) == 1)
        func renew(_ token: Secret) -> Int {
            for case .reply(_, .renew(let code, _)) in rig.send(.renew(token), on: link) { return code }
            return 0
        }
        let other = rig.token("ben")
        #expect(renew(other) == 202)
        #expect(renew(Secret("junk", kind: .token)) == 104)
        let newer = rig.token("ann", ttl: 100)
        #expect(renew(newer) == 200)
        rig.advance(.seconds(79))
        #expect(rig.warnings(on: link) == 1)
        rig.advance(.seconds(1))
        #expect(rig.warnings(on: link) == 2)
        #expect(rig.isOnline("ann"))
        rig.advance(.seconds(20))
        #expect(rig.kicks(on: link) == [108])
    }

    /// Proves EM-8-silence.
    @Test("A client that says nothing is offline after five minutes, one that pings is not")
    func silence() {
        var rig = EasemobRig()
        rig.register("ann", "ben")
        let (silent, _) = rig.logIn("ann", ttl: 0)
        let (speaking, _) = rig.logIn("ben", ttl: 0)
        rig.advance(.seconds(299), pinging: [speaking])
        #expect(rig.isOnline("ann"))
        rig.advance(.seconds(2), pinging: [speaking])
        #expect(!rig.isOnline("ann"))
        #expect(rig.closed[silent] == 1000)
        #expect(rig.kicks(on: silent).isEmpty)
        #expect(rig.isOnline("ben"))
    }

    struct End: CustomTestStringConvertible {
        let command: EasemobCommand
        let code: Int
        /// What the next login is told, with a token from before.
        let next: Int
        var testDescription: String { "\(code)" }
    }

    /// Proves EM-3-ban, EM-3-delete, EM-3-disconnect, EM-3-password, EM-3-unban.
    @Test(
        "What the web API does to a user is told to each device at once, and to the next login",
        arguments: [
            End(command: .deactivate("ann"), code: 305, next: 305), End(command: .delete("ann"), code: 207, next: 204),
            End(command: .disconnect("ann"), code: 217, next: 200),
            End(command: .changePassword("ann", Secret("new", kind: .password)), code: 216, next: 202),
        ])
    func ends(row: End) throws {
        var rig = EasemobRig()
        try rig.set("{\"devicePolicy\":3}")
        rig.register("ann", "ben")
        let token = rig.token("ann")
        let (phone, _) = rig.logIn("ann", .iOS)
        let (page, _) = rig.logIn("ann", .web)
        let (other, _) = rig.logIn("ben")
        rig.ask(row.command)
        for link in [phone, page] {
            #expect(rig.kicks(on: link) == [row.code])
            #expect(rig.closed[link] == 1000)
        }
        #expect(rig.kicks(on: other).isEmpty)
        #expect(!rig.isOnline("ann"))
        #expect(rig.code(.easemob("ann", token)) == row.next)
        if row.code == 305 {
            rig.now = rig.now + .seconds(400)
            #expect(rig.code(.easemob("ann", token)) == 305, "a ban never lifts by itself")
            rig.ask(.activate("ann"))
            #expect(rig.code(.easemob("ann", token)) == 200)
        }
        if row.code == 216 {
            let old = EasemobGrant.password(username: "ann", Secret("pass-1", kind: .password))
            #expect(rig.error(.token(old, ttl: nil)) == "400 invalid_grant: invalid password")
            #expect(rig.code(.easemob("ann", rig.token("ann"))) == 200)
        }
    }

    /// Proves EM-3-disconnect-one, EM-11-verb.
    @Test("One device is disconnected by its resource, with either verb; all of them too")
    func verbs() throws {
        var rig = EasemobRig()
        try rig.set("{\"devicePolicy\":3}")
        rig.register("ann")
        let headers = rig.appToken.map { [EasemobCaller.authorization($0)] } ?? []
        for (method, path, kicked) in [
            ("DELETE", "/disconnect/ios_d1", 1), ("GET", "/disconnect/ios_d1", 1), ("GET", "/disconnect", 2),
            ("POST", "/disconnect", 2), ("DELETE", "/disconnect/ios_d9", 0),
        ] {
            let (one, _) = rig.logIn("ann", .iOS, device: "d1")
            let (two, _) = rig.logIn("ann", .web, device: "d2")
            let request = HTTPRequestValue(method: method, path: "/acme/demo/users/ann\(path)", headers: headers)
            let answer = rig.request(request)
            #expect(answer.status == 200)
            let body = try JSONValue(parsing: answer.body)
            #expect(body["data"]?["result"] == .bool(true))
            #expect(
                rig.kicks(on: one) + rig.kicks(on: two) == Array(repeating: 217, count: kicked), "\(method) \(path)")
            rig.drop(one)
            rig.drop(two)
        }
    }

    @Test("After a restart nobody is online, and users, bans, passwords, settings and tokens are as before")
    func restart() throws {
        var rig = EasemobRig()
        rig.register("ann", "ben")
        rig.ask(.deactivate("ben"))
        try rig.set("{\"devicePolicy\":3,\"wording\":\"2023\"}")
        rig.ask(.changePassword("ann", Secret("new", kind: .password)))
        let token = rig.token("ann")
        let signed = EasemobRig.mint.dynamicToken(for: "ann", at: rig.now, lifetime: .seconds(60))
        rig.logIn("ann")
        var again = rig.restarted()
        #expect(again.cloud.restoreProblems.isEmpty)
        #expect(!again.isOnline("ann"))
        #expect(again.ask(.get("ann")) == rig.ask(.get("ann")))
        #expect(again.ask(.get("ben")) == rig.ask(.get("ben")))
        #expect(again.ask(.consoleSettings) == rig.ask(.consoleSettings))
        #expect(again.code(.easemob("ann", token)) == 200)
        #expect(again.code(.easemob("ann", signed)) == 200)
        let grant = EasemobGrant.password(username: "ann", Secret("new", kind: .password))
        #expect(again.error(.token(grant, ttl: nil)) == "ok")
    }

    @Test("A record that is damaged is passed over and named")
    func damage() {
        let records = [
            DurableRecord(collection: "easemob/accounts", key: "ann", value: Array("{}".utf8)),
            DurableRecord(collection: "easemob/accounts", key: "ben", value: Array("[".utf8)),
            DurableRecord(
                collection: "easemob/settings", key: "console", value: Array("{\"settings\":{\"devicePolicy\":9}}".utf8)
            ),
            DurableRecord(collection: "easemob/else", key: "x", value: Array("{}".utf8)),
        ]
        #expect(EasemobRig(restoring: records).cloud.restoreProblems.count == 4)
    }

    @Test("What cannot be written is answered with an error and changes nothing")
    func unsaved() {
        var rig = EasemobRig()
        rig.register("ann")
        let link = rig.open()
        let caller = EasemobCaller(org: "acme", app: "demo", bearer: rig.appToken)
        let request = EasemobCommand.delete("ann").http(caller, cause: nil)
        let frame = LinkCodec.encode(ClientFrame(id: 1, body: .login(.easemob("ann", rig.token("ann")))))
        var statuses: [Int] = []
        var codes: [Int] = []
        for event in [CloudEvent.request(ExchangeID(900), request), .frame(link, frame)] {
            for effect in rig.cloud.refuse(event, because: "The disk is full.", at: rig.now) {
                switch effect {
                case .respond(_, let response): statuses.append(response.status)
                case .send(_, let bytes):
                    if case .reply(_, let reply)? = (try? LinkCodec.decodeServer(bytes))?.body {
                        codes.append(reply.code)
                    }
                case .save, .remove: Issue.record("something is saved")
                default: break
                }
            }
        }
        #expect(statuses == [500])
        #expect(codes == [303])
        #expect(rig.error(.get("ann")) == "ok")
    }
}
