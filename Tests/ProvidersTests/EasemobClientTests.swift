import LoginCore
import Providers
import Testing

/// What Easemob's SDKs tell the app, and what they do about codes and time (easemob.md §4 to §8).
struct EasemobClientTests {
    private static let generations = Easemob.provider.generations
    private static let iOS4 = Easemob.v4iOS
    private static let iOS5 = Easemob.v5iOS
    private static let android = Easemob.v4Android
    private static let harmony = Easemob.v5Harmony
    private static let wrapped = Easemob.v4Wrapped
    private static let ann = AccountName("ann")

    private static func failure(_ code: Int) -> LoginFailure { iOS4.policy.failure(code, detail: "") }

    private static func calls(_ generation: Generation, _ moment: Moment, _ told: inout ToldStatus) -> [String] {
        generation.callbacks(moment, &told).map { "\($0.name)(\($0.arguments.joined(separator: ", ")))" }
    }

    /// What a listener heard in the row of `moments`.
    private static func heard(_ generation: Generation, _ moments: [Moment]) -> [String] {
        var told = ToldStatus()
        return moments.flatMap { calls(generation, $0, &told) }
    }

    private static let login: [Moment] = [
        .linking, .linkEstablished, .authenticating, .authenticated, .syncing, .online,
    ]

    struct Row: CustomTestStringConvertible {
        let name: String
        let moments: [Moment]
        let calls: [String: [String]]
        var testDescription: String { name }
    }

    private static func kick(_ code: Int, by name: String = "") -> Moment {
        .kickedOffline(KickNotice(reason: code, text: name, clientType: 0))
    }

    private static func ends(_ moment: Moment, _ calls: [String: [String]], _ name: String) -> Row {
        Row(name: name, moments: [moment], calls: calls)
    }

    private static let endingRows = [
        ends(
            kick(206, by: "Web"),
            [
                "v4-ios": ["userAccountDidLoginFromOtherDeviceWithInfo(deviceName \"Web\")"],
                "v5-ios": ["userAccountDidLoginFromOtherDeviceWithInfo(deviceName \"Web\")"],
                "v4-android": ["onLogout(206, deviceName \"Web\")"],
                "v5-harmony": ["onLogout(206, deviceName \"Web\")"],
                "v4-rn": ["onUserDidLoginFromOtherDeviceWithInfo(deviceName \"Web\")"],
            ], "206"),
        ends(
            kick(207),
            [
                "v4-ios": ["userAccountDidRemoveFromServer()"], "v5-ios": ["userAccountDidRemoveFromServer()"],
                "v4-android": ["onLogout(207)"], "v5-harmony": ["onLogout(207)"],
                "v4-rn": ["onUserDidRemoveFromServer()"],
            ], "207"),
        ends(
            kick(305),
            [
                "v4-ios": ["userDidForbidByServer()"], "v5-ios": ["userDidForbidByServer()"],
                "v4-android": ["onLogout(305)"], "v5-harmony": ["onLogout(305)"],
                "v4-rn": ["onUserDidForbidByServer()"],
            ], "305"),
        ends(
            kick(216),
            [
                "v4-ios": ["userAccountDidForcedToLogout(error 216 UserKickedByChangePassword)"],
                "v5-ios": ["userAccountDidForcedToLogout(error 216 UserKickedByChangePassword)"],
                "v4-android": ["onLogout(216)"], "v5-harmony": ["onLogout(216)"],
                "v4-rn": ["onUserDidChangePassword()"],
            ], "216"),
        ends(
            kick(217),
            [
                "v4-ios": ["userAccountDidForcedToLogout(error 217 UserKickedByOtherDevice)"],
                "v5-ios": ["userAccountDidForcedToLogout(error 217 UserKickedByOtherDevice)"],
                "v4-android": ["onLogout(217)"], "v5-harmony": ["onLogout(217)"],
                "v4-rn": ["onUserKickedByOtherDevice()"],
            ], "217"),
        ends(
            .automaticLoginFailed(failure(108), isFinal: true),
            [
                "v4-ios": ["tokenDidExpire(108)"], "v5-ios": ["tokenDidExpire(108)"],
                "v4-android": ["onTokenExpired()"], "v5-harmony": ["onTokenExpired()"], "v4-rn": ["onTokenDidExpire()"],
            ], "108"),
        ends(
            .automaticLoginFailed(failure(202), isFinal: true),
            [
                "v4-ios": ["userAccountDidForcedToLogout(error 202 UserAuthenticationFailed)"],
                "v5-ios": ["userAccountDidForcedToLogout(error 202 UserAuthenticationFailed)"],
                "v4-android": ["onLogout(202)"], "v5-harmony": ["onLogout(202)"],
                "v4-rn": ["onUserAuthenticationFailed()"],
            ], "202"),
        ends(
            .automaticLoginFailed(failure(214), isFinal: true),
            [
                "v4-ios": ["userAccountDidForcedToLogout(error 214 UserLoginTooManyDevices)"],
                "v5-ios": ["userAccountDidForcedToLogout(error 214 UserLoginTooManyDevices)"],
                "v4-android": ["onLogout(214)"], "v5-harmony": ["onLogout(214)"],
                "v4-rn": ["onUserDidLoginTooManyDevice()"],
            ], "214"),
        ends(
            .automaticLoginFailed(failure(220), isFinal: true),
            [
                "v4-ios": ["userAccountDidLoginFromOtherDeviceWithInfo(deviceName \"\")"],
                "v5-ios": ["userAccountDidLoginFromOtherDeviceWithInfo(deviceName \"\")"],
                "v4-android": ["onLogout(220)"], "v5-harmony": ["onLogout(220)"],
                "v4-rn": ["onUserDidLoginFromOtherDeviceWithInfo(deviceName \"\")"],
            ], "220"),
        ends(
            .automaticLoginFailed(failure(8), isFinal: true),
            [
                "v4-ios": ["userAccountDidForcedToLogout(error 8 AppActiveNumbersReachLimitation)"],
                "v5-ios": ["userAccountDidForcedToLogout(error 8 AppActiveNumbersReachLimitation)"],
                "v4-android": ["onLogout(8)"], "v5-harmony": ["onLogout(8)"],
                "v4-rn": ["onAppActiveNumberReachLimit()"],
            ], "8"),
    ]

