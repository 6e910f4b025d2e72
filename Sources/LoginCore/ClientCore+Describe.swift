/// How inputs and effects read in a transcript.
extension ClientCore {
    /// What the app server's answer to a logout is called.
    package static let sessionEndedTitle = "the app session is over"

    /// The entry of an input; nil for those that another entry already tells of.
    func describe(_ input: Input) -> Note? {
        switch input {
        case .sdk(let event): describe(event)
        case .app(let event): describe(event)
        }
    }

    private func describe(_ event: LoginMachine.Event) -> Note? {
        switch event {
        case .connectionFailed(let id, _) where id != sdk.liveConnection,
            .connectionClosed(let id, _) where id != sdk.liveConnection,
            .received(let id, _) where id != sdk.liveConnection:
            // Late: the connection was given up, and "close the link" told of it. When the other end answers a close is
            // nobody's business, and must not make two runs differ.
            nil
        case .initialised:
            Note(.intent, "set up the SDK")
        case .loginRequested(let request):
            Note(
                .intent, "log in (\(request.mode))",
                [
                    Field("account", .id(kind: "account", request.account.text)),
                    Field("token", .secret(request.token)),
                    Field("authType", .number(request.authentication.rawValue)),
                ])
        case .logoutRequested:
            Note(.intent, "log out")
        case .tokenProvided(_, let token):
            Note(.intent, "hand the SDK its token", [Field("token", .secret(token))])
        case .tokenUnavailable:
            Note(.intent, "no token for the SDK")
        case .tokenReplaced(let token):
            Note(.intent, "give the SDK a newer token", [Field("token", .secret(token))])
        case .connectionOpened(let id):
            Note(.link, "link open", [Field("connection", .id(kind: "connection", "\(id)"))], owner: .sdk)
        case .connectionFailed(let id, let cause):
            Note(
                .link, "no link: \(cause)", [Field("connection", .id(kind: "connection", "\(id)"))], owner: .sdk)
        case .connectionClosed(let id, let cause):
            Note(.link, "link ended: \(cause)", [Field("connection", .id(kind: "connection", "\(id)"))], owner: .sdk)
        case .received(_, let message):
            describe(message)
        case .timerFired(let id):
            describeTimer(TimerKey(owner: .sdk, id: id))
        case .networkLost:
            Note(.intent, "network hint: gone", owner: .lab)
        case .networkReturned:
            Note(.intent, "network hint: back", owner: .lab)
        case .backgrounded:
            Note(.intent, "to the background", owner: .user)
        case .foregrounded:
            Note(.intent, "to the foreground", owner: .user)
        case .kickRequested(let clients):
            Note(.intent, "kick \(clients.count) other client\(clients.count == 1 ? "" : "s")", owner: .user)
        case .echoRequested:
            Note(.intent, "send an echo", owner: .user)
        }
    }

    private func describe(_ event: AppFlow.Event) -> Note? {
        switch event {
        case .started(let saved):
            Note(
                .intent, "start the app" + (saved == nil ? "" : " with a saved login"),
                saved.map { fields(of: $0) } ?? [], owner: .user)
        case .settingsChanged(let settings):
            Note(
                .intent, "change the app's settings",
                [
                    Field("form", settings.form.rawValue), Field("afterRefusal", settings.afterRefusal.rawValue),
                    Field("renewsEarly", .flag(settings.renewsEarly)),
                ], owner: .user)
        case .registerRequested(let user, _, let account):
            Note(
                .intent, "register", [Field("user", user)] + (account.map { [Field("account", $0)] } ?? []),
                owner: .user)
        case .signInRequested(let user, _):
            Note(.intent, "log in with the password", [Field("user", user)], owner: .user)
        case .tokenLoginRequested(let account, let token, let kind, _):
            Note(
                .intent, "log in with a typed token",
                [
                    Field("account", .id(kind: "account", account.text)), Field("token", .secret(token)),
                    Field("kind", kind.description),
                ], owner: .user)
        case .automaticLoginRequested(let forced, _):
            Note(.intent, forced ? "log in automatically, forced" : "log in automatically", owner: .user)
        case .automaticLoginDue:
            Note(.intent, flow.settings.form == .attached ? "log in automatically, forced" : "log in automatically")
        case .renewalRequested:
            Note(.intent, "renew the token now", owner: .user)
        case .signOutRequested:
            Note(.intent, "log out of the app", owner: .user)
        case .registered(_, let user, let account):
            Note(
                .httpResponse, "registered",
                [Field("user", user), Field("account", .id(kind: "account", account.text))])
        case .granted(_, let user, let session, let token, _):
            Note(
                .httpResponse, "app login accepted",
                [Field("user", user), Field("session", .secret(session))] + Self.fields(of: token))
        case .tokenGranted(_, let token, _):
            Note(.httpResponse, "a new token", Self.fields(of: token))
        case .sessionEnded:
            Note(.httpResponse, Self.sessionEndedTitle)
        case .callFailed(_, let failure):
            Note(.httpResponse, failure.description)
        case .tokenAsked:
            Note(.callback, "the SDK asks for the token", owner: .sdk)
        case .told:
            nil  // the callbacks tell of it
        case .timerFired(let id):
            describeTimer(TimerKey(owner: .app, id: id))
        }
    }

