import LoginCore
import TerminalFrame
import TerminalUI
import Testing

@Suite("The timeline")
struct TimelineTests {
    @Test("Of more than 5,000 entries the oldest go, in one batch or in many")
    func ring() {
        var timeline = Timeline()
        let entries = Sample.entries(12_345)
        timeline.append(Array(entries[..<4999]))
        #expect(timeline.total == 4999)
        for entry in entries[4999..<5100] { timeline.append([entry]) }
        #expect(timeline.total == 5000)
        #expect(timeline[0]?.title == "entry 100")
        timeline.append(Array(entries[5100...]))
        #expect(timeline.total == 5000)
        #expect(timeline[0]?.title == "entry 7345")
        #expect(timeline[4999]?.title == "entry 12344")
        #expect(timeline[5000] == nil)
        #expect(timeline[-1] == nil)
        #expect(timeline.entry(entries[0].id) == nil)
        #expect(timeline.entry(entries[7345].id)?.title == "entry 7345")
    }

    @Test("The selection follows the newest entry until the user moves away, and again at the end")
    func tail() {
        var timeline = Timeline()
        let entries = Sample.entries(20)
        timeline.append(Array(entries[..<10]))
        #expect(timeline.selected?.title == "entry 9")
        timeline.move(by: -3)
        timeline.append(Array(entries[10...]))
        #expect(timeline.selected?.title == "entry 6")
        #expect(!timeline.followsTail)
        timeline.move(by: 100)
        #expect(timeline.selected?.title == "entry 19")
        #expect(timeline.followsTail)
        timeline.selectFirst()
        #expect(timeline.selected?.title == "entry 0")
        timeline.move(by: -1)
        #expect(timeline.selected?.title == "entry 0")
        timeline.selectTail()
        #expect(timeline.followsTail)
    }

    @Test("A selected entry that is dropped hands the selection to the oldest one left")
    func droppedSelection() {
        var timeline = Timeline()
        let entries = Sample.entries(6000)
        timeline.append(Array(entries[..<5000]))
        timeline.selectFirst()
        timeline.append(Array(entries[5000...]))
        #expect(timeline.selected?.title == "entry 1000")
        timeline.setFilter("entry 1")
        timeline.selectFirst()
        #expect(timeline.selected?.title == "entry 1000")
    }

    @Test(
        "The filter looks into titles, lanes, owners, ids and fields, whatever the case",
        arguments: [
            ("LOGIN", 5), ("302", 2), ("im-server", 1), ("IM server", 1), ("app-server-1", 1),
            ("password-1#99aabbcc", 1),
            ("CE-7.1-302", 2), ("ping", 4), ("PING", 4), ("→ 200", 1), ("→ 30", 1), ("nothing like this", 0), ("", 11),
        ])
    func filter(text: String, count: Int) {
        var timeline = Timeline()
        timeline.append(Sample.walk())
        timeline.setFilter(text)
        #expect(timeline.count == count)
        #expect(timeline.total == 11)
    }

    @Test("A filter holds for entries that come later, and the selection stays on an entry that passes")
    func filterLater() {
        var timeline = Timeline()
        let entries = Sample.entries(6000)
        timeline.append(Array(entries[..<100]))
        timeline.setFilter("entry 5")
        #expect(timeline.count == 11)
        timeline.move(by: -5)
        let selected = timeline.selected?.title
        timeline.append(Array(entries[100..<600]))
        #expect(timeline.count == 111)
        #expect(timeline.selected?.title == selected)
        timeline.append(Array(entries[600...]))
        let shown = (0..<timeline.count).compactMap { timeline[$0] }
        #expect(shown.allSatisfy { $0.title.contains("entry 5") })
        #expect(shown.first?.title == "entry 5000")
        timeline.setFilter("")
        #expect(timeline.count == 5000)
    }

    @Test("Heartbeats that succeeded can be hidden")
    func heartbeats() {
        var timeline = Timeline()
        timeline.append(Sample.walk())
        timeline.toggleHeartbeats()
        #expect(timeline.count == 7)
        timeline.toggleHeartbeats()
        #expect(timeline.count == 11)
    }

