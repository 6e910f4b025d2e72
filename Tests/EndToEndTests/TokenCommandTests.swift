import Foundation
import Testing

@Suite("latchkey token", .timeLimit(.minutes(5)))
struct TokenCommandTests {
    /// The worked example of commsease.md §10, valid until 1614765211.561.
    private static let example =
        "eyJzaWduYXR1cmUiOiI1YTZkNDk5YWVhZDVhZDY1YWViZjhmNDZlODJmYjgyMDBiMzUyMzY2IiwiY3VyVGltZSI6MTYxNDc2NDYxMTU2MSwid"
        + "HRsIjo2MDB9"
    private static let owner = [
        "--provider", "commsease", "--app-key", "go9dnk49bkd9jd9vmel1kglw0803mgq3", "--user", "zhangsan",
    ]

    /// A folder with the app's secret in `secret` and `input` on standard input.
    private func run(
        _ arguments: [String], input: String = "", secret: String = "123456789012\n",
        environment: [String: String] = [:]
    ) async throws -> ChildProcess.Ending {
        let folder = try Folder()
        try secret.write(toFile: folder.path + "/secret", atomically: true, encoding: .utf8)
        try input.write(toFile: folder.path + "/input", atomically: true, encoding: .utf8)
        let words = arguments.map { $0 == "SECRET" ? folder.path + "/secret" : $0 }
        let ending = try await ChildProcess.run(
            Program.path, ["token"] + words, environment: Program.environment(folder, environment),
            input: folder.path + "/input")
        #expect(!ending.output.contains("123456789012") && !ending.errors.contains("123456789012"))
        return ending
    }

