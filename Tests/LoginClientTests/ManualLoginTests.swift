import CloudServer
import LoginCore
import Providers
import Services
import Testing

@Suite("A manual login over real sockets", .timeLimit(.minutes(5)))
struct ManualLoginTests {
    /// The number of login frames that a device has sent.
    private func logins(_ device: TestDevice, since mark: Int = 0) -> [TranscriptEntry] {
        device.entries(since: mark).filter { $0.kind == .frameSent && $0.title == "login" }
    }

    /// Proves CE-1-order, CE-1-owner, CE-11.2-create, OURS-random-account.
    @Test("Registration goes through the app server to the provider; the account is never the user's name")
    func registers() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let password = lab.vault.keep(Secret("correct horse", kind: .password))
            device.send(.app(.registerRequested(user: "ada", password: password, account: nil)))
            try await device.wait(for: "registered") { core in
                if case .signedOut(.registered) = core.flow.state { true } else { false }
            }
            let made = try #require(try await lab.people().first { $0.user == "ada" }?.account)
            #expect(made != "ada")
            #expect(try lab.provider.checkAccount(made).get() == made)
            #expect(device.screen == "ada is registered; the app server made the account \(made)")
            let webAPI = lab.record.view.titles(of: .webAPI)
            #expect(webAPI.contains { $0 == "POST /user/create.action → 200" }, "\(webAPI)")
            #expect(await device.kept == nil)

