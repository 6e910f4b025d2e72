import LoginCore
import Providers
import Testing

/// An app that writes down what a machine's moments make the SDK call.
struct Listener {
    static let account = AccountName("mia")

    private let generation: Generation
    private(set) var machine: LoginMachine
    private var told = ToldStatus()
    private var connection: ConnectionID?
    private var timers: [(id: TimerID, purpose: LoginMachine.TimerPurpose, delay: Duration)] = []
    /// What was sent, in order.
    var sent: [LinkRequest] = []
    /// The misuses that were reported.
    private(set) var misuses = 0
    /// The attempt that waits for the app's token.
    private(set) var asked: AttemptID?
    /// `name(arguments)` of each call.
    private(set) var heard: [String] = []

    /// An app that has just asked for a login.
    init(
        _ mode: LoginMode, _ kind: AuthenticationKind = .fixed, generation: Generation = CommsEase.v9iOS,
        policy: LoginPolicy? = nil, lastLogin: AccountName? = nil
    ) {
        self.generation = generation
        machine = LoginMachine(policy: policy ?? generation.policy, random: SeededGenerator(seed: 1))
        handle(.initialised)
        if let lastLogin { machine.restore(lastLogin: lastLogin) }
        logIn(mode, kind)
    }

    mutating func logIn(_ mode: LoginMode, _ kind: AuthenticationKind = .fixed, token: String = "token-1") {
        handle(.loginRequested(Self.request(mode, kind, token: token)))
    }

    static func request(
        _ mode: LoginMode, _ kind: AuthenticationKind = .fixed, token: String = "token-1", length: Int = 32
    ) -> LoginRequest {
        let token = SecretRef(kind: .token, name: token, length: length, digest: "00000000")
        return LoginRequest(
            account: account, token: token, mode: mode, authentication: kind, loginExtension: "ext")
    }

    /// An app that is online and has heard nothing since.
    static func online(generation: Generation = CommsEase.v9iOS, policy: LoginPolicy? = nil) -> Self {
        var app = Self(.manual, generation: generation, policy: policy)
        app.comeOnline()
        app.heard = []
        app.sent = []
        return app
    }

    mutating func comeOnline() {
        connect()
        hear(.loginAccepted(account: Self.account, others: []))
        hear(.synced)
    }

    /// What was heard since the last time; it is forgotten here.
    mutating func news() -> [String] {
        defer { heard = [] }
        return heard
    }

    /// The login frames that were sent.
    var logins: [LoginPacket] {
        sent.compactMap { if case .login(let packet) = $0 { packet } else { nil } }
    }

    /// The delay of the timer with that purpose, if it runs.
    func delay(_ purpose: LoginMachine.TimerPurpose) -> Duration? {
        timers.first { $0.purpose == purpose }?.delay
    }

    /// The numbers of the `onLogin:` steps.
    var steps: [Int] {
        heard.filter { $0.hasPrefix("onLogin:(") }.compactMap { Int($0.dropFirst(9).prefix { $0.isNumber }) }
    }

    var isOnline: Bool { if case .online = machine.state { true } else { false } }
    var hasTimer: Bool { !timers.isEmpty }

    mutating func handle(_ event: LoginMachine.Event) {
        for effect in machine.handle(event) {
            switch effect {
            case .openConnection(let id): connection = id
            case .startTimer(let id, let purpose, let delay): timers.append((id, purpose, delay))
            case .cancelTimer(let id): timers.removeAll { $0.id == id }
            case .notify(let moment):
                heard += generation.callbacks(moment, &told)
                    .map { "\($0.name)(\($0.arguments.joined(separator: ", ")))" }
            case .reportMisuse: misuses += 1
            case .acquireToken(let attempt): asked = attempt
            case .send(_, let request): sent.append(request)
            case .closeConnection: break
            }
        }
    }

    mutating func connect() { withConnection { .connectionOpened($0) } }
    mutating func refuseLink() { withConnection { .connectionFailed($0, .refused) } }
    mutating func dropLink() { withConnection { .connectionClosed($0, .linkClosed) } }
    mutating func hear(_ message: LinkMessage) { withConnection { .received($0, message) } }

    /// Lets the one timer that runs fire.
    mutating func fireTimer() {
        guard timers.count == 1, let timer = timers.popLast() else {
            Issue.record("one timer must run, not \(timers.count)")
            return
        }
        handle(.timerFired(timer.id))
    }

    /// Lets the timer with that purpose fire.
    mutating func fire(_ purpose: LoginMachine.TimerPurpose) {
        guard let index = timers.firstIndex(where: { $0.purpose == purpose }) else {
            Issue.record("no timer runs for \(purpose)")
            return
        }
        handle(.timerFired(timers.remove(at: index).id))
    }

    /// The app answers the token provider's question.
    mutating func provideToken() {
        guard let asked else {
            Issue.record("the app was not asked")
            return
        }
        let token = SecretRef(kind: .token, name: "token-2", length: 32, digest: "00000002")
        handle(.tokenProvided(asked, token))
    }

    private mutating func withConnection(_ event: (ConnectionID) -> LoginMachine.Event) {
        guard let connection else {
            Issue.record("no connection was asked for")
            return
        }
        handle(event(connection))
    }
}
