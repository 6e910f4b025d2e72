import LoginCore

/// The settings that the provider keeps for an app; where its documents disagree, the choice is a setting too.
package struct TencentConsoleSettings: ConsoleSettings {
    /// 1 single platform, 2 two, 3 three, 4 multi platform (tencent.md §3).
    package var devicePolicy = 1
    /// How many instances of the Web are online at once: 1 to 10 (§3).
    package var webInstances = 1
    /// How many instances of each other platform are online at once: 1 to 3, more than 1 only in effect under the
    /// multi platform policy (§3).
    package var instances = 1
    /// The UserIDs that may call the web API, at least one (§1.1).
    package var admins = ["administrator"]
    /// Where the status change webhook goes; empty for nowhere (§6).
    package var webhookURL = ""
    /// Whether the older forms are served (§5).
    package var legacyForms = true
    /// Whether a client that was kicked while it was away is told 6208 once (§2.1).
    package var tellsOfflineKick = true
    /// What a login with an expired UserSig is told: 70001, 6206, or -10003, which the SDK tells as 6206 (§2.1).
    package var expiredCode = 70001
    /// So many refused UserSigs of one UserID within a minute have its logins refused with 70050 (§1.4); 2 to 1000.
    ///
    /// How many there are is not published.
    package var failedChecks = 60
    /// The calls a second that the web API allows; the slow ones half as many, and 0 switches the limit off (§5).
    package var rateLimit = 200

    package init() {}

    /// All of them as a JSON object.
    package var json: JSONValue {
        .fields([
            "devicePolicy": .integer(Int64(devicePolicy)),
            "webInstances": .integer(Int64(webInstances)),
            "instances": .integer(Int64(instances)),
            "admins": .array(admins.map { .string($0) }),
            "webhookURL": .string(webhookURL),
            "legacyForms": .bool(legacyForms),
            "tellsOfflineKick": .bool(tellsOfflineKick),
            "expiredCode": .integer(Int64(expiredCode)),
            "failedChecks": .integer(Int64(failedChecks)),
            "rateLimit": .integer(Int64(rateLimit)),
        ])
    }

    /// Takes over the settings that `fields` has and leaves the others as they are; all of them when one is wrong.
    package mutating func take(_ fields: JSONFields) throws(JSONFault) {
        var new = self
        new.devicePolicy = try fields.optionalInt("devicePolicy", in: 1...4) ?? devicePolicy
        new.webInstances =
            try fields.optionalInt("webInstances", in: 1...TencentPlatform.web.mostInstances) ?? webInstances
        new.instances = try fields.optionalInt("instances", in: 1...TencentPlatform.iPhone.mostInstances) ?? instances
        if let admins = try fields.optionalTexts("admins") {
            guard (1...20).contains(admins.count), admins.allSatisfy({ Tencent.isUserID($0) }) else {
                throw fields.fault("admins", "must be 1 to 20 UserIDs")
            }
            new.admins = admins
        }
        if let url = try fields.optionalText("webhookURL", length: 0...1024) {
            guard url.isEmpty || url.hasPrefix("http://") || url.hasPrefix("https://"), !url.contains("#") else {
                throw fields.fault("webhookURL", "must be empty, or begin with http:// or https:// and have no #")
            }
            new.webhookURL = url
        }
        new.legacyForms = try fields.optionalBool("legacyForms") ?? legacyForms
        new.tellsOfflineKick = try fields.optionalBool("tellsOfflineKick") ?? tellsOfflineKick
        new.expiredCode = try fields.optionalInt("expiredCode") ?? expiredCode
        guard [70001, 6206, -10003].contains(new.expiredCode) else {
            throw fields.fault("expiredCode", "must be 70001, 6206 or -10003")
        }
        new.failedChecks = try fields.optionalInt("failedChecks", in: 2...1000) ?? failedChecks
        new.rateLimit = try fields.optionalInt("rateLimit", in: 0...1_000_000) ?? rateLimit
        self = new
    }

    /// How many instances of a platform are online at once under the policy.
    package func instances(of platform: TencentPlatform) -> Int {
        if platform == .web { return webInstances }
        return devicePolicy == TencentDevicePolicy.multiPlatform.rawValue ? instances : 1
    }
}

package typealias TencentConsolePatch = ConsolePatch<TencentConsoleSettings>
