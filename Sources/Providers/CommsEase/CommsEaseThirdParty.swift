import LoginCore

/// What the IM server asks the app server about a login of type 2 (commsease.md §10).
package struct CommsEaseLoginQuestion: Hashable, Sendable {
    /// The number of this kind of callback; one sample of the documentation prints 35, its tables 36.
    package static let eventType = 36

    package var account: String
    package var deviceID: String
    package var clientType: Int
    /// Dotted decimal, without a port.
    package var clientAddress: String
    package var token: Secret
    package var authType: Int
    package var loginExtension: String
    package var customTag: String
    package var customClientType: Int
    package var automatic: Bool
    package var at: Instant

    package init(_ login: LinkLogin, account: String, clientAddress: String, at: Instant) {
        self.account = account
        deviceID = login.deviceID
        clientType = login.clientType
        self.clientAddress = clientAddress
        token = login.token
        authType = login.authType
        loginExtension = login.details.loginExtension
        customTag = login.details.customTag
        customClientType = login.details.customClientType
        automatic = login.automatic
        self.at = at
    }

    /// The name that callbacks have for a client type (commsease.md §4); the number for one without a name.
    static func clientName(_ type: Int) -> String {
        switch type {
        case 1: "AOS"
        case 2: "IOS"
        case 4: "PC"
        case 8: "WINPHONE"
        case 16: "WEB"
        case 32: "REST"
        case 64: "MAC"
        case 65: "HARMONY"
        default: String(type)
        }
    }

    /// The body as it is sent and signed.
    package var body: [UInt8] {
        JSONValue.fields([
            "eventType": .integer(Int64(Self.eventType)), "fromAccount": .string(account),
            "fromDeviceId": .string(deviceID), "fromClientType": .string(Self.clientName(clientType)),
            "fromClientIp": .string(clientAddress), "token": .string(token.reveal(for: .wire)),
            "authType": .integer(Int64(authType)), "loginExt": .string(loginExtension),
            "customTag": .string(customTag),
            "customClientType": .string(customClientType == 0 ? "" : String(customClientType)),
            "autoLogin": .bool(automatic), "timestamp": .string(String(at.milliseconds)),
        ]).encoded()
    }

    /// The signed request; its path is empty, since the URL is a setting.
    package func http(appKey: String, appSecret: Secret, cause: EntryID?) -> HTTPRequestValue {
        let body = body
        let curTime = String(at.milliseconds)
        let md5 = CommsEaseSignature.callbackMD5(body: body)
        var headers = [
            HTTPHeader("AppKey", appKey), HTTPHeader("CurTime", curTime), HTTPHeader("MD5", md5),
            HTTPHeader(
                "CheckSum", CommsEaseSignature.callbackCheckSum(appSecret: appSecret, md5: md5, curTime: curTime)),
            HTTPHeader("Content-Type", "application/json;charset=utf-8"),
        ]
        if let cause { headers.append(HTTPHeader(HTTPHeader.causeName, cause.description)) }
        return HTTPRequestValue(method: "POST", path: "", headers: headers, body: body)
    }
}

/// What an app server answers to such a question.
///
/// No source shows the body; `errCode` 0 allows and any other number refuses (commsease.md §10, inferred).
package struct CommsEaseLoginVerdict: Hashable, Sendable {
    package let isAllowed: Bool

    package init(isAllowed: Bool) {
        self.isAllowed = isAllowed
    }

    /// Nil when the answer says neither, under a status other than 200 too.
    package init?(_ response: HTTPResponseValue) {
        guard response.status == 200, let value = try? JSONValue(parsing: response.body),
            let code = value["errCode"]?.int
        else { return nil }
        isAllowed = code == 0
    }

    package func http(cause: EntryID?) -> HTTPResponseValue {
        .json(
            status: 200, cause: cause,
            .fields([
                "errCode": .integer(isAllowed ? 0 : 1), "responseCode": .integer(isAllowed ? 200 : 302),
                "callbackExt": .string(""),
            ]))
    }
}

/// A question as an app server reads it: any field may be absent (commsease.md §10).
package struct CommsEaseAskedLogin: Hashable, Sendable {
    /// In lower case, empty when absent.
    package let account: String
    package let token: Secret

    /// Checks the signature and reads the body; nil when the request was not signed with this key and secret.
    package init?(_ request: HTTPRequestValue, appKey: String, appSecret: Secret, isEqual: (String, String) -> Bool) {
        func header(_ name: String) -> String? {
            let values = request.values(of: name)
            return values.count == 1 ? values.first : nil
        }
        guard let curTime = header("CurTime"), let md5 = header("MD5"), let checkSum = header("CheckSum"),
            header("AppKey") == appKey, isEqual(md5, CommsEaseSignature.callbackMD5(body: request.body)),
            isEqual(
                checkSum, CommsEaseSignature.callbackCheckSum(appSecret: appSecret, md5: md5, curTime: curTime)),
            let value = try? JSONValue(parsing: request.body)
        else { return nil }
        account = value["fromAccount"]?.text?.lowercased() ?? ""
        token = Secret(value["token"]?.text ?? "", kind: .token)
    }
}
