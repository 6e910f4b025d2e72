import Foundation
import LoginCore
import Providers
import Testing

@testable import CloudServer

/// Requests as programs in other languages write them, byte for byte over a socket.
@Suite("Programs that were written for the real service", .timeLimit(.minutes(5)))
struct RealClientTests {
    /// A request without its signature, and a text that the answer's body must have.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        /// `{H}` stands for the four signing headers in lower case, `{Key}` and so on for their values.
        let head: String
        var body = ""
        let says: String

        var testDescription: String { name }
    }

    private static let form = "application/x-www-form-urlencoded"
    private static let ok = #"{"code":200}"#

    static let rows: [Row] = [
        Row(
            name: "Java with OkHttp",
            head: """
                POST /nimserver/user/create.action HTTP/1.1
                AppKey: {Key}
                Nonce: {Nonce}
                CurTime: {Time}
                CheckSum: {Sum}
                RequestId: 7f4d3b0c9a
                Content-Type: application/x-www-form-urlencoded;charset=utf-8
                Connection: Keep-Alive
                Accept-Encoding: gzip
                User-Agent: okhttp/3.14.9
                """, body: "accid=Java.User&name=%E5%BC%A0%E4%B8%89&gender=1&ex=%7B%22a%22%3A1%7D",
            says: #""accid":"java.user","name":"张三""#),
        Row(
            name: "Java with HttpClient, header names in another case",
            head: """
                POST /nimserver/user/create.action HTTP/1.1
                APPKEY: {Key}
                nonce: {Nonce}
                curTime: {Time}
                checksum: {Sum}
                Content-Type: application/x-www-form-urlencoded; charset=UTF-8
                """, body: "accid=java2&token=&name=&props=&icon=&sign=&email=&birth=&mobile=&gender=&ex=",
            says: #""accid":"java2","name":"""#),
        Row(
            name: "Python with requests",
            head: """
                POST /nimserver/user/block.action HTTP/1.1
                User-Agent: python-requests/2.32.3
                Accept-Encoding: gzip, deflate
                Accept: */*
                Connection: keep-alive
                AppKey: {Key}
                Nonce: {Nonce}
                CurTime: {Time}
                CheckSum: {Sum}
                Content-Type: application/x-www-form-urlencoded
                """, body: "accid=ann&needkick=True&kickNotifyExt=bye+bye", says: ok),
        Row(
            name: "Go, keys sorted",
            head: """
                POST /nimserver/user/unblock.action HTTP/1.1
                User-Agent: Go-http-client/1.1
                Appkey: {Key}
                Checksum: {Sum}
                Content-Type: application/x-www-form-urlencoded;charset=utf-8
                Curtime: {Time}
                Nonce: {Nonce}
                Accept-Encoding: gzip
                """, body: "accid=ann", says: ok),
        Row(
            name: "PHP with curl, a semicolon at the end",
            head: """
                POST /nimserver/user/mute.action HTTP/1.1
                Accept: */*
                {H}
                Content-Type: application/x-www-form-urlencoded;charset=utf-8;
                """, body: "accid=ann&mute=true", says: ok),
        Row(
            name: "C# with its quoted charset",
            head: """
                POST /nimserver/user/muteModule.action HTTP/1.1
                {H}
                Content-Type: application/x-www-form-urlencoded; charset="UTF-8"
                Expect: 100-continue
                """, body: "accid=ann&muteP2P=TRUE&muteTeam=False&muteRoom=&muteQChat",
            says: #"{"code":200,"data":{"muteP2P":true,"muteTeam":false,"muteRoom":false,"muteQChat":false}}"#),
        Row(
            name: "parameters in the query",
            head: """
                POST /nimserver/user/update.action?accid=ann&token=fresh%2Dtoken HTTP/1.1
                {H}
                Content-Type: application/x-www-form-urlencoded;charset=utf-8
                """, says: ok),
        Row(
            name: "one in the query, one in the form",
            head: """
                POST /nimserver/user/update.action?accid=ann HTTP/1.1
                {H}
                """, body: "props=%7B%7D", says: ok),
        Row(
            name: "an account list with blanks and a percent encoding of everything",
            head: """
                POST /nimserver/user/userOnlineStatus.action HTTP/1.1
                {H}
                Content-Type: application/x-www-form-urlencoded;charset=utf8
                """, body: "%61ccids=%5B%22ann%22%2C+%22No.Body%22%5D",
            says: #"{"code":200,"data":{"invalidAccids":["No.Body"],"status":{}}}"#),
        Row(
            name: "a list that is no list",
            head: """
                POST /nimserver/user/userOnlineStatus.action HTTP/1.1
                {H}
                """, body: "accids=ann", says: #""code":414"#),
        Row(
            name: "V2 behind the base of V1, as the official libraries write it",
            head: """
                POST /nimserver/im/v2/accounts HTTP/1.1
                {H}
                X-custom-traceid: 9c2e
                Content-Type: application/json; charset=utf-8
                """,
            body: #"{"user_information":{"name":"n","gender":0},"extra":null,"configuration":{"enabled":true},"#
                + #""token":"tok","account_id":"V2.User"}"#,
            says: #"{"code":200,"msg":"success","data":{"account_id":"v2.user","token":"tok""#),
        Row(
            name: "V2 without a base, the account escaped",
            head: """
                PATCH /im/v2/accounts/%61nn/actions/refresh_token HTTP/1.1
                {H}
                Content-Type: application/json;charset=UTF-8
                Content-Length: 0
                """, says: #""code":200,"msg":"success","data":{"account_id":"ann","token":""#),
        Row(
            name: "V2 disable",
            head: """
                PATCH /im/v2/accounts/ann/actions/disable HTTP/1.1
                {H}
                content-type: application/json
                """, body: #"{ "enabled" : false, "need_kick" : true, "kick_notify_extension" : "\u4e2d" }"#,
            says: #""configuration":{"enabled":false"#),
        Row(
            name: "V2 kick of devices that are not there",
            head: """
                POST /im/v2/accounts/ann/actions/kick HTTP/1.1
                {H}
                Content-Type: application/json
                """, body: #"{"type":2,"device_id_list":["d-1"]}"#,
            says: #""data":{"success_list":[],"failed_list":[{"device_id":"d-1""#),
        Row(
            name: "V2 query of several",
            head: """
                GET /im/v2/accounts?account_ids=ann%2Cnobody HTTP/1.1
                {H}
                Content-Type: application/json
                """, says: #""error_code":102404"#),
        Row(
            name: "HTTP without a charset that is UTF-8",
            head: """
                POST /nimserver/user/unblock.action HTTP/1.1
                {H}
                Content-Type: application/x-www-form-urlencoded;charset=gbk
                """, body: "accid=ann", says: #"{"desc":"Content-Type","code":414}"#),
    ]

    private static let appKey = "go9dnk49bkd9jd9vmel1kglw0803mgq3"
    private static let secret = Secret("123456789012", kind: .appSecret)

    /// The request's bytes, signed for `time`.
    private static func text(_ row: Row, nonce: String, time: Int64) -> String {
        let sum = CommsEaseSignature.checkSum(appSecret: secret, nonce: nonce, curTime: String(time))
        var head = row.head.split(separator: "\n").joined(separator: "\r\n")
        head = head.replacingOccurrences(
            of: "{H}", with: "appkey: {Key}\r\nnonce: {Nonce}\r\ncurtime: {Time}\r\nchecksum: {Sum}")
        for (name, value) in [("Key", appKey), ("Nonce", nonce), ("Time", String(time)), ("Sum", sum)] {
            head = head.replacingOccurrences(of: "{\(name)}", with: value)
        }
        if !head.contains("Content-Length"), !row.body.isEmpty { head += "\r\nContent-Length: \(row.body.utf8.count)" }
        return head + "\r\nHost: 127.0.0.1\r\n\r\n" + row.body
    }

    private func withBackend(_ body: (Int, LabClock) async throws -> Void) async throws {
        let clock = testClock()
        let backend = Backend(BackendConfiguration(appKey: Self.appKey, appSecret: Self.secret, clock: clock))
        let endpoints = try await backend.start()
        do {
            try await body(endpoints.webAPI.split(separator: ":").last.flatMap { Int($0) } ?? 0, clock)
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }

    /// The answer's body; `100 Continue` before it is passed over.
    private func answer(_ client: RawClient) async throws -> String {
        var answer = try #require(await client.readAnswer())
        if answer.head.hasPrefix("HTTP/1.1 100") { answer = try #require(await client.readAnswer()) }
        #expect(answer.head.hasPrefix("HTTP/1.1 200"), "\(answer.head)")
        return answer.body
    }

    /// Proves OURS-lenient-forms, CE-14.7, CE-11.3-base.
    @Test("Each is understood on one connection that stays open, and answered with HTTP 200")
    func understood() async throws {
        try await withBackend { port, clock in
            let client = try await RawClient.connect(to: port)
            let first = Row(
                name: "", head: "POST /nimserver/user/create.action HTTP/1.1\n{H}", body: "accid=ann",
                says: #""accid":"ann""#)
            for (index, row) in ([first] + Self.rows).enumerated() {
                try await client.send(Self.text(row, nonce: "n\(index)", time: clock.now().seconds))
                let body = try await answer(client)
                #expect(body.contains(row.says), "\(row.name): \(body)")
                if row.says == Self.ok { #expect(body == Self.ok, "\(row.name)") }
            }
            await client.close()
        }
    }

    @Test("A request that is sent again under its id is answered 431, in the words of its dialect")
    func repeated() async throws {
        try await withBackend { port, clock in
            let client = try await RawClient.connect(to: port)
            let rows = [
                (Self.rows[0], #"{"desc":"repeated request","code":431}"#),
                (Self.rows[10], #"{"code":431,"msg":"repeated request","data":{}}"#),
            ]
            for (row, says) in rows {
                for round in 0..<2 {
                    try await client.send(Self.text(row, nonce: "n\(round)", time: clock.now().seconds))
                    let body = try await answer(client)
                    #expect(round == 0 ? body.contains(row.says) : body == says, "\(body)")
                }
            }
            await client.close()
        }
    }

    @Test("A body in chunks is read whole")
    func chunked() async throws {
        try await withBackend { port, clock in
            let client = try await RawClient.connect(to: port)
            let row = Row(
                name: "",
                head: "POST /nimserver/user/create.action HTTP/1.1\n{H}\nTransfer-Encoding: chunked", says: "")
            try await client.send(Self.text(row, nonce: "n", time: clock.now().seconds))
            try await client.send("6\r\naccid=\r\n5\r\nchunk\r\n0\r\n\r\n")
            #expect(try await answer(client).contains(#""accid":"chunk""#))
            await client.close()
        }
    }

    @Test("Who asks for leave to send a body is given it before the body comes")
    func continues() async throws {
        try await withBackend { port, clock in
            let client = try await RawClient.connect(to: port)
            let row = Row(
                name: "",
                head: "POST /nimserver/user/create.action HTTP/1.1\n{H}\nExpect: 100-continue\nContent-Length: 12",
                says: "")
            for name in ["polite1", "polite2"] {
                try await client.send(Self.text(row, nonce: name, time: clock.now().seconds))
                #expect(await client.read(through: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
                try await client.send("accid=" + name.suffix(6))
                #expect(try await answer(client).contains(#""accid":"\#(name.suffix(6))""#))
            }
            await client.close()
        }
    }

    @Test("The app server is the callback's target over real sockets, and a refusing one is the default's case")
    func callback() async throws {
        let clock = testClock()
        let backend = Backend(BackendConfiguration(appKey: Self.appKey, appSecret: Self.secret, clock: clock))
        let endpoints = try await backend.start()
        func port(_ url: String) -> Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }
        func post(_ path: String, _ body: String) async throws -> JSONValue {
            let client = try await RawClient.connect(to: port(endpoints.appServer))
            try await client.send(
                "POST \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                    + "\(endpoints.operatorKey.reveal(for: .wire))\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            let answer = try #require(await client.readAnswer())
            await client.close()
            return try JSONValue(parsing: Array(answer.body.utf8))
        }
        func logIn(_ account: String, _ token: String) async throws -> Int? {
            let link = try #require(try await WebSocketClient.open(port(endpoints.imLink)))
            try await link.send(
                #"{"type":"login","id":1,"appKey":"\#(Self.appKey)","account":"\#(account)","token":"\#(token)","#
                    + #""authType":2,"automatic":false,"forced":false,"deviceId":"d","clientType":2,"loginExt":"x"}"#)
            let frame = try #require(await link.read())
            return try JSONValue(parsing: frame.payload)["code"]?.int
        }
        do {
            let settings = try await post(
                "/operator/settings", #"{"tokenKind":"callback","authTypes":[0,1,2],"loginCallback":true}"#)
            #expect(settings["loginCallback"]?.bool == true)
            let grant = try await post("/login", #"{"user":"mia","password":"lantern-42"}"#)
            let account = try #require(grant["account"]?.text)
            let token = try #require(grant["token"]?.text)
            #expect(try await logIn(account, token) == 200)
            #expect(try await logIn(account, "forged") == 302)
            // Down: the default lets in, or refuses.
            _ = try await post("/operator/settings", #"{"provider":{"loginCallback":"http://127.0.0.1:1/x"}}"#)
            #expect(try await logIn(account, "forged") == 200)
            _ = try await post("/operator/settings", #"{"provider":{"loginCallbackPasses":false}}"#)
            #expect(try await logIn(account, "forged") == 302)
            // Off: any token passes.
            _ = try await post("/operator/settings", #"{"loginCallback":false}"#)
            #expect(try await logIn(account, "forged") == 200)
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }
}
