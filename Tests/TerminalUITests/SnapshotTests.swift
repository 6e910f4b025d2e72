import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

@Suite("Pictures of the screen")
struct SnapshotTests {
    private func check(_ model: Model, _ name: String, glyphs: Glyphs = .unicode, withStyles: Bool = false) throws {
        try Snapshot.check(view(model, size: model.size, glyphs: glyphs), named: name, withStyles: withStyles)
    }

    @Test("The first frame looks right before the lab has said anything")
    func first() throws {
        try check(try Sample.model(), "first-80x24")
    }

    @Test("A device online, one stopped, at both sizes", arguments: [Sample.small, Sample.large])
    func online(size: Size) throws {
        let lab = Sample.lab([try Sample.online(), try Sample.second()])
        let model = try Sample.model(lab, size: size, entries: Sample.walk())
        try check(model, "online-\(size.columns)x\(size.rows)", withStyles: size == Sample.small)
    }

    @Test("Devices of several providers are listed with their providers' names")
    func mixed() throws {
        var devices = [try Sample.online(), try Sample.second(), try Sample.second()]
        devices[1].provider = "tencent"
        devices[2].name = "C"
        devices[2].provider = "easemob"
        var model = try Sample.model(Sample.lab(devices), entries: Sample.walk())
        _ = update(&model, .key(.character("2")))
        // Whose accounts are not known yet, they can be logged in all the same.
        #expect(model.people.map(\.user) == Sample.people.map(\.user))
        #expect(model.people.allSatisfy { $0.account == nil })
        try check(model, "mixed-80x24")
    }

    @Test(
        "A device that waits shows the countdown and its place in the back-off table",
        arguments: [
            Sample.small, Sample.large,
        ])
    func waiting(size: Size) throws {
        let lab = Sample.lab([try Sample.waiting(), try Sample.second()])
        let model = try Sample.model(lab, size: size, entries: Sample.walk())
        try check(model, "waiting-\(size.columns)x\(size.rows)", withStyles: size == Sample.small)
    }

    @Test("The countdown is read in full however long the state's words are")
    func countdown() throws {
        var device = try Sample.waiting()
        device.sdkStateKind = .waitingForNetwork
        device.sdkState = "waiting for the network"
        device.mode = "automatic, forced"
        device.timers = [Sample.timer("next attempt", .sdk, from: 0, to: 64)]
        let text = try Sample.model(Sample.lab([device])).text()
        #expect(text.contains("no network  next attempt in 64 s"))
        #expect(text.contains("logged out · waiting · automatic, forced"))
        let wide = try Sample.model(Sample.lab([device]), size: Sample.large).text()
        #expect(wide.contains("waiting for the network  next attempt in 64 s  ░░░░░░░░░░"))
    }

    @Test("A stopped device tells the one reason in full")
    func stopped() throws {
        let model = try Sample.model(Sample.lab([try Sample.stopped(), try Sample.second()]), entries: Sample.walk())
        try check(model, "stopped-80x24")
    }

    @Test("ASCII signs give an ASCII screen, whatever the names are")
    func ascii() throws {
        let model = try Sample.model(Sample.lab([try Sample.waiting(), try Sample.second()]), entries: Sample.walk())
        let frame = view(model, size: model.size, glyphs: .ascii)
        #expect(frame.plainText().utf8.allSatisfy { $0 < 0x80 })
        try Snapshot.check(frame, named: "ascii-80x24")
    }

    @Test("A login under way shows its steps and what the app waits for")
    func loggingIn() throws {
        var device = try Sample.online()
        device.sdkStateKind = .authenticating
        device.sdkState = "authenticating"
        device.loginStatus = "logging in"
        device.appState = "login screen"
        device.timers = [Sample.timer("login answer", .sdk, from: 0, to: 30)]
        device.others = []
        try check(try Sample.model(Sample.lab([device]), entries: Sample.walk()), "logging-in-80x24")
    }

    @Test("Long names, CJK names and a shown token stay in their places")
    func names() throws {
        var device = try Sample.online()
        device.user = "小雨小雨小雨小雨小雨"
        device.appState = "signed in as 小雨小雨小雨小雨小雨"
        device.tokenText = String(repeating: "9f86d081", count: 16)
        var lab = Sample.lab([device])
        lab.facts["commsease", default: ProviderFacts()].people = [
            PersonView(user: "小雨小雨小雨小雨小雨", demoPassword: "很长很长很长很长的密码"),
            PersonView(user: String(repeating: "x", count: 64)),
            PersonView(user: "\u{202E}evil\u{1B}[31m", demoPassword: "a\u{7}b", isBanned: true),
        ]
        try check(try Sample.model(lab, entries: Sample.walk()), "names-80x24")
    }

    @Test("Nine devices and twelve people fit")
    func many() throws {
        var devices: [DeviceSnapshot] = []
        for letter in "ABCDEFGHI" {
            var device = try Sample.second()
            device.name = String(letter)
            devices.append(device)
        }
        var lab = Sample.lab(devices)
        lab.facts["commsease", default: ProviderFacts()].people = (1...12).map {
            PersonView(user: "person\($0)", demoPassword: "word-\($0)")
        }
        try check(try Sample.model(lab), "many-80x24")
    }

