// swift-format-ignore-file
// Made from Sources/Scenarios/Stories/Tencent by RECORD_STORIES=1; change the stories there.

extension BuiltInStories {
    static let tencent: [StorySource] = [
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
                  - {do: log in, as: noor}
                  - {see: callback, name: login success}
                  - {see: state, is: online}

                """#),
        StorySource(
            folder: "Tencent", name: "no-admin",
            text: #"""
                story: A web API call of somebody who is no admin is refused with 60010
                about: Admins are named in the console only; the app server calls as administrator.
                provider: tencent
                shows: [TC-5-admin, TC-1.1-admin, TC-own-admin-name]
                steps:
                  - {do: log in, as: mia}
                  - {see: state, is: online}
                  - {do: change settings, console: {admins: [boss]}}
                  - {do: kick, as: mia, refused: "60010"}
                  - {see: entry, in: web API, title: POST /v4/im_open_login_svc/kick → 60010}
                  - {see: state, is: online}

                """#),
    ]
}
