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
