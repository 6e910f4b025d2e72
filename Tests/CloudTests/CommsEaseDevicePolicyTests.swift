import Cloud
import LoginCore
import Providers
import Testing

/// Who may be online together (commsease.md §9).
struct CommsEaseDevicePolicyTests {
    static let types = [1, 2, 4, 8, 16, 64, 65, 0, 32]
    static let mobile: Set<Int> = [1, 2, 8, 65]
    static let rows: [(Int, Int, Int)] = [1, 2, 3].flatMap { policy in
        types.flatMap { first in types.map { (policy, first, $0) } }
    }

    private func rig(policy: Int) -> CloudRig {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: policy)))
        return rig
    }

    /// Proves CE-9-policy-2, OURS-desktop-group.
    @Test("A second device kicks the first, or not, by policy and client types", arguments: rows)
    func twoDevices(policy: Int, first: Int, second: Int) {
        var rig = rig(policy: policy)
        let one = rig.logIn(.of("ann", "t", device: "one", type: first))
        let two = rig.logIn(.of("ann", "t", device: "two", type: second))
        #expect(one.code == 200 && two.code == 200)
        let isSameGroup = Self.mobile.contains(first) == Self.mobile.contains(second)
        let isKicked = policy == 1 || policy == 2 && isSameGroup
        #expect(rig.kicks(on: one.link) == (isKicked ? [KickNotice(reason: 1, text: "", clientType: second)] : []))
        #expect(rig.closed[one.link] == (isKicked ? 1000 : nil))
        // Whoever stays is told of the newcomer, and the newcomer of whoever stays.
        #expect(rig.changes(on: one.link) == (isKicked ? [] : ["login s-2"]))
        let reply = LinkReply.login(
            code: 200, text: "", account: "ann", clients: isKicked ? [] : [OnlineClient(id: "s-1", clientType: first)])
        #expect(rig.sent[two.link]?.map(\.body) == [.reply(id: 2, reply)])
    }

    @Test("After two logins the first device is refused with 417 where the two exclude each other", arguments: rows)
    func lastDevice(policy: Int, first: Int, second: Int) {
        var rig = rig(policy: policy)
        rig.drop(rig.logIn(.of("ann", "t", device: "one", type: first)).link)
        rig.drop(rig.logIn(.of("ann", "t", device: "two", type: second)).link)
        let isSameGroup = Self.mobile.contains(first) == Self.mobile.contains(second)
        let isRefused = policy == 1 || policy == 2 && isSameGroup
        let again = rig.logIn(.of("ann", "t", device: "one", type: first, automatic: true))
        #expect(again.code == (isRefused ? 417 : 200))
    }

    /// Proves OURS-eleventh-device.
    @Test("Under policy 3 the eleventh device kicks the oldest, and only that one")
    func elevenDevices() {
        var rig = rig(policy: 3)
        let links = (1...11).map { rig.logIn(.of("ann", "t", device: "device \($0)")).link }
        #expect(links.map { rig.kicks(on: $0).count } == [1] + Array(repeating: 0, count: 10))
        #expect(rig.changes(on: links[1]).suffix(2) == ["logout s-1", "login s-11"])
    }

    /// Proves CE-9-v10-force, OURS-v10-limit.
    @Test(
        "At the limit of policy 3, V10 is refused unless it is forced; V9 gets in either way", arguments: ["v9", "v10"])
    func force(generation: String) {
        for isForced in [false, true] {
            var rig = rig(policy: 3)
            let links = (1...10).map { rig.logIn(.of("ann", "t", device: "device \($0)")).link }
            var login = LinkLogin.of("ann", "t", device: "device 11")
            login.forced = isForced
            login.details.generation = generation
            let isRefused = generation == "v10" && !isForced
            #expect(rig.logIn(login).code == (isRefused ? 417 : 200))
            #expect(rig.kicks(on: links[0]).map(\.reason) == (isRefused ? [] : [1]))
        }
    }

    /// Proves OURS-v10-limit.
    @Test("Under policies 1 and 2 a manual login of V10 kicks whom it excludes, forced or not", arguments: [1, 2])
    func forceBelowLimit(policy: Int) {
        for isForced in [false, true] {
            var rig = rig(policy: policy)
            let one = rig.logIn(.of("ann", "t", device: "one"))
            var login = LinkLogin.of("ann", "t", device: "two")
            login.forced = isForced
            login.details.generation = "v10"
            #expect(rig.logIn(login).code == 200)
            #expect(rig.kicks(on: one.link).map(\.reason) == [1])
        }
    }

    /// Proves CE-9-policy.
    @Test("A change of policy kicks nobody and decides the next login")
    func policyChange() {
        var rig = rig(policy: 3)
        let one = rig.logIn(.of("ann", "t", device: "one")).link
        let two = rig.logIn(.of("ann", "t", device: "two")).link
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 1)))
        #expect(rig.closed.isEmpty)
        // The last device is known from before the change.
        #expect(rig.logIn(.of("ann", "t", device: "three", automatic: true)).code == 417)
        #expect(rig.logIn(.of("ann", "t", device: "three")).code == 200)
        #expect(rig.closed == [one: 1000, two: 1000])
    }

    @Test("A device that logs in over its own session replaces it without a kick and without 417")
    func replacement() {
        var rig = rig(policy: 3)
        let old = rig.logIn(.of("ann", "t", device: "phone")).link
        let other = rig.logIn(.of("ann", "t", device: "tablet")).link
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 2)))
        let web = rig.logIn(.of("ann", "t", device: "web", type: 16)).link
        // The tablet was the last mobile device, but the phone has a session here.
        let new = rig.logIn(.of("ann", "t", device: "phone", automatic: true))
        #expect(new.code == 200)
        #expect(rig.kicks(on: old).isEmpty)
        #expect(rig.closed[old] == 1000)
        #expect(rig.kicks(on: other).map(\.reason) == [1])
        #expect(rig.changes(on: web) == ["logout s-1,s-2", "login s-4"])
        // The end of the old link, reported late, touches nothing.
        #expect(rig.handle(.linkClosed(old, .linkClosed)).isEmpty)
        #expect(rig.send(.echo("here"), on: new.link).count == 1)
    }

    @Test("The same device id under another account replaces nothing")
    func sameDeviceOtherAccount() {
        var rig = rig(policy: 1)
        rig.create("ben", token: "t")
        let ann = rig.logIn(.of("ann", "t", device: "phone"))
        let ben = rig.logIn(.of("ben", "t", device: "phone"))
        #expect(ben.code == 200)
        #expect(rig.closed[ann.link] == nil)
    }
}
