import LoginCore

/// The code table of easemob.md §6, each row with what is done about the code.
extension Easemob {
    /// A row of the code table together with the rule that the lab shows for it.
    struct CodeRow {
        let code: LoginPolicy.CodeRule
        let rule: Rule

        /// A login that the app asked for never tries again; `automatic` is what a reconnect does.
        ///
        /// `clears` says whether the SDK drops its local login information.
        init(
            _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, automatic: Verdict = .stop,
            clears: Bool = false, _ tag: RuleTag = .header, _ source: String = Source.headers
        ) {
            let id = RuleID("EM-6-\(code)")
            self.code = LoginPolicy.CodeRule(
                code: code, name: name, meaning: meaning, kind: kind, automatic: automatic, clears: clears, rule: id)
            rule = Rule(id, "\(code), \(name): \(meaning)", tag, source)
        }
    }

    /// The code table, with the names that an SDK has for some of the numbers.
    static func codes(_ names: [Int: String] = [:]) -> [LoginPolicy.CodeRule] {
        codeRows.map { row in
            let code = row.code
            return LoginPolicy.CodeRule(
                code: code.code, name: names[code.code] ?? code.name, meaning: code.meaning, kind: code.kind,
                manual: code.manual, automatic: code.automatic, clears: code.clears, rule: code.rule)
        }
    }

    /// The constants of the Android SDK that the documents name (§6).
    static let androidNames = [
        108: "TOKEN_EXPIRED", 109: "TOKEN_WILL_EXPIRE", 200: "USER_ALREADY_LOGIN", 206: "USER_LOGIN_ANOTHER_DEVICE",
        304: "SERVER_GET_DNSLIST_FAILED", 305: "SERVER_SERVICE_RESTRICTED",
    ]

    /// The short name of a code; "unknown code" for one that the reference does not have.
    package static func codeName(_ code: Int) -> String {
        codeRows.first { $0.code.code == code }?.code.name ?? unknownCode.name
    }

    /// The row for a code that the table does not have: it may heal, so a reconnect goes on (ours).
    static let unknownCode = LoginPolicy.CodeRule(
        code: 0, name: "unknown code", meaning: "The reference has no row for this code.", kind: .server,
        automatic: .retry, rule: "EM-own-unknown-code")

    static let codeRows: [CodeRow] = [generalCodes, userCodes, serverCodes].flatMap { $0 }

    private static let generalCodes: [CodeRow] = [
        CodeRow(1, "General", "The SDK is not initialised, or the server's answer has no code of its own.", .parameter),
        CodeRow(
            2, "NetworkUnavailable", "There is no network, or the link was lost.", .network, automatic: .retry, .doc,
            Source.connection4),
        CodeRow(3, "DatabaseOperationFailed", "The local database cannot be opened.", .parameter),
        CodeRow(4, "ExceedServiceLimit", "The plan's limit, or a limit of calls, is reached.", .permission),
        CodeRow(
            8, "AppActiveNumbersReachLimitation", "The app has as many active users as its plan allows.", .permission,
            clears: true, .doc, Source.connection4 + "; " + Source.v5),
        CodeRow(100, "InvalidAppkey", "The app key is empty or of the wrong form.", .parameter),
        CodeRow(101, "InvalidUsername", "The user ID is empty or of the wrong form.", .parameter),
        CodeRow(102, "InvalidPassword", "The password is empty or of the wrong form.", .parameter),
        CodeRow(
            104, "InvalidToken", "The token is empty or wrong; it comes with the login's result.", .credential, .doc,
            Source.connection4),
        CodeRow(105, "UsernameTooLong", "The user ID has more than 64 bytes.", .parameter),
        CodeRow(
            108, "TokenExpire", "The token has expired; log in with a new one, not renew.", .credential, clears: true,
            .doc, Source.connection4 + "; " + Source.v5),
        CodeRow(109, "TokeWillExpire", "A warning only: the token will expire soon.", .credential, automatic: .retry),
        CodeRow(110, "InvalidParam", "An argument is wrong.", .parameter),
    ]

