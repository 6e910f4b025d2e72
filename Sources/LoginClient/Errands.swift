import Synchronization

/// The tasks that run beside a client's loop, so that its end can wait for all of them: also for those that were
/// cancelled long ago and are still letting go of a socket.
final class Errands: Sendable {
    private struct State {
        var last = 0
        var running: [Int: Task<Void, Never>] = [:]
        /// Those that ended before they were written down.
        var early: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Runs `work` as a task of its own.
    func begin(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        let task = Task {
            await work()
            self.state.withLock { state in
                if state.running.removeValue(forKey: number) == nil { state.early.insert(number) }
            }
        }
        state.withLock { state in
            if state.early.remove(number) == nil { state.running[number] = task }
        }
        return task
    }

    /// Waits until no task is left; it cancels none.
    func finish() async {
        while let task = state.withLock({ $0.running.values.first }) { await task.value }
    }
}
