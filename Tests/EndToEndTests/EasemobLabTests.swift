import Foundation
import Testing

@Suite("The lab with Easemob")
struct EasemobLabTests {
    @Test(
        "Register, log in, be warned, renew, expire, kick, ban, unban, new password: with the same keys",
        .timeLimit(.minutes(3)))
    func walk() async throws {
        try await Terminal.with { terminal in
            try await terminal.start("--provider easemob --fresh --seed 5")
            try await terminal.press("r", "type:zoe", "Enter", "type:kestrel-9", "Enter", "Enter")
            try await terminal.shows("zoe is registered", "zoe       your password")
            try await terminal.logIn()
            try await terminal.shows("✓ online", "isLoggedIn true, isConnected true", "endpoint, 10 min left")
            // The SDK itself answers a second login.
            try await terminal.press("t", "Ctrl-U", "type:somebody", "Tab", "type:some-token", "Enter", "Enter")
            try await terminal.shows("login completion(error 218", "✓ online")
            // Another device, whose name is no message.
            try await terminal.press("2", "l", "Ctrl-U", "type:zoe", "Tab", "Ctrl-U", "type:kestrel-9", "Enter")
            try await terminal.shows("Device B", "✓ online", "✗ stopped", "onSuccess()")
            try await terminal.press("1")
            try await terminal.shows("logged out, error 206, another device logged", "in (Android)")
            #expect(try await !terminal.screen().contains("it says"))
            // Renewed, warned, and left to expire.
            try await terminal.press("s", "l", "Ctrl-U", "type:8", "Enter")
            try await terminal.shows("the setting is changed", "endpoint 8 s")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            try await terminal.press("/", "type:tokenWill", "Enter")
            try await terminal.shows("tokenWillExpire(109)", "✓ online")
            try await terminal.press("Esc", "/", "type:renewToken", "Enter")
            try await terminal.shows("renewToken completion(error nil)", "✓ online")
            try await terminal.press("Esc", "s", "r", "e", "Esc")
            try await terminal.shows("stopped: 108 TokenExpire")
            try await terminal.press("s", "l", "Ctrl-U", "type:600", "Enter")
            try await terminal.shows("endpoint 600 s")
            try await terminal.press("Esc", "l", "Enter", "Enter")
            try await terminal.shows("✓ online")
            try await terminal.press("u", "x", "Enter")
            try await terminal.shows("kicked, error 217")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            try await terminal.press("u", "b")
            try await terminal.shows("kicked, error 305")
            try await terminal.logIn()
            try await terminal.shows("invalid_grant: user not")
            try await terminal.press("u", "n")
            try await terminal.shows("unbanned")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            try await terminal.press("u", "t", "Enter")
            try await terminal.shows("kicked, error 216")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            // What the SDK told of all that, which the timeline has moved on from.
            for (filter, call) in [
                ("108)", "tokenDidExpire(108)"), ("error 217", "userAccountDidForcedToLogout(error 217"),
                ("forbid", "userDidForbidByServer()"), ("error 216", "userAccountDidForcedToLogout(error 216"),
            ] {
                try await terminal.press("/", "type:\(filter)", "Enter")
                try await terminal.shows(call)
                try await terminal.press("Esc")
            }
            // 4.x logs in by itself at the next start.
            try await terminal.quit()
            try await terminal.start("--provider easemob")
            try await terminal.shows("✓ online", "isLoggedIn true, isConnected true · automatic")
            try await terminal.quit()
        }
    }

    @Test("A signed token of ttl 0 never ends, and no other provider has one", .timeLimit(.minutes(1)))
    func forEver() async throws {
        let folder = try Folder()
        try "YXA6id:YXA6secret\n".write(toFile: folder.path + "/secret", atomically: true, encoding: .utf8)
        func mint(_ provider: String, _ app: String) async throws -> ChildProcess.Ending {
            try await Program.run(
                "token", "mint", "--provider", provider, "--app-key", app, "--user", "mia", "--key-file",
                folder.path + "/secret", "--ttl", "0", "--json", in: folder)
        }
        let ending = try await mint("easemob", "acme#demo")
        #expect(ending.code == 0)
        #expect(ending.output.contains("Its ttl is 0, so that it never expires."))
        #expect(try await mint("tencent", "1400000000").code == 2)
    }
}
