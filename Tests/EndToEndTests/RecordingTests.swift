import Foundation
import Testing

@Suite("Recordings from the lab and the command line")
struct RecordingTests {
    @Test("What happened in the lab is saved, replayed and re-enacted", .timeLimit(.minutes(2)))
    func saved() async throws {
        let folder = try Folder()
        try await Terminal.with { terminal in
            try await terminal.start("--fresh --seed 5")
            try await terminal.shows("login screen")
            try await terminal.logIn()
            try await terminal.shows("signed in")
            try await terminal.ask("save \(folder.path)/lab")
            try await terminal.shows("saved:")
            // The same name again is not taken without a word.
            try await terminal.ask("save \(folder.path)/lab")
            try await terminal.shows("already")
            try await terminal.ask("save /no/such/folder/lab")
            try await terminal.shows("Not saved")
        }
        let file = folder.path + "/lab.recording"
        let replayed = try await Program.run("replay", file, in: folder)
        #expect(replayed.code == 0)
        #expect(replayed.output.contains("entries as recorded"))
        let story = try await Program.run("run", folder.path + "/lab.yaml", in: folder)
        let told = try String(contentsOfFile: folder.path + "/lab.yaml", encoding: .utf8)
        let written = try String(contentsOfFile: file, encoding: .utf8)
        #expect(story.code == 0, "\(story.output)\(told)")
        #expect(!written.contains("lantern-42"))

        // Another answer of the server in place of the sync's.
        let changed = written.replacingOccurrences(
            of: #""synced":{}"#, with: #""loggedOut":{}"#)
        try changed.write(toFile: file, atomically: true, encoding: .utf8)
        let differs = try await Program.run("replay", file, in: folder)
        #expect(differs.code == 1)
        #expect(differs.output.contains("it differs"))
    }

    @Test("What a lab does with another SDK, and after a restart, is re-enacted", .timeLimit(.minutes(2)))
    func goingOn() async throws {
        let folder = try Folder()
        try await Terminal.with(folder: folder) { terminal in
            try await terminal.start("--fresh --seed 5")
            try await terminal.press("s", "g", "3")
            try await terminal.shows("Device A, V10")
            try await terminal.press("Esc", "s", "o", "r")
            try await terminal.shows("5 after the first attempt")
            try await terminal.press("Esc", "Esc")
            try await terminal.logIn()
            try await terminal.shows("signed in")
            try await terminal.ask("save \(folder.path)/first")
            try await terminal.shows("saved:")
            try await terminal.quit()
            try await terminal.start("--seed 6")
            try await terminal.press("a")
            try await terminal.shows("● online")
            try await terminal.press("n", "2")
            try await terminal.shows("◐ no network")
            try await terminal.ask("save \(folder.path)/second")
            try await terminal.shows("saved:")
        }
        for (name, step) in [("first", "options: {retryCount: 5}"), ("second", "do: log in automatically, on: A")] {
            let told = try String(contentsOfFile: "\(folder.path)/\(name).yaml", encoding: .utf8)
            #expect(told.contains(step))
            let story = try await Program.run("run", "\(folder.path)/\(name).yaml", in: folder)
            #expect(story.code == 0, "\(story.output)\(told)")
            let replayed = try await Program.run("replay", "\(folder.path)/\(name).recording", in: folder)
            #expect(replayed.code == 0, "\(replayed.output)")
        }
    }

    @Test("A file that is no recording ends with 2 and one sentence", .timeLimit(.minutes(1)))
    func wrong() async throws {
        let folder = try Folder()
        try "{}\n".write(toFile: folder.path + "/x", atomically: true, encoding: .utf8)
        for file in [folder.path + "/x", folder.path + "/none", "/dev/null"] {
            let ending = try await Program.run("replay", file, in: folder)
            #expect(ending.code == 2)
            #expect(ending.errors.split(separator: "\n").count == 1, "\(ending.errors)")
        }
        try "{}\n".write(toFile: folder.path + "/bug.recording", atomically: true, encoding: .utf8)
        let saved = try await Program.run("replay", folder.path + "/bug", in: folder)
        #expect(saved.errors.hasSuffix("did you mean \(folder.path)/bug.recording?\n"), "\(saved.errors)")
    }
}
