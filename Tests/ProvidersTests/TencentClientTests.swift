import LoginCore
import Providers
import Testing

/// What Tencent's SDK tells the app, and what its codes mean to it (tencent.md §2).
struct TencentClientTests {
    private static func failure(_ code: Int) -> LoginFailure { Tencent.policy.failure(code, detail: "") }

    private static func calls(_ moment: Moment, _ told: inout ToldStatus) -> [String] {
        Tencent.v2TIM.callbacks(moment, &told).map { "\($0.name)(\($0.arguments.joined(separator: ", ")))" }
    }

    struct Row: CustomTestStringConvertible {
        let moment: Moment
        let calls: [String]
        var hadSession = false
        var status = "3 LOGOUT"
        var testDescription: String { "\(moment), session: \(hadSession)" }
    }

    private static let kick = KickNotice(reason: 1, text: "", clientType: 2)

    private static let rows = [
        Row(moment: .loginBegun, calls: [], status: "2 LOGINING"),
        Row(moment: .linking, calls: ["onConnecting()"]),
        Row(moment: .linking, calls: ["onConnecting()"], hadSession: true, status: "1 LOGINED"),
        Row(moment: .linkEstablished, calls: ["onConnectSuccess()"]),
        Row(moment: .linkFailed(failure(9508)), calls: ["onConnectFailed(code 9508, err \"no network\")"]),
        Row(moment: .online, calls: ["login success()"], status: "1 LOGINED"),
        Row(moment: .online, calls: [], hadSession: true, status: "1 LOGINED"),
        Row(moment: .manualLoginCompleted(AccountName("alice")), calls: []),
        Row(moment: .manualLoginFailed(failure(70001)), calls: ["login fail(code 70001, desc \"UserSig expired\")"]),
        Row(
            moment: .manualLoginFailed(failure(6208)),
            calls: ["login fail(code 6208, desc \"kicked by another terminal\")"]),
        Row(
            moment: .automaticLoginFailed(failure(70001), isFinal: true),
            calls: ["login fail(code 70001, desc \"UserSig expired\")"]),
        Row(
            moment: .manualLoginFailed(failure(-10003)), calls: ["login fail(code 6206, desc \"UserSig expired\")"]),
        Row(
            moment: .automaticLoginFailed(failure(-10003), isFinal: true),
            calls: ["login fail(code 6206, desc \"UserSig expired\")"]),
        Row(
            moment: .tokenRenewed(failure(-10003)), calls: ["login fail(code 6206, desc \"UserSig expired\")"],
            hadSession: true, status: "1 LOGINED"),
        Row(moment: .kickedOffline(kick), calls: ["onKickedOffline()"], hadSession: true),
        Row(
            moment: .automaticLoginFailed(failure(70001), isFinal: true), calls: ["onUserSigExpired()"],
            hadSession: true),
        Row(
            moment: .automaticLoginFailed(failure(-10003), isFinal: true), calls: ["onUserSigExpired()"],
            hadSession: true),
        Row(
            moment: .automaticLoginFailed(failure(70052), isFinal: true), calls: ["onUserSigExpired()"],
            hadSession: true),
        Row(
            moment: .automaticLoginFailed(failure(6208), isFinal: true), calls: ["onKickedOffline()"], hadSession: true),
        Row(
            moment: .automaticLoginFailed(failure(70500), isFinal: false), calls: [], hadSession: true,
            status: "1 LOGINED"),
        Row(moment: .loggedOut(wasServerTold: true), calls: ["logout success()"], hadSession: true),
        Row(moment: .linkLost(.timedOut), calls: [], hadSession: true, status: "1 LOGINED"),
        Row(moment: .authenticated, calls: []),
        Row(
            moment: .callRefused(failure(6013)), calls: ["login fail(code 6013, desc \"not initialised\")"]),
        Row(
            moment: .callRefused(failure(7501)), calls: ["login fail(code 7501, desc \"login in progress\")"],
            hadSession: true, status: "1 LOGINED"),
        Row(moment: .callRefused(failure(7502)), calls: ["logout fail(code 7502, desc \"logout in progress\")"]),
        Row(moment: .tokenRenewed(nil), calls: ["login success()"], hadSession: true, status: "1 LOGINED"),
        Row(
            moment: .tokenRenewed(failure(70001)), calls: ["login fail(code 70001, desc \"UserSig expired\")"],
            hadSession: true, status: "1 LOGINED"),
        Row(moment: .tokenRenewed(failure(6014)), calls: []),
        Row(
            moment: .loginCallCancelled(failure(6023)),
            calls: ["login fail(code 6023, desc \"logged out during login\")"]),
    ]

    /// Proves TC-2-listener, TC-2-kicked, TC-2-expired, TC-2-logout, TC-2-status, TC-2.3-link-lost, TC-2.3-failed,
    /// TC-own-refused-reconnect, TC-2.1-ticket-code.
    @Test("Each moment makes its calls and no other, and leaves getLoginStatus as the documents say", arguments: rows)
    func calls(row: Row) {
        var told = ToldStatus()
        if row.hadSession { _ = Tencent.v2TIM.callbacks(.online, &told) }
        #expect(Self.calls(row.moment, &told) == row.calls)
        #expect(Tencent.v2TIM.statusText(told) == row.status)
    }

