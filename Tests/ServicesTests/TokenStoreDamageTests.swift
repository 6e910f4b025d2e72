import GRDB
import Glibc
import LoginCore
import Testing

@testable import Services

/// How a token file can be broken.
struct Damage: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Changes the file's bytes; they are never a sound store afterwards.
    let apply: @Sendable (_ directory: TemporaryDirectory) throws -> Void

    init(_ description: String, _ apply: @escaping @Sendable (_ directory: TemporaryDirectory) throws -> Void) {
        testDescription = description
        self.apply = apply
    }

    static func sql(_ text: String) -> Damage {
        Damage("SQL: \(text)") { directory in
            var configuration = Configuration()
            configuration.foreignKeysEnabled = false
            let queue = try DatabaseQueue(path: directory.database, configuration: configuration)
            try queue.writeWithoutTransaction { try $0.execute(sql: text) }
            try queue.close()
        }
    }

    static let all: [Damage] = [
        Damage("cut to 10 bytes") { try $0.write(Array(try $0.bytes().prefix(10))) },
        Damage("cut to one page") { try $0.write(Array(try $0.bytes().prefix(4096))) },
        Damage("cut in the middle of a page") { try $0.write(Array(try $0.bytes().dropLast(1000))) },
        Damage("random bytes in the middle") { directory in
            var bytes = try directory.bytes()
            var random = SeededGenerator(seed: 7)
            for place in bytes.indices where place >= 2048 && place < bytes.count - 2048 {
                bytes[place] = UInt8(truncatingIfNeeded: random.next())
            }
            try directory.write(bytes)
        },
        Damage("random bytes throughout") { directory in
            var random = SeededGenerator(seed: 8)
            try directory.write(try directory.bytes().map { _ in UInt8(truncatingIfNeeded: random.next()) })
        },
        Damage("a text file") { try $0.write(Array("my tokens\n".utf8)) },
        Damage("nothing but changes that were not taken in") { directory in
            try directory.write([])
            try directory.write([1, 2, 3], to: "tokens.sqlite-wal")
        },
        .sql("DROP TABLE login"),
        .sql("ALTER TABLE login DROP COLUMN stop"),
        .sql("PRAGMA user_version = 0"),
        .sql("UPDATE login SET kind = 9"),
        .sql("UPDATE login SET is_usable = 2"),
        .sql("UPDATE login SET token = x'ff'"),
        .sql("UPDATE login SET stop = '{'"),
        .sql("UPDATE login SET profile = 'Q'"),
        .sql("UPDATE settings SET value = '{'"),
        .sql("DROP TABLE settings"),
        .sql("UPDATE profile SET device_id = 'short'"),
        .sql("UPDATE profile SET name = 'long'"),
    ]
}

@Suite("Token store, damaged")
struct TokenStoreDamageTests {
    private static let login = StoredLogin(
        provider: "commsease", user: "ann", account: "acc", token: Secret("token", kind: .token), kind: .fixed,
        isUsable: true)

    /// A directory with a closed store that has one login.
    private func filled() throws -> (directory: TemporaryDirectory, deviceID: String) {
        let directory = try TemporaryDirectory()
        let store = try TokenStore.open(directory: directory.path).store
        let profiles = try store.claim(["A"], count: 1)
        try store.save(Self.login, profile: "A")
        try store.save(StoredSettings(app: AppSettings(), clientType: 2), profile: "A")
        return (directory, profiles[0].deviceID)
    }

    @Test("A damaged file is set aside with a notice, and one can log in again", arguments: Damage.all)
    func setAside(damage: Damage) throws {
        let (directory, deviceID) = try filled()
        try damage.apply(directory)
        let broken = try directory.bytes()
        let (store, notice) = try TokenStore.open(directory: directory.path)

        let aside = try #require(
            try directory.names().first { $0.hasPrefix("tokens.sqlite.damaged-") && $0.hasSuffix("Z") })
        #expect(aside.wholeMatch(of: /tokens\.sqlite\.damaged-\d{8}T\d{6}Z/) != nil)
        #expect(try directory.bytes(aside) == broken)
        #expect(notice?.contains("\(directory.path)/\(aside)") == true)
        #expect(notice?.contains("log in again") == true)
        #expect(notice?.contains("new device ids") == true)

