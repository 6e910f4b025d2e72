// swift-format-ignore-file
// Made from Sources/Scenarios/Stories/Tencent by RECORD_STORIES=1; change the stories there.

extension BuiltInStories {
    static let tencent: [StorySource] = [
        StorySource(
            folder: "Tencent", name: "account-deleted",
            text: #"""
                story: A deleted account's session ends as with a kick, and the app gives its person another one
                provider: tencent
                shows: [TC-5-delete, TC-own-deletion, TC-2-kicked]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: delete account, as: mia}
                  - {see: callback, name: onKickedOffline}
                  - {see: state, is: stopped}
                  - {see: entry, in: web API, title: account deleted}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, as: mia}
                  - {see: callback, name: login success}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "app-server-down",
            text: #"""
                story: After a refusal the app cannot renew while its server is away, and shows its login screen
                provider: tencent
                shows: [TC-1.1-renewal, TC-2.1-expired-login]
                devices: {A: {platform: iPhone, renews early: no}}
                settings: {token lifetime: 60s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: refusing, scope: app server}
                  - {see: callback, name: onUserSigExpired, within: 62s}
                  - {see: app, is: login screen, because: app server}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "background",
            text: #"""
                story: In the background the SDK goes on, and in front again it proves that the session lives
                provider: tencent
                shows: [TC-2.1-reconnect, TC-4-heartbeat]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: background}
                  - {wait: 10s}
                  - {do: cut}
                  - {see: callback, name: onConnecting, at: 1s}
                  - {see: state, is: online}
                  - {wait: 1s}
                  - {do: foreground}
                  - {see: entry, title: ping}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "backoff",
            text: #"""
                story: Reconnects follow after 1, 2, 4, 8, 16 and 32 seconds, and the last repeats
                about: No source gives these pauses; they are the lab's own.
                provider: tencent
                shows: [TC-own-backoff, TC-2.1-reconnect, TC-2.3-unreachable]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 10s}
                  - {do: network, mode: refusing, scope: link}
                  - {see: delays, are: [1s, 2s, 4s, 8s, 16s, 32s, 32s], within: 2 minutes}
                  - {see: app, is: signed in}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 40s}

                """#),
        StorySource(
            folder: "Tencent", name: "blacklist",
            text: #"""
                story: The lab's ban leaves the session alone, and the next login fails with 70051
                provider: tencent
                shows: [TC-own-blacklist, TC-own-login-order]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: ban, as: mia}
                  - {never: state, is: stopped, for: 10 minutes}
                  - {do: log out}
                  - {see: state, is: logged out}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: callback, name: login fail, with: code 70051}
                  - {wait: 2s}
                  - {do: unban, as: mia}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: callback, name: login success}

                """#),
        StorySource(
            folder: "Tencent", name: "callback-order",
            text: #"""
                story: Connecting, connected, login success, in this order
                provider: tencent
                shows: [TC-2-listener, TC-1.1-password, TC-2-no-asking]
                devices: {A: {platform: iPhone, starts: no}}
                steps:
                  - {do: network, mode: silent, scope: link}
                  - {do: start app}
                  - {see: callback, name: onConnectFailed, with: code 9510, at: 10s}
                  - {do: network, mode: passing, scope: link}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - see: order
                    of:
                      - POST /login
                      - save the token
                      - onConnecting()
                      - onConnectSuccess()
                      - login success()
                      - save the login
                  - {see: app, is: signed in}
                  - {see: saved login, is: usable}

                """#),
        StorySource(
            folder: "Tencent", name: "connect-before-login",
            text: #"""
                story: The SDK connects by itself before any login, and the login takes the link over
                about: onConnecting and onConnectSuccess come before login; getLoginStatus stays 3 until then.
                provider: tencent
                shows: [TC-2-connects-first, TC-2-listener, TC-2-status]
                steps:
                  - {see: callback, name: onConnecting}
                  - {see: callback, name: onConnectSuccess}
                  - {see: state, is: connected before login}
                  - {never: callback, name: login success, for: 5 minutes}
                  - {do: log in, as: mia}
                  - {see: callback, name: login success}
                  - {see: state, is: online}
                  - {see: attempts, are: 0}

                """#),
        StorySource(
            folder: "Tencent", name: "damaged-usersig",
            text: #"""
                story: A UserSig that cannot be read fails with 70003 and is not tried again
                provider: tencent
                shows: [TC-1.4-order, TC-2.3-failed]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in with token, account: mia, token: no-usersig-this-}
                  - {see: callback, name: login fail, with: code 70003}
                  - {see: state, is: stopped}
                  - {see: attempts, are: 0}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "expired-at-login-6206",
            text: #"""
                story: A login with an expired UserSig fails with 6206 where the server says so
                about: The sources name both codes; the lab's server says 70001 unless its console says 6206.
                provider: tencent
                shows: [TC-2.1-expired-login]
                devices: {A: {platform: iPhone, renews early: no, after refusal: ask}}
                settings: {token lifetime: 60s, console: {expiredCode: 6206}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 2 minutes}
                  - {do: start app}
                  - {see: state, is: connected before login}
                  - {do: log in automatically}
                  - {see: callback, name: login fail, with: code 6206}
                  - {see: app, is: login screen, because: "6206"}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "expired-at-login",
            text: #"""
                story: A login with an expired UserSig fails with 70001, the app fetches another and logs in
                provider: tencent
                shows: [TC-2.1-expired-login, TC-1.1-renewal, TC-1.4-last-second]
                devices: {A: {platform: iPhone, renews early: no}}
                settings: {token lifetime: 60s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 2 minutes}
                  - {do: start app}
                  - {see: state, is: connected before login}
                  - {do: log in automatically}
                  - {see: callback, name: login fail, with: code 70001}
                  - {see: entry, title: POST /token}
                  - {see: callback, name: login success}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "Tencent", name: "expired-online-renewed",
            text: #"""
                story: After onUserSigExpired the app fetches a UserSig and calls login again
                provider: tencent
                shows: [TC-2-expired, TC-1.1-renewal]
                devices: {A: {platform: iPhone, renews early: no}}
                settings: {token lifetime: 60s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: callback, name: onUserSigExpired, within: 62s}
                  - {see: entry, title: POST /token}
                  - {see: callback, name: login success}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "Tencent", name: "expired-online",
            text: #"""
                story: A UserSig that expires online ends the session with onUserSigExpired, and nothing reconnects
                provider: tencent
                shows: [TC-2.1-expired-online, TC-2-expired, TC-2.1-no-reconnect, TC-own-expiry-check]
                devices: {A: {platform: iPhone, renews early: no, after refusal: ask}}
                settings: {token lifetime: 60s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {never: callback, name: onUserSigExpired, for: 59s}
                  - {see: callback, name: onUserSigExpired}
                  - {see: state, is: stopped}
                  - {see: app, is: login screen, because: "70001"}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "expired-while-away",
            text: #"""
                story: A UserSig that expires while the network is away ends the session at the reconnect
                about: The reconnect is refused, onUserSigExpired follows, the app fetches another UserSig and logs in.
                provider: tencent
                shows: [TC-2.1-expired-online, TC-own-refused-reconnect, TC-1.1-renewal]
                devices: {A: {platform: iPhone, renews early: no}}
                settings: {token lifetime: 60s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: network, mode: offline}
                  - {see: state, is: waiting for the network}
                  - {wait: 2 minutes}
                  - {see: login status, is: 1 LOGINED}
                  - {do: network, mode: passing}
                  - {see: callback, name: onConnectSuccess}
                  - {see: callback, name: onUserSigExpired}
                  - {see: entry, title: POST /token}
                  - {see: callback, name: login success}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "Tencent", name: "first-login-makes-account",
            text: #"""
                story: The first login creates the account
                about: The UserID is nobody's yet; the messaging cloud makes the account when it accepts the UserSig.
                provider: tencent
                shows: [TC-2-first-login, TC-5-delete, TC-own-deletion]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: delete account, as: mia}
                  - {see: callback, name: onKickedOffline}
                  - {see: state, is: stopped}
                  - {do: log in with token, as: mia}
                  - {see: callback, name: login success}
                  - {see: entry, in: IM server, title: "login accepted, account made"}

                """#),
        StorySource(
            folder: "Tencent", name: "instance-leaves",
            text: #"""
                story: The logout of one instance leaves the others online
                provider: tencent
                shows: [TC-3-leave, TC-2-logout]
                devices: {A: iPhone, B: {platform: Web, starts: no}}
                settings: {device policy: 2}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: log out, on: A}
                  - {see: state, on: A, is: logged out}
                  - {never: state, on: B, is: stopped, for: 5 minutes}

                """#),
        StorySource(
            folder: "Tencent", name: "instances",
            text: #"""
                story: With two instances a platform, the third device kicks the one that was first
                provider: tencent
                shows: [TC-3-instances, TC-3-who]
                devices: {A: Android, B: {platform: Android, starts: no}, C: {platform: Android, starts: no}}
                settings: {device policy: 4, console: {instances: 2}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: C}
                  - {see: state, on: C, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: C, as: mia}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: state, on: C, is: online}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "kick-by-login",
            text: #"""
                story: Under the single platform policy any second terminal kicks the first, which does not come back
                provider: tencent
                shows: [TC-3-single, TC-3-default, TC-2-kicked, TC-2.1-no-reconnect]
                devices: {A: iPhone, B: {platform: Web, starts: no}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: state, on: A, is: stopped}
                  - {see: state, on: B, is: online}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {see: state, on: B, is: stopped}

                """#),
        StorySource(
            folder: "Tencent", name: "kick-by-server",
            text: #"""
                story: A kick by the web API ends the session and voids the older UserSigs
                about: The saved UserSig fails with 70052 and the app fetches another, which works.
                provider: tencent
                shows: [TC-5-kick, TC-2.1-rest-kick, TC-own-same-second]
                settings: {token lifetime: 1h}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: kick, as: mia}
                  - {see: callback, name: onKickedOffline}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}
                  - {do: log in with token, as: mia}
                  - {see: callback, name: login fail, with: code 70052}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "kick-of-nobody-online",
            text: #"""
                story: A kick voids the UserSigs of a device that is not online as well
                provider: tencent
                shows: [TC-5-kick, TC-1.4-70052, TC-1.1-renewal]
                settings: {token lifetime: 1h}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: stop app}
                  - {wait: 2s}
                  - {do: kick, as: mia}
                  - {wait: 2s}
                  - {do: start app}
                  - {see: state, is: connected before login}
                  - {do: log in automatically}
                  - {see: callback, name: login fail, with: code 70052}
                  - {see: entry, title: POST /token}
                  - {see: callback, name: login success}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "Tencent", name: "kicked-words",
            text: #"""
                story: What the app shows after a kick says what the SDK says, that it was forced offline
                about: onKickedOffline has no reason; who caused it is the lab's to tell.
                provider: tencent
                shows: [TC-2-kicked, TC-2.1-rest-kick, TC-5-kick]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: kick, as: mia}
                  - {see: callback, name: onKickedOffline}
                  - {see: app, is: login screen, because: "forced offline: kicked by the web API"}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "link-lost",
            text: #"""
                story: While the link is down the user stays logged in, and the SDK reconnects by itself
                provider: tencent
                shows: [TC-2.1-reconnect, TC-2.3-link-lost, TC-6-login]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 10s}
                  - {do: cut}
                  - {see: state, is: waiting}
                  - {see: callback, name: onConnecting, at: 1s}
                  - {see: callback, name: onConnectSuccess}
                  - {see: state, is: online}
                  - {never: callback, name: login success, for: 5 minutes}
                  - {see: app, is: signed in}

                """#),
        StorySource(
            folder: "Tencent", name: "login-again",
            text: #"""
                story: A login of the user who is logged in succeeds, and the session goes on
                provider: tencent
                shows: [TC-own-logged-in-login]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: call login}
                  - {see: callback, name: login success}
                  - {see: state, is: online}
                  - {never: callback, name: onConnecting, for: 5 minutes}

                """#),
        StorySource(
            folder: "Tencent", name: "login-status",
            text: #"""
                story: getLoginStatus is 3 before a login, 2 while it is under way, 1 afterwards, and 3 after a kick
                provider: tencent
                shows: [TC-2-status, TC-2.3-link-lost, TC-2.3-failed]
                steps:
                  - {see: state, is: connected before login}
                  - {see: login status, is: 3 LOGOUT}
                  - {do: network, mode: silent, scope: link}
                  - {do: log in, as: mia}
                  - {see: state, is: authenticating}
                  - {see: login status, is: 2 LOGINING}
                  - {wait: 1s}
                  - {do: network, mode: passing}
                  - {see: state, is: online}
                  - {see: login status, is: 1 LOGINED}
                  - {wait: 2s}
                  - {do: network, mode: refusing, scope: link}
                  - {see: state, is: waiting}
                  - {see: login status, is: 1 LOGINED}
                  - {wait: 2s}
                  - {do: network, mode: passing}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: kick, as: mia}
                  - {see: state, is: stopped}
                  - {see: login status, is: 3 LOGOUT}

                """#),
        StorySource(
            folder: "Tencent", name: "login-twice",
            text: #"""
                story: A login during a login fails with 7501, and the first one goes on
                provider: tencent
                shows: [TC-2.1-in-progress]
                steps:
                  - {see: state, is: connected before login}
                  - {do: network, mode: silent, scope: link}
                  - {do: log in, as: mia}
                  - {see: state, is: authenticating}
                  - {do: call login}
                  - {see: callback, name: login fail, with: code 7501}
                  - {see: state, is: authenticating}
                  - {wait: 1s}
                  - {do: network, mode: passing}
                  - {see: callback, name: login success}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "logout-during-login",
            text: #"""
                story: A logout before the login has finished ends it with 6023
                provider: tencent
                shows: [TC-2.1-logout-during-login]
                steps:
                  - {see: state, is: connected before login}
                  - {do: network, mode: silent, scope: link}
                  - {do: log in, as: mia}
                  - {see: state, is: authenticating}
                  - {do: log out}
                  - {see: callback, name: login fail, with: code 6023}
                  - {see: callback, name: logout success}
                  - {see: state, is: logged out}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "logout-twice",
            text: #"""
                story: A logout during a logout fails with 7502
                provider: tencent
                shows: [TC-2.1-in-progress, TC-2-logout, TC-own-timeouts]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent, scope: link}
                  - {do: log out}
                  - {see: state, is: logging out}
                  - {do: call logout}
                  - {see: callback, name: logout fail, with: code 7502}
                  - {see: callback, name: logout success}
                  - {see: state, is: logged out}

                """#),
        StorySource(
            folder: "Tencent", name: "logout",
            text: #"""
                story: A logout tells the server and lets another user in
                provider: tencent
                shows: [TC-2-logout, TC-2.3-failed]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 1s}
                  - {do: log out}
                  - {see: callback, name: logout success}
                  - {see: state, is: logged out}
                  - {see: saved login, is: none}
                  - {see: entry, in: IM server, title: link closed after logout}
                  - {wait: 2s}
                  - {do: log in, as: noor}
                  - {see: callback, name: login success}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "multi-platform",
            text: #"""
                story: Under the multi platform policy all platforms are online, but two of one kick each other
                provider: tencent
                shows: [TC-3-multi, TC-3-instances]
                devices: {A: Android, B: {platform: iPhone, starts: no}, C: {platform: Android, starts: no}}
                settings: {device policy: 4}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: C}
                  - {see: state, on: C, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: C, as: mia}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: state, on: C, is: online}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "network-back",
            text: #"""
                story: When the network returns the next attempt comes at once
                provider: tencent
                shows: [TC-2.1-reconnect]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 10s}
                  - {do: network, mode: offline}
                  - {see: state, is: waiting for the network}
                  - {wait: 5 minutes}
                  - {do: network, mode: passing}
                  - {see: callback, name: onConnecting, at: 0ms}
                  - {see: state, is: online}
                  - {see: attempts, are: 1}

                """#),
        StorySource(
            folder: "Tencent", name: "no-admin",
            text: #"""
                story: A web API call of somebody who is no admin is refused with 60010
                about: Admins are named in the console only; the app server calls as administrator.
                provider: tencent
                shows: [TC-5-admin, TC-1.1-admin, TC-own-admin-name]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: change settings, console: {admins: [boss]}}
                  - {wait: 2s}
                  - {do: kick, as: mia, refused: "60010"}
                  - {see: entry, in: web API, title: POST /v4/im_open_login_svc/kick → 60010}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "no-answer",
            text: #"""
                story: A login that is not answered fails with 9520 after thirty seconds
                provider: tencent
                shows: [TC-2.3-unreachable, TC-own-timeouts]
                steps:
                  - {see: state, is: connected before login}
                  - {do: network, mode: silent, scope: link}
                  - {do: log in, as: mia}
                  - {see: callback, name: login fail, with: code 9520, at: 30s}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "no-first-link",
            text: #"""
                story: A first connection that fails is not tried again before the login, which opens its own
                provider: tencent
                shows: [TC-2-connects-first, TC-own-first-link, TC-2.3-unreachable]
                devices: {A: {platform: iPhone, starts: no}}
                steps:
                  - {do: network, mode: refusing, scope: link}
                  - {do: start app}
                  - {see: callback, name: onConnecting}
                  - {see: callback, name: onConnectFailed, with: code 9508}
                  - {see: state, is: logged out}
                  - {quiet: 10 minutes}
                  - {do: log in, as: mia}
                  - {see: callback, name: onConnecting}
                  - {see: callback, name: onConnectFailed, with: code 9508}
                  - {see: callback, name: login fail, with: code 9508}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes}
                  - {do: network, mode: passing}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "not-set-up",
            text: #"""
                story: A login before initSDK fails with 6013, and works once the SDK is set up
                provider: tencent
                shows: [TC-2.1-not-initialised, TC-2-connects-first]
                devices: {A: {platform: iPhone, sets up: no}}
                steps:
                  - {never: callback, name: onConnecting, for: 5 minutes}
                  - {do: log in, as: mia}
                  - {see: callback, name: login fail, with: code 6013}
                  - {see: app, is: login screen, because: "6013"}
                  - {see: attempts, are: 0}
                  - {wait: 2s}
                  - {do: set up}
                  - {see: callback, name: onConnecting}
                  - {see: callback, name: onConnectSuccess}
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: callback, name: login success}

                """#),
        StorySource(
            folder: "Tencent", name: "offline-kick-reconnect",
            text: #"""
                story: A device that was replaced while its network was away is told at its reconnect, and does not come back
                provider: tencent
                shows: [TC-own-offline-kick, TC-own-refused-reconnect, TC-2.1-no-reconnect]
                devices: {A: iPhone, B: {platform: Android, starts: no}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: network, on: A, mode: offline}
                  - {see: state, on: A, is: waiting for the network}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {wait: 2s}
                  - {do: network, on: A, mode: passing}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: app, on: A, is: login screen, because: "6208"}
                  - {quiet: 10 minutes, on: A}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "offline-kick-untold",
            text: #"""
                story: With 6208 switched off a device that was replaced while away logs in as any other
                provider: tencent
                shows: [TC-2.1-kicked-offline]
                devices: {A: iPhone, B: {platform: Android, starts: no}}
                settings: {console: {tellsOfflineKick: no}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: stop app, on: A}
                  - {wait: 1s}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: A}
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: callback, on: A, name: login success}
                  - {see: callback, on: B, name: onKickedOffline}

                """#),
        StorySource(
            folder: "Tencent", name: "offline-kick",
            text: #"""
                story: A device that was replaced while it was away is told 6208 once
                about: Its next login works and kicks the other one.
                provider: tencent
                shows: [TC-2.1-kicked-offline, TC-own-offline-kick, TC-3-who]
                devices: {A: iPhone, B: {platform: Android, starts: no}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: stop app, on: A}
                  - {wait: 1s}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: A}
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: callback, on: A, name: login fail, with: code 6208}
                  - {see: state, on: A, is: stopped}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: callback, on: A, name: login success}
                  - {see: state, on: B, is: stopped}

                """#),
        StorySource(
            folder: "Tencent", name: "other-app",
            text: #"""
                story: A UserSig of another app fails with 70014, one of another user with 70013, an incomplete one with 70005
                provider: tencent
                shows: [TC-1.4-order, TC-1.4-70014, TC-1.4-70013, TC-1.4-70005]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in with token, account: alice, token: "eAEBqQBW-3siVExTLnZlciI6IjIuMCIsIlRMUy5pZGVudGlmaWVyIjoiYWxpY2UiLCJUTFMuc2RrYXBwaWQiOjE0MDAwMDAwMDAsIlRMUy50aW1lIjoxNzAwMDAwMDAwLCJUTFMuZXhwaXJlIjoxNTU1MjAwMCwiVExTLnNpZyI6IlhvaTBNb0d0YVFLbzUwMWVtQ0toRXI1QkN3Uy9GV2ljNk5jWDBFL2F4Lzg9In35UTBb"}
                  - {see: callback, name: login fail, with: code 70014}
                  - {wait: 2s}
                  - {do: log in with token, account: alice, token: "eAEBkwBs-3siVExTLnZlciI6IjIuMCIsIlRMUy5pZGVudGlmaWVyIjoiYWxpY2UiLCJUTFMuc2RrYXBwaWQiOjE0MDAwMDAwMDAsIlRMUy50aW1lIjoxNzAwMDAwMDAwLCJUTFMuc2lnIjoiWG9pME1vR3RhUUtvNTAxZW1DS2hFcjVCQ3dTL0ZXaWM2TmNYMEUvYXgvOD0ifTe*KnE_"}
                  - {see: callback, name: login fail, with: code 70005}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: stop app}
                  - {wait: 2s}
                  - {do: start app}
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in with token, account: bob}
                  - {see: callback, name: login fail, with: code 70013}

                """#),
        StorySource(
            folder: "Tencent", name: "pages",
            text: #"""
                story: With two instances of the Web, two pages are online under every policy, and the third kicks the first
                provider: tencent
                shows: [TC-3-instances, TC-3-who]
                devices: {A: Web, B: {platform: Web, starts: no}, C: {platform: Web, starts: no}}
                settings: {device policy: 1, console: {webInstances: 2}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: C}
                  - {see: state, on: C, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: C, as: mia}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: state, on: C, is: online}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-lost-page",
            text: #"""
                story: A page whose network is lost without a word is Offline sixty seconds after its heartbeat was due
                provider: tencent
                shows: [TC-4-web, TC-own-web-silence]
                devices: {A: Web}
                settings: {console: {webhookURL: "http://127.0.0.1:9/status"}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent}
                  - {wait: 170s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online, with: "Web Online"}
                  - {see: entry, in: IM server, title: nothing heard for 180 s, within: 15s}
                  - {see: entry, in: IM server, title: webhook Disconnect/TimeOut}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Offline}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-older",
            text: #"""
                story: The older querystate tells the State of an account, until the console switches the older forms off
                provider: tencent
                shows: [TC-5-querystate, TC-own-legacy]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia, query: querystate}
                  - {see: presence, is: Online}
                  - {see: entry, in: web API, title: POST /v4/openim/querystate → 0}
                  - {wait: 2s}
                  - {do: change settings, console: {legacyForms: no}}
                  - {wait: 2s}
                  - {do: ask presence, as: mia, query: querystate, refused: "60009"}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-page",
            text: #"""
                story: A page that is closed and a desktop that is switched off are Offline at once
                about: Push reaches phones and tablets only.
                provider: tencent
                shows: [TC-4-web, TC-4-states]
                devices: {A: Web, B: {platform: Windows, starts: no}}
                settings: {device policy: 2}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online, with: "Web Online"}
                  - {wait: 2s}
                  - {do: stop app, on: A}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Offline}
                  - {wait: 2s}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online, with: "PC Online"}
                  - {wait: 2s}
                  - {do: stop app, on: B}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Offline}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-phone",
            text: #"""
                story: A phone is Online, PushOnline at once when its process is killed, and Offline after a logout
                provider: tencent
                shows: [TC-4-states, TC-4-push, TC-4-timeout, TC-5-status]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online, with: "iPhone Online"}
                  - {wait: 2s}
                  - {do: stop app}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: PushOnline, with: "iPhone PushOnline"}
                  - {wait: 2s}
                  - {do: start app}
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: PushOnline}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online}
                  - {wait: 2s}
                  - {do: log out}
                  - {see: state, is: logged out}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Offline}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-seven-days",
            text: #"""
                story: A phone that stays away is PushOnline for seven days, then Offline
                provider: tencent
                shows: [TC-4-push]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: stop app}
                  - {wait: 6 days 23h}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: PushOnline}
                  - {wait: 2h}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Offline}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-several",
            text: #"""
                story: An account is Online as long as any of its terminals is
                provider: tencent
                shows: [TC-5-status-any, TC-5-status, TC-3-multi]
                devices: {A: iPhone, B: {platform: Web, starts: no}}
                settings: {device policy: 4}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online, with: "iPhone Online, Web Online"}
                  - {wait: 2s}
                  - {do: stop app, on: A}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online, with: "iPhone PushOnline, Web Online"}
                  - {wait: 2s}
                  - {do: stop app, on: B}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: PushOnline, with: "iPhone PushOnline"}

                """#),
        StorySource(
            folder: "Tencent", name: "presence-unknown",
            text: #"""
                story: The status of an account that nobody has is refused with 70107
                provider: tencent
                shows: [TC-5-status, TC-5-70107]
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: ask presence, account: nobody, refused: "70107"}
                  - {see: entry, in: web API, title: POST /v4/openim/query_online_status}

                """#),
        StorySource(
            folder: "Tencent", name: "rate-limit",
            text: #"""
                story: More calls of the web API in a second than are allowed are refused with 60007
                provider: tencent
                shows: [TC-5-rate]
                settings: {console: {rateLimit: 1}}
                network: {latency: 5ms}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: ask presence, as: mia}
                  - {do: ask presence, as: mia, refused: "60007"}
                  - {wait: 1s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online}

                """#),
        StorySource(
            folder: "Tencent", name: "reconnect-before-silence",
            text: #"""
                story: A reconnect that comes before the old link was given up sends no Disconnect for it
                provider: tencent
                shows: [TC-6-no-disconnect, TC-6-login, TC-own-self-replace]
                settings: {console: {webhookURL: "http://127.0.0.1:9/status"}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent}
                  - {see: state, is: waiting, within: 3 minutes}
                  - {wait: 20s}
                  - {do: network, mode: passing}
                  - {see: state, is: online, within: 60s}
                  - {see: entry, in: IM server, title: webhook Login/Register}
                  - {never: entry, in: IM server, title: webhook Disconnect, for: 10 minutes}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "register",
            text: #"""
                story: Registering imports an account with a name of the app server's making, and a login follows
                provider: tencent
                shows: [TC-5-import, TC-5-reply, TC-5-admin, TC-1.1-validity]
                people: {ann: walnut-31}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: register, as: ann}
                  - {see: entry, in: web API, title: POST /v4/im_open_login_svc/account_import → 0}
                  - {see: app, is: login screen, because: ann is registered}
                  - {wait: 2s}
                  - {do: log in, as: ann}
                  - {see: callback, name: login success}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "renewal-refused",
            text: #"""
                story: A session that cannot be handed a newer UserSig in time ends with the old one
                about: The app server is away at 80, 90 and 95 per cent; when it is back, the expiry is answered by one new UserSig.
                provider: tencent
                shows: [TC-1.1-renewal, TC-2.1-expired-online]
                settings: {token lifetime: 100s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 70s}
                  - {do: network, mode: refusing, scope: app server}
                  - {see: entry, title: POST /token}
                  - {wait: 17s}
                  - {do: network, mode: passing, scope: app server}
                  - {see: callback, name: onUserSigExpired, within: 20s}
                  - {see: callback, name: login success}
                  - {see: token, is: new}

                """#),
        StorySource(
            folder: "Tencent", name: "renewal",
            text: #"""
                story: A UserSig is renewed at 80 % of its life, and the session lives on with the newer one
                about: The app hands it over by calling login again for the user who is logged in.
                provider: tencent
                shows: [TC-1.1-renewal, TC-own-renewal, TC-own-logged-in-login]
                settings: {token lifetime: 60s}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: entry, title: POST /token, at: 48s}
                  - {see: entry, in: IM server, title: UserSig renewed}
                  - {see: callback, name: login success}
                  - {never: callback, name: onUserSigExpired, for: 10 minutes}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "same-device",
            text: #"""
                story: A login from a device that has a session replaces it in silence
                provider: tencent
                shows: [TC-own-self-replace, TC-3-who, TC-6-no-disconnect]
                devices: {A: {platform: iPhone, form: attached}}
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: restart app}
                  - {see: state, is: online}
                  - {never: callback, name: onKickedOffline, for: 10 minutes}

                """#),
        StorySource(
            folder: "Tencent", name: "same-second",
            text: #"""
                story: A UserSig that is made in the second of the kick works
                about: TLS.time counts seconds; one that is made right after the kick must not be void.
                provider: tencent
                shows: [TC-own-same-second]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: kick, as: mia}
                  - {see: callback, name: onKickedOffline}
                  - {do: log in, as: mia}
                  - {see: callback, name: login success}

                """#),
        StorySource(
            folder: "Tencent", name: "silence",
            text: #"""
                story: A link that says nothing is given up after 400 seconds, and the webhook tells Disconnect/TimeOut
                about: The client gave it up long before; neither FIN nor RST has reached the server.
                provider: tencent
                shows: [TC-4-timeout, TC-6-disconnect, TC-4-states]
                settings: {console: {webhookURL: "http://127.0.0.1:9/status"}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent}
                  - {see: state, is: waiting, within: 3 minutes}
                  - {wait: 200s}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: Online}
                  - {see: entry, in: IM server, title: nothing heard for 400 s, within: 60s}
                  - {see: entry, in: IM server, title: webhook Disconnect/TimeOut}
                  - {see: entry, in: IM server, title: webhook not delivered}
                  - {do: ask presence, as: mia}
                  - {see: presence, is: PushOnline}

                """#),
        StorySource(
            folder: "Tencent", name: "silent-network",
            text: #"""
                story: Only the heartbeat notices a network that swallows everything
                about: A ping every two minutes; three of them without an answer, ten seconds each, end the link.
                provider: tencent
                shows: [TC-4-heartbeat, TC-own-probe]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: network, mode: silent}
                  - {never: state, is: waiting, for: 149s}
                  - {see: state, is: waiting, within: 2s}
                  - {see: app, is: signed in}

                """#),
        StorySource(
            folder: "Tencent", name: "slow-link",
            text: #"""
                story: A login whose link does not come up in ten seconds fails with 9510
                provider: tencent
                shows: [TC-2.3-unreachable, TC-own-timeouts]
                devices: {A: {platform: iPhone, starts: no}}
                steps:
                  - {do: network, mode: silent, scope: link}
                  - {do: start app}
                  - {see: callback, name: onConnectFailed, with: code 9510, at: 10s}
                  - {do: log in, as: mia}
                  - {see: callback, name: onConnecting}
                  - {see: callback, name: onConnectFailed, with: code 9510, at: 10s}
                  - {see: callback, name: login fail, with: code 9510}
                  - {see: state, is: stopped}
                  - {quiet: 10 minutes, on: A}

                """#),
        StorySource(
            folder: "Tencent", name: "three-platforms",
            text: #"""
                story: Under the three platforms policy a phone, a desktop and a page are online together
                provider: tencent
                shows: [TC-3-three]
                devices: {A: iPhone, B: {platform: Windows, starts: no}, C: {platform: Web, starts: no}, D: {platform: iPad, starts: no}}
                settings: {device policy: 3}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {do: start app, on: C}
                  - {see: state, on: C, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: C, as: mia}
                  - {see: state, on: C, is: online}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: D}
                  - {see: state, on: D, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: D, as: mia}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: state, on: D, is: online}
                  - {see: state, on: B, is: online}
                  - {see: state, on: C, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "ticket-code",
            text: #"""
                story: A server that says -10003 for an expired UserSig has the login fail with 6206
                provider: tencent
                shows: [TC-2.1-ticket-code, TC-2.1-expired-login]
                devices: {A: {platform: iPhone, renews early: no, after refusal: ask}}
                settings: {token lifetime: 60s, console: {expiredCode: -10003}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: stop app}
                  - {wait: 2 minutes}
                  - {do: start app}
                  - {see: state, is: connected before login}
                  - {do: log in automatically}
                  - {see: entry, title: login → -10003}
                  - {see: callback, name: login fail, with: code 6206}
                  - {see: state, is: stopped}

                """#),
        StorySource(
            folder: "Tencent", name: "too-many-refusals",
            text: #"""
                story: After too many refused UserSigs an account's logins fail with 70050 for a minute
                about: How many there must be is not published; three are enough here.
                provider: tencent
                shows: [TC-1.4-70050, TC-own-failed-checks]
                settings: {console: {failedChecks: 3}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {wait: 2s}
                  - {do: log out}
                  - {see: state, is: logged out}
                  - {wait: 2s}
                  - {do: log in with token, as: mia, token: no-usersig-this-}
                  - {see: callback, name: login fail, with: code 70003}
                  - {wait: 2s}
                  - {do: log in with token, as: mia, token: no-usersig-this-}
                  - {see: callback, name: login fail, with: code 70003}
                  - {wait: 2s}
                  - {do: log in with token, as: mia, token: no-usersig-this-}
                  - {see: callback, name: login fail, with: code 70003}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: callback, name: login fail, with: code 70050}
                  - {see: state, is: stopped}
                  - {wait: 50s}
                  - {do: log in, as: mia}
                  - {see: callback, name: login fail, with: code 70050}
                  - {wait: 10s}
                  - {do: log in, as: mia}
                  - {see: callback, name: login success}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "two-platforms",
            text: #"""
                story: Under the two platforms policy a page is online beside one other device
                provider: tencent
                shows: [TC-3-two]
                devices: {A: iPhone, B: {platform: Web, starts: no}, C: {platform: Mac, starts: no}}
                settings: {device policy: 2}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: state, on: B, is: online}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: C}
                  - {see: state, on: C, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: C, as: mia}
                  - {see: callback, on: A, name: onKickedOffline}
                  - {see: state, on: C, is: online}
                  - {see: state, on: B, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "webhook-expiry",
            text: #"""
                story: The webhook tells of a session that ends with its UserSig as Disconnect/LinkClose
                provider: tencent
                shows: [TC-own-expiry-webhook, TC-6-disconnect]
                devices: {A: {platform: iPhone, renews early: no, after refusal: ask}}
                settings: {token lifetime: 60s, console: {webhookURL: "http://127.0.0.1:9/status"}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: callback, name: onUserSigExpired, within: 62s}
                  - {see: entry, in: IM server, title: webhook Disconnect/LinkClose}

                """#),
        StorySource(
            folder: "Tencent", name: "webhook-server",
            text: #"""
                story: The webhook tells of a kick by the web API as Logout/Unregister
                provider: tencent
                shows: [TC-own-kick-webhook, TC-5-kick, TC-6-logout]
                settings: {console: {webhookURL: "http://127.0.0.1:9/status"}}
                steps:
                  - {see: state, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {see: entry, in: IM server, title: webhook Login/Register}
                  - {wait: 2s}
                  - {do: kick, as: mia}
                  - {see: callback, name: onKickedOffline}
                  - {see: entry, in: IM server, title: webhook Logout/Unregister}

                """#),
        StorySource(
            folder: "Tencent", name: "webhook",
            text: #"""
                story: The status change webhook tells of login, kick, lost link and logout, each with its Action and Reason
                about: Nobody listens at the URL; that it cannot be delivered changes nothing.
                provider: tencent
                shows: [TC-6-login, TC-6-logout, TC-6-kicked, TC-6-disconnect, TC-6-ignored]
                devices: {A: iPhone, B: {platform: Android, starts: no}}
                settings: {console: {webhookURL: "http://127.0.0.1:9/status"}}
                steps:
                  - {see: state, on: A, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: A, as: mia}
                  - {see: entry, in: IM server, title: webhook Login/Register}
                  - {see: state, on: A, is: online}
                  - {wait: 1s}
                  - {do: cut, on: A}
                  - {see: entry, in: IM server, title: webhook Disconnect/LinkClose}
                  - {see: entry, in: IM server, title: webhook Login/Register}
                  - {see: state, on: A, is: online}
                  - {do: start app, on: B}
                  - {see: state, on: B, is: connected before login}
                  - {wait: 2s}
                  - {do: log in, on: B, as: mia}
                  - {see: entry, in: IM server, title: webhook Login/Register}
                  - {see: state, on: B, is: online}
                  - {see: state, on: A, is: stopped}
                  - {wait: 1s}
                  - {do: log out, on: B}
                  - {see: entry, in: IM server, title: webhook Logout/Unregister}

                """#),
        StorySource(
            folder: "Tencent", name: "wrong-arguments",
            text: #"""
                story: A wrong UserID and an empty UserSig are refused by the SDK itself
                about: 7003 and 6017 come without a frame; the server would refuse them as well.
                provider: tencent
                shows: [TC-2.3-arguments, TC-1.1-userid]
                steps:
                  - {see: state, is: connected before login}
                  - {do: log in with token, account: a-user-id-of-thirty-three-letters, token: eJx}
                  - {see: callback, name: login fail, with: code 7003}
                  - {see: state, is: stopped}
                  - {do: log in with token, account: mia, token: ""}
                  - {see: callback, name: login fail, with: code 6017}
                  - {see: attempts, are: 0}

                """#),
    ]
}
