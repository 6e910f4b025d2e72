import LoginCore
import Providers
import Scenarios

/// Whole worlds, without a transcript.
enum WorldBenchmark {
    private static let provider = ProviderRegistry.all[0].id
    private static let password = Secret("first-light-9", kind: .password)

    /// One device whose network goes and returns every minute, for 24 hours; how many hours it lived.
    static func flappingDay() throws(DeedProblem) -> Double {
        var world = try VirtualWorld(
            WorldSetup(provider: provider, devices: [DeviceSetup(name: "A")], sink: .none))
        try world.perform(.device("A", .logIn(user: "mia", password: Secret("lantern-42", kind: .password))))
        world.run(for: .seconds(1))
        for _ in 0..<1440 {
            try world.perform(.device("A", .network(NetworkSwitch(mode: .offline))))
            world.run(for: .seconds(30))
            try world.perform(.device("A", .network(NetworkSwitch())))
            world.run(for: .seconds(30))
        }
        return 24
    }

    /// Devices that are online when the backend dies, and again within a minute of its return an hour later.
    static func outage(devices count: Int) throws -> Double {
        let setups = (1...count).map { DeviceSetup(name: "D\($0)") }
        var world = try VirtualWorld(WorldSetup(provider: provider, devices: setups, sink: .none))
        for setup in setups {
            try world.perform(.device(setup.name, .register(user: setup.name, password: password, account: nil)))
            // The provider creates no more than a hundred accounts a second.
            world.run(for: .milliseconds(12))
        }
        world.run(for: .seconds(10))
        for setup in setups { try world.perform(.device(setup.name, .logIn(user: setup.name, password: password))) }
        world.run(for: .seconds(60))
        let before = world.devices.count { $0.core.sdk.phase == .online }
        try world.perform(.killBackend)
        world.run(for: .seconds(3600))
        try world.perform(.startBackend)
        world.run(for: .seconds(120))
        let after = world.devices.count { $0.core.sdk.phase == .online }
        guard before == count, after == count else {
            throw DeedProblem("\(before) devices were online before the outage and \(after) after it")
        }
        return Double(count)
    }
}
