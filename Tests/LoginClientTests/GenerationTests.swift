import CloudServer
import LoginCore
import Providers
import Testing

/// Devices with other SDKs than the usual one, over real sockets.
@Suite("The SDKs on real sockets", .timeLimit(.minutes(1)))
struct GenerationTests {
    /// The callbacks that a device has shown since `mark`.
    private func callbacks(_ device: TestDevice, since mark: Int = 0) -> [String] {
        device.entries(since: mark).filter { $0.kind == .callback }.map(\.title)
    }

    /// Proves CE-4-v10-status, CE-14.2-v10, OURS-renew-once.
    @Test("V10 logs in with its own callbacks; an old token gets 102302, and the app renews it once")
    func v10() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A", generation: CommsEase.v10)
            let login = try await device.signedIn()
            #expect(
                callbacks(device) == [
                    "onLoginStatus(2 LOGINING)", "onConnectStatus(2 CONNECTING)", "onConnectStatus(1 CONNECTED)",
                    "onLoginClientChanged(1 LIST, [])", "onLoginStatus(1 LOGINED)", "login success()",
                    "onDataSync(1 MAIN, 2 SYNCING)", "onDataSync(1 MAIN, 3 COMPLETED)",
                ])
            try await lab.operate(.refreshToken(account: login.account.text))
            let mark = lab.record.mark
            await device.linkProxy.cut()
            try await device.wait(for: "a login with another token") { core in
                core.sdk.phase == .online && core.flow.saved?.token != login.token
                    && core.flow.saved?.isUsable == true
            }
            #expect(device.titles(since: mark).filter { $0 == "login → 102302" }.count == 1)
            #expect(callbacks(device, since: mark).contains("onLoginFailed(102302 invalid token)"))
        }
    }

    /// Proves CE-9-v10-record, CE-9-v10-force, CE-9-417.
    @Test("V10 after a crash and another device's login: 417 by the record of its last login, and in with force")
    func force() async throws {
        try await TestLab.run { lab in
            let b = try await lab.device("B", platform: 1)
            let keeper = Keeper.inMemory()
            let a = try await lab.device("A", generation: CommsEase.v10, keeper: keeper)
            try await a.signedIn()
            let saved = try #require(await a.kept)
            await a.stop()
            try await b.signedIn()
            a.start()
            try await a.wait(for: "start") { $0.flow.saved != nil }
            a.logInAutomatically()
            #expect(try await a.stopped().code == 417)
            #expect(b.core?.sdk.phase == .online)
            await a.stop()
            try keeper.save(saved)
            a.start()
            try await a.wait(for: "start") { $0.flow.saved != nil }
            a.logInAutomatically(forced: true)
            try await a.online()
            #expect(try await b.stopped().kick?.reason == 1)
        }
    }

    /// Proves CE-3-retry-count, CE-5.3-attempt.
    @Test("V10 makes four attempts of a login call on a link that is refused")
    func attempts() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A", generation: CommsEase.v10)
            try await device.linkProxy.set(.refuse)
            device.signIn("mia", "lantern-42")
            #expect(try await device.stopped().code == 192_001)
            #expect(device.titles().filter { $0 == "open the link" }.count == 4)
            #expect(callbacks(device).last == "login fail(192001 connect failed)")
        }
    }

    /// Proves CE-5.1-android, CE-2-android.
    @Test("An Android device logs in with its own statuses")
    func android() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A", generation: CommsEase.v9Android)
            try await device.signedIn()
            #expect(
                callbacks(device) == [
                    "observeOnlineStatus(3 CONNECTING)", "observeOnlineStatus(4 LOGINING)",
                    "observeOnlineStatus(5 SYNCING)", "observeOnlineStatus(6 LOGINED)", "login onSuccess()",
                ])
        }
    }
}
