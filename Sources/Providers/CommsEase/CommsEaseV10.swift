import LoginCore

/// V10: what it does about failures and time (commsease.md §3, §7.2, §8).
extension CommsEase {
    /// The login options as they are unless the app sets them (commsease.md §3).
    static let v10Calls = LoginCalls(
        retryCount: 3,
        timeout: .seconds(30),  // of HarmonyOS and §14.5; the web's is 60 s, and iOS has none unless it is set
        codes: LoginCalls.Codes(
            timeout: 191_005, cancelled: 191_002, providerFailed: 191_003, invalidParameter: 191_004,
            nothingProvided: 414, illegalState: 190_002))

    static let v10Policy = LoginPolicy(
        codes: v10CodeRows.map(\.code),
        unknownCode: v10UnknownCode,
        unreachableCode: 192_001,
        timeoutCode: 192_002,
        backoffTable: [1600, 3200, 6400, 12_800, 16_000].map { .milliseconds($0) },
        backoffJitterPermille: 10,
        connectTimeout: .seconds(10),  // §8, the address look-up of the web SDK; ours for the link
        loginTimeout: .seconds(60),  // §8, packet timeout; the login call's own time is shorter
        heartbeatInterval: .seconds(30),
        probeTimeout: .seconds(3),
        probeCount: 5,
        logoutTimeout: .seconds(1),  // §5.3
        reconnectsInBackground: true,
        asksForDynamicToken: true,
        disconnectedCode: 192_003,
        unansweredCode: 192_004,
        calls: v10Calls,
        padsShortDelays: true,
        kickWords: kickWords)

    /// `V2NIMLoginStatus` (commsease.md §4).
    enum LoginStatus: Int {
        case logout
        case logined
        case logining
        case unlogin

        var title: String {
            switch self {
            case .logout: "LOGOUT"
            case .logined: "LOGINED"
            case .logining: "LOGINING"
            case .unlogin: "UNLOGIN"
            }
        }
    }

    /// `V2NIMConnectStatus` (commsease.md §4).
    enum ConnectStatus: Int {
        case disconnected
        case connected
        case connecting
        case waiting

        var title: String {
            switch self {
            case .disconnected: "DISCONNECTED"
            case .connected: "CONNECTED"
            case .connecting: "CONNECTING"
            case .waiting: "WAITING"
            }
        }
    }

    static func v10StatusText(_ told: ToldStatus) -> String {
        "\(LoginStatus(rawValue: told.login)?.title ?? "?") \(ConnectStatus(rawValue: told.connect)?.title ?? "?")"
    }
}

/// The listener calls of V10: the lifecycle table of commsease.md §5.2, one row for each moment.
extension CommsEase {
    /// The calls that `moment` makes, in their order; a status that is as it was is not told again.
    static func v10Callbacks(_ moment: Moment, _ told: inout ToldStatus) -> [ProviderCallback] {
        switch moment {
        case .linking:
            return statuses(.logining, .connecting, &told)
        case .linkEstablished:
            return statuses(.logining, .connected, &told)
        case .linkFailed(let failure):
            return broken(.unlogin, failure, &told)
        case .authenticationFailed(let failure):
            let isTerminal = v10Policy.rule(for: failure.code).automatic == .stop
            return broken(isTerminal ? .logout : .unlogin, failure, &told)
                + [ProviderCallback("onLoginFailed", failure.description)]
        case .authenticated:
            told.hasSession = true
            return statuses(.logined, .connected, &told)
        case .syncing:
            return [dataSync("2 SYNCING")]
        case .online:
            return [dataSync("3 COMPLETED")]
        case .linkLost:
            return broken(.unlogin, disconnected, &told)
        case .retryScheduled:
            return statuses(.unlogin, .waiting, &told)
        case .loggedOut(let wasServerTold):
            // Already logged out: the call was refused, and there is nothing to tell.
            guard told.login != LoginStatus.logout.rawValue else { return [] }
            told.hasSession = false
            return statuses(.logout, .disconnected, &told) + [logoutAnswer(wasServerTold)]
        case .kickedOffline(let notice):
            told.hasSession = false
            return broken(.logout, disconnected, &told) + [kickedOffline(notice)]
        case .manualLoginCompleted:
            return [ProviderCallback("login success")]
        case .manualLoginFailed(let failure):
            return exited(failure, isCall: true, &told)
        case .automaticLoginFailed(let failure, isFinal: true):
            return exited(failure, isCall: !told.hasSession, &told)
        case .automaticLoginFailed(let failure, isFinal: false):
            return [ProviderCallback("onLoginFailed", failure.description)]
        case .loginCallCancelled(let failure):
            return [ProviderCallback("login fail", failure.description)]
        case .callRefused(let failure):
            return [ProviderCallback("logout fail", failure.description)]
        case .clientsChanged(let change, let clients):
            let names = clients.map { "\($0.id)" }.joined(separator: " ")
            return [ProviderCallback("onLoginClientChanged", changeText(change), "[\(names)]")]
        case .providerAsked(let provider, let account):
            let name = provider == .token ? "tokenProvider" : "loginExtensionProvider"
            return [ProviderCallback(name, account.text)]
        case .loginBegun, .authenticating, .networkChanged, .retrySkipped, .echoed, .kickAnswered, .protocolError,
            .automaticLoginCompleted,
            .tokenWillExpire, .tokenRenewed:
            return []
        }
    }

