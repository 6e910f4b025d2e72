import Cloud
import LoginCore
import Providers
import Testing

/// Presence, silence, restarts and the webhook (tencent.md §4, §6).
struct TencentPresenceTests {
    private static let hook = #"{"devicePolicy":1,"webhookURL":"http://127.0.0.1:1/hook"}"#

    struct Row: CustomTestStringConvertible {
        let platform: TencentPlatform
        let away: String
        var testDescription: String { "\(platform)" }
    }

    private static let rows = TencentPlatform.allCases.map { platform in
        Row(platform: platform, away: platform.hasPush ? "PushOnline \(platform.title) PushOnline" : "Offline")
    }

    /// Proves TC-4-states, TC-4-push, TC-4-web.
    @Test(
        "A client that goes away is PushOnline for 7 days on a phone or tablet, and Offline elsewhere", arguments: rows)
    func away(row: Row) {
        var rig = TencentRig()
        let (link, _) = rig.logIn("alice", row.platform)
        #expect(rig.status("alice") == "Online \(row.platform.statusName) Online")
        rig.drop(link)
        #expect(rig.status("alice") == row.away)
        rig.advance(TencentCloud.pushTime - .milliseconds(1))
        #expect(rig.status("alice") == row.away)
        rig.advance(.milliseconds(1))
        #expect(rig.status("alice") == "Offline")
    }

    @Test("What the app server tells of an account's presence is read as it was written")
    func wire() throws {
        let terminals = [Presence.Terminal(platform: "iPhone", status: "Online")]
        for presence in [
            Presence(account: "alice", status: "Online", terminals: terminals),
            Presence(account: "bob", status: "Offline"),
        ] {
            #expect(try Presence.parse(presence.http(cause: nil)).get() == presence)
        }
        let broken = HTTPResponseValue.json(status: 200, cause: nil, .fields(["account": .string("alice")]))
        #expect(throws: AppServerError.self) { try Presence.parse(broken).get() }
    }

    @Test("A logout is Offline at once, and so is a kick")
    func logout() {
        var rig = TencentRig()
        rig.send(.logout, on: rig.logIn("alice").link)
        #expect(rig.status("alice") == "Offline")
        rig.logIn("alice")
        rig.call(.kick("alice"))
        #expect(rig.status("alice") == "Offline")
    }

    /// Proves TC-4-timeout, TC-own-web-silence.
    @Test(
        "A link that says nothing is given up, and every frame starts the time again",
        arguments: [(TencentPlatform.android, 400), (.web, 180)])
    func silence(platform: TencentPlatform, seconds: Int) throws {
        var rig = TencentRig()
        try rig.set(Self.hook)
        let (link, _) = rig.logIn("alice", platform)
        rig.advance(.seconds(seconds - 100))
        rig.send(.ping, on: link)
        rig.advance(.seconds(seconds) - .milliseconds(1))
        #expect(rig.closed[link] == nil)
        rig.advance(.milliseconds(1))
        #expect(rig.closed[link] == 1000)
        #expect(rig.changes == ["Login/Register", "Disconnect/TimeOut"])
        #expect(rig.timers.isEmpty)
        #expect(rig.status("alice") == (platform == .web ? "Offline" : "PushOnline Android PushOnline"))
    }

