import LoginCore
import Providers

/// Requests that are open, and what they wait for.
extension AppServer {
    /// An open request: where its answer goes, and the transcript entry that names it.
    struct Asker: Sendable {
        let exchange: ExchangeID
        let entry: EntryID
        /// Method and path.
        let title: String
        /// The id of the provider that it is about.
        var provider: String
        /// Whether it only looks something up, for a view: part of nobody's login.
        var isLookUp = false
    }

    /// What a call to the provider's web API was made for.
    enum Waiting: Sendable {
        /// A person is being given an account.
        case account(Creation)
        /// The operator's command is being carried out.
        case command(Asker, ProviderCall)
        /// The console was asked for its settings, with the operator's own changes if there are any.
        case settings(Asker, AppServerSettingsPatch?, ProviderCall)
        /// The provider was asked for the console's accounts, for a new one, or about an account's presence.
        case console(Asker, ProviderCall)
        /// The provider is asked for a token.
        case token(Waiter, Member, account: String)
        /// The provider is asked for the credential that other calls wait for.
        case credential(provider: String)

        /// Whom it is asked.
        var provider: String {
            switch self {
            case .account(let creation): creation.provider
            case .command(let asker, _), .settings(let asker, _, _), .console(let asker, _): asker.provider
            case .token(let waiter, _, _): waiter.asker.provider
            case .credential(let provider): provider
            }
        }

        /// Whether it only looks something up.
        var isLookUp: Bool {
            switch self {
            case .settings(let asker, nil, _), .console(let asker, .console): asker.isLookUp
            case .account, .command, .settings, .console, .token, .credential: false
            }
        }

        /// Nil for what a token desk is asked.
        var call: ProviderCall? {
            switch self {
            case .account(let creation): creation.call
            case .command(_, let call), .settings(_, _, let call), .console(_, let call): call
            case .token, .credential: nil
            }
        }

        /// What is asked, for the transcript.
        var title: String {
            switch self {
            case .account, .command, .settings, .console: call?.title ?? ""
            case .token: "get a token"
            case .credential: "get the app's own token"
            }
        }

        /// The account that it is about.
        var account: String? {
            if case .token(_, _, let account) = self { account } else { call?.account }
        }
    }

    mutating func answer(_ request: HTTPRequestValue, on exchange: ExchangeID, _ turn: inout Turn) {
        let usual = configuration.apps.first?.provider ?? ""
        switch AddressedRequest.parse(request) {
        case .failure(let error):
            let title = "request not understood"
            let fields = [
                Field("method", Field.clipped(request.method, to: 16)), Field("path", Field.clipped(request.path)),
            ]
            let entry = turn.record(&lane, .httpRequest, title, fields, cause: EntryID(in: request.headers))
            let asker = Asker(exchange: exchange, entry: entry, title: title, provider: usual)
            refuse(asker, mayOperate(request) ? error : Self.operatorOnly, cause: entry, &turn)
        case .success(let addressed):
            let parsed = addressed.request
            let title = lane.isQuiet ? "" : "\(request.method) \(request.path)"
            let isLookUp = parsed == .people || parsed == .settings || parsed == .discovery || parsed == .console
            let entry = turn.record(
                &lane, .httpRequest, title, Self.fields(of: parsed), cause: EntryID(in: request.headers),
                isHeartbeat: isLookUp)
            let asker = Asker(
                exchange: exchange, entry: entry, title: title, provider: addressed.provider ?? usual,
                isLookUp: isLookUp)
            guard mayOperate(request) else { return refuse(asker, Self.operatorOnly, cause: entry, &turn) }
            guard partners[asker.provider] != nil || parsed == .discovery else {
                return refuse(asker, noSuchProvider(addressed.provider), cause: entry, &turn)
            }
            answer(parsed, named: addressed.provider, asker, &turn)
        }
    }

    private func noSuchProvider(_ named: String?) -> AppServerError {
        let known = configuration.apps.map(\.provider).joined(separator: ", ")
        guard named == nil else { return .badField("provider must be one of: \(known)") }
        return AppServerError(
            status: 504, name: "provider_unreachable", message: "there is no provider called \(known)")
    }

