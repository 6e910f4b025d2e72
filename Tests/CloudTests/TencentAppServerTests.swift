import Cloud
import LoginCore
import Providers
import Testing

/// The app server with Tencent's cloud behind it.
struct TencentAppServerTests {
    /// Both values, calls between them delivered at once.
    private struct Rig {
        static let operatorKey = Secret("key-of-the-operator", kind: .operatorKey)

        var server = AppServer(
            AppServerConfiguration(
                apps: [
                    ProviderApp(provider: "tencent", appKey: TencentRig.appKey, appSecret: AppSecret("example-key"))
                ],
                operatorKey: operatorKey, seed: 11, seedsPeople: true, webAPI: "", imLink: "", timeScale: 1),
            restoring: [])
        var cloud = TencentRig()
        private var exchanges = Counter<ExchangeID>()
        private var answers: [ExchangeID: HTTPResponseValue] = [:]

        mutating func ask(_ request: AppServerRequest) -> HTTPResponseValue {
            let exchange = exchanges.next()
            handle(.request(exchange, request.http(operatorKey: Self.operatorKey, cause: nil)))
            return answers[exchange] ?? HTTPResponseValue(status: 0)
        }

        private mutating func handle(_ event: CloudEvent) {
            for effect in server.handle(event, at: cloud.now) {
                switch effect {
                case .respond(let exchange, let response): answers[exchange] = response
                case .httpCall(let id, .webAPI, let request, _):
                    handle(.httpAnswered(id, .success(cloud.request(request))))
                case .httpCall, .send, .close, .startTimer, .cancelTimer, .save, .remove, .record: break
                }
            }
        }

        mutating func grant() throws -> AppServerGrant {
            try AppServerGrant.parse(ask(.login("mia", "lantern-42"))).get()
        }

        /// Logs in to messaging with the token of the app server.
        mutating func logIn(_ grant: TokenGrant, device: String = "phone") -> (link: LinkID, code: Int) {
            let link = cloud.open()
            let login = LinkLogin.tencent(grant.account, grant.token.reveal(for: .wire), device: device)
            return (link, cloud.logIn(login, on: link))
        }

        mutating func renewed(_ grant: AppServerGrant) throws -> TokenGrant {
            try TokenGrant.parse(ask(.token(session: grant.session))).get()
        }
    }

    @Test("The operator sees the console's accounts, and whom the app server banned")
    func console() throws {
        var rig = Rig()
        let grant = try rig.grant()
        _ = rig.ask(.consoleAccount(account: "walk-in"))
        _ = rig.ask(.ban(account: grant.token.account, kick: false, notify: nil))
        _ = rig.logIn(grant.token)
        let view = try ConsoleView.parse(rig.ask(.console)).get()
        let names = [grant.token.account, "walk-in"].sorted()
        #expect(view.accounts.map(\.account) == names)
        #expect(view.accounts.filter(\.isBanned).map(\.account) == [grant.token.account])
        #expect((view.accountTotal, view.bannedTotal, view.dailyActive) == (2, 1, 0))
    }

    /// Proves TC-1.1-renewal.
    @Test("A first app login imports an account and hands out a UserSig that ends and opens messaging")
    func firstLogin() throws {
        var rig = Rig()
        let grant = try rig.grant()
        #expect(grant.token.kind == .dynamic)
        #expect(grant.token.provider == "tencent")
        #expect(grant.token.expires == rig.cloud.now + .seconds(600))
        let item = TencentItem(userID: grant.token.account, isImported: true)
        #expect(rig.cloud.call(.check([grant.token.account])) == .checked([item]))
        #expect(rig.logIn(grant.token).code == 200)
        // It is renewed before it ends, and the new one is good for as long again.
        rig.cloud.advance(.seconds(480))
        let next = try rig.renewed(grant)
        #expect(next.expires == rig.cloud.now + .seconds(600))
        rig.cloud.advance(.seconds(121))
        #expect(rig.logIn(grant.token, device: "other").code == 70001)
        #expect(rig.logIn(next, device: "other").code == 200)
    }

    /// Proves TC-5-status, TC-5-querystate, TC-5-70107.
    @Test("The operator is told an account's presence in the provider's words, in each way to ask")
    func presence() throws {
        var rig = Rig()
        let grant = try rig.grant()
        let account = grant.token.account
        func text(_ status: String, _ terminals: String) -> String {
            #"{"account":"\#(account)","status":"\#(status)","terminals":[\#(terminals)]}"#
        }
        #expect(rig.ask(.presence(account: account, query: nil)).text == text("Offline", ""))
        #expect(rig.logIn(grant.token).code == 200)
        let terminal = #"{"platform":"iPhone","status":"Online"}"#
        #expect(rig.ask(.presence(account: account, query: nil)).text == text("Online", terminal))
        #expect(rig.ask(.presence(account: account, query: "query_online_status")).text == text("Online", terminal))
        // The older form tells of no terminals.
        #expect(rig.ask(.presence(account: account, query: "querystate")).text == text("Online", ""))
        for query in [nil, "querystate"] {
            let unknown = rig.ask(.presence(account: "nobody", query: query))
            #expect(unknown.status == 502)
            #expect(unknown.text.contains("70107"))
        }
        let wrong = rig.ask(.presence(account: account, query: "guess"))
        #expect(wrong.status == 400)
        #expect(wrong.text.contains("query must be query_online_status or querystate"))
    }

