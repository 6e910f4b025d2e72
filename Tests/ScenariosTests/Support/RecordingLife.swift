import Scenarios

extension Recording.Life {
    /// The same in a lab of another provider.
    func of(_ provider: String) -> Recording.Life {
        Recording.Life(
            device: device, provider: provider, generation: generation, platform: platform, options: options,
            settings: settings, seed: seed, after: after)
    }
}
