import LoginCore
import Providers
import Testing

/// Easemob's SDK and its app together: renewal, expiry, automatic login (easemob.md §4, §7, §8).
struct EasemobClientTests {
    private static let generations = Easemob.provider.generations
    private static let iOS4 = Easemob.v4iOS
    private static let iOS5 = Easemob.v5iOS
    private static let android = Easemob.v4Android
    private static let ann = AccountName("ann")

    /// A client of one SDK, and what its app's listener heard.
    private struct Client {
        var core: ClientCore
        var now = Instant(seconds: 1_700_000_000)
        var heard: [String] = []
        var sent: [LinkRequest] = []
        var calls: [(CallID, AppServerCall)] = []
        var link: ConnectionID?
        var declined: [String] = []

        init(_ generation: Generation, saved: SavedLogin? = nil, renewsEarly: Bool = true, policy: LoginPolicy? = nil) {
            core = ClientCore(
                lane: TranscriptLane(.device("A")), policy: policy ?? generation.policy,
                settings: AppSettings(renewsEarly: renewsEarly), random: SeededGenerator(seed: 1),
                naming: generation.callbacks)
            take(.sdk(.initialised))
            take(.app(.started(saved)))
        }

        mutating func take(_ input: ClientCore.Input) {
            let output = core.handle(input, at: now)
            heard += output.entries.filter { $0.kind == .callback }.map(\.title)
            for effect in output.effects {
                switch effect {
                case .openConnection(let id, _): link = id
                case .closeConnection: link = nil
                case .send(_, _, let request, _): sent.append(request)
                case .call(let id, let call, _): calls.append((id, call))
                case .decline(let sentence): declined.append(sentence)
                case .startTimer, .cancelTimer, .cancelCall, .save, .erase: break
                }
            }
        }

        mutating func hear(_ message: LinkMessage) {
            if let link { take(.sdk(.received(link, message))) }
        }

        mutating func comeOnline(_ account: AccountName = ann) {
            if let link { take(.sdk(.connectionOpened(link))) }
            hear(.loginAccepted(account: account, others: []))
            hear(.synced)
        }

        /// Answers the call to the app server that is out.
        mutating func grant(_ token: SecretRef, lifetime: Duration = .seconds(600)) {
            guard let (id, call) = calls.popLast() else { return }
            let granted = GrantedToken(account: ann, token: token, kind: .fixed, lifetime: lifetime)
            if case .token = call {
                take(.app(.tokenGranted(id, granted, at: now)))
            } else {
                take(.app(.granted(id, user: "mia", session: Client.session, granted, at: now)))
            }
        }

        mutating func signIn() {
            take(.app(.signInRequested(user: "mia", password: Client.password)))
            grant(Client.token(1))
            comeOnline()
        }

        static let session = SecretRef(kind: .session, name: "session-1", length: 9, digest: "0")
        static let password = SecretRef(kind: .password, name: "password-1", length: 9, digest: "0")

        static func token(_ number: Int) -> SecretRef {
            SecretRef(kind: .token, name: "token-\(number)", length: 9, digest: "\(number)")
        }
    }

    private static func saved(_ client: Client) -> SavedLogin? { client.core.flow.saved }

    /// Proves EM-7-warning, EM-4-renew, EM-5-will-expire.
    @Test("At the warning the app gets a token, and the session takes it while it is online")
    func renewal() {
        var client = Client(Self.iOS4)
        client.signIn()
        client.now = client.now + .seconds(480)
        client.hear(.tokenWillExpire)
        #expect(client.heard.last == "tokenWillExpire(109)")
        client.grant(Client.token(2))
        #expect(client.sent.last == .renew(Client.token(2)))
        client.hear(.renewed(code: 200, text: ""))
        #expect(client.heard.last == "renewToken completion(error nil)")
        #expect(client.core.sdk.phase == .online)
    }

    /// Proves EM-7-expiry, EM-5-expired, EM-8-stop.
    @Test("At the expiry the SDK logs out and does not reconnect; the app logs in with a new token")
    func expiry() {
        var client = Client(Self.iOS4, renewsEarly: false)
        client.signIn()
        client.heard = []
        client.hear(.kicked(KickNotice(reason: 108, text: "", clientType: 0)))
        #expect(client.heard == ["connectionStateDidChange(1 disconnected)", "tokenDidExpire(108)"])
        #expect(client.core.sdk.phase == .stopped)
        #expect(client.core.sdk.liveTimers.isEmpty)
        #expect(client.link == nil)
        client.grant(Client.token(2))
        #expect(client.core.sdk.attempt?.request.mode == .manual)
        client.comeOnline()
        #expect(client.heard.last == "login completion(ann, error nil)")
    }

    /// Proves EM-8-stop, EM-5-forced, EM-8-reset.
    @Test(
        "After a kick nothing reconnects, and an automatic login is off until a manual one",
        arguments: [206, 207, 216, 217, 305])
    func kicked(code: Int) {
        var client = Client(Self.iOS4)
        client.signIn()
        client.hear(.kicked(KickNotice(reason: code, text: "", clientType: 0)))
        #expect(client.core.sdk.phase == .stopped)
        #expect(client.calls.isEmpty, "no token is fetched after a kick")
        let saved = Self.saved(client)
        var again = Client(Self.iOS4, saved: saved)
        #expect(again.link == nil)
        again.take(.app(.automaticLoginRequested(forced: false, at: again.now)))
        #expect(again.declined.count == 1)
    }