    @Test("The zoomed timeline keeps the devices in one row")
    func zoomed() throws {
        var model = try Sample.model(
            Sample.lab([try Sample.waiting(), try Sample.second()]), entries: Sample.walk())
        _ = model.press(.character("z"))
        try check(model, "zoomed-80x24")
    }

    @Test("The selected entry points at its cause and its effects")
    func relations() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]), entries: Sample.walk())
        _ = model.press(.home, .down, .down)
        try check(model, "relations-80x24", withStyles: true)
    }

    @Test("A backend that is killed, failed or somebody else's is named in the title")
    func backends() throws {
        var texts: [String] = []
        for backend in [
            BackendStatus.killed, .failed("Port 5123 is taken: choose another one with --app-server-port."),
            .foreign("http://127.0.0.1:8080"),
        ] {
            var lab = Sample.lab([try Sample.loggedOut()])
            lab.backend = backend
            lab.facts["commsease", default: ProviderFacts()].people = []
            lab.timeScale = 10
            lab.facts["commsease", default: ProviderFacts()].settings = SettingsView(
                devicePolicy: 3, tokenKind: .dynamic, tokenLifetime: 60)
            texts.append(try Sample.model(lab).text())
        }
        try Snapshot.check(text: texts.joined(separator: "\n\n") + "\n", named: "backends-80x24")
    }

    @Test("A window that is too small is told both numbers", arguments: [(79, 24), (80, 23), (20, 5), (5, 2)])
    func tooSmall(columns: Int, rows: Int) throws {
        let size = Size(columns: columns, rows: rows)
        let model = try Sample.model(Sample.lab([try Sample.online()]), size: size)
        try check(model, "too-small-\(columns)x\(rows)")
    }

    @Test("The opened entry shows fields, rule with its source, causes and effects")
    func entry() throws {
        for size in [Sample.small, Sample.large] {
            var model = try Sample.model(Sample.lab([try Sample.online()]), size: size, entries: Sample.walk())
            _ = model.press(.home)
            for _ in 0..<5 { _ = model.press(.down) }
            _ = model.press(.enter)
            // The rule's words are the provider's; here only that they are there.
            let text = model.text()
            #expect(text.contains("Rule CE-7.1-302"))
            #expect(text.contains("known from"))
            #expect(text.contains("source"))
            #expect(text.contains("code        302"))
        }
    }

    @Test("An opened entry without a rule", arguments: [Sample.small])
    func plainEntry(size: Size) throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]), size: size, entries: Sample.walk())
        _ = model.press(.home, .down, .enter)
        try check(model, "entry-\(size.columns)x\(size.rows)")
    }

    @Test("The help, from the top, searched, and as a palette")
    func help() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        _ = model.press(.character("?"))
        try check(model, "help-80x24")
        _ = model.type("token")
        try check(model, "help-searched-80x24")
        _ = model.press(.escape, .character(":"))
        try check(model, "palette-80x24")
    }

    @Test("Every form", arguments: ["r", "l", "t", "e"])
    func forms(key: String) throws {
        var device = try Sample.loggedOut()
        if key == "e" { device = try Sample.online() }
        var model = try Sample.model(Sample.lab([device, try Sample.second()]), entries: Sample.walk())
        _ = model.type(key)
        try check(model, "form-\(key)-80x24", withStyles: key == "l")
    }

    @Test("Forms with wrong fields, a failure and typed CJK text")
    func formProblems() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type("r")
        _ = model.type("小雨")
        _ = model.press(.enter, .enter)
        _ = model.type("Not an account!")
        _ = model.press(.enter)
        try check(model, "form-problems-80x24", withStyles: true)
        _ = model.type("竹林")
        _ = model.press(.tab, .control("u"))
        _ = model.type("xiao")
        _ = model.press(.enter)
        _ = update(&model, .commandFailed("user_taken: 小雨 is a user already, choose another name."))
        try check(model, "form-failed-80x24")
    }

    @Test("Every menu", arguments: ["n", "u", "s", "b", "k"])
    func menus(key: String) throws {
        var model = try Sample.model(Sample.lab([try Sample.online(), try Sample.second()]), entries: Sample.walk())
        _ = model.type(key)
        try check(model, "menu-\(key)-80x24", withStyles: key == "s")
    }

    @Test("Menus of menus, and forms from menus", arguments: ["sd", "sg", "so", "sp", "sl", "up", "uk", "ux", "ut"])
    func submenus(keys: String) throws {
        var device = try Sample.stopped()
        device.user = "mia"
        var model = try Sample.model(Sample.lab([device]), entries: Sample.walk())
        _ = model.type(keys)
        try check(model, "menu-\(keys)-80x24")
    }

    @Test("The filter line and a filtered timeline")
    func filter() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]), entries: Sample.walk())
        _ = model.type("/302")
        try check(model, "filter-80x24")
        _ = model.press(.enter)
        try check(model, "filtered-80x24")
    }

    @Test("A key that cannot be used says why")
    func disabled() throws {
        var model = try Sample.model(Sample.lab([try Sample.second()]))
        _ = model.press(.character("a"))
        try check(model, "disabled-80x24")
    }
}
