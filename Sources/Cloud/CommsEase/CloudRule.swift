import LoginCore

/// The ids of the rules that the cloud's decisions name in the transcript; the provider's rule book has their texts.
enum CloudRule {
    /// §14.2: an AppKey that is not known is refused with 302.
    static let appKey: RuleID = "CE-14.2-appkey"
    /// §14.2: an authentication type that is not enabled is refused with 403.
    static let authType: RuleID = "CE-14.2-auth-type"
    /// §14.2: an account that does not exist is refused with 302.
    static let account: RuleID = "CE-14.2-account"
    /// §14.2: a banned account is refused with 422.
    static let banned: RuleID = "CE-14.2-banned"
    /// §14.2: a token that does not open the account is refused with 302.
    static let credential: RuleID = "CE-14.2-credential"
    /// §14.2: an automatic login that is not forced, from a device that was not the last, is refused with 417.
    static let device: RuleID = "CE-14.2-device"
    /// §14.2: what an accepted login does.
    static let accepted: RuleID = "CE-14.2-accepted"
    /// §10: a login of type 2 is asked about.
    static let callback: RuleID = "CE-10-callback"
    /// §10: what becomes of it when nobody answers.
    static let callbackDefault: RuleID = "CE-10-callback-default"
    /// §11.2: an SDK that is too old is kicked without a text.
    static let kickText: RuleID = "CE-11.2-kick-text"
    /// §11.3: more calls in a second than the limit are answered 416 for ten seconds.
    static let rate: RuleID = "CE-11.3-rate"
    /// §1, §6: what the console counts.
    static let console: RuleID = "CE-1-console"
    /// A dynamic token with a life of more than 24 hours is noted.
    static let longLife: RuleID = "OURS-long-life"
    /// §12.1: a ban leaves live links alone unless it kicks.
    static let ban: RuleID = "CE-12.1"
    /// §12.2: an unbanned account logs in again.
    static let unban: RuleID = "CE-12.2"
    /// §12.3: only the latest token is valid.
    static let token: RuleID = "CE-12.3"
    /// §9, §12.4: a change of policy affects later logins only.
    static let policy: RuleID = "CE-12.4"
    /// §12.4: a mute never touches a login.
    static let mute: RuleID = "CE-12.4"

    /// §4: the reasons of a kick: 1 exclusive login, 2 server, 3 another client.
    static func kick(_ reason: Int) -> RuleID {
        RuleID("CE-4-kick-\(reason)")
    }
}
