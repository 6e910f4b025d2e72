import LoginCore

/// The listener calls of the V9 Android SDK (commsease.md §2, §4, §5.1).
extension CommsEase {
    /// What `observeOnlineStatus` tells, by the number and name of the SDK's class (commsease.md §4).
    enum StatusCode: Int {
        case invalid = 0
        case unlogin
        case netBroken
        case connecting
        case logining
        case syncing
        case logined
        case kickout
        case kickByOtherClient
        case forbidden
        case verError
        case pwdError

        var title: String {
            switch self {
            case .invalid: "INVALID"
            case .unlogin: "UNLOGIN"
            case .netBroken: "NET_BROKEN"
            case .connecting: "CONNECTING"
            case .logining: "LOGINING"
            case .syncing: "SYNCING"
            case .logined: "LOGINED"
            case .kickout: "KICKOUT"
            case .kickByOtherClient: "KICK_BY_OTHER_CLIENT"
            case .forbidden: "FORBIDDEN"
            case .verError: "VER_ERROR"
            case .pwdError: "PWD_ERROR"
            }
        }

        /// The status that a code ends in (commsease.md §7.1); UNLOGIN for those that are tried again.
        init(_ code: Int) {
            self =
                switch code {
                case 302, 404, 414: .pwdError
                case 301, 403, 422: .forbidden
                case 201, 317: .verError
                case 417: .kickout
                default: .unlogin
                }
        }

        /// The status after a kick: 1 another login, 3 another client of the account; that the server's own kick,
        /// 2, is FORBIDDEN is inferred.
        init(_ notice: KickNotice) {
            self =
                switch notice.reason {
                case 2: .forbidden
                case 3: .kickByOtherClient
                default: .kickout
                }
        }
    }

    /// The calls that `moment` makes, in their order; a status is told when it changes.
    static func androidCallbacks(_ moment: Moment, _ told: inout ToldStatus) -> [ProviderCallback] {
        switch moment {
        case .linking: return status(.connecting, &told)
        case .authenticating: return status(.logining, &told)
        case .syncing: return status(.syncing, &told)
        case .online: return status(.logined, &told)
        case .linkFailed, .linkLost: return status(told.hasNetwork ? .unlogin : .netBroken, &told)
        case .authenticationFailed(let failure):
            let code = failure.kind == .network && !told.hasNetwork ? .netBroken : StatusCode(failure.code)
            return status(code, &told)
        case .networkChanged(let isAvailable):
            told.hasNetwork = isAvailable
            return []
        case .loggedOut: return status(.unlogin, &told)
        case .manualLoginCompleted: return [ProviderCallback("login onSuccess")]
        case .manualLoginFailed(let failure): return [ProviderCallback("login onFailed", failure.description)]
        case .kickedOffline(let notice): return status(StatusCode(notice), &told)
        case .clientsChanged(_, let clients):
            return [ProviderCallback("observeOtherClients", "\(clients.count) changed")]
        case .loginBegun, .linkEstablished, .authenticated, .automaticLoginFailed, .retryScheduled, .retrySkipped,
            .echoed,
            .kickAnswered, .protocolError, .providerAsked, .loginCallCancelled, .callRefused, .automaticLoginCompleted,
            .tokenWillExpire, .tokenRenewed:
            return []  // the status alone tells of an automatic login
        }
    }

    private static func status(_ status: StatusCode, _ told: inout ToldStatus) -> [ProviderCallback] {
        guard told.login != status.rawValue else { return [] }
        told.login = status.rawValue
        return [ProviderCallback("observeOnlineStatus", "\(status.rawValue) \(status.title)")]
    }
}
