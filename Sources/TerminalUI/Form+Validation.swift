import LoginCore
import Providers

extension Form {
    /// The command that the form stands for, or nil after each wrong field got its sentence.
    ///
    /// The limits are those of the app server's contract; account and token are the provider's to judge.
    package mutating func command(_ provider: Provider) -> LabCommand? {
        for index in fields.indices {
            fields[index].problem = Self.problem(fields[index], isOptional: isOptional(fields[index].id), provider)
        }
        if let wrong = fields.firstIndex(where: { $0.problem != nil }) {
            focus = wrong
            fields[wrong].input.moveEnd()
            return nil
        }
        return command(checked: provider)
    }

    private func isOptional(_ id: FormField.ID) -> Bool {
        switch (kind, id) {
        case (.register, .account), (.banAndKick, _), (.kick, _), (.updateToken, _): true
        default: false
        }
    }

    private func command(checked provider: Provider) -> LabCommand? {
        switch kind {
        case .register(let device):
            .register(device: device, user: text(.user), password: password, account: account(provider))
        case .signIn(let device):
            .signIn(device: device, user: text(.user), password: password)
        case .tokenLogin(let device):
            .tokenLogin(
                device: device, account: account(provider) ?? "", token: token ?? Secret("", kind: .token),
                kind: provider.authenticationKinds.first { provider.name(of: $0) == text(.kind) } ?? .fixed)
        case .echo(let device):
            .echo(device: device, text: text(.text))
        case .banAndKick(let account):
            .ban(account: account, kick: true, notify: optional(.notify))
        case .kick(let account):
            .kickAccount(account: account, notify: optional(.notify))
        case .updateToken(let account):
            .updateToken(account: account, token: token)
        case .tokenLifetime:
            Int(text(.seconds)).map { .setTokenLifetime(seconds: $0) }
        }
    }

    private var password: Secret { Secret(text(.password), kind: .password) }
    private var token: Secret? { optional(.token).map { Secret($0, kind: .token) } }

    private func optional(_ id: FormField.ID) -> String? {
        let text = text(id)
        return text.isEmpty ? nil : text
    }

    /// The account as the provider stores it; nil when the field is empty.
    private func account(_ provider: Provider) -> String? {
        guard let typed = optional(.account), case .success(let stored) = provider.checkAccount(typed) else {
            return nil
        }
        return stored
    }

    private static func problem(_ field: FormField, isOptional: Bool, _ provider: Provider) -> String? {
        let text = field.input.text
        if text.isEmpty {
            return isOptional ? nil : "Type the \(field.label): it must not be empty."
        }
        switch field.id {
        case .user: return lengthProblem(text, "A user name", limit: 64)
        case .password: return lengthProblem(text, "A password", limit: 128)
        case .notify: return lengthProblem(text, "The message", limit: 256)
        case .text: return lengthProblem(text, "The text", limit: TextInput.longest)
        case .account:
            guard case .failure(let problem) = provider.checkAccount(text) else { return nil }
            return problem.message
        case .token: return provider.checkToken(text)?.message
        case .kind: return field.choices.contains(text) ? nil : "Up and Down choose what the token is."
        case .seconds:
            guard let seconds = Int(text), (1...31_536_000).contains(seconds) else {
                return "Type a whole number of seconds from 1 to 31,536,000."
            }
            return nil
        }
    }

    private static func lengthProblem(_ text: String, _ what: String, limit: Int) -> String? {
        if text.hasControlCharacter { return "\(what) must not hold control characters: remove them." }
        // The server counts Unicode scalars or fewer, so a text that passes here passes there.
        let count = text.unicodeScalars.count
        return count > limit ? "\(what) has at most \(limit) characters: this one has \(count)." : nil
    }
}
