import LoginCore
import Testing

/// Every kind of state meets every kind of event.
@Suite("The app takes every event in every state")
struct AppFlowTotalityTests {
    static let life: Duration = .seconds(100)

    static let states: [(name: String, state: FlowWalk)] = {
        var registering = FlowWalk()
        registering.step(.registerRequested(user: "alice", password: Sample.password, account: nil))
        var signingIn = FlowWalk()
        signingIn.step(.signInRequested(user: "alice", password: Sample.password))
        var startingIM = FlowWalk()
        startingIM.signIn(lifetime: life)
        var recovering = startingIM
        recovering.refuse(302)
        var recovered = recovering
        recovered.answerToken()
        var renewing = FlowWalk.online(lifetime: life)
        renewing.due()
        var attachedStopped = FlowWalk.online(.attached)
        attachedStopped.step(.told(.kickedOffline(Sample.kick)))
        var signedOutStopped = FlowWalk.online()
        signedOutStopped.step(.told(.kickedOffline(Sample.kick)))
        var signingOut = FlowWalk.online()
        signingOut.step(.signOutRequested)
        return [
            ("signedOut", FlowWalk()), ("signedOut-saved", FlowWalk.started(Sample.saved())),
            ("signedOut-stopped", signedOutStopped), ("registering", registering), ("signingIn", signingIn),
            ("startingIM", startingIM), ("startingIM-automatic", FlowWalk.automatic()),
            ("startingIM-recovering", recovering), ("startingIM-recovered", recovered),
            ("signedIn", FlowWalk.online(lifetime: life)), ("signedIn-renewing", renewing),
            ("signedIn-stopped", attachedStopped), ("signingOut", signingOut),
        ]
    }()

    /// All events; a call's answer comes for the call that is out, or the first one, and for one that never was.
    static func events(_ walk: FlowWalk) -> [AppFlow.Event] {
        let call: CallID =
            switch walk.flow.state {
            case .registering(let call), .signingIn(let call): call
            case .signedOut, .startingIM, .signedIn, .signingOut: walk.tokenCall ?? CallID(1)
            }
        let stranger = CallID(99)
        let grant = Sample.grant(Sample.new)
        let requests: [AppFlow.Event] = [
            .started(Sample.saved()), .settingsChanged(AppSettings(form: .attached)),
            .registerRequested(user: "bob", password: Sample.password, account: nil),
            .signInRequested(user: "bob", password: Sample.password),
            .tokenLoginRequested(Sample.alice, token: Sample.new, kind: .fixed, at: walk.now),
            .automaticLoginRequested(forced: false, at: walk.now), .renewalRequested, .signOutRequested,
        ]
        let answers: [AppFlow.Event] = [call, stranger].flatMap { id in
            [
                .registered(id, user: "alice", account: Sample.alice),
                .granted(id, user: "alice", session: Sample.session, grant, at: walk.now),
                .tokenGranted(id, grant, at: walk.now), .sessionEnded(id), .callFailed(id, FlowWalk.down),
            ]
        }
        let rest: [AppFlow.Event] =
            [.tokenAsked(AttemptID(1))] + moments.map { .told($0) }
            + [.timerFired(walk.flow.watch?.timer ?? TimerID(1)), .timerFired(TimerID(99))]
        return requests + answers + rest
    }

    static let moments: [Moment] = [
        .linking, .linkEstablished, .linkFailed(Sample.failure(415)), .authenticating, .authenticated,
        .authenticationFailed(Sample.failure(302)), .syncing, .online, .linkLost(.linkClosed),
        .networkChanged(isAvailable: false),
        .loggedOut(wasServerTold: true), .manualLoginCompleted(Sample.alice),
        .manualLoginFailed(Sample.failure(302)), .manualLoginFailed(Sample.failure(422)),
        .automaticLoginFailed(Sample.failure(416), isFinal: false),
        .automaticLoginFailed(Sample.failure(302), isFinal: true),
        .automaticLoginFailed(Sample.failure(417), isFinal: true),
        .retryScheduled(after: .seconds(2), attempt: 1), .retrySkipped(attempt: 1), .kickedOffline(Sample.kick),
        .clientsChanged(.list, []), .echoed("hi"), .kickAnswered(code: 200, kicked: []),
        .protocolError(code: 400, text: "what?"),
    ]

    static func outcome(_ before: FlowWalk, _ event: AppFlow.Event) -> Outcome {
        var flow = before.flow
        let effects = flow.handle(event)
        if effects.count == 1, case .decline(event, _) = effects[0] { return .misuse }
        if kind(flow.state) != kind(before.flow.state) { return .transition }
        return effects.isEmpty && flow == before.flow ? .quiet : .stays
    }

