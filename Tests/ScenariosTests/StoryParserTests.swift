import LoginCore
import Providers
import Scenarios
import Testing

@Suite("The story language")
struct StoryParserTests {
    private static func story(_ steps: String, _ head: String = "") throws(StoryError) -> Story {
        try StoryParser.parse("story: A test\n\(head)steps:\n\(steps)\n", file: "test.yaml", name: "test")
    }

    /// The error of a file, or an empty text.
    private static func error(_ text: String) -> String {
        do throws(StoryError) {
            _ = try StoryParser.parse(text, file: "test.yaml", name: "test")
            return ""
        } catch {
            return error.description
        }
    }

    @Test(
        "What is wrong is said with line, column and the nearest known word",
        arguments: [
            ("", "test.yaml:1:1: the file is empty; begin with “story: …”"),
            ("steps: []", "test.yaml:1:1: the story needs the key “story”"),
            ("story: x\nstep: []", "test.yaml:2:1: the story has no key “step”; did you mean “steps”?"),
            ("story: x\nsteps: []", "test.yaml:2:8: “steps” of the story is empty"),
            ("story: x\nsteps: now", "test.yaml:2:8: “steps” of the story must be a list"),
            (
                "story: x\nsteps:\n  - {do: logg in, as: mia}",
                "test.yaml:3:10: “do” of the step cannot be “logg in”; did you mean “log in”?"
            ),
            (
                "story: x\nsteps:\n  - {do: log in, as: mai}",
                "test.yaml:3:22: “as” of the step “log in” cannot be “mai”; did you mean “mia”?"
            ),
            (
                "story: x\nsteps:\n  - {do: log in, ass: mia}",
                "test.yaml:3:18: the step “log in” has no key “ass”; did you mean “as”?"
            ),
            (
                "story: x\nsteps:\n  - {do: log in}", "test.yaml:3:5: the step “log in” needs the key “as”"
            ),
            (
                "story: x\ndevices: {A: iOS, B: Android}\nsteps:\n  - {do: cut, on: C}",
                "test.yaml:4:19: “on” of the step “cut” cannot be “C”; did you mean “A”?"
            ),
            (
                "story: x\ndevices: {A: iSO}\nsteps:\n  - {do: cut}",
                "test.yaml:2:14: “A” of the devices cannot be “iSO”; did you mean “iOS”?"
            ),
            (
                "story: x\ndevices: {AB: iOS}\nsteps:\n  - {do: cut}",
                "test.yaml:2:15: “AB” of the devices must be one letter from A to Z"
            ),
            (
                "story: x\nsteps:\n  - {see: state, is: onlin}",
                "test.yaml:3:22: “is” of the step “see: state” cannot be “onlin”; did you mean “online”?"
            ),
            (
                "story: x\nsteps:\n  - {see: state, is: online, within: soon}",
                "test.yaml:3:38: “within” of the step “soon” is no duration; write it as 2s, 500ms, 10m or 1h 30m"
            ),
            (
                "story: x\nsteps:\n  - {wait: 5 parsecs}",
                "test.yaml:3:12: “wait” of the step “5 parsecs” is no duration: the unit “parsecs” is unknown; use ms, s, m, h or d"
            ),
            (
                "story: x\nsteps:\n  - {do: build app, generation: v11}",
                "test.yaml:3:33: “generation” of the step “build app” cannot be “v11”; did you mean “v10”?"
            ),
            (
                "story: x\nsteps:\n  - {do: build app, generation: v10, platform: iPhone}",
                "test.yaml:3:48: “platform” of the step “build app” cannot be “iPhone”; known: HarmonyOS, iOS, Android, PC, Web, macOS"
            ),
            (
                "story: x\nsteps:\n  - {do: build app, generation: v9-ios, options: {retryCount: 2}}",
                "test.yaml:3:51: the options of the SDK has no key “retryCount”; known: reconnect delay, reconnects in background"
            ),
            (
                "story: x\ndevices: {A: {generation: v10, options: {retryCount: 0}}}\nsteps:\n  - {do: cut}",
                "test.yaml:2:54: “retryCount” of the options of the SDK must be a whole number from 1 to 100"
            ),
            (
                "story: x\ndevices: {A: {generation: v10, options: {tokenProvider: thows}}}\nsteps:\n  - {do: cut}",
                "test.yaml:2:57: “tokenProvider” of the options of the SDK cannot be “thows”; did you mean “throws”?"
            ),
            (
                "story: x\nsteps:\n  - {do: kick others, platforms: [Adroid]}",
                "test.yaml:3:34: “platforms” of the step “kick others” cannot name “Adroid”; did you mean “Android”?"
            ),
            (
                "story: x\nsteps:\n  - {do: kick device, on: A}",
                "test.yaml:3:5: the step “kick device” needs the key “as”"
            ),
            ("story: x\nsteps:\n  - {wait: 0s}", "test.yaml:3:12: “wait” of the step must be longer than nothing"),
            (
                "story: x\nsteps:\n  - {wait: 99 days}",
                "test.yaml:3:12: “wait” of the step “99 days” is longer than 31 days"
            ),
            (
                "story: x\nsteps:\n  - {wait: -5s}",
                "test.yaml:3:12: “wait” of the step “-5s” is no duration; write it as 2s, 500ms, 10m or 1h 30m"
            ),
            (
                "story: x\nsteps:\n  - {never: state, is: online}",
                "test.yaml:3:5: the step needs the key “for”"
            ),
            (
                "story: x\nsteps:\n  - {sea: state}",
                "test.yaml:3:5: a step has exactly one of do, see, never, quiet, wait; did you mean “see”?"
            ),
            (
                "story: x\nsteps:\n  - {do: cut, see: state}",
                "test.yaml:3:5: a step has exactly one of do, see, never, quiet, wait; it has do and see"
            ),
            (
                "story: x\nshows: [XE-8-backoff]\nsteps:\n  - {do: cut}",
                "test.yaml:2:8: “shows” of the story names “XE-8-backoff”, which is no rule of CommsEase; did you mean “CE-8-backoff”?"
            ),
            (
                "story: x\nsettings: {device policy: 9}\nsteps:\n  - {do: cut}",
                "test.yaml:2:27: “device policy” of the settings must be a whole number from 1 to 3"
            ),
            (
                "story: x\nstory: y\nsteps:\n  - {do: cut}",
                "test.yaml:1:1: of the keys that begin here these stand twice: story"
            ),
        ])
    func errors(text: String, message: String) {
        #expect(Self.error(text) == message)
    }

