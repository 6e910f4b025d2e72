import LoginCore
import Testing

/// What follows a stop of the SDK: recovery, the login screen, and what stays saved.
@Suite("What the app does after a stop")
struct AppFlowStopTests {
    @Test("Core: a refused token is followed by one new token and one manual login")
    func recovery() {
        var walk = FlowWalk()
        walk.signIn()
        #expect(walk.refuse(302) == ["erase", "call h2 token"])
        #expect(
            walk.summary
                == "startingIM with the password, im stopped 302 manual, lease void, recovery h2, "
                + "saved alice token-1 after 302 manual")
        #expect(walk.answerToken() == ["save alice token-2", "sdk login token-2 manual"])
        #expect(
            walk.summary
                == "startingIM with a renewed token, im active, lease permanent, recovery used, saved alice token-2")
        walk.comeOnline()
        #expect(walk.summary == "signedIn, im active, lease permanent, saved alice token-2 usable")
    }

    @Test("Refused again, the app shows the login screen and has nothing saved", arguments: ProductForm.allCases)
    func refusedTwice(_ form: ProductForm) {
        var walk = FlowWalk.online(form)
        #expect(
            walk.refuse(302, .automatic(forced: false)) == [
                "save alice token-1 usable after 302 auto", "call h2 token",
            ])
        #expect(walk.answerToken() == ["save alice token-2", "sdk login token-2 manual"])
        #expect(walk.refuse(302) == ["erase"])
        let state = form == .core ? "signedOut 302 manual" : "signedIn"
        #expect(walk.summary == "\(state), im stopped 302 manual, lease void, recovery used, nothing saved")
        #expect(walk.tokenCall == nil)
    }

    @Test(
        "While the new token is fetched, the refused one is not to log in with",
        arguments: Sample.policy.codes.filter { $0.kind == .credential }.map(\.code))
    func refusedWaits(_ code: Int) {
        var walk = FlowWalk.online(.attached)
        #expect(walk.refuse(code) == ["erase", "call h2 token"])
        #expect(walk.step(.automaticLoginRequested(forced: true, at: walk.now)) == ["decline"])
        #expect(walk.answerToken() == ["save alice token-2", "sdk login token-2 manual"])
    }

    @Test("After a success the next refusal may be answered again")
    func readyAgain() {
        var walk = FlowWalk()
        walk.signIn()
        walk.refuse(302)
        walk.answerToken()
        walk.comeOnline()
        #expect(walk.refuse(302, .automatic(forced: false)).last == "call h3 token")
    }

    @Test(
        "The saved login is erased after the failures whose kind says so, and after no other",
        arguments: Sample.policy.codes.map(\.code), [LoginMode.manual, .automatic(forced: false)])
    func erases(_ code: Int, _ mode: LoginMode) {
        var walk = FlowWalk()
        walk.signIn()
        if !mode.isManual { walk.comeOnline() }
        let isErased = walk.refuse(code, mode).contains("erase")
        #expect(isErased == Sample.failure(code).kind.erasesSavedLogin(isManual: mode.isManual))
    }

    @Test("With ask, the login screen comes at once", arguments: [LoginMode.manual, .automatic(forced: false)])
    func ask(_ mode: LoginMode) {
        var walk = FlowWalk(.core, .ask)
        walk.signIn()
        if !mode.isManual { walk.comeOnline() }
        #expect(walk.refuse(302, mode) == (mode.isManual ? ["erase"] : ["save alice token-1 usable after 302 auto"]))
        #expect(walk.flow.state == .signedOut(.stopped(.failed(Sample.failure(302), mode: mode))))
        #expect(walk.flow.recovery == .ready)
    }

    @Test("Core: no new token shows the login screen with both reasons")
    func renewalFails() {
        var walk = FlowWalk.online()
        walk.refuse(302, .automatic(forced: false))
        #expect(walk.failToken().isEmpty)
        #expect(
            walk.summary == "signedOut no renewal after 302 auto, im stopped 302 auto, lease void, recovery used, "
                + "saved alice token-1 usable after 302 auto")
        #expect(walk.step(.automaticLoginRequested(forced: true, at: walk.now)) == ["decline"])
    }

    @Test("No new token after a manual refusal leaves nothing saved", arguments: ProductForm.allCases)
    func renewalFailsAfterManual(_ form: ProductForm) {
        var walk = FlowWalk.online(form)
        walk.refuse(302, .automatic(forced: false))
        walk.answerToken()
        walk.comeOnline()
        walk.refuse(302)
        walk.failToken()
        #expect(walk.flow.saved == nil)
        #expect(walk.flow.state != .startingIM(.renewedToken))
    }

    struct Stop: Sendable, CustomTestStringConvertible {
        let name: String
        let moment: Moment
        let reason: String
        var testDescription: String { name }
    }

    static let stops: [Stop] =
        [1, 2, 3].map { reason in
            Stop(
                name: "kick \(reason)",
                moment: .kickedOffline(KickNotice(reason: reason, text: "", clientType: 0)), reason: "kicked \(reason)")
        }
        + [317, 403, 404, 414, 422].flatMap { code in
            [
                Stop(
                    name: "\(code), manual", moment: .manualLoginFailed(Sample.failure(code)),
                    reason: "\(code) manual"),
                Stop(
                    name: "\(code), automatic",
                    moment: .automaticLoginFailed(Sample.failure(code), isFinal: true), reason: "\(code) auto"),
            ]
        }
        + [408, 415, 416, 500, 503].map { code in
            Stop(name: "\(code), manual", moment: .manualLoginFailed(Sample.failure(code)), reason: "\(code) manual")
        }

    @Test("Any other stop starts nothing, and its reason is saved", arguments: stops, ProductForm.allCases)
    func noRecovery(_ stop: Stop, _ form: ProductForm) {
        var walk = FlowWalk.online(form, lifetime: .seconds(100))
        let timer = walk.flow.watch?.timer
        let effects = walk.step(.told(stop.moment))
        #expect(effects == ["save alice token-1 usable after \(stop.reason)", "cancel \(timer ?? TimerID(0))"])
        let state = form == .core ? "signedOut \(stop.reason)" : "signedIn"
        #expect(
            walk.summary
                == "\(state), im stopped \(stop.reason), lease valid, saved alice token-1 usable after \(stop.reason)")
        #expect(walk.step(.automaticLoginRequested(forced: true, at: walk.now)) == ["decline"])
    }

    @Test("417 on an automatic login drops the saved login", arguments: ProductForm.allCases)
    func deviceCheck(_ form: ProductForm) {
        var walk = FlowWalk.automatic(Sample.saved(), form)
        #expect(walk.refuse(417, .automatic(forced: false)) == ["erase"])
        let state = form == .core ? "signedOut 417 auto" : "signedIn"
        #expect(
            walk.summary == "\(state), im stopped 417 \(form == .core ? "auto" : "forced"), lease none, nothing saved")
    }

    @Test("A retried failure that is only reported changes nothing")
    func retriedFailure() {
        var walk = FlowWalk.automatic()
        let before = walk.flow
        #expect(walk.step(.told(.automaticLoginFailed(Sample.failure(416), isFinal: false))).isEmpty)
        #expect(walk.flow == before)
    }

    @Test("A restart cannot turn a stop into a retry; a manual login clears it")
    func restart() throws {
        var first = FlowWalk.online()
        first.step(.told(.kickedOffline(Sample.kick)))
        let saved = try #require(first.flow.saved)
        var second = FlowWalk.started(saved)
        #expect(second.step(.automaticLoginRequested(forced: true, at: second.now)) == ["decline"])
        second.signIn(Sample.new)
        second.comeOnline()
        #expect(second.flow.saved?.stop == nil)
        var third = FlowWalk.started(second.flow.saved)
        #expect(
            third.step(.automaticLoginRequested(forced: false, at: third.now)) == ["sdk login token-2 automatic"])
    }

    // MARK: - What the user does meanwhile

    @Test("Logging out during the recovery gives its call up and ends the session")
    func logOutWhileRecovering() {
        var walk = FlowWalk.online()
        walk.refuse(302, .automatic(forced: false))
        #expect(walk.step(.signOutRequested) == ["give up h2", "call h3 logout", "erase", "sdk logout"])
        #expect(walk.step(.tokenGranted(CallID(2), Sample.grant(Sample.new), at: walk.now)).isEmpty)
        walk.step(.told(.loggedOut(wasServerTold: false)))
        #expect(walk.summary == "signedOut loggedOut, im idle, lease none, nothing saved")
    }

    @Test("Logging out during the recovery of a manual login still ends the session")
    func logOutWhileRecoveringManually() {
        var walk = FlowWalk()
        walk.signIn()
        walk.refuse(302)
        #expect(walk.step(.signOutRequested) == ["give up h2", "call h3 logout", "erase", "sdk logout"])
    }

    @Test("A password typed during the recovery gives its call up")
    func signInWhileRecovering() {
        var walk = FlowWalk()
        walk.signIn()
        walk.refuse(302)
        #expect(
            walk.step(.signInRequested(user: "alice", password: Sample.password)) == [
                "give up h2", "call h3 login alice",
            ])
        #expect(walk.flow.recovery == .ready)
        #expect(walk.step(.tokenGranted(CallID(2), Sample.grant(Sample.new), at: walk.now)).isEmpty)
        #expect(walk.flow.saved == nil)
    }

    @Test("A token typed during the recovery gives its call up")
    func typedTokenWhileRecovering() {
        var walk = FlowWalk()
        walk.signIn()
        walk.refuse(302)
        let effects = walk.step(
            .tokenLoginRequested(Sample.alice, token: Sample.new, kind: .fixed, at: walk.now))
        #expect(effects == ["give up h2", "save alice token-2", "sdk login token-2 manual"])
    }

    @Test(
        "A typed token that fails shows the login screen in either form", arguments: ProductForm.allCases, [302, 415])
    func typedTokenFails(_ form: ProductForm, _ code: Int) {
        var walk = FlowWalk(form)
        walk.step(.tokenLoginRequested(Sample.alice, token: Sample.new, kind: .fixed, at: walk.now))
        walk.refuse(code)
        #expect(walk.flow.state == .signedOut(.stopped(.failed(Sample.failure(code), mode: .manual))))
    }

    @Test("A form changed while messaging starts does not leave the app waiting for ever", arguments: [true, false])
    func formChangedMeanwhile(_ isRefused: Bool) {
        var walk = FlowWalk()
        walk.signIn()
        if !isRefused { walk.refuse(302) }
        walk.step(.settingsChanged(AppSettings(form: .attached)))
        if isRefused {
            walk.refuse(422)
            #expect(walk.flow.state == .signedOut(.stopped(.failed(Sample.failure(422), mode: .manual))))
        } else {
            walk.failToken()
            #expect(
                walk.flow.state
                    == .signedOut(.renewalFailed(.failed(Sample.failure(302), mode: .manual), FlowWalk.down)))
        }
    }

    @Test("A login called past the app is not left alone with the login screen when no new token comes")
    func calledPastTheApp() {
        var walk = FlowWalk.online()
        walk.refuse(302)
        walk.step(.told(.linking))
        #expect(walk.failToken() == ["save alice token-1 usable after 302 manual"])
        #expect(walk.flow.state == .signedIn)
        #expect(walk.step(.told(.online)) == ["save alice token-1 usable"])
    }

    @Test("After a stop, a core sign-in is a manual login and an attached one lets go of the SDK first")
    func signInAfterStop() {
        var core = FlowWalk.online()
        core.step(.told(.kickedOffline(Sample.kick)))
        #expect(core.signIn() == ["save alice token-1", "sdk login token-1 manual"])
        var attached = FlowWalk()
        attached.signIn()
        attached.refuse(415)
        attached.step(.settingsChanged(AppSettings(form: .attached)))
        #expect(
            attached.signIn() == ["save alice token-1", "sdk logout", "sdk login token-1 automatic, forced"])
    }

    @Test("In the attached form a stopped messaging login is taken up again by hand")
    func attachedComesBack() {
        var walk = FlowWalk.online(.attached)
        walk.step(.told(.kickedOffline(Sample.kick)))
        #expect(walk.signIn().last == "sdk login token-1 automatic, forced")
        #expect(walk.flow.im == .active)
    }

    @Test("The reasons of the login screen are one sentence each")
    func reasons() {
        let stop = StopReason.failed(Sample.failure(302, "bad token"), mode: .manual)
        let reasons: [LoginScreenReason] = [
            .registered(user: "alice", account: Sample.alice), .appServer(FlowWalk.down), .stopped(stop),
            .stopped(.kicked(KickNotice(reason: 2, text: "banned", clientType: 0))),
            .renewalFailed(stop, FlowWalk.down), .loggedOut(wasServerTold: true), .loggedOut(wasServerTold: false),
        ]
        #expect(
            reasons.map { $0.text(in: KickWords()) } == [
                "alice is registered; the app server made the account alice",
                "the app server cannot be reached (refused)", "302 wrong account or token: bad token",
                "kicked offline, reason 2: banned",
                "302 wrong account or token (manual); no new token: the app server cannot be reached (refused)",
                "logged out; the server was told", "logged out here; the server was not told",
            ])
    }
}
