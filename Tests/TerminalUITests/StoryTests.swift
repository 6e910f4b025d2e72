import TerminalFrame
import TerminalUI
import Testing

@Suite("The list of stories")
struct StoryTests {
    static let stories: [StoryView] =
        [
            StoryView(
                name: "manual-login", provider: "CommsEase", title: "A manual login goes through all its steps",
                about: "The password goes to the app server, account and token come back, messaging logs in with them.",
                rules: ["CE-6-manual", "CE-1-order"], live: .comparable(highestScale: 100, limit: nil)),
            StoryView(
                name: "kick-by-server", provider: "CommsEase", title: "The server kicks with reason 2",
                rules: ["CE-4-kick-2"], live: .comparable(highestScale: 20, limit: "a deadline of 10 s fires")),
            StoryView(
                name: "all-online", provider: "Tencent IM",
                title:
                    "Policy 4 lets every platform be online, and a title that is too long for a row of eighty columns",
                live: .virtualOnly("“logout → 200” and “the app session is over” lie 0.003 s apart")),
            StoryView(name: "小雨", provider: "Easemob", title: "不同平台可以同时在线"),
        ] + (1...30).map { StoryView(name: "story-\($0)", provider: "CommsEase", title: "Number \($0)") }

    private func model(_ size: Size = Sample.small) throws -> Model {
        var model = try Sample.model(Sample.lab([try Sample.online()]), size: size, entries: Sample.walk())
        #expect(model.press(.character("m")) == [.listStories])
        _ = update(&model, .stories(Self.stories))
        return model
    }

    @Test("Pictures at both sizes, searched, and before anything is known", arguments: [Sample.small, Sample.large])
    func pictures(size: Size) throws {
        var model = try model(size)
        let name = "\(size.columns)x\(size.rows)"
        try Snapshot.check(view(model, size: size), named: "stories-\(name)", withStyles: size == Sample.small)
        _ = model.type("policy 4")
        try Snapshot.check(view(model, size: size), named: "stories-searched-\(name)")
        let ascii = view(model, size: size, glyphs: .ascii).plainText()
        #expect(ascii.utf8.allSatisfy { $0 < 0x80 })
        _ = update(&model, .stories([]))
        #expect(model.text().contains("being read"))
    }

    @Test(
        "Every word that is typed must be there, in the name, the title, the provider or the rules",
        arguments: [
            ("kick", 1), ("KICK server", 1), ("server kick commsease", 1), ("tencent", 1), ("ce-4-kick", 1), ("小", 1),
            ("同时", 1), ("story-3", 2), ("story-3 number", 2), ("kick tencent", 0),
        ])
    func found(query: String, count: Int) throws {
        var model = try model()
        _ = model.type(query)
        #expect(model.text().contains(count == 0 ? "nothing found" : "1 of \(count)"))
        #expect(model.press(.enter).count == min(1, count))
    }

    @Test("The selection stays in the list, whatever is pressed and however the list changes")
    func selection() throws {
        var model = try model()
        _ = model.press(.up)
        #expect(model.text().contains("1 of 34"))
        _ = model.press(.end, .down, .pageDown)
        #expect(model.text().contains("34 of 34"))
        #expect(model.press(.enter) == [.playStory(name: "story-30")])
        _ = model.press(.pageUp)
        #expect(model.text().contains("24 of 34"))
        _ = update(&model, .stories(Array(Self.stories.prefix(2))))
        #expect(model.text().contains("2 of 2"))
        #expect(model.press(.enter) == [.playStory(name: "kick-by-server")])
        _ = model.press(.home)
        _ = model.type("x")
        #expect(model.press(.enter).isEmpty)
        _ = model.press(.backspace)
        #expect(model.text().contains("1 of 2"))
    }

    @Test("A story that is being played can be given up")
    func givenUp() throws {
        var model = try model()
        #expect(model.press(.enter) == [.playStory(name: "manual-login")])
        #expect(model.text().contains("manual-login is being played"))
        #expect(model.press(.escape) == [.leaveFilm])
        #expect(update(&model, .filmBegan(number: 1, provider: "commsease")) == [.leaveFilm])
        #expect(model.popups.isEmpty && model.screening == nil)
    }

    @Test("A story that cannot be played says why and leaves the list open")
    func broken() throws {
        var model = try model()
        _ = model.press(.enter)
        _ = update(&model, .filmFailed("story.yaml:3: unknown device Q."))
        #expect(model.text().contains("unknown device Q"))
        #expect(model.press(.escape).isEmpty)
    }
}
