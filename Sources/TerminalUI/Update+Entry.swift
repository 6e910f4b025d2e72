import LoginCore
import TerminalFrame

extension Model {
    mutating func performInEntry(_ action: Action) {
        guard case .entry(var inspection) = popups.last else { return }
        let page = EntryView.rows(self)
        let lines = EntryView.lines(inspection, self, width: EntryView.width(self)).count
        let last = max(0, lines - page)
        inspection.scroll = min(inspection.scroll, last)
        switch action {
        case .inspectUp: inspection.scroll = max(0, inspection.scroll - 1)
        case .inspectDown: inspection.scroll = min(last, inspection.scroll + 1)
        case .inspectPageUp: inspection.scroll = max(0, inspection.scroll - page)
        case .inspectPageDown: inspection.scroll = min(last, inspection.scroll + page)
        case .inspectStart: inspection.scroll = 0
        case .inspectEnd: inspection.scroll = last
        case .inspectCause:
            open(inspection.entry.cause.flatMap { timeline.entry($0) }, else: "Nothing shown caused it.")
        case .inspectEffect: open(timeline.effects(of: inspection.id).first, else: "It caused nothing that is shown.")
        case .inspectBack: popups.removeLast()
        default: break
        }
        switch action {
        case .inspectCause, .inspectEffect, .inspectBack: break
        default: popups[popups.count - 1] = .entry(inspection)
        }
    }

    private mutating func open(_ entry: TranscriptEntry?, else sentence: String) {
        guard let entry else {
            status = StatusLine(text: sentence, kind: .note)
            return
        }
        status = nil
        popups[popups.count - 1] = .entry(Inspection(id: entry.id, entry: entry))
        // Back in the lab the selection is where the walk ended; an entry that the filter hides leaves it alone.
        _ = timeline.select(entry.id)
    }

    mutating func performInHelp(_ action: Action) -> [LabCommand] {
        guard case .help(var help) = popups.last else { return [] }
        let bindings = help.bindings
        let last = max(0, bindings.count - 1)
        let page = max(1, HelpView.rows(self) - 2)
        help.selected = min(help.selected, last)
        switch action {
        case .helpUp: help.selected = max(0, help.selected - 1)
        case .helpDown: help.selected = min(last, help.selected + 1)
        case .helpPageUp: help.selected = max(0, help.selected - page)
        case .helpPageDown: help.selected = min(last, help.selected + page)
        case .helpErase: help.query.backspace()
        case .helpBack:
            popups.removeLast()
            return []
        case .helpRun:
            if let command = help.typedCommand {
                popups.removeLast()
                if case .openFilm = command { awaitFilm("The film is being read.") }
                return [command]
            }
            if let problem = help.typedProblem {
                status = StatusLine(text: problem, kind: .problem)
                return []
            }
            guard bindings.indices.contains(help.selected) else { return [] }
            return run(bindings[help.selected])
        default: break
        }
        popups[popups.count - 1] = .help(help)
        return []
    }

    mutating func typeHelp(_ character: Character) {
        guard case .help(var help) = popups.last else { return }
        help.query.insert(character)
        help.selected = 0
        popups[popups.count - 1] = .help(help)
    }

    private mutating func run(_ binding: KeyBinding) -> [LabCommand] {
        let works = [.lab, .everywhere].contains(binding.scope) || (binding.scope == .film && isFilm)
        guard works else {
            let place = binding.scope.title.lowercased()
            status = StatusLine(text: "\(binding.label) works \(place) only.", kind: .problem)
            return []
        }
        popups.removeLast()
        return perform(binding.action)
    }
}
