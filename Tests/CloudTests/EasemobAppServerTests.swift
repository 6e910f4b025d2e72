import Cloud
import LoginCore
import Providers
import Testing

/// The app server with Easemob's cloud behind it.
struct EasemobAppServerTests {
    /// Both values, calls between them delivered at once unless they are held.
    struct Rig {
        static let operatorKey = Secret("key-of-the-operator", kind: .operatorKey)

        private static let configuration = AppServerConfiguration(
            apps: [ProviderApp(provider: "easemob", appKey: EasemobRig.appKey, appSecret: EasemobRig.secret)],
            operatorKey: operatorKey,
            seed: 11, seedsPeople: true, webAPI: "", imLink: "", timeScale: 1)

        var server = AppServer(configuration, restoring: [])
        var cloud = EasemobRig()
        /// What the app server saved, by collection and key.
        var store: [String: DurableRecord] = [:]
        /// The calls that were made, by verb and path.
        var calls: [String] = []
        var held: [(OutgoingID, HTTPRequestValue)] = []
        var holds = false
        /// Answers that take the place of the cloud's, first come first used.
        var canned: [HTTPResponseValue] = []
        private var exchanges = Counter<ExchangeID>()
        var answers: [ExchangeID: HTTPResponseValue] = [:]

        mutating func begin(_ request: AppServerRequest) -> ExchangeID {
            let exchange = exchanges.next()
            handle(.request(exchange, request.http(operatorKey: Self.operatorKey, cause: nil)))
            return exchange
        }

        mutating func ask(_ request: AppServerRequest) -> HTTPResponseValue {
            let exchange = begin(request)
            return answers[exchange] ?? HTTPResponseValue(status: 0)
        }

        mutating func handle(_ event: CloudEvent) {
            for effect in server.handle(event, at: cloud.now) {
                switch effect {
                case .respond(let exchange, let response): answers[exchange] = response
                case .httpCall(let id, .webAPI, let request, _):
                    calls.append("\(request.method) \(request.path)")
                    if holds { held.append((id, request)) } else { answer(id, request) }
                case .save(let record): store["\(record.collection)/\(record.key)"] = record
                case .remove(let collection, let key): store["\(collection)/\(key)"] = nil
                case .httpCall, .send, .close, .startTimer, .cancelTimer, .record: break
                }
            }
        }

        /// The app server after a restart: what was saved, and nothing else.
        mutating func restart() {
            server = AppServer(Self.configuration, restoring: store.keys.sorted().compactMap { store[$0] })
        }

        private mutating func answer(_ id: OutgoingID, _ request: HTTPRequestValue) {
            let response = canned.isEmpty ? cloud.request(request) : canned.removeFirst()
            handle(.httpAnswered(id, .success(response)))
        }

        mutating func release() {
            holds = false
            let calls = held
            held = []
            for (id, request) in calls { answer(id, request) }
        }

        mutating func grant(_ user: String = "mia", _ password: String = "lantern-42") throws -> AppServerGrant {
            try AppServerGrant.parse(ask(.login(user, password))).get()
        }

        mutating func error(_ request: AppServerRequest) -> String {
            AppServerError(parsing: ask(request)).map { "\($0.status) \($0.name)" } ?? "none"
        }

        mutating func code(_ grant: TokenGrant, device: String = "phone") -> Int {
            cloud.code(.easemob(grant.account, grant.token, device: device))
        }
    }

