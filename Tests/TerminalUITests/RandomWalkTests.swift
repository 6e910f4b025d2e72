import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

@Suite("Random walks")
struct RandomWalkTests {
    private static let keys: [Key] =
        "lratfoekxgREwvusbnmjqq+-.0/?:hz123456789 aZ小🙂\u{301}\u{202E}".map { .character($0) } + [
            .enter, .enter, .escape, .tab, .backTab, .backspace, .delete, .up, .down, .left, .right, .home, .end,
            .pageUp, .pageDown, .control("u"), .control("w"), .control("t"), .control("l"), .function(5),
        ]

    private static func snapshot(_ random: inout SeededGenerator) throws -> LabSnapshot {
        let templates = [
            try Sample.loggedOut(), try Sample.online(), try Sample.waiting(), try Sample.stopped(),
        ]
        let devices = (0..<Int(random.below(10))).map { index in
            var device = templates[Int(random.below(4))]
            device.name = String("ABCDEFGHI".dropFirst(index).prefix(1))
            let phases = LoginMachine.Phase.allCases
            device.sdkStateKind = phases[Int(random.below(UInt64(phases.count)))]
            device.isRunning = random.below(4) > 0
            device.isInBackground = random.below(4) == 0
            device.tokenText = random.below(4) == 0 ? String(repeating: "小x", count: Int(random.below(200))) : nil
            device.appReason = random.below(2) == 0 ? String(repeating: "why 小雨 ", count: Int(random.below(60))) : nil
            device.backoff = BackoffView(
                table: random.below(2) == 0 ? [.seconds(2)] : [], position: Int(random.below(9)))
            device.others = (0..<Int(random.below(12))).map { OnlineClient(id: "s-\($0)", clientType: $0) }
            device.timers += (0..<Int(random.below(12))).map {
                Sample.timer("timer \($0)", .app, from: 0, to: Int64($0) * 50 - 20)
            }
            return device
        }
        var lab = Sample.lab(devices)
        lab.backend =
            [
                .starting, Sample.ready, .killed, .failed(String(repeating: "broken ", count: 40)),
                .foreign("http://x"),
            ][Int(random.below(5))]
        lab.facts["commsease", default: ProviderFacts()].people = (0..<Int(random.below(30))).map {
            PersonView(user: "人\($0)", account: random.below(2) == 0 ? "acc\($0)" : nil, isBanned: random.below(2) == 0)
        }
        lab.timeScale = Int(random.below(100)) + 1
        return lab
    }

    @Test(
        "20,000 keys, resizes, snapshots and entries never trap, and the picture has the size asked for",
        arguments: [
            UInt64(1), 2, 3, 4,
        ])
    func walk(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var model = try Sample.model()
        var lane = TranscriptLane(.device("A"))
        var screened = 0
        for step in 0..<5000 {
            let event: UIEvent
            switch random.below(24) {
            case 0:
                event = .resized(Size(columns: Int(random.below(140)), rows: Int(random.below(45))))
            case 1, 2: event = .resized(Size(columns: 80, rows: 24))
            case 3: event = .snapshot(try Self.snapshot(&random))
            case 4:
                event = .entries(
                    (0..<Int(random.below(40))).map { _ in
                        lane.entry(
                            at: Sample.start + .seconds(Int64(step)), owner: .sdk,
                            cause: random.below(2) == 0 ? EntryID(lane: "A", number: Int(random.below(500))) : nil,
                            kind: TranscriptEntry.Kind.allCases[Int(random.below(14))],
                            title: "entry 小 \(random.below(100))",
                            fields: [Field("rule", .rule("CE-7.1-302")), Field("text", "a\u{1B}[2Jb")],
                            isHeartbeat: random.below(3) == 0)
                    })
            case 5: event = .tick(Sample.start + .seconds(Int64(random.below(2000))))
            case 6: event = .commandFailed("It did not work: try again.")
            case 7: event = .message(String(repeating: "message ", count: Int(random.below(60))))
            case 8 where random.below(2) == 0: event = .filmBegan(number: 1, provider: "tencent")
            case 8:
                event = .stories(Array(StoryTests.stories.prefix(Int(random.below(35)))))
            case 9 where random.below(2) == 0:
                event = .film(number: 1, .entries(Sample.entries(Int(random.below(9)))))
            case 9:
                var film = try Self.snapshot(&random)
                film.film = FilmView(position: 1, count: 2, speed: 1, isPlaying: random.below(2) == 0)
                event = .film(number: 1, .snapshot(film))
            default: event = .key(Self.keys[Int(random.below(UInt64(Self.keys.count)))])
            }
            _ = update(&model, event)
            if step % 400 == 399 {
                // Left to chance alone, films are rare.
                _ = update(&model, .resized(Sample.small))
                _ = model.press(.escape, .escape, .escape, .escape, .escape, .character("m"))
                _ = update(&model, .stories(StoryTests.stories))
                _ = model.press(.enter)
                _ = update(&model, .filmBegan(number: 1, provider: "tencent"))
            }
            if model.screening != nil { screened += 1 }
            if let tick = model.nextTick { #expect(tick > model.now) }
            // Drawing is what takes the time in a debug build: every third picture is enough to meet every view.
            guard step % 3 == 0 else { continue }
            let glyphs: Glyphs = step % 7 == 0 ? .ascii : .unicode
            let frame = view(model, size: model.size, glyphs: glyphs)
            try #require(frame.size == model.size)
            if let cursor = frame.cursor {
                try #require(
                    cursor.x >= 0 && cursor.x < model.size.columns && cursor.y >= 0 && cursor.y < model.size.rows)
            }
            #expect(model.timeline.total <= Timeline.capacity)
            #expect(model.popups.count <= 4)
            if step % 21 == 0 { #expect(frame.plainText().utf8.allSatisfy { $0 < 0x80 }) }
        }
        #expect(screened > 0, "no film has begun")
    }

    @Test("A picture can be made at any size, whatever the model's own is")
    func sizes() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]), entries: Sample.walk())
        for keys in ["", "l", "n", "?", "\n"] {
            if keys == "\n" { _ = model.press(.enter) } else { _ = model.type(keys) }
            for columns in [0, 1, 7, 79, 80, 81, 133, 300] {
                for rows in [0, 1, 2, 23, 24, 25, 50, 120] {
                    let size = Size(columns: columns, rows: rows)
                    #expect(view(model, size: size).size == size)
                }
            }
            _ = model.press(.escape)
        }
    }
}
