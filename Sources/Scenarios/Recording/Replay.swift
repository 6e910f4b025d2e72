import LoginCore
import Providers
import Synchronization

/// Feeds a recording to fresh machines and compares all that they do with what was recorded.
///
/// ```swift
/// var replay = Replay(recording)
/// while let step = replay.next() { … }   // or Replay.difference(in: recording)
/// ```
package struct Replay: Sendable {
    /// Where machines of now and machines of then part.
    package struct Difference: Hashable, Sendable, CustomStringConvertible {
        /// The line of the file, from 1.
        package let line: Int
        package let device: String
        package let at: Instant
        /// What the machines were told.
        package let input: String
        /// What differs: effects, entries or state.
        package let what: String
        package let recorded: String
        package let replayed: String

        package var description: String {
            """
            line \(line), device \(device), instant \(at.microseconds): \(what) after \(input)
              - \(recorded)
              + \(replayed)
            """
        }
    }

    /// One item that was played.
    package struct Step: Sendable {
        package let item: Recording.Item
        /// What the machines wrote now, or what was recorded of a server's lane.
        package let entries: [TranscriptEntry]
        package let difference: Difference?
    }

    /// The deadlines' floor of the input that is played.
    private final class Floor: Sendable {
        let value = Mutex<Duration>(.zero)
    }

    package let recording: Recording
    /// How many items have been played.
    package private(set) var position = 0
    /// The machines of the apps that run, by their devices' names.
    package private(set) var cores: [String: ClientCore] = [:]
    private let floor = Floor()

    package init(_ recording: Recording) {
        self.recording = recording
    }

    /// The first difference; nil when everything is as it was recorded, byte for byte.
    package static func difference(in recording: Recording) -> Difference? {
        var replay = Replay(recording)
        while let step = replay.next() {
            if let difference = step.difference { return difference }
        }
        return nil
    }

    /// Plays the next item; nil when there is none left.
    package mutating func next() -> Step? {
        guard position < recording.items.count else { return nil }
        let item = recording.items[position]
        position += 1
        switch item {
        case .begin(let life, _):
            cores[life.device] = core(of: life)
            return Step(item: item, entries: [], difference: nil)
        case .take(let take):
            guard var core = cores[take.device] else { return Step(item: item, entries: [], difference: nil) }
            floor.value.withLock { $0 = take.shortestDeadline }
            let output = core.handle(take.input, at: take.at, cause: take.cause, answering: take.frame)
            cores[take.device] = core
            return Step(item: item, entries: output.entries, difference: compare(take, output, CoreState(core)))
        case .end(let device, _):
            cores[device] = nil
            return Step(item: item, entries: [], difference: nil)
        case .doing:
            return Step(item: item, entries: [], difference: nil)
        case .entry(let entry):
            return Step(item: item, entries: [entry], difference: nil)
        }
    }

    private func core(of life: Recording.Life) -> ClientCore? {
        guard
            let generation = ProviderRegistry.provider(life.provider ?? recording.provider)?.generation(life.generation)
        else {
            return nil  // no reader of files lets that pass
        }
        var policy = generation.policy
        policy.options = life.options
        return ClientCore(
            lane: TranscriptLane(.device(life.device), after: life.after), policy: policy, settings: life.settings,
            random: SeededGenerator(seed: life.seed),
            shortestDeadline: { [floor] in floor.value.withLock { $0 } }, naming: generation.callbacks)
    }

    private func compare(_ take: Recording.Take, _ output: ClientCore.Output, _ state: CoreState) -> Difference? {
        func difference(_ what: String, _ recorded: String, _ replayed: String) -> Difference {
            Difference(
                line: position + 1, device: take.device, at: take.at, input: RecordingFile.text(take.input),
                what: what, recorded: recorded, replayed: replayed)
        }
        func first<Value: Hashable & Encodable>(_ what: String, _ old: [Value], _ new: [Value]) -> Difference? {
            guard old != new else { return nil }
            let place = zip(old, new).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let index = place ?? min(old.count, new.count)
            func text(_ values: [Value]) -> String {
                index < values.count ? RecordingFile.text(values[index]) : "(nothing more)"
            }
            return difference("\(what) \(index + 1)", text(old), text(new))
        }
        if let found = first("entry", take.entries, output.entries) { return found }
        if let found = first("effect", take.effects, output.effects) { return found }
        if take.state != state {
            return difference("the state", RecordingFile.text(take.state), RecordingFile.text(state))
        }
        return nil
    }
}