    /// Proves EM-own-accounts, EM-1-client-credentials, EM-1-inherit.
    @Test("A first app login gets the app's token, a user and a user token that ends and opens messaging")
    func firstLogin() throws {
        var rig = Rig()
        let grant = try rig.grant()
        #expect(
            rig.calls == ["POST /acme/demo/token", "POST /acme/demo/users", "POST /acme/demo/token"])
        #expect(grant.token.kind == .fixed)
        #expect(grant.token.expires == rig.cloud.now + .seconds(600))
        #expect(rig.code(grant.token) == 200)
        // A renewal is one call with the app token in hand.
        rig.cloud.advance(.seconds(300))
        let next = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get()
        #expect(rig.calls.count == 4)
        #expect(next.token != grant.token.token)
        #expect(next.expires == rig.cloud.now + .seconds(600))
        #expect(rig.code(next) == 200)
    }

    @Test("Signed tokens are made without a call, and open messaging too")
    func dynamic() throws {
        var rig = Rig()
        _ = rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .dynamic)))
        let first = try rig.grant()
        let calls = rig.calls.count
        let grant = try rig.grant()
        #expect(rig.calls.count == calls)
        #expect(grant.token.kind == .dynamic)
        #expect(grant.token.token.reveal(for: .wire).hasPrefix("ZHQt"))
        #expect(rig.code(grant.token) == 200)
        #expect(first.token.account == grant.token.account)
        let answer = AppServerError(parsing: rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .callback))))
        #expect(answer?.message == "tokenKind must be static or dynamic")
    }

    /// Proves EM-own-unit, EM-1-unit.
    @Test("On the cluster of milliseconds the app server asks and counts in milliseconds, after a restart as well")
    func milliseconds() throws {
        var rig = Rig()
        #expect(try rig.grant().token.expires == rig.cloud.now + .seconds(600))
        let unit = try JSONValue(parsing: Array("{\"millisecondUnit\":true}".utf8))
        _ = try AppServerSettings.parse(rig.ask(.changeSettings(AppServerSettingsPatch(provider: unit)))).get()
        for _ in 1...2 {
            let grant = try rig.grant()
            #expect(grant.token.expires == rig.cloud.now + .seconds(600))
            let link = rig.cloud.open()
            #expect(rig.cloud.logIn(.easemob(grant.token.account, grant.token.token), on: link) == 200)
            rig.cloud.advance(.seconds(599), pinging: [link])
            #expect(rig.cloud.kicks(on: link) == [])
            rig.cloud.advance(.seconds(1))
            #expect(rig.cloud.kicks(on: link) == [108])
            rig.restart()
        }
        let back = try JSONValue(parsing: Array("{\"millisecondUnit\":false}".utf8))
        _ = try AppServerSettings.parse(rig.ask(.changeSettings(AppServerSettingsPatch(provider: back)))).get()
        #expect(try rig.grant().token.expires == rig.cloud.now + .seconds(600))
    }

    /// Proves EM-1-refetch.
    @Test("After a 401 the app server gets a new app token and asks again, once")
    func refetch() throws {
        var rig = Rig()
        let grant = try rig.grant()
        rig.calls = []
        let refused = HTTPResponseValue(status: 401, body: Array("{\"error\":\"unauthorized\"}".utf8))
        rig.canned = [refused]
        _ = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get()
        #expect(rig.calls == Array(repeating: "POST /acme/demo/token", count: 3))
        // Refused again with the new one, it is the caller who is told.
        rig.canned = [refused, rig.cloud.raw(.token(.client, ttl: nil)), refused]
        #expect(rig.error(.token(session: grant.session)) == "502 provider_refused")
    }

    @Test("Calls that come while the app token is on its way wait for it, and fail with it")
    func waiting() throws {
        var rig = Rig()
        rig.holds = true
        let people = AppServer.demoPeople.prefix(2).map { rig.begin(.login($0.user, $0.password)) }
        #expect(rig.calls == ["POST /acme/demo/token"])
        rig.release()
        for exchange in people { #expect(rig.answers[exchange]?.status == 200) }
        #expect(rig.calls.filter { $0 == "POST /acme/demo/users" }.count == 2)

        var failing = Rig()
        failing.holds = true
        let waiting = AppServer.demoPeople.prefix(2).map { failing.begin(.login($0.user, $0.password)) }
        let call = try #require(failing.held.first)
        failing.handle(.httpAnswered(call.0, .failure(CallFailure(.refused))))
        for exchange in waiting { #expect(failing.answers[exchange]?.status == 504) }
        // The next one starts over.
        failing.holds = false
        #expect(try failing.grant().token.provider == "easemob")

        var refused = Rig()
        refused.canned = [HTTPResponseValue(status: 400, body: Array("{\"error\":\"invalid_grant\"}".utf8))]
        #expect(refused.error(.login("mia", "lantern-42")) == "502 provider_refused")
    }

    /// Proves EM-own-replace, EM-3-ban, EM-3-disconnect, EM-3-password.
    @Test("Kick, ban, unban and new token do what this provider has for them")
    func operating() throws {
        var rig = Rig()
        let grant = try rig.grant()
        let account = grant.token.account
        func logIn() -> LinkID {
            let link = rig.cloud.open()
            let token = rig.cloud.token(account)
            _ = rig.cloud.logIn(.easemob(account, token), on: link)
            return link
        }
        let first = logIn()
        #expect(rig.error(.kick(account: account, notify: nil)) == "none")
        #expect(rig.cloud.kicks(on: first) == [217])
        let second = logIn()
        #expect(rig.error(.ban(account: account, kick: false, notify: nil)) == "none")
        #expect(rig.cloud.kicks(on: second) == [305])
        #expect(rig.error(.token(session: grant.session)) == "502 provider_refused")
        #expect(rig.error(.unban(account: account)) == "none")
        let third = logIn()
        #expect(rig.error(.updateToken(account: account, token: nil)) == "none")
        #expect(rig.cloud.kicks(on: third) == [216])
        #expect(rig.code(grant.token) == 202)
        let fourth = logIn()
        #expect(rig.error(.refreshToken(account: account)) == "none")
        #expect(rig.cloud.kicks(on: fourth) == [216])
        let next = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get()
        #expect(rig.code(next) == 200)
        let typed = Secret("typed-1", kind: .token)
        #expect(rig.error(.updateToken(account: account, token: typed)) == "none")
        let word = EasemobGrant.password(username: account, Secret("typed-1", kind: .password))
        #expect(rig.cloud.error(.token(word, ttl: nil)) == "ok")
    }

    /// Proves EM-3-disconnect-one, EM-9-resource.
    @Test("One device is kicked by its resource, and the other one stays")
    func oneDevice() throws {
        var rig = Rig()
        let account = try rig.grant().token.account
        try rig.cloud.set("{\"devicePolicy\":3}")
        let phone = rig.cloud.logIn(account, .iOS, device: "d1").link
        let tablet = rig.cloud.logIn(account, .android, device: "d2").link
        #expect(rig.error(.kickDevice(account: account, deviceID: "d1", clientType: 2)) == "none")
        #expect(rig.calls.last == "DELETE /acme/demo/users/\(account)/disconnect/ios_d1")
        #expect((rig.cloud.kicks(on: phone), rig.cloud.kicks(on: tablet)) == ([217], []))
        #expect(rig.error(.kickDevice(account: "nobody", deviceID: "d2", clientType: 1)) == "404 unknown_account")
    }

    @Test("Names that are taken are refused, and a person who is bound takes an account over")
    func names() throws {
        var rig = Rig()
        _ = rig.ask(.register("olga", "secret", account: "olga-1"))
        #expect(rig.error(.register("pia", "secret", account: "OLGA-1")) == "502 provider_refused")
        #expect(rig.error(.register("pia", "secret", account: "ol ga")) == "400 bad_field")
        _ = rig.ask(.unbind(user: "olga"))
        #expect(rig.error(.bind(user: "olga", account: "olga-1")) == "none")
        #expect(rig.calls.last == "PUT /acme/demo/users/olga-1/password")
        #expect(try rig.grant("olga", "secret").token.account == "olga-1")
    }

    @Test("The console's settings are changed through the app server, in the provider's names too")
    func settings() throws {
        var rig = Rig()
        let own = try JSONValue(parsing: Array("{\"willExpirePercent\":50,\"devicePolicy\":2}".utf8))
        let patch = AppServerSettingsPatch(devicePolicy: 3, provider: own)
        let all = try AppServerSettings.parse(rig.ask(.changeSettings(patch))).get()
        #expect(all.devicePolicy == 3)
        #expect(all.provider["willExpirePercent"] == .integer(50))
        #expect(all.authTypes == [0, 1])
        let wrong = try JSONValue(parsing: Array("{\"wording\":\"old\"}".utf8))
        #expect(rig.error(.changeSettings(AppServerSettingsPatch(provider: wrong))) == "400 bad_field")
        #expect(rig.error(.changeSettings(AppServerSettingsPatch(devicePolicy: 4))) == "400 bad_field")
    }

    /// Proves EM-own-active, EM-own-console.
    @Test("The console lists the users, who is banned, and how many were active today")
    func console() throws {
        var rig = Rig()
        let grant = try rig.grant()
        _ = rig.ask(.register("olga", "secret", account: "olga-1"))
        _ = rig.ask(.ban(account: "olga-1", kick: true, notify: nil))
        #expect(rig.code(grant.token) == 200)
        let view = try ConsoleView.parse(rig.ask(.console)).get()
        #expect(view.accounts.count == 2)
        #expect(view.accounts.first { $0.account == "olga-1" }?.isBanned == true)
        #expect((view.accountTotal, view.bannedTotal, view.dailyActive) == (2, 1, 1))
        #expect(rig.error(.consoleAccount(account: "new-1")) == "none")
        #expect(try ConsoleView.parse(rig.ask(.console)).get().accountTotal == 3)
        // Tomorrow nobody was active yet, and a ceiling of one lets one in.
        try rig.cloud.set("{\"mostActiveUsers\":1}")
        rig.cloud.register("ann", "ben")
        #expect(rig.cloud.logIn("ann").code == 8)
        rig.cloud.now = rig.cloud.now + .seconds(86_400)
        #expect(rig.cloud.logIn("ann").code == 200)
        #expect(rig.cloud.logIn("ben").code == 8)
        #expect(rig.cloud.logIn("ann").code == 200)
    }
}
