import LoginCore
import TerminalFrame
import TerminalUI
import Testing

@Suite("Commands with an argument, and films")
struct FilmTests {
    @Test(
        "What is typed after the colon becomes a command",
        arguments: [
            ("save /tmp/a b", LabCommand.save(file: "/tmp/a b", replaces: false)),
            ("save! x", .save(file: "x", replaces: true)),
            ("jump A-17", .film(.jump(EntryID(lane: "A", number: 17)))),
            ("jump A-17  ", .film(.jump(EntryID(lane: "A", number: 17)))),
            ("film /tmp/a b", .openFilm(file: "/tmp/a b")),
        ])
    func typed(text: String, command: LabCommand) throws {
        var model = try Sample.model(Sample.lab([Sample.loggedOut()]))
        let keys = ":\(text)\n"
        var commands: [LabCommand] = []
        for character in keys {
            commands += update(&model, .key(character == "\n" ? .enter : .character(character)))
        }
        #expect(commands == [command])
        #expect(model.popups.isEmpty)
    }

    @Test(
        "A command that is not right says so and stays",
        arguments: ["jump nowhere", "fly away", "save", "save!", "save ", "film", "jump "])
    func notRight(text: String) throws {
        var model = try Sample.model(Sample.lab([Sample.loggedOut()]))
        #expect(model.type(":" + text).isEmpty)
        #expect(model.press(.enter).isEmpty)
        #expect(model.popups.count == 1)
        #expect(model.status?.kind == .problem)
    }

    static func snapshot(
        _ devices: [DeviceSnapshot], position: Int = 3, isPlaying: Bool = true, trouble: String? = nil
    ) -> LabSnapshot {
        var snapshot = Sample.lab(devices)
        snapshot.backend = .starting
        snapshot.facts = [:]
        snapshot.trouble = trouble
        snapshot.film = FilmView(
            name: "kick-by-server", position: position, count: 9, speed: 4, isPlaying: isPlaying)
        return snapshot
    }

    @Test("While a film is on its keys are the film's, and the header says where it stands")
    func film() throws {
        var model = try Sample.model(Sample.lab([Sample.loggedOut()]))
        let snapshot = Self.snapshot([try Sample.online()])
        _ = update(&model, .snapshot(snapshot))
        let pressed: [(Character, FilmCommand)] = [
            (" ", .playOrPause), (".", .step), ("+", .faster), ("-", .slower), ("0", .rewind),
        ]
        for (key, command) in pressed {
            #expect(update(&model, .key(.character(key))) == [.film(command)])
        }
        #expect(snapshot.film?.text == "film playing, 3 of 9, x4  kick-by-server")
        #expect(model.press(.character("j")).isEmpty)
        #expect(model.type("A-2").isEmpty)
        #expect(model.press(.enter) == [.film(.jump(EntryID(lane: "A", number: 2)))])
        #expect(model.press(.character("q")) == [.leaveFilm])
        #expect(model.nextTick == nil, "its time stands still between what it plays")
        let earlier = Instant(seconds: 5)
        _ = update(&model, .rewound(earlier))
        #expect(model.timeline.total == 0)
        #expect(model.now == earlier)
    }
    @Test(
        "In a film nothing can be done but look",
        arguments: ["l", "r", "a", "f", "t", "o", "e", "k", "n", "x", "g", "R", "E", "w", "v", "u", "s", "b", "m"])
    func onlyLooking(key: String) throws {
        var model = try Sample.model(Self.snapshot([try Sample.online(), try Sample.second()]))
        #expect(model.type(key).isEmpty)
        #expect(model.popups.isEmpty)
        #expect(model.status?.text == "This is a film: q leaves it.")
    }

    /// A lab with a menu open and something selected, on which a film has begun.
    private func screened() throws -> (model: Model, before: String) {
        var model = try Sample.model(
            Sample.lab([try Sample.online(), try Sample.second()]), entries: Sample.walk())
        _ = model.press(.tab, .up, .up)
        _ = model.type("/a")
        _ = model.press(.enter, .character("m"))
        _ = update(&model, .stories(StoryTests.stories))
        #expect(model.press(.down, .enter) == [.playStory(name: StoryTests.stories[1].name)])
        #expect(update(&model, .filmBegan(number: 4, provider: "commsease")).isEmpty)
        let film = Self.snapshot([try Sample.loggedOut()])
        #expect(update(&model, .film(number: 4, .snapshot(film))).isEmpty)
        #expect(update(&model, .film(number: 4, .entries(Array(Sample.walk().prefix(3))))).isEmpty)
        #expect(model.text().contains("film playing, 3 of 9"))
        var plain = model
        _ = update(&plain, .key(.character("q")))
        return (model, plain.text())
    }

