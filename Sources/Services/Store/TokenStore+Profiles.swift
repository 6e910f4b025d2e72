import GRDB
import LoginCore
import Synchronization

extension TokenStore {
    /// Claims `count` device profiles for this process: the wanted ones that are free, then the first free names.
    ///
    /// A profile belongs to one process at a time, until ``release(_:)`` or the end of the process, however that ends.
    /// One that another process has is passed over. Its device id is made at the first claim and never changes.
    /// Throws, and claims nothing, when a wanted name is not one of `A` to `Z` or not enough names are free.
    package func claim(_ wanted: [String], count: Int) throws(StoreError) -> [DeviceProfile] {
        for name in wanted where !StoreSchema.isProfileName(name) {
            throw StoreError("A device profile cannot be called \"\(name.prefix(20))\": use one letter from A to Z.")
        }
        let alphabet = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(UnicodeScalar($0)) }
        var locks: [(name: String, lock: FileLock)] = []
        var isWantedFree: [String: Bool] = [:]
        for name in wanted + alphabet where locks.count < count && isWantedFree[name] == nil {
            let lock = try lockProfile(name)
            isWantedFree[name] = lock != nil
            if let lock { locks.append((name, lock)) }
        }
        guard locks.count == max(0, count) else {
            throw StoreError("All device profiles from A to Z are taken: close another latchkey, then start again.")
        }
        let profiles = try access { database in
            try locks.map { try Self.profile($0.name, in: database) }
        }
        claims.withLock { claims in
            for (name, lock) in locks { claims[name] = lock }
        }
        return profiles
    }

    /// Claims those of the named profiles that are free and hold settings or a login.
    ///
    /// Throws, and claims nothing, when the store cannot be read.
    package func claimKept(of names: [String]) throws(StoreError) -> [DeviceProfile] {
        let kept = try access { database in
            try String.fetchSet(database, sql: "SELECT profile FROM settings UNION SELECT profile FROM login")
        }
        var locks: [(name: String, lock: FileLock)] = []
        for name in names where kept.contains(name) && StoreSchema.isProfileName(name) {
            if let lock = try lockProfile(name) { locks.append((name, lock)) }
        }
        let profiles = try access { database in
            try locks.map { try Self.profile($0.name, in: database) }
        }
        claims.withLock { claims in
            for (name, lock) in locks { claims[name] = lock }
        }
        return profiles
    }

    /// Gives a claimed profile back; one that is not claimed is left alone.
    package func release(_ name: String) {
        claims.withLock { claims in _ = claims.removeValue(forKey: name) }
    }

    /// The lock of a free profile; nil when another process, or this one, has it.
    private func lockProfile(_ name: String) throws(StoreError) -> FileLock? {
        let lock = try FileLock(path: files.profileLock(name))
        return try lock.acquire(.exclusive) ? lock : nil
    }

    private static func profile(_ name: String, in database: Database) throws -> DeviceProfile {
        let kept = try Row.fetchOne(
            database, sql: "SELECT name, device_id FROM profile WHERE name = ?", arguments: [name])
        if let kept {
            guard let profile = StoreSchema.profile(kept) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            return profile
        }
        let profile = DeviceProfile(name: name, deviceID: newDeviceID())
        try database.execute(
            sql: "INSERT INTO profile (name, device_id) VALUES (?, ?)", arguments: [profile.name, profile.deviceID])
        return profile
    }

    /// 128 bits from the system's generator, as 32 hex digits.
    private static func newDeviceID() -> String {
        let digits = (0..<16).map { _ in
            let byte = String(UInt8.random(in: .min ... .max), radix: 16)
            return byte.count == 1 ? "0" + byte : byte
        }
        return digits.joined()
    }
}
