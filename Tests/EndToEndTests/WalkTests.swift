import Foundation
import Testing

@Suite("The README's walk")
struct WalkTests {
    private static func walk() throws -> Walk {
        Walk(readme: try String(contentsOf: Program.repository.appendingPathComponent("README.md"), encoding: .utf8))
    }

    @Test("It has a row for each of the ten items")
    func items() throws {
        let items = Set(try Self.walk().rows.flatMap(\.items))
        #expect(items == Set(1...10))
    }

    @Test("Each row shows what it promises, and does not show it before", .timeLimit(.minutes(10)))
    func performed() async throws {
        let walk = try Self.walk()
        #expect(walk.rows.count > 50)
        try await Terminal.with { terminal in
            for row in walk.rows {
                do {
                    try await perform(row, in: terminal)
                } catch {
                    Issue.record(error, "\(row)")
                    return
                }
            }
        }
    }

    private func perform(_ row: Walk.Row, in terminal: Terminal) async throws {
        let before = try await terminal.screen()
        #expect(
            row.texts.isEmpty || !row.texts.allSatisfy(before.contains),
            "\(row): its text is there before its keys are pressed")
        for key in row.keys {
            if key.hasPrefix("scripts/run") {
                try await terminal.command("\"$LATCHKEY\"" + key.dropFirst("scripts/run".count))
            } else {
                try await terminal.press(key)
            }
        }
        if row.texts.isEmpty {
            try await terminal.showsPrompt()
        } else {
            try await terminal.shows(all: row.texts)
        }
    }
}
