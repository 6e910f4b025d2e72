import LoginCore

/// How one client speaks on the wire: the core's requests become frames and HTTP values, what comes back becomes inputs.
///
/// Live and virtual worlds use the same, so that neither can read an answer in a way of its own. Secrets are taken from
/// the vault and put into it here; machines and transcripts see stand-ins.
package struct ClientWire: Sendable {
    /// Whose accounts the app server may hand out.
    package let provider: Provider
    /// Which of the provider's apps the client is.
    package let appKey: String
    /// What the login frame calls the device.
    package let deviceID: String
    /// The provider's number for the kind of client.
    package let clientType: Int
    /// What the login frame calls the SDK's generation.
    package let generation: String
    package let vault: SecretVault
    /// Whether the app server is told whose account and token are wanted; without it says itself.
    package let namesProvider: Bool

    /// How long the app waits for its app server; ours, no source gives one.
    package static let appServerTimeout: Duration = .seconds(10)

    package init(
        provider: Provider, appKey: String, deviceID: String, clientType: Int, generation: String, vault: SecretVault,
        namesProvider: Bool = false
    ) {
        self.provider = provider
        self.appKey = appKey
        self.deviceID = deviceID
        self.clientType = clientType
        self.generation = generation
        self.vault = vault
        self.namesProvider = namesProvider
    }

    // MARK: - The link

    /// The frame of a request, or nil when the vault does not have its token.
    package func frame(_ number: Int, _ request: LinkRequest, cause: EntryID) -> [UInt8]? {
        let body: ClientFrame.Body
        switch request {
        case .login(let packet):
            guard let token = vault.secret(packet.token) else { return nil }
            body = .login(
                LinkLogin(
                    appKey: appKey, account: packet.account.text, token: token,
                    authType: packet.authentication.rawValue, automatic: packet.isAutomatic,
                    forced: packet.isForced, deviceID: deviceID, clientType: clientType,
                    details: LinkClientDetails(
                        generation: generation, loginExtension: packet.loginExtension)))
        case .sync: body = .sync
        case .ping: body = .ping
        case .echo(let text): body = .echo(text)
        case .kick(let clients): body = .kick(clients)
        case .renew(let token):
            guard let token = vault.secret(token) else { return nil }
            body = .renew(token)
        case .logout: body = .logout
        }
        return LinkCodec.encode(ClientFrame(id: number, body: body, cause: cause))
    }

    /// What a frame of the server means to the SDK, the entry that it names as its cause, and the frame that it answers.
    ///
    /// One that cannot be read is a breach of the protocol.
    package static func input(
        _ connection: ConnectionID, _ bytes: [UInt8]
    ) -> (input: LoginMachine.Event, cause: EntryID?, answered: Int?) {
        guard let frame = try? LinkCodec.decodeServer(bytes), let message = frame.message else {
            return (.connectionClosed(connection, .protocolBroken), nil, nil)
        }
        return (.received(connection, message), frame.cause, frame.answered)
    }

    // MARK: - The app server

    /// The HTTP request of a call, or nil when the vault does not have its secret.
    package func request(for call: AppServerCall, cause: EntryID) -> HTTPRequestValue? {
        let request: AppServerRequest? =
            switch call {
            case .register(let user, let password, let account):
                vault.secret(password).map { .register(user: user, password: $0, account: account) }
            case .login(let user, let password):
                vault.secret(password).map { .login(user: user, password: $0) }
            case .token(let session):
                vault.secret(session).map { .token(session: $0) }
            case .logout(let session):
                vault.secret(session).map { .logout(session: $0) }
            }
        return request?.http(operatorKey: nil, cause: cause, provider: namesProvider ? provider.id : nil)
    }

    /// What the answer to a call means to the app, and the entry that it names as its cause.
    ///
    /// `now` is when it arrived, by the client's clock.
    package func event(
        _ id: CallID, _ call: AppServerCall, _ answer: Result<HTTPResponseValue, CloseCause>, at now: Instant
    ) -> (event: AppFlow.Event, cause: EntryID?) {
        switch answer {
        case .failure(let cause):
            (.callFailed(id, .unreachable(cause)), nil)
        case .success(let response):
            (
                event(id, call, response, at: now),
                response.firstValue(of: HTTPHeader.causeName).flatMap { EntryID($0) }
            )
        }
    }

    private func event(
        _ id: CallID, _ call: AppServerCall, _ response: HTTPResponseValue, at now: Instant
    ) -> AppFlow.Event {
        switch call {
        case .register(let user, _, _):
            read(id, Registered.parse(response, for: provider)) { registered in
                .registered(id, user: user, account: AccountName(registered.account))
            }
        case .login(let user, _):
            read(id, AppServerGrant.parse(response, for: provider)) { grant in
                .granted(id, user: user, session: vault.keep(grant.session), token(grant.token), at: now)
            }
        case .token:
            read(id, TokenGrant.parse(response, for: provider)) { grant in .tokenGranted(id, token(grant), at: now) }
        case .logout:
            .sessionEnded(id)
        }
    }

    private func read<Answer>(
        _ id: CallID, _ result: Result<Answer, AppServerError>, _ event: (Answer) -> AppFlow.Event
    ) -> AppFlow.Event {
        switch result {
        case .success(let answer): event(answer)
        case .failure(let error): .callFailed(id, .refused(name: error.name, message: error.message))
        }
    }

    /// Lifetimes count from the server's own time, so that a client's wrong clock does no harm.
    private func token(_ grant: TokenGrant) -> GrantedToken {
        GrantedToken(
            account: AccountName(grant.account), token: vault.keep(grant.token), kind: grant.kind,
            lifetime: grant.expires.map { $0 - grant.serverTime })
    }
}