    private func json(_ ending: ChildProcess.Ending) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    }

    private func kinds(_ ending: ChildProcess.Ending) throws -> [String] {
        (try json(ending)["problems"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    }

    @Test("verify says that the documented example is valid, with its claims and instants")
    func valid() async throws {
        let ending = try await run(
            ["verify", "--key-file", "SECRET", "--at", "1614765000", "--json"] + Self.owner, input: Self.example + "\n")
        #expect(ending.code == 0)
        #expect(ending.errors.isEmpty)
        #expect(
            ending.output.hasPrefix(
                #"{"valid":true,"code":200,"name":"success","claims":{"curTime":1614764611561,"#
                    + #""signature":"5a6d499aead5ad65aebf8f46e82fb8200b352366","ttl":600},"#
                    + #""issued":1614764611561,"expires":1614765211561,"problems":[],"notes":[]"#),
            "\(ending.output)")
        let text = try await run(
            ["verify", "--key-file", "SECRET", "--at", "1614765000"] + Self.owner, input: Self.example)
        #expect(text.code == 0)
        #expect(text.output.contains("2021-03-03 09:43:31.561 UTC"))
        #expect(text.output.contains("200 success"))
    }

    @Test(
        "verify ends with 1 and names what is wrong",
        arguments: [
            ("expired", example, "1614765212", "expired"), ("in the future", example, "1614764000", "issuedInFuture"),
            ("cut off", String(example.prefix(60)), "1614765000", "cutOff"),
            ("not base64", "*" + example, "1614765000", "notBase64"),
            ("not JSON", "aGVsbG8=", "1614765000", "notJSON"), ("empty", "", "1614765000", "empty"),
            ("no claims", "e30=", "1614765000", "wrongClaims"),
        ])
    func wrong(name: String, token: String, at: String, kind: String) async throws {
        let ending = try await run(
            ["verify", "--key-file", "SECRET", "--at", at, "--json"] + Self.owner, input: token)
        #expect(ending.code == 1)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
        #expect(try kinds(ending).contains(kind))
        let value = try json(ending)
        #expect(value["valid"] as? Bool == false)
        #expect(value["code"] as? Int == 302)
        #expect(value["name"] is String)
        #expect(value["claims"] is [String: Any])
    }

    @Test("Another secret, another app key and another account are a wrong signature")
    func wrongOwner() async throws {
        let verify = ["verify", "--key-file", "SECRET", "--at", "1614765000", "--json"]
        let secret = try await run(verify + Self.owner, input: Self.example, secret: "another")
        #expect(try kinds(secret) == ["wrongSignature"])
        let user = try await run(verify + Self.owner.dropLast() + ["lisi"], input: Self.example)
        #expect(try kinds(user) == ["wrongSignature"])
        let key = try await run(
            verify + ["--provider", "commsease", "--app-key", "other", "--user", "zhangsan"], input: Self.example)
        #expect(try kinds(key) == ["wrongSignature"])
        #expect([secret.code, user.code, key.code] == [1, 1, 1])
    }

    @Test("mint takes the secret from a file, the environment or standard input, and verify takes its token back")
    func mint() async throws {
        let at = ["--at", "1700000000"]
        let fromFile = try await run(["mint", "--key-file", "SECRET", "--ttl", "60"] + at + Self.owner)
        let fromInput = try await run(["mint", "--ttl", "60"] + at + Self.owner, input: "123456789012\n")
        let fromEnvironment = try await run(
            ["mint", "--key-env", "APP_SECRET", "--ttl", "60"] + at + Self.owner,
            environment: ["APP_SECRET": "123456789012"])
        #expect(fromFile.code == 0)
        #expect(fromFile == fromInput && fromFile == fromEnvironment)
        for (late, code) in [("1700000059", 0), ("1700000060", 1)] as [(String, Int32)] {
            let verified = try await run(
                ["verify", "--key-file", "SECRET", "--at", late] + Self.owner, input: fromFile.output)
            #expect(verified.code == code)
        }
    }

    @Test("verify reads secret and token from standard input, one line each")
    func twoLines() async throws {
        let ending = try await run(
            ["verify", "--at", "1614765000"] + Self.owner, input: "123456789012\n\(Self.example)\n")
        #expect(ending.code == 0, "\(ending.errors)")
    }

    @Test("inspect without a secret leaves the answer open, and a life of more than a day is noted")
    func inspect() async throws {
        let open = try await run(
            ["inspect", "--provider", "commsease", "--at", "1614765000", "--json"], input: Self.example)
        #expect(open.code == 0)
        #expect(open.output.hasPrefix(#"{"valid":null,"code":null,"name":null,"claims":{"curTime""#))
        let long = try await run(
            ["mint", "--key-file", "SECRET", "--ttl", "86401", "--at", "1700000000", "--json"] + Self.owner)
        #expect(long.code == 0)
        #expect(long.output.contains("longer than 24 h"))
        let day = try await run(
            ["mint", "--key-file", "SECRET", "--ttl", "86400", "--at", "1700000000", "--json"] + Self.owner)
        #expect(!day.output.contains("longer than 24 h"))
    }

    @Test(
        "What cannot be run ends with 2 and one sentence, and a secret is never an argument",
        arguments: [
            ["verify", "--key-file", "/nowhere"] + owner, ["verify", "--key-env", "NOT_SET"] + owner,
            ["verify", "--key-file", "SECRET", "--provider", "commsease"], ["mint", "--provider", "none"],
            ["mint", "--key", "123"] + owner, ["mint", "--key-file", "SECRET", "--ttl", "0"] + owner,
            ["verify", "--key-file", "SECRET", "--at", "-1"] + owner, ["sign"],
            ["mint", "--key-file", "SECRET", "--provider", "commsease", "--app-key", "k", "--user", "no good!"],
            ["mint", "--key-file", "SECRET", "--provider", "commsease", "--app-key", "no key", "--user", "zhangsan"],
            ["mint", "--key-file", "SECRET", "--form", "stored"] + owner,
        ])
    func cannotRun(arguments: [String]) async throws {
        let ending = try await run(arguments)
        #expect(ending.code == 2)
        #expect(ending.output.isEmpty)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
    }
}
