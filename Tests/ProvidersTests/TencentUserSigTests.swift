import Providers
import Testing

/// Reading UserSigs, with the worked example of tencent.md §1.3.
struct TencentUserSigTests {
    private static let claims = TencentUserSig(
        identifier: "alice", sdkAppID: 1_400_000_000, time: 1_700_000_000, expire: 15_552_000,
        signature: "Xoi0MoGtaQKo501emCKhEr5BCwS/FWic6NcX0E/ax/8=")

    static let nodeStored =
        "eAEBqQBW-3siVExTLnZlciI6IjIuMCIsIlRMUy5pZGVudGlmaWVyIjoiYWxpY2UiLCJUTFMuc2RrYXBwaWQiOjE0MDAwMDAwMDAsIlRMUy50aW1l"
        + "IjoxNzAwMDAwMDAwLCJUTFMuZXhwaXJlIjoxNTU1MjAwMCwiVExTLnNpZyI6IlhvaTBNb0d0YVFLbzUwMWVtQ0toRXI1QkN3Uy9GV2ljNk5jWDBF"
        + "L2F4Lzg9In35UTBb"
    static let python =
        "eJyrVgrxCdYrSy1SslJQMtIzUNJRAItkpqTmlWSmZUIkEnMyk1NhUsUp2YkFBZkpQAlDEwMogMqlVhRkFqWCZExNTY0Q4iWZuWBRczT1xZnpIPMj"
        + "8jMNfPPdSxIDvfNNDQxTc529M1yLTJ2cy4P13cIzk838kiMMXPUTK-QtbJVqAWxQMbs_"

    /// The same claims as different generators write them.
    struct Form: CustomTestStringConvertible {
        let testDescription: String
        let text: String
    }

    private static let forms = [
        Form(testDescription: "Python, zlib level 6", text: python),
        Form(
            testDescription: "Node, its own zlib",
            text:
                "eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwok5mcmpUInilOzEgoLMFCUrQxMDKIDIlGTmpipZGZqjiqZWFGQWgcRNTU2N4KLF"
                + "melKVkoR*ZkGvvnuJYmB3vmmBoapuc7eGa5Fpk7O5cH6buGZyWZ*yREGrvqJFfoWtkq1APlRMFs_"),
        Form(testDescription: "Node, one stored block", text: nodeStored),
        Form(
            testDescription: "Go, a stored block with a line feed at the end",
            text:
                "eAEBqgBV-3siVExTLnZlciI6IjIuMCIsIlRMUy5pZGVudGlmaWVyIjoiYWxpY2UiLCJUTFMuc2RrYXBwaWQiOjE0MDAwMDAwMDAsIlRMUy5l"
                + "eHBpcmUiOjE1NTUyMDAwLCJUTFMudGltZSI6MTcwMDAwMDAwMCwiVExTLnNpZyI6IlhvaTBNb0d0YVFLbzUwMWVtQ0toRXI1QkN3Uy9G"
                + "V2ljNk5jWDBFL2F4Lzg9In0KNXUwZQ__"),
        Form(
            testDescription: "C++, zlib level 1",
            text:
                "eAGrVgrxCdYrSy1SslIy0jNQ0gHzi1OyEwsKMlOUrAxNDKAAIpOZkppXkpmWCdaQmJOZnArVUpKZmwpUbo6qPLWiILMIJG5qamoElIIan5kO"
                + "tC4iP9PAN9*9JDHQO9-UwDA119k7w7XI1Mm5PFjfLTwz2cwvOcLAVT*xQt-CVqkWANNxMFs_"),
        Form(
            testDescription: "Java, another order, fixed blocks",
            text:
                "eAGrVgrxCdYrzkxXslKKyM808M13L0kM9M43NTBMzXX2znAtMnVyLg-WdwvPTDbzS44wcNVPrNC3sFXSAWssycxNVbIyNDeAAohoWWoR0Dgj"
                + "PQOoqtSKgswikDpTU1MjuKrMlNS8ksy0TLDixJzM5FSo8uKU7MSCgswUoAYTmMG1AEduMFs_"),
        Form(
            testDescription: "Java, another order, dynamic blocks",
            text:
                "eAEFwdEKgjAYBtB3*a7H-IxWMegmsS5cQWyQt6KrfsoUlRKid**cL4LzepQbLMpOeOwOU3UuOsM0tllxzwezyz4*2V*kXp3qknlSzclmC4Xg"
                + "vJ6kjbDpmiRJUiE4r99xgMVCEwrBeR3nXoYImxpjFiQVgvNamvia5CpxgEX1lDpCITivx*ZR9b00sOmSJEny9wdHbjBb"),
    ]

