import LoginCore

/// The settings that the provider keeps for an app; where its documents disagree, the choice is a setting too.
package struct CommsEaseConsoleSettings: Hashable, Sendable {
    /// 1 one terminal, 2 desktop and mobile, 3 all (commsease.md §9).
    package var devicePolicy: Int
    /// The authentication types that are enabled, ascending (commsease.md §10).
    package var authTypes: [Int]
    /// Where a login of type 2 is asked about: a URL, ``ownAppServer``, or empty for no callback (commsease.md §10).
    package var loginCallback = ""
    /// How long the callback may take, in milliseconds: 100 to 10,000 (commsease.md §10).
    package var loginCallbackTimeout = 2000
    /// Whether a login passes when its callback does not answer in time (commsease.md §10).
    package var loginCallbackPasses = true
    /// What V9 clients are told when their callback refused them: 302 or 463 (commsease.md §13).
    package var callbackRefusalCode = 302
    /// What V9 clients of a banned account are told: 422, 403 or 301 (commsease.md §13).
    package var bannedCode = 422
    /// The first SDK version that is told why it was kicked; empty is every one (commsease.md §11.2).
    package var kickTextSince = "7.7.0"
    /// How many calls of one kind a second may have; 0 switches the limit off (commsease.md §11.3).
    package var rateLimit = 100

    package init(devicePolicy: Int = 1, authTypes: [Int] = [0, 1]) {
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
    }

    /// Stands for the app server of the same backend, whatever its port is today.
    package static let ownAppServer = "app-server"
    package static let callbackRefusalCodes = [302, 463]
    package static let bannedCodes = [422, 403, 301]

    /// All of them as a JSON object.
    package var json: JSONValue { CommsEaseConsolePatch(all: self).json }

    /// Reads what ``json`` gives; a setting besides the first two that is missing has its default.
    package init(_ fields: JSONFields) throws(JSONFault) {
        let patch = try CommsEaseConsolePatch(fields)
        guard let policy = patch.devicePolicy else { throw fields.fault("devicePolicy", "is missing") }
        guard let types = patch.authTypes else { throw fields.fault("authTypes", "is missing") }
        self.init(devicePolicy: policy, authTypes: types)
        take(patch)
    }

    /// Takes over what `patch` does not leave out.
    package mutating func take(_ patch: CommsEaseConsolePatch) {
        devicePolicy = patch.devicePolicy ?? devicePolicy
        authTypes = patch.authTypes ?? authTypes
        loginCallback = patch.loginCallback ?? loginCallback
        loginCallbackTimeout = patch.loginCallbackTimeout ?? loginCallbackTimeout
        loginCallbackPasses = patch.loginCallbackPasses ?? loginCallbackPasses
        callbackRefusalCode = patch.callbackRefusalCode ?? callbackRefusalCode
        bannedCode = patch.bannedCode ?? bannedCode
        kickTextSince = patch.kickTextSince ?? kickTextSince
        rateLimit = patch.rateLimit ?? rateLimit
    }
}

