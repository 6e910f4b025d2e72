import Foundation
import Glibc
import Testing

@Suite("latchkey serve")
struct ServeTests {
    @Test("It prints one line of JSON, answers, and ends cleanly when told to", .timeLimit(.minutes(5)))
    func served() async throws {
        let folder = try Folder()
        let server = try await Server(folder)
        #expect(Set(server.ready.keys) == ["appServer", "webAPI", "imLink"])
        #expect(server.appServer.wholeMatch(of: /http:\/\/127\.0\.0\.1:\d+/) != nil)
        #expect(server.ready["imLink"]?.hasPrefix("ws://127.0.0.1:") == true)
        let answer = try await ask(server.appServer + "/.well-known/latchkey", folder)
        let found = try #require(try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any])
        #expect(found["imLink"] as? String == server.ready["imLink"])
        #expect(found["webAPI"] as? String == server.ready["webAPI"])
        #expect(found["timeScale"] as? Int == 1)
        #expect(folder.mode() == 0o700)
        #expect(folder.mode("operator.key") == 0o600)
        server.process.send(SIGTERM)
        let ending = await server.process.ending()
        #expect(ending == ChildProcess.Ending(code: 0, output: "", errors: ""))
    }

    @Test("Its app server can be spoken with by curl alone", .timeLimit(.minutes(5)))
    func byHand() async throws {
        let folder = try Folder()
        let server = try await Server(folder)
        func post(_ path: String, _ body: String) async throws -> [String: Any] {
            let answer = try await ask(
                server.appServer + path, folder, ["-H", "Content-Type: application/json", "-d", body])
            return try JSONSerialization.jsonObject(with: Data(answer.utf8)) as? [String: Any] ?? [:]
        }
        let registered = try await post("/users", #"{"user":"ada","password":"engine"}"#)
        let account = try #require(registered["account"] as? String)
        let grant = try await post("/login", #"{"user":"ada","password":"engine"}"#)
        #expect(grant["account"] as? String == account)
        #expect(grant["tokenKind"] as? String == "static")
        #expect(try await post("/login", #"{"user":"ada","password":"motor"}"#)["error"] as? String == "wrong_password")
        server.process.send(SIGINT)
        #expect(await server.process.ending().code == 0)
    }

    @Test("With --tls curl needs the authority's file and nothing else", .timeLimit(.minutes(5)))
    func encrypted() async throws {
        let folder = try Folder()
        let server = try await Server(folder, "--tls")
        #expect(Set(server.ready.keys) == ["appServer", "webAPI", "imLink", "caFile"])
        #expect(server.appServer.hasPrefix("https://127.0.0.1:"))
        #expect(server.ready["imLink"]?.hasPrefix("wss://127.0.0.1:") == true)
        let file = try #require(server.ready["caFile"])
        #expect(folder.mode("authority.key") == 0o600)
        let url = server.appServer + "/.well-known/latchkey"
        #expect(try await ask(url, folder, ["--cacert", file]).contains(#""latchkey":1"#))
        let refused = try await ChildProcess.run(
            "curl", ["-sS", "--max-time", "30", url], environment: Program.environment(folder))
        #expect(refused.code == 60, "\(refused.errors)")
        server.process.send(SIGTERM)
        #expect(await server.process.ending().code == 0)
    }

    @Test("A port already taken ends it with 2 and one sentence", .timeLimit(.minutes(5)))
    func portTaken() async throws {
        let server = try await Server(try Folder())
        let port = String(server.appServer.split(separator: ":").last ?? "")
        let ending = try await Program.run("serve", "--app-server-port", port, in: try Folder())
        #expect(ending.code == 2)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
        #expect(ending.errors.contains(port))
        server.process.send(SIGTERM)
        #expect(await server.process.ending().code == 0)
    }

    @Test("A second backend on the same state ends with 2 and says how to reach the first", .timeLimit(.minutes(5)))
    func stateTaken() async throws {
        let folder = try Folder()
        let server = try await Server(folder)
        let ending = try await Program.run("serve", in: folder)
        #expect(ending.code == 2)
        #expect(isOneSentence(ending.errors), "\(ending.errors)")
        #expect(ending.errors.contains("--connect \(server.appServer)"))
        server.process.send(SIGTERM)
        #expect(await server.process.ending().code == 0)
    }

    private func ask(_ url: String, _ folder: Folder, _ more: [String] = []) async throws -> String {
        let ending = try await ChildProcess.run(
            "curl", ["-sS", "--max-time", "30", url] + more, environment: Program.environment(folder))
        #expect(ending.code == 0, "\(ending.errors)")
        return ending.output
    }
}

/// A `latchkey serve --json` that is ready.
struct Server {
    let process: ChildProcess
    /// The line it printed, read.
    let ready: [String: String]

    var appServer: String { ready["appServer"] ?? "" }

    init(_ folder: Folder, _ arguments: String...) async throws {
        process = try ChildProcess(
            Program.path, ["serve", "--json"] + arguments, environment: Program.environment(folder))
        let line = try #require(await process.line())
        ready = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
    }
}
