import LoginCore
import Providers

extension EasemobCloud {
    private static let accounts = collectionPrefix + "accounts"
    private static let settings = collectionPrefix + "settings"
    private static let consoleKey = "console"

    static func record(of account: Account) -> DurableRecord {
        DurableRecord(
            collection: accounts, key: account.username,
            members: [
                "banned": .bool(account.isBanned),
                "created": .integer(account.created.milliseconds),
                "generation": .whole(Int(account.generation)),
                "lastActiveDay": account.lastActiveDay.map { .whole($0) },
                "modified": .integer(account.modified.milliseconds),
                "nickname": account.nickname.map { .string($0) },
                "passwordHash": account.passwordHash.map { .string($0) },
                "username": .string(account.username),
                "uuid": .string(account.uuid),
                "voidedBefore": account.voidedBefore.map { .integer($0) },
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
        var console = EasemobConsoleSettings()
        var problems: [String] = []

        mutating func read(_ record: DurableRecord) throws(DamagedRecord) {
            switch (record.collection, record.key) {
            case (EasemobCloud.accounts, _):
                let account = try account(record)
                accounts[account.username] = account
            case (EasemobCloud.settings, EasemobCloud.consoleKey): console = try console(record)
            default: throw DamagedRecord(record, "is of an unknown kind")
            }
        }

        private func account(_ record: DurableRecord) throws(DamagedRecord) -> Account {
            let object = try record.object()
            let username = try record.text("username", in: object)
            guard username == record.key, Easemob.isUserID(username), Easemob.stored(username) == username else {
                throw DamagedRecord(record, "names another user")
            }
            let generation = try record.number("generation", in: object)
            guard let generation = UInt32(exactly: generation) else {
                throw DamagedRecord(record, "has a number out of range")
            }
            return Account(
                username: username, uuid: try record.text("uuid", in: object),
                created: try instant("created", record, object), modified: try instant("modified", record, object),
                passwordHash: object["passwordHash"]?.text, nickname: object["nickname"]?.text,
                isBanned: try record.flag("banned", in: object), generation: generation,
                voidedBefore: object["voidedBefore"]?.int.map { Int64($0) },
                lastActiveDay: object["lastActiveDay"]?.int)
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

        private func console(_ record: DurableRecord) throws(DamagedRecord) -> EasemobConsoleSettings {
            let object = try record.object()
            guard let fields = object["settings"].flatMap({ JSONFields($0) }) else {
                throw DamagedRecord(record, "has no settings")
            }
            var settings = EasemobConsoleSettings()
            do throws(JSONFault) {
                try settings.take(fields)
            } catch {
                throw DamagedRecord(record, "has a wrong setting: \(error.description)")
            }
            return settings
        }
    }
}
