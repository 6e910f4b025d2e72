import LoginCore
import TerminalFrame
import TerminalUI
import Testing

@Suite("Countdowns")
struct TickTests {
    @Test("Without a timer on the screen there is no tick")
    func idle() throws {
        #expect(try Sample.model().nextTick == nil)
        #expect(try Sample.model(Sample.lab([])).nextTick == nil)
        #expect(try Sample.model(Sample.lab([try Sample.loggedOut(), try Sample.stopped()])).nextTick == nil)
        var late = try Sample.loggedOut()
        late.timers = [Sample.timer("heartbeat", .sdk, from: -9, to: -1)]
        late.tokenExpires = Sample.start
        #expect(try Sample.model(Sample.lab([late])).nextTick == nil)
        let waiting = Sample.lab([try Sample.waiting()])
        #expect(try Sample.model(waiting, size: Size(columns: 10, rows: 3)).nextTick == nil)
    }

    @Test(
        "The next tick is when the text changes",
        arguments: [
            (Int64(7_000_000), "7 s", Int64(6_000_000)), (6_999_999, "7 s", 6_000_000), (6_000_001, "7 s", 6_000_000),
            (1, "1 s", 0), (119_000_000, "119 s", 118_000_000), (120_000_000, "2 min", 119_000_000),
            (119_000_001, "2 min", 119_000_000), (121_000_000, "3 min", 120_000_000),
            (600_000_000, "10 min", 540_000_000), (7_200_000_000, "2 h", 7_199_000_000),
            (90_000_000_000, "25 h", 86_400_000_000), (200_000_000_000, "3 days", 172_800_000_000),
        ])
    func grain(left: Int64, text: String, next: Int64) {
        #expect(FieldText.countdown(.microseconds(left)) == text)
        #expect(FieldText.nextChange(.microseconds(left)) == .microseconds(next))
        #expect(FieldText.countdown(.microseconds(next)) != text)
        if next > 0 { #expect(FieldText.countdown(.microseconds(next + 1)) == text) }
    }

    @Test("A countdown runs second by second until its end, then stops ticking")
    func run() throws {
        var device = try Sample.waiting()
        device.timers = [Sample.timer("next attempt", .sdk, from: 0, to: 7)]
        device.tokenExpires = nil
        var model = try Sample.model(Sample.lab([device]))
        var shown: [String] = []
        while let tick = model.nextTick {
            #expect(tick > model.now)
            shown.append(model.text().contains("next attempt in \(7 - shown.count) s") ? "seen" : model.text())
            _ = update(&model, .tick(tick))
        }
        #expect(shown == Array(repeating: "seen", count: 7))
        #expect(model.now == Sample.start + .seconds(7))
    }

    @Test("Only what the screen shows makes it tick: another device's heartbeat does not, its back-off does")
    func others() throws {
        var second = try Sample.second()
        second.timers = [Sample.timer("heartbeat", .sdk, from: 0, to: 30)]
        #expect(try Sample.model(Sample.lab([try Sample.stopped(), second])).nextTick == nil)
        second.sdkStateKind = .waitingForNetwork
        #expect(try Sample.model(Sample.lab([try Sample.stopped(), second])).nextTick == nil)
        second.sdkStateKind = .waiting
        #expect(
            try Sample.model(Sample.lab([try Sample.stopped(), second])).nextTick == Sample.start + .seconds(1))
    }

    @Test("At a large time scale the screen is drawn about eight times a real second")
    func scaled() throws {
        var lab = Sample.lab([try Sample.waiting()])
        lab.timeScale = 64
        #expect(try Sample.model(lab).nextTick == Sample.start + .seconds(8))
        lab.timeScale = 8
        #expect(try Sample.model(lab).nextTick == Sample.start + .seconds(1))
    }

    @Test("Time never runs backwards on the screen")
    func monotone() throws {
        var model = try Sample.model(Sample.lab([try Sample.waiting()]))
        _ = update(&model, .tick(Sample.start + .seconds(3)))
        _ = update(&model, .tick(Sample.start))
        _ = update(&model, .snapshot(Sample.lab([try Sample.waiting()])))
        #expect(model.now == Sample.start + .seconds(3))
    }
}
