// swift-format-ignore-file
// Made from Sources/Scenarios/Stories/CommsEase by RECORD_STORIES=1; change the stories there.

extension BuiltInStories {
    static let commsEase: [StorySource] = [
        StorySource(
            folder: "CommsEase", name: "all-online",
            text: #"""
                story: Policy 3 lets all be online, and each hears of the others
                shows: [CE-9-policy-3, CE-2-clients-changed]
                devices: {A: iOS, B: Android, C: PC}
                settings: {device policy: 3}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: log in, on: C, as: mia}
                  - {see: state, on: C, is: online}
                  - {see: others, on: A, are: 2}
                  - {see: others, on: B, are: 2}
                  - {see: others, on: C, are: 2}
                  - {do: log out, on: C}
                  - {see: callback, on: A, name: "onMultiLoginClientsChangedWithType:", with: 3 Logout}
                  - {see: others, on: A, are: 1}

                """#),
        StorySource(
            folder: "CommsEase", name: "app-server-down",
            text: #"""
                story: An app server that is down has a name of its own, never an SDK code
                shows: [CE-1-order]
                steps:
                  - {do: network, mode: refusing, scope: app server}
                  - {do: log in, as: mia}
                  - {see: app, is: login screen, because: the app server cannot be reached (refused)}
                  - {see: attempts, are: 0}
                  - {do: network, mode: passing}
                  - {do: log in, as: mia}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "app-server-silent",
            text: #"""
                story: An app server that says nothing is given up after ten seconds
                shows: [CE-1-order]
                steps:
                  - {do: network, mode: silent, scope: app server}
                  - {do: log in, as: mia}
                  - {see: app, is: login screen, because: the app server cannot be reached (timed out), at: 10s}
                  - {see: attempts, are: 0}

                """#),
        StorySource(
            folder: "CommsEase", name: "attached-form",
            text: #"""
                story: With messaging on the side the app login stands alone
                about: Messaging follows by a forced automatic login, and its errors never block the app.
                shows: [CE-1-form-attached]
                devices: {A: {form: attached}}
                steps:
                  - {do: network, mode: refusing, scope: link}
                  - {do: log in, as: mia}
                  - {see: app, is: signed in}
                  - {see: state, is: waiting}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 10s}
                  - {see: app, is: signed in}

