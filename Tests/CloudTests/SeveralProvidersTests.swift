import Cloud
import LoginCore
import Providers
import Testing

/// One app server with the clouds of all providers behind it.
struct SeveralProvidersTests {
    /// All values of a backend; calls between them are delivered at once, by the owner of their path.
    private struct Rig {
        static let operatorKey = Secret("key-of-the-operator", kind: .operatorKey)

        var server: AppServer
        var clouds: [String: any ProviderCloud]
        var store: [String: DurableRecord]
        var now = CloudRig.start
        private var exchanges = Counter<ExchangeID>()
        private var answers: [ExchangeID: HTTPResponseValue] = [:]

        init(first: String = "commsease", restoring records: [DurableRecord] = []) throws {
            let ids = [first] + ProviderClouds.ids.filter { $0 != first }
            let apps = ids.map { id in
                let app = ProviderClouds.newApp(provider: id) { String(repeating: "a5", count: $0) }
                return ProviderApp(provider: id, appKey: app.key, appSecret: AppSecret(app.secret))
            }
            let setup = BackendSetup(
                apps: apps, operatorKey: Self.operatorKey, seed: 11, seedsPeople: true, appServer: "", webAPI: "",
                imLink: "", timeScale: 1)
            let pair = try #require(setup.make(restoring: records))
            server = pair.appServer
            clouds = Dictionary(uniqueKeysWithValues: zip(ids, pair.clouds))
            store = Dictionary(uniqueKeysWithValues: records.map { ("\($0.collection)/\($0.key)", $0) })
        }

        var records: [DurableRecord] { store.keys.sorted().compactMap { store[$0] } }

        mutating func ask(_ request: AppServerRequest, _ provider: String? = nil) -> HTTPResponseValue {
            let exchange = exchanges.next()
            let value = request.http(operatorKey: Self.operatorKey, cause: nil, provider: provider)
            run(server.handle(.request(exchange, value), at: now))
            return answers[exchange] ?? HTTPResponseValue(status: 0)
        }

        mutating func grant(_ provider: String? = nil, user: String = "mia") throws -> AppServerGrant {
            try AppServerGrant.parse(ask(.login(user, "lantern-42"), provider)).get()
        }

        mutating func person(_ provider: String, _ user: String = "mia") throws -> Person {
            let people = try Person.parseList(ask(.people, provider)).get()
            return try #require(people.first { $0.user == user })
        }

        private mutating func run(_ effects: [CloudEffect]) {
            for effect in effects {
                switch effect {
                case .respond(let exchange, let response): answers[exchange] = response
                case .httpCall(let id, .webAPI, let request, _):
                    run(server.handle(.httpAnswered(id, .success(answer(request))), at: now))
                default: keep(effect)
                }
            }
        }

        /// What the web API answers.
        private mutating func answer(_ request: HTTPRequestValue) -> HTTPResponseValue {
            var response = HTTPResponseValue(status: 0)
            guard let owner = ProviderClouds.owner(ofPath: request.path) else { return response }
            for effect in clouds[owner]?.handle(.request(exchanges.next(), request), at: now) ?? [] {
                if case .respond(_, let found) = effect { response = found } else { keep(effect) }
            }
            return response
        }

        private mutating func keep(_ effect: CloudEffect) {
            switch effect {
            case .save(let record): store["\(record.collection)/\(record.key)"] = record
            case .remove(let collection, let key): store["\(collection)/\(key)"] = nil
            default: break
            }
        }
    }

    @Test("A person has one account with each provider, made at the first need of it")
    func accounts() throws {
        var rig = try Rig()
        var accounts: [String] = []
        for provider in ProviderClouds.ids {
            #expect(try rig.person(provider).account == nil)
            let grant = try rig.grant(provider)
            #expect(grant.token.provider == provider)
            #expect(try rig.grant(provider).token.account == grant.token.account)
            accounts.append(grant.token.account)
        }
        #expect(Set(accounts).count == 3)
        for (provider, account) in zip(ProviderClouds.ids, accounts) {
            #expect(try rig.person(provider).account == account)
        }
    }

    @Test("Who names no provider means the first one", arguments: ProviderClouds.ids)
    func silent(first: String) throws {
        var rig = try Rig(first: first)
        #expect(try rig.grant().token.provider == first)
        #expect(try Discovery.parse(rig.ask(.discovery)).get().providers.first == first)
        #expect(try Person.parseList(rig.ask(.people)).get().first?.account == rig.person(first).account)
    }

    @Test("An app session brings its own provider's tokens, and another's for the asking")
    func sessions() throws {
        var rig = try Rig()
        let grant = try rig.grant("tencent")
        let own = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get()
        let other = try TokenGrant.parse(rig.ask(.token(session: grant.session), "easemob")).get()
        #expect(own.provider == "tencent" && own.account == grant.token.account)
        #expect(other.provider == "easemob" && other.account != own.account)
    }

