import LoginCore
import Providers
import Testing

/// What a login call of V10 may be told, and what it does (commsease.md §3, §5.3, §8, §9).
@Suite("CommsEase V10's calls")
struct CommsEaseV10CallsTests {
    /// V10 with the options that `change` leaves.
    private static func policy(_ change: (inout LoginCalls) -> Void) throws -> LoginPolicy {
        var policy = CommsEase.v10.policy
        var calls = try #require(policy.calls)
        change(&calls)
        policy.calls = calls
        return policy
    }

    private static func app(
        _ mode: LoginMode = .manual, _ kind: AuthenticationKind = .fixed, _ policy: LoginPolicy? = nil,
        lastLogin: AccountName? = nil
    ) -> Listener {
        Listener(mode, kind, generation: CommsEase.v10, policy: policy, lastLogin: lastLogin)
    }

    /// Proves CE-3-retry-count, CE-5.3-attempt.
    @Test("A call makes its retries after the first attempt, whoever asks", arguments: [1, 3, 5])
    func retries(_ count: Int) throws {
        let policy = try Self.policy { $0.retryCount = count }
        for mode in [LoginMode.manual, .automatic(forced: false)] {
            var app = Self.app(mode, .fixed, policy)
            var attempts = 0
            while app.machine.liveConnection != nil {
                attempts += 1
                app.connect()
                app.hear(.loginRefused(code: 500, text: "later"))
            }
            #expect(attempts == count + 1)
            #expect(app.logins.count == count + 1)
            #expect(app.machine.stopReason != nil)
            #expect(!app.hasTimer)
        }
    }

    /// Proves CE-3-timeout.
    @Test("A call without a timeout has no limit, and one with it the one that is set")
    func timeout() throws {
        #expect(Self.app(.manual, .fixed, try Self.policy { $0.timeout = nil }).delay(.loginCall) == nil)
        var app = Self.app(.manual, .fixed, try Self.policy { $0.timeout = .seconds(5) })
        #expect(app.delay(.loginCall) == .seconds(5))
        app.connect()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        #expect(app.delay(.loginCall) == nil, "the call is over with its success")
    }

    /// Proves CE-3-token-provider, CE-5.3-attempt.
    @Test("The token provider is asked once the link is up and before the login, at each attempt and reconnection")
    func tokenProvider() {
        var app = Self.app(.manual, .dynamic)
        #expect(app.news().count == 2)
        app.connect()
        #expect(app.news() == ["onConnectStatus(1 CONNECTED)", "tokenProvider(mia)"])
        #expect(app.logins.isEmpty)
        app.provideToken()
        #expect(app.logins.map(\.token.name) == ["token-2"])
        app.hear(.loginRefused(code: 503, text: ""))
        app.connect()
        #expect(app.heard.last == "tokenProvider(mia)")
        #expect(app.logins.count == 1)
        app.provideToken()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        app.hear(.synced)
        app.dropLink()
        app.fire(.backoff)
        _ = app.news()
        app.connect()
        #expect(app.news() == ["onConnectStatus(1 CONNECTED)", "tokenProvider(mia)"])
    }

    @Test("A static token is asked of nobody")
    func fixed() {
        var app = Self.app()
        app.connect()
        #expect(app.asked == nil)
        #expect(app.logins.count == 1)
    }

    /// Proves CE-5.3-provider-failed.
    @Test("A token provider that throws fails the attempt with 191003, which is tried again")
    func failingProvider() throws {
        var app = Self.app(.manual, .dynamic, try Self.policy { $0.tokenProvider = .fails })
        for _ in 1...4 { app.connect() }
        #expect(app.logins.isEmpty)
        #expect(app.heard.filter { $0 == "onLoginFailed(191003 callback failed)" }.count == 4)
        #expect(app.heard.last == "login fail(191003 callback failed)")
    }

    /// Proves CE-8-empty-provider, OURS-empty-pause.
    @Test("A token provider that gives nothing is told of, and does not use tries up")
    func emptyProvider() throws {
        var app = Self.app(.manual, .dynamic, try Self.policy { $0.tokenProvider = .empty })
        for _ in 1...9 {
            app.connect()
            #expect(app.heard.suffix(2) == ["onLoginFailed(414 parameter error)", "onConnectStatus(3 WAITING)"])
            app.fire(.backoff)
        }
        #expect(app.machine.attempt?.number == 1)
        #expect(app.logins.isEmpty)
        app.fire(.loginCall)
        #expect(app.heard.last == "login fail(191005 timeout)")
        #expect(!app.hasTimer)
    }

