import LoginCore

/// Reading requests, as the app server does: path, method, size, JSON, fields, in this order.
extension AppServerRequest {
    /// The longest body in bytes.
    package static let longestBody = 65_536

    /// Reads a request; keys and sessions are not checked here, the bearer is ``HTTPRequestValue/bearer``.
    package static func parse(_ request: HTTPRequestValue) -> Result<AppServerRequest, AppServerError> {
        AddressedRequest.parse(request).map(\.request)
    }
}

/// A request and the provider that it is about.
package struct AddressedRequest: Hashable, Sendable {
    package let request: AppServerRequest
    /// The id that it names: in its query, or as the text `provider` of its body.
    ///
    /// Nil leaves it to the app server.
    package let provider: String?

    /// Reads a request as ``AppServerRequest/parse(_:)`` does; whether there is such a provider is not checked here.
    package static func parse(_ request: HTTPRequestValue) -> Result<AddressedRequest, AppServerError> {
        guard let route = AppServerRoute(rawValue: request.path) else {
            return .failure(
                AppServerError(status: 404, name: "unknown_path", message: "there is nothing at this path"))
        }
        guard route.methods.contains(request.method) else {
            let allowed = route.methods.joined(separator: " or ")
            return .failure(
                AppServerError(status: 405, name: "wrong_method", message: "this path takes \(allowed)"))
        }
        guard request.body.count <= AppServerRequest.longestBody else {
            return .failure(
                AppServerError(
                    status: 413, name: "too_large", message: "a body has at most \(AppServerRequest.longestBody) bytes")
            )
        }
        // Its body is the provider's, not this contract's.
        if route == .providerCallback {
            return .success(AddressedRequest(request: .providerCallback(request), provider: nil))
        }
        return body(of: request).flatMap { fields in
            do throws(JSONFault) {
                // The settings' body has another `provider`: the settings of its console.
                let named = route == .settings ? nil : try fields.optionalText("provider", length: 1...64)
                return .success(
                    AddressedRequest(
                        request: try AppServerRequest.read(route, request, fields),
                        provider: request.queried("provider") ?? named))
            } catch {
                return .failure(.badField(error.description))
            }
        }
    }

    /// The body's fields; no body counts as an empty object.
    private static func body(of request: HTTPRequestValue) -> Result<JSONFields, AppServerError> {
        do throws(JSONProblem) {
            let value = request.body.isEmpty ? JSONValue.object([]) : try JSONValue(parsing: request.body)
            if let fields = JSONFields(value) { return .success(fields) }
            return .failure(AppServerError(status: 400, name: "bad_json", message: "the body is not a JSON object"))
        } catch {
            return .failure(
                AppServerError(status: 400, name: "bad_json", message: "the body is not JSON: \(error.text)"))
        }
    }

}

extension AppServerRequest {
    fileprivate static func read(
        _ route: AppServerRoute, _ request: HTTPRequestValue, _ fields: JSONFields
    ) throws(JSONFault) -> AppServerRequest {
        switch route {
        case .discovery: return .discovery
        case .register:
            return .register(
                user: try plain(fields, "user", 1...64),
                password: Secret(try plain(fields, "password", 1...128), kind: .password),
                account: try fields.optionalText("account", length: 1...256))
        case .login:
            return .login(
                user: try plain(fields, "user", 1...64),
                password: Secret(try plain(fields, "password", 1...128), kind: .password))
        case .token: return .token(session: request.bearer(.session))
        case .logout: return .logout(session: request.bearer(.session))
        case .people: return .people
        case .ban:
            return .ban(
                account: try account(fields), kick: try fields.bool("kick"),
                notify: try fields.optionalText("notify", length: 0...256))
        case .unban: return .unban(account: try account(fields))
        case .kick:
            return .kick(account: try account(fields), notify: try fields.optionalText("notify", length: 0...256))
        case .kickDevice:
            return .kickDevice(
                account: try account(fields), deviceID: try plain(fields, "deviceID", 1...128),
                clientType: try fields.optionalInt("clientType", in: 0...1_000_000) ?? 0)
        case .updateToken:
            let token = try fields.optionalText("token", length: 1...128)
            return .updateToken(account: try account(fields), token: token.map { Secret($0, kind: .token) })
        case .refreshToken: return .refreshToken(account: try account(fields))
        case .deleteAccount: return .deleteAccount(account: try account(fields))
        case .presence:
            return .presence(account: try account(fields), query: try fields.optionalText("query", length: 1...64))
        case .settings:
            return request.method == "GET" ? .settings : .changeSettings(try AppServerSettingsPatch(fields))
        case .unbind: return .unbind(user: try plain(fields, "user", 1...64))
        case .bind:
            return .bind(
                user: try plain(fields, "user", 1...64),
                account: try fields.optionalText("account", length: 1...256))
        case .console: return .console
        case .consoleAccount:
            return .consoleAccount(account: try fields.optionalText("account", length: 1...256))
        case .providerCallback: return .providerCallback(request)
        }
    }

    private static func account(_ fields: JSONFields) throws(JSONFault) -> String {
        try fields.text("account", length: 1...256)
    }

    /// A text without control characters.
    private static func plain(
        _ fields: JSONFields, _ name: String, _ length: ClosedRange<Int>
    ) throws(JSONFault) -> String {
        let text = try fields.text(name, length: length)
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
        if !isPlain, text.unicodeScalars.contains(where: isControl) {
            throw fields.fault(name, "must not have control characters")
        }
        return text
    }
}

extension HTTPRequestValue {
    /// What stands in `Authorization: Bearer …`; nil when the header is missing, doubled or of another scheme.
    package var bearer: String? {
        let values = values(of: "Authorization")
        guard values.count == 1, let value = values.first else { return nil }
        let scheme = value.utf8.prefix("bearer ".utf8.count)
        // Nearly every value is plain, and a token is long.
        if value.utf8.allSatisfy({ $0 < 0x80 }) {
            guard String(Substring(scheme)).lowercased() == "bearer " else { return nil }
            return String(Substring(value.utf8.dropFirst(scheme.count)))
        }
        return value.lowercased().hasPrefix("bearer ") ? String(value.dropFirst("bearer ".count)) : nil
    }

    /// The bearer as a secret; an empty one, which opens nothing, when there is none.
    package func bearer(_ kind: SecretKind) -> Secret {
        Secret(bearer ?? "", kind: kind)
    }

    /// The first value of that name in the query, as sent.
    fileprivate func queried(_ name: String) -> String? {
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }

    /// The entry that caused this request.
    package var cause: EntryID? {
        firstValue(of: HTTPHeader.causeName).flatMap { EntryID($0) }
    }
}
