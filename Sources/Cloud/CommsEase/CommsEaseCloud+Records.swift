import LoginCore
import Providers

extension CommsEaseCloud {
    private static let accounts = collectionPrefix + "accounts"
    private static let settings = collectionPrefix + "settings"
    private static let consoleKey = "console"
    private static let drawnKey = "drawn"

    static func record(of account: Account) -> DurableRecord {
        DurableRecord(collection: accounts, key: account.accid, members: members(of: account))
    }

    private static func members(of account: Account) -> [String: JSONValue?] {
        var devices: [String: JSONValue?] = [:]
        for (group, device) in account.lastDevices { devices[group.rawValue] = .string(device) }
        // The name stands beside the card: it did so before there was a card.
        var card: [String: JSONValue?] = [:]
        for member in account.profile.members(.v1) where member.name != "name" { card[member.name] = member.value }
        let mutes = CommsEaseMute.allCases.filter(account.mutes.contains).map { JSONValue.string($0.rawValue) }
        return [
            "accid": .string(account.accid),
            "banned": .bool(account.isBanned),
            "console": account.isFromConsole ? .bool(true) : nil,
            "lastActiveDay": account.lastActiveDay.map { .whole($0) },
            "lastDevices": .sorted(devices),
            "mutes": mutes.isEmpty ? nil : .array(mutes),
            "name": account.profile.name.map { .string($0) },
            "profile": card.isEmpty ? nil : .sorted(card),
            "replacedTokens": .array(account.replacedTokens.map { .string($0) }),
            "token": .string(account.token.reveal(for: .store)),
        ]
    }

    var consoleRecord: DurableRecord {
        var members: [String: JSONValue?] = [:]
        for member in console.json.members ?? [] { members[member.name] = member.value }
        let shown = members
        return DurableRecord(collection: Self.settings, key: Self.consoleKey, members: shown)
    }

    /// How many draws were made, so that none is repeated after a restart.
    var drawnRecord: DurableRecord {
        let drawn = chance.drawn
        return DurableRecord(
            collection: Self.settings, key: Self.drawnKey, members: ["drawn": .whole(drawn)])
    }

    /// What could be read of saved records.
    struct Restored: RestoredRecords {
        var accounts: [String: Account] = [:]
        var console = CommsEaseConsoleSettings()
        var drawn = 0
        var problems: [String] = []

        mutating func read(_ record: DurableRecord) throws(DamagedRecord) {
            switch (record.collection, record.key) {
            case (CommsEaseCloud.accounts, _):
                let account = try account(record)
                accounts[account.accid] = account
            case (CommsEaseCloud.settings, CommsEaseCloud.consoleKey): console = try console(record)
            case (CommsEaseCloud.settings, CommsEaseCloud.drawnKey):
                drawn = try record.number("drawn", in: try record.object())
            default: throw DamagedRecord(record, "is of an unknown kind")
            }
        }

        private func account(_ record: DurableRecord) throws(DamagedRecord) -> Account {
            let object = try record.object()
            let accid = try record.text("accid", in: object)
            guard accid == record.key, !accid.isEmpty else { throw DamagedRecord(record, "names another account") }
            let token = try record.text("token", in: object)
            var account = Account(accid: accid, token: Secret(token, kind: .token))
            account.profile = CommsEaseProfile(lenient: object["profile"] ?? .null, .v1)
            account.profile.name = object["name"]?.text
            account.mutes = Set((object["mutes"]?.array ?? []).compactMap { CommsEaseMute(rawValue: $0.text ?? "") })
            account.isBanned = try record.flag("banned", in: object)
            account.isFromConsole = object["console"]?.bool ?? false
            account.lastActiveDay = object["lastActiveDay"]?.int
            account.replacedTokens = Array((object["replacedTokens"]?.array ?? []).compactMap(\.text).prefix(8))
            for group in DeviceGroup.allCases {
                account.lastDevices[group] = object["lastDevices"]?[group.rawValue]?.text
            }
            return account
        }

        private func console(_ record: DurableRecord) throws(DamagedRecord) -> CommsEaseConsoleSettings {
            let object = try record.object()
            guard let fields = JSONFields(object), let settings = try? CommsEaseConsoleSettings(fields) else {
                throw DamagedRecord(record, "has a setting out of range")
            }
            return settings
        }
    }
}
