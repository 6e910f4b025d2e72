import Cloud
import LoginCore
import Providers

/// What a watcher of a world is told of one device, in the order in which it happened.
package enum Observation: Sendable {
    /// Something reached the device.
    case arrived(device: Int, ClientCore.Input, at: Instant)
    /// The machines took an input and asked for effects.
    case took(device: Int, ClientCore.Input, ClientCore.Output, at: Instant)
}

/// Changes what passes between machines and world, for the proof that a watcher sees what is wrong.
///
/// The machines and the Cloud know nothing of it, and a world has none unless a proof gives it one.
package protocol Distortion: Sendable {
    /// The inputs that the machines take in the place of one that arrived.
    mutating func inputs(_ input: ClientCore.Input, to device: VirtualDevice) -> [ClientCore.Input]
    /// Changes what the machines asked for and wrote.
    mutating func change(_ output: inout ClientCore.Output, after input: ClientCore.Input, of device: VirtualDevice)
    /// The event that the provider's cloud takes in the place of one that reached it.
    mutating func cloudEvent(_ event: CloudEvent) -> CloudEvent
    /// The effects that are run in the place of those of the provider's cloud.
    mutating func cloudEffects(_ effects: [CloudEffect]) -> [CloudEffect]
}

extension Distortion {
    package mutating func inputs(_ input: ClientCore.Input, to device: VirtualDevice) -> [ClientCore.Input] { [input] }
    package mutating func change(
        _ output: inout ClientCore.Output, after input: ClientCore.Input, of device: VirtualDevice
    ) {}
    package mutating func cloudEvent(_ event: CloudEvent) -> CloudEvent { event }
    package mutating func cloudEffects(_ effects: [CloudEffect]) -> [CloudEffect] { effects }
}

extension VirtualWorld {
    /// Hands an input to a device's core as ``take(_:_:cause:answering:)`` does, and tells the watcher.
    mutating func takeWatched(_ device: Int, _ input: ClientCore.Input, cause: EntryID?, answering frame: Int?) {
        observations.append(.arrived(device: device, input, at: now))
        guard distortion != nil else { return core(of: device, takes: input, cause, frame) }
        for input in distortion?.inputs(input, to: devices[device]) ?? [] {
            core(of: device, takes: input, cause, frame)
        }
    }

    private mutating func core(
        of device: Int, takes input: ClientCore.Input, _ cause: EntryID?, _ frame: Int?
    ) {
        var output = devices[device].core.handle(input, at: now, cause: cause, answering: frame)
        if distortion != nil { distortion?.change(&output, after: input, of: devices[device]) }
        for entry in output.entries { log.add(entry) }
        devices[device].declined = nil
        observations.append(.took(device: device, input, output, at: now))
        for effect in output.effects { start(effect, device) }
    }

    /// Hands an event to one side of the backend, by way of the distortion where there is one.
    mutating func backendEffects(_ event: CloudEvent, on side: BackendSide) -> [CloudEffect] {
        guard distortion != nil, side == .cloud else { return backend.handle(event, on: side, at: now) }
        let changed = distortion?.cloudEvent(event) ?? event
        let effects = backend.handle(changed, on: side, at: now)
        return distortion?.cloudEffects(effects) ?? effects
    }

    /// The sessions that the provider's cloud holds; empty while the backend is killed, nil when its cloud does not tell.
    package var liveSessions: [LiveSession]? {
        guard backend.isUp else { return [] }
        return backend.pair?.cloud.liveSessions
    }
}