    /// Answers a request; `named` is the provider that it names itself.
    private mutating func answer(
        _ parsed: AppServerRequest, named: String?, _ asker: Asker, _ turn: inout Turn
    ) {
        switch parsed {
        case .discovery: discover(asker, &turn)
        case .register(let user, let password, let account):
            register(user: user, password: password, account: account, asker, &turn)
        case .login(let user, let password): logIn(user: user, password: password, asker, &turn)
        case .token(let session): renew(session, named: named, asker, &turn)
        case .logout(let session): logOut(session, asker, &turn)
        case .providerCallback(let question): judge(question, asker, &turn)
        case .people, .ban, .unban, .kick, .kickDevice, .updateToken, .refreshToken, .deleteAccount, .presence,
            .settings, .changeSettings, .unbind, .bind, .console, .consoleAccount:
            operate(parsed, asker, &turn)
        }
    }

    /// Whether the request is open to everybody or comes with the operator key.
    ///
    /// Who has no key is told that, and nothing of what else is wrong with the request.
    private func mayOperate(_ request: HTTPRequestValue) -> Bool {
        guard request.path.hasPrefix("/operator/") else { return true }
        let key = request.bearer(.operatorKey)
        // An empty key of the configuration must not open the door to a request without one.
        return key.length > 0 && ConstantTime.areEqual(key, configuration.operatorKey)
    }

    private static let operatorOnly = AppServerError(
        status: 401, name: "operator_only", message: "this needs the operator key in Authorization: Bearer")

    private static func fields(of request: AppServerRequest) -> [Field] {
        switch request {
        case .discovery, .people, .settings, .console, .providerCallback: []
        case .unbind(let user): [Field("user", user)]
        case .bind(let user, let account): [Field("user", user)] + (account.map { [.account($0)] } ?? [])
        case .consoleAccount(let account): account.map { [.account($0)] } ?? []
        case .register(let user, let password, let account):
            [Field("user", user), .secret(password)] + (account.map { [.account($0)] } ?? [])
        case .login(let user, let password): [Field("user", user), .secret(password)]
        case .token(let session), .logout(let session): [.secret(session)]
        case .ban(let account, let kick, let notify):
            [.account(account), Field("kick", .flag(kick))]
                + (notify.map { [Field("notify", Field.clipped($0))] } ?? [])
        case .kick(let account, let notify):
            [.account(account)] + (notify.map { [Field("notify", Field.clipped($0))] } ?? [])
        case .kickDevice(let account, let deviceID, _): [.account(account), .device(deviceID)]
        case .unban(let account), .refreshToken(let account), .deleteAccount(let account): [.account(account)]
        case .presence(let account, let query):
            [.account(account)] + (query.map { [Field("query", Field.clipped($0))] } ?? [])
        case .updateToken(let account, let token): [.account(account)] + (token.map { [.secret($0)] } ?? [])
        case .changeSettings(let patch):
            [
                patch.tokenKind.map { Field("tokenKind", $0.description) },
                patch.tokenLifetime.map { Field("tokenLifetime", .duration(microseconds: $0.wholeMicroseconds)) },
                patch.sessionLifetime.map { Field("sessionLifetime", .duration(microseconds: $0.wholeMicroseconds)) },
                patch.devicePolicy.map { Field("devicePolicy", .number($0)) },
                patch.authTypes.map { Field("authTypes", $0.map(String.init).joined(separator: ", ")) },
                patch.loginCallback.map { Field("loginCallback", .flag($0)) },
                patch.provider.map { Field("provider", Field.clipped(String(decoding: $0.encoded(), as: UTF8.self))) },
            ].compactMap { $0 }
        }
    }

    private mutating func discover(_ asker: Asker, _ turn: inout Turn) {
        let discovery = Discovery(
            providers: configuration.apps.map(\.provider),
            appKeys: Dictionary(
                configuration.apps.map { ($0.provider, $0.appKey) }, uniquingKeysWith: { first, _ in first }),
            webAPI: configuration.webAPI, imLink: configuration.imLink, timeScale: configuration.timeScale,
            serverTime: turn.now)
        respond(asker, 200, cause: asker.entry, &turn) { discovery.http(cause: $0) }
    }
}