    @Test("A text that is not YAML is said to be none, with its place")
    func notYAML() {
        #expect(Self.error("story: x\nsteps:\n  - {do: cut").hasPrefix("test.yaml:4:1: the file is not YAML"))
        #expect(Self.error("story: [x").contains("the file is not YAML"))
    }

    @Test(
        "Durations are read in every spelling",
        arguments: [
            ("500ms", 500), ("2s", 2000), ("2 s", 2000), ("10 minutes", 600_000), ("1h 30m", 5_400_000),
            ("1m1s", 61_000),
            ("1 day", 86_400_000),
        ])
    func durations(text: String, milliseconds: Int) throws {
        let story = try Self.story("  - {wait: \(text)}")
        guard case .wait(let duration) = story.steps[0].kind else {
            Issue.record("not a wait")
            return
        }
        #expect(duration == .milliseconds(milliseconds))
    }

    @Test("Random texts are refused or read, and never trap")
    func fuzz() {
        let words = [
            "story:", "steps:", "-", "{", "}", "do:", "see:", "log in", "as: mia", "\n", " ", "[", "]", ",", "wait:",
            "9s",
            "never", ": ", "&a", "*a", "!!", "\"", "'", "|", "on: A", "network", "é", "\u{0}",
        ]
        var chance = SeededGenerator(seed: 5)
        for _ in 0..<3000 {
            let text = (0..<Int(chance.below(30))).map { _ in words[Int(chance.below(UInt64(words.count)))] }.joined()
            _ = Self.error(text)
        }
    }
}