    /// Proves TC-own-kick-reasons, TC-2.1-expired-online, TC-2.1-rest-kick, TC-2.1-no-reconnect.
    @Test(
        "A kick ends the session for good, and one for an expired UserSig is the app's to cure",
        arguments: [(1, "onKickedOffline()"), (2, "onKickedOffline()"), (4, "onUserSigExpired()")])
    func kicks(reason: Int, call: String) {
        var machine = LoginMachine(policy: Tencent.policy, random: SeededGenerator(seed: 1))
        var told = ToldStatus()
        var heard: [String] = []
        func run(_ event: LoginMachine.Event) {
            for effect in machine.handle(event) {
                if case .notify(let moment) = effect { heard += Self.calls(moment, &told) }
            }
        }
        let token = SecretRef(kind: .token, name: "token-1", length: 1, digest: "0")
        run(.initialised)
        run(
            .loginRequested(
                LoginRequest(account: AccountName("alice"), token: token, mode: .manual, authentication: .dynamic)))
        let link = ConnectionID(1)
        run(.connectionOpened(link))
        run(.received(link, .loginAccepted(account: AccountName("alice"), others: [])))
        run(.received(link, .synced))
        #expect(heard == ["onConnecting()", "onConnectSuccess()", "login success()"])
        #expect(Tencent.v2TIM.statusText(told) == "1 LOGINED")
        run(.received(link, .kicked(KickNotice(reason: reason, text: "", clientType: 0))))
        #expect(heard.suffix(1) == [call])
        #expect(machine.phase == .stopped)
        #expect(machine.liveTimers.isEmpty)
        if case .failed(let failure, mode: .automatic) = machine.stopReason {
            #expect((reason, failure.code, failure.kind) == (4, 70001, .credential))
        } else {
            #expect(reason != 4)
        }
    }

    /// Proves TC-own-automatic, TC-own-backoff.
    @Test("While the network is away the app's own login at its start is called again, a user's is not")
    func automatic() {
        for mode in [LoginMode.manual, .automatic(forced: false)] {
            var machine = LoginMachine(policy: Tencent.policy, random: SeededGenerator(seed: 1))
            var waits: [Duration] = []
            func run(_ event: LoginMachine.Event) {
                for effect in machine.handle(event) {
                    if case .startTimer(_, .backoff, let wait) = effect { waits.append(wait) }
                }
            }
            let token = SecretRef(kind: .token, name: "token-1", length: 1, digest: "0")
            run(.initialised)
            run(.connectionFailed(ConnectionID(1), .refused))
            run(
                .loginRequested(
                    LoginRequest(account: AccountName("alice"), token: token, mode: mode, authentication: .dynamic)))
            run(.connectionFailed(ConnectionID(2), .refused))
            #expect(machine.phase == (mode.isManual ? .stopped : .waiting))
            #expect(waits == (mode.isManual ? [] : [.seconds(1)]))
        }
    }

