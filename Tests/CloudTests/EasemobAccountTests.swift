import Cloud
import LoginCore
import Providers
import Testing

/// Accounts, and who may call the web API (easemob.md §1.3, §2, §3).
struct EasemobAccountTests {
    private static func body(_ response: HTTPResponseValue) -> JSONValue {
        (try? JSONValue(parsing: response.body)) ?? .null
    }

    private static func names(_ value: JSONValue?) -> [String] { value?.members?.map(\.name) ?? [] }

    /// Proves EM-3-register, EM-3-get, EM-2-case, EM-3-delete, EM-3-unban, EM-3-ban, EM-3-password.
    @Test("A user's life: each step answers in the documents' shape")
    func shapes() {
        var rig = EasemobRig()
        let registered = Self.body(
            rig.raw(
                .register(
                    [EasemobRegistration(username: "Ann", password: Secret("x", kind: .password), nickname: "A")],
                    isList: false)))
        #expect(registered["action"]?.text == "post")
        #expect(registered["path"]?.text == "/users")
        #expect(registered["organization"]?.text == "acme")
        #expect(registered["applicationName"]?.text == "demo")
        #expect(registered["duration"] == .integer(0))
        let entity = registered["entities"]?.array?.first
        #expect(entity?["username"]?.text == "ann")
        #expect(entity?["activated"] == .bool(true))
        #expect(entity?["nickname"]?.text == "A")

        let found = Self.body(rig.raw(.get("ANN")))
        #expect(found["count"] == .integer(1))
        #expect(found["entities"]?.array == [entity].compactMap { $0 })

        let password = Self.body(rig.raw(.changePassword("ann", Secret("y", kind: .password))))
        #expect(Self.names(password) == ["action", "duration", "timestamp"])
        #expect(password["action"]?.text == "set user password")

        let banned = Self.body(rig.raw(.deactivate("ann")))
        #expect(banned["action"]?.text == "Deactivate user")
        #expect(banned["entities"]?.array?.first?["activated"] == .bool(false))
        #expect(Self.names(banned) == ["action", "duration", "entities", "timestamp"])
        let freed = Self.body(rig.raw(.activate("ann")))
        #expect(freed["action"]?.text == "activate user")
        #expect(Self.names(freed) == ["action", "duration", "timestamp"])

        let deleted = Self.body(rig.raw(.delete("ann")))
        #expect(deleted["action"]?.text == "delete")
        #expect(deleted["entities"]?.array?.first?["username"]?.text == "ann")
        #expect(rig.error(.get("ann")) == "404 service_resource_not_found: Service resource not found")
    }

    /// Proves EM-2-length, EM-2-characters, EM-2-password, EM-3-duplicate, EM-3-no-password, EM-3-no-name,
    /// EM-own-names-first.
    @Test("A registration that is wrong is refused in its words, a missing name before all else")
    func registrations() {
        var rig = EasemobRig()
        rig.register("ann")
        func error(_ name: String?, _ password: String?) -> String {
            let user = EasemobRegistration(
                username: name, password: password.map { Secret($0, kind: .password) })
            return rig.error(.register([user], isList: false))
        }
        #expect(error(nil, nil) == "400 illegal_argument: Entity user requires a property named username")
        #expect(error("", "x") == "400 illegal_argument: Entity user requires a property named username")
        #expect(error("a b", nil) == "400 illegal_argument: username [a b] is not legal")
        #expect(error(String(repeating: "a", count: 65), nil) == "400 illegal_argument: USERNAME_TOO_LONG")
        #expect(error("ann", nil) == "400 illegal_argument: password or pin must provided")
        #expect(error("ben", "") == "400 illegal_argument: password or pin must provided")
        #expect(error("ben", String(repeating: "p", count: 65)).hasPrefix("400 illegal_argument"))
        #expect(error("ANN", "x").hasPrefix("400 duplicate_unique_property_exists: Application "))
        #expect(error("ben", String(repeating: "p", count: 64)) == "ok")
        #expect(error(String(repeating: "a", count: 64), "1") == "ok")
        #expect(error("A-z_0.9", "1") == "ok")
    }

