/// Everything about the SDK's behaviour that differs between providers and generations, as data.
///
/// `Providers` fills it in from each provider's page; the machine has no other knowledge of who the provider is.
package struct LoginPolicy: Sendable, Equatable {
    /// One row of a provider's code table.
    package struct CodeRule: Sendable, Equatable {
        package let code: Int
        package let name: String
        /// One sentence in our words.
        package let meaning: String
        package let kind: FailureKind
        /// Retrying here means inside the login call, as often as ``LoginCalls`` allows; without those it never happens.
        package let manual: Verdict
        package let automatic: Verdict
        /// Whether a failure that is retried is told to the app all the same.
        package let isReportedWhileRetrying: Bool
        /// Whether the SDK drops what it kept of the login; nil where its documents leave that to the app.
        package let clears: Bool?
        package let rule: RuleID

        package init(
            code: Int,
            name: String,
            meaning: String,
            kind: FailureKind,
            manual: Verdict = .stop,
            automatic: Verdict,
            isReportedWhileRetrying: Bool = false,
            clears: Bool? = nil,
            rule: RuleID
        ) {
            self.code = code
            self.name = name
            self.meaning = meaning
            self.kind = kind
            self.manual = manual
            self.automatic = automatic
            self.isReportedWhileRetrying = isReportedWhileRetrying
            self.clears = clears
            self.rule = rule
        }
    }

    /// Whether the SDK logs in again by itself with what it kept of the last login.
    package enum AutomaticLogin: Sendable, Equatable {
        /// When the app asks for it, however long ago the last login was.
        case onRequest
        /// At the start of the app, without being asked, within this time of the login.
        case byItself(within: Duration)
        /// Never: the app calls login with the token that it saved.
        case none
    }

    /// How an SDK answers a login call while a login is in use or under way.
    package struct SecondLogin: Sendable, Equatable {
        /// The code for the user who is logged in.
        package let sameAccount: Int
        /// The code for another user.
        package let otherAccount: Int
        /// The code while the first call has no answer.
        package let unanswered: Int

        package init(sameAccount: Int, otherAccount: Int, unanswered: Int) {
            self.sameAccount = sameAccount
            self.otherAccount = otherAccount
            self.unanswered = unanswered
        }
    }

    /// How an SDK gives a newer token to the session that is in use.
    package struct OnlineRenewal: Sendable, Equatable {
        /// The code when nobody is logged in.
        package let notLoggedIn: Int
        /// The code for an empty token.
        package let emptyToken: Int

        package init(notLoggedIn: Int, emptyToken: Int) {
            self.notLoggedIn = notLoggedIn
            self.emptyToken = emptyToken
        }
    }

    /// The code table, ascending by code.
    package var codes: [CodeRule]
    /// What becomes of a code that the table does not have.
    package var unknownCode: CodeRule
    /// The code of "cannot reach the server, or it hung up".
    package var unreachableCode: Int
    /// The code of "no answer in time".
    package var timeoutCode: Int
    /// The code of a link that broke before the login was answered.
    package var disconnectedCode: Int
    /// The code of a login or sync that was not answered in time.
    package var unansweredCode: Int
    /// How a login call behaves where it is more than one attempt; nil where it is exactly one.
    package var calls: LoginCalls?
    /// The delay that the app sets in place of the table's; nil while it leaves it to the SDK.
    package var reconnectDelay: Duration?
    /// Whether the SDK lengthens an app's delay under a second by 200 ms and a random 1 to 300 ms.
    package var padsShortDelays: Bool
    /// The kicks that are a failure of the session in other words, by their reasons, with the failure's code.
    ///
    /// Where a server tells by a kick that a token ran out, the app may fetch another one.
    package var failedKicks: [Int: Int]
    /// How the SDK tells of the other kicks.
    package var kickWords: KickWords
    package var automaticLogin: AutomaticLogin
    /// What the app sets for ``automaticLogin``; false has the effect of none, nil where the SDK has no such option.
    package var isAutoLogin: Bool?
    /// Whether the end of an automatic login is told by a call of its own.
    package var tellsAutomaticLogin: Bool
    /// Nil where a second login call is a mistake that the SDK does not answer.
    package var secondLogin: SecondLogin?
    /// Nil where a newer token waits for the next login.
    package var onlineRenewal: OnlineRenewal?
    /// Back-off delays.
    package var backoffTable: [Duration]
    /// Back-off jitter in thousandths.
    package var backoffJitterPermille: Int
    /// How long opening the link may take, upgrade included.
    package var connectTimeout: Duration
    /// How long the server may take to answer the login frame, and again the sync frame.
    package var loginTimeout: Duration
    /// From one answer of the server to the next ping.
    package var heartbeatInterval: Duration
    /// How long one probe waits for its answer.
    package var probeTimeout: Duration
    /// Unanswered probes that end the link.
    package var probeCount: Int
    /// How long a logout waits for the server.
    package var logoutTimeout: Duration
    /// Whether attempts that fall due in the background are made there, or at the return to the foreground.
    package var reconnectsInBackground: Bool
    /// Whether the app is asked for a token before each attempt with a dynamic token.
    ///
    /// Where there are ``calls``, it is asked once the link is up instead.
    package var asksForDynamicToken: Bool
    /// Whether the SDK opens its link as soon as it is set up, before any login.
    ///
    /// Not for an SDK that asks for tokens or has ``calls``.
    package var connectsFirst: Bool
    /// What the SDK answers by itself to a call that it cannot follow; nil where such a call is a mistake without an
    /// answer.
    package var ownAnswers: OwnAnswers?

    package init(
        codes: [CodeRule],
        unknownCode: CodeRule,
        unreachableCode: Int,
        timeoutCode: Int,
        backoffTable: [Duration],
        backoffJitterPermille: Int,
        connectTimeout: Duration,
        loginTimeout: Duration,
        heartbeatInterval: Duration,
        probeTimeout: Duration,
        probeCount: Int,
        logoutTimeout: Duration,
        reconnectsInBackground: Bool,
        asksForDynamicToken: Bool,
        disconnectedCode: Int? = nil,
        unansweredCode: Int? = nil,
        calls: LoginCalls? = nil,
        reconnectDelay: Duration? = nil,
        padsShortDelays: Bool = false,
        failedKicks: [Int: Int] = [:],
        kickWords: KickWords = KickWords(),
        connectsFirst: Bool = false,
        ownAnswers: OwnAnswers? = nil,
        automaticLogin: AutomaticLogin = .onRequest,
        isAutoLogin: Bool? = nil,
        tellsAutomaticLogin: Bool = false,
        secondLogin: SecondLogin? = nil,
        onlineRenewal: OnlineRenewal? = nil
    ) {
        precondition(!connectsFirst || (!asksForDynamicToken && calls == nil), "a first link needs no app's answer")
        self.codes = codes.sorted { $0.code < $1.code }
        self.unknownCode = unknownCode
        self.unreachableCode = unreachableCode
        self.timeoutCode = timeoutCode
        self.backoffTable = backoffTable
        self.backoffJitterPermille = backoffJitterPermille
        self.connectTimeout = connectTimeout
        self.loginTimeout = loginTimeout
        self.heartbeatInterval = heartbeatInterval
        self.probeTimeout = probeTimeout
        self.probeCount = probeCount
        self.logoutTimeout = logoutTimeout
        self.reconnectsInBackground = reconnectsInBackground
        self.asksForDynamicToken = asksForDynamicToken
        self.disconnectedCode = disconnectedCode ?? unreachableCode
        self.unansweredCode = unansweredCode ?? timeoutCode
        self.calls = calls
        self.reconnectDelay = reconnectDelay
        self.padsShortDelays = padsShortDelays
        self.failedKicks = failedKicks
        self.kickWords = kickWords
        self.connectsFirst = connectsFirst
        self.ownAnswers = ownAnswers
        self.automaticLogin = automaticLogin
        self.isAutoLogin = isAutoLogin
        self.tellsAutomaticLogin = tellsAutomaticLogin
        self.secondLogin = secondLogin
        self.onlineRenewal = onlineRenewal
    }

    /// ``automaticLogin`` as the app has set it.
    package var chosenAutomaticLogin: AutomaticLogin {
        isAutoLogin == false ? .none : automaticLogin
    }

    /// The row for `code`, or the row for unknown codes.
    package func rule(for code: Int) -> CodeRule {
        for place in codes.indices where codes[place].code == code { return codes[place] }
        return unknownCode
    }

    /// What the SDK does with `code` in `mode`.
    package func verdict(for code: Int, mode: LoginMode) -> Verdict {
        mode.isManual ? rule(for: code).manual : rule(for: code).automatic
    }

    /// The failure that `code` stands for.
    package func failure(_ code: Int, detail: String) -> LoginFailure {
        let row = rule(for: code)
        return LoginFailure(code: code, name: row.name, kind: row.kind, detail: detail, rule: row.rule)
    }
}
