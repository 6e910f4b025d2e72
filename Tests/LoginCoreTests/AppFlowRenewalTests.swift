import LoginCore
import Testing

/// The watch on a token's life, and the renewals that come of it.
@Suite("How the app renews a token that ends")
struct AppFlowRenewalTests {
    private let life: Duration = .seconds(100)

    @Test("A token is renewed at 80 % of its life and the SDK gets the new one")
    func early() {
        var walk = FlowWalk()
        #expect(walk.signIn(lifetime: life).contains("start t1 80 % 80 s"))
        walk.comeOnline()
        #expect(walk.flow.lease == .valid(until: Sample.start + life))
        #expect(walk.due() == ["start t2 90 % 10 s", "call h2 token"])
        #expect(walk.flow.lease == .renewing)
        #expect(
            walk.answerToken(lifetime: life) == [
                "save alice token-2 usable", "sdk replaced token-2", "cancel t2", "start t3 80 % 80 s",
            ])
        #expect(walk.flow.lease == .valid(until: walk.now + life))
        #expect(walk.flow.state == .signedIn)
    }

    @Test("A failed renewal is tried again at 90 and at 95 %, then the token ends")
    func steps() {
        var walk = FlowWalk.online(lifetime: life)
        #expect(walk.due() == ["start t2 90 % 10 s", "call h2 token"])
        #expect(walk.failToken().isEmpty)
        #expect(walk.flow.lease == .willExpire(until: Sample.start + life))
        #expect(walk.due() == ["start t3 95 % 5 s", "call h3 token"])
        walk.failToken()
        #expect(walk.due() == ["start t4 end 5 s", "call h4 token"])
        walk.failToken()
        #expect(walk.due().isEmpty)
        #expect(walk.flow.lease == .expired)
        #expect(walk.flow.watch == nil)
        #expect(walk.flow.state == .signedIn)
        #expect(walk.now == Sample.start + life)
    }

    @Test("The steps keep their instants however long a call takes")
    func slowCall() {
        var walk = FlowWalk.online(lifetime: life)
        walk.due()
        #expect(walk.due() == ["start t3 95 % 5 s"])  // the call of the first step is still out
        #expect(walk.flow.lease == .renewing)
        walk.failToken()
        #expect(walk.due() == ["start t4 end 5 s", "call h3 token"])
        #expect(walk.due().isEmpty)
        #expect(walk.now == Sample.start + life)
        walk.failToken()
        #expect(walk.flow.lease == .expired)
    }

    @Test("A renewal that the user asked for and that failed leaves the watch as it was")
    func failedByHand() {
        var walk = FlowWalk.online(lifetime: life)
        #expect(walk.step(.renewalRequested) == ["call h2 token"])
        #expect(walk.flow.lease == .renewing)
        #expect(walk.step(.renewalRequested) == ["decline"])
        walk.failToken()
        #expect(walk.flow.lease == .valid(until: Sample.start + life))
        #expect(walk.due() == ["start t2 90 % 10 s", "call h3 token"])
    }

    @Test("A permanent token is renewed by hand and stays permanent")
    func permanent() {
        var walk = FlowWalk.online()
        #expect(walk.flow.watch == nil)
        walk.step(.renewalRequested)
        #expect(walk.answerToken() == ["save alice token-2 usable", "sdk replaced token-2"])
        #expect(walk.flow.lease == .permanent)
    }

    @Test("Without early renewal the token is only watched, and switching it on takes effect at the next step")
    func switchedOff() {
        var walk = FlowWalk.online(lifetime: life)
        #expect(walk.step(.settingsChanged(AppSettings(renewsEarly: false))).isEmpty)
        #expect(walk.due() == ["start t2 90 % 10 s"])
        #expect(walk.flow.lease == .willExpire(until: Sample.start + life))
        walk.step(.settingsChanged(AppSettings(renewsEarly: true)))
        #expect(walk.due() == ["start t3 95 % 5 s", "call h2 token"])
    }

    @Test("Without early renewal the token ends at its end")
    func endsUnrenewed() {
        var walk = FlowWalk()
        walk.step(.settingsChanged(AppSettings(renewsEarly: false)))
        walk.signIn(lifetime: life)
        walk.comeOnline()
        for _ in 0..<3 { #expect(!walk.due().contains { $0.hasPrefix("call") }) }
        #expect(walk.due().isEmpty)
        #expect(walk.flow.lease == .expired)
    }

    // MARK: - Restarts

    @Test("A restart takes the watch up where the token is", arguments: [0, 40, 80, 85, 92, 97, 100, 400])
    func restart(_ age: Int) {
        var walk = FlowWalk()
        walk.now = Sample.start + .seconds(age)
        walk.step(.started(Sample.saved(kind: .dynamic, expires: Sample.start + life)))
        let effects = walk.step(.automaticLoginRequested(forced: false, at: walk.now))
        let expected: String =
            switch age {
            case 0: "start t1 80 % 80 s"
            case 40: "start t1 80 % 40 s"
            case 80, 85: "start t1 80 % 0 s"
            case 92: "start t1 90 % 0 s"
            case 97: "start t1 95 % 0 s"
            default: "start t1 100 % 0 s"
            }
        #expect(effects == [expected, "sdk login token-1 automatic"])
        #expect(walk.flow.lease == (age < 100 ? .valid(until: Sample.start + life) : .expired))
        let next = walk.due()
        #expect(next.last == "call h1 token")
        if age == 85 { #expect(next.first == "start t2 90 % 5 s") }
        if age == 97 { #expect(next.first == "start t2 end 3 s") }
        if age >= 100 { #expect(next == ["call h1 token"]) }
    }

    @Test("A restart with a token that has ended: the refusal takes the renewal that is out as its own")
    func expiredRestart() {
        var walk = FlowWalk()
        walk.now = Sample.start + .seconds(400)
        walk.step(.started(Sample.saved(kind: .dynamic, expires: Sample.start + life)))
        walk.step(.automaticLoginRequested(forced: false, at: walk.now))
        walk.due()
        #expect(walk.refuse(302, .automatic(forced: false)) == ["save alice token-1 usable after 302 auto"])
        #expect(walk.flow.recovery != .ready)
        #expect(walk.flow.lease == .void)
        #expect(
            walk.answerToken(lifetime: life) == [
                "save alice token-2", "start t2 80 % 80 s", "sdk login token-2 manual",
            ])
    }

    // MARK: - Together with stops and recovery

    @Test("A renewal that is out when the token is refused becomes the recovery; no second call")
    func adopted() {
        var walk = FlowWalk.online(lifetime: life)
        walk.due()
        #expect(
            walk.refuse(302, .automatic(forced: false)) == ["save alice token-1 usable after 302 auto", "cancel t2"])
        #expect(
            walk.summary == "signedIn, im stopped 302 auto, lease void, recovery h2, "
                + "saved alice token-1 usable after 302 auto")
        #expect(walk.step(.renewalRequested) == ["decline"])
        #expect(walk.answerToken() == ["save alice token-2", "sdk login token-2 manual"])
    }

    @Test("An adopted renewal that fails is the one try")
    func adoptedFails() {
        var walk = FlowWalk.online(lifetime: life)
        walk.due()
        walk.refuse(302, .automatic(forced: false))
        walk.failToken()
        #expect(
            walk.flow.state
                == .signedOut(
                    .renewalFailed(.failed(Sample.failure(302), mode: .automatic(forced: false)), FlowWalk.down)))
        #expect(walk.tokenCall == nil)
    }

    @Test("A token that came of a refusal is not renewed early before it came online")
    func recoveredIsNotRenewed() {
        var walk = FlowWalk()
        walk.signIn()
        walk.refuse(302)
        walk.answerToken(lifetime: life)
        #expect(walk.due() == ["start t2 90 % 10 s"])
        walk.comeOnline()
        #expect(walk.due() == ["start t3 95 % 5 s", "call h3 token"])
    }

    @Test("A stop gives the renewal up, and the lease no longer says that one is on its way")
    func stopped() {
        var walk = FlowWalk.online(lifetime: life)
        walk.due()
        #expect(
            walk.step(.told(.kickedOffline(Sample.kick))) == [
                "save alice token-1 usable after kicked 1", "cancel t2", "give up h2",
            ])
        #expect(walk.flow.lease == .willExpire(until: Sample.start + life))
        #expect(walk.step(.tokenGranted(CallID(2), Sample.grant(Sample.new), at: walk.now)).isEmpty)
        #expect(walk.flow.saved?.token == Sample.old)
    }

    @Test("Attached: a renewal by hand after a stop starts no further one")
    func byHandAfterStop() {
        var walk = FlowWalk.online(.attached, lifetime: life)
        walk.step(.told(.kickedOffline(Sample.kick)))
        walk.step(.renewalRequested)
        #expect(
            walk.answerToken(lifetime: life) == ["save alice token-2 usable after kicked 1", "sdk replaced token-2"])
        #expect(walk.flow.watch == nil)
    }

    @Test("A logout gives renewal and watch up")
    func logOut() {
        var walk = FlowWalk.online(lifetime: life)
        walk.due()
        #expect(
            walk.step(.signOutRequested) == ["cancel t2", "give up h2", "call h3 logout", "erase", "sdk logout"])
        #expect(walk.flow.lease == .none)
    }

    // MARK: - Lives that no honest server gives

    @Test("A token that is dead on arrival is not asked for again by itself", arguments: [Duration.zero, .seconds(-5)])
    func deadOnArrival(_ lifetime: Duration) {
        var walk = FlowWalk()
        let effects = walk.signIn(lifetime: lifetime)
        #expect(!effects.contains { $0.hasPrefix("start") })
        #expect(walk.flow.lease == .expired)
    }

    @Test("Very short lives do not flood the app server")
    func shortLife() {
        var walk = FlowWalk()
        #expect(walk.signIn(lifetime: .milliseconds(10)).contains("start t1 80 % 1 s"))
        walk.comeOnline()
        #expect(walk.due() == ["call h2 token"])
        #expect(walk.answerToken(lifetime: .milliseconds(10)).last == "start t2 80 % 1 s")
    }

    @Test("A life without measure does not trap")
    func endlessLife() {
        var walk = FlowWalk.online(lifetime: .seconds(Int64.max))
        #expect(walk.flow.watch != nil)
        #expect(walk.due().contains("call h2 token"))
    }

    @Test("The words of the lease")
    func words() {
        let end = Sample.start
        let leases: [Lease] = [
            .none, .permanent, .valid(until: end), .willExpire(until: end), .renewing, .expired, .void,
        ]
        #expect(
            leases.map(\.text) == ["none", "permanent", "valid", "will expire", "renewing", "expired", "void"])
    }
}
