/// A login that is one call of the app's, with options, whoever wants it and whenever (commsease.md §3, §5.3).
///
/// The call makes several attempts without a pause, ends with success, a code that stops, or its time; and it is taken in
/// every state. Reconnection after a success is the SDK's affair and knows none of the options.
package struct LoginCalls: Hashable, Sendable, Codable {
    /// How a provider function of the app's behaves.
    package enum Conduct: String, Hashable, Sendable, Codable, CaseIterable {
        case answers
        /// It answers with an empty text.
        case empty
        /// It throws, or answers with something that is no text.
        case fails
    }

    /// The numbers of the SDK's own errors.
    package struct Codes: Hashable, Sendable, Codable {
        /// The call took longer than its time.
        package let timeout: Int
        /// Another call took its place.
        package let cancelled: Int
        /// A provider function threw.
        package let providerFailed: Int
        /// The account, or a token that is needed, is empty.
        package let invalidParameter: Int
        /// The provider function and the call itself both have nothing to log in with.
        package let nothingProvided: Int
        /// The call is not possible in this state.
        package let illegalState: Int

        package init(
            timeout: Int,
            cancelled: Int,
            providerFailed: Int,
            invalidParameter: Int,
            nothingProvided: Int,
            illegalState: Int
        ) {
            self.timeout = timeout
            self.cancelled = cancelled
            self.providerFailed = providerFailed
            self.invalidParameter = invalidParameter
            self.nothingProvided = nothingProvided
            self.illegalState = illegalState
        }
    }

    /// Attempts after the first; at least 1.
    package var retryCount: Int
    /// For the whole call; nil for none.
    package var timeout: Duration?
    /// Whether every call is meant to win against other devices.
    ///
    /// A forced call goes out as a manual login, which no device check refuses; one that is not forced goes out as an
    /// automatic login when the last login that worked here was of the same account. An SDK without calls only asks the
    /// server to leave its check out.
    package var forceMode: Bool
    package var tokenProvider: Conduct
    package var loginExtensionProvider: Conduct
    package let codes: Codes

    package init(
        retryCount: Int,
        timeout: Duration?,
        forceMode: Bool = false,
        tokenProvider: Conduct = .answers,
        loginExtensionProvider: Conduct = .answers,
        codes: Codes
    ) {
        self.retryCount = retryCount
        self.timeout = timeout
        self.forceMode = forceMode
        self.tokenProvider = tokenProvider
        self.loginExtensionProvider = loginExtensionProvider
        self.codes = codes
    }
}

/// What an app decides about its SDK when it sets it up or logs in.
package struct SDKOptions: Hashable, Sendable, Codable {
    /// Nil where a login has no options.
    package var calls: LoginCalls?
    /// The delay before each automatic attempt, not negative; nil while the app leaves it to the SDK.
    package var reconnectDelay: Duration?
    /// Whether attempts that fall due in the background are made there.
    package var reconnectsInBackground: Bool
    /// Whether the SDK may log in by itself; nil where it has no such option.
    package var isAutoLogin: Bool?

    package init(
        calls: LoginCalls?, reconnectDelay: Duration? = nil, reconnectsInBackground: Bool = true,
        isAutoLogin: Bool? = nil
    ) {
        self.calls = calls
        self.reconnectDelay = reconnectDelay
        self.reconnectsInBackground = reconnectsInBackground
        self.isAutoLogin = isAutoLogin
    }
}

extension LoginPolicy {
    /// The app's part of the policy.
    package var options: SDKOptions {
        get {
            SDKOptions(
                calls: calls, reconnectDelay: reconnectDelay, reconnectsInBackground: reconnectsInBackground,
                isAutoLogin: isAutoLogin)
        }
        set {
            calls = newValue.calls
            reconnectDelay = newValue.reconnectDelay
            reconnectsInBackground = newValue.reconnectsInBackground
            // An SDK that has no such option does not get one.
            if isAutoLogin != nil { isAutoLogin = newValue.isAutoLogin ?? isAutoLogin }
        }
    }
}
