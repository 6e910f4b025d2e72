import Cloud
import LoginCore
import Providers
import Testing

/// Several devices of one user (easemob.md §9).
struct EasemobDeviceTests {
    /// Proves EM-9-one, EM-5-other-device.
    @Test("Where one device is allowed, the newer login pushes the older one out and tells it by whom")
    func one() throws {
        var rig = EasemobRig()
        rig.register("ann", "ben")
        let (phone, _) = rig.logIn("ann", .iOS)
        let (other, _) = rig.logIn("ben", .iOS)
        let (page, code) = rig.logIn("ann", .web)
        #expect(code == 200)
        let notice = KickNotice(reason: 206, text: "Web", clientType: EasemobPlatform.web.rawValue)
        #expect(rig.sent[phone]?.last?.body == .kicked(notice))
        #expect(rig.closed[phone] == 1000)
        #expect(rig.kicks(on: other).isEmpty)
        // An automatic login pushes out in its turn.
        let (_, again) = rig.logIn("ann", .iOS, automatic: true)
        #expect(again == 200)
        #expect(rig.kicks(on: page) == [206])
    }

    /// Proves EM-own-self-replace.
    @Test("A login from a device that has a session replaces it in silence", arguments: [1, 2, 3])
    func selfReplace(policy: Int) throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"devicePolicy\":\(policy),\"refusesOldDevices\":true,\"devicesPerPlatform\":1}")
        let (first, _) = rig.logIn("ann")
        let (_, code) = rig.logIn("ann", automatic: true)
        #expect(code == 200)
        #expect(rig.kicks(on: first).isEmpty)
        #expect(rig.closed[first] == 1000)
        #expect(
            rig.ask(.resources("ann"))
                == .resources([EasemobResource(name: "ios_iOS", deviceID: "iOS", deviceName: "iOS")]))
    }

    /// Proves EM-9-first, EM-own-present-device.
    @Test("Where the first device wins, a later login is refused until the first is gone")
    func first() throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"devicePolicy\":2}")
        let (phone, _) = rig.logIn("ann", .iOS)
        for automatic in [false, true] { #expect(rig.logIn("ann", .web, automatic: automatic).code == 213) }
        #expect(rig.kicks(on: phone).isEmpty)
        rig.drop(phone)
        #expect(rig.logIn("ann", .web).code == 200)
    }

    /// Proves EM-9-several.
    @Test("Four devices of each platform are online, and a fifth pushes out the earliest of its own")
    func several() throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"devicePolicy\":3}")
        var phones: [LinkID] = []
        for number in 1...4 { phones.append(rig.logIn("ann", .iOS, device: "p\(number)").link) }
        let (page, _) = rig.logIn("ann", .web)
        let (tablet, _) = rig.logIn("ann", .harmony)
        #expect(phones.allSatisfy { rig.kicks(on: $0).isEmpty })
        rig.logIn("ann", .iOS, device: "p5")
        #expect(phones.map { rig.kicks(on: $0) } == [[206], [], [], []])
        rig.logIn("ann", .iOS, device: "p6")
        #expect(phones.map { rig.kicks(on: $0) } == [[206], [206], [], []])
        #expect(rig.kicks(on: page).isEmpty)
        #expect(rig.kicks(on: tablet).isEmpty)
    }

    /// Proves EM-9-old, EM-5-other-device.
    @Test("On request an automatic login does not push another device out: 220 and 214, a manual one does")
    func oldDevices() throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"refusesOldDevices\":true}")
        let (phone, _) = rig.logIn("ann", .iOS)
        let refused = rig.logIn("ann", .web, automatic: true)
        #expect(refused.code == 220)
        // The one that comes back is told who is there.
        let texts = rig.hands.sent[refused.link, default: []].compactMap { frame -> String? in
            if case .reply(_, .login(_, let text, _, _)) = frame.body { text } else { nil }
        }
        #expect(texts == ["iOS"])
        #expect(rig.kicks(on: phone).isEmpty)
        #expect(rig.logIn("ann", .web).code == 200)
        #expect(rig.kicks(on: phone) == [206])

        try rig.set("{\"devicePolicy\":3,\"devicesPerPlatform\":2}")
        rig.logIn("ann", .iOS, device: "p1")
        #expect(rig.logIn("ann", .iOS, device: "p2", automatic: true).code == 200)
        #expect(rig.logIn("ann", .iOS, device: "p3", automatic: true).code == 214)
        #expect(rig.logIn("ann", .android, device: "a1", automatic: true).code == 200)
        #expect(rig.logIn("ann", .iOS, device: "p3").code == 200)
        // Alone, an automatic login is welcome.
        var other = EasemobRig()
        other.register("ann")
        try other.set("{\"refusesOldDevices\":true}")
        #expect(other.logIn("ann", automatic: true).code == 200)
    }

    /// Proves EM-9-custom, EM-own-client-types.
    @Test("A custom platform is one of its own, by its number, with as many devices as the console says")
    func custom() throws {
        var rig = EasemobRig()
        rig.register("ann")
        try rig.set("{\"devicePolicy\":3,\"devicesPerPlatform\":1,\"customPlatformDevices\":2}")
        let token = rig.token("ann")
        func logIn(_ device: String, _ number: Int) -> (LinkID, Int) {
            let link = rig.open()
            return (link, rig.logIn(.easemob("ann", token, .iOS, device: device, custom: number), on: link))
        }
        let plain = logIn("a", 0)
        let beyond = logIn("b", 101)
        #expect(rig.kicks(on: plain.0) == [206], "101 is no number of a platform")
        let first = logIn("c", 7)
        _ = logIn("d", 7)
        let other = logIn("e", 8)
        #expect(rig.kicks(on: first.0).isEmpty)
        _ = logIn("f", 7)
        #expect(rig.kicks(on: first.0) == [206])
        #expect(rig.kicks(on: other.0).isEmpty)
        #expect(rig.kicks(on: beyond.0).isEmpty)
        try rig.set("{\"customPlatformDevices\":0}")
        #expect(logIn("g", 9).1 == 214)
        // A client type without a platform counts as Web.
        var login = LinkLogin.easemob("ann", token, .web, device: "h")
        login.clientType = 99
        #expect(rig.code(login) == 200)
        guard case .resources(let resources) = rig.ask(.resources("ann")) else { return }
        #expect(resources.last?.name == "web_h")
    }

    /// Proves EM-9-kick, EM-own-no-other-clients.
    @Test("A client sees its user's other devices come and go, and kicks those that it names")
    func kicks() throws {
        var rig = EasemobRig()
        rig.register("ann", "ben")
        try rig.set("{\"devicePolicy\":3}")
        let (phone, _) = rig.logIn("ann", .iOS)
        let (other, _) = rig.logIn("ben", .iOS)
        let page = rig.open()
        let answer = rig.send(.login(.easemob("ann", rig.token("ann"), .web)), on: page)
        let first = OnlineClient(id: "s-1", clientType: EasemobPlatform.iOS.rawValue)
        #expect(answer == [.reply(id: 3, .login(code: 200, text: "", account: "ann", clients: [first]))])
        let third = OnlineClient(id: "s-3", clientType: EasemobPlatform.web.rawValue)
        #expect(rig.sent[phone]?.last?.body == .clients(.login, [third]))
        // Neither itself, nor another user's, nor nobody's.
        let kicked = rig.send(.kick(["s-1", "s-2", "s-3", "s-9"]), on: page)
        #expect(kicked.first == .reply(id: 4, .kick(code: 200, text: "", kicked: ["s-1"])))
        #expect(rig.kicks(on: phone) == [217])
        #expect(rig.kicks(on: other).isEmpty)
        #expect(rig.sent[page]?.last?.body == .clients(.logout, [first]))
    }
}
