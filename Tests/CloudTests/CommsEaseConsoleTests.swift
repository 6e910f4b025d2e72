import Cloud
import LoginCore
import Providers
import Testing

/// The console: its accounts and numbers, and the settings where the sources are at odds.
struct CommsEaseConsoleTests {
    private func overview(_ rig: inout CloudRig) throws -> CommsEaseConsoleOverview {
        guard case .overview(let overview) = rig.call(.consoleOverview) else {
            throw CommsEaseAPIError(code: 0, desc: "no overview")
        }
        return overview
    }

    private func set(_ rig: inout CloudRig, _ change: (inout CommsEaseConsolePatch) -> Void) {
        var patch = CommsEaseConsolePatch()
        change(&patch)
        rig.call(.changeConsoleSettings(patch))
    }

    /// Proves CE-1-console, CE-1-banned-count, OURS-console.
    @Test("The console lists what it made itself; banned accounts go on counting, after a restart too")
    func accounts() throws {
        var rig = CloudRig()
        rig.create("api", token: "t")
        rig.call(.account("api2", .create(CommsEaseAccountPatch())))
        for name in ["Zoe", "adam"] {
            guard case .account(let view) = rig.call(.consoleCreate(accid: name, token: nil)) else {
                Issue.record("\(name) was not made")
                return
            }
            #expect(rig.logIn(.of(view.accountID, view.token?.reveal(for: .wire) ?? "", device: name)).code == 200)
        }
        #expect(
            rig.call(.consoleCreate(accid: "API", token: nil)) == .failed(code: 102_405, desc: "account already exists")
        )
        rig.call(.block(accid: "adam", needKick: false, kickNotifyExt: nil))
        rig.call(.block(accid: "api", needKick: false, kickNotifyExt: nil))
        for _ in 0..<2 {
            let overview = try overview(&rig)
            #expect(overview.accounts.map(\.accid) == ["adam", "zoe"])
            #expect(overview.accounts.map(\.isBanned) == [true, false])
            #expect(overview.accountTotal == 4)
            #expect(overview.bannedTotal == 2)
            #expect(overview.dailyActive == 2)
            rig = CloudRig(restoring: rig.records)
        }
    }

    /// Proves CE-6-wake-up, OURS-active-day.
    @Test("An account is active once a day, by automatic logins too, and the day ends at midnight UTC")
    func dailyActive() throws {
        var rig = CloudRig()
        for name in ["ann", "ben", "cyd"] { rig.create(name, token: "t") }
        // 22:13:20 UTC of a day.
        _ = rig.logIn(.of("ann", "t", automatic: true))
        _ = rig.logIn(.of("ann", "t", automatic: true))
        _ = rig.logIn(.of("ann", "t"))
        _ = rig.logIn(.of("ben", "t"))
        _ = rig.logIn(.of("cyd", "wrong"))
        #expect(try overview(&rig).dailyActive == 2)
        rig.now = Instant(seconds: 1_700_006_399)
        #expect(try overview(&rig).dailyActive == 2)
        rig.now = Instant(seconds: 1_700_006_400)
        #expect(try overview(&rig).dailyActive == 0)
        // A wake-up in the background.
        _ = rig.logIn(.of("ann", "t", automatic: true))
        #expect(try overview(&rig).dailyActive == 1)
    }

    /// Proves CE-11.2-kick-text, OURS-kick-text.
    @Test(
        "An SDK before 7.7.0 is kicked without the text",
        arguments: [
            ("7.6.9", false), ("7.7.0", true), ("7.7", true), ("7.10.0", true), ("10.9.72", true), ("6.99.99", false),
            ("", true), ("beta", true),
        ])
    func kickText(version: String, hasText: Bool) {
        for isSet in [true, false] {
            var rig = CloudRig()
            rig.create("ann", token: "t")
            if !isSet { set(&rig) { $0.kickTextSince = "" } }
            let details = LinkClientDetails(sdkVersion: version)
            let first = rig.logIn(.of("ann", "t", details: details)).link
            rig.call(.block(accid: "ann", needKick: true, kickNotifyExt: "why"))
            #expect(rig.kicks(on: first).map(\.text) == [hasText || !isSet ? "why" : ""])
            rig.call(.unblock(accid: "ann"))
            let second = rig.logIn(.of("ann", "t", details: details)).link
            rig.call(.kick(accountID: "ann", type: 1, deviceIDs: [], notify: "v2"))
            #expect(rig.kicks(on: second).map(\.text) == [hasText || !isSet ? "v2" : ""])
        }
    }

    /// Proves CE-14.2-v10.
    @Test("A V10 client is told V10's numbers, any other V9's", arguments: ["v10", "v9", "", "v99"])
    func generations(name: String) {
        let isV10 = name == "v10"
        let details = LinkClientDetails(generation: name)
        var rig = CloudRig()
        rig.create("ann", token: "t")
        rig.create("bob", token: "t")
        rig.call(.block(accid: "bob", needKick: false, kickNotifyExt: nil))
        func code(_ login: LinkLogin) -> Int { rig.logIn(login).code }
        #expect(code(.of("ann", "t", appKey: "x", details: details)) == (isV10 ? 101_303 : 302))
        #expect(code(.of("ann", "t", authType: 2, details: details)) == (isV10 ? 101_305 : 403))
        #expect(code(.of("nobody", "t", details: details)) == (isV10 ? 102_404 : 302))
        #expect(code(.of("bob", "t", details: details)) == (isV10 ? 102_422 : 422))
        #expect(code(.of("ann", "x", details: details)) == (isV10 ? 102_302 : 302))
        #expect(code(.of("ann", "t", device: "one", details: details)) == 200)
        rig.send(.logout, on: LinkID(6))
        #expect(code(.of("ann", "t", device: "two", automatic: true, details: details)) == 417)
    }

    /// Proves CE-13-banned-code.
    @Test("What a banned account is told is a setting", arguments: CommsEaseConsoleSettings.bannedCodes)
    func bannedCode(code: Int) {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        set(&rig) { $0.bannedCode = code }
        rig.call(.block(accid: "ann", needKick: false, kickNotifyExt: nil))
        #expect(rig.logIn(.of("ann", "t")).code == code)
        #expect(rig.logIn(.of("ann", "t", details: LinkClientDetails(generation: "v10"))).code == 102_422)
    }

    /// Proves CE-11.3-rate, OURS-rate-kinds.
    @Test("The 101st creation in a second is answered 416, and so is every one for ten seconds")
    func rateLimit() {
        var rig = CloudRig()
        func create(_ number: Int) -> CommsEaseAnswer {
            rig.call(.account("a\(number)", .create(CommsEaseAccountPatch())))
        }
        func isRefused(_ answer: CommsEaseAnswer) -> Bool { answer == .failed(code: 416, desc: "too many requests") }
        let first = (0..<102).map { isRefused(create($0)) }
        #expect(first == Array(repeating: false, count: 100) + [true, true])
        // Other kinds of call go on, V1's creation among them.
        rig.create("v1", token: "t")
        #expect(rig.logIn(.of("v1", "t")).code == 200)
        #expect(rig.call(.account("a1", .refreshToken)) != .failed(code: 416, desc: "too many requests"))
        rig.now = rig.now + .milliseconds(9999)
        #expect(isRefused(create(200)))
        rig.now = rig.now + .milliseconds(1)
        #expect(!isRefused(create(201)))
        // A hundred in each of two seconds are fine, and 0 is no limit.
        rig.now = rig.now + .seconds(1)
        #expect((300..<400).allSatisfy { !isRefused(create($0)) })
        rig.now = rig.now + .seconds(1)
        set(&rig) { $0.rateLimit = 0 }
        #expect((400..<600).allSatisfy { !isRefused(create($0)) })
    }

    @Test("V1 tells the limit in its own words, and calls with a wrong signature do not count")
    func rateLimitV1() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        set(&rig) { $0.rateLimit = 1 }
        var forged = rig.signed(.unblock(accid: "ann"))
        for index in forged.headers.indices where forged.headers[index].name == "CheckSum" {
            forged.headers[index].value = "forged"
        }
        for _ in 0..<5 { #expect(rig.request(forged).text == #"{"desc":"checksum","code":414}"#) }
        #expect(rig.request(rig.signed(.unblock(accid: "ann"))).text == #"{"code":200}"#)
        #expect(
            rig.request(rig.signed(.unblock(accid: "ann"))).text == #"{"desc":"too many requests","code":416}"#)
    }

    @Test("All settings outlive a restart")
    func kept() {
        var rig = CloudRig()
        set(&rig) {
            $0.devicePolicy = 3
            $0.authTypes = []
            $0.loginCallback = "https://app.example/check"
            $0.loginCallbackTimeout = 1234
            $0.loginCallbackPasses = false
            $0.callbackRefusalCode = 463
            $0.bannedCode = 301
            $0.kickTextSince = "8"
            $0.rateLimit = 5
        }
        let before = rig.call(.consoleSettings)
        rig = CloudRig(restoring: rig.records)
        #expect(rig.call(.consoleSettings) == before)
        #expect(rig.cloud.restoreProblems.isEmpty)
        #expect(before != .settings(CommsEaseConsoleSettings()))
    }
}
