import Cloud
import Foundation
import LoginCore
import Testing

@testable import CloudServer

@Suite("The backend's state", .timeLimit(.minutes(5)))
struct BackendStateTests {
    private func record(_ key: String, _ value: String, in collection: String = "app/users") -> DurableRecord {
        DurableRecord(collection: collection, key: key, value: Array(value.utf8))
    }

    @Test("Files are readable by their owner only, the directory too")
    func hidesFiles() async throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path + "/deep/state")
        let key = try place.operatorKey()
        let (state, notice) = try BackendState.open(in: place, startsFresh: false)
        #expect(notice == nil)
        try await state.apply([.save(record("a", "1"))])
        #expect(directory.mode("deep") == 0o700)
        #expect(directory.mode("deep/state") == 0o700)
        let names = directory.names(in: "deep/state")
        #expect(names.contains("backend.sqlite"))
        #expect(names.contains("backend.sqlite-wal"))
        #expect(names.contains("operator.key"))
        for name in names { #expect(directory.mode("deep/state/" + name) == 0o600, "\(name)") }
        #expect(key.length == 64)
        state.close()
    }

    @Test("A file that was readable by others is so no longer")
    func tightensFiles() throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path)
        try Data("0123456789abcdef0123456789abcdef\n".utf8)
            .write(to: URL(fileURLWithPath: directory.path + "/operator.key"))
        chmod(directory.path + "/operator.key", 0o644)
        #expect(try place.operatorKey().reveal(for: .verification) == "0123456789abcdef0123456789abcdef")
        #expect(directory.mode("operator.key") == 0o600)
    }

    @Test("An operator key that is too short is refused in one sentence")
    func refusesShortKeys() throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path)
        try Data("short".utf8).write(to: URL(fileURLWithPath: directory.path + "/operator.key"))
        let error = #expect(throws: BackendError.self) { try place.operatorKey() }
        #expect(error?.message.contains("delete the file") == true)
    }

    @Test("Changes are there after a start, in order of collection and key; the last one counts")
    func remembers() async throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path)
        let (first, _) = try BackendState.open(in: place, startsFresh: false)
        try await first.apply([
            .save(record("b", "1")), .save(record("a", "1")), .save(record("b", "2")),
            .save(record("z", "1", in: "a/first")), .save(record("c", "1")), .remove(collection: "app/users", key: "c"),
            .remove(collection: "app/users", key: "never"),
        ])
        first.close()
        let (second, _) = try BackendState.open(in: place, startsFresh: false)
        #expect(
            try second.records() == [
                record("z", "1", in: "a/first"), record("a", "1"), record("b", "2"),
            ])
        second.close()
    }

    @Test("A fresh start forgets everything but the operator key")
    func startsFresh() async throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path)
        let key = try place.operatorKey()
        let (first, _) = try BackendState.open(in: place, startsFresh: false)
        try await first.apply([.save(record("a", "1"))])
        let identity = try await first.identity(appKey: nil, appSecret: nil)
        first.close()
        let (second, _) = try BackendState.open(in: place, startsFresh: true)
        #expect(try second.records() == [])
        #expect(try await second.identity(appKey: nil, appSecret: nil) != identity)
        #expect(try place.operatorKey() == key)
        second.close()
    }

    @Test("The identity is made once; what is given takes its place and is not kept")
    func keepsTheIdentity() async throws {
        let state = try BackendState.inMemory()
        let made = try await state.identity(appKey: nil, appSecret: nil)
        let given = try await state.identity(appKey: "k", appSecret: Secret("s", kind: .appSecret))
        #expect(given == BackendIdentity(appKey: "k", appSecret: Secret("s", kind: .appSecret)))
        let half = try await state.identity(appKey: "k", appSecret: nil)
        #expect(half == BackendIdentity(appKey: "k", appSecret: made.appSecret))
        #expect(try await state.identity(appKey: nil, appSecret: nil) == made)
    }

    /// Ways in which a state file can be no state file.
    enum Damage: String, CaseIterable, Sendable {
        case text
        case torn
        case otherTables

        func inflict(on path: String) throws {
            let url = URL(fileURLWithPath: path)
            switch self {
            case .text: try Data(repeating: 0x7B, count: 5000).write(to: url)
            case .torn:
                var bytes = try Data(contentsOf: url)
                for index in 100..<bytes.count { bytes[index] = 0xA5 }
                try bytes.write(to: url)
            case .otherTables:
                // The right header with a version of ours and none of our tables: byte 63 ends user_version.
                var bytes = try Data(contentsOf: url)
                bytes = bytes.prefix(4096)
                bytes[63] = 1
                for index in 100..<4096 { bytes[index] = 0 }
                bytes[100] = 0x0D
                bytes[105] = 0x10
                try bytes.write(to: url)
            }
        }
    }

    @Test("A damaged file is set aside with the time in its name, and the state is empty", arguments: Damage.allCases)
    func setsDamageAside(_ damage: Damage) async throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path)
        let (first, _) = try BackendState.open(in: place, startsFresh: false)
        try await first.apply((0..<100).map { .save(record("k\($0)", "v")) })
        first.close()
        try damage.inflict(on: directory.path + "/backend.sqlite")
        // The log of a process that was killed goes with the file it belongs to.
        try Data("log".utf8).write(to: URL(fileURLWithPath: directory.path + "/backend.sqlite-wal"))
        for _ in 0..<2 {
            let (second, notice) = try BackendState.open(in: place, startsFresh: false)
            if let notice { #expect(notice.contains("backend.sqlite.damaged-")) }
            #expect(try second.records() == [])
            second.close()
        }
        let aside = directory.names().filter { $0.hasPrefix("backend.sqlite.damaged-") && !$0.hasSuffix("-wal") }
        #expect(aside.count == 1)
        // SQLite itself deals with the log of a file that it can open at all.
        if damage == .text {
            #expect(directory.names().contains { $0.hasPrefix("backend.sqlite.damaged-") && $0.hasSuffix("-wal") })
        }
    }

    @Test("A backend starts over a damaged file and says so")
    func saysSo() async throws {
        let directory = try TemporaryDirectory()
        try Data(repeating: 0x7B, count: 5000).write(to: URL(fileURLWithPath: directory.path + "/backend.sqlite"))
        let log = EntryLog()
        let backend = Backend(
            BackendConfiguration(stateDirectory: directory.path, clock: testClock(), sink: { log.take($0) }),
            maker: .double)
        try await backend.start()
        let notice = try #require(log.all.first)
        #expect(notice.kind == .notice)
        #expect(notice.owner == .lab)
        #expect(notice.title.contains("was set aside as"))
        await backend.stop()
    }

    @Test("A newer program's state is left alone")
    func leavesNewerStateAlone() async throws {
        let directory = try TemporaryDirectory()
        let place = try StateDirectory.open(directory.path)
        let path = directory.path + "/backend.sqlite"
        let (first, _) = try BackendState.open(in: place, startsFresh: false)
        first.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[63] = 99
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: BackendError.self) { try BackendState.open(in: place, startsFresh: false) }
        #expect(error?.message.contains("newer Latchkey") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test("What is in the way is named in one sentence")
    func namesObstacles() throws {
        let directory = try TemporaryDirectory()
        try Data().write(to: URL(fileURLWithPath: directory.path + "/file"))
        for path in ["/file", "/file/state"] {
            let error = #expect(throws: BackendError.self) { try StateDirectory.open(directory.path + path) }
            #expect(error?.message.contains("not a directory") == true)
        }
        let place = try StateDirectory.open(directory.path + "/state")
        try FileManager.default.createDirectory(
            atPath: directory.path + "/state/backend.sqlite", withIntermediateDirectories: true)
        let error = #expect(throws: BackendError.self) { try BackendState.open(in: place, startsFresh: false) }
        #expect(error?.message.contains("it is a directory") == true)
    }

    @Test("A directory is held by one at a time, and free again afterwards")
    func locks() throws {
        let directory = try TemporaryDirectory()
        var first: StateDirectory? = try StateDirectory.open(directory.path)
        first?.announce("http://127.0.0.1:5123")
        let error = #expect(throws: BackendError.self) { try StateDirectory.open(directory.path) }
        #expect(error?.message.contains("--connect http://127.0.0.1:5123") == true)
        first = nil
        #expect(throws: Never.self) { try StateDirectory.open(directory.path) }
    }

    @Test("A process that is just being started and still shares the descriptor does not hold the directory")
    func sharedLocks() throws {
        let directory = try TemporaryDirectory()
        var first: StateDirectory? = try StateDirectory.open(directory.path)
        let place = URL(fileURLWithPath: directory.path + "/backend.lock").resolvingSymlinksInPath().path
        let numbers = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let held = try #require(
            numbers.first {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == place
            })
        let shared = dup(held)
        defer { close(shared) }
        #expect(first != nil)
        first = nil
        #expect(throws: Never.self) { try StateDirectory.open(directory.path) }
    }
}
