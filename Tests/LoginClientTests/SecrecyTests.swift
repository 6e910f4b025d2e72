import CloudServer
import LoginCore
import Providers
import Services
import Testing

@Suite("Secrets in a whole run", .timeLimit(.minutes(5)))
struct SecrecyTests {
    @Test("No transcript entry, sentence or log line of any lane holds a secret")
    func nothingIsTold() async throws {
        try await TestLab.run(scale: 20) { lab in
            let a = try await lab.device("A")
            let b = try await lab.device("B", platform: 1)
            let password = "battery staple 9"
            let typed = Secret("fedcba9876543210fedcba9876543210", kind: .token)
            a.send(
                .app(
                    .registerRequested(
                        user: "ada", password: lab.vault.keep(Secret(password, kind: .password)), account: nil)))
            try await a.wait(forEntry: "registered")
            try await a.wait(for: "the login screen") { core in
                if case .signedOut = core.flow.state { true } else { false }
            }
            a.signIn("ada", "a wrong password")
            try await a.wait(forEntry: "the app server says: the password is wrong")
            var seen = [try await a.signedIn("ada", password)]
            let account = seen[0].account.text
            seen.append(try await b.signedIn("ada", password))
            try await a.stopped()
            try await lab.operate(.updateToken(account: account, token: typed))
            let mark = lab.record.mark
            await b.linkProxy.cut()
            try await b.wait(forEntry: "a new token", since: mark)
            try await b.online()
            seen.append(try #require(b.core?.flow.saved))
            try await lab.operate(
                .changeSettings(AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(600))))
            b.send(.app(.renewalRequested))
            try await b.wait(for: "a dynamic token") { $0.flow.saved?.kind == .dynamic }
            seen.append(try #require(b.core?.flow.saved))
            try await lab.operate(.ban(account: account, kick: true, notify: "bye"))
            try await b.stopped()
            a.logIn(account: account, token: "0000111122223333")
            try await a.wait(forEntry: "login → 422")

            var secrets = ["battery staple 9", "a wrong password", "0000111122223333"]
            secrets += [typed, TestLab.appSecret, lab.endpoints.operatorKey].map { $0.reveal(for: .verification) }
            for login in seen {
                for reference in [login.token] + (login.session.map { [$0] } ?? []) {
                    secrets.append(try #require(lab.vault.secret(reference)).reveal(for: .verification))
                }
            }
            #expect(Set(secrets).count >= 9, "the run made the secrets that are looked for")
            let view = lab.record.view
            for lane in [a.lane, b.lane, .appServer, .webAPI, .imServer] {
                #expect(view.entries.contains { $0.lane == lane })
            }
            #expect(!lab.log.all.isEmpty)
            let texts =
                view.entries.map { String(describing: $0) } + view.entries.map { String(reflecting: $0) }
                + view.entries.map { "\($0.title) \($0.fields)" } + view.said + lab.log.all
                + [String(describing: lab.endpoints), String(reflecting: lab.endpoints)]
                + [a, b].compactMap(\.core).flatMap { [String(describing: $0), String(reflecting: $0)] }
            for text in texts {
                for secret in secrets where text.contains(secret) {
                    Issue.record("a secret of \(secret.count) characters is in: \(text.prefix(300))")
                }
            }
        }
    }
}
