import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

@Suite("Forms")
struct FormTests {
    /// A text typed into one field of a form, and whether it is taken.
    struct Row: Sendable, CustomTestStringConvertible {
        let keys: String
        let field: FormField.ID
        let text: String
        let isTaken: Bool
        var testDescription: String { "\(field) \(text.prefix(20).debugDescription), \(text.count)" }
    }

    static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    static let rows: [Row] = [
        Row(keys: "r", field: .user, text: "", isTaken: false),
        Row(keys: "r", field: .user, text: "m", isTaken: true),
        Row(keys: "r", field: .user, text: many("m", 64), isTaken: true),
        Row(keys: "r", field: .user, text: many("m", 65), isTaken: false),
        Row(keys: "r", field: .user, text: many("雨", 64), isTaken: true),
        Row(keys: "r", field: .user, text: "tab\u{9}ular", isTaken: false),
        Row(keys: "r", field: .user, text: "bell\u{7}", isTaken: false),
        Row(keys: "r", field: .user, text: "c1\u{85}", isTaken: false),
        Row(keys: "r", field: .user, text: "smile 🙂 \u{202E}", isTaken: true),
        Row(keys: "r", field: .password, text: "", isTaken: false),
        Row(keys: "r", field: .password, text: many("p", 128), isTaken: true),
        Row(keys: "r", field: .password, text: many("p", 129), isTaken: false),
        Row(keys: "r", field: .account, text: "", isTaken: true),
        Row(keys: "r", field: .account, text: "abc_@.-9", isTaken: true),
        Row(keys: "r", field: .account, text: many("a", 32), isTaken: true),
        Row(keys: "r", field: .account, text: many("a", 33), isTaken: false),
        Row(keys: "r", field: .account, text: "has space", isTaken: false),
        Row(keys: "r", field: .account, text: "小雨", isTaken: false),
        Row(keys: "t", field: .account, text: "", isTaken: false),
        Row(keys: "t", field: .token, text: "", isTaken: false),
        Row(keys: "t", field: .token, text: many("t", 128), isTaken: true),
        Row(keys: "uk", field: .notify, text: "", isTaken: true),
        Row(keys: "uk", field: .notify, text: many("字", 256), isTaken: true),
        Row(keys: "uk", field: .notify, text: many("字", 257), isTaken: false),
        Row(keys: "sl", field: .seconds, text: "1", isTaken: true),
        Row(keys: "sl", field: .seconds, text: "31536000", isTaken: true),
        Row(keys: "sl", field: .seconds, text: "31536001", isTaken: false),
        Row(keys: "sl", field: .seconds, text: "0", isTaken: false),
        Row(keys: "sl", field: .seconds, text: "-5", isTaken: false),
        Row(keys: "sl", field: .seconds, text: "ten", isTaken: false),
        Row(keys: "sl", field: .seconds, text: "99999999999999999999", isTaken: false),
    ]

    @Test("Each field takes what the server takes, and else answers in one sentence beside itself", arguments: rows)
    func validation(row: Row) throws {
        var device = try Sample.loggedOut()
        device.user = "mia"
        device.account = "k3j2h4x8q1"
        var model = try Sample.model(Sample.lab([device]))
        _ = model.type(row.keys)
        var form = try #require(model.form)
        for index in form.fields.indices {
            let text =
                switch form.fields[index].id {
                case row.field: row.text
                case .seconds: "60"
                case .kind: "dynamic"
                default: "good"
                }
            form.fields[index].input = TextInput(text)
        }
        let command = form.command(try Sample.provider())
        #expect((command != nil) == row.isTaken)
        let problems = form.fields.compactMap(\.problem)
        #expect(problems.isEmpty == row.isTaken)
        if let problem = problems.first {
            #expect(form.fields[form.focus].id == row.field, "the cursor goes to the wrong field")
            #expect(problem.hasSuffix("."))
        }
    }

    @Test(
        "A login form that was opened before anybody was known is filled in once somebody is, unless it was typed into")
    func lateNames() throws {
        var early = Sample.lab([try Sample.loggedOut()])
        early.facts = [:]
        let known = Sample.lab([try Sample.loggedOut()])
        for typed in ["", "z"] {
            var model = try Sample.model(early)
            _ = model.type("l" + typed)
            _ = update(&model, .snapshot(known))
            guard case .form(let form)? = model.popups.last else {
                Issue.record("the form is gone")
                return
            }
            #expect(form.text(.user) == (typed.isEmpty ? "mia" : typed))
            #expect(form.text(.password).isEmpty == !typed.isEmpty)
        }
    }

