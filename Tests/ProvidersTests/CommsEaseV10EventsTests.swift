import LoginCore
import Providers
import Testing

/// The lifecycle table of commsease.md §5.2, row by row, as an app's listener hears it.
@Suite("CommsEase V10's events")
struct CommsEaseV10EventsTests {
    private static let linking = ["onLoginStatus(2 LOGINING)", "onConnectStatus(2 CONNECTING)"]
    private static let list = "onLoginClientChanged(1 LIST, [])"
    private static let sync = ["onDataSync(1 MAIN, 2 SYNCING)", "onDataSync(1 MAIN, 3 COMPLETED)"]
    private static let wait = "onConnectStatus(3 WAITING)"

    private static func app(_ mode: LoginMode = .manual) -> Listener { Listener(mode, generation: CommsEase.v10) }

    /// An SDK that tries once and no more, so that a failure ends its call.
    private static var once: LoginPolicy {
        var policy = CommsEase.v10.policy
        policy.calls?.retryCount = 0
        return policy
    }

    /// Proves CE-3-one-call, CE-4-v10-status, CE-5.2-start, CE-5.2-connecting, CE-5.2-connect-success,
    /// CE-5.2-login-success, CE-5.2-unchanged, OURS-v10-success.
    @Test("A login that works", arguments: [LoginMode.manual, .automatic(forced: false), .automatic(forced: true)])
    func success(_ mode: LoginMode) {
        var app = Self.app(mode)
        #expect(app.news() == Self.linking)
        app.connect()
        #expect(app.news() == ["onConnectStatus(1 CONNECTED)"])
        app.hear(.loginAccepted(account: Listener.account, others: []))
        #expect(app.news() == [Self.list, "onLoginStatus(1 LOGINED)", "login success()", Self.sync[0]])
        app.hear(.synced)
        #expect(app.news() == [Self.sync[1]])
    }

    /// Proves CE-5.2-connect-fail, CE-5.2-exited, CE-3-retry-count.
    @Test("Links that do not come up: four attempts without a pause, then the call fails")
    func links() {
        var app = Self.app()
        _ = app.news()
        let failed = [
            "onLoginStatus(3 UNLOGIN)", "onConnectStatus(0 DISCONNECTED)", "onConnectFailed(192001 connect failed)",
        ]
        for _ in 1...3 {
            app.refuseLink()
            #expect(app.news() == failed + Self.linking)
        }
        app.refuseLink()
        #expect(app.news() == failed + ["onLoginStatus(0 LOGOUT)", "login fail(192001 connect failed)"])
        #expect(!app.hasTimer)
    }

