/// The providers that this build knows.
package enum ProviderRegistry {
    /// All of them; the first is the one that the lab opens with.
    package static let all: [Provider] = [CommsEase.provider, Tencent.provider, Easemob.provider]

    /// The provider with this ``Provider/id``.
    package static func provider(_ id: String) -> Provider? {
        all.first { $0.id == id }
    }
}
