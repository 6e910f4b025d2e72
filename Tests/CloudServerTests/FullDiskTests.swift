import Cloud
import Foundation
import GRDB
import LoginCore
import Providers
import Synchronization
import Testing

@testable import CloudServer

/// A disk that SQLite finds full: every insertion into the state file of a directory is refused while it is.
private struct FullDisk {
    private let database: DatabaseQueue

    init(_ directory: TemporaryDirectory) throws {
        database = try DatabaseQueue(path: directory.path + "/backend.sqlite")
    }

    func fill() throws {
        try database.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER full BEFORE INSERT ON record
                    BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END
                    """)
        }
    }

    func makeRoom() throws {
        try database.write { db in try db.execute(sql: "DROP TRIGGER full") }
    }
}

@Suite("A full disk", .timeLimit(.minutes(1)))
struct FullDiskTests {
    private final class Troubles: Sendable {
        private let said = Mutex<[String?]>([])
        private let (stream, continuation) = AsyncStream.makeStream(of: String?.self)

        var all: [String?] { said.withLock { $0 } }

        func take(_ trouble: String?) {
            said.withLock { $0.append(trouble) }
            continuation.yield(trouble)
        }

        /// Waits until it is said that all is well.
        func end() async {
            for await trouble in stream where trouble == nil { return }
        }
    }

    private func withBackend(
        _ maker: BackendValueMaker,
        _ body: (BackendEndpoints, FullDisk, Troubles, EntryLog) async throws -> Void
    ) async throws {
        let directory = try TemporaryDirectory()
        let troubles = Troubles()
        let log = EntryLog()
        let backend = Backend(
            BackendConfiguration(
                stateDirectory: directory.path, clock: testClock(), sink: { log.take($0) },
                savingTrouble: { troubles.take($0) }),
            maker: maker)
        let endpoints = try await backend.start()
        do {
            try await body(endpoints, try FullDisk(directory), troubles, log)
        } catch {
            await backend.stop()
            throw error
        }
        await backend.stop()
    }

    private func port(_ url: String) -> Int { url.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// Status and body of an answer, on a connection of its own.
    private func call(_ url: String, _ method: String, _ path: String, _ body: String = "") async throws -> (
        status: Int, body: String
    ) {
        let client = try await RawClient.connect(to: port(url))
        try await client.send(
            "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        let answer = try #require(await client.readAnswer())
        return (answer.head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0, answer.body)
    }

    @Test("What cannot be kept is refused and leaves no trace, what keeps nothing is served, and room heals it")
    func refuses() async throws {
        try await withBackend(.double) { endpoints, disk, troubles, _ in
            let before = try await call(endpoints.appServer, "GET", "/keep/a/1")
            #expect(before.body == "kept")
            let link = try #require(try await WebSocketClient.open(port(endpoints.imLink)))
            try disk.fill()
            for key in ["b", "c"] {
                let refused = try await call(endpoints.appServer, "GET", "/keep/\(key)/1")
                #expect(refused.status == 507)
                #expect(refused.body.contains("make room on the disk"))
            }
            try await link.send("keep d 1")
            #expect(await link.read()?.text == "not kept")
            // Nothing of it is in the values, and what writes nothing goes on.
            let listed = try await call(endpoints.appServer, "GET", "/kept")
            #expect(listed.body == "a=1")
            try await link.send("sessions")
            #expect(await link.read()?.text == "1")
            #expect(troubles.all.count == 1, "it is said once")
            try disk.makeRoom()
            let after = try await call(endpoints.appServer, "GET", "/keep/e/1")
            #expect(after.body == "kept")
            try await link.send("keep f 1")
            #expect(await link.read()?.text == "kept")
            #expect(troubles.all.count == 2)
            #expect(troubles.all.last == .some(nil))
        }
    }

    @Test("That there is room again is found out without a request")
    func healsByItself() async throws {
        try await withBackend(.double) { endpoints, disk, troubles, log in
            try disk.fill()
            let refused = try await call(endpoints.appServer, "GET", "/keep/b/1")
            #expect(refused.status == 507)
            try disk.makeRoom()
            await troubles.end()
            #expect(log.all.last?.title == "The backend's state can be saved again.")
            #expect(try await call(endpoints.appServer, "GET", "/kept").body.isEmpty)
        }
    }

    @Test("Of requests that come together, only those that keep something are refused")
    func refusesOneByOne() async throws {
        try await withBackend(.double) { endpoints, disk, _, _ in
            try disk.fill()
            let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let path = number.isMultiple(of: 2) ? "/keep/k\(number)/v" : "/echo"
                        return (number, try await call(endpoints.appServer, "GET", path).status)
                    }
                }
                return try await group.reduce(into: [Int: Int]()) { $0[$1.0] = $1.1 }
            }
            for (number, status) in statuses { #expect(status == (number.isMultiple(of: 2) ? 507 : 200)) }
            let kept = try await call(endpoints.appServer, "GET", "/kept")
            #expect(kept.body.isEmpty)
        }
    }

    @Test("The real listeners say it in their own words, and a registration that was refused can be made later")
    func speaksTheirWords() async throws {
        try await withBackend(.live) { endpoints, disk, _, log in
            let mia = #"{"user":"mia","password":"lantern-42"}"#
            let first = try await call(endpoints.appServer, "POST", "/login", mia)
            let grant = try JSONValue(parsing: Array(first.body.utf8))
            let account = try #require(grant["account"]?.text)
            let token = try #require(grant["token"]?.text)
            try disk.fill()

            let bob = #"{"user":"bob","password":"b"}"#
            let refused = try await call(endpoints.appServer, "POST", "/users", bob)
            #expect(refused.status == 507)
            let error = try JSONValue(parsing: Array(refused.body.utf8))
            #expect(error["error"]?.text == "not_saved")
            #expect(error["message"]?.text?.contains("make room on the disk") == true)
            let again = try await call(endpoints.appServer, "POST", "/login", mia)
            #expect(again.status == 507)

            func logIn(_ id: Int, _ link: WebSocketClient) async throws -> JSONValue {
                try await link.send(
                    """
                    {"type":"login","id":\(id),"appKey":"\(endpoints.appKey)","account":"\(account)",\
                    "token":"\(token)","authType":0,"automatic":false,"forced":false,"deviceId":"d","clientType":2}
                    """)
                return try JSONValue(parsing: try #require(await link.read()).payload)
            }
            let link = try #require(try await WebSocketClient.open(port(endpoints.imLink)))
            let reply = try await logIn(7, link)
            #expect(reply["re"]?.text == "login")
            #expect(reply["id"]?.int == 7)
            #expect(reply["code"]?.int == 500)

            try disk.makeRoom()
            #expect(try await call(endpoints.appServer, "POST", "/login", bob).status == 401)
            #expect(try await call(endpoints.appServer, "POST", "/users", bob).status == 201)
            #expect(try await call(endpoints.appServer, "POST", "/login", mia).status == 200)
            #expect(try await logIn(8, link)["code"]?.int == 200)
            // An entry's id stands once, whatever was handled twice.
            let ids = log.all.map(\.id)
            #expect(Set(ids).count == ids.count)
        }
    }

    @Test("The provider's console answers its own 500")
    func speaksTheProvidersWords() async throws {
        try await withBackend(.live) { endpoints, disk, _, _ in
            let first = try await call(
                endpoints.appServer, "POST", "/login", #"{"user":"mia","password":"lantern-42"}"#)
            #expect(first.status == 200)
            try disk.fill()
            let client = try await RawClient.connect(to: port(endpoints.appServer))
            let body = #"{"devicePolicy":3}"#
            try await client.send(
                "POST /operator/settings HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                    + "Authorization: Bearer \(endpoints.operatorKey.reveal(for: .wire))\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
            let answer = try #require(await client.readAnswer())
            let value = try JSONValue(parsing: Array(answer.body.utf8))
            #expect(value["error"]?.text == "provider_refused")
            #expect(value["code"]?.int == 500)
            #expect(value["desc"]?.text?.contains("make room on the disk") == true)
        }
    }
}
