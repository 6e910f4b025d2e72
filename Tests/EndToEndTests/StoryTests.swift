import Foundation
import Testing

@Suite("Stories from the command line")
struct StoryTests {
    /// What `latchkey list --json` says of a story.
    private struct Listed: Decodable {
        let name: String
        let rules: [String]
        let milliseconds: Int
        let liveComparable: Bool
        let highestTimeScale: Int
        let because: String?
    }

    private static func list(_ folder: Folder) async throws -> [Listed] {
        let ending = try await Program.run("list", "--json", in: folder)
        #expect(ending.code == 0)
        return try JSONDecoder().decode([Listed].self, from: Data(ending.output.utf8))
    }

    @Test("All built-in stories come true, quietly, and a report is written", .timeLimit(.minutes(1)))
    func all() async throws {
        let folder = try Folder()
        let report = folder.path + "/report.xml"
        let ending = try await Program.run("run", "--all", "--junit", report, in: folder)
        #expect(ending.code == 0)
        #expect(ending.output.wholeMatch(of: /(\d+) of \1 stories came true\n/) != nil, "\(ending.output)")
        #expect(ending.errors.isEmpty)
        let xml = try String(contentsOfFile: report, encoding: .utf8)
        #expect(xml.contains("failures=\"0\""))
        #expect(xml.contains("<testcase classname=\"commsease\" name=\"manual-login seed 7\""))
    }

    @Test("A story that does not come true ends with 1 and the command that plays it again", .timeLimit(.minutes(1)))
    func failure() async throws {
        let folder = try Folder()
        let file = folder.path + "/wrong.yaml"
        let text = "story: Wrong\nsteps:\n  - {do: log in, as: mia}\n  - {see: code, is: 302, within: 1s}\n"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let ending = try await Program.run("run", file, "--seed", "3", "--diagram", folder.path + "/d", in: folder)
        #expect(ending.code == 1)
        #expect(ending.output.contains("\(file):4: step 2 of “Wrong” did not come true"))
        #expect(ending.output.contains("again with latchkey run \(file) --seed 3"))
        let diagram = try String(contentsOfFile: folder.path + "/d", encoding: .utf8)
        #expect(diagram.contains("sequenceDiagram"))
        #expect(diagram.contains("deviceA->>appServer: POST /login"))
    }

    @Test(
        "What cannot be run ends with 2 and one sentence", .timeLimit(.minutes(1)),
        arguments: [
            ["run"], ["run", "--all", "manual-login"], ["run", "manual-logn"], ["run", "/dev/null"],
            ["run", "manual-login", "--seeds", "9..1"], ["run", "manual-login", "--seed", "1", "--seeds", "1..2"],
            ["run", "manual-login", "--time-scale", "5"], ["run", "--all", "--json", "/tmp/x"],
            ["run", "manual-login", "--json", "/no/such/folder/x"], ["run", "manual-login", "--junit", "/tmp"],
            ["explore", "--output", "/no/such/folder"],
        ])
    func wrong(_ arguments: [String]) async throws {
        let ending = try await ChildProcess.run(
            Program.path, arguments, environment: Program.environment(try Folder()))
        #expect(ending.code == 2)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
    }

    @Test("Live runs give the canonical transcript of virtual time", .timeLimit(.minutes(4)))
    func live() async throws {
        let folder = try Folder()
        // Those that are over in a few seconds; all of them: latchkey run --all --live.
        let chosen = try await Self.list(folder).compactMap { story -> (String, Int)? in
            let scale = min(story.highestTimeScale, 40)
            guard story.liveComparable, story.milliseconds / scale <= 3000 else { return nil }
            return (story.name, scale)
        }
        #expect(chosen.count >= 20)
        for (name, scale) in chosen {
            let ending = try await Program.run("run", name, "--live", "--time-scale", "\(scale)", in: folder)
            #expect(ending.code == 0, "\(name) at \(scale): \(ending.output)\(ending.errors)")
            #expect(ending.output == "1 of 1 story came true\n", "\(name) at \(scale): \(ending.output)")
        }
    }

    @Test("A live story says how far it is where a person looks, and leaves nothing of that", .timeLimit(.minutes(1)))
    func progress() async throws {
        try await Terminal.with { terminal in
            try await terminal.command("\"$LATCHKEY\" run silent-network --live --time-scale 6")
            try await terminal.shows("1/1  A silent network", " of about ")
            let end = try await terminal.shows("1 of 1 story came true")
            #expect(!end.contains(" of about "))
        }
    }

