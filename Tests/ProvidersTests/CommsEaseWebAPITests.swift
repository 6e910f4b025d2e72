import LoginCore
import Providers
import Testing

/// A call that is wrong in one way, and the provider's answer to it.
struct RefusedCallRow: Sendable, CustomTestStringConvertible {
    let name: String
    let request: HTTPRequestValue
    let code: Int
    /// What the description must speak of.
    let says: String

    var testDescription: String { name }

    static let signed = [
        HTTPHeader("AppKey", "KEY"), HTTPHeader("Nonce", "n"), HTTPHeader("CurTime", "1443592222"),
        HTTPHeader("CheckSum", "c"),
    ]
    static let formType = HTTPHeader("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")
    static let jsonType = HTTPHeader("Content-Type", "application/json")
    static let create = "/nimserver/user/create.action"

    static func form(
        _ name: String, at path: String = create, _ body: String, _ code: Int = 414, says: String
    ) -> RefusedCallRow {
        bytes(name, at: path, Array(body.utf8), code, says: says)
    }

    static func bytes(
        _ name: String, at path: String = create, _ body: [UInt8], _ code: Int = 414, says: String
    ) -> RefusedCallRow {
        RefusedCallRow(
            name: name,
            request: HTTPRequestValue(method: "POST", path: path, headers: signed + [formType], body: body), code: code,
            says: says)
    }

    static func json(
        _ name: String, at path: String = "/im/v2/accounts/mia/actions/kick", _ body: String, says: String
    ) -> RefusedCallRow {
        RefusedCallRow(
            name: name,
            request: HTTPRequestValue(
                method: "POST", path: path, headers: signed + [jsonType], body: Array(body.utf8)),
            code: 414, says: says)
    }

    static func headers(_ name: String, _ headers: [HTTPHeader], says: String) -> RefusedCallRow {
        RefusedCallRow(
            name: name,
            request: HTTPRequestValue(method: "POST", path: create, headers: headers, body: Array("accid=mia".utf8)),
            code: 414, says: says)
    }

    static func route(_ method: String, _ path: String, _ code: Int) -> RefusedCallRow {
        RefusedCallRow(
            name: "\(method) \(path)", request: HTTPRequestValue(method: method, path: path, headers: signed),
            code: code, says: "")
    }

    static let routes = [
        route("POST", "/", 404), route("POST", "", 404), route("POST", "/user/create.action", 404),
        route("POST", "/nimserver/user/create", 404), route("POST", "/nimserver/user/create.action/", 404),
        route("POST", "/nimserver/user/Create.action", 404), route("POST", "/nimserver/user/mutes.action", 404),
        route("POST", "/nimserver/nimserver/user/create.action", 404),
        route("POST", "/nimserver//user/create.action", 404),
        route("POST", "/im/v2/accounts/mia/actions/dance", 404), route("POST", "/im/v2/accounts/a/b/actions/kick", 404),
        route("POST", "/im/v3/accounts/mia/actions/kick", 404),
        route("GET", "/nimserver/console/commsease/settings", 404),
        route("GET", create, 405), route("DELETE", create, 405), route("post", create, 405),
        route("GET", "/im/v2/accounts/mia/actions/kick", 405),
        route("GET", "/nimserver/im/v2/accounts/mia/actions/kick", 405),
        route("PATCH", "/console/commsease/settings", 405),
    ]

    static let heads: [RefusedCallRow] =
        signed.flatMap { header in
            let others = signed.filter { $0 != header } + [formType]
            return [
                headers("no \(header.name)", others, says: header.name),
                headers("empty \(header.name)", others + [HTTPHeader(header.name, "")], says: header.name),
                headers("two \(header.name)", others + [header, header], says: header.name),
                headers(
                    "\(header.name) in two cases", others + [header, HTTPHeader(header.name.lowercased(), "x")],
                    says: header.name),
            ]
        }
        + [
            headers(
                "long Nonce",
                [formType, signed[0], signed[2], signed[3], HTTPHeader("Nonce", String(repeating: "n", count: 129))],
                says: "Nonce"),
            headers("two types", signed + [formType, formType], says: "Content-Type"),
            headers(
                "two request ids", signed + [formType, HTTPHeader("RequestId", "1"), HTTPHeader("requestid", "1")],
                says: "RequestId"),
        ]
        + [
            "application/json", "text/plain", "multipart/form-data; boundary=x", "",
            "application/x-www-form-urlencoded; charset=gbk", "application/x-www-form-urlencoded;charset=utf-16",
            "application/x-www-form-url encoded",
        ].map { headers("type \($0)", signed + [HTTPHeader("Content-Type", $0)], says: "Content-Type") }

