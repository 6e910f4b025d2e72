import Foundation
import Testing

/// The worked example of tencent.md §1.3 on the command line.
@Suite("latchkey token --provider tencent", .timeLimit(.minutes(5)))
struct TencentTokenCommandTests {
    private static let stored =
        "eAEBqQBW-3siVExTLnZlciI6IjIuMCIsIlRMUy5pZGVudGlmaWVyIjoiYWxpY2UiLCJUTFMuc2RrYXBwaWQiOjE0MDAwMDAwMDAsIlRM"
        + "Uy50aW1lIjoxNzAwMDAwMDAwLCJUTFMuZXhwaXJlIjoxNTU1MjAwMCwiVExTLnNpZyI6IlhvaTBNb0d0YVFLbzUwMWVtQ0toRXI1QkN3"
        + "Uy9GV2ljNk5jWDBFL2F4Lzg9In35UTBb"
    private static let python =
        "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkEnMyk1NhUsUp2YkFBZkpQAlDEwMogMqlVhRkFqWCZExNTY0Q4iWZuWBRczT1"
        + "xZnpIPMj8jMNfPPdSxIDvfNNDQxTc529M1yLTJ2cy4P13cIzk838kiMMXPUTK-QtbJVqAWxQMbs_"
    private static let node =
        "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwok5mcmpUInilOzEgoLMFCUrQxMDKIDIlGTmpipZGZqjiqZWFGQWgcRNTU2N4KLF"
        + "melKVkoR*ZkGvvnuJYmB3vmmBoapuc7eGa5Fpk7O5cH6buGZyWZ*yREGrvqJFfoWtkq1APlRMFs_"

    private func run(
        _ verb: String, app: String = "1400000000", user: String = "alice", key: String = "example-key",
        _ rest: [String], input: String = ""
    ) async throws -> ChildProcess.Ending {
        let folder = try Folder()
        try (key + "\n").write(toFile: folder.path + "/secret", atomically: true, encoding: .utf8)
        try input.write(toFile: folder.path + "/input", atomically: true, encoding: .utf8)
        let ending = try await ChildProcess.run(
            Program.path,
            ["token", verb, "--provider", "tencent", "--app-id", app, "--user", user]
                + ["--key-file", folder.path + "/secret"] + rest,
            environment: Program.environment(folder), input: folder.path + "/input")
        #expect(!ending.output.contains(key) && !ending.errors.contains(key))
        return ending
    }

    struct Row: CustomTestStringConvertible {
        let testDescription: String
        var app = "1400000000"
        var user = "alice"
        var key = "example-key"
        var at = "1715552000"
        var text: String?
        let code: Int
    }

    private static let rows = [
        Row(testDescription: "in its last second", code: 0),
        Row(testDescription: "expired", at: "1715552001", code: 70001),
        Row(testDescription: "another key", key: "wrong-key", code: 70009),
        Row(testDescription: "another user", user: "bob", code: 70013),
        Row(testDescription: "another app", app: "1400000001", code: 70014),
        Row(testDescription: "cut off", text: String(stored.dropLast(3)), code: 70003),
        Row(testDescription: "empty", text: "", code: 70002),
    ]

    @Test("verify answers with the provider's code to all published forms of the worked example", arguments: rows)
    func verify(row: Row) async throws {
        for text in row.text.map({ [$0] }) ?? [Self.stored, Self.python, Self.node] {
            let ending = try await run(
                "verify", app: row.app, user: row.user, key: row.key, ["--at", row.at, "--json"], input: text + "\n")
            #expect(ending.code == (row.code == 0 ? 0 : 1))
            #expect(ending.output.hasPrefix(#"{"valid":\#(row.code == 0),"code":\#(row.code),"name":""#), "\(ending)")
            #expect(row.code == 0 ? ending.errors.isEmpty : isOneSentence(ending.errors), "\(ending.errors)")
        }
    }

    @Test("mint writes the worked example byte for byte, and as deflate another text that is as valid")
    func mint() async throws {
        let at = ["--at", "1700000000"]
        let usual = try await run("mint", at)
        #expect(usual.code == 0)
        #expect(usual.output == Self.stored + "\n")
        #expect(try await run("mint", at + ["--form", "stored"]).output == usual.output)
        let deflated = try await run("mint", at + ["--form", "deflate"])
        #expect(deflated.code == 0)
        #expect(deflated.output != usual.output)
        #expect(deflated.output.utf8.count < usual.output.utf8.count)
        let verified = try await run("verify", ["--at", "1715552000"], input: deflated.output)
        #expect(verified.code == 0, "\(verified.output)")
        let none = try await run("mint", at + ["--form", "zip"])
        #expect(none.code == 2 && none.output.isEmpty)
        #expect(isOneSentence(none.errors) && none.errors.contains("stored or deflate"), "\(none.errors)")
    }

    @Test(
        "An SDKAppID that is no plain number ends every command that takes one with 2 and one sentence",
        arguments: ["abc", String(repeating: "9", count: 20), "01400000000", "0", ""])
    func noNumber(app: String) async throws {
        var endings: [ChildProcess.Ending] = []
        for verb in ["mint", "inspect", "verify"] {
            endings.append(try await run(verb, app: app, ["--at", "1700000000"], input: Self.stored + "\n"))
        }
        endings.append(
            try await Program.run("serve", "--provider", "tencent", "--app-key", app, in: try Folder()))
        for ending in endings {
            #expect(ending.code == 2)
            #expect(ending.output.isEmpty)
            #expect(isOneSentence(ending.errors) && ending.errors.contains("SDKAppID"), "\(ending.errors)")
        }
    }
}
