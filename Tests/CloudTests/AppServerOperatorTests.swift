import Cloud
import LoginCore
import Providers
import Testing

/// The operator's side of the contract.
struct AppServerOperatorTests {
    static let commands: [AppServerRequest] = [
        .ban(account: "nobody", kick: false, notify: nil), .unban(account: "nobody"),
        .kick(account: "nobody", notify: nil), .updateToken(account: "nobody", token: nil),
        .refreshToken(account: "nobody"),
    ]
    static let all: [AppServerRequest] =
        commands + [
            .deleteAccount(account: "nobody"), .kickDevice(account: "nobody", deviceID: "d", clientType: 0),
            .presence(account: "nobody", query: nil), .people, .settings, .changeSettings(AppServerSettingsPatch()),
        ]

    @Test("Without the operator key, or with another, nothing happens", arguments: all)
    func key(request: AppServerRequest) {
        var rig = BackendRig()
        for key in [nil, "", "wrong", "key-of-the-operato", "key-of-the-operatorx"] as [String?] {
            let exchange = rig.begin(
                request.http(operatorKey: key.map { Secret($0, kind: .operatorKey) }, cause: nil))
            let response = rig.answers[exchange] ?? HTTPResponseValue(status: 0)
            #expect(AppServerError(parsing: response)?.name == "operator_only" && response.status == 401)
        }
        #expect(rig.callCount == 0)
    }

    @Test(
        "Whatever else is wrong with a request to the operator, the key is asked for first",
        arguments: [
            ("POST", "/operator/ban", "{}"), ("POST", "/operator/ban", "not json"), ("PUT", "/operator/ban", ""),
            ("POST", "/operator/nothing", "{}"), ("GET", "/operator/people?x=1", ""),
        ])
    func keyFirst(method: String, path: String, body: String) {
        var rig = BackendRig()
        let exchange = rig.begin(HTTPRequestValue(method: method, path: path, body: Array(body.utf8)))
        let response = rig.answers[exchange] ?? HTTPResponseValue(status: 0)
        #expect(AppServerError(parsing: response)?.name == "operator_only" && response.status == 401)
    }

    @Test("An account that the app server does not know is not sent on", arguments: commands)
    func unknownAccount(request: AppServerRequest) {
        var rig = BackendRig()
        rig.provider.create("nobody", token: "made by hand")
        #expect(rig.error(request) == "404 unknown_account")
        #expect(rig.callCount == 0)
    }

