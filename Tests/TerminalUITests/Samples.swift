import LoginCore
import Providers
import TerminalFrame
import TerminalUI
import Testing

/// Values that the tests of the screen share.
enum Sample {
    static let start = Instant(seconds: 1_800_000_000)
    static let small = Size(columns: 80, rows: 24)
    static let large = Size(columns: 120, rows: 40)

    static func provider() throws -> Provider {
        try #require(ProviderRegistry.provider("commsease"))
    }

    static func platform(_ name: String) throws -> ClientPlatform {
        try #require(try provider().clientPlatforms.first { $0.name == name })
    }

    static let ready = BackendStatus.ready(
        appServer: "http://127.0.0.1:41231", webAPI: "http://127.0.0.1:41232", imLink: "ws://127.0.0.1:41233")

    static let people = [
        PersonView(user: "mia", account: "k3j2h4x8q1", demoPassword: "lantern-42"),
        PersonView(user: "ben", account: "p0w9e8r7t6", demoPassword: "harbour-17", isBanned: true),
        PersonView(user: "小雨", demoPassword: "竹林-88"),
        PersonView(user: "zoe", account: "a1s2d3f4g5"),
    ]

    static let token = SecretRef(kind: .token, name: "token-3", length: 32, digest: "1a2b3c4d")

    /// Device A, as nobody has touched it.
    static func loggedOut() throws -> DeviceSnapshot {
        var device = DeviceSnapshot(
            name: "A", generation: "v9-ios", generationTitle: "V9 iOS", platform: try platform("iOS"))
        device.deviceID = "3f9a…"
        return device
    }

    static func online() throws -> DeviceSnapshot {
        var device = try loggedOut()
        device.sdkStateKind = .online
        device.sdkState = "online"
        device.loginStatus = "logged in"
        device.connectStatus = "connected"
        device.mode = "manual"
        device.attempt = 1
        device.appState = "signed in as mia"
        device.user = "mia"
        device.account = "k3j2h4x8q1"
        device.token = token
        device.tokenKind = .fixed
        device.lease = "permanent"
        device.savedLogin = SavedLoginView(text: "usable for automatic login", isUsable: true)
        device.others = [OnlineClient(id: "s-3", clientType: 1)]
        device.timers = [timer("heartbeat", .sdk, from: 0, to: 30)]
        return device
    }

    static func waiting() throws -> DeviceSnapshot {
        var device = try online()
        device.sdkStateKind = .waiting
        device.sdkState = "waiting"
        device.loginStatus = "logged out"
        device.connectStatus = "waiting"
        device.mode = "automatic"
        device.attempt = 5
        device.backoff = BackoffView(table: [2, 4, 6, 8, 16, 32, 64].map { .seconds($0) }, position: 4)
        device.network = NetworkSwitch(mode: .offline, scope: .everything)
        device.timers = [timer("next attempt", .sdk, from: -1, to: 7), timer("token renewal", .app, from: 0, to: 400)]
        device.tokenKind = .dynamic
        device.tokenExpires = start + .seconds(500)
        device.others = []
        return device
    }

    static func stopped() throws -> DeviceSnapshot {
        var device = try online()
        device.sdkStateKind = .stopped
        device.sdkState = "stopped: 417 repeated login (automatic)"
        device.loginStatus = "logged out"
        device.connectStatus = "disconnected"
        device.mode = "automatic"
        device.appState = "login screen"
        device.appReason =
            "417: another device logged in last, so the server refuses an automatic login here. Log in by hand."
        device.token = nil
        device.tokenKind = nil
        device.lease = ""
        device.timers = []
        device.others = []
        device.savedLogin = SavedLoginView(text: "not usable: 417 repeated login", isUsable: false)
        return device
    }

    static func timer(_ purpose: String, _ owner: Owner, from: Int64, to: Int64) -> TimerView {
        TimerView(purpose: purpose, owner: owner, started: start + .seconds(from), due: start + .seconds(to))
    }

