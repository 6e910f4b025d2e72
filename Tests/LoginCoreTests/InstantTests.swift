import LoginCore
import Testing

@Suite("Instants and durations")
struct InstantTests {
    @Test("Whole seconds and milliseconds are rounded down, before the epoch too")
    func rounding() {
        #expect(Instant(microseconds: 1_999_999).seconds == 1)
        #expect(Instant(microseconds: -1).seconds == -1)
        #expect(Instant(microseconds: -1_000_000).seconds == -1)
        #expect(Instant(microseconds: -1).milliseconds == -1)
        #expect(Instant(microseconds: 1_999).milliseconds == 1)
        #expect(Instant(seconds: 3) == Instant(milliseconds: 3000))
        #expect(Instant(milliseconds: 3) == Instant(microseconds: 3000))
    }

    @Test("Sums and differences")
    func arithmetic() {
        let start = Instant(seconds: 10)
        #expect(start + .milliseconds(1500) == Instant(milliseconds: 11_500))
        #expect(start + .milliseconds(-1500) == Instant(milliseconds: 8500))
        #expect(Instant(seconds: 12) - start == .seconds(2))
        #expect(start < start + .microseconds(1))
    }

    @Test("Times from outside that are beyond measure stop at the ends of time and do not trap")
    func saturation() {
        let (first, last) = (Instant(microseconds: .min), Instant(microseconds: .max))
        #expect(Instant(seconds: .max) == last)
        #expect(Instant(seconds: .min) == first)
        #expect(Instant(milliseconds: .max) == last)
        #expect(last + .seconds(1) == last)
        #expect(first + .seconds(-1) == first)
        #expect(Instant(seconds: 0) + .seconds(Int64.max) == last)
        #expect(Instant(seconds: 0) + .seconds(Int64.min) == first)
        #expect(last - first > .zero)
        #expect(first - last < .zero)
        #expect((last - first).wholeMicroseconds == .max)
        #expect(Duration.seconds(Int64.max).wholeMicroseconds == .max)
        #expect(Duration.seconds(Int64.min).wholeMicroseconds == .min)
    }

    @Test(
        "A duration's text has as many decimals as it needs, three at the most",
        arguments: [
            (Duration.zero, "0 s"), (.seconds(2), "2 s"), (.milliseconds(500), "0.5 s"), (.milliseconds(1), "0.001 s"),
            (.milliseconds(1230), "1.23 s"), (.microseconds(999), "0 s"), (.milliseconds(-500), "-0.5 s"),
            (.seconds(-3), "-3 s"), (.microseconds(-999), "0 s"), (.seconds(86_400), "86400 s"),
        ])
    func text(_ duration: Duration, _ text: String) {
        #expect(duration.text == text)
    }

    @Test("Finer parts are cut off")
    func whole() {
        #expect(Duration.nanoseconds(1999).wholeMicroseconds == 1)
        #expect(Duration.nanoseconds(-1999).wholeMicroseconds == -1)
        #expect(Duration.microseconds(1999).wholeMilliseconds == 1)
    }

    @Test("The lab's clock scales waits fully and deadlines down to half a second")
    func clock() {
        let clock = LabClock(scale: 60, now: { Sample.start })
        #expect(clock.wait(.seconds(30)) == .milliseconds(500))
        #expect(clock.wait(.seconds(3)) == .milliseconds(50))
        #expect(clock.deadline(.seconds(3)) == .milliseconds(500))
        #expect(clock.deadline(.seconds(60)) == .seconds(1))
        #expect(clock.slowest == .seconds(30))
        #expect(LabClock(scale: 0, now: { Sample.start }).scale == 1)
        #expect(clock.now() == Sample.start)
    }
}
