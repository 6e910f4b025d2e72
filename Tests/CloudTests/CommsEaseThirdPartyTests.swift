import Cloud
import LoginCore
import Providers
import Testing

/// Logins of type 2: the IM server asks the app server (commsease.md §10).
struct CommsEaseThirdPartyTests {
    private static let url = "http://app.example/check"

    private func rig(_ change: (inout CommsEaseConsolePatch) -> Void = { _ in }) -> CloudRig {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        var patch = CommsEaseConsolePatch(devicePolicy: 3, authTypes: [0, 2])
        patch.loginCallback = Self.url
        change(&patch)
        rig.call(.changeConsoleSettings(patch))
        return rig
    }

    private static func answer(_ body: String, status: Int = 200) -> Result<HTTPResponseValue, CallFailure> {
        .success(HTTPResponseValue(status: status, body: Array(body.utf8)))
    }

    private func codes(on link: LinkID, _ rig: CloudRig) -> [Int] {
        rig.sent[link, default: []].compactMap { frame in
            if case .reply(_, .login(let code, _, _, _)) = frame.body { code } else { nil }
        }
    }

    /// Proves CE-10-callback, CE-10-callback-signature, CE-10-login-ext.
    @Test("The question has the documented fields and signature, and the login waits for the answer")
    func question() throws {
        var rig = rig()
        let link = rig.open()
        let details = LinkClientDetails(loginExtension: "ext", customTag: "tag", customClientType: 7)
        let login = LinkLogin.of(
            "Ann", "t0k", device: "dev-1", type: 65, automatic: true, authType: 2, details: details)
        #expect(rig.logIn(login, on: link) == 0)
        let call = try #require(rig.calls.first)
        #expect(call.target == .url(Self.url))
        #expect(call.timeout == .seconds(2))
        #expect(call.request.method == "POST")
        #expect(
            String(decoding: call.request.body, as: UTF8.self)
                == #"{"eventType":36,"fromAccount":"ann","fromDeviceId":"dev-1","fromClientType":"HARMONY","#
                + #""fromClientIp":"127.0.0.1","token":"t0k","authType":2,"loginExt":"ext","customTag":"tag","#
                + #""customClientType":"7","autoLogin":true,"timestamp":"1700000000000"}"#)
        func header(_ name: String) -> String { call.request.values(of: name).joined(separator: "|") }
        #expect(header("AppKey") == CloudRig.appKey)
        #expect(header("CurTime") == "1700000000000")
        #expect(header("MD5") == CommsEaseSignature.callbackMD5(body: call.request.body))
        #expect(
            header("CheckSum")
                == CommsEaseSignature.callbackCheckSum(
                    appSecret: Secret("secret-of-the-app", kind: .appSecret), md5: header("MD5"),
                    curTime: header("CurTime")))
        rig.handle(.httpAnswered(call.id, Self.answer(#"{"errCode":0}"#)))
        #expect(codes(on: link, rig) == [200])
        #expect(rig.calls.count == 1)
    }

    /// Proves CE-10-callback-body, CE-10-callback-default, CE-13-callback-code.
    @Test(
        "A verdict decides; without one the console's default does",
        arguments: [
            (#"{"errCode":0}"#, 200, true), (#"{"callbackExt":"x","responseCode":200,"errCode":0}"#, 200, true),
            (#"{"errCode":1,"responseCode":302}"#, 200, false), (#"{"errCode":5}"#, 200, false),
            ("", 200, nil), ("allowed", 200, nil), (#"{"errCode":"0"}"#, 200, nil), (#"{"errCode":0}"#, 500, nil),
            (#"{"errCode":1}"#, 404, nil), (#"[{"errCode":0}]"#, 200, nil),
        ] as [(String, Int, Bool?)])
    func verdicts(body: String, status: Int, verdict: Bool?) {
        for passes in [true, false] {
            for refusal in CommsEaseConsoleSettings.callbackRefusalCodes {
                var rig = rig {
                    $0.loginCallbackPasses = passes
                    $0.callbackRefusalCode = refusal
                }
                let link = rig.open()
                _ = rig.logIn(.of("ann", "any", authType: 2), on: link)
                rig.handle(.httpAnswered(rig.calls[0].id, Self.answer(body, status: status)))
                #expect(codes(on: link, rig) == [verdict ?? passes ? 200 : refusal])
            }
        }
    }

    @Test(
        "A callback that is slow or down is the default's to answer, after one request",
        arguments: [CloseCause.timedOut, .refused, .linkClosed, .tls("certificate")], [true, false])
    func silence(cause: CloseCause, passes: Bool) {
        var rig = rig {
            $0.loginCallbackPasses = passes
            $0.loginCallbackTimeout = 500
        }
        let link = rig.open()
        _ = rig.logIn(.of("ann", "any", authType: 2), on: link)
        #expect(rig.calls.map(\.timeout) == [.milliseconds(500)])
        rig.handle(.httpAnswered(rig.calls[0].id, .failure(CallFailure(cause))))
        #expect(codes(on: link, rig) == [passes ? 200 : 302])
        #expect(rig.calls.count == 1)
        #expect(rig.transcript.contains { $0.title.contains(passes ? "let in by default" : "refused by default") })
    }

    /// Proves OURS-callback-types.
    @Test("Nobody is asked about a login that fails before, or that is of another type")
    func unasked() {
        var rig = rig()
        #expect(rig.logIn(.of("nobody", "x", authType: 2)).code == 302)
        #expect(rig.logIn(.of("ann", "x", authType: 1)).code == 403)
        #expect(rig.logIn(.of("ann", "t", authType: 0)).code == 200)
        rig.call(.block(accid: "ann", needKick: false, kickNotifyExt: nil))
        #expect(rig.logIn(.of("ann", "x", authType: 2)).code == 422)
        #expect(rig.calls.isEmpty)
    }

    @Test("While the app server is asked the link answers, a second login gets 417, and what changed counts")
    func meanwhile() {
        var rig = rig()
        let link = rig.open()
        _ = rig.logIn(.of("ann", "any", authType: 2), on: link)
        #expect(rig.send(.ping, on: link) == [.reply(id: 2, .ping(code: 200))])
        #expect(rig.send(.sync, on: link) == [.reply(id: 3, .sync(code: 403, text: "not logged in"))])
        #expect(rig.logIn(.of("ann", "t"), on: link) == 417)
        rig.call(.block(accid: "ann", needKick: true, kickNotifyExt: nil))
        rig.handle(.httpAnswered(rig.calls[0].id, Self.answer(#"{"errCode":0}"#)))
        #expect(codes(on: link, rig) == [417, 422])
        // An answer that comes twice is nobody's any more.
        #expect(rig.handle(.httpAnswered(rig.calls[0].id, Self.answer(#"{"errCode":0}"#))).isEmpty)
        rig.call(.unblock(accid: "ann"))
        #expect(rig.logIn(.of("ann", "t"), on: link) == 200)
    }

    @Test("An answer about a client that has gone changes nothing")
    func gone() {
        var rig = rig()
        let link = rig.open()
        _ = rig.logIn(.of("ann", "any", authType: 2), on: link)
        rig.drop(link)
        let before = rig.store
        #expect(rig.handle(.httpAnswered(rig.calls[0].id, Self.answer(#"{"errCode":0}"#))).isEmpty)
        #expect(rig.store == before)
    }

    /// Proves OURS-callback-token.
    @Test("The app server lets in who has its token for an account of its own, and nobody else")
    func appServerJudges() throws {
        var rig = BackendRig()
        let patch = AppServerSettingsPatch(
            tokenKind: .callback, tokenLifetime: .seconds(60), authTypes: [0, 1, 2], loginCallback: true)
        #expect(try AppServerSettings.parse(rig.ask(.changeSettings(patch))).get().loginCallback)
        let grant = try rig.logIn("mia", "lantern-42").get().token
        #expect(grant.kind == .callback)
        #expect(grant.expires == rig.now + .seconds(60))
        let account = grant.account
        func code(_ token: String, _ account: String) throws -> Int {
            let link = rig.provider.open()
            _ = rig.provider.logIn(.of(account, token, device: "d \(link)", authType: 2), on: link)
            let asked = rig.provider.calls.popLast()
            let call = try #require(asked)
            #expect(call.target == .url("http://app-server/callback"))
            var request = call.request
            request.path = "/callback"
            let exchange = rig.begin(request)
            rig.provider.handle(.httpAnswered(call.id, .success(try #require(rig.answers[exchange]))))
            return codes(on: link, rig.provider).last ?? 0
        }
        let token = grant.token.reveal(for: .wire)
        #expect(try code(token, account) == 200)
        #expect(try code(token, account.uppercased()) == 200)
        #expect(try code(token + "0", account) == 302)
        #expect(try code("anything", account) == 302)
        rig.provider.create("stranger", token: "s")
        #expect(try code(token, "stranger") == 302)
        rig.advance(.seconds(59))
        #expect(try code(token, account) == 200)
        rig.advance(.seconds(1))
        #expect(try code(token, account) == 302)
        let renewed = try rig.logIn("mia", "lantern-42").get().token.token.reveal(for: .wire)
        #expect(try code(renewed, account) == 200)
        #expect(rig.ask(.unbind(user: "mia")).status == 200)
        #expect(try code(renewed, account) == 302)
    }

    @Test("A question that the provider did not sign, or long ago, is answered 401")
    func unsigned() throws {
        var cloud = rig()
        _ = cloud.logIn(.of("ann", "any", authType: 2))
        var good = try #require(cloud.calls.first).request
        good.path = "/callback"
        func status(_ change: (inout HTTPRequestValue) -> Void, late: Duration = .zero) -> Int {
            var rig = BackendRig()
            rig.advance(late)
            var request = good
            change(&request)
            let exchange = rig.begin(request)
            return rig.answers[exchange]?.status ?? 0
        }
        #expect(status { _ in } == 200)
        #expect(status({ _ in }, late: .seconds(301)) == 401)
        #expect(status { $0.headers = [] } == 401)
        #expect(status { $0.body.append(0x20) } == 401)
        for name in ["AppKey", "CurTime", "MD5", "CheckSum"] {
            #expect(status { $0.headers.removeAll { $0.name == name } } == 401)
            #expect(status { $0.headers += [HTTPHeader(name.lowercased(), "x")] } == 401)
        }
        #expect(status { $0.method = "GET" } == 405)
    }
}
