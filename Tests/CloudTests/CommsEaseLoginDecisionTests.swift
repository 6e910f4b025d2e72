import Cloud
import LoginCore
import Providers
import Testing

/// The decision order of commsease.md §14.2: of all that is wrong with a login, the first in the order answers.
struct CommsEaseLoginDecisionTests {
    /// One thing that is wrong with a login, in the order in which the server looks.
    enum Wrong: Int, CaseIterable, CustomTestStringConvertible {
        case appKey, authType, account, banned, token, device

        var code: Int {
            switch self {
            case .appKey, .account, .token: 302
            case .authType: 403
            case .banned: 422
            case .device: 417
            }
        }

        var rule: RuleID {
            switch self {
            case .appKey: "CE-14.2-appkey"
            case .authType: "CE-14.2-auth-type"
            case .account: "CE-14.2-account"
            case .banned: "CE-14.2-banned"
            case .token: "CE-14.2-credential"
            case .device: "CE-14.2-device"
            }
        }

        var testDescription: String { "\(self)" }
    }

    static let combinations: [[Wrong]] = (0..<(1 << Wrong.allCases.count)).map { bits in
        Wrong.allCases.filter { bits & (1 << $0.rawValue) != 0 }
    }

    /// Proves CE-14.2.
    @Test("Of everything wrong with an automatic login, the first in the order answers", arguments: combinations)
    func order(wrongs: [Wrong]) {
        var rig = CloudRig()
        rig.create("ann", token: "right")
        // The last device is "phone"; the login comes from there unless that is what is wrong.
        let first = rig.logIn(.of("ann", "right"))
        rig.drop(first.link)
        if wrongs.contains(.banned) { rig.call(.block(accid: "ann", needKick: false, kickNotifyExt: nil)) }
        if wrongs.contains(.authType) { rig.call(.changeConsoleSettings(CommsEaseConsolePatch(authTypes: [1, 2]))) }
        let login = LinkLogin.of(
            wrongs.contains(.account) ? "nobody" : "ann", wrongs.contains(.token) ? "wrong" : "right",
            device: wrongs.contains(.device) ? "tablet" : "phone", automatic: true,
            appKey: wrongs.contains(.appKey) ? "other-key" : CloudRig.appKey)
        let outcome = rig.logIn(login)
        #expect(outcome.code == wrongs.first?.code ?? 200)
        // The transcript names the rule that answered.
        let rules = rig.transcript.suffix(4).flatMap(\.fields).compactMap { field -> RuleID? in
            if case .rule(let rule) = field.value { rule } else { nil }
        }
        #expect(rules == [wrongs.first?.rule ?? "CE-14.2-accepted"])
        // A refusal leaves the link open for another try, with nothing else changed.
        #expect(rig.closed[outcome.link] == nil)
        if let wrong = wrongs.first, wrong == .token || wrong == .device {
            #expect(rig.logIn(.of("ann", "right"), on: outcome.link) == (wrongs.contains(.banned) ? 422 : 200))
        }
    }

    @Test(
        "The device check concerns automatic logins that are not forced, and nothing else",
        arguments: [(false, false, 200), (false, true, 200), (true, false, 417), (true, true, 200)])
    func deviceCheck(automatic: Bool, forced: Bool, code: Int) {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        rig.drop(rig.logIn(.of("ann", "t", device: "phone")).link)
        #expect(rig.logIn(.of("ann", "t", device: "tablet", automatic: automatic, forced: forced)).code == code)
        // Only an accepted login changes the last device.
        #expect(rig.logIn(.of("ann", "t", device: "phone", automatic: true)).code == (code == 200 ? 417 : 200))
    }

    @Test("An account that never logged in has no last device, and is let in automatically")
    func noLastDevice() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        #expect(rig.logIn(.of("ann", "t", automatic: true)).code == 200)
    }

    /// Proves CE-14.3.
    @Test("A refused login, a logout, a ban and a new token leave the last device as it is")
    func lastDeviceStays() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let phone = rig.logIn(.of("ann", "t", device: "phone"))
        #expect(rig.logIn(.of("ann", "wrong", device: "tablet")).code == 302)
        rig.send(.logout, on: phone.link)
        rig.call(.block(accid: "ann", needKick: false, kickNotifyExt: nil))
        #expect(rig.logIn(.of("ann", "t", device: "tablet")).code == 422)
        rig.call(.unblock(accid: "ann"))
        rig.call(.update(accid: "ann", token: Secret("u", kind: .token)))
        #expect(rig.logIn(.of("ann", "u", device: "tablet", automatic: true)).code == 417)
        #expect(rig.logIn(.of("ann", "u", device: "phone", automatic: true)).code == 200)
    }

    @Test("An account is found in any case of ASCII letters, and in no other disguise")
    func letterCase() {
        var rig = CloudRig()
        rig.create("Kim", token: "t")
        let link = rig.open()
        #expect(
            rig.send(.login(.of("kIM", "t")), on: link).contains(
                .reply(id: 1, .login(code: 200, text: "", account: "kim", clients: []))))
        #expect(rig.logIn(.of("\u{212A}im", "t")).code == 302)
    }

    /// Proves CE-10-dynamic, CE-10-several.
    @Test("A dynamic token opens the door while it lives, and a static one does not pass for it")
    func dynamicTokens() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let token = CloudRig.mint.dynamicToken(account: "ann", at: rig.now, lifetime: .seconds(60))
        let text = token.reveal(for: .verification)
        #expect(rig.logIn(.of("ann", text, authType: 1)).code == 200)
        #expect(rig.logIn(.of("ann", text, authType: 0)).code == 302)
        #expect(rig.logIn(.of("ann", "t", authType: 1)).code == 302)
        rig.now = rig.now + .milliseconds(59_999)
        #expect(rig.logIn(.of("ann", text, authType: 1)).code == 200)
        rig.now = rig.now + .milliseconds(1)
        #expect(rig.logIn(.of("ann", text, authType: 1)).code == 302)
    }

    /// Proves OURS-long-life.
    @Test("A dynamic token of more than a day opens the door, and is noted", arguments: [(86_400, 0), (86_401, 1)])
    func longLife(seconds: Int, notes: Int) {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let token = CloudRig.mint.dynamicToken(account: "ann", at: rig.now, lifetime: .seconds(seconds))
        #expect(rig.logIn(.of("ann", token.reveal(for: .verification), authType: 1)).code == 200)
        #expect(rig.transcript.count { $0.title == "the dynamic token lives longer than 24 h" } == notes)
    }

    /// Proves CE-10-callback-open, CE-10-not-enabled.
    @Test("Callback tokens need their type enabled; without a callback every one of them passes")
    func callbackTokens() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        #expect(rig.logIn(.of("ann", "anything", authType: 2)).code == 403)
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(authTypes: [2])))
        #expect(rig.logIn(.of("ann", "anything", authType: 2)).code == 200)
        #expect(rig.logIn(.of("ann", "t", authType: 0)).code == 403)
    }

    @Test("An authentication type that does not exist is not enabled", arguments: [-1, 3, 7, Int(Int32.max)])
    func unknownAuthType(type: Int) {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let code = rig.logIn(.of("ann", "t", authType: type)).code
        #expect(code == 403)
    }
}
