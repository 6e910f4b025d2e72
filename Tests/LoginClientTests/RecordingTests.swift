import CloudServer
import LoginCore
import Providers
import Scenarios
import Testing

@Suite("A live lab is recorded", .timeLimit(.minutes(5)))
struct RecordingTests {
    @Test("Logins, refusals, a cut and a restart over real sockets are replayed byte for byte")
    func live() async throws {
        try await TestLab.run(scale: 20) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            var mark = lab.record.mark
            await device.linkProxy.cut()
            try await device.online(since: mark)
            await device.stop()
            device.start()
            try await device.wait(for: "the restart") { $0.sdk.phase == .loggedOut }
            mark = lab.record.mark
            device.signIn("mia", "wrong")
            try await device.wait(for: "the refusal") {
                if case .signedOut(.appServer) = $0.flow.state { true } else { false }
            }
            let other = try await lab.device("B")
            try await other.signedIn()
            await device.stop()
            await other.stop()

            // The backend goes on writing while this is looked at.
            let recorded = lab.recorder.recording
            let recording = try RecordingFile.read(RecordingFile.bytes(recorded))
            #expect(recording == recorded)
            #expect(recording.entries.count > 50)
            #expect(Replay.difference(in: recording) == nil)
        }
    }

    @Test("The story of a live lab is re-enacted with an equal canonical transcript")
    func reenacted() async throws {
        try await TestLab.run(patience: .milliseconds(500)) { lab in
            let device = try await lab.device("A")
            try await device.signedIn()
            let mark = lab.record.mark
            lab.recorder.did(.cut(device: "A"), at: lab.clock.now())
            await device.linkProxy.cut()
            try await device.online(since: mark)
            let recording = lab.recorder.recording
            let told = try #require(RecordedStory.all(of: recording, title: "A link that is cut").first)
            #expect(told.notes.isEmpty)
            let story = try StoryParser.parse(told.text, file: "told.yaml", name: "told")
            let played = try story.play()
            #expect(played.failure == nil, "\(told.text)")
            let difference = CanonicalDifference(expected: recording.entries, found: played.entries)
            #expect(difference == nil, "\(difference?.description ?? "")")
        }
    }
}
