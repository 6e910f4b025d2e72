import LoginCore
import Testing

@Suite("Entry ids on the wire")
struct EntryIDTests {
    @Test("What is printed is read back", arguments: ["A", "app-server", "web-api", "im-server", "A-1", "-", "z9"])
    func roundTrip(_ lane: String) {
        for number in [0, 1, 17, 999_999, Int.max] {
            let id = EntryID(lane: lane, number: number)
            #expect(EntryID("\(id)") == id)
        }
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "-", "A", "A-", "-1", "A-x", "A-1 ", " A-1", "A-1x", "A-+1", "A--", "A-01", "A-00", "Ä-1", "A_1",
            "A B-1",
            "A\n-1", "A-1\r\n", "A-9223372036854775808", "A-１", "A-٣", "\u{202E}A-1", "A.-1", "A-1\0",
            String(repeating: "A", count: 63) + "-1",
        ])
    func refused(_ text: String) {
        #expect(EntryID(text) == nil)
    }

    @Test("The longest id has 64 bytes")
    func longest() {
        #expect(EntryID(String(repeating: "A", count: 62) + "-1") != nil)
    }

    @Test("Any text is either refused or printed back byte for byte")
    func fuzz() {
        var random = SeededGenerator(seed: 11)
        let alphabet = "A1A1z9--0é \u{0}\n\u{202E}１_"
        var accepted = 0
        for _ in 0..<20_000 {
            let text = random.text(Int(random.below(7)), of: alphabet)
            guard let id = EntryID(text) else { continue }
            accepted += 1
            #expect(Array("\(id)".utf8) == Array(text.utf8))
            #expect(id.number >= 0)
        }
        #expect(accepted > 100)
    }
}
