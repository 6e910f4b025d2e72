import LoginCore
import Providers

extension VirtualWorld: StoryStage {
    package func core(of device: String) -> ClientCore? {
        self.device(device).flatMap { $0.isRunning ? $0.core : nil }
    }
}

/// What came of a story.
package struct StoryResult: Sendable {
    package let story: Story
    package let seed: UInt64
    package let failure: StoryFailure?
    /// Everything up to the end of the last step and what that had set in motion; up to the failure, if there was one.
    package let entries: [TranscriptEntry]
    /// How long the steps took in the story's own time.
    package let duration: Duration
    package let deeds: [StoryRun.DeedMark]
    /// The shortest deadline that fired; a live run does not know it.
    package let shortestFiredDeadline: Duration?
    /// How long after the last step the next timer would have brought something new; nil when nothing was near.
    package let nextAfterEnd: Duration?

    package init(
        story: Story, seed: UInt64, run: StoryRun, duration: Duration, shortestFiredDeadline: Duration? = nil,
        nextAfterEnd: Duration? = nil
    ) {
        self.story = story
        self.seed = seed
        failure = run.failure
        entries = run.record
        deeds = run.deeds
        self.duration = duration
        self.shortestFiredDeadline = shortestFiredDeadline
        self.nextAfterEnd = nextAfterEnd
    }

    package var isPassed: Bool { failure == nil }
}

extension Story {
    /// Plays the story in virtual time, and lets arrive what is under way at its end.
    ///
    /// In a task that is cancelled it stops, which counts as a problem.
    package func play(seed: UInt64? = nil, recorder: Recorder? = nil) throws(DeedProblem) -> StoryResult {
        let seed = seed ?? self.seed
        var world = try world(seed: seed, recorder: recorder)
        let start = world.now
        var run = StoryRun(self)
        var told = 0
        var answers = 0
        func tell(_ run: inout StoryRun, _ world: VirtualWorld) {
            run.take(world.log.entries(since: told))
            told = world.log.count
            while answers < world.operations.count, let answer = world.operations[answers] {
                answers += 1
                run.answered(answer, at: world.now)
            }
        }
        tell(&run, world)
        while true {
            if Task.isCancelled { throw DeedProblem("it was given up") }
            switch run.next(at: world.now, on: world) {
            case .finished:
                let end = world.now
                let deadline = world.shortestFiredDeadline
                if run.failure == nil {
                    world.run(for: .milliseconds(100) + (network.latency + network.jitter) * 4)
                    tell(&run, world)
                }
                return StoryResult(
                    story: self, seed: seed, run: run, duration: end - start, shortestFiredDeadline: deadline,
                    nextAfterEnd: world.nextNews(within: Comparability.race * (2 * Comparability.mostScale), of: end))
            case .perform(let deed):
                var problem: DeedProblem?
                do throws(DeedProblem) {
                    try world.perform(deed)
                } catch {
                    problem = error
                }
                run.performed(problem, at: world.now)
                tell(&run, world)
            case .wait(let limit):
                if !world.step(until: limit) { world.run(until: limit) }
                tell(&run, world)
            }
        }
    }
}

extension VirtualWorld {
    /// How long after `end` the next entry that is no routine is written; nil when none is within `window`.
    fileprivate func nextNews(within window: Duration, of end: Instant) -> Duration? {
        var world = self
        world.recorder = nil
        var told = log.count
        while world.step(until: end + window) {
            let new = world.log.entries(since: told)
            if let first = new.first(where: { !$0.isHeartbeat }) { return first.at - end }
            told = world.log.count
        }
        return nil
    }
}
