/// Which sessions of one account may be open together (tencent.md §3).
extension Tencent {
    /// Each policy has groups of platforms, and one of each group may be online: all platforms are one group, or Web and
    /// the others two, or mobile, desktop and Web three, or each platform is one.
    ///
    /// No client of this provider is told of the others.
    static let sessions = SessionRules(tellsOfOthers: false) { policy, newcomer, others in
        guard (1...groups.count).contains(policy) else { return false }
        let group = groups[policy - 1].first { $0.contains(newcomer.clientType) } ?? []
        return !others.contains { group.contains($0.clientType) }
    }

    /// By number of the policy; the platforms are iPhone 1, Android 2, iPad 3, Windows 4, Mac 5, Web 6.
    private static let groups: [[Set<Int>]] = [
        [[1, 2, 3, 4, 5, 6]], [[1, 2, 3, 4, 5], [6]], [[1, 2, 3], [4, 5], [6]], [[1], [2], [3], [4], [5], [6]],
    ]
}
