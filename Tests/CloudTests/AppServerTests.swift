import Cloud
import LoginCore
import Providers
import Testing

/// The app server's contract: people, logins, tokens.
struct AppServerTests {
    @Test("Discovery tells where everything is")
    func discovery() throws {
        var rig = BackendRig()
        let discovery = try Discovery.parse(rig.ask(.discovery)).get()
        #expect(discovery.providers == ["commsease"])
        #expect(discovery.appKeys == ["commsease": CloudRig.appKey])
        #expect(discovery.webAPI == "http://127.0.0.1:5124" && discovery.imLink == "ws://127.0.0.1:5125")
        #expect(discovery.serverTime == rig.now)
        #expect(rig.callCount == 0)
    }

    @Test("A registration creates an account of a random name, never the user's, and its token opens the door")
    func register() throws {
        var rig = BackendRig()
        let registered = try Registered.parse(rig.ask(.register("olga", "secret"))).get()
        #expect(registered.user == "olga" && registered.provider == "commsease")
        #expect(registered.account.count == 12 && registered.account.hasPrefix("lk"))
        #expect(!registered.account.contains("olga"))
        let grant = try rig.logIn("olga", "secret").get()
        #expect(grant.token.account == registered.account && grant.token.kind == .fixed && grant.token.expires == nil)
        let token = grant.token.token.reveal(for: .wire)
        #expect(rig.provider.logIn(.of(registered.account, token)).code == 200)
        #expect(rig.callCount == 1)
    }

    @Test("A typed account is used as the provider stores it, and one in use is the provider's refusal")
    func typedAccount() throws {
        var rig = BackendRig()
        #expect(try Registered.parse(rig.ask(.register("olga", "p", account: "Olga.K"))).get().account == "olga.k")
        let response = rig.ask(.register("other", "p", account: "OLGA.k"))
        let error = try #require(AppServerError(parsing: response))
        #expect(error.status == 502 && error.name == "provider_refused")
        #expect(error.code == 414 && error.desc == "already register")
        // The refused registration left nobody behind.
        #expect(rig.error(.login("other", "p")) == "401 unknown_user")
        for account in ["has space", "名字", String(repeating: "a", count: 33), "\u{212A}im"] {
            #expect(rig.error(.register("third", "p", account: account)) == "400 bad_field")
        }
    }

    @Test("A user's name is taken once, however its letters are composed, and while a registration is under way")
    func userTaken() {
        var rig = BackendRig()
        let first = rig.begin(.register("zo\u{00EB}", "p"))
        #expect(rig.answers[first] == nil)
        let second = rig.begin(.register("zoe\u{0308}", "p"))
        #expect(rig.answers[second]?.status == 409)
        // Nobody is registered before the provider has answered.
        let early = rig.begin(.login("zo\u{00EB}", "p"))
        #expect(rig.answers[early]?.status == 401)
        rig.deliverAll()
        #expect(rig.answers[first]?.status == 201)
        #expect(rig.error(.register("zoe\u{0308}", "p")) == "409 user_taken")
        #expect((try? rig.logIn("zoe\u{0308}", "p").get()) != nil)
        // Case is kept: another name.
        #expect(rig.ask(.register("Zo\u{00EB}", "p")).status == 201)
    }

    @Test("Three people with demo passwords are there, and get an account at their first login")
    func seeds() throws {
        var rig = BackendRig()
        let before = try Person.parseList(rig.ask(.people)).get()
        #expect(before.map(\.user) == ["mia", "noor", "小林"])
        #expect(before.allSatisfy { $0.account == nil && !$0.isBanned })
        for person in before {
            let password = try #require(person.demoPassword).reveal(for: .screen)
            let grant = try rig.logIn(person.user, password).get()
            #expect(grant.token.account != person.user)
            #expect(rig.provider.logIn(.of(grant.token.account, grant.token.token.reveal(for: .wire))).code == 200)
        }
        #expect(rig.callCount == 3)
        // The second login needs no call.
        _ = try rig.logIn("mia", "lantern-42").get()
        #expect(rig.callCount == 3)
        #expect(try Person.parseList(rig.ask(.people)).get().allSatisfy { $0.account != nil })
    }

