import Cloud
import LoginCore
import Providers
import Testing

/// The token endpoint (easemob.md §1).
struct EasemobTokenEndpointTests {
    private static func body(_ response: HTTPResponseValue) -> JSONValue {
        (try? JSONValue(parsing: response.body)) ?? .null
    }

    private static func post(
        _ body: String, path: String = "/acme/demo/token", type: String? = "application/json", bearer: Secret? = nil
    ) -> HTTPRequestValue {
        var headers = type.map { [HTTPHeader("Content-Type", $0)] } ?? []
        if let bearer { headers.append(EasemobCaller.authorization(bearer)) }
        return HTTPRequestValue(method: "POST", path: path, headers: headers, body: Array(body.utf8))
    }

    /// Proves EM-1-client-credentials, EM-1-password, EM-1-inherit, EM-1-answer, EM-1-text, EM-1-case, EM-1-app-key.
    @Test("The three grants give tokens, each with what belongs to it")
    func grants() {
        var rig = EasemobRig()
        let app = Self.body(rig.raw(.token(.client, ttl: nil)))
        #expect(app["access_token"]?.text?.hasPrefix("YWMt") == true)
        #expect(app["application"]?.text?.count == 36)
        #expect(app.members?.map(\.name) == ["access_token", "application", "expires_in"])

        rig.register("Carl")
        let password = EasemobGrant.password(username: "CARL", Secret("pass-1", kind: .password))
        let user = Self.body(rig.raw(.token(password, ttl: 1_024_000), bearer: .some(nil)))
        #expect(user["access_token"]?.text?.hasPrefix("YWMt") == true)
        #expect(user["expires_in"] == .integer(1_024_000))
        #expect(
            user["user"]?.members?.map(\.name) == ["activated", "created", "modified", "type", "username", "uuid"])
        #expect(user["user"]?["username"]?.text == "carl")
        #expect(user["user"]?["type"]?.text == "user")
        #expect(user["user"]?["created"] == .integer(EasemobRig.start.milliseconds))

