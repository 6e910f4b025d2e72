import LoginCore
import Providers

/// A client in a world that answers, fails, hangs up and is used by chance, all of it from one seed.
struct RandomWalk {
    let seed: UInt64
    private(set) var world: ClientWorld
    private var random: SeededGenerator
    private var tokens = 1
    private var restarts = 0

    init(seed: UInt64, generation: Generation = CommsEase.v9iOS) {
        self.seed = seed
        random = SeededGenerator(seed: seed).fork("random walk")
        world = ClientWorld.started(
            form: seed.isMultiple(of: 2) ? .core : .attached, seed: seed, generation: generation)
    }

    /// Takes `count` steps; ends early at the first broken rule.
    mutating func run(_ count: Int) {
        for _ in 0..<count where world.problems.isEmpty { step() }
    }

    private mutating func step() {
        world.pass(.milliseconds(Int64(below(2000))))
        switch below(100) {
        case 0..<50: link()
        case 50..<68: appServer()
        case 68..<78: world.nextTimer()
        case 78..<90: user()
        case 90..<94: system()
        default: late()
        }
    }

    // MARK: - The link

    private mutating func link() {
        guard let id = world.core.sdk.liveConnection else { return appServer() }
        if world.connections[id] == false {
            switch below(20) {
            case 0..<17: world.open()
            case 17: world.refuseLink()
            case 18: world.take(.sdk(.connectionFailed(id, .timedOut)))
            default: world.take(.sdk(.connectionFailed(id, .tls("expired"))))
            }
            return
        }
        switch below(60) {
        case 0: world.drop()
        case 1: world.hear(anyMessage())
        case 2: world.hear(.kicked(KickNotice(reason: 1 + Int(below(3)), text: "", clientType: 1)))
        case 3: world.hear(.clientsChanged(.login, [Sample.other]))
        case 4..<24 where world.sent.first?.isLogin == true: world.hear(refusal())
        default: world.hear(answer(to: world.sent.first))
        }
    }

    private mutating func answer(to request: LinkRequest?) -> LinkMessage {
        switch request {
        case .login(let packet): .loginAccepted(account: packet.account, others: below(3) == 0 ? [Sample.other] : [])
        case .sync: .synced
        case .ping: .pong
        case .echo(let text): .echoed(text)
        case .kick(let ids): .kickAnswered(code: 200, kicked: ids)
        case .renew: .renewed(code: 200, text: "")
        case .logout: .loggedOut
        case nil: .pong
        }
    }

    private mutating func refusal() -> LinkMessage {
        // The code about the token often, so that recoveries come about.
        let codes = world.generation.policy.codes
        let credentials = codes.filter { $0.kind == .credential }
        let row = below(5) < 2 ? pick(credentials) : pick(codes + [world.generation.policy.unknownCode])
        return .loginRefused(code: row.code, text: "")
    }

    private mutating func anyMessage() -> LinkMessage {
        pick(LoginMachineTotalityTests.messages)
    }

    // MARK: - The app server

    private mutating func appServer() {
        guard let id = world.calls.keys.sorted().randomElement(using: &random) else { return world.open() }
        answer(id, call: world.calls[id])
    }

    private mutating func answer(_ id: CallID, call: AppServerCall?) {
        if below(6) == 0 {
            world.take(.app(.callFailed(id, pick([FlowWalk.down, .refused(name: "expired", message: "over")]))))
            return
        }
        switch call {
        case .login(let user, _):
            let grant = grant()
            world.take(.app(.granted(id, user: user, session: Sample.session, grant, at: world.now)))
        case .token:
            let grant = grant()
            world.take(.app(.tokenGranted(id, grant, at: world.now)))
        case .register(let user, _, _):
            world.take(.app(.registered(id, user: user, account: Sample.alice)))
        case .logout, nil:
            world.take(.app(.sessionEnded(id)))
        }
    }

    private mutating func grant() -> GrantedToken {
        tokens += 1
        let lives: [Duration?] = [nil, .seconds(60), .seconds(600), .seconds(1), .zero, .milliseconds(3)]
        return Sample.grant(Sample.token(tokens), kind: below(2) == 0 ? .fixed : .dynamic, lifetime: pick(lives))
    }

    // MARK: - The user and the system

    private mutating func user() {
        switch below(16) {
        case 0..<4: world.user(.signInRequested(user: "alice", password: Sample.password))
        case 4..<7: world.user(.automaticLoginRequested(forced: below(2) == 0, at: world.now))
        case 7:
            tokens += 1
            world.user(
                .tokenLoginRequested(
                    Sample.alice, token: Sample.token(tokens), kind: pick(AuthenticationKind.allCases), at: world.now))
        case 8: world.user(.renewalRequested)
        case 9: world.user(.signOutRequested)
        case 10: world.user(.registerRequested(user: "bob", password: Sample.password, account: nil))
        case 11:
            world.user(
                .settingsChanged(
                    AppSettings(
                        form: pick(ProductForm.allCases), afterRefusal: pick([.renewOnce, .renewOnce, .ask]),
                        renewsEarly: below(3) > 0)))
        case 12: world.take(.sdk(.echoRequested("hi")))
        case 13: world.take(.sdk(.kickRequested(["s-9"])))
        default: restart()
        }
    }

    /// The app's process ends and starts again with what the store holds; nothing else is left of it.
    private mutating func restart() {
        guard below(3) == 0 else { return }
        restarts += 1
        world.restart(seed: seed &+ UInt64(restarts))
    }

    private mutating func system() {
        switch below(6) {
        case 0: world.take(.sdk(.networkLost))
        case 1..<4: world.take(.sdk(.networkReturned))
        case 4: world.take(.sdk(.backgrounded))
        default: world.take(.sdk(.foregrounded))
        }
    }

    // MARK: - Late reports

    private mutating func late() {
        switch below(6) {
        case 0: if let id = oldConnection() { world.openLate(id) }
        case 1: if let id = oldConnection() { world.take(.sdk(.connectionClosed(id, .linkClosed))) }
        case 2: if let id = oldConnection() { world.take(.sdk(.received(id, anyMessage()))) }
        case 3: world.take(.sdk(.timerFired(TimerID(1 + Int(below(40))))))
        case 4: world.take(.app(.timerFired(TimerID(1 + Int(below(10))))))
        default: if let call = oldCall() { answer(call, call: pick(Self.lateCalls)) }
        }
    }

    /// One of the last connections that is not the live one.
    private mutating func oldConnection() -> ConnectionID? {
        guard let last = world.lastConnection else { return nil }
        let id = ConnectionID(last.number - Int(below(3)))
        return id.number < 1 || id == world.core.sdk.liveConnection ? nil : id
    }

    /// One of the last calls that is answered or given up.
    private mutating func oldCall() -> CallID? {
        guard let last = world.lastCall else { return nil }
        let id = CallID(last.number - Int(below(3)))
        return id.number < 1 || world.calls[id] != nil ? nil : id
    }

    private static let lateCalls: [AppServerCall] = [
        .login(user: "alice", password: Sample.password), .token(session: Sample.session),
        .register(user: "alice", password: Sample.password, account: nil), .logout(session: Sample.session),
    ]

    // MARK: - Chance

    private mutating func below(_ bound: UInt64) -> UInt64 {
        random.below(bound)
    }

    private mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int(random.below(UInt64(elements.count)))]
    }
}

extension LinkRequest {
    fileprivate var isLogin: Bool {
        if case .login = self { true } else { false }
    }
}
