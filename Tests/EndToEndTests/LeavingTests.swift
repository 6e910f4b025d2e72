import Foundation
import Testing

@Suite("Leaving the lab")
struct LeavingTests {
    enum Way: CaseIterable {
        case key, controlC, terminate, hangUp, interrupt
    }

    @Test("However it ends, the terminal is as it was", .timeLimit(.minutes(5)), arguments: Way.allCases)
    func restores(_ way: Way) async throws {
        try await Terminal.with { terminal in
            try await terminal.command("echo before the lab; stty -a > before")
            try await terminal.command("(echo $BASHPID > id; exec \"$LATCHKEY\"); echo code $?; stty -a > after")
            try await terminal.shows("● backend ready", "lantern-42", "q quit")
            #expect(try await terminal.fact("alternate_on") == "1")
            #expect(try await terminal.fact("cursor_flag") == "0")
            switch way {
            case .key: try await terminal.press("q")
            case .controlC: try await terminal.press("Ctrl-C")
            case .terminate: try await signal("TERM", terminal)
            case .hangUp: try await signal("HUP", terminal)
            case .interrupt: try await signal("INT", terminal)
            }
            try await terminal.shows("code 0", "before the lab")
            try await terminal.showsPrompt()
            #expect(try await terminal.fact("alternate_on") == "0")
            #expect(try await terminal.fact("cursor_flag") == "1")
            let before = try text("before", terminal)
            #expect(!before.isEmpty)
            #expect(try text("after", terminal) == before)
        }
    }

    @Test("Ctrl-Z gives the terminal to the shell, and fg brings the lab back as it was", .timeLimit(.minutes(5)))
    func suspended() async throws {
        try await Terminal.with { terminal in
            try await terminal.start()
            try await terminal.press("n", "1")
            try await terminal.shows("! offline, everything", "q quit")
            try await terminal.press("Ctrl-Z")
            try await terminal.shows("Stopped")
            try await terminal.showsPrompt()
            #expect(try await terminal.fact("alternate_on") == "0")
            #expect(try await terminal.fact("cursor_flag") == "1")
            try await terminal.command("stty -a | grep -o ' echo '")
            try await terminal.command("fg")
            try await terminal.shows("! offline, everything", "● backend ready", "q quit")
            try await terminal.press("n", "0")
            try await terminal.until("the network passing again") { !$0.contains("! offline, everything") }
            try await terminal.quit()
        }
    }

    @Test("A killed lab leaves its device and its login to the next one", .timeLimit(.minutes(5)))
    func killed() async throws {
        try await Terminal.with(columns: 120, rows: 40) { terminal in
            try await terminal.command("(echo $BASHPID > id; exec \"$LATCHKEY\")")
            try await terminal.shows("● backend ready", "lantern-42", "q quit")
            try await terminal.logIn()
            let first = try await terminal.shows("✓ online", "usable for automatic login")
            let device = try #require(first.firstMatch(of: /id ([0-9a-f]{8})/)).output.1
            try await signal("KILL", terminal)
            try await terminal.shows("Killed")
            try await terminal.command("reset -Q 2>/dev/null; stty sane; clear")
            try await terminal.command("\"$LATCHKEY\"")
            try await terminal.shows("● backend ready", "id \(device)", "login screen", "usable for automatic login")
            try await terminal.press("a")
            try await terminal.shows("logged in · connected · automatic")
        }
    }

    private func text(_ name: String, _ terminal: Terminal) throws -> String {
        try String(contentsOfFile: "\(terminal.folder.path)/\(name)", encoding: .utf8)
    }

    private func signal(_ name: String, _ terminal: Terminal) async throws {
        let id = try text("id", terminal).trimmingCharacters(in: .whitespacesAndNewlines)
        let ending = try await ChildProcess.run(
            "kill", ["-\(name)", id], environment: Program.environment(terminal.folder))
        #expect(ending.code == 0)
    }
}