        let profiles = try store.claim(["A"], count: 1)
        #expect(profiles[0].deviceID != deviceID)
        #expect(try store.load(profile: "A", provider: "commsease") == nil)
        try store.save(Self.login, profile: "A")
        #expect(try store.load(profile: "A", provider: "commsease") == Self.login)
        #expect(directory.mode("tokens.sqlite") == 0o600)
    }

    @Test("A second damaged file does not overwrite the first")
    func twice() throws {
        let (directory, _) = try filled()
        for text in ["one", "two"] {
            try directory.write(Array(text.utf8))
            _ = try TokenStore.open(directory: directory.path)
        }
        let kept = try directory.names().filter { $0.contains(".damaged-") }.map { try directory.bytes($0) }
        #expect(Set(kept) == [Array("one".utf8), Array("two".utf8)])
    }

    @Test("Pending changes go aside together with their file")
    func companions() throws {
        let (directory, _) = try filled()
        try directory.write(Array("text".utf8))
        try directory.write([1, 2, 3], to: "tokens.sqlite-wal")
        try directory.write([4, 5, 6], to: "tokens.sqlite-shm")
        _ = try TokenStore.open(directory: directory.path)
        let aside = try #require(try directory.names().first { $0.contains(".damaged-") })
        #expect(try directory.bytes(aside + "-wal") == [1, 2, 3])
        #expect(try directory.bytes(aside + "-shm") == [4, 5, 6])
    }

    @Test("Pending changes of a database with broken pages go aside too")
    func pending() throws {
        let (directory, _) = try filled()
        let sound = try directory.bytes()
        let wal: [UInt8]
        do {
            let store = try TokenStore.open(directory: directory.path).store
            try store.erase(profile: "A", provider: "commsease")
            try store.save(Self.login, profile: "A")
            wal = try directory.bytes("tokens.sqlite-wal")
            #expect(!wal.isEmpty)
        }
        try directory.write(Array(sound.prefix(4096)) + [UInt8](repeating: 0xAA, count: sound.count - 4096))
        try directory.write(Array(wal.prefix(32)), to: "tokens.sqlite-wal")
        _ = try TokenStore.open(directory: directory.path)
        let names = try directory.names().filter { $0.contains(".damaged-") && $0.hasSuffix("-wal") }
        #expect(names.count == 1)
    }

    @Test("A damaged file that another has open stays where it is")
    func inUse() throws {
        let (directory, _) = try filled()
        let other = try TokenStore.open(directory: directory.path).store
        try directory.write(Array("text".utf8))
        let error = #expect(throws: StoreError.self) { try TokenStore.open(directory: directory.path) }
        #expect(error?.message.contains("close that one") == true)
        #expect(try directory.bytes() == Array("text".utf8))
        withExtendedLifetime(other) {}
    }

    @Test("An empty file is started anew, with a notice and nothing set aside")
    func empty() throws {
        let (directory, _) = try filled()
        try directory.write([])
        let (store, notice) = try TokenStore.open(directory: directory.path)
        #expect(notice?.contains("log in again") == true)
        #expect(try !directory.names().contains { $0.contains("damaged") })
        _ = try store.claim(["A"], count: 1)
        try store.save(Self.login, profile: "A")
    }

    @Test("A file whose maker was killed before its tables were there is finished without a word")
    func unfinished() throws {
        let directory = try TemporaryDirectory()
        let queue = try DatabaseQueue(path: directory.database)
        try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
        try queue.close()
        let (store, notice) = try TokenStore.open(directory: directory.path)
        #expect(notice?.contains("damaged") != true)
        #expect(try store.claim([], count: 1).count == 1)
    }

    @Test("A file of version 1 is brought up, and loses nothing")
    func older() throws {
        let (directory, deviceID) = try filled()
        try Damage.sql("DROP TABLE settings; PRAGMA user_version = 1").apply(directory)
        let (store, notice) = try TokenStore.open(directory: directory.path)
        #expect(notice == nil)
        #expect(try store.claim(["A"], count: 1) == [DeviceProfile(name: "A", deviceID: deviceID)])
        #expect(try store.load(profile: "A", provider: Self.login.provider) == Self.login)
        #expect(try store.settings(profile: "A") == nil)
    }

    @Test("A newer file is left as it is, with advice to update")
    func newer() throws {
        let (directory, _) = try filled()
        try Damage.sql("PRAGMA user_version = 3").apply(directory)
        let before = try directory.bytes()
        let error = #expect(throws: StoreError.self) { try TokenStore.open(directory: directory.path) }
        #expect(error?.message.contains("update latchkey") == true)
        #expect(try directory.bytes() == before)
    }

    @Test("Whatever is no plain file is refused with advice and left alone")
    func notAFile() throws {
        let directory = try TemporaryDirectory()
        mkdir(directory.database, 0o700)
        let error = #expect(throws: StoreError.self) { try TokenStore.open(directory: directory.path) }
        #expect(error?.message.contains("is a directory: move it away") == true)
        rmdir(directory.database)

        try directory.write([], to: "elsewhere")
        symlink("\(directory.path)/elsewhere", directory.database)
        let second = #expect(throws: StoreError.self) { try TokenStore.open(directory: directory.path) }
        #expect(second?.message.contains("symbolic link") == true)
        #expect(try directory.bytes("elsewhere").isEmpty)
    }

    @Test("A file in the directory's place is refused with advice")
    func noDirectory() throws {
        let directory = try TemporaryDirectory()
        try directory.write([], to: "file")
        for path in ["\(directory.path)/file", "\(directory.path)/file/below", ""] {
            #expect(throws: StoreError.self) { try TokenStore.open(directory: path) }
        }
    }

    @Test(
        "Every failure of SQLite is one sentence that says what to do",
        arguments: [
            (ResultCode.SQLITE_FULL, "free some space"), (.SQLITE_READONLY, "writable"), (.SQLITE_CANTOPEN, "writable"),
            (.SQLITE_BUSY, "try again"), (.SQLITE_IOERR, "has space"), (.SQLITE_CORRUPT, "restart"),
            (.SQLITE_NOTADB, "restart"), (.SQLITE_MISUSE, "move the file away"),
        ])
    func sentences(code: ResultCode, advice: String) {
        let message = StoreError.database(DatabaseError(resultCode: code), path: "/p").message
        #expect(message.contains(advice))
        #expect(message.contains("/p"))
        #expect(message.hasSuffix("."))
        #expect(message.filter { $0 == "." }.count == 1)
    }
}
