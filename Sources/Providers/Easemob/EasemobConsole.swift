import LoginCore

/// The settings that the provider keeps for an app; where its documents disagree, the choice is a setting too.
package struct EasemobConsoleSettings: ConsoleSettings {
    /// Which documents' words the web API answers in (easemob.md §1.1, §1.3, §11).
    package enum Wording: String, Sendable, CaseIterable {
        case current
        case of2023 = "2023"
        case of2014 = "2014"
    }

    /// 1 one device and the newest wins, 2 one device and the first wins, 3 several on each platform (§9).
    package var devicePolicy = 1
    /// How many devices of one platform are online at once under policy 3: 1 to 4 (§9).
    package var devicesPerPlatform = 4
    /// The same for each custom platform: 0 to 4 (§9).
    package var customPlatformDevices = 4
    /// Whether an automatic login is refused where it would push another device out (§9).
    package var refusesOldDevices = false
    /// Whether anyone may register a user without an app token (§3).
    package var openRegistration = false
    /// How long a token lives when its request does not say: seconds, 0 for ever (§1).
    package var tokenLifetime = 5_184_000
    /// Whether lifetimes are milliseconds on the wire, as on the cluster VIP 5 (§1).
    package var millisecondUnit = false
    /// How much of a token's life is over when the client is warned, in hundredths (§7).
    package var willExpirePercent = 80
    package var wording: Wording = .current
    /// How many users the plan allows; 0 for any number (§1.1).
    package var mostUsers = 0
    /// How many users may be online; 0 for any number, more are told 8 (§6).
    package var mostActiveUsers = 0
    /// Whether the app is disabled (§6, 305; §1.3, 403).
    package var serviceForbidden = false
    /// Whether calls are counted (§3).
    package var rateLimits = true

    package init() {}

    /// All of them as a JSON object.
    package var json: JSONValue {
        .fields([
            "devicePolicy": .integer(Int64(devicePolicy)),
            "devicesPerPlatform": .integer(Int64(devicesPerPlatform)),
            "customPlatformDevices": .integer(Int64(customPlatformDevices)),
            "refusesOldDevices": .bool(refusesOldDevices),
            "openRegistration": .bool(openRegistration),
            "tokenLifetime": .integer(Int64(tokenLifetime)),
            "millisecondUnit": .bool(millisecondUnit),
            "willExpirePercent": .integer(Int64(willExpirePercent)),
            "wording": .string(wording.rawValue),
            "mostUsers": .integer(Int64(mostUsers)),
            "mostActiveUsers": .integer(Int64(mostActiveUsers)),
            "serviceForbidden": .bool(serviceForbidden),
            "rateLimits": .bool(rateLimits),
        ])
    }

    /// Takes over the settings that `fields` has and leaves the others as they are; all of them when one is wrong.
    package mutating func take(_ fields: JSONFields) throws(JSONFault) {
        var new = self
        new.devicePolicy = try fields.optionalInt("devicePolicy", in: 1...3) ?? devicePolicy
        new.devicesPerPlatform = try fields.optionalInt("devicesPerPlatform", in: 1...4) ?? devicesPerPlatform
        new.customPlatformDevices =
            try fields.optionalInt("customPlatformDevices", in: 0...4) ?? customPlatformDevices
        new.refusesOldDevices = try fields.optionalBool("refusesOldDevices") ?? refusesOldDevices
        new.openRegistration = try fields.optionalBool("openRegistration") ?? openRegistration
        new.tokenLifetime = try fields.optionalInt("tokenLifetime", in: 0...3_155_760_000) ?? tokenLifetime
        new.millisecondUnit = try fields.optionalBool("millisecondUnit") ?? millisecondUnit
        new.willExpirePercent = try fields.optionalInt("willExpirePercent", in: 1...99) ?? willExpirePercent
        if let text = try fields.optionalText("wording") {
            guard let wording = Wording(rawValue: text) else {
                throw fields.fault("wording", "must be current, 2023 or 2014")
            }
            new.wording = wording
        }
        new.mostUsers = try fields.optionalInt("mostUsers", in: 0...1_000_000) ?? mostUsers
        new.mostActiveUsers = try fields.optionalInt("mostActiveUsers", in: 0...1_000_000) ?? mostActiveUsers
        new.serviceForbidden = try fields.optionalBool("serviceForbidden") ?? serviceForbidden
        new.rateLimits = try fields.optionalBool("rateLimits") ?? rateLimits
        self = new
    }
}

package typealias EasemobConsolePatch = ConsolePatch<EasemobConsoleSettings>
