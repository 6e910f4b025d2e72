import Foundation
import Testing

@Suite("A lab with devices of three providers")
struct ThreeProvidersTests {
    @Test(
        "Side by side, each kicked or banned in its own words; recorded, replayed, and the same after a restart",
        .timeLimit(.minutes(3)))
    func sideBySide() async throws {
        let folder = try Folder()
        try await Terminal.with(folder: folder) { terminal in
            try await terminal.start("--fresh --seed 5")
            try await terminal.logIn()
            try await terminal.shows("✓ online", "of mia")
            try await terminal.press("2", "s", "g")
            try await terminal.shows("CommsEase V10", "Tencent IM V2TIM", "Easemob V5 HarmonyOS")
            try await terminal.press("4")
            try await terminal.shows("1 A CommsEase ● online", "2 B Tencent", "all with Tencent IM")
            try await terminal.press("Esc", "l", "Enter", "Enter")
            try await terminal.shows("Device B", "2 B Tencent   ● online", "1 LOGINED")
            try await terminal.press("+")
            try await terminal.shows("Device C")
            try await terminal.press("s", "g", "8")
            try await terminal.shows("3 C Easemob")
            try await terminal.press("Esc", "l", "Enter", "Enter")
            // One person, three accounts, three links.
            try await terminal.shows(
                "1 A CommsEase ● online", "2 B Tencent   ● online", "3 C Easemob   ● online", "isLoggedIn true",
                "of mia", "usable when the app calls login")
            // While it is logged in, an app keeps its SDK.
            try await terminal.press("s", "g")
            try await terminal.shows("log out first")
            // The operator's menu of one device.
            try await terminal.press("Esc", "u", "o", "1")
            try await terminal.shows("kicked, error 217")
            try await terminal.press("l", "Enter", "Enter")
            try await terminal.shows("3 C Easemob   ● online")
            try await terminal.press("u", "b")
            try await terminal.shows("kicked, error 305", "1 A CommsEase ● online")
            try await terminal.press("2", "u", "x", "Enter")
            try await terminal.shows(
                "forced offline: kicked by the web API", "2 B Tencent   ✗ stopped", "1 A CommsEase ● online")
            try await terminal.press("1", "u", "k", "Enter")
            try await terminal.shows("kicked offline, reason 2", "1 A CommsEase ✗ stopped")
            // Bans are each provider's own: mia's account at Tencent IM is not banned.
            try await terminal.shows("lantern-42 banned")
            try await terminal.press("2", "l", "Enter", "Enter")
            try await terminal.shows("2 B Tencent   ● online")
            try await terminal.ask("save \(folder.path)/lab")
            try await terminal.shows("saved:")
            try await terminal.quit()
            // The devices and their choices are kept over a restart, and so is each provider's login.
            try await terminal.start("--seed 6")
            try await terminal.shows("1 A CommsEase", "2 B Tencent", "3 C Easemob")
            try await terminal.press("2", "a")
            try await terminal.shows("2 B Tencent   ● online", "of mia")
            try await terminal.press("3")
            try await terminal.shows("Device C, V5 iOS", "no automatic login: kicked, error 305")
            try await terminal.quit()
            // All devices start with the provider that is asked for.
            try await terminal.start("--provider easemob")
            try await terminal.shows("Device A, 4.x iOS", "2 B  Android", "3 C  Android")
            try await terminal.quit()
            // What is forgotten stays so.
            try await terminal.start("--fresh --seed 7")
            try await terminal.shows("Device A, V9 iOS", "lantern-42")
            try await terminal.quit()
            try await terminal.start("--seed 8")
            try await terminal.shows("Device A, V9 iOS", "2 B  Android", "lantern-42")
            try await terminal.press("3")
            try await terminal.shows("Device A, V9 iOS")
            try await terminal.press("+")
            try await terminal.shows("Device C, V10")
            try await terminal.quit()
        }
        let replayed = try await Program.run("replay", folder.path + "/lab.recording", in: folder)
        #expect(replayed.code == 0, "\(replayed.output)\(replayed.errors)")
        // A story has one provider, so each has one of its own, which comes true again.
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/lab.yaml"))
        let told = ["commsease", "tencent", "easemob"].map { "\(folder.path)/lab-\($0).yaml" }
        let played = try await Program.run("run", told[0], told[1], told[2], in: folder)
        #expect(played.code == 0, "\(played.output)\(played.errors)")
        let easemob = try String(contentsOfFile: told[2], encoding: .utf8)
        #expect(easemob.contains("do: kick device, as: \"mia\", on: C"))
    }
}
