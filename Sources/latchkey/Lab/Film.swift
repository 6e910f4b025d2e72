import LoginCore
import Providers
import Scenarios
import Services
import Synchronization
import TerminalUI

/// A recording played on the lab's screen: fresh machines take its inputs at the pace of the recording, or faster.
///
/// One inbox, one loop; a pause between two items ends by a message, as everything else does.
actor Film {
    /// A recording and how far the film has come in its time.
    final class Reel: Sendable {
        let recording: Recording
        /// What it is called on the screen.
        let name: String
        /// What went wrong in what was recorded, in one sentence; nil when nothing did.
        let trouble: String?
        fileprivate let now: Mutex<Instant>

        init(_ recording: Recording, name: String, trouble: String? = nil) {
            self.recording = recording
            self.name = name
            self.trouble = trouble
            now = Mutex(recording.items.first?.at ?? Instant(microseconds: 0))
        }

        /// The film's own time, which stands still between two items.
        var clock: LabClock { LabClock(scale: 1) { self.now.withLock { $0 } } }
    }

    private enum Message: Sendable {
        case command(LabCommand)
        /// The pause before the next item is over; a late one has an old number.
        case due(Int)
    }

    /// The longest that a film waits for its next item, so that nights pass quickly.
    private static let longestPause: Duration = .seconds(2)
    private static let speeds = 1...1024

    private let reel: Reel
    private let provider: Provider
    private let publish: @Sendable (UIEvent) -> Void
    private let inbox: AsyncStream<Message>
    private nonisolated let post: AsyncStream<Message>.Continuation
    private var replay: Replay
    private var devices: [LabDevice] = []
    private var speed = 1
    private var isPlaying: Bool
    private var alarm: Task<Void, Never>?
    private var alarms = 0

    init(
        _ reel: Reel, provider: Provider, isPlaying: Bool = false, publish: @escaping @Sendable (UIEvent) -> Void
    ) {
        self.reel = reel
        self.isPlaying = isPlaying
        self.provider = provider
        self.publish = publish
        replay = Replay(reel.recording)
        (inbox, post) = AsyncStream.makeStream()
    }

    nonisolated func send(_ command: LabCommand) {
        post.yield(.command(command))
    }

    nonisolated func end() {
        post.finish()
    }

    /// Shows the film's beginning and follows what is asked until ``end()``.
    func run() async {
        if isPlaying { schedule() }
        show()
        for await message in inbox {
            switch message {
            case .command(.film(let command)): follow(command)
            case .command(.openFilm): publish(.filmFailed("Leave this film first: q."))
            case .command: publish(.message("This is a film: q leaves it."))
            case .due(let number):
                guard number == alarms else { continue }
                step()
            }
            schedule()
            show()
        }
        alarm?.cancel()
    }

    private func follow(_ command: FilmCommand) {
        switch command {
        case .playOrPause: isPlaying.toggle()
        case .step:
            isPlaying = false
            // What writes nothing is no step to look at.
            while let wrote = step(), !wrote {}
        case .faster: speed = min(speed * 2, Self.speeds.upperBound)
        case .slower: speed = max(speed / 2, Self.speeds.lowerBound)
        case .rewind: rewind()
        case .jump(let entry): jump(to: entry)
        }
    }

    private func rewind() {
        isPlaying = false
        replay = Replay(reel.recording)
        devices = []
        let start = reel.recording.items.first?.at ?? Instant(microseconds: 0)
        reel.now.withLock { $0 = start }
        publish(.rewound(start))
    }

    private func jump(to wanted: EntryID) {
        let place = reel.recording.items.firstIndex { item in
            switch item {
            case .take(let take): take.entries.contains { $0.id == wanted }
            case .entry(let entry): entry.id == wanted
            case .begin, .end, .doing: false
            }
        }
        guard let place else {
            publish(.message("The recording has no entry \(wanted)."))
            return
        }
        if place < replay.position { rewind() }
        isPlaying = false
        while replay.position <= place, !Task.isCancelled, step() != nil {}
        publish(.jumped(wanted))
    }

    /// Plays one item; answers whether it wrote anything, or nil at the end.
    @discardableResult
    private func step() -> Bool? {
        guard let step = replay.next() else {
            isPlaying = false
            return nil
        }
        reel.now.withLock { $0 = max($0, step.item.at) }
        switch step.item {
        case .begin(let life, _): begin(life)
        case .take(let take): change(take.device) { $0.core = replay.cores[take.device] }
        case .end(let device, _): change(device) { $0.core = nil }
        case .doing(.network(let device, let network), _, _): change(device) { $0.network = network }
        case .doing, .entry: break
        }
        if !step.entries.isEmpty { publish(.entries(step.entries)) }
        if let difference = step.difference {
            isPlaying = false
            publish(.message("the machines of now differ: \(difference.what) in line \(difference.line)"))
        }
        return !step.entries.isEmpty
    }

    private func begin(_ life: Recording.Life) {
        let provider = life.provider.flatMap(ProviderRegistry.provider) ?? provider
        guard let generation = provider.generation(life.generation) else { return }
        var device = LabDevice(
            profile: DeviceProfile(name: life.device, deviceID: ""), provider: provider, generation: generation)
        device.settings = life.settings
        device.options = life.options
        device.platform = generation.clientPlatforms.first { $0.name == life.platform } ?? device.platform
        device.core = replay.cores[life.device]
        if let index = devices.firstIndex(where: { $0.profile.name == life.device }) {
            device.network = devices[index].network
            devices[index] = device
        } else {
            devices.append(device)
        }
    }

    private func change(_ name: String, _ change: (inout LabDevice) -> Void) {
        guard let index = devices.firstIndex(where: { $0.profile.name == name }) else { return }
        change(&devices[index])
    }

    /// Sets the alarm for the next item, if the film is playing.
    private func schedule() {
        alarm?.cancel()
        alarms += 1
        guard isPlaying, replay.position < reel.recording.items.count else {
            isPlaying = false
            return
        }
        let next = reel.recording.items[replay.position].at
        let pause = max(.zero, min((next - reel.now.withLock { $0 }) / speed, Self.longestPause))
        alarm = Task { [post, number = alarms] in
            do {
                try await Task.sleep(for: pause)
                post.yield(.due(number))
            } catch {
                // The film was stopped or goes on otherwise.
            }
        }
    }

    private func show() {
        var snapshot = LabSnapshot(
            backend: .starting, now: reel.now.withLock { $0 }, timeScale: 1,
            devices: devices.map { device in
                var view = device.snapshot()
                view.isRunning = device.core != nil
                view.isInBackground = device.core?.sdk.isInBackground ?? false
                return view
            }, notices: [])
        snapshot.trouble = reel.trouble
        snapshot.film = FilmView(
            name: reel.name, position: replay.position, count: reel.recording.items.count, speed: speed,
            isPlaying: isPlaying)
        publish(.snapshot(snapshot))
    }
}
