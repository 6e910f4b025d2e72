import LoginCore
import Providers
import Testing

/// The web API's words, written and read by the same rules on both sides (easemob.md §1 to §3).
struct EasemobWebAPITests {
    struct Line: CustomTestStringConvertible {
        let command: EasemobCommand
        let line: String
        var body = ""
        var testDescription: String { line }
    }

    private static let secret = Secret("s", kind: .password)
    private static let lines = [
        Line(
            command: .token(.password(username: "ann", secret), ttl: 60), line: "POST /a/b/token",
            body: #"{"grant_type":"password","username":"ann","password":"s","ttl":60}"#),
        Line(
            command: .token(.inherit(username: "ann", autoCreateUser: true), ttl: nil), line: "POST /a/b/token",
            body: #"{"grant_type":"inherit","username":"ann","autoCreateUser":true}"#),
        Line(
            command: .token(.clientCredentials(id: "i", Secret("s", kind: .appSecret)), ttl: 0),
            line: "POST /a/b/token",
            body: #"{"grant_type":"client_credentials","client_id":"i","client_secret":"s","ttl":0}"#),
        Line(
            command: .register([EasemobRegistration(username: "ann", password: secret, nickname: "A")], isList: false),
            line: "POST /a/b/users", body: #"{"username":"ann","password":"s","nickname":"A"}"#),
        Line(
            command: .register([EasemobRegistration(username: "ann", password: secret)], isList: true),
            line: "POST /a/b/users", body: #"[{"username":"ann","password":"s"}]"#),
        Line(command: .get("ann"), line: "GET /a/b/users/ann"),
        Line(command: .delete("ann"), line: "DELETE /a/b/users/ann"),
        Line(
            command: .changePassword("ann", secret), line: "PUT /a/b/users/ann/password",
            body: #"{"newpassword":"s"}"#),
        Line(command: .deactivate("ann"), line: "POST /a/b/users/ann/deactivate"),
        Line(command: .activate("ann"), line: "POST /a/b/users/ann/activate"),
        Line(command: .disconnect("ann"), line: "GET /a/b/users/ann/disconnect"),
        Line(
            command: .disconnectDevice("ann", resource: "ios_x/y"), line: "DELETE /a/b/users/ann/disconnect/ios_x%2Fy"),
        Line(command: .status("ann"), line: "GET /a/b/users/ann/status"),
        Line(
            command: .batchStatus(["ann", "ben"]), line: "POST /a/b/users/batch/status",
            body: #"{"usernames":["ann","ben"]}"#),
        Line(command: .resources("ann"), line: "GET /a/b/users/ann/resources"),
        Line(command: .consoleSettings, line: "GET /console/easemob/settings"),
        Line(command: .consoleUsers, line: "GET /console/easemob/users"),
        Line(command: .changeConsoleSettings(EasemobConsolePatch()), line: "PUT /console/easemob/settings", body: "{}"),
    ]

    /// Proves EM-1-app-key, EM-3-disconnect, EM-3-disconnect-one.
    @Test("Each command has one spelling, and is read back from it", arguments: lines)
    func commands(row: Line) throws {
        let bearer = Secret("t", kind: .token)
        let request = row.command.http(EasemobCaller(org: "a", app: "b", bearer: bearer), cause: nil)
        #expect("\(request.method) \(request.path)" == row.line)
        #expect(request.body.utf8Text == row.body)
        #expect(request.values(of: "authorization") == ["Bearer t"])
        #expect(EasemobCall.isPath(request.path))
        let call = try EasemobCall.parse(request).get()
        #expect(call.bearer == bearer)
        #expect(try call.command().get() == row.command)
    }

    struct Answered: CustomTestStringConvertible {
        let answer: EasemobAnswer
        let command: EasemobCommand
        var testDescription: String { "\(command)" }
    }

    private static let user = EasemobUser(
        uuid: "u", created: 1, modified: 2, username: "ann", isActivated: true, nickname: "A")
    private static let answerRows = [
        Answered(
            answer: .userToken(Secret("t", kind: .token), expiresIn: 60, user),
            command: .token(.inherit(username: "ann", autoCreateUser: false), ttl: 60)),
        Answered(
            answer: .appToken(Secret("t", kind: .token), expiresIn: 0),
            command: .token(.clientCredentials(id: "i", secret), ttl: nil)),
        Answered(answer: .registered([user], failed: nil), command: .register([], isList: false)),
        Answered(answer: .registered([], failed: ["ben"]), command: .register([], isList: true)),
        Answered(answer: .user(user), command: .get("ann")),
        Answered(answer: .deleted(user), command: .delete("ann")),
        Answered(answer: .passwordChanged, command: .changePassword("ann", secret)),
        Answered(answer: .deactivated(user), command: .deactivate("ann")),
        Answered(answer: .activated, command: .activate("ann")),
        Answered(answer: .disconnected, command: .disconnect("ann")),
        Answered(answer: .deviceDisconnected, command: .disconnectDevice("ann", resource: "x")),
        Answered(answer: .status("ann", isOnline: true), command: .status("ann")),
        Answered(
            answer: .statuses([.init("ann", isOnline: true), .init("ben", isOnline: false)]),
            command: .batchStatus([])),
        Answered(
            answer: .resources([EasemobResource(name: "ios_x", deviceID: "x", deviceName: "iOS")]),
            command: .resources("ann")),
        Answered(answer: .settings(EasemobConsoleSettings()), command: .consoleSettings),
        Answered(
            answer: .users(
                ConsoleView(
                    accounts: [ConsoleView.Account(account: "ann", isBanned: true)], accountTotal: 3, bannedTotal: 1,
                    dailyActive: 2)), command: .consoleUsers),
        Answered(answer: .failed(.banned), command: .get("ann")),
        Answered(answer: .failed(.duplicate("u")), command: .register([], isList: false)),
        Answered(answer: .failed(.unauthorized(.of2014)), command: .status("ann")),
    ]

    private static let context = EasemobAnswerContext(
        org: "a", app: "b", application: "u", path: "users", now: Instant(seconds: 1))

    @Test("Each answer is read back as it was written", arguments: answerRows)
    func answers(row: Answered) {
        let response = row.answer.http(Self.context, cause: nil)
        #expect(EasemobAnswer.parse(response, to: row.command) == row.answer)
    }

    @Test("An answer that is not the web API's counts as failed")
    func strangers() {
        for body in ["", "[]", "{", "{}"] {
            let response = HTTPResponseValue(status: 200, body: Array(body.utf8))
            let command = EasemobCommand.token(.inherit(username: "a", autoCreateUser: false), ttl: nil)
            guard case .failed = EasemobAnswer.parse(response, to: command) else {
                Issue.record("\(body) is read")
                return
            }
        }
    }

    @Test(
        "Paths that the web API does not have are not found",
        arguments: [
            "GET /a/b/token", "POST /a/b/users/ann", "PUT /a/b/users", "GET /a/b/rooms", "GET /a/b/users/",
            "POST /a/b/users/ann/ban", "DELETE /a/b/users/ann/status", "POST /console/easemob/settings",
        ])
    func paths(line: String) {
        let parts = line.split(separator: " ").map(String.init)
        let request = HTTPRequestValue(method: parts[0], path: parts[1])
        #expect(throws: EasemobAPIError.noResource) { try EasemobCall.parse(request).get() }
    }

    @Test("The web API's paths are told from those of the others")
    func isPath() {
        for path in ["/a/b/token", "/a/b/users", "/a/b/users/ann/status", "/console/easemob/settings"] {
            #expect(EasemobCall.isPath(path), "\(path)")
        }
        for path in [
            "/v4/openim/querystate", "/nimserver/user/create.action", "/users", "/a/users", "/console/tencent/settings",
        ] {
            #expect(!EasemobCall.isPath(path), "\(path)")
        }
    }

    /// Proves EM-1.1-rate, EM-1.1-media, EM-1.3-registration, EM-1.2-short.
    @Test("The errors are the documents', to the letter")
    func errors() {
        #expect(EasemobAPIError.tooManyCalls.text == "This request has reached api limit")
        #expect(
            (EasemobAPIError.wrongMediaType.status, EasemobAPIError.wrongMediaType.error) == (415, "web_application"))
        #expect(EasemobAPIError.banned.exception == nil)
        #expect(EasemobAPIError.noSuchUserNull.exception != nil)
        let error = EasemobAnswer.failed(.corruptToken).http(Self.context, cause: nil)
        #expect(
            error.body.utf8Text
                == #"{"error":"auth_bad_access_token","exception":"com.easemob.im.exceptions.EasemobSecurityException","#
                + #""timestamp":1000,"duration":0,"error_description":"Unable to authenticate due to corrupt access token"}"#
        )
    }

    /// Proves EM-11-wording, EM-own-console.
    @Test("The console's settings are read back as they were written, and wrong ones are named")
    func console() throws {
        var settings = EasemobConsoleSettings()
        settings.devicePolicy = 2
        settings.wording = .of2014
        settings.willExpirePercent = 50
        settings.millisecondUnit = true
        var read = EasemobConsoleSettings()
        try read.take(try #require(JSONFields(try JSONValue(parsing: settings.json.encoded()))))
        #expect(read == settings)
        for (json, field) in [
            (#"{"devicePolicy":0}"#, "devicePolicy"), (#"{"wording":"new"}"#, "wording"),
            (#"{"customPlatformDevices":5}"#, "customPlatformDevices"), (#"{"rateLimits":1}"#, "rateLimits"),
        ] {
            let fields = try #require(JSONFields(try JSONValue(parsing: Array(json.utf8))))
            do throws(JSONFault) {
                _ = try EasemobConsolePatch(fields)
                Issue.record("\(json) is taken")
            } catch {
                #expect(error.field == field)
            }
        }
    }
}

/// Names, passwords and tokens as a person types them (easemob.md §2).
struct EasemobNamesTests {
    /// Proves EM-2-length, EM-2-characters, EM-2-case.
    @Test("User IDs are checked and kept in lower case")
    func userIDs() {
        #expect(Easemob.checkAccount("Ann_1-2.3") == .success("ann_1-2.3"))
        #expect(Easemob.checkAccount(String(repeating: "a", count: 64)) == .success(String(repeating: "a", count: 64)))
        for wrong in ["", "a b", "a#b", "ä", "小林", String(repeating: "a", count: 65), "\u{212A}"] {
            guard case .failure(let problem) = Easemob.checkAccount(wrong) else {
                Issue.record("\(wrong) is taken")
                continue
            }
            #expect(problem.message.hasSuffix("."))
        }
    }

    @Test("An app key is org and app with a # between them")
    func typedAppKeys() {
        for right in ["1122000000000000#latchkey", "xx#x-x_1.0", "xx"] {
            #expect(Easemob.provider.checkAppKey(right) == nil, "\(right)")
        }
        for wrong in ["", "#", "a#", "#b", "a#b#c", "a b#c", "a/b#c", "½", String(repeating: "a", count: 65)] {
            #expect(Easemob.provider.checkAppKey(wrong)?.message.hasSuffix(".") == true, "\(wrong)")
        }
    }

    @Test("Tokens that were pasted badly are held back")
    func tokens() {
        #expect(Easemob.checkToken("YWMt_-=") == nil)
        for wrong in ["", "a b", "a\n", String(repeating: "a", count: 4097)] {
            #expect(Easemob.checkToken(wrong) != nil)
        }
    }

    /// Proves EM-1-app-key.
    @Test("An app key has two names and one #")
    func appKeys() {
        #expect(Easemob.parts(ofAppKey: "a#b")?.org == "a")
        for wrong in ["", "a", "#", "a#", "#b", "a#b#c"] { #expect(Easemob.parts(ofAppKey: wrong) == nil) }
    }

    /// Proves EM-own-kick-reasons.
    @Test("Every kick's number says what it means", arguments: [8, 108, 206, 207, 214, 216, 217, 220, 305])
    func kicks(reason: Int) {
        let words = Easemob.provider.usual.policy.kickWords
        #expect(words.meaning(of: reason) != words.meaning(of: 0))
        #expect(Easemob.codeName(reason) != Easemob.codeName(999))
    }

    /// Proves EM-9-resource, EM-own-client-types.
    @Test("Platforms have their numbers and the beginnings of resources")
    func platforms() {
        #expect(EasemobPlatform.allCases.map(\.resourceType) == ["android", "ios", "web", "harmony"])
        #expect(Easemob.provider.clientPlatforms.map(\.clientType).sorted() == [1, 2, 3, 4])
        #expect(Easemob.provider.devicePolicies.count == 3)
    }
}

/// Signed tokens as text (easemob.md §1).
struct EasemobDynamicTokenTests {
    /// Proves EM-1-dynamic, EM-own-dynamic-strict.
    @Test("A token is read with and without padding, in any order, and no other spelling of it")
    func reading() throws {
        let token = EasemobDynamicToken(
            appKey: "a#b", userID: "ann", curTime: 5, ttl: 60, signature: "00")
        #expect(try EasemobDynamicToken(parsing: token.text) == token)
        let bare = String(token.text.reversed().drop { $0 == "=" }.reversed())
        #expect(try EasemobDynamicToken(parsing: bare) == token)
        let other = #"dt-{"ttl":60,"userId":"ann","curTime":5,"appkey":"a#b","signature":"00"}"#
        #expect(try EasemobDynamicToken(parsing: URLBase64.encode(Array(other.utf8))) == token)
        #expect(URLBase64.decode("QQ==") == [0x41])
        for wrong in ["QR==", "QQ=", "Q", "QQ===", "Q+==", "Q/==", "Q Q=", "====", "QQ==QQ=="] {
            #expect(URLBase64.decode(wrong) == nil, "\(wrong)")
        }
        #expect(URLBase64.encode([0xFB, 0xFF]) == "-_8=")
        #expect(URLBase64.decode("") == [])
    }

    @Test("The end is counted where it can be")
    func ends() {
        func token(_ curTime: Int64, _ ttl: Int64) -> EasemobDynamicToken {
            EasemobDynamicToken(appKey: "", userID: "", curTime: curTime, ttl: ttl, signature: "")
        }
        let now = Instant(seconds: 100)
        #expect(!token(50, 51).isExpired(at: now))
        #expect(token(50, 50).isExpired(at: now))
        #expect(!token(0, 0).isExpired(at: now))
        #expect(!token(Int64.max, 1).isExpired(at: now))
        #expect(token(Int64.min, -1).isExpired(at: now))
    }
}

/// Easemob's rule book; that each of its rules has a test is held with those of the others.
struct EasemobRuleTests {
    @Test("A choice of ours is tagged so, and the codes of the policies have their rules")
    func integrity() {
        let book = Easemob.rules
        for rule in book.rules {
            let isOurs = rule.id.text.contains("-own-") || rule.id.text.hasPrefix("EM-11-")
            #expect(isOurs == (rule.tag == .ours), "\(rule.id)")
        }
        for generation in Easemob.provider.generations {
            for row in generation.policy.codes + [generation.policy.unknownCode] {
                #expect(book[row.rule] != nil, "\(row.rule)")
            }
        }
    }
}
