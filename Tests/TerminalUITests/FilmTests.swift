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

    @Test("While a film is on its keys are the film's, and the header says where it stands")
    func film() throws {
        var model = try Sample.model(Sample.lab([Sample.loggedOut()]))
        var snapshot = try #require(model.snapshot)
        snapshot.film = FilmView(position: 3, count: 9, speed: 4, isPlaying: true)
        _ = update(&model, .snapshot(snapshot))
        let pressed: [(Character, FilmCommand)] = [
            (" ", .playOrPause), (".", .step), ("+", .faster), ("-", .slower), ("0", .rewind),
        ]
        for (key, command) in pressed {
            #expect(update(&model, .key(.character(key))) == [.film(command)])
        }
        #expect(snapshot.film?.text == "film playing, 3 of 9, x4")
        let earlier = Instant(seconds: 5)
        _ = update(&model, .rewound(earlier))
        #expect(model.timeline.total == 0)
        #expect(model.now == earlier)
    }
}