    @Test("The timeline of one device goes along with the selection; Esc shows everything again")
    func lane() throws {
        var model = try Sample.model(
            Sample.lab([try Sample.online(), try Sample.second()]), entries: Sample.walk())
        _ = model.press(.character("d"))
        #expect(model.timeline.count == 9)
        #expect(model.text().contains("only device A 9 of 11"))
        _ = model.press(.tab)
        #expect(model.timeline.count == 0)
        _ = model.press(.tab, .escape)
        #expect(model.timeline.count == 11)
        _ = model.type("dd")
        #expect(model.timeline.count == 11)
    }

    @Test("Causes are followed to the first one, effects one step; what is gone or goes round ends the walk")
    func causes() {
        var timeline = Timeline()
        let walk = Sample.walk()
        timeline.append(walk)
        let chain = timeline.causes(of: walk[6].id)
        #expect(
            chain.entries.map(\.title) == [
                "login → 302", "login", "logged out → connecting", "POST /login → 200", "POST /login", "log in as mia",
            ])
        #expect(chain.missing == nil)
        #expect(timeline.effects(of: walk[0].id).map(\.title) == ["POST /login"])
        var lane = TranscriptLane(.webAPI)
        let gone = EntryID(lane: "B", number: 9)
        let orphan = lane.entry(at: Sample.start, owner: .server, cause: gone, kind: .notice, title: "orphan")
        let loop = lane.entry(
            at: Sample.start, owner: .server, cause: EntryID(lane: "web-api", number: 2), kind: .notice, title: "loop")
        timeline.append([orphan, loop])
        #expect(timeline.causes(of: orphan.id).missing == gone)
        #expect(timeline.causes(of: loop.id).entries.isEmpty)
    }

    @Test("Keys move the selection, open an entry, walk to its cause and its effect, and come back")
    func keys() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]), entries: Sample.walk())
        _ = model.press(.home)
        #expect(model.timeline.selectedIndex == 0)
        _ = model.press(.pageDown)
        #expect(model.timeline.selectedIndex == 6)
        _ = model.press(.pageUp, .down)
        #expect(model.timeline.selectedIndex == 1)
        _ = model.press(.enter, .right)
        #expect(model.text().contains("app-server-1: HTTP response"))
        _ = model.press(.left, .left)
        #expect(model.text().contains("A-1: request of the user"))
        _ = model.press(.left)
        #expect(model.status?.text == "Nothing shown caused it.")
        _ = model.press(.escape)
        #expect(model.timeline.selectedIndex == 0)
        _ = model.press(.end)
        #expect(model.timeline.followsTail)
    }

    @Test("An opened entry stays readable when the timeline drops it, and scrolls within its text")
    func openEntry() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]))
        var lane = TranscriptLane(.imServer)
        let long = lane.entry(
            at: Sample.start, owner: .server, cause: nil, kind: .frameReceived, title: "long",
            fields: (1...40).map { Field("field\($0)", "value \($0)") })
        _ = update(&model, .entries([long]))
        _ = model.press(.enter)
        _ = update(&model, .entries(Sample.entries(5001)))
        #expect(model.text().contains("value 1"))
        #expect(!model.text().contains("value 40"))
        for _ in 0..<10 { _ = model.press(.pageDown) }
        #expect(model.text().contains("value 40"))
        _ = model.press(.home, .end, .up, .down)
        #expect(model.text().contains("value 40"))
    }

    @Test("Typing a filter narrows at once; Enter keeps it, Esc drops it")
    func typing() throws {
        var model = try Sample.model(Sample.lab([try Sample.online()]), entries: Sample.walk())
        _ = model.type("/pinx")
        #expect(model.timeline.count == 0)
        #expect(model.text().contains("nothing passes the filter"))
        _ = model.press(.backspace, .enter)
        #expect(model.timeline.count == 4)
        #expect(model.text().contains("4 of 11"))
        _ = model.type("/")
        _ = model.press(.control("u"))
        #expect(model.timeline.count == 11)
        _ = model.type("login")
        _ = model.press(.escape)
        #expect(model.timeline.filter.isEmpty)
        _ = model.type("/ping")
        _ = model.press(.enter, .escape)
        #expect(model.timeline.count == 11)
    }
}