        let inherit = EasemobGrant.inherit(username: "New", autoCreateUser: true)
        guard case .userToken(let token, _, let made) = rig.ask(.token(inherit, ttl: nil)) else {
            Issue.record("no token")
            return
        }
        #expect(made.username == "new")
        #expect(rig.code(.easemob("NEW", token)) == 200)
        #expect(rig.request(Self.post("{}", path: "/acme%23demo/token")).status == 404)
    }

    struct TTL: CustomTestStringConvertible {
        let ttl: String
        let expiresIn: Int64?
        var isMilliseconds = false
        /// How long the token opens a session, in milliseconds; nil for ever.
        var life: Int64?
        var testDescription: String { "\(ttl), \(isMilliseconds ? "ms" : "s")" }
    }

    /// Proves EM-1-ttl-text, EM-1-ttl-wrong, EM-1-unit, EM-1-ttl-zero, EM-1-ttl-default, EM-own-ttl-zero,
    /// EM-own-app-ttl.
    @Test(
        "A lifetime is a number or a text, in the cluster's unit, 0 for ever and 60 days when it is left out",
        arguments: [
            TTL(ttl: "600", expiresIn: 600, life: 600_000),
            TTL(ttl: "\"1024000\"", expiresIn: 1_024_000, life: 1_024_000_000),
            TTL(ttl: "0", expiresIn: 0), TTL(ttl: "\"0\"", expiresIn: 0),
            TTL(ttl: "null", expiresIn: 5_184_000, life: 5_184_000_000),
            TTL(ttl: "600", expiresIn: 600, isMilliseconds: true, life: 600),
            TTL(ttl: "null", expiresIn: 5_184_000_000, isMilliseconds: true, life: 5_184_000_000),
            TTL(ttl: "-1", expiresIn: nil), TTL(ttl: "\"soon\"", expiresIn: nil), TTL(ttl: "\"\"", expiresIn: nil),
            TTL(ttl: "1.5", expiresIn: nil), TTL(ttl: "true", expiresIn: nil), TTL(ttl: "\"-5\"", expiresIn: nil),
        ])
    func lifetimes(row: TTL) throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"millisecondUnit\":\(row.isMilliseconds)}")
        let text = "{\"grant_type\":\"password\",\"username\":\"ann\",\"password\":\"pass-1\",\"ttl\":\(row.ttl)}"
        let answer = rig.request(Self.post(text))
        let body = Self.body(answer)
        guard let expiresIn = row.expiresIn else {
            #expect(answer.status == 400)
            #expect(body["error"]?.text == "illegal_argument")
            #expect(body["error_description"]?.text == "ttl must be a number >= 0")
            return
        }
        #expect(body["expires_in"] == .integer(expiresIn))
        let app = rig.ask(.token(.client, ttl: nil))
        if case .appToken(_, let usual) = app {
            #expect(usual == (row.isMilliseconds ? 5_184_000_000 : 5_184_000))
        } else {
            Issue.record("no app token")
        }
        let token = Secret(body["access_token"]?.text ?? "", kind: .token)
        rig.now = rig.now + .milliseconds((row.life ?? 1_000_000_000_000) - 1)
        #expect(rig.code(.easemob("ann", token)) == 200)
        rig.now = rig.now + .milliseconds(1)
        #expect(rig.code(.easemob("ann", token)) == (row.life == nil ? 200 : 108))
    }

    /// Proves EM-1-ttl-default.
    @Test("The console's lifetime is the one of a request that names none")
    func consoleLifetime() throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"tokenLifetime\":900}")
        let grant = EasemobGrant.inherit(username: "ann", autoCreateUser: false)
        for (ttl, expected) in [(nil, 900), (60, 60)] as [(Int64?, Int64)] {
            guard case .userToken(_, let expiresIn, _) = rig.ask(.token(grant, ttl: ttl)) else {
                Issue.record("no token")
                return
            }
            #expect(expiresIn == expected)
        }
    }

    struct Wrong: CustomTestStringConvertible {
        let name: String
        let body: String
        let answer: String
        var settings = "{}"
        var isShort = false
        var testDescription: String { "\(name) \(settings)" }
    }

    private static func inherit(_ name: String, _ create: Bool = true) -> String {
        "{\"grant_type\":\"inherit\",\"username\":\"\(name)\",\"autoCreateUser\":\(create)}"
    }

    private static func password(_ name: String, _ word: String) -> String {
        "{\"grant_type\":\"password\",\"username\":\"\(name)\",\"password\":\"\(word)\"}"
    }

    private static func client(_ id: String, _ secret: String) -> String {
        "{\"grant_type\":\"client_credentials\",\"client_id\":\"\(id)\",\"client_secret\":\"\(secret)\"}"
    }

    private static let of2023 = "{\"wording\":\"2023\"}"
    private static let wrongs = [
        Wrong(
            name: "password", body: password("ann", "x"), answer: "400 invalid_grant: invalid password", isShort: true),
        Wrong(
            name: "password", body: password("ann", "x"), answer: "400 invalid_grant: invalid username or password",
            settings: of2023, isShort: true),
        Wrong(name: "user", body: password("eve", "x"), answer: "404 invalid_grant: user not found", isShort: true),
        Wrong(
            name: "user", body: password("eve", "x"), answer: "400 invalid_grant: invalid username or password",
            settings: of2023, isShort: true),
        Wrong(
            name: "user of inherit", body: inherit("eve", false), answer: "404 entity_not_found: User null not found"),
        Wrong(
            name: "no flag", body: "{\"grant_type\":\"inherit\",\"username\":\"eve\"}",
            answer: "404 entity_not_found: User null not found"),
        Wrong(
            name: "banned", body: password("bad", "pass-1"), answer: "400 invalid_grant: user not activated",
            isShort: true),
        Wrong(name: "banned", body: inherit("bad"), answer: "400 invalid_grant: user not activated", isShort: true),
        Wrong(
            name: "client", body: client("x", "secret-1"), answer: "400 invalid_grant: client_id does not match",
            isShort: true),
        Wrong(
            name: "secret", body: client("client-1", "x"), answer: "400 invalid_grant: client_secret does not match",
            isShort: true),
        Wrong(name: "name", body: inherit("e v"), answer: "400 illegal_argument: username [e v] is not legal"),
        Wrong(
            name: "long name", body: inherit(String(repeating: "a", count: 65)),
            answer: "400 illegal_argument: USERNAME_TOO_LONG"),
        Wrong(
            name: "too many users", body: inherit("eve"),
            answer: "429 resource_limited: You have exceeded the limit of the community edition,"
                + "Please upgrade to the enterprise edition",
            settings: "{\"mostUsers\":2}"),
        Wrong(
            name: "no grant", body: "{}", answer: "400 invalid_grant: invalid username or password", isShort: true),
        Wrong(
            name: "other grant", body: "{\"grant_type\":\"agora\"}",
            answer: "400 invalid_grant: invalid username or password", isShort: true),
        Wrong(name: "no JSON", body: "grant_type=password", answer: "400 json_parse: "),
        Wrong(
            name: "disabled app", body: inherit("ann"),
            answer: "403 forbidden_service_operation: Service operation not allowed",
            settings: "{\"serviceForbidden\":true}"),
    ]

    /// Proves EM-1.1-password, EM-1.1-password-2023, EM-1.1-user, EM-1.1-banned, EM-1.1-client, EM-1.1-name,
    /// EM-1.1-long, EM-1.1-limit, EM-1.1-grant, EM-1.1-json, EM-1.2-short, EM-1.2-full, EM-1.3-forbidden,
    /// EM-own-inherit-flag, EM-11-wording.
    @Test("Every failure has its status, its words and its shape", arguments: wrongs)
    func errors(row: Wrong) throws {
        var rig = EasemobRig()
        rig.register("ann", "bad")
        rig.ask(.deactivate("bad"))
        try rig.set(row.settings)
        let answer = rig.request(Self.post(row.body, bearer: rig.appToken))
        let body = Self.body(answer)
        let told = "\(answer.status) \(body["error"]?.text ?? ""): \(body["error_description"]?.text ?? "")"
        #expect(row.answer.hasSuffix(": ") ? told.hasPrefix(row.answer) : told == row.answer)
        let names = body.members?.map(\.name) ?? []
        #expect(
            names
                == (row.isShort
                    ? ["error", "error_description"]
                    : ["duration", "error", "error_description", "exception", "timestamp"]))
    }

    /// Proves EM-1.1-inherit-expired, EM-1.1-inherit-corrupt.
    @Test("inherit needs an app token of this app that holds")
    func inheritance() {
        var rig = EasemobRig()
        rig.register("ann")
        var other = EasemobCloud(
            ProviderApp(provider: "easemob", appKey: "acme#other", appSecret: EasemobRig.secret), restoring: [])
        let foreign = Self.appToken(of: &other, app: "other")
        var impostor = EasemobCloud(
            ProviderApp(provider: "easemob", appKey: EasemobRig.appKey, appSecret: AppSecret("client-1:another")),
            restoring: [])
        let notOurs = Self.appToken(of: &impostor, app: "demo", secret: "another")
        let user = rig.token("ann")
        guard case .appToken(let short, _) = rig.ask(.token(.client, ttl: 5)) else { return }
        let command = EasemobCommand.token(.inherit(username: "ann", autoCreateUser: false), ttl: nil)
        #expect(rig.error(command, bearer: short) == "ok")
        rig.advance(.seconds(5))
        let unauthorized = "401 unauthorized: Unable to authenticate (OAuth)"
        let corrupt = "401 auth_bad_access_token: Unable to authenticate due to corrupt access token"
        #expect(rig.error(command, bearer: short) == unauthorized)
        #expect(rig.error(command, bearer: .some(nil)) == unauthorized)
        #expect(rig.error(command, bearer: Secret("YWMtjunk", kind: .token)) == unauthorized)
        #expect(rig.error(command, bearer: notOurs) == unauthorized)
        #expect(rig.error(command, bearer: user) == corrupt)
        #expect(rig.error(command, bearer: foreign) == corrupt)
        #expect(rig.error(command) == "ok")
        // Elsewhere the general page tells a foreign token from a broken one.
        #expect(rig.error(.get("ann"), bearer: notOurs) == "401 auth_bad_access_token: Unable to authenticate")
        #expect(rig.error(.get("ann"), bearer: foreign) == corrupt)
    }

    private static func appToken(of cloud: inout EasemobCloud, app: String, secret: String = "secret-1") -> Secret? {
        let command = EasemobCommand.token(
            .clientCredentials(id: "client-1", Secret(secret, kind: .appSecret)), ttl: nil)
        let request = command.http(EasemobCaller(org: "acme", app: app, bearer: nil), cause: nil)
        for case .respond(_, let response) in cloud.handle(.request(ExchangeID(1), request), at: EasemobRig.start) {
            if case .appToken(let token, _) = EasemobAnswer.parse(response, to: command) { return token }
        }
        return nil
    }

    /// Proves EM-1.1-concurrent.
    @Test("The same new user twice within a second is refused, and later or with a user who was there is not")
    func concurrency() {
        var rig = EasemobRig()
        rig.register("old")
        let new = EasemobCommand.token(.inherit(username: "new", autoCreateUser: true), ttl: nil)
        #expect(rig.error(new) == "ok")
        rig.now = rig.now + .milliseconds(999)
        #expect(rig.error(new) == "409 concurrent_operation_error: concurrency create app user failed")
        #expect(rig.error(.token(.inherit(username: "new", autoCreateUser: false), ttl: nil)) == "ok")
        rig.now = rig.now + .milliseconds(1)
        #expect(rig.error(new) == "ok")
        let old = EasemobCommand.token(.inherit(username: "old", autoCreateUser: true), ttl: nil)
        #expect(rig.error(old) == "ok")
        #expect(rig.error(old) == "ok")
    }

    /// Proves EM-1-content-type, EM-1.1-media.
    @Test(
        "The token endpoint reads JSON whatever it is called, the other endpoints only what is called so",
        arguments: ["application/json", "application/x-www-form-urlencoded", "text/plain", nil])
    func contentTypes(type: String?) {
        var rig = EasemobRig()
        rig.register("ann")
        let request = Self.post(Self.password("ann", "pass-1"), type: type)
        #expect(rig.request(request).status == 200)
        let user = "{\"username\":\"ben\",\"password\":\"x\"}"
        let answer = rig.request(Self.post(user, path: "/acme/demo/users", type: type, bearer: rig.appToken))
        let isJSON = type?.contains("json") ?? true
        #expect(answer.status == (isJSON ? 200 : 415))
        if !isJSON { #expect(Self.body(answer)["error_description"]?.text == "Unsupported Media Type") }
    }

    /// Proves EM-1.1-app.
    @Test("An app that is not ours is not found, with the URI", arguments: ["/acme/nope/token", "/nope/demo/users"])
    func unknownApp(path: String) {
        var rig = EasemobRig()
        let answer = rig.request(Self.post("{}", path: path))
        #expect(answer.status == 404)
        let parts = path.split(separator: "/")
        #expect(Self.body(answer)["error"]?.text == "organization_application_not_found")
        #expect(
            Self.body(answer)["error_description"]?.text
                == "Could not find application for \(parts[0])/\(parts[1]) from URI: \(parts[0])/\(parts[1])/\(parts[2])"
        )
    }

    struct Limit: CustomTestStringConvertible {
        let command: EasemobCommand
        let limit: Int
        var testDescription: String { "\(limit): \(command)" }
    }

    /// Proves EM-1.1-rate, EM-3-rate.
    @Test(
        "More calls in a second than the limit are refused until the second is over",
        arguments: [
            Limit(command: .token(.inherit(username: "ann", autoCreateUser: false), ttl: nil), limit: 300),
            Limit(command: .register([.user("zoe")], isList: false), limit: 100),
            Limit(command: .get("ann"), limit: 100), Limit(command: .status("ann"), limit: 100),
            Limit(command: .disconnect("ann"), limit: 100), Limit(command: .batchStatus(["ann"]), limit: 50),
        ])
    func rates(row: Limit) throws {
        var rig = EasemobRig()
        rig.register("ann")
        rig.now = rig.now + .seconds(1)
        for _ in 0..<row.limit { #expect(rig.raw(row.command).status != 429) }
        #expect(rig.error(row.command) == "429 reach_limit: This request has reached api limit")
        rig.now = rig.now + .seconds(1)
        #expect(rig.raw(row.command).status != 429)
        try rig.set("{\"rateLimits\":false}")
        for _ in 0...row.limit { #expect(rig.raw(row.command).status != 429) }
    }
}
