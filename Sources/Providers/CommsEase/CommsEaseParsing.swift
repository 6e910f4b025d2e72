import LoginCore

/// Reading calls, as the web API does: path, method, headers, encoding, fields, in this order.
extension CommsEaseCommand {
    /// The longest body in bytes; ours, no source gives one.
    package static let longestBody = 65_536

    /// Reads a call; signature and time are the cloud's to check.
    ///
    /// V1 codes are commsease.md §11.2's. A path that does not exist is 404 and a wrong method 405 [ours]; everything
    /// else that is wrong with a call is 414, a parameter error: "too long" too, since 405 for it stands in the
    /// general table only, and the endpoints' own lists have 414.
    package static func parse(_ request: HTTPRequestValue) -> Result<CommsEaseCall, CommsEaseAPIError> {
        do throws(CommsEaseAPIError) {
            let route = try Route(path: request.path)
            guard route.methods.contains(request.method) else {
                throw CommsEaseAPIError(code: 405, desc: "method not allowed")
            }
            let credentials = try credentials(of: request)
            guard request.body.count <= longestBody else { throw parameter("body too long") }
            return .success(CommsEaseCall(command: try route.command(request), credentials: credentials))
        } catch {
            return .failure(error)
        }
    }

    private static func credentials(
        of request: HTTPRequestValue
    ) throws(CommsEaseAPIError) -> CommsEaseCredentials {
        let nonce = try header("Nonce", of: request)
        guard nonce.unicodeScalars.count <= 128 else { throw parameter("Nonce too long") }
        for name in ["RequestId", "X-custom-traceid"] { _ = try single(name, of: request) }
        return CommsEaseCredentials(
            appKey: try header("AppKey", of: request), nonce: nonce, curTime: try header("CurTime", of: request),
            checkSum: try header("CheckSum", of: request))
    }

    private static func header(_ name: String, of request: HTTPRequestValue) throws(CommsEaseAPIError) -> String {
        guard let value = try single(name, of: request), !value.isEmpty else {
            throw parameter("missing header \(name)")
        }
        return value
    }

    /// A header that may stand once.
    private static func single(_ name: String, of request: HTTPRequestValue) throws(CommsEaseAPIError) -> String? {
        let values = request.values(of: name)
        guard values.count <= 1 else { throw parameter("duplicate header \(name)") }
        return values.first
    }

    fileprivate static func parameter(_ desc: String) -> CommsEaseAPIError {
        CommsEaseAPIError(code: 414, desc: desc)
    }

    /// Where a path leads.
    private enum Route {
        case user(String)
        case kick(account: String)
        case console

        init(path: String) throws(CommsEaseAPIError) {
            // The official libraries put the same V2 paths behind their `/nimserver` base (commsease.md §11.3).
            let bare = path.hasPrefix("/nimserver/") ? String(path.dropFirst("/nimserver".count)) : path
            let parts = bare.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            if bare == CommsEaseCommand.consolePath, path == bare {
                self = .console
            } else if path != bare, parts.count == 3, parts[1] == "user", Self.actions.contains(parts[2]) {
                self = .user(parts[2])
            } else if parts.count == 7, Array(parts[1...3]) == ["im", "v2", "accounts"],
                Array(parts[5...6]) == ["actions", "kick"]
            {
                do throws(FormCoding.Problem) {
                    self = .kick(account: try FormCoding.decode(parts[4].utf8, plusIsSpace: false))
                } catch {
                    throw CommsEaseCommand.parameter("account_id")
                }
            } else {
                throw CommsEaseAPIError(code: 404, desc: "path not found")
            }
        }

        static let actions = [
            "create.action", "update.action", "refreshToken.action", "block.action", "unblock.action",
        ]

        var methods: [String] {
            switch self {
            case .user, .kick: ["POST"]
            case .console: ["GET", "POST"]
            }
        }

        func command(_ request: HTTPRequestValue) throws(CommsEaseAPIError) -> CommsEaseCommand {
            switch self {
            case .user(let action):
                return try CommsEaseCommand.user(action, try CommsEaseForm(request))
            case .kick(let account):
                let fields = try CommsEaseCommand.json(request)
                return try CommsEaseCommand.reading {
                    () throws(JSONFault) in try CommsEaseCommand.kick(account, fields)
                }
            case .console:
                if request.method == "GET" { return .consoleSettings }
                let fields = try CommsEaseCommand.json(request)
                return try CommsEaseCommand.reading { () throws(JSONFault) in
                    .changeConsoleSettings(
                        CommsEaseConsolePatch(
                            devicePolicy: try fields.optionalInt("devicePolicy", in: 1...3),
                            authTypes: try fields.authTypes()))
                }
            }
        }
    }

