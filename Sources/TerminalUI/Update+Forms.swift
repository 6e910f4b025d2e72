import LoginCore
import TerminalFrame

extension Model {
    /// The form on top, if that is what is on top.
    package var form: Form? {
        guard case .form(let form) = popups.last else { return nil }
        return form
    }

    mutating func changeForm(_ change: (inout Form) -> Void) {
        guard var form else { return }
        change(&form)
        popups[popups.count - 1] = .form(form)
    }

    mutating func type(_ character: Character) {
        changeForm { $0.type(character) }
    }

    mutating func performInForm(_ action: Action) -> [LabCommand] {
        switch action {
        case .formSubmit: return enter()
        case .formCancel: popups.removeLast()
        case .formNextField: changeForm { $0.moveFocus(by: 1) }
        case .formPreviousField: changeForm { $0.moveFocus(by: -1) }
        case .formUp: changeForm { if !$0.cycle(by: -1) { $0.moveFocus(by: -1) } }
        case .formDown: changeForm { if !$0.cycle(by: 1) { $0.moveFocus(by: 1) } }
        case .formShowSecrets: changeForm { $0.showsSecrets.toggle() }
        default: changeForm { $0.edit(action) }
        }
        return []
    }

    /// Enter: on to the next field, and from the last one to the lab.
    private mutating func enter() -> [LabCommand] {
        guard var form else { return [] }
        guard form.isLastField else {
            changeForm { $0.moveFocus(by: 1) }
            return []
        }
        guard let command = form.command(provider) else {
            popups[popups.count - 1] = .form(form)
            return []
        }
        popups.removeAll()
        form.problem = nil
        sentForm = form
        status = nil
        if case .register(let device, let user, let password, _) = command {
            lastRegistered = Registered(device: device, user: user, password: password)
        }
        return [command]
    }

    // MARK: The filter line

    mutating func typeFilter(_ character: Character) {
        guard var input = filterInput else { return }
        input.insert(character)
        filterInput = input
        timeline.setFilter(input.text)
    }

    mutating func performInFilter(_ action: Action) -> [LabCommand] {
        guard var input = filterInput else { return [] }
        switch action {
        case .filterKeep: filterInput = nil
        case .filterDrop:
            filterInput = nil
            timeline.setFilter("")
        default:
            input.perform(action)
            filterInput = input
            if input.text != timeline.filter { timeline.setFilter(input.text) }
        }
        return []
    }
}

extension TextInput {
    /// Does what an editing key means; other actions leave the line alone.
    mutating func perform(_ action: Action) {
        switch action {
        case .textLeft: moveLeft()
        case .textRight: moveRight()
        case .textHome: moveHome()
        case .textEnd: moveEnd()
        case .textBackspace: backspace()
        case .textDelete: delete()
        case .textDeleteToStart: deleteToStart()
        case .textDeleteWord: deleteWord()
        default: break
        }
    }
}
