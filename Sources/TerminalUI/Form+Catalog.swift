import LoginCore
import Providers

extension Form {
    /// The form of a kind, filled in as far as the lab knows.
    package static func make(_ kind: Kind, _ model: Model) -> Form {
        let messageHint =
            model.provider.operatorTexts.tellsMessage
            ? "optional; the kicked app reads it" : "\(model.provider.title) tells a kicked app no message"
        switch kind {
        case .register(let device):
            return Form(
                kind, "Register a new person on \(device)",
                [
                    FormField(.user, "user", hint: "the name in the app, 1 to 64 characters"),
                    FormField(.password, "password", hint: "1 to 128 characters"),
                    FormField(.account, "account", hint: "advanced; empty: the app server makes one"),
                ])
        case .signIn(let device): return signIn(kind, device, model)
        case .tokenLogin(let device):
            let shown = model.device(named: device)
            return Form(
                kind, "Log in on \(device) with an account and a token",
                [
                    FormField(.account, "account", shown?.account ?? "", hint: "the provider's account, not the user"),
                    FormField(.token, "token", shown?.tokenText ?? "", hint: "goes to the IM server as typed"),
                    FormField(
                        .kind, "kind", model.provider.name(of: tokenKind(of: shown, model)),
                        hint: "Up, Down: what the token is",
                        choices: model.provider.authenticationKinds.map(model.provider.name)),
                ])
        case .echo(let device):
            return Form(
                kind, "Send an echo from \(device)",
                [FormField(.text, "text", "hello", hint: "the server sends it back")])
        case .banAndKick(let account):
            return Form(
                kind, "Ban \(account) and kick it",
                [FormField(.notify, "message", hint: messageHint)])
        case .kick(let account):
            return Form(
                kind, "Kick \(account)",
                [FormField(.notify, "message", hint: messageHint)])
        case .updateToken(let account):
            let credential = model.provider.operatorTexts.credential
            return Form(
                kind, "Update the \(credential) of \(account)",
                [FormField(.token, credential, hint: "empty: the server makes one")])
        case .tokenLifetime:
            let seconds = model.settings?.tokenLifetime ?? 600
            return Form(
                kind, model.provider.fixedTokensEnd ? "Life of a token" : "Life of a dynamic token",
                [FormField(.seconds, "seconds", "\(seconds)", hint: "1 to 31,536,000")])
        }
    }

    /// What a typed token most likely is: as the token that is filled in, else as those that the app server gives out.
    private static func tokenKind(of device: DeviceSnapshot?, _ model: Model) -> AuthenticationKind {
        let kinds = model.provider.authenticationKinds
        let likely = device?.tokenText == nil ? model.settings?.tokenKind : device?.tokenKind
        return likely.flatMap { kinds.contains($0) ? $0 : nil } ?? kinds.first ?? .fixed
    }

    private static func signIn(_ kind: Kind, _ device: String, _ model: Model) -> Form {
        var form = Form(
            kind, "Log in manually on \(device)",
            [
                FormField(.user, "user", hint: "Up, Down: other people"),
                FormField(.password, "password"),
            ])
        var suggestions = model.people.map { person in
            let known = model.lastRegistered?.user == person.user ? model.lastRegistered?.password : nil
            let demo = person.demoPassword.map { Secret($0, kind: .password) }
            return Suggestion(user: person.user, password: known ?? demo ?? Secret("", kind: .password))
        }
        if let last = model.lastRegistered, !suggestions.contains(where: { $0.user == last.user }) {
            suggestions.append(Suggestion(user: last.user, password: last.password))
        }
        form.suggestions = suggestions
        // The person of this device, else the one just registered here, else the first one.
        let wanted = model.lastRegistered?.device == device ? model.lastRegistered?.user : nil
        let user = wanted ?? model.device(named: device)?.user
        form.suggestion = suggestions.firstIndex { $0.user == user } ?? 0
        if let chosen = suggestions.indices.contains(form.suggestion) ? suggestions[form.suggestion] : nil {
            form.apply(chosen)
        }
        return form
    }
}