    @Test("Tickets of every generator read alike", arguments: forms)
    func reads(form: Form) throws {
        #expect(try TencentUserSig(parsing: form.text) == Self.claims)
    }

    @Test("What is signed are four lines, five with a userbuf")
    func content() {
        let four =
            "TLS.identifier:alice\nTLS.sdkappid:1400000000\nTLS.time:1700000000\nTLS.expire:15552000\n"
        #expect(Self.claims.content == four)
        #expect(four.utf8.count == 85)
        var claims = Self.claims
        claims.userbuf = "YWJj"
        #expect(claims.content == four + "TLS.userbuf:YWJj\n")
    }

    @Test("The stored form is byte for byte the worked example, and both forms read back")
    func writes() throws {
        #expect(Self.claims.json.count == 169)
        #expect(Self.claims.text(.stored) == Self.nodeStored)
        for packing in TencentUserSig.Packing.allCases {
            #expect(try TencentUserSig(parsing: Self.claims.text(packing)) == Self.claims)
        }
        #expect(Self.claims.text(.deflate).utf8.count < Self.nodeStored.utf8.count)
    }

    private static func packed(_ json: String) -> String {
        TencentAlphabet.encode(Zlib.stored(Array(json.utf8)))
    }

    private static func code(_ text: String) -> Int {
        do {
            _ = try TencentUserSig(parsing: text)
            return 0
        } catch {
            return error.code
        }
    }