    /// Proves EM-8-default, EM-8-target, EM-8-window, EM-8-reset, EM-own-manual-start.
    @Test("At the next start of the app 4.x logs in by itself, and V5 waits to be asked")
    func nextStart() {
        for generation in Self.generations {
            var first = Client(generation)
            first.signIn()
            let saved = Self.saved(first)
            var second = Client(generation, saved: saved)
            let isFour = generation.id.hasPrefix("v4")
            #expect((second.link != nil) == isFour, "\(generation.id)")
            if !isFour {
                second.take(.app(.automaticLoginRequested(forced: false, at: second.now)))
                #expect(second.core.sdk.attempt?.request.mode == .manual)
            } else {
                #expect(second.core.sdk.attempt?.request.mode == .automatic(forced: false))
            }
            second.comeOnline()
            #expect(second.core.flow.state == .signedIn)
            // Who logged out is not logged in again.
            second.take(.app(.signOutRequested))
            second.hear(.loggedOut)
            #expect(Self.saved(second) == nil)
            #expect(Client(generation, saved: Self.saved(second)).link == nil)
        }
        var off = Self.iOS4.policy
        off.options.isAutoLogin = false
        var client = Client(Self.iOS4)
        client.signIn()
        #expect(Client(Self.iOS4, saved: Self.saved(client), policy: off).link == nil)
    }

    /// Proves EM-8-window.
    @Test(
        "Thirty days after the login the SDK does not log in by itself any more",
        arguments: [30 * 86_400, 30 * 86_400 + 1])
    func window(age: Int) {
        var client = Client(Self.android)
        client.signIn()
        var core = ClientCore(
            lane: TranscriptLane(.device("A")), policy: Self.android.policy, settings: AppSettings(),
            random: SeededGenerator(seed: 1), naming: Self.android.callbacks)
        let later = client.now + .seconds(age)
        _ = core.handle(.sdk(.initialised), at: later)
        let output = core.handle(.app(.started(Self.saved(client))), at: later)
        let opens = output.effects.contains { if case .openConnection = $0 { true } else { false } }
        #expect(opens == (age <= 30 * 86_400))
    }

    /// Proves EM-8-reset, EM-7-auto.
    @Test("An automatic login that is refused for its token is told, and answered with one new token")
    func refusedAutomatic() {
        var first = Client(Self.iOS4)
        first.signIn()
        var second = Client(Self.iOS4, saved: Self.saved(first))
        if let link = second.link { second.take(.sdk(.connectionOpened(link))) }
        second.hear(.loginRefused(code: 108, text: "expired"))
        #expect(second.heard.last == "autoLoginDidCompleteWithError(error 108 TokenExpire)")
        #expect(second.calls.count == 1)
        second.grant(Client.token(2))
        second.comeOnline()
        #expect(second.heard.last == "login completion(ann, error nil)")
    }

    /// Proves EM-4-same, EM-4-another, EM-4-switch.
    @Test("A login while one is in use is refused with 200 or 218 and changes nothing; after a logout it works")
    func secondLogin() {
        for (name, code) in [("ann", "200 UserAlreadyLoginSame"), ("ben", "218 UserAlreadyLoginAnother")] {
            var client = Client(Self.iOS4)
            client.signIn()
            client.heard = []
            let login = AppFlow.Event.tokenLoginRequested(
                AccountName(name), token: Client.token(3), kind: .fixed, at: client.now)
            client.take(.app(login))
            #expect(client.heard == ["login completion(error \(code))"])
            #expect(client.core.sdk.phase == .online)
            #expect(Self.saved(client)?.token == Client.token(1))
            client.take(.app(.signOutRequested))
            client.hear(.loggedOut)
            #expect(client.heard.last == "logout completion(error nil)")
            client.take(.app(login))
            client.comeOnline(AccountName(name))
            #expect(client.heard.last == "login completion(\(name), error nil)")
        }
    }

    /// Proves EM-8-reconnect, EM-own-auto-network, EM-own-backoff.
    @Test("A lost link is made again by itself, and so is an automatic login that found no network")
    func reconnects() {
        var client = Client(Self.iOS5)
        client.signIn()
        if let link = client.link { client.take(.sdk(.connectionClosed(link, .linkClosed))) }
        #expect(client.core.sdk.phase == .waiting)
        #expect(client.core.sdk.loginStatus == .loggedIn)
        var automatic = Client(Self.iOS4, saved: Self.saved(client))
        if let link = automatic.link { automatic.take(.sdk(.connectionFailed(link, .refused))) }
        #expect(automatic.core.sdk.phase == .waiting)
        #expect(automatic.core.timers.contains { $0.purpose == "next attempt" && $0.due - $0.started == .seconds(1) })
    }
}