/// Login callbacks.
extension AppServer {
    /// Where the provider asks about logins.
    package static let callbackPath = "/callback"

    /// Says whether a login may pass: the token is ours and holds, and somebody here has the account.
    ///
    /// Whose signature the question bears is who asks.
    private mutating func judge(_ question: HTTPRequestValue, _ asker: Asker, _ turn: inout Turn) {
        let now = turn.now
        let found = configuration.apps.lazy.compactMap { [partners] app in
            partners[app.provider].flatMap { partner in
                partner.side.askedLogin(in: question, at: now).map { (partner, $0) }
            }
        }.first
        guard let (partner, asked) = found else {
            let message = "the provider did not sign this, or not within five minutes"
            let error = AppServerError(status: 401, name: "bad_signature", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        let isAllowed = asked.isTokenRight && partner.userOfAccount[asked.account] != nil
        let fields: [Field] = [.account(asked.account), Field("allowed", .flag(isAllowed))]
        respond(asker, 200, fields, cause: asker.entry, &turn) { entry in
            partner.side.verdict(isAllowed: isAllowed, cause: entry)
        }
    }
}

/// Answers, and calls to the provider.
extension AppServer {
    /// Answers a request; the answer names its own transcript entry as its cause.
    mutating func respond(
        _ asker: Asker, _ status: Int, _ fields: @autoclosure () -> [Field] = [], cause: EntryID, _ turn: inout Turn,
        _ response: (EntryID) -> HTTPResponseValue
    ) {
        let entry = turn.record(
            &lane, .httpResponse, "\(asker.title) → \(status)", fields(), cause: cause,
            isHeartbeat: asker.isLookUp && status == 200)
        turn.emit(.respond(asker.exchange, response(entry)))
    }

    mutating func refuse(_ asker: Asker, _ error: AppServerError, cause: EntryID, _ turn: inout Turn) {
        let code = error.code.map { [Field.code($0)] } ?? []
        respond(asker, error.status, [Field("error", error.name)] + code, cause: cause, &turn) { error.http(cause: $0) }
    }

    /// The answer `{}`.
    mutating func confirm(_ asker: Asker, cause: EntryID, _ turn: inout Turn) {
        respond(asker, 200, cause: cause, &turn) { entry in
            HTTPResponseValue(
                status: 200,
                headers: [
                    HTTPHeader("Content-Type", "application/json"),
                    HTTPHeader(HTTPHeader.causeName, entry.description),
                ], body: Array("{}".utf8))
        }
    }

    /// Calls the provider's web API and lets `state` wait for the answer.
    ///
    /// The nonce depends on the instant too, since calls are counted from 1 again after a restart.
    ///
    /// With a provider whose calls need a credential, the first one asks for it, and the others wait with it.
    mutating func call(_ state: Waiting, cause: EntryID, _ turn: inout Turn) -> OutgoingID {
        let id = outgoing.next()
        waiting[id] = state
        dispatch(id, cause: cause, &turn)
        return id
    }

    private mutating func dispatch(_ id: OutgoingID, cause: EntryID, _ turn: inout Turn) {
        guard let name = waiting[id]?.provider, let partner = partners[name] else { return }
        let isOver = partner.credential?.ends.map { $0 <= turn.now } ?? false
        guard partner.side.tokenDesk != nil, partner.credential == nil || isOver else {
            return send(id, cause: cause, &turn)
        }
        partners[name]?.credential = nil
        partners[name]?.parked.append(Parked(call: id, cause: cause))
        guard partner.parked.isEmpty else { return }  // the credential is on its way
        let own = outgoing.next()
        waiting[own] = .credential(provider: name)
        send(own, cause: cause, &turn)
    }

    private mutating func send(_ id: OutgoingID, cause: EntryID, _ turn: inout Turn) {
        guard let state = waiting[id] else { return }
        let entry = turn.record(
            &lane, .httpRequest, "web API: \(state.title)", state.account.map { [.account($0)] } ?? [], cause: cause,
            isHeartbeat: state.isLookUp)
        guard var request = request(for: state, id, cause: entry, at: turn.now) else { return }
        if case .credential = state {
            // It is what the others need.
        } else if let partner = partners[state.provider], let credential = partner.credential,
            let desk = partner.side.tokenDesk
        {
            request = desk.authorised(request, with: credential.secret)
        }
        turn.emit(.httpCall(id, .webAPI, request, timeout: Self.callTimeout))
    }

    private func request(
        for state: Waiting, _ id: OutgoingID, cause: EntryID, at now: Instant
    ) -> HTTPRequestValue? {
        guard let partner = partners[state.provider] else { return nil }
        switch state {
        case .account, .command, .settings, .console:
            var chance = chance.named("nonce \(id) \(now.microseconds)")
            return state.call.map { partner.side.request(for: $0, at: now, chance: &chance, cause: cause) }
        case .token(_, _, let account):
            return partner.side.tokenDesk?.tokenRequest(
                account: account, lifetime: partner.settings.tokenLifetime, unit: partner.settings.tokenUnit,
                cause: cause)
        case .credential: return partner.side.tokenDesk?.credentialRequest(cause: cause)
        }
    }

    /// The credential has come, or has not: everything that waits for it goes on, or fails with it.
    private mutating func answeredCredential(
        _ reply: ProviderTokenReply, of provider: String, cause: EntryID, _ turn: inout Turn
    ) {
        let waiters = partners[provider]?.parked ?? []
        partners[provider]?.parked = []
        switch reply {
        case .granted(let secret, let lifetime):
            // A second short, so that what is sent now is not late when it arrives.
            partners[provider]?.credential = Credential(
                secret: secret, ends: lifetime.map { turn.now + max(.seconds(1), $0 - .seconds(1)) })
            for waiter in waiters { send(waiter.call, cause: cause, &turn) }
        case .refused(let code, let desc):
            for waiter in waiters {
                guard let state = waiting.removeValue(forKey: waiter.call) else { continue }
                fail(state, Self.refusal(.refused(code: code, desc: desc)), cause: cause, &turn)
            }
        }
    }

    private mutating func answeredToken(
        _ waiter: Waiter, _ member: Member, _ account: String, _ reply: ProviderTokenReply, cause: EntryID,
        _ turn: inout Turn
    ) {
        switch reply {
        case .granted(let token, let lifetime):
            let provider = waiter.asker.provider
            let grant = TokenGrant(
                provider: provider, account: account, token: token,
                kind: partners[provider]?.settings.tokenKind ?? .fixed, expires: lifetime.map { turn.now + $0 },
                serverTime: turn.now)
            hand(grant, to: waiter, of: member.user, cause: cause, &turn)
        case .refused(let code, let desc):
            refuse(waiter.asker, Self.refusal(.refused(code: code, desc: desc)), cause: cause, &turn)
        }
    }

    /// An answer of the provider's web API, or the failure to get one.
    mutating func answered(_ id: OutgoingID, _ result: Result<HTTPResponseValue, CallFailure>, _ turn: inout Turn) {
        // Nobody waits for it: answered already, or asked before a restart.
        guard let state = waiting.removeValue(forKey: id), let side = partners[state.provider]?.side else { return }
        let title = lane.isQuiet ? "" : "web API: \(state.title)"
        switch result {
        case .failure(let failure):
            let entry = turn.record(&lane, .httpResponse, "\(title): \(failure.cause)", cause: nil)
            let message = "the provider's web API was not reached: \(failure.cause)"
            let error = AppServerError(status: 504, name: "provider_unreachable", message: message)
            // Whoever waits for the credential waits for the same provider.
            if case .credential(let provider) = state {
                let failed = partners[provider]?.parked.map(\.call) ?? []
                partners[provider]?.parked = []
                for state in failed.compactMap({ waiting.removeValue(forKey: $0) }) {
                    fail(state, error, cause: entry, &turn)
                }
            }
            fail(state, error, cause: entry, &turn)
        case .success(let response):
            if let desk = side.tokenDesk, isTokenDesks(response, state, id, desk, title, &turn) { return }
            guard let call = state.call else { return }
            let reply = side.reply(response, to: call)
            let entry = turn.record(
                &lane, .httpResponse, title, Self.fields(of: reply), cause: EntryID(in: response.headers),
                isHeartbeat: state.isLookUp)
            switch state {
            case .account(let creation): answered(creation, reply, cause: entry, &turn)
            case .command(let asker, let call): answered(asker, call, reply, cause: entry, &turn)
            case .settings(let asker, let patch, _): answered(asker, patch, reply, cause: entry, &turn)
            case .console(let asker, _): answeredConsole(asker, reply, cause: entry, &turn)
            case .token, .credential: break  // the token desk's, above
            }
        }
    }

    /// Takes an answer that is about tokens; false for every other one.
    private mutating func isTokenDesks(
        _ response: HTTPResponseValue, _ state: Waiting, _ id: OutgoingID, _ desk: any ProviderTokenDesk,
        _ title: String, _ turn: inout Turn
    ) -> Bool {
        let unit = partners[state.provider]?.settings.tokenUnit ?? ProviderSettings.usualTokenUnit
        let cause = EntryID(in: response.headers)
        switch state {
        case .credential(let provider):
            let reply = desk.credential(in: response, unit: unit)
            let entry = turn.record(&lane, .httpResponse, title, Self.fields(of: reply), cause: cause)
            answeredCredential(reply, of: provider, cause: entry, &turn)
            return true
        case .account, .command, .settings, .console, .token:
            // A credential may stop working before its end: a new one is asked for, once.
            if desk.refusesCredential(response), retried.insert(id).inserted {
                let entry = turn.record(
                    &lane, .httpResponse, "\(title): the app's own token is void", cause: cause,
                    isHeartbeat: state.isLookUp)
                waiting[id] = state
                partners[state.provider]?.credential = nil
                dispatch(id, cause: entry, &turn)
                return true
            }
            retried.remove(id)
            guard case .token(let waiter, let member, let account) = state else { return false }
            let reply = desk.token(in: response, unit: unit)
            let entry = turn.record(&lane, .httpResponse, title, Self.fields(of: reply), cause: cause)
            answeredToken(waiter, member, account, reply, cause: entry, &turn)
            return true
        }
    }

    private static func fields(of reply: ProviderReply) -> [Field] {
        switch reply {
        case .account(let account, let token): [.account(account), .secret(token)]
        case .refused(let code, _), .accountTaken(let code, _): [.code(code)]
        case .done, .settings, .console, .presence: []
        }
    }

    private static func fields(of reply: ProviderTokenReply) -> [Field] {
        switch reply {
        case .granted(let token, _): [.secret(token)]
        case .refused(let code, _): [.code(code)]
        }
    }

    /// Answers everyone who waited for a call that failed; nothing else changes.
    mutating func fail(_ state: Waiting, _ error: AppServerError, cause: EntryID, _ turn: inout Turn) {
        switch state {
        case .account(let creation):
            creations[creation.want] = nil
            for waiter in creation.waiters { refuse(waiter.asker, error, cause: cause, &turn) }
        case .command(let asker, _), .settings(let asker, _, _), .console(let asker, _):
            refuse(asker, error, cause: cause, &turn)
        case .token(let waiter, _, _): refuse(waiter.asker, error, cause: cause, &turn)
        case .credential: break  // nobody's own request
        }
    }

    /// A refusal of the provider in the app server's words.
    static func refusal(_ reply: ProviderReply) -> AppServerError {
        switch reply {
        case .accountTaken(let code, let desc), .refused(let code, let desc):
            AppServerError(
                status: 502, name: "provider_refused", message: "the provider's web API answered \(code): \(desc)",
                code: code, desc: desc)
        case .done, .account, .settings, .console, .presence:
            AppServerError(
                status: 502, name: "provider_refused",
                message: "the provider's web API answered something else than was asked")
        }
    }
}
