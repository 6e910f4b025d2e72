import LoginCore

/// The kinds of client that the device policies tell apart (tencent.md §3); the numbers are ours, no source has any.
package enum TencentPlatform: Int, Sendable, CaseIterable {
    case iPhone = 1
    case android = 2
    case iPad = 3
    case windows = 4
    case mac = 5
    /// Mini-programs and pages alike.
    case web = 6

    /// As in the table of the policies.
    package var title: String {
        switch self {
        case .iPhone: "iPhone"
        case .android: "Android"
        case .iPad: "iPad"
        case .windows: "Windows"
        case .mac: "Mac"
        case .web: "Web"
        }
    }

    /// As `query_online_status` spells it (§5).
    package var statusName: String { self == .windows ? "PC" : title }

    /// As a webhook's KickedDevice spells it (§6).
    package var kickedName: String { self == .iPhone ? "iOS" : title }

    /// As the URL of the status change webhook spells it, which writes IOS in capitals (§6).
    package var webhookName: String { self == .iPhone ? "IOS" : title }

    /// Whether a client that went away can still be reached by push (§4).
    package var hasPush: Bool { self == .iPhone || self == .android || self == .iPad }

    /// The most instances that the console allows (§3).
    package var mostInstances: Int { self == .web ? 10 : 3 }
}

/// Who may be online together (§3).
package enum TencentDevicePolicy: Int, Sendable, CaseIterable {
    case singlePlatform = 1
    case twoPlatforms = 2
    case threePlatforms = 3
    case multiPlatform = 4

    /// As the console calls it (§3).
    package var title: String {
        switch self {
        case .singlePlatform: "single platform"
        case .twoPlatforms: "two platforms"
        case .threePlatforms: "three platforms"
        case .multiPlatform: "multi platform"
        }
    }

    /// Whether clients of two different platforms exclude each other.
    package func excludes(_ left: TencentPlatform, _ right: TencentPlatform) -> Bool {
        switch self {
        case .singlePlatform: true
        case .twoPlatforms: (left == .web) == (right == .web)
        case .threePlatforms: Self.group(left) == Self.group(right)
        case .multiPlatform: left == right
        }
    }

    /// Of three platforms: phone or tablet, desktop, web.
    private static func group(_ platform: TencentPlatform) -> Int {
        switch platform {
        case .iPhone, .android, .iPad: 1
        case .windows, .mac: 2
        case .web: 3
        }
    }
}
