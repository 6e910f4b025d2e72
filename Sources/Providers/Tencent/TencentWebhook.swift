import LoginCore

/// One status change as the webhook tells it (tencent.md §6).
package struct TencentStateChange: Hashable, Sendable {
    /// Action and Reason.
    package enum Change: String, Sendable, CaseIterable {
        case login = "Login/Register"
        case logout = "Logout/Unregister"
        case linkClosed = "Disconnect/LinkClose"
        case timedOut = "Disconnect/TimeOut"
    }

    package let userID: String
    package let change: Change
    /// Nil when the web API caused it.
    package let platform: TencentPlatform?
    /// The platforms that a login kicked.
    package let kicked: [TencentPlatform]
    package let at: Instant
    /// Dotted decimal, without a port.
    package let clientAddress: String

    package init(
        userID: String, change: Change, platform: TencentPlatform?, kicked: [TencentPlatform] = [], at: Instant,
        clientAddress: String
    ) {
        self.userID = userID
        self.change = change
        self.platform = platform
        self.kicked = kicked
        self.at = at
        self.clientAddress = clientAddress
    }

    /// The POST to the webhook's URL, path left empty: the URL has it.
    ///
    /// - Parameter own: The query of the webhook's URL, which stands first.
    package func http(sdkAppID: String, after own: String = "", cause: EntryID?) -> HTTPRequestValue {
        let told = FormCoding.encode([
            ("SdkAppid", sdkAppID), ("CallbackCommand", "State.StateChange"), ("contenttype", "json"),
            ("ClientIP", clientAddress), ("OptPlatform", platform?.webhookName ?? "RESTAPI"),
        ])
        let query = own.isEmpty ? told : "\(own)&\(told)"
        var headers = [HTTPHeader("Content-Type", "application/json")]
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        return HTTPRequestValue(method: "POST", path: "", query: query, headers: headers, body: json.encoded())
    }

    private var json: JSONValue {
        let parts = change.rawValue.split(separator: "/").map(String.init)
        let devices = kicked.map { JSONValue.fields(["Platform": .string($0.kickedName)]) }
        return .fields([
            "CallbackCommand": .string("State.StateChange"), "EventTime": .integer(at.milliseconds),
            "Info": .fields([
                "Action": .string(parts[0]), "To_Account": .string(userID), "Reason": .string(parts[1]),
            ]), "KickedDevice": devices.isEmpty ? nil : .array(devices),
        ])
    }
}
