import Foundation
import Testing

@Suite("The lab's screen in a terminal")
struct ScreenTests {
    @Test("A window that is too small says so with both sizes, and recovers", .timeLimit(.minutes(5)))
    func resized() async throws {
        try await Terminal.with { terminal in
            try await terminal.start()
            try await terminal.resize(columns: 60, rows: 20)
            try await terminal.shows("80x24", "60x20")
            try await terminal.resize(columns: 100, rows: 30)
            let screen = try await terminal.shows("● backend ready", "Device A", "q quit")
            #expect(screen.split(separator: "\n", omittingEmptySubsequences: false).count >= 30)
            #expect(!screen.contains("60x20"))
            try await terminal.resize(columns: 80, rows: 24)
            try await terminal.until("rows of 80 columns") { screen in
                screen.contains("Device A") && screen.split(separator: "\n").allSatisfy { $0.count <= 80 }
            }
        }
    }

    @Test("A locale that is not UTF-8 is drawn in ASCII, and that is said once", .timeLimit(.minutes(5)))
    func ascii() async throws {
        try await Terminal.with(settings: ["LC_ALL": "C"]) { terminal in
            try await terminal.command("\"$LATCHKEY\"")
            let screen = try await terminal.shows("backend ready", "q quit", "not UTF-8", "Device A")
            let isPlain = screen.unicodeScalars.allSatisfy(\.isASCII)
            #expect(isPlain)
            try await terminal.press("Tab")
            try await terminal.until("no word of it any more") { screen in
                screen.contains("Device B") && !screen.contains("not UTF-8")
            }
            try await terminal.press("r", "type:zo")
            try await terminal.type("é")
            try await terminal.shows("takes ASCII only", "zo")
            try await terminal.press("type:e", "Enter", "type:pw", "Enter", "Enter")
            try await terminal.shows("zoe is registered")
        }
    }

    @Test("With NO_COLOR no colour is sent, and everything else is there", .timeLimit(.minutes(5)))
    func noColour() async throws {
        func colours(_ settings: [String: String]) async throws -> Int {
            var found = 0
            try await Terminal.with(settings: settings) { terminal in
                try await terminal.start()
                // 30–37, 40–47, 90–97, 100–107 and 38/48;… are colours; 0, 1, 2, 4 and 7 are attributes.
                let escapes = try await terminal.styledScreen().matches(of: /\u{1B}\[([0-9;]*)m/)
                found =
                    escapes.filter {
                        $0.output.1.split(separator: ";").contains { Int($0) ?? 0 >= 30 && $0 != "39" && $0 != "49" }
                    }
                    .count
            }
            return found
        }
        #expect(try await colours(["NO_COLOR": "1"]) == 0)
        #expect(try await colours([:]) > 0)
    }

    @Test("Text of any language and length can be typed", .timeLimit(.minutes(5)))
    func typed() async throws {
        try await Terminal.with { terminal in
            try await terminal.start()
            try await terminal.press("r", "type:王小明👩‍👩‍👧é", "Enter", "type:密码", "Enter", "Enter")
            try await terminal.shows("王小明", "is registered")
            try await terminal.press("r", "type:" + String(repeating: "長い名前", count: 100), "Enter")
            try await terminal.shows("1 to 64 characters")
            try await terminal.press("Esc", "?")
            try await terminal.shows("Keys", "log in manually")
            try await terminal.press("Esc", "q")
            try await terminal.showsPrompt()
        }
    }
}
