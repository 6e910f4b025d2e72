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
        package let rule: RuleID

        package init(
            code: Int,
            name: String,
            meaning: String,
            kind: FailureKind,
            manual: Verdict = .stop,
            automatic: Verdict,
            isReportedWhileRetrying: Bool = false,
            rule: RuleID
        ) {
            self.code = code
            self.name = name
            self.meaning = meaning
            self.kind = kind
            self.manual = manual
            self.automatic = automatic
            self.isReportedWhileRetrying = isReportedWhileRetrying
            self.rule = rule
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
        failedKicks: [Int: Int] = [:]
    ) {
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
