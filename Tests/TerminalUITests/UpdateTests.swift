import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

@Suite("Keys become commands")
struct UpdateTests {
    /// What is pressed with which device on the screen, and what the lab is asked for.
    struct Row: CustomTestStringConvertible, Sendable {
        let keys: String
        let device: DeviceSnapshot
        let commands: [LabCommand]
        var testDescription: String { "\(keys) on \(device.sdkStateKind)" }
    }

    static func rows() throws -> [Row] {
        let out = try Sample.loggedOut()
        let online = try Sample.online()
        let waiting = try Sample.waiting()
        let password = Secret("lantern-42", kind: .password)
        var saved = out
        saved.savedLogin = SavedLoginView(text: "usable for automatic login", isUsable: true)
        var dead = online
        dead.isRunning = false
        var behind = online
        behind.isInBackground = true
        var open = online
        open.tokenText = "secret"
        let android = try Sample.platform("Android")
        var v10 = out
        v10.generation = "v10"
        v10.options = CommsEase.v10.policy.options
        var forcing = v10.options
        forcing.calls?.forceMode = true
        var tencent = online
        tencent.provider = "tencent"
        var easemob = online
        easemob.provider = "easemob"
        var foregroundOnly = out.options
        foregroundOnly.reconnectsInBackground = false
        return [
            Row(keys: "l\n\n", device: out, commands: [.signIn(device: "A", user: "mia", password: password)]),
            Row(keys: "a", device: saved, commands: [.automaticLogin(device: "A", forced: false)]),
            Row(keys: "f", device: saved, commands: [.automaticLogin(device: "A", forced: true)]),
            Row(keys: "a", device: out, commands: []),
            Row(keys: "a", device: online, commands: []),
            Row(keys: "l", device: waiting, commands: []),
            Row(keys: "o", device: online, commands: [.logOut(device: "A")]),
            Row(keys: "o", device: waiting, commands: [.logOut(device: "A")]),
            Row(keys: "o", device: out, commands: []),
            Row(keys: "e\n", device: online, commands: [.echo(device: "A", text: "hello")]),
            Row(keys: "e", device: waiting, commands: []),
            Row(keys: "k\n", device: online, commands: [.kickOthers(device: "A", clients: ["s-3"])]),
            Row(keys: "k", device: waiting, commands: []),
            Row(keys: "x", device: online, commands: [.cut(device: "A")]),
            Row(keys: "x", device: out, commands: []),
            Row(keys: "g", device: online, commands: [.background(device: "A")]),
            Row(keys: "g", device: behind, commands: [.foreground(device: "A")]),
            Row(keys: "R", device: dead, commands: [.restartApp(device: "A")]),
            Row(keys: "E", device: online, commands: [.stopApp(device: "A")]),
            Row(keys: "E", device: dead, commands: [.startApp(device: "A")]),
            Row(keys: "l", device: dead, commands: []),
            Row(keys: "w", device: online, commands: [.renewNow(device: "A")]),
            Row(keys: "w", device: out, commands: []),
            Row(keys: "v", device: online, commands: [.revealToken(device: "A")]),
            Row(keys: "v", device: open, commands: [.hideToken(device: "A")]),
            Row(keys: "v", device: out, commands: []),
            Row(keys: "+", device: out, commands: [.addDevice]),
            Row(keys: "n0", device: waiting, commands: [.setNetwork(device: "A", mode: .pass, scope: .everything)]),
            Row(keys: "n1", device: out, commands: [.setNetwork(device: "A", mode: .offline, scope: .everything)]),
            Row(keys: "n5", device: out, commands: [.setNetwork(device: "A", mode: .silent, scope: .link)]),
            Row(keys: "n9", device: out, commands: [.setNetwork(device: "A", mode: .refusing, scope: .appServer)]),
            Row(keys: "ub", device: online, commands: [.ban(account: "k3j2h4x8q1", kick: false, notify: nil)]),
            Row(
                keys: "ukbye\n", device: online,
                commands: [.ban(account: "k3j2h4x8q1", kick: true, notify: "bye")]),
            Row(keys: "un", device: online, commands: []),
            Row(keys: "up2n", device: online, commands: [.unban(account: "p0w9e8r7t6")]),
            Row(keys: "up3b", device: online, commands: []),
            Row(keys: "ux\n", device: online, commands: [.kickAccount(account: "k3j2h4x8q1", notify: nil)]),
            Row(keys: "ut\n", device: online, commands: [.updateToken(account: "k3j2h4x8q1", token: nil)]),
            Row(
                keys: "utnew\n", device: online,
                commands: [.updateToken(account: "k3j2h4x8q1", token: Secret("new", kind: .token))]),
            Row(keys: "ur", device: online, commands: [.refreshToken(account: "k3j2h4x8q1")]),
            Row(keys: "sf", device: online, commands: [.setProductForm(device: "A", .attached)]),
            Row(keys: "sr", device: online, commands: [.setAfterRefusal(device: "A", .ask)]),
            Row(keys: "se", device: online, commands: [.setEarlyRenewal(device: "A", false)]),
            Row(keys: "sp3", device: v10, commands: [.setPlatform(device: "A", android)]),
            Row(keys: "sg2", device: out, commands: [.setGeneration(device: "A", provider: "commsease", "v9-android")]),
            Row(keys: "sg3", device: out, commands: [.setGeneration(device: "A", provider: "commsease", "v10")]),
            Row(keys: "sg3", device: online, commands: []),
            Row(keys: "sg4", device: out, commands: [.setGeneration(device: "A", provider: "tencent", "v2tim")]),
            Row(keys: "sg8", device: out, commands: [.setGeneration(device: "A", provider: "easemob", "v5-ios")]),
            // What every provider has of its own is asked of the selected device's.
            Row(keys: "sd4", device: tencent, commands: [.about(provider: "tencent", .setDevicePolicy(4))]),
            Row(
                keys: "ux\n", device: tencent,
                commands: [.about(provider: "tencent", .kickAccount(account: "k3j2h4x8q1", notify: nil))]),
            Row(
                keys: "uo1", device: easemob,
                commands: [.about(provider: "easemob", .kickDevice(account: "k3j2h4x8q1", device: "A"))]),
            Row(keys: "o", device: tencent, commands: [.logOut(device: "A")]),
            Row(keys: "sob", device: out, commands: [.setOptions(device: "A", foregroundOnly)]),
            Row(keys: "sof", device: v10, commands: [.setOptions(device: "A", forcing)]),
            Row(keys: "sp", device: online, commands: []),
            Row(keys: "sd3", device: online, commands: [.setDevicePolicy(3)]),
            Row(keys: "sk", device: online, commands: [.setTokenKind(.dynamic)]),
            Row(keys: "sl\n", device: online, commands: [.setTokenLifetime(seconds: 600)]),
            Row(keys: "bk", device: online, commands: [.killBackend]),
            Row(keys: "bs", device: online, commands: []),
            Row(keys: "q", device: online, commands: [.quit]),
        ]
    }

