/// What an event does to a machine, as one letter of a checked-in grid.
enum Outcome: Character {
    /// The state becomes one of another kind.
    case transition = "T"
    /// The kind of the state stays; its contents change, or something is done.
    case stays = "s"
    /// Nothing changes and nothing is done.
    case quiet = "-"
    /// The event makes no sense here; nothing changes and that is reported.
    case misuse = "M"
}

/// A table of outcomes: a row for each state, a column for each event.
struct OutcomeGrid {
    /// One line a state: its name, then one letter for each event in order.
    let lines: [String]

    init<State, Event>(
        states: [(name: String, state: State)], events: (State) -> [Event], outcome: (State, Event) -> Outcome
    ) {
        let width = states.map(\.name.count).max() ?? 0
        lines = states.map { name, state in
            let letters = events(state).map { outcome(state, $0).rawValue }
            return name + String(repeating: " ", count: width - name.count) + " " + String(letters)
        }
    }
}
