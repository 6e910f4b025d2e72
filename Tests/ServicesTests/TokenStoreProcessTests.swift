import Glibc
import LoginCore
import Services
import Testing

@Suite("Token store, processes", .timeLimit(.minutes(2)))
struct TokenStoreProcessTests {
    private func counter(in store: TokenStore, profile: String) throws -> Int64 {
        guard let login = try store.load(profile: profile, provider: "commsease") else { return 0 }
        let count = login.tokenExpires?.microseconds ?? -1
        // One save is one transaction: the token is never from another save than the rest.
        #expect(login.token == Secret("token-\(count)", kind: .token))
        return count
    }

    private func lastSaved(_ lines: [String]) -> Int64 {
        lines.compactMap { $0.hasPrefix("saved ") ? Int64($0.dropFirst(6)) : nil }.last ?? 0
    }

    @Test("kill -9 at any moment loses nothing that was reported saved")
    func killLoop() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            var random = SeededGenerator(seed: 2)
            var known: Int64 = 0
            var deviceIDs: Set<String> = []
            for _ in 0..<40 {
                let child = try Child(["save", directory.path, "A"])
                var lines: [String] = []
                for _ in 0..<random.below(12) {
                    guard let line = child.line() else { break }
                    lines.append(line)
                }
                child.kill()
                lines += child.rest()
                #expect(!lines.contains { $0.hasPrefix("error") || $0.hasPrefix("notice The token file was damaged") })
                for line in lines where line.hasPrefix("profile A ") { deviceIDs.insert(String(line.dropFirst(10))) }
                known = max(known, lastSaved(lines))

                let (store, notice) = try TokenStore.open(directory: directory.path)
                #expect(notice?.contains("damaged") != true)
                let found = try counter(in: store, profile: "A")
                // The one save that was under way may have got through without being reported.
                #expect(found == known || found == known + 1)
                known = found
            }
            #expect(known > 40)
            #expect(deviceIDs.count == 1)
        }
    }

    @Test("kill -9 while the store is being made leaves one that opens")
    func killAtBirth() async throws {
        try await blocking {
            for _ in 0..<15 {
                let directory = try TemporaryDirectory()
                let children = try (0..<2).map { _ in try Child(["hold", directory.path]) }
                for child in children { child.kill() }
                let store = try TokenStore.open(directory: directory.path).store
                #expect(try store.claim(["A"], count: 1).map(\.name) == ["A"])
                #expect(try !directory.names().contains { $0.contains("damaged") })
            }
        }
    }

    @Test("Two processes at once lose nothing")
    func twoWriters() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            let children = try ["A", "B"].map { try Child(["save", directory.path, $0]) }
            var lines: [[String]] = [[], []]
            for _ in 0..<60 {
                for (index, child) in children.enumerated() {
                    if let line = child.line() { lines[index].append(line) }
                }
            }
            for child in children { child.kill() }
            let store = try TokenStore.open(directory: directory.path).store
            for (index, child) in children.enumerated() {
                lines[index] += child.rest()
                let saved = lastSaved(lines[index])
                #expect(saved > 40, "\(lines[index])")
                let found = try counter(in: store, profile: ["A", "B"][index])
                #expect(found == saved || found == saved + 1)
            }
        }
    }

    @Test("Two processes that make the store together share it, and play different devices")
    func twoAtBirth() async throws {
        try await blocking {
            for _ in 0..<5 {
                let directory = try TemporaryDirectory()
                let children = try (0..<3).map { _ in try Child(["hold", directory.path, "A"]) }
                let profiles = children.compactMap { $0.line() }
                #expect(profiles.map { $0.prefix(10) }.sorted() == ["profile A ", "profile B ", "profile C "])
                for child in children { child.finish() }
            }
        }
    }

    @Test("A profile is free again, with its device id, when its process was killed")
    func restart() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            let first = try Child(["hold", directory.path])
            let name = first.line()
            let second = try Child(["hold", directory.path])
            #expect(second.line()?.hasPrefix("profile B ") == true)
            first.kill()
            let third = try Child(["hold", directory.path])
            #expect(third.line() == name)
            #expect(name?.hasPrefix("profile A ") == true)
        }
    }

    @Test("With umask 000 every file is still this user's alone")
    func permissions() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            let child = try Child(["save", directory.path + "/made", "A"])
            while let line = child.line(), !line.hasPrefix("saved") {}
            #expect(directory.mode("made") == 0o700)
            for name in ["tokens.sqlite", "tokens.sqlite-wal", "tokens.sqlite-shm", "tokens.lock", "profile-A.lock"] {
                #expect(directory.mode("made/\(name)") == 0o600, "\(name)")
            }
        }
    }

    @Test("A damaged file is not set aside while another process has it open")
    func repairWaits() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            // With a profile that is there already the child writes nothing, so nothing pending could mend the file.
            _ = try TokenStore.open(directory: directory.path).store.claim(["A"], count: 1)
            let child = try Child(["hold", directory.path])
            while let line = child.line(), line != "ready" {}
            try directory.write(Array("text".utf8))
            let error = #expect(throws: StoreError.self) { try TokenStore.open(directory: directory.path) }
            #expect(error?.message.contains("close that one") == true)
            child.kill()
            let notice = try TokenStore.open(directory: directory.path).notice
            #expect(notice?.contains("set aside") == true)
        }
    }

    @Test("When the disk has no room, a sentence says so and what was saved stays")
    func fullDisk() async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            let lines = try Child(["fill", directory.path]).rest()
            #expect(lines.last?.contains("has space") == true)
            let saved = lastSaved(lines)
            #expect(saved > 0)
            let store = try TokenStore.open(directory: directory.path).store
            #expect(try store.load(profile: "A", provider: "commsease")?.tokenExpires?.microseconds == saved)
        }
    }

    @Test("A directory or file that this user may not use gives a sentence with advice", arguments: ["", "made"])
    func forbidden(below: String) async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            if below.isEmpty { _ = try TokenStore.open(directory: directory.path) }
            chmod(directory.path, 0o500)
            defer { chmod(directory.path, 0o700) }
            // Root may do everything, so the child becomes nobody; where we are not root we are kept out ourselves.
            let lines = try Child(["as-nobody", "\(directory.path)/\(below)"]).rest()
            guard geteuid() == 0 || !below.isEmpty else { return }
            #expect(lines.count == 1)
            #expect(lines.last?.hasPrefix("error ") == true)
            #expect(lines.last?.contains("cannot be used by this user") == true)
        }
    }

    @Test("A token file that may not be read or written gives a sentence with advice", arguments: [0o000, 0o400])
    func forbiddenFile(mode: mode_t) async throws {
        try await blocking {
            let directory = try TemporaryDirectory()
            _ = try TokenStore.open(directory: directory.path).store.claim(["A"], count: 1)
            if geteuid() == 0 {
                for name in try directory.names() { chown("\(directory.path)/\(name)", 65_534, 65_534) }
                chown(directory.path, 65_534, 65_534)
            }
            chmod(directory.database, mode)
            let lines = try Child(["as-nobody", directory.path]).rest()
            #expect(lines.count == 1)
            #expect(lines.last?.hasPrefix("error The token file") == true)
            #expect(lines.last?.contains("give yourself access") == true || lines.last?.contains("writable") == true)
        }
    }
}
