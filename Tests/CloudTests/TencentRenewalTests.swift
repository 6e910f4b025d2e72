import Cloud
import LoginCore
import Providers
import Testing

/// A session that is handed a newer UserSig, and what the console lists.
struct TencentRenewalTests {
    private static func renewal(_ rig: inout TencentRig, _ user: String, lifetime: Duration, on link: LinkID) -> Int? {
        let userSig = TencentRig.mint.userSig(for: user, at: rig.now, lifetime: lifetime)
        rig.send(.renew(userSig), on: link)
        guard case .reply(_, .renew(let code, _))? = rig.sent[link]?.last?.body else { return nil }
        return code
    }

    /// Proves TC-own-renewal.
    @Test("A session lives as long as the newest UserSig that it was handed, and no longer")
    func renewed() throws {
        var rig = TencentRig()
        let link = rig.logIn("alice", lifetime: .seconds(60)).link
        rig.advance(.seconds(48))
        #expect(Self.renewal(&rig, "alice", lifetime: .seconds(100), on: link) == 200)
        #expect(rig.timers.count == 1)
        rig.advance(.seconds(100))
        #expect(rig.isOnline(link))
        #expect(rig.kicks(on: link).isEmpty)
        rig.advance(.seconds(1))
        #expect(rig.kicks(on: link) == [Tencent.kickedByExpiry])
        #expect(rig.timers.isEmpty)
    }

    /// Proves TC-own-renewal.
    @Test("A UserSig that is refused leaves the session with the one that it has")
    func refused() throws {
        var rig = TencentRig()
        let link = rig.logIn("alice", lifetime: .seconds(60)).link
        #expect(Self.renewal(&rig, "bob", lifetime: .seconds(600), on: link) == 70013)
        #expect(Self.renewal(&rig, "alice", lifetime: .seconds(-1), on: link) == 70001)
        try rig.set(#"{"expiredCode":6206}"#)
        #expect(Self.renewal(&rig, "alice", lifetime: .seconds(-1), on: link) == 6206)
        #expect(rig.isOnline(link))
        rig.advance(.seconds(61))
        #expect(rig.kicks(on: link) == [Tencent.kickedByExpiry])
        let stranger = rig.open()
        #expect(Self.renewal(&rig, "alice", lifetime: .seconds(60), on: stranger) == 403)
    }

    /// Proves TC-2-daily-active.
    @Test("The console lists every account, the blacklisted ones, and who was active today, after a restart as well")
    func console() {
        var rig = TencentRig()
        rig.logIn("bob")
        rig.logIn("alice")
        rig.call(.importAccount(TencentImport(userID: "carol")))
        rig.call(.blacklist("carol", isOn: true, kicks: false))
        func view(active: Int) -> TencentAnswer {
            let accounts = [("alice", false), ("bob", false), ("carol", true)].map {
                ConsoleView.Account(account: $0.0, isBanned: $0.1)
            }
            return .accounts(ConsoleView(accounts: accounts, accountTotal: 3, bannedTotal: 1, dailyActive: active))
        }
        #expect(rig.call(.consoleAccounts) == view(active: 2))
        var after = rig.restarted()
        #expect(after.call(.consoleAccounts) == view(active: 2))
        after.advance(.seconds(86_400))
        #expect(after.call(.consoleAccounts) == view(active: 0))
        after.logIn("alice")
        #expect(after.call(.consoleAccounts) == view(active: 1))
        #expect(
            after.call(.consoleAccounts, as: "alice")
                == .failed(TencentAPIError(60010, "the identifier is not an app admin's")))
    }
}