    @Test("A ban, an unbinding and a deletion are about one provider's account")
    func apart() throws {
        var rig = try Rig()
        for provider in ProviderClouds.ids { _ = try rig.grant(provider) }
        let easemob = try #require(try rig.person("easemob").account)
        let tencent = try #require(try rig.person("tencent").account)
        #expect(rig.ask(.ban(account: easemob, kick: true, notify: nil), "easemob").status == 200)
        #expect(rig.ask(.ban(account: easemob, kick: true, notify: nil), "tencent").status == 404)
        #expect(try rig.person("easemob").isBanned)
        #expect(try !rig.person("commsease").isBanned && !rig.person("tencent").isBanned)
        #expect(rig.ask(.unbind(user: "mia"), "commsease").status == 200)
        #expect(rig.ask(.deleteAccount(account: tencent), "tencent").status == 200)
        #expect(try rig.person("commsease").account == nil && rig.person("tencent").account == nil)
        #expect(try rig.person("easemob").account == easemob)
    }

    @Test("Settings are each provider's own")
    func settings() throws {
        var rig = try Rig()
        let patch = AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(77), devicePolicy: 2)
        let changed = try AppServerSettings.parse(rig.ask(.changeSettings(patch), "easemob")).get()
        #expect(changed.tokenLifetime == .seconds(77) && changed.devicePolicy == 2)
        var again = try Rig(restoring: rig.records)
        for provider in ProviderClouds.ids {
            let lives = try AppServerSettings.parse(again.ask(.settings, provider)).get().tokenLifetime
            #expect(lives == .seconds(provider == "easemob" ? 77 : 600))
        }
    }

    @Test("A provider that is not there is a wrong field, and never the first provider")
    func unknown() throws {
        var rig = try Rig()
        for request in [AppServerRequest.login("mia", "lantern-42"), .people, .settings] {
            let error = try #require(AppServerError(parsing: rig.ask(request, "nobody")))
            #expect(error.status == 400 && error.name == "bad_field")
        }
    }

    @Test("What is saved brings everything back, sessions with their provider")
    func restored() throws {
        var rig = try Rig()
        let grants = try ProviderClouds.ids.map { try rig.grant($0) }
        var again = try Rig(restoring: rig.records)
        #expect(again.server.restoreProblems.isEmpty)
        for grant in grants {
            let renewed = try TokenGrant.parse(again.ask(.token(session: grant.session))).get()
            #expect(renewed.provider == grant.token.provider && renewed.account == grant.token.account)
        }
    }

    /// The records of an app server that knew one provider, as it wrote them.
    @Test("State of one provider is read: its accounts go to whose cloud knows them", arguments: ProviderClouds.ids)
    func migrated(provider: String) throws {
        var before = try Rig(first: provider)
        let grant = try before.grant()
        let old = try before.records.map { try record(asBefore: $0, provider: provider) }
        #expect(old.contains { String(decoding: $0.value, as: UTF8.self).contains(#""account":"#) })
        // Another provider is the first one now.
        let first = try #require(ProviderClouds.ids.first { $0 != provider })
        var after = try Rig(first: first, restoring: old)
        #expect(after.server.restoreProblems.isEmpty)
        #expect(try after.person(provider).account == grant.token.account)
        #expect(try after.person(first).account == nil)
        #expect(try after.grant(provider).token.account == grant.token.account)
        #expect(try TokenGrant.parse(after.ask(.token(session: grant.session))).get().provider == first)
    }

    /// A record as an app server with one provider wrote it.
    private func record(asBefore record: DurableRecord, provider: String) throws -> DurableRecord {
        guard ["app/people", "app/sessions"].contains(record.collection) else { return record }
        var members = try #require(try JSONValue(parsing: record.value).members)
        let account = members.first { $0.name == "accounts" }?.value[provider]
        members.removeAll { ["accounts", "provider"].contains($0.name) }
        if record.collection == "app/people" {
            members.append(JSONMember("banned", account?["banned"] ?? .bool(false)))
            if let name = account?["name"] { members.append(JSONMember("account", name)) }
            if let token = account?["token"] { members.append(JSONMember("token", token)) }
        }
        let value = JSONValue.object(members).encoded()
        return DurableRecord(collection: record.collection, key: record.key, value: value)
    }

    @Test(
        "A path of the web API is one provider's, or nobody's",
        arguments: [
            ("/nimserver/user/create.action", "commsease"), ("/im/v2/accounts/a/actions/kick", "commsease"),
            ("/console/commsease/settings", "commsease"), ("/v4/im_open_login_svc/kick", "tencent"),
            ("/console/tencent/settings", "tencent"), ("/org/app/token", "easemob"),
            ("/org/app/users/ann/disconnect", "easemob"), ("/console/easemob/settings", "easemob"),
            ("/", nil), ("/console/nobody/settings", nil), ("/org/app", nil),
        ] as [(String, String?)])
    func paths(path: String, owner: String?) {
        #expect(ProviderClouds.owner(ofPath: path) == owner)
    }
}
