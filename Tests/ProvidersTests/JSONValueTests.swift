import Providers
import Testing

/// A JSON text and what it is, or what is said about it.
struct JSONRow: Sendable, CustomTestStringConvertible {
    let text: [UInt8]
    let value: JSONValue?
    let problem: String

    init(_ text: String, _ value: JSONValue) {
        self.text = Array(text.utf8)
        self.value = value
        problem = ""
    }

    init(_ text: String, says problem: String) {
        self.init(Array(text.utf8), says: problem)
    }

    init(_ bytes: [UInt8], says problem: String) {
        text = bytes
        value = nil
        self.problem = problem
    }

    var testDescription: String { String(decoding: text.prefix(60), as: UTF8.self).debugDescription }
}

@Suite("JSON values")
struct JSONValueTests {
    @Test(
        "Every form of the grammar is read",
        arguments: [
            JSONRow("null", .null), JSONRow(" \t\r\n true ", .bool(true)), JSONRow("false", .bool(false)),
            JSONRow("0", .integer(0)), JSONRow("-0", .integer(0)), JSONRow("-12", .integer(-12)),
            JSONRow("9223372036854775807", .integer(.max)), JSONRow("-9223372036854775808", .integer(.min)),
            JSONRow("9007199254740993", .integer(9_007_199_254_740_993)),
            JSONRow("9223372036854775808", .number(9_223_372_036_854_775_808)),
            JSONRow("1.5", .number(1.5)), JSONRow("1e2", .number(100)), JSONRow("1E+2", .number(100)),
            JSONRow("25e-1", .number(2.5)), JSONRow("1e-400", .number(0)),
            JSONRow(#""""#, .string("")), JSONRow(#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{C}\n\r\t")),
            JSONRow(#""\u00e9\u4E2d""#, .string("\u{E9}\u{4E2D}")), JSONRow(#""\ud83d\ude00""#, .string("😀")),
            JSONRow(#""\u0000""#, .string("\0")), JSONRow(#""中文""#, .string("中文")),
            JSONRow("[]", .array([])), JSONRow("[ 1 , [ ] ]", .array([.integer(1), .array([])])),
            JSONRow("{}", .object([])),
            JSONRow(
                #"{ "b" : 1 , "a" : [ ] }"#,
                .object([JSONMember("a", .array([])), JSONMember("b", .integer(1))])),
        ])
    func reads(_ row: JSONRow) throws {
        #expect(try JSONValue(parsing: row.text) == row.value)
    }

    @Test(
        "What is wrong is said in one sentence",
        arguments: [
            JSONRow("", says: "empty"), JSONRow("  ", says: "ends too early"),
            JSONRow("nul", says: "value should begin"),
            JSONRow("nulll", says: "after the end"), JSONRow("{} {}", says: "after the end"),
            JSONRow("'a'", says: "value should begin"), JSONRow("NaN", says: "value should begin"),
            JSONRow("Infinity", says: "value should begin"), JSONRow("+1", says: "value should begin"),
            JSONRow(".5", says: "value should begin"), JSONRow("01", says: "superfluous 0"),
            JSONRow("-01", says: "superfluous 0"), JSONRow("-", says: "ends too early"),
            JSONRow("-a", says: "digit"), JSONRow("1.", says: "ends too early"), JSONRow("1.e1", says: "digit"),
            JSONRow("1e", says: "ends too early"), JSONRow("1e+", says: "ends too early"),
            JSONRow("0x10", says: "after the end"), JSONRow("1e400", says: "out of range"),
            JSONRow("[1,]", says: "value should begin"), JSONRow("[,1]", says: "value should begin"),
            JSONRow("[1 2]", says: "comma or ]"), JSONRow("[1", says: "ends too early"),
            JSONRow("]", says: "value should begin"), JSONRow("{", says: "ends too early"),
            JSONRow(#"{"a"}"#, says: "colon"), JSONRow(#"{"a":}"#, says: "value should begin"),
            JSONRow(#"{"a":1,}"#, says: "name should begin"), JSONRow(#"{"a":1 "b":2}"#, says: "comma or }"),
            JSONRow("{a:1}", says: "name should begin"), JSONRow("{1:1}", says: "name should begin"),
            JSONRow(#"{"a":1,"a":1}"#, says: #""a" stands twice"#),
            JSONRow(#"{"a":1,"\u0061":2}"#, says: #""a" stands twice"#),
            JSONRow(#"{"x":{"b":1,"c":2,"b":3}}"#, says: #""b" stands twice"#),
            JSONRow(#""a"#, says: "no end"), JSONRow(#""\"#, says: "ends too early"),
            JSONRow(#""\x""#, says: "after a backslash"), JSONRow(#""\u12g4""#, says: "hexadecimal"),
            JSONRow(#""\u12"#, says: "ends too early"), JSONRow(#""\ud83d""#, says: "half a surrogate"),
            JSONRow(#""\ud83d\n""#, says: "half a surrogate"), JSONRow(#""\ud83dA""#, says: "half a surrogate"),
            JSONRow(#""\ude00""#, says: "half a surrogate"), JSONRow("\"a\nb\"", says: "control character"),
            JSONRow("\"\u{0}\"", says: "control character"), JSONRow("\u{FEFF}{}", says: "value should begin"),
            JSONRow([0x22, 0xFF, 0x22], says: "UTF-8"), JSONRow([0x22, 0xC0, 0x80, 0x22], says: "UTF-8"),
            JSONRow([0x22, 0xED, 0xA0, 0x80, 0x22], says: "UTF-8"), JSONRow([0x22, 0xE4, 0xB8, 0x22], says: "UTF-8"),
            JSONRow([0x00], says: "value should begin"),
            JSONRow(String(repeating: "[", count: 33) + String(repeating: "]", count: 33), says: "deeper than 32"),
            JSONRow(String(repeating: "[", count: 100_000), says: "deeper than 32"),
            JSONRow(String(repeating: #"{"a":"#, count: 33), says: "deeper than 32"),
        ])
    func refuses(_ row: JSONRow) {
        let problem = #expect(throws: JSONProblem.self) { try JSONValue(parsing: row.text) }
        let text = problem?.text ?? ""
        #expect(text.contains(row.problem), "said: \(text)")
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
    }

    @Test("Thirty-two levels are read")
    func readsThirtyTwoLevels() throws {
        let text = String(repeating: "[", count: 32) + String(repeating: "]", count: 32)
        let value = try JSONValue(parsing: Array(text.utf8))
        #expect(value.encoded() == Array(text.utf8))
    }

    @Test("A repeated name is quoted without its control characters and no longer than forty characters")
    func shortensNames() {
        let name = #"\u001b[31m"# + String(repeating: "x", count: 5000)
        let text = "{\"\(name)\":1,\"\(name)\":2}"
        let problem = #expect(throws: JSONProblem.self) { try JSONValue(parsing: Array(text.utf8)) }
        #expect((problem?.text.count ?? 0) < 120)
        #expect(problem?.text.contains("\u{1B}") == false)
    }

    @Test("Members are written in their order and control characters escaped")
    func encodes() {
        let value = JSONValue.fields([
            "z": .string("\"\\/\u{8}\u{C}\n\r\t\u{1}\u{1B}\u{7F}\u{9B}\u{2028}中😀"), "none": nil, "a": .array([.null]),
            "n": .number(0.5), "i": .integer(-3), "b": .bool(false), "x": .number(.infinity),
        ])
        let expected =
            #"{"z":"\"\\/\b\f\n\r\t\u0001\u001b\u007f\u009b\u2028中😀","a":[null],"n":0.5,"i":-3,"b":false,"x":null}"#
        #expect(String(decoding: value.encoded(), as: UTF8.self) == expected)
    }

    @Test("What was written is read back", arguments: [0, 1, 2, 3, 4, 5, 6, 7])
    func roundTrips(_ seed: UInt64) throws {
        var maker = JSONMaker(seed: seed)
        for _ in 0..<200 {
            let value = maker.value(depth: 0)
            let bytes = value.encoded()
            let read = try JSONValue(parsing: bytes)
            #expect(read == value)
            #expect(read.encoded() == bytes)
        }
    }

    @Test("Names are compared byte by byte: the Kelvin sign is no K")
    func comparesNamesByBytes() throws {
        let value = try JSONValue(parsing: Array("{\"\u{212A}\":1,\"K\":2}".utf8))
        #expect(value["K"] == .integer(2))
        #expect(value["\u{212A}"] == .integer(1))
    }

    @Test("An accessor answers its own kind only")
    func accessors() {
        let all: [JSONValue] = [
            .null, .bool(true), .integer(1), .number(1), .string("s"), .array([]), .object([]),
        ]
        #expect(all.map { $0.bool != nil } == [false, true, false, false, false, false, false])
        #expect(all.map { $0.int != nil } == [false, false, true, false, false, false, false])
        #expect(all.map { $0.text != nil } == [false, false, false, false, true, false, false])
        #expect(all.map { $0.array != nil } == [false, false, false, false, false, true, false])
        #expect(all.map { $0.members != nil } == [false, false, false, false, false, false, true])
    }
}
