import LoginCore

/// The delegate's and the listeners' calls, and the completions of login, logout and renewToken (easemob.md §4, §5).
extension Easemob {
    /// Whose names are used.
    enum Dialect: CaseIterable {
        case iOS4
        case iOS5
        case android
        case harmony
        /// React Native and Flutter.
        case wrapped

        var isIOS: Bool { self == .iOS4 || self == .iOS5 }
    }

    /// `isLoggedIn` as a number: connected and logged in are two facts (§4).
    private enum LoginStatus: Int {
        case loggedOut = 0
        case loggingIn = 1
        case loggedIn = 2
    }

    /// The calls that `moment` makes, in their order.
    static func callbacks(_ dialect: Dialect, _ moment: Moment, _ told: inout ToldStatus) -> [ProviderCallback] {
        switch moment {
        case .linking:
            guard told.login == LoginStatus.loggedOut.rawValue else { return [] }
            told.login = LoginStatus.loggingIn.rawValue
            // It comes before the link is there, and whether or not the database could be opened (§4).
            return dialect == .iOS5 ? [ProviderCallback("onDatabaseOpened", "error nil")] : []
        case .authenticated:
            told.connect = 1
            return [connected(dialect)]
        case .online:
            told.hasSession = true
            told.login = LoginStatus.loggedIn.rawValue
            return []
        case .manualLoginCompleted(let account): return [loginSucceeded(dialect, account)]
        case .automaticLoginCompleted:
            return dialect == .iOS4 ? [ProviderCallback("autoLoginDidCompleteWithError", "nil")] : []
        case .linkLost, .linkFailed, .authenticationFailed: return lost(dialect, 2, &told)
        case .manualLoginFailed(let failure):
            end(&told)
            return [loginFailed(dialect, failure)]
        case .automaticLoginFailed(let failure, isFinal: true):
            let hadSession = told.hasSession
            let calls = lost(dialect, failure.code, &told)
            end(&told)
            // These errors of an automatic login come in its own call, where there is one (§5).
            if dialect == .iOS4, !hadSession {
                return calls + [ProviderCallback("autoLoginDidCompleteWithError", error(failure))]
            }
            // The refusal of a device that comes back names the one that is there.
            return calls + ended(dialect, failure.code, failure.name, info: failure.code == 220 ? failure.detail : "")
        case .kickedOffline(let notice):
            let calls = lost(dialect, notice.reason, &told)
            end(&told)
            return calls + ended(dialect, notice.reason, codeName(notice.reason), info: notice.text)
        case .tokenWillExpire:
            return [dialect.isIOS ? ProviderCallback("tokenWillExpire", "109") : ProviderCallback("onTokenWillExpire")]
        case .tokenRenewed(let failure):
            // Only iOS has a form of the call with a completion (§4).
            return dialect.isIOS ? [ProviderCallback("renewToken completion", failure.map(error) ?? "error nil")] : []
        case .loggedOut:
            told.connect = 0
            end(&told)
            return [dialect.isIOS ? ProviderCallback("logout completion", "error nil") : success(dialect, "logout")]
        case .callRefused(let failure): return [loginFailed(dialect, failure)]
        case .loginBegun, .automaticLoginFailed, .linkEstablished, .authenticating, .syncing, .networkChanged,
            .retryScheduled,
            .retrySkipped, .clientsChanged, .echoed, .kickAnswered, .protocolError, .providerAsked,
            .loginCallCancelled:
            return []  // there is no call for "connecting", and none for a reconnect that fails (§4)
        }
    }

    /// `isLoggedIn` and `isConnected`.
    static func statusText(_ told: ToldStatus) -> String {
        "isLoggedIn \(told.hasSession), isConnected \(told.connect == 1)"
    }

    private static func end(_ told: inout ToldStatus) {
        told.hasSession = false
        told.login = LoginStatus.loggedOut.rawValue
    }

