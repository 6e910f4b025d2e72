import Cloud
import LoginCore
import Providers
import Testing

/// Bans and kicks (commsease.md §9, §11.3, §12).
struct CommsEaseBanAndKickTests {
    private func rig(policy: Int = 3) -> CloudRig {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        rig.create("ben", token: "t")
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: policy)))
        return rig
    }

    @Test("A ban without kick leaves the live link working and bites at the next login")
    func banOnly() {
        var rig = rig()
        let online = rig.logIn(.of("ann", "t"))
        #expect(rig.call(.block(accid: "ann", needKick: false, kickNotifyExt: "unused")) == .ok)
        #expect(rig.sent[online.link]?.count == 1 && rig.closed.isEmpty)
        let echo = rig.send(.echo("hello"), on: online.link)
        #expect(echo.count == 1)
        if case .reply(_, let reply)? = echo.first { #expect(reply == .echo(code: 200, text: "", echoed: "hello")) }
        #expect(rig.logIn(.of("ann", "t", device: "tablet")).code == 422)
        rig.drop(online.link)
        #expect(rig.logIn(.of("ann", "t", automatic: true)).code == 422)
    }

    @Test("A ban with kick kicks every device with reason 2 and the given text")
    func banAndKick() {
        var rig = rig()
        let links = ["phone", "tablet"].map { rig.logIn(.of("ann", "t", device: $0)).link }
        let ben = rig.logIn(.of("ben", "t")).link
        #expect(rig.call(.block(accid: "ann", needKick: true, kickNotifyExt: "house rules")) == .ok)
        for link in links {
            #expect(rig.kicks(on: link) == [KickNotice(reason: 2, text: "house rules", clientType: 0)])
            #expect(rig.closed[link] == 1000)
            // The kick comes before the close, and nothing after it.
            guard case .kicked? = rig.sent[link]?.last?.body else {
                Issue.record("the kick is not the last frame")
                return
            }
        }
        #expect(rig.closed[ben] == nil && rig.kicks(on: ben).isEmpty)
        #expect(rig.logIn(.of("ann", "t")).code == 422)
    }

    @Test("An unbanned account logs in again; a ban twice is still one ban")
    func unban() {
        var rig = rig()
        for _ in 1...2 { #expect(rig.call(.block(accid: "ann", needKick: false, kickNotifyExt: nil)) == .ok) }
        #expect(rig.call(.unblock(accid: "ann")) == .ok)
        #expect(rig.logIn(.of("ann", "t")).code == 200)
    }

    @Test(
        "The V2 kick reaches all, the listed, or all but the listed",
        arguments: [
            (1, [], ["a", "b", "c"], []), (2, ["b", "x", "x"], ["b"], ["x"]), (3, ["b", "x"], ["a", "c"], []),
        ] as [(Int, [String], [String], [String])])
    func kickTypes(type: Int, listed: [String], reached: [String], missed: [String]) {
        var rig = rig()
        let devices = ["a", "b", "c"]
        let links = devices.map { rig.logIn(.of("ann", "t", device: $0, type: 1)).link }
        let login = rig.now
        rig.now = rig.now + .seconds(5)
        let answer = rig.call(.kick(accountID: "ann", type: type, deviceIDs: listed, notify: "bye"))
        guard case .kicked(let success, let failed) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(success.map(\.deviceID) == reached)
        #expect(success.allSatisfy { $0.loginTime == login.milliseconds && $0.clientType == 1 })
        #expect(failed.map(\.deviceID) == missed)
        for (device, link) in zip(devices, links) {
            let isReached = reached.contains(device)
            #expect(rig.kicks(on: link) == (isReached ? [KickNotice(reason: 2, text: "bye", clientType: 0)] : []))
            #expect((rig.closed[link] != nil) == isReached)
        }
        // A kick is no ban.
        #expect(rig.logIn(.of("ann", "t", device: "a")).code == 200)
    }

    @Test("Kicking an account that is not online succeeds with an empty list")
    func kickNobody() {
        var rig = rig()
        #expect(
            rig.call(.kick(accountID: "ann", type: 1, deviceIDs: [], notify: nil)) == .kicked(success: [], failed: []))
    }

    /// Proves CE-9-kick-list.
    @Test("A client kicks its account's other clients, and the answer lists only those really kicked")
    func kickByClient() {
        var rig = rig()
        let phone = rig.logIn(.of("ann", "t", device: "phone", type: 2)).link
        let tablet = rig.logIn(.of("ann", "t", device: "tablet", type: 1)).link
        let web = rig.logIn(.of("ann", "t", device: "web", type: 16)).link
        let ben = rig.logIn(.of("ben", "t")).link
        // Itself, someone else's client, a stranger and a name twice are passed over.
        let answer = rig.send(.kick(["s-2", "s-1", "s-4", "s-99", "s-2", ""]), on: phone)
        guard case .reply(_, .kick(200, _, let kicked))? = answer.first else {
            Issue.record("\(answer)")
            return
        }
        #expect(kicked == ["s-2"])
        #expect(rig.kicks(on: tablet) == [KickNotice(reason: 3, text: "", clientType: 2)])
        #expect(rig.closed == [tablet: 1000])
        #expect(rig.changes(on: web).last == "logout s-2")
        #expect(rig.changes(on: phone).last == "logout s-2")
        #expect(rig.changes(on: ben).isEmpty)
        // Once more: nobody is left under that id.
        guard case .reply(_, .kick(200, _, let again))? = rig.send(.kick(["s-2"]), on: phone).first else {
            Issue.record("no answer to the second kick")
            return
        }
        #expect(again.isEmpty)
    }

    @Test("What comes from a link that was kicked is passed over")
    func afterKick() {
        var rig = rig()
        let link = rig.logIn(.of("ann", "t")).link
        rig.call(.kick(accountID: "ann", type: 1, deviceIDs: [], notify: nil))
        let before = rig.transcript.count
        #expect(rig.send(.echo("too late"), on: link).isEmpty)
        #expect(rig.handle(.linkClosed(link, .linkClosed)).isEmpty)
        #expect(rig.transcript.count == before)
    }
}
