import LoginCore

/// Reading V1's calls (commsease.md §11.2).
extension CommsEaseCommand {
    static let userActions = [
        "create.action", "update.action", "refreshToken.action", "block.action", "unblock.action", "mute.action",
        "muteModule.action", "userOnlineStatus.action",
    ]

    /// The most accounts that one call may ask about.
    package static let mostAccounts = 100

    static func user(_ action: String, _ form: CommsEaseForm) throws(CommsEaseAPIError) -> CommsEaseCommand {
        if action == "userOnlineStatus.action" {
            return .onlineStatus(accids: try form.texts("accids", most: mostAccounts))
        }
        let accid = try form.accid()
        switch action {
        case "create.action":
            return .create(accid: accid, token: try form.token(), profile: try form.profile())
        case "update.action":
            return .update(accid: accid, token: try form.token(), props: try form.text("props", most: 1024))
        case "refreshToken.action":
            return .refreshToken(accid: accid)
        case "block.action":
            return .block(
                accid: accid, needKick: try form.flag("needkick") ?? false,
                kickNotifyExt: try form.text("kickNotifyExt", most: 256),
                needUnbindPushToken: try form.flag("needUnbindPushToken") ?? false)
        case "mute.action":
            guard let isMuted = try form.flag("mute") else { throw parameter("mute") }
            return .mute(accid: accid, isMuted: isMuted)
        case "muteModule.action":
            var modules: [CommsEaseMute: Bool] = [:]
            for module in CommsEaseMute.modules { modules[module] = try form.flag(module.name(.v1)) }
            return .muteModules(accid: accid, modules)
        default:
            return .unblock(accid: accid)
        }
    }
}

/// The form of a V1 call.
struct CommsEaseForm {
    private let fields: [String: String]

    init(_ request: HTTPRequestValue) throws(CommsEaseAPIError) {
        try CommsEaseCommand.checkContentType(of: request, is: "application/x-www-form-urlencoded")
        do throws(FormCoding.Problem) {
            // Parameters may stand in the query as well; a name still stands once in both together.
            let query = Array(request.query.utf8)
            let separator: [UInt8] = query.isEmpty || request.body.isEmpty ? [] : [0x26]
            fields = try FormCoding.decode(query + separator + request.body)
        } catch {
            switch error {
            case .encoding: throw CommsEaseCommand.parameter("encoding")
            case .duplicate(let name): throw CommsEaseCommand.parameter("duplicate \(quoted(name))")
            }
        }
    }

    func text(_ name: String, most: Int) throws(CommsEaseAPIError) -> String? {
        guard let value = fields[name] else { return nil }
        guard value.unicodeScalars.count <= most else { throw CommsEaseCommand.parameter("\(name) too long") }
        return value
    }

    /// True or false in any case of letters, as programs print them; an empty one counts as left out.
    func flag(_ name: String) throws(CommsEaseAPIError) -> Bool? {
        switch fields[name]?.lowercased() {
        case nil, "": return nil
        case "true": return true
        case "false": return false
        default: throw CommsEaseCommand.parameter(name)
        }
    }

    /// The account, lower-cased as the server stores it (commsease.md §11.2).
    func accid() throws(CommsEaseAPIError) -> String {
        guard let text = try text("accid", most: 32), let accid = CommsEaseCommand.storedAccount(text) else {
            throw CommsEaseCommand.parameter("accid")
        }
        return accid
    }

    /// An empty token counts as left out: the server makes one.
    func token() throws(CommsEaseAPIError) -> Secret? {
        guard let token = try text("token", most: 128), !token.isEmpty else { return nil }
        return Secret(token, kind: .token)
    }

    /// A list of texts, written as JSON; one that cannot be read or is too long is "bad format" (commsease.md §11.2).
    func texts(_ name: String, most: Int) throws(CommsEaseAPIError) -> [String] {
        guard let field = fields[name], let elements = (try? JSONValue(parsing: Array(field.utf8)))?.array else {
            throw CommsEaseCommand.parameter(name)
        }
        let texts = elements.compactMap(\.text)
        guard texts.count == elements.count else { throw CommsEaseCommand.parameter(name) }
        guard texts.count <= most else { throw CommsEaseCommand.parameter("\(name) too long") }
        return texts
    }

    /// The card; an empty gender counts as left out, since forms are often sent with every field in them.
    func profile() throws(CommsEaseAPIError) -> CommsEaseProfile {
        var profile = CommsEaseProfile()
        for field in CommsEaseProfile.texts {
            profile[keyPath: field.path] = try text(field.v1, most: field.most)
        }
        switch fields["gender"] {
        case nil, "": break
        case "0": profile.gender = 0
        case "1": profile.gender = 1
        case "2": profile.gender = 2
        default: throw CommsEaseCommand.parameter("gender")
        }
        return profile
    }
}
