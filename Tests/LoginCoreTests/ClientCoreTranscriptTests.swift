import LoginCore
import Testing

/// What a client writes down, and whom it says did it.
@Suite("A client's transcript")
struct ClientCoreTranscriptTests {
    private static func core() -> ClientCore {
        ClientCore(
            lane: TranscriptLane(.device("A")), policy: Sample.policy, settings: AppSettings(),
            random: SeededGenerator(seed: 1), naming: Sample.naming)
    }

    @Test("Every input leaves an entry, except late reports and what a callback tells of already")
    func everyInput() {
        let fresh = Self.core()
        for event in LoginMachineTotalityTests.events(fresh.sdk) {
            var core = fresh
            let entries = core.handle(.sdk(event), at: Sample.start).entries
            switch event {
            case .timerFired, .connectionFailed, .connectionClosed, .received:
                #expect(entries.isEmpty, "\(event)")
            default:
                #expect(!entries.isEmpty, "\(event)")
                #expect(entries.allSatisfy { !$0.title.isEmpty && $0.at == Sample.start && $0.lane == .device("A") })
            }
        }
        for event in AppFlowTotalityTests.events(FlowWalk()) {
            var core = fresh
            let entries = core.handle(.app(event), at: Sample.start).entries
            switch event {
            case .told, .timerFired: #expect(!entries.contains { $0.cause == nil && $0.kind == .intent }, "\(event)")
            default: #expect(!entries.isEmpty, "\(event)")
            }
        }
    }

    @Test("An entry says who did it: the user, the app, the SDK or the lab")
    func owners() {
        var world = ClientWorld.started()
        world.signIn()
        world.take(.sdk(.networkLost))
        world.take(.sdk(.networkReturned))
        func owner(_ title: String) -> Owner? { world.entries.first { $0.title == title }?.owner }
        #expect(owner("log in with the password") == .user)
        #expect(owner("POST /login") == .app)
        #expect(owner("app login accepted") == .app)
        #expect(owner("save the token") == .app)
        #expect(owner("log in (manual)") == .app)
        #expect(owner("open the link") == .sdk)
        #expect(owner("login → 200") == .sdk)
        #expect(owner("onLogin:(8 SyncOK)") == .sdk)
        #expect(owner("logged out → connecting") == .sdk)
        #expect(owner("login screen → signing in") == .app)
        #expect(owner("network hint: gone") == .lab)
    }

    @Test("Causes lead from a manual login after a refusal back to the refusal")
    func causes() {
        var world = ClientWorld.started()
        world.signIn()
        world.drop()
        world.nextTimer()
        let mark = world.entries.count
        world.refuseLogin(302)
        world.answer(Sample.new)
        var chain: [String] = []
        var next = world.entries.last { $0.title == "open the link" }
        while let entry = next {
            chain.append(entry.title)
            next = entry.cause.flatMap { id in world.entries.dropFirst(mark).first { $0.id == id } }
        }
        #expect(
            chain == [
                "open the link", "stopped → connecting", "log in (manual)", "signed in → starting messaging",
                "a new token", "POST /token", "onAutoLoginFailed:(302 wrong account or token)",
                "authenticating → stopped",
                "login → 302",
            ])
    }

    @Test("The cause that came with an answer goes before the one that the core knows")
    func wireCause() {
        var core = Self.core()
        _ = core.handle(.sdk(.initialised), at: Sample.start)
        _ = core.handle(.app(.signInRequested(user: "alice", password: Sample.password)), at: Sample.start)
        let server = EntryID(lane: "app-server", number: 4)
        let output = core.handle(
            .app(
                .granted(
                    CallID(1), user: "alice", session: Sample.session, Sample.grant(Sample.old), at: Sample.start)),
            at: Sample.start, cause: server)
        #expect(output.entries.first?.cause == server)
        #expect(output.entries.dropFirst().allSatisfy { $0.cause?.lane == "A" })
    }

    @Test("A skipped attempt is seen, and so are the countdowns")
    func countdown() {
        var world = ClientWorld.started(Sample.saved())
        world.take(.sdk(.networkLost))
        world.user(.automaticLoginRequested(forced: false, at: world.now))
        world.nextTimer()
        #expect(
            world.titles(.notice, .timerStarted, .timerFired) == [
                "attempt 1 skipped, but counted: there is no network", "next attempt in 2 s", "next attempt: due",
                "attempt 2 skipped, but counted: there is no network", "next attempt in 4 s",
            ])
        #expect(world.core.timers.map(\.due) == [world.now + .seconds(4)])
    }

    @Test("Frames are numbered from 1 on, across connections")
    func frames() {
        var core = Self.core()
        var numbers: [Int] = []
        func take(_ input: ClientCore.Input) {
            for case .send(_, let frame, _, _) in core.handle(input, at: Sample.start).effects { numbers.append(frame) }
        }
        take(.sdk(.initialised))
        take(.app(.started(Sample.saved())))
        take(.app(.automaticLoginRequested(forced: false, at: Sample.start)))
        for id in [ConnectionID(1), ConnectionID(2)] {
            take(.sdk(.connectionOpened(id)))
            take(.sdk(.received(id, .loginAccepted(account: Sample.alice, others: []))))
            take(.sdk(.received(id, .synced)))
            take(.sdk(.connectionClosed(id, .linkClosed)))
            take(.sdk(.networkReturned))
        }
        #expect(numbers == [1, 2, 3, 4])
    }

    @Test("The last trouble is kept until the SDK is online or logged out")
    func trouble() {
        var world = ClientWorld.started()
        world.signIn()
        #expect(world.core.trouble == nil)
        world.drop()
        #expect(world.core.trouble == "the link was lost: link closed")
        world.nextTimer()
        world.refuseLink()
        #expect(world.core.trouble == "415 cannot reach the server: refused")
        world.nextTimer()
        world.comeOnline()
        #expect(world.core.trouble == nil)
        world.drop()
        world.user(.signOutRequested)
        #expect(world.core.trouble == nil)
    }

    @Test("A lane goes on after the entries of an earlier life")
    func laneGoesOn() {
        var lane = TranscriptLane(.imServer, after: 41)
        let entry = lane.entry(at: Sample.start, owner: .server, cause: nil, kind: .notice, title: "up")
        #expect(entry.id == EntryID(lane: "im-server", number: 42))
        var fresh = TranscriptLane(.imServer)
        #expect(fresh.entry(at: Sample.start, owner: .server, cause: nil, kind: .notice, title: "up").id.number == 1)
    }
}
