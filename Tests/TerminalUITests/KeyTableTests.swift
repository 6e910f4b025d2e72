import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

@Suite("The key table")
struct KeyTableTests {
    @Test("No key has two meanings in one scope")
    func unique() {
        for scope in KeyScope.allCases {
            let keys = KeyTable.bindings(in: scope).flatMap(\.keys)
            #expect(Set(keys).count == keys.count, "in \(scope)")
        }
    }

    @Test("No row is hidden by a row of a scope that is asked first")
    func reachable() {
        for scope in [KeyScope.lab, .film, .form, .menu, .stories, .entry, .help, .filter] {
            for binding in KeyTable.bindings(in: scope) {
                for key in binding.keys {
                    #expect(KeyTable.binding(key, in: scope)?.action == binding.action, "\(binding.label) in \(scope)")
                }
            }
        }
    }

    @Test("Every action has a key", arguments: Action.allCases)
    func everyAction(action: Action) {
        #expect(KeyTable.binding(for: action) != nil)
    }

    @Test("Quit, redraw and suspend work in every scope", arguments: KeyScope.allCases)
    func everywhere(scope: KeyScope) {
        #expect(KeyTable.binding(.control("c"), in: scope)?.action == .quit)
        #expect(KeyTable.binding(.control("l"), in: scope)?.action == .redraw)
        #expect(KeyTable.binding(.control("z"), in: scope)?.action == .suspend)
    }

    @Test("The help texts fit into the help at 80 columns, and every row has words")
    func widths() {
        for binding in KeyTable.all {
            #expect(!binding.hint.isEmpty && !binding.help.isEmpty && !binding.label.isEmpty)
            #expect(binding.help.count <= 61, "\(binding.label): \(binding.help)")
            #expect(binding.label.count <= 10, "\(binding.label)")
        }
    }

    @Test("The help shows every row of the table when scrolled through")
    func helpIsComplete() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        _ = model.press(.character("?"))
        var seen = ""
        for _ in KeyTable.all {
            seen += model.text()
            _ = model.press(.down)
        }
        for binding in KeyTable.all { #expect(seen.contains(binding.help), "\(binding.label)") }
        #expect(seen.contains("stopped for good"))
    }

    @Test("The footer shows what can be done, from the table, and leaves out what cannot")
    func footer() throws {
        func footer(_ model: Model) -> [Substring] { Array(model.text().split(separator: "\n").suffix(2)) }
        let online = footer(try Sample.model(Sample.lab([try Sample.online()])))
        #expect(online.joined().contains("o log out"))
        #expect(!online.joined().contains("l log in"))
        #expect(online.last?.hasSuffix("? help  q quit") == true)
        let loggedOut = footer(try Sample.model(Sample.lab([try Sample.loggedOut()])))
        #expect(loggedOut.joined().contains("l log in"))
        #expect(!loggedOut.joined().contains("o log out"))
        var form = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = form.press(.character("l"))
        #expect(footer(form).joined().contains("Esc cancel"))
    }

    @Test("The Markdown table has a line for each row")
    func markdown() throws {
        let markdown = KeyTable.markdown()
        for binding in KeyTable.all { #expect(markdown.contains("| `\(binding.label)` | \(binding.help) |")) }
        #expect(!markdown.contains("| `|` |"))
        try Snapshot.check(text: markdown, named: "key-table")
    }

    @Test("Letters are unique in every menu")
    func menuLetters() throws {
        var device = try Sample.online()
        device.options = CommsEase.v10.policy.options
        device.others = (1...12).map { OnlineClient(id: "s-\($0)", clientType: 1) }
        let model = try Sample.model(Sample.lab([device]))
        for kind in [
            Menu.Kind.network(device: "A"), .kickOthers(device: "A"), .operators(user: nil), .people,
            .settings(device: "A"), .platform(device: "A"), .generation(device: "A"), .options(device: "A"),
            .devicePolicy, .backend, .deletion(account: "k3j2h4x8q1"),
        ] {
            let letters = Menu(kind).items(model).compactMap(\.key)
            #expect(Set(letters).count == letters.count, "in \(kind)")
            #expect(!letters.contains("q"), "q goes back")
        }
    }
}
