import LoginCore
import Providers

/// The two machines of a client once more, fed with the same inputs, so that each single step can be looked at.
struct ClientShadow: Sendable {
    private(set) var sdk: LoginMachine
    private(set) var flow: AppFlow
    /// What the SDK told with the last input, in order.
    private(set) var moments: [Moment] = []
    /// The rules that were broken, in words.
    private(set) var problems: [String] = []

    init(_ machines: (sdk: LoginMachine, flow: AppFlow)) {
        (sdk, flow) = machines
    }

    /// Takes what the client took, and says how many steps of both machines that made.
    mutating func take(_ input: ClientCore.Input, at now: Instant, _ coverage: inout Coverage) -> Int {
        moments.removeAll(keepingCapacity: true)
        var queue: [ClientCore.Input] = []
        take(input, at: now, &coverage, &queue)
        var next = 0
        while next < queue.count {
            let input = queue[next]
            next += 1
            take(input, at: now, &coverage, &queue)
        }
        return next + 1
    }

    private mutating func take(
        _ input: ClientCore.Input, at now: Instant, _ coverage: inout Coverage, _ queue: inout [ClientCore.Input]
    ) {
        switch input {
        case .sdk(let event): run(event, &coverage, &queue)
        case .app(let event):
            coverage.note(flow.state, event)
            if case .started(let saved?) = event, saved.isUsable, saved.stop == nil {
                sdk.restore(lastLogin: saved.account)
            }
            for effect in flow.handle(event) {
                switch effect {
                case .sdk(let event): queue.append(.sdk(event))
                case .logInByItself: queue.append(.app(.automaticLoginDue(at: now)))
                case .call, .cancelCall, .save, .erase, .startTimer, .cancelTimer, .decline: break
                }
            }
        }
    }

    private mutating func run(
        _ event: LoginMachine.Event, _ coverage: inout Coverage, _ queue: inout [ClientCore.Input]
    ) {
        coverage.note(sdk.state, event)
        let before = sdk
        let effects = sdk.handle(event)
        var told: [CallbackProjection.Told] = []
        for effect in effects {
            switch effect {
            case .acquireToken(let attempt): queue.append(.app(.tokenAsked(attempt)))
            case .notify(let moment):
                moments.append(moment)
                if let kind = CallbackProjection.told(moment) { told.append(kind) }
                queue.append(.app(.told(moment)))
            case .reportMisuse:
                if effects.count != 1 || sdk != before { problems.append("a misuse changed the SDK: \(event)") }
            case .openConnection, .closeConnection, .send, .startTimer, .cancelTimer: break
            }
        }
        let expected = CallbackProjection.expected(before, event, sdk)
        // Where a login call is several attempts, more is told than follows from the states.
        if !before.hasLoginCalls, told != expected {
            problems.append("\(before.phase) → \(sdk.phase) told \(told), not \(expected)")
        }
    }
}