    private func describeTimer(_ key: TimerKey) -> Note? {
        guard let timer = timers.first(where: { $0.key == key }) else { return nil }  // late
        return Note(.timerFired, "\(timer.purpose): due", owner: key.owner, isHeartbeat: timer.isHeartbeat)
    }

    private func describe(_ message: LinkMessage) -> Note {
        switch message {
        case .loginAccepted(let account, let others):
            Note(
                .frameReceived, "login → 200",
                [Field("account", .id(kind: "account", account.text)), Field("others", .number(others.count))],
                owner: .sdk)
        case .loginRefused(let code, let text):
            Note(
                .frameReceived, "login → \(code)",
                [
                    Field("code", .number(code)), Field("desc", text),
                    Field("rule", .rule(sdk.policy.rule(for: code).rule)),
                ], owner: .sdk)
        case .synced:
            Note(.frameReceived, "sync → 200", owner: .sdk)
        case .pong:
            Note(.frameReceived, "ping → 200", owner: .sdk, isHeartbeat: true)
        case .echoed(let text):
            Note(.frameReceived, "echo → 200", [Field("text", text)], owner: .sdk)
        case .kickAnswered(let code, let kicked):
            Note(
                .frameReceived, "kick → \(code), \(kicked.count) kicked",
                [Field("code", .number(code))] + kicked.map { Field("kicked", .id(kind: "session", $0)) }, owner: .sdk)
        case .loggedOut:
            Note(.frameReceived, "logout → 200", owner: .sdk)
        case .renewed(let code, let text):
            Note(
                .frameReceived, "renew → \(code)",
                [Field("code", .number(code))] + (text.isEmpty ? [] : [Field("desc", text)]),
                owner: .sdk)
        case .tokenWillExpire:
            Note(.frameReceived, "the token will expire", owner: .sdk)
        case .kicked(let notice):
            Note(.frameReceived, "kicked, reason \(notice.reason)", Self.fields(of: notice), owner: .sdk)
        case .clientsChanged(let change, let clients):
            Note(
                .frameReceived, "other clients: \(change)",
                clients.map { Field("client", .id(kind: "session", $0.id)) }, owner: .sdk)
        case .unknown(let type):
            Note(.frameReceived, "a frame of the unknown type \"\(type)\", passed over", owner: .sdk)
        case .protocolError(let code, let text):
            Note(
                .frameReceived, "error \(code): \(text)", [Field("code", .number(code)), Field("desc", text)],
                owner: .sdk)
        }
    }

