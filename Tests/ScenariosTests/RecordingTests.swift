import LoginCore
import Providers
import Scenarios
import Synchronization
import Testing

@Suite("Recordings")
struct RecordingTests {
    /// A seeded random life of two devices.
    private static func walk(
        seed: UInt64, provider: String = ProviderRegistry.all[0].id, generation: String? = nil,
        names: [String] = ["A", "B"],
        steps: Int = 60, recorder: Recorder? = nil
    ) throws -> Recording {
        let recorder = recorder ?? Recorder(provider: provider)
        var world = try VirtualWorld(
            WorldSetup(
                provider: provider,
                devices: [DeviceSetup(name: names[0], generation: generation), DeviceSetup(name: names[1])],
                seed: seed, sink: .none),
            recorder: recorder)
        var chance = SeededGenerator(seed: seed).fork("deeds")
        func password(_ isRight: Bool) -> Secret { Secret(isRight ? "lantern-42" : "wrong-1234", kind: .password) }
        for _ in 0..<steps {
            let device = names[chance.below(2) == 0 ? 0 : 1]
            let deed: DeviceDeed =
                switch chance.below(12) {
                case 0, 1, 2: .logIn(user: "mia", password: password(chance.below(5) > 0))
                case 3: .logInAutomatically(forced: chance.below(2) == 0)
                case 4: .logOut
                case 5: .renew
                case 6: .network(NetworkSwitch(mode: NetworkMode.allCases[Int(chance.below(4))]))
                case 7: .network(NetworkSwitch())
                case 8: .cut
                case 9: chance.below(2) == 0 ? .background : .foreground
                case 10: .restartApp
                default: .kickOthers(nil)
                }
            do {
                try world.perform(.device(device, deed))
            } catch {
                // Asked for at a time when it makes no sense: nothing happened.
            }
            world.run(for: .milliseconds(Int64(chance.below(90_000))))
        }
        return recorder.recording
    }

    @Test(
        "A random run is replayed with every effect, entry and state as it was",
        arguments: 1...12 as ClosedRange<UInt64>)
    func replays(seed: UInt64) throws {
        let generations = ProviderRegistry.all[0].generations
        let recording = try Self.walk(seed: seed, generation: generations[Int(seed) % generations.count].id)
        #expect(recording.entries.count > 100)
        #expect(Replay.difference(in: recording) == nil)
    }

    @Test("A recording of several providers is written, read and replayed, and each provider's part is told as a story")
    func severalProviders() throws {
        let first = ProviderRegistry.all[0].id
        var alone: [String: String] = [:]
        var items: [Recording.Item] = []
        for (index, provider) in ProviderRegistry.all.map(\.id).enumerated() {
            let letters = ["AB", "CD", "EF"][index].map(String.init)
            var recording = try Self.walk(seed: UInt64(5 + index), provider: provider, names: letters)
            // All end together.
            let end = Instant(seconds: 1_800_100_000)
            recording.items.append(.doing(.network(device: letters[0], NetworkSwitch()), at: end))
            let told = try #require(RecordedStory.all(of: recording, title: "alone").first)
            alone[provider] = told.text
            // In the lab of the first one the others' lives and operators name their providers.
            items += recording.items.map { item in
                guard provider != first else { return item }
                return switch item {
                case .begin(let life, let at): .begin(life.of(provider), at: at)
                case .doing(let doing, _, let at): .doing(doing, provider: provider, at: at)
                case .take, .end, .entry: item
                }
            }
        }
        let order = items.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        let recording = Recording(provider: first, items: order.map(\.element))
        #expect(Set(recording.providers) == Set(ProviderRegistry.all.map(\.id)))
        let read = try RecordingFile.read(RecordingFile.bytes(recording))
        #expect(read == recording)
        #expect(Replay.difference(in: read) == nil)
        let stories = RecordedStory.all(of: read, title: "several")
        #expect(stories.map(\.provider) == recording.providers)
        for story in stories {
            let title = try #require(ProviderRegistry.provider(story.provider)?.title)
            let expected = try #require(alone[story.provider])
                .replacing("story: \"alone\"", with: "story: \"several, \(title)\"")
                .replacing(
                    "recording.\"\n", with: "recording.\"\n# Devices of other providers have stories of their own.\n",
                    maxReplacements: 1)
            let lines = zip(story.text.split(separator: "\n"), expected.split(separator: "\n")).filter { $0 != $1 }
            #expect(lines.first.map { "\($0.0) / \($0.1)" } == nil)
            #expect(story.text == expected)
            #expect(story.notes.count == 1)
        }
    }

