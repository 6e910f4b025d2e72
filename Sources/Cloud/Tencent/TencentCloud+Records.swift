import LoginCore
import Providers

extension TencentCloud {
    private static let accounts = collectionPrefix + "accounts"
    private static let voidings = collectionPrefix + "voidings"
    private static let settings = collectionPrefix + "settings"
    private static let consoleKey = "console"

    static func record(of account: Account) -> DurableRecord {
        DurableRecord(
            collection: accounts, key: account.userID,
            members: [
                "blacklisted": .bool(account.isBlacklisted),
                "faceURL": account.faceURL.map { .string($0) },
                "lastActiveDay": account.lastActiveDay.map { .whole($0) },
                "instances": .array(account.instances.map(json)),
                "mutes": .array(account.mutes.map { $0.map { .whole($0) } ?? .null }),
                "nick": account.nick.map { .string($0) },
                "userID": .string(account.userID),
            ])
    }

    /// A record of its own, for it outlives the account's.
    static func record(ofVoiding userID: String, before second: Int64) -> DurableRecord {
        DurableRecord(
            collection: voidings, key: userID,
            members: ["userID": .string(userID), "voidedBefore": .integer(second)])
    }

    static func removal(of userID: String) -> CloudEffect {
        .remove(collection: accounts, key: userID)
    }

    private static func json(_ instance: Instance) -> JSONValue {
        var since: Instant?
        if case .away(let instant) = instance.state { since = instant }
        return .sorted([
            "awaySince": since.map { .integer($0.milliseconds) }, "device": .string(instance.deviceID),
            "kicked": .bool(instance.state == .kicked), "platform": .whole(instance.platform.rawValue),
        ])
    }

    var consoleRecord: DurableRecord {
        let console = console
        return DurableRecord(collection: Self.settings, key: Self.consoleKey, members: ["settings": console.json])
    }

    /// What could be read of saved records.
    struct Restored: RestoredRecords {
        var accounts: [String: Account] = [:]
        var voidedBefore: [String: Int64] = [:]
        var console = TencentConsoleSettings()
        var problems: [String] = []

        mutating func read(_ record: DurableRecord) throws(DamagedRecord) {
            switch (record.collection, record.key) {
            case (TencentCloud.accounts, _):
                let account = try account(record)
                accounts[account.userID] = account
            case (TencentCloud.voidings, _):
                let object = try record.object()
                voidedBefore[try userID(record, in: object)] = Int64(try record.number("voidedBefore", in: object))
            case (TencentCloud.settings, TencentCloud.consoleKey): console = try record.consoleSettings()
            default: throw DamagedRecord(record, "is of an unknown kind")
            }
        }

        private func userID(
            _ record: DurableRecord, in object: JSONValue
        ) throws(DamagedRecord) -> String {
            let userID = try record.text("userID", in: object)
            guard userID == record.key, Tencent.isUserID(userID) else {
                throw DamagedRecord(record, "names another account")
            }
            return userID
        }

        private func account(_ record: DurableRecord) throws(DamagedRecord) -> Account {
            let object = try record.object()
            var account = Account(userID: try userID(record, in: object))
            account.nick = object["nick"]?.text
            account.faceURL = object["faceURL"]?.text
            account.lastActiveDay = object["lastActiveDay"]?.int
            account.isBlacklisted = try record.flag("blacklisted", in: object)
            let mutes = (object["mutes"]?.array ?? []).map(\.int)
            account.mutes = mutes.count == 2 ? mutes : [nil, nil]
            account.instances = (object["instances"]?.array ?? []).compactMap(instance)
            return account
        }

        /// Nobody is online after a restart: whoever was counts as away, and a page is gone.
        private func instance(_ value: JSONValue) -> Instance? {
            guard let device = value["device"]?.text,
                let platform = value["platform"]?.int.flatMap({ TencentPlatform(rawValue: $0) }), platform != .web
            else { return nil }
            let isKicked = value["kicked"]?.bool ?? false
            let since = value["awaySince"]?.int.map { Instant(milliseconds: Int64($0)) }
            return Instance(deviceID: device, platform: platform, state: isKicked ? .kicked : .away(since: since))
        }
    }
}