    /// Proves CE-8-empty-provider.
    @Test("Without a token of its own the call then fails with 414, and nothing is sent")
    func nothingAtAll() throws {
        var app = Self.app(.manual, .fixed)
        app.handle(.logoutRequested)
        let policy = try Self.policy { $0.tokenProvider = .empty }
        var machine = LoginMachine(policy: policy, random: SeededGenerator(seed: 1))
        _ = machine.handle(.initialised)
        _ = machine.handle(.loginRequested(Listener.request(.manual, .dynamic, length: 0)))
        let effects = machine.handle(.connectionOpened(ConnectionID(1)))
        #expect(!effects.contains { if case .send = $0 { true } else { false } })
        guard case .failed(let failure, _)? = machine.stopReason else {
            Issue.record("the call goes on")
            return
        }
        #expect(failure.code == 414)
    }

    /// Proves CE-3-login-extension-provider, CE-5.3-provider-failed.
    @Test("The login extension is asked for with type 2 only, and one that fails ends the attempt")
    func loginExtension() throws {
        var app = Self.app(.manual, .callback)
        app.connect()
        #expect(app.heard.contains("loginExtensionProvider(mia)"))
        #expect(app.logins.map(\.loginExtension) == ["ext"])
        let failing = try Self.policy { $0.loginExtensionProvider = .fails }
        var other = Self.app(.manual, .fixed, failing)
        other.connect()
        #expect(other.logins.count == 1)
        var failed = Self.app(.manual, .callback, failing)
        failed.connect()
        #expect(failed.logins.isEmpty)
        #expect(failed.heard.contains("onLoginFailed(191003 callback failed)"))
        var empty = Self.app(.manual, .callback, try Self.policy { $0.loginExtensionProvider = .empty })
        empty.connect()
        #expect(empty.heard.last == "login fail(414 parameter error)")
    }

    /// Proves CE-5.3-invalid.
    @Test("Empty credentials fail with 191004 before any network is used")
    func invalid() {
        let empty = Listener.request(.manual, .fixed, length: 0)
        var nobody = Listener.request(.manual)
        nobody.account = AccountName("")
        for request in [empty, nobody] {
            var machine = LoginMachine(policy: CommsEase.v10.policy, random: SeededGenerator(seed: 1))
            _ = machine.handle(.initialised)
            let effects = machine.handle(.loginRequested(request))
            #expect(effects.count == 1)
            guard case .notify(.manualLoginFailed(let failure))? = effects.first else {
                Issue.record("\(effects)")
                return
            }
            #expect(failure.code == 191_004)
        }
    }

