import LoginCore
import Providers
import Testing

extension RefusedCallRow {
    private static func v2(
        _ name: String, _ method: String, _ path: String, _ body: String = "", query: String = "", says: String
    ) -> RefusedCallRow {
        RefusedCallRow(
            name: name,
            request: HTTPRequestValue(
                method: method, path: path, query: query, headers: signed + [jsonType], body: Array(body.utf8)),
            code: 414, says: says)
    }

    private static let accounts = "/im/v2/accounts"
    private static let mia = "/nimserver/im/v2/accounts/mia"
    private static func x(_ count: Int) -> String { String(repeating: "x", count: count) }

    /// Mutes, the online status, and V2's calls about accounts.
    static let accountCalls: [RefusedCallRow] =
        [
            form("mute without mute", at: "/nimserver/user/mute.action", "accid=a", says: "mute"),
            form("mute of nobody", at: "/nimserver/user/mute.action", "mute=true", says: "accid"),
            form("mute perhaps", at: "/nimserver/user/mute.action", "accid=a&mute=perhaps", says: "mute"),
            form("module 1", at: "/nimserver/user/muteModule.action", "accid=a&muteRoom=1", says: "muteRoom"),
            form(
                "unbind 1", at: "/nimserver/user/block.action", "accid=a&needUnbindPushToken=1",
                says: "needUnbindPushToken"),
            form(
                "long props", at: "/nimserver/user/update.action", "accid=a&props=\(x(1025))", says: "props"),
        ]
        + ["", "accids=", "accids=mia", "accids=%5B1%5D", "accids=%7B%7D", "accids=%5B%22a%22"].map {
            form("online \($0)", at: "/nimserver/user/userOnlineStatus.action", $0, says: "accids")
        }
        + [
            form(
                "101 accounts", at: "/nimserver/user/userOnlineStatus.action",
                "accids=[\((0...100).map { "\"\($0)\"" }.joined(separator: ","))]", says: "accids"),
            v2("no account_id", "POST", accounts, "{}", says: "account_id"),
            v2("bad account_id", "POST", accounts, #"{"account_id":"a b"}"#, says: "account_id"),
            v2("long account_id", "POST", accounts, #"{"account_id":"\#(x(33))"}"#, says: "account_id"),
            v2("long V2 token", "POST", accounts, #"{"account_id":"a","token":"\#(x(129))"}"#, says: "token"),
            v2("a list for a card", "PATCH", mia, #"{"user_information":[]}"#, says: "user_information"),
            v2("long V2 name", "PATCH", mia, #"{"user_information":{"name":"\#(x(65))"}}"#, says: "name"),
            v2("V2 gender 3", "PATCH", mia, #"{"user_information":{"gender":3}}"#, says: "gender"),
            v2("enabled text", "PATCH", mia, #"{"configuration":{"enabled":"no"}}"#, says: "enabled"),
            v2("muted text", "PATCH", mia, #"{"configuration":{"p2p_chat_banned":1}}"#, says: "p2p_chat_banned"),
            v2("no enabled", "PATCH", mia + "/actions/disable", "{}", says: "enabled"),
            v2(
                "long V2 extension", "PATCH", mia + "/actions/disable",
                #"{"enabled":false,"kick_notify_extension":"\#(x(257))"}"#, says: "kick_notify_extension"),
            v2("bad path account", "GET", accounts + "/a%20b", says: "account_id"),
            v2("bad refresh account", "PATCH", accounts + "/a%20b/actions/refresh_token", says: "account_id"),
            v2("no account_ids", "GET", accounts, says: "account_ids"),
            v2("bad account_ids", "GET", accounts, query: "account_ids=a,,b", says: "account_ids"),
            route("DELETE", accounts, 405), route("POST", mia, 405), route("GET", mia + "/actions/disable", 405),
            route("POST", mia + "/actions/refresh_token", 405), route("GET", accounts + "/a/b", 404),
            route("GET", "/nimserver/user/userOnlineStatus.action", 405),
        ]
}

@Suite("Calls and answers about accounts on the wire")
struct CommsEaseAccountCallsTests {
    static let card: CommsEaseProfile = {
        var card = CommsEaseProfile(name: "张三")
        card.icon = "http://127.0.0.1/x.png"
        card.sign = ""
        card.email = "mia@example.com"
        card.birth = "2000-01-02"
        card.mobile = "+1-555"
        card.gender = 2
        card.ex = #"{"a":1}"#
        return card
    }()
    static let token = Secret("t0k", kind: .token)

    static let commands: [CommsEaseCommand] = [
        .create(accid: "mia", token: token, profile: card), .update(accid: "mia", token: nil, props: "{}"),
        .block(accid: "mia", needKick: false, kickNotifyExt: nil, needUnbindPushToken: true),
        .mute(accid: "mia", isMuted: true), .mute(accid: "mia", isMuted: false),
        .muteModules(accid: "mia", [:]), .muteModules(accid: "mia", [.p2p: true, .qchat: false]),
        .onlineStatus(accids: []), .onlineStatus(accids: ["mia", "No Body", "\"]"]),
        .account("a@b", .create(CommsEaseAccountPatch())),
        .account(
            "mia",
            .create(CommsEaseAccountPatch(token: token, isEnabled: false, mutes: [.team: true], profile: card))),
        .account("mia", .update(CommsEaseAccountPatch(token: token), needKick: true, notify: "out")),
        .account("mia", .update(CommsEaseAccountPatch(profile: card), needKick: false, notify: nil)),
        .account("mia", .refreshToken), .account("a@b", .read),
        .account("mia", .disable(isEnabled: false, needKick: true, notify: "out")),
        .account("mia", .disable(isEnabled: true, needKick: false, notify: nil)), .accounts(["mia", "a@b"]),
    ]

    static let view = CommsEaseAccountView(
        accountID: "mia", token: token, isEnabled: false, mutes: [.team, .room], profile: card)

    static let answers: [(CommsEaseCommand, CommsEaseDialect, CommsEaseAnswer)] = [
        (.muteModules(accid: "mia", [:]), .v1, .mutes([.p2p, .qchat])), (.mute(accid: "mia", isMuted: true), .v1, .ok),
        (
            .onlineStatus(accids: []), .v1,
            .online(
                unknown: ["No Body"],
                status: [
                    CommsEaseOnlineAccount(
                        accid: "mia",
                        clients: [CommsEaseOnlineAccount.Client(clientType: 2, loginTime: 1_700_000_000_123)])
                ])
        ),
        (.account("mia", .read), .v2, .account(view)),
        (.account("mia", .refreshToken), .v2, .failed(code: 102_404, desc: "account not exist")),
        (
            .accounts(["mia", "b"]), .v2,
            .accounts(success: [view], failed: [CommsEaseAccountFailure(accountID: "b", code: 102_404, text: "no")])
        ),
    ]

    @Test("V2's calls are spelt as the provider documents them")
    func spelling() {
        func http(_ action: CommsEaseAccountAction) -> (String, String) {
            let request = CommsEaseCommand.account("mia", action).http(
                credentials: CommsEaseWebAPITests.credentials, requestID: nil, cause: nil)
            return ("\(request.method) \(request.path)", request.body.utf8Text)
        }
        let create = http(
            .create(
                CommsEaseAccountPatch(
                    token: Self.token, isEnabled: true, mutes: [.room: true], profile: CommsEaseProfile(name: "Mia"))))
        #expect(create.0 == "POST /im/v2/accounts")
        #expect(
            create.1 == #"{"account_id":"mia","token":"t0k","configuration":{"enabled":true,"chatroom_chat_banned":"#
                + #"true},"user_information":{"name":"Mia"}}"#)
        let disable = http(.disable(isEnabled: false, needKick: true, notify: "out"))
        #expect(disable.0 == "PATCH /im/v2/accounts/mia/actions/disable")
        #expect(disable.1 == #"{"enabled":false,"need_kick":true,"kick_notify_extension":"out"}"#)
        #expect(http(.refreshToken) == ("PATCH /im/v2/accounts/mia/actions/refresh_token", ""))
        #expect(http(.read) == ("GET /im/v2/accounts/mia", ""))
    }

    /// Proves CE-11.3-base, CE-11.3-read.
    @Test("Both prefixes lead to V2's calls, in any case of letters", arguments: ["", "/nimserver"])
    func prefixes(_ prefix: String) throws {
        func read(_ method: String, _ path: String, query: String = "", _ body: String = "") throws -> CommsEaseCommand
        {
            let request = HTTPRequestValue(
                method: method, path: prefix + path, query: query,
                headers: RefusedCallRow.signed + [HTTPHeader("Content-Type", "application/json;charset=UTF-8")],
                body: Array(body.utf8))
            #expect(CommsEaseDialect(path: request.path) == .v2)
            return try CommsEaseCommand.parse(request).get().command
        }
        #expect(try read("GET", "/im/v2/accounts/M%69A") == .account("mia", .read))
        #expect(try read("GET", "/im/v2/accounts", query: "account_ids=MIA%2Cb") == .accounts(["mia", "b"]))
        #expect(try read("GET", "/im/v2/accounts", query: "account_ids=MIA,b") == .accounts(["mia", "b"]))
        // Keys in any order, null for left out, and keys of later versions.
        let body =
            #"{"x":1,"configuration":{"push_enabled_when_desktop_online":true,"enabled":null},"token":"","#
            + #""account_id":"MIA"}"#
        #expect(try read("POST", "/im/v2/accounts", body) == .account("mia", .create(CommsEaseAccountPatch())))
        // The page gives no body; whatever a library sends is passed over.
        for body in ["", "{}", "null"] {
            #expect(
                try read("PATCH", "/im/v2/accounts/MIA/actions/refresh_token", body) == .account("mia", .refreshToken))
        }
    }

    /// Proves CE-11.2-parameters, OURS-empty-gender.
    @Test("Every parameter of a V1 creation may have its most characters, and no more")
    func limits() throws {
        let limits = [
            ("name", 64), ("props", 1024), ("icon", 1024), ("token", 128), ("sign", 256), ("email", 64), ("birth", 16),
            ("mobile", 32), ("ex", 1024),
        ]
        func parse(_ extra: (String, Int)?) -> Result<CommsEaseCall, CommsEaseAPIError> {
            let fields = limits.map { name, most in
                "\(name)=" + String(repeating: "%E4%B8%AD", count: most + (extra?.0 == name ? 1 : 0))
            }
            return CommsEaseCommand.parse(
                HTTPRequestValue(
                    method: "POST", path: RefusedCallRow.create,
                    headers: RefusedCallRow.signed + [RefusedCallRow.formType],
                    body: Array((["accid=mia", "gender="] + fields).joined(separator: "&").utf8)))
        }
        guard case .create("mia", let token?, let profile) = try parse(nil).get().command else {
            Issue.record("not a creation")
            return
        }
        // 128 letters of three bytes each.
        #expect(token.length == 384)
        #expect(profile.ex?.count == 1024 && profile.birth?.count == 16 && profile.gender == nil)
        for limit in limits { #expect(parse(limit).failure?.desc == "\(limit.0) too long") }
    }

    @Test("Answers have the bodies of the page")
    func bodies() {
        #expect(
            Self.answers[2].2.http(.v1, cause: nil).body.utf8Text
                == #"{"code":200,"data":{"invalidAccids":["No Body"],"status":{"mia":[{"clientType":2,"#
                + #""loginTime":1700000000123}]}}}"#)
        #expect(
            Self.answers[0].2.http(.v1, cause: nil).body.utf8Text
                == #"{"code":200,"data":{"muteP2P":true,"muteTeam":false,"muteRoom":false,"muteQChat":true}}"#)
        let view = CommsEaseAccountView(accountID: "mia", token: Self.token, isEnabled: true, mutes: [], profile: nil)
        #expect(
            CommsEaseAnswer.account(view).http(.v2, cause: nil).body.utf8Text
                == #"{"code":200,"msg":"success","data":{"account_id":"mia","token":"t0k","configuration":{"#
                + #""enabled":true,"p2p_chat_banned":false,"team_chat_banned":false,"chatroom_chat_banned":false,"#
                + #""qchat_chat_banned":false}}}"#)
    }
}
