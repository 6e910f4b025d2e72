import LoginCore
import Providers
import Scenarios

/// The benchmark of the virtual world: 24 hours of one device whose network goes and returns every minute.
enum FlappingDay {
    static func measure() throws {
        for (name, sink) in [("none", TranscriptSink.none), ("ring of 1000", .ring(1000)), ("full", .full)] {
            let clock = ContinuousClock()
            var entries = 0
            let best = try (0..<5).map { _ in
                try clock.measure { entries = try play(sink) }
            }.min()
            print("\(name): \(best ?? .zero), \(entries) entries")
        }
    }

    private static func play(_ sink: TranscriptSink) throws -> Int {
        var world = try VirtualWorld(
            WorldSetup(provider: ProviderRegistry.all[0].id, devices: [DeviceSetup(name: "A")], sink: sink))
        try world.perform(.device("A", .logIn(user: "mia", password: Secret("lantern-42", kind: .password))))
        world.run(for: .seconds(1))
        for _ in 0..<1440 {
            try world.perform(.device("A", .network(NetworkSwitch(mode: .offline))))
            world.run(for: .seconds(30))
            try world.perform(.device("A", .network(NetworkSwitch())))
            world.run(for: .seconds(30))
        }
        return world.log.count
    }
}
