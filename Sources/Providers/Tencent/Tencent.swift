import LoginCore

/// Tencent IM, also called Tencent RTC Chat: one service, and the native SDK with its V2TIM interface.
package enum Tencent {
    package static let provider = Provider(
        id: "tencent",
        title: "Tencent IM",
        generations: [v2TIM],
        rules: rules,
        devicePolicies: TencentDevicePolicy.allCases.map(\.title),
        sessions: sessions,
        checkAppKey: { checkAppKey($0) },
        checkAccount: { checkAccount($0) },
        checkToken: { checkToken($0) },
        authenticationKinds: [.dynamic],
        operatorTexts: OperatorTexts(
            ban: "stays online; the next login gets 70051", banAndKick: "kicked; the next login gets 70051",
            kick: "kicked; older UserSigs are void", refreshToken: "a kick: older UserSigs are void",
            delete: "kicked, and gone at the provider", tellsMessage: false,
            updateTokenObstacle: "The provider keeps no tokens: r makes the older UserSigs void."),
        presenceQueries: [onlineStatusQuery, "querystate"],
        tokenTick: .seconds(1),  // §1.2: TLS.time counts seconds, and nothing else tells two UserSigs apart
        consoleSettings: TencentConsoleSettings().json
    )

    /// How account status is asked for, beside the older querystate (§5).
    package static let onlineStatusQuery = "query_online_status"

    /// The native SDK; a page is played with its words as well.
    package static let v2TIM = Generation(
        id: "v2tim",
        title: "V2TIM",
        wireName: "v2tim",
        policy: policy,
        callbacks: { callbacks($0, &$1) },
        statusText: { loginStatusText($0) },
        clientPlatforms: clientPlatforms
    )

    /// What the SDK does about failures and time (tencent.md §2.1, §2.2, §4).
    ///
    /// No source gives reconnect intervals or timeouts of a login (§7): those numbers are ours.
    package static let policy = LoginPolicy(
        codes: codeRows.map(\.code),
        unknownCode: unknownCode,
        unreachableCode: 9508,
        timeoutCode: 9510,
        backoffTable: [1, 2, 4, 8, 16, 32].map { .seconds($0) },  // ours
        backoffJitterPermille: 0,  // ours
        connectTimeout: .seconds(10),  // ours
        loginTimeout: .seconds(30),  // ours
        heartbeatInterval: .seconds(120),  // §4
        probeTimeout: .seconds(10),  // ours
        probeCount: 3,  // ours
        logoutTimeout: .seconds(5),  // ours
        reconnectsInBackground: true,  // §2.1: reconnects for as long as the user is logged in
        asksForDynamicToken: false,  // §2: the SDK is handed a UserSig and asks for none
        unansweredCode: 9520,
        failedKicks: [kickedByExpiry: 70001],
        kickWords: kickWords,
        connectsFirst: true,  // §2: after initSDK, before any login
        ownAnswers: OwnAnswers(  // §2.1, §2.3
            notInitialised: 6013,
            loginUnderWay: 7501,
            logoutUnderWay: 7502,
            endedByLogout: 6023,
            wrongAccount: 7003,
            emptyToken: 6017,
            longestAccount: longestUserID
        ),
        onlineRenewal: LoginPolicy.OnlineRenewal(notLoggedIn: 6014, emptyToken: 6017)  // ours: §2.1 does not say
    )
}
