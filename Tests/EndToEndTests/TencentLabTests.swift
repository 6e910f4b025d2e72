import Foundation
import Testing

@Suite("The lab with Tencent IM")
struct TencentLabTests {
    @Test(
        "Register, log in, expire, renew, kick by device, kick by server, delete: with the same keys",
        .timeLimit(.minutes(3)))
    func walk() async throws {
        let folder = try Folder()
        try await Terminal.with { terminal in
            try await terminal.start("--provider tencent --fresh --seed 5")
            try await terminal.press("r", "type:zoe", "Enter", "type:kestrel-9", "Enter", "Enter")
            try await terminal.shows("zoe is registered", "zoe       your password")
            try await terminal.logIn()
            try await terminal.shows("✓ online", "1 LOGINED", "of zoe")
            // Renewed before its end.
            try await terminal.press("s", "l", "Ctrl-U", "type:10", "Enter")
            try await terminal.shows("the setting is changed", "10 s")
            try await terminal.press("Esc", "o")
            try await terminal.shows("logged out; the server was told")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            try await terminal.press("/", "type:/token", "Enter")
            try await terminal.shows("POST /token → 200", "✓ online")
            // Left to expire: the session ends with it, the app fetches another one and logs in.
            try await terminal.press("Esc", "s", "e", "Esc", "/", "type:expired", "Enter")
            try await terminal.shows("onUserSigExpired()", "✓ online")
            try await terminal.press("Esc", "s", "l", "Ctrl-U", "type:600", "Enter")
            try await terminal.shows("the setting is changed")
            try await terminal.press("Esc", "w", "o")
            try await terminal.shows("logged out; the server was told")
            try await terminal.logIn()
            try await terminal.shows("✓ online", "dynamic, 10 min left")
            // By another device.
            try await terminal.press(
                "2", "l", "Ctrl-U", "type:zoe", "Tab", "Ctrl-U", "type:kestrel-9", "Enter")
            try await terminal.shows("Device B", "✓ online", "✗ stopped")
            try await terminal.press("1")
            try await terminal.shows("forced offline: another device logged in")
            try await terminal.press("a")
            try await terminal.shows("(l logs in manually)")
            try await terminal.logIn()
            try await terminal.shows("Device A", "✓ online")
            try await terminal.press("u", "s")
            try await terminal.shows(": Online (iPhone Online)")
            // By the server.
            try await terminal.press("u", "x", "Enter")
            try await terminal.shows("forced offline: kicked by the web API")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            try await terminal.press("u", "a")
            try await terminal.shows("Delete account", "it cannot be brought back")
            try await terminal.press("y")
            try await terminal.shows(": deleted", "forced offline: kicked by the web API")
            try await terminal.logIn()
            try await terminal.shows("✓ online", "of zoe")
            try await terminal.ask("save \(folder.path)/lab")
            try await terminal.shows("saved:")
            try await terminal.ask("film \(folder.path)/lab.recording")
            try await terminal.shows("film ", "lab.recording", "V2TIM")
        }
        let replayed = try await Program.run("replay", folder.path + "/lab.recording", in: folder)
        #expect(replayed.code == 0, "\(replayed.output)\(replayed.errors)")
        let told = try String(contentsOfFile: folder.path + "/lab.yaml", encoding: .utf8)
        #expect(told.contains("do: delete account") && !told.contains("kestrel-9"))
        let story = try await Program.run("run", folder.path + "/lab.yaml", in: folder)
        #expect(story.code == 0, "\(story.output)\(told)")
    }
}