            device.send(.app(.registerRequested(user: "bo", password: password, account: "Bo.Typed")))
            try await device.wait(for: "registered with a typed account") { core in
                core.flow.state == .signedOut(.registered(user: "bo", account: AccountName("bo.typed")))
            }
            let login = try await device.signedIn("ada", "correct horse")
            #expect(login.account.text == made)
        }
    }

    /// Proves CE-5.1-success, CE-6-save.
    @Test("A manual login shows every step in order, and who took it")
    func showsEveryStep() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let lane = device.lane
            try await lab.record.wait(for: "start") { $0.titles(of: lane).contains("start the app") }
            let mark = lab.record.mark
            let login = try await device.signedIn()
            #expect(login.isUsable)
            let steps = device.entries(since: mark).map { "\($0.owner.rawValue) \($0.kind.rawValue): \($0.title)" }
            #expect(steps == Self.steps)
            #expect(await device.kept?.isUsable == true)
            #expect(await device.kept?.account == login.account.text)
        }
    }

    private static let steps = [
        "user intent: log in with the password",
        "app state: login screen → signing in",
        "app httpRequest: POST /login",
        "app httpResponse: app login accepted",
        "app state: signing in → starting messaging",
        "app store: save the token",
        "app intent: log in (manual)",
        "sdk state: logged out → connecting",
        "sdk callback: onLogin:(1 Linking)",
        "sdk link: open the link",
        "sdk timerStarted: link in 10 s",
        "sdk link: link open",
        "sdk state: connecting → authenticating",
        "sdk timerCancelled: link: cancelled",
        "sdk callback: onLogin:(2 LinkOK)",
        "sdk callback: onLogin:(4 Logining)",
        "sdk frameSent: login",
        "sdk timerStarted: login answer in 30 s",
        "sdk frameReceived: login → 200",
        "sdk state: authenticating → syncing",
        "sdk timerCancelled: login answer: cancelled",
        "sdk callback: onLogin:(5 LoginOK)",
        "sdk callback: onLogin:(7 Syncing)",
        "sdk frameSent: sync",
        "sdk timerStarted: sync answer in 30 s",
        "sdk frameReceived: sync → 200",
        "sdk state: syncing → online",
        "sdk timerCancelled: sync answer: cancelled",
        "sdk callback: onLogin:(8 SyncOK)",
        "sdk callback: login completion(nil)",
        "sdk timerStarted: next ping in 30 s",
        "app state: starting messaging → signed in",
        "app store: save the login",
    ]

    @Test("A wrong password is the app server's answer, and nothing of the SDK runs")
    func wrongPassword() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            device.signIn("mia", "wrong")
            try await device.wait(for: "refusal") { core in
                if case .signedOut(.appServer(.refused)) = core.flow.state { true } else { false }
            }
            #expect(device.screen == "the app server says: the password is wrong")
            #expect(device.core?.sdk.phase == .loggedOut)
            #expect(device.entries().allSatisfy { $0.kind != .link && $0.kind != .callback })
        }
    }

    /// Proves CE-14.2-account, CE-6-manual.
    @Test("An unknown account, typed by hand, is refused 302, and nothing is kept or renewed")
    func unknownAccount() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            device.logIn(account: "nobody", token: "0123456789abcdef0123456789abcdef")
            let stop = try await device.stopped()
            #expect(stop.code == 302)
            #expect(device.screen == "302 wrong account or token: the account does not exist")
            #expect(logins(device).count == 1)
            #expect(await device.kept == nil)
            #expect(!device.titles().contains("POST /token"))
        }
    }

    /// Proves CE-14.2-credential, CE-10-static.
    @Test("An old token, typed by hand, is refused 302 with the reason")
    func oldToken() async throws {
        try await TestLab.run { lab in
            let first = try await lab.device("A")
            let login = try await first.signedIn()
            let token = try #require(lab.vault.secret(login.token)).reveal(for: .verification)
            try await lab.operate(.refreshToken(account: login.account.text))
            let second = try await lab.device("B")
            second.logIn(account: login.account.text, token: token)
            #expect(try await second.stopped().code == 302)
            #expect(second.screen == "302 wrong account or token: the token is not the latest")
        }
    }

    /// Proves CE-14.2-banned.
    @Test("A banned account is refused 422, once")
    func banned() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            device.send(.app(.signOutRequested))
            try await device.wait(for: "logout") { $0.sdk.phase == .loggedOut }
            try await lab.operate(.ban(account: login.account.text, kick: false, notify: nil))
            let mark = lab.record.mark
            device.signIn("mia", "lantern-42")
            #expect(try await device.stopped().code == 422)
            #expect(logins(device, since: mark).count == 1)
            #expect(device.screen?.hasPrefix("422 account banned") == true)
            #expect(device.core?.flow.recovery == .ready, "a ban is not answered by a new token")
        }
    }

    /// Proves OURS-415-408, CE-6-manual.
    @Test("A link that is refused fails 415, and the SDK does not try again")
    func linkRefused() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            try await device.linkProxy.set(.refuse)
            device.signIn("mia", "lantern-42")
            #expect(try await device.stopped().code == 415)
            #expect(device.screen == "415 cannot reach the server: refused")
            #expect(device.core?.timers == [])
            #expect(device.titles().filter { $0 == "open the link" }.count == 1)
            #expect(await device.kept?.isUsable == false, "the token is kept, and no automatic login may use it")
        }
    }

    /// Proves OURS-415-408.
    @Test("A silent link fails 408 when the time for connecting is over")
    func linkSilent() async throws {
        try await TestLab.run(scale: 100, patience: .milliseconds(500)) { lab in
            let device = try await lab.device("A")
            try await device.linkProxy.set(.swallow)
            // With a typed token nothing but the silence has to come in time.
            device.logIn(account: "mia", token: "any")
            #expect(try await device.stopped().code == 408)
            #expect(device.screen == "408 timeout: the link was not up within 10 s")
        }
    }

    /// Proves OURS-415-408.
    @Test("A server that takes the link and never answers the login fails 408")
    func answerSilent() async throws {
        try await TestLab.run(scale: 100, patience: .seconds(4)) { lab in
            try await CountingListener.run(.upgradesAndFallsSilent) { listener in
                let device = try await lab.device("A", imLink: "ws://127.0.0.1:\(listener.port)/commsease")
                device.logIn(account: "mia", token: "any")
                #expect(try await device.stopped().code == 408)
                #expect(device.screen == "408 timeout: the login was not answered within 30 s")
                #expect(listener.accepted == 1)
            }
        }
    }

    @Test(
        "An app server that is down has a name of its own: no code of the SDK, no link", arguments: ["down", "silent"])
    func appServerDown(how: String) async throws {
        // Silence is waited for to its end; a refusal comes at once, on a busy machine too.
        try await TestLab.run(scale: 100, patience: how == "down" ? .seconds(10) : .milliseconds(500)) { lab in
            let device = try await lab.device("A")
            try await device.appServerProxy.set(how == "down" ? .refuse : .swallow)
            device.signIn("mia", "lantern-42")
            try await device.wait(for: "failure") { core in
                if case .signedOut(.appServer(.unreachable)) = core.flow.state { true } else { false }
            }
            let cause = how == "down" ? "refused" : "timed out"
            #expect(device.screen == "the app server cannot be reached (\(cause))")
            #expect(device.core?.sdk.phase == .loggedOut)
            #expect(device.entries().allSatisfy { $0.kind != .link && $0.kind != .callback })
            #expect(await device.kept == nil)
        }
    }
}

extension StopReason {
    /// The provider's code, or nil for a kick.
    var code: Int? {
        if case .failed(let failure, _) = self { failure.code } else { nil }
    }

    var kick: KickNotice? {
        if case .kicked(let notice) = self { notice } else { nil }
    }
}
