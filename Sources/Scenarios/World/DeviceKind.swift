import LoginCore
import Providers

/// What a device plays: one generation of one provider's SDK, as data.
package final class DeviceKind: Sendable {
    package let provider: Provider
    package let generation: Generation
    /// The kinds of client that it can be; the first is the usual one.
    package let platforms: [ClientPlatform]

    /// The generation of that name; for nil the first one that runs on `platform`, or else the provider's usual one.
    package init(provider id: String, generation: String?, platform: String? = nil) throws(DeedProblem) {
        guard let provider = ProviderRegistry.provider(id) else {
            let known = ProviderRegistry.all.map(\.id).joined(separator: ", ")
            throw DeedProblem("there is no provider \(id); the providers are: \(known)")
        }
        let fitting = provider.generations.first { $0.clientPlatforms.contains { $0.name == platform } }
        guard let found = generation.map(provider.generation) ?? fitting ?? provider.usual else {
            let known = Self.generations(of: provider).joined(separator: ", ")
            throw DeedProblem("\(id) has no generation \(generation ?? ""); there are \(known)")
        }
        self.provider = provider
        self.generation = found
        platforms = found.clientPlatforms
    }

    /// The generations of a provider, the usual one first.
    package static func generations(of provider: Provider) -> [String] { provider.generations.map(\.id) }

    /// The platform of that name, or the usual one.
    package func platform(_ name: String?) -> ClientPlatform {
        platforms.first { $0.name == name } ?? platforms[0]
    }
}
