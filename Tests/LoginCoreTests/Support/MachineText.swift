import LoginCore

/// A machine's state and effects as short text, so that a row of a transition table reads as one; nothing of either is
/// left out.
enum MachineText {
    static func state(_ state: LoginMachine.State) -> String {
        switch state {
        case .uninitialised: "uninitialised"
        case .loggedOut: "loggedOut"
        case .connectingFirst(let first): "connectingFirst \(first.connection) \(first.deadline)"
        case .connected(let connection): "connected \(connection)"
        case .acquiringToken(let attempt): "acquiringToken " + text(attempt)
        case .connecting(let underway): "connecting " + text(underway)
        case .authenticating(let underway): "authenticating " + text(underway)
        case .syncing(let underway): "syncing " + text(underway)
        case .online(let online):
            "online \(text(online.attempt)) \(online.connection) \(online.heartbeat) p\(online.probes)"
                + others(online.others)
        case .waiting(let waiting): "waiting " + text(waiting)
        case .waitingForNetwork(let waiting): "waitingForNetwork " + text(waiting)
        case .loggingOut(let leaving):
            "loggingOut \(leaving.connection) \(leaving.deadline)"
                + (leaving.next.map { " then \($0.account) \($0.token.name)" } ?? "")
        case .stopped(let reason): "stopped " + text(reason)
        }
    }

    static func effects(_ effects: [LoginMachine.Effect]) -> [String] {
        effects.map(text)
    }

    static func text(_ effect: LoginMachine.Effect) -> String {
        switch effect {
        case .acquireToken(let attempt): "acquire \(attempt)"
        case .openConnection(let id): "open \(id)"
        case .closeConnection(let id): "close \(id)"
        case .send(let id, let request): "send \(id) " + text(request)
        case .startTimer(let id, let purpose, let delay): "start \(id) \(purpose) \(delay.text)"
        case .cancelTimer(let id): "cancel \(id)"
        case .notify(let moment): "tell " + text(moment)
        case .reportMisuse: "misuse"
        }
    }

    static func text(_ moment: Moment) -> String {
        switch moment {
        case .linkFailed(let failure): "linkFailed \(failure.code)"
        case .authenticationFailed(let failure): "authenticationFailed \(failure.code)"
        case .manualLoginFailed(let failure): "manualLoginFailed \(failure.code)"
        case .automaticLoginFailed(let failure, let isFinal):
            "automaticLoginFailed \(failure.code)" + (isFinal ? " final" : "")
        case .linkLost(let cause): "linkLost (\(cause))"
        case .loggedOut(let wasServerTold): wasServerTold ? "loggedOut, server told" : "loggedOut, server not told"
        case .manualLoginCompleted(let account): "manualLoginCompleted \(account)"
        case .retryScheduled(let delay, let attempt): "retry \(attempt) in \(delay.text)"
        case .retrySkipped(let attempt): "skipped \(attempt)"
        case .kickedOffline(let notice): "kicked \(notice.reason)"
        case .clientsChanged(let change, let clients): "clients \(change)" + others(clients)
        case .echoed(let text): "echoed \(text)"
        case .kickAnswered(let code, let kicked): "kickAnswered \(code) \(kicked.joined(separator: ","))"
        case .protocolError(let code, let text): "protocolError \(code) \(text)"
        case .networkChanged: "networkChanged"
        case .providerAsked(let provider, _): "\(provider)Provider"
        case .loginCallCancelled(let failure): "loginCallCancelled \(failure.code)"
        case .automaticLoginCompleted(let account): "automaticLoginCompleted \(account)"
        case .tokenRenewed(let failure): "tokenRenewed \(failure?.code ?? 0)"
        case .callRefused(let failure): "callRefused \(failure.code)"
        case .loginBegun, .linking, .linkEstablished, .authenticating, .authenticated, .syncing, .online,
            .tokenWillExpire:
            "\(moment)"
        }
    }

    static func text(_ reason: StopReason) -> String {
        switch reason {
        case .failed(let failure, let mode): "\(failure.code) \(text(mode))"
        case .kicked(let notice): "kicked \(notice.reason)"
        }
    }

    private static func text(_ request: LinkRequest) -> String {
        switch request {
        case .login(let packet):
            "login \(packet.account) \(packet.token.name) \(packet.authentication)"
                + (packet.isAutomatic ? " auto" : "") + (packet.isForced ? " forced" : "")
        case .echo(let text): "echo \(text)"
        case .kick(let ids): "kick \(ids.joined(separator: ","))"
        case .renew(let token): "renew \(token.name)"
        case .sync, .ping, .logout: "\(request)"
        }
    }

    private static func text(_ mode: LoginMode) -> String {
        switch mode {
        case .manual: "manual"
        case .automatic(forced: false): "auto"
        case .automatic(forced: true): "forced"
        }
    }

    private static func text(_ attempt: LoginMachine.Attempt) -> String {
        let request = attempt.request
        return "\(attempt.id) #\(attempt.number) \(request.account) \(request.token.name) \(text(request.mode))"
            + (attempt.session == .held ? " held" : "") + (attempt.budget.map { " in \($0)" } ?? "")
    }

    private static func text(_ underway: LoginMachine.Underway) -> String {
        "\(text(underway.attempt)) \(underway.connection) \(underway.deadline)" + others(underway.others)
            + (underway.awaitsToken ? " asking" : "")
    }

    private static func text(_ waiting: LoginMachine.Waiting) -> String {
        "\(text(waiting.attempt)) \(waiting.timer.map { "\($0)" } ?? "no timer") \(waiting.delay.text)"
    }

    private static func others(_ clients: [OnlineClient]) -> String {
        clients.isEmpty ? "" : " +" + clients.map(\.id).joined(separator: "+")
    }
}
