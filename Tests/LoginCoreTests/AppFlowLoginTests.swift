import LoginCore
import Testing

/// What the user asks for and what the app makes of the answers, up to a working login and out again.
@Suite("The app's way in and out")
struct AppFlowLoginTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let from: FlowWalk
        let event: AppFlow.Event
        let to: String
        let effects: [String]

        init(_ name: String, from: FlowWalk, _ event: AppFlow.Event, to: String, _ effects: String...) {
            self.name = name
            self.from = from
            self.event = event
            self.to = to
            self.effects = effects
        }

        var testDescription: String { name }
    }

    static func walk(_ form: ProductForm = .core, _ events: AppFlow.Event...) -> FlowWalk {
        var walk = FlowWalk(form)
        for event in events { walk.step(event) }
        return walk
    }

    static let registering = walk(.core, .registerRequested(user: "alice", password: Sample.password, account: nil))
    static let signingIn = walk(.core, .signInRequested(user: "alice", password: Sample.password))
    static let signingInAttached = walk(.attached, .signInRequested(user: "alice", password: Sample.password))
    static let startingIM: FlowWalk = {
        var walk = FlowWalk()
        walk.signIn()
        return walk
    }()

    @Test("The app goes its steps", arguments: Self.rows)
    func step(_ row: Row) {
        var walk = row.from
        let effects = walk.step(row.event)
        #expect(walk.summary == row.to)
        #expect(effects == row.effects)
    }

    static let rows: [Row] = [
        Row("start with nothing", from: FlowWalk(), .started(nil), to: "signedOut, im idle, lease none, nothing saved"),
        Row(
            "start with a saved login", from: FlowWalk(), .started(Sample.saved()),
            to: "signedOut, im idle, lease permanent, saved alice token-1 usable"),
        Row(
            "start with a token that ends", from: FlowWalk(),
            .started(Sample.saved(kind: .dynamic, expires: Sample.start + .seconds(100))),
            to: "signedOut, im idle, lease valid, saved alice token-1 usable"),
        Row(
            "start after a stop: the reason is on the login screen", from: FlowWalk(),
            .started(Sample.saved(stop: .kicked(Sample.kick))),
            to: "signedOut kicked 1, im idle, lease permanent, saved alice token-1 usable after kicked 1"),
        Row(
            "start in the attached form: the app logs in by itself", from: FlowWalk(.attached),
            .started(Sample.saved()),
            to: "signedOut, im idle, lease permanent, saved alice token-1 usable", "log in by itself"),
        Row(
            "start in the attached form after a stop: no retry", from: FlowWalk(.attached),
            .started(Sample.saved(stop: .kicked(Sample.kick))),
            to: "signedOut kicked 1, im idle, lease permanent, saved alice token-1 usable after kicked 1"),
        Row(
            "start in the attached form with nothing", from: FlowWalk(.attached), .started(nil),
            to: "signedOut, im idle, lease none, nothing saved"),
        Row(
            "the attached form logs in by force", from: FlowWalk.started(Sample.saved(), .attached),
            .automaticLoginDue(at: Sample.start),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable",
            "sdk login token-1 automatic, forced"),
        Row(
            "the attached form logs in, though the login has never come online",
            from: FlowWalk.started(Sample.saved(isUsable: false), .attached), .automaticLoginDue(at: Sample.start),
            to: "signedIn, im active, lease permanent, saved alice token-1",
            "sdk login token-1 automatic, forced"),
        Row(
            "start twice", from: FlowWalk.online(), .started(nil),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable", "decline"),
        Row(
            "register", from: FlowWalk(),
            .registerRequested(user: "alice", password: Sample.password, account: "typed"),
            to: "registering h1, im idle, lease none, nothing saved", "call h1 register alice as typed"),
        Row(
            "registered", from: registering, .registered(CallID(1), user: "alice", account: Sample.alice),
            to: "signedOut registered, im idle, lease none, nothing saved"),
        Row(
            "registering failed", from: registering,
            .callFailed(CallID(1), .refused(name: "userExists", message: "taken")),
            to: "signedOut appServer, im idle, lease none, nothing saved"),
        Row(
            "sign in", from: FlowWalk(), .signInRequested(user: "alice", password: Sample.password),
            to: "signingIn h1, im idle, lease none, nothing saved", "call h1 login alice"),
        Row(
            "wrong password", from: signingIn,
            .callFailed(CallID(1), .refused(name: "wrongPassword", message: "no")),
            to: "signedOut appServer, im idle, lease none, nothing saved"),
        Row(
            "core: the token is saved and one manual login starts", from: signingIn,
            .granted(CallID(1), user: "alice", session: Sample.session, Sample.grant(Sample.old), at: Sample.start),
            to: "startingIM with the password, im active, lease permanent, saved alice token-1",
            "save alice token-1", "sdk login token-1 manual"),
        Row(
            "attached: signed in at once, messaging follows by force", from: signingInAttached,
            .granted(CallID(1), user: "alice", session: Sample.session, Sample.grant(Sample.old), at: Sample.start),
            to: "signedIn, im active, lease permanent, saved alice token-1", "save alice token-1",
            "sdk login token-1 automatic, forced"),
        Row(
            "core: online is signed in, and the token may be used again", from: startingIM, .told(.online),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable", "save alice token-1 usable"),
        Row(
            "a typed token", from: FlowWalk(),
            .tokenLoginRequested(Sample.alice, token: Sample.new, kind: .fixed, at: Sample.start),
            to: "startingIM with a typed token, im active, lease permanent, saved alice token-2", "save alice token-2",
            "sdk login token-2 manual"),
        Row(
            "automatic with the saved token", from: FlowWalk.started(Sample.saved()),
            .automaticLoginRequested(forced: false, at: Sample.start),
            to: "startingIM with the saved token, im active, lease permanent, saved alice token-1 usable",
            "sdk login token-1 automatic"),
        Row(
            "automatic and forced", from: FlowWalk.started(Sample.saved()),
            .automaticLoginRequested(forced: true, at: Sample.start),
            to: "startingIM with the saved token, im active, lease permanent, saved alice token-1 usable",
            "sdk login token-1 automatic, forced"),
        Row(
            "automatic, attached: always by force", from: FlowWalk.started(Sample.saved(), .attached),
            .automaticLoginRequested(forced: false, at: Sample.start),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable",
            "sdk login token-1 automatic, forced"),
        Row(
            "automatic with nothing saved", from: FlowWalk(),
            .automaticLoginRequested(forced: true, at: Sample.start),
            to: "signedOut, im idle, lease none, nothing saved", "decline"),
        Row(
            "automatic before a manual success", from: FlowWalk.started(Sample.saved(isUsable: false)),
            .automaticLoginRequested(forced: true, at: Sample.start),
            to: "signedOut, im idle, lease permanent, saved alice token-1", "decline"),
        Row(
            "automatic after a stop", from: FlowWalk.started(Sample.saved(stop: .kicked(Sample.kick))),
            .automaticLoginRequested(forced: true, at: Sample.start),
            to: "signedOut kicked 1, im idle, lease permanent, saved alice token-1 usable after kicked 1", "decline"),
        Row(
            "a password while an automatic login is under way takes its place", from: FlowWalk.automatic(),
            .signInRequested(user: "alice", password: Sample.password),
            to: "signingIn h1, im idle, lease permanent, saved alice token-1 usable", "sdk logout",
            "call h1 login alice"),
        Row(
            "the SDK asks for the token", from: startingIM, .tokenAsked(AttemptID(3)),
            to: "startingIM with the password, im active, lease permanent, saved alice token-1",
            "sdk token a3 token-1"),
        Row(
            "the SDK asks and there is none", from: FlowWalk(), .tokenAsked(AttemptID(1)),
            to: "signedOut, im active, lease none, nothing saved", "sdk no token a1"),
        Row(
            "log out", from: FlowWalk.online(), .signOutRequested,
            to: "signingOut, im active, lease none, nothing saved", "call h2 logout", "erase", "sdk logout"),
        Row(
            "log out on the login screen drops what is saved", from: FlowWalk.started(Sample.saved()),
            .signOutRequested, to: "signedOut loggedOut, im idle, lease none, nothing saved", "call h1 logout", "erase"
        ),
        Row(
            "log out with nobody in", from: FlowWalk(), .signOutRequested,
            to: "signedOut, im idle, lease none, nothing saved", "decline"),
        Row(
            "log out gives a sign-in up", from: signingIn, .signOutRequested,
            to: "signedOut, im idle, lease none, nothing saved", "give up h1"),
        Row(
            "log out gives a registration up", from: registering, .signOutRequested,
            to: "signedOut, im idle, lease none, nothing saved", "give up h1"),
        Row(
            "registering while in", from: FlowWalk.online(),
            .registerRequested(user: "bob", password: Sample.password, account: nil),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable", "decline"),
        Row(
            "signing in while in", from: FlowWalk.online(), .signInRequested(user: "bob", password: Sample.password),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable", "decline"),
        Row(
            "automatic while in", from: FlowWalk.online(), .automaticLoginRequested(forced: false, at: Sample.start),
            to: "signedIn, im active, lease permanent, saved alice token-1 usable", "decline"),
    ]

    @Test("Logging out cleans up whatever the servers say", arguments: [false, true])
    func logOut(_ wasServerTold: Bool) {
        var walk = FlowWalk.online()
        walk.step(.signOutRequested)
        #expect(walk.step(.callFailed(CallID(2), FlowWalk.down)).isEmpty)
        #expect(walk.step(.told(.loggedOut(wasServerTold: wasServerTold))).isEmpty)
        #expect(
            walk.summary == "signedOut loggedOut" + (wasServerTold ? " told" : "")
                + ", im idle, lease none, nothing saved")
        #expect(walk.step(.sessionEnded(CallID(2))).isEmpty)
    }

    @Test("Answers to calls that were given up change nothing")
    func lateAnswers() {
        var walk = Self.signingIn
        walk.step(.signOutRequested)
        let before = walk.flow
        for event in [
            AppFlow.Event.granted(
                CallID(1), user: "alice", session: Sample.session, Sample.grant(Sample.old), at: Sample.start),
            .registered(CallID(1), user: "alice", account: Sample.alice), .callFailed(CallID(1), FlowWalk.down),
            .tokenGranted(CallID(1), Sample.grant(Sample.new), at: Sample.start), .sessionEnded(CallID(1)),
            .timerFired(TimerID(1)),
        ] {
            #expect(walk.step(event).isEmpty)
            #expect(walk.flow == before)
        }
    }

    @Test("The server's spelling of the account is kept, in the store too")
    func spelling() {
        var walk = Self.startingIM
        walk.step(.told(.online))
        #expect(walk.step(.told(.manualLoginCompleted(AccountName("ALICE")))) == ["save ALICE token-1 usable"])
        #expect(walk.step(.told(.manualLoginCompleted(AccountName("ALICE")))).isEmpty)
    }

    @Test("A failure of the app server is named by the app server's words, never by an SDK code")
    func appServerFailures() {
        let refused = AppServerFailure.refused(name: "wrongPassword", message: "the password is wrong")
        #expect(refused.description == "the app server says: the password is wrong")
        #expect(AppServerFailure.unreachable(.refused).description == "the app server cannot be reached (refused)")
        var walk = Self.signingIn
        walk.step(.callFailed(CallID(1), refused))
        #expect(walk.flow.state == .signedOut(.appServer(refused)))
        #expect(walk.flow.im == .idle)
    }
}
