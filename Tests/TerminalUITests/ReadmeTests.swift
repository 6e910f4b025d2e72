import Foundation
import TerminalUI
import Testing

@Suite("The README")
struct ReadmeTests {
    @Test("Its key table is the program's; RECORD_SNAPSHOTS=1 writes it anew")
    func keys() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("README.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let parts = text.components(separatedBy: "<!-- keys -->\n")
        try #require(parts.count == 3, "two marks around the key table")
        guard ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" else {
            #expect(parts[1] == KeyTable.markdown())
            return
        }
        try [parts[0], KeyTable.markdown(), parts[2]].joined(separator: "<!-- keys -->\n")
            .write(to: file, atomically: true, encoding: .utf8)
        Issue.record("recorded the key table; run again without RECORD_SNAPSHOTS")
    }
}