    private static let userCodes: [CodeRow] = [
        CodeRow(
            200, "UserAlreadyLoginSame", "This user is logged in here already.", .parameter, .doc, Source.errors4),
        CodeRow(201, "UserNotLogin", "The call needs a login.", .parameter),
        CodeRow(
            202, "UserAuthenticationFailed", "User ID and password do not fit, or the token is not valid.",
            .credential, clears: true, .doc, Source.v5),
        CodeRow(203, "UserAlreadyExist", "The user is registered already.", .parameter),
        CodeRow(204, "UserNotFound", "There is no such user.", .permission),
        CodeRow(205, "UserIllegalArgument", "An argument of the registration is wrong.", .parameter),
        CodeRow(
            206, "UserLoginOnAnotherDevice", "A newer login on another device pushed this one out.", .device,
            clears: true, .doc, Source.connection4 + "; " + Source.v5),
        CodeRow(
            207, "UserRemoved", "The account was deleted on the server.", .permission, clears: true, .doc,
            Source.connection4 + "; " + Source.v5),
        CodeRow(208, "UserRegisterFailed", "The registration failed: open registration is off.", .parameter),
        CodeRow(211, "UserBindDeviceTokenFailed", "The push token could not be bound.", .server),
        CodeRow(212, "UserUnbindDeviceTokenFailed", "The push token could not be unbound.", .server),
        CodeRow(
            213, "UserBindAnotherDevice",
            "The app allows one device and the first one keeps its place; this later login is refused.", .permission,
            .doc, Source.errors4 + "; " + Source.v5),
        CodeRow(
            214, "UserLoginTooManyDevices",
            "As many devices as the platform allows are online, and an automatic login is not to push one out.",
            .device, clears: true, .doc, Source.connection4 + "; " + Source.v5),
        CodeRow(
            216, "UserKickedByChangePassword", "The password was changed.", .credential, clears: true, .doc,
            Source.connection4 + "; " + Source.v5),
        CodeRow(
            217, "UserKickedByOtherDevice", "Kicked by another device, the console or the web API.", .device,
            clears: true, .doc, Source.connection4 + " (Web); " + Source.v5),
        CodeRow(
            218, "UserAlreadyLoginAnother", "Another user is logged in here; log out first.", .parameter, .doc,
            Source.errors4),
        CodeRow(
            220, "UserDeviceChanged",
            "The app allows one device, another one is online, and an automatic login is not to push it out.",
            .device, clears: true, .doc, Source.v5),
    ]

    private static let serverCodes: [CodeRow] = [
        CodeRow(
            300, "ServerNotReachable", "The server cannot be reached.", .network, automatic: .retry, .inferred,
            Source.headers),
        CodeRow(
            301, "ServerTimeout", "There was no answer in 30 or 60 seconds, as the call may be.", .network,
            automatic: .retry, .inferred, Source.headers),
        CodeRow(302, "ServerBusy", "The same call was made again before the first one was answered.", .server),
        CodeRow(
            303, "ServerUnknownError", "A request failed for a reason without a code.", .server, automatic: .retry,
            .inferred, Source.headers),
        CodeRow(
            304, "ServerGetDNSConfigFailed", "The list of servers could not be fetched.", .network, automatic: .retry,
            .inferred, Source.headers),
        CodeRow(
            305, "ServerServingForbidden", "The user is banned, or the app is disabled.", .banned, clears: true, .doc,
            Source.v5),
        CodeRow(306, "ServerDecryptionFailed", "What the server sent could not be decrypted.", .server),
        CodeRow(307, "ServerGetRTCConfigFailed", "The settings of calls could not be fetched.", .server),
        CodeRow(308, "ServerNoMatchURL", "There is no address for this request.", .server),
        CodeRow(
            350, "ConnectionTimeout", "The connection did not come up in time.", .network, automatic: .retry,
            .inferred, Source.headers),
        CodeRow(
            351, "DNSError", "The server's name could not be looked up.", .network, automatic: .retry, .inferred,
            Source.headers),
        CodeRow(
            352, "IOError", "The connection broke while it was being made.", .network, automatic: .retry, .inferred,
            Source.headers),
        CodeRow(
            353, "StreamClosed", "The server closed the connection while it was being made.", .network,
            automatic: .retry, .inferred, Source.headers),
        CodeRow(
            354, "ProvisionTimeout", "The authentication took too long.", .network, automatic: .retry, .inferred,
            Source.headers),
    ]
}
