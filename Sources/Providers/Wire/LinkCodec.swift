import LoginCore

/// Frames of the IM link to and from JSON text; the page LinkProtocol is the specification.
///
/// Fields are written sorted by name, so that one frame has one spelling.
package enum LinkCodec {
    /// The longest frame in bytes; a longer one closes the link with 1009.
    package static let longestFrame = 65_536
    /// Ids are numbers that every JSON reader keeps exact: 0 to 2^53 - 1.
    package static let ids = 0...9_007_199_254_740_991

    /// The members of a frame, sorted; those without a value are not written.
    private typealias Members = KeyValuePairs<String, JSONValue?>

    package static func encode(_ frame: ClientFrame) -> [UInt8] {
        let reference = frame.cause.map { JSONValue.string($0.description) }
        let id = JSONValue.integer(Int64(frame.id))
        let members: Members =
            switch frame.body {
            case .login(let login):
                [
                    "account": .string(login.account),
                    "appKey": .string(login.appKey),
                    "authType": .integer(Int64(login.authType)),
                    "automatic": .bool(login.automatic),
                    "clientType": .integer(Int64(login.clientType)),
                    "customClientType": login.details.customClientType == 0
                        ? nil : .integer(Int64(login.details.customClientType)),
                    "customTag": present(login.details.customTag),
                    "deviceId": .string(login.deviceID),
                    "forced": .bool(login.forced),
                    "generation": present(login.details.generation),
                    "id": id,
                    "loginExt": present(login.details.loginExtension),
                    "ref": reference,
                    "sdkVersion": present(login.details.sdkVersion),
                    "token": .string(login.token.reveal(for: .wire)),
                    "type": .string("login"),
                ]
            case .sync: ["id": id, "ref": reference, "type": .string("sync")]
            case .ping: ["id": id, "ref": reference, "type": .string("ping")]
            case .echo(let text):
                ["id": id, "ref": reference, "text": .string(text), "type": .string("echo")]
            case .kick(let clients):
                [
                    "clients": .array(clients.map { .string($0) }), "id": id, "ref": reference,
                    "type": .string("kick"),
                ]
            case .renew(let token):
                [
                    "id": id, "ref": reference, "token": .string(token.reveal(for: .wire)), "type": .string("renew"),
                ]
            case .logout: ["id": id, "ref": reference, "type": .string("logout")]
            }
        return JSONValue.encoded(members)
    }

    private static func present(_ text: String) -> JSONValue? {
        text.isEmpty ? nil : .string(text)
    }

    package static func encode(_ frame: ServerFrame) -> [UInt8] {
        let reference = frame.cause.map { JSONValue.string($0.description) }
        let members: Members =
            switch frame.body {
            case .reply(let id, let reply): encode(reply, id: id, reference: reference)
            case .kicked(let notice):
                [
                    "clientType": .integer(Int64(notice.clientType)),
                    "desc": .string(notice.text),
                    "reason": .integer(Int64(notice.reason)),
                    "ref": reference,
                    "type": .string("kicked"),
                ]
            case .tokenWillExpire: ["ref": reference, "type": .string("tokenWillExpire")]
            case .clients(let change, let clients):
                [
                    "change": .integer(Int64(change.rawValue)),
                    "clients": encode(clients),
                    "ref": reference,
                    "type": .string("clients"),
                ]
            case .unknown(let type):
                ["ref": reference, "type": .string(type)]
            case .error(let code, let text, let id):
                [
                    "code": .integer(Int64(code)),
                    "desc": .string(text),
                    "id": id.map { .integer(Int64($0)) },
                    "ref": reference,
                    "type": .string("error"),
                ]
            }
        return JSONValue.encoded(members)
    }

    private static func encode(_ reply: LinkReply, id: Int, reference: JSONValue?) -> Members {
        var account: JSONValue?
        var clients: JSONValue?
        var kicked: JSONValue?
        var echoed: JSONValue?
        let description: String
        let type: String
        switch reply {
        case .login(let code, let text, let name, let others):
            (type, description) = ("login", text)
            if code == 200 { (account, clients) = (.string(name), encode(others)) }
        case .sync(_, let text): (type, description) = ("sync", text)
        case .ping: (type, description) = ("ping", "")
        case .echo(let code, let text, let words):
            (type, description) = ("echo", text)
            if code == 200 { echoed = .string(words) }
        case .kick(let code, let text, let ids):
            (type, description) = ("kick", text)
            if code == 200 { kicked = .array(ids.map { .string($0) }) }
        case .renew(_, let text): (type, description) = ("renew", text)
        case .logout(_, let text): (type, description) = ("logout", text)
        }
        return [
            "account": account,
            "clients": clients,
            "code": .integer(Int64(reply.code)),
            "desc": reply.code == 200 ? nil : .string(description),
            "id": .integer(Int64(id)),
            "kicked": kicked,
            "re": .string(type),
            "ref": reference,
            "text": echoed,
            "type": .string("reply"),
        ]
    }

    private static func encode(_ clients: [OnlineClient]) -> JSONValue {
        .array(clients.map { .fields(["clientType": .integer(Int64($0.clientType)), "id": .string($0.id)]) })
    }
}

// MARK: - Reading