    @Test("A provider is not asked for what it does not have")
    func notOffered() throws {
        var rig = BackendRig()
        let account = try rig.logIn("mia", "lantern-42").get().token.account
        let calls = rig.callCount
        #expect(rig.error(.deleteAccount(account: account)) == "501 not_offered")
        #expect(
            rig.error(.kickDevice(account: account, deviceID: "phone", clientType: 2)) == "501 not_offered")
        #expect(rig.callCount == calls)
        #expect(try Person.parseList(rig.ask(.people)).get().first?.account == account)
    }

    @Test("A ban, a ban with kick, an unban and a kick reach the provider")
    func banAndKick() throws {
        var rig = BackendRig()
        let grant = try rig.logIn("mia", "lantern-42").get()
        let account = grant.token.account
        let login = LinkLogin.of(account, grant.token.token.reveal(for: .wire))
        let first = rig.provider.logIn(login).link
        #expect(rig.ask(.ban(account: account, kick: false, notify: nil)).text == "{}")
        #expect(rig.provider.closed.isEmpty && rig.provider.logIn(login).code == 422)
        #expect(try Person.parseList(rig.ask(.people)).get().map(\.isBanned) == [true, false, false])
        #expect(rig.ask(.ban(account: account, kick: true, notify: "go")).text == "{}")
        #expect(rig.provider.kicks(on: first) == [KickNotice(reason: 2, text: "go", clientType: 0)])
        #expect(rig.ask(.unban(account: account.uppercased())).text == "{}")
        let second = rig.provider.logIn(login)
        #expect(second.code == 200)
        #expect(rig.ask(.kick(account: account, notify: "bye")).text == "{}")
        #expect(rig.provider.kicks(on: second.link) == [KickNotice(reason: 2, text: "bye", clientType: 0)])
        #expect(try Person.parseList(rig.ask(.people)).get().map(\.isBanned) == [false, false, false])
    }

    @Test("A token that was replaced or refreshed is the one handed out from then on")
    func tokens() throws {
        var rig = BackendRig()
        let grant = try rig.logIn("mia", "lantern-42").get()
        let account = grant.token.account
        var seen = [grant.token.token.reveal(for: .wire)]
        let commands: [AppServerRequest] = [
            .updateToken(account: account, token: Secret("typed", kind: .token)),
            .updateToken(account: account, token: nil), .refreshToken(account: account),
        ]
        for command in commands {
            #expect(rig.ask(command).text == "{}")
            let token = try TokenGrant.parse(rig.ask(.token(session: grant.session))).get().token.reveal(for: .wire)
            #expect(!seen.contains(token))
            for old in seen { #expect(rig.provider.logIn(.of(account, old)).code == 302) }
            #expect(rig.provider.logIn(.of(account, token)).code == 200)
            seen.append(token)
        }
        #expect(seen[1] == "typed")
    }

    @Test("Settings are read and changed at both keepers, all or nothing")
    func settings() throws {
        var rig = BackendRig()
        var console = CommsEaseConsoleSettings()
        // Read back, members stand in the order of their names.
        var kept = try JSONValue(parsing: console.json.encoded())
        #expect(try AppServerSettings.parse(rig.ask(.settings)).get() == AppServerSettings(provider: kept))
        let patch = AppServerSettingsPatch(
            tokenKind: .dynamic, tokenLifetime: .seconds(60), sessionLifetime: .seconds(90), devicePolicy: 2,
            authTypes: [2, 0], loginCallback: true, provider: .fields(["rateLimit": .integer(7)]))
        console.devicePolicy = 2
        console.authTypes = [0, 2]
        console.loginCallback = CommsEaseConsoleSettings.ownAppServer
        console.rateLimit = 7
        kept = try JSONValue(parsing: console.json.encoded())
        let changed = AppServerSettings(
            tokenKind: .dynamic, tokenLifetime: .seconds(60), sessionLifetime: .seconds(90), devicePolicy: 2,
            authTypes: [0, 2], loginCallback: true, provider: kept)
        #expect(try AppServerSettings.parse(rig.ask(.changeSettings(patch))).get() == changed)
        #expect(try AppServerSettings.parse(rig.ask(.settings)).get() == changed)
        let wrong = AppServerSettingsPatch(devicePolicy: 1, provider: .fields(["rateLimit": .integer(-1)]))
        #expect(rig.error(.changeSettings(wrong)) == "400 bad_field")
        // A console that does not answer leaves everything as it was.
        let exchange = rig.begin(.changeSettings(AppServerSettingsPatch(tokenKind: .fixed, devicePolicy: 1)))
        rig.fail(.failure(CallFailure(.timedOut)))
        #expect(rig.answers[exchange]?.status == 504)
        #expect(try AppServerSettings.parse(rig.ask(.settings)).get() == changed)
        #expect(try rig.logIn("mia", "lantern-42").get().sessionExpires == rig.now + .seconds(90))
    }

    @Test(
        "A provider that refuses is a 502 with its words, one that cannot be reached a 504",
        arguments: [CloseCause.refused, .timedOut, .linkClosed])
    func failures(cause: CloseCause) throws {
        var rig = BackendRig()
        let account = try rig.logIn("mia", "lantern-42").get().token.account
        let before = rig.store
        for command in [
            AppServerRequest.ban(account: account, kick: true, notify: nil), .refreshToken(account: account),
        ] {
            let unreachable = rig.begin(command)
            rig.fail(.failure(CallFailure(cause)))
            #expect(rig.answers[unreachable].flatMap { AppServerError(parsing: $0) }?.name == "provider_unreachable")
            #expect(rig.answers[unreachable]?.status == 504)
            let refused = rig.begin(command)
            rig.fail(.success(CommsEaseAPIError(code: 416, desc: "too often").http(.v1, cause: nil)))
            let error = rig.answers[refused].flatMap { AppServerError(parsing: $0) }
            #expect(error?.status == 502 && error?.name == "provider_refused")
            #expect(error?.code == 416 && error?.desc == "too often")
            let garbled = rig.begin(command)
            rig.fail(.success(HTTPResponseValue(status: 500, body: Array("<html>".utf8))))
            #expect(rig.answers[garbled]?.status == 502)
        }
        #expect(rig.store == before)
    }

    @Test("Answers to calls that nobody waits for do nothing")
    func strangers() {
        var rig = BackendRig()
        rig.handle(.httpAnswered(OutgoingID(99), .success(HTTPResponseValue(status: 200))))
        rig.handle(.frame(LinkID(1), [1, 2, 3]))
        rig.handle(.linkOpened(LinkID(1), clientAddress: "127.0.0.1"))
        rig.handle(.linkClosed(LinkID(1), .refused))
        rig.handle(.timerFired(TimerID(1)))
        #expect(rig.transcript.isEmpty && rig.store.isEmpty && rig.answers.isEmpty)
    }

    @Test("A request's answer can be traced through the web API and back")
    func causes() throws {
        var rig = BackendRig()
        let start = EntryID(lane: "A", number: 4)
        let exchange = rig.begin(AppServerRequest.login("mia", "lantern-42").http(operatorKey: nil, cause: start))
        rig.deliverAll()
        var entries: [EntryID: TranscriptEntry] = [:]
        for entry in rig.transcript + rig.provider.transcript { entries[entry.id] = entry }
        var path: [String] = []
        var next = rig.answers[exchange]?.values(of: HTTPHeader.causeName).first.flatMap { EntryID($0) }
        while let id = next, let entry = entries[id] {
            path.append("\(entry.lane): \(entry.title)")
            next = entry.cause
        }
        #expect(next == start)
        #expect(
            path == [
                "app server: POST /login → 200", "app server: web API: create account",
                "web API: POST /user/create.action → 200", "web API: POST /user/create.action",
                "app server: web API: create account", "app server: POST /login",
            ])
    }
}
