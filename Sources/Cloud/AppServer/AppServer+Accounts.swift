import LoginCore
import Providers

/// Registration, app login, tokens, app logout.
extension AppServer {
    /// A person is being given an account, or an account its token; everyone who needs it waits here.
    struct Creation: Sendable {
        /// A registration's person is nobody yet: a refusal leaves no trace.
        var member: Member
        let provider: String
        var call: ProviderCall
        /// How many other names are tried when a drawn one is taken; a typed one is never changed.
        var otherNames: Int
        /// Whether a name that exists with the provider and is nobody's here is taken over with a new token.
        var takesOver = false
        var waiters: [Waiter]

        var want: Want { Want(user: member.user, provider: provider) }
    }

    /// A request that waits for a person's account.
    struct Waiter: Sendable {
        enum Need: Sendable {
            case registration
            /// The operator's, for somebody who was unbound.
            case binding
            case login
            case token
        }

        let asker: Asker
        let need: Need
    }

    /// How many names are drawn at most for one account.
    static let mostNames = 5

    mutating func register(
        user: String, password: Secret, account typed: String?, _ asker: Asker, _ turn: inout Turn
    ) {
        let user = Self.composed(user)
        guard members[user] == nil, !creations.keys.contains(where: { $0.user == user }) else {
            let message = "a person of this name is registered already"
            let error = AppServerError(status: 409, name: "user_taken", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        var name: String?
        if let typed {
            let partner = partners[asker.provider]
            switch checked(typed, by: asker.provider) {
            case .success(let stored)
            where partner?.side.makesAccountsTwice == true && partner?.userOfAccount[stored] != nil:
                let message = "another person has this account"
                let error = AppServerError(status: 409, name: "account_taken", message: message)
                return refuse(asker, error, cause: asker.entry, &turn)
            case .success(let stored): name = stored
            case .failure(let problem):
                let error = AppServerError(status: 400, name: "bad_field", message: "account: \(problem.message)")
                return refuse(asker, error, cause: asker.entry, &turn)
            }
        }
        // The number is given out now: a failed registration leaves a gap, which nobody sees.
        lastNumber += 1
        var salt = draw("salt", &turn)
        let member = Member(
            number: lastNumber, user: user, password: password, salt: salt.text(32, of: Alphabet.hex))
        create(member, name: name, Waiter(asker: asker, need: .registration), &turn)
    }

    mutating func logIn(user: String, password: Secret, _ asker: Asker, _ turn: inout Turn) {
        guard let member = members[Self.composed(user)] else {
            let error = AppServerError(status: 401, name: "unknown_user", message: "nobody of this name is registered")
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        guard member.isRight(password) else {
            let error = AppServerError(status: 401, name: "wrong_password", message: "the password is wrong")
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        serve(member, Waiter(asker: asker, need: .login), &turn)
    }

    /// Gives the session's person a token of the provider that is named, or else of the session's.
    mutating func renew(_ session: Secret, named: String?, _ asker: Asker, _ turn: inout Turn) {
        guard let found = sessions[Self.key(of: session)], turn.now < found.expires, let member = members[found.user]
        else {
            let message = "the app session has ended: log in to the app again"
            let error = AppServerError(status: 401, name: "session_ended", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        var asker = asker
        asker.provider = named ?? found.provider
        guard partners[asker.provider] != nil else {
            let message = "there is no provider called \(asker.provider) here any more"
            let error = AppServerError(status: 504, name: "provider_unreachable", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        serve(member, Waiter(asker: asker, need: .token), &turn)
    }

    mutating func logOut(_ session: Secret, _ asker: Asker, _ turn: inout Turn) {
        forget(sessionKey: Self.key(of: session), &turn)
        confirm(asker, cause: asker.entry, &turn)
    }

    /// The provider's rule for account names, and the form it stores.
    func checked(_ account: String, by provider: String) -> Result<String, FieldProblem> {
        partners[provider]?.side.checkAccount(account) ?? .success(account)
    }

    /// A generator for one draw, the fact saved first.
    mutating func draw(_ purpose: String, _ turn: inout Turn) -> SeededGenerator {
        let generator = chance.next(purpose)
        turn.emit(.save(drawnRecord))
        return generator
    }

    // MARK: Accounts

    /// Answers a person who is who they say, after the account they may still need.
    private mutating func serve(_ member: Member, _ waiter: Waiter, _ turn: inout Turn) {
        let provider = waiter.asker.provider
        if let id = creations[Want(user: member.user, provider: provider)], case .account(var creation)? = waiting[id] {
            // Somebody else's login has asked for the same account already.
            creation.waiters.append(waiter)
            waiting[id] = .account(creation)
        } else if let account = member.accounts[provider] {
            if let token = account.token {
                grant(member, account: account.name, token: token, waiter, cause: waiter.asker.entry, &turn)
            } else {
                // The account is known and its token is not, as after a damaged record: the provider makes another.
                begin(
                    Creation(
                        member: member, provider: provider, call: .refreshToken(account: account.name), otherNames: 0,
                        waiters: [waiter]), cause: waiter.asker.entry, &turn)
            }
        } else {
            create(member, name: nil, waiter, &turn)
        }
    }

    private mutating func create(_ member: Member, name: String?, _ waiter: Waiter, _ turn: inout Turn) {
        let provider = waiter.asker.provider
        let otherNames = name == nil ? Self.mostNames - 1 : 0
        let account = name ?? drawAccountName(provider, &turn)
        begin(
            Creation(
                member: member, provider: provider, call: .createAccount(account, token: nil), otherNames: otherNames,
                waiters: [waiter]), cause: waiter.asker.entry, &turn)
    }

    /// A new name for an account with that provider.
    mutating func drawAccountName(_ provider: String, _ turn: inout Turn) -> String {
        var chance = draw("account", &turn)
        return partners[provider]?.side.accountName(using: &chance) ?? ""
    }

    private mutating func begin(_ creation: Creation, cause: EntryID, _ turn: inout Turn) {
        creations[creation.want] = call(.account(creation), cause: cause, &turn)
    }

    mutating func answered(_ creation: Creation, _ reply: ProviderReply, cause: EntryID, _ turn: inout Turn) {
        switch reply {
        case .account(let account, let token):
            creations[creation.want] = nil
            // A person who was there before may have changed meanwhile.
            var member = members[creation.member.user] ?? creation.member
            let isBanned = member.accounts[creation.provider]?.isBanned ?? false
            member.accounts[creation.provider] = Account(name: account, token: token, isBanned: isBanned)
            keep(member, &turn)
            for waiter in creation.waiters {
                grant(member, account: account, token: token, waiter, cause: cause, &turn)
            }
        case .accountTaken where creation.takesOver:
            // It exists already: the provider gives it a new token, and whoever had the old one is out.
            var creation = creation
            creation.takesOver = false
            creation.call = .refreshToken(account: creation.call.account ?? "")
            begin(creation, cause: cause, &turn)
        case .accountTaken where creation.otherNames > 0:
            var creation = creation
            creation.otherNames -= 1
            creation.call = .createAccount(drawAccountName(creation.provider, &turn), token: nil)
            begin(creation, cause: cause, &turn)
        case .accountTaken, .refused, .done, .settings, .console, .presence:
            fail(.account(creation), Self.refusal(reply), cause: cause, &turn)
        }
    }

    /// Gives one who waited what they asked for.
    private mutating func grant(
        _ member: Member, account: String, token: Secret, _ waiter: Waiter, cause: EntryID, _ turn: inout Turn
    ) {
        switch waiter.need {
        case .registration:
            let registered = Registered(user: member.user, provider: waiter.asker.provider, account: account)
            respond(waiter.asker, 201, [.account(account)], cause: cause, &turn) { registered.http(cause: $0) }
        case .binding:
            respond(waiter.asker, 200, [.account(account)], cause: cause, &turn) { entry in
                .json(status: 200, cause: entry, .fields(["account": .string(account)]))
            }
        case .token, .login:
            guard let partner = partners[waiter.asker.provider] else { return }  // looked up when it was asked
            if partner.side.tokenDesk?.fetches(partner.settings.tokenKind) == true {
                _ = call(.token(waiter, member, account: account), cause: cause, &turn)
            } else {
                let current = partner.current(account: account, token: token, at: turn.now)
                hand(current, to: waiter, of: member.user, cause: cause, &turn)
            }
        }
    }

    /// Answers one who waited for a token.
    mutating func hand(
        _ token: TokenGrant, to waiter: Waiter, of user: String, cause: EntryID, _ turn: inout Turn
    ) {
        guard case .login = waiter.need else {
            return respond(waiter.asker, 200, Self.fields(of: token), cause: cause, &turn) { token.http(cause: $0) }
        }
        let (session, expires) = openSession(user, provider: token.provider, &turn)
        let grant = AppServerGrant(session: session, sessionExpires: expires, token: token)
        respond(waiter.asker, 200, Self.fields(of: token) + [.secret(session)], cause: cause, &turn) { entry in
            grant.http(cause: entry)
        }
    }

    private static func fields(of grant: TokenGrant) -> [Field] {
        var fields: [Field] = [
            .account(grant.account), .secret(grant.token), Field("tokenKind", grant.kind.description),
        ]
        if let expires = grant.expires { fields.append(Field("tokenExpires", .instant(expires))) }
        return fields
    }

    // MARK: Unbinding

    /// Takes a person's account away: the provider keeps it, which deletes none on its own.
    mutating func unbind(_ user: String, _ asker: Asker, _ turn: inout Turn) {
        guard var member = members[Self.composed(user)] else { return refuse(unknown: asker, &turn) }
        guard !isBusy(member, asker) else { return refuse(busy: asker, &turn) }
        // The ban goes with it: it is the account's, not the person's.
        guard let account = member.accounts.removeValue(forKey: asker.provider) else {
            let message = "this person has no account"
            let error = AppServerError(status: 409, name: "not_bound", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        keep(member, &turn)
        turn.record(&lane, .state, "account unbound", [.account(account.name)], cause: asker.entry)
        confirm(asker, cause: asker.entry, &turn)
    }

    /// Gives a person without an account a new one, or the one that is named.
    mutating func bind(_ user: String, _ typed: String?, _ asker: Asker, _ turn: inout Turn) {
        guard let member = members[Self.composed(user)] else { return refuse(unknown: asker, &turn) }
        guard !isBusy(member, asker) else { return refuse(busy: asker, &turn) }
        guard member.accounts[asker.provider] == nil else {
            let message = "this person has an account already; unbind it first"
            let error = AppServerError(status: 409, name: "already_bound", message: message)
            return refuse(asker, error, cause: asker.entry, &turn)
        }
        let waiter = Waiter(asker: asker, need: .binding)
        guard let typed else { return create(member, name: nil, waiter, &turn) }
        switch checked(typed, by: asker.provider) {
        case .failure(let problem):
            refuse(asker, .badField("account: \(problem.message)"), cause: asker.entry, &turn)
        case .success(let name):
            let isUnderWay = creations.contains { want, call in
                want.provider == asker.provider && waiting[call]?.account == name
            }
            guard self.member(account: name, of: asker.provider) == nil, !isUnderWay else {
                let message = "another person has this account"
                let error = AppServerError(status: 409, name: "account_taken", message: message)
                return refuse(asker, error, cause: asker.entry, &turn)
            }
            begin(
                Creation(
                    member: member, provider: asker.provider, call: .createAccount(name, token: nil), otherNames: 0,
                    takesOver: true, waiters: [waiter]), cause: asker.entry, &turn)
        }
    }

    /// Whether the person is being given an account with the provider right now.
    private func isBusy(_ member: Member, _ asker: Asker) -> Bool {
        creations[Want(user: member.user, provider: asker.provider)] != nil
    }

    private mutating func refuse(unknown asker: Asker, _ turn: inout Turn) {
        let error = AppServerError(status: 404, name: "unknown_user", message: "nobody of this name is registered")
        refuse(asker, error, cause: asker.entry, &turn)
    }

    private mutating func refuse(busy asker: Asker, _ turn: inout Turn) {
        let message = "this person is being given an account right now"
        let error = AppServerError(status: 409, name: "busy", message: message)
        refuse(asker, error, cause: asker.entry, &turn)
    }

    // MARK: Sessions

    private mutating func openSession(
        _ user: String, provider: String, _ turn: inout Turn
    ) -> (secret: Secret, expires: Instant) {
        var chance = draw("session", &turn)
        let secret = Secret(chance.text(40, of: Alphabet.hex), kind: .session)
        let lifetime = partners[provider]?.settings.sessionLifetime ?? .zero
        let session = AppSession(user: user, provider: provider, expires: turn.now + lifetime)
        while let oldest = sessionsOfUser[user]?.first,
            oldest.expires <= turn.now || sessionsOfUser[user, default: []].count >= Self.mostSessions
        {
            forget(sessionKey: oldest.key, &turn)
        }
        let key = Self.key(of: secret)
        remember(session, key: key)
        turn.emit(.save(Self.record(of: session, key: key)))
        return (secret, session.expires)
    }

    /// Takes a session in, so that the person's list stays ordered by end.
    mutating func remember(_ session: AppSession, key: String) {
        sessions[key] = session
        let index = sessionsOfUser[session.user]?.lastIndex { $0.expires <= session.expires }
        sessionsOfUser[session.user, default: []].insert((key, session.expires), at: index.map { $0 + 1 } ?? 0)
    }

    private mutating func forget(sessionKey key: String, _ turn: inout Turn) {
        guard let session = sessions.removeValue(forKey: key) else { return }
        // The oldest is forgotten most, and stands first.
        if let place = sessionsOfUser[session.user]?.firstIndex(where: { $0.key == key }) {
            sessionsOfUser[session.user]?.remove(at: place)
        }
        if sessionsOfUser[session.user]?.isEmpty == true { sessionsOfUser[session.user] = nil }
        turn.emit(Self.removal(ofSession: key))
    }
}

extension AppServer.Partner {
    /// The token that somebody is handed, made here.
    fileprivate func current(account: String, token: Secret, at now: Instant) -> TokenGrant {
        var grant = TokenGrant(
            provider: app.provider, account: account, token: token, kind: .fixed, expires: nil, serverTime: now)
        switch settings.tokenKind {
        case .fixed: return grant
        case .dynamic:
            let made = side.dynamicToken(account: account, at: now, lifetime: settings.tokenLifetime)
            (grant.token, grant.expires) = (made.token, made.expires)
        case .callback:
            let made = side.callbackToken(account: account, at: now, lifetime: settings.tokenLifetime)
            (grant.token, grant.expires) = (made.token, made.expires)
        }
        grant.kind = settings.tokenKind
        return grant
    }
}
