import LoginCore

/// CommsEase, also called Yunxin: the V9 SDK for iOS, the generation closest to the documents the project began with.
package enum CommsEase {
    /// The provider as the lab plays it.
    package static let v9iOS = Provider(
        id: "commsease",
        title: "CommsEase",
        generation: "V9 iOS",
        policy: policy,
        callbacks: { callbacks($0) },
        rules: rules,
        clientPlatforms: clientPlatforms,
        checkAccount: { checkAccount($0) },
        checkToken: { checkToken($0) },
        kickReasonText: { kickReasonText($0) }
    )

    /// What the SDK does about failures and time (commsease.md §7.1, §8, §14).
    static let policy = LoginPolicy(
        codes: codeRows.map(\.code),
        unknownCode: unknownCode,
        unreachableCode: 415,
        timeoutCode: 408,
        // The delays as the iOS header prints them; the last one repeats (§8, §14.1).
        backoffTable: [2, 4, 6, 8, 16, 32, 64].map { .seconds($0) },
        backoffJitterPermille: 0,
        connectTimeout: .seconds(10),  // §8, the address look-up of the web SDK; ours for the link
        loginTimeout: .seconds(30),  // §14.5
        heartbeatInterval: .seconds(30),  // §8
        probeTimeout: .seconds(3),  // §8
        probeCount: 5,  // §8
        logoutTimeout: .seconds(1),  // §5.3, of the V10 SDK; V9 says only that it is shorter than others
        reconnectsInBackground: true,  // §2, disableReconnectInBackgroundState is off by default
        asksForDynamicToken: true  // §2, provideDynamicTokenForAccount:
    )
}