    @Test("The lab behind a film is left alone by its keys, and is there again afterwards")
    func behind() throws {
        var (model, before) = try screened()
        #expect(before.contains("Stories"))
        #expect(model.press(.character(" ")) == [.film(.playOrPause)])
        _ = model.press(.home, .enter, .escape, .character("z"), .tab, .character("/"))
        _ = model.type("nothing")
        _ = model.press(.enter, .character("?"), .escape, .character("d"))
        #expect(model.press(.character("q")) == [.leaveFilm])
        #expect(model.text() == before)
        #expect(model.press(.escape).isEmpty)
        #expect(model.timeline.filter == "a")
    }

    @Test("What happens in the lab meanwhile is there when the film is left")
    func meanwhile() throws {
        var (model, _) = try screened()
        let shown = model.text()
        _ = update(&model, .entries(Array(Sample.entries(3))))
        var snapshot = Sample.lab([try Sample.stopped()])
        snapshot.backend = .killed
        _ = update(&model, .snapshot(snapshot))
        #expect(model.text() == shown)
        _ = model.press(.character("q"), .escape, .escape)
        #expect(model.timeline.total == Sample.walk().count + 3)
        #expect(model.text().contains("backend killed"))
    }

    @Test("Late words of a film that was left are nobody's")
    func late() throws {
        var (model, before) = try screened()
        _ = model.press(.character("q"))
        _ = update(&model, .film(number: 4, .entries(Sample.entries(2))))
        _ = update(&model, .film(number: 4, .message("late")))
        #expect(model.text() == before)
        #expect(update(&model, .filmBegan(number: 5, provider: "commsease")) == [.leaveFilm])
        #expect(model.screening == nil)
    }

    @Test("A film that comes while something is being typed is given up")
    func typing() throws {
        var model = try Sample.model(Sample.lab([try Sample.loggedOut()]))
        _ = model.type(":film x")
        #expect(model.press(.enter) == [.openFilm(file: "x")])
        _ = model.type("l")
        #expect(update(&model, .filmBegan(number: 1, provider: "commsease")) == [.leaveFilm])
        #expect(model.screening == nil)
        #expect(model.form != nil)
    }

    @Test("Ctrl-C quits the whole program, and a window too small for a film can still leave it")
    func waysOut() throws {
        var (model, _) = try screened()
        #expect(model.press(.control("c")) == [.quit])
        _ = update(&model, .resized(Size(columns: 1, rows: 1)))
        #expect(model.press(.character("."), .character("l")).isEmpty)
        _ = update(&model, .resized(Size(columns: 40, rows: 10)))
        #expect(view(model, size: Size(columns: 40, rows: 10)).plainText().contains("q leaves the film."))
        #expect(model.press(.character("q")) == [.leaveFilm])
        _ = update(&model, .resized(Sample.small))
        #expect(model.text().contains("Stories"))
    }

    @Test("From a film another one can be asked for; what else is typed stays without effect")
    func palette() throws {
        var (model, _) = try screened()
        _ = model.type(":save x")
        #expect(model.press(.enter).isEmpty)
        #expect(model.text().contains("This is a film"))
        _ = model.type(":film y")
        #expect(model.press(.enter) == [.openFilm(file: "y")])
        _ = update(&model, .filmFailed("cannot read y"))
        #expect(model.text().contains("cannot read y") && model.text().contains("film playing"))
        _ = model.type(":film z")
        _ = model.press(.enter)
        // It is of another provider.
        _ = update(&model, .filmBegan(number: 5, provider: "tencent"))
        var snapshot = Self.snapshot([])
        snapshot.film?.name = "other"
        _ = update(&model, .film(number: 5, .snapshot(snapshot)))
        #expect(model.text().contains("other"))
    }

    @Test("A jump selects the entry, and what is played next is followed again")
    func jump() throws {
        var (model, _) = try screened()
        let first = try #require(Sample.walk().first)
        _ = update(&model, .film(number: 4, .jumped(first.id)))
        guard case .film(_, let jumped)? = model.screening else { return }
        #expect(jumped.timeline.selected == first)
        _ = model.press(.character("."))
        guard case .film(_, let stepped)? = model.screening else { return }
        #expect(stepped.timeline.followsTail)
    }

    @Test("Pictures of a film, at both sizes", arguments: [Sample.small, Sample.large])
    func pictures(size: Size) throws {
        let snapshot = Self.snapshot([try Sample.online(), try Sample.second()])
        let model = try Sample.model(snapshot, size: size, entries: Sample.walk())
        try Snapshot.check(view(model, size: size), named: "film-\(size.columns)x\(size.rows)")
    }

    @Test("The film of a story that failed says which expectation, and the command that plays it again")
    func failed() throws {
        let trouble =
            "Failed; again with latchkey run kick-by-server --seed 7. Line 12 expected {see: code, on: A, is: 302}, but "
            + "no such entry; the last callbacks and answers: onLogin:(7 Syncing), onLogin:(8 SyncOK)."
        let snapshot = Self.snapshot([try Sample.online()], position: 9, isPlaying: false, trouble: trouble)
        let model = try Sample.model(snapshot, entries: Sample.walk())
        try Snapshot.check(view(model, size: Sample.small), named: "film-failed-80x24")
        #expect(model.text().contains("latchkey run kick-by-server --seed 7"))
    }
}
