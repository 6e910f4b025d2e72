/// Which sessions of one account may be open together (commsease.md §9).
extension CommsEase {
    /// 1: one terminal; 2: one desktop and one mobile; 3: up to ten.
    static let sessions = SessionRules(tellsOfOthers: true) { policy, newcomer, others in
        switch policy {
        case 1: others.isEmpty
        case 2: !others.contains { mobiles.contains($0.clientType) == mobiles.contains(newcomer.clientType) }
        default: others.count < 10
        }
    }

    /// Android, iOS, Windows Phone and HarmonyOS.
    private static let mobiles: Set<Int> = [1, 2, 8, 65]
}