/// A change of the console's settings; nil leaves one as it is.
package struct CommsEaseConsolePatch: Hashable, Sendable {
    package var devicePolicy: Int?
    package var authTypes: [Int]?
    package var loginCallback: String?
    package var loginCallbackTimeout: Int?
    package var loginCallbackPasses: Bool?
    package var callbackRefusalCode: Int?
    package var bannedCode: Int?
    package var kickTextSince: String?
    package var rateLimit: Int?

    package init(devicePolicy: Int? = nil, authTypes: [Int]? = nil) {
        self.devicePolicy = devicePolicy
        self.authTypes = authTypes
    }

    init(all settings: CommsEaseConsoleSettings) {
        self.init(devicePolicy: settings.devicePolicy, authTypes: settings.authTypes)
        loginCallback = settings.loginCallback
        loginCallbackTimeout = settings.loginCallbackTimeout
        loginCallbackPasses = settings.loginCallbackPasses
        callbackRefusalCode = settings.callbackRefusalCode
        bannedCode = settings.bannedCode
        kickTextSince = settings.kickTextSince
        rateLimit = settings.rateLimit
    }

    package init(_ fields: JSONFields) throws(JSONFault) {
        devicePolicy = try fields.optionalInt("devicePolicy", in: 1...3)
        authTypes = try fields.authTypes()
        loginCallback = try fields.optionalText("loginCallback", length: 0...1024)
        if let url = loginCallback, !["", CommsEaseConsoleSettings.ownAppServer].contains(url),
            !url.hasPrefix("http://"), !url.hasPrefix("https://")
        {
            throw fields.fault("loginCallback", "must be empty, app-server, or begin with http:// or https://")
        }
        loginCallbackTimeout = try fields.optionalInt("loginCallbackTimeout", in: 100...10_000)
        loginCallbackPasses = try fields.optionalBool("loginCallbackPasses")
        callbackRefusalCode = try fields.optionalChoice(
            "callbackRefusalCode", of: CommsEaseConsoleSettings.callbackRefusalCodes)
        bannedCode = try fields.optionalChoice("bannedCode", of: CommsEaseConsoleSettings.bannedCodes)
        kickTextSince = try fields.optionalText("kickTextSince", length: 0...32)
        if let version = kickTextSince, !version.isEmpty, CommsEaseVersion(version) == nil {
            throw fields.fault("kickTextSince", "must be a version such as 7.7.0")
        }
        rateLimit = try fields.optionalInt("rateLimit", in: 0...1_000_000)
    }

    /// What the patch changes, as a JSON object.
    package var json: JSONValue {
        .fields([
            "devicePolicy": devicePolicy.map { .integer(Int64($0)) },
            "authTypes": authTypes.map { .array($0.map { .integer(Int64($0)) }) },
            "loginCallback": loginCallback.map { .string($0) },
            "loginCallbackTimeout": loginCallbackTimeout.map { .integer(Int64($0)) },
            "loginCallbackPasses": loginCallbackPasses.map { .bool($0) },
            "callbackRefusalCode": callbackRefusalCode.map { .integer(Int64($0)) },
            "bannedCode": bannedCode.map { .integer(Int64($0)) },
            "kickTextSince": kickTextSince.map { .string($0) },
            "rateLimit": rateLimit.map { .integer(Int64($0)) },
        ])
    }
}

/// A version of an SDK, compared part by part as numbers.
package struct CommsEaseVersion: Comparable, Sendable {
    private let parts: [Int]

    /// Nil for anything but one to eight numbers with dots between them.
    package init?(_ text: String) {
        let texts = text.split(separator: ".", omittingEmptySubsequences: false)
        let parts = texts.compactMap { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } && part.utf8.count <= 9 ? Int(part) : nil
        }
        guard parts.count == texts.count, parts.count <= 8 else { return nil }
        self.parts = parts + Array(repeating: 0, count: 8 - parts.count)
    }

    package static func < (left: CommsEaseVersion, right: CommsEaseVersion) -> Bool {
        left.parts.lexicographicallyPrecedes(right.parts)
    }
}

/// What the console shows of an app's accounts (commsease.md §1, §6).
package struct CommsEaseConsoleOverview: Hashable, Sendable {
    package struct Account: Hashable, Sendable {
        package let accid: String
        package let isBanned: Bool

        package init(accid: String, isBanned: Bool) {
            self.accid = accid
            self.isBanned = isBanned
        }
    }

    /// Those that the console made, in order of their names; those of the web API never show.
    package let accounts: [Account]
    /// All accounts, banned ones too.
    package let accountTotal: Int
    package let bannedTotal: Int
    /// How many accounts have logged in since the day began, in UTC.
    package let dailyActive: Int

    package init(accounts: [Account], accountTotal: Int, bannedTotal: Int, dailyActive: Int) {
        self.accounts = accounts
        self.accountTotal = accountTotal
        self.bannedTotal = bannedTotal
        self.dailyActive = dailyActive
    }

    var json: JSONValue {
        .fields([
            "accounts": .array(
                accounts.map { .fields(["accid": .string($0.accid), "banned": .bool($0.isBanned)]) }),
            "accountTotal": .integer(Int64(accountTotal)), "bannedTotal": .integer(Int64(bannedTotal)),
            "dailyActive": .integer(Int64(dailyActive)),
        ])
    }

    /// Nil when a number is missing.
    init?(_ value: JSONValue) {
        guard let total = value["accountTotal"]?.int, let banned = value["bannedTotal"]?.int,
            let active = value["dailyActive"]?.int
        else { return nil }
        let accounts = (value["accounts"]?.array ?? []).map {
            Account(accid: $0["accid"]?.text ?? "", isBanned: $0["banned"]?.bool ?? false)
        }
        self.init(accounts: accounts, accountTotal: total, bannedTotal: banned, dailyActive: active)
    }
}

extension JSONFields {
    fileprivate func optionalChoice(_ name: String, of choices: [Int]) throws(JSONFault) -> Int? {
        guard let number = try optionalInt(name) else { return nil }
        guard choices.contains(number) else {
            throw fault(name, "must be one of \(choices.map(String.init).joined(separator: ", "))")
        }
        return number
    }
}
