import LoginCore
import Providers
import Testing

@Suite("CommsEase's callbacks")
struct CommsEaseCallbacksTests {
    @Test("A manual login that works passes steps 1, 2, 4, 5, 7, 8 and completes")
    func success() {
        var app = Listener(.manual)
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        app.hear(.synced)
        #expect(app.steps == [1, 2, 4, 5, 7, 8])
        #expect(app.heard.suffix(2) == ["onLogin:(8 SyncOK)", "login completion(nil)"])
        #expect(app.isOnline)
    }

    @Test("An automatic login that works passes the same steps and completes nothing")
    func automaticSuccess() {
        var app = Listener(.automatic(forced: false))
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        app.hear(.synced)
        #expect(
            app.heard == [
                "onLogin:(1 Linking)", "onLogin:(2 LinkOK)", "onLogin:(4 Logining)", "onLogin:(5 LoginOK)",
                "onLogin:(7 Syncing)", "onLogin:(8 SyncOK)",
            ])
    }

    /// Proves CE-5.1-link-failure, CE-6-manual-broken.
    @Test("A link that does not come up passes steps 1, 3, and a manual login completes with 415")
    func manualLinkFailure() {
        var app = Listener(.manual)
        app.refuseLink()
        #expect(
            app.heard == [
                "onLogin:(1 Linking)", "onLogin:(3 LinkFailed)", "login completion(415 cannot reach the server)",
            ])
    }

    /// Proves CE-2-auto-failed, CE-2-retry-limit, CE-8-unlimited.
    @Test("Links that do not come up are never told through onAutoLoginFailed:, whatever their number")
    func automaticLinkFailures() {
        var app = Listener(.automatic(forced: false))
        for _ in 1...9 {
            app.refuseLink()
            app.fireTimer()
        }
        #expect(app.steps == Array(repeating: [1, 3], count: 9).flatMap { $0 } + [1])
        #expect(app.heard.allSatisfy { $0.hasPrefix("onLogin:") })
    }

    @Test("A login that is not answered gives step 6 and no onAutoLoginFailed:")
    func automaticTimeout() {
        var app = Listener(.automatic(forced: false))
        app.connect()
        app.fireTimer()
        #expect(app.steps == [1, 2, 4, 6])
        #expect(app.heard.allSatisfy { $0.hasPrefix("onLogin:") })
    }

    /// Proves CE-5.1-auth-failure.
    @Test("A manual login that is refused passes steps 1, 2, 4, 6 and completes with the code")
    func manualRefusal() {
        var app = Listener(.manual)
        app.connect()
        app.hear(.loginRefused(code: 302, text: "the token is not the latest"))
        #expect(app.steps == [1, 2, 4, 6])
        #expect(app.heard.last == "login completion(302 wrong account or token)")
    }

    /// Proves CE-2-auto-failed, CE-14.1.
    @Test(
        "An automatic login that is refused for good is told through onAutoLoginFailed: once, and nothing follows",
        arguments: [201, 301, 302, 317, 403, 404, 414, 417, 422])
    func automaticStop(code: Int) {
        var app = Listener(.automatic(forced: false))
        app.connect()
        app.hear(.loginRefused(code: code, text: "no"))
        #expect(app.steps == [1, 2, 4, 6])
        let told = app.heard.filter { $0.hasPrefix("onAutoLoginFailed:(\(code) ") }
        #expect(told.count == 1)
        #expect(app.heard.last == told.first)
        #expect(!app.hasTimer)
    }

    @Test(
        "Should the SDK report trouble of the network all the same, the app still does not hear of it",
        arguments: [408, 415])
    func networkIsNeverReported(code: Int) {
        let failure = CommsEase.v9iOS.policy.failure(code, detail: "refused")
        var told = ToldStatus()
        #expect(CommsEase.v9iOS.callbacks(.automaticLoginFailed(failure, isFinal: false), &told).isEmpty)
        #expect(CommsEase.v9iOS.callbacks(.manualLoginFailed(failure), &told).count == 1)
    }

    @Test("416 is told through onAutoLoginFailed: and tried again all the same")
    func tooFrequent() {
        var app = Listener(.automatic(forced: false))
        app.connect()
        app.hear(.loginRefused(code: 416, text: "slow down"))
        #expect(app.heard.last == "onAutoLoginFailed:(416 too frequent)")
        app.fireTimer()
        #expect(app.steps == [1, 2, 4, 6, 1])
    }

    /// Proves CE-6-automatic.
    @Test("Trouble of the server is tried again in silence", arguments: [398, 399, 431, 500, 503, 514, 999, 12_345])
    func serverTrouble(code: Int) {
        var app = Listener(.automatic(forced: false))
        app.connect()
        app.hear(.loginRefused(code: code, text: "later"))
        #expect(app.heard.allSatisfy { $0.hasPrefix("onLogin:") })
        app.fireTimer()
        #expect(app.steps == [1, 2, 4, 6, 1])
    }

    /// Proves CE-5.1-drop.
    @Test("A drop gives step 9 and, after the back-off, the steps of a login")
    func drop() {
        var app = Listener.online()
        app.dropLink()
        #expect(app.steps == [9])
        app.fireTimer()
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        app.hear(.synced)
        #expect(app.steps == [9, 1, 2, 4, 5, 7, 8])
        #expect(app.heard.allSatisfy { $0.hasPrefix("onLogin:") })
    }

    /// Proves CE-5.1-net-changed.
    @Test("The network's going gives steps 10 and 9; its return gives 10 and a login at once")
    func network() {
        var app = Listener.online()
        app.handle(.networkLost)
        #expect(app.steps == [10, 9])
        app.handle(.networkReturned)
        #expect(app.steps == [10, 9, 10, 1])
    }

    /// Proves CE-5.1-logout.
    @Test("A logout that the server hears gives step 11 and completes without an error")
    func logout() {
        var app = Listener.online()
        app.handle(.logoutRequested)
        app.hear(.loggedOut)
        #expect(app.heard == ["onLogin:(11 Logout)", "logout completion(nil)"])
    }

    @Test("A logout that the server does not hear works all the same and says so")
    func lonelyLogout() {
        var app = Listener.online()
        app.handle(.logoutRequested)
        app.fireTimer()
        #expect(app.heard == ["onLogin:(11 Logout)", "logout completion(error: the server was not told)"])
    }

    @Test("A kick gives onKickout: with reason, client type and text, and no step")
    func kick() {
        var app = Listener.online()
        app.hear(.kicked(KickNotice(reason: 2, text: "违规", clientType: 0)))
        #expect(app.heard == ["onKickout:(reasonCode 2, clientType 0, reasonDesc \"违规\")"])
        #expect(!app.hasTimer)
    }

    /// Proves CE-2-clients-changed.
    @Test("Other clients are told with the type of the change")
    func otherClients() {
        let other = OnlineClient(id: "s-2", clientType: 1)
        var app = Listener(.automatic(forced: false))
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: [other]))
        app.hear(.synced)
        app.hear(.clientsChanged(.logout, [other]))
        app.hear(.clientsChanged(.login, [other]))
        #expect(
            app.heard.filter { $0.hasPrefix("onMulti") } == [
                "onMultiLoginClientsChangedWithType:(1 Init)", "onMultiLoginClientsChangedWithType:(3 Logout)",
                "onMultiLoginClientsChangedWithType:(2 Login)",
            ])
    }

    @Test("What the V9 listener has no call for stays inside")
    func silent() {
        let moments: [Moment] = [
            .retryScheduled(after: .seconds(2), attempt: 2), .retrySkipped(attempt: 3), .echoed("hello"),
            .kickAnswered(code: 200, kicked: ["s-1"]), .protocolError(code: 414, text: "no"),
        ]
        var told = ToldStatus()
        for moment in moments { #expect(CommsEase.v9iOS.callbacks(moment, &told).isEmpty) }
    }
}
