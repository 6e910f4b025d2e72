import Foundation
import GRDB
import LoginCore

/// What a device profile keeps besides its login: how its app is made, and what kind of client it is.
///
/// Fields that are added later are optional, so that a file of today can be read then.
package struct StoredSettings: Hashable, Sendable, Codable {
    package var app: AppSettings
    /// The provider's number for the kind of client; nil leaves the choice to the lab.
    package var clientType: Int?
    /// The provider's id; nil leaves the choice to the lab.
    package var provider: String?
    /// Which of the provider's SDKs is played, by its id; nil leaves the choice to the lab.
    package var generation: String?

    package init(app: AppSettings, clientType: Int?, provider: String? = nil, generation: String? = nil) {
        self.app = app
        self.clientType = clientType
        self.provider = provider
        self.generation = generation
    }
}

extension TokenStore {
    /// The settings of a profile; nil when none were saved.
    package func settings(profile: String) throws(StoreError) -> StoredSettings? {
        try access { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT profile, value FROM settings WHERE profile = ?", arguments: [profile])
            guard let row else { return nil }
            guard let settings = StoreSchema.settings(row) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            return settings
        }
    }

    /// Saves a profile's settings in place of those before; the profile must have been claimed at some time.
    package func save(_ settings: StoredSettings, profile: String) throws(StoreError) {
        try access { database in
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            try database.execute(
                sql: "REPLACE INTO settings (profile, value) VALUES (?, ?)",
                arguments: [profile, String(decoding: try encoder.encode(settings), as: UTF8.self)])
        }
    }

    /// Forgets a profile's settings; none to forget is fine.
    package func eraseSettings(profile: String) throws(StoreError) {
        try access { database in
            try database.execute(sql: "DELETE FROM settings WHERE profile = ?", arguments: [profile])
        }
    }
}
