import Foundation
import Testing

@Suite("Secrets")
struct SecretsTests {
    private static let token = "canary-token-7f3a"
    private static let password = "canary-password-91"

    @Test("What is typed or issued is in no log, on no screen and on no command line", .timeLimit(.minutes(5)))
    func hidden() async throws {
        try await Terminal.with { terminal in
            try await terminal.start("--fresh")
            try await terminal.press("r", "type:ada", "Enter", "type:\(Self.password)", "Enter", "Enter")
            try await terminal.shows("ada is registered")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            // The issued token is shown on request, and hidden again.
            try await terminal.press("v")
            let shown = try await terminal.until("the token") { $0.contains(/\b[0-9a-f]{32}\b/) }
            let issued = String(try #require(shown.firstMatch(of: /\b[0-9a-f]{32}\b/)).output)
            try await terminal.press("v")
            try await terminal.until("the token hidden") { !$0.contains(issued) }
            try await terminal.press("/", "type:POST /login → 200", "Enter")
            try await terminal.shows("POST /login → 200", "q quit")
            try await terminal.press("Enter")
            let entry = try await terminal.shows("HTTP response", "token#")
            expectHidden([issued], in: entry)
            try await terminal.press("Esc", "Esc", "o")
            try await terminal.shows("logged out; the server was told")
            try await terminal.press("t", "Ctrl-U", "type:ada", "Tab", "type:\(Self.token)")
            let form = try await terminal.shows("••••")
            expectHidden([Self.token], in: form)
            try await terminal.press("Ctrl-T")
            try await terminal.shows(Self.token)
            try await terminal.press("Ctrl-T")
            try await terminal.until("it hidden") { !$0.contains(Self.token) }
            try await terminal.press("Enter", "Enter")
            try await terminal.shows("302 wrong account or token")
            let secrets = [issued, Self.password, Self.token]
            expectHidden(secrets, in: try await terminal.scrollback())
            expectHidden(secrets, in: try commandLines())
            try await terminal.quit()
            expectHidden(secrets, in: try await terminal.scrollback())
            try expectKept(terminal.folder, secrets)
        }
    }

    /// What is on disk is its owner's alone, and only the stores know a secret.
    private func expectKept(_ folder: Folder, _ secrets: [String]) throws {
        #expect(folder.mode() == 0o700)
        let names = try folder.names()
        #expect(names.contains("latchkey.log"))
        for name in names {
            #expect(folder.mode(name) & 0o077 == 0, "\(name) can be read by others")
            if !name.contains(".sqlite") { expectHidden(secrets, in: try folder.text(name)) }
        }
    }

    private func expectHidden(
        _ secrets: [String], in text: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for secret in secrets {
            #expect(!text.contains(secret), "\(secret) is in \(text)", sourceLocation: sourceLocation)
        }
    }

    /// The arguments of every process that runs now.
    private func commandLines() throws -> String {
        let processes = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
        let texts = processes.compactMap { process -> String? in
            // A tmux command of the tests is a way of typing.
            guard let data = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return nil }
            let text = String(decoding: data, as: UTF8.self)
            return text.hasPrefix("tmux") ? nil : text
        }
        #expect(texts.count > 1)
        return texts.joined(separator: "\n")
    }
}
