import LoginCore
import Providers
import Testing

/// Calls and answers of Tencent's web API on the wire (tencent.md §5).
struct TencentWebAPITests {
    private static let credentials = TencentCredentials(
        sdkAppID: "1400000000", identifier: "administrator", userSig: Secret("eJy*-x_", kind: .token))

    private static func patch(_ json: String) throws -> TencentConsolePatch {
        try TencentConsolePatch(#require(JSONFields(JSONValue(parsing: Array(json.utf8)))))
    }

    private static func commands() throws -> [TencentCommand] {
        [
            .importAccount(TencentImport(userID: "alice", nick: "Alice", faceURL: "http://x/y")),
            .importAccount(TencentImport(userID: "alice")),
            .importAccounts([TencentImport(userID: "a"), TencentImport(userID: "b", nick: "B")], isOlder: false),
            .importAccounts([TencentImport(userID: "a"), TencentImport(userID: "b")], isOlder: true),
            .check(["a", "b"]), .delete(["a"]), .kick("alice"), .onlineStatus(["a"], isDetailed: true),
            .onlineStatus(["a", "b"], isDetailed: false), .queryState(["a"]), .mute("a", c2c: 0, group: nil),
            .mute("a", c2c: nil, group: 4_294_967_295), .consoleSettings,
            .changeConsoleSettings(try patch(#"{"devicePolicy":4,"webhookURL":"http://127.0.0.1:9/x"}"#)),
            .blacklist("a", isOn: true, kicks: true), .blacklist("a", isOn: false, kicks: false),
        ]
    }

    @Test("Every command that is built is read again as itself")
    func roundTrip() throws {
        for command in try Self.commands() {
            let request = command.http(credentials: Self.credentials, random: 4_294_967_295, cause: EntryID("A-1"))
            let call = try TencentCall.parse(request).get()
            #expect(call.credentials == Self.credentials)
            #expect(call.path == command.path)
            #expect(try call.command(acceptsLegacy: true).get() == command)
        }
    }

    /// Proves TC-5-url.
    @Test("A call has the form of the documentation")
    func form() {
        let request = TencentCommand.kick("alice").http(credentials: Self.credentials, random: 99, cause: nil)
        #expect(request.method == "POST")
        #expect(request.path == "/v4/im_open_login_svc/kick")
        let query = "sdkappid=1400000000&identifier=administrator&usersig=eJy%2A-x_&random=99&contenttype=json"
        #expect(request.query == query)
        #expect(request.body.utf8Text == #"{"UserID":"alice"}"#)
    }

    private static func request(
        _ path: String = "/v4/im_open_login_svc/kick",
        query: String = "sdkappid=1&identifier=admin&usersig=x&random=1&contenttype=json",
        body: String = #"{"UserID":"alice"}"#, method: String = "POST"
    ) -> HTTPRequestValue {
        HTTPRequestValue(method: method, path: path, query: query, body: Array(body.utf8))
    }

    private static func code(_ request: HTTPRequestValue, legacy: Bool = true) -> Int {
        switch TencentCall.parse(request).flatMap({ $0.command(acceptsLegacy: legacy) }) {
        case .success: 0
        case .failure(let error): error.code
        }
    }

    /// Proves TC-own-method.
    @Test("A GET with a body is read as the POST that it means")
    func gets() {
        #expect(Self.code(Self.request(method: "GET")) == 0)
    }

    /// Proves TC-5-encoding, TC-own-query.
    @Test(
        "A UserSig in the query reads alike raw and encoded, with any order and with more names besides",
        arguments: [
            "sdkappid=1&identifier=admin&usersig=e*J-y_&random=1&contenttype=json",
            "usersig=e%2AJ-y_&identifier=admin&sdkappid=1",
            "sdkappid=1&identifier=admin&usersig=e*J-y_&random=-1.5&contenttype=xml",
            "x=1&sdkappid=1&usersig=e%2aJ%2Dy%5F&identifier=%61dmin&&",
            "x=1&sdkappid=1&x=2&random=1&random=2&usersig=e*J-y_&identifier=admin&y=%zz&%f=",
        ])
    func encodings(query: String) throws {
        let call = try TencentCall.parse(Self.request(query: query)).get()
        let userSig = Secret("e*J-y_", kind: .token)
        #expect(
            call.credentials == TencentCredentials(sdkAppID: "1", identifier: "admin", userSig: userSig))
    }

    struct Wrong: CustomTestStringConvertible {
        let request: HTTPRequestValue
        let code: Int
        var testDescription: String { "\(request.method) \(request.path)?\(request.query) \(request.body.utf8Text)" }
    }

    private static let wrongURLs = [
        Wrong(request: request(body: "", method: "GET"), code: 60008),
        Wrong(request: request(method: "PUT"), code: 60008),
        Wrong(request: request(query: "sdkappid=1&identifier=a&identifier=b&usersig=x"), code: 60002),
        Wrong(request: request("/v4/im_open_login_svc/kicks"), code: 60009),
        Wrong(request: request("/v4/openim/kick"), code: 60009),
        Wrong(request: request("/V4/im_open_login_svc/kick"), code: 60002),
        Wrong(request: request("/v4/kick"), code: 60002),
        Wrong(request: request("/v4/im_open_login_svc/kick/"), code: 60002),
        Wrong(request: request("/"), code: 60002),
        Wrong(request: request(query: ""), code: 60012),
        Wrong(request: request(query: "SdkAppId=1&identifier=admin&usersig=x"), code: 60012),
        Wrong(request: request(query: "sdkappid=&identifier=admin&usersig=x"), code: 60012),
        Wrong(request: request(query: "sdkappid=x&identifier=admin&usersig=x"), code: 60006),
        Wrong(request: request(query: "sdkappid=1&usersig=x"), code: 60004),
        Wrong(request: request(query: "sdkappid=1&identifier=admin"), code: 60005),
        Wrong(request: request(query: "sdkappid=1&identifier=admin&usersig=%zz"), code: 60002),
        Wrong(request: request(query: "sdkappid=1&sdkappid=1&identifier=admin&usersig=x"), code: 60002),
    ]

    private static func list(_ name: String, _ item: String, _ count: Int) -> String {
        "{\"\(name)\":[" + Array(repeating: item, count: count).joined(separator: ",") + "]}"
    }

    private static let service = "/v4/im_open_login_svc/"
    private static let status = "/v4/openim/query_online_status"
    private static let mute = "/v4/openconfigsvr/setnospeaking"

    private static let wrongBodies = [
        Wrong(request: request(body: ""), code: 60003), Wrong(request: request(body: "{"), code: 60003),
        Wrong(request: request(body: "[]"), code: 60003),
        Wrong(request: request(body: #"{"UserID":"a","UserID":"b"}"#), code: 60003),
        Wrong(request: request(body: "{}"), code: 70402), Wrong(request: request(body: #"{"UserID":7}"#), code: 60015),
        Wrong(request: request(body: #"{"UserID":""}"#), code: 70402),
        Wrong(request: request(body: #"{"UserID":"小林"}"#), code: 70402),
        Wrong(
            request: request(service + "account_import", body: #"{"UserID":"\#(String(repeating: "x", count: 33))"}"#),
            code: 70402),
        Wrong(request: request(service + "account_import", body: #"{"UserID":"a","Nick":7}"#), code: 70402),
        Wrong(request: request(service + "multiaccount_import", body: #"{"AccountList":[]}"#), code: 70402),
        Wrong(
            request: request(service + "multiaccount_import", body: list("AccountList", #"{"UserID":"a"}"#, 101)),
            code: 70402),
        Wrong(request: request(service + "multiaccount_import", body: #"{"Accounts":[7]}"#), code: 60015),
        Wrong(request: request(service + "account_check", body: #"{"CheckItem":["a"]}"#), code: 70402),
        Wrong(
            request: request(service + "account_check", body: list("CheckItem", #"{"UserID":"a"}"#, 101)), code: 70402),
        Wrong(request: request(service + "account_delete", body: #"{"DeleteItem":[{"UserID":1}]}"#), code: 60015),
        Wrong(
            request: request(service + "account_delete", body: list("DeleteItem", #"{"UserID":"a"}"#, 101)), code: 70402
        ),
        Wrong(request: request(status, body: "{}"), code: 90003),
        Wrong(request: request(status, body: #"{"To_Account":"a"}"#), code: 90003),
        Wrong(request: request(status, body: #"{"To_Account":[1]}"#), code: 90003),
        Wrong(request: request(status, body: #"{"To_Account":["a"],"IsNeedDetail":2}"#), code: 90001),
        Wrong(request: request(status, body: list("To_Account", "\"a\"", 501)), code: 90011),
        Wrong(request: request(mute, body: #"{"Set_Account":"a"}"#), code: 130_004),
        Wrong(request: request(mute, body: #"{"C2CmsgNospeakingTime":1}"#), code: 130_004),
        Wrong(request: request(mute, body: #"{"Set_Account":"a","C2CmsgNospeakingTime":-1}"#), code: 130_008),
        Wrong(request: request(mute, body: #"{"Set_Account":"a","C2CmsgNospeakingTime":4294967296}"#), code: 130_008),
        Wrong(request: request("/console/tencent/settings", body: #"{"devicePolicy":5}"#), code: 70402),
    ]

    /// Proves TC-5-body.
    @Test("What is wrong with a call has its code", arguments: wrongURLs + wrongBodies)
    func wrong(row: Wrong) {
        #expect(Self.code(row.request) == row.code)
        #expect(Tencent.codeName(row.code) != "unknown code")
    }

    @Test("The most that a call may name is still read")
    func most() {
        let item = #"{"UserID":"a"}"#
        for (command, name) in [
            ("account_check", "CheckItem"), ("account_delete", "DeleteItem"), ("multiaccount_import", "AccountList"),
        ] {
            #expect(
                Self.code(Self.request(Self.service + command, body: Self.list(name, item, 100))) == 0, "\(command)")
        }
        #expect(Self.code(Self.request(Self.status, body: Self.list("To_Account", "\"a\"", 500))) == 0)
    }

    /// Proves TC-own-legacy, TC-5-querystate, TC-5-multi-import.
    @Test(
        "The older forms are read with the setting, and refused without",
        arguments: [
            (service + "multiaccount_import", #"{"Accounts":["a","b"]}"#, 70402),
            (service + "account_import", #"{"Identifier":"a"}"#, 70402),
            (service + "kick", #"{"Identifier":"a"}"#, 70402),
            ("/v4/openim/querystate", #"{"To_Account":["a"]}"#, 60009),
        ])
    func legacy(path: String, body: String, code: Int) {
        #expect(Self.code(Self.request(path, body: body)) == 0)
        #expect(Self.code(Self.request(path, body: body), legacy: false) == code)
    }

    struct Answer: CustomTestStringConvertible {
        let answer: TencentAnswer
        let text: String
        var command = TencentCommand.kick("a")
        var testDescription: String { text }
    }

    private static let ok = #""ActionStatus":"OK","ErrorCode":0,"ErrorInfo":"""#
    private static let alice = TencentAccountStatus(
        userID: "alice", status: .online,
        terminals: [TencentAccountStatus.Terminal(platform: "iPhone", status: .online)])
    private static let bob = TencentAccountStatus(userID: "bob", status: .pushOnline)
    private static let unknownItem = TencentItem(userID: "no", code: 70107, info: TencentAnswer.unknownText)

    private static let answers = [
        Answer(answer: .ok, text: "{\(ok)}"),
        Answer(answer: .muted, text: #"{"ErrorCode":0,"ErrorInfo":""}"#, command: .mute("a", c2c: 1, group: nil)),
        Answer(
            answer: .imported(failed: ["x"]), text: "{\(ok),\"FailAccounts\":[\"x\"]}",
            command: .importAccounts([], isOlder: false)),
        Answer(
            answer: .checked([
                TencentItem(userID: "a", isImported: true), TencentItem(userID: "b", isImported: false),
            ]),
            text: "{\(ok),\"ResultItem\":["
                + #"{"UserID":"a","ResultCode":0,"ResultInfo":"","AccountStatus":"Imported"},"#
                + #"{"UserID":"b","ResultCode":0,"ResultInfo":"","AccountStatus":"NotImported"}]}"#,
            command: .check([])),
        Answer(
            answer: .deleted([TencentItem(userID: "a"), unknownItem]),
            text: "{\(ok),\"ResultItem\":["
                + #"{"ResultCode":0,"ResultInfo":"","UserID":"a"},"#
                + #"{"ResultCode":70107,"ResultInfo":"Err_TLS_PT_Open_Login_Account_Not_Exist","UserID":"no"}]}"#,
            command: .delete([])),
        Answer(
            answer: .statuses([alice], unknown: ["no"], isDetailed: true),
            text: "{\(ok),\"QueryResult\":["
                + #"{"To_Account":"alice","Status":"Online","Detail":[{"Platform":"iPhone","Status":"Online"}]}],"#
                + #""ErrorList":[{"To_Account":"no","ErrorCode":70107}]}"#,
            command: .onlineStatus([], isDetailed: true)),
        Answer(
            answer: .statuses([bob], unknown: [], isDetailed: false),
            text: "{\(ok),\"QueryResult\":[" + #"{"To_Account":"bob","Status":"PushOnline"}]}"#,
            command: .onlineStatus([], isDetailed: false)),
        Answer(
            answer: .statuses([], unknown: ["no"], isDetailed: false),
            text: #"{"ActionStatus":"FAIL","ErrorCode":70107,"ErrorInfo":"Err_TLS_PT_Open_Login_Account_Not_Exist","#
                + #""QueryResult":[],"ErrorList":[{"To_Account":"no","ErrorCode":70107}]}"#,
            command: .onlineStatus([], isDetailed: false)),
        Answer(
            answer: .states([bob], unknown: []),
            text: "{\(ok),\"QueryResult\":[" + #"{"To_Account":"bob","State":"PushOnline"}]}"#,
            command: .queryState([])),
        Answer(
            answer: .failed(TencentAPIError(60010, "not an admin")),
            text: #"{"ActionStatus":"FAIL","ErrorCode":60010,"ErrorInfo":"not an admin"}"#),
    ]

    /// Proves TC-5-reply, TC-5-status-any.
    @Test("Answers are these bytes under status 200, and are read again", arguments: answers)
    func bytes(row: Answer) {
        let response = row.answer.http(lacksActionStatus: row.answer == .muted, cause: nil)
        #expect(response.status == 200)
        #expect(response.body.utf8Text == row.text)
        #expect(TencentAnswer.parse(response, to: row.command) == row.answer)
    }

    @Test("An answer that is not the web API's is a failure with the status it came under")
    func foreign() {
        func code(_ status: Int, _ body: String) -> Int {
            let response = HTTPResponseValue(status: status, body: Array(body.utf8))
            guard case .failed(let error) = TencentAnswer.parse(response, to: .kick("a")) else { return 0 }
            return error.code
        }
        #expect(code(502, "<html>") == 502)
        #expect(code(200, "<html>") == 60013)
        #expect(code(200, #"{"ErrorCode":70107}"#) == 70107)
    }

    @Test("Settings survive the wire, and a wrong one leaves all as they were")
    func settings() throws {
        var settings = TencentConsoleSettings()
        settings.devicePolicy = 3
        settings.admins = ["root", "other"]
        settings.webhookURL = "https://example.test/hook"
        settings.expiredCode = 6206
        let response = TencentAnswer.settings(settings).http(cause: nil)
        #expect(TencentAnswer.parse(response, to: .consoleSettings) == .settings(settings))
        for wrong in [
            #"{"devicePolicy":0}"#, #"{"webInstances":11}"#, #"{"instances":4}"#, #"{"admins":[]}"#,
            #"{"admins":[""]}"#, #"{"webhookURL":"ftp://x"}"#, #"{"webhookURL":"http://x#y"}"#,
            #"{"expiredCode":1}"#, #"{"rateLimit":-1}"#, #"{"devicePolicy":2,"legacyForms":1}"#,
        ] {
            let fields = try #require(JSONFields(JSONValue(parsing: Array(wrong.utf8))))
            var changed = settings
            #expect(throws: JSONFault.self, "\(wrong)") { try changed.take(fields) }
            #expect(changed == settings)
        }
    }

    /// Proves TC-3-instances.
    @Test("More than one instance is for the Web, and for the others under the multi platform policy")
    func instances() {
        var settings = TencentConsoleSettings()
        settings.webInstances = 10
        settings.instances = 3
        for policy in TencentDevicePolicy.allCases {
            settings.devicePolicy = policy.rawValue
            #expect(settings.instances(of: .web) == 10)
            #expect(settings.instances(of: .mac) == (policy == .multiPlatform ? 3 : 1))
        }
    }

    /// Proves TC-6-url, TC-6-body.
    @Test("The status change is told with URL and body of the documentation")
    func webhook() {
        let change = TencentStateChange(
            userID: "alice", change: .login, platform: .iPhone, kicked: [.windows, .iPhone],
            at: Instant(milliseconds: 1_700_000_000_123), clientAddress: "127.0.0.1")
        let request = change.http(sdkAppID: "1400000000", cause: nil)
        let query =
            "SdkAppid=1400000000&CallbackCommand=State.StateChange&contenttype=json"
            + "&ClientIP=127.0.0.1&OptPlatform=IOS"
        #expect(request.query == query)
        #expect(
            request.body.utf8Text
                == #"{"CallbackCommand":"State.StateChange","EventTime":1700000000123,"#
                + #""Info":{"Action":"Login","To_Account":"alice","Reason":"Register"},"#
                + #""KickedDevice":[{"Platform":"Windows"},{"Platform":"iOS"}]}"#)
        for change in TencentStateChange.Change.allCases {
            let request = TencentStateChange(
                userID: "a", change: change, platform: nil, at: Instant(seconds: 0), clientAddress: ""
            ).http(sdkAppID: "1", cause: nil)
            #expect(request.query.hasSuffix("OptPlatform=RESTAPI"))
            #expect(!request.body.utf8Text.contains("KickedDevice"))
            let parts = change.rawValue.split(separator: "/")
            #expect(request.body.utf8Text.contains("\"Action\":\"\(parts[0])\""))
            #expect(request.body.utf8Text.contains("\"Reason\":\"\(parts[1])\""))
        }
    }
}
