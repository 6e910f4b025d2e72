import LoginCore
import Providers
import Scenarios
import Testing

@Suite("Playing a story")
struct StoryRunTests {
    private static func play(_ steps: String..., head: String = "") throws -> StoryResult {
        let text = "story: A test\n\(head)\nsteps:\n" + steps.map { "  - \($0)\n" }.joined()
        return try StoryParser.parse(text, file: "test.yaml", name: "test").play()
    }

    private static let online = ["{do: log in, as: mia}", "{see: state, is: online}"]

    @Test(
        "An expectation that is not met fails with what was seen instead",
        arguments: [
            ("{see: state, is: waiting, within: 5s}", "device A is online"),
            ("{see: state, is: online, at: 5s}", "it was seen too early, after 0 s"),
            ("{see: attempts, are: 2}", "device A made 1 attempts"),
            ("{see: attempts, are: 0}", "device A made 1 attempts"),
            ("{see: delays, are: [2s]}", "the delays so far were: none"),
            ("{see: token, is: new}", "device A has sent one login only"),
            ("{see: lease, is: void}", "the token of device A is permanent"),
            ("{see: saved login, is: none}", "the saved login of device A is: usable"),
            ("{see: others, are: 1}", "device A sees 0 other clients"),
            ("{see: app, is: login screen}", "the app on device A is: signed in"),
            ("{see: order, of: [sync, open the link]}", "“open the link” was not seen in its turn"),
            ("{never: state, is: online, for: 1s}", "it was seen after 0 s"),
            (
                "{do: ban, as: noor}",
                "what is to be done makes no sense now: noor has no account yet; register or log in first"
            ),
            ("{do: start app}", "what was to be done could not be: the app on A runs already"),
            ("{do: start backend}", "what was to be done could not be: the backend runs already"),
        ])
    func failures(step: String, saw: String) throws {
        let result = try Self.play(Self.online[0], Self.online[1], step)
        #expect(result.failure?.saw == saw)
        #expect(result.failure?.step == 3)
        #expect(result.failure?.line == 6)
    }

    @Test("A code that never comes fails after the time that was given")
    func patience() throws {
        let result = try Self.play(Self.online[0], Self.online[1], "{see: code, is: 302, within: 30s}")
        #expect(result.failure?.saw.hasPrefix("no such entry") == true)
        #expect(result.duration > .seconds(30))
        #expect(result.duration < .seconds(31))
    }

    @Test("Wrong delays fail at once, and say what they were")
    func delays() throws {
        let result = try Self.play(
            Self.online[0], Self.online[1], "{do: network, mode: refusing}", "{see: delays, are: [2s, 5s], within: 1h}")
        #expect(result.failure?.saw == "the delays were 2 s, 4 s")
        #expect(result.duration < .seconds(3))
    }

    @Test("Quiet fails with the entry that broke it")
    func quiet() throws {
        let result = try Self.play(
            Self.online[0], Self.online[1], "{do: network, mode: refusing}", "{see: state, is: waiting}", "{quiet: 10s}"
        )
        #expect(result.failure?.saw.contains("next attempt: due") == true)
    }

    @Test("Time that passes is the story's, whatever it costs")
    func time() throws {
        let result = try Self.play(Self.online[0], Self.online[1], "{wait: 1 day}")
        #expect(result.isPassed)
        #expect(result.duration >= .seconds(86_400))
    }

    @Test("The operator's settings wait for a slow network")
    func slowSettings() throws {
        let result = try Self.play(
            Self.online[0],
            head: """
                provider: easemob
                devices: {A: {generation: v4-ios}}
                settings: {device policy: 3, token: dynamic, token lifetime: 120s, session lifetime: 604800s, auth types: [0, 1]}
                network: {latency: 1500ms, jitter: 753ms, loss: 0, resend: 200ms}
                seed: 1
                """)
        #expect(result.failure == nil, "\(String(describing: result.failure))")
    }

    @Test("A slow network changes when things happen and not what")
    func slow() throws {
        let fast = try Self.play(Self.online[0], Self.online[1])
        let slow = try Self.play(
            Self.online[0], Self.online[1], head: "network: {latency: 300ms, jitter: 200ms, loss: 100, resend: 400ms}")
        #expect(slow.isPassed)
        #expect(slow.duration > fast.duration * 10)
        #expect(CanonicalDifference(expected: fast.entries, found: slow.entries) == nil)
    }

    @Test("A failure is printed with the last entries, their causes and the command that plays it again")
    func report() throws {
        let result = try Self.play(Self.online[0], Self.online[1], "{see: code, is: 302, within: 1s}")
        let text = StoryReports.failure(result, file: "test.yaml", reproduction: "latchkey run test.yaml --seed 7")
        #expect(text.hasPrefix("test.yaml:6: step 3 of “A test” did not come true\n"))
        #expect(text.contains("expected   {see: code, is: 302, within: 1s}"))
        #expect(text.contains("onLogin:(8 SyncOK)"))
        #expect(text.contains(" ← im-server-"))
        #expect(text.hasSuffix("  again with latchkey run test.yaml --seed 7"))
    }

    @Test("What a failure says of a title stays on its line and steers no terminal")
    func steering() throws {
        let result = try StoryParser.parse(
            "story: \"W\\e[2J\\nall came true\"\nsteps:\n  - {see: state, is: online, within: 1s}\n",
            file: "test.yaml", name: "test"
        ).play()
        let text = StoryReports.failure(result, file: "test.yaml", reproduction: "latchkey run test.yaml --seed 7")
        #expect(text.hasPrefix("test.yaml:3: step 1 of “W?[2J?all came true” did not come true\n"))
    }

    // A look at every entry again for each new one would take minutes for one of these.
    @Test(
        "Days of looking take seconds", .timeLimit(.minutes(1)),
        arguments: [
            "{quiet: 3 days}", "{never: callback, name: \"onKickout:\", for: 3 days}",
            "{never: entry, title: nowhere, for: 3 days}", "{never: code, is: 302, for: 3 days}",
            "{never: order, of: [nowhere, online], for: 3 days}", "{never: attempts, are: 2, for: 3 days}",
            "{never: delays, are: [2s], for: 3 days}", "{never: token, is: new, for: 3 days}",
            "{never: presence, is: Online, for: 3 days}",
        ])
    func longLook(step: String) throws {
        #expect(try Self.play(Self.online[0], Self.online[1], step).failure == nil)
    }

    @Test("An entry that does not come within days is missed at once", .timeLimit(.minutes(1)))
    func longWait() throws {
        let result = try Self.play(
            Self.online[0], Self.online[1], "{see: entry, title: nowhere, in: app server, within: 3 days}")
        #expect(result.failure?.saw == "no such entry")
    }

    @Test("Entries are found in their order, however they come")
    func order() throws {
        let titles = "[connecting, authenticating, syncing, syncing → online]"
        #expect(try Self.play(Self.online[0], "{see: order, of: \(titles)}").isPassed)
        #expect(try Self.play(Self.online[0], Self.online[1], "{see: order, of: \(titles)}").isPassed)
        let wrong = try Self.play(Self.online[0], "{see: order, of: [syncing → online, connecting], within: 2s}")
        #expect(wrong.failure?.saw == "“connecting” was not seen in its turn")
    }
}
