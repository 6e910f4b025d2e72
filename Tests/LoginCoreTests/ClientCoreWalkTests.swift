import LoginCore
import Testing

/// Both machines together on the way through a login's life, as the lab's walk shows it.
@Suite("A client's walks")
struct ClientCoreWalkTests {
    @Test("Register, log in with the password, and be online")
    func registerAndSignIn() {
        var world = ClientWorld.started()
        world.user(.registerRequested(user: "alice", password: Sample.password, account: nil))
        world.answer(Sample.old)
        #expect(world.core.flow.state == .signedOut(.registered(user: "alice", account: Sample.alice)))
        #expect(world.isSettled)
        let mark = world.entries.count
        world.signIn()
        #expect(world.core.sdk.phase == .online)
        #expect(world.core.flow.state == .signedIn)
        #expect(
            world.titles(since: mark, .callback) == [
                "onLogin:(1 Linking)", "onLogin:(2 LinkOK)", "onLogin:(4 Logining)", "onLogin:(5 LoginOK)",
                "onLogin:(7 Syncing)", "onLogin:(8 SyncOK)", "login completion(nil)",
            ])
        #expect(world.titles(since: mark, .frameSent) == ["login", "sync"])
        #expect(world.titles(since: mark, .store) == ["save the token", "save the login"])
        #expect(world.store?.isUsable == true)
        #expect(world.problems == [])
    }

    @Test(
        "What is kept of a stop says whether the login was forced; a reconnection never is", arguments: [true, false])
    func forcedStop(isForced: Bool) {
        var world = ClientWorld.started(Sample.saved())
        world.user(.automaticLoginRequested(forced: isForced, at: world.now))
        world.refuseLogin(422)
        #expect(world.core.sdk.stopReason == world.store?.stop)
        #expect(
            world.store?.stop == .failed(Sample.policy.failure(422, detail: ""), mode: .automatic(forced: isForced)))

        var online = ClientWorld.started(Sample.saved())
        online.user(.automaticLoginRequested(forced: isForced, at: online.now))
        online.comeOnline()
        online.drop()
        online.nextTimer(.sdk)
        online.refuseLogin(422)
        #expect(online.core.sdk.stopReason == online.store?.stop)
        #expect(world.problems + online.problems == [])
    }

    @Test(
        "Started again in the attached form, the app logs in by itself and by force; a stop is not turned into a retry")
    func attachedStart() throws {
        var world = ClientWorld.started(Sample.saved(), form: .attached)
        #expect(world.core.sdk.attempt?.request.mode == .automatic(forced: true))
        #expect(world.core.flow.state == .signedIn)
        let asked = try #require(world.entries.first { $0.title == "log in automatically, forced" })
        #expect(asked.owner == .app)
        #expect(world.entries.first { $0.id == asked.cause }?.title == "start the app with a saved login")
        world.comeOnline()
        world.restart(seed: 2)
        #expect(world.core.sdk.phase == .connecting)
        world.refuseLogin(422)
        world.restart(seed: 3)
        #expect(world.core.sdk.phase == .loggedOut)
        #expect(world.problems == [])
    }

    @Test("An answer to no request of ours is recorded and not taken")
    func strangeAnswer() throws {
        var core = ClientCore(
            lane: TranscriptLane(.device("A")), policy: Sample.policy, settings: AppSettings(),
            random: SeededGenerator(seed: 1), naming: Sample.naming)
        _ = core.handle(.sdk(.initialised), at: Sample.start)
        _ = core.handle(.app(.started(Sample.saved())), at: Sample.start)
        _ = core.handle(.app(.automaticLoginRequested(forced: false, at: Sample.start)), at: Sample.start)
        let link = try #require(core.sdk.liveConnection)
        let sent = core.handle(.sdk(.connectionOpened(link)), at: Sample.start).effects
        let frame = try #require(
            sent.compactMap { if case .send(_, let frame, _, _) = $0 { frame } else { nil } }.first)
        let accepted = ClientCore.Input.sdk(.received(link, .loginAccepted(account: Sample.alice, others: [])))
        for strange in [frame + 1, 0, 999] {
            let output = core.handle(accepted, at: Sample.start, answering: strange)
            #expect(core.sdk.phase == .authenticating)
            #expect(output.effects.isEmpty)
            #expect(output.entries.map(\.kind) == [.misuse])
        }
        _ = core.handle(accepted, at: Sample.start, answering: frame)
        #expect(core.sdk.phase == .syncing)
        // Once is enough: the same answer a second time is a stranger.
        _ = core.handle(accepted, at: Sample.start, answering: frame)
        #expect(core.sdk.phase == .syncing)
    }

    @Test("A deadline counts down as long as it is waited for, and is written down as it was asked for")
    func flooredDeadlines() {
        var core = ClientCore(
            lane: TranscriptLane(.device("A")), policy: Sample.policy, settings: AppSettings(),
            random: SeededGenerator(seed: 1), shortestDeadline: { .seconds(50) }, naming: Sample.naming)
        _ = core.handle(.sdk(.initialised), at: Sample.start)
        _ = core.handle(.app(.started(Sample.saved())), at: Sample.start)
        let output = core.handle(.app(.automaticLoginRequested(forced: false, at: Sample.start)), at: Sample.start)
        #expect(output.entries.contains { $0.title == "link in 10 s" })
        #expect(core.timers.map(\.due) == [Sample.start + .seconds(50)])
        _ = core.handle(.sdk(.connectionFailed(ConnectionID(1), .refused)), at: Sample.start)
        #expect(core.timers.map(\.due) == [Sample.start + .seconds(2)])
    }

    struct ManualFailure: Sendable, CustomTestStringConvertible {
        let name: String
        let run: @Sendable (inout ClientWorld) -> Void
        let code: Int
        var testDescription: String { name }
    }

    @Test(
        "A manual login that fails is reported once and not repeated",
        arguments: [
            ManualFailure(name: "banned", run: { $0.refuseLogin(422) }, code: 422),
            ManualFailure(name: "link refused", run: { $0.refuseLink() }, code: 415),
            ManualFailure(name: "no upgrade", run: { $0.nextTimer() }, code: 408),
            ManualFailure(
                name: "no login reply",
                run: {
                    $0.open()
                    $0.nextTimer()
                }, code: 408),
            ManualFailure(
                name: "closed before the reply",
                run: {
                    $0.open()
                    $0.drop()
                }, code: 415),
        ])
    func manualFailure(_ failure: ManualFailure) {
        var world = ClientWorld.started()
        world.user(.signInRequested(user: "alice", password: Sample.password))
        world.answer(Sample.old)
        failure.run(&world)
        #expect(world.core.sdk.phase == .stopped)
        if case .signedOut(.stopped(.failed(let reason, mode: .manual))) = world.core.flow.state {
            #expect(reason.code == failure.code)
        } else {
            Issue.record("\(world.core.flow.state)")
        }
        #expect(world.titles(.callback).count { $0.hasPrefix("login completion") } == 1)
        #expect(world.titles(.link).count { $0 == "open the link" } == 1)
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test("A wrong password and an app server that is down end on the login screen; the SDK is not touched")
    func appServerFailures() {
        var world = ClientWorld.started()
        for failure in [AppServerFailure.refused(name: "wrongPassword", message: "no"), FlowWalk.down] {
            world.user(.signInRequested(user: "alice", password: Sample.password))
            world.failCalls(failure)
            #expect(world.core.flow.state == .signedOut(.appServer(failure)))
        }
        #expect(world.core.sdk.phase == .loggedOut)
        #expect(world.titles(.link, .callback) == [])
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test("A drop, the whole back-off, the network's return, and online again")
    func reconnect() {
        var world = ClientWorld.started()
        world.signIn()
        world.drop()
        var delays: [Duration] = []
        for _ in 0..<8 {
            if let delay = world.nextTimer() { delays.append(delay) }
            world.refuseLink()
        }
        #expect(delays == [2, 4, 6, 8, 16, 32, 64, 64].map { .seconds($0) })
        world.take(.sdk(.networkLost))
        #expect(world.core.sdk.phase == .waitingForNetwork)
        let before = world.now
        world.take(.sdk(.networkReturned))
        #expect(world.core.sdk.phase == .connecting)
        world.comeOnline()
        #expect(world.core.sdk.phase == .online)
        #expect(world.now == before)
        world.user(.signOutRequested)
        world.hear(.loggedOut)
        world.answer(Sample.old)
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test("A restart logs in automatically, retries while the network is away, and at once when it returns")
    func restart() {
        var first = ClientWorld.started()
        first.signIn()
        var world = ClientWorld.started(first.store)
        world.take(.sdk(.networkLost))
        world.user(.automaticLoginRequested(forced: false, at: world.now))
        #expect(world.core.sdk.phase == .waitingForNetwork)
        var delays: [Duration] = []
        for _ in 0..<4 { if let delay = world.nextTimer() { delays.append(delay) } }
        #expect(delays == [2, 4, 6, 8].map { .seconds($0) })
        #expect(!world.titles(.link).contains("open the link"))
        world.take(.sdk(.networkReturned))
        world.comeOnline()
        #expect(world.core.flow.state == .signedIn)
        #expect(world.problems == [])
    }

    @Test(
        "An automatic login that is refused 417 loses its saved login; by force it comes in", arguments: [false, true])
    func deviceCheck(_ isForced: Bool) {
        var world = ClientWorld.started(Sample.saved())
        world.user(.automaticLoginRequested(forced: isForced, at: world.now))
        world.open()
        guard case .login(let packet) = world.sent.first else {
            Issue.record("\(world.sent)")
            return
        }
        #expect(packet.isAutomatic)
        #expect(packet.isForced == isForced)
        if isForced {
            world.hear(.loginAccepted(account: Sample.alice, others: []))
            world.hear(.synced)
            #expect(world.core.flow.state == .signedIn)
        } else {
            world.hear(.loginRefused(code: 417, text: ""))
            #expect(world.store == nil)
            #expect(world.titles(.callback).last == "onAutoLoginFailed:(417 not the last device)")
            #expect(world.isSettled)
        }
        #expect(world.problems == [])
    }

    @Test("Offline while another device logs in: the reconnection gets 417")
    func overtaken() {
        var world = ClientWorld.started()
        world.signIn()
        world.take(.sdk(.networkLost))
        world.take(.sdk(.networkReturned))
        world.refuseLogin(417)
        #expect(world.store == nil)
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test("A kick ends it for good, for the next start of the app too", arguments: [1, 2, 3])
    func kick(_ reason: Int) {
        var world = ClientWorld.started()
        world.signIn()
        world.hear(.kicked(KickNotice(reason: reason, text: "bye", clientType: 1)))
        #expect(world.core.sdk.phase == .stopped)
        #expect(world.isSettled)
        #expect(
            world.titles(.callback).last == "onKickout:(reasonCode \(reason), clientType 1, reasonDesc \"bye\")")
        var again = ClientWorld.started(world.store)
        again.user(.automaticLoginRequested(forced: true, at: again.now))
        #expect(again.declined.count == 1)
        #expect(again.core.sdk.phase == .loggedOut)
        #expect(world.problems + again.problems == [])
    }

    @Test(
        "Banned without a kick: the session works on, the next login gets 422, and after the unban a manual one works")
    func ban() {
        var world = ClientWorld.started()
        world.signIn()
        world.take(.sdk(.echoRequested("still here?")))
        world.hear(.echoed("still here?"))
        #expect(world.core.sdk.phase == .online)
        world.drop()
        world.nextTimer()
        world.refuseLogin(422)
        #expect(world.core.flow.state != .signedIn)
        #expect(world.isSettled)
        world.signIn()
        #expect(world.core.sdk.phase == .online)
        #expect(world.problems == [])
    }

    @Test("A replaced token: 302, one renewal, one manual login, online")
    func replacedToken() {
        var world = ClientWorld.started()
        world.signIn()
        world.drop()
        world.nextTimer()
        let mark = world.entries.count
        world.refuseLogin(302)
        #expect(world.core.sdk.phase == .stopped)
        world.answer(Sample.new)
        #expect(world.core.flow.state == .startingIM(.renewedToken))
        world.comeOnline()
        #expect(world.core.flow.state == .signedIn)
        #expect(world.titles(since: mark, .httpRequest) == ["POST /token"])
        #expect(
            world.titles(since: mark, .intent) == ["log in (manual)"])
        #expect(world.store == world.core.flow.saved)
        #expect(world.store?.token == Sample.new)
        #expect(world.problems == [])
    }

    @Test("A replaced token whose successor is refused too ends on the login screen")
    func replacedTwice() {
        var world = ClientWorld.started()
        world.signIn()
        world.drop()
        world.nextTimer()
        world.refuseLogin(302)
        world.answer(Sample.new)
        world.refuseLogin(302)
        #expect(world.store == nil)
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test("A dynamic token is renewed at 80 % of its life, and the next attempt uses the new one")
    func dynamicToken() {
        var world = ClientWorld.started()
        world.signIn(kind: .dynamic, lifetime: .seconds(600))
        #expect(world.core.sdk.phase == .online)
        #expect(world.nextTimer(.app) == .seconds(480))
        world.answer(Sample.new, kind: .dynamic, lifetime: .seconds(600))
        world.drop()
        world.nextTimer(.sdk)
        world.open()
        guard case .login(let packet) = world.sent.first else {
            Issue.record("\(world.sent)")
            return
        }
        #expect(packet.token == Sample.new)
        #expect(world.problems == [])
    }

    @Test("An app that starts with a token that has ended renews it and comes online by a manual login")
    func expiredToken() {
        var world = ClientWorld.started(
            Sample.saved(kind: .dynamic, expires: Sample.start + .seconds(600)),
            at: Sample.start + .seconds(9000))
        world.user(.automaticLoginRequested(forced: false, at: world.now))
        world.nextTimer(.app)
        world.refuseLogin(302)
        world.answer(Sample.new, kind: .dynamic, lifetime: .seconds(600))
        world.comeOnline()
        #expect(world.core.flow.state == .signedIn)
        #expect(world.titles(.httpRequest) == ["POST /token"])
        #expect(world.problems == [])
    }

    @Test("Silence is noticed by the probes: 30 s, then five of 3 s, and nothing earlier")
    func silence() {
        var world = ClientWorld.started()
        world.signIn()
        let start = world.now
        for _ in 0..<6 {
            #expect(world.core.sdk.phase == .online)
            world.nextTimer()
        }
        #expect(world.now - start == .seconds(45))
        #expect(world.core.sdk.phase == .waiting)
        #expect(world.sent.isEmpty)
        #expect(world.problems == [])
    }

    @Test("The background changes nothing for the V9 SDK; the foreground makes a session prove that it lives")
    func backgroundAndForeground() {
        var world = ClientWorld.started()
        world.signIn()
        world.take(.sdk(.backgrounded))
        world.drop()
        world.nextTimer()
        world.comeOnline()
        world.take(.sdk(.foregrounded))
        #expect(world.sent.last == .ping)
        #expect(world.problems == [])
    }

    @Test("A logout cleans up within 1 s, whether the server answers or not", arguments: [false, true])
    func logOut(_ doesAnswer: Bool) {
        var world = ClientWorld.started()
        world.signIn()
        let start = world.now
        world.user(.signOutRequested)
        #expect(world.store == nil)
        if doesAnswer {
            world.hear(.loggedOut)
            world.answer(Sample.old)
        } else {
            world.nextTimer()
            world.failCalls()
        }
        #expect(world.now - start == (doesAnswer ? .zero : .seconds(1)))
        #expect(world.core.flow.state == .signedOut(.loggedOut(wasServerTold: doesAnswer)))
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test("Core: the app is signed in only once messaging is online, and not while it fails")
    func coreForm() {
        var world = ClientWorld.started()
        world.user(.signInRequested(user: "alice", password: Sample.password))
        world.answer(Sample.old)
        #expect(world.core.flow.state == .startingIM(.password))
        world.refuseLogin(403)
        #expect(world.core.flow.state != .signedIn)
        #expect(world.isSettled)
        #expect(world.problems == [])
    }

    @Test(
        "Attached: the app is signed in at once and no failure of messaging takes that away",
        arguments: [302, 403, 417, 422])
    func attachedForm(_ code: Int) {
        var world = ClientWorld.started(form: .attached)
        world.user(.signInRequested(user: "alice", password: Sample.password))
        world.answer(Sample.old)
        #expect(world.core.flow.state == .signedIn)
        #expect(world.core.sdk.attempt?.request.mode == .automatic(forced: true))
        world.refuseLink()
        world.nextTimer()
        #expect(world.core.flow.state == .signedIn)
        world.refuseLogin(code)
        #expect(world.core.flow.state == .signedIn)
        world.failCalls()
        #expect(world.core.flow.state == .signedIn)
        #expect(world.core.sdk.phase == .stopped)
        #expect(world.isSettled)
        world.user(.signOutRequested)
        world.answer(Sample.old)
        #expect(world.core.flow.state == .signedOut(.loggedOut(wasServerTold: false)))
        world.signIn(Sample.new)
        #expect(world.core.sdk.phase == .online)
        #expect(world.problems == [])
    }

    @Test("A password that takes the place of an automatic login lets go of that first")
    func signInWhileStarting() {
        for form in ProductForm.allCases {
            var world = ClientWorld.started(Sample.saved())
            world.user(.automaticLoginRequested(forced: false, at: world.now))
            world.user(.settingsChanged(AppSettings(form: form)))
            world.refuseLink()
            world.signIn(Sample.new)
            #expect(world.core.sdk.phase == .online, "\(form)")
            #expect(world.connections.count == 1)
            #expect(world.problems == [])
        }
    }

    @Test("Reports that come late have a cause and change nothing")
    func lateReports() {
        var world = ClientWorld.started()
        world.user(.signInRequested(user: "alice", password: Sample.password))
        world.answer(Sample.old)
        world.user(.signOutRequested)
        let before = world.core
        world.openLate(.first)
        world.take(.sdk(.connectionClosed(.first, .linkClosed)))
        world.take(.sdk(.received(.first, .pong)))
        world.take(.sdk(.timerFired(TimerID(1))))
        world.take(.app(.callFailed(CallID(1), FlowWalk.down)))
        #expect(world.core.sdk == before.sdk)
        #expect(world.core.flow == before.flow)
        #expect(world.problems == [])
    }

    @Test("What the user asks at the wrong moment is answered by one sentence and changes nothing")
    func wrongMoment() {
        var world = ClientWorld.started()
        world.take(.sdk(.echoRequested("hi")))
        world.take(.sdk(.kickRequested(["s-9"])))
        world.user(.signOutRequested)
        world.user(.renewalRequested)
        world.user(.automaticLoginRequested(forced: false, at: world.now))
        #expect(
            world.declined == [
                "the SDK, logged out, cannot: send an echo", "the SDK, logged out, cannot: kick 1 other client",
                "nobody is logged in here", "there is no app session to renew with; log in with the password first",
                "there is no saved login here; log in with the password first",
            ])
        #expect(world.problems == [])
    }
}