    /// Proves EM-5-disconnected, EM-5-removed, EM-5-forbidden, EM-5-forced, EM-5-other-device, EM-5-expired, EM-5-order,
    /// EM-5-codes, EM-own-kick-order, EM-9-old, EM-9-one.
    @Test("The end of a session is told in each SDK's words, after the lost link", arguments: endingRows)
    func endings(row: Row) {
        for generation in Self.generations {
            var told = ToldStatus()
            for moment in Self.login { _ = generation.callbacks(moment, &told) }
            #expect(generation.statusText(told) == "isLoggedIn true, isConnected true")
            let code = row.name
            let lost =
                switch generation.id {
                case "v4-ios", "v5-ios": "connectionStateDidChange(1 disconnected)"
                case "v4-rn": "onDisconnected()"
                default: "onDisconnected(\(code))"
                }
            let heard = row.moments.flatMap { Self.calls(generation, $0, &told) }
            #expect(heard == [lost] + (row.calls[generation.id] ?? []), "\(generation.id)")
            #expect(generation.statusText(told) == "isLoggedIn false, isConnected false")
        }
    }

    /// Proves EM-4-order, EM-5-connected, EM-4-states, EM-4-token-login.
    @Test("A login is told by the link and by its completion, in V5 after the database")
    func manualLogin() {
        let moments = Self.login + [.manualLoginCompleted(Self.ann)]
        let connected = "connectionStateDidChange(0 connected)"
        #expect(Self.heard(Self.iOS4, moments) == [connected, "login completion(ann, error nil)"])
        #expect(
            Self.heard(Self.iOS5, moments)
                == ["onDatabaseOpened(error nil)", connected, "login completion(ann, error nil)"])
        #expect(Self.heard(Self.android, moments) == ["onConnected()", "onSuccess()"])
        #expect(Self.heard(Self.harmony, moments) == ["onConnected()", "login success()"])
        #expect(Self.heard(Self.wrapped, moments) == ["onConnected()", "login success()"])
        // The database is opened whatever becomes of the login.
        let failed: [Moment] = [.linking, .linkFailed(Self.failure(300)), .manualLoginFailed(Self.failure(300))]
        #expect(
            Self.heard(Self.iOS5, failed)
                == ["onDatabaseOpened(error nil)", "login completion(error 300 ServerNotReachable)"])
        #expect(Self.heard(Self.android, failed) == ["onError(300, \"ServerNotReachable\")"])
    }

    /// Proves EM-4-two-facts, EM-5-connected, EM-5-disconnected.
    @Test("Connected and logged in are two facts: a lost link is no logout, and a reconnection is told again")
    func twoFacts() {
        for generation in Self.generations {
            var told = ToldStatus()
            #expect(generation.statusText(told) == "isLoggedIn false, isConnected false")
            for moment in Self.login { _ = generation.callbacks(moment, &told) }
            let lost = Self.calls(generation, .linkLost(.linkClosed), &told)
            #expect(lost.count == 1)
            #expect(generation.statusText(told) == "isLoggedIn true, isConnected false")
            #expect(Self.calls(generation, .linkFailed(Self.failure(300)), &told).isEmpty)
            let again = Self.login.flatMap { Self.calls(generation, $0, &told) }
            #expect(again.count == 1, "\(generation.id): \(again)")
            #expect(generation.statusText(told) == "isLoggedIn true, isConnected true")
        }
    }

    /// Proves EM-5-auto, EM-own-android-auto.
    @Test("The end of an automatic login has a call of its own on 4.x for iOS only")
    func automaticLogin() {
        let done = Self.login + [.automaticLoginCompleted(Self.ann)]
        #expect(
            Self.heard(Self.iOS4, done)
                == ["connectionStateDidChange(0 connected)", "autoLoginDidCompleteWithError(nil)"])
        #expect(Self.heard(Self.android, done) == ["onConnected()"])
        let failed: [Moment] = [.linking, .automaticLoginFailed(Self.failure(108), isFinal: true)]
        #expect(Self.heard(Self.iOS4, failed) == ["autoLoginDidCompleteWithError(error 108 TokenExpire)"])
        #expect(Self.heard(Self.android, failed) == ["onTokenExpired()"])
        #expect(Self.heard(Self.wrapped, failed) == ["onTokenDidExpire()"])
        #expect(Self.generations.filter(\.policy.tellsAutomaticLogin).map(\.id) == ["v4-ios"])
    }

    /// Proves EM-5-will-expire, EM-4-renew, EM-4-same, EM-4-another.
    @Test("Warnings, renewals, refused calls and logouts have their calls")
    func others() {
        #expect(Self.heard(Self.iOS4, [.tokenWillExpire]) == ["tokenWillExpire(109)"])
        #expect(Self.heard(Self.iOS5, [.tokenWillExpire]) == ["tokenWillExpire(109)"])
        for generation in [Self.android, Self.harmony, Self.wrapped] {
            #expect(Self.heard(generation, [.tokenWillExpire]) == ["onTokenWillExpire()"])
            #expect(Self.heard(generation, [.tokenRenewed(nil)]).isEmpty)
        }
        #expect(Self.heard(Self.iOS5, [.tokenRenewed(nil)]) == ["renewToken completion(error nil)"])
        #expect(
            Self.heard(Self.iOS5, [.tokenRenewed(Self.failure(201))])
                == ["renewToken completion(error 201 UserNotLogin)"])
        #expect(
            Self.heard(Self.iOS4, [.callRefused(Self.failure(200))])
                == ["login completion(error 200 UserAlreadyLoginSame)"])
        let android = Self.android.policy.failure(200, detail: "")
        #expect(Self.heard(Self.android, [.callRefused(android)]) == ["onError(200, \"USER_ALREADY_LOGIN\")"])
        #expect(Self.heard(Self.iOS4, [.loggedOut(wasServerTold: true)]) == ["logout completion(error nil)"])
        #expect(Self.heard(Self.android, [.loggedOut(wasServerTold: true)]) == ["onSuccess()"])
        let silent: [Moment] = [
            .linkEstablished, .authenticating, .syncing, .networkChanged(isAvailable: false),
            .retryScheduled(after: .seconds(1), attempt: 1), .retrySkipped(attempt: 1), .echoed("x"),
            .clientsChanged(.login, []), .automaticLoginFailed(Self.failure(303), isFinal: false),
        ]
        for generation in Self.generations { #expect(Self.heard(generation, silent).isEmpty) }
    }

    // MARK: Codes and numbers

    /// §6: which codes a reconnect goes on after, and which the SDK clears its login for.
    private static let retried: Set<Int> = [2, 109, 300, 301, 303, 304, 350, 351, 352, 353, 354]
    private static let clearing: Set<Int> = [8, 108, 202, 206, 207, 214, 216, 217, 220, 305]
    private static let all = Set(
        [1, 2, 3, 4, 8, 100, 101, 102, 104, 105, 108, 109, 110] + Array(200...208) + [
            211, 212, 213, 214, 216, 217, 218, 220,
        ]
            + Array(300...308) + Array(350...354))

    /// Proves EM-8-stop, EM-8-reconnect, EM-7-expiry, EM-own-unknown-code.
    @Test("Each code of the page has its row, stops or goes on, and clears or does not")
    func codes() {
        for generation in Self.generations {
            let policy = generation.policy
            #expect(Set(policy.codes.map(\.code)) == Self.all)
            for row in policy.codes {
                #expect(row.manual == .stop)
                #expect((row.automatic == .retry) == Self.retried.contains(row.code), "\(row.code)")
                #expect(row.clears == Self.clearing.contains(row.code), "\(row.code)")
                #expect(row.rule == RuleID("EM-6-\(row.code)"))
            }
            #expect(policy.verdict(for: 999, mode: .automatic(forced: false)) == .retry)
        }
        let stops: [Int] = [8, 104, 108, 202, 206, 207, 213, 214, 216, 217, 220, 305]
        for code in stops { #expect(Self.iOS5.policy.rule(for: code).automatic == .stop) }
        #expect(Self.android.policy.rule(for: 305).name == "SERVER_SERVICE_RESTRICTED")
        #expect(Self.iOS4.policy.rule(for: 305).name == "ServerServingForbidden")
        #expect(Self.iOS4.policy.rule(for: 305).kind == .banned)
    }

    /// Proves EM-8-window, EM-8-default, EM-8-timeouts, EM-own-backoff, EM-own-timeouts, EM-own-heartbeat,
    /// EM-own-background, EM-own-second-login-code, EM-4-renew, EM-7-expiry, EM-own-manual-start.
    @Test("4.x logs in by itself within 30 days and can be told not to, V5 never does")
    func numbers() {
        for generation in Self.generations {
            let policy = generation.policy
            let isFour = generation.id.hasPrefix("v4")
            #expect(policy.automaticLogin == (isFour ? .byItself(within: .seconds(30 * 86_400)) : .none))
            #expect(policy.isAutoLogin == (isFour ? true : nil))
            #expect(policy.backoffTable == [1, 2, 4, 8, 16, 32].map { Duration.seconds($0) })
            #expect(policy.backoffJitterPermille == 0)
            #expect(policy.connectTimeout == .seconds(10))
            #expect(policy.loginTimeout == .seconds(30))
            #expect(policy.logoutTimeout == .seconds(5))
            #expect(policy.heartbeatInterval == .seconds(60))
            #expect((policy.probeTimeout, policy.probeCount) == (.seconds(10), 3))
            #expect(policy.timeoutCode == 301)
            #expect(policy.reconnectsInBackground)
            #expect(!policy.asksForDynamicToken)
            #expect(policy.failedKicks == [108: 108])
            #expect(
                policy.secondLogin
                    == LoginPolicy.SecondLogin(sameAccount: 200, otherAccount: 218, unanswered: 302))
            #expect(policy.onlineRenewal == LoginPolicy.OnlineRenewal(notLoggedIn: 201, emptyToken: 104))
        }
        var policy = Self.iOS4.policy
        policy.options.isAutoLogin = false
        #expect(policy.chosenAutomaticLogin == .none)
    }

    // MARK: The client as a whole

    /// A client of one SDK, and what its app's listener heard.
    private struct Client {
        var core: ClientCore
        var now = Instant(seconds: 1_700_000_000)
        var heard: [String] = []
        var sent: [LinkRequest] = []
        var calls: [(CallID, AppServerCall)] = []
        var link: ConnectionID?
        var declined: [String] = []

        init(_ generation: Generation, saved: SavedLogin? = nil, renewsEarly: Bool = true, policy: LoginPolicy? = nil) {
            core = ClientCore(
                lane: TranscriptLane(.device("A")), policy: policy ?? generation.policy,
                settings: AppSettings(renewsEarly: renewsEarly), random: SeededGenerator(seed: 1),
                naming: generation.callbacks)
            take(.sdk(.initialised))
            take(.app(.started(saved)))
        }

        mutating func take(_ input: ClientCore.Input) {
            let output = core.handle(input, at: now)
            heard += output.entries.filter { $0.kind == .callback }.map(\.title)
            for effect in output.effects {
                switch effect {
                case .openConnection(let id, _): link = id
                case .closeConnection: link = nil
                case .send(_, _, let request, _): sent.append(request)
                case .call(let id, let call, _): calls.append((id, call))
                case .decline(let sentence): declined.append(sentence)
                case .startTimer, .cancelTimer, .cancelCall, .save, .erase: break
                }
            }
        }

        mutating func hear(_ message: LinkMessage) {
            if let link { take(.sdk(.received(link, message))) }
        }

        mutating func comeOnline(_ account: AccountName = ann) {
            if let link { take(.sdk(.connectionOpened(link))) }
            hear(.loginAccepted(account: account, others: []))
            hear(.synced)
        }

        /// Answers the call to the app server that is out.
        mutating func grant(_ token: SecretRef, lifetime: Duration = .seconds(600)) {
            guard let (id, call) = calls.popLast() else { return }
            let granted = GrantedToken(account: ann, token: token, kind: .fixed, lifetime: lifetime)
            if case .token = call {
                take(.app(.tokenGranted(id, granted, at: now)))
            } else {
                take(.app(.granted(id, user: "mia", session: Client.session, granted, at: now)))
            }
        }

        mutating func signIn() {
            take(.app(.signInRequested(user: "mia", password: Client.password)))
            grant(Client.token(1))
            comeOnline()
        }

        static let session = SecretRef(kind: .session, name: "session-1", length: 9, digest: "0")
        static let password = SecretRef(kind: .password, name: "password-1", length: 9, digest: "0")

        static func token(_ number: Int) -> SecretRef {
            SecretRef(kind: .token, name: "token-\(number)", length: 9, digest: "\(number)")
        }
    }

    private static func saved(_ client: Client) -> SavedLogin? { client.core.flow.saved }

    /// Proves EM-7-warning, EM-4-renew, EM-5-will-expire.
    @Test("At the warning the app gets a token, and the session takes it while it is online")
    func renewal() {
        var client = Client(Self.iOS4)
        client.signIn()
        client.now = client.now + .seconds(480)
        client.hear(.tokenWillExpire)
        #expect(client.heard.last == "tokenWillExpire(109)")
        client.grant(Client.token(2))
        #expect(client.sent.last == .renew(Client.token(2)))
        client.hear(.renewed(code: 200, text: ""))
        #expect(client.heard.last == "renewToken completion(error nil)")
        #expect(client.core.sdk.phase == .online)
    }

    /// Proves EM-7-expiry, EM-5-expired, EM-8-stop.
    @Test("At the expiry the SDK logs out and does not reconnect; the app logs in with a new token")
    func expiry() {
        var client = Client(Self.iOS4, renewsEarly: false)
        client.signIn()
        client.heard = []
        client.hear(.kicked(KickNotice(reason: 108, text: "", clientType: 0)))
        #expect(client.heard == ["connectionStateDidChange(1 disconnected)", "tokenDidExpire(108)"])
        #expect(client.core.sdk.phase == .stopped)
        #expect(client.core.sdk.liveTimers.isEmpty)
        #expect(client.link == nil)
        client.grant(Client.token(2))
        #expect(client.core.sdk.attempt?.request.mode == .manual)
        client.comeOnline()
        #expect(client.heard.last == "login completion(ann, error nil)")
    }

    /// Proves EM-8-stop, EM-5-forced, EM-8-reset.
    @Test(
        "After a kick nothing reconnects, and an automatic login is off until a manual one",
        arguments: [206, 207, 216, 217, 305])
    func kicked(code: Int) {
        var client = Client(Self.iOS4)
        client.signIn()
        client.hear(.kicked(KickNotice(reason: code, text: "", clientType: 0)))
        #expect(client.core.sdk.phase == .stopped)
        #expect(client.calls.isEmpty, "no token is fetched after a kick")
        let saved = Self.saved(client)
        var again = Client(Self.iOS4, saved: saved)
        #expect(again.link == nil)
        again.take(.app(.automaticLoginRequested(forced: false, at: again.now)))
        #expect(again.declined.count == 1)
    }

    /// Proves EM-8-default, EM-8-target, EM-8-window, EM-8-reset, EM-own-manual-start.
    @Test("At the next start of the app 4.x logs in by itself, and V5 waits to be asked")
    func nextStart() {
        for generation in Self.generations {
            var first = Client(generation)
            first.signIn()
            let saved = Self.saved(first)
            var second = Client(generation, saved: saved)
            let isFour = generation.id.hasPrefix("v4")
            #expect((second.link != nil) == isFour, "\(generation.id)")
            if !isFour {
                second.take(.app(.automaticLoginRequested(forced: false, at: second.now)))
                #expect(second.core.sdk.attempt?.request.mode == .manual)
            } else {
                #expect(second.core.sdk.attempt?.request.mode == .automatic(forced: false))
            }
            second.comeOnline()
            #expect(second.core.flow.state == .signedIn)
            // Who logged out is not logged in again.
            second.take(.app(.signOutRequested))
            second.hear(.loggedOut)
            #expect(Self.saved(second) == nil)
            #expect(Client(generation, saved: Self.saved(second)).link == nil)
        }
        var off = Self.iOS4.policy
        off.options.isAutoLogin = false
        var client = Client(Self.iOS4)
        client.signIn()
        #expect(Client(Self.iOS4, saved: Self.saved(client), policy: off).link == nil)
    }

    /// Proves EM-8-window.
    @Test(
        "Thirty days after the login the SDK does not log in by itself any more",
        arguments: [30 * 86_400, 30 * 86_400 + 1])
    func window(age: Int) {
        var client = Client(Self.android)
        client.signIn()
        var core = ClientCore(
            lane: TranscriptLane(.device("A")), policy: Self.android.policy, settings: AppSettings(),
            random: SeededGenerator(seed: 1), naming: Self.android.callbacks)
        let later = client.now + .seconds(age)
        _ = core.handle(.sdk(.initialised), at: later)
        let output = core.handle(.app(.started(Self.saved(client))), at: later)
        let opens = output.effects.contains { if case .openConnection = $0 { true } else { false } }
        #expect(opens == (age <= 30 * 86_400))
    }

    /// Proves EM-8-reset, EM-7-auto.
    @Test("An automatic login that is refused for its token is told, and answered with one new token")
    func refusedAutomatic() {
        var first = Client(Self.iOS4)
        first.signIn()
        var second = Client(Self.iOS4, saved: Self.saved(first))
        if let link = second.link { second.take(.sdk(.connectionOpened(link))) }
        second.hear(.loginRefused(code: 108, text: "expired"))
        #expect(second.heard.last == "autoLoginDidCompleteWithError(error 108 TokenExpire)")
        #expect(second.calls.count == 1)
        second.grant(Client.token(2))
        second.comeOnline()
        #expect(second.heard.last == "login completion(ann, error nil)")
    }

    /// Proves EM-4-same, EM-4-another, EM-4-switch.
    @Test("A login while one is in use is refused with 200 or 218 and changes nothing; after a logout it works")
    func secondLogin() {
        for (name, code) in [("ann", "200 UserAlreadyLoginSame"), ("ben", "218 UserAlreadyLoginAnother")] {
            var client = Client(Self.iOS4)
            client.signIn()
            client.heard = []
            let login = AppFlow.Event.tokenLoginRequested(
                AccountName(name), token: Client.token(3), kind: .fixed, at: client.now)
            client.take(.app(login))
            #expect(client.heard == ["login completion(error \(code))"])
            #expect(client.core.sdk.phase == .online)
            #expect(Self.saved(client)?.token == Client.token(1))
            client.take(.app(.signOutRequested))
            client.hear(.loggedOut)
            #expect(client.heard.last == "logout completion(error nil)")
            client.take(.app(login))
            client.comeOnline(AccountName(name))
            #expect(client.heard.last == "login completion(\(name), error nil)")
        }
    }

    /// Proves EM-8-reconnect, EM-own-auto-network, EM-own-backoff.
    @Test("A lost link is made again by itself, and so is an automatic login that found no network")
    func reconnects() {
        var client = Client(Self.iOS5)
        client.signIn()
        if let link = client.link { client.take(.sdk(.connectionClosed(link, .linkClosed))) }
        #expect(client.core.sdk.phase == .waiting)
        #expect(client.core.sdk.loginStatus == .loggedIn)
        var automatic = Client(Self.iOS4, saved: Self.saved(client))
        if let link = automatic.link { automatic.take(.sdk(.connectionFailed(link, .refused))) }
        #expect(automatic.core.sdk.phase == .waiting)
        #expect(automatic.core.timers.contains { $0.purpose == "next attempt" && $0.due - $0.started == .seconds(1) })
    }
}
