import CloudServer
import LoginCore
import Providers
import Testing

/// Easemob's SDKs over real sockets, by the same client as the others.
@Suite("Easemob over real sockets", .timeLimit(.minutes(5)))
struct EasemobTests {
    /// The callbacks that a device has shown since `mark`.
    private func callbacks(_ device: TestDevice, since mark: Int = 0) -> [String] {
        device.entries(since: mark).filter { $0.kind == .callback }.map(\.title)
    }

    private func wait(for callback: String, on device: TestDevice, since mark: Int = 0) async throws {
        try await device.wait(forEntry: callback, since: mark)
    }

    /// Proves EM-5-will-expire, EM-4-renew, EM-7-warning.
    @Test("A login, its warning and its renewal: the session goes on over the same link")
    func renewal() async throws {
        try await TestLab.run(provider: "easemob", scale: 60) { lab in
            try await lab.operate(.changeSettings(AppServerSettingsPatch(tokenLifetime: .seconds(300))))
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            #expect(
                callbacks(device) == [
                    "connectionStateDidChange(0 connected)", "login completion(\(login.account), error nil)",
                ])
            let mark = lab.record.mark
            try await wait(for: "renewToken completion(error nil)", on: device, since: mark)
            #expect(callbacks(device, since: mark) == ["tokenWillExpire(109)", "renewToken completion(error nil)"])
            #expect(device.core?.flow.saved?.token != login.token)
            #expect(!device.entries(since: mark).contains { $0.kind == .link })
        }
    }

    /// Proves EM-7-expiry, EM-5-expired.
    @Test("Without a renewal the token's end logs out, and the app logs in with a new one")
    func expiry() async throws {
        try await TestLab.run(provider: "easemob", scale: 60) { lab in
            try await lab.operate(.changeSettings(AppServerSettingsPatch(tokenLifetime: .seconds(120))))
            let device = try await lab.device("A", settings: AppSettings(renewsEarly: false))
            let login = try await device.signedIn()
            let mark = lab.record.mark
            try await wait(for: "tokenDidExpire(108)", on: device, since: mark)
            try await device.wait(for: "a login with another token") { core in
                core.sdk.phase == .online && core.flow.saved?.token != login.token
            }
            #expect(
                callbacks(device, since: mark).prefix(4) == [
                    "tokenWillExpire(109)", "connectionStateDidChange(1 disconnected)", "tokenDidExpire(108)",
                    "connectionStateDidChange(0 connected)",
                ])
        }
    }

    /// Proves EM-3-ban, EM-3-disconnect, EM-3-password, EM-3-unban.
    @Test("Kick, new password, ban and unban reach the device in its own words")
    func operating() async throws {
        try await TestLab.run(provider: "easemob") { lab in
            let device = try await lab.device("A", generation: Easemob.v5iOS)
            let account = try await device.signedIn().account.text
            for (request, call) in [
                (
                    AppServerRequest.kick(account: account, notify: nil),
                    "userAccountDidForcedToLogout(error 217 UserKickedByOtherDevice)"
                ),
                (.refreshToken(account: account), "userAccountDidForcedToLogout(error 216 UserKickedByChangePassword)"),
                (.ban(account: account, kick: true, notify: nil), "userDidForbidByServer()"),
            ] {
                let mark = lab.record.mark
                try await lab.operate(request)
                try await device.stopped()
                #expect(
                    callbacks(device, since: mark) == ["connectionStateDidChange(1 disconnected)", call], "\(request)")
                if case .ban = request { break }
                try await device.signedIn()
            }
            device.signIn("mia", "lantern-42")
            try await device.wait(for: "the app server's refusal") { core in
                if case .signedOut(.appServer) = core.flow.state { true } else { false }
            }
            #expect(device.screen?.contains("user not activated") == true)
            try await lab.operate(.unban(account: account))
            try await device.signedIn()
        }
    }

    /// Proves EM-8-default, EM-9-one, EM-5-auto.
    @Test("4.x logs in by itself at the next start, and another device pushes it out")
    func automatic() async throws {
        try await TestLab.run(provider: "easemob") { lab in
            let a = try await lab.device("A")
            try await a.signedIn()
            _ = await a.kept
            await a.stop()
            let mark = lab.record.mark
            a.start()
            try await wait(for: "autoLoginDidCompleteWithError(nil)", on: a, since: mark)
            let b = try await lab.device("B", generation: Easemob.v4Android)
            try await b.signedIn()
            let kick = try #require(try await a.stopped().kick)
            #expect(kick == KickNotice(reason: 206, text: "Android", clientType: EasemobPlatform.android.rawValue))
        }
    }
}
