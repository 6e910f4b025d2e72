import Cloud
import LoginCore
import Providers
import Testing

/// The frames of the page LinkProtocol.
struct CommsEaseLinkTests {
    private func rig() -> CloudRig {
        var rig = CloudRig()
        rig.create("ann", token: "t")
        rig.call(.changeConsoleSettings(CommsEaseConsolePatch(devicePolicy: 3)))
        return rig
    }

    @Test("Before a login ping is answered, and sync, echo, kick and logout get 403")
    func beforeLogin() {
        var rig = rig()
        let link = rig.open()
        #expect(rig.send(.ping, on: link) == [.reply(id: 1, .ping(code: 200))])
        for body in [ClientFrame.Body.sync, .echo("x"), .kick(["s-1"]), .logout] {
            guard case .reply(_, let reply)? = rig.send(body, on: link).first else {
                Issue.record("no reply to \(body)")
                return
            }
            #expect(reply.code == 403)
        }
        #expect(rig.closed.isEmpty)
    }

    @Test("After a login sync, ping and echo are answered 200")
    func afterLogin() {
        var rig = rig()
        let link = rig.logIn(.of("ann", "t")).link
        #expect(rig.send(.sync, on: link) == [.reply(id: 2, .sync(code: 200, text: ""))])
        #expect(rig.send(.ping, on: link) == [.reply(id: 3, .ping(code: 200))])
        #expect(rig.send(.echo("你好"), on: link) == [.reply(id: 4, .echo(code: 200, text: "", echoed: "你好"))])
    }

    @Test("A second login on one link gets 417 and changes nothing")
    func secondLogin() {
        var rig = rig()
        rig.create("ben", token: "t")
        let link = rig.logIn(.of("ann", "t")).link
        let before = rig.store
        #expect(rig.logIn(.of("ann", "t"), on: link) == 417)
        #expect(rig.logIn(.of("ben", "t"), on: link) == 417)
        #expect(rig.store == before && rig.closed.isEmpty)
        #expect(rig.send(.echo("x"), on: link).count == 1)
        let web = rig.logIn(.of("ann", "t", device: "web"))
        #expect(rig.changes(on: link) == ["login s-2"] && web.code == 200)
    }

    @Test("A logout is answered, the link closed with 1000 and the others told")
    func logout() {
        var rig = rig()
        let phone = rig.logIn(.of("ann", "t", device: "phone")).link
        let web = rig.logIn(.of("ann", "t", device: "web")).link
        #expect(rig.send(.logout, on: phone) == [.reply(id: 3, .logout(code: 200, text: ""))])
        #expect(rig.closed == [phone: 1000])
        #expect(rig.changes(on: web) == ["logout s-1"])
    }

    @Test("A link that drops takes its session with it, and the others are told")
    func drop() {
        var rig = rig()
        let phone = rig.logIn(.of("ann", "t", device: "phone")).link
        let web = rig.logIn(.of("ann", "t", device: "web")).link
        rig.drop(phone)
        #expect(rig.changes(on: web) == ["logout s-1"])
        let again = rig.open()
        guard case .reply(_, .login(200, _, _, let others))? = rig.send(.login(.of("ann", "t")), on: again).first else {
            Issue.record("no login")
            return
        }
        #expect(others == [OnlineClient(id: "s-2", clientType: 2)])
    }

    @Test(
        "What is no frame is answered by an error frame, and the link stays",
        arguments: [
            "", "nonsense", "[]", "{}", #"{"type":"dance","id":1}"#, #"{"type":"login","id":1}"#,
            #"{"type":"echo","id":1}"#, #"{"type":"kick","id":1,"clients":"s-1"}"#, "{\"type\":\"sync\"}",
        ])
    func malformed(text: String) {
        var rig = rig()
        let link = rig.logIn(.of("ann", "t")).link
        rig.handle(.frame(link, Array(text.utf8)))
        guard case .error(414, let problem, _)? = rig.sent[link]?.last?.body else {
            Issue.record("no error frame")
            return
        }
        #expect(!problem.isEmpty)
        #expect(rig.closed.isEmpty)
        #expect(rig.send(.echo("still here"), on: link).count == 1)
    }

    @Test("Events about links and calls that nobody knows do nothing")
    func strangers() {
        var rig = rig()
        let stranger = LinkID(77)
        #expect(rig.handle(.frame(stranger, LinkCodec.encode(ClientFrame(id: 1, body: .ping)))).isEmpty)
        #expect(rig.handle(.linkClosed(stranger, .timedOut)).isEmpty)
        #expect(rig.handle(.timerFired(TimerID(1))).isEmpty)
        #expect(rig.handle(.httpAnswered(OutgoingID(1), .failure(CallFailure(.refused)))).isEmpty)
        let link = rig.logIn(.of("ann", "t")).link
        #expect(rig.handle(.linkOpened(link, clientAddress: "127.0.0.1")).isEmpty)
        #expect(rig.send(.echo("still here"), on: link).count == 1)
    }

    @Test("Every frame names the entry that sent it, and entries name what caused them")
    func causes() {
        var rig = rig()
        let link = rig.open()
        let cause = EntryID(lane: "A", number: 17)
        rig.handle(.frame(link, LinkCodec.encode(ClientFrame(id: 1, body: .login(.of("ann", "t")), cause: cause))))
        let entries = Array(rig.transcript.suffix(3))
        #expect(entries.map(\.title) == ["login", "login accepted", "login 200"])
        #expect(entries.map(\.cause) == [cause, entries[0].id, entries[1].id])
        #expect(rig.sent[link]?.last?.cause == entries[2].id)
        #expect(entries.allSatisfy { $0.owner == .server && $0.lane == .imServer })
    }

    @Test("Only pings and their answers are heartbeats")
    func heartbeats() {
        var rig = rig()
        let link = rig.logIn(.of("ann", "t")).link
        rig.send(.sync, on: link)
        rig.send(.ping, on: link)
        #expect(rig.transcript.filter(\.isHeartbeat).map(\.title) == ["ping", "ping 200"])
    }
}
