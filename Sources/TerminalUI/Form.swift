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
    }

    package let id: ID
    package let label: String
    /// What stands beside the field while there is no problem.
    package let hint: String
    package var input: TextInput
    /// What is wrong and what to do, in one sentence.
    package var problem: String?

    init(_ id: ID, _ label: String, _ text: String = "", hint: String = "") {
        self.id = id
        self.label = label
        self.hint = hint
        input = TextInput(text)
    }

    package var isSecret: Bool { id == .password || id == .token }
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

    /// Fills in another person, when the form knows some and the first field is the one typed into.
    mutating func cycleSuggestion(by steps: Int) -> Bool {
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
            case .account, .token, .text, .notify, .seconds: continue
            }
            fields[index].problem = nil
        }
    }

    /// Puts a character into the line that is typed into, or says there that it is full.
    mutating func type(_ character: Character) {
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
        let before = fields[focus].input.characters.count
        fields[focus].input.perform(action)
        guard fields[focus].input.characters.count != before else { return }
        fields[focus].problem = nil
        problem = nil
    }
}