    /// Device B, stopped by a kick.
    static func second() throws -> DeviceSnapshot {
        var device = try stopped()
        device.name = "B"
        device.generation = "v9-android"
        device.generationTitle = "V9 Android"
        device.platform = try platform("Android")
        device.user = nil
        device.account = nil
        return device
    }

    static func lab(_ devices: [DeviceSnapshot]) -> LabSnapshot {
        LabSnapshot(
            backend: ready, now: start, providers: ProviderRegistry.all.map(\.id),
            facts: ["commsease": ProviderFacts(people: people)], devices: devices)
    }

    static func model(
        _ snapshot: LabSnapshot? = nil, size: Size = small, entries: [TranscriptEntry] = []
    ) throws -> Model {
        var model = Model(provider: try provider(), size: size)
        if let snapshot { _ = update(&model, .snapshot(snapshot)) }
        if !entries.isEmpty { _ = update(&model, .entries(entries)) }
        return model
    }

    /// One manual login that is refused, and some heartbeats.
    static func walk() -> [TranscriptEntry] {
        var device = TranscriptLane(.device("A"))
        var server = TranscriptLane(.imServer)
        var app = TranscriptLane(.appServer)
        var entries: [TranscriptEntry] = []
        func at(_ milliseconds: Int64) -> Instant { start + .milliseconds(milliseconds) }
        let wish = device.entry(at: at(0), owner: .user, cause: nil, kind: .intent, title: "log in as mia")
        let request = device.entry(
            at: at(3), owner: .app, cause: wish.id, kind: .httpRequest, title: "POST /login",
            fields: [
                Field("user", "mia"),
                Field(
                    "password",
                    .secret(
                        SecretRef(
                            kind: .password, name: "password-1", length: 10, digest: "99aabbcc"))),
            ])
        let taken = app.entry(
            at: at(4), owner: .server, cause: request.id, kind: .httpResponse, title: "POST /login → 200")
        let state = device.entry(
            at: at(9), owner: .sdk, cause: taken.id, kind: .state, title: "logged out → connecting")
        let frame = device.entry(
            at: at(14), owner: .sdk, cause: state.id, kind: .frameSent, title: "login",
            fields: [Field("token", .secret(token)), Field("automatic", .flag(false))])
        let refused = server.entry(
            at: at(15), owner: .server, cause: frame.id, kind: .frameSent, title: "login → 302",
            fields: [Field("code", .number(302)), Field("rule", .rule("CE-7.1-302"))])
        let stop = device.entry(
            at: at(16), owner: .sdk, cause: refused.id, kind: .callback, title: "onLogin(LoginFailed) 302",
            fields: [Field("code", .number(302)), Field("rule", .rule("CE-7.1-302"))])
        entries += [wish, request, taken, state, frame, refused, stop]
        for beat in 0..<4 {
            entries.append(
                device.entry(
                    at: at(30_000 * Int64(beat + 1)), owner: .sdk, cause: nil, kind: .frameSent, title: "ping",
                    isHeartbeat: true))
        }
        return entries
    }

    /// Entries of one lane, `0..<count` in their titles.
    static func entries(_ count: Int) -> [TranscriptEntry] {
        var lane = TranscriptLane(.device("A"))
        return (0..<count).map { number in
            lane.entry(
                at: start + .milliseconds(Int64(number)), owner: number % 2 == 0 ? .sdk : .app, cause: nil,
                kind: .notice, title: "entry \(number)")
        }
    }
}

extension Model {
    /// Presses keys one after the other and returns what the lab is asked for.
    mutating func press(_ keys: Key...) -> [LabCommand] {
        keys.flatMap { update(&self, .key($0)) }
    }

    mutating func type(_ text: String) -> [LabCommand] {
        text.flatMap { update(&self, .key(.character($0))) }
    }

    func text() -> String { view(self, size: size).plainText() }
}