                """#),
        StorySource(
            folder: "CommsEase", name: "automatic-after-restart",
            text: #"""
                story: After a restart the saved login opens messaging by itself
                about: Automatic login passes the same steps and completes nothing; it uses the token that was saved.
                shows: [CE-6-automatic, CE-6-save, CE-6-sdk-owns, OURS-same-device]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 10s}
                  - {do: start app}
                  - {see: saved login, is: usable}
                  - {do: log in automatically}
                  - {see: callback, name: "onLogin:", with: 8 SyncOK}
                  - {see: state, is: online}
                  - {see: token, is: same}
                  - {never: callback, name: login completion, for: 1 minute}

                """#),
        StorySource(
            folder: "CommsEase", name: "automatic-needs-manual",
            text: #"""
                story: There is no automatic login before a manual one has worked
                shows: [CE-6-save, CE-6-dead]
                steps:
                  - {do: log in automatically}
                  - {see: entry, title: there is no saved login here}
                  - {see: attempts, are: 0}
                  - {do: log in with token, account: nobody, token: 0123456789abcdef0123456789abcdef}
                  - {see: state, is: stopped}
                  - {do: restart app}
                  - {do: log in automatically}
                  - {see: attempts, are: 0}
                  - {quiet: 1 minute, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "backend-killed",
            text: #"""
                story: A killed backend comes back and knows its accounts
                shows: [CE-8-unlimited, CE-5.1-drop]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 1s}
                  - {do: kill backend}
                  - {see: callback, name: "onLogin:", with: 9 LoseConnection}
                  - {see: delays, are: [2s, 4s, 6s], within: 20s}
                  - {do: start backend}
                  - {see: state, is: online, within: 10s}

                """#),
        StorySource(
            folder: "CommsEase", name: "backoff-reset",
            text: #"""
                story: The back-off starts again after a login that worked
                shows: [CE-8-reset, CE-8-backoff]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: refusing, scope: link}
                  - {see: delays, are: [2s, 4s, 6s], within: 1 minute}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 10s}
                  - {do: cut}
                  - {see: delays, are: [2s]}
                  - {see: state, is: online, within: 3s}

                """#),
        StorySource(
            folder: "CommsEase", name: "backoff-sequence",
            text: #"""
                story: Automatic attempts follow after 2, 4, 6, 8, 16, 32 and 64 seconds, and go on for ever
                shows: [CE-8-backoff, CE-8-unlimited, CE-2-retry-limit, CE-6-automatic, CE-14.1, CE-2-auto-failed]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: refusing, scope: link}
                  - {see: delays, are: [2s, 4s, 6s, 8s, 16s, 32s, 64s, 64s, 64s, 64s], within: 10 minutes}
                  - {see: code, is: 415}
                  - {never: callback, name: "onAutoLoginFailed:", for: 1 minute}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 65s}

                """#),
        StorySource(
            folder: "CommsEase", name: "ban-with-kick",
            text: #"""
                story: A ban with needkick ends the session with reason 2 and the operator's text
                shows: [CE-11.2-block, CE-12.1, CE-14.6, CE-4-kick-2]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: ban, as: mia, kick: yes, text: rule 7}
                  - {see: callback, name: "onKickout:", with: rule 7}
                  - {see: state, is: stopped}
                  - {see: app, is: login screen, because: rule 7}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "ban-without-kick",
            text: #"""
                story: A ban without kick leaves the live session alone and bites at the next login
                shows: [CE-12.1, CE-12.2, CE-14.6, CE-14.2-banned]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: ban, as: mia}
                  - {never: callback, name: "onKickout:", for: 10 minutes}
                  - {see: state, is: online}
                  - {do: echo, text: still here}
                  - {see: entry, title: "echo → 200"}
                  - {do: cut}
                  - {see: code, is: 422, at: 2s}
                  - {see: callback, name: "onAutoLoginFailed:", with: "422"}
                  - {see: state, is: stopped}
                  - {see: app, is: login screen, because: "422"}

                """#),
        StorySource(
            folder: "CommsEase", name: "broken-during-manual",
            text: #"""
                story: A link that breaks during a manual login is not made again
                shows: [CE-6-manual-broken, OURS-415-408]
                network: {latency: 500ms, jitter: 0ms}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: authenticating}
                  - {do: cut}
                  - {see: callback, name: "onLogin:", with: 6 LoginFailed}
                  - {see: code, is: 415}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "core-form",
            text: #"""
                story: A messaging product is logged in only when messaging is
                shows: [CE-1-form-core]
                steps:
                  - {do: network, mode: refusing, scope: link}
                  - {do: log in, as: mia}
                  - {see: code, is: 415}
                  - {see: app, is: login screen, because: "415"}
                  - {see: attempts, are: 1}

                """#),
        StorySource(
            folder: "CommsEase", name: "desktop-and-mobile",
            text: #"""
                story: Policy 2 lets one desktop and one mobile be online
                shows: [CE-9-policy-2, CE-2-clients-changed, OURS-desktop-group]
                devices: {A: iOS, B: PC, C: Android, D: Web}
                settings: {device policy: 2}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: callback, on: B, name: onLoginClientChanged}
                  - {see: callback, on: A, name: "onMultiLoginClientsChangedWithType:", with: 2 Login}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: C, as: mia}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: C, is: online}
                  - {see: state, on: B, is: online}
                  - {do: log in, on: D, as: mia}
                  - {see: state, on: B, is: stopped}
                  - {see: state, on: D, is: online}
                  - {see: state, on: C, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "device-check",
            text: #"""
                story: An automatic login is refused with 417 after another device logged in
                about: A's app ends without a logout, B logs in, A starts automatically; its saved login is dropped.
                shows: [CE-9-417, CE-14.2-device, CE-14.3, OURS-drop-saved, CE-2-auto-failed]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: stop app, on: A}
                  - {wait: 1s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: A}
                  - {do: log in automatically, on: A}
                  - {see: code, on: A, is: 417}
                  - {see: callback, on: A, name: "onAutoLoginFailed:", with: "417"}
                  - {see: state, on: A, is: stopped}
                  - {see: saved login, on: A, is: none}
                  - {see: attempts, on: A, are: 1}
                  - {see: state, on: B, is: online}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "drop",
            text: #"""
                story: A link that breaks in use is made again after two seconds
                shows: [CE-5.1-drop, CE-6-sdk-owns, CE-9-reconnect-unforced]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 10s}
                  - {do: cut}
                  - {see: callback, name: "onLogin:", with: 9 LoseConnection}
                  - {see: callback, name: "onLogin:", with: 1 Linking, at: 2s}
                  - {see: callback, name: "onLogin:", with: 2 LinkOK}
                  - {see: callback, name: "onLogin:", with: 4 Logining}
                  - {see: callback, name: "onLogin:", with: 5 LoginOK}
                  - {see: callback, name: "onLogin:", with: 7 Syncing}
                  - {see: callback, name: "onLogin:", with: 8 SyncOK}
                  - {see: attempts, are: 1}

                """#),
        StorySource(
            folder: "CommsEase", name: "early-renewal-fails",
            text: #"""
                story: A renewal that fails at 80 % is tried again at 90 % and 95 %
                shows: [OURS-early-renewal, OURS-expiry-online]
                settings: {token: dynamic, token lifetime: 10m}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: refusing, scope: app server}
                  - {see: entry, title: POST /token, at: 480s}
                  - {see: lease, is: will expire}
                  - {see: entry, title: POST /token, at: 60s}
                  - {see: entry, title: POST /token, at: 30s}
                  - {see: lease, is: expired, at: 30s}
                  - {see: state, is: online}
                  - {never: callback, name: "onLogin:", for: 10 minutes}

                """#),
        StorySource(
            folder: "CommsEase", name: "early-renewal",
            text: #"""
                story: A dynamic token is renewed at 80 % of its life, and the session stays
                shows: [OURS-early-renewal, CE-10-dynamic, CE-2-dynamic-token]
                settings: {token: dynamic, token lifetime: 10m}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: lease, is: valid}
                  - {see: entry, title: POST /token, at: 480s}
                  - {see: entry, title: a new token}
                  - {see: lease, is: valid}
                  - {see: state, is: online}
                  - {do: cut}
                  - {see: state, is: waiting}
                  - {see: state, is: online, within: 3s}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "CommsEase", name: "eleventh-device",
            text: #"""
                story: Under policy 3 the eleventh device makes the oldest session go
                shows: [OURS-eleventh-device, CE-9-policy-3]
                devices: {A: iOS, B: iOS, C: iOS, D: iOS, E: iOS, F: iOS, G: iOS, H: iOS, I: iOS, J: iOS, K: iOS}
                settings: {device policy: 3}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: log in, on: C, as: mia}
                  - {see: state, on: C, is: online}
                  - {do: log in, on: D, as: mia}
                  - {see: state, on: D, is: online}
                  - {do: log in, on: E, as: mia}
                  - {see: state, on: E, is: online}
                  - {do: log in, on: F, as: mia}
                  - {see: state, on: F, is: online}
                  - {do: log in, on: G, as: mia}
                  - {see: state, on: G, is: online}
                  - {do: log in, on: H, as: mia}
                  - {see: state, on: H, is: online}
                  - {do: log in, on: I, as: mia}
                  - {see: state, on: I, is: online}
                  - {do: log in, on: J, as: mia}
                  - {see: state, on: J, is: online}
                  - {see: state, on: A, is: online}
                  - {see: others, on: J, are: 9}
                  - {do: log in, on: K, as: mia}
                  - {see: callback, on: A, name: "onKickout:", with: reasonCode 1}
                  - {see: state, on: K, is: online}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "exclusive-login",
            text: #"""
                story: A login on another device kicks the first one with reason 1
                shows: [CE-4-kick-1, CE-9-policy-1, CE-9-kicked-side, CE-2-kickout, CE-14.2-accepted, CE-4-client-types]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {wait: 1s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: callback, on: A, name: "onKickout:", with: "reasonCode 1, clientType 1"}
                  - {see: state, on: A, is: stopped}
                  - {see: app, on: A, is: login screen, because: "kicked offline, reason 1"}
                  - {see: attempts, on: A, are: 0}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "expired-before-login",
            text: #"""
                story: A dynamic token that ended before the connection is refused and renewed
                shows: [CE-10-dynamic-end, OURS-renew-once]
                devices: {A: {renews early: no}}
                settings: {token: dynamic, token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 2 minutes}
                  - {do: start app}
                  - {do: log in automatically}
                  - {see: code, is: 302}
                  - {see: entry, title: POST /token}
                  - {see: state, is: online}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "CommsEase", name: "expired-while-online",
            text: #"""
                story: A live session survives the end of its token
                shows: [OURS-expiry-online, CE-10-dynamic-end]
                devices: {A: {renews early: no}}
                settings: {token: dynamic, token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: lease, is: expired, at: 60s}
                  - {never: callback, name: "onLogin:", for: 10 minutes}
                  - {do: echo}
                  - {see: entry, title: "echo → 200"}
                  - {do: cut}
                  - {see: code, is: 302, at: 2s}
                  - {see: entry, title: POST /token}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "expires-while-away",
            text: #"""
                story: A token that ends while the network is away is refused at the reconnect and renewed
                shows: [CE-10-dynamic-end, OURS-renew-once]
                devices: {A: {renews early: no}}
                settings: {token: dynamic, token lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: offline}
                  - {wait: 2 minutes}
                  - {do: network, mode: passing}
                  - {see: code, is: 302}
                  - {see: state, is: online}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "CommsEase", name: "forced-login",
            text: #"""
                story: A forced automatic login leaves the device check out
                shows: [CE-9-force, CE-4-kick-1]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: stop app, on: A}
                  - {wait: 1s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: A}
                  - {do: log in automatically, on: A, force: yes}
                  - {see: state, on: A, is: online}
                  - {see: callback, on: B, name: observeOnlineStatus, with: 7 KICKOUT}
                  - {see: state, on: B, is: stopped}

                """#),
        StorySource(
            folder: "CommsEase", name: "foreground-proves-session",
            text: #"""
                story: A session proves that it lives when the app comes to the foreground
                shows: [CE-8-foreground, CE-8-network-back, CE-8-heartbeat]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 10s}
                  - {do: background}
                  - {wait: 5s}
                  - {do: foreground}
                  - {see: order, of: [ping, "ping → 200"], within: 1s}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "foreground",
            text: #"""
                story: Coming to the foreground does what the network's return does
                shows: [CE-8-foreground, CE-2-background]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: background}
                  - {wait: 10s}
                  - {do: network, mode: refusing}
                  - {see: delays, are: [2s, 4s, 6s, 8s, 16s], within: 1 minute}
                  - {do: network, mode: passing}
                  - {do: foreground}
                  - {see: state, is: online, within: 1s}

                """#),
        StorySource(
            folder: "CommsEase", name: "kick-by-client",
            text: #"""
                story: Another client of the account kicks with reason 3
                shows: [CE-4-kick-3, CE-9-kick-list, CE-9-kicked-side]
                devices: {A: iOS, B: PC}
                settings: {device policy: 2}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: others, on: B, are: 1}
                  - {do: kick others, on: B}
                  - {see: callback, on: A, name: "onKickout:", with: "reasonCode 3, clientType 4"}
                  - {see: state, on: A, is: stopped}
                  - {see: entry, on: B, title: "kick → 200, 1 kicked"}
                  - {see: others, on: B, are: 0}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "kick-by-server",
            text: #"""
                story: The server kicks with reason 2
                shows: [CE-4-kick-2, CE-11.3-kick, CE-9-kicked-side]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: kick, as: mia, text: maintenance}
                  - {see: callback, name: "onKickout:", with: "reasonCode 2"}
                  - {see: app, is: login screen, because: maintenance}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "kicked-no-automatic",
            text: #"""
                story: After a kick nothing logs in automatically until a manual login has worked
                shows: [CE-6-dead, CE-9-kicked-side]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}
                  - {do: restart app, on: A}
                  - {do: log in automatically, on: A}
                  - {see: entry, on: A, title: automatic login is off until a manual login}
                  - {see: attempts, on: A, are: 0}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "link-refused-manual",
            text: #"""
                story: A manual login over a refused link fails with 415 and stops
                shows: [CE-5.1-link-failure, CE-6-manual, OURS-415-408, CE-14.4]
                steps:
                  - {do: network, mode: refusing, scope: link}
                  - {do: log in, as: mia}
                  - {see: callback, name: "onLogin:", with: 1 Linking}
                  - {see: callback, name: "onLogin:", with: 3 LinkFailed}
                  - {see: callback, name: login completion, with: "415"}
                  - {see: state, is: stopped}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "login-waits-silently",
            text: #"""
                story: An automatic login that meets a silent network goes on after 408
                shows: [CE-6-automatic, OURS-415-408, CE-14.1]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 10s}
                  - {do: start app}
                  - {do: network, mode: silent, scope: link}
                  - {do: log in automatically}
                  - {see: code, is: 408, at: 10s}
                  - {see: delays, are: [2s]}
                  - {see: state, is: waiting}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 3s}

                """#),
        StorySource(
            folder: "CommsEase", name: "logout-untold",
            text: #"""
                story: A logout that the server does not hear is complete here after one second
                shows: [CE-5.3-logout, CE-2-logout, CE-14.5]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent, scope: link}
                  - {do: log out}
                  - {see: state, is: logged out, at: 1s}
                  - {see: callback, name: logout completion, with: was not told}
                  - {see: saved login, is: none}

                """#),
        StorySource(
            folder: "CommsEase", name: "logout",
            text: #"""
                story: A logout tells the server and erases what was saved
                shows: [CE-5.1-logout, CE-2-logout]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 1s}
                  - {do: log out}
                  - {see: callback, name: "onLogin:", with: 11 Logout}
                  - {see: callback, name: logout completion, with: nil}
                  - {see: state, is: logged out}
                  - {see: saved login, is: none}
                  - {see: app, is: login screen, because: the server was told}
                  - {quiet: 10 minutes}

                """#),
        StorySource(
            folder: "CommsEase", name: "manual-login",
            text: #"""
                story: A manual login comes online
                about: The password goes to the app server, account and token come back, messaging logs in with them and syncs.
                shows: [CE-1-order, CE-1-owner, CE-1-form-core, CE-5.1-success, CE-6-save, CE-12.6]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: order, in: app server, of: ["POST /login", "create account", "POST /login → 200"]}
                  - see: order
                    of:
                      - POST /login
                      - save the token
                      - "onLogin:(1 Linking)"
                      - "onLogin:(2 LinkOK)"
                      - "onLogin:(4 Logining)"
                      - "onLogin:(5 LoginOK)"
                      - "onLogin:(7 Syncing)"
                      - "onLogin:(8 SyncOK)"
                      - login completion(nil)
                      - save the login
                  - {see: app, is: signed in}
                  - {see: saved login, is: usable}
                  - {see: attempts, are: 1}

                """#),
        StorySource(
            folder: "CommsEase", name: "manual-never-checked",
            text: #"""
                story: A manual login is never checked for its device
                shows: [CE-9-417, CE-4-kick-1]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {see: state, on: B, is: stopped}

                """#),
        StorySource(
            folder: "CommsEase", name: "network-back",
            text: #"""
                story: When the network is back, a waiting client logs in at once
                shows: [CE-8-network-back, CE-5.1-net-changed]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 5s}
                  - {do: network, mode: offline}
                  - {wait: 45s}
                  - {see: state, is: waiting for the network}
                  - {do: network, mode: passing}
                  - {see: callback, name: "onLogin:", with: 10 NetChanged}
                  - {see: callback, name: "onLogin:", with: 1 Linking}
                  - {see: state, is: online, within: 1s}
                  - {see: attempts, are: 1}

                """#),
        StorySource(
            folder: "CommsEase", name: "network-lost",
            text: #"""
                story: When the system says that the network is gone, the link ends at once
                about: The countdown runs on; attempts that fall due are not made, but count.
                shows: [CE-8-network-lost, CE-8-skipped, CE-5.1-net-changed]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 5s}
                  - {do: network, mode: offline}
                  - {see: callback, name: "onLogin:", with: 10 NetChanged}
                  - {see: callback, name: "onLogin:", with: 9 LoseConnection}
                  - {see: state, is: waiting for the network}
                  - {see: entry, title: attempt 1 skipped, at: 2s}
                  - {see: delays, are: [2s, 4s, 6s, 8s], within: 30s}
                  - {see: attempts, are: 0}

                """#),
        StorySource(
            folder: "CommsEase", name: "no-answer-manual",
            text: #"""
                story: A manual login without an answer fails with 408 after ten seconds
                shows: [OURS-415-408, CE-6-manual, CE-14.4]
                steps:
                  - {do: network, mode: silent, scope: link}
                  - {do: log in, as: mia}
                  - {see: code, is: 408, at: 10s}
                  - {see: callback, name: login completion, with: "408"}
                  - {see: state, is: stopped}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "offline-kick",
            text: #"""
                story: A device that was offline while another logged in gets 417 on its reconnect
                shows: [CE-9-417, CE-14.3]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: network, on: A, mode: offline}
                  - {see: state, on: A, is: waiting for the network}
                  - {wait: 1s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: network, on: A, mode: passing}
                  - {see: code, on: A, is: 417}
                  - {see: callback, on: A, name: "onAutoLoginFailed:", with: "417"}
                  - {see: app, on: A, is: login screen, because: "417"}
                  - {never: callback, on: B, name: "onKickout:", for: 1 minute}

                """#),
        StorySource(
            folder: "CommsEase", name: "policy-change",
            text: #"""
                story: A change of the device policy kicks nobody who is online
                shows: [CE-9-policy, CE-12.4, OURS-console]
                devices: {A: iOS, B: Android}
                settings: {device policy: 3}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: change settings, device policy: 1}
                  - {never: callback, on: A, name: "onKickout:", for: 5 minutes}
                  - {see: state, on: B, is: online}
                  - {do: log out, on: B}
                  - {see: state, on: B, is: logged out}
                  - {do: log in, on: B, as: mia}
                  - {see: callback, on: A, name: "onKickout:", with: reasonCode 1}

                """#),
        StorySource(
            folder: "CommsEase", name: "presence",
            text: #"""
                story: userOnlineStatus tells who is online on what
                provider: commsease
                shows: [CE-11.2-online-status]
                devices: {A: iOS, B: Android}
                settings: {device policy: 3}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: online, with: "iOS online, Android online"}
                  - {wait: 2s}
                  - {do: log out, on: A}
                  - {see: state, on: A, is: logged out}
                  - {do: stop app, on: B}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: offline}
                  - {wait: 2s}
                  - {do: ask presence, account: nobody, refused: "404"}

                """#),
        StorySource(
            folder: "CommsEase", name: "reconnect-unforced",
            text: #"""
                story: A reconnect is never forced, even when the login was
                shows: [CE-9-reconnect-unforced, CE-9-417]
                devices: {A: iOS, B: Android}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: stop app, on: A}
                  - {wait: 10s}
                  - {do: start app, on: A}
                  - {do: log in automatically, on: A, force: yes}
                  - {see: state, on: A, is: online}
                  - {do: network, on: A, mode: offline}
                  - {wait: 1s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: network, on: A, mode: passing}
                  - {see: code, on: A, is: 417}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "register-twice",
            text: #"""
                story: A name that is taken cannot be registered again
                shows: [CE-1-order]
                people: {ann: walnut-31}
                steps:
                  - {do: register, as: ann}
                  - {see: app, is: login screen, because: registered}
                  - {do: register, as: ann}
                  - {see: app, is: login screen, because: the app server says}
                  - {see: attempts, are: 0}

                """#),
        StorySource(
            folder: "CommsEase", name: "register",
            text: #"""
                story: A person registers and logs in
                about: Registering makes an account whose name is drawn at random; the app login uses the token that the app server kept.
                shows: [CE-1-order, CE-1-owner, CE-11.2-create, CE-11.2-token, OURS-random-account]
                people: {ann: walnut-31}
                steps:
                  - {do: register, as: ann}
                  - {see: app, is: login screen, because: ann is registered}
                  - {see: entry, in: web API, title: POST /user/create.action}
                  - {do: log in, as: ann}
                  - {see: state, is: online}
                  - {see: app, is: signed in}

                """#),
        StorySource(
            folder: "CommsEase", name: "renewal-app-server-down",
            text: #"""
                story: An app server that is down at the renewal leaves the login screen
                shows: [OURS-renew-once]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: replace token, as: mia}
                  - {do: network, mode: refusing, scope: app server}
                  - {do: cut}
                  - {see: code, is: 302}
                  - {see: app, is: login screen, because: the app server cannot be reached}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes}

                """#),
        StorySource(
            folder: "CommsEase", name: "renewal-asks",
            text: #"""
                story: An app that asks after a refusal shows its login screen instead of renewing
                shows: [OURS-renew-once, CE-6-dead]
                devices: {A: {after refusal: ask}}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: replace token, as: mia}
                  - {do: cut}
                  - {see: code, is: 302}
                  - {see: app, is: login screen, because: "302"}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "renewal-refused",
            text: #"""
                story: A renewal that the app server refuses ends at the login screen
                about: The app session has ended, so no new token is to be had.
                shows: [OURS-renew-once, CE-6-dead]
                settings: {session lifetime: 60s}
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: replace token, as: mia}
                  - {wait: 2 minutes}
                  - {do: cut}
                  - {see: code, is: 302}
                  - {see: entry, title: POST /token}
                  - {see: app, is: login screen, because: no new token}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "same-device",
            text: #"""
                story: A login from a device that still has a session takes its place silently
                shows: [OURS-same-device]
                devices: {A: iOS}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: network, on: A, mode: silent, scope: link}
                  - {do: stop app, on: A}
                  - {wait: 1s}
                  - {do: start app, on: A}
                  - {do: log in automatically, on: A}
                  - {wait: 1s}
                  - {do: network, on: A, mode: passing}
                  - {see: state, on: A, is: online, within: 20s}
                  - {never: callback, on: A, name: "onKickout:", for: 1 minute}

                """#),
        StorySource(
            folder: "CommsEase", name: "several-token-kinds",
            text: #"""
                story: Several kinds of token may be enabled at once
                shows: [CE-10-several, CE-10-dynamic, CE-10-static, CE-2-dynamic-token]
                devices: {A: iOS, B: PC}
                settings: {auth types: [0, 1], device policy: 3}
                steps:
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {see: lease, on: A, is: permanent}
                  - {do: change settings, token: dynamic, token lifetime: 10m}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: lease, on: B, is: valid}
                  - {see: entry, on: B, title: the SDK asks for the token}

                """#),
        StorySource(
            folder: "CommsEase", name: "silent-network",
            text: #"""
                story: A silent network is noticed by the probe and by nothing else
                about: Thirty seconds after the last answer a ping goes out; five probes of three seconds each end the link.
                shows: [CE-8-heartbeat, CE-8-probe, CE-14.5]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent}
                  - {never: state, is: waiting, for: 44s}
                  - {see: state, is: waiting, at: 1s}
                  - {see: callback, name: "onLogin:", with: 9 LoseConnection}
                  - {see: delays, are: [2s]}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 5s}

                """#),
        StorySource(
            folder: "CommsEase", name: "token-kind-not-enabled",
            text: #"""
                story: A kind of token that is not enabled is refused with 403
                about: The app is allowed dynamic tokens only and comes with a static one.
                shows: [CE-10-not-enabled, CE-14.2-auth-type]
                settings: {auth types: [1]}
                steps:
                  - {do: log in, as: mia}
                  - {see: code, is: 403}
                  - {see: callback, name: login completion, with: "403"}
                  - {see: state, is: stopped}
                  - {see: app, is: login screen, because: "403"}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "token-refreshed",
            text: #"""
                story: A refreshed token is the one that counts
                shows: [CE-11.2-refresh-token, CE-12.3, OURS-renew-once]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: refresh token, as: mia}
                  - {do: stop app}
                  - {wait: 10s}
                  - {do: start app}
                  - {do: log in automatically}
                  - {see: code, is: 302}
                  - {see: entry, title: POST /token}
                  - {see: state, is: online}
                  - {see: token, is: new}
                  - {see: app, is: signed in}

                """#),
        StorySource(
            folder: "CommsEase", name: "token-replaced",
            text: #"""
                story: After the token was replaced the session stays, and the next login renews once
                about: The reconnect with the old token gets 302; the app fetches one new token and starts one manual login.
                shows: [CE-12.3, CE-10-static, CE-11.2-update, OURS-renew-once]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: replace token, as: mia}
                  - {never: callback, name: "onLogin:", for: 10 minutes}
                  - {see: state, is: online}
                  - {do: cut}
                  - {see: code, is: 302, at: 2s}
                  - {see: callback, name: "onAutoLoginFailed:", with: "302"}
                  - {see: entry, title: POST /token}
                  - {see: entry, title: log in (manual)}
                  - {see: state, is: online}
                  - {see: token, is: new}
                  - {see: attempts, are: 2}

                """#),
        StorySource(
            folder: "CommsEase", name: "unban",
            text: #"""
                story: Lifting a ban makes the next manual login work, and nothing comes back by itself
                shows: [CE-12.2, CE-11.2-unblock]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: ban, as: mia, kick: yes}
                  - {see: state, is: stopped}
                  - {do: log in, as: mia}
                  - {see: code, is: 422}
                  - {see: state, is: stopped}
                  - {do: unban, as: mia}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, as: mia}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "CommsEase", name: "unknown-account",
            text: #"""
                story: An account that does not exist is refused with 302
                shows: [CE-14.2-account, CE-14.2, CE-6-manual]
                steps:
                  - {do: log in with token, account: nobody, token: 0123456789abcdef0123456789abcdef}
                  - {see: code, is: 302}
                  - {see: state, is: stopped}
                  - {see: entry, in: IM server, title: "the account does not exist"}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "wrong-password",
            text: #"""
                story: A wrong password never reaches messaging
                about: The app server refuses; the SDK is not asked to do anything.
                shows: [CE-1-order, CE-6-manual]
                steps:
                  - {do: log in, as: mia, password: not-this-one}
                  - {see: app, is: login screen, because: the app server says}
                  - {see: attempts, are: 0}
                  - {see: saved login, is: none}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "CommsEase", name: "wrong-token",
            text: #"""
                story: A wrong token is refused with 302
                about: A manual login with a typed token fails once, is reported and stops; there is no session to renew with.
                shows: [CE-6-manual, CE-14.2-credential, CE-5.1-auth-failure]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: log out}
                  - {see: state, is: logged out}
                  - {do: log in with token, as: mia, token: 0123456789abcdef0123456789abcdef}
                  - {see: callback, name: "onLogin:", with: 1 Linking}
                  - {see: callback, name: "onLogin:", with: 2 LinkOK}
                  - {see: callback, name: "onLogin:", with: 4 Logining}
                  - {see: callback, name: "onLogin:", with: 6 LoginFailed}
                  - {see: callback, name: login completion, with: "302"}
                  - {see: state, is: stopped}
                  - {see: attempts, are: 1}
                  - {quiet: 10 minutes, on: A}

                """#),
    ]
}
