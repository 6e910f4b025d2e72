import LoginCore
import Providers
import Scenarios
import Testing

@Suite("The virtual world")
struct VirtualWorldTests {
    static func world(_ names: String..., seed: UInt64 = 7) throws -> VirtualWorld {
        try VirtualWorld(
            WorldSetup(provider: "commsease", devices: names.map { DeviceSetup(name: $0) }, seed: seed))
    }

    static func logIn(_ device: String, _ user: String = "mia", _ password: String = "lantern-42") -> Deed {
        .device(device, .logIn(user: user, password: Secret(password, kind: .password)))
    }

    @Test("A manual login comes online within a tenth of a second")
    func login() throws {
        var world = try Self.world("A")
        try world.perform(Self.logIn("A"))
        world.run(for: .milliseconds(100))
        #expect(world.device("A")?.core.sdk.phase == .online, "\(world.log.entries.map(\.title))")
        #expect(world.device("A")?.stored?.isUsable == true)
    }

    @Test("An offline minute gives the table's delays, and the hint back means at once")
    func offline() throws {
        var world = try Self.world("A")
        try world.perform(Self.logIn("A"))
        world.run(for: .seconds(1))
        try world.perform(.device("A", .network(NetworkSwitch(mode: .offline))))
        world.run(for: .seconds(40))
        #expect(world.device("A")?.core.sdk.phase == .waitingForNetwork)
        let delays = world.log.entries.filter { $0.kind == .timerStarted && $0.title.hasPrefix("next attempt") }
        #expect(delays.map(\.title) == [2, 4, 6, 8, 16, 32].map { "next attempt in \($0) s" })
        try world.perform(.device("A", .network(NetworkSwitch())))
        world.run(for: .milliseconds(100))
        #expect(world.device("A")?.core.sdk.phase == .online)
    }

    @Test("A silent network is noticed by the probe, and the server hears of it when the bytes flow again")
    func silent() throws {
        var world = try Self.world("A")
        try world.perform(Self.logIn("A"))
        world.run(for: .seconds(1))
        try world.perform(.device("A", .network(NetworkSwitch(mode: .silent))))
        world.run(for: .seconds(44))
        #expect(world.device("A")?.core.sdk.phase == .online)
        world.run(for: .seconds(2))
        #expect(world.device("A")?.core.sdk.phase == .waiting)
        let mark = world.log.count
        try world.perform(.device("A", .network(NetworkSwitch())))
        world.run(for: .seconds(10))
        #expect(world.device("A")?.core.sdk.phase == .online)
        let server = world.log.entries(since: mark).filter { $0.lane == .imServer }.map(\.title)
        #expect(server.contains("link ended"))
        #expect(world.shortestFiredDeadline == .seconds(3))
    }

    @Test("A killed backend refuses, and knows its accounts when it lives again")
    func kill() throws {
        var world = try Self.world("A")
        try world.perform(Self.logIn("A"))
        world.run(for: .seconds(1))
        try world.perform(.killBackend)
        world.run(for: .seconds(3))
        #expect(world.device("A")?.core.sdk.phase == .waiting)
        #expect(world.device("A")?.core.trouble?.hasPrefix("415") == true)
        try world.perform(.startBackend)
        world.run(for: .seconds(10))
        #expect(world.device("A")?.core.sdk.phase == .online)
    }

    @Test("An app that was stopped goes on from its token store, and its transcript too")
    func restart() throws {
        var world = try Self.world("A")
        try world.perform(Self.logIn("A"))
        world.run(for: .seconds(1))
        try world.perform(.device("A", .restartApp))
        try world.perform(.device("A", .logInAutomatically(forced: false)))
        world.run(for: .seconds(1))
        #expect(world.device("A")?.core.sdk.phase == .online)
        let ids = world.log.entries.map(\.id)
        #expect(Set(ids).count == ids.count)
    }
}
