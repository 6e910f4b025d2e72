import Foundation
import Glibc
import Testing

@Suite("Two terminals on one backend")
struct TwoLabsTests {
    @Test("A login in one kicks the other, and each has device profiles of its own", .timeLimit(.minutes(5)))
    func kick() async throws {
        let folder = try Folder()
        let server = try await Server(folder)
        try await Terminal.with(folder: folder) { first in
            try await first.command("\"$LATCHKEY\" --connect \(server.appServer)")
            try await first.shows("● app server", "Device A", "lantern-42", "q quit")
            try await first.logIn()
            try await first.shows("✓ online")
            try await Terminal.beside(first) { second in
                try await second.command("\"$LATCHKEY\" --connect \(server.appServer)")
                try await second.shows("● app server", "Device C", "lantern-42", "in use by another latchkey")
                try await second.logIn()
                try await second.shows("Device C", "✓ online")
                try await first.shows("kicked offline, reason 1")
                try await second.quit()
            }
            try await first.quit()
        }
        server.process.send(SIGTERM)
        #expect(await server.process.ending().code == 0)
    }

    @Test("A lab whose time runs differently is refused in one sentence", .timeLimit(.minutes(5)))
    func timeScale() async throws {
        let folder = try Folder()
        let server = try await Server(folder, "--time-scale", "5")
        try await Terminal.with(folder: folder) { terminal in
            try await terminal.command("\"$LATCHKEY\" --connect \(server.appServer)")
            try await terminal.shows("runs at time scale 5; start with")
        }
        server.process.send(SIGTERM)
        #expect(await server.process.ending().code == 0)
    }

    @Test("A lab over TLS is told of --ca-file, and logs in with it", .timeLimit(.minutes(5)))
    func encrypted() async throws {
        let folder = try Folder()
        let server = try await Server(folder, "--tls")
        let file = try #require(server.ready["caFile"])
        try await Terminal.with(folder: folder) { terminal in
            try await terminal.command("\"$LATCHKEY\" --connect \(server.appServer)")
            try await terminal.shows("certificate", "--ca-file")
            try await terminal.quit()
            try await terminal.command("\"$LATCHKEY\" --connect \(server.appServer) --ca-file '\(file)'")
            try await terminal.shows("● app server", "Device A", "lantern-42")
            try await terminal.logIn()
            try await terminal.shows("✓ online")
            try await terminal.quit()
        }
        server.process.send(SIGTERM)
        #expect(await server.process.ending().code == 0)
    }

    @Test("A second lab on the same state says how to reach the first one's backend", .timeLimit(.minutes(5)))
    func sameState() async throws {
        let folder = try Folder()
        try await Terminal.with(folder: folder) { first in
            try await first.start()
            let address = try #require(try await first.screen().firstMatch(of: /127\.0\.0\.1:\d+/)).output
            try await Terminal.beside(first) { second in
                try await second.command("\"$LATCHKEY\"")
                try await second.shows("Another backend is using the state", "--connect http://\(address)")
            }
        }
    }

    @Test("An address where nobody listens is named, with what to do", .timeLimit(.minutes(5)))
    func nobody() async throws {
        try await Terminal.with { terminal in
            try await terminal.command("\"$LATCHKEY\" --connect http://127.0.0.1:9")
            try await terminal.shows("http://127.0.0.1:9", "latchkey serve")
        }
    }
}