    static let forms: [RefusedCallRow] = [
        form("no body", "", says: "accid"), form("no accid", "name=x", says: "accid"),
        form("empty accid", "accid=", says: "accid"), form("accid without =", "accid", says: "accid"),
        form("two accids", "accid=a&accid=a", says: "accid"), form("two spellings", "accid=a&%61ccid=b", says: "accid"),
        form("two unknown", "accid=a&x=1&x=2", says: "x"), form("half an escape", "accid=a%4", says: "encoding"),
        form("bare percent", "accid=a&name=%", says: "encoding"),
        form("bad digits", "accid=a&name=%zz", says: "encoding"),
        form("escaped bad UTF-8", "accid=a&name=%ff", says: "encoding"),
        form("bad escape in an unknown name", "accid=a&%=1", says: "encoding"),
        form("accid of 33", "accid=\(String(repeating: "a", count: 33))", says: "accid"),
        form("accid with a space", "accid=a+b", says: "accid"),
        form("accid with a slash", "accid=a%2Fb", says: "accid"),
        form("accid in Chinese", "accid=%E4%B8%AD", says: "accid"),
        form("accid with the Kelvin sign", "accid=%E2%84%AAim", says: "accid"),
        form("accid with NUL", "accid=a%00", says: "accid"),
        form("long name", "accid=a&name=\(String(repeating: "n", count: 65))", says: "name"),
        form("long token", "accid=a&token=\(String(repeating: "t", count: 129))", says: "token"),
        form("long icon", "accid=a&icon=\(String(repeating: "i", count: 1025))", says: "icon"),
        form("long birth", "accid=a&birth=\(String(repeating: "1", count: 17))", says: "birth"),
        form("gender 3", "accid=a&gender=3", says: "gender"),
        form("needkick 1", at: "/nimserver/user/block.action", "accid=a&needkick=1", says: "needkick"),
        form("needkick yes", at: "/nimserver/user/block.action", "accid=a&needkick=yes", says: "needkick"),
        form("empty mute", at: "/nimserver/user/mute.action", "accid=a&mute=", says: "mute"),
        form(
            "long kickNotifyExt", at: "/nimserver/user/block.action",
            "accid=a&kickNotifyExt=\(String(repeating: "%E4%B8%AD", count: 257))", says: "kickNotifyExt"),
        form("no accid to update", at: "/nimserver/user/update.action", "token=t", says: "accid"),
        form("no accid to refresh", at: "/nimserver/user/refreshToken.action", "", says: "accid"),
        form("no accid to unblock", at: "/nimserver/user/unblock.action", "", says: "accid"),
        bytes("raw bad UTF-8", Array("accid=a&name=".utf8) + [0xFF], says: "encoding"),
        bytes("too long a body", Array("accid=a&x=".utf8) + Array(repeating: 0x78, count: 65_536), says: "body"),
    ]