    private static func kind(_ state: AppFlow.State) -> Int {
        switch state {
        case .signedOut: 0
        case .registering: 1
        case .signingIn: 2
        case .startingIM: 3
        case .signedIn: 4
        case .signingOut: 5
        }
    }

    /// Columns: start, settings · register, sign in, typed token, automatic, renew, log out │ registered, granted, token,
    /// session ended, failed: for the call that is out, then for a strange one │ token asked │ the moments in the order of
    /// `moments` │ timer live and strange.
    static let pinned = """
        signedOut             ssTTTMMM----------s-------s----ss-sss-s------
        signedOut-saved       MsTTTTMs----------s-------s----ss-sss-s------
        signedOut-stopped     MsTTTMMT----------s-------s--s-ss-sss-s------
        registering           MsMMMMMTT---T-----ss------s----ss-sss-s------
        signingIn             MsMMMMMT-T--T-----ss------s----ss-sss-s------
        startingIM            MsMTsMsT----------s-------T--s-sT-sT--T----s-
        startingIM-automatic  MsMTsMsT----------s-------T--s-sT-sT--T------
        startingIM-recovering MsMTsMMT--s-T-----ss------T--s-TT-TTs-T------
        startingIM-recovered  MsMTsMsT----------s-------T--s-TT-TT--T------
        signedIn              MsMMMMsT----------s----------s-sT-sT--T----s-
        signedIn-renewing     MsMMMMMT--s-s-----s----------s-sT-sT--T----s-
        signedIn-stopped      M-MTTMsT----------ss------s--s-ss-sss-s------
        signingOut            MsMMMMMM----------s----------T-ss-ss--s------
        """

    @Test("The outcome of every state and event is the pinned one")
    func grid() {
        let grid = OutcomeGrid(states: Self.states, events: Self.events, outcome: Self.outcome)
        #expect(
            grid.lines == Self.pinned.split(separator: "\n").map(String.init), "\(grid.lines.joined(separator: "\n"))")
    }

    @Test("What is declined leaves the whole app as it was and comes with one sentence")
    func declines() {
        var count = 0
        for (name, before) in Self.states {
            for event in Self.events(before) {
                var flow = before.flow
                let effects = flow.handle(event)
                guard effects.contains(where: { if case .decline = $0 { true } else { false } }) else { continue }
                count += 1
                #expect(flow == before.flow, "\(name): \(event)")
                guard effects.count == 1, case .decline(event, let sentence) = effects[0] else {
                    Issue.record("\(name): \(event) gives \(effects)")
                    continue
                }
                #expect(!sentence.isEmpty)
            }
        }
        #expect(count > 30)
    }

    @Test("Answers to strange calls and strange timers change nothing")
    func strangers() {
        for (name, before) in Self.states {
            for event in Self.events(before) {
                switch event {
                case .registered(CallID(99), _, _), .granted(CallID(99), _, _, _, _), .tokenGranted(CallID(99), _, _),
                    .sessionEnded, .callFailed(CallID(99), _), .timerFired(TimerID(99)):
                    var flow = before.flow
                    #expect(flow.handle(event).isEmpty, "\(name): \(event)")
                    #expect(flow == before.flow, "\(name): \(event)")
                default:
                    continue
                }
            }
        }
    }

    @Test("No call and no watch outlives what it was for")
    func releases() {
        for (name, before) in Self.states {
            for event in Self.events(before) {
                var flow = before.flow
                let effects = flow.handle(event)
                if let watch = before.flow.watch, flow.watch?.timer != watch.timer {
                    let expected = event == .timerFired(watch.timer) ? 0 : 1
                    #expect(effects.filter { $0 == .cancelTimer(watch.timer) }.count == expected, "\(name): \(event)")
                }
                if case .signedOut = flow.state { #expect(flow.watch == nil, "\(name): \(event)") }
                let after = FlowWalk.calls(flow)
                for call in FlowWalk.calls(before.flow) where !after.contains(call) {
                    let expected = Self.answers(event, call) ? 0 : 1
                    #expect(effects.filter { $0 == .cancelCall(call) }.count == expected, "\(name): \(event)")
                }
            }
        }
    }

    private static func answers(_ event: AppFlow.Event, _ call: CallID) -> Bool {
        switch event {
        case .registered(call, _, _), .granted(call, _, _, _, _), .tokenGranted(call, _, _), .callFailed(call, _): true
        default: false
        }
    }
}

extension FlowWalk {
    /// The calls whose answer the app still waits for.
    fileprivate static func calls(_ flow: AppFlow) -> [CallID] {
        var calls: [CallID] = []
        if case .registering(let call) = flow.state { calls.append(call) }
        if case .signingIn(let call) = flow.state { calls.append(call) }
        if case .calling(let call) = flow.renewal { calls.append(call) }
        if case .calling(let call, _) = flow.recovery { calls.append(call) }
        return calls
    }
}
