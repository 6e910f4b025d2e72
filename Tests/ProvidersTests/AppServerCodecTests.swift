import LoginCore
import Providers
import Testing

/// A request to the app server and what it must not be read as.
struct BadRequestRow: Sendable, CustomTestStringConvertible {
    let request: HTTPRequestValue
    let status: Int
    let name: String
    /// What the message must speak of.
    let says: String

    init(_ method: String, _ path: String, _ body: String, _ status: Int, _ name: String, says: String = "") {
        request = HTTPRequestValue(method: method, path: path, body: Array(body.utf8))
        self.status = status
        self.name = name
        self.says = says
    }

    init(_ path: String, _ bytes: [UInt8], _ status: Int, _ name: String, says: String = "") {
        request = HTTPRequestValue(method: "POST", path: path, body: bytes)
        self.status = status
        self.name = name
        self.says = says
    }

    var testDescription: String {
        "\(request.method) \(request.path) \(Array(request.body.prefix(50)).utf8Text.debugDescription)"
    }

    private static func long(_ count: Int) -> String { String(repeating: "x", count: count) }

    static let all =
        [
            BadRequestRow("GET", "/", "", 404, "unknown_path"), BadRequestRow("GET", "", "", 404, "unknown_path"),
            BadRequestRow("POST", "/login/", "{}", 404, "unknown_path"),
            BadRequestRow("POST", "/Login", "{}", 404, "unknown_path"),
            BadRequestRow("POST", "/%6Cogin", "{}", 404, "unknown_path"),
            BadRequestRow("POST", "/operator", "{}", 404, "unknown_path"),
            BadRequestRow("POST", "/operator/dance", "{}", 404, "unknown_path"),
            BadRequestRow("GET", "/login", "", 405, "wrong_method", says: "POST"),
            BadRequestRow("post", "/login", "{}", 405, "wrong_method", says: "POST"),
            BadRequestRow("POST", "/.well-known/latchkey", "", 405, "wrong_method", says: "GET"),
            BadRequestRow("HEAD", "/.well-known/latchkey", "", 405, "wrong_method"),
            BadRequestRow("DELETE", "/operator/settings", "", 405, "wrong_method", says: "GET"),
            // Path before method, method before size, size before JSON.
            BadRequestRow("DELETE", "/nowhere", long(70_000), 404, "unknown_path"),
            BadRequestRow("PUT", "/login", long(70_000), 405, "wrong_method"),
            BadRequestRow("POST", "/login", long(65_537), 413, "too_large", says: "65536"),
            BadRequestRow("POST", "/login", long(65_536), 400, "bad_json"),
            BadRequestRow("POST", "/login", "user=mia", 400, "bad_json"),
            BadRequestRow("POST", "/login", "[]", 400, "bad_json"),
            BadRequestRow("POST", "/login", #"{"user":"mia""#, 400, "bad_json"),
            BadRequestRow("POST", "/token", "nonsense", 400, "bad_json"),
            BadRequestRow("POST", "/login", #"{"user":"a","user":"b"}"#, 400, "bad_json", says: "twice"),
            BadRequestRow("/login", Array(#"{"user":""#.utf8) + [0xFF, 0x22, 0x7D], 400, "bad_json", says: "UTF-8"),
            BadRequestRow("POST", "/login", "", 400, "bad_field", says: "user"),
            BadRequestRow("POST", "/login", "{}", 400, "bad_field", says: "user"),
            BadRequestRow("POST", "/login", #"{"user":"mia"}"#, 400, "bad_field", says: "password"),
            BadRequestRow("POST", "/login", #"{"user":7,"password":"p"}"#, 400, "bad_field", says: "user"),
            BadRequestRow("POST", "/login", #"{"user":"","password":"p"}"#, 400, "bad_field", says: "user"),
            BadRequestRow("POST", "/login", #"{"user":null,"password":"p"}"#, 400, "bad_field", says: "user"),
            BadRequestRow("POST", "/login", #"{"user":"\#(long(65))","password":"p"}"#, 400, "bad_field", says: "64"),
            BadRequestRow(
                "POST", "/login", #"{"user":"e\#(String(repeating: "\u{301}", count: 900))","password":"p"}"#, 400,
                "bad_field", says: "64"),
            BadRequestRow("POST", "/login", #"{"user":"mi\u0007a","password":"p"}"#, 400, "bad_field", says: "control"),
            BadRequestRow("POST", "/login", #"{"user":"mi\u009ba","password":"p"}"#, 400, "bad_field", says: "control"),
            BadRequestRow("POST", "/login", #"{"user":"mia","password":"p\n"}"#, 400, "bad_field", says: "password"),
            BadRequestRow(
                "POST", "/users", #"{"user":"mia","password":"\#(long(129))"}"#, 400, "bad_field", says: "password"),
            BadRequestRow(
                "POST", "/users", #"{"user":"mia","password":"p","account":5}"#, 400, "bad_field", says: "account"),
            BadRequestRow("POST", "/operator/ban", #"{"kick":true}"#, 400, "bad_field", says: "account"),
            BadRequestRow("POST", "/operator/ban", #"{"account":"a"}"#, 400, "bad_field", says: "kick"),
            BadRequestRow("POST", "/operator/ban", #"{"account":"a","kick":1}"#, 400, "bad_field", says: "kick"),
            BadRequestRow(
                "POST", "/operator/ban", #"{"account":"a","kick":true,"notify":"\#(long(257))"}"#, 400, "bad_field",
                says: "notify"),
            BadRequestRow("POST", "/operator/unban", "{}", 400, "bad_field", says: "account"),
            BadRequestRow("POST", "/operator/kick", #"{"account":[]}"#, 400, "bad_field", says: "account"),
            BadRequestRow(
                "POST", "/operator/update-token", #"{"account":"a","token":""}"#, 400, "bad_field", says: "token"),
            BadRequestRow(
                "POST", "/operator/update-token", #"{"account":"a","token":"\#(long(129))"}"#, 400, "bad_field",
                says: "token"),
            BadRequestRow("POST", "/operator/refresh-token", "{}", 400, "bad_field", says: "account"),
        ]
        + [
            (#""tokenKind":"secret""#, "tokenKind"), (#""loginCallback":1"#, "loginCallback"),
            (#""provider":[]"#, "provider"), (#""tokenKind":0"#, "tokenKind"),
            (#""tokenLifetime":0"#, "tokenLifetime"), (#""tokenLifetime":31536001"#, "tokenLifetime"),
            (#""tokenLifetime":1.5"#, "tokenLifetime"), (#""sessionLifetime":-1"#, "sessionLifetime"),
            (#""devicePolicy":0"#, "devicePolicy"), (#""devicePolicy":10"#, "devicePolicy"),
            (#""authTypes":[3]"#, "authTypes"), (#""authTypes":[0,0]"#, "authTypes"), (#""authTypes":0"#, "authTypes"),
            (#""authTypes":["0"]"#, "authTypes"),
        ].map { BadRequestRow("POST", "/operator/settings", "{\($0.0)}", 400, "bad_field", says: $0.1) }
}

@Suite("The app server's contract on the wire")
struct AppServerCodecTests {
    static let requests: [AppServerRequest] = [
        .discovery, .register(user: "mia", password: Secret("pass word", kind: .password), account: nil),
        .register(user: "米娅", password: Secret("p\"\\", kind: .password), account: "mia_1"),
        .login(user: "mia", password: Secret("lantern-42", kind: .password)),
        .token(session: Secret("s3ss10n", kind: .session)), .logout(session: Secret("s3ss10n", kind: .session)),
        .people, .ban(account: "mia_1", kick: true, notify: "rude"), .ban(account: "mia_1", kick: false, notify: nil),
        .unban(account: "mia_1"), .kick(account: "mia_1", notify: nil), .kick(account: "mia_1", notify: "out"),
        .kickDevice(account: "mia_1", deviceID: "d1", clientType: 2),
        .updateToken(account: "mia_1", token: nil),
        .updateToken(account: "mia_1", token: Secret("t0k", kind: .token)), .refreshToken(account: "mia_1"),
        .deleteAccount(account: "mia_1"), .presence(account: "mia_1", query: nil),
        .presence(account: "mia_1", query: "querystate"),
        .settings, .changeSettings(AppServerSettingsPatch()),
        .changeSettings(
            AppServerSettingsPatch(
                tokenKind: .dynamic, tokenLifetime: .seconds(1), sessionLifetime: .seconds(31_536_000),
                devicePolicy: 3, authTypes: [0, 1, 2])),
    ]

    @Test("A request is read back as it was made, with its cause", arguments: requests)
    func requestRoundTrip(_ request: AppServerRequest) throws {
        let cause = EntryID(lane: "A", number: 3)
        let wire = request.http(operatorKey: Secret("k3y", kind: .operatorKey), cause: cause)
        #expect(try AppServerRequest.parse(wire).get() == request)
        #expect(wire.cause == cause)
        #expect(request.http(operatorKey: nil, cause: nil).cause == nil)
    }

    @Test(
        "The operator's key goes with the operator's requests, the session with its own, nothing with the others",
        arguments: requests)
    func bearers(_ request: AppServerRequest) {
        let wire = request.http(operatorKey: Secret("k3y", kind: .operatorKey), cause: nil)
        let expected: String? =
            if wire.path.hasPrefix("/operator/") {
                "k3y"
            } else if wire.path == "/token" || wire.path == "/logout" {
                "s3ss10n"
            } else {
                nil
            }
        #expect(wire.bearer == expected)
    }

    @Test("A printed request shows no secret", arguments: requests)
    func hidesSecrets(_ request: AppServerRequest) {
        for secret in ["pass word", "lantern-42", "s3ss10n", "t0k"] {
            #expect(!"\(request)".contains(secret))
            #expect(!String(reflecting: request).contains(secret))
        }
    }

    @Test("What breaks the contract is refused with its status and name", arguments: BadRequestRow.all)
    func refuses(_ row: BadRequestRow) throws {
        let error = try #require(AppServerRequest.parse(row.request).failure)
        #expect(error.status == row.status)
        #expect(error.name == row.name)
        #expect(error.message.contains(row.says), "said: \(error.message)")
        #expect(AppServerError(parsing: error.http(cause: nil)) == error)
    }

    @Test("The limits themselves are allowed, a form's content type and unknown fields too")
    func limits() throws {
        let user = String(repeating: "é", count: 64)
        let password = String(repeating: "p", count: 128)
        let body = #"{"user":"\#(user)","password":"\#(password)","more":{}}"#
        let request = HTTPRequestValue(
            method: "POST", path: "/login", query: "x=1",
            headers: [HTTPHeader("Content-Type", "application/x-www-form-urlencoded")], body: Array(body.utf8))
        #expect(
            try AppServerRequest.parse(request).get()
                == .login(user: user, password: Secret(password, kind: .password)))
    }

    @Test(
        "A bearer is read from one header of its scheme, in any case",
        arguments: [
            (["Bearer abc"], "abc"), (["bearer abc"], "abc"), (["BEARER abc"], "abc"), ([], nil), (["Basic abc"], nil),
            (["Bearer"], nil), (["abc"], nil), (["Bearer a", "Bearer a"], nil),
        ] as [([String], String?)])
    func bearer(_ values: [String], _ expected: String?) {
        let request = HTTPRequestValue(
            method: "POST", path: "/token", headers: values.map { HTTPHeader("authorization", $0) })
        #expect(request.bearer == expected)
    }

    @Test("Each answer has one spelling and is read back")
    func answers() throws {
        let at = Instant(milliseconds: 1_700_000_000_123)
        let cause = EntryID(lane: "app-server", number: 9)

        let discovery = Discovery(
            providers: ["commsease"], appKeys: ["commsease": "KEY"], webAPI: "http://127.0.0.1:1",
            imLink: "ws://127.0.0.1:2", timeScale: 60, serverTime: at)
        let discovered = discovery.http(cause: cause)
        #expect(
            discovered.body.utf8Text
                == #"{"latchkey":1,"providers":["commsease"],"appKeys":{"commsease":"KEY"},"#
                + #""webAPI":"http://127.0.0.1:1","imLink":"ws://127.0.0.1:2","timeScale":60,"serverTime":1700000000123}"#
        )
        #expect(try Discovery.parse(discovered).get() == discovery)
        #expect(discovered.values(of: HTTPHeader.causeName) == ["app-server-9"])

        let registered = Registered(user: "mia", provider: "commsease", account: "a1")
        #expect(registered.http(cause: nil).status == 201)
        #expect(
            registered.http(cause: nil).body.utf8Text == #"{"user":"mia","provider":"commsease","account":"a1"}"#)
        #expect(try Registered.parse(registered.http(cause: nil)).get() == registered)

        let fixed = TokenGrant(
            provider: "commsease", account: "a1", token: Secret("t0k", kind: .token), kind: .fixed, expires: nil,
            serverTime: at)
        #expect(
            fixed.http(cause: nil).body.utf8Text
                == #"{"provider":"commsease","account":"a1","token":"t0k","tokenKind":"static","serverTime":1700000000123}"#
        )
        #expect(try TokenGrant.parse(fixed.http(cause: nil)).get() == fixed)

        var dynamic = fixed
        dynamic.kind = .dynamic
        dynamic.expires = Instant(milliseconds: 1_700_000_600_123)
        let grant = AppServerGrant(session: Secret("s", kind: .session), sessionExpires: at, token: dynamic)
        #expect(
            grant.http(cause: nil).body.utf8Text
                == #"{"session":"s","sessionExpires":1700000000123,"provider":"commsease","account":"a1","#
                + #""token":"t0k","tokenKind":"dynamic","tokenExpires":1700000600123,"serverTime":1700000000123}"#)
        #expect(try AppServerGrant.parse(grant.http(cause: nil)).get() == grant)

        let people = [
            Person(user: "mia", account: nil, demoPassword: Secret("lantern-42", kind: .password), isBanned: false),
            Person(user: "noor", account: "a2", demoPassword: nil, isBanned: true),
        ]
        #expect(
            Person.http(people, cause: nil).body.utf8Text
                == #"{"people":[{"user":"mia","demoPassword":"lantern-42","banned":false},"#
                + #"{"user":"noor","account":"a2","banned":true}]}"#)
        #expect(try Person.parseList(Person.http(people, cause: nil)).get() == people)

        let settings = AppServerSettings(loginCallback: true, provider: .fields(["rateLimit": .integer(7)]))
        #expect(
            settings.http(cause: nil).body.utf8Text
                == #"{"tokenKind":"static","tokenLifetime":600,"sessionLifetime":604800,"devicePolicy":1,"#
                + #""authTypes":[0,1],"loginCallback":true,"provider":{"rateLimit":7}}"#)
        #expect(try AppServerSettings.parse(settings.http(cause: nil)).get() == settings)
    }

    @Test("A provider's refusal keeps its code and description")
    func providerRefused() {
        let error = AppServerError(
            status: 502, name: "provider_refused", message: "refused", code: 414, desc: "already register")
        let wire = error.http(cause: nil)
        #expect(wire.status == 502)
        #expect(
            wire.body.utf8Text
                == #"{"error":"provider_refused","message":"refused","code":414,"desc":"already register"}"#)
        #expect(AppServerError(parsing: wire) == error)
    }

    @Test(
        "An answer that does not keep the contract is a failure of its own",
        arguments: [
            (200, ""), (200, "<html>"), (200, "[]"), (200, "{}"), (500, ""), (500, "{}"), (404, "<html>"),
            (302, "{}"), (200, #"{"provider":"p","account":"a","token":"t","tokenKind":"magic","serverTime":1}"#),
            (200, #"{"provider":"p","account":"a","token":"","tokenKind":"static","serverTime":1}"#),
            (200, #"{"provider":"p","account":"a","token":"t","tokenKind":"static"}"#),
            (200, #"{"provider":"p","account":"a","token":"t","tokenKind":"static","serverTime":9223372036854775807}"#),
            (200, #"{"provider":"p","account":"a","token":"t","tokenKind":"static","serverTime":-1}"#),
            (
                200,
                #"{"provider":"p","account":"a","token":"t","tokenKind":"dynamic","tokenExpires":"soon","serverTime":1}"#
            ),
        ])
    func badAnswers(_ status: Int, _ body: String) throws {
        let response = HTTPResponseValue(status: status, body: Array(body.utf8))
        #expect(TokenGrant.parse(response).failure?.name == "bad_answer")
    }

    @Test(
        "An answer for another provider, or with an account against the provider's rule, is refused in one sentence",
        arguments: [
            ("easemob", "mia.1", "easemob"), ("", "mia.1", "commsease"), ("commsease", "A b", "a space"),
            ("commsease", "mia\u{1B}[31m", "U+001B"), ("commsease", "", "empty"),
            ("commsease", String(repeating: "a", count: 33), "33"),
        ])
    func foreignAnswers(_ name: String, _ account: String, _ word: String) throws {
        let provider = try #require(ProviderRegistry.provider("commsease"))
        let token = TokenGrant(
            provider: name, account: account, token: Secret("t", kind: .token), kind: .fixed, expires: nil,
            serverTime: Instant(milliseconds: 1))
        let grant = AppServerGrant(
            session: Secret("s", kind: .session), sessionExpires: Instant(milliseconds: 2), token: token)
        let registered = Registered(user: "mia", provider: name, account: account)
        let errors = [
            TokenGrant.parse(token.http(cause: nil), for: provider).failure,
            AppServerGrant.parse(grant.http(cause: nil), for: provider).failure,
            Registered.parse(registered.http(cause: nil), for: provider).failure,
        ]
        for error in errors {
            #expect(error?.name == "bad_answer")
            #expect(error?.message.contains(word) == true, "\(error?.message ?? "no error")")
            #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
        }
    }

    @Test("An answer that keeps the provider's rule is taken")
    func properAnswers() throws {
        let provider = try #require(ProviderRegistry.provider("commsease"))
        let token = TokenGrant(
            provider: "commsease", account: "mia.1", token: Secret("t", kind: .token), kind: .fixed, expires: nil,
            serverTime: Instant(milliseconds: 1))
        #expect(try TokenGrant.parse(token.http(cause: nil), for: provider).get() == token)
    }

    @Test("A discovery of another version is refused, one without a time scale runs at 1")
    func discoveryVersions() throws {
        func discovery(_ version: Int) -> HTTPResponseValue {
            let body =
                #"{"latchkey":\#(version),"providers":[],"appKeys":{},"webAPI":"w","imLink":"i","serverTime":1}"#
            return HTTPResponseValue(status: 200, body: Array(body.utf8))
        }
        #expect(Discovery.parse(discovery(2)).failure?.name == "bad_answer")
        #expect(try Discovery.parse(discovery(1)).get().timeScale == 1)
    }
}

extension Result {
    /// The failure, when it is one.
    var failure: Failure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}
