import LoginCore
import Synchronization
import Testing

/// Everything that the clients and the backend of one test have told, and who waits for what.
final class LabRecord: Sendable {
    /// What there is to wait for.
    struct View: Sendable {
        /// Of all lanes, in the order in which they were told; the order within a lane is the lane's own.
        fileprivate(set) var entries: [TranscriptEntry] = []
        /// The machines of each device after their last input.
        fileprivate(set) var cores: [String: ClientCore] = [:]
        /// The sentences for the user, each with its device in front.
        fileprivate(set) var said: [String] = []

        func entries(of lane: Lane, since mark: Int = 0) -> [TranscriptEntry] {
            entries.dropFirst(mark).filter { $0.lane == lane }
        }

        func titles(of lane: Lane, since mark: Int = 0) -> [String] {
            entries(of: lane, since: mark).map(\.title)
        }
    }

    /// What was waited for and did not come before the test's time was up.
    struct InVain: Error, CustomStringConvertible {
        let description: String
    }

    private struct Waiter {
        let isMet: @Sendable (View) -> Bool
        let resume: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var view = View()
        var waiters: [Int: Waiter] = [:]
        var lastWaiter = 0
        var given: Set<Int> = []
    }

    private let state = Mutex(State())

    var view: View { state.withLock { $0.view } }

    /// How many entries there are: where to count from later.
    var mark: Int { view.entries.count }

    func take(_ entries: [TranscriptEntry]) {
        change { $0.entries += entries }
    }

    /// Takes what a client tells of one input: its entries and its machines belong together.
    func take(_ core: ClientCore, _ entries: [TranscriptEntry], of device: String) {
        if let last = entries.last(where: { $0.kind == .state && $0.owner == .sdk }) {
            #expect(last.title.hasSuffix("→ \(core.sdk.phase.text)"), "\(device) tells of \(last.title)")
        }
        change {
            $0.entries += entries
            $0.cores[device] = core
        }
    }

    /// The app on this device has ended.
    func end(_ device: String) {
        change { $0.cores[device] = nil }
    }

    func say(_ sentence: String) {
        change { $0.said.append(sentence) }
    }

    private func change(_ edit: (inout View) -> Void) {
        let met = state.withLock { state -> [Waiter] in
            edit(&state.view)
            let met = state.waiters.filter { $0.value.isMet(state.view) }
            for number in met.keys { state.waiters[number] = nil }
            return Array(met.values)
        }
        for waiter in met { waiter.resume.resume(returning: true) }
    }

    /// Waits until `isMet` holds; throws, with the end of the transcript, when the test's time is up first.
    @discardableResult
    func wait(for what: String, until isMet: @escaping @Sendable (View) -> Bool) async throws -> View {
        let number = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        let isFine = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if isMet(state.view) { return true }
                    if state.given.remove(number) != nil { return false }
                    state.waiters[number] = Waiter(isMet: isMet, resume: continuation)
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.given.insert(number)
                return state.waiters.removeValue(forKey: number)
            }
            waiter?.resume.resume(returning: false)
        }
        let view = view
        guard isFine else {
            let end = view.entries.suffix(60).map { "\($0.id) \($0.kind.rawValue) \($0.title)" }
            let failure = InVain(description: "waited in vain for \(what) after:\n" + end.joined(separator: "\n"))
            // An error that is thrown after the test's time is up is shown to nobody.
            Issue.record(failure)
            throw failure
        }
        return view
    }
}
