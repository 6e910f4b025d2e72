import LoginCore
import Providers

extension EasemobCloud {
    private static let accounts = collectionPrefix + "accounts"
    private static let voidings = collectionPrefix + "voidings"
    private static let settings = collectionPrefix + "settings"
    private static let consoleKey = "console"

    static func record(of account: Account) -> DurableRecord {
        DurableRecord(
            collection: accounts, key: account.username,
            members: [
                "banned": .bool(account.isBanned),
                "created": .integer(account.created.milliseconds),
                "lastActiveDay": account.lastActiveDay.map { .whole($0) },
                "modified": .integer(account.modified.milliseconds),
                "nickname": account.nickname.map { .string($0) },
                "passwordHash": account.passwordHash.map { .string($0) },
                "username": .string(account.username),
                "uuid": .string(account.uuid),
            ])
    }

    /// A record of its own, for it outlives the user's.
    static func record(of voiding: Voiding, _ username: String) -> DurableRecord {
        DurableRecord(
            collection: voidings, key: username,
            members: [
                "before": voiding.before.map { .integer($0) }, "generation": .whole(Int(voiding.generation)),
                "username": .string(username),
            ])
    }

    static func removal(of username: String) -> CloudEffect {
        .remove(collection: accounts, key: username)
    }

    var consoleRecord: DurableRecord {
        let console = console
        return DurableRecord(collection: Self.settings, key: Self.consoleKey, members: ["settings": console.json])
    }

    /// What could be read of saved records.
    struct Restored: RestoredRecords {
        var accounts: [String: Account] = [:]
        var voidings: [String: Voiding] = [:]
        var console = EasemobConsoleSettings()
        var problems: [String] = []

        mutating func read(_ record: DurableRecord) throws(DamagedRecord) {
            switch (record.collection, record.key) {
            case (EasemobCloud.accounts, _):
                let account = try account(record)
                accounts[account.username] = account
            case (EasemobCloud.voidings, _):
                let object = try record.object()
                voidings[try username(record, in: object)] = try voiding(record, object)
            case (EasemobCloud.settings, EasemobCloud.consoleKey): console = try record.consoleSettings()
            default: throw DamagedRecord(record, "is of an unknown kind")
            }
        }

        private func account(_ record: DurableRecord) throws(DamagedRecord) -> Account {
            let object = try record.object()
            return Account(
                username: try username(record, in: object), uuid: try record.text("uuid", in: object),
                created: try instant("created", record, object), modified: try instant("modified", record, object),
                passwordHash: object["passwordHash"]?.text, nickname: object["nickname"]?.text,
                isBanned: try record.flag("banned", in: object), lastActiveDay: object["lastActiveDay"]?.int)
        }

        private func username(_ record: DurableRecord, in object: JSONValue) throws(DamagedRecord) -> String {
            let username = try record.text("username", in: object)
            guard username == record.key, Easemob.isUserID(username), Easemob.stored(username) == username else {
                throw DamagedRecord(record, "names another user")
            }
            return username
        }

        private func voiding(_ record: DurableRecord, _ object: JSONValue) throws(DamagedRecord) -> Voiding {
            guard let generation = UInt32(exactly: try record.number("generation", in: object)) else {
                throw DamagedRecord(record, "has a number out of range")
            }
            return Voiding(generation: generation, before: object["before"]?.int.map { Int64($0) })
        }

        private func instant(
            _ name: String, _ record: DurableRecord, _ object: JSONValue
        ) throws(DamagedRecord) -> Instant {
            let milliseconds = try record.number(name, in: object)
            guard (0...253_402_300_799_999).contains(milliseconds) else {
                throw DamagedRecord(record, "has a time out of range")
            }
            return Instant(milliseconds: Int64(milliseconds))
        }
    }
}
