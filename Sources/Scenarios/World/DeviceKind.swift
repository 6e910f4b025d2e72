import LoginCore
import Providers

/// What a device plays: one generation of one provider's SDK, as data.
package struct DeviceKind: Sendable {
    package let provider: Provider
    package let policy: LoginPolicy
    package let callbacks: @Sendable (Moment) -> [ProviderCallback]
    /// The kinds of client that it can be; the first is the usual one.
    package let platforms: [ClientPlatform]

    /// The generation of that name, or the provider's usual one for nil.
    package init(provider id: String, generation: String?) throws(DeedProblem) {
        guard let provider = ProviderRegistry.provider(id) else {
            throw DeedProblem("there is no provider \(id)")
        }
        guard generation == nil || generation == provider.generation else {
            throw DeedProblem("\(id) has no generation \(generation ?? ""); there is \(provider.generation)")
        }
        self.provider = provider
        policy = provider.policy
        callbacks = provider.callbacks
        platforms = provider.clientPlatforms
    }

    /// The generations of a provider, the usual one first.
    package static func generations(of provider: Provider) -> [String] { [provider.generation] }

    /// The platform of that name, or the usual one.
    package func platform(_ name: String?) -> ClientPlatform {
        platforms.first { $0.name == name } ?? platforms.first ?? ClientPlatform(name: "unknown", clientType: 0)
    }
}