    /// What `onDisconnected` says of a link that broke and of a kick (commsease.md §5.2).
    private static var disconnected: LoginFailure { v10Policy.failure(192_003, detail: "") }

    private static func statuses(
        _ login: LoginStatus, _ connect: ConnectStatus, _ told: inout ToldStatus
    ) -> [ProviderCallback] {
        var calls: [ProviderCallback] = []
        if told.login != login.rawValue {
            calls.append(ProviderCallback("onLoginStatus", "\(login.rawValue) \(login.title)"))
        }
        if told.connect != connect.rawValue {
            calls.append(ProviderCallback("onConnectStatus", "\(connect.rawValue) \(connect.title)"))
        }
        told.login = login.rawValue
        told.connect = connect.rawValue
        return calls
    }

    /// The link is gone: `onDisconnected` where it had been up, `onConnectFailed` where it was being made.
    private static func broken(
        _ login: LoginStatus, _ failure: LoginFailure, _ told: inout ToldStatus
    ) -> [ProviderCallback] {
        let before = ConnectStatus(rawValue: told.connect)
        let calls = statuses(login, .disconnected, &told)
        switch before {
        case .connected: return calls + [ProviderCallback("onDisconnected", failure.description)]
        case .connecting: return calls + [ProviderCallback("onConnectFailed", failure.description)]
        case .disconnected, .waiting, nil: return calls
        }
    }

    /// The SDK gave up; the app's call fails, if it was a call and not a reconnection.
    private static func exited(
        _ failure: LoginFailure, isCall: Bool, _ told: inout ToldStatus
    ) -> [ProviderCallback] {
        told.hasSession = false
        let calls = statuses(.logout, .disconnected, &told)
        return isCall ? calls + [ProviderCallback("login fail", failure.description)] : calls
    }

    private static func logoutAnswer(_ wasServerTold: Bool) -> ProviderCallback {
        wasServerTold
            ? ProviderCallback("logout success") : ProviderCallback("logout success", "the server was not told")
    }

    /// The sync that stands for all of them is the main one (commsease.md §3).
    private static func dataSync(_ state: String) -> ProviderCallback {
        ProviderCallback("onDataSync", "1 MAIN", state)
    }

    private static func kickedOffline(_ notice: KickNotice) -> ProviderCallback {
        ProviderCallback(
            "onKickedOffline", "reason \(notice.reason)", "reasonDesc \"\(notice.text)\"",
            "clientType \(notice.clientType)")
    }

    private static func changeText(_ change: ClientsChange) -> String {
        switch change {
        case .list: "1 LIST"
        case .login: "2 LOGIN"
        case .logout: "3 LOGOUT"
        }
    }
}