    @Test("Each command has its keys")
    func commands() throws {
        for row in try Self.rows() {
            var model = try Sample.model(Sample.lab([row.device]))
            var commands: [LabCommand] = []
            for character in row.keys {
                commands += model.press(character == "\n" ? .enter : .character(character))
            }
            #expect(commands == row.commands, "\(row.testDescription)")
            if row.commands.isEmpty { #expect(model.status?.kind == .problem, "\(row.testDescription) says why") }
        }
    }

    @Test("A killed backend can be started, a foreign one can be neither killed nor started")
    func backend() throws {
        var lab = Sample.lab([try Sample.online()])
        lab.backend = .killed
        var model = try Sample.model(lab)
        #expect(model.type("bs") == [.startBackend])
        lab.backend = .foreign("http://127.0.0.1:1")
        model = try Sample.model(lab)
        #expect(model.type("bk").isEmpty)
        #expect(model.status?.text == "This backend is somebody else's.")
    }

    @Test("A login while the backend is down is allowed: to see it fail is what the lab is for")
    func killedBackend() throws {
        var lab = Sample.lab([try Sample.loggedOut()])
        lab.backend = .killed
        var model = try Sample.model(lab)
        #expect(model.press(.character("l"), .enter, .enter).count == 1)
    }

    @Test("Operator keys say why they are not there")
    func operators() throws {
        var lab = Sample.lab([try Sample.online()])
        lab.operatorObstacle = "The operator key of that server is not known: start with --operator-key-file."
        var model = try Sample.model(lab)
        _ = model.press(.character("u"))
        #expect(model.popups.isEmpty)
        #expect(model.status?.text == lab.operatorObstacle)
    }

    @Test("Nothing is asked of a lab that has not opened yet, except to quit, redraw and suspend")
    func early() throws {
        var model = try Sample.model()
        for character in "lratfoekxgREwvusn+" { #expect(model.press(.character(character)).isEmpty) }
        #expect(model.popups.isEmpty)
        #expect(model.press(.control("c")) == [.quit])
        #expect(model.press(.control("l"), .control("z")) == [.redraw, .suspend])
    }

    @Test("Tab and the digits select devices, and commands go to the selected one")
    func devices() throws {
        let second = try Sample.second()
        var model = try Sample.model(Sample.lab([try Sample.online(), second]))
        #expect(model.selectedDevice?.name == "A")
        _ = model.press(.tab)
        #expect(model.selectedDevice?.name == "B")
        #expect(model.type("R") == [.restartApp(device: "B")])
        _ = model.press(.tab)
        #expect(model.selectedDevice?.name == "A")
        _ = model.press(.backTab)
        #expect(model.selectedDevice?.name == "B")
        _ = model.press(.character("1"))
        #expect(model.selectedDevice?.name == "A")
        _ = model.press(.character("7"))
        #expect(model.selectedDevice?.name == "A")
        #expect(model.status?.text == "There is no device 7: + adds one.")
    }

    @Test("A device that was asked for is selected when it appears; nine are the most")
    func added() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        _ = model.press(.character("+"))
        let second = try Sample.second()
        _ = update(&model, .snapshot(Sample.lab([try Sample.online(), second])))
        #expect(model.selectedDevice?.name == "B")
        _ = update(&model, .snapshot(Sample.lab(Array(repeating: second, count: 9))))
        #expect(model.press(.character("+")).isEmpty)
        #expect(model.status?.text == "Nine devices are the most.")
    }

    @Test("A refused command brings its form back, filled in; a late one goes to the status line")
    func refused() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.press(.character("l"), .enter, .enter)
        #expect(model.popups.isEmpty)
        _ = update(&model, .commandFailed("The password is wrong."))
        #expect(model.form?.problem == "The password is wrong.")
        #expect(model.form?.text(.user) == "mia")
        #expect(model.text().contains("! The password is wrong."))
        _ = model.press(.enter, .enter, .character("n"))
        _ = update(&model, .commandFailed("The password is wrong."))
        #expect(model.menu != nil)
        #expect(model.status?.text == "The password is wrong.")
    }

