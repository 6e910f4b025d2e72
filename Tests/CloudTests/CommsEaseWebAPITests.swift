import Cloud
import LoginCore
import Providers
import Testing

/// The web API's answers, byte for byte where commsease.md §11.2 has recorded them.
struct CommsEaseWebAPITests {
    private func body(_ desc: String, _ code: Int = 414) -> String { #"{"desc":"\#(desc)","code":\#(code)}"# }

    private func form(_ body: String, _ path: String, _ credentials: CommsEaseCredentials) -> HTTPRequestValue {
        HTTPRequestValue(
            method: "POST", path: path,
            headers: [
                HTTPHeader("AppKey", credentials.appKey), HTTPHeader("Nonce", credentials.nonce),
                HTTPHeader("CurTime", credentials.curTime), HTTPHeader("CheckSum", credentials.checkSum),
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded;charset=utf-8"),
            ], body: Array(body.utf8))
    }

    /// Proves CE-11.2-exists, CE-11.2-token, CE-11.2-token-form, CE-12.5.
    @Test("Creating an account twice, in another case of letters too, is answered \"already register\"")
    func alreadyRegister() {
        var rig = CloudRig()
        let first = rig.request(rig.signed(.create(accid: "ZhangSan", token: nil, name: "Zhang")))
        let created = CommsEaseAnswer.parse(first, to: .create(accid: "ZhangSan", token: nil, name: nil))
        guard case .info("zhangsan", let token, "Zhang") = created else {
            Issue.record("created: \(created)")
            return
        }
        #expect(token.length == 32)
        let second = rig.request(rig.signed(.create(accid: "ZHANGSAN", token: nil, name: nil)))
        #expect(second.status == 200)
        #expect(second.text == body("already register"))
        #expect(rig.logIn(.of("zhangsan", token.reveal(for: .wire))).code == 200)
    }

    /// Proves CE-11.2-unknown.
    @Test(
        "Calls about an unknown account are answered with its name",
        arguments: [
            CommsEaseCommand.update(accid: "Nobody", token: nil), .refreshToken(accid: "Nobody"),
            .block(accid: "Nobody", needKick: true, kickNotifyExt: nil), .unblock(accid: "Nobody"),
        ])
    func notRegister(command: CommsEaseCommand) {
        var rig = CloudRig()
        let response = rig.request(rig.signed(command))
        #expect(response.status == 200)
        #expect(response.text == body("nobody not register"))
        #expect(rig.store.isEmpty)
    }

    @Test("A kick of an unknown account is answered in the words of V2")
    func kickUnknown() {
        var rig = CloudRig()
        let response = rig.request(rig.signed(.kick(accountID: "nobody", type: 1, deviceIDs: [], notify: nil)))
        #expect(response.text == #"{"code":102404,"msg":"account not exist","data":{}}"#)
    }

    /// Proves CE-11.1-checksum, CE-11.2-bad-headers, OURS-header-order.
    @Test("An unknown AppKey, a wrong CheckSum and an old CurTime have their own bodies, in this order")
    func signature() {
        var rig = CloudRig()
        let good = CloudRig.mint.credentials(nonce: "n", at: rig.now)
        let old = CloudRig.mint.credentials(nonce: "n", at: rig.now + .seconds(-301))
        func credentials(_ key: String, _ from: CommsEaseCredentials, _ sum: String) -> CommsEaseCredentials {
            CommsEaseCredentials(appKey: key, nonce: from.nonce, curTime: from.curTime, checkSum: sum)
        }
        let path = "/nimserver/user/refreshToken.action"
        rig.create("ann", token: "t")
        let before = rig.store
        let rows: [(CommsEaseCredentials, String)] = [
            (credentials("other", old, "bad"), "appkey"), (credentials(CloudRig.appKey, old, "bad"), "checksum"),
            (old, "CurTime is expired"), (credentials(CloudRig.appKey, good, good.checkSum.uppercased()), "checksum"),
            (credentials(CloudRig.appKey, good, good.checkSum + "0"), "checksum"),
        ]
        for (credentials, desc) in rows {
            let response = rig.request(form("accid=ann", path, credentials))
            #expect(response.status == 200)
            #expect(response.text == body(desc))
        }
        #expect(rig.store == before)
    }

    /// Proves CE-11.1-window, OURS-future-curtime.
    @Test(
        "A CheckSum holds for five minutes on either side of its CurTime",
        arguments: [(-301, false), (-300, true), (0, true), (300, true), (301, false)])
    func window(seconds: Int64, isValid: Bool) {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let credentials = CloudRig.mint.credentials(nonce: "n", at: rig.now + .seconds(seconds))
        let response = rig.request(form("accid=ann", "/nimserver/user/unblock.action", credentials))
        #expect(response.text == (isValid ? #"{"code":200}"# : body("CurTime is expired")))
    }

    @Test(
        "A CurTime that is no number of seconds is expired", arguments: ["soon", "-1", "1e9", "9999999999999999999999"])
    func strangeTime(curTime: String) {
        var rig = CloudRig()
        let sum = CommsEaseSignature.checkSum(
            appSecret: Secret("secret-of-the-app", kind: .appSecret), nonce: "n", curTime: curTime)
        let credentials = CommsEaseCredentials(
            appKey: CloudRig.appKey, nonce: "n", curTime: curTime, checkSum: sum)
        let response = rig.request(form("accid=ann", "/nimserver/user/unblock.action", credentials))
        #expect(response.text == body("CurTime is expired"))
    }

    /// Proves CE-11.1-repeat.
    @Test("A request id works once within the CheckSum's five minutes")
    func repeated() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        #expect(rig.request(rig.signed(.unblock(accid: "ann"), requestID: "r-1")).text == #"{"code":200}"#)
        #expect(rig.request(rig.signed(.unblock(accid: "ann"), requestID: "r-1")).text == body("repeated request", 431))
        #expect(rig.request(rig.signed(.unblock(accid: "ann"), requestID: "r-2")).text == #"{"code":200}"#)
        rig.now = rig.now + .seconds(301)
        #expect(rig.request(rig.signed(.unblock(accid: "ann"), requestID: "r-1")).text == #"{"code":200}"#)
    }

