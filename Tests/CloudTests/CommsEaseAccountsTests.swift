import Cloud
import LoginCore
import Providers
import Testing

/// Mutes, the online status, V2's accounts, and what is saved of them.
struct CommsEaseAccountsTests {
    private func view(_ answer: CommsEaseAnswer) -> CommsEaseAccountView? {
        if case .account(let view) = answer { view } else { nil }
    }

    /// Proves CE-11.2-mute, CE-11.2-mute-module, CE-12.4, OURS-mute-module.
    @Test("A mute never touches a login, a reconnect or a live link")
    func mutes() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let online = rig.logIn(.of("ann", "t"))
        #expect(rig.request(rig.signed(.mute(accid: "ANN", isMuted: true))).text == #"{"code":200}"#)
        #expect(
            rig.call(.muteModules(accid: "ann", [.p2p: true, .team: true, .room: true, .qchat: true]))
                == .mutes([.p2p, .team, .room, .qchat]))
        #expect(rig.closed[online.link] == nil && rig.kicks(on: online.link).isEmpty)
        #expect(rig.send(.echo("still here"), on: online.link).count == 1)
        rig.drop(online.link)
        #expect(rig.logIn(.of("ann", "t", automatic: true)).code == 200)
        #expect(rig.logIn(.of("ann", "t", device: "tablet")).code == 200)
        // What is left out stays; the mute everywhere is no module.
        #expect(rig.call(.muteModules(accid: "ann", [.team: false])) == .mutes([.p2p, .room, .qchat]))
        #expect(rig.call(.mute(accid: "ann", isMuted: false)) == .ok)
        #expect(rig.call(.muteModules(accid: "ann", [:])) == .mutes([.p2p, .room, .qchat]))
        for command in [CommsEaseCommand.mute(accid: "Bob", isMuted: true), .muteModules(accid: "Bob", [.p2p: true])] {
            #expect(rig.call(command) == .failed(code: 414, desc: "bob not register"))
        }
    }

    /// Proves CE-11.2-online-status, OURS-online-status.
    @Test("The online status has each account once: unknown as written, offline nowhere, online with its clients")
    func onlineStatus() {
        var rig = CloudRig()
        for accid in ["ann", "bob"] { rig.create(accid, token: "t") }
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 3)))
        _ = rig.logIn(.of("ann", "t"))
        rig.now = rig.now + .milliseconds(1500)
        let web = rig.logIn(.of("ann", "t", device: "browser", type: 16))
        let asked = CommsEaseCommand.onlineStatus(accids: ["No Body", "bob", "ANN", "ann", "No Body"])
        #expect(
            rig.request(rig.signed(asked)).text
                == #"{"code":200,"data":{"invalidAccids":["No Body"],"status":{"ann":[{"clientType":2,"loginTime":"#
                + #"1700000000000},{"clientType":16,"loginTime":1700000001500}]}}}"#)
        rig.drop(web.link)
        guard case .online(_, let status) = rig.call(asked) else {
            Issue.record("no status")
            return
        }
        #expect(status.map(\.clients.count) == [1])
    }

    /// Proves CE-11.3-create, CE-11.3-codes, OURS-v2-answers.
    @Test("V2 makes an account, tells it, and knows no second one of its name")
    func create() throws {
        var rig = CloudRig()
        let patch = CommsEaseAccountPatch(mutes: [.team: true], profile: CommsEaseProfile(name: "Ann"))
        let made = try #require(view(rig.call(.account("ANN", .create(patch)))))
        let token = try #require(made.token)
        #expect(made.accountID == "ann" && made.isEnabled && made.mutes == [.team] && made.profile?.name == "Ann")
        #expect(token.length == 32)
        #expect(rig.logIn(.of("ann", token.reveal(for: .wire))).code == 200)
        #expect(view(rig.call(.account("ann", .read))) == made)
        let again = rig.request(rig.signed(.account("Ann", .create(CommsEaseAccountPatch()))))
        #expect(again.text == #"{"code":102405,"msg":"account already exists","data":{}}"#)
        #expect(rig.call(.create(accid: "ann", token: nil, name: nil)) == .failed(code: 414, desc: "already register"))
        let banned = try #require(view(rig.call(.account("bob", .create(CommsEaseAccountPatch(isEnabled: false))))))
        #expect(rig.logIn(.of("bob", banned.token?.reveal(for: .wire) ?? "")).code == 422)
    }

    /// Proves CE-11.3-codes.
    @Test(
        "V2 answers 102404 for an account that does not exist, and makes none",
        arguments: [
            CommsEaseAccountAction.read, .refreshToken, .disable(isEnabled: false, needKick: true, notify: nil),
            .update(CommsEaseAccountPatch(isEnabled: false), needKick: false, notify: nil),
        ])
    func unknown(_ action: CommsEaseAccountAction) {
        var rig = CloudRig()
        let response = rig.request(rig.signed(.account("nobody", action)))
        #expect(response.status == 200)
        #expect(response.text == #"{"code":102404,"msg":"account not exist","data":{}}"#)
        #expect(rig.store.isEmpty)
    }

    /// Proves CE-11.3-update, CE-11.3-refresh-token.
    @Test("After V2's update and refresh_token only the latest token opens the door")
    func tokens() throws {
        var rig = CloudRig()
        rig.create("ann", token: "first")
        let online = rig.logIn(.of("ann", "first"))
        let second = CommsEaseAccountPatch(token: Secret("second", kind: .token))
        #expect(view(rig.call(.account("ann", .update(second, needKick: false, notify: nil))))?.isEnabled == true)
        #expect(rig.closed[online.link] == nil)
        #expect(rig.logIn(.of("ann", "first")).code == 302)
        #expect(rig.logIn(.of("ann", "second")).code == 200)
        let third = try #require(view(rig.call(.account("ann", .refreshToken)))?.token)
        #expect(rig.logIn(.of("ann", "second")).code == 302)
        #expect(rig.logIn(.of("ann", third.reveal(for: .wire))).code == 200)
    }

    /// Proves CE-11.3-disable, OURS-need-kick.
    @Test("V2's disable bans and unbans; it kicks when it bans and is asked to", arguments: [false, true])
    func disable(needKick: Bool) {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        let online = rig.logIn(.of("ann", "t"))
        let ban = rig.call(.account("ann", .disable(isEnabled: false, needKick: needKick, notify: "bye")))
        #expect(view(ban)?.isEnabled == false)
        #expect(
            rig.kicks(on: online.link) == (needKick ? [KickNotice(reason: 2, text: "bye", clientType: 0)] : []))
        #expect(rig.logIn(.of("ann", "t")).code == 422)
        #expect(
            view(rig.call(.account("ann", .disable(isEnabled: true, needKick: true, notify: nil))))?.isEnabled == true)
        #expect((rig.closed[online.link] == nil) == !needKick)
        #expect(rig.logIn(.of("ann", "t")).code == 200)
    }

    /// Proves CE-11.3-update, OURS-need-kick.
    @Test("V2's update bans through the configuration, and kicks whenever it is asked to")
    func updateWithKick() {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        var online = rig.logIn(.of("ann", "t"))
        rig.call(.account("ann", .update(CommsEaseAccountPatch(), needKick: true, notify: "new rules")))
        #expect(rig.kicks(on: online.link).map(\.text) == ["new rules"])
        online = rig.logIn(.of("ann", "t"))
        #expect(online.code == 200)
        rig.call(.account("ann", .update(CommsEaseAccountPatch(isEnabled: false), needKick: false, notify: nil)))
        #expect(rig.closed[online.link] == nil)
        #expect(rig.logIn(.of("ann", "t")).code == 422)
        #expect(rig.call(.unblock(accid: "ann")) == .ok)
        #expect(rig.logIn(.of("ann", "t")).code == 200)
    }

    /// Proves CE-11.3-read, CE-11.2-unbind-push, OURS-v2-look-up.
    @Test("Several accounts are told in the order asked, each once, without tokens")
    func several() {
        var rig = CloudRig()
        for accid in ["ann", "bob"] { rig.create(accid, token: "t") }
        rig.call(.block(accid: "bob", needKick: false, kickNotifyExt: nil, needUnbindPushToken: true))
        guard case .accounts(let known, let unknown) = rig.call(.accounts(["bob", "cat", "ann", "bob"])) else {
            Issue.record("no accounts")
            return
        }
        #expect(known.map(\.accountID) == ["bob", "ann"] && known.map(\.isEnabled) == [false, true])
        #expect(known.allSatisfy { $0.token == nil })
        #expect(unknown.map(\.accountID) == ["cat"] && unknown.map(\.code) == [102_404])
    }

    @Test("Card and mutes outlive a restart, and a record without them is still read")
    func records() throws {
        var rig = CloudRig()
        var card = CommsEaseProfile(name: "Ann")
        card.props = "p"
        card.gender = 1
        rig.call(.create(accid: "ann", token: Secret("t", kind: .token), profile: card))
        rig.call(.mute(accid: "ann", isMuted: true))
        rig.call(.muteModules(accid: "ann", [.room: true]))
        let before = try #require(view(rig.call(.account("ann", .read))))
        #expect(before.profile?.gender == 1 && before.mutes == [.room])
        var restored = CloudRig(restoring: rig.records)
        #expect(restored.cloud.restoreProblems.isEmpty)
        #expect(view(restored.call(.account("ann", .read))) == before)
        // Written back, it is the same but for what changed.
        restored.call(.mute(accid: "ann", isMuted: false))
        restored.call(.mute(accid: "ann", isMuted: true))
        #expect(restored.store["commsease/accounts/ann"] == rig.store["commsease/accounts/ann"])

        let old = DurableRecord(
            collection: "commsease/accounts", key: "bob",
            value: Array(
                #"{"accid":"bob","banned":false,"lastDevices":{},"name":"Bob","replacedTokens":[],"token":"t"}"#.utf8))
        var older = CloudRig(restoring: [old])
        #expect(older.cloud.restoreProblems.isEmpty)
        #expect(older.logIn(.of("bob", "t")).code == 200)
        #expect(view(older.call(.account("bob", .read)))?.profile == CommsEaseProfile(name: "Bob"))
    }
}
