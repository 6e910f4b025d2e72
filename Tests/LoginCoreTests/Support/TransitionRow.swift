import LoginCore
import Testing

/// One row of the SDK's transition table; states and effects as `MachineText` writes them.
struct TransitionRow: Sendable, CustomTestStringConvertible {
    let name: String
    let from: LoginMachine
    let event: LoginMachine.Event
    let to: String
    let effects: [String]

    init(
        _ name: String, from: LoginMachine, _ event: LoginMachine.Event, to: String, _ effects: String...
    ) {
        self.name = name
        self.from = from
        self.event = event
        self.to = to
        self.effects = effects
    }

    var testDescription: String { name }

    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        var machine = from
        let effects = MachineText.effects(machine.handle(event))
        #expect(MachineText.state(machine.state) == to, sourceLocation: sourceLocation)
        #expect(effects == self.effects, sourceLocation: sourceLocation)
    }
}
