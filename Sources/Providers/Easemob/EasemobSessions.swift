/// Which sessions of one user may be open together (easemob.md §9).
extension Easemob {
    /// 1 and 2: one device, the newest or the first; 3: four of each platform.
    static let sessions = SessionRules(tellsOfOthers: true, warnsOfTokenEnd: true) { policy, newcomer, others in
        policy == 3 ? others.count { $0.clientType == newcomer.clientType } < 4 : others.isEmpty
    }
}
