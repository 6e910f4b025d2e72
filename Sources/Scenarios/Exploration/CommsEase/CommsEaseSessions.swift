import Cloud
import LoginCore

/// Which sessions of one CommsEase account may be open together (commsease.md §9).
enum CommsEaseSessions {
    /// 1: one terminal; 2: one desktop and one mobile; 3: up to ten.
    ///
    /// A device replaces its own session.
    static let allows: SessionRule.Allows = { policy, newcomer, others, clientType in
        let strangers = others.filter { $0.deviceID != newcomer.deviceID }
        guard strangers.count == others.count else { return false }
        return switch policy {
        case 1: strangers.isEmpty
        case 2: !strangers.contains { isMobile(clientType($0)) == isMobile(clientType(newcomer)) }
        default: strangers.count < 10
        }
    }

    private static func isMobile(_ clientType: Int) -> Bool { [1, 2, 8, 65].contains(clientType) }
}
