// swift-format-ignore-file
// Made from Sources/Scenarios/Stories/Easemob by RECORD_STORIES=1; change the stories there.

extension BuiltInStories {
    static let easemob: [StorySource] = [
        StorySource(
            folder: "Easemob", name: "account-deleted",
            text: #"""
                story: A deleted user is told 207, and the person gets another user at the next login
                provider: easemob
                shows: [EM-3-delete, EM-5-removed]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: delete account, as: mia}
                  - {see: callback, name: userAccountDidRemoveFromServer}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, as: mia}
                  - {see: entry, in: web API, title: user registered}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "active-users",
            text: #"""
                story: When the app has as many active users as its plan allows, the next one is told 8
                provider: easemob
                shows: [EM-6-8]
                devices: {A: iOS, B: Android}
                settings: {console: {mostActiveUsers: 1}}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: noor}
                  - {see: callback, on: B, name: onError, with: "8"}
                  - {see: state, on: A, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "app-server-down",
            text: #"""
                story: Without the app server there is no token, and no code of the SDK's
                provider: easemob
                shows: [EM-4-token-login]
                steps:
                  - {do: network, mode: refusing, scope: app server}
                  - {do: log in, as: mia}
                  - {see: app, is: login screen, because: app server}
                  - {see: state, is: logged out}

                """#),
        StorySource(
            folder: "Easemob", name: "automatic-login-expired",
            text: #"""
                story: An automatic login works only while the token is valid
                provider: easemob
                shows: [EM-7-auto, EM-7-login, EM-5-auto]
                devices: {A: {platform: iOS, renews early: no, after refusal: ask}}
                settings: {token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 2 minutes}
                  - {do: start app}
                  - {see: callback, name: autoLoginDidCompleteWithError, with: error 108}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}
                  - {do: restart app}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Easemob", name: "automatic-login-window",
            text: #"""
                story: After 30 days the SDK does not log in by itself any more
                provider: easemob
                shows: [EM-8-window]
                settings: {token lifetime: 31 days}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 30 days 1h}
                  - {do: start app}
                  - {quiet: 1 minute, on: A}
                  - {see: state, is: logged out}

                """#),
        StorySource(
            folder: "Easemob", name: "automatic-login",
            text: #"""
                story: At the next start the 4.x SDK logs in by itself
                provider: easemob
                shows: [EM-8-default, EM-8-target, EM-5-auto]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: restart app}
                  - {see: callback, name: autoLoginDidCompleteWithError, with: nil}
                  - {see: state, is: online}
                  - {do: log out}
                  - {see: state, is: logged out}
                  - {do: restart app}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Easemob", name: "backoff",
            text: #"""
                story: Reconnections follow after 1, 2, 4, 8, 16 and 32 seconds
                provider: easemob
                shows: [EM-own-backoff, EM-8-reconnect]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 10s}
                  - {do: network, mode: refusing, scope: link}
                  - {see: delays, are: [1s, 2s, 4s, 8s, 16s, 32s, 32s], within: 2 minutes}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 40s}

                """#),
        StorySource(
            folder: "Easemob", name: "ban-while-away",
            text: #"""
                story: A user who is banned while the link is down is told 305 by the reconnection
                provider: easemob
                shows: [EM-7-ban, EM-11-banned-code, EM-8-stop, EM-4-two-facts]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: offline}
                  - {see: callback, name: connectionStateDidChange, with: 1 disconnected}
                  - {do: ban, as: mia}
                  - {do: network, mode: passing}
                  - {see: callback, name: userDidForbidByServer}
                  - {see: state, is: stopped}

                """#),
        StorySource(
            folder: "Easemob", name: "ban",
            text: #"""
                story: A ban ends the session at once and lasts until it is lifted
                provider: easemob
                shows: [EM-3-ban, EM-3-unban, EM-5-forbidden, EM-1.1-banned, EM-8-reset]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: ban, as: mia}
                  - {see: callback, name: userDidForbidByServer}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, as: mia}
                  - {see: entry, in: web API, title: POST token → 400}
                  - {see: app, is: login screen, because: user not activated}
                  - {do: unban, as: mia}
                  - {do: log in, as: mia}
                  - {see: callback, name: login completion, with: error nil}

                """#),
        StorySource(
            folder: "Easemob", name: "expired-renewed",
            text: #"""
                story: After the end of the token the app logs in with a new one, since it is too late to renew
                provider: easemob
                shows: [EM-7-expiry, EM-4-renew]
                devices: {A: {platform: iOS, renews early: no}}
                settings: {token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: callback, name: tokenDidExpire, within: 61s}
                  - {see: callback, name: login completion, with: error nil}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "expired",
            text: #"""
                story: At the end of its token the SDK logs out and does not reconnect
                provider: easemob
                shows: [EM-7-expiry, EM-5-expired, EM-8-stop, EM-5-disconnected]
                devices: {A: {platform: iOS, renews early: no, after refusal: ask}}
                settings: {token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: callback, name: tokenWillExpire, at: 48s}
                  - {see: callback, name: connectionStateDidChange, with: 1 disconnected, within: 13s}
                  - {see: callback, name: tokenDidExpire, with: "108"}
                  - {see: state, is: stopped}
                  - {see: app, is: login screen, because: "108"}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, as: mia}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "first-device-wins",
            text: #"""
                story: Where the first device wins, a later one is refused with 213
                provider: easemob
                shows: [EM-9-first]
                devices: {A: iOS, B: Android}
                settings: {device policy: 2}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: callback, on: B, name: onError, with: "213"}
                  - {see: state, on: A, is: online}
                  - {do: log out, on: A}
                  - {see: state, on: A, is: logged out}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "kicked-by-server",
            text: #"""
                story: A disconnection by the web API is told 217, and nothing reconnects
                provider: easemob
                shows: [EM-3-disconnect, EM-5-forced, EM-8-stop]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: kick, as: mia}
                  - {see: callback, name: userAccountDidForcedToLogout, with: error 217}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, as: mia}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "link-lost",
            text: #"""
                story: While the link is down the user stays logged in, and the SDK reconnects by itself
                provider: easemob
                generation: v5-harmony
                shows: [EM-4-two-facts, EM-5-disconnected, EM-5-connected, EM-8-reconnect]
                devices: {A: HarmonyOS}
                steps:
                  - {do: log in, as: mia}
                  - {see: callback, name: onConnected}
                  - {see: state, is: online}
                  - {do: cut}
                  - {see: callback, name: onDisconnected, with: "2"}
                  - {see: callback, name: onConnected}
                  - {see: state, is: online}
                  - {never: callback, name: onLogout, for: 1 minute}

                """#),
        StorySource(
            folder: "Easemob", name: "malformed-token",
            text: #"""
                story: A login with a token that is none fails with 104 and is not tried again
                provider: easemob
                shows: [EM-7-login]
                people: {olga: walnut-31}
                steps:
                  - {do: register, as: olga, account: olga}
                  - {see: app, is: login screen}
                  - {do: log in with token, account: olga, token: no-token-at-all}
                  - {see: callback, name: login completion, with: error 104}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Easemob", name: "manual-login",
            text: #"""
                story: A login with the app server's token is told by the link and by its completion
                provider: easemob
                shows: [EM-4-token-login, EM-5-connected, EM-own-accounts, EM-1-client-credentials, EM-1-inherit]
                steps:
                  - {do: log in, as: mia}
                  - {see: order, in: web API, of: [POST token, POST users, user registered, POST token]}
                  - {see: callback, name: connectionStateDidChange, with: 0 connected}
                  - {see: callback, name: login completion, with: error nil}
                  - {see: state, is: online}
                  - {do: log out}
                  - {see: callback, name: logout completion}
                  - {see: state, is: logged out}

                """#),
        StorySource(
            folder: "Easemob", name: "no-automatic-login",
            text: #"""
                story: V5 does not log in by itself, so the app does it with its saved token
                provider: easemob
                generation: v5-ios
                shows: [EM-8-default, EM-own-manual-start]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: restart app}
                  - {quiet: 1 minute, on: A}
                  - {see: state, is: logged out}
                  - {do: log in automatically}
                  - {see: callback, name: login completion, with: error nil}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "old-device-of-several",
            text: #"""
                story: On request an automatic login does not push another device out, and is told 214
                provider: easemob
                shows: [EM-9-old, EM-5-auto]
                devices: {A: iOS, B: iOS}
                settings: {device policy: 3, console: {refusesOldDevices: true, devicesPerPlatform: 1}}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: stop app, on: A}
                  - {wait: 1s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: A}
                  - {see: callback, on: A, name: autoLoginDidCompleteWithError, with: error 214}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "old-device",
            text: #"""
                story: On request an old device that comes back is refused with 220
                provider: easemob
                shows: [EM-9-old]
                devices: {A: iOS, B: Android}
                settings: {console: {refusesOldDevices: true}}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: network, on: A, mode: offline}
                  - {see: callback, on: A, name: connectionStateDidChange, with: 1 disconnected}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: network, on: A, mode: passing}
                  - {see: code, on: A, is: 220}
                  - {see: callback, on: A, name: userAccountDidLoginFromOtherDeviceWithInfo}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "other-device",
            text: #"""
                story: Where one device is allowed, a newer login pushes the older one out
                provider: easemob
                shows: [EM-9-one, EM-5-other-device, EM-8-stop]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: callback, on: A, name: userAccountDidLoginFromOtherDeviceWithInfo, with: Android}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, on: A, as: mia}
                  - {see: callback, on: B, name: onDisconnected, with: "206"}
                  - {see: callback, on: B, name: onLogout, with: "206, deviceName \"iOS\""}
                  - {see: state, on: A, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "password-changed-while-away",
            text: #"""
                story: A device that was offline when the password changed fails with 202, and its app fetches a new token
                provider: easemob
                shows: [EM-3-password, EM-5-forced, EM-8-stop]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: offline}
                  - {see: callback, name: connectionStateDidChange, with: 1 disconnected}
                  - {do: replace token, as: mia}
                  - {do: network, mode: passing}
                  - {see: callback, name: userAccountDidForcedToLogout, with: error 202}
                  - {see: callback, name: login completion, with: error nil}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "password-changed",
            text: #"""
                story: A change of the password kicks with 216, and the next login has a new token
                provider: easemob
                shows: [EM-3-password, EM-5-forced, EM-own-replace]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: replace token, as: mia}
                  - {see: callback, name: userAccountDidForcedToLogout, with: error 216}
                  - {see: state, is: stopped}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "Easemob", name: "presence",
            text: #"""
                story: The status of a user is online while a device is logged in, asked for alone or in a batch
                provider: easemob
                shows: [EM-3-status, EM-3-batch-status]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia, query: batch/status}
                  - {see: presence, is: online}
                  - {wait: 2s}
                  - {do: log out}
                  - {see: state, is: logged out}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: offline}

                """#),
        StorySource(
            folder: "Easemob", name: "renewal-refused",
            text: #"""
                story: When no new token can be had before the end, the session ends with its token
                provider: easemob
                shows: [EM-7-expiry, EM-7-warning]
                devices: {A: {platform: iOS, after refusal: ask}}
                settings: {token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: refusing, scope: app server}
                  - {see: callback, name: tokenWillExpire, within: 49s}
                  - {see: callback, name: tokenDidExpire, within: 13s}
                  - {see: state, is: stopped}

                """#),
        StorySource(
            folder: "Easemob", name: "second-login",
            text: #"""
                story: A login of the user who is logged in fails with 200, one of another user with 218
                provider: easemob
                shows: [EM-4-same, EM-4-another, EM-4-switch]
                devices: {A: iOS, B: Android}
                settings: {token lifetime: 30m}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: call login, on: A}
                  - {see: callback, on: A, name: login completion, with: error 200}
                  - {do: log in with token, on: A, account: somebody, token: YWMt-no-token}
                  - {see: callback, on: A, name: login completion, with: error 218}
                  - {see: state, on: A, is: online}
                  - {do: log out, on: A}
                  - {see: callback, on: A, name: logout completion}
                  - {do: log in, on: A, as: noor}
                  - {see: state, on: A, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "several-devices",
            text: #"""
                story: The newest device pushes out the earliest of its platform, and platforms leave each other alone
                provider: easemob
                shows: [EM-9-several, EM-9-kick]
                devices: {A: iOS, B: Android, C: iOS, D: iOS}
                settings: {device policy: 3, console: {devicesPerPlatform: 2}}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: log in, on: C, as: mia}
                  - {see: state, on: C, is: online}
                  - {see: others, on: C, are: 2}
                  - {do: log in, on: D, as: mia}
                  - {see: callback, on: A, name: userAccountDidLoginFromOtherDeviceWithInfo}
                  - {see: state, on: D, is: online}
                  - {see: state, on: B, is: online}
                  - {see: state, on: C, is: online}
                  - {wait: 1s}
                  - {do: kick others, on: D}
                  - {see: callback, on: B, name: onLogout, with: "217"}
                  - {see: callback, on: C, name: userAccountDidForcedToLogout, with: error 217}

                """#),
        StorySource(
            folder: "Easemob", name: "signed-token",
            text: #"""
                story: A signed token of the app server's own making opens messaging and ends as any other
                provider: easemob
                shows: [EM-1-dynamic, EM-7-warning]
                devices: {A: {platform: iOS, renews early: no, after refusal: ask}}
                settings: {token: dynamic, token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: callback, name: login completion, with: error nil}
                  - {see: callback, name: tokenWillExpire, within: 49s}
                  - {see: callback, name: tokenDidExpire, within: 13s}

                """#),
        StorySource(
            folder: "Easemob", name: "v5-login",
            text: #"""
                story: V5 opens its database first, then logs in, then is connected
                provider: easemob
                generation: v5-ios
                shows: [EM-4-order, EM-5-connected]
                steps:
                  - {do: log in, as: mia}
                  - {see: callback, name: onDatabaseOpened}
                  - {see: callback, name: connectionStateDidChange, with: 0 connected}
                  - {see: callback, name: login completion, with: error nil}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Easemob", name: "will-expire-half",
            text: #"""
                story: Before 4.15.0 the warning came at half of the token's life
                provider: easemob
                shows: [EM-7-warning]
                devices: {A: {platform: Android, renews early: no}}
                settings: {token lifetime: 60s, console: {willExpirePercent: 50}}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: callback, name: onTokenWillExpire, at: 30s}
                  - {see: callback, name: onTokenExpired, within: 31s}

                """#),
        StorySource(
            folder: "Easemob", name: "will-expire",
            text: #"""
                story: At 80 % of its life the token is warned of, and renewToken keeps the session
                provider: easemob
                shows: [EM-7-warning, EM-7-example, EM-5-will-expire, EM-4-renew]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: callback, name: tokenWillExpire, with: "109", within: 9 minutes}
                  - {see: entry, in: app server, title: POST /token}
                  - {see: entry, in: IM server, title: token renewed}
                  - {see: callback, name: renewToken completion, with: error nil}
                  - {never: callback, name: tokenDidExpire, for: 30 minutes}
                  - {see: state, is: online}

                """#),
    ]
}