    @Test("Whatever is cut off the end makes a ticket unreadable")
    func cutOff() {
        for text in [Self.python, Self.nodeStored] {
            for length in 1..<text.utf8.count { #expect(Self.code(String(text.prefix(length))) == 70003, "\(length)") }
        }
        #expect(Self.code("") == 70002)
    }

    /// Proves TC-own-strict.
    @Test("One changed character makes a ticket unreadable, wherever it is")
    func oneCharacter() {
        for text in [Self.python, Self.nodeStored] {
            for place in text.utf8.indices {
                for other in "A*-_+/=b" where Character(other.description) != text[place] {
                    var changed = text
                    changed.replaceSubrange(place...place, with: String(other))
                    // A stored block's header has bits that mean nothing; nothing may read differently for them.
                    if let read = try? TencentUserSig(parsing: changed) { #expect(read == Self.claims) }
                }
            }
        }
    }

    /// Proves TC-1.2-alphabet.
    @Test(
        "Plain base64 and the URL-safe alphabet are not the UserSig's",
        arguments: [("*", "+"), ("-", "/"), ("_", "="), ("*", "-")])
    func alphabets(mine: String, theirs: String) {
        // A ticket with both signs and padding in it.
        let text = Self.forms[4].text
        #expect(text.contains("*") && text.contains("-") && text.hasSuffix("_"))
        let changed = String(text.map { String($0) == mine ? Character(theirs) : $0 })
        #expect(Self.code(changed) == 70003)
    }

    struct Row: CustomTestStringConvertible {
        let json: String
        let code: Int
        var testDescription: String { json }
    }

    private static func json(_ changes: (String, String?)...) -> String {
        var members = [
            ("TLS.ver", "\"2.0\""), ("TLS.identifier", "\"alice\""), ("TLS.sdkappid", "1"), ("TLS.time", "2"),
            ("TLS.expire", "3"), ("TLS.sig", "\"s\""),
        ]
        for (name, value) in changes {
            members.removeAll { $0.0 == name }
            if let value { members.append((name, value)) }
        }
        return "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private static let rows =
        [
            Row(json: json(), code: 0), Row(json: " \n" + json() + "\n\t", code: 0),
            Row(json: json(("TLS.more", "[1]")), code: 0), Row(json: json(("TLS.userbuf", "null")), code: 0),
            Row(json: json(("TLS.expire", "-1")), code: 0),
            Row(json: "", code: 70003), Row(json: "[]", code: 70003), Row(json: "alice", code: 70003),
            Row(json: "{\"TLS.ver\":\"2.0\"", code: 70003), Row(json: json() + json(), code: 70003),
            Row(json: "{}", code: 70005), Row(json: json(("TLS.sdkappid", "\"1\"")), code: 70005),
            Row(json: json(("TLS.time", "2.5")), code: 70005), Row(json: json(("TLS.expire", "null")), code: 70005),
            Row(json: json(("TLS.expire", "99999999999999999999")), code: 70005),
            Row(json: json(("TLS.identifier", "7")), code: 70005), Row(json: json(("TLS.ver", "2.0")), code: 70005),
            Row(json: json(("TLS.userbuf", "7")), code: 70005), Row(json: json(("TLS.sig", "true")), code: 70005),
        ]
        + ["TLS.ver", "TLS.identifier", "TLS.sdkappid", "TLS.time", "TLS.expire", "TLS.sig"].map {
            Row(json: json(($0, nil)), code: 70005)
        }

    /// Proves TC-own-version.
    @Test("What a ticket holds must be a JSON object with every claim in its type", arguments: rows)
    func claims(row: Row) {
        #expect(Self.code(Self.packed(row.json)) == row.code)
    }

    /// Proves TC-own-ticket-size.
    @Test("A small text that unpacks to much is refused before it fills the memory")
    func bomb() {
        let json = Self.json(("TLS.more", "\"" + String(repeating: "x", count: 3_000_000) + "\""))
        let packed = Zlib.deflated(Array(json.utf8), level: 9)
        #expect(TencentAlphabet.encode(packed).utf8.count < TencentUserSig.longest)
        #expect(throws: Zlib.Problem.tooLarge) { try Zlib.inflate(packed, atMost: 1000) }
        #expect(Self.code(TencentAlphabet.encode(packed)) == 70003)
        #expect(Self.code(String(repeating: "A", count: TencentUserSig.longest + 4)) == 70003)
    }

    /// Proves TC-1.2-zlib.
    @Test("A container is opened whole or not at all")
    func container() throws {
        let content = Array("a ticket".utf8)
        let stored = Zlib.stored(content)
        #expect(try Zlib.inflate(stored, atMost: content.count) == content)
        #expect(throws: Zlib.Problem.tooLarge) { try Zlib.inflate(stored, atMost: content.count - 1) }
        #expect(throws: Zlib.Problem.trailingBytes) { try Zlib.inflate(stored + [0], atMost: 100) }
        #expect(throws: Zlib.Problem.cutOff) { try Zlib.inflate(Array(stored.dropLast()), atMost: 100) }
        #expect(throws: Zlib.Problem.cutOff) { try Zlib.inflate([], atMost: 100) }
        // Raw deflate and gzip are other containers.
        #expect(throws: Zlib.Problem.damaged) { try Zlib.inflate(Array(stored.dropFirst(2)), atMost: 100) }
        #expect(throws: Zlib.Problem.damaged) { try Zlib.inflate([0x1F, 0x8B] + stored, atMost: 100) }
        let long = [UInt8](repeating: 7, count: 200_000)
        #expect(try Zlib.inflate(Zlib.stored(long), atMost: 200_000) == long)
        #expect(try Zlib.inflate(Zlib.stored([]), atMost: 1) == [])
    }

    @Test("Any bytes survive the alphabet, and no text of it says two things")
    func alphabet() throws {
        for count in 0..<70 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count * 11) }
            let text = TencentAlphabet.encode(bytes)
            #expect(text.utf8.count == (count + 2) / 3 * 4)
            #expect(try TencentAlphabet.decode(text) == bytes)
        }
        #expect(TencentAlphabet.encode([0xFB, 0xEF, 0xFF]) == "**--")
        #expect(throws: TencentAlphabet.Problem.unusedBits) { try TencentAlphabet.decode("AB__") }
        #expect(throws: TencentAlphabet.Problem.length) { try TencentAlphabet.decode("AAA") }
        #expect(throws: TencentAlphabet.Problem.length) { try TencentAlphabet.decode("A___") }
        #expect(throws: TencentAlphabet.Problem.character("_", place: 2)) { try TencentAlphabet.decode("A_AA") }
    }
}