    @Test("Two first logins of one person at once make one account, and both are answered")
    func concurrentFirstLogins() throws {
        var rig = BackendRig()
        let first = rig.begin(.login("mia", "lantern-42"))
        let second = rig.begin(.login("mia", "lantern-42"))
        let wrong = rig.begin(.login("mia", "wrong"))
        #expect(rig.answers[first] == nil && rig.answers[second] == nil && rig.answers[wrong]?.status == 401)
        #expect(rig.callCount == 1)
        rig.deliverAll()
        let one = try AppServerGrant.parse(#require(rig.answers[first])).get()
        let two = try AppServerGrant.parse(#require(rig.answers[second])).get()
        #expect(one.token == two.token)
        #expect(one.session != two.session)
        #expect(rig.callCount == 1)
        for session in [one.session, two.session] {
            #expect(try TokenGrant.parse(rig.ask(.token(session: session))).get().token == one.token.token)
        }
    }

    @Test("Two first logins whose creation fails are both told, and the next one tries again")
    func concurrentFailure() {
        var rig = BackendRig()
        let both = [rig.begin(.login("mia", "lantern-42")), rig.begin(.login("mia", "lantern-42"))]
        rig.fail(.failure(CallFailure(.refused)))
        for exchange in both { #expect(rig.answers[exchange]?.status == 504) }
        #expect((try? rig.logIn("mia", "lantern-42").get()) != nil)
    }

    @Test("A drawn name that is taken is drawn again; five taken names are a refusal")
    func collision() throws {
        // A server restored without its records, but with the same seed, draws the same names again.
        var rig = BackendRig()
        let first = try rig.logIn("mia", "lantern-42").get()
        var again = BackendRig(provider: rig.provider)
        again.advance(.seconds(1))
        let second = try again.logIn("mia", "lantern-42").get()
        #expect(second.token.account != first.token.account)
        #expect(again.callCount == 2)
        var refused = BackendRig()
        let exchange = refused.begin(.login("mia", "lantern-42"))
        let taken = CommsEaseAPIError(code: 414, desc: "already register").http(.v1, cause: nil)
        for _ in 1...10 { refused.fail(.success(taken)) }
        #expect(refused.callCount == 5)
        #expect(refused.answers[exchange]?.status == 502)
    }

    @Test("Names, passwords and sessions that are wrong have their own errors")
    func errors() throws {
        var rig = BackendRig()
        #expect(rig.error(.login("nobody", "p")) == "401 unknown_user")
        #expect(rig.error(.login("mia", "lantern-43")) == "401 wrong_password")
        #expect(rig.error(.token(session: Secret("none", kind: .session))) == "401 session_ended")
        #expect(rig.error(.token(session: Secret("", kind: .session))) == "401 session_ended")
        #expect(rig.ask(.logout(session: Secret("none", kind: .session))).text == "{}")
        func status(_ method: String, _ path: String, _ body: String) -> String {
            var copy = rig
            let exchange = copy.begin(HTTPRequestValue(method: method, path: path, body: Array(body.utf8)))
            return copy.answers[exchange].flatMap { AppServerError(parsing: $0) }.map { "\($0.status) \($0.name)" }
                ?? "none"
        }
        #expect(status("POST", "/nowhere", "{}") == "404 unknown_path")
        #expect(status("GET", "/login", "") == "405 wrong_method")
        #expect(status("POST", "/login", "[1]") == "400 bad_json")
        #expect(status("POST", "/login", "{") == "400 bad_json")
        #expect(status("POST", "/login", #"{"user":"mia"}"#) == "400 bad_field")
        #expect(status("POST", "/login", #"{"user":"mia","password":1}"#) == "400 bad_field")
        #expect(status("POST", "/users", #"{"user":"a\u0007","password":"p"}"#) == "400 bad_field")
        #expect(status("POST", "/login", String(repeating: " ", count: 65_537)) == "413 too_large")
    }

    @Test("A session ends at its time and by a logout, not before")
    func sessions() throws {
        var rig = BackendRig()
        let grant = try rig.logIn("mia", "lantern-42").get()
        #expect(grant.sessionExpires == rig.now + .seconds(604_800))
        rig.advance(.seconds(604_799))
        #expect(rig.ask(.token(session: grant.session)).status == 200)
        rig.advance(.seconds(1))
        #expect(rig.error(.token(session: grant.session)) == "401 session_ended")
        let other = try rig.logIn("mia", "lantern-42").get()
        // The login swept the session that had ended out of the store.
        #expect(rig.store.keys.filter { $0.hasPrefix("app/sessions/") }.count == 1)
        #expect(rig.ask(.logout(session: other.session)).text == "{}")
        #expect(rig.error(.token(session: other.session)) == "401 session_ended")
        #expect(rig.store.keys.filter { $0.hasPrefix("app/sessions/") }.isEmpty)
    }

    @Test("One person's sessions are bounded: the 257th ends the oldest")
    func manySessions() throws {
        var rig = BackendRig()
        var sessions: [Secret] = []
        for _ in 1...257 {
            sessions.append(try rig.logIn("mia", "lantern-42").get().session)
            rig.advance(.milliseconds(1))
        }
        #expect(rig.error(.token(session: sessions[0])) == "401 session_ended")
        #expect(rig.ask(.token(session: sessions[1])).status == 200)
        #expect(rig.ask(.token(session: sessions[256])).status == 200)
    }

    @Test("A dynamic token is minted at login and renewal, tells its end, and opens the door until then")
    func dynamicTokens() throws {
        var rig = BackendRig()
        _ = rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(60))))
        let grant = try rig.logIn("mia", "lantern-42").get()
        #expect(grant.token.kind == .dynamic && grant.token.expires == rig.now + .seconds(60))
        func code(_ token: TokenGrant) -> Int {
            var provider = rig.provider
            return provider.logIn(.of(token.account, token.token.reveal(for: .wire), authType: 1)).code
        }
        #expect(code(grant.token) == 200)
        rig.advance(.seconds(60))
        #expect(code(grant.token) == 302)
        let renewed = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get()
        #expect(renewed.expires == rig.now + .seconds(60) && renewed.serverTime == rig.now)
        #expect(code(renewed) == 200)
    }
}
