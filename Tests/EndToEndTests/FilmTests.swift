import Foundation
import Testing

@Suite("Stories and films in the lab")
struct FilmTests {
    @Test("A built-in story is found, played as a film and left, and the lab is there again", .timeLimit(.minutes(2)))
    func story() async throws {
        try await Terminal.with { terminal in
            try await terminal.start("--fresh")
            try await terminal.logIn()
            try await terminal.shows("✓ online", "usable for automatic login")
            // Stories play in a world of their own, whatever the lab's network is.
            try await terminal.press("n", "1")
            try await terminal.shows("offline, everything")
            // A film that lasts for minutes, so that it is still playing when somebody looks.
            try await terminal.press("m", "type:go on for ever")
            try await terminal.shows("Stories", "1 of 1", "latchkey run")
            try await terminal.press("Enter")
            try await terminal.shows("film playing", "08:00:0")
            for _ in 0..<10 { try await terminal.press("+") }
            try await terminal.shows("film ended", "the story came true")
            try await terminal.press("j", "type:A-5", "Enter")
            try await terminal.shows("film paused")
            try await terminal.press("0")
            try await terminal.shows("film paused, 0 of")
            try await terminal.press(".")
            try await terminal.shows("set up the SDK")
            try await terminal.resize(columns: 1, rows: 1)
            try await terminal.resize(columns: 80, rows: 24)
            try await terminal.shows("film paused")
            try await terminal.press("q")
            try await terminal.shows("Stories", "1 of 1")
            try await terminal.press("Esc")
            try await terminal.shows("offline, everything", "next attempt in", "Device A", "q quit")
        }
    }

    @Test(
        "A recording is played in the lab that made it; a file that cannot be played costs nothing",
        .timeLimit(.minutes(2)))
    func recording() async throws {
        let folder = try Folder()
        try """
        story: A login that is said to fail
        steps:
          - {do: log in, as: mia}
          - {see: code, is: 302}
        """.write(toFile: folder.path + "/wrong.yaml", atomically: true, encoding: .utf8)
        try "".write(toFile: folder.path + "/empty", atomically: true, encoding: .utf8)
        try await Terminal.with { terminal in
            try await terminal.start("--fresh")
            try await terminal.logIn()
            try await terminal.shows("usable for automatic login")
            try await terminal.ask("save \(folder.path)/lab")
            try await terminal.shows("saved:")
            for (command, sentence) in [
                ("film \(folder.path)/none", "cannot read"), ("film \(folder.path)/empty", "the file is empty"),
                ("film /dev/zero", "no file that can be played"),
                ("film \(folder.path)", "no file that can be played"), ("jump A-1", "No film is on"),
                ("film \(folder.path)/lab.yaml.yaml", "cannot read"),
            ] {
                try await terminal.ask(command)
                try await terminal.shows(sentence, "✓ online")
            }
            try await terminal.ask("film \(folder.path)/lab.recording")
            try await terminal.shows("film ", "lab.recording", "onLogin:(8 SyncOK)")
            try await terminal.ask("film \(folder.path)/wrong.yaml")
            try await terminal.shows("Failed; again with latchkey run", "wrong.yaml --seed 7", "Line 4 expected")
            try await terminal.press("q")
            try await terminal.shows("● backend ready", "✓ online")
            // The film's end is not the program's, Ctrl-C is.
            try await terminal.ask("film \(folder.path)/lab.recording")
            try await terminal.shows("lab.recording")
            try await terminal.press("Ctrl-C")
            try await terminal.showsPrompt()
            try await terminal.command("\"$LATCHKEY\" tui --film \(folder.path)/lab.recording")
            try await terminal.shows("film paused, 0 of", "lab.recording")
            try await terminal.quit()
        }
    }

    @Test(
        "A story that takes long can be given up, and the program quits at once while one is played",
        .timeLimit(.minutes(2)))
    func long() async throws {
        let folder = try Folder()
        let waits = String(repeating: "  - {wait: 31 days}\n", count: 24)
        try "story: Two years\nsteps:\n  - {do: log in, as: mia}\n\(waits)"
            .write(toFile: folder.path + "/long.yaml", atomically: true, encoding: .utf8)
        try await Terminal.with { terminal in
            try await terminal.start("--fresh")
            for _ in 0..<2 {
                try await terminal.ask("film \(folder.path)/long.yaml")
                try await terminal.shows("The film is being read.")
            }
            // The lab is used meanwhile.
            try await terminal.logIn()
            try await terminal.shows("usable for automatic login")
            try await terminal.quit()
        }
    }

    @Test("A recording that reaches its limit stops, says so, and can be saved up to there", .timeLimit(.minutes(3)))
    func limit() async throws {
        let folder = try Folder()
        try await Terminal.with { terminal in
            try await terminal.start("--fresh --time-scale 1000 --recording-limit 1")
            try await terminal.logIn()
            try await terminal.shows("The recording is full (1 MB)")
            try await terminal.ask("save \(folder.path)/lab")
            try await terminal.shows("saved:", "when the recording was full")
        }
        let replayed = try await Program.run("replay", folder.path + "/lab.recording", in: folder)
        #expect(replayed.code == 0, "\(replayed.output)\(replayed.errors)")
        #expect(try String(contentsOfFile: folder.path + "/lab.yaml", encoding: .utf8).contains("recording was full"))
    }
}