    /// Proves TC-6-login, TC-6-logout, TC-6-disconnect, TC-6-no-disconnect, TC-6-kicked, TC-own-kick-webhook,
    /// TC-own-webhook-wait, TC-6-ignored.
    @Test("Each change is told with its Action and Reason, to the URL of the settings")
    func changes() throws {
        var rig = TencentRig()
        rig.logIn("bob")
        #expect(rig.hooks.isEmpty, "there is no URL yet")
        try rig.set(Self.hook)
        let (phone, _) = rig.logIn("alice", .iPhone)
        let (mac, _) = rig.logIn("alice", .mac)
        rig.send(.logout, on: mac)
        let (again, _) = rig.logIn("alice", .iPhone)
        rig.drop(again)
        let (third, _) = rig.logIn("alice", .iPhone)
        // The end of a link whose client is back already is nobody's loss.
        rig.logIn("alice", .iPhone)
        rig.handle(.linkClosed(third, .linkClosed))
        rig.call(.kick("alice"))
        rig.handle(.linkClosed(phone, .linkClosed))
        #expect(
            rig.changes == [
                "Login/Register", "Login/Register kicks iOS", "Logout/Unregister", "Login/Register",
                "Disconnect/LinkClose", "Login/Register", "Login/Register", "Logout/Unregister",
            ])
        #expect(rig.hooks.allSatisfy { $0.url == "http://127.0.0.1:1/hook" && $0.request.path.isEmpty })
        #expect(rig.hooks.last?.request.query.hasSuffix("OptPlatform=RESTAPI") == true)
        #expect(TencentCloud.webhookTimeout == .seconds(2))  // the rig takes no other call for one of the webhook
        // Neither an answer nor its lack changes anything.
        let lines = rig.transcript.count
        rig.handle(.httpAnswered(OutgoingID(1), .success(HTTPResponseValue(status: 500))))
        #expect(rig.transcript.count == lines)
        rig.handle(.httpAnswered(OutgoingID(2), .failure(CallFailure(.timedOut))))
        #expect(rig.transcript.last?.title == "webhook not delivered")
        #expect(rig.hooks.count == 8)
    }

    /// Proves TC-own-webhook-query, TC-6-url.
    @Test(
        "A query that the webhook's URL has stands before the provider's",
        arguments: [("?key=a%20b&x=?", "key=a%20b&x=?&SdkAppid=1400000000&"), ("?", "SdkAppid=1400000000&")])
    func webhookQuery(own: String, query: String) throws {
        var rig = TencentRig()
        try rig.set(#"{"webhookURL":"http://127.0.0.1:1/hook\#(own)"}"#)
        rig.logIn("alice")
        #expect(rig.hooks.map(\.url) == ["http://127.0.0.1:1/hook"])
        #expect(rig.hooks.first?.request.query.hasPrefix(query + "CallbackCommand=State.StateChange&") == true)
    }

    @Test("After a restart nobody is online, kicks and settings hold, and an offline kick is still told")
    func restart() throws {
        var rig = TencentRig()
        let old = rig.login("alice")
        rig.advance(.seconds(10))
        try rig.set(#"{"devicePolicy":1,"admins":["administrator","root"]}"#)
        rig.call(.importAccount(TencentImport(userID: "bob", nick: "Bob")))
        rig.call(.blacklist("bob", isOn: true, kicks: false))
        rig.logIn("alice", .iPhone)
        rig.call(.kick("alice"))
        rig.drop(rig.logIn("alice", .iPhone).link)
        rig.logIn("alice", .android)
        var after = rig.restarted()
        #expect(after.cloud.restoreProblems == [])
        #expect(after.call(.consoleSettings, as: "root") == rig.call(.consoleSettings))
        #expect(after.status("alice") == "PushOnline Android PushOnline")
        #expect(after.logIn("bob").code == 70051)
        #expect(after.logIn(old, on: after.open()) == 70052)
        #expect(after.logIn("alice", .iPhone).code == 6208)
        after.advance(TencentCloud.pushTime)
        #expect(after.status("alice") == "Offline")
        #expect(after.store.keys.sorted() == rig.store.keys.sorted())
    }

    @Test("A damaged record is passed over and named, and the rest is there")
    func damaged() {
        var rig = TencentRig()
        rig.logIn("alice")
        rig.call(.importAccount(TencentImport(userID: "bob")))
        var records = rig.store.keys.sorted().compactMap { rig.store[$0] }
        for (key, value) in [("x", "{"), ("y", "[]"), ("z", #"{"userID":"other","blacklisted":false}"#)] {
            records.append(DurableRecord(collection: "tencent/accounts", key: key, value: Array(value.utf8)))
        }
        records.append(DurableRecord(collection: "tencent/odd", key: "k", value: Array("{}".utf8)))
        records.append(
            DurableRecord(
                collection: "tencent/settings", key: "console", value: Array(#"{"settings":{"admins":[]}}"#.utf8)))
        var after = TencentRig(restoring: records)
        #expect(after.cloud.restoreProblems.count == 5)
        #expect(after.status("alice") == "PushOnline iPhone PushOnline")
        #expect(after.call(.check(["bob"])) == .checked([TencentItem(userID: "bob", isImported: true)]))
    }

    @Test("Random walks leave no timer without a session and no session twice on one device")
    func walks() throws {
        for seed in 0..<20 {
            var chance = SeededGenerator(seed: UInt64(seed))
            var rig = TencentRig()
            try rig.set(#"{"devicePolicy":\#(1 + seed % 4),"instances":2,"webInstances":2}"#)
            var links: [LinkID] = []
            for _ in 0..<120 {
                let user = ["alice", "bob"][Int(chance.below(2))]
                let platform = TencentPlatform.allCases[Int(chance.below(6))]
                let link = links.isEmpty ? LinkID(99) : links[Int(chance.below(UInt64(links.count)))]
                switch chance.below(10) {
                case 0...3:
                    let device = "\(platform) \(chance.below(3))"
                    links.append(rig.logIn(user, platform, device: device, lifetime: .seconds(300)).link)
                case 4: rig.send(.logout, on: link)
                case 5: rig.drop(link)
                case 6: rig.advance(.seconds(Int64(chance.below(200))))
                case 7: rig.call(chance.below(2) == 0 ? .kick(user) : .delete([user]))
                case 8: rig.send(.ping, on: link)
                default:
                    // Late, unknown, and early ones alike.
                    let timer = TimerID(Int(chance.below(50)))
                    rig.timers[timer] = nil
                    rig.handle(.timerFired(timer))
                }
            }
            let online = links.filter { rig.isOnline($0) }
            #expect(rig.timers.count == online.count)
            let statuses = ["alice", "bob"].map { rig.status($0).hasPrefix("Online") }
            #expect(statuses.contains(true) == !online.isEmpty)
            for link in links { rig.drop(link) }
            #expect(rig.timers.isEmpty)
            #expect(links.allSatisfy { !rig.isOnline($0) })
        }
    }
}
