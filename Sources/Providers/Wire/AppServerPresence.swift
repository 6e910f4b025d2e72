import LoginCore

/// What a provider's web API tells of an account's presence, in the provider's own words.
package struct Presence: Hashable, Sendable {
    /// One kind of client that the account is there with.
    package struct Terminal: Hashable, Sendable {
        package let platform: String
        package let status: String

        package init(platform: String, status: String) {
            self.platform = platform
            self.status = status
        }
    }

    package let account: String
    /// Such as `Online`.
    package let status: String
    /// Empty where the provider tells of none.
    package let terminals: [Terminal]

    package init(account: String, status: String, terminals: [Terminal] = []) {
        self.account = account
        self.status = status
        self.terminals = terminals
    }

    /// The terminals on one line, such as `iPhone Online, Web Online`.
    package var terminalText: String {
        terminals.map { "\($0.platform) \($0.status)" }.joined(separator: ", ")
    }

    /// The answer `{"account", "status", "terminals": [{"platform", "status"}]}`.
    package func http(cause: EntryID?) -> HTTPResponseValue {
        let list = terminals.map {
            JSONValue.fields(["platform": .string($0.platform), "status": .string($0.status)])
        }
        return .json(
            status: 200, cause: cause,
            .fields(["account": .string(account), "status": .string(status), "terminals": .array(list)]))
    }

    /// Reads what ``http(cause:)`` writes.
    package static func parse(_ response: HTTPResponseValue) -> Result<Presence, AppServerError> {
        response.contractAnswer { (fields) throws(JSONFault) in
            Presence(
                account: try fields.text("account"), status: try fields.text("status"),
                terminals: try fields.objects("terminals").map { (entry) throws(JSONFault) in
                    Terminal(platform: try entry.text("platform"), status: try entry.text("status"))
                })
        }
    }
}
