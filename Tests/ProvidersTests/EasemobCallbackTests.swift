import LoginCore
import Providers
import Testing

/// What Easemob's SDKs tell the app (easemob.md §4, §5).
struct EasemobCallbackTests {
    private static let generations = Easemob.provider.generations
    private static let iOS4 = Easemob.v4iOS
    private static let iOS5 = Easemob.v5iOS
    private static let android = Easemob.v4Android
    private static let harmony = Easemob.v5Harmony
    private static let wrapped = Easemob.v4Wrapped
    private static let ann = AccountName("ann")

    private static func failure(_ code: Int, _ detail: String = "") -> LoginFailure {
        iOS4.policy.failure(code, detail: detail)
    }

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
            .automaticLoginFailed(failure(220, "Android"), isFinal: true),
            [
                "v4-ios": ["userAccountDidLoginFromOtherDeviceWithInfo(deviceName \"Android\")"],
                "v5-ios": ["userAccountDidLoginFromOtherDeviceWithInfo(deviceName \"Android\")"],
                "v4-android": ["onLogout(220)"], "v5-harmony": ["onLogout(220)"],
                "v4-rn": ["onUserDidLoginFromOtherDeviceWithInfo(deviceName \"Android\")"],
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
}
