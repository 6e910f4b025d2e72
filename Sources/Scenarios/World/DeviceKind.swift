import LoginCore
import Providers

/// What a device plays: one generation of one provider's SDK, as data.
package struct DeviceKind: Sendable {
    package let provider: Provider
    package let generation: Generation

    /// The generation with that id, such as `v9-ios`; for nil the provider's usual one, or the first that has the
    /// platform.
    package init(provider id: String, generation: String?, platform: String? = nil) throws(DeedProblem) {
        guard let provider = ProviderRegistry.provider(id) else {
            throw DeedProblem("there is no provider \(id)")
        }
        guard
            let found = generation.map({ provider.generation($0) })
                ?? provider.generations.first(where: { kind in
                    platform == nil || kind.clientPlatforms.contains { $0.name == platform }
                }) ?? provider.usual
        else {
            let known = Self.generations(of: provider).joined(separator: ", ")
            throw DeedProblem("\(id) has no generation \(generation ?? ""); there are \(known)")
        }
        self.provider = provider
        self.generation = found
    }

    /// The ids of a provider's generations, the usual one first.
    package static func generations(of provider: Provider) -> [String] { provider.generations.map(\.id) }

    /// The kinds of client that it can be; the first is the usual one.
    package var platforms: [ClientPlatform] { generation.clientPlatforms }

    /// The platform of that name, or the usual one.
    package func platform(_ name: String?) -> ClientPlatform {
        platforms.first { $0.name == name } ?? platforms[0]
    }
}
