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
            note(.intent, "set up the SDK")
        case .loginRequested(let request):
            note(
                .intent, "log in (\(request.mode))",
                [
                    Field("account", .id(kind: "account", request.account.text)),
                    Field("token", .secret(request.token)),
                    Field("authType", .number(request.authentication.rawValue)),
                ])
        case .logoutRequested:
            note(.intent, "log out")
        case .tokenProvided(_, let token):
            note(.intent, "hand the SDK its token", [Field("token", .secret(token))])
        case .tokenUnavailable:
            note(.intent, "no token for the SDK")
        case .tokenReplaced(let token):
            note(.intent, "give the SDK a newer token", [Field("token", .secret(token))])
        case .connectionOpened(let id):
            note(.link, "link open", [Field("connection", .id(kind: "connection", "\(id)"))], owner: .sdk)
        case .connectionFailed(let id, let cause):
            note(
                .link, "no link: \(cause)", [Field("connection", .id(kind: "connection", "\(id)"))], owner: .sdk)
        case .connectionClosed(let id, let cause):
            note(.link, "link ended: \(cause)", [Field("connection", .id(kind: "connection", "\(id)"))], owner: .sdk)
        case .received(_, let message):
            describe(message)
        case .timerFired(let id):
            describeTimer(TimerKey(owner: .sdk, id: id))
        case .networkLost:
            note(.intent, "network hint: gone", owner: .lab)
        case .networkReturned:
            note(.intent, "network hint: back", owner: .lab)
        case .backgrounded:
            note(.intent, "to the background", owner: .user)
        case .foregrounded:
            note(.intent, "to the foreground", owner: .user)
        case .kickRequested(let clients):
            note(.intent, "kick \(clients.count) other client\(clients.count == 1 ? "" : "s")", owner: .user)
        case .echoRequested:
            note(.intent, "send an echo", owner: .user)
        }
    }

    private func describe(_ event: AppFlow.Event) -> Note? {
        switch event {
        case .started(let saved):
            note(
                .intent, "start the app" + (saved == nil ? "" : " with a saved login"),
                saved.map { fields(of: $0) } ?? [], owner: .user)
        case .settingsChanged(let settings):
            note(
                .intent, "change the app's settings",
                [
                    Field("form", settings.form.rawValue), Field("afterRefusal", settings.afterRefusal.rawValue),
                    Field("renewsEarly", .flag(settings.renewsEarly)),
                ], owner: .user)
        case .registerRequested(let user, _, let account):
            note(
                .intent, "register", [Field("user", user)] + (account.map { [Field("account", $0)] } ?? []),
                owner: .user)
        case .signInRequested(let user, _):
            note(.intent, "log in with the password", [Field("user", user)], owner: .user)
        case .tokenLoginRequested(let account, let token, let kind, _):
            note(
                .intent, "log in with a typed token",
                [
                    Field("account", .id(kind: "account", account.text)), Field("token", .secret(token)),
                    Field("kind", kind.description),
                ], owner: .user)
        case .automaticLoginRequested(let forced, _):
            note(.intent, forced ? "log in automatically, forced" : "log in automatically", owner: .user)
        case .automaticLoginDue:
            note(.intent, flow.settings.form == .attached ? "log in automatically, forced" : "log in automatically")
        case .renewalRequested:
            note(.intent, "renew the token now", owner: .user)
        case .signOutRequested:
            note(.intent, "log out of the app", owner: .user)
        case .registered(_, let user, let account):
            note(
                .httpResponse, "registered",
                [Field("user", user), Field("account", .id(kind: "account", account.text))])
        case .granted(_, let user, let session, let token, _):
            note(
                .httpResponse, "app login accepted",
                [Field("user", user), Field("session", .secret(session))] + Self.fields(of: token))
        case .tokenGranted(_, let token, _):
            note(.httpResponse, "a new token", Self.fields(of: token))
        case .sessionEnded:
            note(.httpResponse, Self.sessionEndedTitle)
        case .callFailed(_, let failure):
            note(.httpResponse, failure.description)
        case .tokenAsked:
            note(.callback, "the SDK asks for the token", owner: .sdk)
        case .told:
            nil  // the callbacks tell of it
        case .timerFired(let id):
            describeTimer(TimerKey(owner: .app, id: id))
        }
    }

    private func describeTimer(_ key: TimerKey) -> Note? {
        guard let timer = timers.first(where: { $0.key == key }) else { return nil }  // late
        return note(.timerFired, lane.isTerse ? timer.purpose : "\(timer.purpose): due", owner: key.owner, isHeartbeat: timer.isHeartbeat)
    }

    private func describe(_ message: LinkMessage) -> Note {
        switch message {
        case .loginAccepted(let account, let others):
            note(
                .frameReceived, "login → 200",
                [Field("account", .id(kind: "account", account.text)), Field("others", .number(others.count))],
                owner: .sdk)
        case .loginRefused(let code, let text):
            note(
                .frameReceived, "login → \(code)",
                [
                    Field("code", .number(code)), Field("desc", text),
                    Field("rule", .rule(sdk.policy.rule(for: code).rule)),
                ], owner: .sdk)
        case .synced:
            note(.frameReceived, "sync → 200", owner: .sdk)
        case .pong:
            note(.frameReceived, "ping → 200", owner: .sdk, isHeartbeat: true)
        case .echoed(let text):
            note(.frameReceived, "echo → 200", [Field("text", text)], owner: .sdk)
        case .kickAnswered(let code, let kicked):
            note(
                .frameReceived, "kick → \(code), \(kicked.count) kicked",
                [Field("code", .number(code))] + kicked.map { Field("kicked", .id(kind: "session", $0)) }, owner: .sdk)
        case .loggedOut:
            note(.frameReceived, "logout → 200", owner: .sdk)
        case .renewed(let code, let text):
            note(
                .frameReceived, "renew → \(code)",
                [Field("code", .number(code))] + (text.isEmpty ? [] : [Field("desc", text)]),
                owner: .sdk)
        case .tokenWillExpire:
            note(.frameReceived, "the token will expire", owner: .sdk)
        case .kicked(let notice):
            note(.frameReceived, "kicked, reason \(notice.reason)", Self.fields(of: notice), owner: .sdk)
        case .clientsChanged(let change, let clients):
            note(
                .frameReceived, "other clients: \(change)",
                clients.map { Field("client", .id(kind: "session", $0.id)) }, owner: .sdk)
        case .unknown(let type):
            note(.frameReceived, "a frame of the unknown type \"\(type)\", passed over", owner: .sdk)
        case .protocolError(let code, let text):
            note(
                .frameReceived, "error \(code): \(text)", [Field("code", .number(code)), Field("desc", text)],
                owner: .sdk)
        }
    }

    /// The entry of a frame that is sent; `probes` counts the pings that are out, this one included.
    func describe(_ request: LinkRequest, probes: Int) -> Note {
        switch request {
        case .login(let packet):
            note(
                .frameSent, "login",
                [
                    Field("account", .id(kind: "account", packet.account.text)), Field("token", .secret(packet.token)),
                    Field("authType", .number(packet.authentication.rawValue)),
                    Field("automatic", .flag(packet.isAutomatic)), Field("forced", .flag(packet.isForced)),
                ] + (packet.loginExtension.isEmpty ? [] : [Field("loginExt", packet.loginExtension)]))
        case .sync: note(.frameSent, "sync")
        case .ping: note(.frameSent, probes > 1 ? "ping, probe \(probes)" : "ping", isHeartbeat: probes <= 1)
        case .echo(let text): note(.frameSent, "echo", [Field("text", text)])
        case .kick(let clients):
            note(.frameSent, "kick", clients.map { Field("client", .id(kind: "session", $0)) })
        case .renew(let token): note(.frameSent, "renew", [Field("token", .secret(token))])
        case .logout: note(.frameSent, "logout")
        }
    }

    func describe(_ call: AppServerCall) -> Note {
        switch call {
        case .register(let user, let password, let account):
            note(
                .httpRequest, "POST /users",
                [Field("user", user), Field("password", .secret(password))]
                    + (account.map { [Field("account", $0)] } ?? []))
        case .login(let user, let password):
            note(.httpRequest, "POST /login", [Field("user", user), Field("password", .secret(password))])
        case .token(let session):
            note(.httpRequest, "POST /token", [Field("session", .secret(session))])
        case .logout(let session):
            note(.httpRequest, "POST /logout", [Field("session", .secret(session))])
        }
    }

    func describe(_ login: SavedLogin) -> Note {
        note(.store, login.isUsable ? "save the login" : "save the token", fields(of: login))
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
