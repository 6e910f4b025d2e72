import LoginCore
import Providers
import TerminalFrame

/// Films: what is done in one, and how one takes the place of a lab and gives it back.
extension Model {
    mutating func performInFilm(_ action: Action) -> [LabCommand] {
        status = nil
        if let obstacle = obstacle(action) {
            status = StatusLine(text: obstacle, kind: .problem)
            return []
        }
        switch action {
        case .filmLeave: return [.leaveFilm]
        case .filmJump:
            popups.append(.help(HelpList(query: TextInput("jump "), isPalette: true)))
            return []
        default:
            // What comes now is what is looked at.
            if [.filmPlay, .filmStep, .filmRewind].contains(action) { timeline.selectTail() }
            return FilmCommand(action).map { [.film($0)] } ?? []
        }
    }

    // MARK: - In the lab's model

    /// Says that a film is on its way.
    mutating func awaitFilm(_ sentence: String) {
        awaitsFilm = true
        status = StatusLine(text: sentence, kind: .note)
    }

    mutating func beginFilm(_ number: Int, _ provider: String) -> [LabCommand] {
        guard awaitsFilm, let provider = ProviderRegistry.provider(provider) else { return [.leaveFilm] }
        awaitsFilm = false
        status = nil
        guard filterInput == nil, popups.allSatisfy({ if case .stories = $0 { true } else { false } }) else {
            // The keys that are being typed must not become those of the film.
            status = StatusLine(text: "The film was given up, since you went on: ask for it again.", kind: .note)
            return [.leaveFilm]
        }
        var film = Model(provider: provider, size: size)
        film.timeline = Timeline(showsHeartbeats: timeline.showsHeartbeats)
        screening = .film(number: number, film)
        return []
    }

    mutating func filmFailed(_ sentence: String) {
        awaitsFilm = false
        let problem = StatusLine(text: sentence, kind: .problem)
        if screening == nil { status = problem } else { changeFilm { $0.status = problem } }
    }

    /// Hands an event to the film that it is for; one of a film that was left is dropped.
    mutating func passOn(_ event: UIEvent, toFilm number: Int) -> [LabCommand] {
        guard case .film(number, _)? = screening else { return [] }
        var commands: [LabCommand] = []
        changeFilm { commands = update(&$0, event) }
        return commands
    }

    /// A key while a film is on is the film's.
    mutating func pressedInFilm(_ key: Key) -> [LabCommand] {
        var commands: [LabCommand] = []
        changeFilm { commands = $0.pressed(key) }
        if commands.contains(.leaveFilm) { screening = nil }
        return commands.filter { command in
            switch command {
            case .openFilm:
                awaitsFilm = true
                return true
            case .leaveFilm, .film, .quit, .suspend, .redraw: return true
            default:
                changeFilm { $0.status = StatusLine(text: "This is a film: q leaves it.", kind: .problem) }
                return false
            }
        }
    }

    mutating func changeFilm(_ change: (inout Model) -> Void) {
        guard case .film(let number, var film)? = screening else { return }
        screening = nil  // so that there is one holder, and nothing is copied
        change(&film)
        screening = .film(number: number, film)
    }
}
