import Foundation
import Testing

/// Who may import whom; the module graph of the project, as data.
private let table: [String: Set<String>] = {
    let nio: Set<String> = ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket"]
    let system: Set<String> = ["Foundation", "Glibc", "Dispatch", "Synchronization"]
    let pure: [String: Set<String>] = [
        "LoginCore": [],
        "TerminalFrame": [],
        "TerminalUI": ["TerminalFrame", "LoginCore", "Providers"],
    ]
    let others: [String: Set<String>] = [
        "Providers": ["LoginCore", "Crypto", "CZlib"],
        "Cloud": ["LoginCore", "Providers", "Crypto"],
        "Scenarios": ["LoginCore", "Providers", "Cloud", "HeapModule", "Yams"],
        "Services": nio.union(["LoginCore", "Providers", "NIOSSL", "AsyncHTTPClient", "GRDB", "Logging"]),
        "LoginClient": ["LoginCore", "Providers", "Services", "Logging"],
        "CloudServer": nio.union([
            "Cloud", "Providers", "LoginCore", "NIOSSL", "X509", "SwiftASN1", "Crypto", "Hummingbird",
            "HummingbirdCore", "HummingbirdTLS", "AsyncHTTPClient", "GRDB", "Logging",
        ]),
        "CZlib": [],
        "latchkey-benchmarks": ["LoginCore", "Providers", "Cloud", "Scenarios"],
        "CCurses": [],
        "Curses": ["CCurses", "TerminalFrame"],
        "latchkey": [
            "LoginCore", "Providers", "Cloud", "Scenarios", "Services", "LoginClient", "CloudServer", "TerminalFrame",
            "TerminalUI", "Curses", "Logging", "ArgumentParser",
            // Who composes the program owns its event loops.
            "NIOPosix",
        ],
    ]
    return pure.merging(others.mapValues { $0.union(system) }) { first, _ in first }
}()

/// The modules that a Swift text imports, whatever stands before and after the word.
func imports(in text: String) -> [String] {
    let kinds: Set = ["struct", "class", "enum", "protocol", "typealias", "func", "let", "var", "actor"]
    let access: Set = ["public", "package", "internal", "private", "fileprivate"]
    return text.split(whereSeparator: { $0 == "\n" || $0 == ";" }).compactMap { line in
        var words = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        while let first = words.first, first.hasPrefix("@") || access.contains(first) { words.removeFirst() }
        guard words.first == "import" else { return nil }
        words.removeFirst()
        if let kind = words.first, kinds.contains(kind) { words.removeFirst() }
        return words.first.flatMap { $0.split(separator: ".").first.map(String.init) }
    }
}

@Suite("The module graph")
struct ImportTests {
    @Test("Import lines are found in every form")
    func reading() {
        let text = """
            import A
            @testable import B
            package import C
            import struct D.Thing
              @preconcurrency @_spi(Deep) public import E.Sub; import F
            // import G
            let importance = 1
            """
        #expect(imports(in: text) == ["A", "B", "C", "D", "E", "F"])
    }

    @Test("No target imports what the table does not give it")
    func importsAreInTheTable() throws {
        for file in try Tree.sources() {
            let allowed = try #require(table[file.target], "\(file.target) is not in the table")
            for module in imports(in: file.text) {
                #expect(allowed.contains(module), "\(file.path) imports \(module)")
            }
        }
    }

    @Test("Every target of the manifest is in the table, and nothing else is")
    func targets() throws {
        let manifest = try String(contentsOf: Tree.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        let pattern = try Regex(#"\.(target|executableTarget|systemLibrary)\(\s*name: "([A-Za-z-]+)""#)
        let names = manifest.matches(of: pattern).compactMap { $0.output[2].substring.map(String.init) }
        // The program that the tests kill lives under Tests.
        #expect(Set(names).subtracting(["embed-stories", "store-exerciser", "story-exerciser"]) == Set(table.keys))
        #expect(names.count == Set(names).count)
    }

    @Test("Only the shim's own file knows curses, and its header does not show it")
    func curses() throws {
        let pattern = try Regex(#"#\s*(include|import)\s*[<"]n?curses"#)
        let including = try Tree.files("Sources", [".c", ".h", ".swift"]).filter { $0.text.contains(pattern) }
        #expect(including.map(\.path) == ["Sources/CCurses/CCurses.c"])
    }
}
