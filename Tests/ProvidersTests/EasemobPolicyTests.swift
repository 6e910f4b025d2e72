import LoginCore
import Providers
import Testing

/// What Easemob's SDKs do about codes, and their numbers (easemob.md §6 to §8).
struct EasemobPolicyTests {
    private static let generations = Easemob.provider.generations
    private static let iOS4 = Easemob.v4iOS
    private static let iOS5 = Easemob.v5iOS
    private static let android = Easemob.v4Android

    /// §6: which codes a reconnect goes on after, and which the SDK clears its login for.
    private static let retried: Set<Int> = [2, 109, 300, 301, 303, 304, 350, 351, 352, 353, 354]
    private static let clearing: Set<Int> = [8, 108, 202, 206, 207, 214, 216, 217, 220, 305]
    private static let all = Set(
        [1, 2, 3, 4, 8, 100, 101, 102, 104, 105, 108, 109, 110] + Array(200...208) + [
            211, 212, 213, 214, 216, 217, 218, 220,
        ]
            + Array(300...308) + Array(350...354))

    /// Proves EM-8-stop, EM-8-reconnect, EM-7-expiry, EM-own-unknown-code.
    @Test("Each code of the page has its row, stops or goes on, and clears or does not")
    func codes() {
        for generation in Self.generations {
            let policy = generation.policy
            #expect(Set(policy.codes.map(\.code)) == Self.all)
            for row in policy.codes {
                #expect(row.manual == .stop)
                #expect((row.automatic == .retry) == Self.retried.contains(row.code), "\(row.code)")
                #expect(row.clears == Self.clearing.contains(row.code), "\(row.code)")
                #expect(row.rule == RuleID("EM-6-\(row.code)"))
            }
            #expect(policy.verdict(for: 999, mode: .automatic(forced: false)) == .retry)
        }
        let stops: [Int] = [8, 104, 108, 202, 206, 207, 213, 214, 216, 217, 220, 305]
        for code in stops { #expect(Self.iOS5.policy.rule(for: code).automatic == .stop) }
        #expect(Self.android.policy.rule(for: 305).name == "SERVER_SERVICE_RESTRICTED")
        #expect(Self.iOS4.policy.rule(for: 305).name == "ServerServingForbidden")
        #expect(Self.iOS4.policy.rule(for: 305).kind == .banned)
    }

    /// Proves EM-8-window, EM-8-default, EM-8-timeouts, EM-own-backoff, EM-own-timeouts, EM-own-heartbeat,
    /// EM-own-background, EM-own-second-login-code, EM-4-renew, EM-7-expiry, EM-own-manual-start.
    @Test("4.x logs in by itself within 30 days and can be told not to, V5 never does")
    func numbers() {
        for generation in Self.generations {
            let policy = generation.policy
            let isFour = generation.id.hasPrefix("v4")
            #expect(policy.automaticLogin == (isFour ? .byItself(within: .seconds(30 * 86_400)) : .none))
            #expect(policy.isAutoLogin == (isFour ? true : nil))
            #expect(policy.backoffTable == [1, 2, 4, 8, 16, 32].map { Duration.seconds($0) })
            #expect(policy.backoffJitterPermille == 0)
            #expect(policy.connectTimeout == .seconds(10))
            #expect(policy.loginTimeout == .seconds(30))
            #expect(policy.logoutTimeout == .seconds(5))
            #expect(policy.heartbeatInterval == .seconds(60))
            #expect((policy.probeTimeout, policy.probeCount) == (.seconds(10), 3))
            #expect(policy.timeoutCode == 301)
            #expect(policy.reconnectsInBackground)
            #expect(!policy.asksForDynamicToken)
            #expect(policy.failedKicks == [108: 108])
            #expect(
                policy.secondLogin
                    == LoginPolicy.SecondLogin(sameAccount: 200, otherAccount: 218, unanswered: 302))
            #expect(policy.onlineRenewal == LoginPolicy.OnlineRenewal(notLoggedIn: 201, emptyToken: 104))
        }
        var policy = Self.iOS4.policy
        policy.options.isAutoLogin = false
        #expect(policy.chosenAutomaticLogin == .none)
    }
}
