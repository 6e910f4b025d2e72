import LoginCore

/// Tencent IM, also called Tencent RTC Chat: the native SDK with the V2TIM interface.
package enum Tencent {
    /// The provider as the lab plays it.
    package static let v2TIM = Provider(
        id: "tencent",
        title: "Tencent IM",
        generation: "V2TIM",
        policy: policy,
        callbacks: { callbacks($0) },
        rules: rules,
        clientPlatforms: clientPlatforms,
        checkAccount: { checkAccount($0) },
        checkToken: { checkToken($0) },
        kickReasonText: { kickReasonText($0) }
    )

    /// What the SDK does about failures and time (tencent.md §2.1, §2.2, §4).
    ///
    /// No source gives reconnect intervals or timeouts of a login (§7): those numbers are ours.
    package static let policy = LoginPolicy(
        codes: codeRows.map(\.code),
        unknownCode: unknownCode,
        unreachableCode: 9508,
        timeoutCode: 9520,
        backoffTable: [1, 2, 4, 8, 16, 32].map { .seconds($0) },  // ours
        backoffJitterPermille: 0,  // ours
        connectTimeout: .seconds(10),  // ours
        loginTimeout: .seconds(30),  // ours
        heartbeatInterval: .seconds(120),  // §4
        probeTimeout: .seconds(10),  // ours
        probeCount: 3,  // ours
        logoutTimeout: .seconds(5),  // ours
        reconnectsInBackground: true,  // §2.1: reconnects for as long as the user is logged in
        asksForDynamicToken: false  // §2: the SDK is handed a UserSig and asks for none
    )
}
