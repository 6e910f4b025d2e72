import LoginCore
import Providers
import Scenarios
import Testing

/// Cases of labs that were played by hand and whose stories once did not come true.
@Suite("Stories of labs that go on")
struct StoriesAfterRestartTests {
    /// A world that is played, ended, and played again under a recorder.
    private struct Lab {
        var world: VirtualWorld
        let recorder: Recorder

        init(
            _ provider: String = "commsease", devices: [DeviceSetup] = [DeviceSetup(name: "A"), DeviceSetup(name: "B")]
        ) throws {
            recorder = Recorder(provider: provider)
            world = try VirtualWorld(WorldSetup(provider: provider, devices: devices))
            world.run(for: .seconds(1))
        }

        mutating func perform(_ device: String, _ deeds: DeviceDeed...) throws {
            for deed in deeds {
                try world.perform(.device(device, deed))
                world.run(for: .seconds(5))
            }
        }

        mutating func operate(_ request: AppServerRequest) throws {
            try world.operate(request)
        }

        func account(_ device: String) throws -> String {
            try #require(world.device(device)?.core.flow.saved?.account.text)
        }

        /// The lab ends and begins again.
        mutating func beginAgain() throws {
            let names = world.devices.map(\.name)
            for name in names { try world.perform(.device(name, .stopApp)) }
            world.run(for: .seconds(5))
            let found = try world.findings()
            world.recorder = recorder
            for name in names { try world.perform(.device(name, .startApp)) }
            recorder.did(found, at: world.now)
            world.run(for: .seconds(2))
        }
    }

    private static let mia = DeviceDeed.logIn(user: "mia", password: Secret("lantern-42", kind: .password))

    /// The text of the only story, after it was played.
    @discardableResult
    private static func comesTrue(_ recording: Recording) throws -> String {
        let told = RecordedStory.all(of: recording, title: "told")
        #expect(told.count == 1)
        let text = try #require(told.first).text
        let story = try StoryParser.parse(text, file: "told.yaml", name: "told")
        let failure = try story.play().failure
        #expect(failure == nil, "\(failure.map { "\($0.expected): \($0.saw)" } ?? "")\n\(text)")
        return text
    }

    @Test("Names and texts that YAML does not take as they are")
    func strangeTexts() throws {
        var lab = try Lab()
        let name = "a\u{2028}steps: b"
        let password = Secret("walnut-31", kind: .password)
        try lab.perform("A", .register(user: name, password: password, account: nil))
        try lab.beginAgain()
        try lab.perform("A", .logIn(user: name, password: password), .echo("hi\u{FFFF}\u{FFFE}\u{FEFF}x"))
        let text = try Self.comesTrue(lab.recorder.recording)
        #expect(text.contains("# a?steps: b was there before"))
    }

    @Test("A wrong password comes before the right one of somebody who was there, and a second registration is refused")
    func wrongFirst() throws {
        var lab = try Lab()
        let right = Secret("walnut-31", kind: .password)
        let wrong = Secret("walnut-32", kind: .password)
        try lab.perform("A", .register(user: "ann", password: right, account: nil))
        try lab.beginAgain()
        try lab.perform("A", .register(user: "ann", password: wrong, account: nil))
        try lab.perform("A", .logIn(user: "ann", password: wrong), .logIn(user: "ann", password: right))
        let text = try Self.comesTrue(lab.recorder.recording)
        #expect(text.contains("the password is wrong"))
    }

    @Test("Lifetimes may be as long as the app server takes them")
    func longLives() throws {
        var lab = try Lab()
        let year = AppServerSettingsPatch(tokenKind: .dynamic, tokenLifetime: .seconds(365 * 86_400))
        try lab.operate(.changeSettings(year))
        try lab.perform("A", Self.mia)
        try lab.beginAgain()
        try lab.operate(.changeSettings(AppServerSettingsPatch(sessionLifetime: .seconds(40 * 86_400))))
        try lab.perform("A", .logInAutomatically(forced: false))
        #expect(try Self.comesTrue(lab.recorder.recording).contains("token lifetime: 31536000s"))
    }

