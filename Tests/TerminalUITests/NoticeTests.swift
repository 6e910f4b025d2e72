import LoginCore
import TerminalFrame
import TerminalUI
import Testing

@Suite("Notices and troubles")
struct NoticeTests {
    private func model(_ notices: [String], trouble: String? = nil) throws -> Model {
        var lab = Sample.lab([try Sample.loggedOut()])
        lab.notices = notices
        lab.trouble = trouble
        return try Sample.model(lab)
    }

    @Test("Each notice is shown until a key of the lab is pressed, then the next one is")
    func inTurn() throws {
        var model = try model(["The first notice.", "The second notice."])
        #expect(model.text().contains("The first notice."))
        _ = model.press(.tab)
        #expect(!model.text().contains("The first notice."))
        #expect(model.text().contains("The second notice."))
        // A message comes between, and does not take the notice's turn.
        _ = update(&model, .message("something happened"))
        #expect(!model.text().contains("The second notice."))
        _ = model.press(.tab)
        #expect(model.text().contains("The second notice."))
        _ = model.press(.tab)
        #expect(!model.text().contains("notice."))
    }

    @Test("The longest notices can be read whole at 80x24")
    func whole() throws {
        let path = "/home/somebody/.local/state/latchkey"
        for text in [
            "The backend's state file was damaged: it was set aside as \(path)/backend.sqlite.damaged-20261121-101010-2, "
                + "and the state is empty.",
            "The token file was damaged and has been set aside as tokens.sqlite.damaged-20261121-101010: please log in "
                + "again; the devices of this lab have new device ids.",
            "Another backend is using the state in \(path): connect to it with --connect http://127.0.0.1:65535, end "
                + "it, or set XDG_STATE_HOME to another directory.",
        ] {
            let screen = try model([text]).text()
            let rows = screen.split(separator: "\n", omittingEmptySubsequences: false).suffix(6)
            let words = rows.joined(separator: " ").split(separator: " ").joined(separator: " ")
            // A path that is longer than a row is broken: compared without the blanks.
            #expect(words.filter { $0 != " " }.contains(text.filter { $0 != " " }), "\(screen)")
        }
    }

    @Test("What does not work stays on the screen while it does not, whatever is pressed or said")
    func trouble() throws {
        var model = try model([], trouble: "The backend's state could not be saved: make room on the disk.")
        _ = model.press(.tab, .tab)
        #expect(model.text().contains("make room on the disk"))
        _ = update(&model, .message("something happened"))
        #expect(model.text().contains("something happened"))
        #expect(model.text().contains("the backend cannot save"))
        _ = model.press(.tab)
        #expect(model.text().contains("make room on the disk"))
        _ = update(&model, .snapshot(Sample.lab([try Sample.loggedOut()])))
        #expect(!model.text().contains("make room on the disk"))
        #expect(!model.text().contains("cannot save"))
    }
}