    @Test("Kick, ban, unban and new token do what this provider has for them")
    func operating() throws {
        var rig = Rig()
        let grant = try rig.grant()
        let account = grant.token.account
        let (link, _) = rig.logIn(grant.token)
        rig.cloud.advance(.seconds(2))
        #expect(rig.ask(.kick(account: account, notify: nil)).status == 200)
        #expect(rig.cloud.kicks(on: link) == [Tencent.kickedByServer])
        #expect(rig.logIn(grant.token).code == 70052)
        #expect(rig.logIn(try rig.renewed(grant)).code == 200)
        #expect(rig.ask(.ban(account: account, kick: false, notify: nil)).status == 200)
        #expect(rig.logIn(try rig.renewed(grant), device: "other").code == 70051)
        #expect(rig.ask(.unban(account: account)).status == 200)
        #expect(rig.logIn(try rig.renewed(grant), device: "other").code == 200)
        rig.cloud.advance(.seconds(2))
        #expect(rig.ask(.refreshToken(account: account)).status == 200)
        let later = try rig.renewed(grant)
        #expect(rig.logIn(grant.token).code == 70052)
        #expect(rig.logIn(later).code == 200)
    }

    /// Proves TC-5-delete.
    @Test("A deleted account is kicked and gone, and its person gets another one at the next need")
    func deletion() throws {
        var rig = Rig()
        let grant = try rig.grant()
        let account = grant.token.account
        let (link, _) = rig.logIn(grant.token)
        #expect(rig.ask(.deleteAccount(account: "nobody")).status == 404)
        #expect(rig.ask(.deleteAccount(account: account)).text == "{}")
        #expect(rig.cloud.kicks(on: link) == [Tencent.kickedByServer])
        #expect(rig.cloud.call(.check([account])) == .checked([TencentItem(userID: account, isImported: false)]))
        #expect(try Person.parseList(rig.ask(.people)).get().first?.account == nil)
        #expect(rig.ask(.deleteAccount(account: account)).status == 404)
        let next = try rig.renewed(grant)
        #expect(next.account != account)
        #expect(rig.logIn(next).code == 200)
    }

    @Test("A deletion that the provider refuses changes nothing here")
    func refusedDeletion() throws {
        var rig = Rig()
        let grant = try rig.grant()
        let account = grant.token.account
        // Deleted by somebody else: the provider knows the account no more.
        _ = rig.cloud.call(.delete([account]))
        let response = rig.ask(.deleteAccount(account: account))
        #expect(response.status == 502)
        #expect(AppServerError(parsing: response)?.code == 70107)
        #expect(try Person.parseList(rig.ask(.people)).get().first?.account == account)
    }

    @Test("Settings are the console's in the provider's own names, and what the provider lacks is refused")
    func settings() throws {
        var rig = Rig()
        let before = try AppServerSettings.parse(rig.ask(.settings)).get()
        #expect(before.tokenKind == .dynamic)
        #expect(before.provider["webInstances"]?.int == 1)
        var patch = AppServerSettingsPatch(devicePolicy: 4)
        patch.provider = .fields(["instances": .integer(2), "webhookURL": .string("http://127.0.0.1:1/")])
        let after = try AppServerSettings.parse(rig.ask(.changeSettings(patch))).get()
        #expect(after.devicePolicy == 4)
        #expect(after.provider["instances"]?.int == 2)
        #expect(rig.ask(.changeSettings(AppServerSettingsPatch(devicePolicy: 5))).status == 400)
        #expect(rig.ask(.changeSettings(AppServerSettingsPatch(tokenKind: .fixed))).status == 400)
        patch = AppServerSettingsPatch()
        patch.provider = .fields(["instances": .integer(7)])
        #expect(rig.ask(.changeSettings(patch)).status == 400)
        #expect(try AppServerSettings.parse(rig.ask(.settings)).get() == after)
    }

    @Test("An account of one person is not given to another, though the provider would import it twice")
    func taken() throws {
        var rig = Rig()
        #expect(rig.ask(.register("ann", "pw-ann-1", account: "ann")).status == 201)
        #expect(rig.ask(.register("bob", "pw-bob-1", account: "ann")).status == 409)
        #expect(rig.ask(.register("cy", "pw-cy-11", account: "小林")).status == 400)
    }

    @Test("An app server that is no admin any more is told so")
    func noAdmin() throws {
        var rig = Rig()
        try rig.cloud.set(#"{"admins":["root"]}"#)
        let response = rig.ask(.login("mia", "lantern-42"))
        #expect(response.status == 502)
        #expect(response.text.contains("60010"))
    }

    /// Proves TC-own-body-size.
    @Test("The largest import fits, escaped as clients like it, and its hundred accounts are made")
    func largestImport() {
        var rig = TencentRig()
        let text = String(repeating: "\u{e9}", count: 512)
        let accounts = (0..<100).map { TencentImport(userID: "user-\($0)", nick: text, faceURL: text) }
        let command = TencentCommand.importAccounts(accounts, isOlder: false)
        let request = command.http(
            credentials: TencentCredentials(sdkAppID: "1", identifier: "a", userSig: Secret("x", kind: .token)),
            random: 0, cause: nil)
        #expect(request.body.count > 200_000)
        #expect(request.body.count * 3 < ProviderClouds.longestBody)  // six bytes for each letter of two
        #expect(rig.call(command) == .imported(failed: []))
    }

    /// Proves TC-own-body-size.
    @Test(
        "What never reaches the cloud is refused in the provider's form",
        arguments: [(ListenerRefusal.tooLarge, 60008), (.foreignHost, 60021)])
    func refusals(reason: ListenerRefusal, code: Int) {
        let request = HTTPRequestValue(method: "POST", path: "/v4/openim/querystate")
        let text = ProviderClouds.refusal(of: request, reason).text
        #expect(text.hasPrefix(#"{"ActionStatus":"FAIL","ErrorCode":\#(code),"#))
        #expect(ProviderClouds.longestBody == 1_048_576)
    }
}
