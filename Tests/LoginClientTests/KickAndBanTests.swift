import CloudServer
import LoginCore
import Providers
import Services
import Testing

@Suite("Kicks and bans over real sockets", .timeLimit(.minutes(5)))
struct KickAndBanTests {
    /// Proves CE-9-policy-1, CE-2-kickout, CE-6-dead, CE-9-kicked-side.
    @Test("Another device's login kicks this one, reason 1, and the SDK starts nothing after it")
    func kickedByLogin() async throws {
        try await TestLab.run { lab in
            let a = try await lab.device("A")
            let b = try await lab.device("B", platform: 1)
            try await a.signedIn()
            try await b.signedIn()
            let kick = try #require(try await a.stopped().kick)
            #expect(kick == KickNotice(reason: 1, text: "", clientType: 1))
            #expect(a.core?.timers == [])
            #expect(a.titles().contains("onKickout:(reasonCode 1, clientType 1, reasonDesc \"\")"))
            #expect(
                await a.kept?.stop == .kicked(kick), "the stop is kept, so that a restart does not turn it into a retry"
            )
            await a.stop()
            a.start()
            try await a.wait(for: "start") { $0.flow.saved != nil }
            a.logInAutomatically()
            try await lab.record.wait(for: "a refusal") { view in
                view.said.contains { $0.hasPrefix("A: automatic login is off until a manual login") }
            }
            #expect(b.core?.sdk.phase == .online)
        }
    }

    /// Proves CE-9-policy-3, CE-4-kick-3.
    @Test("With a device policy that allows both, a kick command ends the other one, reason 3")
    func kickCommand() async throws {
        try await TestLab.run { lab in
            try await lab.operate(.changeSettings(AppServerSettingsPatch(devicePolicy: 3)))
            let a = try await lab.device("A")
            let b = try await lab.device("B", platform: 1)
            try await a.signedIn()
            try await b.signedIn()
            try await a.wait(for: "news of the other client") { $0.sdk.others.count == 1 }
            #expect(b.core?.sdk.others.map(\.clientType) == [2])
            let target = try #require(a.core?.sdk.others.first)
            a.send(.sdk(.kickRequested([target.id])))
            let kick = try #require(try await b.stopped().kick)
            #expect(kick == KickNotice(reason: 3, text: "", clientType: 2))
            try await a.wait(for: "the list without it") { $0.sdk.others.isEmpty }
            #expect(a.titles().contains("kick → 200, 1 kicked"))
            #expect(a.core?.sdk.phase == .online)
        }
    }

    /// Proves CE-11.3-kick, CE-4-kick-2.
    @Test("The operator's kick ends a session, reason 2")
    func operatorKick() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            try await lab.operate(.kick(account: login.account.text, notify: "maintenance"))
            let kick = try #require(try await device.stopped().kick)
            #expect(kick.reason == 2)
            #expect(kick.text == "maintenance")
            let webAPI = lab.record.view.titles(of: .webAPI)
            #expect(webAPI.contains { $0.hasPrefix("POST /im/v2/accounts/") && $0.hasSuffix("200") }, "\(webAPI)")
        }
    }

    /// Proves CE-11.2-block, CE-14.6.
    @Test("A ban with kick ends the session, reason 2, with the operator's text")
    func banWithKick() async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            try await lab.operate(.ban(account: login.account.text, kick: true, notify: "rule 7"))
            #expect(try await device.stopped().kick == KickNotice(reason: 2, text: "rule 7", clientType: 0))
            #expect(!device.titles().contains("POST /token"), "a kick is not answered by a new token")
        }
    }

    /// Proves CE-12.1, CE-12.2, CE-11.2-unblock.
    @Test("A ban without kick leaves the live link at work until the next login, 422; after the ban one gets in again")
    func banWithoutKick() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            try await lab.operate(.ban(account: login.account.text, kick: false, notify: nil))
            device.send(.sdk(.echoRequested("still here")))
            try await device.wait(forEntry: "echo → 200")
            #expect(device.core?.sdk.phase == .online)

            await device.linkProxy.cut()
            #expect(try await device.stopped().code == 422)
            #expect(await device.kept?.stop?.code == 422)
            #expect(!device.titles().contains("POST /token"))

            try await lab.operate(.unban(account: login.account.text))
            try await device.signedIn()
            #expect(await device.kept?.stop == nil)
        }
    }
}