    private static func user(_ action: String, _ form: CommsEaseForm) throws(CommsEaseAPIError) -> CommsEaseCommand {
        let accid = try form.accid()
        switch action {
        case "create.action":
            // Parameters that the lab does not play are held to their limits all the same (commsease.md §11.2).
            for (name, most) in [
                ("props", 1024), ("icon", 1024), ("sign", 256), ("email", 64), ("birth", 16), ("mobile", 32),
                ("ex", 1024),
            ] { _ = try form.text(name, most: most) }
            if let gender = try form.text("gender", most: 1), !["0", "1", "2"].contains(gender) {
                throw parameter("gender")
            }
            return .create(accid: accid, token: try form.token(), name: try form.text("name", most: 64))
        case "update.action":
            _ = try form.text("props", most: 1024)
            return .update(accid: accid, token: try form.token())
        case "refreshToken.action":
            return .refreshToken(accid: accid)
        case "block.action":
            _ = try form.flag("needUnbindPushToken")
            return .block(
                accid: accid, needKick: try form.flag("needkick") ?? false,
                kickNotifyExt: try form.text("kickNotifyExt", most: 256))
        default:
            return .unblock(accid: accid)
        }
    }

    private static func kick(_ account: String, _ fields: JSONFields) throws(JSONFault) -> CommsEaseCommand {
        guard let account = storedAccount(account) else {
            throw fields.fault("account_id", "must be 1 to 32 of a-z 0-9 _ @ . -")
        }
        let type = try fields.int("type", in: 1...3)
        let devices = try fields.optionalTexts("device_id_list") ?? []
        guard devices.count <= 20 else { throw fields.fault("device_id_list", "must have at most 20 entries") }
        guard type == 1 || !devices.isEmpty else { throw fields.fault("device_id_list", "must not be empty") }
        return .kick(
            accountID: account, type: type, deviceIDs: devices,
            notify: try fields.optionalText("kick_notify_extension", length: 0...256))
    }

    /// The account as the server stores it (commsease.md §11.2); nil when it breaks the alphabet or the length.
    ///
    /// Only ASCII may be lower-cased: Unicode's rules would turn the Kelvin sign into a `k` and name another account.
    fileprivate static func storedAccount(_ text: String) -> String? {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x40, 0x2E, 0x2D: true
            default: false
            }
        }
        return isAllowed && (1...32).contains(text.utf8.count) ? text.lowercased() : nil
    }

    /// Checks the content type; its charset may be spelt in any way or left out, and so may the whole header.
    fileprivate static func checkContentType(
        of request: HTTPRequestValue, is wanted: String
    ) throws(CommsEaseAPIError) {
        guard let value = try single("Content-Type", of: request) else { return }
        let parts = value.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { part in
            String(part.filter { $0 != "\"" }).trimmed
        }
        let isUTF8 = parts.dropFirst().allSatisfy { part in
            !part.hasPrefix("charset=") || part == "charset=utf-8" || part == "charset=utf8"
        }
        guard parts.first == wanted, isUTF8 else { throw parameter("Content-Type") }
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

    private static func reading(
        _ read: () throws(JSONFault) -> CommsEaseCommand
    ) throws(CommsEaseAPIError) -> CommsEaseCommand {
        do throws(JSONFault) {
            return try read()
        } catch {
            throw parameter(error.description)
        }
    }
}

/// The form of a V1 call.
private struct CommsEaseForm {
    private let fields: [String: String]

    init(_ request: HTTPRequestValue) throws(CommsEaseAPIError) {
        try CommsEaseCommand.checkContentType(of: request, is: "application/x-www-form-urlencoded")
        do throws(FormCoding.Problem) {
            fields = try FormCoding.decode(request.body)
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

    func flag(_ name: String) throws(CommsEaseAPIError) -> Bool? {
        switch fields[name] {
        case nil: return nil
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
}

extension String {
    /// Without the spaces and tabs at both ends.
    fileprivate var trimmed: String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let front = drop(while: isBlank)
        return String(String(front.reversed()).drop(while: isBlank).reversed())
    }
}