    @Test("A person who was just registered is filled in at the next login")
    func registered() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        let commands =
            model.type("r") + model.type("eve") + model.press(.enter) + model.type("hunter22") + model.press(.enter)
            + model.press(.enter)
        let password = Secret("hunter22", kind: .password)
        #expect(commands == [.register(device: "A", user: "eve", password: password, account: nil)])
        #expect(model.press(.character("l"), .enter, .enter) == [.signIn(device: "A", user: "eve", password: password)])
    }

    @Test("Up and Down fill in other people")
    func people() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.press(.character("l"), .down)
        #expect(model.form?.text(.user) == "ben")
        #expect(model.form?.text(.password) == "harbour-17")
        _ = model.press(.up, .up)
        #expect(model.form?.text(.user) == "zoe")
        #expect(model.form?.text(.password) == "")
    }

    @Test("Esc leaves popups one by one, and q leaves menus")
    func escape() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        _ = model.type("sd")
        #expect(model.popups.count == 2)
        _ = model.press(.escape)
        #expect(model.popups.count == 1)
        _ = model.press(.escape)
        #expect(model.popups.isEmpty)
        _ = model.type("nq")
        #expect(model.popups.isEmpty)
        _ = model.type("?")
        _ = model.press(.escape)
        #expect(model.popups.isEmpty)
    }

    @Test("The help does what the chosen row says")
    func palette() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        _ = model.type(":reset")
        #expect(model.press(.enter) == [.cut(device: "A")])
        #expect(model.popups.isEmpty)
    }

    @Test("In a window that is too small only the way out works, and a resize brings everything back")
    func tooSmall() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        _ = update(&model, .resized(Size(columns: 40, rows: 10)))
        #expect(model.press(.character("o")).isEmpty)
        #expect(model.press(.character("q")) == [.quit])
        #expect(model.text().contains("80x24"))
        #expect(model.text().contains("40x10"))
        _ = update(&model, .resized(Sample.small))
        #expect(model.text().contains("Devices"))
    }
}