    @Test("An account is sent as the provider stores it")
    func lowerCase() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("tMiA")
        _ = model.press(.tab)
        _ = model.type("Token")
        #expect(
            model.press(.enter, .enter) == [
                .tokenLogin(device: "A", account: "mia", token: Secret("Token", kind: .token), kind: .fixed)
            ])
    }

    @Test("What a typed token is, is chosen among what the provider has")
    func tokenKinds() throws {
        for (keys, kind) in [
            ([Key.down], AuthenticationKind.dynamic), ([.down, .down], .callback), ([.up], .callback),
            ([.character("d")], .dynamic), ([.character("c"), .character("S")], .fixed),
            ([.character("x"), .backspace], .fixed),
        ] {
            var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
            _ = model.type("tmia")
            _ = model.press(.tab)
            _ = model.type("Token")
            _ = model.press(.tab)
            for key in keys { _ = model.press(key) }
            #expect(
                model.press(.enter) == [
                    .tokenLogin(device: "A", account: "mia", token: Secret("Token", kind: .token), kind: kind)
                ], "\(keys)")
        }
    }

    @Test("A typed token is taken for one of the kind that the app server gives out")
    func likelyKind() throws {
        var lab = Sample.lab([try Sample.loggedOut()])
        lab.facts["commsease"]?.settings?.tokenKind = .dynamic
        var model = try Sample.model(lab)
        _ = model.type("t")
        #expect(model.form?.text(.kind) == "dynamic")
    }

    @Test("Typing stops at 512 characters and says so; a paste of 100,000 is no trouble")
    func full() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("r")
        _ = model.type(Self.many("x", 512))
        #expect(model.form?.fields[0].problem == nil)
        _ = model.type(Self.many("界", 100_000))
        #expect(model.form?.text(.user).count == 512)
        #expect(model.form?.fields[0].problem == "The field is full: 512 characters are the most.")
        #expect(model.text().contains("The field is full"))
    }

    @Test("Editing keys")
    func editing() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("r")
        _ = model.type("one two  three")
        func text() -> String { model.form?.text(.user) ?? "" }
        _ = model.press(.control("w"))
        #expect(text() == "one two  ")
        _ = model.press(.control("w"), .backspace)
        #expect(text() == "one")
        _ = model.press(.home, .delete, .character("O"), .right, .character("-"))
        #expect(text() == "On-e")
        _ = model.press(.left, .control("u"))
        #expect(text() == "-e")
        _ = model.press(.end, .right, .left, .left, .left, .left, .delete)
        #expect(text() == "e")
        _ = model.press(.backTab)
        #expect(model.form?.focus == 2)
        _ = model.press(.tab)
        #expect(model.form?.focus == 0)
    }

    @Test("A combining mark joins its letter, and one Backspace takes both")
    func combining() {
        var input = TextInput()
        input.insert("e")
        input.insert("\u{301}")
        #expect(input.characters.count == 1)
        #expect(input.cursor == 1)
        input.backspace()
        #expect(input.isEmpty)
        for _ in 0..<2000 { input.insert("\u{301}") }
        #expect(input.text.unicodeScalars.count == 512)
    }

    @Test("The cursor stands behind wide characters, and a long text scrolls under it")
    func cursor() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("r")
        let empty = try #require(view(model, size: Sample.small).cursor)
        _ = model.type("小雨a")
        #expect(view(model, size: Sample.small).cursor == Point(x: empty.x + 5, y: empty.y))
        _ = model.press(.left, .left)
        #expect(view(model, size: Sample.small).cursor == Point(x: empty.x + 2, y: empty.y))
        _ = model.type(Self.many("雨", 200))
        let far = try #require(view(model, size: Sample.small).cursor)
        #expect(far.y == empty.y)
        #expect(far.x > empty.x + 40 && far.x < 78)
    }

    @Test("Passwords and typed tokens are dots until Ctrl-T")
    func masked() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("r")
        _ = model.press(.tab)
        _ = model.type("swordfish")
        #expect(!model.text().contains("swordfish"))
        _ = model.press(.control("t"))
        #expect(model.text().contains("swordfish"))
    }

    @Test("A problem goes when its field is changed")
    func solved() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("r")
        _ = model.press(.enter, .enter, .enter)
        #expect(model.form?.focus == 0)
        #expect(model.form?.fields[0].problem != nil)
        _ = model.type("x")
        #expect(model.form?.fields[0].problem == nil)
        #expect(model.form?.fields[1].problem != nil)
    }
}
