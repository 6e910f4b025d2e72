/// Where a path of the web API leads.
enum CommsEaseRoute {
    /// `/nimserver/user/…` (commsease.md §11.2).
    case user(String)
    /// `/im/v2/accounts` (commsease.md §11.3).
    case accounts
    case account(String)
    case action(String, account: String)
    case console
    case consoleAccounts

    init(path: String) throws(CommsEaseAPIError) {
        // The official libraries put the same V2 paths behind their `/nimserver` base (commsease.md §11.3).
        let bare = path.hasPrefix("/nimserver/") ? String(path.dropFirst("/nimserver".count)) : path
        let parts = bare.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if bare == CommsEaseCommand.consolePath, path == bare {
            self = .console
        } else if bare == CommsEaseCommand.consoleAccountsPath, path == bare {
            self = .consoleAccounts
        } else if path != bare, parts.count == 3, parts[1] == "user", CommsEaseCommand.userActions.contains(parts[2]) {
            self = .user(parts[2])
        } else if bare == CommsEaseCommand.accountsPath {
            self = .accounts
        } else if parts.count >= 5, Array(parts[1...3]) == ["im", "v2", "accounts"] {
            switch parts.count {
            case 5: self = .account(try Self.account(parts[4]))
            case 7 where parts[5] == "actions" && Self.actions.contains(parts[6]):
                self = .action(parts[6], account: try Self.account(parts[4]))
            default: throw Self.notFound
            }
        } else {
            throw Self.notFound
        }
    }

    private static let actions = ["kick", "refresh_token", "disable"]
    private static let notFound = CommsEaseAPIError(code: 404, desc: "path not found")

    private static func account(_ part: String) throws(CommsEaseAPIError) -> String {
        do throws(FormCoding.Problem) {
            return try FormCoding.decode(part.utf8, plusIsSpace: false)
        } catch {
            throw CommsEaseCommand.parameter("account_id")
        }
    }

    var methods: [String] {
        switch self {
        case .user, .action("kick", _): ["POST"]
        case .accounts, .console, .consoleAccounts: ["GET", "POST"]
        case .account: ["GET", "PATCH"]
        case .action: ["PATCH"]
        }
    }

    func command(_ request: HTTPRequestValue) throws(CommsEaseAPIError) -> CommsEaseCommand {
        switch self {
        case .user(let action):
            return try CommsEaseCommand.user(action, try CommsEaseForm(request))
        case .accounts where request.method == "GET":
            return try CommsEaseCommand.accounts(query: request.query)
        case .accounts:
            return try CommsEaseCommand.reading(request) { fields throws(JSONFault) in
                try CommsEaseCommand.create(fields)
            }
        case .account(let account) where request.method == "GET":
            return .account(try CommsEaseCommand.pathAccount(account), .read)
        case .account(let account):
            let account = try CommsEaseCommand.pathAccount(account)
            return try CommsEaseCommand.reading(request) { fields throws(JSONFault) in
                try CommsEaseCommand.update(account, fields)
            }
        case .action("refresh_token", let account):
            // The page gives it no body; whatever stands there is passed over.
            return .account(try CommsEaseCommand.pathAccount(account), .refreshToken)
        case .action("disable", let account):
            let account = try CommsEaseCommand.pathAccount(account)
            return try CommsEaseCommand.reading(request) { fields throws(JSONFault) in
                try CommsEaseCommand.disable(account, fields)
            }
        case .action(_, let account):
            return try CommsEaseCommand.reading(request) { fields throws(JSONFault) in
                try CommsEaseCommand.kick(account, fields)
            }
        case .console:
            if request.method == "GET" { return .consoleSettings }
            return try CommsEaseCommand.reading(request) { fields throws(JSONFault) in
                .changeConsoleSettings(try CommsEaseConsolePatch(fields))
            }
        case .consoleAccounts:
            if request.method == "GET" { return .consoleOverview }
            return try CommsEaseCommand.reading(request) { fields throws(JSONFault) in
                try CommsEaseCommand.consoleCreate(fields)
            }
        }
    }
}
