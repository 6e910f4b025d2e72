import CloudServer
import LoginCore
import Providers
import Services
import Testing

@Suite("Tokens over real sockets", .timeLimit(.minutes(5)))
struct TokenTests {
    @Test("A token that is replaced leaves the live link as it is", arguments: ["update", "refresh"])
    func replaced(how: String) async throws {
        try await TestLab.run { lab in
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            let mark = lab.record.mark
            let account = login.account.text
            let typed = Secret("fedcba9876543210fedcba9876543210", kind: .token)
            try await lab.operate(
                how == "update" ? .updateToken(account: account, token: typed) : .refreshToken(account: account))
            device.send(.sdk(.echoRequested("same link")))
            try await device.wait(forEntry: "echo → 200", since: mark)
            #expect(!device.entries(since: mark).contains { $0.kind == .link || $0.kind == .state })
            if how == "update" {
                device.send(.app(.renewalRequested))
                try await device.wait(for: "the typed token") { $0.flow.saved?.token != login.token }
                let token = try #require(device.core?.flow.saved?.token)
                #expect(lab.vault.secret(token) == typed)
            }
        }
    }

    /// Proves OURS-early-renewal.
    @Test("A dynamic token is renewed at 80 % of its life, and the live link stays")
    func renewedEarly() async throws {
        try await TestLab.run(scale: 60) { lab in
            try await lab.operate(
                .changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(300))))
            let device = try await lab.device("A")
            let login = try await device.signedIn()
            #expect(login.kind == .dynamic)
            let expires = try #require(login.expires)
            let mark = lab.record.mark
            try await device.wait(for: "a newer token") { $0.flow.saved?.token != login.token }
            let entries = device.entries(since: mark)
            let due = try #require(entries.first { $0.title == "token at 80 % of its life: due" })
            #expect(due.at >= login.issued + (expires - login.issued) * 80 / 100)
            #expect(due.at < expires)
            #expect(!entries.contains { $0.kind == .link })
            #expect(device.core?.sdk.phase == .online)
            let saved = try #require(device.core?.flow.saved)
            #expect(try #require(saved.expires) > expires)
            #expect(saved.isUsable)
            // The token of the next attempt is the new one.
            let cut = lab.record.mark
            await device.linkProxy.cut()
            try await device.online(since: cut)
            let frame = try #require(
                device.entries(since: mark).last { $0.kind == .frameSent && $0.title == "login" })
            #expect(frame.fields.contains(Field("token", .secret(saved.token))))
        }
    }

    /// Proves CE-10-dynamic-end, OURS-expiry-online, CE-2-dynamic-token.
    @Test("A dynamic token that ran out is refused, renewed once by the app and used for one manual login")
    func ranOut() async throws {
        try await TestLab.run(scale: 60) { lab in
            try await lab.operate(
                .changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(240))))
            let device = try await lab.device("A", settings: AppSettings(renewsEarly: false))
            let login = try await device.signedIn()
            try await device.wait(for: "the token's end") { $0.flow.lease == .expired }
            #expect(device.core?.sdk.phase == .online, "a live link survives the end of its token")
            try await lab.operate(
                .changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(6000))))
            let mark = lab.record.mark
            await device.linkProxy.cut()
            try await device.wait(for: "a login with another token") { core in
                core.sdk.phase == .online && core.flow.saved?.token != login.token && core.flow.saved?.isUsable == true
            }
            let titles = device.titles(since: mark)
            #expect(titles.contains("the SDK asks for the token"))
            #expect(titles.filter { $0 == "login → 302" }.count == 1)
            #expect(titles.filter { $0 == "POST /token" }.count == 1)
            #expect(titles.filter { $0 == "log in (manual)" }.count == 1)
        }
    }

    @Test("An app that asks after a refusal shows the login screen instead of renewing")
    func asksAfterRefusal() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A", settings: AppSettings(afterRefusal: .ask))
            let login = try await device.signedIn()
            try await lab.operate(.refreshToken(account: login.account.text))
            await device.linkProxy.cut()
            #expect(try await device.stopped().code == 302)
            #expect(device.screen == "302 wrong account or token: the token is not the latest")
            #expect(!device.titles().contains("POST /token"))
        }
    }
}