    /// Proves CE-5.3-login-again.
    @Test("A login while LOGINED: the same succeeds at once, another logs out first")
    func again() {
        var app = Listener.online(generation: CommsEase.v10)
        app.logIn(.manual)
        #expect(app.news() == ["login success()"])
        #expect(app.sent.isEmpty)
        app.logIn(.manual, token: "token-9")
        #expect(app.sent == [.logout])
        app.hear(.loggedOut)
        #expect(
            app.news() == [
                "onLoginStatus(0 LOGOUT)", "onConnectStatus(0 DISCONNECTED)", "logout success()",
                "onLoginStatus(2 LOGINING)", "onConnectStatus(2 CONNECTING)",
            ])
        app.connect()
        #expect(app.logins.map(\.token.name) == ["token-9"])
        #expect(app.misuses == 0)
    }

    @Test("A login that waits for a logout goes out with the token that came meanwhile")
    func againRenewed() {
        var app = Listener.online(generation: CommsEase.v10)
        app.logIn(.manual, token: "token-8")
        app.handle(.tokenReplaced(SecretRef(kind: .token, name: "token-9", length: 12, digest: "12345678")))
        app.hear(.loggedOut)
        app.connect()
        #expect(app.logins.map(\.token.name) == ["token-9"])
        #expect(app.misuses == 0)
    }

    /// Proves CE-5.3-login-again.
    @Test("For a dynamic token the token does not matter")
    func againDynamic() {
        var app = Self.app(.manual, .dynamic)
        app.connect()
        app.provideToken()
        app.hear(.loginAccepted(account: Listener.account, others: []))
        app.hear(.synced)
        _ = app.news()
        app.logIn(.manual, .dynamic, token: "token-9")
        #expect(app.news() == ["login success()"])
    }

    /// Proves CE-5.3-login-meanwhile.
    @Test("A login while LOGINING cancels the call before it, and joins or starts again")
    func meanwhile() {
        var app = Self.app()
        let first = app.machine.liveConnection
        _ = app.news()
        app.logIn(.manual)
        #expect(app.news() == ["login fail(191002 operation cancelled)"])
        #expect(app.machine.liveConnection == first)
        app.logIn(.manual, token: "token-9")
        #expect(app.news() == ["login fail(191002 operation cancelled)"])
        #expect(app.machine.liveConnection != first)
        app.connect()
        #expect(app.logins.map(\.token.name) == ["token-9"])
    }

    /// Proves CE-5.3-logout-v10, CE-5.3-illegal-state.
    @Test("A logout tells the server when LOGINED only, and is refused when nothing is logged in")
    func logout() {
        var logining = Self.app()
        logining.connect()
        logining.sent = []
        _ = logining.news()
        logining.handle(.logoutRequested)
        #expect(logining.sent.isEmpty)
        #expect(logining.heard.first == "login fail(191002 operation cancelled)")
        #expect(logining.machine.phase == .loggedOut)

        var waiting = Listener.online(generation: CommsEase.v10)
        waiting.dropLink()
        waiting.handle(.logoutRequested)
        #expect(waiting.sent.isEmpty)
        #expect(!waiting.hasTimer)

        var syncing = Self.app()
        syncing.connect()
        syncing.hear(.loginAccepted(account: Listener.account, others: []))
        syncing.handle(.logoutRequested)
        #expect(syncing.sent.last == .logout)

        var stopped = Listener.online(generation: CommsEase.v10)
        stopped.hear(.kicked(KickNotice(reason: 1, text: "", clientType: 1)))
        _ = stopped.news()
        stopped.handle(.logoutRequested)
        #expect(stopped.news() == ["logout fail(190002 illegal state)"])
    }

    /// Proves CE-5.3-illegal-state.
    @Test("A command while not LOGINED is refused with 190002")
    func illegal() {
        var core = ClientCore(
            lane: TranscriptLane(.device("A")), policy: CommsEase.v10.policy, settings: AppSettings(),
            random: SeededGenerator(seed: 1), naming: CommsEase.v10.callbacks)
        let now = Instant(seconds: 1_700_000_000)
        _ = core.handle(.sdk(.initialised), at: now)
        let output = core.handle(.sdk(.kickRequested(["s-1"])), at: now)
        #expect(output.entries.contains { $0.title.contains("190002 illegal state") })
    }

    // MARK: - Force, and the record of the last login

    /// Proves CE-9-v10-record, CE-9-v10-force, CE-9-force.
    @Test("What force and the record of the last login mean on the wire, in V10 and in V9")
    func force() throws {
        func wire(
            _ generation: Generation, _ mode: LoginMode, lastLogin: AccountName? = nil, policy: LoginPolicy? = nil
        ) -> [Bool] {
            var app = Listener(mode, generation: generation, policy: policy, lastLogin: lastLogin)
            app.connect()
            return app.logins.flatMap { [$0.isAutomatic, $0.isForced] }
        }
        let v10 = CommsEase.v10
        let mia = Listener.account
        let forcing = try Self.policy { $0.forceMode = true }
        // Automatic, forced.
        #expect(wire(v10, .manual) == [false, false])
        #expect(wire(v10, .manual, lastLogin: mia) == [true, false])
        #expect(wire(v10, .manual, lastLogin: AccountName("ben")) == [false, false])
        #expect(wire(v10, .automatic(forced: false)) == [false, false])
        #expect(wire(v10, .automatic(forced: false), lastLogin: mia) == [true, false])
        #expect(wire(v10, .automatic(forced: true), lastLogin: mia) == [false, true])
        #expect(wire(v10, .manual, lastLogin: mia, policy: forcing) == [false, true])
        for v9 in [CommsEase.v9iOS, CommsEase.v9Android] {
            #expect(wire(v9, .manual, lastLogin: mia) == [false, false])
            #expect(wire(v9, .automatic(forced: false)) == [true, false])
            #expect(wire(v9, .automatic(forced: true)) == [true, true])
        }
    }

    /// Proves CE-9-v10-reconnect, CE-9-v10-record.
    @Test("A reconnection goes out as automatic and never forced, though the login was")
    func reconnection() throws {
        var app = Listener.online(generation: CommsEase.v10, policy: try Self.policy { $0.forceMode = true })
        app.dropLink()
        app.fire(.backoff)
        app.connect()
        #expect(app.logins.map(\.isForced) == [false])
        #expect(app.logins.map(\.isAutomatic) == [true])
    }

    /// Proves OURS-v10-record-end, CE-5.3-logout-v10.
    @Test("The record of the last login ends with a logout, a kick and a code that stops, and with nothing else")
    func record() {
        var app = Listener.online(generation: CommsEase.v10)
        #expect(app.machine.lastLogin == Listener.account)
        app.dropLink()
        app.fire(.backoff)
        #expect(app.machine.lastLogin == Listener.account)
        var loggedOut = app
        loggedOut.handle(.logoutRequested)
        #expect(loggedOut.machine.lastLogin == nil)
        app.connect()
        var refused = app
        refused.hear(.loginRefused(code: 417, text: ""))
        #expect(refused.machine.lastLogin == nil)
        var kicked = app
        kicked.hear(.kicked(KickNotice(reason: 2, text: "", clientType: 0)))
        #expect(kicked.machine.lastLogin == nil)
        app.hear(.loginRefused(code: 503, text: ""))
        #expect(app.machine.lastLogin == Listener.account)
    }

    // MARK: - Time

    /// Proves CE-8-v10-backoff, CE-8-v10-packet, CE-8-reset.
    @Test("Reconnections wait 1.6, 3.2, 6.4, 12.8, 16, 16 s, give or take 1 %")
    func backoff() throws {
        var app = Listener.online(generation: CommsEase.v10)
        app.dropLink()
        var exact = 0
        for base in [1600, 3200, 6400, 12_800, 16_000, 16_000, 16_000] {
            let delay = try #require(app.delay(.backoff))
            let table = Duration.milliseconds(base)
            #expect(delay >= table * 0.99 && delay <= table * 1.01, "\(delay)")
            if delay == table { exact += 1 }
            app.fire(.backoff)
            app.refuseLink()
        }
        #expect(exact < 7, "there is no jitter")
        app.fire(.backoff)
        app.connect()
        #expect(app.delay(.loginAnswer) == .seconds(60))
        app.hear(.loginAccepted(account: Listener.account, others: []))
        app.hear(.synced)
        app.dropLink()
        #expect(try #require(app.delay(.backoff)) < .seconds(2))
    }

    /// Proves CE-8-reconnect-delay.
    @Test("An app's own delay takes the table's place; V10 lengthens a short one, V9 takes it as it is")
    func ownDelay() throws {
        var v10 = CommsEase.v10.policy
        v10.reconnectDelay = .seconds(5)
        var app = Listener.online(generation: CommsEase.v10, policy: v10)
        app.dropLink()
        #expect(app.delay(.backoff) == .seconds(5))
        v10.reconnectDelay = .milliseconds(100)
        var seen: Set<Duration> = []
        var short = Listener.online(generation: CommsEase.v10, policy: v10)
        short.dropLink()
        for _ in 1...40 {
            let delay = try #require(short.delay(.backoff))
            #expect(delay >= .milliseconds(301) && delay <= .milliseconds(600))
            seen.insert(delay)
            short.fire(.backoff)
            short.refuseLink()
        }
        #expect(seen.count > 10)
        var v9 = CommsEase.v9iOS.policy
        v9.reconnectDelay = .milliseconds(100)
        var old = Listener.online(policy: v9)
        old.dropLink()
        #expect(old.delay(.backoff) == .milliseconds(100))
    }
}
