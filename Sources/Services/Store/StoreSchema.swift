import Foundation
import GRDB
import LoginCore

/// The tables of the token file, version 2; version 1 had no settings.
enum StoreSchema {
    /// Kept in SQLite's `user_version`.
    static let version = 2

    /// What a look at an opened file found.
    enum Health: Equatable {
        case ready
        /// A database without any table: just made, or its maker was killed before the tables were there.
        case blank
        /// Sound and of an earlier version: ``upgrade(_:)`` brings it up.
        case older
        case newer(Int)
        case damaged
    }

    /// Texts that come from outside are blobs: bound as text, SQLite would end them at a NUL character.
    private static let tables = """
        CREATE TABLE profile (
            name TEXT NOT NULL PRIMARY KEY,
            device_id TEXT NOT NULL UNIQUE
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE login (
            profile TEXT NOT NULL REFERENCES profile (name),
            provider TEXT NOT NULL,
            user BLOB NOT NULL,
            account BLOB NOT NULL,
            token BLOB NOT NULL,
            kind INTEGER NOT NULL,
            token_expires INTEGER,
            session BLOB,
            token_issued INTEGER,
            is_usable INTEGER NOT NULL,
            stop TEXT,
            PRIMARY KEY (profile, provider)
        ) STRICT, WITHOUT ROWID;
        """

    /// What version 2 has more: a device's settings, as JSON.
    private static let settings = """
        CREATE TABLE IF NOT EXISTS settings (
            profile TEXT NOT NULL PRIMARY KEY REFERENCES profile (name),
            value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        PRAGMA user_version = 2;
        """

    /// Makes the tables, all or none.
    static func create(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            // Another connection cannot be here: the tables are made under the store's exclusive lock.
            try database.execute(sql: tables)
            try database.execute(sql: settings)
            return .commit
        }
    }

    /// Brings a file of version 1 up, all or nothing; several processes may do it at once.
    static func upgrade(_ database: Database) throws {
        try database.inTransaction(.immediate) {
            try database.execute(sql: settings)
            return .commit
        }
    }

    /// Reads everything there is and says whether it makes sense.
    static func inspect(_ database: Database) throws -> Health {
        guard try String.fetchAll(database, sql: "PRAGMA quick_check") == ["ok"] else { return .damaged }
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        if found > version { return .newer(found) }
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        if found == 0 { return tables == 0 ? .blank : .damaged }
        for row in try Row.fetchAll(database, sql: "SELECT name, device_id FROM profile") {
            guard profile(row) != nil else { return .damaged }
        }
        for row in try Row.fetchAll(database, sql: "SELECT \(columns) FROM login") {
            guard login(row) != nil else { return .damaged }
        }
        guard try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty else { return .damaged }
        if found < version { return .older }
        for row in try Row.fetchAll(database, sql: "SELECT profile, value FROM settings") {
            guard settings(row) != nil else { return .damaged }
        }
        return .ready
    }

    // MARK: Rows

    static let columns =
        "profile, provider, user, account, token, kind, token_expires, session, token_issued, is_usable, stop"

    static func profile(_ row: Row) -> DeviceProfile? {
        guard case .string(let name) = value("name", row), isProfileName(name),
            case .string(let deviceID) = value("device_id", row), deviceID.utf8.count == 32,
            deviceID.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        return DeviceProfile(name: name, deviceID: deviceID)
    }

    /// Whether a profile may be called that: one letter, `A` to `Z`.
    static func isProfileName(_ name: String) -> Bool {
        name.utf8.count == 1 && name.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    /// The login of a row; nil if any of its values makes no sense.
    static func login(_ row: Row) -> StoredLogin? {
        guard case .string(let provider) = value("provider", row), !provider.isEmpty,
            let user = text("user", row), let account = text("account", row), let token = text("token", row),
            case .int64(let number) = value("kind", row), let kind = AuthenticationKind(rawValue: Int(number)),
            let tokenExpires = instant("token_expires", row), let tokenIssued = instant("token_issued", row),
            case .int64(let usable) = value("is_usable", row), (0...1).contains(usable)
        else { return nil }
        var login = StoredLogin(
            provider: provider, user: user, account: account, token: Secret(token, kind: .token), kind: kind)
        login.tokenExpires = tokenExpires.value
        login.tokenIssued = tokenIssued.value
        login.isUsable = usable == 1
        if value("session", row) != .null {
            guard let session = text("session", row) else { return nil }
            login.session = Secret(session, kind: .session)
        }
        switch value("stop", row) {
        case .null:
            break
        case .string(let json):
            guard let stop = try? JSONDecoder().decode(StopReason.self, from: Data(json.utf8)) else { return nil }
            login.stop = stop
        default:
            return nil
        }
        return login
    }

    /// The settings of a row; nil if they make no sense.
    static func settings(_ row: Row) -> StoredSettings? {
        guard case .string(let json) = value("value", row) else { return nil }
        return try? JSONDecoder().decode(StoredSettings.self, from: Data(json.utf8))
    }

    static func arguments(_ login: StoredLogin, profile: String) throws -> StatementArguments {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let stop = try login.stop.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        return [
            profile, login.provider, Data(login.user.utf8), Data(login.account.utf8),
            Data(login.token.reveal(for: .store).utf8), login.kind.rawValue, login.tokenExpires?.microseconds,
            login.session.map { Data($0.reveal(for: .store).utf8) }, login.tokenIssued?.microseconds,
            login.isUsable ? 1 : 0, stop,
        ]
    }

    private static func value(_ column: String, _ row: Row) -> DatabaseValue.Storage {
        let value: DatabaseValue = row[column]
        return value.storage
    }

    private static func text(_ column: String, _ row: Row) -> String? {
        guard case .blob(let bytes) = value(column, row) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Nil for a value that is no instant; an absent one is a value too.
    private static func instant(_ column: String, _ row: Row) -> (value: Instant?, Void)? {
        switch value(column, row) {
        case .null: (nil, ())
        case .int64(let microseconds): (Instant(microseconds: microseconds), ())
        default: nil
        }
    }
}