    /// The entry of a frame that is sent; `probes` counts the pings that are out, this one included.
    func describe(_ request: LinkRequest, probes: Int) -> Note {
        switch request {
        case .login(let packet):
            Note(
                .frameSent, "login",
                [
                    Field("account", .id(kind: "account", packet.account.text)), Field("token", .secret(packet.token)),
                    Field("authType", .number(packet.authentication.rawValue)),
                    Field("automatic", .flag(packet.isAutomatic)), Field("forced", .flag(packet.isForced)),
                ] + (packet.loginExtension.isEmpty ? [] : [Field("loginExt", packet.loginExtension)]))
        case .sync: Note(.frameSent, "sync")
        case .ping: Note(.frameSent, probes > 1 ? "ping, probe \(probes)" : "ping", isHeartbeat: probes <= 1)
        case .echo(let text): Note(.frameSent, "echo", [Field("text", text)])
        case .kick(let clients):
            Note(.frameSent, "kick", clients.map { Field("client", .id(kind: "session", $0)) })
        case .renew(let token): Note(.frameSent, "renew", [Field("token", .secret(token))])
        case .logout: Note(.frameSent, "logout")
        }
    }

    func describe(_ call: AppServerCall) -> Note {
        switch call {
        case .register(let user, let password, let account):
            Note(
                .httpRequest, "POST /users",
                [Field("user", user), Field("password", .secret(password))]
                    + (account.map { [Field("account", $0)] } ?? []))
        case .login(let user, let password):
            Note(.httpRequest, "POST /login", [Field("user", user), Field("password", .secret(password))])
        case .token(let session):
            Note(.httpRequest, "POST /token", [Field("session", .secret(session))])
        case .logout(let session):
            Note(.httpRequest, "POST /logout", [Field("session", .secret(session))])
        }
    }

    func describe(_ login: SavedLogin) -> Note {
        Note(.store, login.isUsable ? "save the login" : "save the token", fields(of: login))
    }

    func fields(of moment: Moment) -> [Field] {
        switch moment {
        case .linkFailed(let failure), .authenticationFailed(let failure), .manualLoginFailed(let failure),
            .automaticLoginFailed(let failure, _), .loginCallCancelled(let failure), .callRefused(let failure),
            .tokenRenewed(let failure?):
            [
                Field("code", .number(failure.code)), Field("name", failure.name), Field("detail", failure.detail),
                Field("rule", .rule(failure.rule)),
            ]
        case .kickedOffline(let notice):
            Self.fields(of: notice)
        case .retryScheduled(let delay, let attempt):
            [
                Field("after", .duration(microseconds: delay.wholeMicroseconds)),
                Field("attempt", .number(attempt)),
            ]
        case .loginBegun, .linking, .linkEstablished, .authenticating, .authenticated, .syncing, .online, .linkLost,
            .networkChanged,
            .loggedOut, .manualLoginCompleted, .retrySkipped, .clientsChanged, .echoed, .kickAnswered, .protocolError,
            .providerAsked, .automaticLoginCompleted, .tokenWillExpire, .tokenRenewed(nil):
            []
        }
    }

    func name(of event: LoginMachine.Event) -> String {
        describe(event)?.title ?? "\(event)"
    }

    private static func fields(of notice: KickNotice) -> [Field] {
        [
            Field("reason", .number(notice.reason)), Field("desc", notice.text),
            Field("clientType", .number(notice.clientType)),
        ]
    }

    private func fields(of login: SavedLogin) -> [Field] {
        var fields = [
            Field("user", login.user), Field("account", .id(kind: "account", login.account.text)),
            Field("token", .secret(login.token)), Field("usable", .flag(login.isUsable)),
        ]
        if let expires = login.expires { fields.append(Field("expires", .instant(expires))) }
        if let stop = login.stop { fields.append(Field("stop", stop.text(in: sdk.policy.kickWords))) }
        return fields
    }

    private static func fields(of token: GrantedToken) -> [Field] {
        var fields = [
            Field("account", .id(kind: "account", token.account.text)), Field("token", .secret(token.token)),
            Field("kind", token.kind.description),
        ]
        if let lifetime = token.lifetime {
            fields.append(Field("lifetime", .duration(microseconds: lifetime.wholeMicroseconds)))
        }
        return fields
    }
}

extension AppFlow.State {
    /// The state in words.
    package var text: String {
        switch self {
        case .signedOut: "login screen"
        case .registering: "registering"
        case .signingIn: "signing in"
        case .startingIM: "starting messaging"
        case .signedIn: "signed in"
        case .signingOut: "signing out"
        }
    }
}