    /// Proves EM-2-batch, EM-3-register-many.
    @Test("A list registers whom it can, or nobody in the words of 2023")
    func lists() throws {
        var rig = EasemobRig()
        rig.register("ann")
        let list = EasemobCommand.register([.user("ann"), .user("ben"), .user("ben"), .user("cid")], isList: true)
        try rig.set("{\"wording\":\"2023\"}")
        #expect(rig.error(list).hasPrefix("400 duplicate_unique_property_exists"))
        #expect(rig.error(.get("cid")).hasPrefix("404"))
        try rig.set("{\"wording\":\"current\"}")
        let response = rig.raw(list)
        #expect(
            Self.body(response)["data"]?.array?.first?["registerUserFailReason"]?.text == "the ann already exists")
        guard case .registered(let users, let failed) = EasemobAnswer.parse(response, to: list) else {
            Issue.record("not registered")
            return
        }
        #expect(users.map(\.username) == ["ben", "cid"])
        #expect(failed == ["ann", "ben"])
        let many = (0..<61).map { EasemobRegistration.user("u\($0)") }
        #expect(rig.error(.register(many, isList: true)).hasPrefix("400 illegal_argument"))
        #expect(rig.error(.register(Array(many.prefix(60)), isList: true)) == "ok")
    }

    /// Proves EM-3-unknown, EM-3-no-newpassword, EM-own-offline-user.
    @Test("An unknown user is answered differently by each call")
    func unknown() {
        var rig = EasemobRig()
        let notFound = "404 service_resource_not_found: Service resource not found"
        for command in [EasemobCommand.get("eve"), .delete("eve"), .deactivate("eve"), .activate("eve")] {
            #expect(rig.error(command) == notFound, "\(command)")
        }
        let password = EasemobCommand.changePassword("eve", Secret("x", kind: .password))
        #expect(rig.error(password) == "404 entity_not_found: User null not found")
        #expect(
            rig.error(.changePassword("eve", Secret("", kind: .password)))
                == "400 illegal_argument: newpassword is required")
        #expect(rig.ask(.disconnect("eve")) == .disconnected)
        #expect(rig.ask(.status("eve")) == .status("eve", isOnline: false))
    }

    struct Bearer: CustomTestStringConvertible {
        let token: Kind
        let wording: String
        let answer: String
        var testDescription: String { "\(token), \(wording)" }

        enum Kind {
            case absent, expired, malformed, users, foreign
        }
    }

    private static let expired = "Unable to authenticate due to expired access token"
    private static let corrupt = "401 auth_bad_access_token: Unable to authenticate due to corrupt access token"
    private static let bearers = [
        Bearer(token: .absent, wording: "current", answer: "401 unauthorized: Unable to authenticate (OAuth)"),
        Bearer(token: .expired, wording: "current", answer: "401 unauthorized: Unable to authenticate (OAuth)"),
        Bearer(token: .absent, wording: "2023", answer: "401 unauthorized: \(expired)"),
        Bearer(token: .expired, wording: "2023", answer: "401 unauthorized: \(expired)"),
        Bearer(token: .expired, wording: "2014", answer: "401 expired_token: \(expired)"),
        Bearer(token: .malformed, wording: "current", answer: corrupt),
        Bearer(token: .users, wording: "current", answer: corrupt),
        Bearer(token: .foreign, wording: "current", answer: "401 auth_bad_access_token: Unable to authenticate"),
    ]

    /// Proves EM-1.3-expired, EM-1.3-expired-2023, EM-1.3-expired-2014, EM-1.3-corrupt, EM-1.3-foreign, EM-own-token-form.
    @Test("Whoever calls without an app token that holds is told why", arguments: bearers)
    func bearer(row: Bearer) throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"wording\":\"\(row.wording)\"}")
        guard case .appToken(let short, _) = rig.ask(.token(.client, ttl: 1)) else { return }
        rig.now = rig.now + .seconds(1)
        let token: Secret? =
            switch row.token {
            case .absent: nil
            case .expired: short
            case .malformed: Secret("YWMtnothing", kind: .token)
            case .users: rig.token("ann")
            case .foreign:
                rig.appToken.map { token in
                    let text = token.reveal(for: .wire)
                    return Secret(text.dropLast() + (text.last == "A" ? "B" : "A"), kind: .token)
                }
            }
        #expect(rig.error(.get("ann"), bearer: .some(token)) == row.answer)
        #expect(rig.error(.get("ann")) == "ok")
    }

    /// Proves EM-own-dynamic-void, EM-3-password, EM-own-void-for-good.
    @Test("A void token stays void when its user is deleted and made anew, after a restart as well")
    func voidForGood() {
        var rig = EasemobRig()
        rig.register("ann")
        let signed = EasemobRig.mint.dynamicToken(for: "ann", at: rig.now, lifetime: .seconds(600))
        let issued = rig.token("ann")
        rig.advance(.seconds(5))
        rig.ask(.changePassword("ann", Secret("pass-2", kind: .password)))
        rig.ask(.delete("ann"))
        var after = rig.restarted()
        #expect(after.cloud.restoreProblems == [])
        rig.register("ann")
        after.register("ann")
        for token in [signed, issued] {
            #expect(rig.code(.easemob("ann", token)) == 202)
            #expect(after.code(.easemob("ann", token)) == 202)
        }
        #expect(rig.logIn("ann").code == 200)
        #expect(after.logIn("ann").code == 200)
    }

    /// Proves EM-3-password, EM-own-void-for-good.
    @Test("A token of the endpoint stays void even when all happens in one instant")
    func voidAtOnce() {
        var rig = EasemobRig()
        rig.register("ann")
        let issued = rig.token("ann")
        rig.ask(.changePassword("ann", Secret("pass-2", kind: .password)))
        rig.ask(.delete("ann"))
        rig.register("ann")
        #expect(rig.code(.easemob("ann", issued)) == 202)
        #expect(rig.logIn("ann").code == 200)
    }

    /// Proves EM-1.3-registration.
    @Test("Without an app token only an app with open registration takes users")
    func openRegistration() throws {
        var rig = EasemobRig()
        let command = EasemobCommand.register([.user("ann")], isList: false)
        #expect(
            rig.error(command, bearer: .some(nil))
                == "401 unauthorized: Open registration doesn't allow, so register user need token,")
        #expect(rig.error(command, bearer: Secret("junk", kind: .token)).hasPrefix("401 unauthorized"))
        try rig.set("{\"wording\":\"2023\"}")
        #expect(
            rig.error(command, bearer: .some(nil))
                == "401 unauthorized: registration is not open, please contact the app admin")
        try rig.set("{\"openRegistration\":true}")
        #expect(rig.error(command, bearer: .some(nil)) == "ok")
        #expect(rig.error(.get("ann"), bearer: .some(nil)).hasPrefix("401"))
    }

    /// Proves EM-own-api-order.
    @Test("The app comes before the disabled app, that before the token, the token before the body")
    func order() throws {
        var rig = EasemobRig()
        func answer(_ path: String, _ body: String, isAdmin: Bool) -> Int {
            var headers: [HTTPHeader] = []
            if isAdmin, let token = rig.appToken { headers.append(EasemobCaller.authorization(token)) }
            return rig.request(
                HTTPRequestValue(method: "PUT", path: path, headers: headers, body: Array(body.utf8))
            ).status
        }
        let path = "/acme/demo/users/ann/password"
        #expect(answer("/acme/nope/users/ann/password", "{", isAdmin: false) == 404)
        #expect(answer(path, "{", isAdmin: false) == 401)
        #expect(answer(path, "{", isAdmin: true) == 400)
        try rig.set("{\"serviceForbidden\":true}")
        #expect(answer("/acme/nope/users/ann/password", "{", isAdmin: false) == 404)
        #expect(answer(path, "{", isAdmin: false) == 403)
    }

    /// Proves EM-own-console.
    @Test("The console's settings are read and changed by who has an app token, and wrong ones change nothing")
    func console() throws {
        var rig = EasemobRig()
        #expect(rig.ask(.consoleSettings) == .settings(EasemobConsoleSettings()))
        #expect(rig.error(.consoleSettings, bearer: .some(nil)).hasPrefix("401"))
        try rig.set("{\"devicePolicy\":3,\"willExpirePercent\":50}")
        var expected = EasemobConsoleSettings()
        expected.devicePolicy = 3
        expected.willExpirePercent = 50
        #expect(rig.ask(.consoleSettings) == .settings(expected))
        let path = "/console/easemob/settings"
        let headers = rig.appToken.map { [EasemobCaller.authorization($0)] } ?? []
        for wrong in [
            "{\"devicePolicy\":4}", "{\"devicesPerPlatform\":0}", "{\"wording\":\"old\"}",
            "{\"willExpirePercent\":100}",
            "{\"tokenLifetime\":-1}", "[]",
        ] {
            let request = HTTPRequestValue(method: "PUT", path: path, headers: headers, body: Array(wrong.utf8))
            #expect(rig.request(request).status == 400, "\(wrong)")
        }
        #expect(rig.ask(.consoleSettings) == .settings(expected))
    }

    /// Proves EM-3-status, EM-3-batch-status, EM-3-resources, EM-9-resource.
    @Test("Statuses and devices are those of the sessions")
    func statuses() {
        var rig = EasemobRig()
        rig.register("ann", "ben")
        #expect(!rig.isOnline("ann"))
        let (link, code) = rig.logIn("ann", .android, device: "d1")
        #expect(code == 200)
        #expect(rig.isOnline("ann"))
        #expect(
            rig.ask(.batchStatus(["ann", "ben", "eve"]))
                == .statuses([
                    .init("ann", isOnline: true), .init("ben", isOnline: false), .init("eve", isOnline: false),
                ]))
        let device = EasemobResource(name: "android_d1", deviceID: "d1", deviceName: "Android")
        #expect(rig.ask(.resources("ann")) == .resources([device]))
        let names = (0..<101).map { "u\($0)" }
        #expect(rig.error(.batchStatus(names)).hasPrefix("400"))
        rig.drop(link)
        #expect(!rig.isOnline("ann"))
        #expect(rig.ask(.resources("ann")) == .resources([]))
    }
}