    @Test("A login with a typed token is whose account it is; the token of another device is that one's")
    func typedTokens() throws {
        var lab = try Lab(devices: [DeviceSetup(name: "A"), DeviceSetup(name: "B", platform: "Android")])
        try lab.perform("A", Self.mia)
        let saved = try #require(lab.world.device("A")?.core.flow.saved)
        let typed = DeviceDeed.logInWithToken(account: saved.account.text, token: .kept(saved.token), kind: saved.kind)
        try lab.perform("A", .logOut)
        try lab.perform("B", typed)
        #expect(lab.world.device("B")?.core.flow.saved?.user == "")
        try lab.beginAgain()
        try lab.perform("B", .logInAutomatically(forced: false))
        try lab.perform("A", Self.mia)
        let other = try #require(lab.world.device("A")?.core.flow.saved)
        try lab.perform(
            "B", .logInWithToken(account: other.account.text, token: .kept(other.token), kind: other.kind))
        _ = try Self.comesTrue(lab.recorder.recording)
    }

    @Test("Devices keep the accounts that a person has lost and has now")
    func moved() throws {
        var lab = try Lab(devices: ["A", "B"].map { DeviceSetup(name: $0, platform: $0 == "A" ? "iOS" : "Android") })
        try lab.perform("B", Self.mia)
        try lab.operate(.unbind(user: "mia"))
        try lab.perform("A", Self.mia)
        #expect(try lab.account("A") != lab.account("B"))
        try lab.beginAgain()
        try lab.perform("B", .logInAutomatically(forced: false))
        try lab.perform("A", .logInAutomatically(forced: false))
        let states = lab.world.devices.map { $0.core.sdk.phase }
        #expect(states == [.online, .online])
        #expect(try Self.comesTrue(lab.recorder.recording).contains("do: unbind"))
    }

    @Test("What is found of a provider whose SDKs nobody uses stays out of another one's story")
    func otherProvider() throws {
        var lab = try Lab("tencent")
        try lab.perform("A", Self.mia)
        try lab.beginAgain()
        try lab.perform("A", .logInAutomatically(forced: false))
        var items: [Recording.Item] = lab.recorder.recording.items.map { item in
            switch item {
            case .begin(let life, let at): .begin(life.of("tencent"), at: at)
            case .doing(let doing, _, let at): .doing(doing, provider: "tencent", at: at)
            case .take, .end, .entry: item
            }
        }
        let end = try #require(items.last?.at)
        var other = try Lab()
        items.append(.doing(try other.world.findings(), at: end))
        items.append(.doing(.settings(Recording.Settings(AppServerSettingsPatch(tokenKind: .fixed))), at: end))
        let text = try Self.comesTrue(Recording(provider: "commsease", items: items))
        #expect(text.contains("provider: tencent") && !text.contains("change settings"))
    }

    @Test("Apps that start within milliseconds are told one after the other", arguments: ProviderRegistry.all.map(\.id))
    func startsTogether(_ provider: String) throws {
        var lab = try Lab(provider, devices: ["A", "B", "C"].map { DeviceSetup(name: $0) })
        try lab.perform("A", Self.mia)
        try lab.perform("B", .logIn(user: "noor", password: Secret("harbour-17", kind: .password)))
        try lab.beginAgain()
        try lab.perform("A", .logInAutomatically(forced: false))
        let recording = lab.recorder.recording
        // A lab begins all of them, and then each reads from the disk.
        let isBegin = { (item: Recording.Item) in if case .begin = item { true } else { false } }
        let starts = recording.items.filter(isBegin)
        let rest = recording.items.filter { !isBegin($0) }
        let together = Recording(provider: provider, items: starts + rest)
        #expect(together != recording)
        #expect(try Self.comesTrue(together) == Self.comesTrue(recording))
    }
}
