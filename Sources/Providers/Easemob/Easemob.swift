import LoginCore

/// Easemob IM (环信), abroad Agora Chat: one service, SDKs 4.x and V5.
package enum Easemob {
    package static let provider = Provider(
        id: "easemob",
        title: "Easemob",
        generations: [v4iOS, v4Android, v4Wrapped, v5iOS, v5Harmony],
        rules: rules,
        devicePolicies: EasemobDevicePolicy.allCases.map(\.title),
        sessions: sessions,
        checkAppKey: { checkAppKey($0) },
        checkAccount: { checkAccount($0) },
        checkToken: { checkToken($0) },
        authenticationKinds: [.fixed, .dynamic],
        tokenNames: [.fixed: "endpoint"],
        fixedTokensEnd: true,
        operatorTexts: OperatorTexts(
            ban: "kicked with 305; the next login is refused", banAndKick: "the same: a ban kicks here",
            kick: "kicked with 217", credential: "password", updateToken: "kicked with 216, all tokens void",
            refreshToken: "the same, the server makes the password",
            delete: "kicked with 207, and gone at the provider",
            kickDevice: "that one is kicked with 217, the others stay",
            tellsMessage: false),
        presenceQueries: ["status", batchStatusQuery],
        consoleSettings: EasemobConsoleSettings().json
    )

    /// How several users' status is asked for (§3).
    package static let batchStatusQuery = "batch/status"

    package static let v4iOS = Generation(
        id: "v4-ios", title: "4.x iOS", wireName: "v4-ios",
        policy: policy(logsInByItself: true, tellsAutomaticLogin: true),
        callbacks: { callbacks(.iOS4, $0, &$1) }, statusText: { statusText($0) },
        clientPlatforms: [EasemobPlatform.iOS.clientPlatform])

    package static let v4Android = Generation(
        id: "v4-android", title: "4.x Android", wireName: "v4-android",
        policy: policy(names: androidNames, logsInByItself: true),
        callbacks: { callbacks(.android, $0, &$1) }, statusText: { statusText($0) },
        clientPlatforms: [EasemobPlatform.android.clientPlatform])

    /// The SDKs for React Native and Flutter, which wrap the other two; the wrapped ones stand for a page as well.
    package static let v4Wrapped = Generation(
        id: "v4-rn", title: "4.x RN, Flutter", wireName: "v4-rn",
        policy: policy(logsInByItself: true),
        callbacks: { callbacks(.wrapped, $0, &$1) }, statusText: { statusText($0) },
        clientPlatforms: [EasemobPlatform.android, .iOS, .web].map(\.clientPlatform))

    package static let v5iOS = Generation(
        id: "v5-ios", title: "V5 iOS", wireName: "v5-ios", policy: policy(logsInByItself: false),
        callbacks: { callbacks(.iOS5, $0, &$1) }, statusText: { statusText($0) },
        clientPlatforms: [EasemobPlatform.iOS.clientPlatform])

    package static let v5Harmony = Generation(
        id: "v5-harmony", title: "V5 HarmonyOS", wireName: "v5-harmony",
        policy: policy(names: androidNames, logsInByItself: false),
        callbacks: { callbacks(.harmony, $0, &$1) }, statusText: { statusText($0) },
        clientPlatforms: [EasemobPlatform.harmony.clientPlatform])

    /// How long after a login the 4.x SDK logs in by itself (easemob.md §8).
    package static let autoLoginWindow: Duration = .seconds(30 * 86_400)

    /// What an SDK does about failures and time (§4, §6, §8).
    ///
    /// No source gives reconnect intervals or the heartbeat of a phone (§11): those numbers are ours.
    static func policy(
        names: [Int: String] = [:], logsInByItself: Bool, tellsAutomaticLogin: Bool = false
    ) -> LoginPolicy {
        LoginPolicy(
            codes: codes(names),
            unknownCode: unknownCode,
            unreachableCode: 300,
            timeoutCode: 301,
            backoffTable: [1, 2, 4, 8, 16, 32].map { .seconds($0) },  // ours
            backoffJitterPermille: 0,  // ours
            connectTimeout: .seconds(10),  // ours
            loginTimeout: .seconds(30),  // §6, 301
            heartbeatInterval: .seconds(60),  // ours
            probeTimeout: .seconds(10),  // ours
            probeCount: 3,  // ours
            logoutTimeout: .seconds(5),  // ours
            reconnectsInBackground: true,  // ours
            asksForDynamicToken: false,  // §4: login is handed a token
            disconnectedCode: 2,
            failedKicks: [108: 108],  // §7: the expiry of a token is not a kick
            kickWords: kickWords,
            automaticLogin: logsInByItself ? .byItself(within: autoLoginWindow) : .none,
            isAutoLogin: logsInByItself ? true : nil,
            tellsAutomaticLogin: tellsAutomaticLogin,
            secondLogin: LoginPolicy.SecondLogin(sameAccount: 200, otherAccount: 218, unanswered: 302),
            onlineRenewal: LoginPolicy.OnlineRenewal(notLoggedIn: 201, emptyToken: 104))
    }
}
