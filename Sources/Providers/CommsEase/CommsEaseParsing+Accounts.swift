import LoginCore

/// Reading V2's calls (commsease.md §11.3); what is wrong with one is 414, as the page has it for them.
extension CommsEaseCommand {
    /// Reads the body of a V2 call with `read`.
    static func reading(
        _ request: HTTPRequestValue, _ read: (JSONFields) throws(JSONFault) -> CommsEaseCommand
    ) throws(CommsEaseAPIError) -> CommsEaseCommand {
        let fields = try json(request)
        do throws(JSONFault) {
            return try read(fields)
        } catch {
            throw parameter(error.description)
        }
    }

    private static func json(_ request: HTTPRequestValue) throws(CommsEaseAPIError) -> JSONFields {
        try checkContentType(of: request, is: "application/json")
        do throws(JSONProblem) {
            guard let fields = JSONFields(try JSONValue(parsing: request.body)) else {
                throw JSONProblem("the body is not a JSON object")
            }
            return fields
        } catch {
            throw parameter(error.text)
        }
    }

    private static let accountProblem = "must be 1 to 32 of a-z 0-9 _ @ . -"

    static func pathAccount(_ text: String) throws(CommsEaseAPIError) -> String {
        guard let account = storedAccount(text) else { throw parameter("account_id \(accountProblem)") }
        return account
    }

    /// The look-up of several accounts: `account_ids=a,b`, as the official libraries write it, 100 at most [ours].
    static func accounts(query: String) throws(CommsEaseAPIError) -> CommsEaseCommand {
        let fields: [String: String]
        do throws(FormCoding.Problem) {
            fields = try FormCoding.decode(Array(query.utf8))
        } catch {
            throw parameter("account_ids")
        }
        let ids = (fields["account_ids"] ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let accounts = ids.compactMap { storedAccount(String($0)) }
        guard accounts.count == ids.count, accounts.count <= mostAccounts else { throw parameter("account_ids") }
        return .accounts(accounts)
    }

    static func create(_ fields: JSONFields) throws(JSONFault) -> CommsEaseCommand {
        guard let account = storedAccount(try fields.text("account_id")) else {
            throw fields.fault("account_id", accountProblem)
        }
        return .account(account, .create(try patch(fields)))
    }

    static func consoleCreate(_ fields: JSONFields) throws(JSONFault) -> CommsEaseCommand {
        guard let accid = storedAccount(try fields.text("accid")) else { throw fields.fault("accid", accountProblem) }
        let token = try fields.optionalText("token", length: 0...128).flatMap { $0.isEmpty ? nil : $0 }
        return .consoleCreate(accid: accid, token: token.map { Secret($0, kind: .token) })
    }

    static func update(_ account: String, _ fields: JSONFields) throws(JSONFault) -> CommsEaseCommand {
        .account(
            account,
            .update(
                try patch(fields), needKick: try fields.optionalBool("need_kick") ?? false,
                notify: try fields.kickExtension()))
    }

    static func disable(_ account: String, _ fields: JSONFields) throws(JSONFault) -> CommsEaseCommand {
        .account(
            account,
            .disable(
                isEnabled: try fields.bool("enabled"), needKick: try fields.optionalBool("need_kick") ?? false,
                notify: try fields.kickExtension()))
    }

    static func kick(_ account: String, _ fields: JSONFields) throws(JSONFault) -> CommsEaseCommand {
        guard let account = storedAccount(account) else {
            throw fields.fault("account_id", accountProblem)
        }
        let type = try fields.int("type", in: 1...3)
        let devices = try fields.optionalTexts("device_id_list") ?? []
        guard devices.count <= 20 else { throw fields.fault("device_id_list", "must have at most 20 entries") }
        guard type == 1 || !devices.isEmpty else { throw fields.fault("device_id_list", "must not be empty") }
        return .kick(
            accountID: account, type: type, deviceIDs: devices,
            notify: try fields.kickExtension())
    }

    private static func patch(_ fields: JSONFields) throws(JSONFault) -> CommsEaseAccountPatch {
        var patch = CommsEaseAccountPatch()
        if let token = try fields.optionalText("token", length: 0...128), !token.isEmpty {
            patch.token = Secret(token, kind: .token)
        }
        if let configuration = try fields.optionalObject("configuration") {
            patch.isEnabled = try configuration.optionalBool("enabled")
            for module in CommsEaseMute.modules {
                patch.mutes[module] = try configuration.optionalBool(module.name(.v2))
            }
        }
        if let card = try fields.optionalObject("user_information") {
            for field in CommsEaseProfile.texts {
                guard let name = field.v2 else { continue }
                patch.profile[keyPath: field.path] = try card.optionalText(name, length: 0...field.most)
            }
            patch.profile.gender = try card.optionalInt("gender", in: 0...2)
        }
        return patch
    }
}

extension JSONFields {
    /// An object that may be missing or null.
    fileprivate func optionalObject(_ name: String) throws(JSONFault) -> JSONFields? {
        guard let found = value[name], found != .null else { return nil }
        return try object(name)
    }

    fileprivate func kickExtension() throws(JSONFault) -> String? {
        try optionalText("kick_notify_extension", length: 0...256)
    }
}