    @Test("A file gives back what was written, and the same bytes again")
    func roundTrip() throws {
        let recording = try Self.walk(seed: 3)
        let bytes = RecordingFile.bytes(recording)
        let read = try RecordingFile.read(bytes)
        #expect(read == recording)
        #expect(RecordingFile.bytes(read) == bytes)
        #expect(Replay.difference(in: read) == nil)
    }

    @Test("A recorder with a limit stops once, keeps what came before, and says so as its last word")
    func limit() throws {
        let whole = try Self.walk(seed: 3)
        let size = RecordingFile.bytes(whole).count
        for limit in [size / 10, size / 3, size / 2, size + 500] {
            let full = Mutex(0)
            let recorder = Recorder(provider: whole.provider, limit: limit) { full.withLock { $0 += 1 } }
            _ = try Self.walk(seed: 3, recorder: recorder)
            let kept = recorder.recording
            let bytes = RecordingFile.bytes(kept)
            #expect(bytes.count <= limit)
            #expect(bytes.count > min(limit, size) - 20_000, "it does not stop long before")
            #expect(try RecordingFile.read(bytes) == kept)
            #expect(Replay.difference(in: kept) == nil)
            guard limit < size else {
                #expect(kept == whole && recorder.stopped == nil && full.withLock { $0 } == 0)
                continue
            }
            #expect(full.withLock { $0 } == 1)
            #expect(kept.items.dropLast() == whole.items.prefix(kept.items.count - 1))
            #expect(recorder.stopped == kept.items.last?.at)
            let story = try #require(RecordedStory.all(of: kept, title: "full").first)
            #expect(story.notes.contains { $0.contains("the recording was full") })
        }
    }

    @Test("A recording holds no password and no token, only stand-ins")
    func secrets() throws {
        let text = String(decoding: RecordingFile.bytes(try Self.walk(seed: 3)), as: UTF8.self)
        #expect(!text.contains("lantern-42"))
        #expect(!text.contains("wrong-1234"))
        #expect(text.contains("password-1"))
    }

