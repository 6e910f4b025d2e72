import LoginCore

/// A call whose URL was understood; its body is read once the caller is known (easemob.md §1, §3).
package struct EasemobCall: Hashable, Sendable {
    /// What the path and the verb name.
    package enum Route: Hashable, Sendable {
        case token
        case users
        case user(String)
        case delete(String)
        case password(String)
        case deactivate(String)
        case activate(String)
        case disconnect(String)
        case disconnectDevice(String, resource: String)
        case status(String)
        case batchStatus
        case resources(String)
        case console
        case changeConsole
        case consoleUsers
    }

    package let route: Route
    /// Empty for the console, which is one app's only.
    package let org: String
    package let app: String
    /// The path after the app's, for a message.
    package let rest: String
    /// The token of `Authorization: Bearer`, without a look at what it is; nil when there is none.
    package let bearer: Secret?
    private let body: [UInt8]
    private let isJSON: Bool

    /// Where the settings of the console are; ours.
    package static let consolePath = consoleRoot + "settings"
    /// Where its list of users is; ours as well.
    package static let consoleUsersPath = consoleRoot + "users"
    static let consoleRoot = "/console/easemob/"
    /// The most users of one registration (§2).
    package static let mostRegistrations = 60
    /// The most users of one question about statuses (§3).
    package static let mostStatuses = 100

    /// Whether a path is of this provider's web API.
    ///
    /// Everything under the names of the app is, when its key is known: `/ORG/APP/` of `ORG#APP`.
    package static func isPath(_ path: String, appKey: String? = nil) -> Bool {
        if path.hasPrefix(consoleRoot) { return true }
        if let names = appKey?.split(separator: "#"), path.hasPrefix("/" + names.joined(separator: "/") + "/") {
            return true
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count >= 4 && (parts[3] == "token" || parts[3] == "users")
    }

    /// Reads verb, path and headers.
    package static func parse(_ request: HTTPRequestValue) -> Result<EasemobCall, EasemobAPIError> {
        let parts: [String]
        do {
            parts = try request.path.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).dropFirst()
                .map { (part) throws(FormCoding.Problem) in try FormCoding.decode(part, plusIsSpace: false) }
        } catch {
            return .failure(.noResource)
        }
        if request.path == consolePath {
            switch request.method {
            case "GET": return .success(EasemobCall(.console, "", "", "", request))
            case "PUT": return .success(EasemobCall(.changeConsole, "", "", "", request))
            default: return .failure(.noResource)
            }
        }
        if request.path == consoleUsersPath {
            return request.method == "GET"
                ? .success(EasemobCall(.consoleUsers, "", "", "", request)) : .failure(.noResource)
        }
        guard parts.count >= 3 else {
            return .failure(.unknownApp(parts.first ?? "", parts.count > 1 ? parts[1] : "", ""))
        }
        guard let route = route(request.method, Array(parts[2...])) else { return .failure(.noResource) }
        let rest = parts[2...].joined(separator: "/")
        return .success(EasemobCall(route, parts[0], parts[1], rest, request))
    }

    private init(_ route: Route, _ org: String, _ app: String, _ rest: String, _ request: HTTPRequestValue) {
        self.route = route
        self.org = org
        self.app = app
        self.rest = rest
        body = request.body
        let types = request.values(of: "Content-Type")
        isJSON = types.isEmpty || types.contains { $0 == "application/json" || $0.lowercased().contains("json") }
        let given = request.firstValue(of: "Authorization").map { $0.split(separator: " ", maxSplits: 1) } ?? []
        bearer =
            given.count == 2 && given[0].lowercased() == "bearer" && !given[1].isEmpty
            ? Secret(String(given[1]), kind: .token) : nil
    }

    private static func route(_ method: String, _ parts: [String]) -> Route? {
        switch (method, parts.count, parts[0]) {
        case ("POST", 1, "token"): return .token
        case ("POST", 1, "users"): return .users
        case ("POST", 3, "users") where parts[1] == "batch" && parts[2] == "status": return .batchStatus
        case (_, 2..., "users") where !parts[1].isEmpty: break
        default: return nil
        }
        let user = Easemob.stored(parts[1])
        switch (method, parts.count, parts.count > 2 ? parts[2] : "") {
        case ("GET", 2, _): return .user(user)
        case ("DELETE", 2, _): return .delete(user)
        case ("PUT", 3, "password"): return .password(user)
        case ("POST", 3, "deactivate"): return .deactivate(user)
        case ("POST", 3, "activate"): return .activate(user)
        // The pages have both verbs (§3, §11).
        case ("GET", 3, "disconnect"), ("POST", 3, "disconnect"): return .disconnect(user)
        case ("DELETE", 4, "disconnect"), ("GET", 4, "disconnect"):
            return .disconnectDevice(user, resource: parts[3])
        case ("GET", 3, "status"): return .status(user)
        case ("GET", 3, "resources"): return .resources(user)
        default: return nil
        }
    }

    /// Reads the body.
    ///
    /// The token endpoint takes any content type, since the official PHP SDK calls its JSON a form (§1).
    package func command() -> Result<EasemobCommand, EasemobAPIError> {
        do throws(EasemobAPIError) {
            return .success(try read())
        } catch {
            return .failure(error)
        }
    }

    private func read() throws(EasemobAPIError) -> EasemobCommand {
        switch route {
        case .token: return try Self.token(try json())
        case .users: return try Self.registrations(try json(isStrict: true))
        case .user(let user): return .get(user)
        case .delete(let user): return .delete(user)
        case .password(let user):
            guard let password = try json(isStrict: true)["newpassword"]?.text, !password.isEmpty else {
                throw .noNewPassword
            }
            guard password.unicodeScalars.count <= Easemob.longestPassword else {
                throw .tooMany("the characters of newpassword", Easemob.longestPassword)
            }
            return .changePassword(user, Secret(password, kind: .password))
        case .deactivate(let user): return .deactivate(user)
        case .activate(let user): return .activate(user)
        case .disconnect(let user): return .disconnect(user)
        case .disconnectDevice(let user, let resource): return .disconnectDevice(user, resource: resource)
        case .status(let user): return .status(user)
        case .batchStatus:
            let names = try json(isStrict: true)["usernames"]?.array ?? []
            guard names.count <= Self.mostStatuses else { throw .tooMany("usernames", Self.mostStatuses) }
            return .batchStatus(names.compactMap(\.text).map(Easemob.stored))
        case .resources(let user): return .resources(user)
        case .console: return .consoleSettings
        case .consoleUsers: return .consoleUsers
        case .changeConsole:
            guard let fields = JSONFields(try json(isStrict: true)) else { throw .illegal("the body is no object") }
            do throws(JSONFault) {
                return .changeConsoleSettings(try EasemobConsolePatch(fields))
            } catch {
                throw .illegal(error.description)
            }
        }
    }

    private func json(isStrict: Bool = false) throws(EasemobAPIError) -> JSONValue {
        if isStrict, !isJSON { throw .wrongMediaType }
        do {
            return try JSONValue(parsing: body)
        } catch {
            throw .notJSON(error.text)
        }
    }

    private static func token(_ body: JSONValue) throws(EasemobAPIError) -> EasemobCommand {
        let ttl = try ttl(in: body)
        let user = Easemob.stored(body["username"]?.text ?? "")
        switch body["grant_type"]?.text {
        case "password":
            return .token(
                .password(username: user, Secret(body["password"]?.text ?? "", kind: .password)), ttl: ttl)
        case "inherit":
            return .token(.inherit(username: user, autoCreateUser: body["autoCreateUser"]?.bool ?? false), ttl: ttl)
        case "client_credentials":
            return .token(
                .clientCredentials(
                    id: body["client_id"]?.text ?? "",
                    Secret(body["client_secret"]?.text ?? "", kind: .appSecret)), ttl: ttl)
        default: throw .unknownGrant
        }
    }

    /// A whole number, or a text of digits as in the documents' example (§1).
    private static func ttl(in body: JSONValue) throws(EasemobAPIError) -> Int64? {
        switch body["ttl"] {
        case nil, .null?: return nil
        case .integer(let number)? where number >= 0: return number
        case .string(let text)?:
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text) else {
                throw .badTTL
            }
            return number
        default: throw .badTTL
        }
    }

    private static func registrations(_ body: JSONValue) throws(EasemobAPIError) -> EasemobCommand {
        if let list = body.array {
            guard list.count <= mostRegistrations else { throw .tooMany("users", mostRegistrations) }
            return .register(list.map(registration), isList: true)
        }
        return .register([registration(body)], isList: false)
    }

    private static func registration(_ value: JSONValue) -> EasemobRegistration {
        EasemobRegistration(
            username: value["username"]?.text.map(Easemob.stored),
            password: value["password"]?.text.map { Secret($0, kind: .password) },
            nickname: value["nickname"]?.text)
    }
}
