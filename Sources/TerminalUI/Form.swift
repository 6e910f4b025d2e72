import LoginCore
import Providers

/// One line of a form.
package struct FormField: Sendable, Equatable {
    package enum ID: String, Sendable, Hashable {
        case user
        case password
        case account
        case token
        case text
        case notify
        case seconds
        case kind
    }

    package let id: ID
    package let label: String
    /// What stands beside the field while there is no problem.
    package let hint: String
    /// What can be chosen; empty where anything can be typed.
    package let choices: [String]
    package var input: TextInput
    /// What is wrong and what to do, in one sentence.
    package var problem: String?

    init(_ id: ID, _ label: String, _ text: String = "", hint: String = "", choices: [String] = []) {
        self.id = id
        self.label = label
        self.hint = hint
        self.choices = choices
        input = TextInput(text)
    }

    package var isSecret: Bool { id == .password || id == .token }

    /// Goes on among the choices, those that `isWanted` at least; false when there is none.
    mutating func choose(by steps: Int, _ isWanted: (String) -> Bool = { _ in true }) -> Bool {
        let now = choices.firstIndex(of: input.text) ?? 0
        for step in 1...max(1, choices.count) where !choices.isEmpty {
            let next = choices[((now + steps * step) % choices.count + choices.count) % choices.count]
            guard isWanted(next) else { continue }
            input = TextInput(next)
            return true
        }
        return false
    }
}

/// A form on the screen.
package struct Form: Sendable, Equatable {
    /// What the form is for; devices by profile name.
    package enum Kind: Sendable, Hashable {
        case register(device: String)
        case signIn(device: String)
        case tokenLogin(device: String)
        case echo(device: String)
        case banAndKick(account: String)
        case kick(account: String)
        case updateToken(account: String)
        case tokenLifetime
    }

    /// A person that the form can be filled with.
    package struct Suggestion: Sendable, Hashable {
        package let user: String
        /// Empty when the password is not known.
        package let password: Secret
    }

    package let kind: Kind
    package let title: String
    package var fields: [FormField]
    /// Index of the field that is typed into.
    package var focus = 0
    /// What the server or the lab said to the form as a whole.
    package var problem: String?
    package var showsSecrets = false
    package var suggestions: [Suggestion] = []
    package var suggestion = 0

    init(_ kind: Kind, _ title: String, _ fields: [FormField]) {
        self.kind = kind
        self.title = title
        self.fields = fields
    }

    package var isLastField: Bool { focus == fields.count - 1 }

    /// The text of a field; empty when the form has no such field.
    package func text(_ id: FormField.ID) -> String {
        fields.first { $0.id == id }?.input.text ?? ""
    }

    mutating func moveFocus(by steps: Int) {
        focus = (focus + steps % fields.count + fields.count) % fields.count
    }

    /// Takes the next choice of the field that is typed into, or fills in another person, when the form knows some and
    /// the first field is that one.
    mutating func cycle(by steps: Int) -> Bool {
        if fields[focus].choose(by: steps) { return true }
        guard focus == 0, suggestions.count > 1 else { return false }
        suggestion = (suggestion + steps + suggestions.count) % suggestions.count
        apply(suggestions[suggestion])
        return true
    }

    mutating func apply(_ suggestion: Suggestion) {
        for index in fields.indices {
            switch fields[index].id {
            case .user: fields[index].input = TextInput(suggestion.user)
            case .password: fields[index].input = TextInput(suggestion.password.reveal(for: .screen))
            case .account, .token, .text, .notify, .seconds, .kind: continue
            }
            fields[index].problem = nil
        }
    }

    /// Puts a character into the line that is typed into, or says there that it is full.
    ///
    /// Where there are choices, it takes the next one that begins with the character.
    mutating func type(_ character: Character) {
        guard fields[focus].choices.isEmpty else {
            let isKnown = fields[focus].choose(by: 1) { $0.first == character.lowercased().first }
            let choices = fields[focus].choices.joined(separator: ", ")
            fields[focus].problem = isKnown ? nil : "Up and Down choose one of \(choices)."
            return
        }
        guard fields[focus].input.insert(character) else {
            fields[focus].problem = "The field is full: \(TextInput.longest) characters are the most."
            return
        }
        // It may be solved now.
        fields[focus].problem = nil
        problem = nil
    }

    /// Does what an editing key means to the line that is typed into.
    mutating func edit(_ action: Action) {
        guard fields[focus].choices.isEmpty else { return }
        let before = fields[focus].input.characters.count
        fields[focus].input.perform(action)
        guard fields[focus].input.characters.count != before else { return }
        fields[focus].problem = nil
        problem = nil
    }
}
