import LoginCore
import Providers
import Testing

/// What an Android app hears (commsease.md §2, §4, §5.1, §6, §7.1).
@Suite("CommsEase V9 Android")
struct CommsEaseAndroidTests {
    private static func app(_ mode: LoginMode = .manual) -> Listener {
        Listener(mode, generation: CommsEase.v9Android)
    }

    private static func status(_ text: String) -> String { "observeOnlineStatus(\(text))" }

    /// Proves CE-5.1-android, CE-2-android, CE-4-android-status.
    @Test("A manual login that works passes CONNECTING, LOGINING, SYNCING, LOGINED, and is answered")
    func success() {
        var app = Self.app()
        app.comeOnline()
        #expect(
            app.heard == [
                Self.status("3 CONNECTING"), Self.status("4 LOGINING"), Self.status("5 SYNCING"),
                Self.status("6 LOGINED"), "login onSuccess()",
            ])
    }

    /// Proves CE-5.1-android, CE-2-android.
    @Test("An automatic login passes the same and is answered by nothing")
    func automatic() {
        var app = Self.app(.automatic(forced: false))
        app.comeOnline()
        #expect(app.heard.count == 4)
        #expect(app.heard.allSatisfy { $0.hasPrefix("observeOnlineStatus(") })
    }

    /// Proves CE-5.1-android, CE-6-manual-broken.
    @Test("A link that does not come up: UNLOGIN, and only an automatic login goes on")
    func links() {
        var manual = Self.app()
        manual.refuseLink()
        #expect(
            manual.heard == [
                Self.status("3 CONNECTING"), Self.status("1 UNLOGIN"), "login onFailed(415 cannot reach the server)",
            ])
        #expect(!manual.hasTimer)
        var automatic = Self.app(.automatic(forced: false))
        automatic.refuseLink()
        automatic.fireTimer()
        #expect(
            automatic.heard == [Self.status("3 CONNECTING"), Self.status("1 UNLOGIN"), Self.status("3 CONNECTING")])
    }

    /// Proves CE-5.1-android.
    @Test("A drop is UNLOGIN, and NET_BROKEN while the system says that there is no network")
    func drop() {
        var app = Listener.online(generation: CommsEase.v9Android)
        app.dropLink()
        #expect(app.news() == [Self.status("1 UNLOGIN")])
        app.fireTimer()
        #expect(app.news() == [Self.status("3 CONNECTING")])
        app.handle(.networkLost)
        #expect(app.news() == [Self.status("2 NET_BROKEN")])
        app.handle(.networkReturned)
        #expect(app.news() == [Self.status("3 CONNECTING")])
        app.refuseLink()
        #expect(app.news() == [Self.status("1 UNLOGIN")])
    }

    /// Proves CE-6-android-stops, CE-6-dead.
    @Test(
        "A code that stops ends in its status, and nothing follows",
        arguments: [
            (302, "11 PWD_ERROR"), (404, "11 PWD_ERROR"), (414, "11 PWD_ERROR"), (403, "9 FORBIDDEN"),
            (422, "9 FORBIDDEN"), (301, "9 FORBIDDEN"), (317, "10 VER_ERROR"), (201, "10 VER_ERROR"),
            (417, "7 KICKOUT"),
        ])
    func stops(code: Int, status: String) {
        var app = Self.app(.automatic(forced: false))
        app.connect()
        app.hear(.loginRefused(code: code, text: "no"))
        #expect(app.heard.last == Self.status(status))
        #expect(!app.hasTimer)
        app.logIn(.automatic(forced: false))
        #expect(app.misuses == 1)
        app.logIn(.manual)
        #expect(app.misuses == 1)
        #expect(app.heard.last == Self.status("3 CONNECTING"))
    }

    /// Proves CE-6-automatic.
    @Test("Any other code is UNLOGIN and tried again", arguments: [398, 399, 416, 431, 500, 503, 514])
    func retried(code: Int) {
        var app = Self.app(.automatic(forced: false))
        app.connect()
        app.hear(.loginRefused(code: code, text: "later"))
        #expect(app.heard.last == Self.status("1 UNLOGIN"))
        app.fireTimer()
        #expect(app.heard.last == Self.status("3 CONNECTING"))
    }

    /// Proves OURS-android-kick, CE-4-kick-1, CE-4-kick-2, CE-4-kick-3.
    @Test(
        "A kick ends in its status", arguments: [(1, "7 KICKOUT"), (2, "9 FORBIDDEN"), (3, "8 KICK_BY_OTHER_CLIENT")])
    func kick(reason: Int, status: String) {
        var app = Listener.online(generation: CommsEase.v9Android)
        app.hear(.kicked(KickNotice(reason: reason, text: "", clientType: 2)))
        #expect(app.news() == [Self.status(status)])
        #expect(!app.hasTimer)
    }

    @Test("A logout is UNLOGIN, and others that come and go are told")
    func others() {
        var app = Listener.online(generation: CommsEase.v9Android)
        app.hear(.clientsChanged(.login, [OnlineClient(id: "s-2", clientType: 2)]))
        #expect(app.news() == ["observeOtherClients(1 changed)"])
        app.handle(.logoutRequested)
        app.hear(.loggedOut)
        #expect(app.news() == [Self.status("1 UNLOGIN")])
    }

    /// Proves OURS-android-time.
    @Test("Android's codes and times are those of iOS")
    func policy() {
        #expect(CommsEase.v9Android.policy == CommsEase.v9iOS.policy)
    }

    @Test("The screen's word is the status that was told last")
    func words() {
        var told = ToldStatus()
        _ = CommsEase.v9Android.callbacks(.online, &told)
        #expect(CommsEase.v9Android.statusText(told) == "LOGINED")
    }
}