    /// Proves CE-5.2-login-fail, CE-5.2-exited.
    @Test(
        "A login that is refused for good ends at once, told through onDisconnected and onLoginFailed",
        arguments: CommsEase.v10.policy.codes.filter { $0.automatic == .stop })
    func refusedForGood(_ row: LoginPolicy.CodeRule) {
        var app = Self.app()
        app.connect()
        _ = app.news()
        app.hear(.loginRefused(code: row.code, text: "no"))
        let error = "(\(row.code) \(row.name))"
        #expect(
            app.news() == [
                "onLoginStatus(0 LOGOUT)", "onConnectStatus(0 DISCONNECTED)", "onDisconnected\(error)",
                "onLoginFailed\(error)", "login fail\(error)",
            ])
        #expect(!app.hasTimer)
    }

    /// Proves CE-5.2-login-fail, CE-5.2-exited.
    @Test("A login that is refused for now is UNLOGIN, and LOGOUT only when the tries are used up")
    func refusedForNow() {
        var app = Listener(.manual, generation: CommsEase.v10, policy: Self.once)
        app.connect()
        _ = app.news()
        app.hear(.loginRefused(code: 503, text: "later"))
        #expect(
            app.news() == [
                "onLoginStatus(3 UNLOGIN)", "onConnectStatus(0 DISCONNECTED)", "onDisconnected(503 server busy)",
                "onLoginFailed(503 server busy)", "onLoginStatus(0 LOGOUT)", "login fail(503 server busy)",
            ])
    }

    /// Proves CE-5.2-login-fail, CE-3-timeout.
    @Test("A call that runs out of time while the link is made is told through onConnectFailed and onLoginFailed")
    func runsOut() {
        var app = Self.app()
        #expect(app.delay(.loginCall) == .seconds(30))
        _ = app.news()
        app.fire(.loginCall)
        #expect(
            app.news() == [
                "onLoginStatus(3 UNLOGIN)", "onConnectStatus(0 DISCONNECTED)", "onConnectFailed(191005 timeout)",
                "onLoginFailed(191005 timeout)", "onLoginStatus(0 LOGOUT)", "login fail(191005 timeout)",
            ])
        #expect(!app.hasTimer)
        #expect(app.machine.liveConnection == nil)
    }

    /// Proves CE-5.2-broken, CE-5.2-waiting, CE-5.2-connecting.
    @Test("A link that breaks, and the way back")
    func broken() {
        var app = Listener.online(generation: CommsEase.v10)
        app.dropLink()
        #expect(
            app.news() == [
                "onLoginStatus(3 UNLOGIN)", "onConnectStatus(0 DISCONNECTED)", "onDisconnected(192003 disconnected)",
                Self.wait,
            ])
        app.fire(.backoff)
        #expect(app.news() == Self.linking)
        app.refuseLink()
        #expect(
            app.news() == [
                "onLoginStatus(3 UNLOGIN)", "onConnectStatus(0 DISCONNECTED)", "onConnectFailed(192001 connect failed)",
                Self.wait,
            ])
        app.fire(.backoff)
        app.comeOnline()
        let back = Self.linking + ["onConnectStatus(1 CONNECTED)", Self.list, "onLoginStatus(1 LOGINED)"] + Self.sync
        #expect(app.news() == back)
    }

    /// Proves CE-5.2-broken, CE-5.2-login-success.
    @Test("A link that breaks during the sync breaks a session, since the answer to the login began it")
    func brokenInSync() {
        var app = Self.app()
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        _ = app.news()
        app.dropLink()
        #expect(
            app.news() == [
                "onLoginStatus(3 UNLOGIN)", "onConnectStatus(0 DISCONNECTED)", "onDisconnected(192003 disconnected)",
                Self.wait,
            ])
        #expect(app.delay(.loginCall) == nil)
    }

    /// Proves CE-5.2-exited, CE-7.2-unlimited.
    @Test("A reconnection that is refused for good is told, and no call fails for it")
    func reconnectionStops() {
        var app = Listener.online(generation: CommsEase.v10)
        app.dropLink()
        app.fire(.backoff)
        app.connect()
        _ = app.news()
        app.hear(.loginRefused(code: 102_302, text: "the token is not the latest"))
        #expect(
            app.news() == [
                "onLoginStatus(0 LOGOUT)", "onConnectStatus(0 DISCONNECTED)", "onDisconnected(102302 invalid token)",
                "onLoginFailed(102302 invalid token)",
            ])
        #expect(!app.hasTimer)
    }

    /// Proves CE-7.2-unlimited.
    @Test("A reconnection that is refused for now is tried again, however often")
    func reconnectionGoesOn() {
        var app = Listener.online(generation: CommsEase.v10)
        app.dropLink()
        for _ in 1...50 {
            app.fire(.backoff)
            app.connect()
            app.hear(.loginRefused(code: 503, text: "later"))
            #expect(app.heard.last == Self.wait)
        }
    }

    /// Proves CE-5.2-logout.
    @Test("A logout is no disconnection", arguments: [true, false])
    func logout(isAnswered: Bool) {
        var app = Listener.online(generation: CommsEase.v10)
        app.handle(.logoutRequested)
        #expect(app.delay(.logout) == .seconds(1))
        if isAnswered { app.hear(.loggedOut) } else { app.fire(.logout) }
        #expect(
            app.news() == [
                "onLoginStatus(0 LOGOUT)", "onConnectStatus(0 DISCONNECTED)",
                isAnswered ? "logout success()" : "logout success(the server was not told)",
            ])
    }

    /// Proves CE-5.2-kicked.
    @Test("A kick tells the statuses and the disconnection before itself")
    func kick() {
        var app = Listener.online(generation: CommsEase.v10)
        app.hear(.kicked(KickNotice(reason: 1, text: "", clientType: 4)))
        #expect(
            app.news() == [
                "onLoginStatus(0 LOGOUT)", "onConnectStatus(0 DISCONNECTED)", "onDisconnected(192003 disconnected)",
                "onKickedOffline(reason 1, reasonDesc \"\", clientType 4)",
            ])
        #expect(!app.hasTimer)
    }

    @Test("Other clients are told with the change and their ids")
    func clients() {
        let other = OnlineClient(id: "s-2", clientType: 1)
        var app = Self.app()
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: [other]))
        #expect(app.heard.contains("onLoginClientChanged(1 LIST, [s-2])"))
        app.hear(.synced)
        _ = app.news()
        app.hear(.clientsChanged(.logout, [other]))
        app.hear(.clientsChanged(.login, [other]))
        #expect(app.news() == ["onLoginClientChanged(3 LOGOUT, [s-2])", "onLoginClientChanged(2 LOGIN, [s-2])"])
    }

    @Test("The screen's words are those of the status that was told last")
    func words() {
        var told = ToldStatus()
        #expect(CommsEase.v10.statusText(told) == "LOGOUT DISCONNECTED")
        _ = CommsEase.v10.callbacks(.linking, &told)
        #expect(CommsEase.v10.statusText(told) == "LOGINING CONNECTING")
        _ = CommsEase.v10.callbacks(.retryScheduled(after: .seconds(2), attempt: 2), &told)
        #expect(CommsEase.v10.statusText(told) == "UNLOGIN WAITING")
        #expect(CommsEase.v9iOS.statusText(told) == nil)
    }
}
