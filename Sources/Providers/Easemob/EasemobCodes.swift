import LoginCore

/// The code table of easemob.md §6, each row with what is done about the code.
extension Easemob {
    /// A login that the app asked for never tries again; `automatic` is what a reconnect does.
    ///
    /// `clears` says whether the SDK drops its local login information.
    private static func row(
        _ code: Int, _ name: String, _ meaning: String, _ kind: FailureKind, automatic: Verdict = .stop,
        clears: Bool = false, _ tag: RuleTag = .header, _ source: String = Source.headers
    ) -> CodeRow {
        let rule = LoginPolicy.CodeRule(
            code: code, name: name, meaning: meaning, kind: kind, automatic: automatic, clears: clears,
            rule: RuleID("EM-6-\(code)"))
        return CodeRow(rule, tag, source)
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
        codeRows.name(of: code)
    }

    /// The row for a code that the table does not have: it may heal, so a reconnect goes on (ours).
    static let unknownCode = LoginPolicy.CodeRule.unknown("EM-own-unknown-code")

    static let codeRows: [CodeRow] = [generalCodes, userCodes, serverCodes].flatMap { $0 }

    private static let generalCodes: [CodeRow] = [
        row(1, "General", "The SDK is not initialised, or the server's answer has no code of its own.", .parameter),
        row(
            2, "NetworkUnavailable", "There is no network, or the link was lost.", .network, automatic: .retry, .doc,
            Source.connection4),
        row(3, "DatabaseOperationFailed", "The local database cannot be opened.", .parameter),
        row(4, "ExceedServiceLimit", "The plan's limit, or a limit of calls, is reached.", .permission),
        row(
            8, "AppActiveNumbersReachLimitation", "The app has as many active users as its plan allows.", .permission,
            clears: true, .doc, Source.connection4 + "; " + Source.v5),
        row(100, "InvalidAppkey", "The app key is empty or of the wrong form.", .parameter),
        row(101, "InvalidUsername", "The user ID is empty or of the wrong form.", .parameter),
        row(102, "InvalidPassword", "The password is empty or of the wrong form.", .parameter),
        row(
            104, "InvalidToken", "The token is empty or wrong; it comes with the login's result.", .credential, .doc,
            Source.connection4),
        row(105, "UsernameTooLong", "The user ID has more than 64 bytes.", .parameter),
        row(
            108, "TokenExpire", "The token has expired; log in with a new one, not renew.", .credential, clears: true,
            .doc, Source.connection4 + "; " + Source.v5),
        row(109, "TokeWillExpire", "A warning only: the token will expire soon.", .credential, automatic: .retry),
        row(110, "InvalidParam", "An argument is wrong.", .parameter),
    ]

    private static let userCodes: [CodeRow] = [
        row(
            200, "UserAlreadyLoginSame", "This user is logged in here already.", .parameter, .doc, Source.errors4),
        row(201, "UserNotLogin", "The call needs a login.", .parameter),
        row(
            202, "UserAuthenticationFailed", "User ID and password do not fit, or the token is not valid.",
            .credential, clears: true, .doc, Source.v5),
        row(203, "UserAlreadyExist", "The user is registered already.", .parameter),
        row(204, "UserNotFound", "There is no such user.", .permission),
        row(205, "UserIllegalArgument", "An argument of the registration is wrong.", .parameter),
        row(
            206, "UserLoginOnAnotherDevice", "A newer login on another device pushed this one out.", .device,
            clears: true, .doc, Source.connection4 + "; " + Source.v5),
        row(
            207, "UserRemoved", "The account was deleted on the server.", .permission, clears: true, .doc,
            Source.connection4 + "; " + Source.v5),
        row(208, "UserRegisterFailed", "The registration failed: open registration is off.", .parameter),
        row(211, "UserBindDeviceTokenFailed", "The push token could not be bound.", .server),
        row(212, "UserUnbindDeviceTokenFailed", "The push token could not be unbound.", .server),
        row(
            213, "UserBindAnotherDevice",
            "The app allows one device and the first one keeps its place; this later login is refused.", .permission,
            .doc, Source.errors4 + "; " + Source.v5),
        row(
            214, "UserLoginTooManyDevices",
            "As many devices as the platform allows are online, and an automatic login is not to push one out.",
            .device, clears: true, .doc, Source.connection4 + "; " + Source.v5),
        row(
            216, "UserKickedByChangePassword", "The password was changed.", .credential, clears: true, .doc,
            Source.connection4 + "; " + Source.v5),
        row(
            217, "UserKickedByOtherDevice", "Kicked by another device, the console or the web API.", .device,
            clears: true, .doc, Source.connection4 + " (Web); " + Source.v5),
        row(
            218, "UserAlreadyLoginAnother", "Another user is logged in here; log out first.", .parameter, .doc,
            Source.errors4),
        row(
            220, "UserDeviceChanged",
            "The app allows one device, another one is online, and an automatic login is not to push it out.",
            .device, clears: true, .doc, Source.v5),
    ]

    private static let serverCodes: [CodeRow] = [
        row(
            300, "ServerNotReachable", "The server cannot be reached.", .network, automatic: .retry, .inferred,
            Source.headers),
        row(
            301, "ServerTimeout", "There was no answer in 30 or 60 seconds, as the call may be.", .network,
            automatic: .retry, .inferred, Source.headers),
        row(302, "ServerBusy", "The same call was made again before the first one was answered.", .server),
        row(
            303, "ServerUnknownError", "A request failed for a reason without a code.", .server, automatic: .retry,
            .inferred, Source.headers),
        row(
            304, "ServerGetDNSConfigFailed", "The list of servers could not be fetched.", .network, automatic: .retry,
            .inferred, Source.headers),
        row(
            305, "ServerServingForbidden", "The user is banned, or the app is disabled.", .banned, clears: true, .doc,
            Source.v5),
        row(306, "ServerDecryptionFailed", "What the server sent could not be decrypted.", .server),
        row(307, "ServerGetRTCConfigFailed", "The settings of calls could not be fetched.", .server),
        row(308, "ServerNoMatchURL", "There is no address for this request.", .server),
        row(
            350, "ConnectionTimeout", "The connection did not come up in time.", .network, automatic: .retry,
            .inferred, Source.headers),
        row(
            351, "DNSError", "The server's name could not be looked up.", .network, automatic: .retry, .inferred,
            Source.headers),
        row(
            352, "IOError", "The connection broke while it was being made.", .network, automatic: .retry, .inferred,
            Source.headers),
        row(
            353, "StreamClosed", "The server closed the connection while it was being made.", .network,
            automatic: .retry, .inferred, Source.headers),
        row(
            354, "ProvisionTimeout", "The authentication took too long.", .network, automatic: .retry, .inferred,
            Source.headers),
    ]
}