extension LinkCodec {
    /// Reads a frame of the SDK; a problem is answered by an `error` frame with code 414 and the link stays.
    package static func decodeClient(_ bytes: [UInt8]) throws(LinkFrameProblem) -> ClientFrame {
        let fields = try object(bytes)
        let known = readableID(fields)
        do throws(JSONFault) {
            let type = try fields.text("type")
            let id = try fields.int("id", in: ids)
            let cause = try cause(fields)
            let body: ClientFrame.Body
            switch type {
            case "login": body = .login(try login(fields))
            case "sync": body = .sync
            case "ping": body = .ping
            case "echo": body = .echo(try fields.text("text"))
            case "kick": body = .kick(try fields.texts("clients"))
            case "renew": body = .renew(Secret(try fields.text("token"), kind: .token))
            case "logout": body = .logout
            default: throw fields.fault("type", "\(quoted(type)) is unknown")
            }
            return ClientFrame(id: id, body: body, cause: cause)
        } catch {
            throw LinkFrameProblem(error.description, id: known)
        }
    }

    /// Reads a frame of the IM server.
    package static func decodeServer(_ bytes: [UInt8]) throws(LinkFrameProblem) -> ServerFrame {
        let fields = try object(bytes)
        let known = readableID(fields)
        do throws(JSONFault) {
            let type = try fields.text("type")
            let cause = try cause(fields)
            let body: ServerFrame.Body
            switch type {
            case "reply": body = .reply(id: try fields.int("id", in: ids), try reply(fields))
            case "kicked":
                body = .kicked(
                    KickNotice(
                        reason: try fields.int("reason"), text: try fields.optionalText("desc") ?? "",
                        clientType: try fields.optionalInt("clientType") ?? 0))
            case "tokenWillExpire": body = .tokenWillExpire
            case "clients":
                guard let change = ClientsChange(rawValue: try fields.int("change")) else {
                    throw fields.fault("change", "must be 2 or 3")
                }
                body = .clients(change, try clients(fields))
            case "error":
                body = .error(
                    code: try fields.int("code"), text: try fields.optionalText("desc") ?? "",
                    id: try fields.optionalInt("id", in: ids))
            default: body = .unknown(type: String(type.prefix(64)))
            }
            return ServerFrame(body: body, cause: cause)
        } catch {
            throw LinkFrameProblem(error.description, id: known)
        }
    }

    private static func login(_ fields: JSONFields) throws(JSONFault) -> LinkLogin {
        LinkLogin(
            appKey: try fields.text("appKey"),
            account: try fields.text("account"),
            token: Secret(try fields.text("token"), kind: .token),
            authType: try fields.int("authType"),
            automatic: try fields.bool("automatic"),
            forced: try fields.bool("forced"),
            deviceID: try fields.text("deviceId", length: 1...128),
            clientType: try fields.int("clientType", in: 0...65_535),
            details: LinkClientDetails(
                generation: try fields.optionalText("generation", length: 0...16) ?? "",
                sdkVersion: try fields.optionalText("sdkVersion", length: 0...32) ?? "",
                loginExtension: try fields.optionalText("loginExt", length: 0...1024) ?? "",
                customTag: try fields.optionalText("customTag", length: 0...32) ?? "",
                customClientType: try fields.optionalInt("customClientType", in: 0...65_535) ?? 0))
    }

    private static func reply(_ fields: JSONFields) throws(JSONFault) -> LinkReply {
        let type = try fields.text("re")
        let code = try fields.int("code")
        let text = code == 200 ? "" : try fields.optionalText("desc") ?? ""
        let isFine = code == 200
        switch type {
        case "login":
            return .login(
                code: code, text: text, account: isFine ? try fields.text("account") : "",
                clients: isFine ? try clients(fields) : [])
        case "sync": return .sync(code: code, text: text)
        case "ping": return .ping(code: code)
        case "echo": return .echo(code: code, text: text, echoed: isFine ? try fields.text("text") : "")
        case "kick": return .kick(code: code, text: text, kicked: isFine ? try fields.texts("kicked") : [])
        case "renew": return .renew(code: code, text: text)
        case "logout": return .logout(code: code, text: text)
        default: throw fields.fault("re", "\(quoted(type)) is unknown")
        }
    }

    private static func clients(_ fields: JSONFields) throws(JSONFault) -> [OnlineClient] {
        var clients: [OnlineClient] = []
        for client in try fields.objects("clients") {
            clients.append(
                OnlineClient(id: try client.text("id"), clientType: try client.int("clientType", in: 0...65_535)))
        }
        return clients
    }

    /// A `ref` of another shape than ours is passed over: a foreign client may number its log as it likes.
    private static func cause(_ fields: JSONFields) throws(JSONFault) -> EntryID? {
        try fields.optionalText("ref", length: 0...64).flatMap { EntryID($0) }
    }

    private static func object(_ bytes: [UInt8]) throws(LinkFrameProblem) -> JSONFields {
        guard bytes.count <= longestFrame else {
            throw LinkFrameProblem("the frame is longer than \(longestFrame) bytes")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes)
        } catch {
            throw LinkFrameProblem(error.text)
        }
        guard let fields = JSONFields(value) else { throw LinkFrameProblem("the frame is not a JSON object") }
        return fields
    }

    private static func readableID(_ fields: JSONFields) -> Int? {
        guard let id = fields.value["id"]?.int, ids.contains(id) else { return nil }
        return id
    }
}