    @Test("Only the latest token opens the door; who is in stays in")
    func tokens() {
        var rig = CloudRig()
        rig.create("ann", token: "first")
        let online = rig.logIn(.of("ann", "first"))
        #expect(rig.call(.update(accid: "ann", token: Secret("second", kind: .token))) == .ok)
        #expect(rig.closed[online.link] == nil)
        #expect(rig.send(.echo("still here"), on: online.link).count == 1)
        #expect(rig.logIn(.of("ann", "first")).code == 302)
        #expect(rig.transcript.contains { $0.title == "login refused 302: the token is not the latest" })
        #expect(rig.logIn(.of("ann", "never")).code == 302)
        #expect(rig.transcript.contains { $0.title == "login refused 302: the token does not fit the account" })
        guard case .info("ann", let third, nil) = rig.call(.refreshToken(accid: "ANN")) else {
            Issue.record("refreshToken gave no token")
            return
        }
        #expect(rig.logIn(.of("ann", "second")).code == 302)
        #expect(rig.logIn(.of("ann", third.reveal(for: .wire))).code == 200)
        // An update without a token changes nothing.
        #expect(rig.call(.update(accid: "ann", token: nil)) == .ok)
        #expect(rig.logIn(.of("ann", third.reveal(for: .wire))).code == 200)
    }

    @Test("The console keeps the device policy and the authentication types")
    func consoleSettings() {
        var rig = CloudRig()
        #expect(rig.call(.consoleSettings) == .settings(CommsEaseConsoleSettings(devicePolicy: 1, authTypes: [0, 1])))
        let changed = CommsEaseAnswer.settings(CommsEaseConsoleSettings(devicePolicy: 3, authTypes: [0, 1]))
        #expect(rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 3))) == changed)
        #expect(rig.call(.consoleSettings) == changed)
    }

    @Test("Whatever is not a call of the web API is answered in its words and changes nothing")
    func badCalls() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let before = rig.store
        let good = CloudRig.mint.credentials(nonce: "n", at: rig.now)
        let requests = [
            HTTPRequestValue(method: "GET", path: "/"),
            HTTPRequestValue(method: "POST", path: "/nimserver/user/block.action"),
            form("accid=ann&accid=ann", "/nimserver/user/block.action", good),
            form("needkick=true", "/nimserver/user/block.action", good),
            form("accid=ann&needkick=perhaps", "/nimserver/user/block.action", good),
            form("accid=%FF", "/nimserver/user/block.action", good),
            HTTPRequestValue(method: "💥", path: String(repeating: "/x", count: 5000), body: [0xFF, 0]),
        ]
        for request in requests {
            let response = rig.request(request)
            #expect(response.status == 200)
            #expect((try? JSONValue(parsing: response.body))?["code"]?.int != 200)
        }
        #expect(rig.store == before)
    }
}