    /// Proves TC-2.1-no-reconnect, TC-own-verdicts, TC-own-unknown-code.
    @Test("A login never tries again; a reconnect does on trouble of the network and of the servers")
    func verdicts() {
        for row in Tencent.policy.codes {
            #expect(row.manual == .stop, "\(row.code)")
            if row.kind == .network, row.code != 20004 { #expect(row.automatic == .retry, "\(row.code)") }
            if [.credential, .banned, .device, .permission].contains(row.kind) {
                #expect(row.automatic == .stop, "\(row.code)")
            }
        }
        #expect(Tencent.policy.verdict(for: 12345, mode: .automatic(forced: false)) == .retry)
        let heals = Set(Tencent.policy.codes.filter { $0.kind == .server && $0.automatic == .retry }.map(\.code))
        #expect(heals.isSuperset(of: [70169, 70202, 70500]))
        #expect(heals.isDisjoint(with: [70050, 70051, 70114]))
    }

    @Test("Every code stands once, and every code that the page gives to logins is there")
    func codes() {
        let codes = Tencent.policy.codes.map(\.code)
        #expect(Set(codes).count == codes.count)
        let ticket = [
            70001, 70002, 70003, 70005, 70009, 70013, 70014, 70016, 70020, 70050, 70051, 70052, 70114, 70169, 70202,
            70500,
        ]
        let client = [6001, 6002, 6012, 6013, 6014, 6015, 6017, 6018, 6019, 6023, 6026, 6200, 6201, 6206, 6207, 6208]
        let more = [6209, 6223, 6226, 7003, 7008, 9503, 9506, 9507, 20002, 20004, 60020, 70398, 90101, 91101, 2801]
        let layer = [
            -302, -10001, -10003, -10004, -10005, -10006, -10008, -10106, -10108, -10109, -10110, -10112, -10113,
            -10114, -20009,
        ]
        let all = ticket + client + more + layer + Array(7501...7508) + Array(9508...9525)
        #expect(Set(all).subtracting(codes) == [])
        #expect(Tencent.codeName(70001) == "UserSig expired")
        #expect(Tencent.codeName(1) == "unknown code")
    }

    /// Proves TC-own-backoff, TC-own-timeouts, TC-own-probe, TC-4-heartbeat, TC-2-no-asking, TC-2.1-reconnect,
    /// TC-2.3-unreachable.
    @Test("The policy's numbers are the page's where it has any")
    func numbers() {
        let policy = Tencent.policy
        #expect(policy.backoffTable == [1, 2, 4, 8, 16, 32].map { .seconds($0) })
        #expect((policy.connectTimeout, policy.loginTimeout) == (.seconds(10), .seconds(30)))
        #expect((policy.logoutTimeout, policy.probeTimeout) == (.seconds(5), .seconds(10)))
        #expect(policy.probeCount == 3)
        #expect(policy.heartbeatInterval == .seconds(120))
        #expect(!policy.asksForDynamicToken)
        #expect(policy.reconnectsInBackground)
        #expect((policy.unreachableCode, policy.timeoutCode, policy.unansweredCode) == (9508, 9510, 9520))
    }

    /// Proves TC-1.1-userid.
    @Test(
        "A UserID is taken as it is typed when it is 1 to 32 bytes of printable ASCII",
        arguments: [
            ("alice", true), ("Alice_1-x", true), ("a b", true), (String(repeating: "x", count: 32), true),
            ("", false), (String(repeating: "x", count: 33), false), ("小林", false), ("a\u{7}", false),
            ("e\u{301}", false), ("\u{7F}", false),
        ])
    func userIDs(text: String, passes: Bool) {
        let checked = try? Tencent.checkAccount(text).get()
        #expect(checked == (passes ? text : nil))
        #expect(Tencent.isUserID(text) == passes)
    }

    @Test(
        "An SDKAppID is a plain number that starts at 1",
        arguments: [
            ("1400000000", true), ("1", true), ("9223372036854775807", true), ("", false), ("abc", false),
            ("0", false), ("-1", false), ("+1400000000", false), ("01400000000", false), ("1400000000 ", false),
            ("1.4e9", false), ("0x1", false), ("١٤", false), (String(repeating: "9", count: 20), false),
        ])
    func appKeys(text: String, passes: Bool) {
        let problem = Tencent.provider.checkAppKey(text)
        #expect((problem == nil) == passes)
        #expect(text.count < 4 || passes || problem?.message.contains(text) == false)
    }

    @Test("What is typed for a UserSig is held back only for slips of pasting, and never repeated")
    func userSigs() {
        #expect(Tencent.checkToken("eJyr*-_") == nil)
        for text in ["", "a b", "eJyr\n", "émile", String(repeating: "x", count: 9000)] {
            let problem = Tencent.checkToken(text)
            #expect(problem != nil)
            #expect(text.isEmpty || problem?.message.contains(text) == false)
        }
    }

    /// Proves TC-own-client-types.
    @Test("Platforms have numbers of ours and the page's names, spelt differently in each place")
    func platforms() {
        #expect(Tencent.clientPlatforms.map(\.clientType) == [1, 2, 3, 4, 5, 6])
        #expect(Tencent.clientPlatforms.map(\.name) == ["iPhone", "Android", "iPad", "Windows", "Mac", "Web"])
        #expect(TencentPlatform.allCases.map(\.statusName) == ["iPhone", "Android", "iPad", "PC", "Mac", "Web"])
        #expect(TencentPlatform.allCases.map(\.kickedName) == ["iOS", "Android", "iPad", "Windows", "Mac", "Web"])
        #expect(TencentPlatform.allCases.map(\.webhookName) == ["IOS", "Android", "iPad", "Windows", "Mac", "Web"])
        #expect(Tencent.policy.kickWords.meaning(of: 4) == "the UserSig expired")
        let policies = ["single platform", "two platforms", "three platforms", "multi platform"]
        #expect(Tencent.provider.devicePolicies == policies)
    }

    /// Proves TC-3-single, TC-3-two, TC-3-three, TC-3-multi.
    @Test("The policies' groups are those of the page", arguments: TencentDevicePolicy.allCases)
    func policies(policy: TencentDevicePolicy) {
        let groups: [Set<TencentPlatform>] =
            switch policy {
            case .singlePlatform: [Set(TencentPlatform.allCases)]
            case .twoPlatforms: [[.android, .iPhone, .iPad, .windows, .mac], [.web]]
            case .threePlatforms: [[.android, .iPhone, .iPad], [.windows, .mac], [.web]]
            case .multiPlatform: TencentPlatform.allCases.map { [$0] }
            }
        for left in TencentPlatform.allCases {
            for right in TencentPlatform.allCases {
                let isExcluded = groups.contains { $0.contains(left) && $0.contains(right) }
                #expect(policy.excludes(left, right) == isExcluded, "\(left) \(right)")
            }
        }
    }
}