    static let bodies: [RefusedCallRow] = [
        json("no JSON", "type=1", says: ""), json("an array", "[]", says: "object"),
        json("no type", "{}", says: "type"),
        json("type 0", #"{"type":0}"#, says: "type"), json("type 4", #"{"type":4}"#, says: "type"),
        json("text type", #"{"type":"1"}"#, says: "type"), json("two types", #"{"type":1,"type":1}"#, says: "type"),
        json("no list", #"{"type":2}"#, says: "device_id_list"),
        json("empty list", #"{"type":3,"device_id_list":[]}"#, says: "device_id_list"),
        json("numbers in the list", #"{"type":2,"device_id_list":[1]}"#, says: "device_id_list"),
        json(
            "21 devices",
            #"{"type":2,"device_id_list":[\#((0..<21).map { "\"\($0)\"" }.joined(separator: ","))]}"#,
            says: "device_id_list"),
        json(
            "long extension", #"{"type":1,"kick_notify_extension":"\#(String(repeating: "x", count: 257))"}"#,
            says: "kick_notify_extension"),
        json("no account", at: "/im/v2/accounts//actions/kick", #"{"type":1}"#, says: "account_id"),
        json("bad escape in the account", at: "/im/v2/accounts/a%4/actions/kick", #"{"type":1}"#, says: "account_id"),
        json("slash in the account", at: "/im/v2/accounts/a%2Fb/actions/kick", #"{"type":1}"#, says: "account_id"),
        json(
            "Kelvin in the account", at: "/im/v2/accounts/%E2%84%AAim/actions/kick", #"{"type":1}"#, says: "account_id"),
        json(
            "long account", at: "/im/v2/accounts/\(String(repeating: "a", count: 33))/actions/kick", #"{"type":1}"#,
            says: "account_id"),
        json("policy 9", at: "/console/commsease/settings", #"{"devicePolicy":9}"#, says: "devicePolicy"),
        json("auth type 7", at: "/console/commsease/settings", #"{"authTypes":[7]}"#, says: "authTypes"),
        RefusedCallRow(
            name: "a form to V2",
            request: HTTPRequestValue(
                method: "POST", path: "/im/v2/accounts/mia/actions/kick", headers: signed + [formType],
                body: Array(#"{"type":1}"#.utf8)),
            code: 414, says: "Content-Type"),
    ]

    static let all = routes + heads + forms + bodies + accountCalls
}

@Suite("CommsEase's web API on the wire")
struct CommsEaseWebAPITests {
    static let credentials = CommsEaseCredentials(
        appKey: "KEY", nonce: "12345", curTime: "1443592222", checkSum: "06f0def1a9e83ef48c9564044c4068c8834b4ae8")

    static let commands: [CommsEaseCommand] =
        [
            .create(accid: "zhangsan", token: nil, name: nil),
            .create(accid: "a.b-c_d@1", token: Secret("t&o=k+e n%", kind: .token), name: "张三 & co"),
            .update(accid: "zhangsan", token: Secret("t0k", kind: .token)), .update(accid: "zhangsan", token: nil),
            .refreshToken(accid: "zhangsan"), .block(accid: "zhangsan", needKick: true, kickNotifyExt: "違規\n"),
            .block(accid: "zhangsan", needKick: false, kickNotifyExt: nil), .unblock(accid: "zhangsan"),
            .kick(accountID: "a@b", type: 1, deviceIDs: [], notify: nil),
            .kick(accountID: "zhangsan", type: 2, deviceIDs: ["d1", "d2"], notify: "out"),
            .kick(accountID: "zhangsan", type: 3, deviceIDs: ["d1"], notify: nil), .consoleSettings,
            .changeConsoleSettings(CommsEaseConsolePatch()),
            .changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 2, authTypes: [0, 2])),
        ] + CommsEaseAccountCallsTests.commands

    @Test("A call is read back as it was made, with its credentials and cause", arguments: commands)
    func callRoundTrip(_ command: CommsEaseCommand) throws {
        let cause = EntryID(lane: "app-server", number: 2)
        let wire = command.http(credentials: Self.credentials, requestID: "r-1", cause: cause)
        #expect(
            try CommsEaseCommand.parse(wire).get() == CommsEaseCall(command: command, credentials: Self.credentials))
        #expect(wire.cause == cause)
        #expect(!"\(command)".contains("t0k") && !"\(command)".contains("t&o"))
    }

    @Test("A call is spelt as the provider documents it")
    func spelling() {
        let block = CommsEaseCommand.block(accid: "zhangsan", needKick: true, kickNotifyExt: "a b").http(
            credentials: Self.credentials, requestID: "r-1", cause: nil)
        #expect(block.method == "POST")
        #expect(block.path == "/nimserver/user/block.action")
        #expect(block.body.utf8Text == "accid=zhangsan&needkick=true&kickNotifyExt=a%20b")
        #expect(block.values(of: "content-type") == ["application/x-www-form-urlencoded;charset=utf-8"])
        #expect(block.values(of: "RequestId") == ["r-1"])
        let kick = CommsEaseCommand.kick(accountID: "a@b", type: 2, deviceIDs: ["d"], notify: "n").http(
            credentials: Self.credentials, requestID: "r-1", cause: nil)
        #expect(kick.path == "/im/v2/accounts/a%40b/actions/kick")
        #expect(kick.body.utf8Text == #"{"type":2,"device_id_list":["d"],"kick_notify_extension":"n"}"#)
        #expect(kick.values(of: "X-custom-traceid") == ["r-1"])
    }

    @Test(
        "The kick is known under both prefixes, and its account in any case of letters",
        arguments: ["/im/v2/accounts/MIA/actions/kick", "/nimserver/im/v2/accounts/m%69a/actions/kick"])
    func kickPrefixes(_ path: String) throws {
        let request = HTTPRequestValue(
            method: "POST", path: path, headers: RefusedCallRow.signed + [RefusedCallRow.jsonType],
            body: Array(#"{"type":1}"#.utf8))
        #expect(
            try CommsEaseCommand.parse(request).get().command
                == .kick(accountID: "mia", type: 1, deviceIDs: [], notify: nil))
        #expect(CommsEaseDialect(path: path) == .v2)
    }

    @Test(
        "The form's content type may be spelt in many ways",
        arguments: [
            "application/x-www-form-urlencoded", "application/x-www-form-urlencoded;charset=utf-8",
            "application/x-www-form-urlencoded; charset=UTF-8", "APPLICATION/X-WWW-FORM-URLENCODED; CHARSET=UTF-8",
            "application/x-www-form-urlencoded ; charset=\"utf-8\"", "application/x-www-form-urlencoded;charset=utf8",
        ])
    func charsets(_ type: String) throws {
        let request = HTTPRequestValue(
            method: "POST", path: RefusedCallRow.create,
            headers: RefusedCallRow.signed + [HTTPHeader("content-type", type)],
            body: Array("accid=Zhang%53an&&name=a+b%2B&token=&future=1".utf8))
        #expect(
            try CommsEaseCommand.parse(request).get().command
                == .create(accid: "zhangsan", token: nil, name: "a b+"))
    }

    @Test("The limits themselves are allowed")
    func limits() throws {
        let accid = String(repeating: "a", count: 32)
        let token = String(repeating: "t", count: 128)
        let nonce = String(repeating: "n", count: 128)
        let command = CommsEaseCommand.create(accid: accid, token: Secret(token, kind: .token), name: nil)
        let credentials = CommsEaseCredentials(appKey: "K", nonce: nonce, curTime: "1", checkSum: "c")
        let wire = command.http(credentials: credentials, requestID: nil, cause: nil)
        #expect(try CommsEaseCommand.parse(wire).get() == CommsEaseCall(command: command, credentials: credentials))
    }

    /// Proves CE-11.1-status, CE-11.2-accid, OURS-routes.
    @Test("What is wrong with a call is refused with HTTP 200 and the provider's body", arguments: RefusedCallRow.all)
    func refuses(_ row: RefusedCallRow) throws {
        let error = try #require(CommsEaseCommand.parse(row.request).failure)
        #expect(error.code == row.code)
        #expect(error.desc.contains(row.says), "said: \(error.desc)")
        let answer = error.http(CommsEaseDialect(path: row.request.path), cause: nil)
        #expect(answer.status == 200)
        let isV2 = row.request.path.contains("/v2/") || row.request.path.contains("/console/")
        #expect(answer.body.utf8Text.hasPrefix(isV2 ? #"{"code":"# : #"{"desc":""#))
    }

    @Test("The path is looked at before the method, the method before the headers, the headers before the form")
    func order() {
        func code(_ method: String, _ path: String, _ headers: [HTTPHeader], _ body: String) -> (Int?, String?) {
            let request = HTTPRequestValue(method: method, path: path, headers: headers, body: Array(body.utf8))
            let failure = CommsEaseCommand.parse(request).failure
            return (failure?.code, failure?.desc)
        }
        #expect(code("GET", "/nowhere", [], "%").0 == 404)
        #expect(code("GET", RefusedCallRow.create, [], "%").0 == 405)
        #expect(code("POST", RefusedCallRow.create, [], "%").1?.contains("header") == true)
        #expect(code("POST", RefusedCallRow.create, RefusedCallRow.signed, "%").1 == "encoding")
    }

    @Test("V1 puts the description first in a failure and the code first in a success")
    func v1Bodies() {
        let error = CommsEaseAPIError(code: 414, desc: "already register")
        #expect(error.http(.v1, cause: nil).body.utf8Text == #"{"desc":"already register","code":414}"#)
        #expect(CommsEaseAnswer.ok.http(.v1, cause: nil).body.utf8Text == #"{"code":200}"#)
        let info = CommsEaseAnswer.info(accid: "zhangsan", token: Secret("t0k", kind: .token), name: "z")
        #expect(
            info.http(.v1, cause: nil).body.utf8Text
                == #"{"code":200,"info":{"token":"t0k","accid":"zhangsan","name":"z"}}"#)
        let refreshed = CommsEaseAnswer.info(accid: "zhangsan", token: Secret("t0k", kind: .token), name: nil)
        #expect(
            refreshed.http(.v1, cause: nil).body.utf8Text == #"{"code":200,"info":{"token":"t0k","accid":"zhangsan"}}"#)
        #expect(
            CommsEaseAPIError(code: 414, desc: "type").http(.v2, cause: nil).body.utf8Text
                == #"{"code":414,"msg":"type","data":{}}"#)
    }

    static let answers: [(CommsEaseCommand, CommsEaseDialect, CommsEaseAnswer)] =
        [
            (commands[0], .v1, .info(accid: "zhangsan", token: Secret("t0k", kind: .token), name: "z")),
            (.refreshToken(accid: "z"), .v1, .info(accid: "z", token: Secret("t0k", kind: .token), name: nil)),
            (.update(accid: "z", token: nil), .v1, .ok), (.unblock(accid: "z"), .v1, .ok),
            (.unblock(accid: "z"), .v1, .failed(code: 414, desc: "z not register")),
            (
                commands[8], .v2,
                .kicked(
                    success: [
                        CommsEaseKickedDevice(
                            deviceID: "d", loginTime: 1_700_000_000_123, clientType: 2, session: "s-1")
                    ],
                    failed: [CommsEaseKickFailure(deviceID: "e", code: 404, text: "not online")])
            ),
            (commands[8], .v2, .kicked(success: [], failed: [])),
            (commands[8], .v2, .failed(code: 414, desc: "checksum")),
            (.consoleSettings, .v2, .settings(CommsEaseConsoleSettings(devicePolicy: 2, authTypes: [0, 1, 2]))),
        ] + CommsEaseAccountCallsTests.answers

    @Test("An answer is read back as it was given", arguments: answers)
    func answerRoundTrip(_ command: CommsEaseCommand, _ dialect: CommsEaseDialect, _ answer: CommsEaseAnswer) {
        let wire = answer.http(dialect, cause: EntryID(lane: "web-api", number: 1))
        #expect(wire.status == 200)
        #expect(wire.values(of: HTTPHeader.causeName) == ["web-api-1"])
        #expect(CommsEaseAnswer.parse(wire, to: command) == answer)
    }

    @Test(
        "An answer that is not the web API's is a failure and never a success",
        arguments: [
            (200, "", 500), (200, "<html>", 500), (200, "{}", 500), (200, #"{"code":"200"}"#, 500), (502, "", 502),
            (404, #"{"code":200}"#, 404), (200, #"{"code":200}"#, 500),
            (200, #"{"code":200,"info":{"accid":"z"}}"#, 500),
        ])
    func badAnswers(_ status: Int, _ body: String, _ code: Int) {
        let response = HTTPResponseValue(status: status, body: Array(body.utf8))
        guard case .failed(code, _) = CommsEaseAnswer.parse(response, to: .refreshToken(accid: "z")) else {
            Issue.record("read as \(CommsEaseAnswer.parse(response, to: .refreshToken(accid: "z")))")
            return
        }
    }

    @Test("An answer's keys may stand in any order")
    func anyOrder() {
        let body = #"{"info":{"accid":"z","token":"t"},"code":200}"#
        let response = HTTPResponseValue(status: 200, body: Array(body.utf8))
        #expect(
            CommsEaseAnswer.parse(response, to: .refreshToken(accid: "z"))
                == .info(accid: "z", token: Secret("t", kind: .token), name: nil))
    }
}