    private static func connected(_ dialect: Dialect) -> ProviderCallback {
        dialect.isIOS
            ? ProviderCallback("connectionStateDidChange", "0 connected") : ProviderCallback("onConnected")
    }

    /// The link is gone, where it was there: this does not mean a logout (§5).
    private static func lost(_ dialect: Dialect, _ code: Int, _ told: inout ToldStatus) -> [ProviderCallback] {
        guard told.connect == 1 else { return [] }
        told.connect = 0
        switch dialect {
        case .iOS4, .iOS5: return [ProviderCallback("connectionStateDidChange", "1 disconnected")]
        case .android, .harmony: return [ProviderCallback("onDisconnected", "\(code)")]
        case .wrapped: return [ProviderCallback("onDisconnected")]
        }
    }

    private static func success(_ dialect: Dialect, _ call: String) -> ProviderCallback {
        dialect == .android ? ProviderCallback("onSuccess") : ProviderCallback("\(call) success")
    }

    private static func loginSucceeded(_ dialect: Dialect, _ account: AccountName) -> ProviderCallback {
        dialect.isIOS ? ProviderCallback("login completion", account.text, "error nil") : success(dialect, "login")
    }

    private static func loginFailed(_ dialect: Dialect, _ failure: LoginFailure) -> ProviderCallback {
        switch dialect {
        case .iOS4, .iOS5: ProviderCallback("login completion", error(failure))
        case .android: ProviderCallback("onError", "\(failure.code)", "\"\(failure.name)\"")
        case .harmony, .wrapped: ProviderCallback("login fail", "code \(failure.code)", "\"\(failure.name)\"")
        }
    }

    private static func error(_ failure: LoginFailure) -> String { "error \(failure.code) \(failure.name)" }

    /// What tells the app that its session ended for good (§5).
    ///
    /// An SDK without a call for the end of an automatic login tells its failure as the end of a session [ours].
    private static func ended(
        _ dialect: Dialect, _ code: Int, _ name: String, info: String
    ) -> [ProviderCallback] {
        switch dialect {
        case .iOS4, .iOS5: [endedOnIOS(code, name, info)]
        case .android, .harmony:
            switch code {
            case 108: [ProviderCallback("onTokenExpired")]
            case 206 where !info.isEmpty: [ProviderCallback("onLogout", "206", "deviceName \"\(info)\"")]
            default: [ProviderCallback("onLogout", "\(code)")]
            }
        case .wrapped: [endedWrapped(code, name, info)]
        }
    }

    private static func endedOnIOS(_ code: Int, _ name: String, _ info: String) -> ProviderCallback {
        switch code {
        case 108: ProviderCallback("tokenDidExpire", "108")
        case 206, 220:
            // The form without the info is deprecated since 4.7.0 (§5).
            ProviderCallback("userAccountDidLoginFromOtherDeviceWithInfo", "deviceName \"\(info)\"")
        case 207: ProviderCallback("userAccountDidRemoveFromServer")
        case 305: ProviderCallback("userDidForbidByServer")
        default: ProviderCallback("userAccountDidForcedToLogout", "error \(code) \(name)")
        }
    }

    private static func endedWrapped(_ code: Int, _ name: String, _ info: String) -> ProviderCallback {
        switch code {
        case 8: ProviderCallback("onAppActiveNumberReachLimit")
        case 108: ProviderCallback("onTokenDidExpire")
        case 202: ProviderCallback("onUserAuthenticationFailed")
        case 206, 220: ProviderCallback("onUserDidLoginFromOtherDeviceWithInfo", "deviceName \"\(info)\"")
        case 207: ProviderCallback("onUserDidRemoveFromServer")
        case 214: ProviderCallback("onUserDidLoginTooManyDevice")
        case 216: ProviderCallback("onUserDidChangePassword")
        case 217: ProviderCallback("onUserKickedByOtherDevice")
        case 305: ProviderCallback("onUserDidForbidByServer")
        default: ProviderCallback("onLogout", "\(code)", "\"\(name)\"")
        }
    }
}
