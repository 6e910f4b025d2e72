import Cloud
import LoginCore
import Providers
import Testing

/// Logins, expiry and kicks on Tencent's link (tencent.md §1.4, §2, §3).
struct TencentLoginTests {
    /// Proves TC-2-first-login, TC-own-link.
    @Test("The first login makes the account, and a session is served")
    func firstLogin() {
        var rig = TencentRig()
        #expect(rig.status("alice") == "unknown")
        let (link, code) = rig.logIn("alice")
        #expect(code == 200)
        #expect(rig.status("alice") == "Online iPhone Online")
        #expect(rig.send(.echo("hi"), on: link) == [.reply(id: 2, .echo(code: 200, text: "", echoed: "hi"))])
        #expect(
            rig.send(.kick(["s-1"]), on: link) == [
                .reply(id: 3, .kick(code: 60017, text: "clients cannot kick", kicked: []))
            ])
        #expect(rig.logIn(rig.login("alice"), on: link) == 417)
    }

    @Test("Before a login nothing is served but a ping, and what is not understood is answered")
    func beforeLogin() {
        var rig = TencentRig()
        let link = rig.open()
        #expect(rig.send(.ping, on: link) == [.reply(id: 1, .ping(code: 200))])
        for body in [ClientFrame.Body.sync, .echo("x"), .kick([]), .logout] {
            let codes = rig.send(body, on: link).map { if case .reply(_, let reply) = $0 { reply.code } else { 0 } }
            #expect(codes == [403])
        }
        rig.handle(.frame(link, Array("{".utf8)))
        #expect(rig.sent[link]?.last.map { if case .error(414, _, nil) = $0.body { true } else { false } } == true)
        #expect(rig.closed.isEmpty)
    }

    /// One thing that is wrong with a login, in the order in which the server looks.
    enum Wrong: Int, CaseIterable, CustomTestStringConvertible {
        case userID, userSig, blacklist, offlineKick

        var code: Int {
            switch self {
            case .userID: 7003
            case .userSig: 70013
            case .blacklist: 70051
            case .offlineKick: 6208
            }
        }

        var testDescription: String { "\(self)" }
    }

    private static let combinations: [[Wrong]] = (0..<(1 << Wrong.allCases.count)).map { bits in
        Wrong.allCases.filter { bits & (1 << $0.rawValue) != 0 }
    }

    /// Proves TC-own-login-order, TC-own-blacklist.
    @Test("Of everything wrong with a login, the first in the order answers", arguments: combinations)
    func order(wrongs: [Wrong]) {
        var rig = TencentRig()
        rig.drop(rig.logIn("alice", .iPhone).link)
        if wrongs.contains(.offlineKick) { rig.logIn("alice", .android) }
        if wrongs.contains(.blacklist) { rig.call(.blacklist("alice", isOn: true, kicks: false)) }
        let userSig = TencentRig.mint.userSig(for: wrongs.contains(.userSig) ? "bob" : "alice", at: rig.now)
        let login = LinkLogin.tencent(
            wrongs.contains(.userID) ? "小林" : "alice", userSig.reveal(for: .wire), device: "iPhone")
        let link = rig.open()
        #expect(rig.logIn(login, on: link) == wrongs.first?.code ?? 200)
        // A refusal leaves the link open for another try.
        #expect(rig.closed[link] == nil)
    }

    /// Proves TC-2.1-expired-login, TC-2.1-ticket-code.
    @Test("An expired UserSig is told as the settings say", arguments: [70001, 6206, -10003])
    func expiredLogin(code: Int) throws {
        var rig = TencentRig()
        try rig.set(#"{"expiredCode":\#(code)}"#)
        let login = rig.login("alice", lifetime: .seconds(60))
        rig.advance(.seconds(61))
        #expect(rig.logIn(login, on: rig.open()) == code)
    }

    /// Proves TC-2.1-expired-online, TC-own-expiry-check, TC-own-expiry-webhook.
    @Test("A session ends in the second after its UserSig's last, and is told why")
    func expiredOnline() throws {
        var rig = TencentRig()
        try rig.set(#"{"webhookURL":"http://127.0.0.1:1/hook"}"#)
        let (link, _) = rig.logIn("alice", lifetime: .seconds(90))
        rig.advance(.milliseconds(90_999))
        #expect(rig.kicks(on: link) == [])
        #expect(rig.isOnline(link))
        rig.advance(.milliseconds(1))
        #expect(rig.kicks(on: link) == [Tencent.kickedByExpiry])
        #expect(rig.closed[link] == 1000)
        #expect(rig.status("alice") == "Offline")
        #expect(rig.changes == ["Login/Register", "Disconnect/LinkClose"])
        #expect(rig.timers.isEmpty)
        #expect(rig.logIn("alice").code == 200)
    }

    @Test("A UserSig that never ends keeps its session")
    func endless() {
        var rig = TencentRig()
        let (link, code) = rig.logIn("alice", lifetime: .seconds(Int64.max / 2))
        #expect(code == 200)
        for _ in 0..<20 {
            rig.advance(.seconds(120))
            rig.send(.ping, on: link)
        }
        #expect(rig.isOnline(link))
    }

    /// Proves TC-own-failed-checks, TC-1.4-70050.
    @Test("Too many refused UserSigs of one UserID end the patience for a minute, and nobody else's")
    func failedChecks() {
        var rig = TencentRig()
        let link = rig.open()
        let wrong = LinkLogin.tencent("alice", "no")
        for _ in 0..<60 { #expect(rig.logIn(wrong, on: link) == 70003) }
        #expect(rig.logIn(rig.login("alice"), on: link) == 70050)
        #expect(rig.logIn("bob").code == 200)
        rig.advance(.seconds(59))
        #expect(rig.logIn(rig.login("alice"), on: link) == 70050)
        rig.advance(.seconds(1))
        #expect(rig.logIn(rig.login("alice"), on: link) == 200)
    }

    /// Proves TC-own-self-replace, TC-3-who.
    @Test("A login from a device that has a session replaces it in silence")
    func selfReplace() throws {
        var rig = TencentRig()
        try rig.set(#"{"webhookURL":"http://127.0.0.1:1/hook"}"#)
        let (first, _) = rig.logIn("alice")
        let (second, code) = rig.logIn("alice")
        #expect(code == 200)
        #expect(rig.kicks(on: first) == [])
        #expect(rig.closed[first] == 1000)
        #expect(rig.isOnline(second))
        #expect(rig.changes == ["Login/Register", "Login/Register"])
    }

    // MARK: Device policies

    /// Proves TC-3-single, TC-3-two, TC-3-three, TC-3-multi, TC-own-immediate, TC-3-default.
    @Test("A login kicks exactly those whom the policy excludes", arguments: TencentDevicePolicy.allCases)
    func policies(policy: TencentDevicePolicy) throws {
        for newcomer in TencentPlatform.allCases {
            var rig = TencentRig()
            #expect(rig.call(.consoleSettings) == .settings(TencentConsoleSettings()))
            // Everyone is online first; the change of the policy kicks nobody.
            try rig.set(#"{"devicePolicy":4}"#)
            let links = TencentPlatform.allCases.map { rig.logIn("alice", $0, device: "old \($0)").link }
            try rig.set(#"{"devicePolicy":\#(policy.rawValue)}"#)
            #expect(rig.closed.isEmpty)
            let (link, code) = rig.logIn("alice", newcomer, device: "new")
            #expect(code == 200)
            for (platform, old) in zip(TencentPlatform.allCases, links) {
                let isKicked = policy.excludes(platform, newcomer)
                #expect(rig.kicks(on: old) == (isKicked ? [Tencent.kickedByLogin] : []), "\(newcomer) \(platform)")
                #expect(rig.isOnline(old) == !isKicked)
            }
            #expect(rig.isOnline(link))
        }
    }

    /// Proves TC-3-instances.
    @Test("Of more instances than a platform may have, the one that logged in first goes")
    func instances() throws {
        var rig = TencentRig()
        try rig.set(#"{"devicePolicy":4,"instances":2,"webInstances":3}"#)
        let phones = (1...3).map { rig.logIn("alice", .android, device: "phone \($0)").link }
        #expect(phones.map { rig.kicks(on: $0) } == [[1], [], []])
        let pages = (1...4).map { rig.logIn("alice", .web, device: "page \($0)").link }
        #expect(pages.map { rig.kicks(on: $0) } == [[1], [], [], []])
        // Under a narrower policy more than one is for the Web alone.
        try rig.set(#"{"devicePolicy":2}"#)
        let (last, _) = rig.logIn("alice", .android, device: "phone 4")
        #expect(phones.map { rig.kicks(on: $0) } == [[1], [1], [1]])
        #expect(pages.dropFirst().allSatisfy { rig.isOnline($0) })
        #expect(rig.isOnline(last))
    }

    /// Proves TC-3-leave.
    @Test("A logout leaves the others online")
    func leave() throws {
        var rig = TencentRig()
        try rig.set(#"{"devicePolicy":4}"#)
        let (phone, _) = rig.logIn("alice", .iPhone)
        let (page, _) = rig.logIn("alice", .web)
        rig.send(.logout, on: phone)
        #expect(rig.closed[phone] == 1000)
        #expect(rig.isOnline(page))
        #expect(rig.status("alice") == "Online Web Online")
    }

    /// Proves TC-2.1-kicked-offline, TC-own-offline-kick.
    @Test("Who was kicked while away is told 6208 once, and then kicks the other", arguments: [false, true])
    func offlineKick(isReconnect: Bool) {
        var rig = TencentRig()
        rig.drop(rig.logIn("alice", .iPhone).link)
        let (tablet, _) = rig.logIn("alice", .iPad)
        #expect(rig.kicks(on: tablet) == [])
        var login = rig.login("alice", .iPhone)
        login.automatic = isReconnect
        let link = rig.open()
        #expect(rig.logIn(login, on: link) == 6208)
        #expect(rig.isOnline(tablet))
        #expect(rig.logIn(login, on: link) == 200)
        #expect(rig.kicks(on: tablet) == [1])
    }

    @Test("An offline kick is not told after a logout, nor where it is switched off, nor to a page")
    func noOfflineKick() throws {
        var rig = TencentRig()
        rig.send(.logout, on: rig.logIn("alice", .iPhone).link)
        rig.logIn("alice", .iPad)
        #expect(rig.logIn("alice", .iPhone).code == 200)
        rig = TencentRig()
        try rig.set(#"{"tellsOfflineKick":false}"#)
        rig.drop(rig.logIn("alice", .iPhone).link)
        rig.logIn("alice", .iPad)
        #expect(rig.logIn("alice", .iPhone).code == 200)
        rig = TencentRig()
        rig.drop(rig.logIn("alice", .web).link)
        rig.logIn("alice", .iPad)
        #expect(rig.logIn("alice", .web).code == 200)
    }

    @Test("A client type that is no platform counts as Web")
    func strangePlatform() {
        var rig = TencentRig()
        var login = rig.login("alice")
        login.clientType = 99
        #expect(rig.logIn(login, on: rig.open()) == 200)
        #expect(rig.status("alice") == "Online Web Online")
    }
}