    @Test("What is written goes into a pipe, to where a link leads, and to the output itself", .timeLimit(.minutes(1)))
    func targets() async throws {
        let folder = try Folder()
        let command = """
            mkfifo pipe; echo old > real; ln -s real link; ln -s new dangling; ln -s circle circle
            cat pipe > piped & "$LATCHKEY" run drop --json pipe || exit 1; wait
            "$LATCHKEY" run drop --json link || exit 1
            "$LATCHKEY" run drop --json dangling || exit 1
            "$LATCHKEY" run drop --json /dev/stdout | true
            test "${PIPESTATUS[*]}" = "0 0" || exit 1
            "$LATCHKEY" run drop --json /dev/stdout > whole || exit 1
            "$LATCHKEY" run drop --json /dev/full && exit 1
            "$LATCHKEY" run drop --json circle 2> circled && exit 1
            test -p pipe && test -L link && test -c /dev/full && cmp piped real && cmp piped new && cmp piped <(head -n -1 whole)
            """
        let ending = try await ChildProcess.run(
            "/bin/bash", ["-c", "cd '\(folder.path)'; \(command)"], environment: Program.environment(folder))
        #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
        #expect(
            try String(contentsOfFile: folder.path + "/whole", encoding: .utf8).hasSuffix("\n1 of 1 story came true\n"))
    }

    @Test("Words of a story cannot steer the terminal", .timeLimit(.minutes(1)))
    func steering() async throws {
        let folder = try Folder()
        let text = "story: \"W\\e[2J\\u009B2J\\a\"\nsteps:\n  - {see: state, is: online, within: 1s}\n"
        try text.write(toFile: folder.path + "/x.yaml", atomically: true, encoding: .utf8)
        let ending = try await Program.run("run", folder.path + "/x.yaml", in: folder)
        #expect(ending.code == 1)
        #expect(ending.output.contains("did not come true"))
        #expect(
            ending.output.unicodeScalars.allSatisfy { scalar in
                scalar == "\n" || scalar.value >= 0x20 && !(0x7F..<0xA0).contains(scalar.value)
            })
    }

    @Test("Exploring says how far it is on one row, and its report fits the terminal", .timeLimit(.minutes(1)))
    func exploration() async throws {
        try await Terminal.with { terminal in
            try await terminal.command("\"$LATCHKEY\" explore --seeds 1..60 --hours 1 --devices 1")
            try await terminal.shows(" of 60 worlds, 0 violations")
            try await terminal.shows("CPU-seconds")
            let rows = try await terminal.scrollback().split(separator: "\n")
            #expect(!rows.contains { $0.contains("of 60 worlds") })
            #expect(rows.contains("                         connected, acquiringToken, stopped: no timer runs there"))
        }
    }

    @Test(
        "Ctrl-C ends exploring with the report of the worlds so far, and a second one at once", .timeLimit(.minutes(1)))
    func interrupted() async throws {
        try await Terminal.with { terminal in
            try await terminal.command("\"$LATCHKEY\" explore --seeds 1..100000 --hours 1 --devices 1")
            try await terminal.until("two worlds") { $0.contains(/(?m)^([2-9]|\d\d+) of 100000 worlds/) }
            try await terminal.press("C-c")
            try await terminal.shows("of 100000 worlds.")
            try await terminal.command("echo code $?")
            try await terminal.shows("code 130")
            let text = try await terminal.scrollback()
            #expect(text.contains("Ctrl-C again ends at once\n"))
            #expect(text.contains(/(?m)^\d+ worlds, \d+ device-hours,/))
            // No core ends such a world before the second Ctrl-C.
            try await terminal.command("clear; \"$LATCHKEY\" explore --hours 1000 --devices 26")
            try await terminal.shows("0 of 20 worlds")
            try await terminal.press("C-c")
            try await terminal.shows("Ctrl-C again")
            try await terminal.press("C-c")
            try await terminal.command("echo code $?")
            try await terminal.shows("code 130")
            #expect(!(try await terminal.screen()).contains("ended early"))
        }
    }

    @Test("A line that says how far it is stays one row of a narrow terminal", .timeLimit(.minutes(1)))
    func narrow() async throws {
        try await Terminal.with(columns: 20, rows: 10) { terminal in
            try await terminal.command("\"$LATCHKEY\" explore --seeds 1..60 --hours 1 --devices 1 > report")
            try await terminal.shows(" of 60 worlds, ")
            try await terminal.shows("CPU-seconds")
            #expect(!(try await terminal.scrollback()).contains("of 60 worlds, "))
        }
    }
}