    @Test("A planted change of an input, an effect, an entry or a state is noticed")
    func plantedChanges() throws {
        let recording = try Self.walk(seed: 5)
        func changed(_ change: (inout Recording.Take) -> Bool) throws -> Replay.Difference? {
            var copy = recording
            for index in copy.items.indices {
                guard case .take(var take) = copy.items[index], change(&take) else { continue }
                copy.items[index] = .take(take)
                return Replay.difference(in: copy)
            }
            Issue.record("there was nothing to change")
            return nil
        }
        let input = try changed { take in
            guard case .sdk(.received(let id, .loginAccepted)) = take.input else { return false }
            take.input = .sdk(.received(id, .loginRefused(code: 302, text: "planted")))
            return true
        }
        #expect(input?.what == "entry 1")
        let effect = try changed { take in
            guard !take.effects.isEmpty else { return false }
            take.effects.removeLast()
            return true
        }
        #expect(effect?.what.hasPrefix("effect") == true)
        let entry = try changed { take in
            guard !take.entries.isEmpty else { return false }
            take.entries.removeLast()
            return true
        }
        #expect(entry?.recorded == "(nothing more)")
        let other = try #require(
            recording.items.compactMap { item -> CoreState? in
                if case .take(let take) = item, case .online = take.state.sdk { take.state } else { nil }
            }.first)
        let state = try changed { take in
            guard take.state != other else { return false }
            take.state = other
            return true
        }
        #expect(state?.what == "the state")
    }

    @Test(
        "A random run is told as a story that comes true and names no secret", arguments: 1...8 as ClosedRange<UInt64>
    )
    func toldWalks(seed: UInt64) throws {
        let title = "A \"random\" run\n\u{85}: {of, two}"
        let told = try #require(RecordedStory.all(of: try Self.walk(seed: seed), title: title).first)
        let story = try StoryParser.parse(told.text, file: "told.yaml", name: "told")
        #expect(story.title == "A \"random\" run\n\u{85}: {of, two}")
        #expect(story.steps.count > 60)
        #expect(!told.text.contains("wrong-1234") && !told.text.contains("lantern-42"))
        let played = try story.play(seed: seed)
        #expect(played.failure == nil, "\(told.text)")
    }

    @Test("A file that somebody damaged gives one sentence with a line")
    func fuzz() throws {
        let bytes = RecordingFile.bytes(try Self.walk(seed: 2, steps: 6))
        var chance = SeededGenerator(seed: 11)
        var refused = 0
        for _ in 0..<150 {
            var damaged = bytes
            switch chance.below(4) {
            case 0: damaged = Array(damaged.prefix(Int(chance.below(UInt64(bytes.count)))))
            case 1: damaged.remove(at: Int(chance.below(UInt64(bytes.count))))
            case 2: damaged.insert(UInt8(chance.below(256)), at: Int(chance.below(UInt64(bytes.count))))
            default: damaged[Int(chance.below(UInt64(bytes.count)))] = UInt8(chance.below(256))
            }
            do throws(RecordingFile.Problem) {
                let read = try RecordingFile.read(damaged)
                // A changed letter of an input or a state is found by the replay, or changes nothing that is compared.
                _ = Replay.difference(in: read)
            } catch {
                refused += 1
                #expect(error.line >= 1)
                #expect(!error.message.isEmpty && !error.message.contains("\n"))
            }
        }
        #expect(refused > 75)
    }

    @Test(
        "What is wrong with a file is said with its line",
        arguments: [
            ("", "line 1: the file is empty"),
            ("{}\n{}\n{}\n", "line 1: this is no recording; the first line must say so"),
            (
                #"{"latchkey":"recording","provider":"comsease","version":1}"# + "\n\n\n",
                "line 1: the provider “comsease” is unknown; did you mean “commsease”?"
            ),
            (
                #"{"latchkey":"recording","provider":"commsease","version":9}"# + "\n\n\n",
                "line 1: the format's version is 9; this program reads 1"
            ),
            (
                #"{"latchkey":"recording","provider":"commsease","version":1}"# + "\nx\n{}\n",
                "line 2: it is no JSON"
            ),
        ])
    func problems(text: String, sentence: String) {
        do throws(RecordingFile.Problem) {
            _ = try RecordingFile.read(Array(text.utf8))
            Issue.record("it was read")
        } catch {
            #expect(error.description == sentence)
        }
    }

    @Test(
        "A built-in story is recorded, told as a story again, and comes true with an equal canonical transcript",
        arguments: BuiltInStories.sources)
    func toldAgain(source: StorySource) throws {
        let story = try source.parse()
        let recorder = Recorder(provider: story.provider)
        let result = try story.play(recorder: recorder)
        #expect(result.isPassed)
        #expect(Replay.difference(in: recorder.recording) == nil)
        // Its typed tokens are looked into, and a recording keeps none.
        guard Comparability(result).isComparable, source.fullName != "tencent/other-app" else { return }
        let told = try #require(RecordedStory.all(of: recorder.recording, title: story.title).first)
        let again = try StoryParser.parse(told.text, file: source.file, name: story.name)
        let played = try again.play(seed: story.seed)
        if let failure = played.failure {
            Issue.record("\(source.file):\(failure.line): \(failure.expected): \(failure.saw)\n\(told.text)")
        }
        if let difference = CanonicalDifference(expected: result.entries, found: played.entries) {
            Issue.record("\(source.file): \(difference.description)\n\(told.text)")
        }
    }
}
