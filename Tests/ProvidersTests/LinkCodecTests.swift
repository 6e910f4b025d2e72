import LoginCore
import Providers
import Testing

/// One frame of the SDK and its one spelling.
struct ClientFrameRow: Sendable, CustomTestStringConvertible {
    let frame: ClientFrame
    let wire: String

    init(_ body: ClientFrame.Body, cause: EntryID? = nil, _ wire: String) {
        frame = ClientFrame(id: 7, body: body, cause: cause)
        self.wire = wire
    }

    var testDescription: String { wire }

    static let all = [
        ClientFrameRow(
            .login(
                LinkLogin(
                    appKey: "KEY", account: "zhangsan", token: Secret("t0k", kind: .token), authType: 1,
                    automatic: true,
                    forced: false, deviceID: "dev-1", clientType: 2)),
            cause: EntryID(lane: "A", number: 17),
            #"{"account":"zhangsan","appKey":"KEY","authType":1,"automatic":true,"clientType":2,"deviceId":"dev-1","#
                + #""forced":false,"id":7,"ref":"A-17","token":"t0k","type":"login"}"#),
        ClientFrameRow(
            .login(
                LinkLogin(
                    appKey: "KEY", account: "zhangsan", token: Secret("t0k", kind: .token), authType: 2,
                    automatic: false, forced: false, deviceID: "dev-1", clientType: 2,
                    details: LinkClientDetails(
                        generation: "v10", sdkVersion: "10.9.72", loginExtension: "ext", customTag: "tag",
                        customClientType: 7))),
            #"{"account":"zhangsan","appKey":"KEY","authType":2,"automatic":false,"clientType":2,"#
                + #""customClientType":7,"customTag":"tag","deviceId":"dev-1","forced":false,"generation":"v10","#
                + #""id":7,"loginExt":"ext","sdkVersion":"10.9.72","token":"t0k","type":"login"}"#),
        ClientFrameRow(.sync, #"{"id":7,"type":"sync"}"#),
        ClientFrameRow(.ping, #"{"id":7,"type":"ping"}"#),
        ClientFrameRow(.echo("hé\n"), #"{"id":7,"text":"hé\n","type":"echo"}"#),
        ClientFrameRow(.kick([]), #"{"clients":[],"id":7,"type":"kick"}"#),
        ClientFrameRow(.kick(["s-3", "s-4"]), #"{"clients":["s-3","s-4"],"id":7,"type":"kick"}"#),
        ClientFrameRow(.logout, #"{"id":7,"type":"logout"}"#),
    ]
}

/// One frame of the server, its one spelling, and what the machine hears of it.
struct ServerFrameRow: Sendable, CustomTestStringConvertible {
    let frame: ServerFrame
    let wire: String
    let message: LinkMessage

    init(_ body: ServerFrame.Body, cause: EntryID? = nil, _ wire: String, _ message: LinkMessage) {
        frame = ServerFrame(body: body, cause: cause)
        self.wire = wire
        self.message = message
    }

    var testDescription: String { wire }

    static let others = [OnlineClient(id: "s-3", clientType: 2)]

    static let all = [
        ServerFrameRow(
            .reply(id: 1, .login(code: 200, text: "", account: "zhangsan", clients: others)),
            cause: EntryID(lane: "im-server", number: 4),
            #"{"account":"zhangsan","clients":[{"clientType":2,"id":"s-3"}],"code":200,"id":1,"re":"login","#
                + #""ref":"im-server-4","type":"reply"}"#,
            .loginAccepted(account: AccountName("zhangsan"), others: others)),
        ServerFrameRow(
            .reply(id: 1, .login(code: 302, text: "wrong token", account: "", clients: [])),
            #"{"code":302,"desc":"wrong token","id":1,"re":"login","type":"reply"}"#,
            .loginRefused(code: 302, text: "wrong token")),
        ServerFrameRow(
            .reply(id: 2, .sync(code: 200, text: "")), #"{"code":200,"id":2,"re":"sync","type":"reply"}"#, .synced),
        ServerFrameRow(
            .reply(id: 2, .sync(code: 403, text: "log in first")),
            #"{"code":403,"desc":"log in first","id":2,"re":"sync","type":"reply"}"#,
            .protocolError(code: 403, text: "log in first")),
        ServerFrameRow(.reply(id: 3, .ping(code: 200)), #"{"code":200,"id":3,"re":"ping","type":"reply"}"#, .pong),
        ServerFrameRow(
            .reply(id: 4, .echo(code: 200, text: "", echoed: "hello")),
            #"{"code":200,"id":4,"re":"echo","text":"hello","type":"reply"}"#, .echoed("hello")),
        ServerFrameRow(
            .reply(id: 4, .echo(code: 403, text: "log in first", echoed: "")),
            #"{"code":403,"desc":"log in first","id":4,"re":"echo","type":"reply"}"#,
            .protocolError(code: 403, text: "log in first")),
        ServerFrameRow(
            .reply(id: 5, .kick(code: 200, text: "", kicked: ["s-3"])),
            #"{"code":200,"id":5,"kicked":["s-3"],"re":"kick","type":"reply"}"#,
            .kickAnswered(code: 200, kicked: ["s-3"])),
        ServerFrameRow(
            .reply(id: 5, .kick(code: 403, text: "log in first", kicked: [])),
            #"{"code":403,"desc":"log in first","id":5,"re":"kick","type":"reply"}"#,
            .kickAnswered(code: 403, kicked: [])),
        ServerFrameRow(
            .reply(id: 6, .logout(code: 200, text: "")), #"{"code":200,"id":6,"re":"logout","type":"reply"}"#,
            .loggedOut),
        ServerFrameRow(
            .reply(id: 6, .logout(code: 403, text: "log in first")),
            #"{"code":403,"desc":"log in first","id":6,"re":"logout","type":"reply"}"#, .loggedOut),
        ServerFrameRow(
            .kicked(KickNotice(reason: 2, text: "banned", clientType: 0)),
            #"{"clientType":0,"desc":"banned","reason":2,"type":"kicked"}"#,
            .kicked(KickNotice(reason: 2, text: "banned", clientType: 0))),
        ServerFrameRow(
            .clients(.login, others), #"{"change":2,"clients":[{"clientType":2,"id":"s-3"}],"type":"clients"}"#,
            .clientsChanged(.login, others)),
        ServerFrameRow(
            .clients(.logout, []), #"{"change":3,"clients":[],"type":"clients"}"#, .clientsChanged(.logout, [])),
        ServerFrameRow(
            .error(code: 414, text: "id is missing", id: nil),
            #"{"code":414,"desc":"id is missing","type":"error"}"#, .protocolError(code: 414, text: "id is missing")),
        ServerFrameRow(
            .error(code: 414, text: "type is missing", id: 9),
            #"{"code":414,"desc":"type is missing","id":9,"type":"error"}"#,
            .protocolError(code: 414, text: "type is missing")),
    ]
}

/// A frame that is not understood, what is said about it, and the id that could be read.
struct BrokenFrameRow: Sendable, CustomTestStringConvertible {
    let bytes: [UInt8]
    let says: String
    let id: Int?

    init(_ text: String, says: String, id: Int? = nil) {
        self.init(Array(text.utf8), says: says, id: id)
    }

    init(_ bytes: [UInt8], says: String, id: Int? = nil) {
        self.bytes = bytes
        self.says = says
        self.id = id
    }

    var testDescription: String { bytes.prefix(80).map { $0 }.utf8Text.debugDescription }

    private static func login(_ replacement: String) -> String {
        // The broken field replaces its valid spelling, so that nothing else is wrong with the frame.
        let valid = [
            "account": #""a""#, "appKey": #""k""#, "authType": "0", "automatic": "false", "clientType": "2",
            "deviceId": #""d""#, "forced": "false", "token": #""t""#,
        ]
        let name = replacement.prefix { $0 != "=" }
        let value = replacement.dropFirst(name.count + 1)
        var fields = valid.filter { $0.key != name }.map { #""\#($0.key)":\#($0.value)"# }.sorted()
        if !value.isEmpty { fields.append(#""\#(name)":\#(value)"#) }
        return #"{"type":"login","id":5,"# + fields.joined(separator: ",") + "}"
    }

    static let client = [
        BrokenFrameRow("", says: "empty"), BrokenFrameRow("hello", says: "value should begin"),
        BrokenFrameRow("[]", says: "not a JSON object"), BrokenFrameRow("7", says: "not a JSON object"),
        BrokenFrameRow([0x7B, 0xFF, 0x7D], says: "name should begin"),
        BrokenFrameRow(#"{"type":"ping","id":1"#, says: "ends too early"),
        BrokenFrameRow(#"{"type":"ping","id":1,"id":2}"#, says: "stands twice"),
        BrokenFrameRow("{}", says: "type is missing"), BrokenFrameRow(#"{"id":3}"#, says: "type is missing", id: 3),
        BrokenFrameRow(#"{"type":3,"id":3}"#, says: "type must be a text", id: 3),
        BrokenFrameRow(#"{"type":"dance","id":3}"#, says: #"type "dance" is unknown"#, id: 3),
        BrokenFrameRow(#"{"type":"PING","id":3}"#, says: "is unknown", id: 3),
        BrokenFrameRow(#"{"type":"reply","id":3,"re":"ping","code":200}"#, says: "is unknown", id: 3),
        BrokenFrameRow(#"{"type":"ping"}"#, says: "id is missing"),
        BrokenFrameRow(#"{"type":"ping","id":null}"#, says: "id is missing"),
        BrokenFrameRow(#"{"type":"ping","id":"1"}"#, says: "id must be a whole number"),
        BrokenFrameRow(#"{"type":"ping","id":1.0}"#, says: "id must be a whole number"),
        BrokenFrameRow(#"{"type":"ping","id":-1}"#, says: "id must be a whole number from 0 to"),
        BrokenFrameRow(#"{"type":"ping","id":9007199254740992}"#, says: "id must be a whole number from 0 to"),
        BrokenFrameRow(#"{"type":"ping","id":18446744073709551616}"#, says: "id must be a whole number"),
        BrokenFrameRow(#"{"type":"ping","id":1,"ref":7}"#, says: "ref must be a text", id: 1),
        BrokenFrameRow(
            #"{"type":"ping","id":1,"ref":"\#(String(repeating: "A", count: 63))-1"}"#, says: "ref must have", id: 1),
        BrokenFrameRow(#"{"type":"echo","id":1}"#, says: "text is missing", id: 1),
        BrokenFrameRow(#"{"type":"echo","id":1,"text":["x"]}"#, says: "text must be a text", id: 1),
        BrokenFrameRow(#"{"type":"kick","id":1}"#, says: "clients is missing", id: 1),
        BrokenFrameRow(#"{"type":"kick","id":1,"clients":"s-1"}"#, says: "clients must be a list", id: 1),
        BrokenFrameRow(#"{"type":"kick","id":1,"clients":["s-1",2]}"#, says: "clients must be a list", id: 1),
        BrokenFrameRow(login("account="), says: "account is missing", id: 5),
        BrokenFrameRow(login("appKey="), says: "appKey is missing", id: 5),
        BrokenFrameRow(login("token="), says: "token is missing", id: 5),
        BrokenFrameRow(login("token=12"), says: "token must be a text", id: 5),
        BrokenFrameRow(login("authType="), says: "authType is missing", id: 5),
        BrokenFrameRow(login(#"authType="0""#), says: "authType must be a whole number", id: 5),
        BrokenFrameRow(login("automatic="), says: "automatic is missing", id: 5),
        BrokenFrameRow(login("automatic=1"), says: "automatic must be true or false", id: 5),
        BrokenFrameRow(login("forced="), says: "forced is missing", id: 5),
        BrokenFrameRow(login(#"forced="true""#), says: "forced must be true or false", id: 5),
        BrokenFrameRow(login("deviceId="), says: "deviceId is missing", id: 5),
        BrokenFrameRow(login(#"deviceId="""#), says: "deviceId must have 1 to 128", id: 5),
        BrokenFrameRow(
            login("deviceId=\"\(String(repeating: "d", count: 129))\""), says: "deviceId must have 1 to 128", id: 5),
        BrokenFrameRow(
            login("deviceId=\"d\(String(repeating: "\u{301}", count: 200))\""), says: "deviceId must have", id: 5),
        BrokenFrameRow(login("clientType="), says: "clientType is missing", id: 5),
        BrokenFrameRow(login("clientType=-1"), says: "clientType must be a whole number from 0 to", id: 5),
        BrokenFrameRow(
            #"{"type":"echo","id":1,"text":"\#(String(repeating: "x", count: 65_536))"}"#, says: "longer than 65536"),
    ]

    static let server = [
        BrokenFrameRow("null", says: "not a JSON object"), BrokenFrameRow(#"{"re":"login"}"#, says: "type is missing"),
        BrokenFrameRow(#"{"type":"reply","re":"ping","code":200}"#, says: "id is missing"),
        BrokenFrameRow(#"{"type":"reply","id":1,"code":200}"#, says: "re is missing", id: 1),
        BrokenFrameRow(#"{"type":"reply","id":1,"re":"ping"}"#, says: "code is missing", id: 1),
        BrokenFrameRow(#"{"type":"reply","id":1,"re":"dance","code":200}"#, says: "is unknown", id: 1),
        BrokenFrameRow(#"{"type":"reply","id":1,"re":"ping","code":"200"}"#, says: "code must be", id: 1),
        BrokenFrameRow(
            #"{"type":"reply","id":1,"re":"login","code":200,"clients":[]}"#, says: "account is missing", id: 1),
        BrokenFrameRow(
            #"{"type":"reply","id":1,"re":"login","code":200,"account":"a"}"#, says: "clients is missing", id: 1),
        BrokenFrameRow(
            #"{"type":"reply","id":1,"re":"login","code":200,"account":"a","clients":[{"id":"s"}]}"#,
            says: "clientType is missing", id: 1),
        BrokenFrameRow(
            #"{"type":"reply","id":1,"re":"login","code":302,"desc":4}"#, says: "desc must be a text", id: 1),
        BrokenFrameRow(#"{"type":"reply","id":1,"re":"echo","code":200}"#, says: "text is missing", id: 1),
        BrokenFrameRow(#"{"type":"reply","id":1,"re":"kick","code":200}"#, says: "kicked is missing", id: 1),
        BrokenFrameRow(#"{"type":"kicked"}"#, says: "reason is missing"),
        BrokenFrameRow(#"{"type":"clients","clients":[]}"#, says: "change is missing"),
        BrokenFrameRow(#"{"type":"clients","change":4,"clients":[]}"#, says: "change must be"),
        BrokenFrameRow(#"{"type":"clients","change":2}"#, says: "clients is missing"),
        BrokenFrameRow(#"{"type":"clients","change":2,"clients":[3]}"#, says: "clients must be a list of objects"),
        BrokenFrameRow(#"{"type":"error","desc":"x"}"#, says: "code is missing"),
    ]
}

@Suite("The IM link's frames")
struct LinkCodecTests {
    /// Proves OURS-link.
    @Test("A frame of the SDK has one spelling, and it is read back", arguments: ClientFrameRow.all)
    func clientRoundTrip(_ row: ClientFrameRow) throws {
        #expect(LinkCodec.encode(row.frame).utf8Text == row.wire)
        #expect(try LinkCodec.decodeClient(Array(row.wire.utf8)) == row.frame)
    }

    @Test("A frame of the server has one spelling, is read back, and says one thing", arguments: ServerFrameRow.all)
    func serverRoundTrip(_ row: ServerFrameRow) throws {
        #expect(LinkCodec.encode(row.frame).utf8Text == row.wire)
        #expect(try LinkCodec.decodeServer(Array(row.wire.utf8)) == row.frame)
        #expect(row.frame.message == row.message)
    }

    @Test(
        "A client's frame that is not understood is explained, with its id when it has one",
        arguments: BrokenFrameRow.client)
    func refusesClientFrames(_ row: BrokenFrameRow) {
        let problem = #expect(throws: LinkFrameProblem.self) { try LinkCodec.decodeClient(row.bytes) }
        #expect(problem?.text.contains(row.says) == true, "said: \(problem?.text ?? "")")
        #expect(problem?.id == row.id)
    }

    @Test("A server's frame that is not understood is explained", arguments: BrokenFrameRow.server)
    func refusesServerFrames(_ row: BrokenFrameRow) {
        let problem = #expect(throws: LinkFrameProblem.self) { try LinkCodec.decodeServer(row.bytes) }
        #expect(problem?.text.contains(row.says) == true, "said: \(problem?.text ?? "")")
        #expect(problem?.id == row.id)
    }

    @Test("A server's frame of an unknown type is read as such, with a name of at most 64 characters")
    func unknownType() throws {
        #expect(try LinkCodec.decodeServer(Array(#"{"type":"ping","id":1}"#.utf8)).message == .unknown("ping"))
        let long = #"{"type":"\#(String(repeating: "x", count: 1000))"}"#
        #expect(try LinkCodec.decodeServer(Array(long.utf8)).body == .unknown(type: String(repeating: "x", count: 64)))
    }

    @Test("Unknown fields and foreign references are passed over")
    func passesOverTheUnknown() throws {
        let text = #"{"type":"ping","id":0,"new":{"deep":[1]},"ref":"not ours"}"#
        #expect(try LinkCodec.decodeClient(Array(text.utf8)) == ClientFrame(id: 0, body: .ping))
    }

    @Test("The longest frame is read, one byte more is not")
    func longestFrame() throws {
        let shell = #"{"type":"echo","id":1,"text":""}"#.utf8.count
        func frame(_ length: Int) -> [UInt8] {
            Array(#"{"type":"echo","id":1,"text":"\#(String(repeating: "x", count: length - shell))"}"#.utf8)
        }
        #expect(frame(LinkCodec.longestFrame).count == 65_536)
        _ = try LinkCodec.decodeClient(frame(LinkCodec.longestFrame))
        #expect(throws: LinkFrameProblem.self) { try LinkCodec.decodeClient(frame(LinkCodec.longestFrame + 1)) }
    }

    @Test("The largest id survives")
    func largestID() throws {
        let frame = ClientFrame(id: LinkCodec.ids.upperBound, body: .ping)
        #expect(try LinkCodec.decodeClient(LinkCodec.encode(frame)) == frame)
    }

    @Test("A printed login frame shows no token")
    func hidesTokens() {
        let row = ClientFrameRow.all[0]
        #expect(!"\(row.frame)".contains("t0k"))
        #expect(!String(reflecting: row.frame).contains("t0k"))
    }
}
