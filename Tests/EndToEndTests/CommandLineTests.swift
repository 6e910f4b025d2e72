import Foundation
import Testing

@Suite("The command line")
struct CommandLineTests {
    @Test("Without a terminal the lab says so in one sentence", .timeLimit(.minutes(5)))
    func noTerminal() async throws {
        let ending = try await Program.run(in: try Folder())
        #expect(ending.code == 2)
        #expect(ending.output.isEmpty)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
        #expect(ending.errors.contains("terminal"))
    }

    @Test(
        "A reader that goes away is no crash, and output that is lost is said", .timeLimit(.minutes(5)),
        arguments: [("| head -n 1", 0), ("> /dev/full", 2)])
    func lostReaders(_ target: String, _ code: Int32) async throws {
        for command in ["explain commsease --json", "list", "--help"] {
            let ending = try await ChildProcess.run(
                "/bin/bash", ["-c", "set -o pipefail; \"\(Program.path)\" \(command) \(target)"],
                environment: Program.environment(try Folder()))
            #expect(ending.code == code, "\(command) \(target): \(ending.errors)")
            #expect(code == 0 ? ending.errors.isEmpty : isOneSentence(ending.errors), "\(ending.errors)")
        }
    }

    @Test("explain says what a code clears, and what is not modelled and why", .timeLimit(.minutes(5)))
    func explains() async throws {
        let ending = try await Program.run("explain", "commsease", in: try Folder())
        #expect(ending.code == 0)
        for text in ["clears the saved login after a manual login", "not modelled: ", "     because "] {
            #expect(ending.output.contains(text), "\(text)")
        }
        let code = try await Program.run("explain", "commsease", "417", "--json", in: try Folder())
        #expect(code.output.contains(#""clears":"the saved login""#))
        #expect(code.output.contains(#""notModelled":[]"#))
    }

    @Test("explain takes a code below zero as it is written", .timeLimit(.minutes(5)))
    func explainsBelowZero() async throws {
        let plain = try await Program.run("explain", "tencent", "-10003", "--json", in: try Folder())
        #expect(plain.code == 0, "\(plain.errors)")
        #expect(plain.output.contains("\"code\":-10003,"))
        #expect(!plain.output.contains("\"code\":6014,"))
        let flagFirst = try await Program.run("explain", "tencent", "--json", "-10003", in: try Folder())
        #expect(flagFirst.output == plain.output)
        let marked = try await Program.run("explain", "tencent", "--json", "--", "-10003", in: try Folder())
        #expect(marked.output == plain.output)
        for wrong in [["--jsno"], ["-x"], ["6014", "6013"]] {
            let ending = try await ChildProcess.run(
                Program.path, ["explain", "tencent"] + wrong, environment: Program.environment(try Folder()))
            #expect(ending.code == 2)
            #expect(ending.output.isEmpty)
            #expect(isOneSentence(ending.errors), "\(ending.errors)")
        }
    }

    @Test(
        "Words of the command line cannot steer the terminal", .timeLimit(.minutes(5)),
        arguments: [
            ["explore", "--provider"], ["machine"], ["list"], ["--connect"], ["explain", "commsease"], ["run"],
        ])
    func steeringWords(_ command: [String]) async throws {
        let ending = try await ChildProcess.run(
            Program.path, command + ["red\u{1B}[31m\u{9B}2J\nlatchkey: fine"],
            environment: Program.environment(try Folder()))
        #expect(ending.code == 2)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
        #expect(
            ending.errors.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) }
        )
    }

    @Test("--version prints the version", .timeLimit(.minutes(5)))
    func version() async throws {
        let ending = try await Program.run("--version", in: try Folder())
        #expect(ending.code == 0)
        #expect(ending.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
        #expect(ending.errors.isEmpty)
        let changes = try String(
            contentsOf: Program.repository.appendingPathComponent("CHANGELOG.md"), encoding: .utf8)
        #expect(changes.contains("## \(ending.output.trimmingCharacters(in: .whitespacesAndNewlines))"))
    }

    @Test(
        "--help goes to standard output", .timeLimit(.minutes(5)),
        arguments: [["--help"], ["tui", "--help"], ["serve", "--help"]])
    func help(_ arguments: [String]) async throws {
        let ending = try await ChildProcess.run(
            Program.path, arguments, environment: Program.environment(try Folder()))
        #expect(ending.code == 0)
        #expect(ending.output.contains("USAGE: latchkey"))
        #expect(ending.errors.isEmpty)
    }

    @Test(
        "A wrong command line ends with 2 and one sentence", .timeLimit(.minutes(5)),
        arguments: [
            ["--nope"], ["frob"], ["--time-scale", "0"], ["--time-scale", "often"], ["serve", "surplus"],
            ["serve", "--app-server-port", "70000"], ["serve", "--app-key", "not a key"], ["--connect"],
            ["serve", "--app-key", "½"], ["serve", "--app-key", "key٣"], ["serve", "--app-key", ""],
        ])
    func wrong(_ arguments: [String]) async throws {
        let ending = try await ChildProcess.run(
            Program.path, arguments, environment: Program.environment(try Folder()))
        #expect(ending.code == 2)
        #expect(ending.output.isEmpty)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
    }

    @Test("A secret that cannot be read ends serve with 2 and one sentence", .timeLimit(.minutes(5)))
    func noSecret() async throws {
        let ending = try await Program.run("serve", "--app-secret-file", "/nowhere/secret", in: try Folder())
        #expect(ending.code == 2)
        #expect(isOneSentence(ending.errors))
        #expect(ending.errors.contains("/nowhere/secret"))
    }

    @Test("A state folder that cannot be made ends it with 2 and one sentence", .timeLimit(.minutes(5)))
    func noFolder() async throws {
        let ending = try await ChildProcess.run(
            Program.path, ["serve"], environment: Program.environment(try Folder(), ["XDG_STATE_HOME": "/proc/nowhere"])
        )
        #expect(ending.code == 2)
        #expect(isOneSentence(ending.errors))
        #expect(ending.errors.contains("XDG_STATE_HOME"))
    }
}

/// One line that names the program and ends like a sentence.
func isOneSentence(_ text: String) -> Bool {
    text.hasPrefix("latchkey: ") && text.hasSuffix(".\n") && text.filter { $0 == "\n" }.count == 1
}
