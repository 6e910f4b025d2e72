import LoginCore

/// Why the web API does not do what it is asked (easemob.md §1.1 to §1.3, §3).
package struct EasemobAPIError: Error, Hashable, Sendable {
    /// Which of the shapes of §1.2 the body has, by its `exception`; nil for the short one.
    package let exception: String?
    package let status: Int
    /// The body's `error`.
    package let error: String
    /// The body's `error_description`.
    package let text: String

    package init(
        _ status: Int, _ error: String, _ text: String,
        exception: String? = "com.easemob.im.exceptions.EasemobException"
    ) {
        self.status = status
        self.error = error
        self.text = text
        self.exception = exception
    }
}

/// The rows of §1.1: the token endpoint.
extension EasemobAPIError {
    /// A failure of credentials, whose body has two keys only (§1.2).
    private static func grant(_ status: Int, _ text: String, _ error: String = "invalid_grant") -> EasemobAPIError {
        EasemobAPIError(status, error, text, exception: nil)
    }

    package static func wrongPassword(_ wording: EasemobConsoleSettings.Wording) -> EasemobAPIError {
        grant(400, wording == .current ? "invalid password" : "invalid username or password")
    }

    package static func noSuchUser(_ wording: EasemobConsoleSettings.Wording) -> EasemobAPIError {
        wording == .current ? grant(404, "user not found") : grant(400, "invalid username or password")
    }

    /// The second form, of the grant inherit.
    package static let noSuchUserNull = EasemobAPIError(404, "entity_not_found", "User null not found")
    package static let banned = grant(400, "user not activated")
    package static let wrongClientID = grant(400, "client_id does not match")
    package static let wrongClientSecret = grant(400, "client_secret does not match")
    /// A grant_type that is missing or unknown; not documented.
    package static let unknownGrant = grant(400, "invalid username or password")

    package static func illegalName(_ name: String) -> EasemobAPIError {
        illegal("username [\(name)] is not legal")
    }

    package static let nameTooLong = illegal("USERNAME_TOO_LONG")
    package static let createdAtOnce = EasemobAPIError(
        409, "concurrent_operation_error", "concurrency create app user failed")
    package static let tooManyUsers = EasemobAPIError(
        429, "resource_limited",
        "You have exceeded the limit of the community edition,Please upgrade to the enterprise edition")
    package static let tooManyCalls = EasemobAPIError(429, "reach_limit", "This request has reached api limit")
    package static let badTTL = illegal("ttl must be a number >= 0")
    package static let wrongMediaType = EasemobAPIError(415, "web_application", "Unsupported Media Type")

    package static func unknownApp(_ org: String, _ app: String, _ rest: String) -> EasemobAPIError {
        EasemobAPIError(
            404, "organization_application_not_found",
            "Could not find application for \(org)/\(app) from URI: \(org)/\(app)/\(rest)")
    }

    /// The parser's own words stand where the real service has those of its parser.
    package static func notJSON(_ text: String) -> EasemobAPIError {
        EasemobAPIError(400, "json_parse", text, exception: "com.fasterxml.jackson.core.JsonParseException")
    }

    static func illegal(_ text: String) -> EasemobAPIError {
        EasemobAPIError(400, "illegal_argument", text, exception: "java.lang.IllegalArgumentException")
    }
}

/// The rows of §1.3: tokens that other endpoints refuse.
extension EasemobAPIError {
    private static let security = "com.easemob.im.exceptions.EasemobSecurityException"

    /// A token that is missing, not valid or over.
    package static func unauthorized(_ wording: EasemobConsoleSettings.Wording) -> EasemobAPIError {
        switch wording {
        case .current:
            EasemobAPIError(401, "unauthorized", "Unable to authenticate (OAuth)", exception: security)
        case .of2023:
            EasemobAPIError(
                401, "unauthorized", "Unable to authenticate due to expired access token", exception: security)
        case .of2014:
            EasemobAPIError(
                401, "expired_token", "Unable to authenticate due to expired access token",
                exception: "org.apache.usergrid.rest.exceptions.SecurityException")
        }
    }

    package static let corruptToken = EasemobAPIError(
        401, "auth_bad_access_token", "Unable to authenticate due to corrupt access token", exception: security)
    /// Of the right form, and not made by this server.
    package static let foreignToken = EasemobAPIError(
        401, "auth_bad_access_token", "Unable to authenticate", exception: security)

    package static func registrationClosed(_ wording: EasemobConsoleSettings.Wording) -> EasemobAPIError {
        EasemobAPIError(
            401, "unauthorized",
            wording == .current
                ? "Open registration doesn't allow, so register user need token,"
                : "registration is not open, please contact the app admin", exception: security)
    }

    package static let forbidden = EasemobAPIError(
        403, "forbidden_service_operation", "Service operation not allowed", exception: security)
}

/// The rows of §3: accounts.
extension EasemobAPIError {
    package static func duplicate(_ application: String) -> EasemobAPIError {
        EasemobAPIError(
            400, "duplicate_unique_property_exists",
            "Application \(application) Entity user requires that property named username be unique, value of "
                + "\(application) exists",
            exception: "org.apache.usergrid.persistence.exceptions.DuplicateUniquePropertyExistsException")
    }

    package static let noPassword = illegal("password or pin must provided")
    package static let noUsername = illegal("Entity user requires a property named username")
    package static let noNewPassword = illegal("newpassword is required")
    package static let noResource = EasemobAPIError(
        404, "service_resource_not_found", "Service resource not found",
        exception: "org.usergrid.services.exceptions.ServiceResourceNotFoundException")

    /// More than the documents allow; the words are ours.
    package static func tooMany(_ what: String, _ most: Int) -> EasemobAPIError {
        illegal("\(what) must be at most \(most)")
    }
}
