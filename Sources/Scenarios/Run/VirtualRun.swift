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
    package let entries: [TranscriptEntry]
    /// How long it took in the story's own time.
    package let duration: Duration
    package let deeds: [StoryRun.DeedMark]
    /// The shortest deadline that fired.
    package let shortestFiredDeadline: Duration?

    package init(
        story: Story, seed: UInt64, run: StoryRun, duration: Duration, shortestFiredDeadline: Duration?
    ) {
        self.story = story
        self.seed = seed
        failure = run.failure
        entries = run.record
        deeds = run.deeds
        self.duration = duration
        self.shortestFiredDeadline = shortestFiredDeadline
    }

    package var isPassed: Bool { failure == nil }
}

extension Story {
    /// Plays the story in virtual time.
    ///
    /// Things that happen after the last step are not waited for.
    package func play(seed: UInt64? = nil) throws(DeedProblem) -> StoryResult {
        let seed = seed ?? self.seed
        var world = try world(seed: seed)
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
            switch run.next(at: world.now, on: world) {
            case .finished:
                return StoryResult(
                    story: self, seed: seed, run: run, duration: world.now - start,
                    shortestFiredDeadline: world.shortestFiredDeadline)
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
