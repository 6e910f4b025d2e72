import LoginCore

/// CommsEase, also called Yunxin: one service, and three SDKs that speak of it in words of their own.
package enum CommsEase {
    package static let provider = Provider(
        id: "commsease",
        title: "CommsEase",
        generations: [v9iOS, v9Android, v10],
        rules: rules,
        devicePolicies: ["one terminal", "desktop and mobile", "all together"],
        sessions: sessions,
        checkAppKey: { checkAppKey($0) },
        checkAccount: { checkAccount($0) },
        checkToken: { checkToken($0) },
        operatorTexts: OperatorTexts(
            ban: "stays online; the next login gets 422", banAndKick: "kicked with reason 2 and your message",
            kick: "kicked with reason 2", updateToken: "the old one gets 302 at the next login"),
        presenceQueries: ["userOnlineStatus"],
        consoleSettings: CommsEaseConsoleSettings().json
    )

    /// The V9 SDK for iOS, the generation closest to the documents the project began with.
    package static let v9iOS = Generation(
        id: "v9-ios",
        title: "V9 iOS",
        wireName: "v9",
        policy: policy,
        callbacks: { iOSCallbacks($0, &$1) },
        clientPlatforms: [ClientPlatform(name: "iOS", clientType: 2)]
    )

    /// The V9 SDK for Android.
    package static let v9Android = Generation(
        id: "v9-android",
        title: "V9 Android",
        wireName: "v9",
        policy: policy,  // no source has numbers of its own for it; those of iOS serve [ours]
        callbacks: { androidCallbacks($0, &$1) },
        statusText: { StatusCode(rawValue: $0.login).map(\.title) },
        clientPlatforms: [ClientPlatform(name: "Android", clientType: 1)]
    )

    /// V10, one SDK for every platform.
    package static let v10 = Generation(
        id: "v10",
        title: "V10",
        wireName: "v10",
        policy: v10Policy,
        callbacks: { v10Callbacks($0, &$1) },
        statusText: { v10StatusText($0) },
        clientPlatforms: v10Platforms
    )

    /// What the V9 SDKs do about failures and time (commsease.md §7.1, §8, §14).
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
        asksForDynamicToken: true,  // §2, provideDynamicTokenForAccount:
        kickWords: kickWords
    )
}
