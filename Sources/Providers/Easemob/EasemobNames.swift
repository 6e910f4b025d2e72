import LoginCore

/// The kinds of client that the device policies tell apart (easemob.md §9); the numbers are ours, no source has any.
package enum EasemobPlatform: Int, Sendable, CaseIterable {
    case android = 1
    case iOS = 2
    case web = 3
    case harmony = 4

    package var title: String {
        switch self {
        case .android: "Android"
        case .iOS: "iOS"
        case .web: "Web"
        case .harmony: "HarmonyOS"
        }
    }

    /// What a resource begins with (§3); the last one is ours.
    package var resourceType: String {
        switch self {
        case .android: "android"
        case .iOS: "ios"
        case .web: "web"
        case .harmony: "harmony"
        }
    }

    /// A client type that has no platform counts as Web [ours].
    package init(clientType: Int) {
        self = Self(rawValue: clientType) ?? .web
    }

    /// What the web API calls a device (§9).
    package func resource(of deviceID: String) -> String { "\(resourceType)_\(deviceID)" }

    var clientPlatform: ClientPlatform { ClientPlatform(name: title, clientType: rawValue) }
}

/// Who may be online together (§9).
package enum EasemobDevicePolicy: Int, Sendable, CaseIterable {
    case oneNewestWins = 1
    case oneFirstWins = 2
    case several = 3

    package var title: String {
        switch self {
        case .oneNewestWins: "one device, the newest wins"
        case .oneFirstWins: "one device, the first wins"
        case .several: "several per platform, the newest wins"
        }
    }
}

/// User IDs, passwords, app keys and the numbers of kicks.
extension Easemob {
    /// The longest user ID, in bytes (§2).
    package static let longestUserID = 64
    /// The longest password, in characters (§2).
    package static let longestPassword = 64
    /// The longest token that is read, in bytes; ours.
    package static let longestToken = 4096

    /// Whether all characters are among `a-z A-Z 0-9 _ - .` (§2).
    static func hasUserIDCharacters(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x2D, 0x2E: true
            default: false
            }
        }
    }

    /// Whether a user may be registered under this name.
    package static func isUserID(_ text: String) -> Bool {
        (1...longestUserID).contains(text.utf8.count) && hasUserIDCharacters(text)
    }

    /// The form that the server keeps: `Aa` and `aa` are one user (§2).
    ///
    /// Only ASCII letters change, so that no other spelling of a name becomes it.
    package static func stored(_ userID: String) -> String {
        String(
            decoding: userID.utf8.map { (0x41...0x5A).contains($0) ? $0 + 0x20 : $0 },
            as: UTF8.self)
    }

    /// What keeps `text` from being an app key: 1 to 64 of what stands in a URL as it is, with a # between org and app.
    ///
    /// The lab takes an org alone as well (ours).
    package static func checkAppKey(_ text: String) -> FieldProblem? {
        let isFit =
            (1...64).contains(text.utf8.count) && (parts(ofAppKey: text) != nil || !text.contains("#"))
            && hasUserIDCharacters(String(text.filter { $0 != "#" }))
        return isFit
            ? nil
            : FieldProblem("The app key is none; use ORG#APP, with at most 64 of a-z, A-Z, 0-9, _, - and the dot.")
    }

    /// The user ID as the server keeps it, or what is wrong with what was typed.
    package static func checkAccount(_ text: String) -> Result<String, FieldProblem> {
        let rule = "use 1 to \(longestUserID) of a-z, 0-9, _, - and the dot."
        guard !text.isEmpty else { return .failure(FieldProblem("The user ID is empty; \(rule)")) }
        for (index, scalar) in text.unicodeScalars.enumerated() where !hasUserIDCharacters(String(scalar)) {
            let digits = String(scalar.value, radix: 16, uppercase: true)
            let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            return .failure(FieldProblem("The user ID has \(number) in place \(index + 1); \(rule)"))
        }
        guard isUserID(text) else {
            return .failure(FieldProblem("The user ID has \(text.utf8.count) characters; \(rule)"))
        }
        return .success(stored(text))
    }

    /// What keeps `text` from being a token; the message never repeats it.
    package static func checkToken(_ text: String) -> FieldProblem? {
        guard !text.isEmpty else { return FieldProblem("The token is empty; paste the whole of it.") }
        guard text.utf8.count <= longestToken else {
            return FieldProblem("The token has more than \(longestToken) bytes; paste nothing else.")
        }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return FieldProblem("The token has a space or a character that is no ASCII; paste it on one line.")
        }
        return nil
    }

    /// The halves of an app key `org#app` (§1); nil for another text.
    package static func parts(ofAppKey key: String) -> (org: String, app: String)? {
        let halves = key.split(separator: "#", omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty else { return nil }
        return (String(halves[0]), String(halves[1]))
    }

    /// The kicks of our link carry the number that the SDK tells the app (§6); to the app they are logouts (§5).
    static let kickWords = KickWords(
        event: "logged out", number: "error",
        reasons: [
            8: "the app has too many active users",
            108: "the token expired",
            206: "another device logged in",
            207: "the account was deleted",
            214: "too many devices",
            216: "the password was changed",
            217: "kicked by another device or the server",
            220: "another device is there",
            305: "the account or the app is disabled",
        ])
}
