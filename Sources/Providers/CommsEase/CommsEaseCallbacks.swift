import LoginCore

/// The listener calls of the V9 iOS SDK (commsease.md §2, §4, §5.1).
extension CommsEase {
    /// A step of `onLogin:`, by the number and name of the header's enumeration (commsease.md §4).
    enum Step: Int {
        case linking = 1
        case linkOK
        case linkFailed
        case logining
        case loginOK
        case loginFailed
        case syncing
        case syncOK
        case loseConnection
        case netChanged
        case logout

        var title: String {
            switch self {
            case .linking: "Linking"
            case .linkOK: "LinkOK"
            case .linkFailed: "LinkFailed"
            case .logining: "Logining"
            case .loginOK: "LoginOK"
            case .loginFailed: "LoginFailed"
            case .syncing: "Syncing"
            case .syncOK: "SyncOK"
            case .loseConnection: "LoseConnection"
            case .netChanged: "NetChanged"
            case .logout: "Logout"
            }
        }
    }

    /// The calls that `moment` makes, in their order.
    static func iOSCallbacks(_ moment: Moment, _ told: inout ToldStatus) -> [ProviderCallback] {
        switch moment {
        case .linking: [onLogin(.linking)]
        case .linkEstablished: [onLogin(.linkOK)]
        case .linkFailed: [onLogin(.linkFailed)]
        case .authenticating: [onLogin(.logining)]
        case .authenticated: [onLogin(.loginOK)]
        case .authenticationFailed: [onLogin(.loginFailed)]
        case .syncing: [onLogin(.syncing)]
        case .online: [onLogin(.syncOK)]
        case .linkLost: [onLogin(.loseConnection)]
        case .networkChanged: [onLogin(.netChanged)]
        case .loggedOut(let wasServerTold):
            // The local clean-up always works; the error only says that the server does not know (commsease.md §2).
            [
                onLogin(.logout),
                ProviderCallback("logout completion", wasServerTold ? "nil" : "error: the server was not told"),
            ]
        case .manualLoginCompleted: [ProviderCallback("login completion", "nil")]
        case .manualLoginFailed(let failure): [ProviderCallback("login completion", failure.description)]
        case .automaticLoginFailed(let failure, _):
            // Network trouble is never told here: the SDK keeps reconnecting (commsease.md §2).
            failure.kind == .network ? [] : [ProviderCallback("onAutoLoginFailed:", failure.description)]
        case .kickedOffline(let notice): [onKickout(notice)]
        case .clientsChanged(let change, _):
            [ProviderCallback("onMultiLoginClientsChangedWithType:", multiLoginType(change))]
        case .loginBegun, .retryScheduled, .retrySkipped, .echoed, .kickAnswered, .protocolError, .providerAsked,
            .loginCallCancelled, .callRefused, .automaticLoginCompleted,
            .tokenWillExpire, .tokenRenewed:
            []  // the V9 listener has no call for these
        }
    }

    private static func onLogin(_ step: Step) -> ProviderCallback {
        ProviderCallback("onLogin:", "\(step.rawValue) \(step.title)")
    }

    private static func onKickout(_ notice: KickNotice) -> ProviderCallback {
        ProviderCallback(
            "onKickout:", "reasonCode \(notice.reason)", "clientType \(notice.clientType)",
            "reasonDesc \"\(notice.text)\"")
    }

    /// `NIMMultiLoginType` (commsease.md §4); the list itself is read from `currentLoginClients`.
    private static func multiLoginType(_ change: ClientsChange) -> String {
        switch change {
        case .list: "1 Init"
        case .login: "2 Login"
        case .logout: "3 Logout"
        }
    }
}
